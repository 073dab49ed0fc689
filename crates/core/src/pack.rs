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
pub const FORMAT: u32 = 6;

/// What may follow the letters of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// Nothing.
    #[default]
    None,
    /// Any ending without a negation inside (Kyrgyz `кармал~` takes кармалат, not кармалбайт).
    Affirmed,
    /// Any ending.
    Any,
}

/// One entry of a word set: folded bytes, and what ending may follow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Atom {
    /// Folded bytes (see [`crate::text::code`]).
    pub word: Vec<u8>,
    /// What may follow them.
    pub ending: Ending,
}

/// What may stand at one place of a phrase: one word, or one of several fixed sequences of words. Written small: the same
/// class of words is named in many sets and stored once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Words {
    /// Single words: indices of atoms, in rising order.
    #[serde(with = "crate::columns::deltas")]
    pub own: Vec<u32>,
    /// Other sets (of lower index) whose words and sequences belong to this one too.
    pub includes: Vec<u32>,
    /// Sequences of two or more words next to each other: indices of sets (of lower index).
    pub sequences: Vec<Vec<u32>>,
}

/// What one place of a phrase accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Words of the set with this index.
    Set(u32),
    /// A number in the range with this index.
    Number(u32),
}

/// One place of a phrase and how it hangs on the place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of a word set, or of a number range.
    code: u32,
    /// Low four bits: the gap; then optional, crosses, budgeted, number.
    flags: u8,
}

impl Place {
    /// Widest gap.
    pub const WIDEST_GAP: u8 = 15;

    /// A place: what stands there, whether it may be missing, how many other words may stand before it, whether they may
    /// cross the end of a sentence, whether they count against the phrase's budget.
    pub fn new(slot: Slot, optional: bool, gap: u8, crosses: bool, budgeted: bool) -> Place {
        let (code, number) = match slot {
            Slot::Set(n) => (n, false),
            Slot::Number(n) => (n, true),
        };
        let flag = |on: bool, bit: u8| u8::from(on) << bit;
        let flags =
            gap.min(Self::WIDEST_GAP) | flag(optional, 4) | flag(crosses, 5) | flag(budgeted, 6) | flag(number, 7);
        Place { code, flags }
    }

    pub(crate) fn raw(self) -> (u32, u8) {
        (self.code, self.flags)
    }

    pub(crate) fn from_raw(code: u32, flags: u8) -> Place {
        Place { code, flags }
    }

    /// What stands here.
    #[inline]
    pub fn slot(self) -> Slot {
        if self.flags & 0x80 != 0 { Slot::Number(self.code) } else { Slot::Set(self.code) }
    }

    /// May be missing.
    #[inline]
    pub fn optional(self) -> bool {
        self.flags & 0x10 != 0
    }

    /// How many other words may stand before it, after the previous place.
    #[inline]
    pub fn gap(self) -> u8 {
        self.flags & 0x0f
    }

    /// The gap may cross the end of a sentence.
    #[inline]
    pub fn crosses(self) -> bool {
        self.flags & 0x20 != 0
    }

    /// The gap counts against the phrase's budget.
    #[inline]
    pub fn budgeted(self) -> bool {
        self.flags & 0x40 != 0
    }
}

/// A compiled phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Index of the signal it belongs to.
    pub signal: u16,
    /// It cancels matches instead of making one.
    pub unless: bool,
    /// Index of the place that starts the verification.
    pub anchor: u8,
    /// Most other words that the budgeted gaps may hold together.
    pub budget: u8,
    /// Indices of up to two other places, the rarest that must be filled: a text without their words cannot hold the
    /// phrase. The anchor's own index where there are fewer.
    pub needs: [u8; 2],
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
    /// Words for numbers: value in tenths ("полторы" is 15) to set index.
    pub numerals: Vec<(u32, u32)>,
    /// Set of all words for numbers.
    pub numeral: u32,
    /// Set of words for people whom an advert looks for, in forms that open a range of ages ("девушки 18-25").
    pub persons: u32,
    /// Set of words for what is counted, so that a number before them is no age.
    pub counted: u32,
    /// Set of words for experience and for a firm's years.
    pub experience: u32,
    /// Set of words for "older than".
    pub older: u32,
    /// Set of words for "younger than".
    pub younger: u32,
    /// Set of words for "not" before "older".
    pub not: u32,
    /// Set of short words that may follow an age without a comma ("до 26 в Катар").
    pub closers: u32,
    /// Set of words that a messenger's handle follows.
    pub handle_words: u32,
    /// Set of names that are no handles (messengers themselves).
    pub no_handle: u32,
    /// Set of legal forms that stand behind the name.
    pub suffix_forms: u32,
    /// Country names that mean the country only where they stand alone between commas: code to set index.
    pub alone: Vec<(String, u32)>,
    /// Ordinary pay.
    pub norms: PayNorms,
}

/// Ordinary pay by country and kind of trade (`rules/pay.toml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayNorms {
    /// Currency code to units for 100 US dollars.
    pub rates: Vec<(String, u64)>,
    /// Country code, currency code, ordinary pay of a month in US dollars. `elsewhere` stands for countries without a
    /// line, `unnamed` for adverts that name no place.
    pub months: Vec<(String, String, u64)>,
    /// Period name to how many make up a month's work, as multiplier and divisor.
    pub periods: Vec<(String, u32, u32)>,
    /// From how many times the ordinary pay on unskilled work is paid implausibly.
    pub plain_times: u32,
    /// The same for manual trades that are learnt.
    pub manual_times: u32,
    /// Set of words for manual trades.
    pub manual: u32,
    /// Set of words for trades whose pay is not judged.
    pub skilled: u32,
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

/// Runs of three or four folded letters (a separator where a word begins or ends) and what each tells of the languages, in
/// the order ru, ky, kk, uz (Cyrillic), tg, uz (Latin), en, tr: 0 for the likeliest, less for the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageRuns {
    /// Letters and eight weights.
    pub runs: Vec<(Vec<u8>, Vec<i8>)>,
}

/// The whole pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Name and version as the authors give it.
    pub name: String,
    /// Thresholds and caps.
    pub scale: Scale,
    /// All words, sorted: front-coded, see [`write_atoms`].
    pub atoms: Vec<u8>,
    /// Word sets that the phrases refer to.
    pub sets: Vec<Words>,
    /// Number ranges that the phrases refer to, first and last value.
    pub numbers: Vec<(u64, u64)>,
    /// All phrases.
    #[serde(with = "crate::columns::phrases")]
    pub phrases: Vec<Phrase>,
    /// All signals.
    pub signals: Vec<Signal>,
    /// All indicators, gravest first.
    pub indicators: Vec<Indicator>,
    /// Countries.
    pub countries: Vec<Country>,
    /// Folded letters that negate a word where they stand in its ending (бай, мас ...).
    pub negations: Vec<Vec<u8>>,
    /// Abbreviations, sorted by short form.
    pub abbreviations: Vec<Abbreviation>,
    /// Words for pay, age and firms.
    pub units: Units,
    /// What runs of letters tell of languages.
    pub language_runs: LanguageRuns,
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

/// Writes sorted atoms front-coded: for each one byte for the length shared with the one before, one for the length of the
/// rest (times four, plus the ending), then the rest. Words of more than 63 bytes are cut.
pub fn write_atoms(atoms: &[Atom]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last: &[u8] = &[];
    for atom in atoms {
        let word = &atom.word[..atom.word.len().min(63)];
        let shared = word.iter().zip(last).take_while(|(a, b)| a == b).count();
        out.push(shared as u8);
        out.push(((word.len() - shared) as u8) << 2 | atom.ending as u8);
        out.extend_from_slice(&word[shared..]);
        last = word;
    }
    out
}

/// The words of a pack in one piece of memory: forty thousand small allocations would be most of opening it.
#[derive(Clone, Debug, Default)]
pub struct AtomTable {
    bytes: Vec<u8>,
    /// End of each word in `bytes`, and what ending may follow.
    ends: Vec<(u32, Ending)>,
    negations: Vec<Vec<u8>>,
}

impl AtomTable {
    /// Number of words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no words?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A word's folded bytes.
    #[inline]
    pub fn word(&self, n: usize) -> &[u8] {
        let from = n.checked_sub(1).map_or(0, |before| self.ends[before].0 as usize);
        &self.bytes[from..self.ends[n].0 as usize]
    }

    /// What may follow the word.
    #[inline]
    pub fn ending(&self, n: usize) -> Ending {
        self.ends[n].1
    }

    /// Does a token's word fit this one?
    #[inline]
    pub fn fits(&self, n: usize, token: &[u8]) -> bool {
        let word = self.word(n);
        match self.ending(n) {
            Ending::None => token == word,
            Ending::Any => token.starts_with(word),
            Ending::Affirmed => token.strip_prefix(word).is_some_and(|rest| !self.negated(rest)),
        }
    }

    /// Does a negation stand in an ending? Languages that glue it into the verb (Turkic ones) put it between stem and person.
    fn negated(&self, ending: &[u8]) -> bool {
        self.negations.iter().any(|n| ending.len() >= n.len() && ending.windows(n.len()).any(|w| w == n))
    }

    /// Is this word, with this ending, in the table?
    pub fn contains(&self, word: &[u8], ending: Ending) -> bool {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.word(middle).cmp(word).then(self.ending(middle).cmp(&ending)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return true,
            }
        }
        false
    }
}

/// Reads what [`write_atoms`] wrote; `None` when the bytes do not fit together, a word is empty or out of order.
pub fn read_atoms(mut bytes: &[u8], negations: &[Vec<u8>]) -> Option<AtomTable> {
    let mut table = AtomTable {
        bytes: Vec::with_capacity(bytes.len() * 3),
        ends: Vec::with_capacity(bytes.len() / 4),
        negations: negations.iter().filter(|n| !n.is_empty()).cloned().collect(),
    };
    let mut last = 0..0;
    while let [shared, rest, tail @ ..] = bytes {
        let (shared, length) = (usize::from(*shared), usize::from(*rest >> 2));
        let start = table.bytes.len();
        if shared > last.len() || shared + length == 0 {
            return None;
        }
        table.bytes.extend_from_within(last.start..last.start + shared);
        table.bytes.extend_from_slice(tail.get(..length)?);
        let ending = [Ending::None, Ending::Affirmed, Ending::Any].get(usize::from(rest & 3)).copied()?;
        table.ends.push((table.bytes.len() as u32, ending));
        let n = table.len() - 1;
        if n > 0 && (table.word(n - 1), table.ending(n - 1)) >= (table.word(n), table.ending(n)) {
            return None;
        }
        last = start..table.bytes.len();
        bytes = &tail[length..];
    }
    bytes.is_empty().then_some(table)
}
