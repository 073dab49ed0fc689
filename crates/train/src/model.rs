//! From features to whole weights: selection by chi-square, then linfa's logistic regression.

use ndarray::{Array1, Array2};
use sakchy::Model;
use sakchy::features::{SLOTS, Seen};
use sakchy_core::classifier::{ONE, SMOOTHING, SPREAD};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Fewest rows, and fewest of each class, that a model is trained on.
pub const FEWEST_ROWS: usize = 40;
/// Fewest rows of either class.
pub const FEWEST_OF_A_CLASS: usize = 10;

/// What a signal or a fact counts beside a word; below one, so that the solver rests on words as well.
const NAMED: f64 = 0.25;

/// How a model is fitted.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Most slots with a weight.
    pub features: usize,
    /// Fewest rows in which a slot must be seen.
    pub least: u32,
    /// L2 penalty of the solver.
    pub alpha: f64,
    /// Most steps of the solver.
    pub steps: u64,
    /// Each row is shown a second time without its signals, so that words are learnt beside them. Off: on grouped folds it
    /// ranked worse (average precision 0.85 against 0.88, 2,000 features); not measured with signals taken away.
    pub without_signals: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { features: 8000, least: 2, alpha: 3.0, steps: 120, without_signals: false }
    }
}

/// One row as the solver sees it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows.
    pub seen: Seen,
    /// Is it risky?
    pub risky: bool,
    /// What the base model makes of it, where one is given (in parts of [`ONE`]).
    pub base: f64,
}

/// Why nothing could be trained.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrainError {
    /// Too few rows.
    FewRows(usize),
    /// One class only, or nearly: risky and legitimate rows.
    OneClass(usize, usize),
    /// The solver gave up or its weights are no numbers.
    Solver(String),
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrainError::FewRows(n) => write!(f, "{n} rows are too few to learn from; give at least {FEWEST_ROWS}"),
            TrainError::OneClass(risky, legitimate) => write!(
                f,
                "{risky} risky and {legitimate} legitimate rows: give at least {FEWEST_OF_A_CLASS} of each class"
            ),
            TrainError::Solver(what) => write!(f, "the solver gave no usable weights: {what}"),
        }
    }
}

impl std::error::Error for TrainError {}

/// Fits a model; its knots are still those of nobody and must be set by calibration. `base` is a model that the new one
/// builds on: its weights, times a factor that is learnt too, are added. Weights are multiplied by `scale` before they are
/// rounded, so that the values of models of different folds compare; without one it is chosen and given back.
///
/// # Errors
/// [`TrainError`] on too few rows or classes, or when the solver fails.
pub fn fit(
    examples: &[&Example],
    settings: &Settings,
    base: Option<&Model>,
    scale: Option<f64>,
) -> Result<(Model, f64), TrainError> {
    let risky = examples.iter().filter(|e| e.risky).count();
    if examples.len() < FEWEST_ROWS {
        return Err(TrainError::FewRows(examples.len()));
    }
    if risky.min(examples.len() - risky) < FEWEST_OF_A_CLASS {
        return Err(TrainError::OneClass(risky, examples.len() - risky));
    }
    let slots = select(examples, settings);
    let mut names: BTreeSet<u64> = named(examples, settings.least);
    let mut weights = solve(examples, &slots, &names, settings, base.is_some())?;
    // a red flag never weighs against the risk: those that would are left out, and the others fitted again
    let negative: Vec<u64> = names.iter().zip(&weights.named).filter(|(_, w)| **w <= 0.0).map(|(n, _)| *n).collect();
    if !negative.is_empty() {
        negative.iter().for_each(|n| {
            names.remove(n);
        });
        weights = solve(examples, &slots, &names, settings, base.is_some())?;
    }
    Ok(whole(&slots, &names, &weights, base, scale))
}

/// The slots that tell the classes apart best (chi-square, each class counted by its weight).
fn select(examples: &[&Example], settings: &Settings) -> Vec<u16> {
    let (mut with, mut without) = (vec![0u32; SLOTS], vec![0u32; SLOTS]);
    for e in examples {
        let counts = if e.risky { &mut with } else { &mut without };
        e.seen.slots.iter().for_each(|s| counts[usize::from(*s)] += 1);
    }
    let risky = examples.iter().filter(|e| e.risky).count() as f64;
    let others = examples.len() as f64 - risky;
    let mut scored: Vec<(f64, u16)> = (0..SLOTS)
        .filter(|s| with[*s] + without[*s] >= settings.least)
        .map(|s| {
            let (p, q) = (f64::from(with[s]) / risky, f64::from(without[s]) / others);
            let mean = (p + q) / 2.0;
            let spread = mean * (1.0 - mean);
            let chi = if spread > 0.0 { (p - q) * (p - q) / spread } else { 0.0 };
            (chi, s as u16)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut slots: Vec<u16> = scored.into_iter().take(settings.features).map(|s| s.1).collect();
    slots.sort_unstable();
    slots
}

fn named(examples: &[&Example], least: u32) -> BTreeSet<u64> {
    let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
    examples.iter().flat_map(|e| &e.seen.named).for_each(|n| *counts.entry(*n).or_default() += 1);
    counts.into_iter().filter(|(_, n)| *n >= least).map(|(n, _)| n).collect()
}

struct Weights {
    slots: Vec<f64>,
    named: Vec<f64>,
    base: f64,
}

fn solve(
    examples: &[&Example],
    slots: &[u16],
    names: &BTreeSet<u64>,
    settings: &Settings,
    based: bool,
) -> Result<Weights, TrainError> {
    let solver = |e: &dyn fmt::Display| TrainError::Solver(e.to_string());
    let risky = examples.iter().filter(|e| e.risky).count();
    // linfa's logistic regression takes no weights of rows: the rarer class is repeated
    let (common, rare) = (risky.max(examples.len() - risky), risky.min(examples.len() - risky));
    let times = (common as f64 / rare as f64).round().clamp(1.0, 30.0) as usize;
    let rarer = risky <= examples.len() - risky;
    let mut order: Vec<(usize, bool)> = Vec::new();
    for (n, e) in examples.iter().enumerate() {
        for _ in 0..if e.risky == rarer { times } else { 1 } {
            order.push((n, true));
            if settings.without_signals && !e.seen.named.is_empty() {
                order.push((n, false));
            }
        }
    }
    let column: BTreeMap<u64, usize> = names.iter().enumerate().map(|(i, n)| (*n, slots.len() + i)).collect();
    let width = slots.len() + names.len() + usize::from(based);
    let mut x = Array2::<f32>::zeros((order.len(), width));
    let mut y = Array1::from_elem(order.len(), 0usize);
    for (row, (n, signals)) in order.iter().enumerate() {
        let e = examples[*n];
        let each = SPREAD as f64 / (e.seen.tokens as f64 + SMOOTHING as f64);
        for slot in &e.seen.slots {
            if let Ok(at) = slots.binary_search(slot) {
                x[[row, at]] = each as f32;
            }
        }
        for name in e.seen.named.iter().filter(|_| *signals) {
            if let Some(at) = column.get(name) {
                x[[row, *at]] = NAMED as f32;
            }
        }
        if based {
            x[[row, width - 1]] = (e.base / ONE as f64 / 32.0) as f32;
        }
        y[row] = usize::from(e.risky);
    }
    let data = linfa::Dataset::new(x, y);
    let fitted = linfa::traits::Fit::fit(
        &linfa_logistic::LogisticRegression::default()
            .alpha(settings.alpha as f32)
            .max_iterations(settings.steps)
            .gradient_tolerance(1e-3),
        &data,
    )
    .map_err(|e| solver(&e))?;
    // linfa chooses which class is positive: the larger label by its documentation, asked here to be sure
    let sign = if fitted.labels().pos.class == 1 { 1.0 } else { -1.0 };
    let all: Vec<f64> = fitted.params().iter().map(|w| f64::from(*w) * sign).collect();
    if all.iter().any(|w| !w.is_finite()) {
        return Err(TrainError::Solver("a weight is no number".into()));
    }
    Ok(Weights {
        slots: all[..slots.len()].to_vec(),
        named: all[slots.len()..slots.len() + names.len()].to_vec(),
        base: if based { (all[width - 1] / 32.0).max(0.0) } else { 0.0 },
    })
}

/// Scales the weights to whole numbers: nearly all between -127 and 127, the few beyond cut off.
fn whole(
    slots: &[u16],
    names: &BTreeSet<u64>,
    weights: &Weights,
    base: Option<&Model>,
    scale: Option<f64>,
) -> (Model, f64) {
    let mut all: BTreeMap<u16, f64> = slots.iter().copied().zip(weights.slots.iter().copied()).collect();
    let mut named: BTreeMap<u64, f64> =
        names.iter().copied().zip(weights.named.iter().map(|w| w * NAMED * ONE as f64)).collect();
    if let Some(base) = base {
        base.weights.iter().for_each(|(s, w)| *all.entry(*s).or_default() += f64::from(*w) * weights.base);
        base.named.iter().for_each(|(n, w)| *named.entry(*n).or_default() += f64::from(*w) * weights.base);
    }
    let mut sizes: Vec<f64> = all.values().map(|w| w.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 500)).copied().unwrap_or(1.0).max(1e-9);
    let scale = scale.unwrap_or(127.0 / largest);
    let model = Model {
        weights: all
            .into_iter()
            .map(|(s, w)| (s, (w * scale).round().clamp(-127.0, 127.0) as i8))
            .filter(|(_, w)| *w != 0)
            .collect(),
        named: named
            .into_iter()
            .map(|(n, w)| (n, (w * scale).round().clamp(0.0, f64::from(u16::MAX)) as u16))
            .filter(|(_, w)| *w > 0)
            .collect(),
        knots: vec![(i32::MAX - 1, 0)],
    };
    (model, scale)
}
