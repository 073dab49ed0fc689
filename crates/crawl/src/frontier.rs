//! The frontier in SQLite: what waits, what is done, what was found. Each step is one transaction, so that a crawl that was
//! killed goes on where it stood.

use crate::address;
use crate::clock::Millis;
use crate::settle::add;
use crate::traits::{HostCount, Kept, Link, Purpose};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;
use url::Url;

/// Version of the tables.
const VERSION: i64 = 1;
/// Attempts at all; within one round, see `settle`.
const ALL_TRIES: i64 = 9;

/// What went wrong with the frontier.
pub type Error = rusqlite::Error;

/// An address that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// The address.
    pub url: Url,
    /// Id of its source.
    pub source: String,
    /// Why it is asked for.
    pub purpose: Purpose,
    /// Steps from a start page.
    pub depth: u32,
    /// Redirects on the way here.
    pub hops: u32,
    /// `ETag` of last time.
    pub etag: Option<String>,
    /// `Last-Modified` of last time.
    pub modified: Option<String>,
}

/// The frontier.
#[derive(Debug)]
pub struct Frontier {
    pub(crate) db: Connection,
    pub(crate) round: i64,
    /// Number of the last advert that the sink has, and the sink's position behind it.
    pub(crate) delivered: (i64, u64),
}

impl Frontier {
    /// Opens the frontier, or makes a new one.
    ///
    /// # Errors
    /// The file cannot be opened, is damaged or comes from a newer version.
    pub fn open(path: &Path) -> Result<Frontier, String> {
        let named = |e: Error| format!("{}: {e}", path.display());
        let db = Connection::open(path).map_err(named)?;
        Frontier::prepare(&db).map_err(named)?;
        let mut frontier = Frontier { db, round: 0, delivered: (0, 0) };
        let version = frontier.number("version").map_err(named)?.unwrap_or(VERSION);
        if version > VERSION {
            return Err(format!("{}: was written by a newer sakchy; use that one", path.display()));
        }
        frontier.set("version", &VERSION.to_string()).map_err(named)?;
        frontier.round = frontier.number("round").map_err(named)?.unwrap_or(0);
        let delivered = frontier.number("delivered").map_err(named)?.unwrap_or(0);
        let position = frontier.number("position").map_err(named)?.unwrap_or(0);
        frontier.delivered = (delivered, u64::try_from(position).unwrap_or(0));
        Ok(frontier)
    }

    fn prepare(db: &Connection) -> Result<(), Error> {
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "cache_size", -16_000)?;
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch(include_str!("schema.sql"))
    }

    /// A note of the crawl as a whole.
    ///
    /// # Errors
    /// SQLite's.
    pub fn get(&self, key: &str) -> Result<Option<String>, Error> {
        self.db.query_row("SELECT value FROM state WHERE key = ?", [key], |r| r.get(0)).optional()
    }

    fn number(&self, key: &str) -> Result<Option<i64>, Error> {
        Ok(self.get(key)?.and_then(|v| v.parse().ok()))
    }

    /// Writes a note of the crawl as a whole.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set(&self, key: &str, value: &str) -> Result<(), Error> {
        self.db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [key, value]).map(|_| ())
    }

    /// Begins a round, or goes on with one that was broken off. Hosts that were being asked wait one `pause` more.
    /// Tells whether an old round goes on.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_round(&mut self, now: Millis, pause: Millis) -> Result<bool, Error> {
        let goes_on = self.get("open")?.as_deref() == Some("1");
        let tx = self.db.transaction()?;
        tx.execute("UPDATE hosts SET asking = 0, next_at = MAX(next_at, ?) WHERE asking = 1", [now + pause])?;
        if !goes_on {
            self.round += 1;
            tx.execute("UPDATE hosts SET pages = 0, bytes = 0, adverts = 0, flagged = 0", [])?;
            tx.execute(
                "UPDATE pages SET state = 0, round = ? WHERE state = 3 AND tries < ?",
                params![self.round, ALL_TRIES],
            )?;
            tx.execute("INSERT OR REPLACE INTO state VALUES ('round', ?), ('open', '1')", [self.round.to_string()])?;
        }
        tx.commit()?;
        Ok(goes_on)
    }

    /// Ends the round: the next one begins anew with the start pages.
    ///
    /// # Errors
    /// SQLite's.
    pub fn end_round(&mut self) -> Result<(), Error> {
        self.set("open", "0")?;
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Queues an address that every round begins with.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin_with(&mut self, url: &Url, source: &str, purpose: Purpose) -> Result<(), Error> {
        let round = self.round;
        let tx = self.db.transaction()?;
        let link = Link { url: url.clone(), purpose, changed: None };
        add(&tx, &link, source, 0, 0, round)?;
        tx.prepare_cached(
            "UPDATE pages SET state = 0, round = ?, rank = ?, source = ?, tries = 0 WHERE key = ? AND round < ?",
        )?
        .execute(params![round, purpose.rank(), source, address::key(url), round])?;
        tx.commit()
    }

    /// Hosts with addresses that wait, and when each may be asked.
    ///
    /// # Errors
    /// SQLite's.
    pub fn hosts(&self) -> Result<Vec<(String, Millis)>, Error> {
        let mut query = self.db.prepare(
            "SELECT DISTINCT p.host, COALESCE(h.next_at, 0) FROM pages p LEFT JOIN hosts h USING (host) WHERE p.state = 0",
        )?;
        query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }

    /// The next address of a host.
    ///
    /// # Errors
    /// SQLite's.
    pub fn next(&self, host: &str) -> Result<Option<Waiting>, Error> {
        let mut query = self.db.prepare_cached(
            "SELECT id, url, source, rank, depth, hops, etag, modified FROM pages WHERE state = 0 AND host = ?
             ORDER BY rank, id LIMIT 1",
        )?;
        query.query_row([host], waiting).optional()
    }

    /// The address that waits under this name, if it does.
    ///
    /// # Errors
    /// SQLite's.
    pub fn waiting_for(&self, url: &Url) -> Result<Option<Waiting>, Error> {
        let query = "SELECT id, url, source, rank, depth, hops, etag, modified FROM pages WHERE state = 0 AND key = ?";
        self.db.query_row(query, [address::key(url)], waiting).optional()
    }

    /// How many addresses of a host wait.
    ///
    /// # Errors
    /// SQLite's.
    pub fn waiting(&self, host: &str) -> Result<u64, Error> {
        let mut query = self.db.prepare_cached("SELECT COUNT(*) FROM pages WHERE state = 0 AND host = ?")?;
        query.query_row([host], |r| r.get::<_, i64>(0)).map(|n| u64::try_from(n).unwrap_or(0))
    }

    /// Notes that a host is about to be asked, so that a crash keeps the pause.
    ///
    /// # Errors
    /// SQLite's.
    pub fn asking(&mut self, host: &str, next_at: Millis) -> Result<(), Error> {
        self.db
            .prepare_cached(
                "INSERT INTO hosts (host, next_at, asking) VALUES (?1, ?2, 1)
                 ON CONFLICT (host) DO UPDATE SET next_at = ?2, asking = 1",
            )?
            .execute(params![host, next_at])
            .map(|_| ())
    }

    /// Notes when a host may be asked again, after a request that was none for a page.
    ///
    /// # Errors
    /// SQLite's.
    pub fn asked(&mut self, host: &str, next_at: Millis) -> Result<(), Error> {
        self.db
            .prepare_cached("UPDATE hosts SET next_at = ?2, asking = 0 WHERE host = ?1")?
            .execute(params![host, next_at])
            .map(|_| ())
    }

    /// What is counted of a host in this round, as far as it is written down.
    ///
    /// # Errors
    /// SQLite's.
    pub fn count(&self, host: &str) -> Result<HostCount, Error> {
        let found = self.db.query_row("SELECT pages, bytes, adverts, flagged FROM hosts WHERE host = ?", [host], |r| {
            let bytes: i64 = r.get(1)?;
            let (pages, adverts, flagged) = (r.get(0)?, r.get(2)?, r.get(3)?);
            Ok(HostCount { pages, adverts, flagged, bytes: u64::try_from(bytes).unwrap_or(0), ..HostCount::default() })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    /// The robots.txt of an origin: when it was read, what came of it, its bytes.
    ///
    /// # Errors
    /// SQLite's.
    pub fn robots(&self, origin: &str) -> Result<Option<(Millis, String, Vec<u8>)>, Error> {
        let query = "SELECT fetched, verdict, body FROM robots WHERE origin = ?";
        self.db.query_row(query, [origin], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()
    }

    /// Keeps a robots.txt.
    ///
    /// # Errors
    /// SQLite's.
    pub fn keep_robots(&mut self, origin: &str, at: Millis, verdict: &str, body: &[u8]) -> Result<(), Error> {
        let query = "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)";
        self.db.execute(query, params![origin, at, verdict, body]).map(|_| ())
    }

    /// Another page of the same host with the same bytes, in its own words another address.
    ///
    /// # Errors
    /// SQLite's.
    pub fn same_body(&self, body: &str, page: &Waiting) -> Result<Option<String>, Error> {
        let mut query = self
            .db
            .prepare_cached("SELECT url FROM pages WHERE body = ? AND id <> ? AND host = ? AND state = 1 LIMIT 1")?;
        query.query_row(params![body, page.id, address::host(&page.url)], |r| r.get(0)).optional()
    }

    /// Is an address known, and as what status?
    ///
    /// # Errors
    /// SQLite's.
    pub fn status_of(&self, url: &Url) -> Result<Option<Option<u16>>, Error> {
        let mut query = self.db.prepare_cached("SELECT status FROM pages WHERE key = ?")?;
        query.query_row([address::key(url)], |r| r.get(0)).optional()
    }

    /// An address that is not asked for in this round: robots.txt forbids it, or its source is not in the list.
    ///
    /// # Errors
    /// SQLite's.
    pub fn pass_over(&mut self, page: &Waiting, note: &str) -> Result<(), Error> {
        self.db
            .prepare_cached("UPDATE pages SET state = 3, note = ? WHERE id = ?")?
            .execute(params![note, page.id])
            .map(|_| ())
    }

    /// The sink's position behind the last advert that it is known to have.
    pub fn position(&self) -> u64 {
        self.delivered.1
    }

    /// Number of the last advert that the sink is known to have.
    pub fn last_delivered(&self) -> i64 {
        self.delivered.0
    }

    /// Adverts that the sink has not got yet, oldest first, with their numbers; at most 500.
    ///
    /// # Errors
    /// SQLite's.
    pub fn undelivered(&self) -> Result<Vec<(i64, Kept)>, Error> {
        let mut query = self.db.prepare_cached(
            "SELECT a.id, a.name, a.source, a.json, p.url, a.seen, a.response, a.warc, a.offset
             FROM adverts a JOIN pages p ON p.id = a.page WHERE a.id > ? ORDER BY a.id LIMIT 500",
        )?;
        let rows = query.query_map([self.delivered.0], |r| {
            let json: String = r.get(3)?;
            let source: String = r.get(2)?;
            let offset: i64 = r.get(8)?;
            let kept = Kept {
                id: r.get(1)?,
                outlet: source.clone(),
                source,
                advert: serde_json::from_str(&json).unwrap_or_default(),
                page: r.get(4)?,
                seen: r.get(5)?,
                sha256: r.get(6)?,
                warc: r.get(7)?,
                offset: u64::try_from(offset).unwrap_or(0),
            };
            Ok((r.get(0)?, kept))
        })?;
        rows.collect()
    }

    /// Notes what the sink has; written down with the next step, or at once.
    ///
    /// # Errors
    /// SQLite's.
    pub fn delivered(&mut self, last: i64, position: u64, at_once: bool) -> Result<(), Error> {
        self.delivered = (last, position);
        if at_once {
            self.set("delivered", &last.to_string())?;
            self.set("position", &position.to_string())?;
        }
        Ok(())
    }
}

fn waiting(r: &Row<'_>) -> Result<Waiting, Error> {
    let url: String = r.get(1)?;
    let url =
        Url::parse(&url).map_err(|e| Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
    Ok(Waiting {
        id: r.get(0)?,
        url,
        source: r.get(2)?,
        purpose: Purpose::of_rank(r.get(3)?),
        depth: r.get(4)?,
        hops: r.get(5)?,
        etag: r.get(6)?,
        modified: r.get(7)?,
    })
}
