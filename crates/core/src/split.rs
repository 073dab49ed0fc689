//! Abbreviations, and words run together: what the text reader needs to know of the pack.

use crate::lexicon::Lexicon;
use crate::pack::{Ending, Pack};
use crate::text::Abbreviations;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Longest ending that may follow a known stem in letters run together.
const LONGEST_ENDING: usize = 4;

/// Folded short form to whether it needs a full stop, and its full readings.
type ShortForms = HashMap<Vec<u8>, (bool, Vec<Vec<u8>>), BuildHasherDefault<Fnv>>;

/// Looks words up for the reader of texts.
#[derive(Clone, Debug)]
pub(crate) struct Splitter {
    /// Short forms: needs a full stop, the full readings.
    short: ShortForms,
    longest_short: usize,
}

/// FNV-1a: the keys are a few bytes and come from the pack, not from strangers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl Splitter {
    /// Takes what is needed from the pack.
    pub fn new(pack: &Pack) -> Splitter {
        let mut short = ShortForms::default();
        for a in &pack.abbreviations {
            short.entry(a.short.clone()).or_insert((a.dot, Vec::new())).1.extend(a.long.iter().cloned());
        }
        let longest_short = short.keys().map(Vec::len).max().unwrap_or(0);
        Splitter { short, longest_short }
    }
}

/// The splitter with the words of the lexicon.
pub(crate) struct Vocabulary<'a> {
    pub splitter: &'a Splitter,
    pub lexicon: &'a Lexicon,
}

impl Vocabulary<'_> {
    fn known(&self, word: &[u8]) -> bool {
        self.lexicon.atoms().contains(word, Ending::None)
    }

    fn known_stem(&self, word: &[u8]) -> bool {
        [Ending::Any, Ending::Affirmed].into_iter().any(|ending| self.lexicon.atoms().contains(word, ending))
    }
}

impl Abbreviations for Vocabulary<'_> {
    fn expand(&self, folded: &[u8], dotted: bool) -> &[Vec<u8>] {
        if folded.len() > self.splitter.longest_short {
            return &[];
        }
        match self.splitter.short.get(folded) {
            Some((needs_dot, long)) if dotted || !needs_dot => long,
            _ => &[],
        }
    }

    /// Cheapest way to cut the letters into known words: a letter in no known word costs most, a word's ending a little,
    /// a word a little. Dynamic programming over at most 400 letters.
    fn split(&self, folded: &[u8]) -> Vec<usize> {
        const UNKNOWN: u32 = 30;
        let n = folded.len().min(400);
        if n != folded.len() {
            return Vec::new();
        }
        let mut best = vec![u32::MAX; n + 1];
        let mut from = vec![0usize; n + 1];
        best[0] = 0;
        for i in 0..n {
            if best[i] == u32::MAX {
                continue;
            }
            let mut offer = |to: usize, cost: u32| {
                let cost = best[i] + cost;
                if cost < best[to] {
                    best[to] = cost;
                    from[to] = i;
                }
            };
            offer(i + 1, UNKNOWN);
            for to in i + 1..=n.min(i + 24) {
                let word = &folded[i..to];
                if self.known(word) {
                    offer(to, if word.len() > 2 { 10 } else { 16 });
                }
                if word.len() >= 3 && self.known_stem(word) {
                    for ending in 0..=LONGEST_ENDING.min(n - to) {
                        offer(to + ending, 10 + 3 * ending as u32);
                    }
                }
            }
        }
        let mut cuts = Vec::new();
        let mut at = n;
        while at > 0 {
            cuts.push(at - from[at]);
            at = from[at];
        }
        cuts.reverse();
        // neighbouring unknown letters belong together
        let mut joined: Vec<usize> = Vec::with_capacity(cuts.len());
        let mut pos = 0;
        let mut loose = false;
        for cut in cuts {
            let unknown = cut == 1 && !self.known(&folded[pos..pos + 1]);
            match joined.last_mut() {
                Some(last) if unknown && loose => *last += 1,
                _ => joined.push(cut),
            }
            loose = unknown;
            pos += cut;
        }
        joined
    }
}
