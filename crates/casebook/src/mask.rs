//! Telephones of third persons are hidden in reports, and advert text is made harmless.

use std::ops::Range;

/// Finds telephones in a text that are not written in figures; given by whoever has the screener at hand.
pub type Finder<'f> = &'f dyn Fn(&str) -> Vec<Range<usize>>;

/// Fewest digits that are taken for a telephone.
const DIGITS: usize = 7;
/// Digits left readable at the beginning and at the end.
const HEAD: usize = 4;
const TAIL: usize = 2;

/// Hides telephones, or leaves everything as it is.
#[derive(Clone, Copy)]
pub struct Mask<'f> {
    /// Show telephones in full.
    pub show: bool,
    /// Finds telephones told in words.
    pub finder: Option<Finder<'f>>,
}

impl Mask<'_> {
    /// The bytes of a text that are hidden: digits of telephones but the first four and the last two; of a telephone told
    /// in words all of it.
    pub fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut hidden = Vec::new();
        if self.show {
            return hidden;
        }
        for run in runs(text) {
            let digits: Vec<usize> = run.clone().filter(|n| text.as_bytes()[*n].is_ascii_digit()).collect();
            hidden.extend(digits.iter().skip(HEAD).take(digits.len() - HEAD - TAIL).map(|n| *n..*n + 1));
        }
        for span in self.finder.map(|f| f(text)).unwrap_or_default() {
            let words = text.get(span.clone()).is_some_and(|t| t.chars().any(char::is_alphabetic));
            if words {
                hidden.push(span);
            }
        }
        hidden
    }

    /// The text with what is hidden as dots.
    pub fn text(&self, text: &str) -> String {
        let hidden = self.hidden(text);
        let is_hidden = |n: usize| hidden.iter().any(|h| h.contains(&n));
        text.char_indices().map(|(n, c)| if c.is_alphanumeric() && is_hidden(n) { '•' } else { calm(c) }).collect()
    }
}

/// Runs of digits and the signs that stand between the digits of a telephone.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    let mut close = |run: &mut Option<(usize, usize, usize)>| {
        if let Some((from, to, _)) = run.take().filter(|r| r.2 >= DIGITS) {
            found.push(from..to);
        }
    };
    let mut gap = 0;
    for (n, c) in text.char_indices() {
        if c.is_ascii_digit() {
            gap = 0;
            let (from, _, count) = run.unwrap_or((n, n, 0));
            run = Some((from, n + 1, count + 1));
        } else if matches!(
            c,
            ' ' | '-' | '–' | '—' | '(' | ')' | '.' | '_' | '/' | '\u{a0}' | '\u{2009}' | '\u{2011}' | '\u{200b}' | '*'
        ) && gap < 3
        {
            gap += 1;
        } else {
            close(&mut run);
        }
    }
    close(&mut run);
    found
}

/// A character made harmless: control characters and those that turn the direction of writing become visible signs.
pub fn calm(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\r' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => '·',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{61c}' => '·',
        '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fffe}' | '\u{ffff}' => '·',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_are_hidden_and_prices_are_not() {
        let mask = Mask { show: false, finder: None };
        for (text, shown) in [
            ("тел. +996 555 12 34 56.", "тел. +996 5•• •• •• 56."),
            ("0555123456", "0555••••56"),
            ("wa.me/996555123456", "wa.me/9965••••••56"),
            ("оклад 30 000 сом, 2026 г.", "оклад 30 000 сом, 2026 г."),
            ("(0312) 66-55-44", "(0312) ••-••-44"),
        ] {
            assert_eq!(mask.text(text), shown);
            assert_eq!(Mask { show: true, finder: None }.text(text), text);
        }
        let words: Finder<'_> = &|t| t.find("ноль").map(|n| n..t.len()).into_iter().collect();
        assert_eq!(Mask { show: false, finder: Some(words) }.text("звони ноль пять"), "звони •••• ••••");
    }

    #[test]
    fn direction_marks_and_controls_are_seen() {
        assert_eq!(Mask { show: true, finder: None }.text("а\u{202e}б\u{1b}[31mв\u{0}"), "а·б·[31mв·");
    }
}
