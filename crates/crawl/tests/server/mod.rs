//! A server for tests: many hosts by name on one loopback port, and a log of every request.
#![allow(dead_code, missing_docs)]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One request as it was seen.
#[derive(Clone, Debug)]
pub struct Hit {
    pub host: String,
    pub path: String,
    pub head: String,
    /// Milliseconds since the server began.
    pub began: u128,
    pub ended: u128,
}

/// What is answered: pieces of bytes, each after a wait.
#[derive(Clone, Debug, Default)]
pub struct Reply(pub Vec<(u64, Vec<u8>)>);

impl Reply {
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply(vec![(0, bytes.into())])
    }

    pub fn with(status: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len()).into_bytes();
        for header in headers {
            bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"Connection: close\r\n\r\n");
        bytes.extend_from_slice(body);
        Reply::raw(bytes)
    }

    pub fn html(body: &str) -> Reply {
        Reply::with("200 OK", &["Content-Type: text/html; charset=utf-8"], body.as_bytes())
    }

    pub fn text(body: &str) -> Reply {
        Reply::with("200 OK", &["Content-Type: text/plain"], body.as_bytes())
    }

    pub fn moved(to: &str) -> Reply {
        Reply::with("302 Found", &[&format!("Location: {to}")], b"")
    }

    pub fn missing() -> Reply {
        Reply::with("404 Not Found", &["Content-Type: text/html"], b"no")
    }
}

/// The server; it ends with the test.
pub struct Server {
    pub address: SocketAddr,
    hits: Arc<Mutex<Vec<Hit>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Hit) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let hits = Arc::new(Mutex::new(Vec::new()));
        let (log, answer, began) = (hits.clone(), Arc::new(answer), Instant::now());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answer) = (log.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, began, &log, answer.as_ref()));
            }
        });
        Server { address, hits }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// `http://HOST:PORT/PATH`.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port())
    }

    pub fn hits(&self) -> Vec<Hit> {
        self.hits.lock().expect("the log").clone()
    }

    pub fn paths(&self, host: &str) -> Vec<String> {
        self.hits().into_iter().filter(|h| h.host == host).map(|h| h.path).collect()
    }

    pub fn forget(&self) {
        self.hits.lock().expect("the log").clear();
    }
}

fn serve(stream: TcpStream, began: Instant, log: &Mutex<Vec<Hit>>, answer: &dyn Fn(&Hit) -> Reply) {
    let start = began.elapsed().as_millis();
    let mut reader = BufReader::new(match stream.try_clone() {
        Ok(clone) => clone,
        Err(_) => return,
    });
    let mut head = String::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(n) if n > 0 => head.push_str(&line),
            _ => return,
        }
        if line == "\r\n" {
            break;
        }
    }
    let path = head.split(' ').nth(1).unwrap_or("").to_string();
    let host = head
        .lines()
        .find_map(|l| l.to_ascii_lowercase().strip_prefix("host: ").map(str::to_string))
        .unwrap_or_default();
    let host = host.split(':').next().unwrap_or("").to_string();
    let mut hit = Hit { host, path, head, began: start, ended: start };
    let at = {
        let mut log = log.lock().expect("the log");
        log.push(hit.clone());
        log.len() - 1
    };
    let mut stream = stream;
    for (wait, bytes) in answer(&hit).0 {
        std::thread::sleep(Duration::from_millis(wait));
        if stream.write_all(&bytes).is_err() {
            break;
        }
    }
    hit.ended = began.elapsed().as_millis();
    if let Some(entry) = log.lock().expect("the log").get_mut(at) {
        entry.ended = hit.ended;
    }
}

/// A pause between two requests of one host that is shorter than `least` milliseconds, and requests that overlap.
pub fn too_early(hits: &[Hit], least: u128) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut hosts: Vec<&str> = hits.iter().map(|h| h.host.as_str()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    for host in hosts {
        let mut own: Vec<&Hit> = hits.iter().filter(|h| h.host == host).collect();
        own.sort_by_key(|h| h.began);
        for pair in own.windows(2) {
            if pair[1].began < pair[0].ended + least {
                wrong.push(format!(
                    "{host}{} came {} ms after {}",
                    pair[1].path,
                    pair[1].began as i128 - pair[0].ended as i128,
                    pair[0].path
                ));
            }
        }
    }
    wrong
}

/// Paths of one host asked for more than once.
pub fn twice(hits: &[Hit]) -> Vec<String> {
    let mut all: Vec<String> = hits.iter().map(|h| format!("{}{}", h.host, h.path)).collect();
    all.sort();
    let mut double: Vec<String> = all.windows(2).filter(|p| p[0] == p[1]).map(|p| p[0].clone()).collect();
    double.dedup();
    double
}
