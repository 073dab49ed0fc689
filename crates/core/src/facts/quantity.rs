//! Numbers as adverts write them: digits in groups, decimals, multipliers, and words ("полторы тысячи", "o'ttiz ming").

use crate::marks::Marks;
use crate::pack::Pack;
use crate::text::{Break, Shape};

/// A number and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    /// The value, in whole units.
    pub value: u64,
    /// Its last token.
    pub last: usize,
    /// The multiplier that stood with it (1000 for "тыс"); 1 for none.
    pub factor: u64,
    /// It was written in words.
    pub words: bool,
}

/// Most words of a number ("один миллион двести пятьдесят тысяч").
const WORDS: usize = 9;

/// Reads the numbers of one text.
pub(super) struct Numbers<'p, 'a, 't> {
    pack: &'p Pack,
    marks: &'p Marks<'a, 't>,
    /// The text has words for numbers at all.
    words: bool,
}

impl<'p, 'a, 't> Numbers<'p, 'a, 't> {
    pub fn new(pack: &'p Pack, marks: &'p Marks<'a, 't>) -> Self {
        let words = !marks.text.tokens.is_empty() && marks.may_stand(pack.units.numeral, 0, true);
        Numbers { pack, marks, words }
    }

    /// May a number begin here?
    #[inline]
    pub fn begins(&self, token: usize) -> bool {
        let Some(t) = self.marks.text.tokens.get(token) else { return false };
        match t.shape {
            Shape::Number => true,
            Shape::Word => self.words && self.marks.single(token, self.pack.units.numeral),
            Shape::Sign => false,
        }
    }

    /// The number that begins here.
    pub fn read(&self, at: usize) -> Option<Quantity> {
        if !self.begins(at) {
            return None;
        }
        if self.marks.text.tokens[at].shape == Shape::Number { self.digits(at, u64::MAX) } else { self.in_words(at) }
    }

    /// The factor of a multiplier word.
    fn factor(&self, token: usize) -> Option<u64> {
        let sets = self.pack.units.multipliers.iter();
        sets.filter(|(_, set)| self.marks.single(token, *set)).map(|(factor, _)| u64::from(*factor)).next()
    }

    /// Digits: thousands groups, a decimal before a multiplier, the multiplier (below `under`), a smaller number behind it
    /// ("1 mln 200 ming").
    fn digits(&self, at: usize, under: u64) -> Option<Quantity> {
        let text = self.marks.text;
        let tokens = &text.tokens;
        let mut value = text.number(at)?;
        let mut last = at;
        let mut tenth = 0u64;
        while let Some(next) = tokens.get(last + 1).filter(|t| t.shape == Shape::Number) {
            let gap = &text.original[tokens[last].end as usize..next.start as usize];
            let group = matches!(gap, " " | "." | "," | "\u{a0}" | "'" | "\u{202f}" | "\u{2009}");
            if group && next.len == 3 && tokens[last].len <= 3 && value > 0 {
                value = value.checked_mul(1000)?.checked_add(text.number(last + 1)?)?;
                last += 1;
            } else if matches!(gap, "." | ",") && next.len == 1 {
                // "2,5 млн"; without a multiplier the fraction is dropped
                tenth = text.number(last + 1)?;
                last += 1;
                break;
            } else {
                break;
            }
        }
        let mut factor = 1;
        let near = tokens.get(last + 1).is_some_and(|t| t.before < Break::Sentence && t.start - tokens[last].end <= 2);
        if near && let Some(times) = self.factor(last + 1).filter(|f| *f < under) {
            factor = times;
            value = value.checked_mul(times)?.checked_add(tenth * (times / 10))?;
            last += 1;
            let follows = tokens.get(last + 1).is_some_and(|t| t.shape == Shape::Number && t.before == Break::None);
            if times > 1000
                && follows
                && let Some(rest) = self.digits(last + 1, times).filter(|r| r.factor > 1)
            {
                value = value.checked_add(rest.value)?;
                last = rest.last;
            }
        }
        Some(Quantity { value, last, factor, words: false })
    }

    /// Words: counted in tenths, for "полторы" and "бир жарым".
    fn in_words(&self, at: usize) -> Option<Quantity> {
        let tokens = &self.marks.text.tokens;
        let (mut total, mut group, mut factor) = (0u64, 0u64, 1u64);
        let mut last = None;
        for t in at..tokens.len().min(at + WORDS) {
            let close = t == at || tokens[t].start - tokens[t - 1].end <= 1 && tokens[t].before == Break::None;
            if !close || tokens[t].shape != Shape::Word {
                break;
            }
            if let Some(tenths) = self.numeral(t) {
                let Some(sum) = joined(group, tenths) else { break };
                group = sum;
            } else if let Some(times) = self.factor(t).filter(|f| factor == 1 || *f < factor) {
                total = total.checked_add(group.max(10).checked_mul(times)?)?;
                (group, factor) = (0, times);
            } else {
                break;
            }
            last = Some(t);
        }
        let last = last?;
        // "он" and "on" are ten, "he" and a preposition
        if last == at && tokens[at].len < 3 {
            return None;
        }
        Some(Quantity { value: (total + group) / 10, last, factor, words: true })
    }

    /// The value of a word for a number, in tenths.
    fn numeral(&self, token: usize) -> Option<u64> {
        if !self.marks.single(token, self.pack.units.numeral) {
            return None;
        }
        let mut sets = self.pack.units.numerals.iter();
        sets.find(|(_, set)| self.marks.single(token, *set)).map(|(tenths, _)| u64::from(*tenths))
    }
}

/// Adds a word for a number to those before it (both in tenths), where the two make a number: "двадцать пять", "үч жүз".
fn joined(group: u64, tenths: u64) -> Option<u64> {
    let fits = match tenths {
        1000 if group > 0 => return (group < 100).then_some(group * 100),
        5 => group.is_multiple_of(10),
        1..=9 | 11..=19 | 1000.. => group == 0,
        100.. => group.is_multiple_of(1000),
        _ => group.is_multiple_of(100),
    };
    fits.then_some(group + tenths)
}

#[cfg(test)]
mod tests {
    use super::super::testing::with;
    use super::*;

    fn value(text: &str) -> Option<(u64, u64)> {
        with(text, |pack, marks| Numbers::new(pack, marks).read(0).map(|q| (q.value, q.factor)))
    }

    #[test]
    fn digits_with_groups_decimals_and_multipliers() {
        for (text, wanted) in [
            ("30 000", 30_000),
            ("1.200", 1_200),
            ("1 200 000", 1_200_000),
            ("2,5 млн", 2_500_000),
            ("30 тыс", 30_000),
            ("1 mln 200 ming so'm", 1_200_000),
            ("1 млн 200 тыс", 1_200_000),
            ("2,5", 2),
        ] {
            assert_eq!(value(text).map(|v| v.0), Some(wanted), "{text}");
        }
    }

    #[test]
    fn words_in_every_language() {
        for (text, wanted) in [
            ("тридцать тысяч", 30_000),
            ("полторы тысячи", 1_500),
            ("двести пятьдесят тысяч", 250_000),
            ("один миллион двести тысяч", 1_200_000),
            ("отуз миң", 30_000),
            ("бир жарым миң", 1_500),
            ("үч жүз миң", 300_000),
            ("o'ttiz ming", 30_000),
            ("ikki yuz ellik ming", 250_000),
            ("бир миллион", 1_000_000),
            ("thirty thousand", 30_000),
            ("two hundred", 200),
            ("отыз мың", 30_000),
            ("otuz bin", 30_000),
            ("сӣ ҳазор", 30_000),
        ] {
            assert_eq!(value(text).map(|v| v.0), Some(wanted), "{text}");
        }
    }

    #[test]
    fn no_number_is_made_up() {
        assert_eq!(value("он пришёл"), None);
        assert_eq!(value("on the way"), None);
        assert_eq!(value(&"9".repeat(40)), None);
        assert_eq!(value("99999999999999 млн"), None, "more than 64 bits hold");
        assert_eq!(joined(2500, 300), None, "no двести пятьдесят тридцать");
        assert_eq!(joined(2000, 500), Some(2500), "двести пятьдесят");
    }
}
