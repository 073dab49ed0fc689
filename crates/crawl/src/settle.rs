//! One step of the frontier: how a request ended and what it brought, in one transaction.

use crate::address;
use crate::clock::Millis;
use crate::frontier::{Error, Frontier, Waiting};
use crate::traits::{Advert, Link, Purpose};
use crate::warc::{Proof, hex};
use rusqlite::{Transaction, params};
use sha2::{Digest, Sha256};
use url::Url;

/// Attempts in one round.
const TRIES: i64 = 3;

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
    /// The response in the archive; none where there was no answer.
    pub proof: Option<&'a Proof>,
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

impl Frontier {
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
        tx.prepare_cached(
            "UPDATE pages SET state = ?, tries = tries + ?, status = ?, etag = COALESCE(?, etag), modified = COALESCE(?, modified),
             fetched = ?, body = COALESCE(?, body), note = ? WHERE id = ?",
        )?
        .execute(params![
            state,
            i64::from(o.end == End::Passing),
            o.status,
            o.etag,
            o.modified,
            o.at,
            o.body,
            o.note,
            o.page.id
        ])?;
        if let End::MovedTo(url) = &o.end {
            tx.execute("UPDATE pages SET url = ?, hops = hops + 1 WHERE id = ?", params![url.as_str(), o.page.id])?;
        }
        if let Some(proof) = o.proof {
            capture(&tx, &o.page.url, o.at, o.status, o.mime, proof)?;
            for advert in o.adverts {
                if keep(&tx, advert, o, proof)? {
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
            tx.prepare_cached("UPDATE pages SET state = 1, note = ? WHERE key = ? AND state = 0 AND id <> ?")?
                .execute(params![format!("the same page as {}", o.page.url), address::key(url), o.page.id])?;
        }
        tx.prepare_cached(
            "INSERT INTO hosts (host, next_at, pages, bytes, adverts, flagged) VALUES (?1, ?2, 1, ?3, ?4, ?5)
             ON CONFLICT (host) DO UPDATE SET next_at = ?2, asking = 0, pages = pages + 1, bytes = bytes + ?3,
             adverts = adverts + ?4, flagged = flagged + ?5",
        )?
        .execute(params![
            address::host(&o.page.url),
            o.next_at,
            o.bytes as i64,
            news.adverts,
            news.flagged
        ])?;
        if let Some(reached) = o.archive {
            archive(&tx, reached)?;
        }
        tx.prepare_cached("INSERT OR REPLACE INTO state VALUES ('delivered', ?), ('position', ?)")?
            .execute(params![delivered.0.to_string(), delivered.1.to_string()])?;
        tx.commit()?;
        Ok(news)
    }

    /// Writes down a response that belongs to no page: robots.txt.
    ///
    /// # Errors
    /// SQLite's.
    pub fn capture(
        &mut self,
        url: &Url,
        at: Millis,
        status: Option<u16>,
        mime: &str,
        proof: &Proof,
        reached: Option<(&str, u64)>,
    ) -> Result<(), Error> {
        let tx = self.db.transaction()?;
        capture(&tx, url, at, status, mime, proof)?;
        if let Some(reached) = reached {
            archive(&tx, reached)?;
        }
        tx.commit()
    }
}

fn capture(
    tx: &Transaction<'_>,
    url: &Url,
    at: Millis,
    status: Option<u16>,
    mime: &str,
    proof: &Proof,
) -> Result<(), Error> {
    let place = &proof.place;
    tx.prepare_cached("INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            crate::index::turned(url.as_str()),
            url.as_str(),
            at,
            status,
            mime,
            proof.sha1,
            proof.sha256,
            place.file,
            place.offset as i64,
            place.length as i64
        ])
        .map(|_| ())
}

/// How far the archive goes: what stands behind is not known to the frontier.
fn archive(tx: &Transaction<'_>, (file, length): (&str, u64)) -> Result<(), Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO state VALUES ('warc', ?), ('warc_length', ?)")?
        .execute(params![file, length.to_string()])
        .map(|_| ())
}

/// Adds an address unless it is known; tells whether it was new.
pub(crate) fn add(
    tx: &Transaction<'_>,
    link: &Link,
    source: &str,
    depth: u32,
    hops: u32,
    round: i64,
) -> Result<bool, Error> {
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
fn keep(tx: &Transaction<'_>, advert: &Advert, o: &Outcome<'_>, proof: &Proof) -> Result<bool, Error> {
    let words: Vec<&str> =
        advert.title.iter().flat_map(|t| t.split_whitespace()).chain(advert.text.split_whitespace()).collect();
    let name = hex(&Sha256::digest(format!("{}\n{}", o.page.source, words.join(" ")).as_bytes())[..8]);
    let json = serde_json::to_string(advert).map_err(|e| Error::ToSqlConversionFailure(Box::new(e)))?;
    tx.prepare_cached(
        "INSERT OR IGNORE INTO adverts (name, page, source, json, seen, response, warc, offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![name, o.page.id, o.page.source, json, o.at, proof.sha256, proof.place.file, proof.place.offset as i64])
    .map(|n| n > 0)
}
