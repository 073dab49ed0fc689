//! Where the words of ours stand in one text: for each set of the pack the places that it fills, in order.

use crate::lexicon::Lexicon;
use crate::pack::Slot;
use crate::text::{Break, Shape, Text};

/// A place that a set fills: first and last token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stand {
    pub first: u32,
    pub last: u32,
}

/// A set that stands somewhere in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present {
    /// Its number in the pack.
    pub set: u32,
    /// The sentences it stands in, as bits by their number modulo 64.
    pub sentences: u64,
    from: u32,
    count: u32,
    /// The last token noted.
    token: u32,
}

/// The words of ours at every token of one text.
pub struct Marks<'a, 't> {
    /// The text.
    pub text: &'a Text<'t>,
    lexicon: &'a Lexicon,
    /// For each set its number in `present`, plus one; 0 where it stands nowhere.
    index: Vec<u16>,
    present: Vec<Present>,
    stands: Vec<Stand>,
    /// Token and word, by token.
    words: Vec<(u32, u32)>,
    /// For each token where its words begin in `words`; one more at the end.
    starts: Vec<u32>,
    paragraphs: Vec<u32>,
}

impl<'a, 't> Marks<'a, 't> {
    /// Finds the words of a lexicon in a text.
    pub fn new(lexicon: &'a Lexicon, text: &'a Text<'t>) -> Marks<'a, 't> {
        let words = lexicon.words_of(text);
        let mut starts = vec![0u32; text.tokens.len() + 1];
        words.iter().for_each(|(token, _)| starts[*token as usize + 1] += 1);
        for i in 0..text.tokens.len() {
            starts[i + 1] += starts[i];
        }
        let mut marks = Marks {
            text,
            lexicon,
            index: vec![0; lexicon.sets],
            present: Vec::with_capacity(256),
            stands: Vec::new(),
            words,
            starts,
            paragraphs: Vec::new(),
        };
        // single words first, in the order of the text; what they tell is needed to look for sequences
        let mut singles: Vec<(u32, u32)> = Vec::with_capacity(marks.words.len() * 8);
        let (index, present) = (&mut marks.index, &mut marks.present);
        for &(token, word) in &marks.words {
            let sentence = bit(text, token);
            for &set in lexicon.sets_of.of(word) {
                let n = note(index, present, set);
                let p = &mut present[n];
                if p.token != token {
                    p.token = token;
                    p.count += 1;
                    p.sentences |= sentence;
                    singles.push((n as u32, token));
                }
            }
        }
        let sequences = marks.sequences(&singles);
        marks.fill(singles, sequences);
        if text.tokens.iter().skip(1).any(|t| t.before == Break::Paragraph) {
            let mut paragraph = 0;
            marks.paragraphs.extend(text.tokens.iter().map(|t| {
                paragraph += u32::from(t.before == Break::Paragraph);
                paragraph
            }));
        }
        marks
    }

    /// The sequences that stand in the text, by number of the set that each fills, in order of their places.
    fn sequences(&mut self, singles: &[(u32, u32)]) -> Vec<(u32, Stand)> {
        let mut found: Vec<(u32, Stand)> = Vec::new();
        let lexicon = self.lexicon;
        let anchored: Vec<bool> = self.present.iter().map(|p| !lexicon.sequences_at.of(p.set).is_empty()).collect();
        for &(n, token) in singles.iter().filter(|(n, _)| anchored[*n as usize]) {
            let set = self.present[n as usize].set;
            'next: for &sequence in lexicon.sequences_at.of(set) {
                let s = &lexicon.sequences[sequence as usize];
                let Some(first) = token.checked_sub(s.anchor) else { continue };
                let last = first + s.words.len() as u32 - 1;
                if last as usize >= self.text.tokens.len() || s.words.iter().any(|w| self.index[*w as usize] == 0) {
                    continue;
                }
                for (i, &word) in s.words.iter().enumerate() {
                    let token = first as usize + i;
                    let apart = i > 0 && self.text.tokens[token].before >= Break::Sentence;
                    if apart || (i != s.anchor as usize && !self.single(token, word)) {
                        continue 'next;
                    }
                }
                found.push((sequence, Stand { first, last }));
            }
        }
        let mut stands = Vec::with_capacity(found.len() * 4);
        for (sequence, stand) in found {
            for &set in lexicon.filled_by.of(sequence) {
                let n = note(&mut self.index, &mut self.present, set);
                self.present[n].count += 1;
                self.present[n].sentences |= bit(self.text, stand.first);
                stands.push((n as u32, stand));
            }
        }
        stands.sort_unstable_by_key(|(_, stand)| *stand);
        stands
    }

    /// Sorts all places by set (counting), both lists being in the order of the text.
    fn fill(&mut self, singles: Vec<(u32, u32)>, sequences: Vec<(u32, Stand)>) {
        let mut from = 0;
        for p in &mut self.present {
            p.from = from;
            from += p.count;
            p.count = 0;
        }
        self.stands = vec![Stand::default(); from as usize];
        let mut put = |n: u32, stand: Stand| {
            let p = &mut self.present[n as usize];
            self.stands[(p.from + p.count) as usize] = stand;
            p.count += 1;
        };
        let mut sequences = sequences.into_iter().peekable();
        for (n, token) in singles {
            let stand = Stand { first: token, last: token };
            while let Some((n, sequence)) = sequences.next_if(|(_, s)| *s < stand) {
                put(n, sequence);
            }
            put(n, stand);
        }
        sequences.for_each(|(n, stand)| put(n, stand));
    }

    /// The sets that stand in the text.
    pub(crate) fn present(&self) -> &[Present] {
        &self.present
    }

    /// What is known of a set, where it stands in the text.
    #[inline]
    pub(crate) fn presence(&self, set: u32) -> Option<&Present> {
        match self.index[set as usize] {
            0 => None,
            n => Some(&self.present[n as usize - 1]),
        }
    }

    /// The places that a set fills, by first token.
    #[inline]
    pub(crate) fn stands(&self, set: u32) -> &[Stand] {
        self.presence(set).map_or(&[], |p| self.places(p))
    }

    /// The same for a set known to be present.
    #[inline]
    pub(crate) fn places(&self, present: &Present) -> &[Stand] {
        &self.stands[present.from as usize..(present.from + present.count) as usize]
    }

    /// Numbers of the words at a token.
    fn of(&self, token: usize) -> &[(u32, u32)] {
        &self.words[self.starts[token] as usize..self.starts[token + 1] as usize]
    }

    /// Is one of the token's words a single word of the set?
    fn single(&self, token: usize, set: u32) -> bool {
        self.of(token).iter().any(|(_, word)| self.lexicon.in_set(*word, set))
    }

    /// Does a single token fit the slot?
    #[inline]
    pub fn fits(&self, token: usize, slot: Slot) -> bool {
        match slot {
            Slot::Set(set) => self.index[set as usize] != 0 && self.single(token, set),
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
        if self.index[set as usize] == 0 {
            return false;
        }
        let (word, atoms) = (self.text.folded(token), self.lexicon.atoms());
        self.of(token).iter().any(|(_, a)| self.lexicon.in_set(*a, set) && atoms.fits(*a as usize, word))
    }

    /// Do two tokens stand in the same sentence (or, with `crosses`, in the same paragraph)?
    #[inline]
    pub(crate) fn together(&self, a: u32, b: u32, crosses: bool) -> bool {
        let (a, b) = (a as usize, b as usize);
        if crosses {
            self.paragraphs.is_empty() || self.paragraphs[a] == self.paragraphs[b]
        } else {
            self.text.tokens[a].sentence == self.text.tokens[b].sentence
        }
    }
}

#[inline]
fn note(index: &mut [u16], present: &mut Vec<Present>, set: u32) -> usize {
    let slot = &mut index[set as usize];
    if *slot == 0 {
        present.push(Present { set, sentences: 0, from: 0, count: 0, token: u32::MAX });
        // a pack is verified: it has fewer sets than sixteen bits count
        *slot = present.len() as u16;
    }
    *slot as usize - 1
}

/// The bit of a token's sentence.
#[inline]
fn bit(text: &Text<'_>, token: u32) -> u64 {
    1 << (text.tokens[token as usize].sentence % 64)
}
