//! What the answer to a request for robots.txt means (RFC 9309, 2.3.1).

use crate::address;
use crate::fetch::{Ending, Exchange};
use crate::response::Response;
use crate::robots::{LIMIT, Robots};
use url::Url;

/// How long a robots.txt is believed, in milliseconds: a day.
pub const KEPT: i64 = 86_400_000;
/// Most bytes received for it, headers and all.
pub const RECEIVED: usize = LIMIT + (64 << 10);
/// Redirects that are followed.
pub const HOPS: u32 = 5;
/// What it may unpack to; only the first 500 KiB are read.
const UNPACKED: usize = 16 << 20;

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These rules, as bytes.
    Rules(Vec<u8>),
    /// There are none: everything may be fetched.
    Open,
    /// The server fails or wants to be left alone: nothing may be fetched for now.
    Closed(String),
    /// They are elsewhere.
    Elsewhere(Url),
}

impl Verdict {
    /// Judges an answer that came from `url`.
    pub fn of(url: &Url, exchange: &Exchange) -> Verdict {
        let Ok(head) = Response::head(&exchange.response) else {
            return Verdict::Closed("robots.txt is answered with no HTTP".into());
        };
        match head.status {
            200..=299 => rules(exchange, &head),
            300..=399 => match head.header("location").and_then(|l| address::normalise(l, Some(url))) {
                Some(target) if target != *url => Verdict::Elsewhere(target),
                _ => Verdict::Open,
            },
            // "too many requests" is no permission to make more
            429 | 500..=599 => Verdict::Closed(format!("robots.txt is answered with {}", head.status)),
            _ => Verdict::Open,
        }
    }

    /// The rules for us; none for a verdict that is no last word.
    pub fn robots(&self, token: &str) -> Option<Robots> {
        match self {
            Verdict::Rules(body) => Some(Robots::parse(body, token)),
            Verdict::Open => Some(Robots::default()),
            Verdict::Closed(_) | Verdict::Elsewhere(_) => None,
        }
    }
}

fn rules(exchange: &Exchange, head: &Response) -> Verdict {
    let mut body = match (exchange.ending, head.header("content-encoding")) {
        (Ending::Whole, _) => match Response::parse(&exchange.response, UNPACKED) {
            Ok(response) => response.body,
            Err(e) => return Verdict::Closed(format!("robots.txt {e}")),
        },
        // longer than what is read: the beginning counts
        (Ending::Length, None) => exchange.response[head.body_at..].to_vec(),
        _ => return Verdict::Closed("robots.txt did not come whole".into()),
    };
    body.truncate(LIMIT);
    Verdict::Rules(body)
}
