//! How often words stand in the examples beside the rules: an estimate of how often texts will offer them.

use crate::expand::{Alternatives, Classes, Singles};
use crate::source::Rules;
use sakchy_core::pack::{Atom, Ending};
use sakchy_core::text::fold_word;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// Folded words with their counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frequency {
    counts: BTreeMap<Vec<u8>, u32>,
    /// Classes and words stand in many phrases: each is counted once.
    known: RefCell<HashMap<Singles, u32>>,
}

impl Frequency {
    /// Counts the words of all examples.
    pub fn of_examples(rules: &Rules) -> Frequency {
        let of_signals = rules.signals.values().map(|s| &s.value.examples);
        let of_indicators = rules.indicators.values().map(|i| &i.value.examples);
        let mut counts = BTreeMap::new();
        for examples in of_signals.chain(of_indicators) {
            for text in examples.matching.values().chain(examples.no_match.values()).flatten() {
                for word in text.get_ref().split(|c: char| !c.is_alphanumeric()) {
                    let folded = fold_word(word);
                    if !folded.is_empty() {
                        *counts.entry(folded).or_default() += 1;
                    }
                }
            }
        }
        Frequency { counts, known: RefCell::default() }
    }

    /// How often a text may offer a beginning of these words; one more for every few words, so that short lists win.
    pub fn of(&self, classes: &Classes, words: &Alternatives) -> u32 {
        let first = words.sequences.iter().filter_map(|s| s.first());
        first.chain([&words.single]).map(|s| self.singles(classes, s)).sum()
    }

    fn singles(&self, classes: &Classes, singles: &Singles) -> u32 {
        if let Some(n) = self.known.borrow().get(singles) {
            return *n;
        }
        let own: u32 = singles.atoms.iter().map(|a| self.atom(a) * 8 + 1).sum();
        let named = singles.classes.iter().filter_map(|c| classes.get(c));
        let all = own + named.map(|class| self.of(classes, &class.fixed)).sum::<u32>();
        self.known.borrow_mut().insert(singles.clone(), all);
        all
    }

    fn atom(&self, atom: &Atom) -> u32 {
        match atom.ending {
            Ending::Any | Ending::Affirmed => self
                .counts
                .range(atom.word.clone()..)
                .take_while(|(w, _)| w.starts_with(&atom.word))
                .map(|(_, n)| n)
                .sum(),
            Ending::None => self.counts.get(&atom.word).copied().unwrap_or(0),
        }
    }
}
