//! A table for a native reader: every wording in one language, to be corrected and signed, and taken back.

use crate::error::RuleError;
use std::collections::BTreeMap;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Value};

/// Columns of the table.
pub const COLUMNS: [&str; 7] = ["file", "field", "number", "wording", "corrected", "remark", "reviewed_by"];

/// Writes the wordings of one language as CSV: phrases, examples, and the texts for people.
///
/// # Errors
/// A message when a file cannot be read.
pub fn export(folder: &Path, language: &str) -> Result<String, String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(|e| e.to_string())?;
    for (name, document) in documents(folder)? {
        let reviewed = string(&document, &["reviewed_by", language]);
        let mut row = |field: &str, number: usize, wording: &str| {
            out.write_record([&name, field, &number.to_string(), wording, "", "", &reviewed]).map_err(|e| e.to_string())
        };
        for (field, values) in fields(&document, language) {
            for (n, value) in values.iter().enumerate() {
                row(&field, n + 1, value)?;
            }
        }
    }
    let bytes = out.into_inner().map_err(|e| e.to_string())?;
    // the mark lets spreadsheet programs see UTF-8
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// What an import changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Wordings replaced.
    pub corrected: usize,
    /// Files signed by a reader.
    pub signed: usize,
}

/// Takes a table back: what stands under `corrected` replaces the wording, `reviewed_by` is written into the file.
///
/// # Errors
/// Rows that no longer fit the files (nothing is changed then), and files that cannot be written.
pub fn import(folder: &Path, language: &str, table: &str) -> Result<Imported, Vec<RuleError>> {
    let mut documents: BTreeMap<String, DocumentMut> =
        documents(folder).map_err(|e| vec![whole(&e)])?.into_iter().collect();
    let mut done = Imported::default();
    let mut errors = Vec::new();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|e| vec![whole(&e.to_string())])?.clone();
    let column = |name: &str| header.iter().position(|h| h.trim() == name);
    if COLUMNS[..5].iter().any(|c| column(c).is_none()) {
        return Err(vec![whole("the table lacks one of the columns file, field, number, wording, corrected")]);
    }
    let mut changed: BTreeMap<String, bool> = BTreeMap::new();
    for (line, record) in reader.records().enumerate() {
        let Ok(record) = record else { continue };
        let cell = |name: &str| column(name).and_then(|n| record.get(n)).unwrap_or("").trim().to_string();
        let (file, field, old, new) = (cell("file"), cell("field"), cell("wording"), cell("corrected"));
        let Some(document) = documents.get_mut(&file) else {
            errors.push(row(line, &file, "there is no such file", "export a fresh table"));
            continue;
        };
        if !new.is_empty() && new != old {
            let number = cell("number").parse::<usize>().unwrap_or(0);
            match slot(document, &field, language, number) {
                Some(value) if value.as_str() == Some(old.as_str()) => {
                    let decor = value.decor().clone();
                    *value = Value::from(new);
                    *value.decor_mut() = decor;
                    done.corrected += 1;
                    changed.insert(file.clone(), true);
                }
                _ => errors.push(row(
                    line,
                    &old,
                    "the wording has changed since the table was exported",
                    "export a fresh table and carry the correction over",
                )),
            }
        }
        let reader_name = cell("reviewed_by");
        if !reader_name.is_empty() && string(document, &["reviewed_by", language]) != reader_name {
            document["reviewed_by"][language] = toml_edit::value(reader_name);
            done.signed += 1;
            changed.insert(file, true);
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for name in changed.keys() {
        if let Some(document) = documents.get(name) {
            std::fs::write(folder.join(name), document.to_string())
                .map_err(|e| vec![whole(&format!("{name}: {e}"))])?;
        }
    }
    Ok(done)
}

fn whole(problem: &str) -> RuleError {
    RuleError {
        file: "the table".into(),
        line: 0,
        words: String::new(),
        problem: problem.into(),
        mend: "export it again with `sakchy rules sheet export`".into(),
    }
}

fn row(line: usize, words: &str, problem: &str, mend: &str) -> RuleError {
    RuleError {
        file: "the table".into(),
        line: line + 2,
        words: words.into(),
        problem: problem.into(),
        mend: mend.into(),
    }
}

fn documents(folder: &Path) -> Result<Vec<(String, DocumentMut)>, String> {
    let mut out = Vec::new();
    for kind in ["words", "signals", "indicators"] {
        let Ok(entries) = std::fs::read_dir(folder.join(kind)) else {
            continue;
        };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter_map(|e| e.file_name().into_string().ok())
            .filter(|n| n.ends_with(".toml"))
            .collect();
        names.sort();
        for name in names {
            let file = format!("{kind}/{name}");
            let text = std::fs::read_to_string(folder.join(&file)).map_err(|e| format!("{file}: {e}"))?;
            out.push((file.clone(), text.parse().map_err(|e| format!("{file}: {e}"))?));
        }
    }
    if out.is_empty() {
        return Err(format!("{} holds no rules", folder.display()));
    }
    Ok(out)
}

fn string(document: &DocumentMut, path: &[&str]) -> String {
    let mut item: &Item = document.as_item();
    for key in path {
        match item.get(key) {
            Some(next) => item = next,
            None => return String::new(),
        }
    }
    item.as_str().unwrap_or("").to_string()
}

/// Field names and wordings of one language, in the order of the file.
fn fields(document: &DocumentMut, language: &str) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    for path in [&["words"][..], &["phrases"], &["unless"], &["examples", "match"], &["examples", "no_match"]] {
        let mut item = document.as_item();
        let found = path.iter().all(|key| item.get(key).map(|next| item = next).is_some());
        if let Some(array) = item.get(language).and_then(Item::as_array).filter(|_| found) {
            out.push((path.join("."), array.iter().filter_map(|v| v.as_str().map(str::to_string)).collect()));
        }
    }
    for key in ["title", "explanation", "ask"] {
        let text = string(document, &["text", language, key]);
        if !text.is_empty() {
            out.push((format!("text.{key}"), vec![text]));
        }
    }
    out
}

fn slot<'d>(document: &'d mut DocumentMut, field: &str, language: &str, number: usize) -> Option<&'d mut Value> {
    let mut item: &mut Item = document.as_item_mut();
    if let Some(key) = field.strip_prefix("text.") {
        return item.get_mut("text")?.get_mut(language)?.get_mut(key)?.as_value_mut();
    }
    for key in field.split('.') {
        item = item.get_mut(key)?;
    }
    item.get_mut(language)?.as_array_mut()?.get_mut(number.checked_sub(1)?)
}
