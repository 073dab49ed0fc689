//! Firm names made comparable: legal forms, quotes, Kyrgyz, Russian and Latin spelling, look-alike letters.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words that are legal forms or name the kind of firm, and no part of its name: `rules/batch/firm-words.toml`.
static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let file: toml::Table =
        toml::from_str(include_str!("../../../rules/batch/firm-words.toml")).expect("the file is tested");
    let list = file.get("words").and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(toml::Value::as_str).map(spell).collect()
});

/// The name that two spellings of one firm share: words without legal forms, by sound and in Latin
/// letters. Empty for a name of legal forms alone.
pub fn key(name: &str) -> String {
    let words =
        name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | 'ʻ' | '`')).filter(|w| !w.is_empty());
    let spelled: Vec<String> = words.map(spell).filter(|w| !w.is_empty()).collect();
    spelled.iter().filter(|w| !WORDS.contains(*w)).map(String::as_str).collect()
}

/// How far two keys are apart, in letters changed, left out or added; `None` when more than one in five differs: another name.
pub fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = a.len().max(b.len()) / 5;
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row.last().copied().filter(|d| *d <= most)
}

/// A word by its sound in Latin letters. Latin letters in a word that is otherwise Cyrillic are taken for the letters they
/// look like, and the other way round.
fn spell(word: &str) -> String {
    let lower = word.to_lowercase();
    let cyrillic = lower.chars().filter(|c| ('\u{400}'..='\u{52f}').contains(c)).count();
    let latin = lower.chars().filter(char::is_ascii_alphabetic).count();
    let mut out = String::new();
    for c in lower.chars() {
        let c = match c {
            // mixed: what the eye sees decides
            _ if cyrillic > 0 && latin > 0 && cyrillic >= latin => cyrillic_twin(c),
            _ if cyrillic > 0 && latin > 0 => latin_twin(c),
            c => c,
        };
        sound(c, &mut out);
    }
    even(&out)
}

/// The Cyrillic letter that a Latin one looks like.
fn cyrillic_twin(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        'i' => 'і',
        '0' => 'о',
        '3' => 'з',
        c => c,
    }
}

fn latin_twin(c: char) -> char {
    match c {
        'а' => 'a',
        'в' => 'b',
        'с' => 'c',
        'е' => 'e',
        'н' => 'h',
        'к' => 'k',
        'м' => 'm',
        'о' => 'o',
        'р' => 'p',
        'т' => 't',
        'х' => 'x',
        'у' => 'y',
        'і' => 'i',
        '0' => 'o',
        c => c,
    }
}

/// A letter's usual Latin spelling (ISO 9 made plain, as passports and signboards of the region write it).
fn sound(c: char, out: &mut String) {
    let latin = match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' => "e",
        'ж' | 'җ' => "j",
        'з' => "z",
        'и' | 'і' | 'й' | 'ы' => "i",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' | 'ұ' | 'ў' => "u",
        'ф' => "f",
        'х' | 'ҳ' | 'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ю' => "iu",
        'я' => "ia",
        'ä' => "a",
        'ö' => "o",
        'ü' => "u",
        'ş' => "sh",
        'ç' => "ch",
        'ğ' => "g",
        'ı' => "i",
        c if c.is_ascii_alphanumeric() => return out.push(c),
        _ => "",
    };
    out.push_str(latin);
}

/// Latin spellings of one sound made one: y/j, kh/h, zh/j, q/k, w/v, c/k, doubled letters.
fn even(word: &str) -> String {
    let mut text = word.to_string();
    for (from, to) in [
        ("dzh", "j"),
        ("zh", "j"),
        ("kh", "h"),
        ("x", "h"),
        ("ck", "k"),
        ("tc", "ts"),
        ("sch", "sh"),
        ("ya", "ia"),
        ("yu", "iu"),
        ("yo", "io"),
        ("ye", "e"),
        ("ph", "f"),
        ("q", "k"),
        ("w", "v"),
        ("oo", "u"),
        ("ee", "i"),
        ("ou", "u"),
        ("y", "i"),
        ("ng", "n"),
    ] {
        text = text.replace(from, to);
    }
    // c is k unless it belongs to ch
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (n, c) in letters.iter().enumerate() {
        let c = if *c == 'c' && letters.get(n + 1) != Some(&'h') { 'k' } else { *c };
        if !out.ends_with(c) || c.is_ascii_digit() {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_firm_in_many_spellings() {
        for (a, b) in [
            ("ОсОО «Нур Групп»", "Нур групп, ОсОО"),
            ("ОсОО «Нур Групп»", "NUR GROUP LLC"),
            ("ЖЧК \"Жылдыз Травел\"", "Zhyldyz Travel"),
            ("ЖЧК Жылдыз", "OcOO \"Jyldyz\""),
            ("ИП Барака", "Бaрaкa"),
            ("«Тянь-Шань Трэвел»", "Tian Shan Trevel"),
            ("Көчмөн", "Кочмон"),
            ("MChJ «Oltin Yo'l»", "Oltin Yol MCHJ"),
        ] {
            assert_eq!(key(a), key(b), "{a} / {b}");
        }
    }

    #[test]
    fn other_firms_stay_apart() {
        for (a, b) in [("Нур", "Нурай"), ("Нур Групп", "Тур Групп Плюс"), ("Жылдыз", "Жибек")]
        {
            assert_ne!(key(a), key(b), "{a} / {b}");
            assert_eq!(distance(&key(a), &key(b)), None, "{a} / {b}");
        }
        assert_eq!(key("ОсОО"), "");
    }

    #[test]
    fn one_letter_wrong_is_near_but_not_the_same() {
        let (a, b) = (key("Алтын Жол"), key("Алтын Жал"));
        assert_ne!(a, b);
        assert_eq!(distance(&a, &b), Some(1));
    }
}
