//! Cuts a page of text into adverts, by its structure: empty lines, rubrics, bullets, numbers, telephone endings.

/// One advert of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Its text; line breaks and hyphenation of narrow columns undone.
    pub text: String,
    /// The rubric above it.
    pub rubric: Option<String>,
    /// Its first line on the page, from 0.
    pub line: usize,
}

/// Fewest telephone endings or rubrics that make a text a page of adverts instead of one advert.
const PAGE_SIGNS: usize = 3;
/// A line at least this full, in percent of the widest, was broken by the column and not by its author.
const FULL_LINE: usize = 70;
/// Columns narrower than this are not taken for set type.
const NARROWEST: usize = 28;

/// Cuts the lines of a page. `rubric` is the one in force at the start, and at the end the one that the next page
/// goes on with.
pub fn cut(lines: &[String], rubric: &mut Option<String>) -> Vec<Piece> {
    let blocks = blocks(lines);
    if !is_page(lines, &blocks) {
        return one_advert(lines);
    }
    let mut pieces = Vec::new();
    for (n, block) in blocks.iter().enumerate() {
        let mut block = block.clone();
        if is_masthead(&lines[block.clone()], n == 0) {
            continue;
        }
        // a rubric stands alone, or leads the block that it belongs to
        while !block.is_empty() && is_rubric(&lines[block.start]) {
            *rubric = Some(lines[block.start].trim().trim_end_matches(':').to_string());
            block.start += 1;
        }
        for item in items(lines, block) {
            let text = unwrap(&lines[item.clone()]);
            if text.chars().any(char::is_alphanumeric) {
                pieces.push(Piece { text, rubric: rubric.clone(), line: item.start });
            }
        }
    }
    pieces
}

fn one_advert(lines: &[String]) -> Vec<Piece> {
    let Some(first) = lines.iter().position(|l| !l.trim().is_empty()) else {
        return Vec::new();
    };
    let last = lines.iter().rposition(|l| !l.trim().is_empty()).unwrap_or(first);
    vec![Piece { text: unwrap(&lines[first..=last]), rubric: None, line: first }]
}

/// Ranges of lines between empty lines and rules.
fn blocks(lines: &[String]) -> Vec<std::ops::Range<usize>> {
    let mut blocks = Vec::new();
    let mut start = None;
    for (n, line) in lines.iter().enumerate() {
        if line.trim().is_empty() || is_rule(line) {
            if let Some(s) = start.take() {
                blocks.push(s..n);
            }
        } else {
            start.get_or_insert(n);
        }
    }
    blocks.extend(start.map(|s| s..lines.len()));
    blocks
}

/// A line of dashes, stars, equals signs.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '=' | '-' | '—' | '–' | '_' | '*' | '~' | '·' | '•' | '#' | '+' | ' ' | '─' | '━'))
}

fn is_page(lines: &[String], blocks: &[std::ops::Range<usize>]) -> bool {
    let ended = lines.iter().filter(|l| ends_with_telephone(l)).count();
    let rubrics = blocks.iter().filter(|b| is_rubric(&lines[b.start])).count();
    let numbered = lines.iter().filter(|l| marker(l).is_some()).count();
    let parts = blocks.len().max(numbered);
    parts >= 2
        && (ended >= PAGE_SIGNS || rubrics >= 2 || (rubrics >= 1 && ended >= 1) || ended >= 2 && ended * 2 >= parts)
        || ended > PAGE_SIGNS
}

/// The name of the paper, number and date at the top: no telephone, few words, wide gaps.
fn is_masthead(block: &[String], first: bool) -> bool {
    let text = block.join(" ");
    let digits_run = telephone_digits(&text) >= 9;
    first && !digits_run && (text.contains("   ") || text.starts_with("  ")) && !is_rubric(&block[0])
        || first && block.len() <= 2 && text.contains('№') && !digits_run
}

/// A short line in capitals: the heading of a group of adverts.
fn is_rubric(line: &str) -> bool {
    let line = line.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let words = line.split_whitespace().count();
    letters >= 3
        && words <= 5
        && line.chars().count() <= 48
        && !line.chars().any(|c| c.is_ascii_digit() || c.is_lowercase())
        && !line.contains(['!', '?'])
}

/// Length in bytes of a bullet or a number with the space behind it.
fn marker(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let first = trimmed.chars().next()?;
    if matches!(
        first,
        '•' | '●'
            | '▪'
            | '■'
            | '◆'
            | '*'
            | '·'
            | '►'
            | '▶'
            | '✔'
            | '✅'
            | '➤'
            | '○'
            | '–'
            | '—'
            | '-'
            | '☎'
            | '№'
    ) {
        let rest = trimmed[first.len_utf8()..].trim_start();
        let spaced = trimmed[first.len_utf8()..].starts_with([' ', '\t', '\u{a0}']);
        let opens = rest.starts_with(['«', '"']) || rest.chars().next().is_some_and(char::is_alphanumeric);
        return (spaced && opens).then(|| indent + trimmed.len() - rest.len());
    }
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && trimmed[digits..].starts_with(['.', ')']) {
        let rest = &trimmed[digits + 1..];
        let body = rest.trim_start();
        let starts =
            body.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase() || matches!(c, '«' | '"'));
        return (rest.starts_with([' ', '\t', '\u{a0}']) && starts).then(|| indent + trimmed.len() - body.len());
    }
    None
}

/// Digits of the last run of digits, spaces, hyphens and brackets in the line.
fn telephone_digits(line: &str) -> usize {
    let mut best = 0;
    let mut run = 0;
    for c in line.chars() {
        if c.is_ascii_digit() {
            run += 1;
            best = best.max(run);
        } else if !matches!(c, ' ' | '-' | '–' | '(' | ')' | '+' | '\u{a0}') {
            run = 0;
        }
    }
    best
}

/// Does the line end with a telephone number, perhaps with a name or a remark of a few words behind it?
fn ends_with_telephone(line: &str) -> bool {
    let line = line.trim_end();
    if line.ends_with([',', ';', '-', ':']) {
        return false;
    }
    let Some(last) = line.rfind(|c: char| c.is_ascii_digit()) else {
        return false;
    };
    let tail = &line[last + 1..];
    if tail.split_whitespace().count() > 4 || tail.chars().count() > 32 {
        return false;
    }
    // the digits right before the tail, the separators of a number between them
    let mut digits = 0;
    for c in line[..=last].chars().rev() {
        if c.is_ascii_digit() {
            digits += 1;
        } else if !matches!(c, ' ' | '-' | '–' | '(' | ')' | '\u{a0}') {
            break;
        }
    }
    (6..=14).contains(&digits)
}

/// The adverts of one block: at its bullets and numbers where it has them, else behind telephone endings.
fn items(lines: &[String], block: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    if block.is_empty() {
        return Vec::new();
    }
    let marked: Vec<usize> = block.clone().filter(|&n| marker(&lines[n]).is_some()).collect();
    let telephones = block.clone().filter(|&n| ends_with_telephone(&lines[n])).count();
    // bullets inside one advert ("— жильё — питание") share one telephone; adverts have one each
    let by_marks = marked.first() == Some(&block.start)
        && (marked.len() == 1
            || telephones * 2 >= marked.len()
            || telephones == 0 && marked.len() > 1 && numbered(lines, &marked));
    let mut cuts = vec![block.start];
    if by_marks {
        cuts.extend(marked.iter().skip(1));
    } else {
        for n in block.start..block.end - 1 {
            let next = lines[n + 1].trim_start();
            let opens = next.chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '«' | '"'))
                || marker(next).is_some();
            if ends_with_telephone(&lines[n]) && opens {
                cuts.push(n + 1);
            }
        }
    }
    cuts.push(block.end);
    cuts.windows(2).map(|w| w[0]..w[1]).filter(|r| !r.is_empty()).collect()
}

fn numbered(lines: &[String], marked: &[usize]) -> bool {
    marked.iter().all(|&n| lines[n].trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// Joins lines that a column broke: a hyphen before a small letter goes, other full lines are joined by a space, short
/// ones keep their break.
fn unwrap(lines: &[String]) -> String {
    let width = |line: &str| line.trim_end().chars().count();
    let widest = lines.iter().map(|l| width(l)).max().unwrap_or(0);
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let mut body = line.trim();
        if n == 0 {
            body = line[marker(line).unwrap_or(0)..].trim();
            out.push_str(body);
            continue;
        }
        let before = &lines[n - 1];
        let broken = widest >= NARROWEST && width(before) * 100 >= widest * FULL_LINE && !before.trim().is_empty();
        let small = body.chars().next().is_some_and(char::is_lowercase);
        let hyphen = out.ends_with(['-', '‐', '\u{ad}']) && out.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        if broken && hyphen && small {
            out.pop();
        } else if broken && hyphen && body.chars().next().is_some_and(|c| c.is_ascii_digit())
            || broken && out.ends_with(['–', '—'])
        {
            // a range or a number broken at its dash
        } else if broken && marker(line).is_none() {
            out.push(' ');
        } else {
            out.push('\n');
        }
        out.push_str(body);
    }
    out
}
