//! The archive: what the server sent comes back byte for byte, crashes leave nothing half known.

mod common;
mod server;

use common::{Round, list};
use sakchy_crawl::replay::{exchanges_from, record_at};
use server::{Reply, Server, twice};
use std::fs;
use std::path::{Path, PathBuf};

const QUICK: &str = "pause = 0\nbackoff = 0.1\noperator = \"An office\"";

fn body(path: &str) -> Vec<u8> {
    // Windows-1251 and bytes of every value
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\nX-Odd:  two  spaces \r\n\r\n<p>".to_vec();
    bytes.extend(path.bytes().cycle().take(700));
    bytes.extend(0..=255u8);
    bytes.extend_from_slice(b"</p>");
    bytes
}

fn answer(path: &str) -> Reply {
    match path {
        "/robots.txt" => Reply::missing(),
        "/" => Reply::html(&(1..=6).map(|n| format!("<a href=\"/{n}\">")).collect::<String>()),
        path => Reply::raw(body(path)),
    }
}

fn archives(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder.join("warc")).unwrap().flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

fn one_list(server: &Server) -> sakchy_crawl::sources::List {
    list(QUICK, &format!("[[source]]\nid = \"a\"\nstart = [\"{}\"]", server.url("a.test", "/")))
}

#[test]
fn a_round_trip_byte_for_byte() {
    let server = Server::start(|hit| answer(&hit.path));
    let list = one_list(&server);
    let folder = tempfile::tempdir().unwrap();
    let round = Round::new(&list, folder.path());
    round.over_http(&["a.test"], None).unwrap();
    let files = archives(folder.path());
    let (first, _) = record_at(&files[0], 0).unwrap();
    assert_eq!(first.kind(), "warcinfo");
    assert_eq!(first.note("operator").as_deref(), Some("An office"));
    let (found, end) = exchanges_from(&files[0], 0).unwrap();
    assert_eq!(end, fs::metadata(&files[0]).unwrap().len());
    assert_eq!(found.len(), 8);
    let hits = server.hits();
    for exchange in &found {
        let path = url::Url::parse(&exchange.url).unwrap().path().to_string();
        let sent: Vec<u8> = answer(&path).0.into_iter().flat_map(|(_, b)| b).collect();
        assert_eq!(exchange.exchange.response, sent, "{path}");
        let head = &hits.iter().find(|h| h.path == path).unwrap().head;
        assert_eq!(String::from_utf8_lossy(&exchange.exchange.request), *head, "{path}");
    }
    // the index leads to every one, the adverts to their own
    let index = fs::read_to_string(folder.path().join("index.cdxj")).unwrap();
    assert_eq!(index.lines().count(), 8);
    let mut sorted: Vec<&str> = index.lines().collect();
    sorted.sort_unstable();
    assert_eq!(sorted, index.lines().collect::<Vec<_>>());
    for line in index.lines() {
        let json: serde_json::Value = serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap();
        let offset = json["offset"].as_str().unwrap().parse().unwrap();
        let (record, next) =
            record_at(&folder.path().join("warc").join(json["filename"].as_str().unwrap()), offset).unwrap();
        assert_eq!(record.field("WARC-Target-URI"), json["url"].as_str());
        assert_eq!((next - offset).to_string(), json["length"].as_str().unwrap());
    }
    for kept in round.sink.0.lock().unwrap().iter() {
        let (record, _) = record_at(&folder.path().join("warc").join(&kept.warc), kept.offset).unwrap();
        assert_eq!(record.field("WARC-Target-URI"), Some(kept.page.as_str()));
    }
}

/// What a crash leaves: pages in the archive that the frontier does not know of, and half a record behind them.
#[test]
fn pages_in_the_archive_are_taken_over_and_not_fetched_again() {
    let server = Server::start(|hit| answer(&hit.path));
    let list = one_list(&server);
    let folder = tempfile::tempdir().unwrap();
    let undisturbed = Round::new(&list, folder.path());
    undisturbed.over_http(&["a.test"], None).unwrap();
    // the same archive, but a frontier that has seen nothing yet
    for cut in [0, 40, 400] {
        let broken = tempfile::tempdir().unwrap();
        fs::create_dir_all(broken.path().join("warc")).unwrap();
        let old = &archives(folder.path())[0];
        let copy = broken.path().join("warc").join(old.file_name().unwrap());
        fs::copy(old, &copy).unwrap();
        let length = fs::metadata(&copy).unwrap().len();
        fs::OpenOptions::new().write(true).open(&copy).unwrap().set_len(length - cut).unwrap();
        server.forget();
        let round = Round::new(&list, broken.path());
        let summary = round.over_http(&["a.test"], None).unwrap();
        let paths = server.paths("a.test");
        let again = paths.iter().filter(|p| *p != "/robots.txt").count();
        assert_eq!(again, usize::from(cut > 0), "{paths:?}");
        assert_eq!(summary.recovered, 7 - u32::from(cut > 0));
        assert_eq!(round.texts(), undisturbed.texts());
        let urls: Vec<String> =
            archives(broken.path()).iter().flat_map(|f| exchanges_from(f, 0).unwrap().0).map(|f| f.url).collect();
        let pages = urls.iter().filter(|u| !u.ends_with("robots.txt")).count();
        assert_eq!(pages, 7, "each page is archived once: {urls:?}");
    }
    assert!(twice(&server.hits()).is_empty());
}

#[test]
fn a_folder_is_used_by_one_crawl_at_a_time() {
    let server = Server::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::missing(),
        _ => Reply(vec![(700, Reply::html("<p>x</p>").0.remove(0).1)]),
    });
    let list = one_list(&server);
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| Round::new(&list, folder.path()).over_http(&["a.test"], None));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let second = Round::new(&list, folder.path()).over_http(&["a.test"], None);
        assert!(second.unwrap_err().contains("another crawl"), "the second one must stay away");
        assert!(first.join().unwrap().is_ok());
    });
}
