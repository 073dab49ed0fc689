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
