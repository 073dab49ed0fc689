//! Which language is it? Letters that only some alphabets have, then the runs of three and four letters that words of one
//! language have and those of another lack.
//!
//! The runs and their weights are data (`rules/languages.toml`), counted in texts written for this project. Letters alone
//! tell Tatar, Bashkir, Ukrainian and Turkmen, so that they are not taken for their relatives.

use crate::pack::LanguageRuns;
use crate::text::Text;

/// Letters looked at: enough for any text, and a long one costs no more than a short one.
const LETTERS: usize = 400;
/// Words looked at.
const WORDS: usize = 48;
/// What a letter that an alphabet lacks takes from its language: a letter of another alphabet only, and one that may stand
/// in a foreign name.
const LACKS: i32 = 30;
const SELDOM: i32 = 8;
/// A letter counts at most so often.
const MOST: i32 = 4;
/// Least share of the words, in percent, that makes a second language worth telling.
const SECOND: u32 = 15;

/// The languages, as [`Spoken`] numbers them. Uzbek stands twice, once for each of its alphabets.
const CODES: [&str; 8] = ["ru", "ky", "kk", "uz", "tg", "uz", "en", "tr"];
const CYRILLIC: std::ops::Range<usize> = 0..5;
const LATIN: std::ops::Range<usize> = 5..8;
const KY: u8 = 1 << 1;
const KK: u8 = 1 << 2;
const UZ: u8 = 1 << 3;
const TG: u8 = 1 << 4;
const RU: u8 = 1;
const TR: u8 = 1 << 7;

/// The languages of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Main language (ISO 639-1), `und` where nothing tells.
    pub main: &'static str,
    /// Languages of a mixed text with their shares of the words in percent, the main one first; empty where it is not mixed.
    pub shares: Vec<(&'static str, u32)>,
}

/// The runs of a pack made ready: an open table by hash.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    keys: Vec<u32>,
    weights: Vec<[i8; 8]>,
}

impl Runs {
    /// Reads the runs of a pack; what is no run of three or four letters is passed over.
    pub fn new(pack: &LanguageRuns) -> Runs {
        let size = (pack.runs.len() * 2).next_power_of_two().max(16);
        let mut runs = Runs { keys: vec![0; size], weights: vec![[0; 8]; size] };
        for (letters, weights) in &pack.runs {
            let (Some(key), true) = (key(letters), weights.len() == 8) else { continue };
            let mut at = runs.place(key);
            while runs.keys[at] != 0 && runs.keys[at] != key {
                at = (at + 1) % size;
            }
            runs.keys[at] = key;
            runs.weights[at].copy_from_slice(weights);
        }
        runs
    }

    fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> 16) as usize & (self.keys.len() - 1)
    }

    #[inline]
    fn of(&self, key: u32) -> Option<&[i8; 8]> {
        let mut at = self.place(key);
        while self.keys[at] != 0 {
            if self.keys[at] == key {
                return Some(&self.weights[at]);
            }
            at = (at + 1) & (self.keys.len() - 1);
        }
        None
    }
}

/// Three or four folded letters as one number.
fn key(letters: &[u8]) -> Option<u32> {
    match *letters {
        [a, b, c] => Some(u32::from_be_bytes([0, a, b, c])),
        [a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

/// Letters that tell, by what they exclude.
#[derive(Clone, Copy, Default)]
struct Seen {
    scores: [i32; 8],
    /// Letters of Tatar, Bashkir, Ukrainian and Turkmen; of Kazakh, with and without ә and һ; ә, і, ы and others.
    tatar: u32,
    bashkir: u32,
    ukrainian: u32,
    turkmen: u32,
    kazakh: u32,
    kazakh_only: u32,
    schwa: u32,
    i: u32,
    other_turkic: u32,
    yery: u32,
    umlaut_a: u32,
    umlauts: u32,
}

/// Tells the languages of a text.
pub fn detect(text: &Text<'_>, runs: &Runs) -> Spoken {
    let letters = text.letters;
    if letters.cyrillic + letters.latin == 0 {
        return Spoken { main: "und", shares: Vec::new() };
    }
    let cyrillic = letters.cyrillic >= letters.latin;
    let group = if cyrillic { CYRILLIC } else { LATIN };
    let seen = letters_of(text);
    if let Some(main) = by_letters(&seen, cyrillic) {
        return Spoken { main, shares: Vec::new() };
    }
    let mut scores = seen.scores;
    // an absence tells as well: hardly a Kazakh line has none of its own letters
    if seen.kazakh == 0 {
        scores[2] -= (text.original.len().min(2 * LETTERS) / 4) as i32;
    }
    let mut votes = [0u32; 8];
    let mut own = 0u32;
    for token in text.tokens.iter().filter(|t| t.len >= 2 && text.stream[t.at as usize] >= b'a').take(WORDS) {
        // the separators on both sides are part of the first and the last run
        let word = &text.stream[token.at as usize - 1..(token.at + token.len + 1) as usize];
        let mut sum = [0i32; 8];
        let mut add = |run: &[u8]| {
            if let Some(weights) = key(run).and_then(|k| runs.of(k)) {
                sum.iter_mut().zip(weights).for_each(|(s, w)| *s += i32::from(*w));
            }
        };
        word.windows(3).for_each(&mut add);
        word.windows(4).for_each(&mut add);
        let here = if word[1] >= crate::text::code::CYR { CYRILLIC } else { LATIN };
        if here == group {
            own += 1;
            scores.iter_mut().zip(sum).for_each(|(s, w)| *s += w);
        }
        let mut best = here.clone().map(|i| (sum[i], i)).collect::<Vec<_>>();
        best.sort_unstable_by(|a, b| b.cmp(a));
        // a word votes only where it is plainly of one language
        if best[0].0 - best[1].0 >= 4 {
            votes[best[0].1] += 1;
        }
    }
    if own == 0 && scores.iter().all(|s| *s == 0) {
        return Spoken { main: if cyrillic { "ru" } else { "und" }, shares: Vec::new() };
    }
    let best = group.max_by_key(|&i| (scores[i], std::cmp::Reverse(i))).unwrap_or(0);
    Spoken { main: CODES[best], shares: shares(best, &votes) }
}

/// Shares of the words that voted.
fn shares(main: usize, votes: &[u32; 8]) -> Vec<(&'static str, u32)> {
    let total: u32 = votes.iter().sum();
    let mut of: Vec<(&'static str, u32)> = Vec::new();
    for (i, &n) in votes.iter().enumerate() {
        match of.iter_mut().find(|(code, _)| *code == CODES[i]) {
            Some((_, sum)) => *sum += n,
            None => of.push((CODES[i], n)),
        }
    }
    of.iter_mut().for_each(|(_, n)| *n = *n * 100 / total.max(1));
    of.retain(|(code, n)| *code == CODES[main] || *n >= SECOND);
    of.sort_by_key(|(code, n)| (*code != CODES[main], std::cmp::Reverse(*n)));
    if of.len() > 1 && total >= 6 { of } else { Vec::new() }
}

/// Languages without runs of their own, told by letters alone.
fn by_letters(seen: &Seen, cyrillic: bool) -> Option<&'static str> {
    if !cyrillic {
        return (seen.turkmen > 0 || (seen.umlaut_a > 0 && seen.umlauts > 0)).then_some("tk");
    }
    if seen.ukrainian > 0 || (seen.i > 0 && seen.schwa + seen.other_turkic + seen.yery == 0) {
        return Some("uk");
    }
    if seen.bashkir > 0 {
        return Some("ba");
    }
    (seen.tatar > 0 || (seen.schwa > 0 && seen.kazakh_only == 0)).then_some("tt")
}

fn letters_of(text: &Text<'_>) -> Seen {
    let mut seen = Seen::default();
    let mut counts = [0i32; 32];
    for c in text.original.chars().filter(|c| !c.is_ascii()).take(LETTERS) {
        // most letters tell nothing: the Cyrillic ones of Russian but for ы, щ, ъ
        let (kind, keeps, lacks): (usize, u8, i32) = match c {
            'а'..='ш' | 'А'..='Ш' | 'ю' | 'я' | 'ь' => continue,
            'ы' | 'Ы' => (0, RU | KY | KK, SELDOM),
            'щ' | 'Щ' => (1, RU, SELDOM),
            'ъ' => (2, RU | UZ | TG, SELDOM),
            'э' => continue,
            'ё' | 'Ё' => (3, RU | KY | TG | UZ, SELDOM),
            'ң' | 'Ң' => (4, KY | KK, SELDOM),
            'ө' | 'Ө' => (5, KY | KK, SELDOM),
            'ү' | 'Ү' => (6, KY | KK, SELDOM),
            'ұ' | 'Ұ' => (7, KK, LACKS),
            'і' | 'І' => (8, KK, LACKS),
            'ә' | 'Ә' => (9, KK, LACKS),
            'һ' | 'Һ' => (10, KK, SELDOM),
            'ў' | 'Ў' => (11, UZ, LACKS),
            'ҳ' | 'Ҳ' => (12, UZ | TG, LACKS),
            'қ' | 'Қ' => (13, KK | UZ | TG, LACKS),
            'ғ' | 'Ғ' => (14, KK | UZ | TG, LACKS),
            'ҷ' | 'Ҷ' => (15, TG, LACKS),
            'ӣ' | 'Ӣ' => (16, TG, LACKS),
            'ӯ' | 'Ӯ' => (17, TG, LACKS),
            'ı' | 'ğ' | 'Ğ' => (18, TR, LACKS),
            'ş' | 'Ş' => (19, TR, LACKS),
            'ç' | 'Ç' => (20, TR, SELDOM),
            'ö' | 'Ö' | 'ü' | 'Ü' | 'İ' => (21, TR, LACKS),
            'ä' | 'Ä' => (22, 0, 0),
            'ý' | 'Ý' | 'ň' | 'Ň' | 'ž' | 'Ž' => (23, 0, 0),
            'ї' | 'Ї' | 'є' | 'Є' | 'ґ' | 'Ґ' => (24, 0, 0),
            'ҙ' | 'Ҙ' | 'ҫ' | 'Ҫ' | 'ҡ' | 'Ҡ' => (25, 0, 0),
            'җ' | 'Җ' => (26, 0, 0),
            _ => continue,
        };
        counts[kind] += 1;
        if counts[kind] <= MOST && lacks > 0 {
            let alphabet = if kind < 18 { CYRILLIC } else { LATIN };
            for i in alphabet.filter(|i| keeps & 1 << i == 0) {
                seen.scores[i] -= lacks;
            }
        }
    }
    let n = |kinds: &[usize]| kinds.iter().map(|k| counts[*k] as u32).sum();
    seen.yery = n(&[0]);
    seen.schwa = n(&[9]);
    seen.i = n(&[8]);
    seen.kazakh = n(&[7, 8, 9, 10, 13, 14]);
    seen.kazakh_only = n(&[7, 8, 13, 14]);
    seen.other_turkic = n(&[4, 5, 6, 7, 10, 13, 14]);
    seen.umlauts = n(&[21]);
    seen.umlaut_a = n(&[22]);
    seen.turkmen = n(&[23]);
    seen.ukrainian = n(&[24]);
    seen.bashkir = n(&[25]);
    seen.tatar = n(&[26]);
    seen
}
