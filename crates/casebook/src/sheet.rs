//! Tables that people bring: the first sheet of an XLSX, or CSV.

use crate::error::CaseError;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// Largest table that is read, in cells.
const MOST_CELLS: usize = 20_000_000;
/// Days from 1899-12-30, where spreadsheets begin, to 1970-01-01.
const EPOCH: f64 = 25_569.0;

/// The rows of the first sheet, cells as text; dates as YYYY-MM-DD.
///
/// # Errors
/// It is no XLSX.
pub fn xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>, CaseError> {
    let bad = |e: String| {
        CaseError::input(format!("cannot be read as XLSX ({e}); save it from the spreadsheet as .xlsx again"))
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| bad(e.to_string()))?;
    let sheet = book.worksheet_range_at(0).ok_or_else(|| bad("no sheet".into()))?.map_err(|e| bad(e.to_string()))?;
    if sheet.height().saturating_mul(sheet.width()) > MOST_CELLS {
        return Err(bad("too many cells".into()));
    }
    Ok(sheet.rows().map(|row| row.iter().map(cell).collect()).collect())
}

/// The rows of a CSV; comma, semicolon or tab, whichever the first line has most of.
///
/// # Errors
/// A quote that is never closed, and the like.
pub fn csv(text: &str) -> Result<Vec<Vec<String>>, CaseError> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or("");
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|s| head.bytes().filter(|b| b == s).count());
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b','))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let row = |row: Result<::csv::StringRecord, ::csv::Error>| {
        row.map(|r| r.iter().map(|c| c.trim().to_string()).collect()).map_err(|e| CaseError::input(e.to_string()))
    };
    reader.records().map(row).collect()
}

fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(s) => s.trim().to_string(),
        Data::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        Data::Float(f) => f.to_string(),
        Data::Int(i) => i.to_string(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(d) => {
            let seconds = ((d.as_f64() - EPOCH) * 86_400.0).round() as i64;
            crate::clock::stamp(seconds).trim_end_matches("T00:00:00Z").to_string()
        }
        Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
    }
}

/// Text for a cell that no spreadsheet may take for a formula: an apostrophe goes before the signs that begin one.
pub fn harmless(cell: &str) -> String {
    match cell.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '|' | '%') => format!("'{cell}"),
        _ if cell.starts_with(['\t', '\r', '\n']) => format!("'{cell}"),
        _ => cell.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_and_formulas_disarmed() {
        assert_eq!(csv("a;b\n\"x;y\";2\n").unwrap(), [["a", "b"], ["x;y", "2"]]);
        assert_eq!(csv("\u{feff}a,b\n1,2,3\n").unwrap()[1].len(), 3);
        for bad in ["=1+1", " =cmd|' /C calc'!A0", "+996", "-5", "@sum", "\t=1", "\u{a0}=1"] {
            assert!(harmless(bad).starts_with('\''), "{bad:?}");
        }
        assert_eq!(harmless("Кафе"), "Кафе");
    }

    #[test]
    fn no_xlsx_is_said_plainly() {
        assert!(xlsx(b"no zip").unwrap_err().to_string().contains("XLSX"));
    }
}
