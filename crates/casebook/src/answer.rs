//! Answers as they are kept, read back.

use crate::advert::ReadyAnswer;
use crate::error::{CaseError, Kind};
use serde::Deserialize;

/// A kept answer, as far as lists and reports show it. The whole answer is in the table of answers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// 0 to 100.
    pub score: u32,
    /// none, notice, warning or danger.
    pub band: String,
    /// trafficking, recruitment-scam or nothing.
    pub category: Option<String>,
    /// Is it an offer at all?
    pub offer: bool,
    /// job, marriage, modelling, study or other.
    pub kind: String,
    /// ISO 639-1, `und` when unknown.
    pub language: String,
    /// What was found.
    pub findings: Vec<KeptFinding>,
    /// Telephones, handles, destinations ...
    pub facts: KeptFacts,
}

/// A kept finding.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeptFinding {
    /// The indicator's name.
    pub indicator: String,
    /// Its points.
    pub points: u32,
    /// context, weak, medium or strong.
    pub strength: String,
    /// It speaks of something that the advert leaves out.
    pub absent: bool,
    /// Its headline, in the language that was chosen when it was screened.
    pub title: String,
    /// Why it is a red flag.
    pub explanation: String,
    /// What to ask.
    pub ask: String,
    /// The words that raised it.
    pub evidence: Vec<KeptEvidence>,
}

/// Words of the advert.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeptEvidence {
    /// `text` or `title`.
    pub field: String,
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// Facts of the advert.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeptFacts {
    /// E.164.
    pub telephones: Vec<String>,
    /// Handles and links.
    pub handles: Vec<String>,
    /// Countries.
    pub destinations: Vec<String>,
    /// Firm names.
    pub firms: Vec<String>,
    /// Permit number as written.
    pub permit: Option<String>,
}

impl Kept {
    /// Reads a kept answer.
    ///
    /// # Errors
    /// It is no answer: the casebook was altered.
    pub fn read(json: &str) -> Result<Kept, CaseError> {
        serde_json::from_str(json).map_err(|e| {
            CaseError::new(Kind::Damaged, format!("an answer in the casebook cannot be read ({e}); run `case verify`"))
        })
    }

    /// What the totals count of it.
    pub(crate) fn counted(&self, band: i64) -> ReadyAnswer {
        ReadyAnswer {
            score: self.score,
            band,
            language: self.language.clone(),
            kind: self.kind.clone(),
            category: match self.category.as_deref() {
                Some("trafficking") => "trafficking",
                Some("recruitment-scam") => "recruitment-scam",
                _ => "",
            },
            offer: self.offer,
            indicators: self.findings.iter().map(|f| f.indicator.clone()).collect(),
            telephones: self.facts.telephones.clone(),
            handles: self.facts.handles.iter().map(|h| h.to_lowercase()).collect(),
            answer: String::new(),
            places: String::new(),
            engine: String::new(),
            pack: String::new(),
            model: String::new(),
        }
    }
}
