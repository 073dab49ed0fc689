//! Finding signals: one automaton over the anchor words of all phrases, then verification by word distance.
//!
//! Each phrase has one anchor place, its rarest word. The automaton finds the anchors of all phrases of all languages in
//! one pass over the folded stream; only at an anchor are the other places of the phrase looked at.

use crate::pack::{Pack, Phrase, Place, Slot, WordSet};
use crate::text::{Break, Shape, Text};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Most different spans that one phrase gives at one anchor: the rest would differ only in the gaps.
const SPANS_PER_ANCHOR: usize = 4;
/// Most matches kept for one signal; a text of ten million repetitions needs no more evidence.
const MATCHES_PER_SIGNAL: usize = 4096;

/// Where a phrase matched: first and last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// First token.
    pub first: u32,
    /// Last token.
    pub last: u32,
    /// Index of the phrase.
    pub phrase: u32,
}

/// All matches of one text, by signal.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    by_signal: Vec<Vec<Hit>>,
    /// Per line of the text: does red-flag wording stand in it? Lines beyond the end hold none.
    pub flagged_lines: Vec<bool>,
}

impl Hits {
    /// The matches of a signal, in order.
    pub fn of(&self, signal: u16) -> &[Hit] {
        self.by_signal.get(usize::from(signal)).map_or(&[], Vec::as_slice)
    }

    /// Does the signal hold anywhere?
    pub fn holds(&self, signal: u16) -> bool {
        !self.of(signal).is_empty()
    }

    /// Does red-flag wording stand in the line?
    pub fn line_flagged(&self, line: u32) -> bool {
        self.flagged_lines.get(line as usize).copied().unwrap_or(false)
    }
}

/// The automaton and the tables from its patterns to phrases.
#[derive(Clone, Debug)]
pub struct Scanner {
    automaton: AhoCorasick,
    /// Pattern to phrases whose anchor accepts it (start offsets into `phrases`).
    starts: Vec<u32>,
    phrases: Vec<u32>,
    /// Pattern to language words: bit set of languages.
    languages: Vec<u32>,
    /// Length of each pattern without the separators, and whether a separator follows in it.
    closed: Vec<bool>,
}

impl Scanner {
    /// Builds the automaton of a verified pack.
    ///
    /// # Errors
    /// A message when the automaton would be too large.
    pub fn new(pack: &Pack) -> Result<Scanner, String> {
        use std::collections::BTreeMap;
        let mut patterns: BTreeMap<Vec<u8>, (Vec<u32>, u32)> = BTreeMap::new();
        let pattern = |atom: &crate::pack::Atom| {
            let mut p = Vec::with_capacity(atom.word.len() + 2);
            p.push(b' ');
            p.extend_from_slice(&atom.word);
            if !atom.open {
                p.push(b' ');
            }
            p
        };
        for (n, phrase) in pack.phrases.iter().enumerate() {
            if let Slot::Set(set) = phrase.places[usize::from(phrase.anchor)].slot {
                let words = &pack.sets[set as usize];
                for atom in words.single.0.iter().chain(&words.first.0) {
                    let listed = &mut patterns.entry(pattern(atom)).or_default().0;
                    if listed.last() != Some(&(n as u32)) {
                        listed.push(n as u32);
                    }
                }
            }
        }
        for (language, (_, set)) in pack.language_words.iter().enumerate() {
            for atom in &pack.sets[*set as usize].single.0 {
                patterns.entry(pattern(atom)).or_default().1 |= 1 << language;
            }
        }
        let mut scanner = Scanner {
            automaton: AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(patterns.keys())
                .map_err(|e| e.to_string())?,
            starts: vec![0],
            phrases: Vec::new(),
            languages: Vec::new(),
            closed: Vec::new(),
        };
        for (bytes, (phrases, languages)) in &patterns {
            scanner.phrases.extend_from_slice(phrases);
            scanner.starts.push(scanner.phrases.len() as u32);
            scanner.languages.push(*languages);
            scanner.closed.push(bytes.last() == Some(&b' '));
        }
        Ok(scanner)
    }

    /// Finds every signal of the text and counts the words that tell languages (by index in the pack).
    pub fn scan(&self, pack: &Pack, text: &Text<'_>, language_counts: &mut [u32]) -> Hits {
        let mut found: Vec<Vec<Hit>> = vec![Vec::new(); pack.signals.len()];
        let mut unless: Vec<(u16, Hit)> = Vec::new();
        let mut token = 0usize;
        let mut reading = 0usize;
        let mut spans: Vec<(u32, u32)> = Vec::with_capacity(SPANS_PER_ANCHOR);
        for m in self.automaton.find_overlapping_iter(&text.stream) {
            let id = m.pattern().as_usize();
            let last_byte = (m.end() - 1 - usize::from(self.closed[id])) as u32;
            // matches come in order of their end, so both positions only move forward
            let at = if last_byte < text.readings_at {
                while text.tokens[token].at + text.tokens[token].len <= last_byte {
                    token += 1;
                }
                token
            } else {
                while text.readings[reading].at + text.readings[reading].len <= last_byte {
                    reading += 1;
                }
                text.readings[reading].token as usize
            };
            let mut languages = self.languages[id];
            while languages != 0 {
                let language = languages.trailing_zeros() as usize;
                if let Some(count) = language_counts.get_mut(language) {
                    *count += 1;
                }
                languages &= languages - 1;
            }
            let phrases = &self.phrases[self.starts[id] as usize..self.starts[id + 1] as usize];
            for &n in phrases {
                let phrase = &pack.phrases[n as usize];
                let signal = usize::from(phrase.signal);
                if !phrase.unless && found[signal].len() >= MATCHES_PER_SIGNAL {
                    continue;
                }
                spans.clear();
                verify(pack, text, phrase, at, &mut spans);
                for &(first, last) in &spans {
                    let hit = Hit { first, last, phrase: n };
                    if phrase.unless {
                        if text.tokens[first as usize].line == text.tokens[last as usize].line {
                            unless.push((phrase.signal, widen(text, hit, phrase.reach)));
                        }
                    } else {
                        found[signal].push(hit);
                    }
                }
            }
        }
        cancel(&mut found, unless);
        let mut hits = Hits { by_signal: found, flagged_lines: Vec::new() };
        for (signal, list) in hits.by_signal.iter_mut().enumerate() {
            list.sort_unstable();
            list.dedup_by_key(|h| (h.first, h.last));
            if pack.signals[signal].role == crate::pack::Role::Flag {
                for hit in list.iter() {
                    for t in hit.first..=hit.last {
                        let line = text.tokens[t as usize].line as usize;
                        if hits.flagged_lines.len() <= line {
                            hits.flagged_lines.resize(line + 1, false);
                        }
                        hits.flagged_lines[line] = true;
                    }
                }
            }
        }
        hits
    }
}

/// An `unless` match with the words around it that it reaches, within its sentence and line.
fn widen(text: &Text<'_>, mut hit: Hit, reach: (u8, u8)) -> Hit {
    let inside = |a: usize, b: usize| {
        let (a, b) = (&text.tokens[a], &text.tokens[b]);
        a.line == b.line && a.sentence == b.sentence
    };
    for _ in 0..reach.0 {
        match (hit.first as usize).checked_sub(1) {
            Some(t) if inside(t, hit.first as usize) => hit.first = t as u32,
            _ => break,
        }
    }
    for _ in 0..reach.1 {
        let t = hit.last as usize + 1;
        if t >= text.tokens.len() || !inside(t, hit.last as usize) {
            break;
        }
        hit.last = t as u32;
    }
    hit
}

/// Removes the matches that an `unless` phrase of the same signal overlaps.
fn cancel(found: &mut [Vec<Hit>], mut unless: Vec<(u16, Hit)>) {
    if unless.is_empty() {
        return;
    }
    unless.sort_unstable();
    for group in unless.chunk_by(|a, b| a.0 == b.0) {
        let list = &mut found[usize::from(group[0].0)];
        // spans are short and sorted by their first token: a window is enough, but its width is that of the longest span
        let widest = group.iter().map(|(_, u)| u.last - u.first).max().unwrap_or(0);
        list.retain(|hit| {
            let from = group.partition_point(|(_, u)| u.first + widest < hit.first);
            !group[from..].iter().take_while(|(_, u)| u.first <= hit.last).any(|(_, u)| u.last >= hit.first)
        });
    }
}

/// Is the token a word of the set, in any of its readings?
#[inline]
fn is_in(text: &Text<'_>, token: usize, set: &WordSet) -> bool {
    set.contains(text.folded(token)) || text.readings_of(token).iter().any(|r| set.contains(text.reading(r)))
}

/// Does the single token fit the slot?
#[inline]
pub(crate) fn fits(pack: &Pack, text: &Text<'_>, token: usize, slot: &Slot) -> bool {
    match slot {
        Slot::Number(from, to) => {
            text.tokens[token].shape == Shape::Number
                && (*from == 0 && *to == u64::MAX || text.number(token).is_some_and(|n| (*from..=*to).contains(&n)))
        }
        Slot::Set(set) => is_in(text, token, &pack.sets[*set as usize].single),
    }
}

/// The token counts that a slot may take up from (or up to) a token; longest sequence 16 words.
#[derive(Default)]
struct Lengths([u8; 6], usize);

impl Lengths {
    fn push(&mut self, length: usize) {
        if self.1 < self.0.len() && !self.0[..self.1].contains(&(length as u8)) {
            self.0[self.1] = length as u8;
            self.1 += 1;
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> + use<> {
        self.0.into_iter().take(self.1).map(usize::from)
    }
}

fn lengths(pack: &Pack, text: &Text<'_>, token: usize, slot: &Slot, forward: bool) -> Lengths {
    let mut found = Lengths::default();
    if fits(pack, text, token, slot) {
        found.push(1);
    }
    let Slot::Set(set) = slot else { return found };
    let words = &pack.sets[*set as usize];
    if words.sequences.is_empty() || !is_in(text, token, if forward { &words.first } else { &words.last }) {
        return found;
    }
    for sequence in &words.sequences {
        let n = sequence.len();
        let start = if forward { Some(token) } else { (token + 1).checked_sub(n) };
        let Some(start) = start.filter(|s| s + n <= text.tokens.len()) else { continue };
        let stands = sequence.iter().enumerate().all(|(i, set)| {
            is_in(text, start + i, set) && (i == 0 || text.tokens[start + i].before < Break::Sentence)
        });
        if stands {
            found.push(n);
        }
    }
    found
}

/// Finds the spans of a phrase whose anchor starts at a token: backwards to the first place, then forwards to the last.
fn verify(pack: &Pack, text: &Text<'_>, phrase: &Phrase, at: usize, spans: &mut Vec<(u32, u32)>) {
    let anchor = usize::from(phrase.anchor);
    for length in lengths(pack, text, at, &phrase.places[anchor].slot, true).iter() {
        let mut walk = Walk { pack, text, places: &phrase.places, anchor, anchor_end: at + length - 1, spans };
        walk.back(anchor, at, u32::from(phrase.budget));
    }
}

struct Walk<'a, 't> {
    pack: &'a Pack,
    text: &'a Text<'t>,
    places: &'a [Place],
    anchor: usize,
    /// Last token of the anchor.
    anchor_end: usize,
    spans: &'a mut Vec<(u32, u32)>,
}

impl Walk<'_, '_> {
    fn full(&self) -> bool {
        self.spans.len() >= SPANS_PER_ANCHOR
    }

    /// Places before `place` (which starts at `token`) are still to be found.
    fn back(&mut self, place: usize, token: usize, budget: u32) {
        let mut gap = u32::from(self.places[place].gap);
        let mut crosses = self.places[place].crosses;
        let budgeted = self.places[place].budgeted;
        let mut next = place;
        loop {
            if next == 0 {
                return self.forward(self.anchor, self.anchor_end, token, budget);
            }
            next -= 1;
            let most = if budgeted { gap.min(budget) } else { gap };
            for skipped in 0..=most {
                let Some(end) = token.checked_sub(skipped as usize + 1) else { break };
                if !passable(self.text.tokens[end + 1].before, crosses) {
                    break;
                }
                for length in lengths(self.pack, self.text, end, &self.places[next].slot, false).iter() {
                    self.back(next, end + 1 - length, if budgeted { budget - skipped } else { budget });
                    if self.full() {
                        return;
                    }
                }
            }
            if !self.places[next].optional {
                return;
            }
            // the optional place is missing: the gaps on both sides of it add up
            gap += u32::from(self.places[next].gap);
            crosses |= self.places[next].crosses;
        }
    }

    /// `place` ends at `token`; the phrase begins at `first`; places behind are still to be found.
    fn forward(&mut self, place: usize, token: usize, first: usize, budget: u32) {
        let mut next = place + 1;
        let (mut gap, mut crosses) = (0, false);
        loop {
            let Some(coming) = self.places.get(next) else {
                let span = (first as u32, token as u32);
                if !self.spans.contains(&span) {
                    self.spans.push(span);
                }
                return;
            };
            gap += u32::from(coming.gap);
            crosses |= coming.crosses;
            let most = if coming.budgeted { gap.min(budget) } else { gap };
            for skipped in 0..=most {
                let start = token + 1 + skipped as usize;
                if start >= self.text.tokens.len() || !passable(self.text.tokens[start].before, crosses) {
                    break;
                }
                for length in lengths(self.pack, self.text, start, &coming.slot, true).iter() {
                    self.forward(next, start + length - 1, first, if coming.budgeted { budget - skipped } else { budget });
                    if self.full() {
                        return;
                    }
                }
            }
            if !coming.optional {
                return;
            }
            next += 1;
        }
    }
}

fn passable(before: Break, crosses: bool) -> bool {
    before < if crosses { Break::Paragraph } else { Break::Sentence }
}
