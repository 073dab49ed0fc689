//! The one pass from characters to tokens.

use super::code::{CYR, Fold, OTHER, SEP, cyrillic_twin, fold_common, fold_rare};
use super::hidden;
use super::{Abbreviations, Break, Letters, Reading, Shape, Text, Token};

/// и + breve = й, at the end of `out`.
pub(super) fn breve(out: &mut [u8]) {
    if let Some(last) = out.last_mut()
        && *last == CYR + 8
    {
        *last = CYR + 9;
    }
}

/// What a word in the making consists of.
#[derive(Clone, Copy, Default)]
pub(super) struct Makeup {
    pub latin: bool,
    pub cyrillic: bool,
    pub imitation: bool,
    pub other: bool,
    pub digit: bool,
    pub hidden: bool,
}

impl Makeup {
    fn plain_cyrillic(self) -> bool {
        self.cyrillic && !self.latin && !self.imitation && !self.digit
    }
}

pub(super) struct Reader<'t> {
    text: &'t str,
    stream: Vec<u8>,
    tokens: Vec<Token>,
    /// Further readings while the first stream still grows: token, bytes.
    readings: Vec<(u32, Vec<u8>)>,
    letters: Letters,
    line: u32,
    sentence: u32,
    single_letters: u32,
    spaced: bool,
    /// The last token is a short form known to the pack ("водит.").
    shortened: bool,
}

/// What has been seen since the last token.
#[derive(Clone, Copy, Default)]
struct Between {
    newlines: u32,
    stop: bool,
    end: bool,
    bullet: bool,
    soft: bool,
    space_after_stop: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Reader {
            text,
            stream: Vec::with_capacity(text.len() + text.len() / 8 + 16),
            tokens: Vec::with_capacity(text.len() / 8 + 8),
            readings: Vec::new(),
            letters: Letters::default(),
            line: 0,
            sentence: 0,
            single_letters: 0,
            spaced: false,
            shortened: false,
        }
    }

    pub(super) fn run(mut self, original: &'t str, abbreviations: &impl Abbreviations) -> Text<'t> {
        let bytes = self.text.as_bytes();
        let mut i = 0;
        let mut between = Between { newlines: 2, ..Between::default() };
        while i < bytes.len() {
            let (c, len) = char_at(self.text, i);
            let mut first = Fold::Gap;
            match fold_common(c) {
                Some(fold) => first = fold,
                None => fold_rare(c, &mut |fold| {
                    if first == Fold::Gap {
                        first = fold;
                    }
                }),
            }
            match first {
                Fold::Latin(_) | Fold::Cyrillic(_) | Fold::Imitation(..) | Fold::OtherLetter | Fold::Silent => {
                    i = self.word(i, between, abbreviations);
                    between = Between::default();
                }
                Fold::Digit(_) => {
                    i = self.number(i, between);
                    between = Between::default();
                }
                Fold::Sign(b) => {
                    let digit_follows = bytes.get(i + len).is_some_and(u8::is_ascii_digit);
                    if b != b'+' || !digit_follows {
                        self.push_token(i, i + len, &[b], Shape::Sign, between, false);
                        between = Between::default();
                    }
                    i += len;
                }
                Fold::Hidden | Fold::Mark(_) => i += len,
                Fold::Apostrophe | Fold::Gap => {
                    note_gap(c, &mut between);
                    i += len;
                }
            }
        }
        self.stream.push(SEP);
        if self.spaced {
            hidden::join_spaced(&mut self.stream, &mut self.tokens, &mut self.readings, self.text, abbreviations);
        }
        let readings_at = self.stream.len() as u32;
        let mut readings = Vec::with_capacity(self.readings.len());
        self.readings.sort_by_key(|(token, _)| *token);
        for (token, bytes) in &self.readings {
            readings.push(Reading { token: *token, at: self.stream.len() as u32, len: bytes.len() as u32 });
            self.stream.extend_from_slice(bytes);
            self.stream.push(SEP);
        }
        Text { original, stream: self.stream, readings_at, tokens: self.tokens, readings, letters: self.letters }
    }

    /// Reads a word that starts at `start`; returns the byte after it.
    fn word(&mut self, start: usize, between: Between, abbreviations: &impl Abbreviations) -> usize {
        let bytes = self.text.as_bytes();
        self.stream.push(SEP);
        let at = self.stream.len();
        let mut makeup = Makeup::default();
        let mut i = start;
        let mut end = start;
        while i < bytes.len() {
            let (c, len) = char_at(self.text, i);
            if let Some(fold) = fold_common(c) {
                match fold {
                    Fold::Cyrillic(b) => {
                        makeup.cyrillic = true;
                        self.stream.push(b);
                    }
                    Fold::Latin(b) => {
                        makeup.latin = true;
                        self.stream.push(b);
                    }
                    Fold::Silent => makeup.cyrillic = true,
                    Fold::Imitation(latin, cyrillic) => {
                        makeup.imitation = true;
                        self.stream.push(if cyrillic != 0 { cyrillic } else { latin });
                    }
                    Fold::Apostrophe if letter_at(self.text, i + len) => {
                        i += len;
                        continue;
                    }
                    Fold::Digit(b)
                        if cyrillic_twin(c) != 0
                            && letter_at(self.text, i + len)
                            && !makeup.digit
                            && end - start >= 2 =>
                    {
                        makeup.digit = true;
                        self.stream.push(b);
                    }
                    Fold::OtherLetter => {
                        makeup.other = true;
                        self.stream.push(OTHER);
                    }
                    Fold::Mark(_) => {}
                    _ => break,
                }
                i += len;
                end = i;
                continue;
            }
            let mut keep = true;
            let mut ends = true;
            let stream = &mut self.stream;
            fold_rare(c, &mut |fold| match fold {
                Fold::Latin(b) => {
                    makeup.latin = true;
                    stream.push(b);
                }
                Fold::Cyrillic(b) => {
                    makeup.cyrillic = true;
                    stream.push(b);
                }
                Fold::Imitation(latin, cyrillic) => {
                    makeup.imitation = true;
                    stream.push(if cyrillic != 0 { cyrillic } else { latin });
                }
                Fold::OtherLetter => {
                    makeup.other = true;
                    stream.push(OTHER);
                }
                Fold::Digit(b) => stream.push(b),
                Fold::Mark(is_breve) => {
                    if is_breve {
                        breve(stream);
                    }
                }
                Fold::Hidden => ends = false,
                Fold::Apostrophe => {
                    ends = false;
                    keep = letter_at(self.text, i + len);
                }
                Fold::Silent => {}
                Fold::Sign(_) | Fold::Gap => keep = false,
            });
            if !keep {
                break;
            }
            i += len;
            if ends {
                end = i;
            } else if letter_at(self.text, i) && is_invisible(c) {
                makeup.hidden = true;
            }
        }
        if end == start {
            end = i.max(start + char_at(self.text, start).1);
        }
        if self.stream.len() == at {
            // only silent letters: nothing to match, but the word stands there
            self.stream.push(OTHER);
        }
        if makeup.other && !makeup.latin && !makeup.cyrillic {
            self.letters.other += 1;
        } else if makeup.cyrillic && !makeup.latin {
            self.letters.cyrillic += 1;
        } else if makeup.latin && !makeup.cyrillic {
            self.letters.latin += 1;
        }
        let token = self.tokens.len() as u32;
        let mut hidden_letters = makeup.hidden;
        if !makeup.plain_cyrillic() {
            let source = &self.text[start..end];
            let visible: String;
            let source = if makeup.hidden {
                visible = source.chars().filter(|c| !is_invisible(*c)).collect();
                visible.as_str()
            } else {
                source
            };
            hidden_letters |= hidden::readings(source, makeup, &mut self.stream, at, token, &mut self.readings);
        }
        self.leading_digit(start, at, token);
        let dotted = matches!(bytes.get(end), Some(b'.')) || matches!(bytes.get(end), Some(b'/' | b'-'));
        let full = abbreviations.expand(&self.stream[at..], dotted);
        for reading in full {
            self.readings.push((token, reading.clone()));
        }
        let shortened = !full.is_empty();
        let len = self.stream.len() - at;
        if len == 1 {
            self.single_letters += 1;
            self.spaced |= self.single_letters >= 4;
        } else {
            self.single_letters = 0;
        }
        self.finish(start, end, at, Shape::Word, between, hidden_letters);
        self.shortened = shortened;
        end.max(start + 1)
    }

    /// "3арплата", "6есплатно": a digit before a word may be its first letter; a further reading, for it may be a count.
    fn leading_digit(&mut self, start: usize, at: usize, token: u32) {
        let Some(last) = self.tokens.last() else {
            return;
        };
        if last.shape != Shape::Number || last.len != 1 || last.end as usize != start || self.stream.len() - at < 4 {
            return;
        }
        let digit = self.text.as_bytes()[last.start as usize] as char;
        let twin = cyrillic_twin(digit);
        if twin != 0 {
            let mut reading = vec![twin];
            reading.extend_from_slice(&self.stream[at..]);
            self.readings.push((token, reading));
        }
    }

    fn number(&mut self, start: usize, between: Between) -> usize {
        self.stream.push(SEP);
        let at = self.stream.len();
        let mut i = start;
        let mut end = start;
        while i < self.text.len() {
            let (c, len) = char_at(self.text, i);
            let mut digit = None;
            let mut invisible = false;
            match fold_common(c) {
                Some(Fold::Digit(b)) => digit = Some(b),
                Some(_) => {}
                None => fold_rare(c, &mut |fold| match fold {
                    Fold::Digit(b) => digit = Some(b),
                    Fold::Hidden | Fold::Mark(_) => invisible = true,
                    _ => {}
                }),
            }
            match digit {
                Some(b) => {
                    self.stream.push(b);
                    i += len;
                    end = i;
                }
                None if invisible => i += len,
                None => break,
            }
        }
        self.single_letters = 0;
        self.finish(start, end, at, Shape::Number, between, false);
        end.max(start + 1)
    }

    fn push_token(&mut self, start: usize, end: usize, folded: &[u8], shape: Shape, between: Between, hidden: bool) {
        self.stream.push(SEP);
        let at = self.stream.len();
        self.stream.extend_from_slice(folded);
        self.finish(start, end, at, shape, between, hidden);
    }

    fn finish(&mut self, start: usize, end: usize, at: usize, shape: Shape, between: Between, hidden: bool) {
        let capital = self.text[start..].chars().next().is_some_and(char::is_uppercase);
        let before = self.break_before(between, shape == Shape::Word);
        self.shortened = false;
        self.line += between.newlines.min(1) * u32::from(!self.tokens.is_empty());
        if before >= Break::Sentence && !self.tokens.is_empty() {
            self.sentence += 1;
        }
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            at: at as u32,
            len: (self.stream.len() - at) as u32,
            line: self.line,
            sentence: self.sentence,
            shape,
            before,
            dotted: self.text.as_bytes().get(end) == Some(&b'.'),
            capital,
            hidden,
        });
    }

    /// How strongly the coming token is parted from the last one. The full stop of a short word ("раб. в Тур. для дев.")
    /// and of a known short form ends a sentence only where a line ends too. Capitals tell nothing here: chats write
    /// none, and an advert may be all capitals (law 8).
    fn break_before(&self, between: Between, word: bool) -> Break {
        let Some(last) = self.tokens.last() else {
            return Break::Paragraph;
        };
        if between.newlines > 1 {
            return Break::Paragraph;
        }
        if between.end || between.bullet {
            return Break::Sentence;
        }
        if between.stop && between.space_after_stop {
            // words are cut short behind a consonant ("раб.", "тел."), so a vowel ends a whole one ("цехе.")
            let whole = word && self.stream[..(last.at + last.len) as usize].last().is_some_and(|b| is_vowel(*b));
            let short = last.shape == Shape::Word && (last.len <= 4 && !whole || self.shortened);
            if !short || between.newlines > 0 {
                return Break::Sentence;
            }
        }
        if between.stop && between.newlines > 0 {
            return Break::Sentence;
        }
        if between.newlines > 0 || between.stop || between.soft { Break::Soft } else { Break::None }
    }
}

/// Is the folded letter a vowel?
fn is_vowel(letter: u8) -> bool {
    // а е и о у ы э ю я as they are folded
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
        || matches!(letter.wrapping_sub(super::code::CYR), 0 | 5 | 8 | 14 | 19 | 27 | 30 | 31)
}

fn note_gap(c: char, between: &mut Between) {
    match c {
        '\n' => {
            between.newlines += 1;
            between.space_after_stop = true;
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' => between.newlines += 1,
        '.' => between.stop = true,
        '!' | '?' | '…' | '。' => between.end = true,
        ':' | ';' => between.soft = true,
        ' ' | '\t' | '\r' | '\u{a0}' => between.space_after_stop = true,
        '•' | '●' | '▪' | '■' | '◆' | '★' | '☆' | '|' | '·' | '‣' | '○' | '►' | '▶' => {
            between.bullet = true
        }
        ',' | '-' | '–' | '—' | '(' | ')' | '"' | '«' | '»' | '“' | '”' | '„' | '/' | '*' | '_' | '[' | ']' => {
            if between.newlines > 0 && matches!(c, '-' | '–' | '—' | '*') {
                between.bullet = true;
            }
        }
        _ => {
            // emoji and other ornaments open a new item only at the start of a line
            if between.newlines > 0 && !c.is_ascii() {
                between.bullet = true;
            }
        }
    }
}

/// The character that starts at byte `i` (a boundary) and its length.
#[inline(always)]
pub(super) fn char_at(text: &str, i: usize) -> (char, usize) {
    let bytes = text.as_bytes();
    let b = bytes[i];
    if b < 0x80 {
        return (b as char, 1);
    }
    if b & 0xe0 == 0xc0 {
        let c = (u32::from(b & 0x1f) << 6) | u32::from(bytes[i + 1] & 0x3f);
        return (char::from_u32(c).unwrap_or('\u{fffd}'), 2);
    }
    text[i..].chars().next().map_or(('\u{fffd}', 1), |c| (c, c.len_utf8()))
}

/// Does a letter stand at byte `i`, looking through invisible characters?
fn letter_at(text: &str, mut i: usize) -> bool {
    for _ in 0..4 {
        if i >= text.len() {
            return false;
        }
        let (c, len) = char_at(text, i);
        if !is_invisible(c) {
            return c.is_alphabetic();
        }
        i += len;
    }
    false
}

/// Zero-width characters, soft hyphens, direction marks: what a reader does not see.
pub(crate) fn is_invisible(c: char) -> bool {
    if fold_common(c).is_some() {
        return false;
    }
    let mut hidden = false;
    fold_rare(c, &mut |fold| hidden |= fold == Fold::Hidden);
    hidden
}
