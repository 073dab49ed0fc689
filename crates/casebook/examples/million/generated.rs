//! Adverts made up by rule: 1 kB each, every word drawn by Zipf's law from 20,000 made-up words; some of them are copies of
//! planted templates with noise.

/// SplitMix64 (Steele, Lea, Flood 2014): a small generator that gives the same numbers everywhere.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Bytes of an advert.
const BYTES: usize = 1000;
/// Every twentieth advert is a copy of a template; each template has this many copies.
const COPIES: usize = 10;
const PLANTED: usize = 20;
const LETTERS: [char; 32] = [
    'а', 'б', 'в', 'г', 'д', 'е', 'ж', 'з', 'и', 'й', 'к', 'л', 'м', 'н', 'о', 'п', 'р', 'с', 'т', 'у', 'ф', 'х', 'ц',
    'ч', 'ш', 'щ', 'ы', 'ь', 'э', 'ю', 'я', 'ң',
];

pub struct Generator {
    words: Vec<String>,
}

pub struct Generated {
    pub text: String,
    pub telephone: String,
}

impl Generator {
    pub fn new() -> Generator {
        let mut draw = Draw::new(1);
        let syllable = |d: &mut Draw| -> String {
            let consonants = ["к", "т", "с", "р", "н", "л", "м", "б", "д", "п", "г", "ж", "ч", "ш", "з", "в", "й", "х"];
            let vowels = ["а", "о", "и", "е", "у", "ы", "ө", "ү", "я", "э"];
            format!("{}{}", consonants[d.below(consonants.len())], vowels[d.below(vowels.len())])
        };
        let word = |d: &mut Draw| (0..1 + d.below(4)).map(|_| syllable(d)).collect::<String>();
        let words = (0..20_000).map(|_| word(&mut draw) + if draw.below(2) == 0 { "н" } else { "" });
        Generator { words: words.collect() }
    }

    /// The template that advert number `n` of `all` is a copy of.
    pub fn template(&self, n: usize, all: usize) -> Option<usize> {
        let templates = (all / PLANTED / COPIES).max(1);
        n.is_multiple_of(PLANTED).then(|| n / PLANTED % templates)
    }

    /// A word by its rank.
    pub fn common(&self, rank: usize) -> String {
        self.words[rank.min(self.words.len() - 1)].clone()
    }

    fn word(&self, draw: &mut Draw) -> &str {
        // Zipf by inverting the continuous distribution: rank = N^u
        let rank = (self.words.len() as f64).powf(draw.share()) as usize;
        &self.words[rank.min(self.words.len() - 1)]
    }

    fn body(&self, draw: &mut Draw) -> String {
        let mut text = String::with_capacity(BYTES + 40);
        while text.len() < BYTES - 70 {
            if !text.is_empty() {
                text.push_str(if draw.below(9) == 0 { ". " } else { " " });
            }
            text.push_str(self.word(draw));
        }
        text
    }

    /// Advert number `n` of `all`.
    pub fn advert(&self, n: usize, all: usize) -> Generated {
        let mut draw = Draw::new(n as u64 + 1_000_003);
        let mut text = match self.template(n, all) {
            None => self.body(&mut draw),
            Some(template) => noisy(&self.body(&mut Draw::new(template as u64 + 77)), &mut draw),
        };
        // a twentieth of the telephones is shared by some
        let number = if draw.below(20) == 0 { draw.below(all / 50 + 1) } else { 1_000_000 + n };
        let telephone = format!("+9967{number:08}");
        let city = self.word(&mut draw).to_string();
        let pay = 10_000 + 500 * draw.below(200);
        text.push_str(&format!(". {city} {pay} {telephone}"));
        Generated { text, telephone }
    }
}

/// Three letters in a hundred are changed, dropped or doubled.
fn noisy(text: &str, draw: &mut Draw) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == ' ' || draw.share() >= 0.03 {
            out.push(c);
            continue;
        }
        match draw.below(3) {
            0 => out.push(LETTERS[draw.below(LETTERS.len())]),
            1 => {}
            _ => {
                out.push(c);
                out.push(c);
            }
        }
    }
    out
}
