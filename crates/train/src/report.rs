//! Figures of rules alone, classifier alone and both, by language and kind, with intervals by family.

use crate::corpus::Row;
use crate::hiding::{self, MANNERS};
use crate::metrics::{average_precision, expected_precision, recall_at, roc_auc};
use crate::near;
use crate::training::{Outcome, Rules, rules_alone, together};
use crate::{cv, training};
use sakchy::{Engine, Model, Screener};
use sakchy_core::pack::Scale;
use serde::Serialize;
use std::collections::BTreeMap;

/// Resamples of the bootstrap.
const RESAMPLES: usize = 200;
/// The three ways to judge.
pub const WAYS: [&str; 3] = ["rules", "classifier", "both"];

/// A row with what each way makes of it.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Language.
    pub language: String,
    /// Kind of offer.
    pub kind: String,
    /// Should a person check it?
    pub risky: bool,
    /// Group of rows written from one idea.
    pub group: usize,
    /// Indicators that the row names.
    pub indicators: Vec<String>,
    /// Points by way: rules, classifier, both.
    pub points: [u32; 3],
    /// What it is ranked by, by way.
    pub rank: [f64; 3],
}

/// Precision, recall and false alarms at a band.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct AtBand {
    /// Share of flagged rows that are risky.
    pub precision: f64,
    /// Share of risky rows that are flagged.
    pub recall: f64,
    /// Share of legitimate rows that are flagged.
    pub false_alarms: f64,
}

/// Figures of one way on one group of rows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Way {
    /// By band: notice, warning, danger.
    pub bands: BTreeMap<&'static str, AtBand>,
    /// Average precision.
    pub average_precision: f64,
    /// Area under the ROC curve.
    pub roc_auc: f64,
    /// Recall where 1% of the legitimate rows are flagged.
    pub recall_at_1_percent: f64,
    /// Precision at `warning` to expect where one advert in 100 is risky.
    pub precision_at_1_in_100: f64,
    /// The same for one in 1,000.
    pub precision_at_1_in_1000: f64,
    /// 95% of the resamples by family: recall at `warning`.
    pub recall_interval: (f64, f64),
    /// The same for false alarms.
    pub false_alarms_interval: (f64, f64),
    /// The same for average precision.
    pub average_precision_interval: (f64, f64),
}

/// One group of rows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Group {
    /// Risky rows.
    pub risky: usize,
    /// Legitimate rows.
    pub legitimate: usize,
    /// Figures by way.
    pub ways: BTreeMap<&'static str, Way>,
}

/// Rules alone against both, as shares of the risky (recall) or legitimate rows (false alarms) at `warning`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Pair {
    /// Rules alone.
    pub rules: f64,
    /// Both.
    pub both: f64,
}

/// The whole report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// How the rows were judged.
    pub what: String,
    /// By group: all, language, kind.
    pub groups: BTreeMap<String, Group>,
    /// Recall at `warning` of the risky rows that name an indicator, and how many they are.
    pub indicators: BTreeMap<String, (Pair, usize)>,
    /// Recall at `warning` of copies with hidden letters, by manner; `plain` is the text as it is.
    pub hidden: BTreeMap<&'static str, Pair>,
    /// With a part of the signals taken away: recall and false alarms of each draw.
    pub removed: Vec<(Pair, Pair)>,
    /// The rows, for plots.
    #[serde(skip)]
    pub rows: Vec<Scored>,
    /// Score from which on the band is `warning`.
    pub warning: u32,
}

fn scored(scale: &Scale, row: &Row, group: usize, rules: Rules, value: i64, model: &Model) -> Scored {
    let points = if rules.offer { model.points(value).min(scale.classifier_cap) } else { 0 };
    let both = together(scale, rules, points);
    // what is no offer stands below all offers; between equal scores the classifier's value orders the work list
    let value = if rules.offer { value as f64 } else { -1e12 };
    let rank = [f64::from(rules.score), value, f64::from(both) + value.clamp(-1e6, 1e6) / 1e7];
    Scored {
        language: row.language.clone(),
        kind: row.kind.clone(),
        risky: row.risky(),
        group,
        indicators: row.indicators.clone(),
        points: [rules.score, points.min(scale.danger - 1), both],
        rank,
    }
}

/// The report on rows that the folds held out.
pub fn grouped(screener: &Screener, rows: &[Row], outcome: &Outcome) -> Report {
    let scale = &screener.pack().scale;
    let plain = screener.clone().without_model();
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let groups = near::groups(&texts, &|n| rows[n].family.as_str());
    let all = rows.iter().zip(&outcome.views).zip(&groups);
    let scored = all.map(|((r, v), g)| scored(scale, r, *g, v.rules, v.value, &outcome.model)).collect();
    let engines: Vec<Engine> =
        outcome.folds.iter().map(|m| plain.engine().clone().with_model(m.clone(), "fold")).collect();
    let engine = |n: usize| &engines[outcome.fold_of[n]];
    let mut report = build("rows held out by folds grouped by family", scale, scored);
    report.hidden = hidden(&plain, rows, &engine);
    for views in &outcome.draws {
        let share = |risky: bool, both: bool| {
            let of = rows.iter().zip(views).filter(|(r, _)| r.risky() == risky);
            let score = |v: &training::View| {
                if both { together(scale, v.rules, outcome.model.points(v.value)) } else { v.rules.score }
            };
            mean(of.map(|(_, v)| score(v) >= scale.warning))
        };
        let pair = |risky| Pair { rules: share(risky, false), both: share(risky, true) };
        report.removed.push((pair(true), pair(false)));
    }
    report
}

/// The report on rows that the screener's model has not seen (the split `frozen`, or data of one's own).
pub fn unseen(screener: &Screener, model: &Model, rows: &[Row], what: &str) -> Report {
    let scale = &screener.pack().scale;
    let plain = screener.clone().without_model();
    let engine = plain.engine().clone().with_model(model.clone(), "model");
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let groups = near::groups(&texts, &|n| rows[n].family.as_str());
    let score = |(row, group): (&Row, &usize)| {
        scored(scale, row, *group, rules_alone(&plain, &row.text), cv::value(&engine, &row.text).1, model)
    };
    let mut report = build(what, scale, rows.iter().zip(&groups).map(score).collect());
    report.hidden = hidden(&plain, rows, &|_| &engine);
    report
}

fn hidden<'e>(plain: &Screener, rows: &[Row], engine: &dyn Fn(usize) -> &'e Engine) -> BTreeMap<&'static str, Pair> {
    let warning = plain.pack().scale.warning;
    let options = sakchy::Options { lang: Some("en"), ..sakchy::Options::default() };
    MANNERS
        .iter()
        .map(|manner| {
            let risky = || rows.iter().enumerate().filter(|(_, r)| r.risky());
            let text = |n: usize| hiding::hide(manner, &rows[n].text, n as u64);
            let rules = mean(risky().map(|(n, _)| rules_alone(plain, &text(n)).score >= warning));
            let both = mean(risky().map(|(n, _)| engine(n).screen(&text(n), &options).score >= warning));
            (*manner, Pair { rules, both })
        })
        .collect()
}

fn build(what: &str, scale: &Scale, rows: Vec<Scored>) -> Report {
    let mut names: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    for row in &rows {
        for name in ["all".to_string(), format!("language {}", row.language), format!("kind {}", row.kind)] {
            names.entry(name).or_default().push(row);
        }
    }
    let groups = names.into_iter().map(|(name, rows)| (name, group(scale, &rows))).collect();
    let mut indicators: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.risky) {
        row.indicators.iter().for_each(|i| indicators.entry(i.clone()).or_default().push(row));
    }
    let pair = |rows: &[&Scored]| {
        let at = |way: usize| mean(rows.iter().map(|r| r.points[way] >= scale.warning));
        Pair { rules: at(0), both: at(2) }
    };
    let indicators = indicators.into_iter().map(|(name, rows)| (name, (pair(&rows), rows.len()))).collect();
    Report { what: what.into(), groups, indicators, rows, warning: scale.warning, ..Report::default() }
}

fn group(scale: &Scale, rows: &[&Scored]) -> Group {
    let mut families: BTreeMap<usize, Vec<&Scored>> = BTreeMap::new();
    rows.iter().for_each(|r| families.entry(r.group).or_default().push(r));
    let families: Vec<Vec<&Scored>> = families.into_values().collect();
    let mut samples = Vec::with_capacity(RESAMPLES);
    let mut seed = 4u64;
    for _ in 0..RESAMPLES {
        let picks = (0..families.len()).map(|_| (hiding::next(&mut seed) % families.len() as u64) as usize);
        samples.push(picks.flat_map(|n| families[n].iter().copied()).collect::<Vec<&Scored>>());
    }
    let ways = WAYS.iter().enumerate().map(|(way, name)| {
        let items = |rows: &[&Scored]| rows.iter().map(|r| (r.rank[way], r.risky)).collect::<Vec<_>>();
        let at = |rows: &[&Scored], least: u32| {
            let share = |risky: bool| mean(rows.iter().filter(|r| r.risky == risky).map(|r| r.points[way] >= least));
            let flagged = rows.iter().filter(|r| r.points[way] >= least);
            AtBand { precision: mean(flagged.map(|r| r.risky)), recall: share(true), false_alarms: share(false) }
        };
        let bands = [("notice", scale.notice), ("warning", scale.warning), ("danger", scale.danger)];
        let warning = at(rows, scale.warning);
        let interval = |of: &dyn Fn(&[&Scored]) -> f64| {
            let mut values: Vec<f64> = samples.iter().map(|s| of(s)).collect();
            values.sort_by(f64::total_cmp);
            (values[RESAMPLES / 40], values[RESAMPLES - 1 - RESAMPLES / 40])
        };
        let own = items(rows);
        let figures = Way {
            bands: bands.into_iter().map(|(name, least)| (name, at(rows, least))).collect(),
            average_precision: average_precision(&own),
            roc_auc: roc_auc(&own),
            recall_at_1_percent: recall_at(&own, 0.01),
            precision_at_1_in_100: expected_precision(warning.recall, warning.false_alarms, 100.0),
            precision_at_1_in_1000: expected_precision(warning.recall, warning.false_alarms, 1000.0),
            recall_interval: interval(&|s| at(s, scale.warning).recall),
            false_alarms_interval: interval(&|s| at(s, scale.warning).false_alarms),
            average_precision_interval: interval(&|s| average_precision(&items(s))),
        };
        (*name, figures)
    });
    let risky = rows.iter().filter(|r| r.risky).count();
    Group { risky, legitimate: rows.len() - risky, ways: ways.collect() }
}

fn mean(hits: impl Iterator<Item = bool>) -> f64 {
    let (mut n, mut of) = (0usize, 0usize);
    for hit in hits {
        of += 1;
        n += usize::from(hit);
    }
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}
