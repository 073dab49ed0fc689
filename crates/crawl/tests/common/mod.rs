//! What the tests of a crawl share: a plain reader, a sink in memory, a watcher that remembers.
#![allow(dead_code, missing_docs)]

use sakchy_crawl::address;
use sakchy_crawl::client::{Client, ClientOptions};
use sakchy_crawl::clock::{Clock, SystemClock};
use sakchy_crawl::crawl::{Crawl, Options, Summary};
use sakchy_crawl::fetch::Fetcher;
use sakchy_crawl::sources::{self, List};
use sakchy_crawl::traits::{Advert, HostCount, Kept, Link, Page, PageReader, Purpose, Reading, Sink, Watcher};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Reads `<a href="...">` and takes what stands in `<p>` for an advert.
pub struct PlainReader;

impl PageReader for PlainReader {
    fn read(&self, page: &Page<'_>) -> Result<Reading, String> {
        let text = String::from_utf8_lossy(page.body).into_owned();
        let link = |part: &str| {
            let href = part.split('"').next()?;
            let purpose = if part.contains("rel=next") { Purpose::List } else { Purpose::Page };
            Some(Link { url: address::normalise(href, Some(page.url))?, purpose, changed: None })
        };
        let advert =
            |part: &str| Advert { text: part.split("</p>").next().unwrap_or("").to_string(), ..Advert::default() };
        let canonical =
            text.split("rel=\"canonical\" href=\"").nth(1).and_then(|p| p.split('"').next()).map(str::to_string);
        Ok(Reading {
            links: text.split("<a href=\"").skip(1).filter_map(link).collect(),
            adverts: text.split("<p>").skip(1).map(advert).collect(),
            canonical,
        })
    }
}

#[derive(Clone, Default)]
pub struct Memory(pub Arc<Mutex<Vec<Kept>>>);

impl Sink for Memory {
    fn take(&mut self, kept: &Kept) -> Result<(), String> {
        self.0.lock().expect("adverts").push(kept.clone());
        Ok(())
    }

    fn position(&mut self) -> Result<u64, String> {
        Ok(self.0.lock().expect("adverts").len() as u64)
    }

    fn rewind(&mut self, position: u64) -> Result<(), String> {
        self.0.lock().expect("adverts").truncate(usize::try_from(position).unwrap_or(0));
        Ok(())
    }
}

#[derive(Default)]
pub struct Notes(pub Mutex<Vec<String>>);

impl Notes {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().expect("notes").clone()
    }

    pub fn has(&self, words: &str) -> bool {
        self.all().iter().any(|n| n.contains(words))
    }
}

impl Watcher for Notes {
    fn host(&self, _: &str, _: &HostCount) {}

    fn trouble(&self, place: &str, why: &str) {
        self.0.lock().expect("notes").push(format!("{place}: {why}"));
    }
}

pub fn list(head: &str, sources: &str) -> List {
    let list =
        sources::read(&format!("[crawler]\ncontact = \"desk@office.example\"\n{head}\n{sources}")).expect("a list");
    assert!(list.mistakes.is_empty(), "{:?}", list.mistakes);
    list
}

pub struct Round<'a> {
    pub list: &'a List,
    pub folder: &'a Path,
    pub clock: &'a dyn Clock,
    pub allow_private: bool,
    pub since: Option<i64>,
    pub sink: Memory,
    pub notes: Notes,
}

impl<'a> Round<'a> {
    pub fn new(list: &'a List, folder: &'a Path) -> Round<'a> {
        let clock = &SystemClock;
        Round {
            list,
            folder,
            clock,
            allow_private: true,
            since: None,
            sink: Memory::default(),
            notes: Notes::default(),
        }
    }

    pub fn run(&self, fetchers: &(dyn Fn() -> Result<Box<dyn Fetcher>, String> + Sync)) -> Result<Summary, String> {
        let options = Options {
            folder: self.folder.to_path_buf(),
            since: self.since,
            allow_private: self.allow_private,
            info: Vec::new(),
        };
        let crawl = Crawl {
            crawler: &self.list.crawler,
            sources: &self.list.sources,
            fetchers,
            reader: &PlainReader,
            clock: self.clock,
            watcher: &self.notes,
            options: &options,
        };
        crawl.run(Box::new(self.sink.clone()))
    }

    /// With real connections; all names of `hosts` lead to loopback.
    pub fn over_http(&self, hosts: &[&str], authorities: Option<Vec<u8>>) -> Result<Summary, String> {
        let options = ClientOptions {
            agent: self.list.crawler.agent(),
            patience: Duration::from_secs(self.list.crawler.seconds),
            allow_private: self.allow_private,
            names: hosts.iter().map(|h| ((*h).to_string(), "127.0.0.1".parse().expect("an address"))).collect(),
            authorities,
        };
        self.run(&|| Client::new(&options).map(|c| Box::new(c) as Box<dyn Fetcher>))
    }

    pub fn texts(&self) -> Vec<String> {
        let mut all: Vec<String> = self.sink.0.lock().expect("adverts").iter().map(|k| k.advert.text.clone()).collect();
        all.sort();
        all
    }
}
