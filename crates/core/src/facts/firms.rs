//! Firm names with their legal form: ОсОО «Нур», «Baraka» MChJ, Silk Road LLC, ИП Иванова.

use super::Span;
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
        let suffix = marks.fits(i, Slot::Set(pack.units.suffix_forms));
        let firm = if suffix {
            before(text, i).or_else(|| quoted_after(text, i)).or_else(|| capitals_before(text, i))
        } else {
            after(text, i).or_else(|| before(text, i))
        };
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

/// ЖЧК «Нур»: a form that mostly stands behind the name, before a quoted one.
fn quoted_after(text: &Text<'_>, form: usize) -> Option<Firm> {
    let next = text.tokens.get(form + 1)?;
    let gap = &text.original[text.tokens[form].end as usize..next.start as usize];
    gap.contains(['«', '"', '“', '„']).then(|| after(text, form)).flatten()
}

/// Baraka Invest MChJ, Silk Road Ltd: words with capitals right before the form.
fn capitals_before(text: &Text<'_>, form: usize) -> Option<Firm> {
    let tokens = &text.tokens;
    let plain = |t: usize| {
        let gap = &text.original[tokens[t].end as usize..tokens[t + 1].start as usize];
        tokens[t].capital && tokens[t].shape == Shape::Word && matches!(gap, " " | "-" | "\u{a0}" | ", ")
    };
    let mut first = form;
    while first > 0
        && form - first < WORDS
        && plain(first - 1)
        && (first == form || tokens[first].before == Break::None)
    {
        first -= 1;
    }
    if first == form { after(text, form) } else { firm(text, first, form, first, form - 1) }
}

fn firm(text: &Text<'_>, from: usize, to: usize, first: usize, last: usize) -> Option<Firm> {
    let (start, end) = text.span(from, to);
    let (name_start, name_end) = text.span(first, last);
    let name = text.original.get(name_start..name_end)?.to_string();
    Some(Firm { name, span: Span { start, end } })
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn firms(text: &str) -> Vec<String> {
        facts(text).firms.into_iter().map(|f| f.name).collect()
    }

    #[test]
    fn forms_before_and_behind() {
        for (text, name) in [
            ("ОсОО «Нур Групп» приглашает", "Нур Групп"),
            ("ООО Ромашка", "Ромашка"),
            ("ИП Иванова", "Иванова"),
            ("ТОО \"Жулдыз\"", "Жулдыз"),
            ("ЖЧК «Нур»", "Нур"),
            ("«Baraka Invest» MChJ", "Baraka Invest"),
            ("Baraka Invest MChJ", "Baraka Invest"),
            ("Silk Road Ltd", "Silk Road"),
            ("Silk Road LLC is hiring", "Silk Road"),
        ] {
            assert_eq!(firms(text), [name], "{text}");
        }
    }

    #[test]
    fn no_firm_is_made_up() {
        for text in ["ООО и ИП", "работа в ип", "an llc", "ООО"] {
            assert_eq!(firms(text), [""; 0], "{text}");
        }
    }
}
