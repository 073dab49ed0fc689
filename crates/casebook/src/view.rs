//! Looking into the casebook: pages of the work list, searches, one advert with everything known of it, totals.

use crate::case::Case;
use crate::error::{CaseError, Kind};
use crate::review::{self, Review};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use std::collections::BTreeMap;

/// Which adverts of the work list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Lowest band, 0 to 3.
    pub band: i64,
    /// Outlet, by its exact name.
    pub outlet: Option<String>,
    /// Issue, by its exact name.
    pub issue: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// YYYY-MM.
    pub month: Option<String>,
    /// Newest review; `none` for adverts without one.
    pub state: Option<String>,
    /// Words that must all stand in the advert; `word*` for any ending.
    pub words: Option<String>,
    /// Adverts of a cluster.
    pub cluster: Option<i64>,
    /// Adverts that name a telephone or handle.
    pub contact: Option<String>,
    /// Adverts of a sample.
    pub sample: Option<i64>,
}

/// An advert as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub advert: i64,
    /// 0 to 100.
    pub score: i64,
    /// 0 none, 1 notice, 2 warning, 3 danger.
    pub band: i64,
    /// Language code.
    pub language: String,
    /// Newest review, 0 for none, else its place in [`review::STATES`] from 1.
    pub state: i64,
    /// Newspaper, board or channel.
    pub outlet: String,
    /// Issue.
    pub issue: String,
    /// Page.
    pub page: String,
    /// Date.
    pub date: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Smallest number of its cluster, where it has one.
    pub cluster: Option<i64>,
}

const LISTED: &str = "c.advert, c.score, c.band, c.language, c.state, coalesce(a.outlet, ''), coalesce(a.issue, ''),
    coalesce(a.page, ''), coalesce(a.date, ''), a.title, a.text, m.cluster";

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        advert: row.get(0)?,
        score: row.get(1)?,
        band: row.get(2)?,
        language: row.get(3)?,
        state: row.get(4)?,
        outlet: row.get(5)?,
        issue: row.get(6)?,
        page: row.get(7)?,
        date: row.get(8)?,
        title: row.get(9)?,
        text: row.get(10)?,
        cluster: row.get(11)?,
    })
}

/// Where a page ends: the next one begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Score of the last row.
    pub score: i64,
    /// Its advert.
    pub advert: i64,
}

/// Adverts of one source or answer version as numbers: for one advert with everything known of it.
#[derive(Clone, Debug)]
pub struct AdvertRow {
    /// Its number.
    pub id: i64,
    /// Number of its source.
    pub source: i64,
    /// Line or row of the source.
    pub place: i64,
    /// Identifier that the source gave.
    pub given: Option<String>,
    /// Newspaper, board or channel.
    pub outlet: Option<String>,
    /// Issue.
    pub issue: Option<String>,
    /// Page.
    pub page: Option<String>,
    /// Date.
    pub date: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Rubric.
    pub rubric: Option<String>,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    pub(crate) key: i64,
    pub(crate) hash: Vec<u8>,
}

impl AdvertRow {
    pub(crate) const COLUMNS: &'static str =
        "id, source, place, given, outlet, issue, page, date, url, rubric, title, text, key, hash";

    pub(crate) fn of(row: &Row<'_>) -> rusqlite::Result<AdvertRow> {
        Ok(AdvertRow {
            id: row.get(0)?,
            source: row.get(1)?,
            place: row.get(2)?,
            given: row.get(3)?,
            outlet: row.get(4)?,
            issue: row.get(5)?,
            page: row.get(6)?,
            date: row.get(7)?,
            url: row.get(8)?,
            rubric: row.get(9)?,
            title: row.get(10)?,
            text: row.get(11)?,
            key: row.get(12)?,
            hash: row.get(13)?,
        })
    }
}

/// An answer with what made it.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// Its number.
    pub id: i64,
    /// When, UTC.
    pub at: String,
    /// 0 to 100.
    pub score: i64,
    /// 0 to 3.
    pub band: i64,
    /// The answer as JSON, without versions, advice and help lines.
    pub json: String,
    /// Version of the engine.
    pub engine: String,
    /// Content hash of the pack.
    pub pack: String,
    /// Content hash of the model, empty without one.
    pub model: String,
    /// Content hash of the list of permits, empty without one.
    pub registry: String,
}

impl Case {
    /// A page of the work list: gravest first, and behind `after`; with `words` the newest first. Gives whether there
    /// are more.
    ///
    /// # Errors
    /// Nothing to search for, or the casebook cannot be read.
    pub fn page(&self, filter: &Filter, after: Option<Mark>, most: usize) -> Result<(Vec<Listed>, bool), CaseError> {
        if filter.band > 0 || filter.words.is_some() {
            return self.part(filter, after, most, "c.score > 0");
        }
        // adverts with points come first and from their index; those without follow by their numbers and need no sorting
        let begun = after.is_some_and(|mark| mark.score == 0);
        let (mut rows, more) = if begun { (Vec::new(), false) } else { self.part(filter, after, most, "c.score > 0")? };
        if more {
            return Ok((rows, true));
        }
        let (rest, more) = self.part(filter, after.filter(|_| begun), most - rows.len(), "c.score = 0")?;
        rows.extend(rest);
        Ok((rows, more))
    }

    fn part(
        &self,
        filter: &Filter,
        after: Option<Mark>,
        most: usize,
        points: &str,
    ) -> Result<(Vec<Listed>, bool), CaseError> {
        let mut clauses: Vec<String> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        let mut with = |clause: &str, value: Value| {
            if clause.contains('?') {
                values.push(value);
            }
            clauses.push(clause.replace('?', &format!("?{}", values.len())));
        };
        if filter.band > 0 {
            with("c.band >= ?", filter.band.into());
        }
        if let Some(outlet) = &filter.outlet {
            with("c.outlet = ?", self.outlet_id(outlet)?.into());
        }
        if let Some(issue) = &filter.issue {
            with("a.issue = ?", issue.clone().into());
        }
        if let Some(language) = &filter.language {
            with("c.language = ?", language.clone().into());
        }
        if let Some(month) = &filter.month {
            with("c.month = ?", month.clone().into());
        }
        match filter.state.as_deref() {
            None => {}
            Some("none") => with("+c.state = ?", 0.into()),
            Some(state) => {
                let number = review::number(state).ok_or_else(|| {
                    let known = review::STATES.join(", ");
                    CaseError::input(format!("`{state}` is no state of a review; use none, {known}"))
                })?;
                with("c.state = ?", number.into());
                with("c.state > ?", 0.into());
            }
        }
        if let Some(cluster) = filter.cluster {
            with("c.advert IN (SELECT advert FROM members WHERE cluster = ?)", cluster.into());
        }
        if let Some(sample) = filter.sample {
            with("c.advert IN (SELECT advert FROM sampled WHERE sample = ?)", sample.into());
        }
        if let Some(contact) = &filter.contact {
            with(
                "c.advert IN (SELECT n.advert FROM mentions n JOIN contacts t ON t.id = n.contact WHERE t.value = ?)",
                contact.clone().into(),
            );
        }
        let newest = filter.words.is_some();
        if filter.band > 0 || !newest {
            // no value: a partial index is only chosen where its own condition stands in the query
            with(points, Value::Null);
        }
        if let Some(words) = &filter.words {
            with("words MATCH ?", words_query(words)?.into());
        }
        if let Some(mark) = after {
            if newest {
                with("words.rowid < ?", mark.advert.into());
            } else {
                values.push(mark.score.into());
                values.push(mark.advert.into());
                let (s, a) = (values.len() - 1, values.len());
                clauses.push(format!("c.score <= ?{s} AND (c.score < ?{s} OR c.advert > ?{a})"));
            }
        }
        let from = if newest { "words JOIN current c ON c.advert = words.rowid" } else { "current c" };
        let order = match (newest, points) {
            (true, _) => "words.rowid DESC",
            (false, "c.score = 0") => "c.advert",
            (false, _) => "c.score DESC, c.advert",
        };
        let tail = if clauses.is_empty() { String::new() } else { format!("WHERE {}", clauses.join(" AND ")) };
        values.push(i64::try_from(most + 1).unwrap_or(i64::MAX).into());
        let sql = format!(
            "SELECT {LISTED} FROM {from} CROSS JOIN adverts a ON a.id = c.advert
             LEFT JOIN members m ON m.advert = c.advert {tail} ORDER BY {order} LIMIT ?{}",
            values.len()
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(values), listed)?;
        let mut rows: Vec<Listed> = rows.collect::<Result<_, _>>()?;
        let more = rows.len() > most;
        rows.truncate(most);
        Ok((rows, more))
    }

    fn outlet_id(&self, name: &str) -> Result<i64, CaseError> {
        let mut query = self.db.prepare_cached("SELECT id FROM outlets WHERE name = ?1")?;
        query.query_row([name], |r| r.get(0)).optional()?.ok_or_else(|| {
            CaseError::new(Kind::Missing, format!("no outlet `{name}` in this casebook; `case totals` lists them"))
        })
    }

    /// An advert.
    ///
    /// # Errors
    /// There is none with this number.
    pub fn advert(&self, id: i64) -> Result<AdvertRow, CaseError> {
        let mut query = self.db.prepare_cached(&format!("SELECT {} FROM adverts WHERE id = ?1", AdvertRow::COLUMNS))?;
        query
            .query_row([id], AdvertRow::of)
            .optional()?
            .ok_or_else(|| CaseError::new(Kind::Missing, format!("there is no advert {id} in this casebook")))
    }

    /// Adverts from a number on, in order.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn adverts_from(&self, from: i64, most: usize) -> Result<Vec<AdvertRow>, CaseError> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT {} FROM adverts WHERE id >= ?1 ORDER BY id LIMIT ?2",
            AdvertRow::COLUMNS
        ))?;
        let rows = query.query_map(params![from, i64::try_from(most).unwrap_or(i64::MAX)], AdvertRow::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The cluster of an advert, where it is in one.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn cluster_of(&self, advert: i64) -> Result<Option<i64>, CaseError> {
        let mut query = self.db.prepare_cached("SELECT cluster FROM members WHERE advert = ?1")?;
        Ok(query.query_row([advert], |r| r.get(0)).optional()?)
    }

    /// Telephones and handles that an advert names.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn contacts_of(&self, advert: i64) -> Result<Vec<String>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT t.value FROM mentions n JOIN contacts t ON t.id = n.contact WHERE n.advert = ?1 ORDER BY t.kind DESC, t.id",
        )?;
        let rows = query.query_map([advert], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The answers to an advert, oldest first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn assessments(&self, advert: i64) -> Result<Vec<Assessed>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT s.id, s.at, s.score, s.band, s.answer, v.engine, v.pack, v.model, v.registry
             FROM assessments s JOIN versions v ON v.id = s.version WHERE s.advert = ?1 ORDER BY s.id",
        )?;
        let rows = query.query_map([advert], |r| {
            Ok(Assessed {
                id: r.get(0)?,
                at: crate::clock::stamp(r.get(1)?),
                score: r.get(2)?,
                band: r.get(3)?,
                json: r.get(4)?,
                engine: r.get(5)?,
                pack: r.get(6)?,
                model: r.get(7)?,
                registry: r.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest review of an advert.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn newest_review(&self, advert: i64) -> Result<Option<Review>, CaseError> {
        Ok(self.reviews(advert)?.pop())
    }

    /// A dimension of the kept totals: value -> adverts of each band. Dimensions: all, outlet (by name), issue
    /// (outlet and issue with a line break between), month, language, kind, offer, category, indicator, state.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn totals(&self, dimension: &str) -> Result<BTreeMap<String, [u64; 4]>, CaseError> {
        let mut query =
            self.db.prepare_cached("SELECT value, band, adverts FROM tally WHERE dimension = ?1 AND adverts > 0")?;
        let mut totals: BTreeMap<String, [u64; 4]> = BTreeMap::new();
        let rows = query.query_map(params![dimension], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, usize>(1)?, r.get::<_, i64>(2)?))
        })?;
        let outlets = if matches!(dimension, "outlet" | "issue") { self.outlet_names()? } else { BTreeMap::new() };
        let name = |id: &str| id.parse().ok().and_then(|id: i64| outlets.get(&id)).cloned().unwrap_or_default();
        for row in rows {
            let (value, band, adverts) = row?;
            let value = match dimension {
                "outlet" => name(&value),
                "issue" => value.split_once('|').map_or(String::new(), |(id, issue)| format!("{}\n{issue}", name(id))),
                _ => value,
            };
            totals.entry(value).or_default()[band.min(3)] += adverts.unsigned_abs();
        }
        Ok(totals)
    }

    pub(crate) fn outlet_names(&self) -> Result<BTreeMap<i64, String>, CaseError> {
        let mut query = self.db.prepare_cached("SELECT id, name FROM outlets")?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A search as FTS5 wants it: every word must be there; no operator of its language gets through.
fn words_query(words: &str) -> Result<String, CaseError> {
    let mut terms = Vec::new();
    for part in words.split_whitespace() {
        let pieces: Vec<&str> = part.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
        let any_ending = part.ends_with('*');
        for (n, piece) in pieces.iter().enumerate() {
            let star = if any_ending && n + 1 == pieces.len() { " *" } else { "" };
            terms.push(format!("\"{piece}\"{star}"));
        }
    }
    if terms.is_empty() {
        return Err(CaseError::input("there is no word to search for"));
    }
    Ok(terms.join(" AND "))
}
