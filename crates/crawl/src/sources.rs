//! The list of sources: TOML written by people, with mistakes named by file and line.

use crate::address;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use url::Url;

/// Shortest pause between two requests to a public host, in seconds.
pub const LEAST_PAUSE: f64 = 2.0;

/// Who crawls, and how gently.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Crawler {
    /// Where a site's owner can write: an e-mail address or a web page. Nothing runs without it.
    pub contact: String,
    /// Who crawls, for the archive.
    pub operator: String,
    /// Least pause between two requests to one host, in seconds.
    pub pause: f64,
    /// First wait after a host failed or asked for less, in seconds; doubled each time.
    pub backoff: f64,
    /// Hosts spoken to at the same time.
    pub hosts_at_once: usize,
    /// Pages fetched from one host in one round.
    pub pages: u32,
    /// Megabytes received from one host in one round.
    pub megabytes: u64,
    /// Largest page, in megabytes.
    pub page_megabytes: usize,
    /// Largest page when unpacked, in megabytes.
    pub unpacked_megabytes: usize,
    /// Longest wait for one answer, in seconds.
    pub seconds: u64,
    /// Steps that links are followed from a start page.
    pub depth: u32,
}

impl Default for Crawler {
    fn default() -> Crawler {
        Crawler {
            contact: String::new(),
            operator: String::new(),
            pause: LEAST_PAUSE,
            backoff: 30.0,
            hosts_at_once: 16,
            pages: 2000,
            megabytes: 500,
            page_megabytes: 10,
            unpacked_megabytes: 40,
            seconds: 30,
            depth: 30,
        }
    }
}

impl Crawler {
    /// The User-Agent, with the contact in it.
    pub fn agent(&self) -> String {
        let contact =
            if self.contact.contains("://") { self.contact.clone() } else { format!("mailto:{}", self.contact) };
        format!("sakchy/{} (+{contact})", env!("CARGO_PKG_VERSION"))
    }
}

/// CSS selectors of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Select {
    /// One advert.
    pub advert: Option<String>,
    /// The title inside an advert.
    pub title: Option<String>,
    /// Links to pages of adverts.
    pub link: Option<String>,
    /// The link to the next page of a list.
    pub next: Option<String>,
}

/// One source: a board, a newspaper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name, unlike every other.
    pub id: String,
    /// Name of the outlet; the id where there is none.
    #[serde(default)]
    pub name: String,
    /// Pages to begin with: lists of adverts.
    #[serde(default)]
    pub start: Vec<String>,
    /// RSS or Atom feeds.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Sitemaps.
    #[serde(default)]
    pub sitemaps: Vec<String>,
    /// Hosts that belong to the source beside those of its addresses.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Site of `rules/sites` whose selectors are taken; found by its host otherwise.
    #[serde(default)]
    pub site: Option<String>,
    /// Selectors of its own.
    #[serde(default)]
    pub select: Select,
    /// Patterns of addresses of adverts, such as `/vacancy/*`.
    #[serde(default)]
    pub adverts: Vec<String>,
    /// Patterns of addresses of lists, such as `/jobs?page=*`.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Patterns of addresses that are never asked for.
    #[serde(default)]
    pub never: Vec<String>,
    /// Pages in one round from each host, where it differs.
    #[serde(default)]
    pub pages: Option<u32>,
    /// Longer pause for this source, in seconds.
    #[serde(default)]
    pub pause: Option<f64>,
    /// Steps that links are followed, where it differs.
    #[serde(default)]
    pub depth: Option<u32>,
}

impl Source {
    /// Name of the outlet.
    pub fn outlet(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// All hosts of the source.
    pub fn all_hosts(&self) -> BTreeSet<String> {
        let given = self.start.iter().chain(&self.feeds).chain(&self.sitemaps);
        let of_addresses = given.filter_map(|a| address::normalise(a, None)).map(|u| address::host(&u).to_string());
        of_addresses.chain(self.hosts.iter().map(|h| h.to_ascii_lowercase())).collect()
    }

    /// Does an address belong to the source: one of its hosts, with or without `www.`, and not under `never`?
    pub fn owns(&self, url: &Url) -> bool {
        let bare = |h: &str| h.strip_prefix("www.").unwrap_or(h).to_string();
        let host = bare(address::host(url));
        self.all_hosts().iter().any(|h| bare(h) == host) && !self.never.iter().any(|p| address::fits(p, url))
    }
}

/// A mistake in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what to write.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.problem)
    }
}

/// What a list holds: the sources that can be used, and the mistakes in the others.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Who crawls.
    pub crawler: Crawler,
    /// Sources without mistakes, in order.
    pub sources: Vec<Source>,
    /// Mistakes in sources, which are left out.
    pub mistakes: Vec<Mistake>,
}

/// Reads a list. A source with a mistake is left out and the mistake kept.
///
/// # Errors
/// Mistakes that leave nothing to begin with: the file is no TOML, or `[crawler]` cannot be used.
pub fn read(text: &str) -> Result<List, Vec<Mistake>> {
    let line = |at: usize| 1 + text.get(..at).unwrap_or(text).matches('\n').count();
    let of_toml = |e: &toml::de::Error| Mistake {
        line: line(e.span().map_or(0, |s| s.start)),
        problem: e.message().trim().to_string(),
    };
    let mut table = DeTable::parse(text).map_err(|e| vec![of_toml(&e)])?.into_inner();
    let mut mistakes = Vec::new();
    let mut list = List::default();
    let crawler_line = match table.remove("crawler") {
        None => 1,
        Some(value) => {
            let at = line(value.span().start);
            match Crawler::deserialize(ValueDeserializer::from(value)) {
                Ok(crawler) => list.crawler = crawler,
                Err(e) => return Err(vec![of_toml(&e)]),
            }
            at
        }
    };
    let wrong = check_crawler(&list.crawler);
    if !wrong.is_empty() {
        return Err(wrong.into_iter().map(|problem| Mistake { line: crawler_line, problem }).collect());
    }
    let sources = table.remove("source");
    for (name, value) in table {
        let problem = format!("`{}` is not known here; write [crawler] or [[source]]", name.get_ref());
        mistakes.push(Mistake { line: line(value.span().start), problem });
    }
    let mut ids = BTreeSet::new();
    for value in entries(sources) {
        let at = line(value.span().start);
        match Source::deserialize(ValueDeserializer::from(value)) {
            Err(e) => mistakes.push(of_toml(&e)),
            Ok(source) => {
                let mut wrong = check_source(&source);
                if !ids.insert(source.id.clone()) {
                    wrong.push(format!("a second source has the id `{}`; give it another", source.id));
                }
                if wrong.is_empty() {
                    list.sources.push(source);
                }
                mistakes.extend(wrong.into_iter().map(|problem| Mistake { line: at, problem }));
            }
        }
    }
    if list.sources.is_empty() && mistakes.is_empty() {
        let problem =
            "holds no source; write [[source]] with id and start, or let `sakchy crawl init URL` propose one".into();
        mistakes.push(Mistake { line: 1, problem });
    }
    list.mistakes = mistakes;
    Ok(list)
}

fn entries(value: Option<Spanned<DeValue<'_>>>) -> Vec<Spanned<DeValue<'_>>> {
    match value {
        None => Vec::new(),
        Some(value) if value.get_ref().is_array() => match value.into_inner() {
            DeValue::Array(array) => array.into_iter().collect(),
            _ => Vec::new(),
        },
        // [source] instead of [[source]]: one entry, meant well
        Some(one) => vec![one],
    }
}

fn check_crawler(crawler: &Crawler) -> Vec<String> {
    let mut wrong = Vec::new();
    let contact = crawler.contact.trim();
    let mail = contact.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.'));
    let page = (contact.starts_with("https://") || contact.starts_with("http://")) && contact.len() > 10;
    if !(mail || page) || contact.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        wrong.push(
            "a crawler must say whom to ask: write contact = \"name@office.example\" or a web page under [crawler]"
                .to_string(),
        );
    }
    if !(0.0..=3600.0).contains(&crawler.pause) {
        wrong.push(format!("pause = {} must be between 2 and 3600 seconds", crawler.pause));
    }
    if !(0.0..=3600.0).contains(&crawler.backoff) {
        wrong.push(format!("backoff = {} must be between 10 and 3600 seconds", crawler.backoff));
    }
    let limits = [
        ("hosts_at_once", crawler.hosts_at_once, 256),
        ("page_megabytes", crawler.page_megabytes, 100),
        ("unpacked_megabytes", crawler.unpacked_megabytes, 200),
        ("seconds", usize::try_from(crawler.seconds).unwrap_or(usize::MAX), 600),
    ];
    for (name, value, most) in limits {
        if !(1..=most).contains(&value) {
            wrong.push(format!("{name} = {value} must be between 1 and {most}"));
        }
    }
    wrong
}

fn check_source(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let id = &source.id;
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        wrong.push(format!("id = \"{}\" must be of Latin letters, digits and -", id.escape_debug()));
    }
    for given in source.start.iter().chain(&source.feeds).chain(&source.sitemaps) {
        if address::normalise(given, None).is_none() {
            wrong.push(format!("`{id}`: \"{}\" is no web address; write https://...", given.escape_debug()));
        }
    }
    if source.start.is_empty() && source.feeds.is_empty() && source.sitemaps.is_empty() {
        wrong.push(format!("`{id}` has nowhere to begin; write start = [\"https://...\"], feeds or sitemaps"));
    }
    for pattern in source.adverts.iter().chain(&source.lists).chain(&source.never) {
        if !pattern.starts_with(['/', '*']) {
            wrong.push(format!("`{id}`: pattern \"{}\" must begin with / or *", pattern.escape_debug()));
        }
    }
    if source.pause.is_some_and(|p| !(0.0..=3600.0).contains(&p)) {
        wrong.push(format!("`{id}`: pause must be between 2 and 3600 seconds"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[crawler]\ncontact = \"desk@office.example\"\n";

    #[test]
    fn a_good_list() {
        let list = read(&format!(
            "{HEAD}[[source]]\nid = \"a\"\nstart = [\"https://board.test/jobs\"]\nnever = [\"/login*\"]\n"
        ))
        .unwrap();
        assert!(list.mistakes.is_empty());
        assert!(
            list.crawler.agent().starts_with("sakchy/")
                && list.crawler.agent().contains("(+mailto:desk@office.example)")
        );
        let source = &list.sources[0];
        let owns = |t: &str| source.owns(&Url::parse(t).unwrap());
        assert!(owns("http://www.board.test/x") && !owns("http://other.test/") && !owns("https://board.test/login?a"));
    }

    #[test]
    fn nothing_runs_without_a_contact() {
        for head in
            ["", "[crawler]\n", "[crawler]\ncontact = \"me\"\n", "[crawler]\ncontact = \"a@b.c\\r\\nCookie: x\"\n"]
        {
            let wrong = read(&format!("{head}[[source]]\nid = \"a\"\nstart = [\"https://a.test\"]\n")).unwrap_err();
            assert!(wrong[0].problem.contains("contact = "), "{wrong:?}");
        }
    }

    #[test]
    fn mistakes_have_lines_and_the_others_go_on() {
        let text = format!(
            "{HEAD}[[source]]\nid = \"a\"\nstart = [\"board\"]\n\n[[source]]\nid = \"b\"\nstrat = [\"https://b.test\"]\n\n\
             [[source]]\nid = \"c\"\nstart = [\"https://c.test\"]\n[[source]]\nid = \"c\"\nstart = [\"https://c2.test\"]\n"
        );
        let list = read(&text).unwrap();
        assert_eq!(list.sources.len(), 1);
        let lines: Vec<usize> = list.mistakes.iter().map(|m| m.line).collect();
        assert_eq!(lines, [3, 9, 14], "{:?}", list.mistakes);
        assert!(list.mistakes[0].problem.contains("https://"));
        assert!(list.mistakes[1].problem.contains("strat"));
        assert_eq!(read("[crawler\n").unwrap_err()[0].line, 1);
    }
}
