//! Finding signals: anchors, then verification by word distance.
//!
//! Each phrase has one anchor place, its rarest word. The lexicon's automaton has found the words of all languages in one
//! pass over the folded stream; only where an anchor stands are the other places of its phrases looked at.

use crate::lexicon::{Lexicon, Marks};
use crate::pack::{Pack, Phrase, Place, Role, Slot};
use crate::text::{Break, Text};

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
    /// Per line of the text: does wording stand in it that may answer no absence (red flags, warnings, claims of a
    /// licence)? Lines beyond the end hold none.
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

    /// Does wording stand in the line that may answer no absence?
    pub fn line_flagged(&self, line: u32) -> bool {
        self.flagged_lines.get(line as usize).copied().unwrap_or(false)
    }
}

/// From words to the phrases that they anchor.
#[derive(Clone, Debug)]
pub struct Scanner {
    /// For each atom the phrases to verify where it stands.
    phrases: Lists,
    /// For each atom the gates that it opens: sets that some phrase needs beside its anchor.
    gates: Lists,
    gate_count: usize,
    /// For each phrase the two gates that must be open, and whether it may cross the end of a sentence.
    needs: Vec<([u32; 2], bool)>,
    /// For each atom the languages that it tells, as bits.
    languages: Vec<u32>,
}

/// A list of numbers for each of many keys, in one piece.
#[derive(Clone, Debug)]
struct Lists {
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Lists {
    /// Collects what `each` gives: it is called twice with a function that takes key and value.
    fn new(keys: usize, each: impl Fn(&mut dyn FnMut(u32, u32))) -> Lists {
        let mut starts = vec![0u32; keys + 1];
        each(&mut |key, _| starts[key as usize + 1] += 1);
        for i in 0..keys {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut values = vec![0u32; starts[keys] as usize];
        each(&mut |key, value| {
            values[next[key as usize] as usize] = value;
            next[key as usize] += 1;
        });
        Lists { starts, values }
    }

    #[inline]
    fn of(&self, key: u32) -> &[u32] {
        &self.values[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}

/// The gate that is always open.
const OPEN: u32 = 0;

impl Scanner {
    /// Builds the tables of a verified pack.
    pub fn new(pack: &Pack, lexicon: &Lexicon) -> Scanner {
        let count = lexicon.atoms().len();
        let set_at = |phrase: &Phrase, place: u8| match phrase.places[usize::from(place)].slot() {
            Slot::Set(n) => Some(n),
            Slot::Number(_) => None,
        };
        let phrases = Lists::new(count, |take| {
            for (n, phrase) in pack.phrases.iter().enumerate() {
                let Some(set) = set_at(phrase, phrase.anchor) else {
                    continue;
                };
                lexicon.beginnings(set).for_each(|a| take(a, n as u32));
            }
        });
        let mut gate_of = vec![OPEN; pack.sets.len()];
        let mut gate_count = 1;
        let mut needs = Vec::with_capacity(pack.phrases.len());
        for phrase in &pack.phrases {
            let mut own = [OPEN; 2];
            for (gate, &place) in own.iter_mut().zip(&phrase.needs) {
                let Some(set) = set_at(phrase, place).filter(|_| place != phrase.anchor) else {
                    continue;
                };
                if gate_of[set as usize] == OPEN {
                    gate_of[set as usize] = gate_count;
                    gate_count += 1;
                }
                *gate = gate_of[set as usize];
            }
            needs.push((own, phrase.places.iter().any(|p| p.crosses())));
        }
        let gates = Lists::new(count, |take| {
            for (set, &gate) in gate_of.iter().enumerate().filter(|(_, gate)| **gate != OPEN) {
                lexicon.beginnings(set as u32).for_each(|a| take(a, gate));
            }
        });
        let mut languages = vec![0u32; count];
        for (n, (_, set)) in pack.language_words.iter().enumerate() {
            lexicon.set(*set).iter().for_each(|&a| languages[a as usize] |= 1 << n);
        }
        Scanner { phrases, gates, gate_count: gate_count as usize, needs, languages }
    }

    /// Finds every signal of the text and counts the words that tell languages (by index in the pack).
    pub fn scan(&self, pack: &Pack, marks: &Marks<'_, '_>, language_counts: &mut [u32]) -> Hits {
        let text = marks.text;
        let mut found: Vec<Vec<Hit>> = vec![Vec::new(); pack.signals.len()];
        let mut unless: Vec<(u16, Hit)> = Vec::new();
        let mut spans: Vec<(u32, u32)> = Vec::with_capacity(SPANS_PER_ANCHOR);
        // words of the text by number, so that each is looked at once however often it stands
        let mut by_atom: Vec<(u32, u32)> = Vec::with_capacity(text.tokens.len() * 2);
        for at in 0..text.tokens.len() {
            let mut told = 0u32;
            for &atom in marks.of(at) {
                told |= self.languages[atom as usize];
                by_atom.push((atom, at as u32));
            }
            while told != 0 {
                if let Some(count) = language_counts.get_mut(told.trailing_zeros() as usize) {
                    *count += 1;
                }
                told &= told - 1;
            }
        }
        by_atom.sort_unstable();
        // in which sentences a gate is open, by the sentence's number modulo 64: a phrase that stays within a sentence needs
        // all its words in the same one
        let bit = |at: u32| 1u64 << (text.tokens[at as usize].sentence % 64);
        let mut open = vec![0u64; self.gate_count];
        open[OPEN as usize] = u64::MAX;
        for group in by_atom.chunk_by(|a, b| a.0 == b.0) {
            let gates = self.gates.of(group[0].0);
            if !gates.is_empty() {
                let sentences = group.iter().fold(0, |mask, &(_, at)| mask | bit(at));
                gates.iter().for_each(|&gate| open[gate as usize] |= sentences);
            }
        }
        for group in by_atom.chunk_by(|a, b| a.0 == b.0) {
            let sentences = group.iter().fold(0, |mask, &(_, at)| mask | bit(at));
            for &n in self.phrases.of(group[0].0) {
                let ([first, second], crosses) = self.needs[n as usize];
                let (first, second) = (open[first as usize], open[second as usize]);
                let both = if crosses && first != 0 && second != 0 { u64::MAX } else { first & second };
                if both & sentences == 0 {
                    continue;
                }
                let phrase = &pack.phrases[n as usize];
                let signal = usize::from(phrase.signal);
                for &(_, at) in group {
                    if both & bit(at) == 0 {
                        continue;
                    }
                    if !phrase.unless && found[signal].len() >= MATCHES_PER_SIGNAL {
                        break;
                    }
                    spans.clear();
                    verify(marks, phrase, at as usize, &mut spans);
                    for &(first, last) in &spans {
                        let hit = Hit { first, last, phrase: n };
                        if !phrase.unless {
                            found[signal].push(hit);
                        } else if text.tokens[first as usize].line == text.tokens[last as usize].line {
                            unless.push((phrase.signal, widen(text, hit, phrase.reach)));
                        }
                    }
                }
            }
        }
        cancel(&mut found, unless);
        let mut hits = Hits { by_signal: found, flagged_lines: Vec::new() };
        for (signal, list) in hits.by_signal.iter_mut().enumerate() {
            list.sort_unstable();
            list.dedup_by_key(|h| (h.first, h.last));
            if taints(&pack.signals[signal]) {
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

/// Lines with such wording answer no absence: whoever appends a red flag, a warning or a licence to an offer takes nothing
/// from its score (law 2).
fn taints(signal: &crate::pack::Signal) -> bool {
    match signal.role {
        Role::Flag | Role::NoOffer => true,
        Role::Context => signal.reason == "claim",
        _ => false,
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

/// Finds the spans of a phrase whose anchor starts at a token: backwards to the first place, then forwards to the last.
fn verify(marks: &Marks<'_, '_>, phrase: &Phrase, at: usize, spans: &mut Vec<(u32, u32)>) {
    let anchor = usize::from(phrase.anchor);
    for length in marks.lengths(at, phrase.places[anchor].slot(), true).iter() {
        let mut walk = Walk { marks, places: &phrase.places, anchor, anchor_end: at + length - 1, spans };
        walk.back(anchor, at, u32::from(phrase.budget));
    }
}

struct Walk<'a, 'm, 't> {
    marks: &'a Marks<'m, 't>,
    places: &'a [Place],
    anchor: usize,
    /// Last token of the anchor.
    anchor_end: usize,
    spans: &'a mut Vec<(u32, u32)>,
}

impl Walk<'_, '_, '_> {
    fn full(&self) -> bool {
        self.spans.len() >= SPANS_PER_ANCHOR
    }

    /// Places before `place` (which starts at `token`) are still to be found.
    fn back(&mut self, place: usize, token: usize, budget: u32) {
        let mut gap = u32::from(self.places[place].gap());
        let mut crosses = self.places[place].crosses();
        let budgeted = self.places[place].budgeted();
        let mut next = place;
        loop {
            if next == 0 {
                return self.forward(self.anchor, self.anchor_end, token, budget);
            }
            next -= 1;
            let most = if budgeted { gap.min(budget) } else { gap };
            for skipped in 0..=most {
                let Some(end) = token.checked_sub(skipped as usize + 1) else {
                    break;
                };
                if !passable(self.marks.text.tokens[end + 1].before, crosses) {
                    break;
                }
                for length in self.marks.lengths(end, self.places[next].slot(), false).iter() {
                    self.back(next, end + 1 - length, if budgeted { budget - skipped } else { budget });
                    if self.full() {
                        return;
                    }
                }
            }
            if !self.places[next].optional() {
                return;
            }
            // the optional place is missing: the gaps on both sides of it add up
            gap += u32::from(self.places[next].gap());
            crosses |= self.places[next].crosses();
        }
    }

    /// `place` ends at `token`; the phrase begins at `first`; places behind are still to be found.
    fn forward(&mut self, place: usize, token: usize, first: usize, budget: u32) {
        let mut next = place + 1;
        let (mut gap, mut crosses) = (0, false);
        loop {
            let Some(&coming) = self.places.get(next) else {
                let span = (first as u32, token as u32);
                if !self.spans.contains(&span) {
                    self.spans.push(span);
                }
                return;
            };
            gap += u32::from(coming.gap());
            crosses |= coming.crosses();
            let most = if coming.budgeted() { gap.min(budget) } else { gap };
            for skipped in 0..=most {
                let start = token + 1 + skipped as usize;
                if start >= self.marks.text.tokens.len() || !passable(self.marks.text.tokens[start].before, crosses) {
                    break;
                }
                for length in self.marks.lengths(start, coming.slot(), true).iter() {
                    self.forward(
                        next,
                        start + length - 1,
                        first,
                        if coming.budgeted() { budget - skipped } else { budget },
                    );
                    if self.full() {
                        return;
                    }
                }
            }
            if !coming.optional() {
                return;
            }
            next += 1;
        }
    }
}

fn passable(before: Break, crosses: bool) -> bool {
    before < if crosses { Break::Paragraph } else { Break::Sentence }
}
