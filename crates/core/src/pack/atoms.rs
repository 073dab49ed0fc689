//! The words of a pack, front-coded in the file and in one piece in memory.

use super::{Atom, Ending};

/// Writes sorted atoms front-coded: for each one byte for the length shared with the one before, one for the length of the
/// rest (times four, plus the ending), then the rest. Words of more than 63 bytes are cut.
pub fn write_atoms(atoms: &[Atom]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last: &[u8] = &[];
    for atom in atoms {
        let word = &atom.word[..atom.word.len().min(63)];
        let shared = word.iter().zip(last).take_while(|(a, b)| a == b).count();
        out.push(shared as u8);
        out.push(((word.len() - shared) as u8) << 2 | atom.ending as u8);
        out.extend_from_slice(&word[shared..]);
        last = word;
    }
    out
}

/// The words of a pack in one piece of memory: forty thousand small allocations would be most of opening it.
#[derive(Clone, Debug, Default)]
pub struct AtomTable {
    bytes: Vec<u8>,
    /// End of each word in `bytes`, and what ending may follow.
    ends: Vec<(u32, Ending)>,
    negations: Vec<Vec<u8>>,
}

impl AtomTable {
    /// Number of words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no words?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A word's folded bytes.
    #[inline]
    pub fn word(&self, n: usize) -> &[u8] {
        let from = n.checked_sub(1).map_or(0, |before| self.ends[before].0 as usize);
        &self.bytes[from..self.ends[n].0 as usize]
    }

    /// What may follow the word.
    #[inline]
    pub fn ending(&self, n: usize) -> Ending {
        self.ends[n].1
    }

    /// Does a token's word fit this one?
    #[inline]
    pub fn fits(&self, n: usize, token: &[u8]) -> bool {
        let word = self.word(n);
        match self.ending(n) {
            Ending::None => token == word,
            Ending::Any => token.starts_with(word),
            Ending::Affirmed => token.strip_prefix(word).is_some_and(|rest| !self.negated(rest)),
        }
    }

    /// Does a negation stand in an ending? Languages that glue it into the verb (Turkic ones) put it between stem and person.
    fn negated(&self, ending: &[u8]) -> bool {
        self.negations.iter().any(|n| ending.len() >= n.len() && ending.windows(n.len()).any(|w| w == n))
    }

    /// Is this word, with this ending, in the table?
    pub fn contains(&self, word: &[u8], ending: Ending) -> bool {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.word(middle).cmp(word).then(self.ending(middle).cmp(&ending)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return true,
            }
        }
        false
    }
}

/// Reads what [`write_atoms`] wrote; `None` when the bytes do not fit together, a word is empty or out of order.
pub fn read_atoms(mut bytes: &[u8], negations: &[Vec<u8>]) -> Option<AtomTable> {
    let mut table = AtomTable {
        bytes: Vec::with_capacity(bytes.len() * 3),
        ends: Vec::with_capacity(bytes.len() / 4),
        negations: negations.iter().filter(|n| !n.is_empty()).cloned().collect(),
    };
    let mut last = 0..0;
    while let [shared, rest, tail @ ..] = bytes {
        let (shared, length) = (usize::from(*shared), usize::from(*rest >> 2));
        let start = table.bytes.len();
        if shared > last.len() || shared + length == 0 {
            return None;
        }
        table.bytes.extend_from_within(last.start..last.start + shared);
        table.bytes.extend_from_slice(tail.get(..length)?);
        let ending = [Ending::None, Ending::Affirmed, Ending::Any].get(usize::from(rest & 3)).copied()?;
        table.ends.push((table.bytes.len() as u32, ending));
        let n = table.len() - 1;
        if n > 0 && (table.word(n - 1), table.ending(n - 1)) >= (table.word(n), table.ending(n)) {
            return None;
        }
        last = start..table.bytes.len();
        bytes = &tail[length..];
    }
    bytes.is_empty().then_some(table)
}
