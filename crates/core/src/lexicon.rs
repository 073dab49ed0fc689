//! The words of a pack made ready: which of them stand at each token of a text.
//!
//! One automaton over the distinct stems of all words (their first four letters) finds the tokens that can be any word of
//! ours; the few words behind a stem are then compared. After that a token is a short list of word numbers, and a set of
//! words is a sorted list of numbers, so that a phrase is verified without looking at letters again.

use crate::pack::{AtomTable, Pack, Slot, read_atoms};
use crate::text::{Break, Shape, Text};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Letters of a stem.
const STEM: usize = 4;

/// The sequences of a set.
#[derive(Clone, Debug, Default)]
struct Sequences {
    /// Indices of sets.
    all: Vec<Vec<u32>>,
    /// Words that a sequence begins (ends) with, and its index.
    by_first: Vec<(u32, u32)>,
    by_last: Vec<(u32, u32)>,
}

/// The words of a pack.
#[derive(Clone, Debug)]
pub struct Lexicon {
    atoms: AtomTable,
    automaton: AhoCorasick,
    /// For each pattern of the automaton: the range of atoms that begin with it.
    ranges: Vec<(u32, u32)>,
    /// For each set where its words begin in `members`; one more at the end.
    starts: Vec<u32>,
    /// Words of all sets, rising within each.
    members: Vec<u32>,
    /// For each set the index of its sequences, `NONE` where it has none.
    sequences_of: Vec<u32>,
    sequences: Vec<Sequences>,
    numbers: Vec<(u64, u64)>,
    /// For each atom a bloom filter of the sets that hold it: tells at once that a token is not in a set.
    blooms: Vec<Bloom>,
    /// For each atom the nearest one before it that is a beginning of it, itself where there is none.
    parents: Vec<u32>,
}

const NONE: u32 = u32::MAX;

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
        let atoms = read_atoms(&pack.atoms, &pack.negations).ok_or("the list of words cannot be read")?;
        let (mut starts, mut members) = (vec![0u32], Vec::<u32>::with_capacity(pack.sets.len() * 8));
        let (mut sequences_of, mut sequences) = (Vec::new(), Vec::<Sequences>::new());
        let mut blooms = vec![Bloom::default(); atoms.len()];
        for (n, words) in pack.sets.iter().enumerate() {
            let start = members.len();
            members.extend_from_slice(&words.own);
            let mut all = words.sequences.clone();
            for &other in &words.includes {
                let range = starts[other as usize] as usize..starts[other as usize + 1] as usize;
                members.extend_from_within(range);
                if let Some(other) = sequences.get(sequences_of[other as usize] as usize) {
                    all.extend(other.all.iter().cloned());
                }
            }
            if !words.includes.is_empty() {
                members[start..].sort_unstable();
                let mut kept = start;
                for i in start..members.len() {
                    if i == start || members[i] != members[kept - 1] {
                        members[kept] = members[i];
                        kept += 1;
                    }
                }
                members.truncate(kept);
            }
            starts.push(members.len() as u32);
            members[start..].iter().for_each(|&a| blooms[a as usize].add(n as u32));
            if all.is_empty() {
                sequences_of.push(NONE);
                continue;
            }
            let mut own = Sequences { all, ..Sequences::default() };
            for (index, sequence) in own.all.iter().enumerate() {
                let ends = |set: u32| {
                    let range = starts[set as usize] as usize..starts[set as usize + 1] as usize;
                    members[range].iter().map(move |&a| (a, index as u32))
                };
                own.by_first.extend(ends(sequence[0]));
                own.by_last.extend(ends(sequence[sequence.len() - 1]));
            }
            own.by_first.sort_unstable();
            own.by_last.sort_unstable();
            own.by_first.iter().chain(&own.by_last).for_each(|(a, _)| blooms[*a as usize].add(n as u32));
            sequences_of.push(sequences.len() as u32);
            sequences.push(own);
        }
        let (patterns, ranges) = stems(&atoms);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(patterns)
            .map_err(|e| e.to_string())?;
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
        let numbers = pack.numbers.clone();
        Ok(Lexicon { atoms, automaton, ranges, starts, members, sequences_of, sequences, numbers, blooms, parents })
    }

    /// The words, sorted.
    pub fn atoms(&self) -> &AtomTable {
        &self.atoms
    }

    /// Numbers of the words of a set, rising.
    #[inline]
    pub(crate) fn set(&self, set: u32) -> &[u32] {
        &self.members[self.starts[set as usize] as usize..self.starts[set as usize + 1] as usize]
    }

    fn sequences(&self, set: u32) -> Option<&Sequences> {
        self.sequences.get(self.sequences_of[set as usize] as usize)
    }

    /// Numbers of the words that can begin what the set stands for; each at least once.
    pub(crate) fn beginnings(&self, set: u32) -> impl Iterator<Item = u32> {
        let mut last = NONE;
        let first = self.sequences(set).into_iter().flat_map(|s| s.by_first.iter().map(|(a, _)| *a));
        self.set(set).iter().copied().chain(first.filter(move |&a| std::mem::replace(&mut last, a) != a))
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
            let (mut low, mut high) = (from as usize, to as usize);
            while low < high {
                let middle = (low + high) / 2;
                if self.atoms.word(middle) <= word { low = middle + 1 } else { high = middle }
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
            Slot::Set(n) => self.blooms[token].may_hold(n) && self.any(token, self.lexicon.set(n)),
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
        let (set, atoms) = (self.lexicon.set(set), &self.lexicon.atoms);
        self.of(token).iter().any(|a| set.binary_search(a).is_ok() && atoms.fits(*a as usize, word))
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
        if self.any(token, self.lexicon.set(n)) {
            found.push(1);
        }
        if let Some(sequences) = self.lexicon.sequences(n) {
            let index = if forward { &sequences.by_first } else { &sequences.by_last };
            for &atom in self.of(token) {
                let from = index.partition_point(|(a, _)| *a < atom);
                for (_, n) in index[from..].iter().take_while(|(a, _)| *a == atom) {
                    let sequence = &sequences.all[*n as usize];
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
                && self.any(start + i, self.lexicon.set(*set))
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
