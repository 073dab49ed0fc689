//! The words of a pack made ready: which of them stand at each token of a text.
//!
//! One automaton over the distinct stems of all words (their first four letters) finds the tokens that can be any word of
//! ours; the few words behind a stem are then compared. A word is known to belong to some sets (what a place of a phrase
//! accepts), so that after one pass every set has the list of places where it stands ([`crate::marks::Marks`]), and a phrase
//! is verified without looking at letters again.

use crate::lists::Lists;
use crate::pack::{AtomTable, Pack, read_atoms};
use crate::text::Text;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::HashMap;

/// Letters of a stem.
const STEM: usize = 3;

/// Words next to each other that stand for one place of a phrase ("у хозяина").
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    /// A set for each word.
    pub words: Vec<u32>,
    /// Index of the word from which it is looked for: the one whose words are longest, for long words are rare.
    pub anchor: u32,
}

/// The words of a pack.
#[derive(Clone, Debug)]
pub struct Lexicon {
    atoms: AtomTable,
    automaton: AhoCorasick,
    /// For each pattern of the automaton: the range of atoms that begin with it.
    ranges: Vec<(u32, u32)>,
    /// First eight letters of each atom as one number, for comparing without looking at bytes.
    keys: Vec<u64>,
    /// For each atom the nearest one before it that is a beginning of it, itself where there is none.
    parents: Vec<u32>,
    /// For each atom the sets that hold it as a single word, rising.
    pub(crate) sets_of: Lists,
    /// All distinct sequences.
    pub(crate) sequences: Vec<Sequence>,
    /// For each word the sequences that are looked for where it stands.
    pub(crate) sequences_at: Lists,
    /// For each sequence the sets that it fills, rising.
    pub(crate) filled_by: Lists,
    pub(crate) numbers: Vec<(u64, u64)>,
}

impl Lexicon {
    /// Reads the words of a verified pack.
    ///
    /// # Errors
    /// A message when the automaton would be too large.
    pub fn new(pack: &Pack) -> Result<Lexicon, String> {
        let atoms = read_atoms(&pack.atoms, &pack.negations).ok_or("the list of words cannot be read")?;
        let closed = closed_sets(pack);
        let sets_of = Lists::new(atoms.len(), |take| {
            closed.iter().enumerate().for_each(|(set, c)| c.words.iter().for_each(|&atom| take(atom, set as u32)));
        });
        let (sequences, owners) = sequences(pack, &closed, &atoms);
        let sequences_at = Lists::new(atoms.len(), |take| {
            for (n, s) in sequences.iter().enumerate() {
                let anchor = &closed[s.words[s.anchor as usize] as usize];
                anchor.words.iter().for_each(|&atom| take(atom, n as u32));
            }
        });
        let filled_by = Lists::new(sequences.len(), |take| {
            owners.iter().enumerate().for_each(|(set, own)| own.iter().for_each(|&n| take(n, set as u32)));
        });
        let (patterns, ranges) = stems(&atoms);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(patterns)
            .map_err(|e| e.to_string())?;
        let parents = parents(&atoms);
        let keys = (0..atoms.len()).map(|n| key(atoms.word(n))).collect();
        let numbers = pack.numbers.clone();
        Ok(Lexicon { atoms, automaton, ranges, keys, parents, sets_of, sequences, sequences_at, filled_by, numbers })
    }

    /// The words, sorted.
    pub fn atoms(&self) -> &AtomTable {
        &self.atoms
    }

    /// The words of ours at every token of a text: token and word, by token, each pair once.
    pub(crate) fn words_of(&self, text: &Text<'_>) -> Vec<(u32, u32)> {
        let mut found: Vec<(u32, u32)> = Vec::with_capacity(text.tokens.len() * 2);
        let (mut token, mut reading) = (0usize, 0usize);
        for m in self.automaton.find_overlapping_iter(&text.stream) {
            // matches come in order of their end and begin with a separator: both positions only move forward
            let at = (m.start() + 1) as u32;
            let (owner, word) = if at < text.readings_at {
                while text.tokens[token].at < at {
                    token += 1;
                }
                // a stem that ends later may begin at an earlier token only when it spans two: it never does
                (token, text.folded(token))
            } else {
                while text.readings[reading].at < at {
                    reading += 1;
                }
                (text.readings[reading].token as usize, text.reading(&text.readings[reading]))
            };
            let (from, to) = self.ranges[m.pattern().as_usize()];
            // the greatest word not above this one; every beginning of it is among that word's beginnings
            let (range, key) = (&self.keys[from as usize..to as usize], key(word));
            let mut low = from as usize + range.partition_point(|k| *k <= key);
            // the same first eight letters: the words themselves decide
            while low > from as usize && self.keys[low - 1] == key && self.atoms.word(low - 1) > word {
                low -= 1;
            }
            if low == from as usize {
                continue;
            }
            let mut n = low - 1;
            loop {
                if self.atoms.fits(n, word) {
                    found.push((owner as u32, n as u32));
                }
                let parent = self.parents[n] as usize;
                if parent == n || parent < from as usize {
                    break;
                }
                n = parent;
            }
        }
        if !text.readings.is_empty() {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// Does the word stand in the set as one of its single words?
    #[inline]
    pub(crate) fn in_set(&self, atom: u32, set: u32) -> bool {
        self.sets_of.of(atom).binary_search(&set).is_ok()
    }
}

/// The first eight letters, the first in the highest byte: compares as the words do.
fn key(word: &[u8]) -> u64 {
    let mut key = [0u8; 8];
    let n = word.len().min(8);
    key[..n].copy_from_slice(&word[..n]);
    u64::from_be_bytes(key)
}

/// A set with all that the sets it includes bring with them.
#[derive(Clone, Debug, Default)]
struct Closed<'p> {
    words: Vec<u32>,
    sequences: Vec<&'p Vec<u32>>,
}

fn closed_sets(pack: &Pack) -> Vec<Closed<'_>> {
    let mut all: Vec<Closed<'_>> = Vec::with_capacity(pack.sets.len());
    for set in &pack.sets {
        let mut own = Closed { words: set.own.clone(), sequences: set.sequences.iter().collect() };
        for &other in &set.includes {
            // a pack is verified: only sets of lower index are included
            let other = &all[other as usize];
            own.words.extend_from_slice(&other.words);
            own.sequences.extend_from_slice(&other.sequences);
        }
        own.words.sort_unstable();
        own.words.dedup();
        own.sequences.sort_unstable();
        own.sequences.dedup();
        all.push(own);
    }
    all
}

/// Numbers the distinct sequences; gives them and for each set those that fill it.
fn sequences(pack: &Pack, closed: &[Closed<'_>], atoms: &AtomTable) -> (Vec<Sequence>, Vec<Vec<u32>>) {
    let shortest: Vec<usize> =
        closed.iter().map(|c| c.words.iter().map(|&a| atoms.word(a as usize).len()).min().unwrap_or(0)).collect();
    let mut known: HashMap<&Vec<u32>, u32> = HashMap::new();
    let mut all: Vec<Sequence> = Vec::new();
    let mut owners = Vec::with_capacity(pack.sets.len());
    for set in closed {
        let mut own = Vec::with_capacity(set.sequences.len());
        for &words in &set.sequences {
            let n = *known.entry(words).or_insert_with(|| {
                let longest = (0..words.len()).max_by_key(|&i| shortest[words[i] as usize]).unwrap_or(0);
                all.push(Sequence { words: words.clone(), anchor: longest as u32 });
                all.len() as u32 - 1
            });
            own.push(n);
        }
        owners.push(own);
    }
    (all, owners)
}

/// The distinct stems as patterns (with the separator before them) and the atoms behind each: one for every word of up to
/// four letters and its longer relatives, so that each atom stands behind exactly one pattern.
fn stems(atoms: &AtomTable) -> (Vec<Vec<u8>>, Vec<(u32, u32)>) {
    let (mut patterns, mut ranges) = (Vec::<Vec<u8>>::new(), Vec::<(u32, u32)>::new());
    for n in 0..atoms.len() {
        let word = atoms.word(n);
        let stem = &word[..word.len().min(STEM)];
        // sorted words: equal stems stand together, a short word before its longer relatives
        if patterns.last().is_some_and(|p| &p[1..] == stem) {
            if let Some(range) = ranges.last_mut() {
                range.1 = n as u32 + 1;
            }
            continue;
        }
        let mut pattern = vec![crate::text::code::SEP];
        pattern.extend_from_slice(stem);
        patterns.push(pattern);
        ranges.push((n as u32, n as u32 + 1));
    }
    (patterns, ranges)
}

fn parents(atoms: &AtomTable) -> Vec<u32> {
    let mut parents: Vec<u32> = Vec::with_capacity(atoms.len());
    for n in 0..atoms.len() {
        let mut at = n.saturating_sub(1);
        while n > 0 && !atoms.word(n).starts_with(atoms.word(at)) {
            let parent = parents[at] as usize;
            if parent == at {
                at = n;
                break;
            }
            at = parent;
        }
        parents.push(at as u32);
    }
    parents
}
