//! Handles and messenger links.

use super::{Found, Span};

/// Finds `@name` (3 to 32 characters) and links to messengers.
pub(super) fn read(text: &str) -> Vec<Found<String>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let name = |from: usize| {
        bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-')).count()
    };
    for (i, &b) in bytes.iter().enumerate() {
        if b == b'@' && (i == 0 || !(bytes[i - 1].is_ascii_alphanumeric() || bytes[i - 1] == b'.')) {
            let len = bytes[i + 1..].iter().take(33).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            if (3..=32).contains(&len) {
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

fn push(found: &mut Vec<Found<String>>, text: &str, start: usize, end: usize) {
    let value = text[start..end].trim_end_matches(['.', '-']).to_ascii_lowercase();
    let end = start + value.len();
    found.push(Found { value, span: Span { start, end } });
}
