//! Finding signals: anchors, then verification by word distance.
//!
//! Each phrase has one anchor place, its rarest word. The lexicon's automaton has found the words of all languages in one
//! pass over the folded stream; only where an anchor stands, and two more of its words in the same sentence, are the places
//! of a phrase looked at.

use crate::lists::Lists;
use crate::marks::Marks;
use crate::pack::{Pack, Phrase, Place, Role, Slot};
use crate::text::Text;
use crate::verify::verify;

/// Most matches kept of one phrase; a text of ten million repetitions needs no more evidence.
const MATCHES_PER_PHRASE: usize = 4096;

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
    /// All matches, sorted by signal.
    all: Vec<Hit>,
    /// Signals that hold, rising, with where their matches begin in `all` and how many there are.
    held: Vec<(u16, u32, u32)>,
    /// The same signals as bits.
    bits: Vec<u64>,
    /// Per line of the text: does wording stand in it that may answer no absence (red flags, warnings, claims of a
    /// licence)? Lines beyond the end hold none.
    pub flagged_lines: Vec<bool>,
}

impl Hits {
    /// Takes matches with their signals, in any order, of a pack with so many signals.
    fn new(mut found: Vec<(u16, Hit)>, signals: usize) -> Hits {
        found.sort_unstable();
        found.dedup_by_key(|(signal, h)| (*signal, h.first, h.last));
        let mut hits = Hits { bits: vec![0; signals.div_ceil(64)], ..Hits::default() };
        for group in found.chunk_by(|a, b| a.0 == b.0) {
            let signal = group[0].0;
            hits.held.push((signal, hits.all.len() as u32, group.len() as u32));
            hits.bits[usize::from(signal) / 64] |= 1 << (signal % 64);
            hits.all.extend(group.iter().map(|(_, hit)| *hit));
        }
        hits
    }

    /// The matches of a signal, in order.
    pub fn of(&self, signal: u16) -> &[Hit] {
        if !self.holds(signal) {
            return &[];
        }
        let at = self.held.partition_point(|(s, _, _)| *s < signal);
        let (_, from, count) = self.held[at];
        &self.all[from as usize..(from + count) as usize]
    }

    /// The signals that hold, with their matches.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &[Hit])> {
        self.held.iter().map(|&(signal, from, count)| (signal, &self.all[from as usize..(from + count) as usize]))
    }

    /// Does the signal hold anywhere?
    #[inline]
    pub fn holds(&self, signal: u16) -> bool {
        self.bits.get(usize::from(signal) / 64).is_some_and(|b| b >> (signal % 64) & 1 == 1)
    }

    /// Does wording stand in the line that may answer no absence?
    pub fn line_flagged(&self, line: u32) -> bool {
        self.flagged_lines.get(line as usize).copied().unwrap_or(false)
    }
}

/// A phrase as it is looked for.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// Two sets that must stand in the text as well, the anchor's own where there are fewer.
    needs: [u32; 2],
    /// Its places, in `places`.
    from: u32,
    count: u8,
    anchor: u8,
    budget: u8,
    unless: bool,
    crosses: bool,
    signal: u16,
    reach: (u8, u8),
}

/// From the sets that stand in a text to the phrases that they anchor.
#[derive(Clone, Debug)]
pub struct Scanner {
    looks: Vec<Look>,
    places: Vec<Place>,
    /// For each set the phrases to verify where it stands.
    anchored: Lists,
}

impl Scanner {
    /// Builds the tables of a verified pack.
    pub fn new(pack: &Pack) -> Scanner {
        let set_at = |phrase: &Phrase, place: u8| match phrase.places[usize::from(place)].slot() {
            Slot::Set(n) => Some(n),
            Slot::Number(_) => None,
        };
        let mut places = Vec::with_capacity(pack.phrases.iter().map(|p| p.places.len()).sum());
        let mut looks = Vec::with_capacity(pack.phrases.len());
        let mut anchors = Vec::with_capacity(pack.phrases.len());
        for p in &pack.phrases {
            // a pack is verified: the anchor is a set
            let anchor = set_at(p, p.anchor).unwrap_or_default();
            anchors.push(anchor);
            looks.push(Look {
                needs: p.needs.map(|place| set_at(p, place).unwrap_or(anchor)),
                from: places.len() as u32,
                count: p.places.len() as u8,
                anchor: p.anchor,
                budget: p.budget,
                unless: p.unless,
                crosses: p.places.iter().any(|p| p.crosses()),
                signal: p.signal,
                reach: p.reach,
            });
            places.extend_from_slice(&p.places);
        }
        let anchored = Lists::new(pack.sets.len(), |take| {
            anchors.iter().enumerate().for_each(|(n, &set)| take(set, n as u32));
        });
        Scanner { looks, places, anchored }
    }

    /// Finds every signal of the text.
    pub fn scan(&self, pack: &Pack, marks: &Marks<'_, '_>) -> Hits {
        let text = marks.text;
        let mut found: Vec<(u16, Hit)> = Vec::with_capacity(64);
        let mut unless: Vec<(u16, Hit)> = Vec::new();
        // a phrase that stays within a sentence needs all its words in the same one
        let sentences = |set: u32| marks.presence(set).map_or(0, |p| p.sentences);
        for present in marks.present() {
            for &n in self.anchored.of(present.set) {
                let look = &self.looks[n as usize];
                let (first, second) = (sentences(look.needs[0]), sentences(look.needs[1]));
                let both = if look.crosses && first != 0 && second != 0 { u64::MAX } else { first & second };
                if both & present.sentences == 0 {
                    continue;
                }
                let places = &self.places[look.from as usize..look.from as usize + usize::from(look.count)];
                let before = found.len();
                for &stand in marks.places(present) {
                    if found.len() - before >= MATCHES_PER_PHRASE {
                        break;
                    }
                    if both & 1 << (text.tokens[stand.first as usize].sentence % 64) == 0 {
                        continue;
                    }
                    let spans = verify(marks, places, usize::from(look.anchor), look.budget, stand);
                    for &(first, last) in spans.as_slice() {
                        let hit = Hit { first, last, phrase: n };
                        if !look.unless {
                            found.push((look.signal, hit));
                        } else if text.tokens[first as usize].line == text.tokens[last as usize].line {
                            unless.push((look.signal, widen(text, hit, look.reach)));
                        }
                    }
                }
            }
        }
        cancel(&mut found, unless);
        let mut hits = Hits::new(found, pack.signals.len());
        let mut lines = Vec::new();
        for (_, list) in hits.iter().filter(|(signal, _)| taints(&pack.signals[usize::from(*signal)])) {
            for t in list.iter().flat_map(|hit| hit.first..=hit.last) {
                let line = text.tokens[t as usize].line as usize;
                if lines.len() <= line {
                    lines.resize(line + 1, false);
                }
                lines[line] = true;
            }
        }
        hits.flagged_lines = lines;
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
fn cancel(found: &mut Vec<(u16, Hit)>, mut unless: Vec<(u16, Hit)>) {
    if unless.is_empty() {
        return;
    }
    unless.sort_unstable();
    // spans are sorted by their first token: a window is enough, but its width is that of the longest span
    let widest = unless.iter().map(|(_, u)| u.last - u.first).max().unwrap_or(0);
    found.retain(|(signal, hit)| {
        let from = unless.partition_point(|(s, u)| (*s, u.first + widest) < (*signal, hit.first));
        !unless[from..].iter().take_while(|(s, u)| s == signal && u.first <= hit.last).any(|(_, u)| u.last >= hit.first)
    });
}
