//! EMSCAD as a yardstick: how well the classifier's features and arithmetic do on a public task, beside a peer on the same
//! folds. EMSCAD's frauds are mostly no trafficking; nothing of it is shipped.

use crate::cv::{FOLDS, fold_of};
use crate::metrics::{average_precision, recall_at};
use crate::model::{Example, Settings, fit};
use crate::near;
use sakchy::Screener;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Instant;

/// One advert.
#[derive(Clone, Debug, Serialize)]
pub struct Advert {
    /// Its text.
    pub text: String,
    /// Is it fraudulent?
    pub fraud: bool,
    /// Its fold.
    pub fold: usize,
}

/// The figures.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// Adverts.
    pub rows: usize,
    /// Fraudulent ones.
    pub fraud: usize,
    /// Groups of nearly equal texts.
    pub groups: usize,
    /// Average precision over all held-out adverts.
    pub average_precision: f64,
    /// Recall at 1% false alarms.
    pub recall_at_1_percent: f64,
    /// Adverts a second, reading the text included, on one core.
    pub texts_a_second: f64,
    /// Size of one model.
    pub model_bytes: usize,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    label: String,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    title: String,
    #[serde(default)]
    company_profile: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    requirements: String,
    #[serde(default)]
    benefits: String,
    fraudulent: String,
}

/// Reads JSONL (`text`, `label` fraud or legit) or an EMSCAD CSV (columns title ... fraudulent), and deals the folds:
/// nearly equal texts stay together.
///
/// # Errors
/// The first row that cannot be read.
pub fn load(path: &Path) -> Result<Vec<Advert>, String> {
    let named = |n: usize, e: String| format!("{}:{n}: {e}", path.display());
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut rows: Vec<(String, bool)> = Vec::new();
    if path.extension().is_some_and(|e| e == "csv") {
        for (n, record) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Record>().enumerate() {
            let r = record.map_err(|e| named(n + 2, e.to_string()))?;
            let text = [r.title, r.company_profile, r.description, r.requirements, r.benefits].join("\n");
            rows.push((text, matches!(r.fraudulent.as_str(), "1" | "t" | "true")));
        }
    } else {
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let line: Line = serde_json::from_str(line).map_err(|e| named(n + 1, e.to_string()))?;
            match line.label.as_str() {
                "fraud" => rows.push((line.text, true)),
                "legit" => rows.push((line.text, false)),
                other => return Err(named(n + 1, format!("the label `{other}` is unknown; write fraud or legit"))),
            }
        }
    }
    let texts: Vec<&str> = rows.iter().map(|r| r.0.as_str()).collect();
    let groups = near::groups(&texts, &|_| "");
    let folds: Vec<usize> = groups.iter().map(|g| fold_of(&g.to_string())).collect();
    Ok(rows.into_iter().zip(folds).map(|((text, fraud), fold)| Advert { text, fraud, fold }).collect())
}

/// Trains on each four folds and judges the fifth. Signals and facts are left out: the yardstick is for words.
///
/// # Errors
/// What training says.
pub fn run(screener: &Screener, adverts: &[Advert], done: &mut dyn FnMut(usize, usize)) -> Result<Figures, String> {
    let plain = screener.clone().without_model();
    let examples: Vec<Example> = adverts
        .iter()
        .map(|a| {
            let mut seen = crate::cv::seen(&plain, &a.text);
            seen.named.clear();
            Example { seen, risky: a.fraud, base: 0.0, beginnings: Vec::new() }
        })
        .collect();
    let settings = Settings { alpha: 0.01, ..Settings::default() };
    let mut items = Vec::new();
    let (mut bytes, mut seconds) = (0, 0.0);
    for held in 0..FOLDS {
        let part: Vec<&Example> =
            adverts.iter().zip(&examples).filter(|(a, _)| a.fold != held).map(|(_, e)| e).collect();
        let (model, _) = fit(&part, &settings, None, None).map_err(|e| e.to_string())?;
        bytes = bytes.max(model.to_bytes().len());
        let scorer = sakchy_core::classifier::Scorer::new(&model);
        for a in adverts.iter().filter(|a| a.fold == held) {
            let start = Instant::now();
            let value = scorer.whole(&a.text);
            seconds += start.elapsed().as_secs_f64();
            items.push((value as f64, a.fraud));
        }
        done(held + 1, FOLDS);
    }
    let texts: Vec<&str> = adverts.iter().map(|a| a.text.as_str()).collect();
    let mut groups = near::groups(&texts, &|_| "");
    groups.sort_unstable();
    groups.dedup();
    Ok(Figures {
        rows: adverts.len(),
        fraud: adverts.iter().filter(|a| a.fraud).count(),
        groups: groups.len(),
        average_precision: average_precision(&items),
        recall_at_1_percent: recall_at(&items, 0.01),
        texts_a_second: adverts.len() as f64 / seconds.max(1e-9),
        model_bytes: bytes,
    })
}
