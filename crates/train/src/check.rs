//! What is wrong with a corpus (refused), and what its rules do not see (printed, for it must not become their mirror).

use crate::corpus::Row;
use crate::near;
use sakchy::{Options, Screener};
use std::collections::{BTreeMap, BTreeSet};

/// Mistakes and notes.
pub fn rows(screener: &Screener, rows: &[Row]) -> (Vec<String>, Vec<String>) {
    let (mut mistakes, mut notes) = (Vec::new(), Vec::new());
    let known: BTreeSet<&str> = screener.pack().indicators.iter().map(|i| i.id.as_str()).collect();
    let is_known = |name: &str| known.contains(name) || known.iter().any(|k| k.starts_with(&format!("{name}-")));
    let mut texts: BTreeMap<&str, &str> = BTreeMap::new();
    for row in rows {
        if let Some(first) = texts.insert(&row.text, &row.id) {
            mistakes.push(format!("{}: the same text as {first}; take one of them out", row.id));
        }
        for name in row.indicators.iter().filter(|n| !is_known(n)) {
            mistakes.push(format!("{}: there is no indicator `{name}`; `sakchy rules check` lists them", row.id));
        }
    }
    let all: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    for (a, b) in near::pairs(&all) {
        let (a, b) = (&rows[a], &rows[b]);
        if a.family != b.family && a.text != b.text {
            mistakes.push(format!("{} and {} are nearly the same, in two families; give them one", a.id, b.id));
        }
    }
    for row in rows.iter().filter(|r| r.offer && r.split != "frozen") {
        let answer = screener.screen_with(&row.text, &Options { lang: Some("en"), ..Options::default() });
        let found = |name: &str| {
            answer.findings.iter().any(|f| f.indicator == name || f.indicator.starts_with(&format!("{name}-")))
        };
        let missing: Vec<&str> = row.indicators.iter().map(String::as_str).filter(|n| !found(n)).collect();
        if !missing.is_empty() {
            notes.push(format!("{} ({}): not found by the rules: {}", row.id, row.language, missing.join(", ")));
        }
    }
    (mistakes, notes)
}
