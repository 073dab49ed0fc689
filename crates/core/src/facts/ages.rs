//! Age limits: "от 18 до 30 лет", "18-25 жаш", "16+", "18 жаштан 35 жашка чейин", "ages 18 to 30".

use super::{Found, Span};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape, Text};
use serde::Serialize;

/// An age limit in whole years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgeLimit {
    /// Youngest age asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<u8>,
    /// Oldest age asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
}

impl AgeLimit {
    /// Are people under 18 asked for or taken?
    pub fn under_18(&self) -> bool {
        self.from.or(self.to).is_some_and(|age| (8..18).contains(&age))
    }
}

/// Ages that adverts ask for; other numbers before "years" are experience or a firm's own age.
const AGES: std::ops::RangeInclusive<u64> = 10..=75;

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Vec<AgeLimit> {
    let years = Slot::Set(pack.units.years);
    let from_word = Slot::Set(pack.units.from);
    let to_word = Slot::Set(pack.units.to);
    let text = marks.text;
    let tokens = &text.tokens;
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let Some(first) = age(text, i, telephones) else {
            i += 1;
            continue;
        };
        let near = |t: usize| tokens.get(t).is_some_and(|x| x.before < Break::Sentence);
        // a second number at most three words on, with nothing but age words between
        let mut second = None;
        for (t, token) in tokens.iter().enumerate().take(i + 4).skip(i + 1) {
            if !near(t) {
                break;
            }
            if let Some(n) = age(text, t, telephones) {
                second = Some((t, n)).filter(|(_, n)| *n > first);
                break;
            }
            if token.shape != Shape::Word
                || !(marks.fits(t, years) || marks.fits(t, from_word) || marks.fits(t, to_word))
            {
                break;
            }
        }
        let end = second.map_or(i, |(t, _)| t);
        let years_after = (end + 1..=end + 2).take_while(|&t| near(t)).find(|&t| marks.fits(t, years));
        let years_before = i.checked_sub(1).into_iter().chain(i.checked_sub(2)).any(|t| marks.fits(t, years));
        let plus = text.original[tokens[end].end as usize..].starts_with('+') && second.is_none();
        if years_after.is_none() && !years_before && !plus {
            i += 1;
            continue;
        }
        let last = years_after.unwrap_or(end);
        let up_to_only = second.is_none()
            && (i.checked_sub(1).is_some_and(|t| marks.fits(t, to_word))
                || near(last + 1) && last + 1 < tokens.len() && marks.fits(last + 1, to_word));
        let (start, span_end) = text.span(i, last);
        found.push(AgeLimit {
            from: (!up_to_only).then_some(first),
            to: second.map(|(_, n)| n).or(up_to_only.then_some(first)),
            span: Span { start, end: span_end },
        });
        i = last + 1;
    }
    found
}

fn age(text: &Text<'_>, token: usize, telephones: &[Found<String>]) -> Option<u8> {
    let t = &text.tokens[token];
    if t.shape != Shape::Number || t.len != 2 {
        return None;
    }
    let inside = telephones.iter().any(|f| f.span.start <= t.start as usize && (t.end as usize) <= f.span.end);
    text.number(token).filter(|n| AGES.contains(n) && !inside).and_then(|n| u8::try_from(n).ok())
}
