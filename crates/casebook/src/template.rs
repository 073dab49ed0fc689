//! A cluster as template and slots: the words that stay and the words that change.

use sakchy::text::fold_word;
use std::collections::BTreeMap;

/// Most adverts of a cluster that are looked at.
pub const LOOKED_AT: usize = 40;
/// Most words of an advert that are aligned.
const WORDS: usize = 400;
/// Share of the adverts that must have a word for it to belong to the template, in percent.
const STAYS: usize = 70;
/// Most different fillings of a slot that are shown.
const SHOWN: usize = 8;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words that stay.
    Fixed(String),
    /// Words that change: the commonest fillings with their counts, and how many different ones there are.
    Slot {
        /// Filling and adverts; an empty filling is "nothing".
        fillings: Vec<(String, usize)>,
        /// Different fillings.
        different: usize,
    },
}

/// Works out the template of some nearly equal texts; empty for none.
pub fn template(texts: &[String]) -> Vec<Part> {
    let texts: Vec<Vec<&str>> =
        texts.iter().take(LOOKED_AT).map(|t| t.split_whitespace().take(WORDS).collect()).collect();
    let folded: Vec<Vec<Vec<u8>>> = texts.iter().map(|t| t.iter().map(|w| fold(w)).collect()).collect();
    let Some(first) = texts.first() else { return Vec::new() };
    // for each text the place of each word of the first one, where it has it
    let aligned: Vec<Vec<Option<usize>>> = folded.iter().map(|other| align(&folded[0], other)).collect();
    let stays: Vec<bool> = (0..first.len())
        .map(|n| aligned.iter().filter(|a| a[n].is_some()).count() * 100 >= STAYS * texts.len())
        .collect();
    let anchors: Vec<usize> = (0..first.len()).filter(|n| stays[*n]).collect();
    let mut parts: Vec<Part> = Vec::new();
    for (k, next) in anchors.iter().map(Some).chain([None]).enumerate() {
        let before = k.checked_sub(1).map(|k| anchors[k]);
        let mut fillings: BTreeMap<String, usize> = BTreeMap::new();
        for (text, places) in texts.iter().zip(&aligned) {
            // between the places of the two anchors, where the text has both
            let from = match before {
                None => Some(0),
                Some(n) => places[n].map(|p| p + 1),
            };
            let to = match next {
                None => Some(text.len()),
                Some(n) => places[*n],
            };
            if let (Some(from), Some(to)) = (from, to)
                && from <= to
            {
                *fillings.entry(text[from..to].join(" ")).or_default() += 1;
            }
        }
        let filled: usize = fillings.iter().filter(|(words, _)| !words.is_empty()).map(|(_, n)| n).sum();
        // a stray word of a few is noise and no slot
        if filled * 100 >= (100 - STAYS) * texts.len() && filled > 0 {
            let mut all: Vec<(String, usize)> = fillings.into_iter().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let different = all.len();
            all.truncate(SHOWN);
            parts.push(Part::Slot { fillings: all, different });
        }
        if let Some(n) = next {
            match parts.last_mut() {
                Some(Part::Fixed(words)) => *words = format!("{words} {}", first[*n]),
                _ => parts.push(Part::Fixed(first[*n].to_string())),
            }
        }
    }
    parts
}

/// A template as one line: slots in braces, fillings separated by |.
pub fn line(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Fixed(words) => words.clone(),
        Part::Slot { fillings, different } => {
            let mut shown: Vec<&str> =
                fillings.iter().map(|(words, _)| if words.is_empty() { "—" } else { words }).collect();
            if *different > shown.len() {
                shown.push("…");
            }
            format!("{{{}}}", shown.join(" | "))
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn fold(word: &str) -> Vec<u8> {
    let folded: Vec<u8> = word.split(|c: char| !c.is_alphanumeric()).flat_map(fold_word).collect();
    // a sign alone ("-") is a word too
    if folded.is_empty() { word.as_bytes().to_vec() } else { folded }
}

/// Longest common subsequence; for each word of `a` its place in `b`.
fn align(a: &[Vec<u8>], b: &[Vec<u8>]) -> Vec<Option<usize>> {
    let width = b.len() + 1;
    let mut best = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i * width + j] = if same(&a[i], &b[j]) {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let mut places = vec![None; a.len()];
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if same(&a[i], &b[j]) {
            places[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

/// The same word, but for one letter that was read or set wrongly; numbers must be equal.
fn same(a: &[u8], b: &[u8]) -> bool {
    if a == b {
        return true;
    }
    if a.len() < 5 || a.len().abs_diff(b.len()) > 1 || a.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    start + end + 1 >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_changes_is_a_slot() {
        let parts = template(&texts(&[
            "Приглашаем девушек в Дубай, оплата 2000 долларов, тел. 0555111111",
            "Приглашаем девушек в Стамбул, оплата 1500 долларов, тел. 0555222222",
            "Приглошаем девушек в Дубай, оплата 2000 долларов, тел. 0555333333",
        ]));
        let dubai = vec![("Дубай,".to_string(), 2), ("Стамбул,".to_string(), 1)];
        assert_eq!(parts[0], Part::Fixed("Приглашаем девушек в".into()));
        assert_eq!(parts[1], Part::Slot { fillings: dubai, different: 2 });
        assert_eq!(parts.len(), 6, "{parts:?}");
        assert!(
            line(&parts).starts_with("Приглашаем девушек в {Дубай, | Стамбул,} оплата {2000 | 1500} долларов, тел. {")
        );
    }

    #[test]
    fn one_text_is_its_own_template_and_none_has_none() {
        assert_eq!(template(&texts(&["а б в"])), [Part::Fixed("а б в".into())]);
        assert_eq!(template(&[]), []);
        assert_eq!(template(&texts(&["", ""])), []);
    }
}
