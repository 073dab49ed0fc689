//! The client: GET over HTTP/1.1, to public addresses only, without cookies and redirects, every byte recorded.

use crate::clock::{Clock, SystemClock};
use crate::fetch::{Ask, Ending, Exchange, Failure, Fetcher};
use crate::guard::is_public;
use crate::record::{Recorder, Recording};
use std::collections::BTreeMap;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout, RustlsConnector, TcpConnector};
use ureq::{Agent, Error};

/// What is said of an address that is not spoken to.
const NOT_PUBLIC: &str = "leads to an address that is not public (private network or this machine)";

/// How the client behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The User-Agent, with a contact.
    pub agent: String,
    /// Longest time for one answer.
    pub patience: Duration,
    /// Speak to private and loopback addresses too: for tests.
    pub allow_private: bool,
    /// Names answered here and not by DNS: for tests. The guard judges these answers as well.
    pub names: BTreeMap<String, IpAddr>,
    /// Certificate authorities in PEM that are trusted beside those of the system.
    pub authorities: Option<Vec<u8>>,
}

/// The client.
pub struct Client {
    agent: Agent,
    recorder: Recorder,
}

impl Client {
    /// A client for one thread: it records one exchange at a time.
    ///
    /// # Errors
    /// No trusted certificates were found, or those given cannot be read.
    pub fn new(options: &ClientOptions) -> Result<Client, String> {
        let recorder = Recorder::default();
        let connector =
            ().chain(TcpConnector::default()).chain(RustlsConnector::default()).chain(Recording(recorder.clone()));
        let resolver = Guarded {
            inner: DefaultResolver::default(),
            allow_private: options.allow_private,
            names: options.names.clone(),
            recorder: recorder.clone(),
        };
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(authorities(options)?)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(tls)
            .user_agent(options.agent.as_str())
            .accept("text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.5")
            .max_idle_connections(0)
            .timeout_global(Some(options.patience))
            .timeout_connect(Some(options.patience.min(Duration::from_secs(15))))
            .max_response_header_size(64 << 10)
            .build();
        Ok(Client { agent: Agent::with_parts(config, connector, resolver), recorder })
    }
}

fn authorities(options: &ClientOptions) -> Result<Vec<Certificate<'static>>, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut all: Vec<Certificate<'static>> = found.certs.iter().map(|c| Certificate::from_der(c).to_owned()).collect();
    if let Some(pem) = &options.authorities {
        let own: Result<Vec<_>, _> = ureq::tls::parse_pem(pem).collect();
        let own = own.map_err(|e| format!("the certificates given cannot be read: {e}"))?;
        all.extend(own.into_iter().filter_map(|item| match item {
            ureq::tls::PemItem::Certificate(c) => Some(c),
            _ => None,
        }));
    }
    Ok(all)
}

impl Fetcher for Client {
    fn fetch(&self, ask: &Ask<'_>) -> Result<Exchange, Failure> {
        let clock = SystemClock;
        let at = clock.now();
        self.recorder.begin(ask.limit);
        let mut request = self.agent.get(ask.url.as_str()).header("Accept-Encoding", "gzip");
        if let Some(etag) = ask.etag {
            request = request.header("If-None-Match", etag);
        }
        if let Some(date) = ask.last_modified {
            request = request.header("If-Modified-Since", date);
        }
        let outcome = request.call().and_then(|mut answer| {
            if !is_text(&answer) {
                return Ok(Ending::Length);
            }
            // the recorder keeps the bytes; reading on is all there is to do
            let mut reader = answer.body_mut().with_config().limit(u64::MAX).reader();
            let mut room = [0; 16 << 10];
            while reader.read(&mut room).map_err(Error::from)? > 0 {}
            Ok(Ending::Whole)
        });
        let taken = self.recorder.end();
        let ending = match outcome {
            Ok(ending) => ending,
            Err(_) if taken.over => Ending::Length,
            Err(e) if taken.response.is_empty() => return Err(failure(&e, !taken.request.is_empty())),
            Err(Error::Timeout(_)) => Ending::Time,
            Err(e) => match e.into_io() {
                e if e.kind() == std::io::ErrorKind::TimedOut => Ending::Time,
                _ => Ending::Disconnect,
            },
        };
        let (request, response) = (taken.request, taken.response);
        Ok(Exchange { at, took: clock.now() - at, ip: taken.ip.map(|i| i.to_string()), request, response, ending })
    }
}

/// Only kinds of content that can hold adverts or lists of them are read to the end.
fn is_text(answer: &ureq::http::Response<ureq::Body>) -> bool {
    let Some(kind) = answer.headers().get("content-type").and_then(|v| v.to_str().ok()) else { return true };
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind.is_empty()
        || kind.starts_with("text/")
        || kind.ends_with("xml")
        || kind.ends_with("json")
        || kind == "application/octet-stream"
        || kind == "application/gzip"
        || kind == "application/x-gzip"
}

fn failure(e: &Error, sent: bool) -> Failure {
    let (why, passing) = match e {
        Error::HostNotFound => ("the name is not known to DNS".to_string(), true),
        Error::Timeout(_) => ("no answer in time".to_string(), true),
        Error::Other(inner) if inner.to_string() == NOT_PUBLIC => (NOT_PUBLIC.to_string(), false),
        Error::Rustls(inner) => (format!("TLS: {inner}"), false),
        Error::Tls(inner) => (format!("TLS: {inner}"), false),
        Error::Io(inner) if inner.kind() == std::io::ErrorKind::InvalidData => (format!("TLS: {inner}"), false),
        Error::Io(inner) => (format!("no connection: {inner}"), true),
        Error::Protocol(inner) => (format!("is no HTTP: {inner}"), false),
        other => (other.to_string(), true),
    };
    Failure { why, passing, sent }
}

/// Resolves names and lets only public addresses through. The connection goes to the very addresses judged here, so a
/// second DNS answer cannot lead elsewhere.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    allow_private: bool,
    names: BTreeMap<String, IpAddr>,
    recorder: Recorder,
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let mut answers = self.empty();
        match uri.host().and_then(|h| self.names.get(h)) {
            Some(ip) => answers.push(SocketAddr::new(*ip, port)),
            None => answers = self.inner.resolve(uri, config, timeout)?,
        }
        // one answer that is not public taints all: an honest name has no such mixture
        if !self.allow_private && answers.iter().any(|a| !is_public(a.ip())) {
            return Err(Error::Other(NOT_PUBLIC.into()));
        }
        self.recorder.speaks_to(answers.first().map(SocketAddr::ip));
        Ok(answers)
    }
}
