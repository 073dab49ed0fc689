//! What the classifier sees of a text: hashed pieces of words, words and pairs of words, line by line.
//!
//! Training and screening share this file, so that a weight means the same in both. There is no list of words: a feature is
//! a slot, the top sixteen bits of a hash. Every feature is told together with the tokens that it came from.

use crate::facts::Facts;
use crate::pack::{Pack, Role, Signal};
use crate::scan::Hits;
use crate::text::{Break, Shape, Text};
use std::ops::Range;

/// Number of slots.
pub const SLOTS: usize = 1 << 16;
/// Longest piece of a word, in letters; the shortest has two. The word's edges count as letters.
const LONGEST_PIECE: usize = 5;
/// Facts that are features. A permit and a firm are none: a licence never weighs in (law 4). `abroad` is none: it hangs on
/// the language of the whole text, which an added line may change (law 2).
pub const FACTS: [&str; 8] =
    ["telephone", "handle", "pay", "age-limit", "age-under-18", "abroad-far", "war-place", "hidden-letters"];

const PIECE: u64 = 0x51;
const WORD: u64 = 0x52;
const PAIR: u64 = 0x53;
const NUMBER: u64 = 0x54;

#[inline(always)]
fn step(h: u64, byte: u64) -> u64 {
    // the multiplier of FxHash (Firefox)
    (h.rotate_left(5) ^ byte).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[inline(always)]
fn slot(h: u64) -> u16 {
    (h >> 48) as u16
}

/// The name of a signal (`signal:id`) or a fact (`fact:id`) as a number (FNV-1a), so that a model outlives its pack.
pub fn name_hash(kind: &str, id: &str) -> u64 {
    let bytes = kind.bytes().chain([b':']).chain(id.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The tokens of each line, in order.
pub fn lines(text: &Text<'_>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut from = 0;
    for i in 1..=text.tokens.len() {
        if i == text.tokens.len() || text.tokens[i].line != text.tokens[from].line {
            lines.push(from..i);
            from = i;
        }
    }
    lines
}

/// Signals whose words are no features: claims of a licence and warnings, which may lower nothing (laws 2 and 4).
fn mute(signal: &Signal) -> bool {
    signal.role == Role::NoOffer || (signal.role == Role::Context && signal.reason == "claim")
}

/// For each token: is it part of wording that is left out? Empty where there is none.
pub fn muted(pack: &Pack, text: &Text<'_>, hits: &Hits) -> Vec<bool> {
    let mut muted = Vec::new();
    for (_, list) in hits.iter().filter(|(signal, _)| mute(&pack.signals[usize::from(*signal)])) {
        for hit in list {
            let (first, last) = (hit.first as usize, hit.last as usize);
            // wording across lines would let a line that is added change the ones before it
            if text.tokens[first].line == text.tokens[last].line {
                muted.resize(text.tokens.len(), false);
                muted[first..=last].fill(true);
            }
        }
    }
    muted
}

/// Tells every feature of some tokens: slot, first and last token. Gives the number of tokens looked at.
///
/// The tokens must stand on one line.
#[inline]
pub fn of_tokens(
    text: &Text<'_>,
    tokens: Range<usize>,
    muted: &[bool],
    mut tell: impl FnMut(u16, usize, usize),
) -> usize {
    let mut before: Option<u64> = None;
    let mut count = 0;
    for i in tokens {
        if muted.get(i).copied().unwrap_or(false) {
            before = None;
            continue;
        }
        count += 1;
        let token = &text.tokens[i];
        let bytes = text.folded(i);
        let word = if token.shape == Shape::Number {
            step(NUMBER, bytes.len() as u64)
        } else {
            let mut padded = [b' '; 34];
            // pieces of the first 32 letters are enough
            let n = bytes.len().min(32);
            padded[1..=n].copy_from_slice(&bytes[..n]);
            if token.shape == Shape::Word {
                pieces(&padded[..n + 2], |h| tell(slot(h), i, i));
            }
            bytes.iter().fold(WORD, |h, b| step(h, u64::from(*b)))
        };
        tell(slot(word), i, i);
        if let Some(other) = before.filter(|_| token.before < Break::Sentence) {
            tell(slot(step(step(PAIR, other), word)), i - 1, i);
        }
        before = Some(word);
    }
    count
}

#[inline(always)]
fn pieces(padded: &[u8], mut tell: impl FnMut(u64)) {
    for from in 0..padded.len() - 1 {
        let mut h = step(PIECE, u64::from(padded[from]));
        for &b in &padded[from + 1..padded.len().min(from + LONGEST_PIECE)] {
            h = step(h, u64::from(b));
            tell(h);
        }
    }
}

/// What a whole text shows, for training.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Slots, rising, each once.
    pub slots: Vec<u16>,
    /// Signals and facts that hold.
    pub named: Vec<u64>,
    /// Tokens looked at.
    pub tokens: usize,
}

/// Everything the classifier may see of a text.
pub fn seen(pack: &Pack, text: &Text<'_>, hits: &Hits, facts: &Facts) -> Seen {
    let muted = muted(pack, text, hits);
    let mut seen = Seen::default();
    for line in lines(text) {
        seen.tokens += of_tokens(text, line, &muted, |slot, _, _| seen.slots.push(slot));
    }
    seen.slots.sort_unstable();
    seen.slots.dedup();
    let signals = hits.iter().map(|(n, _)| &pack.signals[usize::from(n)]).filter(|s| counts(s));
    seen.named = signals.map(|s| name_hash("signal", &s.id)).collect();
    seen.named.extend(FACTS.iter().filter(|f| facts.holds(f, "")).map(|f| name_hash("fact", f)));
    seen
}

/// May the signal weigh in? Only red flags: they are the ones that an added line never ends.
pub(crate) fn counts(signal: &Signal) -> bool {
    signal.role == Role::Flag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::NoAbbreviations;

    #[test]
    fn pieces_have_two_to_five_letters() {
        let mut n = 0;
        pieces(b" abc ", |_| n += 1);
        assert_eq!(n, 4 + 3 + 2 + 1);
    }

    #[test]
    fn a_feature_names_its_tokens() {
        let text = Text::read("нужны люди\nсегодня", &NoAbbreviations);
        assert_eq!(lines(&text), vec![0..2, 2..3]);
        let mut pairs = Vec::new();
        let count = of_tokens(&text, 0..2, &[], |_, a, b| {
            if a != b {
                pairs.push((a, b));
            }
        });
        assert_eq!((count, pairs), (2, vec![(0, 1)]));
    }
}
