//! Pay far above what is ordinary (`rules/pay.toml`).

use super::{Destination, Pay, Span};
use crate::marks::Marks;
use crate::pack::{Pack, PayNorms};

/// Pay from the pack's multiple of the ordinary pay on. Only words up to the end of the amount's own line are asked for
/// place and trade: what is appended to an advert takes nothing away (law 2).
pub(super) fn high(pack: &Pack, marks: &Marks<'_, '_>, pay: &[Pay], places: &[Destination]) -> Vec<Span> {
    let norms = &pack.units.norms;
    let Some(lowest) = norms.months.iter().map(|m| m.2.saturating_mul(u64::from(norms.plain_times))).min() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for p in pay {
        let Some(month) = p.monthly_usd.filter(|m| *m >= lowest) else { continue };
        let upto = line_end(marks, p.span.end);
        let ordinary = ordinary(norms, p, places, upto, marks);
        let times = match trade(norms, marks, upto) {
            Trade::Skilled => continue,
            Trade::Manual => norms.manual_times,
            Trade::Plain => norms.plain_times,
        };
        if ordinary.is_some_and(|o| month >= o.saturating_mul(u64::from(times))) {
            found.push(p.span);
        }
    }
    found
}

/// The first token behind the line on which byte `end` stands.
fn line_end(marks: &Marks<'_, '_>, end: usize) -> usize {
    let tokens = &marks.text.tokens;
    let at = tokens.partition_point(|t| (t.end as usize) < end);
    let line = tokens.get(at).map_or(u32::MAX, |t| t.line);
    tokens.partition_point(|t| t.line <= line)
}

/// What is ordinary in the best paid of the places named so far, in US dollars a month; where none is named, in the
/// currency's own country.
fn ordinary(norms: &PayNorms, pay: &Pay, places: &[Destination], upto: usize, marks: &Marks<'_, '_>) -> Option<u64> {
    let of = |code: &str| norms.months.iter().find(|m| m.0 == code).map(|m| m.2);
    let end = upto.checked_sub(1).map_or(0, |t| marks.text.tokens[t].end as usize);
    let named = places.iter().filter(|d| d.span.start < end);
    if let Some(best) = named.filter_map(|d| of(&d.country).or_else(|| of("elsewhere"))).max() {
        return Some(best);
    }
    let own = pay.currency.as_deref().filter(|c| !matches!(*c, "USD" | "EUR"));
    own.and_then(|c| norms.months.iter().find(|m| m.1 == c)).map(|m| m.2).or_else(|| of("unnamed"))
}

enum Trade {
    Plain,
    Manual,
    Skilled,
}

fn trade(norms: &PayNorms, marks: &Marks<'_, '_>, upto: usize) -> Trade {
    let mut trade = Trade::Plain;
    for t in 0..upto {
        if marks.single(t, norms.skilled) {
            return Trade::Skilled;
        }
        if marks.single(t, norms.manual) {
            trade = Trade::Manual;
        }
    }
    trade
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn high(text: &str) -> bool {
        facts(text).holds("high-pay", "ru")
    }

    #[test]
    fn far_above_the_norm_for_unskilled_work() {
        assert!(high("Официантки в Турцию, 6000 долларов в месяц"));
        assert!(high("Уборщица, зарплата 5000$"));
        assert!(high("Помощница по дому в Дубай, 10 000 $ в месяц"));
        assert!(high("Раздача листовок, 150 000 сом в месяц"));
        assert!(high("в день 500 долларов, девушки"));
    }

    #[test]
    fn ordinary_good_pay_is_not() {
        for text in [
            "Официантка, 40 000 сом в месяц",
            "Вахта, Россия, 150 000 руб в месяц",
            "Работа в Корее, 2 500 000 вон в месяц",
            "Работа в Германии, 3000 евро в месяц",
            "Курьер, до 250 000 руб в месяц",
            "Программист, 10 000 $ в месяц",
            "Сварщик в Польшу, 4000 евро в месяц",
            "Продам машину, 15 000 $",
            "Домработница в Дубай, 1500 $ в месяц",
        ] {
            assert!(!high(text), "{text}");
        }
    }

    #[test]
    fn what_is_appended_takes_nothing_away() {
        let offer = "Официантки в Турцию, 6000 долларов в месяц";
        for more in ["Программист", "Работаем и с Германией", "до 100$", "менеджер Анна"]
        {
            assert!(high(&format!("{offer}\n{more}")), "{more}");
        }
    }
}
