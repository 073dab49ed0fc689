//! Pay: an amount or a range, a currency, a period.

use super::{Found, Span};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape, Text};
use serde::Serialize;

/// An amount of money with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pay {
    /// Lowest amount, in whole units of the currency.
    pub min: u64,
    /// Highest amount; equal to `min` where only one is given.
    pub max: u64,
    /// ISO 4217 code, where a sign or a word tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// hour, shift, day, week, month, season or year, where it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
}

/// Amounts above this are no pay but a mistake or a long number.
const LARGEST: u64 = 100_000_000_000;

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Vec<Pay> {
    let text = marks.text;
    let tokens = &text.tokens;
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i].shape != Shape::Number || in_telephone(text, i, telephones) {
            i += 1;
            continue;
        }
        let Some((mut amount, mut last, mut multiplied)) = amount(pack, marks, i) else {
            i += 1;
            continue;
        };
        let mut min = amount;
        let mut single = true;
        // a range: 800-1000, 30 000 — 45 000, от 30 до 45 тыс
        let next = last + 1;
        let range_at = if joined(text, last, next) {
            Some(next)
        } else if next + 1 < tokens.len()
            && tokens[next].before < Break::Sentence
            && marks.fits(next, Slot::Set(pack.units.to))
            && tokens[next + 1].shape == Shape::Number
        {
            Some(next + 1)
        } else {
            None
        };
        if let Some(at) = range_at.filter(|&at| !in_telephone(text, at, telephones))
            && let Some((upper, upper_last, upper_multiplied)) = self::amount(pack, marks, at)
        {
            // "30-45 тыс": the multiplier belongs to both
            if upper_multiplied > 1 && multiplied == 1 && min < 1000 {
                min = min.saturating_mul(upper_multiplied);
            }
            if upper >= min {
                amount = upper;
                last = upper_last;
                multiplied = upper_multiplied;
                single = false;
            }
        }
        let currency = currency(pack, marks, i, last);
        let period = period(pack, marks, i, currency.as_ref().map_or(last, |c| c.1.max(last)));
        let pay_word = (1..=4).filter_map(|n| i.checked_sub(n)).any(|t| marks.fits(t, Slot::Set(pack.units.pay)));
        let told = currency.is_some() || (multiplied > 1 || amount >= 1000) && (pay_word || period.is_some());
        let first = currency.as_ref().map_or(i, |c| c.1.min(i));
        if told && amount > 0 && amount <= LARGEST {
            let end = currency.as_ref().map_or(last, |c| c.1.max(last)).max(period.as_ref().map_or(0, |p| p.1));
            let (start, end_byte) = text.span(first.min(period.as_ref().map_or(first, |p| p.1)), end);
            found.push(Pay {
                min: if single { amount } else { min },
                max: amount,
                currency: currency.map(|c| c.0),
                period: period.map(|p| p.0),
                span: Span { start, end: end_byte },
            });
            i = end.max(last) + 1;
        } else {
            i = last + 1;
        }
    }
    found
}

fn in_telephone(text: &Text<'_>, token: usize, telephones: &[Found<String>]) -> bool {
    let t = &text.tokens[token];
    telephones.iter().any(|f| f.span.start <= t.start as usize && (t.end as usize) <= f.span.end)
}

/// Are two number tokens the ends of a range ("800-1000")?
fn joined(text: &Text<'_>, last: usize, next: usize) -> bool {
    let tokens = &text.tokens;
    next < tokens.len()
        && tokens[next].shape == Shape::Number
        && matches!(
            text.original[tokens[last].end as usize..tokens[next].start as usize].trim(),
            "-" | "–" | "—" | "—‑" | "~" | "..." | "…"
        )
}

/// Reads an amount from a number token on: thousands groups, decimals with a multiplier, multipliers. Returns the value,
/// the last token and the multiplier.
fn amount(pack: &Pack, marks: &Marks<'_, '_>, at: usize) -> Option<(u64, usize, u64)> {
    let text = marks.text;
    let tokens = &text.tokens;
    let mut value = text.number(at)?;
    let mut last = at;
    let mut tenth = 0u64;
    while let Some(next) = tokens.get(last + 1).filter(|t| t.shape == Shape::Number) {
        let gap = &text.original[tokens[last].end as usize..next.start as usize];
        let digits = next.len;
        if matches!(gap, " " | "." | "," | "\u{a0}" | "'" | "\u{202f}" | "\u{2009}")
            && digits == 3
            && tokens[last].len <= 3
            && value > 0
        {
            value = value.checked_mul(1000)?.checked_add(text.number(last + 1)?)?;
            last += 1;
        } else if matches!(gap, "." | ",") && digits == 1 && tenth == 0 {
            // "2,5 млн"; without a multiplier the fraction is dropped
            tenth = text.number(last + 1)? + 10;
            last += 1;
            break;
        } else {
            break;
        }
    }
    let mut multiplied = 1;
    if let Some(next) = tokens.get(last + 1).filter(|t| t.before < Break::Sentence) {
        let near = next.start - tokens[last].end <= 2;
        for (factor, set) in &pack.units.multipliers {
            if near && marks.fits(last + 1, Slot::Set(*set)) {
                multiplied = u64::from(*factor);
                value = value.checked_mul(multiplied)?;
                if tenth >= 10 {
                    value = value.checked_add((tenth - 10).checked_mul(multiplied / 10)?)?;
                }
                last += 1;
                break;
            }
        }
    }
    Some((value, last, multiplied))
}

/// The currency beside an amount and its token: up to two words behind it, or a sign before it.
fn currency(pack: &Pack, marks: &Marks<'_, '_>, first: usize, last: usize) -> Option<(String, usize)> {
    let text = marks.text;
    // the word as written first: so'm is a sum, although its Cyrillic reading is a som
    let own = |t: usize, set: u32| marks.own_form(t, set);
    let of = |t: usize| {
        let all = &pack.units.currencies;
        let found = all.iter().find(|(_, set)| own(t, *set));
        let found = found.or_else(|| all.iter().find(|(_, set)| marks.fits(t, Slot::Set(*set))));
        found.map(|(code, _)| (code.clone(), t))
    };
    for t in last + 1..=last + 2 {
        if text.tokens.get(t).is_none_or(|x| x.before >= Break::Sentence) {
            break;
        }
        if let Some(hit) = of(t) {
            return Some(hit);
        }
        if text.tokens[t].shape == Shape::Number {
            break;
        }
    }
    first.checked_sub(1).filter(|_| text.tokens[first].before < Break::Sentence).and_then(of)
}

/// The period of an amount and its token: up to four words behind, else up to three before.
fn period(pack: &Pack, marks: &Marks<'_, '_>, first: usize, last: usize) -> Option<(String, usize)> {
    let text = marks.text;
    let of = |t: usize| {
        pack.units.periods.iter().find(|(_, set)| marks.fits(t, Slot::Set(*set))).map(|(name, _)| (name.clone(), t))
    };
    for t in last + 1..=last + 4 {
        if text.tokens.get(t).is_none_or(|x| x.before >= Break::Sentence || x.shape == Shape::Number) {
            break;
        }
        if let Some(hit) = of(t) {
            return Some(hit);
        }
    }
    for n in 1..=3 {
        let t = first.checked_sub(n)?;
        if text.tokens[t + 1].before >= Break::Sentence || text.tokens[t].shape == Shape::Number {
            return None;
        }
        if let Some(hit) = of(t) {
            return Some(hit);
        }
    }
    None
}
