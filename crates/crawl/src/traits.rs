//! What others bring to the crawl: a reader of pages, a place for adverts, a watcher.

use crate::clock::Millis;
use crate::sources::Source;
use serde::{Deserialize, Serialize};
use url::Url;

/// Why an address is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A start page of the list of sources.
    Start,
    /// RSS or Atom.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A page of one advert.
    Advert,
    /// A list of adverts.
    List,
    /// A page of which nothing is known.
    Page,
}

impl Purpose {
    /// Its number in the frontier, which is also its rank: smaller goes first.
    pub fn rank(self) -> i64 {
        self as i64
    }

    /// The purpose of a number.
    pub fn of_rank(rank: i64) -> Purpose {
        match rank {
            0 => Purpose::Start,
            1 => Purpose::Feed,
            2 => Purpose::Sitemap,
            3 => Purpose::Advert,
            4 => Purpose::List,
            _ => Purpose::Page,
        }
    }
}

/// A page that was fetched.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Its address.
    pub url: &'a Url,
    /// Its bytes, unpacked.
    pub body: &'a [u8],
    /// Charset named by the server.
    pub charset: Option<&'a str>,
    /// Why it was asked for.
    pub purpose: Purpose,
    /// The source that it belongs to.
    pub source: &'a Source,
}

/// An advert found on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advert {
    /// Title, where it stands apart from the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// Its own address, where the page names one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// Date as the page writes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<String>,
    /// It has signs that need checking.
    #[serde(default)]
    pub flagged: bool,
}

/// A link to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub url: Url,
    /// What it leads to.
    pub purpose: Purpose,
    /// When what it leads to was last changed, where that is said.
    pub changed: Option<Millis>,
}

/// What a page holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its adverts.
    pub adverts: Vec<Advert>,
    /// Its links.
    pub links: Vec<Link>,
    /// The address that the page calls its own.
    pub canonical: Option<String>,
}

/// Reads pages of HTML.
pub trait PageReader: Sync {
    /// The adverts and links of a page.
    ///
    /// # Errors
    /// Why the page cannot be read, in words for people.
    fn read(&self, page: &Page<'_>) -> Result<Reading, String>;
}

/// An advert with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Name of the advert: the first 16 hexadecimal digits of the SHA-256 of its source and text.
    pub id: String,
    /// Id of the source.
    pub source: String,
    /// Name of the outlet.
    pub outlet: String,
    /// The advert.
    pub advert: Advert,
    /// Address of the page on which it stood.
    pub page: String,
    /// When the page was fetched.
    pub seen: Millis,
    /// SHA-256 of the response that is in the archive.
    pub sha256: String,
    /// WARC file of the response.
    pub warc: String,
    /// Where its record begins.
    pub offset: u64,
}

/// Takes adverts, each once. After a crash it is told up to where its own records count, and the rest comes again.
pub trait Sink: Send {
    /// Takes one advert.
    ///
    /// # Errors
    /// It cannot be kept (the disk is full, the case is locked); the crawl ends and loses nothing.
    fn take(&mut self, kept: &Kept) -> Result<(), String>;

    /// Makes sure that what was taken stays, and tells how far it has come (bytes of a file, or 0 where taking twice does no
    /// harm).
    ///
    /// # Errors
    /// As for `take`.
    fn position(&mut self) -> Result<u64, String>;

    /// Forgets what was taken behind `position`.
    ///
    /// # Errors
    /// It cannot.
    fn rewind(&mut self, position: u64) -> Result<(), String>;
}

/// Where a host stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostCount {
    /// Pages fetched in this round.
    pub pages: u32,
    /// Bytes received in this round.
    pub bytes: u64,
    /// New adverts.
    pub adverts: u32,
    /// Those of them with signs that need checking.
    pub flagged: u32,
    /// Addresses that robots.txt does not allow.
    pub denied: u32,
    /// Pages that are gone (404, 410).
    pub gone: u32,
    /// Addresses waiting.
    pub waiting: u64,
}

/// Watches a crawl.
pub trait Watcher: Sync {
    /// A host has moved on.
    fn host(&self, host: &str, count: &HostCount);
    /// Something failed: the address or host, and why.
    fn trouble(&self, place: &str, why: &str);
}
