//! When a host may be asked again. Everything that makes the crawler wait is here.

use crate::clock::Millis;
use crate::guard::is_public;
use crate::sources::{Crawler, LEAST_PAUSE, Source};
use std::time::Duration;

/// Least first wait after a public host failed, in seconds.
const LEAST_BACKOFF: f64 = 10.0;
/// Longest wait between two attempts, in milliseconds.
const LONGEST_BACKOFF: Millis = 3_600_000;
/// Failures in a row after which a host is left alone for this round.
pub const PATIENCE: u32 = 5;
/// A host that wants to be left alone longer than this is left to the next run, in milliseconds.
pub const LONGEST_WAIT: Millis = 15 * 60_000;

/// Whole milliseconds. One is added, for the clock cuts off what is less than one and a pause must not become shorter by it.
fn millis(seconds: f64) -> Millis {
    if seconds <= 0.0 {
        return 0;
    }
    Millis::try_from(Duration::from_secs_f64(seconds).as_millis()).map_or(Millis::MAX, |m| m + 1)
}

/// The waits of one crawl.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    pause: f64,
    backoff: f64,
    allow_private: bool,
}

impl Waits {
    /// The waits that a list asks for. `allow_private` lets tests go below the least pause, and only for servers that are
    /// not on the public internet.
    pub fn new(crawler: &Crawler, allow_private: bool) -> Waits {
        Waits { pause: crawler.pause, backoff: crawler.backoff, allow_private }
    }

    /// The pause between two requests, in milliseconds: the longest of those that the list, the source and robots.txt ask
    /// for, and never less than two seconds for a public server. `ip` is the server's address, where it is known.
    pub fn pause(&self, source: Option<&Source>, robots: Option<Duration>, ip: Option<&str>) -> Millis {
        let asked = [source.and_then(|s| s.pause), robots.map(|d| d.as_secs_f64())];
        let pause = asked.into_iter().flatten().fold(self.pause, f64::max);
        millis(if self.tame(ip) { pause } else { pause.max(LEAST_PAUSE) })
    }

    /// The wait after the given number of failures in a row (from 1), in milliseconds.
    pub fn backoff(&self, failures: u32, ip: Option<&str>) -> Millis {
        let first = millis(if self.tame(ip) { self.backoff } else { self.backoff.max(LEAST_BACKOFF) });
        first.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_BACKOFF)
    }

    /// A server of a test: private addresses are allowed, and this one is not public.
    fn tame(&self, ip: Option<&str>) -> bool {
        self.allow_private && ip.and_then(|ip| ip.parse().ok()).is_none_or(|ip| !is_public(ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_never_wait_less_than_two_seconds() {
        let crawler = Crawler { pause: 0.0, backoff: 0.0, ..Crawler::default() };
        let (strict, test) = (Waits::new(&crawler, false), Waits::new(&crawler, true));
        for ip in [None, Some("127.0.0.1"), Some("8.8.8.8")] {
            assert_eq!(strict.pause(None, None, ip), 2001);
            assert_eq!(strict.backoff(1, ip), 10_001);
        }
        assert_eq!(test.pause(None, None, Some("8.8.8.8")), 2001);
        assert_eq!(test.pause(None, None, Some("127.0.0.1")), 0);
        assert_eq!(test.pause(None, Some(Duration::from_secs(7)), Some("127.0.0.1")), 7001);
        assert_eq!(strict.pause(None, Some(Duration::from_secs(1)), None), 2001);
    }

    #[test]
    fn backoff_doubles_up_to_an_hour() {
        let waits = Waits::new(&Crawler::default(), false);
        assert_eq!([1, 2, 3].map(|n| waits.backoff(n, None)), [30_001, 60_002, 120_004]);
        assert_eq!(waits.backoff(40, None), LONGEST_BACKOFF);
    }
}
