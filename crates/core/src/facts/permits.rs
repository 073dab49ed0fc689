//! Permit and licence numbers: "лицензия № 123", "разрешение КР-0123/25 от 12.03.2025", "№ 45 уруксат".

use super::{Found, Span, within};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape, Text};

/// How far behind a word for licence or permit its number may stand, in words; with a № before it, further.
const REACH: usize = 5;
const REACH_SIGNED: usize = 8;
/// Longest number, in bytes.
const LONGEST: usize = 40;

/// The first number that stands behind a word for licence or permit, or with a № before it. As written.
pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Option<Found<String>> {
    let licence = Slot::Set(pack.units.licence);
    let text = marks.text;
    if text.tokens.is_empty() || !marks.may_stand(pack.units.licence, 0, true) {
        return None;
    }
    for i in 0..text.tokens.len() {
        if text.tokens[i].shape != Shape::Word || !marks.fits(i, licence) {
            continue;
        }
        let behind = (i + 1..(i + REACH_SIGNED).min(text.tokens.len()))
            .take_while(|&t| text.tokens[t].before < Break::Sentence)
            .find(|&t| (t < i + REACH || signed(text, t)) && is_number(pack, marks, telephones, t));
        let before = || (i.saturating_sub(2)..i).find(|&t| signed(text, t) && is_number(pack, marks, telephones, t));
        if let Some(t) = behind.or_else(before)
            && let Some(found) = whole(text, t)
        {
            return Some(found);
        }
    }
    None
}

/// Does a № stand right before the token?
fn signed(text: &Text<'_>, t: usize) -> bool {
    text.original[..text.tokens[t].start as usize].trim_end().ends_with('№')
}

/// A number that is no telephone, date, money, percentage or count of years.
fn is_number(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>], t: usize) -> bool {
    let (text, units) = (marks.text, &pack.units);
    let tokens = &text.tokens;
    let token = &tokens[t];
    let short = token.len < 2 && !signed(text, t);
    if token.shape != Shape::Number || short || token.len as usize > LONGEST || within(text, t, telephones) {
        return false;
    }
    if signed(text, t) {
        return true;
    }
    if (0..3).filter_map(|n| t.checked_sub(n)).any(|d| dated(text, d)) {
        return false;
    }
    let sets = units.currencies.iter().chain(&units.periods).map(|c| c.1);
    let sets = sets.chain([units.years, units.counted]).chain(units.multipliers.iter().map(|m| m.1));
    let next = tokens.get(t + 1).filter(|n| n.before < Break::Soft && n.shape != Shape::Number);
    next.is_none_or(|n| {
        text.folded(t + 1) != b"%" && !(n.before == Break::None && sets.into_iter().any(|s| marks.single(t + 1, s)))
    })
}

/// Does a date begin here: 12.03.2025, 12/03/25?
fn dated(text: &Text<'_>, t: usize) -> bool {
    let part = |t: usize| text.tokens.get(t).filter(|x| x.shape == Shape::Number && matches!(x.len, 1 | 2 | 4));
    let (Some(a), Some(b), Some(c)) = (part(t), part(t + 1), part(t + 2)) else { return false };
    let dot = |a: u32, b: u32| matches!(&text.original[a as usize..b as usize], "." | "/");
    a.len <= 2 && b.len <= 2 && dot(a.end, b.start) && dot(b.end, c.start)
}

/// The number with the letters and digits written together with it: "№ КР-0123/25", "AB 001234".
fn whole(text: &Text<'_>, t: usize) -> Option<Found<String>> {
    let token = &text.tokens[t];
    let (mut start, mut end) = (token.start as usize, token.end as usize);
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.');
    while let Some(c) = text.original[..start].chars().next_back().filter(|&c| joins(c)) {
        start -= c.len_utf8();
    }
    while let Some(c) = text.original[end..].chars().next().filter(|&c| joins(c)) {
        end += c.len_utf8();
    }
    // a series of two capitals before it: "АА 0012345"
    if start == token.start as usize
        && let Some(series) = t.checked_sub(1).map(|s| &text.tokens[s])
        && series.shape == Shape::Word
    {
        let written = &text.original[series.start as usize..series.end as usize];
        let capitals = written.chars().count() == 2 && written.chars().all(char::is_uppercase);
        if capitals && &text.original[series.end as usize..start] == " " {
            start = series.start as usize;
        }
    }
    let value = text.original[start..end].trim_matches(['.', '-', '/']);
    let start = start + text.original[start..end].find(value).unwrap_or(0);
    let span = Span { start, end: start + value.len() };
    (value.len() <= LONGEST).then(|| Found { value: value.to_string(), span })
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn permit(text: &str) -> Option<String> {
        facts(text).permit.map(|f| f.value)
    }

    #[test]
    fn forms() {
        for (text, number) in [
            ("лицензия № 123", "123"),
            ("Лицензия №7", "7"),
            ("разрешение № КР-0123/25", "КР-0123/25"),
            ("разрешение от 12.03.2025 № 456", "456"),
            ("лицензия АА 0012345", "АА 0012345"),
            ("№ 45 уруксат", "45"),
            ("ruxsatnoma raqami 0098", "0098"),
            ("license no. 2210", "2210"),
            ("уруксат № 77-К", "77-К"),
        ] {
            assert_eq!(permit(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn no_number_is_made_up() {
        for text in [
            "лицензия от 12.03.2025",
            "лицензия, 500 $",
            "лицензия, 25 лет опыта",
            "есть лицензия, 0555 12 34 56",
            "лицензия 100%",
            "разрешение есть",
            "30 000 сом",
        ] {
            assert_eq!(permit(text), None, "{text}");
        }
    }
}
