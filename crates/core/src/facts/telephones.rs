//! Telephone numbers: digits with spaces, brackets, hyphens, dots or emoji between them, to E.164. Digits may be full-width
//! or keycaps. Local forms are completed only where they are plain; what is not is no telephone.

use super::{Found, Span};
use crate::marks::Marks;
use crate::pack::Pack;
use crate::text::{Break, Shape, Text};

/// Country prefix, digits after it. National numbering plans (ITU-T E.164 national pages).
const PLANS: &[(&str, &[usize])] = &[
    ("996", &[9]),
    ("998", &[9]),
    ("992", &[9]),
    ("993", &[8]),
    ("971", &[8, 9]),
    ("974", &[8]),
    ("973", &[8]),
    ("965", &[8]),
    ("968", &[8]),
    ("966", &[9]),
    ("962", &[9]),
    ("963", &[9]),
    ("380", &[9]),
    ("375", &[9]),
    ("374", &[8]),
    ("995", &[9]),
    ("994", &[9]),
    ("855", &[8, 9]),
    ("856", &[9, 10]),
    ("90", &[10]),
    ("82", &[8, 9, 10]),
    ("86", &[11]),
    ("84", &[9, 10]),
    ("95", &[8, 9, 10]),
    ("66", &[8, 9]),
    ("62", &[9, 10, 11, 12]),
    ("60", &[8, 9, 10]),
    ("91", &[10]),
    ("81", &[9, 10]),
    ("48", &[9]),
    ("49", &[10, 11]),
    ("44", &[10]),
    ("20", &[10]),
    ("7", &[10]),
];

/// Finds telephone numbers. A run of digits counts when, with its separators, it fits a numbering plan.
/// `language` is the text's own (ISO 639-1): it settles nine digits that Uzbeks and Tajiks write alike.
pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, language: &str) -> Vec<Found<String>> {
    let text = marks.text;
    let tokens = &text.tokens;
    let money = |t: usize| {
        let next = tokens.get(t).is_some_and(|x| x.before == Break::None && x.shape != Shape::Number);
        next && pack.units.currencies.iter().any(|(_, set)| marks.single(t, *set))
    };
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i].shape != Shape::Number {
            i += 1;
            continue;
        }
        let mut last = i;
        let mut digits = tokens[i].len as usize;
        // the shortest run that makes a number is taken, then more groups only while they still fit a plan
        let mut best: Option<(usize, String)> = None;
        let plus = text.original[..tokens[i].start as usize].trim_end().ends_with('+');
        if !plus && is_card(text, i) {
            i += 4;
            continue;
        }
        let mut number = [0u8; 15];
        loop {
            if (9..=15).contains(&digits) {
                let mut filled = 0;
                for t in i..=last {
                    let part = text.folded(t);
                    number[filled..filled + part.len()].copy_from_slice(part);
                    filled += part.len();
                }
                let plain = plus || !money(last + 1);
                if let Some(e164) =
                    std::str::from_utf8(&number[..filled]).ok().filter(|_| plain).and_then(|d| e164(d, plus, language))
                {
                    best = Some((last, e164));
                }
            }
            let next = last + 1;
            if next >= tokens.len() || tokens[next].shape != Shape::Number || digits + tokens[next].len as usize > 15 {
                break;
            }
            let gap = &text.original[tokens[last].end as usize..tokens[next].start as usize];
            let joins = gap.len() <= 4 && gap.chars().all(separates) || gap.len() <= 14 && ornaments(gap);
            if !joins || (best.is_some() && matches!(gap, "/" | " / ")) {
                break;
            }
            last = next;
            digits += tokens[next].len as usize;
        }
        match best {
            Some((end, value)) => {
                let start =
                    tokens[i].start as usize - usize::from(text.original[..tokens[i].start as usize].ends_with('+'));
                found.push(Found { value, span: Span { start, end: tokens[end].end as usize } });
                i = end + 1;
            }
            None => i += 1,
        }
    }
    found
}

/// What people write between the groups of a number.
fn separates(c: char) -> bool {
    matches!(c, ' ' | '-' | '–' | '—' | '‑' | '(' | ')' | '[' | ']' | '.' | '_' | '\u{a0}' | '\u{202f}' | '/' | '·')
}

/// Emoji between groups: "0555📞12📞34📞56". Commas, bullets and line breaks are none.
fn ornaments(gap: &str) -> bool {
    let emoji = |c: char| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '\u{1f300}'..='\u{1faff}');
    gap.chars().all(|c| emoji(c) || separates(c)) && gap.chars().filter(|c| emoji(*c)).count() <= 3
}

/// Four groups of four digits are a bank card.
fn is_card(text: &Text<'_>, first: usize) -> bool {
    let four = text.tokens.get(first..first + 4);
    four.is_some_and(|four| {
        let groups = four.iter().all(|t| t.shape == Shape::Number && t.len == 4);
        groups && four.windows(2).all(|w| w[1].start - w[0].end == 1)
    })
}

/// The number in E.164, if it is one.
fn e164(digits: &str, plus: bool, language: &str) -> Option<String> {
    let by_plan = |d: &str| {
        PLANS
            .iter()
            .find(|(prefix, lengths)| d.strip_prefix(prefix).is_some_and(|rest| lengths.contains(&rest.len())))
            .map(|_| format!("+{d}"))
    };
    if plus {
        return by_plan(digits);
    }
    if let Some(rest) = digits.strip_prefix("00")
        && rest.len() >= 10
    {
        return by_plan(rest);
    }
    match (digits.len(), digits.as_bytes().first()?) {
        // round numbers are amounts, and no subscriber has six equal digits
        _ if digits.len() < 11 && digits.ends_with("000000") => None,
        // 8 (9xx) ... : Russia and Kazakhstan; 0xxx ... : Kyrgyzstan's trunk prefix; 05xx of eleven: Turkey's
        (11, b'8') if matches!(digits.as_bytes()[1], b'3'..=b'9') => Some(format!("+7{}", &digits[1..])),
        (11, b'0') if language == "tr" && digits.starts_with("05") => Some(format!("+90{}", &digits[1..])),
        (10, b'0') if digits.as_bytes()[1] != b'0' => Some(format!("+996{}", &digits[1..])),
        (10, b'7') if language == "kk" => Some(format!("+7{digits}")),
        // nine digits beginning with 9 or 3: Uzbek and Tajik habit; 5, 7, 2: Kyrgyz mobile without the zero
        (9, b'9' | b'8') if language == "tg" => Some(format!("+992{digits}")),
        (9, b'9' | b'8' | b'3') => Some(format!("+998{digits}")),
        (9, b'7') if language == "uz" && matches!(digits.as_bytes()[1], b'1'..=b'9') => Some(format!("+998{digits}")),
        (9, b'5') if language == "uz" && digits.starts_with("50") => Some(format!("+998{digits}")),
        (9, b'5' | b'7' | b'2') => Some(format!("+996{digits}")),
        (11.., _) => by_plan(digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts_in, with};

    fn telephones(text: &str, language: &str) -> Vec<String> {
        facts_in(text, language).telephones.into_iter().map(|f| f.value).collect()
    }

    #[track_caller]
    fn check(text: &str, language: &str, wanted: &str) {
        assert_eq!(telephones(text, language), [wanted], "{text}");
    }

    #[test]
    fn separators_brackets_and_emoji() {
        for text in [
            "+996 (555) 12-34-56",
            "0555 12 34 56",
            "0 555 123 456",
            "0555.12.34.56",
            "0555📞12📞34📞56",
            "0️⃣5️⃣5️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣",
            "0️⃣ 5️⃣ 5️⃣ 5️⃣ 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣",
            "０５５５１２３４５６",
            "0 5 5 5 1 2 3 4 5 6",
            "[0555] 123-456",
        ] {
            check(text, "ru", "+996555123456");
        }
    }

    #[test]
    fn local_forms() {
        check("8 777 123 45 67", "ru", "+77771234567");
        check("8 (916) 123-45-67", "ru", "+79161234567");
        check("777 123 45 67", "kk", "+77771234567");
        check("90 123 45 67", "uz", "+998901234567");
        check("71 123 45 67", "uz", "+998711234567");
        check("92 777 12 34", "tg", "+992927771234");
        check("0532 123 45 67", "tr", "+905321234567");
    }

    #[test]
    fn what_is_no_telephone() {
        for text in [
            "8600 1234 5678 9012",
            "900 000 000",
            "0000000000",
            "80000000000",
            "912 345 678 сум",
            "1234567890123456789012345678901234567890",
            "25.12.2026 10:30",
            "20 000, 30 000, 40 000",
        ] {
            assert_eq!(telephones(text, "ru"), [""; 0], "{text}");
        }
    }

    #[test]
    fn spans_stand_in_the_text() {
        with(
            "тел 0️⃣5️⃣5️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣ звоните",
            |pack, marks| {
                let found = super::read(pack, marks, "ru");
                assert!(marks.text.original.get(found[0].span.start..found[0].span.end).is_some());
            },
        );
    }
}
