//! Age limits: "от 18 до 30 лет", "18-25 жаш", "16+", "18ден 25ке чейин кыздар", "on sakkiz yoshdan", "не старше 25".
//!
//! A number is an age only by a word for age, or as a limit right behind a word for the people looked for ("девушки до
//! 26, Катар"); never with what is counted, with money, times and dates.

use super::quantity::Numbers;
use super::{Found, Span, within};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape};
use serde::Serialize;

/// An age limit in whole years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgeLimit {
    /// Youngest age asked for, in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<u8>,
    /// Oldest age asked for, in years.
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
/// Ages where only a word for people tells that it is one.
const PLAIN_AGES: std::ops::RangeInclusive<u8> = 14..=60;

struct Reader<'p, 'a, 't> {
    pack: &'p Pack,
    marks: &'p Marks<'a, 't>,
    numbers: Numbers<'p, 'a, 't>,
    telephones: &'p [Found<String>],
}

/// An age and its tokens.
#[derive(Clone, Copy)]
struct Age {
    years: u8,
    first: usize,
    last: usize,
}

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Vec<AgeLimit> {
    let reader = Reader { pack, marks, numbers: Numbers::new(pack, marks), telephones };
    let mut found = Vec::new();
    let mut i = 0;
    while i < marks.text.tokens.len() {
        let Some(age) = reader.age(i) else {
            i += 1;
            continue;
        };
        match reader.limit(age) {
            Some((limit, last)) => {
                found.push(limit);
                i = last + 1;
            }
            None => i = age.last + 1,
        }
    }
    found
}

impl Reader<'_, '_, '_> {
    fn is(&self, token: usize, set: u32) -> bool {
        token < self.marks.text.tokens.len() && self.marks.fits(token, Slot::Set(set))
    }

    /// Does a token follow in the same sentence?
    fn near(&self, token: usize) -> bool {
        self.marks.text.tokens.get(token).is_some_and(|x| x.before < Break::Sentence)
    }

    fn gap(&self, before: usize) -> &str {
        let text = self.marks.text;
        &text.original[text.tokens[before].end as usize..text.tokens[before + 1].start as usize]
    }

    fn age(&self, token: usize) -> Option<Age> {
        let t = &self.marks.text.tokens[token];
        let digits = t.shape == Shape::Number;
        if digits && t.len != 2 || !self.numbers.begins(token) || within(self.marks.text, token, self.telephones) {
            return None;
        }
        let (value, last) = if digits {
            (self.marks.text.number(token)?, token)
        } else {
            self.numbers.read(token).filter(|q| q.factor == 1).map(|q| (q.value, q.last))?
        };
        let years = u8::try_from(value).ok().filter(|_| AGES.contains(&value))?;
        Some(Age { years, first: token, last })
    }

    /// The limit that an age begins, and its last token.
    fn limit(&self, age: Age) -> Option<(AgeLimit, usize)> {
        let (text, units) = (self.marks.text, &self.pack.units);
        let i = age.first;
        // a second number at most three words on, with nothing but age words between
        let mut second: Option<Age> = None;
        for t in age.last + 1..age.last + 4 {
            if !self.near(t) {
                break;
            }
            if let Some(other) = self.age(t) {
                second = Some(other).filter(|other| other.years > age.years);
                break;
            }
            let between = [units.years, units.from, units.to].into_iter().any(|set| self.is(t, set));
            if text.tokens[t].shape != Shape::Word || !between {
                break;
            }
        }
        let end = second.map_or(age.last, |s| s.last);
        if self.counted(i, end) {
            return None;
        }
        let years_after = (end + 1..=end + 2).take_while(|&t| self.near(t)).find(|&t| self.is(t, units.years));
        let years_before = (1..=2).filter_map(|n| i.checked_sub(n)).any(|t| self.is(t, units.years));
        let (older, younger) = self.compared(i);
        let plus = second.is_none() && self.plus(i, end);
        let plain = years_after.is_some() || years_before || older || younger || plus;
        if !plain && !self.beside_people(age, second, end) || self.experience(i, years_after.unwrap_or(end)) {
            return None;
        }
        let last = years_after.unwrap_or(end);
        let up_to_only = younger
            || second.is_none()
                && !older
                && (i.checked_sub(1).is_some_and(|t| self.is(t, units.to))
                    || self.near(last + 1) && self.is(last + 1, units.to));
        let (start, span_end) = text.span(i, last);
        let limit = AgeLimit {
            from: (!up_to_only).then_some(age.years),
            to: second.map(|s| s.years).or(up_to_only.then_some(age.years)),
            span: Span { start, end: span_end },
        };
        Some((limit, last))
    }

    /// Is it a count, money, a time or a date?
    fn counted(&self, first: usize, last: usize) -> bool {
        let (tokens, units) = (&self.marks.text.tokens, &self.pack.units);
        let dated = |gap: &str| matches!(gap, "." | ":" | "/");
        let number = |t: usize| tokens.get(t).is_some_and(|x| x.shape == Shape::Number);
        if number(last + 1) && dated(self.gap(last)) {
            return true;
        }
        if let Some(before) = first.checked_sub(1)
            && (number(before) && dated(self.gap(before)) || tokens[before].shape == Shape::Sign && self.money(before))
        {
            return true;
        }
        let next = last + 1 + usize::from(self.plus(first, last));
        // a count's noun stands next to its number, without a comma
        let close = tokens.get(next).is_some_and(|t| t.before == Break::None)
            && !self.gap(next - 1).contains([',', ')', '(', '—', '–']);
        close
            && !self.is(next, units.years)
            && (self.is(next, units.counted) || self.money(next) || tokens[next].shape == Shape::Sign)
    }

    fn money(&self, token: usize) -> bool {
        let units = &self.pack.units;
        let multipliers = units.multipliers.iter().map(|m| m.1);
        units.currencies.iter().map(|c| c.1).chain(multipliers).any(|set| self.is(token, set))
    }

    /// "старше 18", "не старше 25", "моложе 30": older than, younger than.
    fn compared(&self, first: usize) -> (bool, bool) {
        let units = &self.pack.units;
        for t in (1..=2).filter_map(|n| first.checked_sub(n)) {
            if self.marks.text.tokens[t + 1].before >= Break::Sentence {
                break;
            }
            let (older, younger) = (self.is(t, units.older), self.is(t, units.younger));
            if older != younger {
                let not = (1..=2).filter_map(|n| t.checked_sub(n)).any(|n| self.is(n, units.not));
                let not = not && self.gap(t - 1).trim().is_empty();
                // "over" and "under" compare with anything: only next to people or years
                return if not { (younger, older) } else { (older, younger) };
            }
        }
        (false, false)
    }

    /// "16+", with nothing counted behind it.
    fn plus(&self, first: usize, last: usize) -> bool {
        let text = self.marks.text;
        first == last && text.original[text.tokens[last].end as usize..].starts_with('+')
    }

    /// A limit right behind a word for people: "девушки 18-25", "девушки до 26, Катар".
    fn beside_people(&self, age: Age, second: Option<Age>, end: usize) -> bool {
        let units = &self.pack.units;
        let ages = [Some(age), second];
        if !ages.into_iter().flatten().all(|a| PLAIN_AGES.contains(&a.years)) || !self.closed(end) {
            return false;
        }
        let Some(before) = age.first.checked_sub(1) else { return false };
        let limit = self.is(before, units.to) || self.is(before, units.from);
        let person = if limit { before.checked_sub(1) } else { Some(before) };
        let joined = person.is_some_and(|p| {
            self.is(p, units.persons) && (p + 1..=age.first).all(|t| self.marks.text.tokens[t].before <= Break::Soft)
        });
        // "с 18 до 23" may be hours
        let hours = limit && second.is_some() && self.marks.text.folded(before).len() == 1;
        joined && !hours && (limit || second.is_some())
    }

    /// Does the clause end behind a token, or go on with a preposition that opens no time?
    fn closed(&self, last: usize) -> bool {
        let (tokens, units) = (&self.marks.text.tokens, &self.pack.units);
        let Some(next) = tokens.get(last + 1) else { return true };
        if next.before >= Break::Soft || self.gap(last).trim() != "" {
            return next.shape != Shape::Number || !matches!(self.gap(last), "-" | "." | ":" | "/");
        }
        let time = |t: usize| units.periods.iter().any(|(_, set)| self.is(t, *set)) || self.is(t, units.counted);
        let ending = self.is(last + 1, units.to) || self.is(last + 1, units.persons);
        self.is(last + 1, units.closers) && !time(last + 2) || ending && !time(last + 2)
    }

    /// Is it experience, or the years of a firm? "опыт 10 лет", "10 лет опыта", "15 лет на рынке"
    fn experience(&self, first: usize, last: usize) -> bool {
        let (tokens, set) = (&self.marks.text.tokens, self.pack.units.experience);
        let plain = |t: usize| self.gap(t).chars().all(|c| matches!(c, ' ' | ':' | '\u{a0}'));
        let mut t = first;
        for _ in 0..2 {
            let Some(before) = t.checked_sub(1).filter(|&b| plain(b)) else { break };
            if self.is(before, set) {
                return true;
            }
            t = before;
        }
        let mut t = last;
        for _ in 0..2 {
            if t + 1 >= tokens.len() || !plain(t) {
                break;
            }
            t += 1;
            if self.is(t, set) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn ages(text: &str) -> Vec<(Option<u8>, Option<u8>)> {
        facts(text).ages.iter().map(|a| (a.from, a.to)).collect()
    }

    #[track_caller]
    fn check(text: &str, from: Option<u8>, to: Option<u8>) {
        assert_eq!(ages(text), [(from, to)], "{text}");
    }

    #[test]
    fn every_wording() {
        check("девушки от 16 лет", Some(16), None);
        check("Возраст 16+", Some(16), None);
        check("16+, Дубай", Some(16), None);
        check("17-25 жаш", Some(17), Some(25));
        check("кыздар 18ден 25ке чейин", Some(18), Some(25));
        check("16 yoshdan", Some(16), None);
        check("on sakkiz yoshdan", Some(18), None);
        check("он сегиз жаштан", Some(18), None);
        check("от восемнадцати до тридцати лет", Some(18), Some(30));
        check("не старше 25", None, Some(25));
        check("старше 18", Some(18), None);
        check("моложе 30 лет", None, Some(30));
        check("Девушки до 30", None, Some(30));
        check("Незамужние девушки до 26, Катар", None, Some(26));
        check("Qizlar: 18-30", Some(18), Some(30));
        check("девушки 18-25 в Турцию", Some(18), Some(25));
    }

    #[test]
    fn counts_sizes_times_dates_and_money_are_no_ages() {
        for text in [
            "нужно 12 девушек",
            "требуются 20-25 человек",
            "девушки до 30 тыс",
            "девушки 20-25 сом в час",
            "девушки, 25.12 приём",
            "с 10 до 19",
            "девушки с 18 до 23",
            "25 kishi kerak",
            "размер 42-46",
            "опыт от 10 лет",
            "12 лет на рынке",
            "50+ вакансий",
            "$50+",
            "возраст 900 лет",
            "до 30 декабря",
            "девушки до 20 июня",
            "рост от 165 до 30 кг",
        ] {
            assert_eq!(ages(text), [], "{text}");
        }
    }

    #[test]
    fn under_18() {
        assert!(facts("кызматка 16 жаштан").holds("age-under-18", "ky"));
        assert!(!facts("от 18 лет").holds("age-under-18", "ru"));
    }
}
