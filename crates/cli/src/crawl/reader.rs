//! Reads pages for the crawl: selectors where the site's are known, else schema.org, else the page's text cut into adverts.

use crate::common::site_files;
use sakchy::{Options, Screener};
use sakchy_crawl::address;
use sakchy_crawl::sources::{Select, Source};
use sakchy_crawl::traits::{Advert, Link, Page, PageReader, Purpose, Reading};
use sakchy_documents::{cut, html};
use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;
use std::collections::HashSet;

/// What the crawl needs of a file of `rules/sites`.
#[derive(Deserialize)]
struct Site {
    id: String,
    hosts: Vec<String>,
    advert: Option<String>,
    title: Option<String>,
}

/// The selectors that hold for a source: its own, else those of the site it names, else those of a site known by its host.
pub fn selectors(source: &Source) -> Select {
    let known =
        site_files().into_iter().filter_map(|text| toml::from_str::<Site>(text).ok()).find(|site| match &source.site {
            Some(id) => site.id == *id,
            None => source.all_hosts().iter().any(|host| site.hosts.iter().any(|pattern| is_of(pattern, host))),
        });
    let mut select = source.select.clone();
    if let (Some(site), None) = (known, &select.advert) {
        select.advert = site.advert;
        select.title = select.title.or(site.title);
    }
    select
}

/// Does a match pattern such as `*://*.board.example/*` cover a host?
fn is_of(pattern: &str, host: &str) -> bool {
    let Some(domain) = pattern.split("://").nth(1).and_then(|p| p.split('/').next()) else { return false };
    match domain.strip_prefix("*.") {
        Some(bare) => host == bare || host.ends_with(&format!(".{bare}")),
        None => host == domain,
    }
}

/// Selectors that are no CSS, with the reason, so that they can be named before anything is fetched.
pub fn broken(select: &Select) -> Vec<String> {
    let all = [("advert", &select.advert), ("title", &select.title), ("link", &select.link), ("next", &select.next)];
    let wrong = all.into_iter().filter_map(|(name, css)| {
        let css = css.as_deref()?;
        Selector::parse(css).err().map(|_| format!("{name} = '{css}' is no CSS selector"))
    });
    wrong.collect()
}

/// Reads pages and screens what it finds.
pub struct Reader<'a> {
    screener: &'a Screener,
}

impl<'a> Reader<'a> {
    /// A reader that screens with `screener`.
    pub fn new(screener: &'a Screener) -> Reader<'a> {
        Reader { screener }
    }

    fn screened(&self, mut advert: Advert) -> Advert {
        let options = Options { title: advert.title.as_deref(), ..Options::default() };
        let band = self.screener.screen_with(&advert.text, &options).band;
        advert.flagged = matches!(band, "warning" | "danger");
        advert
    }
}

impl PageReader for Reader<'_> {
    fn read(&self, page: &Page<'_>) -> Result<Reading, String> {
        let text = html::decoded(page.body, page.charset)?;
        let parsed = html::read(&text, Some(page.url.as_str()))?;
        let select = selectors(page.source);
        let needs_tree = select.advert.is_some() || select.link.is_some() || select.next.is_some();
        let tree = needs_tree.then(|| Html::parse_document(&text));
        let adverts = adverts(page, &parsed, &select, tree.as_ref());
        let closed = parsed.robots.as_deref().is_some_and(|r| {
            let r = r.to_ascii_lowercase();
            r.contains("nofollow") || r.trim() == "none"
        });
        let links = if closed { Vec::new() } else { links(page, &parsed, &select, tree.as_ref()) };
        Ok(Reading {
            adverts: adverts.into_iter().map(|a| self.screened(a)).collect(),
            links,
            canonical: parsed.canonical,
        })
    }
}

fn chosen<'t>(tree: Option<&'t Html>, css: Option<&String>) -> Vec<ElementRef<'t>> {
    let selector = css.and_then(|css| Selector::parse(css).ok());
    match (tree, selector) {
        (Some(tree), Some(selector)) => tree.select(&selector).collect(),
        _ => Vec::new(),
    }
}

fn adverts(page: &Page<'_>, parsed: &html::Page, select: &Select, tree: Option<&Html>) -> Vec<Advert> {
    let by_selector: Vec<Advert> =
        chosen(tree, select.advert.as_ref()).into_iter().filter_map(|e| of_element(page, e, select)).collect();
    if !by_selector.is_empty() {
        return by_selector;
    }
    if !parsed.postings.is_empty() {
        let postings = parsed.postings.iter().map(|p| p.advert(None, None));
        return postings
            .map(|a| Advert { title: a.title, text: a.text, url: a.url, date: a.date, flagged: false })
            .collect();
    }
    let source = page.source;
    let shaped = !source.adverts.is_empty() || !source.lists.is_empty() || select.link.is_some();
    let lines: Vec<String> = parsed.text.lines().map(str::to_string).collect();
    let one = |pieces: Vec<cut::Piece>| -> Vec<Advert> {
        let title = parsed.title.clone().filter(|_| pieces.len() == 1);
        let advert =
            |text: String| Advert { title: title.clone(), text, date: parsed.date.clone(), ..Advert::default() };
        pieces.into_iter().map(|p| advert(p.text)).collect()
    };
    match page.purpose {
        Purpose::Advert if parsed.text.trim().is_empty() => Vec::new(),
        Purpose::Advert => {
            let whole = cut::Piece { text: parsed.text.trim().to_string(), ..cut::Piece::default() };
            one(vec![whole])
        }
        // a list whose adverts have pages of their own: those are read, not this one
        _ if shaped => Vec::new(),
        purpose => {
            let pieces = cut::cut(&lines, &mut None);
            // a start page that is no page of adverts is a page of links
            if purpose == Purpose::Page || pieces.len() > 1 { one(pieces) } else { Vec::new() }
        }
    }
}

fn of_element(page: &Page<'_>, element: ElementRef<'_>, select: &Select) -> Option<Advert> {
    let inner = html::read(&format!("<body>{}</body>", element.html()), Some(page.url.as_str())).ok()?;
    let title = select.title.as_ref().and_then(|css| Selector::parse(css).ok()).and_then(|s| element.select(&s).next());
    let title = title.map(|e| e.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" "));
    let own = element.select(&Selector::parse("a[href]").ok()?).next().and_then(|a| a.attr("href"));
    let url = own.and_then(|href| address::normalise(href, Some(page.url))).map(String::from);
    let text = inner.text.trim().to_string();
    (!text.is_empty()).then(|| Advert {
        title: title.filter(|t| !t.is_empty()),
        text,
        url,
        date: inner.date,
        flagged: false,
    })
}

fn links(page: &Page<'_>, parsed: &html::Page, select: &Select, tree: Option<&Html>) -> Vec<Link> {
    let mut seen = HashSet::new();
    let mut links = Vec::new();
    let mut add = |href: &str, purpose: Purpose| {
        if let Some(url) = address::normalise(href, Some(page.url))
            && seen.insert(address::key(&url))
        {
            links.push(Link { url, purpose, changed: None });
        }
    };
    for (css, purpose) in [(&select.link, Purpose::Advert), (&select.next, Purpose::List)] {
        for element in chosen(tree, css.as_ref()) {
            if let Some(href) = href_of(element) {
                add(href, purpose);
            }
        }
    }
    if let Some(next) = &parsed.next {
        add(next, Purpose::List);
    }
    for link in parsed.links.iter().filter(|l| !l.nofollow) {
        add(&link.url, Purpose::Page);
    }
    links
}

/// The address of a link, or of the first link inside another element.
fn href_of(element: ElementRef<'_>) -> Option<&str> {
    match element.attr("href") {
        Some(href) => Some(href),
        None => element.select(&Selector::parse("a[href]").ok()?).next()?.attr("href"),
    }
}

/// How many elements of a page each selector finds.
pub fn matches(text: &str, select: &Select) -> Vec<(&'static str, String, usize)> {
    let tree = Html::parse_document(text);
    let all = [("advert", &select.advert), ("title", &select.title), ("link", &select.link), ("next", &select.next)];
    let counted = all.into_iter().filter_map(|(name, css)| {
        let css = css.clone()?;
        let found = chosen(Some(&tree), Some(&css)).len();
        Some((name, css, found))
    });
    counted.collect()
}
