//! Cuts a page into adverts, by its structure. Which signs part the adverts of a page - gaps, rules, bullets, numbers, leads -
//! the page tells itself: those that follow the telephones at the ends of adverts.

mod joined;
mod signs;

use signs::{
    ends_with_telephone, is_capitals, is_numbered, is_rule, leads_in_capitals, marker, opens, telephone_digits,
};
use std::ops::Range;

/// One advert of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Its text; line breaks and hyphenation of narrow columns undone.
    pub text: String,
    /// The rubric above it.
    pub rubric: Option<String>,
    /// Its first line on the page, from 0.
    pub line: usize,
    /// Its lines among those given to [`cut_lines`].
    pub lines: Range<usize>,
}

/// A line of a page and how it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its text, never blank.
    pub text: String,
    /// Its number, from 0.
    pub number: usize,
    /// More than the usual space, or a rule, is above it.
    pub gap: bool,
    /// It begins a paragraph by its indent, or its first words stand out.
    pub lead: bool,
    /// The first line of a column.
    pub column: bool,
    /// Larger than the text around it, or centred alone.
    pub heading: bool,
}

/// Fewest telephone endings or rubrics that make a text a page of adverts instead of one advert.
const PAGE_SIGNS: usize = 3;
/// A sign parts adverts when telephones stand before at least this share of it, in percent.
const BEHIND_TELEPHONES: usize = 45;
/// A sign explains the telephones when it follows at least this share of them, in percent.
const EXPLAINS: usize = 80;

/// Cuts the lines of a page. `rubric` is the one in force at the start, and at the end the one that the next page
/// goes on with.
pub fn cut(lines: &[String], rubric: &mut Option<String>) -> Vec<Piece> {
    let mut gap = false;
    let mut out = Vec::new();
    for (number, text) in lines.iter().enumerate() {
        if text.trim().is_empty() || is_rule(text) {
            gap = true;
        } else {
            let gap = std::mem::take(&mut gap);
            out.push(Line { text: text.clone(), number, gap, ..Line::default() });
        }
    }
    cut_lines(&out, rubric, false)
}

/// Cuts lines that know how they stand on their page. `set` says that they come from a layout, where every line is broken by its
/// column.
pub fn cut_lines(lines: &[Line], rubric: &mut Option<String>, set: bool) -> Vec<Piece> {
    let page = Page::look(lines, set);
    if !page.is_page() {
        return one_advert(lines, set);
    }
    let mut pieces = Vec::new();
    for block in page.blocks() {
        if page.is_masthead(&block) {
            continue;
        }
        let mut at = block.start;
        while at < block.end && page.rubric[at] {
            let name = lines[at].text.trim().trim_end_matches(':').to_string();
            *rubric = Some(name);
            at += 1;
        }
        for item in page.items(at..block.end) {
            let text = joined::unwrap(&lines[item.clone()], set);
            if text.chars().any(char::is_alphanumeric) {
                pieces.push(Piece { text, rubric: rubric.clone(), line: lines[item.start].number, lines: item });
            }
        }
    }
    pieces
}

fn one_advert(lines: &[Line], set: bool) -> Vec<Piece> {
    let Some(first) = lines.first() else { return Vec::new() };
    let text = joined::unwrap(lines, set);
    vec![Piece { text, rubric: None, line: first.number, lines: 0..lines.len() }]
}

/// Signs that may part adverts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Gap,
    Lead,
    Marker,
    Capitals,
}

const SIGNS: [Sign; 4] = [Sign::Gap, Sign::Lead, Sign::Marker, Sign::Capitals];

/// A page and what its lines are.
struct Page<'l> {
    lines: &'l [Line],
    /// Its lines come from a layout.
    set: bool,
    rubric: Vec<bool>,
    /// A telephone ends the text with this line.
    ended: Vec<bool>,
    /// A bullet or number that may begin an advert: numbers count on, what stands behind a dash is no small letter.
    marked: Vec<bool>,
    /// Signs that part adverts here.
    parting: Vec<Sign>,
    /// The parting signs stand behind nearly all telephones, so a telephone alone parts nothing.
    explained: bool,
}

impl<'l> Page<'l> {
    fn look(lines: &'l [Line], set: bool) -> Page<'l> {
        let text = |n: usize| lines[n].text.as_str();
        let rubric: Vec<bool> = (0..lines.len()).map(|n| is_rubric(lines, n, set)).collect();
        let ended: Vec<bool> =
            (0..lines.len()).map(|n| ends_with_telephone(if n > 0 { text(n - 1) } else { "" }, text(n))).collect();
        let marked = marked(lines);
        let mut page = Page { lines, set, rubric, ended, marked, parting: Vec::new(), explained: false };
        page.parting = SIGNS.into_iter().filter(|s| page.parts(*s)).collect();
        let ends: Vec<usize> =
            (1..lines.len()).filter(|&n| page.ended[n - 1] && !page.rubric[n] && !lines[n].column).collect();
        let explained = ends.iter().filter(|&&n| page.parting.iter().any(|s| page.has(n, *s))).count();
        page.explained = explained > 0 && explained * 100 >= ends.len() * EXPLAINS;
        page
    }

    fn has(&self, n: usize, sign: Sign) -> bool {
        let line = &self.lines[n];
        match sign {
            Sign::Gap => line.gap,
            Sign::Lead => line.lead,
            Sign::Marker => self.marked[n],
            Sign::Capitals => leads_in_capitals(&line.text),
        }
    }

    /// Does the sign part adverts on this page? It does when it mostly follows telephones.
    fn parts(&self, sign: Sign) -> bool {
        // behind a rubric and at the top of a column a sign tells nothing
        let places: Vec<usize> = (1..self.lines.len())
            .filter(|&n| self.has(n, sign) && !self.rubric[n - 1] && !self.rubric[n] && !self.lines[n].column)
            .collect();
        let behind = places.iter().filter(|&&n| self.ended[n - 1]).count();
        behind >= 2 && behind * 100 >= places.len() * BEHIND_TELEPHONES
    }

    fn is_page(&self) -> bool {
        let ended = self.ended.iter().filter(|e| **e).count();
        let rubrics = (0..self.lines.len()).filter(|&n| self.rubric[n] && (n == 0 || !self.rubric[n - 1])).count();
        let numbered = self.marked.iter().filter(|m| **m).count();
        let blocks = self.lines.iter().skip(1).filter(|l| l.gap).count() + 1;
        let parts = blocks.max(numbered);
        parts >= 2
            && (ended >= PAGE_SIGNS || rubrics >= 2 || (rubrics >= 1 && ended >= 1) || ended >= 2 && ended * 2 >= parts)
            || ended > PAGE_SIGNS
    }

    /// Ranges between rubrics; where no telephone tells otherwise, between gaps too.
    fn blocks(&self) -> Vec<Range<usize>> {
        let mut starts: Vec<usize> = vec![0];
        // with few telephones a gap is all there is
        let telephones = self.ended.iter().filter(|e| **e).count() >= PAGE_SIGNS;
        let by_gaps = !telephones || self.parting.contains(&Sign::Gap);
        let first = (1..self.lines.len()).find(|&n| self.lines[n].gap || self.rubric[n]);
        for n in 1..self.lines.len() {
            let rubric = self.rubric[n] && !self.rubric[n - 1];
            let gap = self.lines[n].gap && !self.rubric[n - 1] && (by_gaps || Some(n) == first) && !self.goes_on(n);
            if rubric || gap {
                starts.push(n);
            }
        }
        starts.push(self.lines.len());
        starts.windows(2).map(|w| w[0]..w[1]).filter(|r| !r.is_empty()).collect()
    }

    /// The name of the paper, number and date at the top: no telephone, few words, wide gaps.
    fn is_masthead(&self, block: &Range<usize>) -> bool {
        let lines = &self.lines[block.clone()];
        let text: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        let text = text.join(" ");
        if block.start != 0 || telephone_digits(&text) >= 9 {
            return false;
        }
        let wide = (text.contains("   ") || text.starts_with("  ")) && !self.rubric[0];
        wide || lines.len() <= 3 && (text.contains('№') || !self.rubric[0] && lines.iter().any(|l| l.heading))
    }

    /// The adverts of one block.
    fn items(&self, block: Range<usize>) -> Vec<Range<usize>> {
        if block.is_empty() {
            return Vec::new();
        }
        let marked: Vec<usize> = block.clone().filter(|&n| self.marked[n]).collect();
        let telephones = block.clone().filter(|&n| self.ended[n]).count();
        // bullets inside one advert share one telephone; adverts have one each
        let by_marks = marked.first() == Some(&block.start)
            && (marked.len() == 1
                || telephones * 2 >= marked.len()
                || telephones == 0 && marked.len() > 1 && marked.iter().all(|&n| is_numbered(&self.lines[n].text)));
        let mut cuts = vec![block.start];
        for n in block.start + 1..block.end {
            let cut = if by_marks && marked.len() > 1 {
                marked.contains(&n) || self.ended[n - 1] && self.begins(n)
            } else {
                self.begins(n)
            };
            if cut {
                cuts.push(n);
            }
        }
        cuts.push(block.end);
        cuts.windows(2).map(|w| w[0]..w[1]).filter(|r| !r.is_empty()).collect()
    }

    /// A word broken at the end of the line above; on a set page small letters and a comma too.
    fn goes_on(&self, n: usize) -> bool {
        let (text, before) = (self.lines[n].text.trim_start(), self.lines[n - 1].text.trim_end());
        let small = text.starts_with(char::is_lowercase);
        let broken = before.ends_with(['-', '‐', '\u{ad}']) && small;
        broken || self.set && (small || before.ends_with(','))
    }

    /// Does an advert begin with this line, inside a block?
    fn begins(&self, n: usize) -> bool {
        let (line, before) = (&self.lines[n], &self.lines[n - 1].text);
        if before.trim_end().ends_with(['-', '‐', ',', '\u{ad}'])
            || line.text.trim_start().starts_with(char::is_lowercase)
        {
            return false;
        }
        if self.parting.iter().any(|s| self.has(n, *s)) && (opens(&line.text) || line.gap) {
            return true;
        }
        self.ended[n - 1] && opens(&line.text) && (!self.explained || line.column)
    }
}

/// Which lines begin with a bullet or number that may begin an advert.
fn marked(lines: &[Line]) -> Vec<bool> {
    let mut last = None;
    lines
        .iter()
        .map(|line| {
            let Some(at) = marker(&line.text) else { return false };
            if !is_numbered(&line.text) {
                return !line.text[at..].starts_with(char::is_lowercase);
            }
            let digits: String = line.text.trim_start().chars().take_while(char::is_ascii_digit).collect();
            let number = digits.parse::<u32>().unwrap_or(0);
            let counts = number == 1 || last.is_none_or(|l: u32| (l + 1..=l + 3).contains(&number));
            if counts {
                last = Some(number);
            }
            counts
        })
        .collect()
}

/// A rubric stands alone in capitals, or is a heading, or says a rubric's words.
fn is_rubric(lines: &[Line], n: usize, set: bool) -> bool {
    let line = &lines[n];
    let apart = n == 0 || line.gap || line.column || line.heading || ends_with_telephone("", &lines[n - 1].text);
    let follows = n > 0 && (is_capitals(&lines[n - 1].text) || signs::says_rubric(&lines[n - 1].text));
    if !apart && !follows || telephone_digits(&line.text) >= 5 {
        return false;
    }
    let says =
        signs::says_rubric(&line.text) && (line.heading || lines.get(n + 1).is_none_or(|l| l.gap || opens(&l.text)));
    let heading = line.heading
        && lines.get(n + 1).is_none_or(|l| opens(&l.text))
        && !line.text.trim_end().ends_with(['-', ','])
        && n > 0
        && line.text.split_whitespace().count() <= 5
        && !line.text.contains(['.', '!', '№']);
    is_capitals(&line.text) || set && heading || says
}
