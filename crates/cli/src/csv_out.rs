//! CSV for spreadsheets: one advert a row, no cell that a spreadsheet would run as a formula.

use crate::common::plain;
use crate::messages::Messages;
use sakchy::Assessment;
use sakchy_documents::Advert;
use std::io::Write;

/// Columns and the messages that head them.
const COLUMNS: [&str; 17] = [
    "score",
    "band",
    "category",
    "source",
    "outlet",
    "issue",
    "date",
    "page",
    "advert",
    "kind",
    "language",
    "concern",
    "words-found",
    "why",
    "telephones",
    "destinations",
    "ask",
];

/// Writes the header.
///
/// # Errors
/// When the output cannot be written.
pub fn header(out: &mut impl Write, messages: &Messages<'_>) -> std::io::Result<()> {
    let headings: Vec<String> = COLUMNS.iter().map(|c| messages.get(&format!("heading.{c}")).to_string()).collect();
    out.write_all("\u{feff}".as_bytes())?;
    record(out, &headings)
}

/// Writes one advert.
///
/// # Errors
/// When the output cannot be written.
pub fn row(out: &mut impl Write, source: &str, advert: &Advert, answer: &Assessment) -> std::io::Result<()> {
    let join = |parts: Vec<String>| parts.join(" | ");
    let known = |part: &Option<String>| part.clone().unwrap_or_default();
    let category = answer.category.map_or("", |c| match c {
        sakchy::Category::Trafficking => "trafficking",
        sakchy::Category::RecruitmentScam => "recruitment-scam",
    });
    let advert_text = match &advert.title {
        Some(title) => format!("{title}. {}", advert.text),
        None => advert.text.clone(),
    };
    let f = &answer.findings;
    record(
        out,
        &[
            answer.score.to_string(),
            answer.band.to_string(),
            category.to_string(),
            crate::scan::address(source, advert),
            known(&advert.publisher),
            known(&advert.issue),
            known(&advert.date),
            known(&advert.page),
            plain(&advert_text),
            answer.kind.clone(),
            answer.language.to_string(),
            join(f.iter().map(|f| format!("{} (+{})", f.title, f.points)).collect()),
            join(f.iter().flat_map(|f| &f.evidence).map(|e| plain(&e.text)).collect()),
            join(f.iter().map(|f| f.explanation.clone()).collect()),
            join(answer.facts.telephones.clone()),
            answer.facts.destinations.join(" "),
            join(f.iter().map(|f| f.ask.clone()).collect()),
        ],
    )
}

fn record(out: &mut impl Write, cells: &[String]) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(cells.iter().map(|c| harmless(c)))?;
    let bytes = writer.into_inner().map_err(|e| std::io::Error::other(e.to_string()))?;
    out.write_all(&bytes)
}

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before the signs that begin one.
fn harmless(cell: &str) -> String {
    match cell.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '|' | '%') => format!("'{cell}"),
        _ => cell.to_string(),
    }
}
