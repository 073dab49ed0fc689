//! Addresses of pages: one spelling for one page, and those that look like a trap.

use url::Url;

/// Longest address that is followed, in bytes.
const LONGEST: usize = 1500;
/// Query parameters that name a visit or a campaign and not a page.
const PASSING: [&str; 22] = [
    "phpsessid",
    "jsessionid",
    "sessionid",
    "session_id",
    "sessid",
    "sid",
    "aspsessionid",
    "cfid",
    "cftoken",
    "zenid",
    "oscsid",
    "gclid",
    "fbclid",
    "yclid",
    "ysclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "_openstat",
    "from_referer",
    "_ga",
    "openstat",
];
/// Endings of files that hold no page of text.
const NO_PAGE: [&str; 34] = [
    "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "bmp", "avif", "css", "js", "mjs", "woff", "woff2", "ttf",
    "mp3", "mp4", "avi", "mov", "webm", "mkv", "zip", "rar", "7z", "gz", "tar", "exe", "apk", "dmg", "iso", "pdf",
    "doc", "docx", "xls",
];

/// The address in one spelling: http or https, no credentials, no fragment, no session or campaign parameters, percent signs
/// only where they are needed. None when it is no web address or longer than 1,500 bytes.
pub fn normalise(text: &str, base: Option<&Url>) -> Option<Url> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let mut url = Url::options().base_url(base).parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.').to_string();
    if host.is_empty() {
        return None;
    }
    url.set_host(Some(&host)).ok()?;
    url.set_fragment(None);
    let path = respell(&without_session(url.path()));
    url.set_path(&path);
    let query = url.query().map(|q| {
        let kept: Vec<String> = q.split('&').filter(|p| !p.is_empty() && !passing(p)).map(respell).collect();
        kept.join("&")
    });
    url.set_query(query.as_deref().filter(|q| !q.is_empty()));
    Some(url)
}

fn passing(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or("").to_ascii_lowercase();
    name.starts_with("utm_") || PASSING.contains(&name.as_str())
}

/// A path without `;jsessionid=...` and without ASP.NET's `(S(...))`.
fn without_session(path: &str) -> String {
    let kept: Vec<&str> = path
        .split('/')
        .filter(|s| !(s.starts_with("(S(") && s.ends_with("))")))
        .map(|s| match s.split_once(';') {
            Some((before, after)) if passing(after) => before,
            _ => s,
        })
        .collect();
    kept.join("/")
}

/// Percent signs as RFC 3986 (6.2.2) would have them: unreserved characters plain, the others in capitals.
fn respell(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (b, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                let c = high * 16 + low;
                if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~') {
                    out.push(char::from(c));
                } else {
                    out.push_str(&format!("%{c:02X}"));
                }
                at += 3;
            }
            // a sign that opens nothing must not come to open something once its neighbours are respelt ("%%30a")
            (b'%', _, _) => {
                out.push_str("%25");
                at += 1;
            }
            _ => {
                // `text` is ASCII here: Url writes everything else with percent signs
                out.push(char::from(b));
                at += 1;
            }
        }
    }
    out
}

/// What tells two pages apart: the address without its scheme, parameters in order of the alphabet.
pub fn key(url: &Url) -> String {
    let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
    let mut parameters: Vec<&str> = url.query().map(|q| q.split('&').collect()).unwrap_or_default();
    parameters.sort_unstable();
    let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&")) };
    format!("{}{port}{}{query}", url.host_str().unwrap_or(""), url.path())
}

/// Host as it is counted for politeness: one host is one server, whatever its ports.
pub fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("")
}

/// May this address be a page of text, and no endless one? Repeated path segments, very many parts and files of other kinds
/// are not followed.
pub fn worth_following(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let repeated = segments.iter().any(|s| segments.iter().filter(|t| *t == s).count() >= 3);
    let ending = segments.last().and_then(|s| s.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase());
    let file = ending.is_some_and(|e| NO_PAGE.contains(&e.as_str()));
    let parameters = url.query().map_or(0, |q| q.split('&').count());
    !(repeated || file || segments.len() > 16 || parameters > 12)
}

/// Does a pattern such as `/vacancy/*` fit the path and query? `*` stands for anything; the pattern fits as a whole.
pub fn fits(pattern: &str, url: &Url) -> bool {
    let target = match url.query() {
        Some(q) => format!("{}?{q}", url.path()),
        None => url.path().to_string(),
    };
    crate::robots::pattern_fits(pattern.as_bytes(), target.as_bytes(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> String {
        normalise(text, None).map_or("none".into(), Into::into)
    }

    #[test]
    fn one_page_one_spelling() {
        let page = n("http://board.test/jobs?id=5");
        for other in [
            "HTTP://Board.TEST:80/jobs?id=5",
            "http://board.test./jobs?id=5",
            "http://board.test/jobs?id=5#top",
            "http://board.test/%6Aobs?id=5",
            "http://board.test/a/../jobs?id=5",
            "http://board.test/jobs?utm_source=x&id=5&PHPSESSID=ab12",
            "http://board.test/jobs;jsessionid=77AB?id=5",
            "http://board.test/(S(kk2))/jobs?id=5",
            "  http://board.test/jobs?&id=5& ",
        ] {
            assert_eq!(n(other), page, "{other}");
        }
        assert_eq!(n("http://board.test/a%2fb"), "http://board.test/a%2Fb");
        assert_eq!(n("mailto:a@b.test"), "none");
        assert_eq!(n("http://user:pass@board.test/"), "none");
        assert_eq!(n("file:///etc/passwd"), "none");
    }

    #[test]
    fn keys_ignore_scheme_and_order() {
        let k = |t: &str| key(&normalise(t, None).unwrap());
        assert_eq!(k("http://a.test/x?b=2&a=1"), k("https://a.test/x?a=1&b=2"));
        assert_ne!(k("http://a.test/x?a=1"), k("http://a.test/x?a=2"));
        assert_ne!(k("http://a.test:8080/"), k("http://a.test/"));
    }

    #[test]
    fn traps() {
        let w = |t: &str| worth_following(&normalise(t, None).unwrap());
        assert!(w("http://a.test/jobs/2026/11/21"));
        assert!(!w("http://a.test/x/y/x/y/x/y"));
        assert!(!w("http://a.test/photo.JPG"));
        assert!(fits("/vacancy/*", &Url::parse("http://a.test/vacancy/77?from=1").unwrap()));
        assert!(!fits("/vacancy/*", &Url::parse("http://a.test/jobs").unwrap()));
    }
}
