//! Time: what the crawler reads and waits on, so that tests can turn the clock themselves.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1 January 1970 UTC.
pub type Millis = i64;

/// A clock to read and to wait on.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970.
    fn now(&self) -> Millis;
    /// Returns when `until` has come.
    fn wait_until(&self, until: Millis);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| Millis::try_from(d.as_millis()).unwrap_or(0))
    }

    fn wait_until(&self, until: Millis) {
        let left = until - self.now();
        if left > 0 {
            std::thread::sleep(Duration::from_millis(left.unsigned_abs()));
        }
    }
}

/// A clock that jumps to the time waited for: for tests of long pauses.
#[derive(Debug, Default)]
pub struct JumpingClock(AtomicI64);

impl JumpingClock {
    /// A clock that stands at `start`.
    pub fn at(start: Millis) -> JumpingClock {
        JumpingClock(AtomicI64::new(start))
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }

    fn wait_until(&self, until: Millis) {
        self.0.fetch_max(until, Ordering::SeqCst);
    }
}

/// Days since 1970 as year, month, day (proleptic Gregorian; Howard Hinnant's algorithm `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// As WARC and people write it: `2026-11-21T09:30:00Z`.
pub fn iso(at: Millis) -> String {
    let seconds = at.div_euclid(1000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// As indexes of WARC files write it: `20261121093000`.
pub fn digits(at: Millis) -> String {
    iso(at).chars().filter(char::is_ascii_digit).collect()
}

/// Midnight UTC of a day written `2026-11-21`; what follows the day is passed over. None when it is no day.
pub fn day(text: &str) -> Option<Millis> {
    let mut parts = text.get(..10)?.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * m + 2) / 5 + day - 1 - 719_468;
    (civil(days) == (year, month, day)).then_some(days * 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_there_and_back() {
        for n in (0..80_000).step_by(7) {
            let at = n * 86_400_000;
            assert_eq!(day(&iso(at)), Some(at));
        }
        assert_eq!(iso(1_763_717_400_000), "2025-11-21T09:30:00Z");
        assert_eq!(digits(1_763_717_400_000), "20251121093000");
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(day("кечээ"), None);
    }
}
