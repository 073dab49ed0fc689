//! Hostile and broken servers over real connections: what is asked for is read from the server's own log.

mod common;
mod server;

use common::{Round, list};
use flate2::{Compression, write::GzEncoder};
use server::{Reply, Server, too_early, twice};
use std::io::Write;

const QUICK: &str = "pause = 0\nbackoff = 0.1\nseconds = 2\npage_megabytes = 1\nunpacked_megabytes = 2";

fn source(server: &Server, id: &str, host: &str, more: &str) -> String {
    format!("[[source]]\nid = \"{id}\"\nstart = [\"{}\"]\n{more}\n", server.url(host, "/"))
}

fn chunked(parts: &[&str], end: bool) -> Vec<u8> {
    let mut out = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for part in parts {
        out.extend_from_slice(format!("{:x}\r\n{part}\r\n", part.len()).as_bytes());
    }
    if end {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    out
}

/// A gzip file of `megabytes` zeros.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        out.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    out.finish().unwrap()
}

#[test]
fn broken_answers_are_named_and_the_others_read() {
    let server = Server::start(|hit| match hit.path.as_str() {
        "/robots.txt" => {
            Reply::html("<!doctype html><html><body>not found, see <a href=\"http://x\">here</a></body></html>")
        }
        "/" => Reply::html(
            "<a href=\"/short\"><a href=\"/slow\"><a href=\"/bomb\"><a href=\"/huge\"><a href=\"/claims\"><a href=\"/loop1\"><a href=\"/self\">\
             <a href=\"/chunks\"><a href=\"/half\"><a href=\"/image\"><a href=\"/garbage\"><a href=\"/refused\"><a href=\"/gone\"><a href=\"/good\">\
             <a href=\"/off\"><a href=\"/long\">",
        ),
        "/short" => Reply::raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>half"),
        "/slow" => Reply(
            (0..40)
                .map(|n| {
                    (
                        if n == 0 { 0 } else { 200 },
                        if n == 0 {
                            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec()
                        } else {
                            b"x".to_vec()
                        },
                    )
                })
                .collect(),
        ),
        "/bomb" => Reply::with("200 OK", &["Content-Type: text/html", "Content-Encoding: gzip"], &bomb(300)),
        "/huge" => Reply::html(&"<p>".repeat(1 << 20)),
        "/claims" => Reply::raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2147483648\r\n\r\n<p>two gigabytes",
        ),
        "/loop1" => Reply::moved("/loop2"),
        "/loop2" => Reply::moved("/loop1"),
        "/self" => Reply::moved("/self"),
        "/chunks" => Reply::raw(chunked(&["<p>in ", "chunks</p>"], true)),
        "/half" => Reply::raw(chunked(&["<p>half a", " chunk"], false)),
        "/image" => Reply::with("200 OK", &["Content-Type: image/png"], &vec![7; 300_000]),
        "/garbage" => Reply::raw("SSH-2.0-OpenSSH\r\n"),
        "/refused" => Reply::with("403 Forbidden", &[], b""),
        "/gone" => Reply::missing(),
        "/off" => Reply::moved("http://elsewhere.test/page"),
        "/long" => Reply::moved("/long/a"),
        path if path.starts_with("/long/") => Reply::moved(&format!("{path}a")),
        _ => Reply::html("<p>good</p>"),
    });
    let list = list(QUICK, &source(&server, "a", "a.test", ""));
    let folder = tempfile::tempdir().unwrap();
    let round = Round::new(&list, folder.path());
    let summary = round.over_http(&["a.test", "elsewhere.test"], None).unwrap();
    assert_eq!(round.texts(), ["good", "in chunks"], "{:?}", round.notes.all());
    for (path, why) in [
        ("/slow", "took too long"),
        ("/bomb", "unpacks to more than 2 MB"),
        ("/huge", "larger than 1 MB"),
        ("/short", "broke off"),
        ("/claims", "broke off"),
        ("/self", "redirects to itself"),
        ("/half", "broke off"),
        ("/refused", "refuses"),
        ("/off", "write it under hosts"),
        ("/loop2", "in a circle"),
        ("redirects more than", ""),
    ] {
        assert!(
            round.notes.all().iter().any(|n| n.contains(path) && n.contains(why)),
            "{path}: {:?}",
            round.notes.all()
        );
    }
    assert_eq!(summary.hosts["a.test"].0.gone, 1);
    assert!(server.paths("elsewhere.test").is_empty());
    // what failed in passing is asked for three times, nothing else twice
    let hits = server.hits();
    let asked = |path: &str| hits.iter().filter(|h| h.path == path).count();
    assert_eq!(
        twice(&hits).iter().filter(|p| !["/short", "/slow", "/claims", "/half"].iter().any(|q| p.ends_with(q))).count(),
        0,
        "{:?}",
        twice(&hits)
    );
    assert!(["/short", "/slow", "/half"].iter().all(|p| asked(p) <= 3));
    assert!(hits.iter().all(|h| h.head.starts_with("GET ") && !h.head.to_lowercase().contains("cookie")));
    assert!(hits.iter().all(|h| h.head.contains("sakchy/") && h.head.contains("(+mailto:desk@office.example)")));
}

#[test]
fn endless_calendars_sessions_and_doubles_end() {
    let server = Server::start(|hit| {
        let path = hit.path.clone();
        let n: u32 = path.rsplit('/').next().and_then(|p| p.parse().ok()).unwrap_or(0);
        match path.as_str() {
            "/robots.txt" => Reply::missing(),
            "/" => Reply::html(
                "<a href=\"/calendar/1\"><a href=\"/one?PHPSESSID=aa11\"><a href=\"/one?PHPSESSID=bb22\"><a href=\"/one#top\">\
                 <a href=\"/o%6Ee\"><a href=\"/two?b=2&amp=1\"><a href=\"/same/a\"><a href=\"/same/b\"><a href=\"/canon?ref=1\"><a href=\"/canon\">",
            ),
            _ if path.starts_with("/calendar/") => Reply::html(&format!("<a href=\"/calendar/{}\">", n + 1)),
            _ if path.starts_with("/same/") => Reply::html("<p>same</p><a href=\"deeper/x\">"),
            _ if path.starts_with("/canon") => {
                Reply::html(&format!("<link rel=\"canonical\" href=\"/canon\"><p>canon</p><!-- {path} -->"))
            }
            _ => Reply::html("<p>one</p>"),
        }
    });
    let list = list(&format!("{QUICK}\ndepth = 8"), &source(&server, "a", "a.test", ""));
    let folder = tempfile::tempdir().unwrap();
    let round = Round::new(&list, folder.path());
    round.over_http(&["a.test"], None).unwrap();
    let paths = server.paths("a.test");
    assert_eq!(paths.iter().filter(|p| p.starts_with("/calendar/")).count(), 8);
    assert_eq!(paths.iter().filter(|p| p.starts_with("/one")).count(), 1, "{paths:?}");
    assert_eq!(paths.iter().filter(|p| p.starts_with("/canon")).count(), 1, "{paths:?}");
    assert!(twice(&server.hits()).is_empty());
    assert_eq!(round.texts(), ["canon", "one", "same"]);
}

#[test]
fn real_pauses_and_delays_are_kept_on_the_wire() {
    let server = Server::start(|hit| match (hit.host.as_str(), hit.path.as_str()) {
        ("slow.test", "/robots.txt") => Reply::text("User-agent: *\nCrawl-delay: 0.6\nDisallow: /private\n"),
        (_, "/robots.txt") => Reply::missing(),
        (_, "/") => Reply::html("<a href=\"/1\"><a href=\"/2\"><a href=\"/private/3\"><a href=\"/4\">"),
        (_, path) => Reply(vec![(120, Reply::html(&format!("<p>{path}</p>")).0.remove(0).1)]),
    });
    let all = format!("{}{}", source(&server, "a", "a.test", ""), source(&server, "s", "slow.test", ""));
    let list = list("pause = 0.3\nhosts_at_once = 4", &all);
    let folder = tempfile::tempdir().unwrap();
    Round::new(&list, folder.path()).over_http(&["a.test", "slow.test"], None).unwrap();
    let hits = server.hits();
    assert!(too_early(&hits, 300).is_empty(), "{:?}", too_early(&hits, 300));
    let slow: Vec<_> = hits.iter().filter(|h| h.host == "slow.test").cloned().collect();
    assert!(too_early(&slow, 600).is_empty(), "{:?}", too_early(&slow, 600));
    assert!(!slow.iter().any(|h| h.path.contains("private")));
    assert_eq!((slow.len(), hits.len()), (5, 11));
}

#[test]
fn private_addresses_are_not_spoken_to() {
    let server = Server::start(|_| Reply::html("<p>inside</p>"));
    for host in ["inside.test", "127.0.0.1", "localhost"] {
        let list = list("", &source(&server, "a", host, ""));
        let folder = tempfile::tempdir().unwrap();
        let round = Round { allow_private: false, ..Round::new(&list, folder.path()) };
        let summary = round.over_http(&["inside.test"], None).unwrap();
        assert!(round.notes.has("not public"), "{:?}", round.notes.all());
        assert_eq!((summary.adverts, summary.troubles > 0), (0, true));
    }
    assert!(server.hits().is_empty());
}

#[test]
fn broken_tls_is_named_and_not_spoken_through() {
    // a server that speaks no TLS, and one whose certificate nobody vouches for
    let plain = Server::start(|_| Reply::html("<p>x</p>"));
    let (port, authority) = tls_server();
    let list = list(
        QUICK,
        &format!(
            "[[source]]\nid = \"a\"\nstart = [\"https://plain.test:{}/\"]\n[[source]]\nid = \"b\"\nstart = [\"https://tls.test:{port}/\"]\n\
             [[source]]\nid = \"c\"\nstart = [\"https://other.test:{port}/\"]\n",
            plain.port()
        ),
    );
    let hosts = ["plain.test", "tls.test", "other.test"];
    let folder = tempfile::tempdir().unwrap();
    let round = Round::new(&list, folder.path());
    assert_eq!(round.over_http(&hosts, None).unwrap().read.len(), 0);
    assert!(round.notes.has("tls.test: TLS") && round.notes.has("plain.test: "), "{:?}", round.notes.all());
    // vouched for, the right name is read and the wrong one is not
    let folder = tempfile::tempdir().unwrap();
    let round = Round::new(&list, folder.path());
    assert_eq!(round.over_http(&hosts, Some(authority.into_bytes())).unwrap().read, ["b"]);
    assert!(round.notes.has("other.test: TLS"), "{:?}", round.notes.all());
}

/// A server with a certificate for `tls.test`; gives its port and the certificate in PEM.
fn tls_server() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec!["tls.test".to_string()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = std::sync::Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(connection) = rustls::ServerConnection::new(config.clone()) else { continue };
            let mut tls = rustls::StreamOwned::new(connection, stream);
            let mut room = [0; 4096];
            if std::io::Read::read(&mut tls, &mut room).is_ok() {
                let _ =
                    tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<p>t</p>");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    (port, made.cert.pem())
}
