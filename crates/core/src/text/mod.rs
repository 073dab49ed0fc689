//! From characters to words: folding, look-alikes, spaced letters, readings, and the way back to the original text.
//!
//! [`Text::read`] makes one pass over the text. Every word becomes a [`Token`] that remembers where it stood in the
//! original; its folded bytes stand in one stream, a separator before each word, so that an automaton can run over all of
//! them at once. A word that can be read in more than one way (look-alike letters, Latin transliteration, an
//! abbreviation) has further readings in a second stream behind the first.

pub mod code;
mod hidden;
mod reader;
pub mod translit;

pub(crate) use reader::is_invisible;

use code::{Fold, SEP, fold_common, fold_rare};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Letters.
    Word,
    /// Decimal digits only.
    Number,
    /// One of the signs that count as words (`$`, `%`, `№`, a lone `+` ...).
    Sign,
}

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Space, comma, dash, bracket.
    None,
    /// A colon, a single line break, the full stop of an abbreviation.
    Soft,
    /// The end of a sentence, a bullet.
    Sentence,
    /// An empty line, or the start of the text.
    Paragraph,
}

/// One word, number or sign of the text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in the original text.
    pub start: u32,
    /// Byte after the last one in the original text.
    pub end: u32,
    /// First byte in the folded stream.
    pub at: u32,
    /// Length in the folded stream, in bytes.
    pub len: u32,
    /// Line of the original text, from 0.
    pub line: u32,
    /// Sentence, from 0.
    pub sentence: u32,
    /// What the token is.
    pub shape: Shape,
    /// What stands before it.
    pub before: Break,
    /// A full stop follows directly.
    pub dotted: bool,
    /// The first letter is a capital.
    pub capital: bool,
    /// Letters were hidden: mixed scripts, digits for letters, spaced letters, zero-width characters.
    pub hidden: bool,
}

/// A further reading of a token.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Index of the token.
    pub token: u32,
    /// First byte in the folded stream.
    pub at: u32,
    /// Length in bytes.
    pub len: u32,
}

/// Counts of letters by which the script and the language are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// Words of Cyrillic letters only.
    pub cyrillic: u32,
    /// Words of Latin letters only.
    pub latin: u32,
    /// Words of other scripts.
    pub other: u32,
}

/// A text made ready for matching.
pub struct Text<'t> {
    /// The text as it was given.
    pub original: &'t str,
    /// Folded words, a separator before each and one at the end; further readings follow.
    pub stream: Vec<u8>,
    /// Where the further readings begin in `stream`.
    pub readings_at: u32,
    /// The words, in order.
    pub tokens: Vec<Token>,
    /// Further readings, by token.
    pub readings: Vec<Reading>,
    /// Counts for telling the script.
    pub letters: Letters,
}

/// Full readings of abbreviations, supplied by the pack: folded short form and whether it needs a full stop, to the
/// folded words that it stands for (one reading each).
pub trait Abbreviations {
    /// The readings of a short form, or none. `dotted` tells that a full stop (or a hyphen, for forms such as з/п) follows.
    fn expand(&self, folded: &[u8], dotted: bool) -> &[Vec<u8>];
    /// Splits letters run together ("паспортвзалог") into known words, as lengths that add up; empty where it cannot.
    fn split(&self, _folded: &[u8]) -> Vec<usize> {
        Vec::new()
    }
}

/// No abbreviations.
pub struct NoAbbreviations;
impl Abbreviations for NoAbbreviations {
    fn expand(&self, _: &[u8], _: bool) -> &[Vec<u8>] {
        &[]
    }
}

/// Longest text that is screened, in bytes; what follows is left out (offsets are 32-bit).
pub const LONGEST_TEXT: usize = 1 << 30;

impl<'t> Text<'t> {
    /// Reads a text. Never fails: any string gives tokens, maybe none.
    pub fn read(original: &'t str, abbreviations: &impl Abbreviations) -> Text<'t> {
        let mut end = original.len().min(LONGEST_TEXT);
        while !original.is_char_boundary(end) {
            end -= 1;
        }
        reader::Reader::new(&original[..end]).run(original, abbreviations)
    }

    /// The folded bytes of a token's first reading.
    pub fn folded(&self, token: usize) -> &[u8] {
        let t = &self.tokens[token];
        &self.stream[t.at as usize..(t.at + t.len) as usize]
    }

    /// The folded bytes of a further reading.
    pub fn reading(&self, reading: &Reading) -> &[u8] {
        &self.stream[reading.at as usize..(reading.at + reading.len) as usize]
    }

    /// Further readings of a token.
    pub fn readings_of(&self, token: usize) -> &[Reading] {
        if self.readings.is_empty() {
            return &[];
        }
        let from = self.readings.partition_point(|r| (r.token as usize) < token);
        let to = from + self.readings[from..].partition_point(|r| r.token as usize == token);
        &self.readings[from..to]
    }

    /// The original words from one token to another, both included.
    pub fn span(&self, first: usize, last: usize) -> (usize, usize) {
        (self.tokens[first].start as usize, self.tokens[last].end as usize)
    }

    /// The value of a number token; `None` for other tokens and for numbers of more than 15 digits.
    pub fn number(&self, token: usize) -> Option<u64> {
        let t = self.tokens.get(token)?;
        if t.shape != Shape::Number || t.len > 15 {
            return None;
        }
        std::str::from_utf8(self.folded(token)).ok()?.parse().ok()
    }
}

/// Folds one word of a rule into bytes; what is no letter, digit or sign is dropped.
///
/// The same folding as for texts, so a rule written with ө, ё or an apostrophe meets a text written without.
pub fn fold_word(word: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    for c in word.chars() {
        match fold_common(c) {
            Some(fold) => push_plain(fold, &mut out),
            None => fold_rare(c, &mut |fold| push_plain(fold, &mut out)),
        }
    }
    out
}

fn push_plain(fold: Fold, out: &mut Vec<u8>) {
    match fold {
        Fold::Latin(b) | Fold::Cyrillic(b) | Fold::Digit(b) | Fold::Sign(b) => out.push(b),
        Fold::Imitation(latin, cyrillic) => out.push(if cyrillic != 0 { cyrillic } else { latin }),
        Fold::OtherLetter => out.push(code::OTHER),
        Fold::Mark(true) => reader::breve(out),
        _ => {}
    }
}

/// Is the byte a separator of the stream?
pub fn is_separator(b: u8) -> bool {
    b == SEP
}
