//! `crawl init`: looks at a page and proposes an entry. `crawl check`: which selectors find nothing any more.

use super::reader::{matches, selectors};
use super::{NetArgs, client, read_list};
use crate::common::plain;
use sakchy_crawl::address;
use sakchy_crawl::clock::{Clock, SystemClock};
use sakchy_crawl::crawl::TOKEN;
use sakchy_crawl::fetch::{Ask, Ending, Fetcher};
use sakchy_crawl::polite::Waits;
use sakchy_crawl::response::Response;
use sakchy_crawl::robots::Robots;
use sakchy_crawl::sources::{Crawler, Source, read};
use sakchy_crawl::verdict::{RECEIVED, Verdict};
use sakchy_documents::html;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use url::Url;

/// Redirects that are followed from a page.
const HOPS: u32 = 5;
/// Fewest links of one form that are proposed as adverts.
const ENOUGH: usize = 3;

/// Looks at single pages, with the same rules as a crawl.
struct Glance<'a> {
    fetcher: &'a dyn Fetcher,
    crawler: &'a Crawler,
    waits: Waits,
    robots: BTreeMap<String, Robots>,
    asked: BTreeMap<String, i64>,
}

impl Glance<'_> {
    fn ask(&mut self, url: &Url, limit: usize) -> Result<sakchy_crawl::fetch::Exchange, String> {
        let host = address::host(url).to_string();
        SystemClock.wait_until(self.asked.get(&host).copied().unwrap_or(0));
        let answer = self.fetcher.fetch(&Ask { url, etag: None, last_modified: None, limit });
        let delay = self.robots.get(&url.origin().ascii_serialization()).and_then(|r| r.delay);
        let ip = answer.as_ref().ok().and_then(|e| e.ip.clone());
        self.asked.insert(host, SystemClock.now() + self.waits.pause(None, delay, ip.as_deref()));
        answer.map_err(|f| f.why)
    }

    fn rules(&mut self, page: &Url) -> Result<Robots, String> {
        let origin = page.origin().ascii_serialization();
        if let Some(robots) = self.robots.get(&origin) {
            return Ok(robots.clone());
        }
        let mut url = page.join("/robots.txt").map_err(|e| e.to_string())?;
        for _ in 0..=HOPS {
            let exchange = self.ask(&url, RECEIVED)?;
            match Verdict::of(&url, &exchange) {
                Verdict::Closed(why) => return Err(why),
                Verdict::Elsewhere(target) => url = target,
                verdict => {
                    let robots = verdict.robots(TOKEN).unwrap_or_default();
                    self.robots.insert(origin, robots.clone());
                    return Ok(robots);
                }
            }
        }
        Ok(Robots::default())
    }

    /// The page behind an address, its own address, and its text.
    fn page(&mut self, url: &Url) -> Result<(Url, String), String> {
        let mut url = url.clone();
        for _ in 0..=HOPS {
            let path = url.query().map_or(url.path().to_string(), |q| format!("{}?{q}", url.path()));
            if !self.rules(&url)?.allows(&path) {
                return Err("robots.txt does not allow it".into());
            }
            let exchange = self.ask(&url, self.crawler.page_megabytes << 20)?;
            if exchange.ending != Ending::Whole {
                return Err("is no page of text, too large, too slow or broke off".into());
            }
            let response = Response::parse(&exchange.response, self.crawler.unpacked_megabytes << 20)?;
            match (response.status, response.header("location").and_then(|l| address::normalise(l, Some(&url)))) {
                (300..=399, Some(target)) => url = target,
                (200, _) => {
                    let text = html::decoded(&response.body, response.charset().as_deref())?.into_owned();
                    return Ok((url, text));
                }
                (status, _) => return Err(format!("the server answers {status}")),
            }
        }
        Err("redirects too often".into())
    }
}

/// Proposes an entry for the page at `url`.
///
/// # Errors
/// The page cannot be had.
pub fn init(url: &str, contact: &str, net: &NetArgs) -> Result<ExitCode, String> {
    let asked =
        address::normalise(url, None).ok_or_else(|| format!("{} is no web address; write https://...", plain(url)))?;
    let head = format!("[crawler]\ncontact = {}\n", quoted(contact));
    let list = read(&head).map_err(|m| m.iter().map(|m| m.problem.clone()).collect::<Vec<_>>().join("; "))?;
    let options = net.client(&list.crawler)?;
    let fetcher = client(&options)?;
    let waits = Waits::new(&list.crawler, net.allow_private);
    let (robots, asked_at) = (BTreeMap::new(), BTreeMap::new());
    let mut glance = Glance { fetcher: fetcher.as_ref(), crawler: &list.crawler, waits, robots, asked: asked_at };
    let (found, text) = glance.page(&asked).map_err(|e| format!("{asked}: {e}"))?;
    let robots = glance.rules(&found)?;
    print!("{}", proposal(&found, &text, &robots, &head)?);
    Ok(ExitCode::SUCCESS)
}

fn proposal(url: &Url, text: &str, robots: &Robots, head: &str) -> Result<String, String> {
    let page = html::read(text, Some(url.as_str()))?;
    let host = address::host(url);
    let id: String =
        host.trim_start_matches("www.").chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line("# proposed by `sakchy crawl init`; read it, then try `sakchy crawl run --dry-run`".into());
    line(format!("# [crawler] stands once in a list, at its top\n{head}"));
    line("[[source]]".into());
    line(format!("id = {}", quoted(&id)));
    if let Some(name) = page.site.as_deref().or(page.title.as_deref()) {
        line(format!("name = {}", quoted(&plain(name))));
    }
    line(format!("start = [{}]", quoted(url.as_str())));
    let feeds = feeds(text, url);
    if !feeds.is_empty() {
        line(format!("feeds = [{}]", feeds.iter().map(|f| quoted(f)).collect::<Vec<_>>().join(", ")));
    }
    if !robots.sitemaps.is_empty() {
        let all: Vec<String> = robots.sitemaps.iter().take(5).map(|s| quoted(&plain(s))).collect();
        line(format!(
            "# robots.txt names these; they may hold far more than adverts\n# sitemaps = [{}]",
            all.join(", ")
        ));
    }
    let source: Source =
        toml::from_str(&format!("id = \"a\"\nstart = [{}]", quoted(url.as_str()))).map_err(|e| e.to_string())?;
    let select = selectors(&source);
    for (name, css, count) in matches(text, &select) {
        line(format!("# rules/sites knows {name} = '{}' for this host: {count} on this page", plain(&css)));
    }
    if !page.postings.is_empty() {
        line(format!(
            "# this page carries {} schema.org job postings: they are read without selectors",
            page.postings.len()
        ));
    }
    match forms(&page, url).first() {
        Some((pattern, count)) => {
            line(format!("# {count} links of this page have this form"));
            line(format!("adverts = [{}]", quoted(pattern)));
        }
        None => {
            line("# no form of links stands out: pages are read whole, and links are followed within the host".into())
        }
    }
    if let Some(next) = page.next.as_deref().and_then(|n| address::normalise(n, Some(url))) {
        line(format!("lists = [{}]  # the next page is {}", quoted(&form(&next)), plain(next.as_str())));
    }
    Ok(out)
}

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

fn feeds(text: &str, url: &Url) -> Vec<String> {
    let tree = scraper::Html::parse_document(text);
    let css = "link[rel~=alternate][type='application/rss+xml'], link[rel~=alternate][type='application/atom+xml']";
    let Ok(selector) = scraper::Selector::parse(css) else { return Vec::new() };
    let found = tree.select(&selector).filter_map(|l| address::normalise(l.attr("href")?, Some(url)));
    found.map(String::from).collect()
}

/// An address as a pattern: parts with digits become `*`.
fn form(url: &Url) -> String {
    let digits = |s: &str| s.chars().any(|c| c.is_ascii_digit());
    let path: Vec<&str> = url.path().split('/').map(|s| if digits(s) { "*" } else { s }).collect();
    let query = url.query().map(|q| {
        let parts: Vec<String> = q
            .split('&')
            .map(|p| {
                p.split_once('=').map_or(p.to_string(), |(n, v)| format!("{n}={}", if digits(v) { "*" } else { v }))
            })
            .collect();
        format!("?{}", parts.join("&"))
    });
    format!("{}{}", path.join("/"), query.unwrap_or_default())
}

/// Forms of links within the host that carry a number, most frequent first.
fn forms(page: &html::Page, url: &Url) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let own = page.links.iter().filter_map(|l| address::normalise(&l.url, Some(url)));
    for link in own.filter(|l| address::host(l) == address::host(url) && address::worth_following(l)) {
        let pattern = form(&link);
        if pattern.contains('*') && !pattern.contains("page=") {
            *counts.entry(pattern).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().filter(|(_, n)| *n >= ENOUGH).collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}

/// Fetches the first page of each source and counts what its selectors and patterns find.
///
/// # Errors
/// Wrong usage.
pub fn check(path: &Path, net: &NetArgs) -> Result<ExitCode, String> {
    let (list, mistakes) = read_list(path, net)?;
    let fetcher = client(&net.client(&list.crawler)?)?;
    let waits = Waits::new(&list.crawler, net.allow_private);
    let (robots, asked) = (BTreeMap::new(), BTreeMap::new());
    let mut glance = Glance { fetcher: fetcher.as_ref(), crawler: &list.crawler, waits, robots, asked };
    let (mut lost, mut read) = (mistakes, 0);
    for source in &list.sources {
        let Some(url) = source.start.first().and_then(|u| address::normalise(u, None)) else {
            println!("{}: begins with feeds or sitemaps; there is no list to look at", source.id);
            continue;
        };
        println!("{}: {}", source.id, plain(url.as_str()));
        match glance.page(&url).and_then(|(url, text)| judged(source, &url, &text)) {
            Err(e) => {
                println!("  NOT READ: {}", plain(&e));
                lost += 1;
            }
            Ok(misses) => {
                read += 1;
                lost += misses;
            }
        }
    }
    Ok(ExitCode::from(if read == 0 && lost > 0 { 3 } else { u8::from(lost > 0) }))
}

/// Prints what is found, and counts what finds nothing.
fn judged(source: &Source, url: &Url, text: &str) -> Result<usize, String> {
    let page = html::read(text, Some(url.as_str()))?;
    let mut misses = 0;
    let mut tell = |what: String, count: usize| {
        misses += usize::from(count == 0);
        println!("  {} {what}: {count}", if count == 0 { "FINDS NOTHING" } else { "finds" });
    };
    for (name, css, count) in matches(text, &selectors(source)) {
        tell(format!("{name} = '{}'", plain(&css)), count);
    }
    let links: Vec<Url> = page.links.iter().filter_map(|l| address::normalise(&l.url, Some(url))).collect();
    for (name, patterns) in [("adverts", &source.adverts), ("lists", &source.lists)] {
        for pattern in patterns {
            let count = links.iter().filter(|l| source.owns(l) && address::fits(pattern, l)).count();
            tell(format!("{name} \"{}\"", plain(pattern)), count);
        }
    }
    if !page.postings.is_empty() {
        println!("  carries {} schema.org job postings", page.postings.len());
    }
    Ok(misses)
}
