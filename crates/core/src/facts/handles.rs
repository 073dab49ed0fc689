//! Handles and messenger links, also where they are told in words ("тг: karta_kg", "собака karta_kg").

use super::{Found, Span};
use crate::marks::Marks;
use crate::pack::Pack;
use crate::text::{Break, Shape, is_invisible};

/// Every handle, in the order of the text.
pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>) -> Vec<Found<String>> {
    let mut found = signed(marks.text.original);
    let worded = in_words(pack, marks, &found);
    if !worded.is_empty() {
        found.extend(worded);
        found.sort_by_key(|f| f.span);
    }
    found
}

/// A Latin name behind a word for a messenger or for the sign itself.
fn in_words(pack: &Pack, marks: &Marks<'_, '_>, known: &[Found<String>]) -> Vec<Found<String>> {
    let (text, units) = (marks.text, &pack.units);
    let tokens = &text.tokens;
    let mut found: Vec<Found<String>> = Vec::new();
    if tokens.is_empty() || !marks.may_stand(units.handle_words, 0, true) {
        return found;
    }
    for t in 0..tokens.len() - 1 {
        let word = &tokens[t];
        if word.shape != Shape::Word || !marks.single(t, units.handle_words) {
            continue;
        }
        // "5000 тг" is money
        if t > 0 && tokens[t - 1].shape == Shape::Number && word.before == Break::None {
            continue;
        }
        let next = &tokens[t + 1];
        let (start, end) = (next.start as usize, word.end as usize);
        let gap = &text.original[end..start];
        let name_end = start + name_length(&text.original[start..]);
        let name = &text.original[start..name_end];
        let shaped = (4..=32).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_alphabetic());
        if next.before >= Break::Sentence || gap.len() > 12 || !shaped || marks.single(t + 1, units.no_handle) {
            continue;
        }
        let marked = gap.contains([':', '@', '=']);
        let figured = name.contains(['_']) || name.bytes().any(|b| b.is_ascii_digit());
        // a Latin name behind a Cyrillic word stands out; behind a Latin one it may be any word
        let cyrillic = !text.original[word.start as usize..end].is_ascii();
        let plain = figured || marked || cyrillic && name.bytes().all(|b| !b.is_ascii_uppercase());
        let span = Span { start, end: name_end };
        let overlaps = |f: &Found<String>| f.span.start < span.end && span.start <= f.span.end;
        if plain && !known.iter().any(overlaps) && !found.iter().any(overlaps) {
            found.push(Found { value: format!("@{}", name.to_ascii_lowercase()), span });
        }
    }
    found
}

/// Bytes of a name at the start of a text: ASCII letters, digits, `_` and single dots between them.
fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut n = 0;
    while letter(bytes.get(n)) || bytes.get(n) == Some(&b'.') && n > 0 && letter(bytes.get(n + 1)) {
        n += 1;
    }
    // a letter of another script behind it: no name
    if text[n..].chars().next().is_some_and(char::is_alphanumeric) { 0 } else { n }
}

/// Finds `@name` (3 to 32 characters) and links to messengers.
fn signed(text: &str) -> Vec<Found<String>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b'@' | b'/')) {
        return found;
    }
    let name = |from: usize| {
        bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-')).count()
    };
    for (i, &b) in bytes.iter().enumerate() {
        if b == b'@' && (i == 0 || !(bytes[i - 1].is_ascii_alphanumeric() || bytes[i - 1] == b'.')) {
            let (letters, len) = handle(&text[i + 1..]);
            if (3..=32).contains(&letters) {
                push(&mut found, text, i, i + 1 + len);
            }
        } else if b == b'/' && i >= 4 {
            let link = ["t.me/", "wa.me/", "vk.com/", "instagram.com/", "telegram.me/"]
                .into_iter()
                .find(|l| i + 1 >= l.len() && text.as_bytes()[i + 1 - l.len()..=i].eq_ignore_ascii_case(l.as_bytes()));
            if let Some(link) = link {
                let len = name(i + 1).min(64);
                if len >= 2 {
                    push(&mut found, text, i + 1 - link.len(), i + 1 + len);
                }
            }
        }
    }
    found
}

/// Letters of a handle and its length in bytes; invisible characters inside it count for nothing.
fn handle(text: &str) -> (usize, usize) {
    let (mut letters, mut end) = (0, 0);
    for (i, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() || c == '_' {
            letters += 1;
            end = i + 1;
        } else if !is_invisible(c) {
            break;
        }
        if letters > 32 {
            break;
        }
    }
    (letters, end)
}

fn push(found: &mut Vec<Found<String>>, text: &str, start: usize, end: usize) {
    let written = text[start..end].trim_end_matches(['.', '-']);
    let end = start + written.len();
    let value: String = written.chars().filter(|c| !is_invisible(*c)).map(|c| c.to_ascii_lowercase()).collect();
    found.push(Found { value, span: Span { start, end } });
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn handles(text: &str) -> Vec<String> {
        facts(text).handles.into_iter().map(|f| f.value).collect()
    }

    #[test]
    fn told_in_words() {
        for text in [
            "пишите тг: karta_kg",
            "собака karta_kg",
            "телеграм @ karta_kg",
            "телеграм @karta_kg",
            "Telegram: karta_kg",
            "инстаграм karta_kg",
            "тг karta_kg.",
        ] {
            assert_eq!(handles(text), ["@karta_kg"], "{text}");
        }
        assert_eq!(handles("инста karta"), ["@karta"]);
        assert_eq!(handles("https://t.me/karta_kg"), ["t.me/karta_kg"]);
    }

    #[test]
    fn no_name_is_made_up() {
        for text in [
            "лс в тг",
            "5000 тг karta",
            "Telegram yozing",
            "Telegram, WhatsApp",
            "телеграм и вотсап",
            "тг whatsapp",
            "продам щенка собака Husky",
            "hr@it.example",
            "telegram orqali",
        ] {
            assert_eq!(handles(text), [""; 0], "{text}");
        }
    }
}
