//! A user's list of permits, from CSV.

use sakchy::{Permit, Registry, Screener};
use std::path::Path;

/// Headings of the columns that are used: name, permit number, expiry, status.
const HEADINGS: [(&str, &[&str]); 4] = [
    ("name", &["name", "firm", "agency", "наименование", "название", "фирма", "агентство", "аталышы", "nomi"]),
    (
        "number",
        &[
            "permit number",
            "permit",
            "number",
            "licence",
            "license",
            "номер",
            "номер разрешения",
            "разрешение",
            "лицензия",
            "уруксат",
            "ruxsatnoma",
        ],
    ),
    ("expires", &["expires", "valid until", "до", "действует до", "срок", "срок действия", "мөөнөтү", "muddati"]),
    ("status", &["status", "статус", "состояние", "абалы", "holati"]),
];
/// Words of the status column that mean "in force".
const IN_FORCE: [&str; 7] = ["", "valid", "active", "действует", "действующая", "колдонууда", "amalda"];

/// Reads the list.
///
/// # Errors
/// A message with the line and what to mend.
pub fn load(screener: &Screener, path: &Path, as_of: Option<&str>) -> Result<Registry, String> {
    let named = |e: String| format!("{}: {e}", path.display());
    if let Some(date) = as_of {
        check_date(date)?;
    }
    let text = std::fs::read_to_string(path).map_err(|e| named(e.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or("");
    let separator = if header.matches(';').count() > header.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().map_err(|e| named(e.to_string()))?.iter().map(|h| h.trim().to_lowercase()).collect();
    let column = |wanted: &str| {
        let headings = HEADINGS.iter().find(|(n, _)| *n == wanted).map_or(&[][..], |(_, h)| h);
        headings.iter().find_map(|h| names.iter().position(|n| n == h))
    };
    let (name, number, expires, status) = (column("name"), column("number"), column("expires"), column("status"));
    if name.is_none() && number.is_none() {
        return Err(named(format!(
            "has neither a column `name` nor `permit number`; its columns are: {}",
            names.join(", ")
        )));
    }
    let mut rows = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|e| named(e.to_string()))?;
        let cell = |c: Option<usize>| c.and_then(|c| record.get(c)).unwrap_or("").trim().to_string();
        let expires = cell(expires);
        let expires = if expires.is_empty() {
            expires
        } else {
            date(&expires).map_err(|e| named(format!("line {}: {e}", n + 2)))?
        };
        let in_force = IN_FORCE.contains(&cell(status).to_lowercase().as_str());
        rows.push(Permit { name: cell(name), number: cell(number), expires, suspended: !in_force });
    }
    if rows.is_empty() {
        return Err(named("holds no permits below its header".into()));
    }
    Ok(Registry::new(screener.pack(), rows, as_of.unwrap_or("")))
}

/// A date as YYYY-MM-DD, from that or from DD.MM.YYYY.
fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split(['.', '/']).collect();
    let iso = match parts[..] {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.get(..10).unwrap_or(text).to_string(),
    };
    check_date(&iso).map(|()| iso)
}

/// Is it a day that exists, as YYYY-MM-DD?
pub fn check_date(text: &str) -> Result<(), String> {
    let bad = || format!("`{text}` is no date; write it as 2026-11-21");
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return Err(bad());
    };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return Err(bad());
    }
    let number = |s: &str| s.parse::<u32>().map_err(|_| bad());
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(bad()),
    };
    if (1..=days).contains(&day) { Ok(()) } else { Err(bad()) }
}
