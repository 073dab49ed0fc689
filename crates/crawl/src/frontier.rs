//! The frontier in SQLite: what waits, what is done, what was found. Each step is one transaction, so that a crawl that was
//! killed goes on where it stood.

use crate::address;
use crate::clock::Millis;
use crate::traits::{Advert, HostCount, Kept, Link, Purpose};
use crate::warc::{Place, hex};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};
use std::path::Path;
use url::Url;

/// Version of the tables.
const VERSION: i64 = 1;
/// Attempts in one round, and attempts at all.
const TRIES: i64 = 3;
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

/// How a request for a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It was read, has not changed, or is gone.
    Done,
    /// It goes on at this address, which is the same page (another scheme).
    MovedTo(Url),
    /// It failed for good.
    Failed,
    /// It failed; asking again may help.
    Passing,
}

/// All that is to be written down of one request.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// The page asked for.
    pub page: &'a Waiting,
    /// How it ended.
    pub end: End,
    /// Status of HTTP.
    pub status: Option<u16>,
    /// `ETag`, `Last-Modified` and media type of the answer.
    pub etag: Option<&'a str>,
    /// As for `etag`.
    pub modified: Option<&'a str>,
    /// As for `etag`.
    pub mime: &'a str,
    /// When.
    pub at: Millis,
    /// SHA-256 of the page unpacked.
    pub body: Option<&'a str>,
    /// The place of the response in the archive, the SHA-256 of it and the SHA-1 of its payload.
    pub proof: Option<(&'a Place, &'a str, &'a str)>,
    /// Length of the archive's file behind this exchange.
    pub archive: Option<(&'a str, u64)>,
    /// What people should know.
    pub note: Option<&'a str>,
    /// Links to follow.
    pub links: &'a [Link],
    /// The page under another name, which need not be asked for.
    pub canonical: Option<&'a Url>,
    /// Adverts found.
    pub adverts: &'a [Advert],
    /// Bytes received.
    pub bytes: u64,
    /// When the host may be asked again.
    pub next_at: Millis,
}

/// What was new about a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Addresses not known before.
    pub links: u32,
    /// Adverts not known before.
    pub adverts: u32,
    /// Those of them with signs that need checking.
    pub flagged: u32,
}

/// The frontier.
#[derive(Debug)]
pub struct Frontier {
    db: Connection,
    round: i64,
    /// Number of the last advert that the sink has, and the sink's position behind it.
    delivered: (i64, u64),
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
            tx.execute("UPDATE pages SET state = 0, round = ? WHERE state = 3 AND tries < ?", params![self.round, ALL_TRIES])?;
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
        tx.prepare_cached("UPDATE pages SET state = 0, round = ?, rank = ?, source = ?, tries = 0 WHERE key = ? AND round < ?")?
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
        let mut query =
            self.db.prepare_cached("SELECT url FROM pages WHERE body = ? AND id <> ? AND host = ? AND state = 1 LIMIT 1")?;
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

    /// An address that is not asked for: robots.txt forbids it, or it is no longer wanted.
    ///
    /// # Errors
    /// SQLite's.
    pub fn pass_over(&mut self, page: &Waiting, note: &str) -> Result<(), Error> {
        self.db
            .prepare_cached("UPDATE pages SET state = 2, note = ? WHERE id = ?")?
            .execute(params![note, page.id])
            .map(|_| ())
    }

    /// Writes down how a request ended and what it brought, all or nothing.
    ///
    /// # Errors
    /// SQLite's; nothing is written then.
    pub fn finish(&mut self, o: &Outcome<'_>) -> Result<News, Error> {
        let round = self.round;
        let delivered = self.delivered;
        let tx = self.db.transaction()?;
        let mut news = News::default();
        let state = match o.end {
            End::Done => 1,
            End::MovedTo(_) => 0,
            End::Failed => 2,
            End::Passing => {
                let tries: i64 = tx.query_row("SELECT tries FROM pages WHERE id = ?", [o.page.id], |r| r.get(0))?;
                if (tries + 1) % TRIES == 0 { 3 } else { 0 }
            }
        };
        let (place, response, payload) = match o.proof {
            Some((place, response, payload)) => (Some(place), Some(response), Some(payload)),
            None => (None, None, None),
        };
        tx.prepare_cached(
            "UPDATE pages SET state = ?, tries = tries + ?, status = ?, etag = COALESCE(?, etag), modified = COALESCE(?, modified),
             mime = ?, fetched = ?, body = COALESCE(?, body), response = COALESCE(?, response), payload = COALESCE(?, payload),
             warc = COALESCE(?, warc), offset = COALESCE(?, offset), length = COALESCE(?, length), note = ? WHERE id = ?",
        )?
        .execute(params![
            state,
            i64::from(o.end == End::Passing),
            o.status,
            o.etag,
            o.modified,
            o.mime,
            o.at,
            o.body,
            response,
            payload,
            place.map(|p| p.file.as_str()),
            place.map(|p| p.offset as i64),
            place.map(|p| p.length as i64),
            o.note,
            o.page.id
        ])?;
        if let End::MovedTo(url) = &o.end {
            tx.execute("UPDATE pages SET url = ?, hops = hops + 1 WHERE id = ?", params![url.as_str(), o.page.id])?;
        }
        if let (Some(place), Some(response)) = (place, response) {
            for advert in o.adverts {
                if keep(&tx, advert, o, place, response)? {
                    news.adverts += 1;
                    news.flagged += u32::from(advert.flagged);
                }
            }
        }
        let redirect = o.status.is_some_and(|s| (300..400).contains(&s));
        let (depth, hops) = if redirect { (o.page.depth, o.page.hops + 1) } else { (o.page.depth + 1, 0) };
        for link in o.links {
            if add(&tx, link, &o.page.source, depth, hops, round)? {
                news.links += 1;
            }
        }
        let fresh = news.links + news.adverts > 0;
        for link in o.links {
            again(&tx, link, fresh, round)?;
        }
        if let Some(url) = o.canonical {
            let link = Link { url: url.clone(), purpose: o.page.purpose, changed: None };
            add(&tx, &link, &o.page.source, depth, 0, round)?;
            tx.prepare_cached("UPDATE pages SET state = 1, note = ? WHERE key = ? AND state = 0 AND id <> ?")?.execute(params![
                format!("the same page as {}", o.page.url),
                address::key(url),
                o.page.id
            ])?;
        }
        tx.prepare_cached(
            "INSERT INTO hosts (host, next_at, pages, bytes, adverts, flagged) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT (host) DO UPDATE SET next_at = ?2, asking = 0, pages = pages + 1, bytes = bytes + ?3,
             adverts = adverts + ?4, flagged = flagged + ?5",
        )?
        .execute(params![address::host(&o.page.url), o.next_at, o.bytes as i64, news.adverts, news.flagged])?;
        if let Some((file, length)) = o.archive {
            tx.prepare_cached("INSERT OR REPLACE INTO state VALUES ('warc', ?), ('warc_length', ?)")?
                .execute(params![file, length.to_string()])?;
        }
        tx.prepare_cached("INSERT OR REPLACE INTO state VALUES ('delivered', ?), ('position', ?)")?
            .execute(params![delivered.0.to_string(), delivered.1.to_string()])?;
        tx.commit()?;
        Ok(news)
    }

    /// The sink's position behind the last advert that it is known to have.
    pub fn position(&self) -> u64 {
        self.delivered.1
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

    /// The connection, for reports over everything.
    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }
}

fn waiting(r: &Row<'_>) -> Result<Waiting, Error> {
    let url: String = r.get(1)?;
    let url = Url::parse(&url).map_err(|e| Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e)))?;
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

/// Adds an address unless it is known; tells whether it was new.
fn add(tx: &Transaction<'_>, link: &Link, source: &str, depth: u32, hops: u32, round: i64) -> Result<bool, Error> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO pages (key, url, host, source, rank, depth, hops, round) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        address::key(&link.url),
        link.url.as_str(),
        address::host(&link.url),
        source,
        link.purpose.rank(),
        depth,
        hops,
        round
    ])
    .map(|n| n > 0)
}

/// Queues a known address once more in a later round: a list behind a page with news, or a page changed since.
fn again(tx: &Transaction<'_>, link: &Link, fresh: bool, round: i64) -> Result<(), Error> {
    let list = link.purpose == Purpose::List && fresh;
    if list || link.changed.is_some() || link.purpose == Purpose::Sitemap {
        tx.prepare_cached(
            "UPDATE pages SET state = 0, round = ?1, tries = 0 WHERE key = ?2 AND round < ?1 AND state = 1 AND (?3 OR fetched < ?4)",
        )?
        .execute(params![round, address::key(&link.url), list || link.purpose == Purpose::Sitemap, link.changed])?;
    }
    Ok(())
}

/// Keeps an advert unless the source has had the same text already.
fn keep(tx: &Transaction<'_>, advert: &Advert, o: &Outcome<'_>, place: &Place, response: &str) -> Result<bool, Error> {
    let words: Vec<&str> = advert.title.iter().flat_map(|t| t.split_whitespace()).chain(advert.text.split_whitespace()).collect();
    let name = hex(&Sha256::digest(format!("{}\n{}", o.page.source, words.join(" ")).as_bytes())[..8]);
    let json = serde_json::to_string(advert).map_err(|e| Error::ToSqlConversionFailure(Box::new(e)))?;
    tx.prepare_cached(
        "INSERT OR IGNORE INTO adverts (name, page, source, json, seen, response, warc, offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![name, o.page.id, o.page.source, json, o.at, response, place.file, place.offset as i64])
    .map(|n| n > 0)
}
