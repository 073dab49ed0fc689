//! Values read from the advert: telephones, pay, ages, destinations, handles, permit numbers, firm names.

mod ages;
mod firms;
mod handles;
mod norm;
mod pay;
mod permits;
mod places;
mod quantity;
mod telephones;
#[cfg(test)]
mod testing;

pub use ages::AgeLimit;
pub use firms::Firm;
pub use pay::Pay;
pub use places::Destination;

use crate::marks::Marks;
use crate::pack::Pack;
use crate::scan::Hits;
use crate::text::Text;
use serde::Serialize;

/// A part of the text, in bytes of the original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
}

/// All facts of one text. Every list is in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Telephone numbers in E.164.
    pub telephones: Vec<Found<String>>,
    /// Amounts of money that are pay or may be.
    pub pay: Vec<Pay>,
    /// Age limits in years.
    pub ages: Vec<AgeLimit>,
    /// Countries named as places.
    pub destinations: Vec<Destination>,
    /// Handles and messenger links, as `@name`, `t.me/name`, `wa.me/number`.
    pub handles: Vec<Found<String>>,
    /// Permit or licence number as written.
    pub permit: Option<Found<String>>,
    /// Firms: legal form and name.
    pub firms: Vec<Firm>,
    /// Pay far above what is ordinary (`rules/pay.toml`).
    pub high_pay: Vec<Span>,
    /// Words with hidden letters: mixed scripts, digits for letters, letters set apart.
    pub hidden: Vec<Span>,
}

/// Words with hidden letters that make the fact hold; one may be a slip of the keyboard.
const HIDDEN_WORDS: usize = 2;

impl Facts {
    /// Reads all facts. `language` is the text's own (ISO 639-1).
    pub fn read(pack: &Pack, marks: &Marks<'_, '_>, hits: &Hits, language: &str) -> Facts {
        let text = marks.text;
        let telephones = telephones::read(pack, marks, language);
        let pay = pay::read(pack, marks, &telephones);
        let destinations = places::read(pack, marks, hits);
        Facts {
            high_pay: norm::high(pack, marks, &pay, &destinations),
            pay,
            ages: ages::read(pack, marks, &telephones),
            destinations,
            handles: handles::read(pack, marks),
            permit: permits::read(pack, marks, &telephones),
            firms: firms::read(pack, marks),
            hidden: hidden(text),
            telephones,
        }
    }

    /// Does a fact of this name hold? Names as in `rules/README.md`, without `fact.`. `language` is the text's own.
    pub fn holds(&self, name: &str, language: &str) -> bool {
        match name {
            "telephone" => !self.telephones.is_empty(),
            "handle" => !self.handles.is_empty(),
            "pay" => !self.pay.is_empty(),
            "high-pay" => !self.high_pay.is_empty(),
            "age-limit" => !self.ages.is_empty(),
            "age-under-18" => self.ages.iter().any(AgeLimit::under_18),
            "permit" => self.permit.is_some(),
            "agency" => !self.firms.is_empty(),
            "abroad" => self.destinations.iter().any(|d| d.abroad(language)),
            "abroad-far" => self.destinations.iter().any(|d| d.group == "far"),
            "war-place" => self.destinations.iter().any(|d| d.war),
            "hidden-letters" => self.hidden.len() >= HIDDEN_WORDS,
            _ => name.strip_prefix("place-").is_some_and(|code| self.destinations.iter().any(|d| d.country == code)),
        }
    }

    /// Where a fact stands, for the evidence of a finding.
    pub fn spans(&self, name: &str, language: &str) -> Vec<Span> {
        let places = |keep: &dyn Fn(&Destination) -> bool| {
            self.destinations.iter().filter(|d| keep(d)).map(|d| d.span).collect::<Vec<_>>()
        };
        match name {
            "telephone" => self.telephones.iter().map(|f| f.span).collect(),
            "handle" => self.handles.iter().map(|f| f.span).collect(),
            "pay" => self.pay.iter().map(|p| p.span).collect(),
            "high-pay" => self.high_pay.clone(),
            "age-limit" => self.ages.iter().map(|a| a.span).collect(),
            "age-under-18" => self.ages.iter().filter(|a| a.under_18()).map(|a| a.span).collect(),
            "permit" => self.permit.iter().map(|f| f.span).collect(),
            "agency" => self.firms.iter().map(|f| f.span).collect(),
            "abroad" => places(&|d| d.abroad(language)),
            "abroad-far" => places(&|d| d.group == "far"),
            "war-place" => places(&|d| d.war),
            "hidden-letters" => self.hidden.clone(),
            _ => name.strip_prefix("place-").map_or_else(Vec::new, |code| places(&|d| d.country == code)),
        }
    }

    /// Is the name one that [`Facts::holds`] knows?
    pub fn known(name: &str) -> bool {
        matches!(
            name,
            "telephone"
                | "handle"
                | "pay"
                | "high-pay"
                | "age-limit"
                | "age-under-18"
                | "permit"
                | "agency"
                | "abroad"
                | "abroad-far"
                | "war-place"
                | "hidden-letters"
        ) || name.strip_prefix("place-").is_some_and(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()))
    }
}

/// Does a token stand inside a telephone number?
fn within(text: &Text<'_>, token: usize, telephones: &[Found<String>]) -> bool {
    let t = &text.tokens[token];
    telephones.iter().any(|f| f.span.start <= t.start as usize && (t.end as usize) <= f.span.end)
}

fn hidden(text: &Text<'_>) -> Vec<Span> {
    let tokens = text.tokens.iter().filter(|t| t.hidden);
    tokens.take(64).map(|t| Span { start: t.start as usize, end: t.end as usize }).collect()
}
