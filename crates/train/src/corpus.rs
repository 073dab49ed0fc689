//! Labelled adverts: `corpus/SPLIT/LANGUAGE.jsonl`.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// One labelled advert.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// Unique name.
    pub id: String,
    /// The advert.
    pub text: String,
    /// ISO 639-1.
    pub language: String,
    /// job, marriage, modelling, study or other.
    pub kind: String,
    /// risky or legitimate.
    pub label: String,
    /// Is it an offer at all?
    #[serde(default = "yes")]
    pub offer: bool,
    /// Indicators that the wording shows.
    #[serde(default)]
    pub indicators: Vec<String>,
    /// Rows written from one idea share it.
    #[serde(default)]
    pub family: String,
    /// A legitimate advert that looks like a risky one.
    #[serde(default)]
    pub hard: bool,
    /// Which look-alike it is.
    #[serde(default)]
    pub trap: String,
    /// Folder that it was read from: frozen, open, legitimate.
    #[serde(skip)]
    pub split: String,
}

fn yes() -> bool {
    true
}

impl Row {
    /// Should a person check it?
    pub fn risky(&self) -> bool {
        self.label == "risky"
    }
}

/// Longest text of a labelled row, in bytes.
pub const LONGEST: usize = 100_000;
/// Languages that a row may name.
pub const LANGUAGES: [&str; 9] = ["ky", "ru", "uz", "en", "kk", "tg", "tr", "mixed", "und"];

/// What is wrong with a row that could be read.
fn wrong(row: &Row) -> Option<String> {
    if row.text.len() > LONGEST {
        return Some(format!("the text has {} bytes; a labelled text may have {LONGEST}", row.text.len()));
    }
    if !LANGUAGES.contains(&row.language.as_str()) {
        return Some(format!("the language `{}` is unknown; write one of {}", row.language, LANGUAGES.join(", ")));
    }
    None
}

/// A row of one's own data: text and label; the rest may be missing.
#[derive(Deserialize)]
struct Plain {
    text: String,
    label: Option<String>,
    language: Option<String>,
    #[serde(default)]
    family: String,
}

/// Reads labelled rows from a corpus folder, or from a CSV or JSONL file with `text` and `label` (risky or legitimate;
/// `language` and `family` may stand beside them). A folder's split `frozen` is left out when `training`.
///
/// # Errors
/// Every row that cannot be read, has no label or an unknown one, an unknown language or too long a text.
pub fn load_any(path: &Path, training: bool) -> Result<Vec<Row>, Vec<String>> {
    if path.is_dir() {
        let mut rows = load(path)?;
        rows.retain(|r| !training || r.split != "frozen");
        return Ok(rows);
    }
    let text = std::fs::read_to_string(path).map_err(|e| vec![format!("{}: {e}", path.display())])?;
    let parsed: Vec<(usize, Result<Plain, String>)> = if path.extension().is_some_and(|e| e == "csv") {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.deserialize::<Plain>().enumerate();
        rows.map(|(n, row)| (n + 2, row.map_err(|e| e.to_string()))).collect()
    } else {
        let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
        lines.map(|(n, line)| (n + 1, serde_json::from_str(line).map_err(|e| e.to_string()))).collect()
    };
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (n, row) in parsed {
        let place = format!("{}:{n}", path.display());
        match row.and_then(|row| own(row, n)) {
            Ok(row) => {
                errors.extend(wrong(&row).map(|e| format!("{place}: {e}")));
                rows.push(row);
            }
            Err(e) => errors.push(format!("{place}: {e}")),
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn own(row: Plain, n: usize) -> Result<Row, String> {
    let label = row.label.filter(|l| !l.trim().is_empty()).ok_or("the label is missing; write risky or legitimate")?;
    let label = match label.trim().to_lowercase().as_str() {
        "risky" | "1" | "true" | "fraud" => "risky",
        "legitimate" | "legit" | "0" | "false" => "legitimate",
        other => return Err(format!("the label `{other}` is unknown; write risky or legitimate")),
    };
    Ok(Row {
        id: format!("row{n}"),
        text: row.text,
        language: row.language.filter(|l| !l.is_empty()).unwrap_or_else(|| "und".into()),
        kind: "job".into(),
        label: label.into(),
        offer: true,
        indicators: Vec::new(),
        family: row.family,
        hard: false,
        trap: String::new(),
        split: "own".into(),
    })
}

/// Reads a corpus folder.
///
/// # Errors
/// Every row that cannot be read, has an unknown label or repeats an id.
pub fn load(folder: &Path) -> Result<Vec<Row>, Vec<String>> {
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    let mut ids = BTreeSet::new();
    let mut splits: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| vec![format!("{}: {e}; name the corpus with --corpus", folder.display())])?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_dir())
        .collect();
    splits.sort();
    for split in splits {
        let name = split.file_name().unwrap_or_default().to_string_lossy().to_string();
        let mut files: Vec<_> = std::fs::read_dir(&split).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.retain(|p| p.extension().is_some_and(|e| e == "jsonl"));
        files.sort();
        for file in files {
            let text = match std::fs::read_to_string(&file) {
                Ok(text) => text,
                Err(e) => {
                    errors.push(format!("{}: {e}", file.display()));
                    continue;
                }
            };
            for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
                let place = format!("{}:{}", file.display(), n + 1);
                match serde_json::from_str::<Row>(line) {
                    Ok(mut row) => {
                        errors.extend(wrong(&row).map(|e| format!("{place}: {e}")));
                        if !matches!(row.label.as_str(), "risky" | "legitimate") {
                            errors.push(format!(
                                "{place}: the label `{}` is unknown; write risky or legitimate",
                                row.label
                            ));
                        }
                        if !ids.insert(row.id.clone()) {
                            errors.push(format!("{place}: the id `{}` stands twice", row.id));
                        }
                        row.split.clone_from(&name);
                        rows.push(row);
                    }
                    Err(e) => errors.push(format!("{place}: {e}")),
                }
            }
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}
