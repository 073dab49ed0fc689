//! The words of a pack made ready: which of them stand at each token of a text.
//!
//! One automaton over the distinct stems of all words (their first four letters) finds the tokens that can be any word of
//! ours; the few words behind a stem are then compared. After that a token is a short list of word numbers, and a set of
//! words is a sorted list of numbers, so that a phrase is verified without looking at letters again.

use crate::pack::{Atom, Pack, Slot, read_atoms};
use crate::text::{Break, Shape, Text};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::BTreeMap;

/// Letters of a stem.
const STEM: usize = 4;

/// A set of words, flattened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    /// Numbers of its words, rising.
    pub atoms: Vec<u32>,
    /// Sequences: indices of sets.
    pub sequences: Vec<Vec<u32>>,
    /// Words that a sequence begins with.
    pub first: Vec<u32>,
    /// Words that a sequence begins (ends) with, and its index.
    by_first: Vec<(u32, u32)>,
    by_last: Vec<(u32, u32)>,
}

/// The words of a pack.
#[derive(Clone, Debug)]
pub struct Lexicon {
    atoms: Vec<Atom>,
    automaton: AhoCorasick,
    /// For each pattern of the automaton: the range of atoms that begin with it.
    ranges: Vec<(u32, u32)>,
    pub(crate) sets: Vec<Set>,
    numbers: Vec<(u64, u64)>,
    /// For each atom a bloom filter of the sets that hold it: tells at once that a token is not in a set.
    blooms: Vec<Bloom>,
    /// For each atom the nearest one before it that is a beginning of it, itself where there is none.
    parents: Vec<u32>,
}

/// Sets by their hash, 256 bits.
#[derive(Clone, Copy, Debug, Default)]
struct Bloom([u64; 4]);

impl Bloom {
    #[inline]
    fn at(set: u32) -> (usize, u64) {
        let hash = set.wrapping_mul(0x9e37_79b1) >> 24;
        (hash as usize / 64, 1 << (hash % 64))
    }

    #[inline]
    fn may_hold(&self, set: u32) -> bool {
        let (word, bit) = Bloom::at(set);
        self.0[word] & bit != 0
    }

    fn add(&mut self, set: u32) {
        let (word, bit) = Bloom::at(set);
        self.0[word] |= bit;
    }

    fn join(&mut self, other: &Bloom) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }
}

impl Lexicon {
    /// Reads the words of a verified pack.
    ///
    /// # Errors
    /// A message when the automaton would be too large.
    pub fn new(pack: &Pack) -> Result<Lexicon, String> {
        let atoms = read_atoms(&pack.atoms).ok_or("the list of words cannot be read")?;
        let mut sets: Vec<Set> = Vec::with_capacity(pack.sets.len());
        for words in &pack.sets {
            let mut set = Set { atoms: words.own.clone(), sequences: words.sequences.clone(), ..Set::default() };
            for &n in &words.includes {
                let other = &sets[n as usize];
                set.atoms.extend_from_slice(&other.atoms);
                set.sequences.extend(other.sequences.iter().cloned());
            }
            set.atoms.sort_unstable();
            set.atoms.dedup();
            for (index, sequence) in set.sequences.iter().enumerate() {
                let ends = |n: u32| sets[n as usize].atoms.iter().map(move |&a| (a, index as u32));
                set.by_first.extend(ends(sequence[0]));
                set.by_last.extend(ends(sequence[sequence.len() - 1]));
            }
            set.by_first.sort_unstable();
            set.by_last.sort_unstable();
            set.first = set.by_first.iter().map(|(a, _)| *a).collect();
            set.first.dedup();
            sets.push(set);
        }
        let mut blooms = vec![Bloom::default(); atoms.len()];
        for (n, set) in sets.iter().enumerate() {
            for &a in set.atoms.iter().chain(&set.first).chain(set.by_last.iter().map(|(a, _)| a)) {
                blooms[a as usize].add(n as u32);
            }
        }
        let (patterns, ranges) = stems(&atoms);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(patterns)
            .map_err(|e| e.to_string())?;
        let mut parents: Vec<u32> = Vec::with_capacity(atoms.len());
        for (n, atom) in atoms.iter().enumerate() {
            let mut at = n.saturating_sub(1);
            while n > 0 && !atom.word.starts_with(&atoms[at].word) {
                let parent = parents[at] as usize;
                if parent == at {
                    at = n;
                    break;
                }
                at = parent;
            }
            parents.push(at as u32);
        }
        Ok(Lexicon { atoms, automaton, ranges, sets, numbers: pack.numbers.clone(), blooms, parents })
    }

    /// The words, sorted.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Finds the words of ours at every token of a text.
    pub fn mark<'a, 't>(&'a self, text: &'a Text<'t>) -> Marks<'a, 't> {
        let count = text.tokens.len();
        let mut marks = Marks {
            text,
            lexicon: self,
            starts: vec![0; count + 1],
            atoms: Vec::with_capacity(count * 2),
            blooms: vec![Bloom::default(); count],
        };
        let mut found: Vec<(u32, u32)> = Vec::with_capacity(count * 2);
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
            let range = &self.atoms[from as usize..to as usize];
            let Some(mut n) =
                range.partition_point(|a| a.word.as_slice() <= word).checked_sub(1).map(|n| n + from as usize)
            else {
                continue;
            };
            loop {
                let atom = &self.atoms[n];
                if if atom.open { word.starts_with(&atom.word) } else { word == atom.word } {
                    found.push((owner as u32, n as u32));
                }
                let parent = self.parents[n] as usize;
                if parent == n || parent < from as usize {
                    break;
                }
                n = parent;
            }
        }
        found.sort_unstable();
        found.dedup();
        for &(owner, n) in &found {
            marks.starts[owner as usize + 1] += 1;
            marks.atoms.push(n);
            marks.blooms[owner as usize].join(&self.blooms[n as usize]);
        }
        for i in 0..count {
            marks.starts[i + 1] += marks.starts[i];
        }
        marks
    }
}

/// The distinct stems as patterns (with the separator before them) and the atoms behind each: one for every word of up to
/// four letters and its longer relatives, so that each atom stands behind exactly one pattern.
fn stems(atoms: &[Atom]) -> (Vec<Vec<u8>>, Vec<(u32, u32)>) {
    let mut by_stem: BTreeMap<&[u8], (u32, u32)> = BTreeMap::new();
    for (n, atom) in atoms.iter().enumerate() {
        let stem = &atom.word[..atom.word.len().min(STEM)];
        let range = by_stem.entry(stem).or_insert((n as u32, n as u32));
        range.1 = n as u32 + 1;
    }
    let mut patterns = Vec::with_capacity(by_stem.len());
    let mut ranges = Vec::with_capacity(by_stem.len());
    for (stem, range) in by_stem {
        let mut pattern = vec![crate::text::code::SEP];
        pattern.extend_from_slice(stem);
        // a short word's own range ends where the longer ones begin
        let range = if stem.len() < STEM {
            let end =
                (range.0..range.1).take_while(|&n| atoms[n as usize].word == stem).last().map_or(range.0, |n| n + 1);
            (range.0, end)
        } else {
            range
        };
        patterns.push(pattern);
        ranges.push(range);
    }
    (patterns, ranges)
}

/// The words of ours at every token of one text.
pub struct Marks<'a, 't> {
    /// The text.
    pub text: &'a Text<'t>,
    lexicon: &'a Lexicon,
    starts: Vec<u32>,
    atoms: Vec<u32>,
    blooms: Vec<Bloom>,
}

impl Marks<'_, '_> {
    /// Numbers of the words at a token, rising.
    #[inline]
    pub(crate) fn of(&self, token: usize) -> &[u32] {
        &self.atoms[self.starts[token] as usize..self.starts[token + 1] as usize]
    }

    #[inline]
    fn any(&self, token: usize, set: &[u32]) -> bool {
        self.of(token).iter().any(|a| set.binary_search(a).is_ok())
    }

    /// Does a single token fit the slot?
    #[inline]
    pub fn fits(&self, token: usize, slot: Slot) -> bool {
        match slot {
            Slot::Set(n) => self.blooms[token].may_hold(n) && self.any(token, &self.lexicon.sets[n as usize].atoms),
            Slot::Number(n) => {
                let (from, to) = self.lexicon.numbers[n as usize];
                self.text.tokens[token].shape == Shape::Number
                    && (from == 0 && to == u64::MAX
                        || self.text.number(token).is_some_and(|v| (from..=to).contains(&v)))
            }
        }
    }

    /// Is the token's first reading itself a word of the set?
    pub fn own_form(&self, token: usize, set: u32) -> bool {
        if !self.blooms[token].may_hold(set) {
            return false;
        }
        let word = self.text.folded(token);
        let set = &self.lexicon.sets[set as usize];
        let same = |a: &Atom| {
            if a.open { word.starts_with(&a.word) } else { word == a.word }
        };
        self.of(token).iter().any(|a| set.atoms.binary_search(a).is_ok() && same(&self.lexicon.atoms[*a as usize]))
    }

    /// How many tokens the slot may take up from a token on (or up to it): at most six different counts.
    #[inline]
    pub(crate) fn lengths(&self, token: usize, slot: Slot, forward: bool) -> Lengths {
        let mut found = Lengths::default();
        let Slot::Set(n) = slot else {
            if self.fits(token, slot) {
                found.push(1);
            }
            return found;
        };
        if !self.blooms[token].may_hold(n) {
            return found;
        }
        let set = &self.lexicon.sets[n as usize];
        if self.any(token, &set.atoms) {
            found.push(1);
        }
        if !set.sequences.is_empty() {
            let index = if forward { &set.by_first } else { &set.by_last };
            for &atom in self.of(token) {
                let from = index.partition_point(|(a, _)| *a < atom);
                for (_, n) in index[from..].iter().take_while(|(a, _)| *a == atom) {
                    let sequence = &set.sequences[*n as usize];
                    if self.stands(sequence, token, forward) {
                        found.push(sequence.len());
                    }
                }
            }
        }
        found
    }

    fn stands(&self, sequence: &[u32], token: usize, forward: bool) -> bool {
        let n = sequence.len();
        let start = if forward { Some(token) } else { (token + 1).checked_sub(n) };
        let Some(start) = start.filter(|s| s + n <= self.text.tokens.len()) else {
            return false;
        };
        sequence.iter().enumerate().all(|(i, set)| {
            self.blooms[start + i].may_hold(*set)
                && self.any(start + i, &self.lexicon.sets[*set as usize].atoms)
                && (i == 0 || self.text.tokens[start + i].before < Break::Sentence)
        })
    }
}

/// A few token counts.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lengths([u8; 6], u8);

impl Lengths {
    fn push(&mut self, length: usize) {
        let n = usize::from(self.1);
        if n < self.0.len() && !self.0[..n].contains(&(length as u8)) {
            self.0[n] = length as u8;
            self.1 += 1;
        }
    }

    pub fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().take(usize::from(self.1)).map(usize::from)
    }
}
