//! What an answer means: read it, follow it, wait, or give it up.

use crate::address;
use crate::clock::{Millis, day};
use crate::feed;
use crate::fetch::{Ending, Exchange};
use crate::frontier::Waiting;
use crate::response::Response;
use crate::settle::End;
use crate::sources::Source;
use crate::traits::{Advert, Link, Page, PageReader, Purpose, Reading};
use crate::warc::hex;
use sha2::{Digest, Sha256};
use url::Url;

/// Redirects that are followed from one address.
const HOPS: u32 = 5;

/// The limits under which answers are read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest page unpacked, in bytes.
    pub unpacked: usize,
    /// Largest page received, in bytes.
    pub page: usize,
    /// Steps from a start page.
    pub depth: u32,
    /// What was changed or dated before is left out.
    pub since: Option<Millis>,
}

/// What came of an answer.
#[derive(Clone, Debug)]
pub struct Harvest {
    /// How the request ended.
    pub end: End,
    /// Status, 0 where the answer was no HTTP.
    pub status: u16,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub modified: Option<String>,
    /// Media type.
    pub mime: String,
    /// SHA-256 of the page unpacked.
    pub body: Option<String>,
    /// What people should know.
    pub note: Option<String>,
    /// The host asked to slow down, or fails.
    pub slow: bool,
    /// When the host wants to be asked again.
    pub retry_at: Option<Millis>,
    /// Links to follow.
    pub links: Vec<Link>,
    /// The page's own name for itself.
    pub canonical: Option<Url>,
    /// Adverts.
    pub adverts: Vec<Advert>,
}

impl Harvest {
    fn new(end: End, status: u16, note: Option<String>) -> Harvest {
        Harvest {
            end,
            status,
            etag: None,
            modified: None,
            mime: String::new(),
            body: None,
            note,
            slow: false,
            retry_at: None,
            links: Vec::new(),
            canonical: None,
            adverts: Vec::new(),
        }
    }
}

/// Reads an answer.
pub fn harvest(
    page: &Waiting,
    source: &Source,
    exchange: &Exchange,
    limits: &Limits,
    reader: &dyn PageReader,
) -> Harvest {
    let head = match Response::head(&exchange.response) {
        Ok(head) => head,
        Err(e) => return Harvest::new(End::Failed, 0, Some(e)),
    };
    let now = exchange.at + exchange.took;
    let mut found = match head.status {
        300..=308 if head.status != 304 => redirect(page, source, &head),
        304 => Harvest::new(End::Done, 304, None),
        200 => content(page, source, exchange, limits, reader),
        404 | 410 => Harvest::new(End::Done, head.status, Some("is gone".into())),
        429 | 500..=599 => {
            let mut found =
                Harvest::new(End::Passing, head.status, Some(format!("the server answers {}", head.status)));
            found.slow = true;
            found
        }
        401 | 402 | 403 | 407 | 451 => {
            Harvest::new(End::Failed, head.status, Some(format!("the server refuses it ({})", head.status)))
        }
        status => Harvest::new(End::Failed, status, Some(format!("the server answers {status}"))),
    };
    found.retry_at = head.retry_at(now);
    found.mime = head.media_type();
    if found.end == End::Done && head.status == 200 {
        found.etag = head.header("etag").map(str::to_string);
        found.modified = head.header("last-modified").map(str::to_string);
    }
    found
}

fn redirect(page: &Waiting, source: &Source, head: &Response) -> Harvest {
    let fail = |why: String| Harvest::new(End::Failed, head.status, Some(why));
    let Some(target) = head.header("location").and_then(|l| address::normalise(l, Some(&page.url))) else {
        return fail("redirects to nowhere".into());
    };
    if target == page.url {
        return fail("redirects to itself".into());
    }
    if page.hops >= HOPS {
        return fail(format!("redirects more than {HOPS} times"));
    }
    if !source.owns(&target) {
        return fail(format!(
            "leads to {}; if that belongs to the source, write it under hosts",
            address::host(&target)
        ));
    }
    let mut found = Harvest::new(End::Done, head.status, None);
    if address::key(&target) == address::key(&page.url) {
        found.end = End::MovedTo(target);
    } else {
        found.links.push(Link { url: target, purpose: page.purpose, changed: None });
    }
    found
}

fn content(page: &Waiting, source: &Source, exchange: &Exchange, limits: &Limits, reader: &dyn PageReader) -> Harvest {
    let fail = |end: End, why: String| Harvest::new(end, 200, Some(why));
    match exchange.ending {
        Ending::Whole => {}
        Ending::Time => return fail(End::Passing, "took too long".into()),
        Ending::Disconnect => return fail(End::Passing, "broke off".into()),
        Ending::Length if exchange.response.len() < limits.page => {
            let kind = Response::head(&exchange.response).map(|h| h.media_type()).unwrap_or_default();
            return fail(End::Done, format!("is no page of text ({kind})"));
        }
        Ending::Length => return fail(End::Failed, format!("is larger than {} MB", limits.page >> 20)),
    }
    let response = match Response::parse(&exchange.response, limits.unpacked) {
        Ok(response) => response,
        Err(e) => return fail(End::Failed, e),
    };
    let mut found = Harvest::new(End::Done, 200, None);
    found.body = Some(hex(&Sha256::digest(&response.body)));
    let links = match page.purpose {
        Purpose::Feed => feed::feed(&response.body, &page.url),
        Purpose::Sitemap => feed::sitemap(&response.body, &page.url, limits.unpacked),
        _ if !is_html(&response) => {
            found.note = Some(format!("is no HTML ({})", response.media_type()));
            return found;
        }
        purpose => {
            let charset = response.charset();
            let seen = Page { url: &page.url, body: &response.body, charset: charset.as_deref(), purpose, source };
            read_safely(reader, &seen).map(|reading| {
                found.adverts = reading.adverts;
                found.canonical = reading.canonical.and_then(|c| same_page(&c, &page.url));
                reading.links
            })
        }
    };
    match links {
        Ok(links) => found.links = chosen(links, page, source, limits),
        Err(e) => {
            found.end = End::Failed;
            found.note = Some(e);
        }
    }
    if let Some(since) = limits.since {
        // a date that cannot be read keeps its advert
        found.adverts.retain(|a| a.date.as_deref().and_then(day).is_none_or(|d| d + 86_400_000 > since));
    }
    found
}

/// A page on which a reader breaks must not end the crawl, nor be met again at every start.
fn read_safely(reader: &dyn PageReader, page: &Page<'_>) -> Result<Reading, String> {
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.read(page)));
    read.unwrap_or_else(|_| Err("is a page on which the reader breaks".into()))
}

fn is_html(response: &Response) -> bool {
    let kind = response.media_type();
    let told = kind == "text/html" || kind == "application/xhtml+xml";
    told || kind.is_empty() && response.body.trim_ascii_start().starts_with(b"<")
}

/// The name that a page gives itself is believed where only its parameters differ: a wrong one elsewhere would hide pages.
fn same_page(canonical: &str, url: &Url) -> Option<Url> {
    let own = address::normalise(canonical, Some(url))?;
    let bare = |u: &Url| (address::host(u).to_string(), u.path().trim_end_matches('/').to_string());
    (bare(&own) == bare(url) && address::key(&own) != address::key(url)).then_some(own)
}

/// The links that are followed, with what is known of their purpose.
fn chosen(links: Vec<Link>, page: &Waiting, source: &Source, limits: &Limits) -> Vec<Link> {
    if page.depth >= limits.depth {
        return Vec::new();
    }
    let shaped = !source.adverts.is_empty() || !source.lists.is_empty() || source.select.link.is_some();
    let wanted = links.into_iter().filter_map(|mut link| {
        if !address::worth_following(&link.url) || !source.owns(&link.url) {
            return None;
        }
        if link.changed.zip(limits.since).is_some_and(|(changed, since)| changed < since) {
            return None;
        }
        if link.purpose == Purpose::Page {
            if source.adverts.iter().any(|p| address::fits(p, &link.url)) {
                link.purpose = Purpose::Advert;
            } else if source.lists.iter().any(|p| address::fits(p, &link.url)) {
                link.purpose = Purpose::List;
            } else if page.purpose == Purpose::Sitemap && source.adverts.is_empty() {
                link.purpose = Purpose::Advert;
            } else if shaped || page.purpose == Purpose::Advert {
                // from a page of one advert, links lead everywhere
                return None;
            }
        }
        Some(link)
    });
    wanted.collect()
}
