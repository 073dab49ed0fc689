//! Telephone numbers: digits with spaces, brackets, hyphens between them, to E.164.

use super::{Found, Span};
use crate::text::{Shape, Text};

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
pub(super) fn read(text: &Text<'_>) -> Vec<Found<String>> {
    let tokens = &text.tokens;
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
        loop {
            if (9..=15).contains(&digits) {
                let number: Vec<u8> = (i..=last).flat_map(|t| text.folded(t).iter().copied()).collect();
                let groups_fit = last > i || digits >= 9;
                if let Some(e164) = e164(&String::from_utf8_lossy(&number), plus).filter(|_| groups_fit) {
                    best = Some((last, e164));
                }
            }
            let next = last + 1;
            if next >= tokens.len() || tokens[next].shape != Shape::Number || digits + tokens[next].len as usize > 15 {
                break;
            }
            let gap = &text.original[tokens[last].end as usize..tokens[next].start as usize];
            let joins =
                gap.len() <= 4 && gap.chars().all(|c| matches!(c, ' ' | '-' | '–' | '(' | ')' | '.' | '\u{a0}' | '/'));
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

/// The number in E.164, if it is one.
fn e164(digits: &str, plus: bool) -> Option<String> {
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
        // 8 (9xx) ... : Russia and Kazakhstan; 0xxx ... : Kyrgyzstan's trunk prefix
        (11, b'8') => Some(format!("+7{}", &digits[1..])),
        (10, b'0') => Some(format!("+996{}", &digits[1..])),
        // nine digits beginning with 9 or 3: Uzbek and Tajik habit; 5, 7, 2: Kyrgyz mobile without the zero
        (9, b'9' | b'8' | b'3') => Some(format!("+998{digits}")),
        (9, b'5' | b'7' | b'2') => Some(format!("+996{digits}")),
        (11.., _) => by_plan(digits),
        _ => None,
    }
}
