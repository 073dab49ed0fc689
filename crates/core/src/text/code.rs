//! The folded alphabet: one byte a letter.
//!
//! Matching runs over bytes of our own small alphabet instead of UTF-8, so that a Cyrillic letter costs one byte and
//! spelling variants that readers treat as the same letter are already the same byte. The folding is applied to the
//! rules and to the text alike; what it merges is listed in `rules/README.md`.

/// Separator between words in the folded stream.
pub const SEP: u8 = b' ';
/// Any letter of a script that no rule is written in.
pub const OTHER: u8 = 0x7f;
/// First byte of the folded Cyrillic letters (`а`); `я` is `CYR + 31`.
pub const CYR: u8 = 0x80;

/// What one character becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// A Latin letter, folded.
    Latin(u8),
    /// A Cyrillic letter, folded.
    Cyrillic(u8),
    /// A letter that only imitates others (Greek, small capitals): Latin and Cyrillic reading, 0 where there is none.
    Imitation(u8, u8),
    /// A letter of another script.
    OtherLetter,
    /// A decimal digit.
    Digit(u8),
    /// A sign that is a word of its own (`$`, `%`, `№` ...).
    Sign(u8),
    /// Part of a word that leaves no trace (ъ, ь).
    Silent,
    /// An invisible character inside or between words (zero width, soft hyphen, direction marks).
    Hidden,
    /// A combining mark; the breve matters (и + ̆ = й).
    Mark(bool),
    /// An apostrophe: silent between letters, otherwise no part of a word.
    Apostrophe,
    /// Anything else.
    Gap,
}

const fn cyr(index: u8) -> Fold {
    Fold::Cyrillic(CYR + index)
}

/// Folds a Cyrillic character (U+0400 to U+052F).
const fn fold_cyrillic(c: u32) -> Fold {
    match c {
        // Ё ё Є є Э э and the plain е
        0x401 | 0x451 | 0x404 | 0x454 | 0x42d | 0x44d => cyr(5),
        // ъ ь in both cases
        0x42a | 0x42c | 0x44a | 0x44c => Fold::Silent,
        // І і Ї ї Ӣ ӣ
        0x406 | 0x456 | 0x407 | 0x457 | 0x4e2 | 0x4e3 => cyr(8),
        // Ў ў Ү ү Ұ ұ Ӯ ӯ
        0x40e | 0x45e | 0x4ae | 0x4af | 0x4b0 | 0x4b1 | 0x4ee | 0x4ef => cyr(19),
        // Ґ ґ Ғ ғ
        0x490..=0x493 => cyr(3),
        // Җ җ
        0x496 | 0x497 => cyr(6),
        // Қ қ Ҡ ҡ Ҝ ҝ
        0x49a | 0x49b | 0x4a0 | 0x4a1 | 0x49c | 0x49d => cyr(10),
        // Ң ң Ҥ ҥ
        0x4a2..=0x4a5 => cyr(13),
        // Ҳ ҳ Һ һ
        0x4b2 | 0x4b3 | 0x4ba | 0x4bb => cyr(21),
        // Ҷ ҷ
        0x4b6 | 0x4b7 => cyr(23),
        // Ә ә
        0x4d8 | 0x4d9 => cyr(0),
        // Ө ө
        0x4e8 | 0x4e9 => cyr(14),
        // Ј ј (also a look-alike of j), Ѕ ѕ (of s)
        0x408 | 0x458 => Fold::Imitation(b'j', 0),
        0x405 | 0x455 => Fold::Imitation(b's', 0),
        0x410..=0x42f => cyr((c - 0x410) as u8),
        0x430..=0x44f => cyr((c - 0x430) as u8),
        0x483..=0x489 => Fold::Mark(false),
        _ => Fold::OtherLetter,
    }
}

const fn fold_ascii(c: u32) -> Fold {
    let b = c as u8;
    match b {
        b'H' | b'h' => Fold::Latin(b'x'),
        b'A'..=b'Z' => Fold::Latin(b + 32),
        b'a'..=b'z' => Fold::Latin(b),
        b'0'..=b'9' => Fold::Digit(b),
        b'$' | b'%' | b'+' => Fold::Sign(b),
        b'\'' | b'`' => Fold::Apostrophe,
        _ => Fold::Gap,
    }
}

const ASCII: [Fold; 128] = {
    let mut table = [Fold::Gap; 128];
    let mut i = 0;
    while i < 128 {
        table[i] = fold_ascii(i as u32);
        i += 1;
    }
    table
};

const CYRILLIC: [Fold; 0x130] = {
    let mut table = [Fold::Gap; 0x130];
    let mut i = 0;
    while i < 0x130 {
        table[i] = fold_cyrillic(0x400 + i as u32);
        i += 1;
    }
    table
};

/// Folds one character of the two alphabets that nearly every text consists of; `None` sends it to [`fold_rare`].
#[inline(always)]
pub fn fold_common(c: char) -> Option<Fold> {
    let u = c as usize;
    if u < 128 {
        Some(ASCII[u])
    } else if (0x400..0x530).contains(&u) {
        Some(CYRILLIC[u - 0x400])
    } else {
        None
    }
}

/// Folds any other character: invisible ones, signs, look-alikes, compatibility forms (NFKD of the character).
pub fn fold_rare(c: char, out: &mut impl FnMut(Fold)) {
    let direct = match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{20e3}'
        | '\u{180e}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{e0000}'..='\u{e0fff}' => Some(Fold::Hidden),
        '\u{306}' => Some(Fold::Mark(true)),
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' => {
            Some(Fold::Mark(false))
        }
        'ʻ' | 'ʼ' | '‘' | '’' | '´' | 'ʹ' | 'ʽ' | '′' | '‛' | 'ˈ' => Some(Fold::Apostrophe),
        '€' => Some(Fold::Sign(1)),
        '₽' => Some(Fold::Sign(2)),
        '₸' => Some(Fold::Sign(3)),
        '£' => Some(Fold::Sign(4)),
        '№' => Some(Fold::Sign(5)),
        '₺' => Some(Fold::Sign(6)),
        '￥' | '¥' => Some(Fold::Sign(7)),
        '₩' => Some(Fold::Sign(8)),
        'ı' => Some(Fold::Latin(b'i')),
        'ə' | 'Ə' => Some(Fold::Latin(b'e')),
        'ø' | 'Ø' => Some(Fold::Latin(b'o')),
        'ł' | 'Ł' => Some(Fold::Latin(b'l')),
        'đ' | 'Đ' => Some(Fold::Latin(b'd')),
        'ß' => Some(Fold::Latin(b's')),
        _ => imitation(c),
    };
    if let Some(fold) = direct {
        return out(fold);
    }
    let mut any = false;
    unicode_normalization::char::decompose_compatible(c, |d| {
        any = true;
        let fold = fold_common(d).or_else(|| match d {
            '\u{306}' => Some(Fold::Mark(true)),
            '\u{300}'..='\u{36f}' => Some(Fold::Mark(false)),
            _ => imitation(d),
        });
        out(fold.unwrap_or(if d.is_alphabetic() { Fold::OtherLetter } else { Fold::Gap }));
    });
    if !any {
        out(Fold::Gap);
    }
}

/// Letters used to imitate Latin or Cyrillic ones: Greek, small capitals, a few symbols. After Unicode's confusables
/// (UTS 39), the part that adverts really use (facts.md, trap 9).
fn imitation(c: char) -> Option<Fold> {
    let (latin, cyrillic) = match c {
        'α' | 'Α' => ('a', 'а'),
        'β' | 'Β' => ('b', 'в'),
        'γ' => ('y', 'у'),
        'Γ' => ('r', 'г'),
        'δ' | 'Δ' => ('d', 'д'),
        'ε' | 'Ε' | 'έ' => ('e', 'е'),
        'η' => ('n', 'п'),
        'Η' => ('h', 'н'),
        'ι' | 'Ι' | 'ί' => ('i', 'и'),
        'κ' | 'Κ' | 'ᴋ' => ('k', 'к'),
        'λ' | 'Λ' => ('l', 'л'),
        'μ' | 'Μ' | 'ᴍ' => ('m', 'м'),
        'ν' => ('v', 'и'),
        'Ν' | 'ɴ' => ('n', 'и'),
        'ο' | 'Ο' | 'σ' | 'ό' | 'ᴏ' => ('o', 'о'),
        'π' | 'Π' | 'ᴨ' => ('n', 'п'),
        'ρ' | 'Ρ' => ('p', 'р'),
        'ᴘ' => ('p', 'п'),
        'ς' => ('c', 'с'),
        'ᴄ' => ('c', 'с'),
        'τ' | 'Τ' | 'ᴛ' => ('t', 'т'),
        'υ' | 'ύ' => ('u', 'и'),
        'Υ' => ('y', 'у'),
        'φ' | 'Φ' => ('f', 'ф'),
        'χ' | 'Χ' => ('x', 'х'),
        'ω' => ('w', 'ш'),
        'ᴀ' => ('a', 'а'),
        'ʙ' => ('b', 'в'),
        'ᴅ' => ('d', 'д'),
        'ᴇ' => ('e', 'е'),
        'ɢ' => ('g', 'г'),
        'ʜ' => ('h', 'н'),
        'ɪ' => ('i', 'и'),
        'ᴊ' => ('j', 'й'),
        'ʟ' => ('l', 'л'),
        'ʀ' => ('r', 'я'),
        'ꜱ' => ('s', 'с'),
        'ᴜ' => ('u', 'и'),
        'ᴠ' => ('v', 'в'),
        'ʏ' => ('y', 'у'),
        'ᴦ' => ('r', 'г'),
        'ᴫ' => ('l', 'л'),
        'ᴙ' | 'Я' => ('r', 'я'),
        'ɑ' => ('a', 'а'),
        _ => return None,
    };
    Some(Fold::Imitation(latin_code(latin), cyrillic_code(cyrillic)))
}

fn latin_code(c: char) -> u8 {
    if c == 'h' { b'x' } else { c as u8 }
}

fn cyrillic_code(c: char) -> u8 {
    match fold_common(c) {
        Some(Fold::Cyrillic(b)) => b,
        _ => OTHER,
    }
}

/// The Cyrillic letter that a Latin letter looks like (the character as written, for its case matters), or 0.
pub fn cyrillic_twin(c: char) -> u8 {
    let twin = match c {
        'A' | 'a' => 'а',
        'B' => 'в',
        'C' | 'c' => 'с',
        'E' | 'e' => 'е',
        'H' => 'н',
        'I' | 'i' => 'і',
        'K' | 'k' => 'к',
        'M' | 'm' => 'м',
        'O' | 'o' => 'о',
        'P' | 'p' => 'р',
        'T' | 't' => 'т',
        'X' | 'x' => 'х',
        'Y' | 'y' => 'у',
        'b' => return 0, // ь, which is silent
        'r' => 'г',
        'n' => 'п',
        'u' => 'и',
        'N' => 'и',
        'U' => 'и',
        'W' | 'w' => 'ш',
        'R' => 'я',
        'd' => 'д',
        'g' => 'д',
        '3' => 'з',
        '0' => 'о',
        '4' => 'ч',
        '6' => 'б',
        '1' => 'і',
        '8' => 'в',
        _ => return 0,
    };
    cyrillic_code(twin)
}

/// Does the Latin letter pass for a Cyrillic one without a second look?
pub fn passes_for_cyrillic(c: char) -> bool {
    matches!(
        c,
        'A' | 'a'
            | 'B'
            | 'C'
            | 'c'
            | 'E'
            | 'e'
            | 'H'
            | 'K'
            | 'k'
            | 'M'
            | 'O'
            | 'o'
            | 'P'
            | 'p'
            | 'T'
            | 'X'
            | 'x'
            | 'Y'
            | 'y'
    )
}

/// The Latin letter that a Cyrillic letter looks like, or 0.
pub fn latin_twin(c: char) -> u8 {
    match c {
        'а' | 'А' | 'ә' => b'a',
        'В' | 'в' => b'b',
        'с' | 'С' => b'c',
        'е' | 'Е' | 'ё' | 'Ё' => b'e',
        'Н' | 'һ' | 'Һ' => b'x',
        'і' | 'І' | 'ї' => b'i',
        'ј' | 'Ј' => b'j',
        'К' | 'к' => b'k',
        'М' | 'м' => b'm',
        'о' | 'О' | 'ө' | 'Ө' => b'o',
        'р' | 'Р' => b'p',
        'ѕ' | 'Ѕ' => b's',
        'Т' | 'т' => b't',
        'х' | 'Х' | 'ҳ' | 'Ҳ' => b'x',
        'у' | 'У' | 'ү' | 'Ү' | 'ў' => b'y',
        'п' => b'n',
        'и' => b'u',
        'г' => b'r',
        'б' => b'b',
        'З' | 'з' => b'3',
        'ԁ' => b'd',
        'ԛ' => b'q',
        'ԝ' => b'w',
        _ => 0,
    }
}

/// Shows folded bytes as readable text (for `explain` and tests).
pub fn unfold(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| match b {
            CYR..=0x9f => char::from_u32(0x430 + u32::from(b - CYR)).unwrap_or('?'),
            1 => '€',
            2 => '₽',
            3 => '₸',
            4 => '£',
            5 => '№',
            6 => '₺',
            7 => '¥',
            8 => '₩',
            OTHER => '□',
            _ => b as char,
        })
        .collect()
}
