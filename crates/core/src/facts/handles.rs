//! Handles and messenger links.

use super::{Found, Span};
use crate::text::is_invisible;

/// Finds `@name` (3 to 32 characters) and links to messengers.
pub(super) fn read(text: &str) -> Vec<Found<String>> {
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
