//! The compiled pack: everything the engine knows of wording, weights and texts.
//!
//! A pack is written by `sakchy rules build` (crate `sakchy-rules`) and read here. It is plain data, serialised with
//! postcard behind a short header: magic bytes, format version, length and a checksum, so that a file cut short or made by another
//! version is told apart before anything is decoded.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// First bytes of a pack file.
pub const MAGIC: &[u8; 8] = b"SAKCHYPK";
/// Version of the layout below. A pack of another version is refused.
pub const FORMAT: u32 = 1;

/// One entry of a word set: folded bytes, and whether any ending may follow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Atom {
    /// Folded bytes (see [`crate::text::code`]).
    pub word: Vec<u8>,
    /// Any ending may follow.
    pub open: bool,
}

/// A set of words; sorted, and no entry is a beginning of another that it already covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WordSet(pub Vec<Atom>);

impl WordSet {
    /// Sorts the atoms and drops those that an open one covers.
    pub fn new(mut atoms: Vec<Atom>) -> WordSet {
        atoms.sort();
        atoms.dedup();
        let mut kept: Vec<Atom> = Vec::with_capacity(atoms.len());
        // an open atom sorts after its closed twin, before longer words: look for covers among all
        let open: std::collections::BTreeSet<Vec<u8>> = atoms.iter().filter(|a| a.open).map(|a| a.word.clone()).collect();
        for atom in atoms {
            let covered = (1..=atom.word.len())
                .any(|n| (n < atom.word.len() || !atom.open) && open.contains(&atom.word[..n]));
            if !covered {
                kept.push(atom);
            }
        }
        WordSet(kept)
    }

    /// Is the folded word in the set?
    #[inline]
    pub fn contains(&self, word: &[u8]) -> bool {
        // Entries between an open beginning of the word and the word itself would share that beginning, and such entries
        // were dropped when the set was made: only the greatest entry not above the word can match.
        let at = self.0.partition_point(|a| a.word.as_slice() <= word);
        at.checked_sub(1).map(|i| &self.0[i]).is_some_and(|a| a.word == word || (a.open && word.starts_with(&a.word)))
    }
}

/// What may stand at one place of a phrase: one word, or one of several fixed sequences of words.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    /// Single words.
    pub single: WordSet,
    /// Sequences of two or more words that stand next to each other.
    pub sequences: Vec<Vec<WordSet>>,
    /// The first words of all sequences.
    pub first: WordSet,
    /// The last words of all sequences.
    pub last: WordSet,
}

impl Words {
    /// Takes single words and sequences.
    pub fn new(single: Vec<Atom>, mut sequences: Vec<Vec<WordSet>>) -> Words {
        sequences.retain(|s| s.len() > 1);
        sequences.sort();
        sequences.dedup();
        let ends = |pick: &dyn Fn(&Vec<WordSet>) -> WordSet| {
            WordSet::new(sequences.iter().flat_map(|s| pick(s).0).collect())
        };
        let first = ends(&|s| s[0].clone());
        let last = ends(&|s| s[s.len() - 1].clone());
        Words { single: WordSet::new(single), sequences, first, last }
    }
}

/// What one place of a phrase accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// Words of the set with this index.
    Set(u32),
    /// A number from the first to the second value.
    Number(u64, u64),
}

/// One place of a phrase and how it hangs on the place before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What stands here.
    pub slot: Slot,
    /// May be missing.
    pub optional: bool,
    /// How many other words may stand before it, after the previous place.
    pub gap: u8,
    /// The gap may cross the end of a sentence.
    pub crosses: bool,
    /// The gap counts against the phrase's budget.
    pub budgeted: bool,
}

/// A compiled phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Index of the signal it belongs to.
    pub signal: u16,
    /// It cancels matches instead of making one.
    pub unless: bool,
    /// Index of the place that starts the verification.
    pub anchor: u8,
    /// Most other words that the budgeted gaps may hold together.
    pub budget: u8,
    /// For an `unless` phrase: words before and behind it, in its sentence, that it cancels as well.
    pub reach: (u8, u8),
    /// The places, in order; the first has gap 0.
    pub places: Vec<Place>,
}

/// What a signal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Red-flag wording.
    Flag,
    /// Means nothing alone.
    Context,
    /// Ends an absence finding.
    Counter,
    /// The text is an offer.
    Offer,
    /// The text is no offer.
    NoOffer,
    /// Tells the kind of offer.
    Kind,
}

/// A signal without its phrases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its name.
    pub id: String,
    /// What it is for.
    pub role: Role,
    /// For no-offer signals: the reason that is given.
    pub reason: String,
}

/// How grave an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Shown, never counted.
    Context,
    /// Counts a little; all weak ones together never reach `warning`.
    Weak,
    /// Counts; two or three make a `warning`.
    Medium,
    /// Alone a `warning`.
    Strong,
}

/// Which harm an indicator speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Human trafficking.
    Trafficking,
    /// Recruitment fraud.
    RecruitmentScam,
}

/// One step of a condition in postfix order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Does the signal hold?
    Signal(u16),
    /// Does the counter signal hold? (Red-flag wording never counts as one.)
    Counter(u16),
    /// Does the fact hold? The name as in `rules/README.md`, without `fact.`.
    Fact(String),
    /// Is the offer of this kind?
    Kind(String),
    /// The registry's answer: found, absent, expired, suspended.
    Registry(String),
    /// Negates the top.
    Not,
    /// Both of the top two.
    And,
    /// Either of the top two.
    Or,
    /// At least `.0` of the top `.1`.
    AtLeast(u8, u8),
    /// Two signals at most `.2` words apart.
    Near(u16, u16, u8),
}

/// Title, explanation and question in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// A short headline.
    pub title: String,
    /// Why this is a red flag.
    pub explanation: String,
    /// What to ask the recruiter.
    pub ask: String,
}

/// Another text for the same indicator where a condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The condition.
    pub when: Vec<Step>,
    /// Wording by language; empty fields leave the indicator's own.
    pub text: BTreeMap<String, Wording>,
}

/// A red flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Its name.
    pub id: String,
    /// What it means, in English.
    pub definition: String,
    /// Which harm it speaks of.
    pub category: Category,
    /// How grave it is.
    pub strength: Strength,
    /// Points that it adds.
    pub points: u32,
    /// Kinds of offer that it applies to; empty for all.
    pub kinds: Vec<String>,
    /// The condition.
    pub when: Vec<Step>,
    /// It speaks of something that is missing.
    pub absent: bool,
    /// Signals whose words are shown.
    pub evidence: Vec<u16>,
    /// Where it comes from.
    pub sources: Vec<String>,
    /// Wording by language.
    pub text: BTreeMap<String, Wording>,
    /// Other wordings.
    pub variants: Vec<Variant>,
}

/// A country and the phrases by which it and its places are named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// home, region, cis or far.
    pub group: String,
    /// The name to show, by language.
    pub name: BTreeMap<String, String>,
    /// Signal (by index) for the country's name.
    pub country: u16,
    /// Signal for its cities and regions.
    pub cities: u16,
    /// Signal for places at war, if any.
    pub war: Option<u16>,
}

/// A newspaper abbreviation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abbreviation {
    /// Folded short form.
    pub short: Vec<u8>,
    /// A full stop, slash or hyphen must follow.
    pub dot: bool,
    /// Folded full readings.
    pub long: Vec<Vec<u8>>,
}

/// Words for pay, age and firms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Currency code to set index.
    pub currencies: Vec<(String, u32)>,
    /// Period name to set index.
    pub periods: Vec<(String, u32)>,
    /// Multiplier to set index.
    pub multipliers: Vec<(u32, u32)>,
    /// Set of words for years of age.
    pub years: u32,
    /// Set of words for "from".
    pub from: u32,
    /// Set of words for "up to".
    pub to: u32,
    /// Set of legal forms of firms.
    pub legal_forms: u32,
    /// Set of words for a licence or permit.
    pub licence: u32,
    /// Set of pay words (salary, pays ...).
    pub pay: u32,
}

/// A help line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpLine {
    /// Country where it can be called from, ISO 3166-1 alpha-2.
    pub country: String,
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// Number as it is dialled; empty for advice without a number.
    pub telephone: String,
    /// Where the number was printed.
    pub source: String,
    /// When it was printed there.
    pub source_date: Option<String>,
    /// When we last checked it ourselves.
    pub verified_on: Option<String>,
}

/// Thresholds and caps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// Fewest points of each band above `none`.
    pub notice: u32,
    /// Fewest points of `warning`.
    pub warning: u32,
    /// Fewest points of `danger`.
    pub danger: u32,
    /// Most points that all weak findings add together.
    pub weak_cap: u32,
    /// Most points that all scam findings add together.
    pub scam_cap: u32,
    /// Most points that the classifier adds.
    pub classifier_cap: u32,
}

/// A word that tells a language: set index and language code.
pub type LanguageWords = Vec<(String, u32)>;

/// The whole pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Name and version as the authors give it.
    pub name: String,
    /// Thresholds and caps.
    pub scale: Scale,
    /// Word sets that the phrases refer to.
    pub sets: Vec<Words>,
    /// All phrases.
    pub phrases: Vec<Phrase>,
    /// All signals.
    pub signals: Vec<Signal>,
    /// All indicators, gravest first.
    pub indicators: Vec<Indicator>,
    /// Countries.
    pub countries: Vec<Country>,
    /// Abbreviations, sorted by short form.
    pub abbreviations: Vec<Abbreviation>,
    /// Words for pay, age and firms.
    pub units: Units,
    /// Words that tell languages.
    pub language_words: LanguageWords,
    /// Help lines.
    pub help: Vec<HelpLine>,
    /// Messages by language: band names, advice and so on.
    pub messages: BTreeMap<String, BTreeMap<String, String>>,
    /// Advice identifiers by category and kind, in order: (id, category or "any", kind or "any").
    pub advice: Vec<(String, String, String)>,
}

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
            PackError::Damaged => f.write_str("the pack is damaged (its checksum does not fit); copy or build it again"),
            PackError::Inconsistent(what) => write!(f, "the pack contradicts itself: {what}; build it again"),
        }
    }
}

impl std::error::Error for PackError {}

/// FNV-1a, 64 bits: tells damage, not malice. The content hash of the answer is SHA-256 and made by the crate `sakchy`.
fn checksum(bytes: &[u8]) -> u64 {
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
        let header = bytes.get(..28).ok_or(if bytes.starts_with(&MAGIC[..bytes.len().min(8)]) && !bytes.is_empty() {
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
        for (i, p) in self.phrases.iter().enumerate() {
            let anchored = p.places.get(usize::from(p.anchor)).is_some_and(|a| matches!(a.slot, Slot::Set(_)) && !a.optional);
            if !signal(p.signal) || !anchored || p.places.len() > 32 {
                return wrong(format!("phrase {i}"));
            }
            if p.places.iter().any(|x| matches!(x.slot, Slot::Set(n) if !set(n))) {
                return wrong(format!("a word set of phrase {i}"));
            }
        }
        let atoms = |s: &Words| s.single.0.iter().chain(&s.first.0).chain(&s.last.0).any(|a| a.word.is_empty());
        let short = |s: &Words| s.sequences.iter().any(|q| q.len() < 2 || q.len() > 16);
        if self.sets.iter().any(|s| atoms(s) || short(s)) {
            return wrong("an empty word".into());
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
        let single = [u.years, u.from, u.to, u.legal_forms, u.licence, u.pay];
        let listed = u.currencies.iter().chain(&u.periods).map(|x| x.1).chain(u.multipliers.iter().map(|x| x.1));
        let words = self.language_words.iter().map(|x| x.1);
        if !single.into_iter().chain(listed).chain(words).all(set) {
            return wrong("a word set of the units".into());
        }
        if self.scale.notice == 0 || self.scale.notice > self.scale.warning || self.scale.warning > self.scale.danger {
            return wrong("the bands are out of order".into());
        }
        Ok(())
    }
}
