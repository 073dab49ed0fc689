//! XLSX, cell by cell: every sheet whose first rows head a column of text.

use crate::advert::Trouble;
use crate::source::Emit;
use crate::{Columns, Limits, headings};
use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use std::io::{Read, Seek};

/// Rows among which the headings are looked for.
const HEADING_ROWS: usize = 20;
/// Most columns of a row that are looked at.
const WIDEST: usize = 2000;

/// Reads all sheets. False when nobody wants more.
pub(crate) fn adverts<R: Read + Seek>(input: R, columns: &Columns, limits: &Limits, emit: &mut Emit<'_>) -> bool {
    match sheets(input, columns, limits, emit) {
        Ok(more) => more,
        Err(problem) => emit(Err(Trouble::whole(problem))),
    }
}

fn sheets<R: Read + Seek>(
    mut input: R,
    columns: &Columns,
    limits: &Limits,
    emit: &mut Emit<'_>,
) -> Result<bool, String> {
    crate::read_zip::measure(&mut input, limits)?;
    let mut book = Xlsx::new(input).map_err(|e| said(&e))?;
    let mut without = Vec::new();
    let names = book.sheet_names();
    for name in &names {
        match sheet(&mut book, name, columns, names.len() > 1, emit)? {
            Told::Adverts(true) => {}
            Told::Adverts(false) => return Ok(false),
            Told::NoText(problem) => without.push(problem),
        }
    }
    match without.into_iter().next() {
        // some sheets hold remarks: only a book without any text is a trouble
        Some(problem) if names.len() == 1 => Err(problem),
        Some(problem) => Ok(emit(Err(Trouble::whole(problem)))),
        None => Ok(true),
    }
}

enum Told {
    Adverts(bool),
    NoText(String),
}

/// A row of cells; `None` where a cell is empty.
type Row = Vec<Option<String>>;

fn sheet<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    columns: &Columns,
    several: bool,
    emit: &mut Emit<'_>,
) -> Result<Told, String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| said(&e))?;
    let mut found: Option<headings::Found> = None;
    let mut problem = None;
    let mut rows = 0;
    let mut row: (u32, Row) = (0, Row::new());
    loop {
        let cell = cells.next_cell().map_err(|e| format!("sheet `{name}`: {}", said(&e)))?;
        let next = cell.as_ref().map(|c| c.get_position());
        if next.is_none_or(|(line, _)| line != row.0) && !row.1.is_empty() {
            let place = row.0 as usize + 1;
            let full = std::mem::take(&mut row.1);
            rows += 1;
            match &found {
                None => {
                    let names: Vec<String> = full.into_iter().map(Option::unwrap_or_default).collect();
                    match headings::find(&names, columns) {
                        Ok(columns) => found = Some(columns),
                        Err(e) => problem = problem.or(Some(e)),
                    }
                    if found.is_none() && rows >= HEADING_ROWS {
                        break;
                    }
                }
                Some(found) => {
                    let part = |at: &Option<usize>| at.and_then(|at| full.get(at).cloned().flatten());
                    if let Some(advert) = headings::advert(found.each_ref().map(part), place) {
                        let sheet = several.then(|| name.to_string());
                        if !emit(Ok(crate::Advert { inside: sheet, ..advert })) {
                            return Ok(Told::Adverts(false));
                        }
                    }
                }
            }
        }
        let (Some(cell), Some((line, column))) = (cell, next) else { break };
        row.0 = line;
        if (column as usize) < WIDEST
            && let Some(text) = text(cell.get_value())
        {
            row.1.resize((column as usize + 1).max(row.1.len()), None);
            row.1[column as usize] = Some(text);
        }
    }
    Ok(match (found, problem) {
        (Some(_), _) | (None, None) => Told::Adverts(true),
        (None, Some(problem)) => Told::NoText(format!("sheet `{name}` {problem}")),
    })
}

fn text(value: &DataRef<'_>) -> Option<String> {
    let text = match Data::from(value.clone()) {
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Empty | Data::Error(_) => return None,
        other => other.to_string(),
    };
    Some(text).filter(|t| !t.trim().is_empty())
}

fn said(e: &XlsxError) -> String {
    match e {
        XlsxError::Password => "is protected by a password; save it without one".into(),
        _ => format!("is no XLSX that can be read: {e}"),
    }
}
