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
        points = points.min((scale.warning - 1).saturating_sub(rules.score));
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
    let knots = calibrate(&plain.pack().scale, &risky, &seen, &draws);
    model.knots.clone_from(&knots);
    folds.iter_mut().for_each(|m| m.knots.clone_from(&knots));
    Ok(Outcome { model, folds, fold_of, views: seen, draws })
}

/// Share of legitimate rows that the classifier may lift to `warning`, over all scenes together.
const ALLOWED: f64 = 0.005;

/// Chooses the knots: of a small grid (from which value on there are points, from which value on how many) the one under
/// which most risky rows reach `warning`, while at most [`ALLOWED`] of the legitimate rows are lifted there, with all
/// signals and with a part of them taken away.
fn calibrate(scale: &Scale, risky: &[bool], seen: &[View], draws: &[Vec<View>]) -> Vec<(i32, u32)> {
    let mut ordinary: Vec<i64> =
        seen.iter().zip(risky).filter(|(v, r)| !**r && v.rules.offer).map(|(v, _)| v.value).collect();
    ordinary.sort_unstable();
    let at = |share: f64| ordinary.get(((ordinary.len() as f64 * share) as usize).min(ordinary.len().max(1) - 1));
    let quantile = |share: f64| at(share).copied().unwrap_or(0);
    let scenes: Vec<&[View]> = std::iter::once(seen).chain(draws.iter().map(Vec::as_slice)).collect();
    let mut best: (f64, Vec<(i32, u32)>) = (f64::MIN, vec![(quantile(1.0).clamp(-1 << 30, 1 << 30) as i32 + 1, 1)]);
    for low in [0.6, 0.7, 0.8, 0.9, 0.95] {
        for high in [0.97, 0.98, 0.985, 0.99, 0.995, 1.0] {
            for most in [10, 15, 20, 25, 30, 35, 40, 45] {
                let most = u32::min(most, scale.classifier_cap);
                let (from, to) = (quantile(low), quantile(high));
                let knots =
                    vec![(from.clamp(-1 << 30, 1 << 30) as i32, 0), ((to + 1).clamp(-1 << 30, 1 << 30) as i32, most)];
                if knots[0].0 >= knots[1].0 {
                    continue;
                }
                let (gain, alarms) = gain(scale, risky, &scenes, &knots);
                // every scene counts: lifting a legitimate row costs, were it allowed, what lifting a risky one brings
                let worth = gain - alarms;
                if alarms <= ALLOWED && worth > best.0 + 1e-9 {
                    best = (worth, knots);
                }
            }
        }
    }
    best.1
}

/// Shares of risky and of legitimate rows that the classifier lifts to `warning`, as means over the scenes.
fn gain(scale: &Scale, risky: &[bool], scenes: &[&[View]], knots: &[(i32, u32)]) -> (f64, f64) {
    let model = Model { knots: knots.to_vec(), ..Model::default() };
    let (mut lifted, mut all) = ([0usize; 2], [0usize; 2]);
    for scene in scenes {
        for (view, risky) in scene.iter().zip(risky) {
            let class = usize::from(*risky);
            all[class] += 1;
            let before = view.rules.score >= scale.warning;
            let after = together(scale, view.rules, model.points(view.value)) >= scale.warning;
            lifted[class] += usize::from(!before && after);
        }
    }
    let share = |class: usize| lifted[class] as f64 / all[class].max(1) as f64;
    (share(1), share(0))
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
