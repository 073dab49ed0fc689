//! Russian and Kyrgyz typed in Latin letters ("pasport u menedzhera"): the most likely Cyrillic reading of a word.

use super::code::{CYR, Fold, fold_common};

/// Longest spellings first. An approximation of what people type (BGN/PCGN, GOST 7.79-B and chat habits together);
/// `y` is decided by its neighbours in [`to_cyrillic`].
const CLUSTERS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("iya", "ия"),
    ("iye", "ие"),
    ("iyu", "ию"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yo", "е"),
    ("jo", "е"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("ye", "е"),
    ("je", "е"),
    ("iy", "ий"),
    ("yy", "ый"),
];

/// Single letters from `a` to `z` as places in the Cyrillic alphabet; `y` is decided by its neighbours.
const LETTERS: [u8; 26] =
    [0, 1, 22, 4, 5, 20, 3, 21, 8, 6, 10, 11, 12, 13, 14, 15, 10, 16, 17, 18, 19, 2, 2, 21, NO_LETTER, 7];
const NO_LETTER: u8 = u8::MAX;

fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Appends the folded Cyrillic reading of a lower-case ASCII word to `out`. Returns false (and appends nothing) when the
/// word has letters outside `a-z`.
pub fn to_cyrillic(word: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let mut i = 0;
    // the prefix вы- before a vowel; elsewhere "ye" behind a consonant is ье
    if word.starts_with(b"vye") {
        out.extend("вы".chars().filter_map(|c| match fold_common(c) {
            Some(Fold::Cyrillic(b)) => Some(b),
            _ => None,
        }));
        i = 2;
    }
    while i < word.len() {
        let rest = &word[i..];
        // few letters begin a cluster, and most words have none
        let clusters =
            if matches!(rest[0], b's' | b'i' | b'z' | b'k' | b't' | b'c' | b'y' | b'j') { CLUSTERS } else { &[] };
        let found = clusters.iter().find(|(latin, _)| rest.starts_with(latin.as_bytes()));
        let (taken, cyrillic) = match found {
            Some((latin, cyrillic)) => (latin.len(), *cyrillic),
            None if rest[0] == b'y' => {
                let after_vowel = i > 0 && is_vowel(word[i - 1]);
                (1, if after_vowel { "й" } else { "ы" })
            }
            None if rest[0].is_ascii_lowercase() => {
                out.push(CYR + LETTERS[usize::from(rest[0] - b'a')]);
                i += 1;
                continue;
            }
            None => {
                out.truncate(start);
                return false;
            }
        };
        for c in cyrillic.chars() {
            if let Some(Fold::Cyrillic(b)) = fold_common(c) {
                out.push(b);
            }
        }
        i += taken;
    }
    debug_assert!(out[start..].iter().all(|&b| b >= CYR));
    true
}

/// Uzbek in Latin letters to folded Cyrillic by the rule of the 1995 alphabet, exact after folding except for words with
/// `ц` and irregular `е`/`э` (which the folding merges anyway). `None` where a letter has no rule (`c` alone, `w`).
pub fn uzbek_to_cyrillic(word: &str) -> Option<String> {
    const RULES: &[(&str, &str)] = &[
        ("o'", "ў"),
        ("g'", "ғ"),
        ("sh", "ш"),
        ("ch", "ч"),
        ("yo'", "йў"),
        ("yo", "ё"),
        ("yu", "ю"),
        ("ya", "я"),
        ("ye", "е"),
        ("ng", "нг"),
        ("a", "а"),
        ("b", "б"),
        ("d", "д"),
        ("e", "е"),
        ("f", "ф"),
        ("g", "г"),
        ("h", "ҳ"),
        ("i", "и"),
        ("j", "ж"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("q", "қ"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("v", "в"),
        ("x", "х"),
        ("y", "й"),
        ("z", "з"),
        ("'", "ъ"),
    ];
    let lower: String = word
        .to_lowercase()
        .chars()
        .map(|c| if matches!(c, 'ʻ' | 'ʼ' | '‘' | '’' | '`' | '´') { '\'' } else { c })
        .collect();
    let mut out = String::new();
    let mut rest = lower.as_str();
    'next: while let Some(first) = rest.chars().next() {
        if !first.is_ascii_alphabetic() && first != '\'' {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        // "yo'" must win over "yo": йўл, not ёъл
        if rest.starts_with("yo'") {
            out.push_str("йў");
            rest = &rest[3..];
            continue;
        }
        for (latin, cyrillic) in RULES {
            if let Some(tail) = rest.strip_prefix(latin) {
                out.push_str(cyrillic);
                rest = tail;
                continue 'next;
            }
        }
        return None;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::code::unfold;

    fn read(word: &str) -> String {
        let mut out = Vec::new();
        to_cyrillic(word.as_bytes(), &mut out);
        unfold(&out)
    }

    #[test]
    fn russian_in_latin_letters() {
        assert_eq!(read("pasport"), "паспорт");
        assert_eq!(read("menedzhera"), "менеджера");
        assert_eq!(read("devushki"), "девушки");
        assert_eq!(read("vyezd"), "выезд");
        assert_eq!(read("zarabotay"), "заработай");
        assert_eq!(read("kyzdar"), "кыздар");
    }

    #[test]
    fn uzbek_by_rule() {
        assert_eq!(uzbek_to_cyrillic("yo'l").as_deref(), Some("йўл"));
        assert_eq!(uzbek_to_cyrillic("g‘isht").as_deref(), Some("ғишт"));
        assert_eq!(uzbek_to_cyrillic("chegiriladi").as_deref(), Some("чегирилади"));
    }
}
