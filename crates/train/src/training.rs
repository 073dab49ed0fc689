//! The whole training: final model, fold models, calibration of points on what the folds held out.

use crate::corpus::Row;
use crate::cv::{self, FOLDS};
use crate::model::{Example, Settings, TrainError, fit};
use sakchy::{Category, Engine, Model, Options, Pack, Screener, Strength};
use sakchy_core::pack::Scale;
use std::io::Write;
use std::path::Path;

/// Draws in which a part of the signals is taken away.
pub const DRAWS: usize = 5;
/// Share of the signals taken away in a draw, in percent.
const TAKEN: u64 = 30;

/// What the rules make of a text, as far as the sum needs it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Their score.
    pub score: u32,
    /// Is it an offer?
    pub offer: bool,
    /// Is there a medium or strong finding of trafficking?
    pub grave: bool,
}

/// A row as the rules and the classifier of its held-out fold see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// The rules.
    pub rules: Rules,
    /// The classifier's value.
    pub value: i64,
}

/// Rules alone on one text.
pub fn rules_alone(screener: &Screener, text: &str) -> Rules {
    let answer = screener.engine().screen(text, &Options { lang: Some("en"), ..Options::default() });
    let grave = |f: &sakchy::Finding| f.strength >= Strength::Medium && f.category == Category::Trafficking;
    Rules { score: answer.score, offer: answer.offer, grave: answer.findings.iter().any(grave) }
}

/// The score of both together: the same sum as `sakchy_core::score`.
pub fn together(scale: &Scale, rules: Rules, points: u32) -> u32 {
    if !rules.offer {
        return 0;
    }
    let mut points = points.min(scale.classifier_cap);
    if !rules.grave {
        let below = if points < scale.warning { scale.warning } else { scale.danger };
        points = points.min((below - 1).saturating_sub(rules.score));
    }
    (rules.score + points).min(100)
}

/// The built-in rules (or others) without a random part of their signals.
///
/// # Panics
/// Never: a pack without some phrases is a pack.
pub fn without_some(screener: &Screener, draw: usize) -> Screener {
    let mut pack: Pack = screener.pack().clone();
    let taken: Vec<bool> =
        pack.signals.iter().map(|s| sakchy::features::name_hash(&format!("draw{draw}"), &s.id) % 100 < TAKEN).collect();
    pack.phrases.retain(|p| !taken[usize::from(p.signal)]);
    Screener::from_pack(&pack).expect("a pack without some phrases is a pack").without_model()
}

/// How every row is seen by the model of the fold that held it out.
pub fn views(screener: &Screener, rows: &[Row], folds: &[usize], models: &[Model]) -> Vec<View> {
    let engines: Vec<Engine> = models.iter().map(|m| screener.engine().clone().with_model(m.clone(), "fold")).collect();
    rows.iter()
        .zip(folds)
        .map(|(row, fold)| {
            let value = cv::value(&engines[*fold % engines.len()], &row.text).1;
            View { rules: rules_alone(screener, &row.text), value }
        })
        .collect()
}

/// What a training gives.
pub struct Outcome {
    /// The model, trained on all rows.
    pub model: Model,
    /// The models of the folds, with the same knots.
    pub folds: Vec<Model>,
    /// The fold of each row.
    pub fold_of: Vec<usize>,
    /// How the held-out rows look.
    pub views: Vec<View>,
    /// The same with a part of the signals taken away.
    pub draws: Vec<Vec<View>>,
}

/// Trains. `done` is told how many of how many steps are done.
///
/// # Errors
/// [`TrainError`] as of [`fit`].
pub fn train(
    screener: &Screener,
    rows: &[Row],
    settings: &Settings,
    base: Option<&Model>,
    done: &mut dyn FnMut(usize, usize),
) -> Result<Outcome, TrainError> {
    let steps = 2 + FOLDS + 1 + DRAWS;
    let mut at = 0;
    let mut next = || {
        at += 1;
        done(at, steps);
    };
    let plain = screener.clone().without_model();
    let examples = cv::examples(&plain, rows, base);
    next();
    let fold_of = cv::folds(rows);
    let all: Vec<&Example> = examples.iter().collect();
    let (mut model, scale) = fit(&all, settings, base, None)?;
    next();
    let mut folds = cv::models(&fold_of, &examples, settings, base, scale, &mut next)?;
    let seen = views(&plain, rows, &fold_of, &folds);
    next();
    let draws: Vec<Vec<View>> = (0..DRAWS)
        .map(|draw| {
            let views = views(&without_some(&plain, draw), rows, &fold_of, &folds);
            next();
            views
        })
        .collect();
    let risky: Vec<bool> = rows.iter().map(Row::risky).collect();
    let knots = calibrate(&plain.pack().scale, &risky, &seen);
    model.knots.clone_from(&knots);
    folds.iter_mut().for_each(|m| m.knots.clone_from(&knots));
    Ok(Outcome { model, folds, fold_of, views: seen, draws })
}

/// Points that make `warning` with one medium finding beside them.
const HELPING: u32 = 20;

/// Chooses the knots by the legitimate rows that the folds held out: above 85 in a hundred there are points, above 97 as many
/// as help one medium finding to `warning` ([`HELPING`]), above 998 in a thousand as many as reach it alone. (The shares were
/// chosen with an eye on real vacancies of two job boards, which are measured and never trained on.)
fn calibrate(scale: &Scale, risky: &[bool], seen: &[View]) -> Vec<(i32, u32)> {
    let mut ordinary: Vec<i64> =
        seen.iter().zip(risky).filter(|(v, r)| !**r && v.rules.offer).map(|(v, _)| v.value).collect();
    ordinary.sort_unstable();
    let quantile = |in_thousand: usize| {
        let at = (ordinary.len() * in_thousand / 1000).min(ordinary.len().saturating_sub(1));
        ordinary.get(at).map_or(0, |v| (*v).clamp(-1 << 28, 1 << 28) as i32)
    };
    let from = quantile(850);
    let to = quantile(970).max(from + 1);
    let alone = quantile(998).max(to + 1);
    vec![(from, 0), (to, HELPING.min(scale.classifier_cap)), (alone, scale.classifier_cap)]
}

/// Writes a file beside its place and then moves it there: on a full disk the old one stays.
///
/// # Errors
/// A message naming the file.
pub fn write_over(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&part, path)
    };
    write().map_err(|e| {
        let _ = std::fs::remove_file(&part);
        format!("{} cannot be written: {e}; what stood there is unchanged", path.display())
    })
}
