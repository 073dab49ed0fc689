//! Which words of ours stand where in one text, and which sets of words they fill.
//!
//! A word belongs to dozens of sets, and nearly all of them matter to no phrase of the text at hand. So the sets of a sentence
//! are only summed up in a filter that tells at once that a set is *not* there; a place is looked at closely when a phrase
//! asks for it.

use crate::lexicon::Lexicon;
use crate::pack::Slot;
use crate::text::{Break, Shape, Text};

/// Words of a filter, 64 bits each.
const FILTER: usize = 16;
/// Filters kept: sentence numbers modulo this share one, so that a long text takes no more memory than a short one.
const FILTERS: usize = 64;

/// Sets that may stand in a sentence, by a bit of their hash.
#[derive(Clone, Copy, Debug, Default)]
struct Filter([u64; FILTER]);

impl Filter {
    #[inline]
    fn may_hold(&self, hash: u32) -> bool {
        self.0[(hash >> 6) as usize % FILTER] >> (hash % 64) & 1 == 1
    }

    #[inline]
    fn add(&mut self, hash: u32) {
        self.0[(hash >> 6) as usize % FILTER] |= 1 << (hash % 64);
    }
}

#[inline]
fn hash(set: u32) -> u32 {
    set.wrapping_mul(0x9e37_79b1) >> 16
}

/// A place that a set fills: first and last token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stand {
    pub first: u32,
    pub last: u32,
}

/// The words of ours at every token of one text.
pub struct Marks<'a, 't> {
    /// The text.
    pub text: &'a Text<'t>,
    lexicon: &'a Lexicon,
    /// Token and word, by token.
    words: Vec<(u32, u32)>,
    /// For each token where its words begin in `words`; one more at the end.
    starts: Vec<u32>,
    /// For each token the sets of its words, by a bit of their hash.
    own: Vec<u64>,
    /// The same for each sentence, and for the whole text.
    sentences: Vec<Filter>,
    whole: Filter,
    /// Sets filled by several words, with where they stand; sorted.
    sequences: Vec<(u32, Stand)>,
    paragraphs: Vec<u32>,
}

impl<'a, 't> Marks<'a, 't> {
    /// Finds the words of a lexicon in a text.
    pub fn new(lexicon: &'a Lexicon, text: &'a Text<'t>) -> Marks<'a, 't> {
        let words = lexicon.words_of(text);
        let count = text.tokens.len();
        let mut starts = vec![0u32; count + 1];
        words.iter().for_each(|(token, _)| starts[*token as usize + 1] += 1);
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let filters = text.tokens.last().map_or(0, |t| t.sentence as usize + 1).min(FILTERS);
        let mut marks = Marks {
            text,
            lexicon,
            starts,
            own: vec![0; count],
            sentences: vec![Filter::default(); filters],
            whole: Filter::default(),
            words,
            sequences: Vec::new(),
            paragraphs: Vec::new(),
        };
        for &(token, word) in &marks.words {
            let filter = &mut marks.sentences[text.tokens[token as usize].sentence as usize % FILTERS];
            let mut own = 0;
            for &set in lexicon.sets_of.of(word) {
                let hash = hash(set);
                own |= 1u64 << (hash % 64);
                filter.add(hash);
            }
            marks.own[token as usize] |= own;
        }
        marks.find_sequences();
        for filter in &marks.sentences {
            marks.whole.0.iter_mut().zip(filter.0).for_each(|(all, one)| *all |= one);
        }
        if text.tokens.iter().skip(1).any(|t| t.before == Break::Paragraph) {
            let mut paragraph = 0;
            marks.paragraphs.extend(text.tokens.iter().map(|t| {
                paragraph += u32::from(t.before == Break::Paragraph);
                paragraph
            }));
        }
        marks
    }

    /// Finds the sets that several words fill together.
    fn find_sequences(&mut self) {
        let lexicon = self.lexicon;
        let mut found: Vec<(u32, Stand)> = Vec::new();
        for &(token, word) in &self.words {
            'next: for &sequence in lexicon.sequences_at.of(word) {
                let s = &lexicon.sequences[sequence as usize];
                let Some(first) = token.checked_sub(s.anchor) else { continue };
                let last = first + s.words.len() as u32 - 1;
                if last as usize >= self.text.tokens.len() {
                    continue;
                }
                for (i, &set) in s.words.iter().enumerate() {
                    let token = first as usize + i;
                    let apart = i > 0 && self.text.tokens[token].before >= Break::Sentence;
                    if apart || (i != s.anchor as usize && !self.single(token, set)) {
                        continue 'next;
                    }
                }
                found.push((sequence, Stand { first, last }));
            }
        }
        for (sequence, stand) in found {
            let filter = &mut self.sentences[self.text.tokens[stand.first as usize].sentence as usize % FILTERS];
            for &set in lexicon.filled_by.of(sequence) {
                filter.add(hash(set));
                self.sequences.push((set, stand));
            }
        }
        self.sequences.sort_unstable();
        self.sequences.dedup();
    }

    /// Token and word of ours, by token.
    pub(crate) fn words(&self) -> &[(u32, u32)] {
        &self.words
    }

    /// All sets that several words fill, with where they stand, sorted by set.
    pub(crate) fn sequences(&self) -> &[(u32, Stand)] {
        &self.sequences
    }

    /// The places where several words fill the set, by first token.
    #[inline]
    pub(crate) fn sequences_of(&self, set: u32) -> &[(u32, Stand)] {
        let from = self.sequences.partition_point(|(s, _)| *s < set);
        let count = self.sequences[from..].partition_point(|(s, _)| *s == set);
        &self.sequences[from..from + count]
    }

    /// May the set stand in the sentence of a token (with `crosses`, anywhere)? A no is certain.
    #[inline]
    pub(crate) fn may_stand(&self, set: u32, token: u32, crosses: bool) -> bool {
        let sentence = self.text.tokens[token as usize].sentence as usize % FILTERS;
        let filter = if crosses { &self.whole } else { &self.sentences[sentence] };
        filter.may_hold(hash(set))
    }

    /// Numbers of the words at a token.
    fn of(&self, token: usize) -> &[(u32, u32)] {
        &self.words[self.starts[token] as usize..self.starts[token + 1] as usize]
    }

    /// Is one of the token's words a single word of the set?
    #[inline]
    pub(crate) fn single(&self, token: usize, set: u32) -> bool {
        self.own[token] >> (hash(set) % 64) & 1 == 1
            && self.of(token).iter().any(|(_, word)| self.lexicon.in_set(*word, set))
    }

    /// Does a single token fit the slot?
    #[inline]
    pub fn fits(&self, token: usize, slot: Slot) -> bool {
        match slot {
            Slot::Set(set) => self.single(token, set),
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
        if !self.single(token, set) {
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
