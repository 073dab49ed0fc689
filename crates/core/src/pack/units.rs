//! What a pack knows beside phrases and indicators: places, words for pay and age, help lines, bands, runs of letters.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
