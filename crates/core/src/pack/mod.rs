//! The compiled pack: everything the engine knows of wording, weights and texts.
//!
//! A pack is written by `sakchy rules build` (crate `sakchy-rules`) and read here. It is plain data, serialised with
//! postcard behind a short header: magic bytes, format version, length and a checksum, so that a file cut short or made by another
//! version is told apart before anything is decoded.

mod atoms;
mod file;
mod units;

pub use atoms::{AtomTable, read_atoms, write_atoms};
pub(crate) use file::checksum;
pub use file::{FORMAT, MAGIC, PackError};
pub use units::{Abbreviation, Country, HelpLine, LanguageRuns, PayNorms, Scale, Units};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words {
    /// Single words: indices of atoms, in rising order.
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
    #[serde(with = "crate::columns::sets")]
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
