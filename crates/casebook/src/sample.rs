//! A random sample of unflagged adverts, to be checked by hand: how many does the screener miss?

use crate::case::Case;
use crate::digest::Fields;
use crate::error::CaseError;
use crate::log;
use crate::texts::Texts;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

/// A sample and what came of checking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its number.
    pub id: i64,
    /// What the draw began from.
    pub seed: i64,
    /// Adverts drawn.
    pub size: i64,
    /// Unflagged adverts that they were drawn from.
    pub among: i64,
    /// Adverts of it that were reviewed (not only opened).
    pub checked: i64,
    /// Of these, adverts that raised concern.
    pub missed: i64,
}

impl Sample {
    /// Share of missed adverts among those checked, with its 95% interval (Wilson, 1927); none before any was checked.
    pub fn rate(&self) -> Option<(f64, f64, f64)> {
        const Z: f64 = 1.959_964;
        let n = self.checked as f64;
        (self.checked > 0).then(|| {
            let p = self.missed as f64 / n;
            let middle = p + Z * Z / (2.0 * n);
            let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
            let of = 1.0 + Z * Z / n;
            (p, ((middle - half) / of).max(0.0), ((middle + half) / of).min(1.0))
        })
    }

    /// The sample in words.
    pub fn lines(&self, texts: Texts) -> Vec<String> {
        let number = |n: i64| n.to_string();
        let places = [
            ("n", number(self.size)),
            ("all", number(self.among)),
            ("seed", number(self.seed)),
            ("checked", number(self.checked)),
            ("missed", number(self.missed)),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let first = texts.with("report.sample-line", &places);
        let percent = |share: f64| format!("{:.1}%", share * 100.0);
        let second = match self.rate() {
            None => texts.get("report.sample-open").to_string(),
            Some((rate, low, high)) => {
                let (rate, low, high) = (percent(rate), percent(low), percent(high));
                texts.with("report.sample-rate", &[("rate", &rate), ("low", &low), ("high", &high)])
            }
        };
        vec![first, second]
    }
}

impl Case {
    /// Draws `size` adverts below `warning`, by `seed`; the same seed and size give the sample drawn before.
    ///
    /// # Errors
    /// There are no unflagged adverts, or the casebook cannot be written.
    pub fn draw_sample(&mut self, size: usize, seed: i64) -> Result<Sample, CaseError> {
        let settings = self.settings.clone();
        let wanted = i64::try_from(size).unwrap_or(i64::MAX);
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known: Option<i64> = tx
            .query_row("SELECT id FROM samples WHERE seed = ?1 AND size = ?2", params![seed, wanted], |r| r.get(0))
            .optional()?;
        if known.is_none() {
            // the smallest hashes of seed and advert: any order of reading gives the same draw
            let mut lots: Vec<([u8; 32], i64)> = Vec::new();
            let mut query = tx.prepare("SELECT advert FROM current WHERE band < 2")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let advert: i64 = row.get(0)?;
                lots.push((Fields::new("sample").number(seed).number(advert).finish(), advert));
            }
            drop(rows);
            drop(query);
            let among = i64::try_from(lots.len()).unwrap_or(i64::MAX);
            if among == 0 {
                return Err(CaseError::input("there is no advert without serious signs to draw from"));
            }
            lots.sort_unstable();
            lots.truncate(size);
            lots.sort_by_key(|l| l.1);
            tx.execute("INSERT INTO samples (seed, size, among) VALUES (?1, ?2, ?3)", params![seed, wanted, among])?;
            let id = tx.last_insert_rowid();
            let mut insert = tx.prepare("INSERT INTO sampled (sample, advert) VALUES (?1, ?2)")?;
            for (_, advert) in &lots {
                insert.execute([id, *advert])?;
            }
            drop(insert);
            let digests = serde_json::json!({"samples": digest(&tx)?});
            let detail = serde_json::json!({"seed": seed, "size": wanted, "among": among, "drawn": lots.len(), "digests": digests});
            log::append(&tx, &settings, "sample", &detail)?;
        }
        tx.commit()?;
        let of = |s: &Sample| s.seed == seed && known.is_none_or(|id| id == s.id);
        self.samples()?.into_iter().rev().find(of).ok_or_else(|| CaseError::input("the sample was not kept"))
    }

    /// All samples with what came of checking them.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn samples(&self) -> Result<Vec<Sample>, CaseError> {
        // states: 2 concern, 3 no concern, 5 letter sent, 6 reported; an open review or a test interview has no outcome yet
        let mut query = self.db.prepare_cached(
            "SELECT s.id, s.seed, (SELECT count(*) FROM sampled d WHERE d.sample = s.id), s.among,
             (SELECT count(*) FROM sampled d JOIN current c ON c.advert = d.advert WHERE d.sample = s.id AND c.state IN (2, 3, 5, 6)),
             (SELECT count(*) FROM sampled d JOIN current c ON c.advert = d.advert WHERE d.sample = s.id AND c.state IN (2, 5, 6))
             FROM samples s ORDER BY s.id",
        )?;
        let rows = query.query_map([], |r| {
            let (id, seed, size) = (r.get(0)?, r.get(1)?, r.get(2)?);
            Ok(Sample { id, seed, size, among: r.get(3)?, checked: r.get(4)?, missed: r.get(5)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Digest of all samples.
pub(crate) fn digest(db: &rusqlite::Connection) -> Result<String, CaseError> {
    let mut fields = Fields::new("samples");
    let mut query = db.prepare(
        "SELECT s.id, s.seed, s.size, s.among, d.advert FROM samples s JOIN sampled d ON d.sample = s.id ORDER BY s.id, d.advert",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..5 {
            fields = fields.number(row.get(column)?);
        }
    }
    Ok(crate::digest::hex(&fields.finish()))
}
