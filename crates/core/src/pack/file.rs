//! The file of a pack: header, checksum, and the check that nothing in it points outside.

use super::{Pack, Slot, Step, read_atoms};
use std::fmt;

/// First bytes of a pack file.
pub const MAGIC: &[u8; 8] = b"SAKCHYPK";
/// Version of the layout below. A pack of another version is refused.
pub const FORMAT: u32 = 7;

/// Why a pack could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackError {
    /// The file does not begin like a pack.
    NotAPack,
    /// Written by another version: found and wanted.
    Version(u32, u32),
    /// Shorter or longer than its header says.
    CutShort,
    /// The checksum does not fit.
    Damaged,
    /// The contents contradict themselves.
    Inconsistent(String),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackError::NotAPack => f.write_str("this is no sakchy pack (write one with `sakchy rules build`)"),
            PackError::Version(found, wanted) => write!(
                f,
                "the pack has format {found}, this program reads format {wanted}; build it again with `sakchy rules build`"
            ),
            PackError::CutShort => f.write_str("the pack is cut short or has extra bytes; copy or build it again"),
            PackError::Damaged => {
                f.write_str("the pack is damaged (its checksum does not fit); copy or build it again")
            }
            PackError::Inconsistent(what) => {
                write!(f, "the pack contradicts itself: {what}; build it again")
            }
        }
    }
}

impl std::error::Error for PackError {}

/// FNV-1a, 64 bits: tells damage, not malice. The content hash of the answer is SHA-256 and made by the crate `sakchy`.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl Pack {
    /// Writes the pack as bytes: header (magic, format, length, checksum), then the body.
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = postcard::to_allocvec(self).unwrap_or_default();
        let mut out = Vec::with_capacity(body.len() + 28);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(body.len() as u64).to_le_bytes());
        out.extend_from_slice(&checksum(&body).to_le_bytes());
        out.extend_from_slice(&body);
        out
    }

    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] when the bytes are no pack, of another format, cut short, damaged or inconsistent.
    pub fn from_bytes(bytes: &[u8]) -> Result<Pack, PackError> {
        let header =
            bytes.get(..28).ok_or(if bytes.starts_with(&MAGIC[..bytes.len().min(8)]) && !bytes.is_empty() {
                PackError::CutShort
            } else {
                PackError::NotAPack
            })?;
        if &header[..8] != MAGIC {
            return Err(PackError::NotAPack);
        }
        let word = |from: usize| header[from..from + 8].try_into().map(u64::from_le_bytes).unwrap_or(0);
        let format = header[8..12].try_into().map(u32::from_le_bytes).unwrap_or(0);
        if format != FORMAT {
            return Err(PackError::Version(format, FORMAT));
        }
        let body = &bytes[28..];
        if body.len() as u64 != word(12) {
            return Err(PackError::CutShort);
        }
        if checksum(body) != word(20) {
            return Err(PackError::Damaged);
        }
        let pack: Pack = postcard::from_bytes(body).map_err(|e| PackError::Inconsistent(e.to_string()))?;
        pack.verify()?;
        Ok(pack)
    }

    /// Checks every index, so that nothing can be out of bounds later.
    fn verify(&self) -> Result<(), PackError> {
        let wrong = |what: String| Err(PackError::Inconsistent(what));
        let set = |n: u32| (n as usize) < self.sets.len();
        let signal = |n: u16| (n as usize) < self.signals.len();
        let atoms = read_atoms(&self.atoms, &self.negations)
            .ok_or_else(|| PackError::Inconsistent("the list of words".into()))?;
        if self.sets.len() >= usize::from(u16::MAX) {
            return wrong("too many word sets".into());
        }
        for (n, words) in self.sets.iter().enumerate() {
            let below = |&other: &u32| (other as usize) < n;
            let sequences = words.sequences.iter();
            let good = words.own.iter().all(|&a| (a as usize) < atoms.len())
                && words.includes.iter().all(below)
                && sequences.clone().all(|s| (2..=16).contains(&s.len()) && s.iter().all(below));
            if !good {
                return wrong(format!("word set {n}"));
            }
        }
        for (i, p) in self.phrases.iter().enumerate() {
            let anchor = p.places.get(usize::from(p.anchor));
            let anchored = anchor.is_some_and(|a| matches!(a.slot(), Slot::Set(_)) && !a.optional());
            let needed = p.needs.iter().all(|&n| p.places.get(usize::from(n)).is_some_and(|x| !x.optional()));
            if !signal(p.signal) || !anchored || !needed || p.places.len() > 32 {
                return wrong(format!("phrase {i}"));
            }
            let known = p.places.iter().all(|x| match x.slot() {
                Slot::Set(n) => set(n),
                Slot::Number(n) => (n as usize) < self.numbers.len(),
            });
            if !known {
                return wrong(format!("a word set of phrase {i}"));
            }
        }
        for i in &self.indicators {
            let steps = i.when.iter().chain(i.variants.iter().flat_map(|v| &v.when));
            for step in steps {
                let ok = match step {
                    Step::Signal(n) | Step::Counter(n) => signal(*n),
                    Step::Near(a, b, _) => signal(*a) && signal(*b),
                    _ => true,
                };
                if !ok {
                    return wrong(format!("a signal of indicator {}", i.id));
                }
            }
            if i.evidence.iter().any(|&n| !signal(n)) {
                return wrong(format!("the evidence of indicator {}", i.id));
            }
        }
        for c in &self.countries {
            if !signal(c.country) || !signal(c.cities) || c.war.is_some_and(|w| !signal(w)) {
                return wrong(format!("the places of {}", c.code));
            }
        }
        let u = &self.units;
        let single = [u.years, u.from, u.to, u.legal_forms, u.licence, u.pay, u.numeral, u.persons, u.counted];
        let more = [u.experience, u.older, u.younger, u.not, u.closers, u.handle_words, u.no_handle, u.suffix_forms];
        let listed = u.currencies.iter().chain(&u.periods).chain(&u.alone).map(|x| x.1);
        let listed = listed.chain(u.multipliers.iter().chain(&u.numerals).map(|x| x.1));
        let listed = listed.chain(more).chain([u.norms.manual, u.norms.skilled]);
        if u.norms.rates.iter().any(|(_, rate)| *rate == 0) || u.norms.periods.iter().any(|p| p.2 == 0) {
            return wrong("the ordinary pay".into());
        }
        if !single.into_iter().chain(listed).all(set) {
            return wrong("a word set of the units".into());
        }
        if self.scale.notice == 0 || self.scale.notice > self.scale.warning || self.scale.warning > self.scale.danger {
            return wrong("the bands are out of order".into());
        }
        Ok(())
    }
}
