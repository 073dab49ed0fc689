//! Does a phrase stand around one place of its anchor?

use crate::marks::{Marks, Stand};
use crate::pack::{Place, Slot};

/// Most different spans that one phrase gives at one anchor: the rest would differ only in the gaps.
const SPANS_PER_ANCHOR: usize = 4;
/// Most words that one place of a phrase takes up (longer sequences are refused when a pack is opened).
pub(crate) const LONGEST_SEQUENCE: u32 = 16;

/// The spans found, as first and last token.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spans {
    count: usize,
    spans: [(u32, u32); SPANS_PER_ANCHOR],
}

impl Spans {
    pub fn as_slice(&self) -> &[(u32, u32)] {
        &self.spans[..self.count]
    }

    fn full(&self) -> bool {
        self.count == SPANS_PER_ANCHOR
    }

    fn add(&mut self, span: (u32, u32)) {
        if !self.full() && !self.as_slice().contains(&span) {
            self.spans[self.count] = span;
            self.count += 1;
        }
    }
}

/// Finds the spans of a phrase whose anchor fills the given tokens: backwards to the first place, then forwards to the last.
pub(crate) fn verify(marks: &Marks<'_, '_>, places: &[Place], anchor: usize, budget: u8, stand: Stand) -> Spans {
    let mut walk = Walk { marks, places, anchor, anchor_last: stand.last, spans: Spans::default() };
    walk.back(anchor, stand.first, u32::from(budget));
    walk.spans
}

struct Walk<'a, 'm, 't> {
    marks: &'a Marks<'m, 't>,
    places: &'a [Place],
    anchor: usize,
    anchor_last: u32,
    spans: Spans,
}

impl Walk<'_, '_, '_> {
    /// Places before `place` (which starts at `token`) are still to be found.
    fn back(&mut self, place: usize, token: u32, budget: u32) {
        let mut gap = u32::from(self.places[place].gap());
        let mut crosses = self.places[place].crosses();
        let budgeted = self.places[place].budgeted();
        let mut next = place;
        loop {
            if next == 0 {
                return self.forward(self.anchor, self.anchor_last, token, budget);
            }
            next -= 1;
            let most = if budgeted { gap.min(budget) } else { gap };
            let marks = self.marks;
            let step = |walk: &mut Self, s: Stand| {
                let skipped = token - 1 - s.last;
                if skipped <= most && marks.together(s.last, token, crosses) {
                    walk.back(next, s.first, if budgeted { budget - skipped } else { budget });
                }
                walk.spans.full()
            };
            match self.places[next].slot() {
                Slot::Set(set) => {
                    let stands = marks.stands(set);
                    let far = token.saturating_sub(most + 1 + LONGEST_SEQUENCE);
                    let from = if stands.len() > 8 { stands.partition_point(|s| s.first < far) } else { 0 };
                    let to = from + stands[from..].partition_point(|s| s.first < token);
                    // the nearest first
                    for &s in stands[from..to].iter().rev().filter(|s| s.last < token) {
                        if step(self, s) {
                            return;
                        }
                    }
                }
                slot @ Slot::Number(_) => {
                    for t in (token.saturating_sub(most + 1)..token).rev() {
                        if marks.fits(t as usize, slot) && step(self, Stand { first: t, last: t }) {
                            return;
                        }
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
    fn forward(&mut self, place: usize, token: u32, first: u32, budget: u32) {
        let mut next = place + 1;
        let (mut gap, mut crosses) = (0, false);
        loop {
            let Some(&coming) = self.places.get(next) else {
                return self.spans.add((first, token));
            };
            gap += u32::from(coming.gap());
            crosses |= coming.crosses();
            let most = if coming.budgeted() { gap.min(budget) } else { gap };
            let marks = self.marks;
            let step = |walk: &mut Self, s: Stand| {
                if marks.together(token, s.first, crosses) {
                    let skipped = s.first - token - 1;
                    walk.forward(next, s.last, first, if coming.budgeted() { budget - skipped } else { budget });
                }
                walk.spans.full()
            };
            match coming.slot() {
                Slot::Set(set) => {
                    let stands = marks.stands(set);
                    let from = stands.partition_point(|s| s.first <= token);
                    for &s in stands[from..].iter().take_while(|s| s.first <= token + 1 + most) {
                        if step(self, s) {
                            return;
                        }
                    }
                }
                slot @ Slot::Number(_) => {
                    let end = (token + 2 + most).min(marks.text.tokens.len() as u32);
                    for t in token + 1..end {
                        if marks.fits(t as usize, slot) && step(self, Stand { first: t, last: t }) {
                            return;
                        }
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
