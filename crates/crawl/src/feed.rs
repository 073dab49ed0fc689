//! Feeds (RSS, Atom, JSON Feed) and sitemaps: addresses and when what they lead to was changed.

use crate::address;
use crate::clock::{Millis, day};
use crate::traits::{Link, Purpose};
use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::Read;
use url::Url;

/// Most addresses of one sitemap (the protocol's own limit).
const MOST: usize = 50_000;

/// The entries of a feed, newest first as the feed has them.
///
/// # Errors
/// Why it is no feed.
pub fn feed(body: &[u8], base: &Url) -> Result<Vec<Link>, String> {
    let feed = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .build()
        .parse(body)
        .map_err(|e| format!("is no feed that can be read: {e}"))?;
    let links = feed.entries.into_iter().filter_map(|entry| {
        let own =
            entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate")).or(entry.links.first());
        let url = address::normalise(own.map_or(entry.id.as_str(), |l| l.href.as_str()), Some(base))?;
        let changed = entry.updated.or(entry.published).map(|d| d.timestamp_millis());
        Some(Link { url, purpose: Purpose::Advert, changed })
    });
    Ok(links.take(MOST).collect())
}

/// The entries of a sitemap or of an index of sitemaps, packed with gzip or not.
///
/// # Errors
/// Why it is no sitemap.
pub fn sitemap(body: &[u8], base: &Url, unpacked: usize) -> Result<Vec<Link>, String> {
    let mut plain = Vec::new();
    let body = if body.starts_with(&[0x1f, 0x8b]) {
        let most = u64::try_from(unpacked).unwrap_or(u64::MAX).saturating_add(1);
        MultiGzDecoder::new(body).take(most).read_to_end(&mut plain).map_err(|e| format!("cannot be unpacked: {e}"))?;
        if plain.len() > unpacked {
            return Err(format!("unpacks to more than {} MB", unpacked >> 20));
        }
        &plain[..]
    } else {
        body
    };
    let decoded = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(decoded.trim_start_matches('\u{feff}'));
    let mut links: Vec<Link> = Vec::new();
    let (mut index, mut known) = (false, false);
    let (mut inside, mut text) = (String::new(), String::new());
    let (mut place, mut changed) = (None, None);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            // what was read up to here stands
            Err(_) if !links.is_empty() => break,
            Err(e) => return Err(format!("is no sitemap that can be read: {e}")),
        };
        match event {
            Event::Start(tag) => {
                inside = tag.local_name().as_ref().to_string();
                known |= matches!(inside.as_str(), "urlset" | "sitemapindex");
                index |= inside == "sitemapindex";
                text.clear();
            }
            Event::Text(t) => text.push_str(&t),
            Event::CData(t) => text.push_str(&t),
            Event::GeneralRef(name) if name.as_ref() == "amp" => text.push('&'),
            Event::End(tag) => match tag.local_name().as_ref() {
                "loc" if inside == "loc" => place = address::normalise(&text, Some(base)),
                "lastmod" => changed = moment(text.trim()),
                "url" | "sitemap" => {
                    let purpose = if index { Purpose::Sitemap } else { Purpose::Page };
                    let changed = changed.take();
                    links.extend(place.take().map(|url| Link { url, purpose, changed }));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
        if links.len() >= MOST {
            break;
        }
    }
    if known { Ok(links) } else { Err("is no sitemap: it has neither urlset nor sitemapindex".into()) }
}

/// A date of W3C's form: a day, or a day with a time. Without a time, the end of the day counts.
fn moment(text: &str) -> Option<Millis> {
    let start = day(text)?;
    let mut time = text.get(11..).unwrap_or("").splitn(3, ':').map(|p| p.get(..2).unwrap_or("").parse::<i64>());
    match (time.next(), time.next(), time.next()) {
        (Some(Ok(h)), Some(Ok(m)), s) => {
            let zone = text.rfind(['+', '-']).filter(|at| *at > 11).and_then(|at| {
                let (sign, rest) = text.split_at(at + 1);
                let minutes = rest.get(..2)?.parse::<i64>().ok()? * 60 + rest.get(3..5)?.parse::<i64>().ok()?;
                Some(if sign.ends_with('-') { -minutes } else { minutes })
            });
            let seconds = s.and_then(Result::ok).unwrap_or(0);
            Some(start + ((h * 60 + m - zone.unwrap_or(0)) * 60 + seconds) * 1000)
        }
        _ => Some(start + 86_399_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://board.test/feed").unwrap()
    }

    #[test]
    fn sitemaps_and_their_index() {
        let text = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
            <url><loc> https://board.test/vacancy/1?a=1&amp;b=2 </loc><lastmod>2026-11-21</lastmod></url>\
            <url><loc>/vacancy/2</loc><lastmod>2026-11-21T10:00:00+06:00</lastmod></url></urlset>";
        let links = sitemap(text.as_bytes(), &base(), 1 << 20).unwrap();
        assert_eq!(links[0].url.as_str(), "https://board.test/vacancy/1?a=1&b=2");
        assert_eq!(links[1].changed.map(crate::clock::iso).as_deref(), Some("2026-11-21T04:00:00Z"));
        let index = b"<sitemapindex><sitemap><loc>https://board.test/s1.xml.gz</loc></sitemap></sitemapindex>";
        assert_eq!(sitemap(index, &base(), 1 << 20).unwrap()[0].purpose, Purpose::Sitemap);
        assert!(sitemap(b"<html><body>404</body></html>", &base(), 1 << 20).is_err());
    }

    #[test]
    fn rss_atom_and_none() {
        let rss = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>x</title><item><title>a</title>\
            <link>https://board.test/vacancy/7</link><pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>";
        let links = feed(rss.as_bytes(), &base()).unwrap();
        assert_eq!(links[0].url.as_str(), "https://board.test/vacancy/7");
        assert_eq!(links[0].changed.map(crate::clock::iso).as_deref(), Some("2026-11-21T09:00:00Z"));
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><id>i</id><updated>2026-11-21T00:00:00Z</updated>\
            <entry><id>u</id><title>b</title><link href=\"/vacancy/8\"/><updated>2026-11-20T00:00:00Z</updated></entry></feed>";
        assert_eq!(feed(atom.as_bytes(), &base()).unwrap()[0].url.as_str(), "https://board.test/vacancy/8");
        assert!(feed(b"<html>", &base()).is_err());
    }
}
