//! The custody log: who did what when, chained by hash.

use crate::case::{Case, Settings};
use crate::clock;
use crate::digest::{Fields, Hash, hex};
use crate::error::CaseError;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The newest entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, 0 for an empty log.
    pub seq: i64,
    /// Its time as text; empty for an empty log.
    pub at: String,
    /// Its hash; zeros for an empty log.
    pub hash: Hash,
}

impl Head {
    /// The hash as reports print it.
    pub fn hex(&self) -> String {
        hex(&self.hash)
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Number, from 1.
    pub seq: i64,
    /// Time, UTC.
    pub at: String,
    /// Who.
    pub actor: String,
    /// With which version.
    pub version: String,
    /// What.
    pub event: String,
    /// More, as JSON.
    pub detail: String,
    /// Hash of the entry before.
    pub prev: Vec<u8>,
    /// Hash of this one.
    pub hash: Vec<u8>,
}

impl LogEntry {
    pub(crate) fn of(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
        Ok(LogEntry {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            version: row.get(3)?,
            event: row.get(4)?,
            detail: row.get(5)?,
            prev: row.get(6)?,
            hash: row.get(7)?,
        })
    }

    /// The hash that the entry must have.
    pub(crate) fn expected(&self) -> Hash {
        Fields::new("log")
            .bytes(&self.prev)
            .number(self.seq)
            .text(&self.at)
            .text(&self.actor)
            .text(&self.version)
            .text(&self.event)
            .text(&self.detail)
            .finish()
    }
}

/// Columns in the order of [`LogEntry::of`].
pub(crate) const COLUMNS: &str = "seq, at, actor, version, event, detail, prev, hash";

/// The newest entry.
pub(crate) fn last(db: &Connection) -> Result<Head, CaseError> {
    let mut query = db.prepare_cached("SELECT seq, at, hash FROM log ORDER BY seq DESC LIMIT 1")?;
    let row = query.query_row([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, Vec<u8>>(2)?))).optional()?;
    Ok(match row {
        None => Head { seq: 0, at: String::new(), hash: [0; 32] },
        Some((seq, at, hash)) => Head { seq, at, hash: hash.try_into().unwrap_or([0; 32]) },
    })
}

/// Adds an entry. The caller holds the write lock, so that no other entry comes between.
///
/// A clock that jumped back is written down as it is and marked: the order of the log is that of its numbers.
pub(crate) fn append(
    db: &Connection,
    settings: &Settings,
    event: &str,
    detail: &serde_json::Value,
) -> Result<(), CaseError> {
    let before = last(db)?;
    let at = clock::stamp((settings.clock)());
    let mut detail = detail.clone();
    if at < before.at
        && let Some(fields) = detail.as_object_mut()
    {
        fields.insert("clock_went_back_from".into(), before.at.clone().into());
    }
    let mut entry = LogEntry {
        seq: before.seq + 1,
        at,
        actor: settings.actor.clone(),
        version: settings.version.clone(),
        event: event.to_string(),
        detail: detail.to_string(),
        prev: before.hash.to_vec(),
        hash: Vec::new(),
    };
    entry.hash = entry.expected().to_vec();
    let mut insert = db.prepare_cached(
        "INSERT INTO log (seq, at, actor, version, event, detail, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        entry.seq,
        entry.at,
        entry.actor,
        entry.version,
        entry.event,
        entry.detail,
        entry.prev,
        entry.hash
    ])?;
    Ok(())
}

impl Case {
    /// Entries of the log from a number on, oldest first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn log_entries(&self, from: i64, most: usize) -> Result<Vec<LogEntry>, CaseError> {
        let mut query =
            self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM log WHERE seq >= ?1 ORDER BY seq LIMIT ?2"))?;
        let rows = query.query_map(params![from, i64::try_from(most).unwrap_or(i64::MAX)], LogEntry::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
