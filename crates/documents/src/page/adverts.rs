//! The adverts of a page, with the places where they stood.

use super::lines::{self, Set};
use super::{Sheet, Word, columns, median};
use crate::advert::{Advert, Area, Spot};
use crate::cut::{self, Line};

/// Cuts a page. `turn` brings a point of the sheet back to the page as it was given; `rubric` goes on from page to page.
pub(crate) fn adverts(sheet: Sheet, rubric: &mut Option<String>, turn: &dyn Fn(f32, f32) -> (f32, f32)) -> Vec<Advert> {
    let Sheet { words, rules } = sheet;
    let height = median(words.iter().map(super::Word::height)).max(1e-3);
    let words = without_masthead(words, height);
    let columns: Vec<Vec<Set>> = columns::columns(words).into_iter().map(lines::lines).collect();
    let leading = lines::leading(&columns).max(height * 0.9);
    let mut flat: Vec<Line> = Vec::new();
    let mut sets: Vec<(usize, Set)> = Vec::new();
    for (number, column) in columns.into_iter().enumerate() {
        let stands = lines::stands(&column, &rules, height, leading);
        for (n, (set, stand)) in column.into_iter().zip(stands).enumerate() {
            let text = set.text();
            if !text.chars().any(char::is_alphanumeric) {
                continue;
            }
            flat.push(Line {
                text,
                number: flat.len(),
                gap: stand.gap,
                lead: stand.lead,
                column: n == 0 && !flat.is_empty(),
                heading: stand.heading,
            });
            sets.push((number, set));
        }
    }
    let pieces = cut::cut_lines(&flat, rubric, true);
    pieces
        .into_iter()
        .map(|piece| {
            let own = &sets[piece.lines.clone()];
            let spot = spot(own, turn);
            Advert {
                text: piece.text,
                rubric: piece.rubric,
                place: piece.line + 1,
                spot: Some(spot),
                ..Advert::default()
            }
        })
        .collect()
}

/// Type so much larger than the text, at the top, is the paper's name.
const MASTHEAD: f32 = 1.7;
/// Most words of a masthead.
const MASTHEAD_WORDS: usize = 24;

/// Leaves out the paper's name, number and date: large type in the upper fifth, and what stands beside and above it.
fn without_masthead(words: Vec<Word>, height: f32) -> Vec<Word> {
    let top = words.iter().map(|w| w.y0).fold(f32::MAX, f32::min);
    let bottom = words.iter().map(|w| w.y1).fold(f32::MIN, f32::max);
    let large = |w: &&Word| w.height() > height * MASTHEAD && w.y1 < top + (bottom - top) / 5.0;
    let Some(end) = words.iter().filter(large).map(|w| w.y1).max_by(f32::total_cmp) else { return words };
    let above = |w: &Word| w.middle() < end + height * 0.2;
    let head: Vec<&Word> = words.iter().filter(|w| above(w)).collect();
    let digits = head.iter().flat_map(|w| w.text.chars()).filter(char::is_ascii_digit).count();
    // an advert set large has a telephone, a masthead a number and a date
    if head.len() > MASTHEAD_WORDS || digits > 20 || words.len() < head.len() * 4 {
        return words;
    }
    words.into_iter().filter(|w| !above(w)).collect()
}

fn spot(sets: &[(usize, Set)], turn: &dyn Fn(f32, f32) -> (f32, f32)) -> Spot {
    let mut areas = Vec::new();
    let mut from = 0;
    while from < sets.len() {
        let column = sets[from].0;
        let to = from + sets[from..].iter().take_while(|s| s.0 == column).count();
        areas.push(area(&sets[from..to], turn));
        from = to;
    }
    let sure: Vec<f32> = sets.iter().flat_map(|s| &s.1.words).filter_map(|w| w.confidence).collect();
    let confidence = (!sure.is_empty()).then(|| (sure.iter().sum::<f32>() / sure.len() as f32).clamp(0.0, 100.0) as u8);
    Spot { column: sets.first().map_or(0, |s| s.0) + 1, areas, confidence }
}

/// The box of some lines on the page as it was given.
fn area(sets: &[(usize, Set)], turn: &dyn Fn(f32, f32) -> (f32, f32)) -> Area {
    let mut low = (f32::MAX, f32::MAX);
    let mut high = (f32::MIN, f32::MIN);
    for (_, s) in sets {
        for corner in [(s.x0, s.y0), (s.x1, s.y0), (s.x1, s.y1), (s.x0, s.y1)] {
            let (x, y) = turn(corner.0, corner.1);
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
    }
    let clean = |v: f32| if v.is_finite() { v.max(0.0) } else { 0.0 };
    Area {
        x: clean(low.0) as u32,
        y: clean(low.1) as u32,
        width: clean(high.0 - low.0).ceil() as u32,
        height: clean(high.1 - low.1).ceil() as u32,
    }
}
