//! Which language is it? Letters that only some alphabets have, then words that only some languages use.

use crate::text::Text;

/// Letters that tell: U+ character, language bits below.
const RU: u16 = 1;
const KY: u16 = 2;
const KK: u16 = 4;
const UZ: u16 = 8;
const TG: u16 = 16;
const EN: u16 = 32;
const TR: u16 = 64;

/// Letters looked at: enough for any text, and a long one costs no more than a short one.
const LETTERS: usize = 400;

/// Codes in the order of the bits.
pub const CODES: [&str; 7] = ["ru", "ky", "kk", "uz", "tg", "en", "tr"];

/// Main language of the text (ISO 639-1), `und` where nothing tells. `words` counts the telling words by code.
pub fn detect(text: &Text<'_>, words: &[(&str, u32)]) -> &'static str {
    if text.letters.cyrillic + text.letters.latin == 0 {
        return "und";
    }
    let cyrillic = text.letters.cyrillic >= text.letters.latin;
    let mut scores = [0i64; CODES.len()];
    for (code, count) in words {
        if let Some(i) = CODES.iter().position(|c| c == code) {
            scores[i] += i64::from(*count) * 4;
        }
    }
    for c in text.original.chars().filter(|c| !c.is_ascii()).take(LETTERS) {
        let bits = match c {
            'ң' | 'Ң' => KY | KK,
            'ө' | 'Ө' | 'ү' | 'Ү' => KY | KK,
            'ұ' | 'Ұ' | 'і' | 'І' | 'ә' | 'Ә' | 'һ' | 'Һ' => KK,
            'ў' | 'Ў' => UZ,
            'ҳ' | 'Ҳ' => UZ | TG,
            'қ' | 'Қ' | 'ғ' | 'Ғ' => KK | UZ | TG,
            'ҷ' | 'Ҷ' | 'ӣ' | 'Ӣ' | 'ӯ' | 'Ӯ' => TG,
            'ы' | 'Ы' => RU | KY | KK,
            'щ' | 'Щ' | 'ё' => RU,
            'ı' | 'İ' | 'ğ' | 'Ğ' | 'ş' | 'Ş' | 'ç' | 'Ç' => TR,
            'ʻ' | '‘' => UZ,
            _ => 0,
        };
        if bits != 0 {
            let weight = if bits.count_ones() == 1 { 3 } else { 1 };
            for (i, score) in scores.iter_mut().enumerate() {
                if bits & (1 << i) != 0 {
                    *score += weight;
                }
            }
        }
    }
    let allowed = if cyrillic { RU | KY | KK | UZ | TG } else { UZ | EN | TR };
    // what the letters forbid: one ў and it is no Kyrgyz
    let best = (0..CODES.len())
        .filter(|i| allowed & (1 << i) != 0)
        .max_by_key(|&i| (scores[i], std::cmp::Reverse(i)))
        .unwrap_or(0);
    if scores[best] > 0 {
        CODES[best]
    } else if cyrillic {
        "ru"
    } else {
        "und"
    }
}
