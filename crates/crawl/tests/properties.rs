//! The fast ways beside slow and obvious ones.

use proptest::prelude::*;
use sakchy_crawl::address::{key, normalise};
use sakchy_crawl::robots::{Robots, Rule};

/// Does a pattern fit from the start? Tries everything.
fn fits_slowly(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => true,
        [b'$'] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|at| fits_slowly(rest, &text[at..])),
        [first, rest @ ..] => text.first() == Some(first) && fits_slowly(rest, &text[1..]),
    }
}

fn allows_slowly(rules: &[(bool, String)], path: &str) -> bool {
    let mut best: Option<(usize, bool)> = None;
    for (allow, pattern) in rules.iter().filter(|(_, p)| !p.is_empty()) {
        if fits_slowly(pattern.as_bytes(), path.as_bytes()) {
            let this = (pattern.len(), *allow);
            best = Some(best.map_or(this, |b| b.max(this)));
        }
    }
    path == "/robots.txt" || best.is_none_or(|(_, allow)| allow)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn robots_as_the_slow_way_says(
        rules in prop::collection::vec((any::<bool>(), "/[ab/*]{0,6}[$]?"), 0..6),
        path in "/[ab/]{0,8}",
    ) {
        let mut text = String::from("User-agent: other\nDisallow: /\n\nUser-Agent: *\nDisallow: /x\n\nuser-agent: SAKCHY\n");
        for (allow, pattern) in &rules {
            text.push_str(&format!("{}: {pattern}\n", if *allow { "Allow" } else { "Disallow" }));
        }
        let robots = Robots::parse(text.as_bytes(), "sakchy");
        prop_assert_eq!(robots.allows(&path), allows_slowly(&rules, &path), "{}", text);
    }

    #[test]
    fn robots_never_panics_and_html_says_nothing(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Robots::parse(&bytes, "sakchy").allows("/x");
        let mut page = b"<!doctype html><html><body>".to_vec();
        page.extend(bytes.iter().filter(|b| !matches!(b, b'\n' | b'\r' | b':')));
        prop_assert_eq!(Robots::parse(&page, "sakchy").rules, Vec::<Rule>::new());
    }

    #[test]
    fn one_spelling_stays_one(
        path in "[a-c/%0-9A-Fa-f.~;=()S-]{0,20}",
        query in "[a-c&=%0-9]{0,16}",
        fragment in "[a-z]{0,4}",
    ) {
        let text = format!("HTTP://Board.Test:80/{path}?{query}#{fragment}");
        if let Some(url) = normalise(&text, None) {
            let again = normalise(url.as_str(), None);
            prop_assert_eq!(again.as_ref(), Some(&url));
            prop_assert!(url.fragment().is_none() && url.host_str() == Some("board.test"));
            // order of parameters and scheme make no other page
            let mut parts: Vec<&str> = url.query().map(|q| q.split('&').collect()).unwrap_or_default();
            parts.reverse();
            let mut turned = url.clone();
            turned.set_query(Some(&parts.join("&")).filter(|q| !q.is_empty()).map(String::as_str));
            prop_assert_eq!(key(&turned), key(&url));
        }
    }

    #[test]
    fn a_session_makes_no_other_page(id in "[0-9a-f]{8,32}", name in prop::sample::select(vec!["PHPSESSID", "sid", "utm_source", "jsessionid"])) {
        let plain = normalise("http://board.test/list?page=2", None);
        prop_assert_eq!(normalise(&format!("http://board.test/list?{name}={id}&page=2"), None), plain.clone());
        prop_assert_eq!(normalise(&format!("http://board.test/list?page=2&{name}={id}"), None), plain);
    }
}

#[test]
fn percent_signs_and_groups() {
    let text = "\u{feff}User-agent: a\nUser-agent: Sakchy/1.0\nCrawl-delay: 3\nDisallow: /%D0%B6\nDisallow: /a%2fb # note\n\n\
        Disallow: /late\nUser-agent: sakchy\nAllow: /late/x$\nCrawl-delay: 7\nSitemap: https://board.test/s.xml\n\
        User-agent: *\nDisallow: /\n";
    let robots = Robots::parse(text.as_bytes(), "sakchy");
    for (path, allowed) in [
        ("/ж", false),
        ("/%d0%b6", false),
        ("/a%2Fb", false),
        ("/a/b", true),
        ("/late", false),
        ("/late/x", true),
        ("/late/xy", false),
    ] {
        let url = normalise(&format!("http://board.test{path}"), None).unwrap();
        assert_eq!(robots.allows(url.path()), allowed, "{path}");
    }
    assert_eq!(robots.delay.map(|d| d.as_secs()), Some(7));
    assert_eq!(robots.sitemaps, ["https://board.test/s.xml"]);
    assert!(!Robots::parse(text.as_bytes(), "other").allows("/"));
    assert!(Robots::parse(b"Disallow: /\n", "sakchy").allows("/"), "rules without a group speak to nobody");
    let mut long = b"User-agent: *\n".to_vec();
    long.resize(600 * 1024, b'#');
    long.extend_from_slice(b"\nDisallow: /\n");
    assert!(Robots::parse(&long, "sakchy").allows("/"), "behind 500 KiB nothing counts");
}
