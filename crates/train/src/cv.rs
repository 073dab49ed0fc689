//! Cross-validation in which rows written from one idea stay together.

use crate::corpus::Row;
use crate::model::{Example, Settings, TrainError, fit};
use sakchy::features::{self, Seen};
use sakchy::{Model, Screener};

/// Number of folds.
pub const FOLDS: usize = 5;

/// The fold of a family: by its name alone, so that it stays when rows are added.
pub fn fold_of(family: &str) -> usize {
    // the low bits of FNV mix well
    (features::name_hash("family", family) % FOLDS as u64) as usize
}

/// The fold of each row: rows of one family, and rows that are nearly the same, stay together.
pub fn folds(rows: &[Row]) -> Vec<usize> {
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let groups = crate::near::groups(&texts, &|n| rows[n].family.as_str());
    groups.iter().map(|first| fold_of(family(&rows[*first]))).collect()
}

fn family(row: &Row) -> &str {
    if row.family.is_empty() { &row.id } else { &row.family }
}

/// What the classifier may see of a text.
pub fn seen(screener: &Screener, text: &str) -> Seen {
    let engine = screener.engine();
    let reading = engine.read(text, None);
    features::seen(engine.pack(), &reading.text, &reading.hits, &reading.facts)
}

/// Examples of rows, with what a base model makes of each.
pub fn examples(screener: &Screener, rows: &[Row], base: Option<&Model>) -> Vec<Example> {
    let based = base.map(|m| screener.engine().clone().with_model(m.clone(), "base"));
    rows.iter()
        .map(|row| Example {
            seen: seen(screener, &row.text),
            risky: row.risky(),
            base: based.as_ref().map_or(0.0, |engine| value(engine, &row.text).1 as f64),
            beginnings: if row.risky() { Vec::new() } else { beginnings(screener, &row.text) },
        })
        .collect()
}

/// The first line, the first third and the first two thirds of a text of three lines or more.
fn beginnings(screener: &Screener, text: &str) -> Vec<Seen> {
    let ends: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        })
        .collect();
    if ends.len() < 3 {
        return Vec::new();
    }
    let mut lines = vec![1, ends.len() / 3, ends.len() * 2 / 3];
    lines.dedup();
    lines.into_iter().map(|n| text[..ends[n - 1]].trim()).filter(|t| !t.is_empty()).map(|t| seen(screener, t)).collect()
}

/// Is the text an offer, and what is it worth to the classifier?
pub fn value(engine: &sakchy::Engine, text: &str) -> (bool, i64) {
    let reading = engine.read(text, None);
    (reading.offer.is_offer, engine.classifier_value(&reading).unwrap_or(0))
}

/// A model for each fold, fitted on all other folds. `done` is told after each.
///
/// # Errors
/// [`TrainError`] as of [`fit`].
pub fn models(
    folds: &[usize],
    examples: &[Example],
    settings: &Settings,
    base: Option<&Model>,
    scale: f64,
    done: &mut dyn FnMut(),
) -> Result<Vec<Model>, TrainError> {
    (0..FOLDS)
        .map(|held| {
            let part: Vec<&Example> = folds.iter().zip(examples).filter(|(f, _)| **f != held).map(|(_, e)| e).collect();
            let model = fit(&part, settings, base, Some(scale));
            done();
            Ok(model?.0)
        })
        .collect()
}
