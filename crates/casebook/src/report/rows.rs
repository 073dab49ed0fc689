//! The rows of a report: one advert with its newest answer, review, source and permit.

use super::Options;
use crate::answer::Kept;
use crate::case::Case;
use crate::error::{CaseError, Kind};
use crate::permits::{Check, Permits};
use crate::review::{Review, STATES};
use crate::source::SourceRow;
use crate::texts::Texts;
use crate::view::{AdvertRow, Filter, Listed, Mark};
use crate::{BANDS, digest::hex};
use std::collections::BTreeMap;

/// Rows read together.
const PAGE: usize = 500;

/// One row.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// As lists show it.
    pub listed: Listed,
    /// The advert.
    pub advert: AdvertRow,
    /// Its newest answer.
    pub answer: Kept,
    /// Its newest review.
    pub review: Option<Review>,
    /// Where it was read.
    pub source: SourceRow,
    /// What the list of permits says, where the casebook has one.
    pub permit: Option<Check>,
}

/// Columns of tables, by the names of their headings.
pub const COLUMNS: [&str; 22] = [
    "advert",
    "score",
    "band",
    "state",
    "outlet",
    "issue",
    "date",
    "page",
    "title",
    "text",
    "concern",
    "words",
    "ask",
    "kind",
    "language",
    "telephones",
    "cluster",
    "permit",
    "url",
    "source",
    "file",
    "sha256",
];

impl Case {
    /// Every row of a filter, gravest first.
    ///
    /// # Errors
    /// The casebook cannot be read, or `see` says so.
    pub fn report_rows(
        &self,
        filter: &Filter,
        options: &Options<'_>,
        see: &mut dyn FnMut(ReportRow) -> Result<bool, CaseError>,
    ) -> Result<(), CaseError> {
        let permits = match self.permits() {
            Ok(permits) => Some(permits),
            Err(e) if e.kind == Kind::Missing => None,
            Err(e) => return Err(e),
        };
        let head = self.head()?.at;
        let as_of = options.as_of.unwrap_or(head.get(..10).unwrap_or(""));
        let mut sources: BTreeMap<i64, SourceRow> = BTreeMap::new();
        let mut mark = None;
        loop {
            let (page, more) = self.page(filter, mark, PAGE)?;
            mark = page.last().map(|r| Mark { score: r.score, advert: r.advert });
            for listed in page {
                let row = self.report_row(listed, permits.as_ref(), as_of, &mut sources)?;
                if !see(row)? {
                    return Ok(());
                }
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn report_row(
        &self,
        listed: Listed,
        permits: Option<&Permits>,
        as_of: &str,
        sources: &mut BTreeMap<i64, SourceRow>,
    ) -> Result<ReportRow, CaseError> {
        let advert = self.advert(listed.advert)?;
        let json = self.assessments(listed.advert)?.pop().map(|a| a.json).unwrap_or_default();
        let answer = Kept::read(&json)?;
        let source = match sources.get(&advert.source) {
            Some(source) => source.clone(),
            None => {
                let source = self.source(advert.source)?;
                sources.insert(source.id, source.clone());
                source
            }
        };
        let facts = &answer.facts;
        let permit = permits.and_then(|p| p.check(&facts.firms, facts.permit.as_deref(), &facts.destinations, as_of));
        let review = if listed.state > 0 { self.newest_review(listed.advert)? } else { None };
        Ok(ReportRow { listed, advert, answer, review, source, permit })
    }
}

/// Name of a state by its number.
pub fn state_name(state: i64) -> &'static str {
    usize::try_from(state - 1).ok().and_then(|n| STATES.get(n)).copied().unwrap_or("none")
}

impl ReportRow {
    /// The cells of a table, in the order of [`COLUMNS`]; not yet made harmless for spreadsheets.
    pub fn cells(&self, options: &Options<'_>) -> Vec<String> {
        let (texts, mask) = (options.texts(), options.mask());
        let join = |parts: Vec<String>| parts.join(" | ");
        let findings = &self.answer.findings;
        let contacts = self.answer.facts.telephones.iter().chain(&self.answer.facts.handles);
        let band = BANDS[usize::try_from(self.listed.band).unwrap_or(0).min(3)];
        let known = |part: &Option<String>| part.clone().unwrap_or_default();
        vec![
            self.listed.advert.to_string(),
            self.listed.score.to_string(),
            texts.name("band", band),
            texts.name("state", state_name(self.listed.state)),
            known(&self.advert.outlet),
            known(&self.advert.issue),
            known(&self.advert.date),
            known(&self.advert.page),
            mask.text(&self.advert.title),
            mask.text(&self.advert.text),
            join(findings.iter().map(|f| format!("{} (+{})", f.title, f.points)).collect()),
            join(findings.iter().flat_map(|f| &f.evidence).map(|e| mask.text(&e.text)).collect()),
            join(findings.iter().map(|f| f.ask.clone()).collect()),
            texts.name("kind", &self.answer.kind),
            texts.name("language", &self.listed.language),
            join(contacts.map(|c| mask.text(c)).collect()),
            self.listed.cluster.map(|c| c.to_string()).unwrap_or_default(),
            self.permit.as_ref().map(|p| permit_line(p, texts)).unwrap_or_default(),
            mask.text(&known(&self.advert.url)),
            format!("{}:{}", self.source.name, self.advert.place),
            self.source.place.clone(),
            hex(&self.source.sha256),
        ]
    }
}

/// What the list of permits says, in words.
pub fn permit_line(check: &Check, texts: Texts) -> String {
    let mut line = format!("{}: {}", check.asked, texts.name("permit", check.state.name()));
    if let Some(row) = &check.row {
        let parts = [&row.number, &row.expires, &row.countries.join(" ")];
        let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        if !known.is_empty() {
            line.push_str(&format!(" ({})", known.join(", ")));
        }
    }
    if let Some(name) = &check.similar {
        line.push_str(&format!("; {}", texts.with("permit.similar", &[("name", name)])));
    }
    line
}
