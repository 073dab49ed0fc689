//! The work list as a spreadsheet, and the sheet that reviews come back in.

use super::Options;
use super::rows::{COLUMNS, ReportRow, state_name};
use crate::case::Case;
use crate::error::CaseError;
use crate::review::{NewReview, STATES};
use crate::sheet::{self, harmless};
use crate::texts::{LANGUAGES, Texts};
use crate::view::Filter;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};

/// Most rows of one sheet (Excel ends at 1,048,576) and most links (Excel ends at 65,530).
const ROWS: usize = 1_000_000;
const LINKS: usize = 60_000;
/// Most characters of a cell (Excel ends at 32,767).
const CELL: usize = 32_000;

impl From<XlsxError> for CaseError {
    fn from(e: XlsxError) -> CaseError {
        CaseError::input(format!("the spreadsheet cannot be written: {e}"))
    }
}

fn cell(text: &str) -> String {
    harmless(&text.chars().take(CELL).collect::<String>())
}

/// Widths of the columns in characters.
fn width(column: &str) -> f64 {
    match column {
        "text" => 80.0,
        "concern" | "words" | "ask" => 50.0,
        "title" | "outlet" | "source" | "telephones" | "permit" | "url" | "note" => 26.0,
        "advert" | "score" | "page" | "issue" | "cluster" => 9.0,
        "sha256" | "file" => 20.0,
        _ => 16.0,
    }
}

fn head(sheet: &mut Worksheet, columns: &[&str], texts: Texts) -> Result<(), CaseError> {
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0xE8_EE_F4)).set_text_wrap();
    for (n, column) in (0u16..).zip(columns) {
        sheet.set_column_width(n, width(column))?;
        sheet.write_string_with_format(0, n, texts.name("head", column), &bold)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    Ok(())
}

/// A workbook whose only time is that of the case.
fn workbook(case: &Case) -> Result<Workbook, CaseError> {
    let mut book = Workbook::new();
    let at = case.head()?.at;
    let at = ExcelDateTime::parse_from_str(at.trim_end_matches('Z')).unwrap_or_default();
    book.set_properties(&DocProperties::new().set_creation_datetime(&at));
    Ok(book)
}

fn row(sheet: &mut Worksheet, n: u32, columns: &[&str], cells: &[String]) -> Result<(), CaseError> {
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let top = Format::new().set_align(FormatAlign::Top);
    for ((c, column), text) in (0u16..).zip(columns).zip(cells) {
        match (*column, text.parse::<u32>()) {
            ("advert" | "score" | "cluster", Ok(number)) => sheet.write_number_with_format(n, c, number, &top)?,
            ("text" | "concern" | "ask", _) => sheet.write_string_with_format(n, c, cell(text), &wrap)?,
            _ => sheet.write_string_with_format(n, c, cell(text), &top)?,
        };
    }
    Ok(())
}

/// The adverts, totals and what the table is, as XLSX.
///
/// # Errors
/// The casebook cannot be read.
pub fn list(case: &Case, filter: &Filter, options: &Options<'_>) -> Result<Vec<u8>, CaseError> {
    let texts = options.texts();
    let mut book = workbook(case)?;
    let files = case.files().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut n, mut links, mut part) = (0usize, 0usize, 1);
    let mut sheet = book.new_worksheet_with_constant_memory();
    sheet.set_name(texts.get("sheet.list"))?;
    head(&mut sheet, &COLUMNS, texts)?;
    case.report_rows(filter, options, &mut |found: ReportRow| {
        if n == ROWS {
            sheet.autofilter(0, 0, n as u32, COLUMNS.len() as u16 - 1)?;
            part += 1;
            let mut next = book.new_worksheet_with_constant_memory();
            next.set_name(format!("{} {part}", texts.get("sheet.list")))?;
            head(&mut next, &COLUMNS, texts)?;
            book.push_worksheet(std::mem::replace(&mut sheet, next));
            (n, links) = (0, 0);
        }
        n += 1;
        let cells = found.cells(options);
        row(&mut sheet, n as u32, &COLUMNS, &cells)?;
        // the evidence: the page's address, or the kept file beside the casebook
        let column = |name: &str| COLUMNS.iter().position(|c| *c == name).unwrap_or(0);
        let address = found.advert.url.as_deref().filter(|u| u.starts_with("http://") || u.starts_with("https://"));
        // an address that holds a masked telephone is no link
        let whole = |a: &&str| options.telephones || cells[column("url")] == **a;
        if let Some(address) = address.filter(|a| a.len() < 2000).filter(whole)
            && links < LINKS
        {
            sheet.write_url(n as u32, column("url") as u16, Url::new(address))?;
            links += 1;
        }
        if links < LINKS && found.source.kept == "copied" {
            let link = Url::new(format!("file:///{files}/{}", found.source.place)).set_text(&found.source.place);
            sheet.write_url(n as u32, column("file") as u16, link)?;
            links += 1;
        }
        Ok(true)
    })?;
    sheet.autofilter(0, 0, (n as u32).max(1), COLUMNS.len() as u16 - 1)?;
    book.push_worksheet(sheet);
    totals(case, &mut book, texts)?;
    patterns(case, &mut book, options)?;
    about(case, &mut book, texts, &[])?;
    Ok(book.save_to_buffer()?)
}

fn totals(case: &Case, book: &mut Workbook, texts: Texts) -> Result<(), CaseError> {
    let sheet = book.add_worksheet();
    sheet.set_name(texts.get("sheet.totals"))?;
    head(sheet, &["dimension", "value", "all", "flagged", "share", "none", "notice", "warning", "danger"], texts)?;
    for (n, band) in (5u16..).zip(crate::BANDS) {
        let bold = Format::new().set_bold().set_background_color(Color::RGB(0xE8_EE_F4)).set_text_wrap();
        sheet.write_string_with_format(0, n, texts.name("band", band), &bold)?;
    }
    let percent = Format::new().set_num_format("0.0%");
    let mut n = 0u32;
    for dimension in ["outlet", "issue", "month", "language", "indicator", "kind"] {
        for (value, bands) in case.totals(dimension)? {
            n += 1;
            let all: u64 = bands.iter().sum();
            let value = match dimension {
                "language" | "kind" => texts.name(dimension, &value),
                _ if value.trim().is_empty() => texts.get("report.unknown").to_string(),
                _ => value.replace('\n', " № "),
            };
            let name = match dimension {
                "indicator" => texts.get("head.concern"),
                "month" => texts.get("report.by-month"),
                _ => &texts.name("head", dimension),
            };
            sheet.write_string(n, 0, cell(name))?;
            sheet.write_string(n, 1, cell(&value))?;
            sheet.write_number(n, 2, all as f64)?;
            sheet.write_number(n, 3, (bands[2] + bands[3]) as f64)?;
            sheet.write_number_with_format(n, 4, (bands[2] + bands[3]) as f64 / all.max(1) as f64, &percent)?;
            for (c, count) in (5u16..).zip(bands) {
                sheet.write_number(n, c, count as f64)?;
            }
        }
    }
    sheet.autofilter(0, 0, n.max(1), 8)?;
    Ok(())
}

fn patterns(case: &Case, book: &mut Workbook, options: &Options<'_>) -> Result<(), CaseError> {
    let (texts, mask) = (options.texts(), options.mask());
    let sheet = book.add_worksheet();
    sheet.set_name(texts.get("sheet.patterns"))?;
    head(sheet, &["telephones", "all", "text", "concern", "words", "title"], texts)?;
    for (n, column) in [(2u16, "trades"), (3, "places"), (4, "names"), (5, "list")] {
        sheet.write_string(0, n, texts.name("report", column))?;
    }
    for (n, pattern) in (1u32..).zip(case.patterns(10_000)?) {
        let adverts: Vec<String> = case.pattern_adverts(&pattern, 50)?.iter().map(i64::to_string).collect();
        let subject = if pattern.kind == "template" {
            format!("{} {}", texts.get("head.cluster"), pattern.subject)
        } else {
            mask.text(&pattern.subject)
        };
        sheet.write_string(n, 0, cell(&subject))?;
        sheet.write_number(n, 1, pattern.adverts as f64)?;
        sheet.write_string(n, 2, cell(&pattern.trades.join(", ")))?;
        sheet.write_string(n, 3, cell(&pattern.places.join(", ")))?;
        sheet.write_string(n, 4, cell(&pattern.names.join(", ")))?;
        sheet.write_string(n, 5, cell(&adverts.join(", ")))?;
    }
    Ok(())
}

fn about(case: &Case, book: &mut Workbook, texts: Texts, more: &[String]) -> Result<(), CaseError> {
    let head = case.head()?;
    let name = case.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sheet = book.add_worksheet();
    sheet.set_name(texts.get("sheet.about"))?;
    sheet.set_column_width(0, 120)?;
    let mut lines = vec![
        texts.get("report.lead").to_string(),
        texts.get("report.none-note").to_string(),
        texts.with("report.made", &[("at", &head.at)]),
        texts.with("report.head", &[("hash", &head.hex())]),
        texts.with("report.head-how", &[("name", &name), ("short", &head.hex()[..16])]),
    ];
    lines.extend(more.iter().cloned());
    for (n, line) in (0u32..).zip(&lines) {
        sheet.write_string(n, 0, cell(line))?;
    }
    Ok(())
}

/// Columns of the sheet that staff fill in.
const SHEET: [&str; 13] = [
    "advert",
    "score",
    "outlet",
    "issue",
    "page",
    "date",
    "text",
    "concern",
    "state",
    "new-state",
    "who",
    "at",
    "note",
];

/// The sheet for reviews, as XLSX: adverts of a filter, columns to fill in, a list of states to choose from.
///
/// # Errors
/// The casebook cannot be read.
pub fn review_sheet(case: &Case, filter: &Filter, options: &Options<'_>) -> Result<Vec<u8>, CaseError> {
    let texts = options.texts();
    let mut book = workbook(case)?;
    let sheet = book.add_worksheet();
    sheet.set_name(texts.get("sheet.list"))?;
    head(sheet, &SHEET, texts)?;
    let mut n = 0u32;
    case.report_rows(filter, options, &mut |found| {
        n += 1;
        let cells = found.cells(options);
        let known = COLUMNS.iter().zip(cells).collect::<std::collections::BTreeMap<_, _>>();
        let own: Vec<String> = SHEET.iter().map(|c| known.get(c).cloned().unwrap_or_default()).collect();
        row(sheet, n, &SHEET, &own)?;
        Ok((n as usize) < ROWS)
    })?;
    let states: Vec<String> = STATES.iter().map(|s| texts.name("state", s)).collect();
    let choice = DataValidation::new()
        .allow_list_strings(&states)?
        .set_error_title(texts.get("head.new-state"))?
        .set_error_message(texts.get("sheet.bad-state"))?;
    sheet.add_data_validation(1, 9, n.max(1), 9, &choice)?;
    sheet.autofilter(0, 0, n.max(1), SHEET.len() as u16 - 1)?;
    about(case, &mut book, texts, &[texts.get("sheet.how").to_string()])?;
    Ok(book.save_to_buffer()?)
}

/// Reads a filled-in sheet: rows with a new state. Headings and states of every language are understood.
///
/// # Errors
/// It is no XLSX or not this sheet; a state that is none; a row without a number or a name: each with its row.
pub fn read_reviews(bytes: &[u8]) -> Result<Vec<NewReview>, CaseError> {
    let rows = sheet::xlsx(bytes)?;
    let head = rows.first().ok_or_else(|| CaseError::input("is empty"))?;
    let headings = |column: &str| LANGUAGES.map(|l| Texts::of(l).name("head", column));
    let at = |column: &str| {
        let names = headings(column);
        head.iter().position(|h| names.contains(h)).ok_or_else(|| {
            CaseError::input(format!("has no column `{}`; take a sheet made by `case review export`", names[1]))
        })
    };
    let (advert, state, who, when, note) = (at("advert")?, at("new-state")?, at("who")?, at("at")?, at("note")?);
    let mut reviews = Vec::new();
    for (n, row) in rows.iter().enumerate().skip(1) {
        let text = |c: usize| row.get(c).map_or("", |t| t.trim()).to_string();
        let wanted = text(state);
        if wanted.is_empty() {
            continue;
        }
        let bad = |problem: String| CaseError::input(format!("row {}: {problem}", n + 1));
        let named = |s: &&&str| **s == wanted || LANGUAGES.iter().any(|l| Texts::of(l).name("state", s) == wanted);
        let state = STATES
            .iter()
            .find(named)
            .ok_or_else(|| bad(format!("`{wanted}` is no state; choose one of the list ({})", STATES.join(", "))))?;
        let advert = text(advert).parse().map_err(|_| bad(format!("`{}` is no number of an advert", text(advert))))?;
        if text(who).is_empty() {
            return Err(bad(format!("advert {advert}: who checked it is missing")));
        }
        reviews.push(NewReview { advert, state: (*state).into(), who: text(who), at: text(when), note: text(note) });
    }
    Ok(reviews)
}

/// Name of a state in a language, as the sheet shows it.
pub fn state_text(state: i64, lang: &str) -> String {
    Texts::of(lang).name("state", state_name(state))
}
