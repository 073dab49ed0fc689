//! The work list on a terminal: adverts that need checking, worst first, with their words and why.

use crate::common::plain;
use crate::messages::Messages;
use anstyle::{AnsiColor, Style};
use sakchy::{Assessment, Finding};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Longest part of an advert that is shown, in characters.
const SHOWN: usize = 420;

/// One advert of the list.
pub struct Entry {
    /// Where it stood: file and line, outlet, issue, page.
    pub place: String,
    /// The advert.
    pub text: String,
    /// Its title.
    pub title: Option<String>,
    /// The answer.
    pub answer: Assessment,
}

/// Colours, or none where the output is no terminal.
#[derive(Clone, Copy, Default)]
pub struct Colours {
    on: bool,
}

impl Colours {
    /// With colours or without.
    pub fn new(on: bool) -> Colours {
        Colours { on }
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn band(self, band: &str, text: &str) -> String {
        let colour = match band {
            "danger" => AnsiColor::Red,
            "warning" => AnsiColor::Yellow,
            _ => AnsiColor::Cyan,
        };
        self.paint(Style::new().bold().fg_color(Some(colour.into())), text)
    }

    fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    fn dim(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    fn found(self, text: &str) -> String {
        if self.on { self.paint(Style::new().bold().underline(), text) } else { format!("[{text}]") }
    }
}

/// One entry as text. `width` is that of the terminal in columns.
pub fn entry(entry: &Entry, messages: &Messages<'_>, colours: Colours, width: usize) -> String {
    let mut out = String::new();
    let answer = &entry.answer;
    let band = messages.get(&format!("band.{}", answer.band)).to_string();
    let category = answer.category.map_or(String::new(), |c| {
        let key = if matches!(c, sakchy::Category::RecruitmentScam) { "recruitment-scam" } else { "trafficking" };
        format!(" · {}", messages.get(&format!("category.{key}")))
    });
    let head = format!("{:>3}  {band}", answer.score);
    let _ = writeln!(out, "{}{}", colours.band(answer.band, &head), colours.dim(&category));
    let _ = writeln!(out, "     {}", colours.dim(&plain(&entry.place)));
    if let Some(title) = &entry.title {
        wrap(&mut out, &marked(title, "title", answer, colours), 5, width);
    }
    wrap(&mut out, &marked(&entry.text, "text", answer, colours), 5, width);
    for f in &answer.findings {
        finding(&mut out, f, messages, colours, width);
    }
    compared(&mut out, answer, messages, colours, width);
    out
}

/// What the comparison with other adverts added, and by which words.
fn compared(out: &mut String, answer: &Assessment, messages: &Messages<'_>, colours: Colours, width: usize) {
    if answer.classifier.points == 0 {
        return;
    }
    let points = format!("+{}", answer.classifier.points);
    let _ = writeln!(out, "     {points:>4} {}", colours.bold(messages.get("classifier.name")));
    let words: Vec<String> =
        answer.classifier.terms.iter().map(|t| format!("«{}»", shortened(&plain(&t.text), 90))).collect();
    if !words.is_empty() {
        wrap(out, &format!("{}: {}", messages.get("classifier.words"), words.join(" · ")), 10, width);
    }
}

fn finding(out: &mut String, f: &Finding, messages: &Messages<'_>, colours: Colours, width: usize) {
    let points = format!("+{}", f.points);
    let _ = writeln!(out, "     {:>4} {}", points, colours.bold(&f.title));
    let words: Vec<String> = f.evidence.iter().map(|e| format!("«{}»", shortened(&plain(&e.text), 90))).collect();
    if !words.is_empty() {
        let label = if f.absent { messages.get("summary.absent") } else { messages.get("heading.words-found") };
        wrap(out, &format!("{label}: {}", words.join(" · ")), 10, width);
    }
    wrap(out, &colours.dim(&f.explanation), 10, width);
    wrap(out, &format!("{}: {}", messages.get("heading.ask"), f.ask), 10, width);
}

/// The advert with the words found marked; long adverts are cut around the first of them.
fn marked(text: &str, field: &str, answer: &Assessment, colours: Colours) -> String {
    let mut spans: Vec<(usize, usize)> = answer
        .findings
        .iter()
        .filter(|f| !f.absent)
        .flat_map(|f| &f.evidence)
        .filter(|e| {
            e.field == field && text.is_char_boundary(e.start) && text.is_char_boundary(e.end) && e.end <= text.len()
        })
        .map(|e| (e.start, e.end))
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    let mut out = String::new();
    let mut at = 0;
    for (start, end) in joined {
        out.push_str(&plain(&text[at..start]));
        out.push_str(&colours.found(&plain(&text[start..end])));
        at = end;
    }
    out.push_str(&plain(&text[at..]));
    if text.chars().count() > SHOWN * 2 { shortened(&out, SHOWN * 2) } else { out }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let mut short: String = text.chars().take(most).collect();
    // never end inside an escape sequence
    if let Some(at) = short.rfind('\u{1b}')
        && !short[at..].contains('m')
    {
        short.truncate(at);
    }
    short.push('…');
    if text.contains('\u{1b}') {
        short.push_str("\u{1b}[0m");
    }
    short
}

/// Writes text wrapped at the width, indented. Escape sequences take no room.
fn wrap(out: &mut String, text: &str, indent: usize, width: usize) {
    let room = width.saturating_sub(indent).max(24);
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let w = visible(word);
        if used > 0 && used + 1 + w > room {
            let _ = writeln!(out, "{:indent$}{line}", "");
            line.clear();
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += w;
    }
    if used > 0 {
        let _ = writeln!(out, "{:indent$}{line}", "");
    }
}

fn visible(word: &str) -> usize {
    let mut plain = String::new();
    let mut escape = false;
    for c in word.chars() {
        match (escape, c) {
            (false, '\u{1b}') => escape = true,
            (true, 'm') => escape = false,
            (false, c) => plain.push(c),
            _ => {}
        }
    }
    plain.width()
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Adverts read.
    pub read: usize,
    /// At danger.
    pub danger: usize,
    /// At warning.
    pub warning: usize,
    /// At notice.
    pub notice: usize,
    /// Offers without a finding of weight.
    pub none: usize,
    /// No offers.
    pub no_offer: usize,
}

impl Counts {
    /// Counts one answer.
    pub fn add(&mut self, answer: &Assessment) {
        self.read += 1;
        let slot = match (answer.offer, answer.band) {
            (false, _) => &mut self.no_offer,
            (_, "danger") => &mut self.danger,
            (_, "warning") => &mut self.warning,
            (_, "notice") => &mut self.notice,
            _ => &mut self.none,
        };
        *slot += 1;
    }
}

/// The lines under the list: counts, help lines, what the signs are and are not.
pub fn summary(
    counts: Counts,
    help: &[sakchy_core::answer::HelpShown],
    messages: &Messages<'_>,
    colours: Colours,
    width: usize,
) -> String {
    let mut out = String::new();
    let line = |key: &str, n: usize| messages.with(key, "n", n);
    let _ = writeln!(out, "{}", colours.bold(messages.get("summary.title")));
    for (key, n) in [
        ("summary.read", counts.read),
        ("summary.need-checking", counts.danger + counts.warning),
        ("summary.danger", counts.danger),
        ("summary.notice", counts.notice),
        ("summary.none", counts.none),
        ("summary.no-offers", counts.no_offer),
    ] {
        let _ = writeln!(out, "  {}", line(key, n));
    }
    if counts.danger + counts.warning > 0 {
        out.push_str(&self::help(help, messages, colours, width));
    }
    wrap(&mut out, &colours.dim(messages.get("note.no-accusation")), 0, width);
    wrap(&mut out, &colours.dim(messages.get("note.no-promise")), 0, width);
    out
}

/// Help lines with where and when they were printed, and whether we checked them.
pub fn help(
    lines: &[sakchy_core::answer::HelpShown],
    messages: &Messages<'_>,
    colours: Colours,
    width: usize,
) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", colours.bold(messages.get("heading.help")));
    for h in lines {
        if h.telephone.is_empty() {
            wrap(&mut out, &h.name, 2, width);
            continue;
        }
        let checked = match (&h.verified_on, &h.source_date) {
            (Some(date), _) => messages.with("help-line.checked-on", "date", date),
            (None, Some(date)) => messages.with("help-line.not-checked-since", "date", date),
            (None, None) => messages.get("help-line.not-checked").to_string(),
        };
        let note = format!(" [{checked}]");
        wrap(&mut out, &format!("{}  {}{}", colours.bold(&h.telephone), h.name, colours.dim(&note)), 2, width);
    }
    out
}
