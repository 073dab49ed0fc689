//! Phrases that another phrase of the same signal makes useless, where that can be proved from their words alone: every
//! text that one of them is found in holds the other as well.

use crate::error::RuleError;
use crate::expand::{Alternatives, Classes, Expanded, Part, Singles, expand};
use crate::phrase;
use crate::source::{ByLanguage, Sourced};
use sakchy_core::pack::{Atom, Ending};
use std::collections::{BTreeSet, HashMap};

/// Phrases that stand for more linear ones than this are not looked at.
const MOST_VARIANTS: usize = 60;

/// One written phrase.
struct Written<'f> {
    line: usize,
    language: &'f str,
    words: &'f str,
    reach: (u8, u8),
    variants: Vec<Line>,
}

/// A linear phrase with numbered alternatives.
struct Line {
    budget: u8,
    places: Vec<Spot>,
}

#[derive(Clone, Copy)]
struct Spot {
    part: Kind,
    optional: bool,
    gap: u8,
    crosses: bool,
    budgeted: bool,
    /// Most words that may fill it.
    longest: u8,
}

#[derive(Clone, Copy)]
enum Kind {
    Words(usize),
    Number(u64, u64),
}

/// Finds the useless phrases of one signal; `unless` phrases cancel what they overlap, so there both must cover the same words.
pub fn find<T>(
    file: &Sourced<T>,
    phrases: &ByLanguage,
    unless: bool,
    classes: &Classes,
    words: &mut WordSets,
    found: &mut Vec<RuleError>,
) {
    let all = read(file, phrases, classes, words);
    let mut gone = BTreeSet::new();
    for (n, a) in all.iter().enumerate() {
        if a.variants.is_empty() || a.variants.len() > MOST_VARIANTS {
            continue;
        }
        let by = all.iter().enumerate().find(|(m, b)| {
            // of two that say the same, the later one is told
            *m != n
                && !gone.contains(m)
                && (b.language == a.language || b.language == "any")
                && b.reach.0 >= a.reach.0
                && b.reach.1 >= a.reach.1
                && a.variants.iter().all(|x| b.variants.iter().any(|y| holds(x, y, unless, words)))
        });
        if let Some((_, b)) = by {
            gone.insert(n);
            found.push(RuleError {
                file: file.file.clone(),
                line: a.line,
                words: a.words.to_string(),
                problem: format!("line {} finds all that this phrase finds: {}", b.line, b.words),
                mend: "remove this phrase, or write what it should find beyond the other".into(),
            });
        }
    }
}

fn read<'f, T>(
    file: &Sourced<T>,
    phrases: &'f ByLanguage,
    classes: &Classes,
    words: &mut WordSets,
) -> Vec<Written<'f>> {
    let mut out = Vec::new();
    for (language, list) in phrases {
        for source in list {
            let Ok((items, reach)) = phrase::parse_with_reach(source.get_ref()) else { continue };
            let Ok(variants) = expand(&items, language, classes) else { continue };
            out.push(Written {
                line: file.error(source.span().start, "", "", "").line,
                language,
                words: source.get_ref(),
                reach,
                variants: variants.iter().map(|v| words.line(v, classes)).collect(),
            });
        }
    }
    out
}

/// Does every text with `a` hold `b`? Places of `b` are looked for among those of `a`, in order; a `no` may be wrong, a `yes`
/// never.
fn holds(a: &Line, b: &Line, whole: bool, words: &mut WordSets) -> bool {
    if b.places.iter().any(|p| p.budgeted) {
        // a shared budget is compared for phrases of the same shape only
        let same = a.places.len() == b.places.len()
            && a.budget <= b.budget
            && a.places.iter().zip(&b.places).skip(1).all(|(x, y)| x.budgeted == y.budgeted);
        if !same {
            return false;
        }
    }
    let starts = if whole { 1 } else { a.places.len() };
    (0..starts).any(|from| fits(a, b, from, 0, whole, words))
}

/// Place `n` of `b` stands at place `m` of `a`; do the others follow?
fn fits(a: &Line, b: &Line, m: usize, n: usize, whole: bool, words: &mut WordSets) -> bool {
    let (x, y) = (a.places[m], b.places[n]);
    if x.optional && !y.optional || !words.within(x.part, y.part) {
        return false;
    }
    let Some(next) = b.places.get(n + 1) else { return !whole || m + 1 == a.places.len() };
    let (mut gap, mut crosses) = (0u32, false);
    for (m, place) in a.places.iter().enumerate().skip(m + 1) {
        gap += u32::from(place.gap);
        crosses |= place.crosses;
        if gap > u32::from(next.gap) || crosses && !next.crosses {
            return false;
        }
        if fits(a, b, m, n + 1, whole, words) {
            return true;
        }
        gap += u32::from(place.longest);
    }
    false
}

/// The sets of words that the phrases of all signals name, each once, and what was found out about them.
#[derive(Default)]
pub struct WordSets {
    numbers: HashMap<Alternatives, usize>,
    sets: Vec<Flat>,
    within: HashMap<(usize, usize), bool>,
}

/// Alternatives with all classes written out.
#[derive(Default)]
struct Flat {
    exact: BTreeSet<Vec<u8>>,
    open: HashMap<Vec<u8>, Ending>,
    sequences: BTreeSet<Vec<Singles>>,
}

impl WordSets {
    fn line(&mut self, phrase: &Expanded, classes: &Classes) -> Line {
        let mut spot = |part: &Part| match part {
            Part::Words(words) => {
                let n = self.number(words, classes);
                let longest = self.sets[n].sequences.iter().map(Vec::len).max().unwrap_or(1).max(1);
                (Kind::Words(n), u8::try_from(longest).unwrap_or(u8::MAX))
            }
            Part::Number(from, to) => (Kind::Number(*from, *to), 1),
        };
        let places = phrase.places.iter().map(|p| {
            let (part, longest) = spot(&p.part);
            Spot { part, optional: p.optional, gap: p.gap, crosses: p.crosses, budgeted: p.budgeted, longest }
        });
        Line { places: places.collect(), budget: phrase.budget }
    }

    fn number(&mut self, words: &Alternatives, classes: &Classes) -> usize {
        if let Some(n) = self.numbers.get(words) {
            return *n;
        }
        let mut flat = Flat::default();
        flat.add(words, classes, 0);
        self.sets.push(flat);
        self.numbers.insert(words.clone(), self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn within(&mut self, a: Kind, b: Kind) -> bool {
        match (a, b) {
            (Kind::Number(a, z), Kind::Number(from, to)) => from <= a && z <= to,
            (Kind::Words(a), Kind::Words(b)) if a == b => true,
            (Kind::Words(a), Kind::Words(b)) => {
                let (sets, known) = (&self.sets, &mut self.within);
                *known.entry((a, b)).or_insert_with(|| sets[b].holds(&sets[a]))
            }
            _ => false,
        }
    }
}

impl Flat {
    fn add(&mut self, words: &Alternatives, classes: &Classes, depth: usize) {
        if depth > 8 {
            return;
        }
        for atom in &words.single.atoms {
            match atom.ending {
                Ending::None => {
                    self.exact.insert(atom.word.clone());
                }
                ending => {
                    let widest = self.open.entry(atom.word.clone()).or_insert(ending);
                    *widest = (*widest).max(ending);
                }
            }
        }
        self.sequences.extend(words.sequences.iter().cloned());
        for class in words.single.classes.iter().filter_map(|c| classes.get(c)) {
            self.add(&class.fixed, classes, depth + 1);
        }
    }

    fn holds(&self, other: &Flat) -> bool {
        let exact = other.exact.iter().all(|word| self.has(word, Ending::None));
        exact
            && other.open.iter().all(|(word, ending)| self.has(word, *ending))
            && other.sequences.iter().all(|s| self.has_sequence(s))
    }

    fn has(&self, word: &[u8], ending: Ending) -> bool {
        if ending == Ending::None && self.exact.contains(word) {
            return true;
        }
        (1..=word.len()).any(|n| match self.open.get(&word[..n]) {
            Some(Ending::Any) => true,
            // what follows the letters must not negate: only the very same letters are sure not to
            Some(_) => n == word.len() && ending != Ending::Any,
            None => false,
        })
    }

    fn has_sequence(&self, sequence: &[Singles]) -> bool {
        let within = |a: &Singles, b: &Singles| {
            a.classes.is_subset(&b.classes) && a.atoms.iter().all(|x| b.atoms.iter().any(|y| covers(y, x)))
        };
        self.sequences.contains(sequence)
            || self
                .sequences
                .iter()
                .any(|s| s.len() == sequence.len() && sequence.iter().zip(s).all(|(a, b)| within(a, b)))
    }
}

/// Does every word that fits the second fit the first?
fn covers(wide: &Atom, narrow: &Atom) -> bool {
    match wide.ending {
        Ending::Any => narrow.word.starts_with(&wide.word),
        Ending::Affirmed => narrow.word == wide.word && narrow.ending != Ending::Any,
        Ending::None => narrow == wide,
    }
}
