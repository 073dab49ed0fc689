//! The answer: what was found in one advert, and its JSON (version 1).

use crate::facts::{AgeLimit, Destination, Pay};
use crate::pack::{Category, HelpLine, Strength};
use serde::Serialize;
use std::collections::BTreeMap;

/// Words of the advert that raised a finding. Offsets are bytes of the text as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// `text` or `title`.
    pub field: &'static str,
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// The words themselves.
    pub text: String,
}

/// An indicator that holds for the advert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The indicator's name.
    pub indicator: String,
    /// How grave it is.
    pub strength: Strength,
    /// Its points, before caps.
    pub points: u32,
    /// Which harm it speaks of.
    pub category: Category,
    /// It speaks of something that the advert leaves out; the evidence is the offer's own words.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// A headline in the reader's language.
    pub title: String,
    /// Why this is a red flag.
    pub explanation: String,
    /// What to ask the recruiter.
    pub ask: String,
    /// The words that raised it.
    pub evidence: Vec<Evidence>,
}

/// One term of the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Indicator, or `classifier`.
    pub term: String,
    /// Points that counted.
    pub points: u32,
    /// Points before a cap took the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

/// The classifier's part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassifierPart {
    /// Points that it adds.
    pub points: u32,
    /// The words that weighed most.
    pub terms: Vec<ClassifierTerm>,
    /// `off` while no model is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
}

impl ClassifierPart {
    /// Leaves the points that counted: the words behind them keep their shares, rounded down.
    pub(crate) fn limit(&mut self, points: u32) {
        if points < self.points {
            self.terms.iter_mut().for_each(|t| t.points = t.points * points / self.points);
            self.terms.retain(|t| t.points > 0);
            self.points = points;
        }
    }
}

/// Words that the classifier weighed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassifierTerm {
    /// The words.
    pub text: String,
    /// Their part of the points, rounded down.
    pub points: u32,
    /// `text` or `title`.
    pub field: &'static str,
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// What a registry says of the firm or permit that the advert names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistryFinding {
    /// The name or number that was looked up.
    pub asked: String,
    /// found, absent, expired or suspended.
    pub state: String,
    /// Last day of validity, where the list gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// The facts as the answer shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FactsShown {
    /// Telephone numbers in E.164.
    pub telephones: Vec<String>,
    /// Handles and links.
    pub handles: Vec<String>,
    /// Pay.
    pub pay: Vec<Pay>,
    /// Age limits.
    pub ages: Vec<AgeLimit>,
    /// Countries, ISO 3166-1 alpha-2.
    pub destinations: Vec<String>,
    /// Where each country is named.
    #[serde(skip)]
    pub places: Vec<Destination>,
    /// Firm names.
    pub firms: Vec<String>,
    /// Permit number as written. A fact to check: it never lowers the score (law 4).
    pub permit: Option<String>,
    /// What the registry says, where one is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryFinding>,
}

/// A help line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HelpShown {
    /// Who answers.
    pub name: String,
    /// The number; empty for advice without one.
    pub telephone: String,
    /// Where it can be called from.
    pub country: String,
    /// Where the number was printed.
    pub source: String,
    /// When.
    pub source_date: Option<String>,
    /// When we last checked it; null: "not checked by us since the source date".
    pub verified_on: Option<String>,
}

impl HelpShown {
    pub(crate) fn of(line: &HelpLine, language: &str) -> HelpShown {
        HelpShown {
            name: line.name.get(language).or_else(|| line.name.get("en")).cloned().unwrap_or_default(),
            telephone: line.telephone.clone(),
            country: line.country.clone(),
            source: line.source.clone(),
            source_date: line.source_date.clone(),
            verified_on: line.verified_on.clone(),
        }
    }
}

/// The answer for one advert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Version of this layout.
    pub v: u32,
    /// The caller's identifier, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// 0 to 100.
    pub score: u32,
    /// none (no red flags found - no promise), notice, warning or danger.
    pub band: &'static str,
    /// The heavier side; null where nothing was found.
    pub category: Option<Category>,
    /// Is the text an offer at all?
    pub offer: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_offer: Option<String>,
    /// job, marriage, modelling, study or other.
    pub kind: String,
    /// ISO 639-1, `und` when unknown.
    pub language: &'static str,
    /// Languages of a mixed text and their shares of the words in percent; left out where it is not mixed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<&'static str, u32>,
    /// The findings, gravest first.
    pub findings: Vec<Finding>,
    /// Every term of the score.
    pub sum: Vec<Term>,
    /// Highest possible score; the sum of the terms is cut off here.
    pub cap: u32,
    /// The facts.
    pub facts: FactsShown,
    /// The classifier's part.
    pub classifier: ClassifierPart,
    /// What a reader should do, in the reader's language.
    pub advice: Vec<String>,
    /// Whom to call.
    pub help: Vec<HelpShown>,
    /// Version of the engine.
    pub engine: &'static str,
    /// Content hash of the pack.
    pub pack: String,
    /// Content hash of the model, null without one.
    pub model: Option<String>,
}

impl Assessment {
    /// The answer as one line of JSON. The same bytes on every platform (law 6).
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
