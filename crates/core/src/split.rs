//! Abbreviations, and words run together: what the text reader needs to know of the pack.

use crate::pack::{Pack, Slot};
use crate::text::Abbreviations;
use std::collections::{BTreeMap, BTreeSet};

/// Longest ending that may follow a known stem in letters run together.
const LONGEST_ENDING: usize = 4;

/// Looks words up for the reader of texts.
#[derive(Clone, Debug)]
pub struct Splitter {
    short: BTreeMap<Vec<u8>, (bool, Vec<Vec<u8>>)>,
    longest_short: usize,
    /// Known words and stems, by first byte order; open stems may take an ending.
    closed: BTreeSet<Vec<u8>>,
    open: BTreeSet<Vec<u8>>,
}

impl Splitter {
    /// Takes what is needed from the pack.
    pub fn new(pack: &Pack) -> Splitter {
        let mut short: BTreeMap<Vec<u8>, (bool, Vec<Vec<u8>>)> = BTreeMap::new();
        for a in &pack.abbreviations {
            short.entry(a.short.clone()).or_insert((a.dot, Vec::new())).1.extend(a.long.iter().cloned());
        }
        let used: BTreeSet<u32> = pack
            .phrases
            .iter()
            .flat_map(|p| &p.places)
            .filter_map(|p| match p.slot {
                Slot::Set(n) => Some(n),
                Slot::Number(..) => None,
            })
            .collect();
        let (mut closed, mut open) = (BTreeSet::new(), BTreeSet::new());
        let atoms = used.iter().map(|&n| &pack.sets[n as usize]).flat_map(|w| {
            w.single.0.iter().chain(w.sequences.iter().flatten().flat_map(|s| &s.0))
        });
        for atom in atoms {
            if atom.open && atom.word.len() >= 3 {
                open.insert(atom.word.clone());
            } else if !atom.open {
                closed.insert(atom.word.clone());
            }
        }
        let longest_short = short.keys().map(Vec::len).max().unwrap_or(0);
        Splitter { short, longest_short, closed, open }
    }
}

impl Abbreviations for Splitter {
    fn expand(&self, folded: &[u8], dotted: bool) -> &[Vec<u8>] {
        if folded.len() > self.longest_short {
            return &[];
        }
        match self.short.get(folded) {
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
                if self.closed.contains(word) {
                    offer(to, if word.len() > 2 { 10 } else { 16 });
                }
                if self.open.contains(word) {
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
            let unknown = cut == 1 && !self.closed.contains(&folded[pos..pos + 1]);
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
