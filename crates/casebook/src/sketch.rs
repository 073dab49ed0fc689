//! Sketches of texts: how alike two adverts are, told from 128 small numbers each.
//!
//! One-permutation MinHash (Li, Owen, Zhang, 2012) over runs of five letters, empty bins filled as by Shrivastava (2017).
//! The share of equal bins estimates the share of runs that two texts have in common. Letters are folded as the screener
//! folds them and digits are left out, so that changed telephones, prices and look-alike letters do not matter.

use sakchy::text::fold_word;

/// Bins of a sketch.
pub const BINS: usize = 128;
/// Letters in a run; short enough that one wrong letter in thirty leaves most runs whole.
const RUN: usize = 5;
/// Bins that make one band: two texts are compared when a whole band is equal.
pub(crate) const BAND: usize = 4;
/// Equal bins from which on two texts are copies of one another. Unrelated texts of one language share 5 to 15 bins;
/// copies with three wrong letters in a hundred 60 to 85.
const ALIKE: usize = 52;
/// Bins looked at first, and how many of them must be equal for the others to be looked at.
const FIRST: usize = 32;
const FIRST_ALIKE: usize = 8;
/// Texts with fewer runs must be almost the same: in a few words all adverts are alike.
const SHORT: u32 = 60;
const ALIKE_SHORT: usize = 90;

/// The sketch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The bins.
    pub bins: [u16; BINS],
    /// Has it so few runs that only near identity counts?
    pub short: bool,
}

/// The last step of MurmurHash3 (Appleby): spreads every bit over all bits.
fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

impl Sketch {
    /// Sketches a text; `None` where it has no letters.
    pub fn of(title: &str, text: &str) -> Option<Sketch> {
        let mut letters: Vec<u8> = Vec::with_capacity(text.len());
        for word in title.split(gap).chain(text.split(gap)).filter(|w| !w.is_empty()) {
            if !letters.is_empty() {
                letters.push(b' ');
            }
            letters.extend(fold_word(word));
        }
        if letters.is_empty() {
            return None;
        }
        let mut least = [u64::MAX; BINS];
        let mut runs = 0;
        let mut see = |run: &[u8]| {
            let key = run.iter().fold(0u64, |key, b| key << 8 | u64::from(*b));
            let hash = mix(key ^ 0x7361_6b63_6879);
            let bin = (hash >> 57) as usize;
            least[bin] = least[bin].min(hash & ((1 << 57) - 1));
            runs += 1;
        };
        if letters.len() < RUN {
            see(&letters)
        } else {
            letters.windows(RUN).for_each(&mut see)
        }
        let full: Vec<bool> = least.iter().map(|v| *v != u64::MAX).collect();
        let mut bins = [0; BINS];
        for (n, bin) in bins.iter_mut().enumerate() {
            let mut from = n;
            let mut attempt = 0u64;
            while !full[from] {
                attempt += 1;
                from = (mix((n as u64) << 32 | attempt) % BINS as u64) as usize;
            }
            // low values are likelier as minima: mixed, all are equally likely
            *bin = (mix(least[from] ^ (from as u64) << 57) & 0xffff) as u16;
        }
        Some(Sketch { bins, short: runs < SHORT })
    }

    /// Equal bins, 0 to 128.
    pub fn equal(&self, other: &Sketch) -> usize {
        self.bins.iter().zip(&other.bins).filter(|(a, b)| a == b).count()
    }

    /// Are the two texts copies of one another?
    pub fn alike(&self, other: &Sketch) -> bool {
        // a quarter of the bins tells most strangers; of copies it turns away two in a thousand
        let first = self.bins[..FIRST].iter().zip(&other.bins).filter(|(a, b)| a == b).count();
        if first < FIRST_ALIKE {
            return false;
        }
        self.equal(other) >= if self.short || other.short { ALIKE_SHORT } else { ALIKE }
    }

    /// The bands; number and value.
    pub(crate) fn bands(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        self.bins.chunks(BAND).map(|b| b.iter().fold(0u64, |key, v| key << 16 | u64::from(*v))).enumerate()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.bins.iter().flat_map(|b| b.to_le_bytes()).chain([u8::from(self.short)]).collect()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Sketch> {
        if bytes.len() != 2 * BINS + 1 {
            return None;
        }
        let mut bins = [0; BINS];
        for (bin, pair) in bins.iter_mut().zip(bytes.chunks(2)) {
            *bin = u16::from_le_bytes([pair[0], pair[1]]);
        }
        Some(Sketch { bins, short: bytes[2 * BINS] != 0 })
    }
}

fn gap(c: char) -> bool {
    !c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Требуются женщины до 30 лет для работы в кафе за границей, оплата каждую неделю, жильё и питание \
        за счёт хозяина, билет покупаем мы, документы оформим за три дня, звонить Марату";

    fn of(text: &str) -> Sketch {
        Sketch::of("", text).unwrap()
    }

    #[test]
    fn numbers_and_look_alikes_do_not_matter() {
        let other = TEXT.replace("30", "25").replace("женщины", "ЖЕНЩИНЫ");
        assert_eq!(of(TEXT).equal(&of(&other)), BINS);
    }

    #[test]
    fn a_changed_city_is_alike_and_another_text_is_not() {
        let other = TEXT.replace("за границей", "в Анталье").replace("Марату", "Айбеку");
        assert!(of(TEXT).alike(&of(&other)), "{}", of(TEXT).equal(&of(&other)));
        let strange = "Продаётся дом из жжёного кирпича, шесть соток, сад, гараж, газ проведён, рядом школа и остановка, \
            возможен обмен на квартиру в городе с доплатой, торг при осмотре, без посредников, вечером";
        assert!(!of(TEXT).alike(&of(strange)), "{}", of(TEXT).equal(&of(strange)));
    }

    #[test]
    fn texts_without_letters_have_none_and_bytes_come_back() {
        assert_eq!(Sketch::of("", "0555 12-34-56"), None);
        let sketch = of("кафе");
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(b"short"), None);
    }
}
