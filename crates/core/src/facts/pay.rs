//! Pay: an amount or a range, a currency, a period.

use super::quantity::{Numbers, Quantity};
use super::{Found, Span, within};
use crate::marks::Marks;
use crate::pack::{Pack, Slot};
use crate::text::{Break, Shape};
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
    /// What it comes to in a month, in whole US dollars at the pack's rates, counted low; none where the currency is not
    /// told, or neither a period nor a word for pay.
    #[serde(skip)]
    pub monthly_usd: Option<u64>,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
}

/// Amounts above this are no pay but a mistake or a long number.
const LARGEST: u64 = 100_000_000_000;

struct Reader<'p, 'a, 't> {
    pack: &'p Pack,
    marks: &'p Marks<'a, 't>,
    numbers: Numbers<'p, 'a, 't>,
    telephones: &'p [Found<String>],
}

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, telephones: &[Found<String>]) -> Vec<Pay> {
    let reader = Reader { pack, marks, numbers: Numbers::new(pack, marks), telephones };
    let count = marks.text.tokens.len();
    let mut found = Vec::new();
    let mut i = 0;
    while i < count {
        let (pay, next) = reader.at(i);
        found.extend(pay);
        i = next;
    }
    found
}

impl Reader<'_, '_, '_> {
    /// The pay that begins at a token, and the token to go on from.
    fn at(&self, i: usize) -> (Option<Pay>, usize) {
        let (marks, text) = (self.marks, self.marks.text);
        let Some(q) = self.number(i) else { return (None, i + 1) };
        let (mut min, mut max, mut last, mut factor) = (q.value, q.value, q.last, q.factor);
        let upper = self.upper(&q);
        if let Some(upper) = upper {
            // "30-45 тыс": the multiplier belongs to both
            if upper.factor > 1 && q.factor == 1 && min < 1000 {
                min = min.saturating_mul(upper.factor);
            }
            if upper.value >= min {
                (max, last, factor) = (upper.value, upper.last, upper.factor.max(q.factor));
            } else {
                min = max;
            }
        }
        let currency = self.currency(i, last, q.words && q.factor == 1);
        let far = currency.as_ref().map_or(last, |c| c.1.max(last));
        let period = self.period(i, far);
        let attached = period.as_ref().is_none_or(|p| self.attached(p.1, i, far));
        let pay_word = (1..=4).filter_map(|n| i.checked_sub(n)).any(|t| marks.fits(t, Slot::Set(self.pack.units.pay)));
        let told = currency.is_some() || (factor > 1 || max >= 1000) && (pay_word || period.is_some());
        if !told || max == 0 || max > LARGEST {
            return (None, last + 1);
        }
        let first = currency.as_ref().map_or(i, |c| c.1.min(i));
        let end = far.max(period.as_ref().map_or(0, |p| p.1));
        let (start, end_byte) = text.span(first.min(period.as_ref().map_or(first, |p| p.1)), end);
        let mut pay = Pay {
            min,
            max,
            currency: currency.map(|c| c.0.to_string()),
            period: period.map(|p| p.0.to_string()),
            monthly_usd: None,
            span: Span { start, end: end_byte },
        };
        if pay.period.is_some() || pay_word {
            // "up to" promises little: half of it is taken
            let up_to = |t: usize| text.tokens.get(t).is_some() && marks.fits(t, Slot::Set(self.pack.units.to));
            let only_up_to = min == max && (i.checked_sub(1).is_some_and(up_to) || up_to(far + 1));
            pay.monthly_usd = self.monthly(&pay, attached, if only_up_to { min / 2 } else { min });
        }
        (Some(pay), end.max(last) + 1)
    }

    fn number(&self, at: usize) -> Option<Quantity> {
        if !self.numbers.begins(at) || within(self.marks.text, at, self.telephones) {
            return None;
        }
        self.numbers.read(at)
    }

    /// The upper end of a range: 800-1000, 30 000 — 45 000, от 30 до 45 тыс, от 800$ до 1200$, 30 миңден 45 миңге.
    fn upper(&self, lower: &Quantity) -> Option<Quantity> {
        let (text, units) = (self.marks.text, &self.pack.units);
        let tokens = &text.tokens;
        let next = lower.last + 1;
        let token = tokens.get(next).filter(|t| t.before < Break::Sentence)?;
        let joins = |from: usize, to: usize| {
            let gap = text.original[tokens[from].end as usize..tokens[to].start as usize].trim();
            matches!(gap, "-" | "–" | "—" | "‑" | "−" | "~" | "..." | "…")
        };
        if self.numbers.begins(next) {
            if joins(lower.last, next) {
                return self.number(next);
            }
            // "30 миңден 45 миңге чейин": the same multiplier again makes a range
            let again = lower.factor > 1 && token.before == Break::None;
            return self.number(next).filter(|q| again && q.factor == lower.factor && q.value > lower.value);
        }
        // a currency may stand between
        let money = units.currencies.iter().any(|(_, set)| self.marks.single(next, *set));
        let (before, at) = if money { (next, next + 1) } else { (lower.last, next) };
        tokens.get(at).filter(|t| t.before < Break::Sentence)?;
        if money && self.numbers.begins(at) && joins(before, at) {
            return self.number(at);
        }
        let word = [units.to, units.from].into_iter().any(|set| self.marks.single(at, set));
        if word && tokens.get(at + 1).is_some_and(|t| t.before < Break::Sentence) { self.number(at + 1) } else { None }
    }

    /// The currency beside an amount and its token: up to two words behind it (only the next where `close`), or a sign
    /// before it.
    fn currency(&self, first: usize, last: usize, close: bool) -> Option<(&str, usize)> {
        let (marks, text) = (self.marks, self.marks.text);
        let all = &self.pack.units.currencies;
        let of = |t: usize| {
            if text.tokens[t].shape == Shape::Number {
                return None;
            }
            // the word as written first: so'm is a sum, although its Cyrillic reading is a som
            let any = all.iter().find(|(_, set)| marks.single(t, *set))?;
            let own = all.iter().find(|(_, set)| marks.own_form(t, *set)).unwrap_or(any);
            Some((own.0.as_str(), t))
        };
        for t in last + 1..=last + 2 {
            if text.tokens.get(t).is_none_or(|x| x.before >= Break::Sentence) {
                break;
            }
            if let Some(hit) = of(t).filter(|_| !close || text.tokens[t].shape == Shape::Word) {
                return Some(hit);
            }
            if text.tokens[t].shape == Shape::Number || close {
                break;
            }
        }
        first.checked_sub(1).filter(|_| !close && text.tokens[first].before < Break::Sentence).and_then(of)
    }

    /// The period of an amount and its token: up to four words behind, else up to three before.
    fn period(&self, first: usize, last: usize) -> Option<(&str, usize)> {
        let text = self.marks.text;
        let of = |t: usize| {
            let mut all = self.pack.units.periods.iter();
            all.find(|(_, set)| self.marks.single(t, *set)).map(|(name, _)| (name.as_str(), t))
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

    /// Do amount and period stand together? "28 000 сом, платим раз в неделю" and "сутки/двое. 28 000 сом" do not.
    fn attached(&self, period: usize, first: usize, far: usize) -> bool {
        let text = self.marks.text;
        let (from, to) = if period > far { (far, period) } else { (period, first) };
        let gap = &text.original[text.tokens[from].end as usize..text.tokens[to].start as usize];
        !gap.contains([',', ';', '.', '\n', '('])
    }

    /// An amount of this pay's currency and period, as US dollars a month. What stands apart from its period is taken for
    /// a month's.
    fn monthly(&self, pay: &Pay, attached: bool, amount: u64) -> Option<u64> {
        let norms = &self.pack.units.norms;
        let code = pay.currency.as_deref()?;
        let rate = norms.rates.iter().find(|(c, _)| c == code)?.1;
        let period = pay.period.as_deref().filter(|p| attached || matches!(*p, "season" | "year")).unwrap_or("month");
        let (_, times, over) = norms.periods.iter().find(|(name, ..)| name == period)?;
        amount.checked_mul(100)?.checked_mul(u64::from(*times)).map(|a| a / rate.max(1) / u64::from(*over).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, with};
    use super::*;

    /// min, max, currency, period of the first pay.
    fn pay(text: &str) -> Option<(u64, u64, String, String)> {
        let found = with(text, |pack, marks| read(pack, marks, &super::super::telephones::read(pack, marks, "und")));
        let first = found.into_iter().next()?;
        Some((first.min, first.max, first.currency.unwrap_or_default(), first.period.unwrap_or_default()))
    }

    #[track_caller]
    fn check(text: &str, min: u64, max: u64, currency: &str, period: &str) {
        assert_eq!(pay(text), Some((min, max, currency.to_string(), period.to_string())), "{text}");
    }

    #[test]
    fn ranges() {
        check("от 800 до 1 200 $", 800, 1200, "USD", "");
        check("от 800$ до 1200$ в месяц", 800, 1200, "USD", "month");
        check("800$-1200$", 800, 1200, "USD", "");
        check("зп 30-45 тыс", 30_000, 45_000, "", "");
        check("зп 30 000 — 45 000 сом", 30_000, 45_000, "KGS", "");
        check("айлык 30 миңден 45 миң сомго чейин", 30_000, 45_000, "KGS", "month");
        check("oylik 3 milliondan 5 million so'mgacha", 3_000_000, 5_000_000, "UZS", "month");
        check("800$+", 800, 800, "USD", "");
    }

    #[test]
    fn words() {
        check("зарплата тридцать тысяч сом", 30_000, 30_000, "KGS", "");
        check("айлык отуз миң сом", 30_000, 30_000, "KGS", "month");
        check("oyiga o'ttiz ming so'm", 30_000, 30_000, "UZS", "month");
        check("полторы тысячи долларов в месяц", 1500, 1500, "USD", "month");
        check("two thousand dollars a month", 2000, 2000, "USD", "month");
    }

    #[test]
    fn millions() {
        check("2,5 млн сум", 2_500_000, 2_500_000, "UZS", "");
        check("1 mln 200 ming so'm", 1_200_000, 1_200_000, "UZS", "");
    }

    #[test]
    fn currencies_and_periods() {
        for (text, currency, period) in [
            ("200 баксов за смену", "USD", "shift"),
            ("300 000 тенге в месяц", "KZT", "month"),
            ("3000 дирхам в месяц", "AED", "month"),
            ("2 500 000 вон в месяц", "KRW", "month"),
            ("20 000 лира айына", "TRY", "month"),
            ("8000 юаней в месяц", "CNY", "month"),
            ("5 000 000 сум в месяц", "UZS", "month"),
            ("500 руб. в час", "RUB", "hour"),
            ("€1500 в месяц", "EUR", "month"),
            ("1500 сом күнүнө", "KGS", "day"),
            ("200 dollar haftasiga", "USD", "week"),
            ("400 000 ₽ за вахту", "RUB", "season"),
        ] {
            let found = pay(text).unwrap_or_default();
            assert_eq!((found.2.as_str(), found.3.as_str()), (currency, period), "{text}");
        }
    }

    #[test]
    fn nothing_is_made_up() {
        for text in [
            "два раза в день",
            "он пришёл в 5",
            "on the 20 of May",
            "пол женский",
            "5000 попугаев",
            "зп 99999999999999999999999999999999999999999 сом",
            "0 $",
        ] {
            assert_eq!(pay(text), None, "{text}");
        }
        let unknown = pay("зарплата 5000 тугриков").unwrap_or_default();
        assert_eq!(unknown.2, "", "a currency we do not know is not guessed");
    }

    #[test]
    fn a_month_in_dollars_is_counted_low() {
        let month = |text: &str| facts(text).pay.first().and_then(|p| p.monthly_usd);
        assert_eq!(month("зарплата 3000 $"), Some(3000));
        assert_eq!(month("до 3000 $ в месяц"), Some(1500), "up to: half");
        assert_eq!(month("100$ в день"), Some(1500), "fifteen days");
        assert_eq!(month("сутки/двое. 300 $"), Some(300), "a timetable");
        assert_eq!(month("300 $, платим раз в неделю"), Some(300), "a pay day");
        assert_eq!(month("3000 $"), None, "neither period nor pay word");
        assert_eq!(month("зарплата 5000 тугриков"), None);
    }
}
