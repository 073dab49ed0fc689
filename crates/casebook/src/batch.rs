//! Batches: adverts and answers written in one transaction, with one entry in the log.

use crate::advert::{Prepared, ReadyAnswer, answer_hash};
use crate::case::Settings;
use crate::digest::{Hash, hex};
use crate::error::CaseError;
use crate::log;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What became of an advert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its number.
    pub advert: i64,
    /// The advert was not there before.
    pub new: bool,
    /// The answer is the first by these versions.
    pub assessed: bool,
}

/// Adverts and answers that are kept together when the batch is committed; dropped, it leaves no trace.
pub struct Batch<'c> {
    tx: Transaction<'c>,
    settings: Settings,
    /// First number of this batch and the next one to give, of adverts and of assessments.
    adverts: (i64, i64),
    assessments: (i64, i64),
    adverts_digest: Sha256,
    assessments_digest: Sha256,
    at: i64,
    registry: String,
    outlets: BTreeMap<String, i64>,
    versions: BTreeMap<[String; 4], i64>,
    tally: BTreeMap<(&'static str, String, i64), i64>,
    progress: BTreeMap<i64, (i64, bool)>,
}

impl<'c> Batch<'c> {
    pub(crate) fn begin(tx: Transaction<'c>, settings: Settings) -> Result<Batch<'c>, CaseError> {
        let next = |table: &str| -> Result<i64, CaseError> {
            let mut query = tx.prepare_cached(&format!("SELECT coalesce(max(id), 0) + 1 FROM {table}"))?;
            Ok(query.query_row([], |r| r.get(0))?)
        };
        let (advert, assessment) = (next("adverts")?, next("assessments")?);
        Ok(Batch {
            adverts: (advert, advert),
            assessments: (assessment, assessment),
            adverts_digest: Sha256::new(),
            assessments_digest: Sha256::new(),
            at: (settings.clock)(),
            registry: String::new(),
            outlets: BTreeMap::new(),
            versions: BTreeMap::new(),
            tally: BTreeMap::new(),
            progress: BTreeMap::new(),
            settings,
            tx,
        })
    }

    /// The list of permits that the answers were made with, by the hash of its content; empty without one.
    pub fn registry(&mut self, version: &str) {
        self.registry = version.to_string();
    }

    /// Adverts and answers written so far.
    pub fn len(&self) -> usize {
        let n = (self.adverts.1 - self.adverts.0).max(self.assessments.1 - self.assessments.0);
        usize::try_from(n).unwrap_or(0)
    }

    /// Was nothing written yet?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The advert's number, when it is there and has an answer by these versions: nothing is left to do for it.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn known(&self, prepared: &Prepared<'_>, versions: &[String; 4]) -> Result<Option<i64>, CaseError> {
        let Some(advert) = self.find(prepared.key)? else { return Ok(None) };
        let Some(version) = self.find_version(versions)? else { return Ok(None) };
        let mut query = self.tx.prepare_cached("SELECT 1 FROM assessments WHERE advert = ?1 AND version = ?2")?;
        Ok(query.exists(params![advert, version])?.then_some(advert))
    }

    /// Adds an advert and its answer, where they are not there already.
    ///
    /// # Errors
    /// The casebook cannot be written; the batch is then best dropped.
    pub fn add(&mut self, prepared: &Prepared<'_>) -> Result<Added, CaseError> {
        let found = self.find(prepared.key)?;
        let new = found.is_none();
        let advert = match found {
            Some(advert) => {
                self.sighting(advert, prepared.advert.source)?;
                advert
            }
            None => self.insert(prepared)?,
        };
        if new {
            self.progress.entry(prepared.advert.source).or_default().0 += 1;
        }
        let assessed = match &prepared.answer {
            Some(answer) => {
                let outlet = self.outlet(prepared.advert.outlet)?;
                self.assess_with(advert, answer, outlet, &prepared.month, prepared.advert.issue)?
            }
            None => false,
        };
        Ok(Added { advert, new, assessed })
    }

    fn find(&self, key: i64) -> Result<Option<i64>, CaseError> {
        let mut query = self.tx.prepare_cached("SELECT id FROM adverts WHERE key = ?1")?;
        Ok(query.query_row([key], |r| r.get(0)).optional()?)
    }

    fn sighting(&self, advert: i64, source: i64) -> Result<(), CaseError> {
        let mut query = self.tx.prepare_cached(
            "INSERT OR IGNORE INTO sightings (advert, source)
             SELECT ?1, ?2 WHERE (SELECT source FROM adverts WHERE id = ?1) <> ?2",
        )?;
        query.execute(params![advert, source])?;
        Ok(())
    }

    fn insert(&mut self, prepared: &Prepared<'_>) -> Result<i64, CaseError> {
        let (id, a) = (self.adverts.1, &prepared.advert);
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO adverts (id, source, place, given, outlet, issue, page, date, url, rubric, title, text, key, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?;
        insert.execute(params![
            id,
            a.source,
            i64::try_from(a.place).unwrap_or(i64::MAX),
            a.id,
            a.outlet,
            a.issue,
            a.page,
            a.date,
            a.url,
            a.rubric,
            a.title.unwrap_or(""),
            a.text,
            prepared.key,
            &prepared.hash[..],
        ])?;
        let mut index = self.tx.prepare_cached("INSERT INTO words (rowid, title, text) VALUES (?1, ?2, ?3)")?;
        index.execute(params![id, a.title.unwrap_or(""), a.text])?;
        self.adverts_digest.update(prepared.hash);
        self.adverts.1 += 1;
        Ok(id)
    }

    fn outlet(&mut self, name: Option<&str>) -> Result<i64, CaseError> {
        let Some(name) = name.filter(|n| !n.is_empty()) else { return Ok(0) };
        if let Some(id) = self.outlets.get(name) {
            return Ok(*id);
        }
        self.tx.prepare_cached("INSERT OR IGNORE INTO outlets (name) VALUES (?1)")?.execute([name])?;
        let mut query = self.tx.prepare_cached("SELECT id FROM outlets WHERE name = ?1")?;
        let id = query.query_row([name], |r| r.get(0))?;
        self.outlets.insert(name.to_string(), id);
        Ok(id)
    }

    fn find_version(&self, versions: &[String; 4]) -> Result<Option<i64>, CaseError> {
        if let Some(id) = self.versions.get(versions) {
            return Ok(Some(*id));
        }
        let mut query = self.tx.prepare_cached(
            "SELECT id FROM versions WHERE engine = ?1 AND pack = ?2 AND model = ?3 AND registry = ?4",
        )?;
        let [engine, pack, model, registry] = versions;
        Ok(query.query_row([engine, pack, model, registry], |r| r.get(0)).optional()?)
    }

    fn version(&mut self, versions: [String; 4]) -> Result<i64, CaseError> {
        let id = match self.find_version(&versions)? {
            Some(id) => id,
            None => {
                let [engine, pack, model, registry] = &versions;
                self.tx.execute(
                    "INSERT INTO versions (engine, pack, model, registry) VALUES (?1, ?2, ?3, ?4)",
                    [engine, pack, model, registry],
                )?;
                self.tx.last_insert_rowid()
            }
        };
        self.versions.insert(versions, id);
        Ok(id)
    }

    /// Adds an answer to an advert that is there; false when it has one by these versions.
    ///
    /// # Errors
    /// There is no such advert, or the casebook cannot be written.
    pub fn assess(&mut self, advert: i64, answer: &sakchy::Assessment) -> Result<bool, CaseError> {
        let mut query = self.tx.prepare_cached("SELECT outlet, issue, date, title, text FROM adverts WHERE id = ?1")?;
        type Fields = (Option<String>, Option<String>, Option<String>, String, String);
        let row: Fields = query.query_row([advert], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?;
        drop(query);
        let (outlet, issue, date, title, text) = row;
        let ready = crate::advert::ready(answer, &title, &text);
        let outlet = self.outlet(outlet.as_deref())?;
        let month = date.as_deref().and_then(crate::clock::day).map_or_else(String::new, |day| day[..7].to_string());
        self.assess_with(advert, &ready, outlet, &month, issue.as_deref())
    }

    fn assess_with(
        &mut self,
        advert: i64,
        answer: &ReadyAnswer,
        outlet: i64,
        month: &str,
        issue: Option<&str>,
    ) -> Result<bool, CaseError> {
        let versions = [answer.engine.clone(), answer.pack.clone(), answer.model.clone(), self.registry.clone()];
        let texts = [&answer.engine, &answer.pack, &answer.model, &self.registry];
        let hash = answer_hash(
            advert,
            texts.map(String::as_str),
            self.at,
            i64::from(answer.score),
            answer.band,
            &answer.answer,
            &answer.places,
        );
        let version = self.version(versions)?;
        let id = self.assessments.1;
        let mut insert = self.tx.prepare_cached(
            "INSERT OR IGNORE INTO assessments (id, advert, version, at, score, band, answer, places, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let written = insert.execute(params![
            id,
            advert,
            version,
            self.at,
            answer.score,
            answer.band,
            answer.answer,
            answer.places,
            &hash[..]
        ])?;
        drop(insert);
        if written == 0 {
            return Ok(false);
        }
        self.assessments_digest.update(hash);
        self.assessments.1 += 1;
        self.take_out(advert)?;
        self.current(id, advert, answer, outlet, month)?;
        self.contacts(advert, answer)?;
        self.count(answer, outlet, month, issue, 1);
        Ok(true)
    }

    /// The answer so far, where there is one, leaves the totals; it stays in the table of answers.
    fn take_out(&mut self, advert: i64) -> Result<(), CaseError> {
        let mut query = self.tx.prepare_cached(
            "SELECT s.answer, s.band, c.outlet, c.month, a.issue FROM current c JOIN assessments s ON s.id = c.assessment
             JOIN adverts a ON a.id = c.advert WHERE c.advert = ?1",
        )?;
        type Old = (String, i64, i64, String, Option<String>);
        let old: Option<Old> =
            query.query_row([advert], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))).optional()?;
        drop(query);
        let Some((answer, band, outlet, month, issue)) = old else { return Ok(()) };
        let answer = crate::answer::Kept::read(&answer)?;
        self.count(&answer.counted(band), outlet, &month, issue.as_deref(), -1);
        Ok(())
    }

    fn current(&self, id: i64, advert: i64, answer: &ReadyAnswer, outlet: i64, month: &str) -> Result<(), CaseError> {
        let mut query = self.tx.prepare_cached(
            "INSERT INTO current (advert, assessment, score, band, outlet, month, language, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
             ON CONFLICT (advert) DO UPDATE SET assessment = ?2, score = ?3, band = ?4, language = ?7",
        )?;
        query.execute(params![advert, id, answer.score, answer.band, outlet, month, answer.language])?;
        Ok(())
    }

    fn contacts(&self, advert: i64, answer: &ReadyAnswer) -> Result<(), CaseError> {
        let kinds = [("telephone", &answer.telephones), ("handle", &answer.handles)];
        for (kind, value) in kinds.iter().flat_map(|(kind, values)| values.iter().map(move |v| (*kind, v))) {
            let mut find = self.tx.prepare_cached("SELECT id FROM contacts WHERE value = ?1 AND kind = ?2")?;
            let known: Option<i64> = find.query_row([value, kind], |r| r.get(0)).optional()?;
            let contact = match known {
                Some(contact) => contact,
                None => {
                    let mut insert =
                        self.tx.prepare_cached("INSERT INTO contacts (kind, value, adverts) VALUES (?1, ?2, 0)")?;
                    insert.execute([kind, value.as_str()])?;
                    self.tx.last_insert_rowid()
                }
            };
            let mut mention =
                self.tx.prepare_cached("INSERT OR IGNORE INTO mentions (contact, advert) VALUES (?1, ?2)")?;
            if mention.execute([contact, advert])? > 0 {
                self.tx
                    .prepare_cached("UPDATE contacts SET adverts = adverts + 1 WHERE id = ?1")?
                    .execute([contact])?;
            }
        }
        Ok(())
    }

    fn count(&mut self, answer: &ReadyAnswer, outlet: i64, month: &str, issue: Option<&str>, n: i64) {
        let band = answer.band;
        let mut add = |dimension: &'static str, value: String| {
            *self.tally.entry((dimension, value, band)).or_default() += n;
        };
        add("all", String::new());
        add("outlet", outlet.to_string());
        add("issue", format!("{outlet}|{}", issue.unwrap_or("")));
        add("month", month.to_string());
        add("language", answer.language.clone());
        add("kind", answer.kind.clone());
        add("offer", if answer.offer { "yes" } else { "no" }.to_string());
        add("category", answer.category.to_string());
        for indicator in &answer.indicators {
            add("indicator", indicator.clone());
        }
    }

    /// Notes that all adverts of a source were taken.
    pub fn finish_source(&mut self, source: i64) {
        self.progress.entry(source).or_default().1 = true;
    }

    /// Keeps the batch.
    ///
    /// # Errors
    /// The casebook cannot be written: nothing of the batch is kept then.
    pub fn commit(mut self) -> Result<(), CaseError> {
        for ((dimension, value, band), n) in std::mem::take(&mut self.tally) {
            let mut query = self.tx.prepare_cached(
                "INSERT INTO tally (dimension, value, band, adverts) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (dimension, value, band) DO UPDATE SET adverts = adverts + ?4",
            )?;
            query.execute(params![dimension, value, band, n])?;
        }
        let mut finished = Vec::new();
        for (source, (adverts, done)) in std::mem::take(&mut self.progress) {
            let mut query = self.tx.prepare_cached(
                "UPDATE progress SET adverts = adverts + ?2, finished = max(finished, ?3) WHERE source = ?1",
            )?;
            query.execute(params![source, adverts, done])?;
            if done {
                finished.push(source);
            }
        }
        let mut detail = serde_json::Map::new();
        let mut range = |name: &str, (from, next): (i64, i64), digest: &mut Sha256| {
            if next > from {
                let digest: Hash = std::mem::take(digest).finalize().into();
                detail.insert(name.into(), serde_json::json!({"from": from, "to": next - 1, "digest": hex(&digest)}));
            }
        };
        range("adverts", self.adverts, &mut self.adverts_digest);
        range("assessments", self.assessments, &mut self.assessments_digest);
        if !finished.is_empty() {
            detail.insert("finished".into(), finished.into());
        }
        if !detail.is_empty() {
            log::append(&self.tx, &self.settings, "batch", &detail.into())?;
        }
        self.tx.commit()?;
        Ok(())
    }
}
