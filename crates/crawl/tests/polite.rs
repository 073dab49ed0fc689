//! Politeness with a pretended net and a clock that jumps: every pause is looked at, none is waited for.

mod common;

use common::{Round, list};
use sakchy_crawl::clock::{Clock, JumpingClock, Millis};
use sakchy_crawl::fetch::{Ask, Ending, Exchange, Failure, Fetcher};
use std::sync::{Arc, Mutex};

const START: Millis = 1_795_000_000_000;
/// How long each answer of the pretended net takes.
const TOOK: Millis = 300;

type Answer = dyn Fn(&Ask<'_>, usize) -> Result<String, Failure> + Send + Sync;

/// A net without sockets: it answers and remembers when it was asked what.
#[derive(Clone)]
struct Net {
    clock: Arc<JumpingClock>,
    log: Arc<Mutex<Vec<(Millis, String)>>>,
    answer: Arc<Answer>,
    ip: &'static str,
}

impl Fetcher for Net {
    fn fetch(&self, ask: &Ask<'_>) -> Result<Exchange, Failure> {
        let at = self.clock.now();
        let n = {
            let mut log = self.log.lock().unwrap();
            log.push((at, ask.url.to_string()));
            log.iter().filter(|(_, u)| u == ask.url.as_str()).count()
        };
        self.clock.wait_until(at + TOOK);
        let response = (self.answer)(ask, n)?.into_bytes();
        let request = format!("GET {} HTTP/1.1\r\n\r\n", ask.url.path()).into_bytes();
        Ok(Exchange { at, took: TOOK, ip: Some(self.ip.into()), request, response, ending: Ending::Whole })
    }
}

impl Net {
    fn new(answer: impl Fn(&Ask<'_>, usize) -> Result<String, Failure> + Send + Sync + 'static) -> Net {
        let clock = Arc::new(JumpingClock::at(START));
        Net { clock, log: Arc::default(), answer: Arc::new(answer), ip: "198.18.0.7" }
    }

    /// A server of the public internet.
    fn public(self) -> Net {
        Net { ip: "93.184.216.34", ..self }
    }

    fn round(
        &self,
        list: &sakchy_crawl::sources::List,
        folder: &std::path::Path,
        allow_private: bool,
    ) -> (sakchy_crawl::crawl::Summary, Vec<String>) {
        let round = Round { clock: self.clock.as_ref(), allow_private, ..Round::new(list, folder) };
        let summary = round.run(&|| Ok(Box::new(self.clone()))).unwrap();
        (summary, round.notes.all())
    }

    fn asked(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().map(|(_, u)| u.trim_start_matches("http://").to_string()).collect()
    }

    /// Pauses between the end of an answer and the next request to the same host, in milliseconds.
    fn pauses(&self) -> Vec<Millis> {
        let log = self.log.lock().unwrap();
        log.windows(2).map(|w| w[1].0 - w[0].0 - TOOK).collect()
    }
}

fn ok(body: &str) -> Result<String, Failure> {
    Ok(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn status(line: &str) -> Result<String, Failure> {
    Ok(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n"))
}

const ONE: &str = "hosts_at_once = 1\n[[source]]\nid = \"a\"\nstart = [\"http://a.test/\"]";

#[test]
fn public_hosts_get_two_seconds_whatever_the_list_says() {
    for allow_private in [false, true] {
        let net = Net::new(|ask, _| match ask.url.path() {
            "/robots.txt" => status("404 Not Found"),
            "/" => ok("<a href=\"/1\"><a href=\"/2\"><a href=\"/3\">"),
            _ => ok("<p>x</p>"),
        })
        .public();
        let folder = tempfile::tempdir().unwrap();
        net.round(&list("pause = 0", ONE), folder.path(), allow_private);
        assert_eq!(net.asked(), ["a.test/robots.txt", "a.test/", "a.test/1", "a.test/2", "a.test/3"]);
        assert!(net.pauses().iter().all(|p| *p >= 2000), "{:?}", net.pauses());
    }
}

#[test]
fn robots_are_obeyed_and_their_delay_is_kept() {
    let net = Net::new(|ask, _| match ask.url.path() {
        "/robots.txt" => ok("User-agent: *\nCrawl-delay: 7\nDisallow: /secret\nAllow: /secret/open\n"),
        "/" => ok("<a href=\"/secret\"><a href=\"/secret/open\"><a href=\"/b?x=1\"><a href=\"/%73ecret/too\">"),
        _ => ok("<p>x</p>"),
    });
    let folder = tempfile::tempdir().unwrap();
    let (summary, _) = net.round(&list("pause = 2", ONE), folder.path(), true);
    assert_eq!(net.asked(), ["a.test/robots.txt", "a.test/", "a.test/secret/open", "a.test/b?x=1"]);
    assert!(net.pauses().iter().all(|p| (7000..7600).contains(p)), "{:?}", net.pauses());
    assert_eq!(summary.hosts["a.test"].0.denied, 2);
}

#[test]
fn a_server_that_fails_for_robots_is_asked_for_nothing_else() {
    for line in ["500 Oops", "503 Busy", "429 Slow down"] {
        let net = Net::new(move |ask, _| match ask.url.path() {
            "/robots.txt" => status(line),
            _ => ok("<p>x</p>"),
        });
        let folder = tempfile::tempdir().unwrap();
        let (summary, notes) = net.round(&list("backoff = 30", ONE), folder.path(), true);
        assert!(net.asked().iter().all(|u| u == "a.test/robots.txt"), "{:?}", net.asked());
        assert_eq!(net.asked().len(), 5);
        let pauses = net.pauses();
        assert!(pauses.iter().zip([30_000, 60_000, 120_000, 240_000]).all(|(p, least)| *p >= least), "{pauses:?}");
        assert!(notes[0].contains("robots.txt"), "{notes:?}");
        assert_eq!(summary.hosts["a.test"].0.waiting, 1, "the page waits for the next run");
    }
}

#[test]
fn retry_after_is_kept_in_seconds_and_as_a_date() {
    let date =
        httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_millis((START + 400_000) as u64));
    let net = Net::new(move |ask, n| match (ask.url.path(), n) {
        ("/robots.txt", _) => status("404 Not Found"),
        ("/", 1) => Ok("HTTP/1.1 503 Busy\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n".into()),
        ("/", 2) => Ok(format!("HTTP/1.1 429 Slow\r\nRetry-After: {date}\r\nContent-Length: 0\r\n\r\n")),
        _ => ok("<p>x</p>"),
    });
    let folder = tempfile::tempdir().unwrap();
    net.round(&list("", ONE), folder.path(), true);
    let log = net.log.lock().unwrap().clone();
    assert_eq!(log.len(), 4, "{log:?}");
    assert!(log[2].0 >= log[1].0 + TOOK + 90_000);
    assert!(log[3].0 >= START + 400_000 - 1000 && log[3].0 < START + 410_000);
}

#[test]
fn a_long_rest_is_left_to_the_next_run_which_keeps_it() {
    let net = Net::new(|ask, n| match (ask.url.path(), n) {
        ("/robots.txt", _) => status("404 Not Found"),
        ("/", 1) => Ok("HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n".into()),
        _ => ok("<p>x</p>"),
    });
    let (folder, list) = (tempfile::tempdir().unwrap(), list("", ONE));
    let (first, notes) = net.round(&list, folder.path(), true);
    assert_eq!(first.hosts["a.test"].0.waiting, 1);
    assert!(notes.iter().any(|n| n.contains("left alone until")), "{notes:?}");
    net.round(&list, folder.path(), true);
    let log = net.log.lock().unwrap().clone();
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(log[2].0 >= log[1].0 + TOOK + 7_200_000);
}

#[test]
fn five_failures_in_a_row_end_a_host_and_not_the_others() {
    let net = Net::new(|ask, _| match (ask.url.host_str(), ask.url.path()) {
        (Some("dead.test"), _) => Err(Failure { why: "no connection".into(), passing: true, sent: false }),
        (Some("bad.test"), _) => Err(Failure { why: "TLS: invalid certificate".into(), passing: false, sent: false }),
        (_, "/robots.txt") => status("404 Not Found"),
        _ => ok("<p>x</p>"),
    });
    let sources = "hosts_at_once = 1\n[[source]]\nid = \"d\"\nstart = [\"http://dead.test/\"]\n[[source]]\nid = \"t\"\nstart = [\"http://bad.test/\"]\n\
        [[source]]\nid = \"a\"\nstart = [\"http://a.test/\"]";
    let folder = tempfile::tempdir().unwrap();
    let (summary, notes) = net.round(&list("", sources), folder.path(), true);
    let count = |host: &str| net.asked().iter().filter(|u| u.starts_with(host)).count();
    assert_eq!((count("dead.test"), count("bad.test"), count("a.test")), (5, 1, 2));
    assert_eq!(summary.read, ["a"]);
    assert!(notes.iter().any(|n| n.contains("TLS")) && notes.iter().any(|n| n.contains("no connection")));
}

#[test]
fn the_next_day_takes_only_what_is_new() {
    let day = Arc::new(Mutex::new(1));
    let today = day.clone();
    let net = Net::new(move |ask, _| {
        let second = *today.lock().unwrap() == 2;
        match ask.url.path() {
            "/robots.txt" => status("404 Not Found"),
            "/" if second => ok("<a href=\"/3\"><a href=\"/1\"><a href=\"/list2\" rel=next>"),
            "/" => ok("<a href=\"/1\"><a href=\"/2\">"),
            "/same" if ask.etag == Some("\"v1\"") => status("304 Not Modified"),
            "/same" => {
                Ok("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<p>s</p>"
                    .into())
            }
            path => ok(&format!("<p>{path}</p>")),
        }
    });
    let sources = "hosts_at_once = 1\n[[source]]\nid = \"a\"\nstart = [\"http://a.test/\", \"http://a.test/same\"]";
    let (folder, list) = (tempfile::tempdir().unwrap(), list("", sources));
    net.round(&list, folder.path(), true);
    assert_eq!(net.asked(), ["a.test/robots.txt", "a.test/", "a.test/same", "a.test/1", "a.test/2"]);
    net.log.lock().unwrap().clear();
    *day.lock().unwrap() = 2;
    let (summary, _) = net.round(&list, folder.path(), true);
    assert_eq!(net.asked(), ["a.test/", "a.test/same", "a.test/list2", "a.test/3"]);
    assert_eq!(summary.adverts, 2);
    assert!(!summary.resumed);
}

#[test]
fn budgets_end_a_round_and_the_next_goes_on() {
    let net = Net::new(|ask, _| match ask.url.path() {
        "/robots.txt" => status("404 Not Found"),
        "/" => ok(&(1..=9).map(|n| format!("<a href=\"/{n}\">")).collect::<String>()),
        path => ok(&format!("<p>{path}</p>")),
    });
    let (folder, list) = (tempfile::tempdir().unwrap(), list("pages = 4", ONE));
    let (first, _) = net.round(&list, folder.path(), true);
    assert_eq!((first.hosts["a.test"].0.pages, first.hosts["a.test"].0.waiting), (4, 6));
    let (second, _) = net.round(&list, folder.path(), true);
    assert_eq!((second.adverts, second.hosts["a.test"].0.waiting), (3, 3));
}

#[test]
fn since_leaves_out_older_entries_of_feeds() {
    let net = Net::new(|ask, _| match ask.url.path() {
        "/robots.txt" => status("404 Not Found"),
        "/feed" => ok(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title><link>http://a.test/</link><description>d</description>\
            <item><title>new</title><link>http://a.test/new</link><pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate></item>\
            <item><title>old</title><link>http://a.test/old</link><pubDate>Sun, 01 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>",
        ),
        path => ok(&format!("<p>{path}</p>")),
    });
    let list = list("", "hosts_at_once = 1\n[[source]]\nid = \"a\"\nfeeds = [\"http://a.test/feed\"]");
    let folder = tempfile::tempdir().unwrap();
    let round = Round {
        clock: net.clock.as_ref(),
        since: sakchy_crawl::clock::day("2026-11-15"),
        ..Round::new(&list, folder.path())
    };
    round.run(&|| Ok(Box::new(net.clone()))).unwrap();
    assert_eq!(net.asked(), ["a.test/robots.txt", "a.test/feed", "a.test/new"]);
}

#[test]
fn robots_that_lie_on_another_host_are_fetched_there_once_and_politely() {
    let net = Net::new(|ask, _| match (ask.url.host_str().unwrap(), ask.url.path()) {
        ("a.test", "/robots.txt") => {
            Ok("HTTP/1.1 301 Moved\r\nLocation: http://www.a.test/robots.txt\r\nContent-Length: 0\r\n\r\n".into())
        }
        ("www.a.test", "/robots.txt") => ok("User-agent: *\nDisallow: /no\n"),
        ("a.test", "/") => {
            ok("<a href=\"/no\"><a href=\"/yes\"><a href=\"http://www.a.test/no\"><a href=\"http://www.a.test/yes\">")
        }
        _ => ok("<p>x</p>"),
    });
    let folder = tempfile::tempdir().unwrap();
    net.round(&list("", ONE), folder.path(), true);
    let mut asked = net.asked();
    let pages: Vec<String> = asked.iter().filter(|u| !u.ends_with("robots.txt")).cloned().collect();
    assert_eq!(pages.len(), 3, "{asked:?}");
    assert!(!pages.iter().any(|p| p.ends_with("/no")));
    let log = net.log.lock().unwrap();
    let www: Vec<Millis> = log.iter().filter(|(_, u)| u.contains("//www.")).map(|(at, _)| *at).collect();
    assert!(www.windows(2).all(|w| w[1] - w[0] >= 2000 + TOOK), "{www:?}");
    asked.dedup();
}
