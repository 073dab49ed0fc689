//! Firm names with their legal form, and permit numbers.

use super::{Found, Span};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape, Text};
use serde::Serialize;

/// A firm: legal form and name as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Firm {
    /// Name without the legal form and quotes.
    pub name: String,
    /// Where form and name stand.
    #[serde(flatten)]
    pub span: Span,
}

/// Longest firm name, in words.
const WORDS: usize = 5;

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>) -> Vec<Firm> {
    let form = Slot::Set(pack.units.legal_forms);
    let text = marks.text;
    let mut found: Vec<Firm> = Vec::new();
    for i in 0..text.tokens.len() {
        if text.tokens[i].shape != Shape::Word || text.tokens[i].len > 16 || !marks.fits(i, form) {
            continue;
        }
        let firm = after(text, i).or_else(|| before(text, i));
        if let Some(firm) = firm
            && found.last().is_none_or(|f| f.span.end <= firm.span.start)
        {
            found.push(firm);
        }
    }
    found
}

/// ОсОО «Нур Групп», ООО Ромашка.
fn after(text: &Text<'_>, form: usize) -> Option<Firm> {
    let first = form + 1;
    let token = text.tokens.get(first).filter(|t| t.before < Break::Sentence && t.shape == Shape::Word)?;
    let gap = &text.original[text.tokens[form].end as usize..token.start as usize];
    let quoted = gap.contains(['«', '"', '“', '„', '\'', '”']);
    if !quoted && !token.capital {
        return None;
    }
    let mut last = first;
    while last + 1 < text.tokens.len() && last + 1 - first < WORDS {
        let between = &text.original[text.tokens[last].end as usize..text.tokens[last + 1].start as usize];
        let next = &text.tokens[last + 1];
        let goes_on = if quoted {
            !between.contains(['»', '"', '”', '“', '\''])
        } else {
            next.capital && matches!(between, " " | "-" | "\u{a0}")
        };
        if !goes_on || next.before >= Break::Sentence {
            break;
        }
        last += 1;
    }
    firm(text, form, last, first, last)
}

/// «Baraka Invest» MChJ: the form behind a quoted name.
fn before(text: &Text<'_>, form: usize) -> Option<Firm> {
    let last = form.checked_sub(1)?;
    let gap = &text.original[text.tokens[last].end as usize..text.tokens[form].start as usize];
    if !gap.contains(['»', '"', '”', '“', '\'']) {
        return None;
    }
    let mut first = last;
    for _ in 0..WORDS {
        let start = text.tokens[first].start as usize;
        let opened = text.original[..start].trim_end().ends_with(['«', '"', '“', '„', '\'']);
        if opened {
            return firm(text, first, form, first, last);
        }
        first = first.checked_sub(1)?;
    }
    None
}

fn firm(text: &Text<'_>, from: usize, to: usize, first: usize, last: usize) -> Option<Firm> {
    let (start, end) = text.span(from, to);
    let (name_start, name_end) = text.span(first, last);
    let name = text.original.get(name_start..name_end)?.to_string();
    Some(Firm { name, span: Span { start, end } })
}

/// The first number that stands within four words behind a word for licence or permit.
pub(super) fn permit(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Option<Found<String>> {
    let licence = Slot::Set(pack.units.licence);
    let text = marks.text;
    for i in 0..text.tokens.len() {
        if text.tokens[i].shape != Shape::Word || !marks.fits(i, licence) {
            continue;
        }
        for t in i + 1..(i + 5).min(text.tokens.len()) {
            let token = &text.tokens[t];
            if token.before >= Break::Sentence {
                break;
            }
            let telephone =
                telephones.iter().any(|f| f.span.start <= token.start as usize && (token.end as usize) <= f.span.end);
            if token.shape == Shape::Number && token.len >= 2 && !telephone {
                // letters and digits written together with it belong to the number: "№ КР-0123/25"
                let (mut start, mut end) = (token.start as usize, token.end as usize);
                let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.');
                while let Some(c) = text.original[..start].chars().next_back().filter(|&c| joins(c)) {
                    start -= c.len_utf8();
                }
                while let Some(c) = text.original[end..].chars().next().filter(|&c| joins(c)) {
                    end += c.len_utf8();
                }
                let value = text.original[start..end].trim_matches(['.', '-', '/']).to_string();
                let start = start + text.original[start..end].find(&value).unwrap_or(0);
                return Some(Found { span: Span { start, end: start + value.len() }, value });
            }
        }
    }
    None
}
