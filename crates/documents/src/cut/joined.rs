//! Lines of one advert become its text again.

use super::Line;
use super::signs::marker;

/// A line at least this full, in percent of the widest, was broken by the column and not by its author.
const FULL_LINE: usize = 70;
/// Columns narrower than this are not taken for set type.
const NARROWEST: usize = 22;

/// Joins lines that a column broke: a hyphen before a small letter goes, other full lines are joined by a space, short
/// ones keep their break. `set` says that the lines come from a page's layout: all are broken by the column.
pub(super) fn unwrap(lines: &[Line], set: bool) -> String {
    let width = |line: &str| line.trim_end().chars().count();
    let widest = lines.iter().map(|l| width(&l.text)).max().unwrap_or(0);
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.as_str();
        let body = text.trim();
        if n == 0 {
            out.push_str(text[marker(text).unwrap_or(0)..].trim());
            continue;
        }
        let before = &lines[n - 1].text;
        let full = widest >= NARROWEST && width(before) * 100 >= widest * FULL_LINE;
        let broken = !line.gap && (set || full && !before.trim().is_empty());
        let first = body.chars().next();
        let hyphen = out.ends_with(['-', '‐', '\u{ad}']) && out.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        if (broken || !line.gap) && hyphen && first.is_some_and(char::is_lowercase) {
            out.pop();
        } else if broken && hyphen && first.is_some_and(|c| c.is_ascii_digit()) || broken && out.ends_with(['–', '—'])
        {
            // a range or a number broken at its dash
        } else if line.gap {
            out.push_str("\n\n");
        } else if broken && (set || marker(text).is_none()) {
            out.push(' ');
        } else {
            out.push('\n');
        }
        out.push_str(body);
    }
    out
}
