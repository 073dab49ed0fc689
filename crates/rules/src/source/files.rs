//! The files of the rules folder, as they are written.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Phrases or examples by language.
pub type ByLanguage = BTreeMap<String, Vec<Spanned<String>>>;

/// A word class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsFile {
    /// Name; the file's.
    pub id: String,
    /// What the words have in common.
    #[allow(dead_code)]
    pub meaning: String,
    /// The words.
    pub words: ByLanguage,
}

/// A signal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFile {
    /// Name; the file's.
    pub id: String,
    /// What the wording says.
    pub meaning: String,
    /// flag, context, counter, offer, no-offer or kind.
    pub role: sakchy_core::pack::Role,
    /// For no-offer signals: the reason; for offer signals: `supporting` when it decides nothing alone.
    #[serde(default)]
    pub reason: String,
    /// Phrases.
    #[serde(default)]
    pub phrases: ByLanguage,
    /// Words that cancel an overlapping match.
    #[serde(default)]
    pub unless: ByLanguage,
    /// Native readers, by language.
    #[serde(default)]
    #[allow(dead_code)]
    pub reviewed_by: BTreeMap<String, String>,
    /// Good and bad examples.
    #[serde(default)]
    pub examples: Examples,
}

/// Examples that must and must not match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Texts on which the rule holds.
    #[serde(default, rename = "match")]
    pub matching: ByLanguage,
    /// Texts on which it does not.
    #[serde(default)]
    pub no_match: ByLanguage,
}

/// Title, explanation, question.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordingFile {
    /// Headline.
    #[serde(default)]
    pub title: String,
    /// Why it is a red flag.
    #[serde(default)]
    pub explanation: String,
    /// What to ask.
    #[serde(default)]
    pub ask: String,
}

/// Another text under a condition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantFile {
    /// The condition.
    pub when: Spanned<String>,
    /// Texts by language.
    pub text: BTreeMap<String, WordingFile>,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    /// Name; the file's.
    pub id: String,
    /// What it means.
    pub definition: String,
    /// trafficking or recruitment-scam.
    pub category: sakchy_core::pack::Category,
    /// context, weak, medium or strong.
    pub strength: sakchy_core::pack::Strength,
    /// Points.
    pub points: u32,
    /// draft, test, stable or deprecated.
    pub status: String,
    /// Kinds of offer it applies to; empty for all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The condition.
    pub when: Spanned<String>,
    /// It speaks of something missing.
    #[serde(default)]
    pub absent: bool,
    /// Signals whose words are shown.
    #[serde(default)]
    pub evidence: Vec<Spanned<String>>,
    /// ILO 2009 dimension and grade, as drafted.
    #[serde(default)]
    pub ilo: String,
    /// ILO 2012 indicator of forced labour.
    #[serde(default)]
    pub forced_labour: String,
    /// Where it comes from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Texts by language.
    #[serde(default)]
    pub text: BTreeMap<String, WordingFile>,
    /// Other texts under conditions.
    #[serde(default)]
    pub variant: Vec<VariantFile>,
    /// Native readers, by language.
    #[serde(default)]
    #[allow(dead_code)]
    pub reviewed_by: BTreeMap<String, String>,
    /// Example adverts.
    #[serde(default)]
    pub examples: Examples,
}

/// A country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFile {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// home, region, cis or far.
    pub groups: Vec<String>,
    /// Name to show.
    pub name: BTreeMap<String, String>,
    /// Phrases for the country's name.
    #[serde(default)]
    pub country: ByLanguage,
    /// Phrases for its cities and regions.
    #[serde(default)]
    pub cities: ByLanguage,
    /// Phrases for places at war.
    #[serde(default)]
    pub war: ByLanguage,
    /// Words that cancel an overlapping match.
    #[serde(default)]
    pub unless: ByLanguage,
}

/// One abbreviation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbbreviationFile {
    /// Short form without the full stop.
    pub short: String,
    /// A full stop, slash or hyphen must follow.
    #[serde(default)]
    pub dot: bool,
    /// Full readings.
    pub long: Vec<String>,
    /// Language.
    #[serde(default)]
    #[allow(dead_code)]
    pub lang: String,
}

/// The file of abbreviations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbbreviationsFile {
    /// All of them.
    #[serde(default)]
    pub abbreviation: Vec<AbbreviationFile>,
}

/// One help line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpFile {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Lines, best first.
    #[serde(default)]
    pub line: Vec<HelpLineFile>,
}

/// One line of a help file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLineFile {
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// Number; may be left out for advice.
    #[serde(default)]
    pub telephone: String,
    /// Where it was printed.
    pub source: String,
    /// When.
    #[serde(default)]
    pub source_date: Option<String>,
    /// When we checked it.
    #[serde(default)]
    pub verified_on: Option<String>,
    /// Remarks by language.
    #[serde(default)]
    pub note: BTreeMap<String, String>,
    /// How far the number can be relied on.
    #[serde(default)]
    #[allow(dead_code)]
    pub confidence: String,
}

/// `pack.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Name of the pack.
    pub name: String,
    /// Bands and caps.
    #[serde(default)]
    pub scale: Option<sakchy_core::pack::Scale>,
    /// Signals and indicators of the pack below that are switched off (own packs only).
    #[serde(default)]
    pub off: Vec<Spanned<String>>,
    /// Words that no text for people may use: nothing is ever safe, no one is accused.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// Words that texts about fraud may not use.
    #[serde(default)]
    pub forbidden_in_scam: Vec<String>,
}

/// Words for pay, age and firms; sets by name, languages mixed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitsFile {
    /// ISO 4217 code to words and signs.
    pub currencies: BTreeMap<String, Vec<String>>,
    /// hour, shift, day, week, month, season, year to words.
    pub periods: BTreeMap<String, Vec<String>>,
    /// Factor to words.
    pub multipliers: BTreeMap<String, Vec<String>>,
    /// years, from, to, legal_forms, licence, pay, persons, counted ...: see `rules/units.toml`.
    pub words: BTreeMap<String, Vec<String>>,
    /// Value in tenths to words for numbers.
    #[serde(default)]
    pub numerals: BTreeMap<String, Vec<String>>,
    /// Country code to names that mean it only where they stand alone.
    #[serde(default)]
    pub alone: BTreeMap<String, Vec<String>>,
    /// Letters that negate a word where they stand in its ending; in Latin and Cyrillic as written.
    #[serde(default)]
    pub negations: Vec<String>,
    /// Language to words that tell it.
    pub languages: BTreeMap<String, Vec<String>>,
}

/// `pay.toml`: ordinary pay by country and kind of trade.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayFile {
    /// `plain` and `manual`: from how many times the ordinary pay on an offer is implausible.
    pub times: BTreeMap<String, u32>,
    /// Period to how many make up a month's work.
    pub per_month: BTreeMap<String, u32>,
    /// Period to the months that it lasts.
    pub lasts_months: BTreeMap<String, u32>,
    /// Currency to units for 100 US dollars.
    pub rates: BTreeMap<String, u64>,
    /// Where the rates come from, and when.
    pub rates_source: String,
    /// Ordinary pay.
    pub norm: Vec<PayNorm>,
    /// `manual` and `skilled`: words for trades.
    pub words: BTreeMap<String, Vec<String>>,
}

/// Ordinary pay in one country.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayNorm {
    /// ISO 3166-1 alpha-2, `elsewhere` or `unnamed`.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// Pay of a month, rounded.
    pub month: u64,
    /// average or minimum (twice a minimum stands for the average).
    pub basis: String,
    /// Who published it.
    pub source: String,
    /// Year that it holds for.
    pub year: u32,
}

/// Counts of words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrequencyFile {
    /// Word to count.
    pub words: BTreeMap<String, u32>,
}
