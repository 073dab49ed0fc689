//! What a line is by its looks: a rule, a rubric, the beginning of an item, the end of an advert.

use std::collections::HashSet;
use std::sync::OnceLock;

/// A line of dashes, stars, equals signs.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '=' | '-' | '—' | '–' | '_' | '*' | '~' | '·' | '•' | '#' | '+' | ' ' | '─' | '━'))
}

/// Words of rubrics, from `data/rubrics.toml`.
fn rubric_words() -> &'static HashSet<String> {
    static WORDS: OnceLock<HashSet<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        #[derive(serde::Deserialize)]
        struct File {
            words: HashSet<String>,
        }
        toml::from_str::<File>(include_str!("../../data/rubrics.toml")).map(|f| f.words).unwrap_or_default()
    })
}

/// Words of a line in small letters, ё as е, apostrophes alike.
fn words(line: &str) -> Vec<String> {
    let small = line.to_lowercase().replace('ё', "е").replace(['’', '‘', 'ʻ', 'ʼ', '`'], "'");
    small.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).map(str::to_string).collect()
}

/// Every word is one that rubrics are made of.
pub(super) fn says_rubric(line: &str) -> bool {
    let words = words(line);
    !words.is_empty()
        && words.len() <= 6
        && words.iter().all(|w| rubric_words().contains(w))
        && words.iter().any(|w| w.chars().count() > 3)
        && !line.trim_end().ends_with([',', ';', '-'])
}

/// A short line in capitals: the heading of a group of adverts.
pub(super) fn is_capitals(line: &str) -> bool {
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
pub(super) fn marker(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let first = trimmed.chars().next()?;
    if is_bullet(first) {
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

fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '▪'
            | '■'
            | '□'
            | '◆'
            | '◇'
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
            // as OCR reads bullets
            | '+'
            | '¢'
            | '®'
            | '©'
            | '°'
            | '¤'
            | '='
            | '‣'
    )
}

/// Does the marker number?
pub(super) fn is_numbered(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Digits of the longest run of digits, spaces, hyphens and brackets in the line.
pub(super) fn telephone_digits(line: &str) -> usize {
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

/// Does the text end with a telephone number, perhaps with a name or a remark of a few words behind it? `before` is the line
/// above, for numbers that a column broke.
pub(super) fn ends_with_telephone(before: &str, line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['.', '!', '»', '"']);
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
    let separates = |c: char| matches!(c, ' ' | '-' | '–' | '—' | '(' | ')' | '\u{a0}' | '+');
    let mut digits = 0;
    let mut whole = true;
    for c in line[..=last].chars().rev() {
        if c.is_ascii_digit() {
            digits += 1;
        } else if !separates(c) {
            whole = false;
            break;
        }
    }
    if whole && digits < 9 && tail.is_empty() {
        // the line is nothing but the end of a number
        let above = before.trim_end().chars().rev();
        digits += above.take_while(|c| c.is_ascii_digit() || separates(*c)).filter(char::is_ascii_digit).count();
    }
    (6..=14).contains(&digits)
}

/// Does the line open something new: a capital, a quote, a bullet, a number?
pub(super) fn opens(line: &str) -> bool {
    let line = line.trim_start();
    line.chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '«' | '"' | '“' | '„'))
        || marker(line).is_some()
}

/// The first word stands in capitals and the line goes on in small letters: a lead.
pub(super) fn leads_in_capitals(line: &str) -> bool {
    let line = &line[marker(line).unwrap_or(0)..];
    let first = line.split_whitespace().next().unwrap_or_default();
    let letters: Vec<char> = first.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase()) && line.chars().any(char::is_lowercase)
}
