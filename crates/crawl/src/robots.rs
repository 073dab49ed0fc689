//! robots.txt after RFC 9309: groups, the longest match, wildcards; crawl-delay and sitemaps beside it.

use std::time::Duration;

/// Bytes of a robots.txt that are read: the 500 KiB that the RFC asks for at the least.
pub const LIMIT: usize = 500 * 1024;
/// Longest crawl-delay that is believed: one request a day.
const LONGEST_DELAY: f64 = 86_400.0;

/// One line `Allow:` or `Disallow:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Allowed, or disallowed.
    pub allow: bool,
    /// The pattern in its normal spelling; `*` stands for anything, `$` at the end for the end.
    pub pattern: Vec<u8>,
}

/// The rules of a robots.txt for one product token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    /// Rules of the groups that speak to us.
    pub rules: Vec<Rule>,
    /// The pause that the host asks for between two requests.
    pub delay: Option<Duration>,
    /// Addresses of sitemaps, as written.
    pub sitemaps: Vec<String>,
}

impl Robots {
    /// Reads the rules for `token` (case does not matter). Groups of the same name count together; without one, those of `*`.
    /// Lines that are none, such as those of a HTML page, say nothing.
    pub fn parse(bytes: &[u8], token: &str) -> Robots {
        let bytes = &bytes[..bytes.len().min(LIMIT)];
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (mut own, mut any) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // whom the lines speak to, and whether the list of names is still open
        let (mut to_us, mut to_all, mut naming) = (false, false, false);
        for line in bytes.split(|b| matches!(b, b'\n' | b'\r')) {
            let line = line.split(|b| *b == b'#').next().unwrap_or(&[]);
            let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
            let name = line[..colon].trim_ascii().to_ascii_lowercase();
            let value = line[colon + 1..].trim_ascii();
            match name.as_slice() {
                b"user-agent" => {
                    if !std::mem::replace(&mut naming, true) {
                        (to_us, to_all) = (false, false);
                    }
                    let word: Vec<u8> = value
                        .iter()
                        .copied()
                        .take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'))
                        .collect();
                    to_all |= value.first() == Some(&b'*');
                    if word.eq_ignore_ascii_case(token.as_bytes()) {
                        to_us = true;
                        own.named = true;
                    }
                }
                b"allow" | b"disallow" => {
                    naming = false;
                    if !value.is_empty() {
                        let rule = Rule { allow: name == b"allow", pattern: respell(value, true) };
                        if to_us {
                            own.rules.push(rule.clone());
                        }
                        if to_all {
                            any.rules.push(rule);
                        }
                    }
                }
                b"crawl-delay" => {
                    let seconds = std::str::from_utf8(value).ok().and_then(|v| v.parse::<f64>().ok());
                    if let Some(s) = seconds.filter(|s| *s >= 0.0) {
                        let delay = Some(Duration::from_secs_f64(s.min(LONGEST_DELAY)));
                        if to_us {
                            own.delay = own.delay.max(delay);
                        }
                        if to_all {
                            any.delay = any.delay.max(delay);
                        }
                    }
                }
                b"sitemap" => sitemaps.extend(std::str::from_utf8(value).ok().map(str::to_string)),
                _ => {}
            }
        }
        let group = if own.named { own } else { any };
        Robots { rules: group.rules, delay: group.delay, sitemaps }
    }

    /// Everything is disallowed: what a server that fails is taken to say.
    pub fn closed() -> Robots {
        Robots { rules: vec![Rule { allow: false, pattern: b"/".to_vec() }], ..Robots::default() }
    }

    /// May the path (with its query) be fetched? The longest pattern decides, at equal length `Allow`.
    pub fn allows(&self, path: &str) -> bool {
        let path = respell(path.as_bytes(), false);
        if path == b"/robots.txt" {
            return true;
        }
        let best = self
            .rules
            .iter()
            .filter(|r| pattern_fits(&r.pattern, &path, false))
            .max_by_key(|r| (r.pattern.len(), r.allow));
        best.is_none_or(|r| r.allow)
    }
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// One spelling for patterns and paths: unreserved characters plain, everything else that is not ASCII with percent signs. In a
/// path, `*` and `$` are letters like others and are written so that they differ from the pattern's signs.
fn respell(text: &[u8], pattern: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |i: usize| text.get(i).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        let (byte, taken, coded) = match (text[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => (high * 16 + low, 3, true),
            (b, _, _) => (b, 1, false),
        };
        let last = at + taken == text.len();
        let sign = match byte {
            b'*' => true,
            b'$' => !pattern || coded || last,
            _ => false,
        };
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let escaped =
            if sign { coded || !pattern } else { !unreserved && (coded || !byte.is_ascii_graphic() || byte == b'$') };
        if escaped {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
        at += taken;
    }
    out
}

/// Does a pattern with `*` fit from the start of `text`? It ends at the text's end when it ends with `$` or `whole` is set.
pub(crate) fn pattern_fits(pattern: &[u8], text: &[u8], whole: bool) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(p) => (p, true),
        None => (pattern, whole),
    };
    let mut pieces = pattern.split(|b| *b == b'*');
    let first = pieces.next().unwrap_or(&[]);
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&[u8]> = pieces.collect();
    let Some(last) = pieces.pop() else { return !whole || rest.is_empty() };
    for piece in pieces {
        // the leftmost place leaves the most for what follows
        match find(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    if whole { rest.ends_with(last) } else { find(rest, last).is_some() }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() {
        return Some(0);
    }
    text.windows(piece.len()).position(|w| w == piece)
}
