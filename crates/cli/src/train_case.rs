//! `train --case`: reviewed adverts as labelled data, and whether the new model is better than the one it would replace.

use crate::common::plain;
use sakchy::{Model, Screener};
use sakchy_casebook::Case;
use sakchy_train::corpus::{LANGUAGES, Row};
use sakchy_train::training::{Outcome, together};
use std::path::{Path, PathBuf};

/// Fewest reviewed adverts of each kind that a model can be judged on.
const FEWEST: usize = 10;

/// The rows of a casebook.
pub fn rows(path: &Path) -> Result<Vec<Row>, String> {
    let labelled = Case::read(path).and_then(|case| case.labelled()).map_err(|e| e.to_string())?;
    let count = |label: &str| labelled.iter().filter(|l| l.label == label).count();
    let (risky, legitimate) = (count("risky"), count("legitimate"));
    if risky < FEWEST || legitimate < FEWEST {
        return Err(format!(
            "{}: {risky} adverts with a confirmed concern and {legitimate} without; at least {FEWEST} of each must be reviewed first (`sakchy case review`)",
            path.display()
        ));
    }
    let row = |(n, l): (usize, sakchy_casebook::labelled::Labelled)| Row {
        id: format!("case{n}"),
        language: if LANGUAGES.contains(&l.language.as_str()) { l.language } else { "und".into() },
        text: l.text,
        kind: "job".into(),
        label: l.label.into(),
        offer: true,
        indicators: Vec::new(),
        family: l.family,
        hard: false,
        trap: String::new(),
        split: "case".into(),
    };
    Ok(labelled.into_iter().enumerate().map(row).collect())
}

/// Recall and false alarms at `warning` on the reviewed adverts.
struct At {
    found: usize,
    risky: usize,
    alarms: usize,
    legitimate: usize,
}

impl At {
    fn of(rows: &[(bool, bool)]) -> At {
        let count = |risky: bool, flagged: bool| rows.iter().filter(|r| **r == (risky, flagged)).count();
        let (found, alarms) = (count(true, true), count(false, true));
        At { found, risky: found + count(true, false), alarms, legitimate: alarms + count(false, false) }
    }

    /// Recall less false alarms, as shares.
    fn worth(&self) -> f64 {
        let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
        share(self.found, self.risky) - share(self.alarms, self.legitimate)
    }

    fn line(&self, name: &str) -> String {
        format!(
            "{name}: {} of {} risky found, {} of {} legitimate flagged",
            self.found, self.risky, self.alarms, self.legitimate
        )
    }
}

/// Where the new model goes: to its place when it does better on the reviewed adverts than the model there now (each advert
/// is judged by a model that has not seen it), else beside it.
pub fn place(
    out: &Path,
    screener: &Screener,
    rows: &[Row],
    outcome: &Outcome,
    replace: bool,
) -> Result<PathBuf, String> {
    let old = match std::fs::read(out) {
        Ok(bytes) => Model::from_bytes(&bytes).map_err(|e| format!("{}: {e}", out.display()))?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(out.to_path_buf()),
        Err(e) => return Err(format!("{}: {e}", out.display())),
    };
    let warning = screener.pack().scale.warning;
    let engine = screener.engine().clone().with_model(old.clone(), "old");
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (n, row) in rows.iter().enumerate().filter(|(_, r)| r.split == "case") {
        let view = outcome.views[n];
        let scale = &screener.pack().scale;
        let reading = engine.read(&row.text, None);
        let value = engine.classifier_value(&reading).unwrap_or(i64::MIN);
        before.push((row.risky(), together(scale, view.rules, old.points(value)) >= warning));
        let model = &outcome.folds[outcome.fold_of[n] % outcome.folds.len()];
        after.push((row.risky(), together(scale, view.rules, model.points(view.value)) >= warning));
    }
    let (before, after) = (At::of(&before), At::of(&after));
    println!("{}", before.line("the model in place"));
    println!("{}", after.line("the new model (held-out adverts)"));
    if after.worth() > before.worth() || replace {
        return Ok(out.to_path_buf());
    }
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = out.with_file_name(name);
    let told = plain(&beside.display().to_string());
    println!("the new model is not better: it goes to {told}; --replace puts it in place all the same");
    Ok(beside)
}
