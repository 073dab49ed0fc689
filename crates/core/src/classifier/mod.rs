//! The classifier: whole weights of features, added up line by line.
//!
//! Law 2 wants a term that no appended line can lower. So the term is the greatest over segments that a longer text keeps:
//! the text up to the end of each line, and each line alone. Law 1 wants no floating point: weights are small integers, the
//! sum is divided by the number of words (so that long texts do not gather noise), and a short table of knots turns the value into points. Nothing here is a probability.

mod model;

pub use model::{FORMAT, LARGEST, MAGIC, Model, ModelError};

use crate::answer::{ClassifierPart, ClassifierTerm};
use crate::engine::Reading;
use crate::facts::Span;
use crate::features::{self, SLOTS};
use crate::pack::Pack;
use std::ops::Range;

/// Words added to the count of every segment, so that a single word does not decide.
pub const SMOOTHING: i64 = 24;
/// What a feature counts in a text of as many words, less the smoothing.
pub const SPREAD: i64 = 8;
/// One whole in a value.
pub const ONE: i64 = 128;
/// Most words shown.
const TERMS: usize = 6;

/// A model made ready for one pack.
#[derive(Clone, Debug)]
pub(crate) struct Classifier {
    model: Model,
    /// A weight for every slot.
    table: Vec<i8>,
    /// A weight for every signal of the pack.
    signals: Vec<u16>,
    facts: [u16; features::FACTS.len()],
}

/// Words alone, without a pack: for measuring features and arithmetic on other tasks.
pub struct Scorer {
    table: Vec<i8>,
}

impl Scorer {
    /// The weights of a model, as a table.
    pub fn new(model: &Model) -> Scorer {
        Scorer { table: table(model) }
    }

    /// The value of a whole text.
    pub fn whole(&self, text: &str) -> i64 {
        let text = crate::text::Text::read(text, &crate::text::NoAbbreviations);
        let mut seen = vec![0u64; SLOTS / 64];
        let (mut sum, mut tokens) = (0, 0);
        for line in features::lines(&text) {
            tokens += features::of_tokens(&text, line, &[], |slot, _, _| {
                let weight = self.table[usize::from(slot)];
                if weight != 0 && fresh(&mut seen, slot) {
                    sum += i64::from(weight);
                }
            });
        }
        value(sum, tokens)
    }
}

fn table(model: &Model) -> Vec<i8> {
    let mut table = vec![0i8; SLOTS];
    model.weights.iter().for_each(|(slot, weight)| table[usize::from(*slot)] = *weight);
    table
}

/// The segment that weighs most.
struct Best {
    value: i64,
    lines: Range<usize>,
}

impl Classifier {
    pub(crate) fn new(model: Model, pack: &Pack) -> Classifier {
        let table = table(&model);
        let weight = |name: u64| model.named.binary_search_by_key(&name, |n| n.0).map_or(0, |at| model.named[at].1);
        let signal = |s: &crate::pack::Signal| {
            if features::counts(s) { weight(features::name_hash("signal", &s.id)) } else { 0 }
        };
        let signals = pack.signals.iter().map(signal).collect();
        let facts = features::FACTS.map(|f| weight(features::name_hash("fact", f)));
        Classifier { model, table, signals, facts }
    }

    /// The value of the heaviest segment, for calibration; the least number for a text without words.
    pub(crate) fn value(&self, pack: &Pack, reading: &Reading<'_>) -> i64 {
        self.best(pack, reading, &features::muted(pack, &reading.text, &reading.hits)).value
    }

    /// The points of a text, at most `cap`, and the words behind them. `body` is where the text begins behind its title.
    pub(crate) fn weigh(&self, pack: &Pack, reading: &Reading<'_>, cap: u32, body: usize) -> ClassifierPart {
        let muted = features::muted(pack, &reading.text, &reading.hits);
        let best = self.best(pack, reading, &muted);
        let points = self.model.points(best.value).min(cap);
        let terms = if points == 0 { Vec::new() } else { self.terms(pack, reading, &muted, &best, points, body) };
        ClassifierPart { points, terms, state: None }
    }

    /// What signals and facts add up to the end of each line: those that begin on it or above.
    fn named(&self, pack: &Pack, reading: &Reading<'_>) -> Vec<(usize, i64, Span)> {
        let text = &reading.text;
        let mut all = Vec::new();
        let line_at = |byte: usize| {
            let token = text.tokens.partition_point(|t| (t.end as usize) <= byte).min(text.tokens.len() - 1);
            text.tokens[token].line as usize
        };
        for (n, hits) in reading.hits.iter() {
            let weight = self.signals[usize::from(n)];
            if weight > 0
                && let Some(hit) = hits.iter().min()
            {
                let (start, end) = text.span(hit.first as usize, hit.last as usize);
                all.push((text.tokens[hit.first as usize].line as usize, i64::from(weight), Span { start, end }));
            }
        }
        for (fact, weight) in features::FACTS.iter().zip(self.facts) {
            if weight > 0 && reading.facts.holds(fact, "") {
                let span = reading.facts.spans(fact, "").into_iter().min().unwrap_or_default();
                all.push((line_at(span.start), i64::from(weight), span));
            }
        }
        debug_assert!(pack.signals.len() == self.signals.len());
        all
    }

    fn best(&self, pack: &Pack, reading: &Reading<'_>, muted: &[bool]) -> Best {
        let text = &reading.text;
        let mut best = Best { value: i64::MIN / 2, lines: 0..0 };
        if text.tokens.is_empty() {
            return best;
        }
        let named = self.named(pack, reading);
        let lines = features::lines(text);
        let (mut above, mut alone) = (vec![0u64; SLOTS / 64], vec![0u64; SLOTS / 64]);
        let single = lines.len() == 1;
        let (mut sum, mut tokens) = (0i64, 0usize);
        let mut touched: Vec<u16> = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            let mut own = 0i64;
            let counted = features::of_tokens(text, line.clone(), muted, |slot, _, _| {
                let weight = self.table[usize::from(slot)];
                if weight == 0 {
                    return;
                }
                if fresh(&mut above, slot) {
                    sum += i64::from(weight);
                }
                if !single && fresh(&mut alone, slot) {
                    own += i64::from(weight);
                    touched.push(slot);
                }
            });
            tokens += counted;
            let here = text.tokens[line.start].line as usize;
            let total = |keep: &dyn Fn(usize) -> bool| {
                named.iter().filter(|(line, _, _)| keep(*line)).map(|(_, w, _)| *w).sum::<i64>()
            };
            let whole = value(sum, tokens) + total(&|line| line <= here);
            if whole > best.value {
                best = Best { value: whole, lines: 0..n + 1 };
            }
            if !single {
                let line = value(own, counted) + total(&|line| line == here);
                if line > best.value {
                    best = Best { value: line, lines: n..n + 1 };
                }
                touched.drain(..).for_each(|slot| alone[usize::from(slot) / 64] &= !(1 << (slot % 64)));
            }
        }
        best
    }

    /// The words that weigh most in the best segment, each with its part of the points.
    fn terms(
        &self,
        pack: &Pack,
        reading: &Reading<'_>,
        muted: &[bool],
        best: &Best,
        points: u32,
        body: usize,
    ) -> Vec<ClassifierTerm> {
        let text = &reading.text;
        let lines = &features::lines(text)[best.lines.clone()];
        let mut seen = vec![0u64; SLOTS / 64];
        let mut parts = vec![0i64; text.tokens.len()];
        let mut tokens = 0;
        for line in lines {
            tokens += features::of_tokens(text, line.clone(), muted, |slot, first, last| {
                let weight = i64::from(self.table[usize::from(slot)]);
                if weight != 0 && fresh(&mut seen, slot) {
                    // a pair's weight is shared by its two words
                    let half = weight * if first == last { 2 } else { 1 };
                    parts[first] += half;
                    if first != last {
                        parts[last] += half;
                    }
                }
            });
        }
        let span =
            |token: usize| Span { start: text.tokens[token].start as usize, end: text.tokens[token].end as usize };
        let within = |line: usize| {
            let of = |range: &Range<usize>| text.tokens[range.start].line as usize;
            lines.first().is_some_and(|l| of(l) <= line) && lines.last().is_some_and(|l| line <= of(l))
        };
        let mut all: Vec<(i64, Span)> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| **part > 0)
            .map(|(token, part)| (value(*part, tokens) / 2, span(token)))
            .chain(
                self.named(pack, reading).into_iter().filter(|n| within(n.0)).map(|(_, weight, span)| (weight, span)),
            )
            .collect();
        all.sort_by_key(|(part, span)| (-part, *span));
        let whole = all.iter().map(|(part, _)| *part).sum::<i64>().max(1);
        all.into_iter()
            .take(TERMS)
            .filter_map(|(part, span)| {
                let e = crate::engine::evidence(text.original, span, body)?;
                let points = (part * i64::from(points) / whole) as u32;
                (points > 0).then_some(ClassifierTerm {
                    text: e.text,
                    points,
                    field: e.field,
                    start: e.start,
                    end: e.end,
                })
            })
            .collect()
    }
}

/// Sets a bit; tells whether it was new.
#[inline(always)]
fn fresh(bits: &mut [u64], slot: u16) -> bool {
    let (word, bit) = (&mut bits[usize::from(slot) / 64], 1u64 << (slot % 64));
    let new = *word & bit == 0;
    *word |= bit;
    new
}

/// The sum of weights over the (smoothed) number of words, in parts of [`ONE`].
fn value(sum: i64, tokens: usize) -> i64 {
    sum * ONE * SPREAD / (tokens as i64 + SMOOTHING)
}
