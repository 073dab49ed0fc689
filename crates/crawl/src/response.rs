//! A HTTP response read from the very bytes that are archived: what is screened is what is kept.

use crate::clock::Millis;
use flate2::bufread::{MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Most header lines that a response may have.
const MOST_HEADERS: usize = 128;

/// A response with its body unwrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Status, such as 200.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// Where the body begins in the bytes received.
    pub body_at: usize,
    /// The body without chunks and compression.
    pub body: Vec<u8>,
}

impl Response {
    /// Reads a response. At most `unpacked` bytes may come out of its compression.
    ///
    /// # Errors
    /// What is wrong with it, in words for people.
    pub fn parse(raw: &[u8], unpacked: usize) -> Result<Response, String> {
        let mut response = Response::head(raw)?;
        let mut body = raw[response.body_at..].to_vec();
        if response.chunked() {
            body = joined(&body)?;
        } else if let Some(length) = response.header("content-length").and_then(|l| l.trim().parse::<usize>().ok()) {
            if body.len() < length {
                return Err(format!("ended after {} of {length} bytes", body.len()));
            }
            body.truncate(length);
        }
        let coding = response.header("content-encoding").unwrap_or("").trim().to_ascii_lowercase();
        response.body = match coding.as_str() {
            "" | "identity" => body,
            "gzip" | "x-gzip" => unpack(MultiGzDecoder::new(&body[..]), unpacked)?,
            "deflate" => unpack(ZlibDecoder::new(&body[..]), unpacked)?,
            other => return Err(format!("is packed as `{}`, which was not asked for", other.escape_default())),
        };
        Ok(response)
    }

    /// Reads status and headers alone; the body stays empty.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn head(raw: &[u8]) -> Result<Response, String> {
        let mut lines = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Response::new(&mut lines);
        let read = httparse::ParserConfig::default()
            .allow_spaces_after_header_name_in_responses(true)
            .parse_response(&mut parsed, raw)
            .map_err(|e| format!("is no HTTP response: {e}"))?;
        let httparse::Status::Complete(body_at) = read else {
            return Err("ended within its headers".into());
        };
        let status = parsed.code.unwrap_or(0);
        let headers = parsed
            .headers
            .iter()
            .map(|h| (h.name.to_ascii_lowercase(), String::from_utf8_lossy(h.value).into_owned()))
            .collect();
        // an interim response (1xx) stands before the one that counts
        if (100..200).contains(&status) && status != 101 {
            let mut last = Response::head(&raw[body_at..])?;
            last.body_at += body_at;
            return Ok(last);
        }
        Ok(Response { status, headers, body_at, body: Vec::new() })
    }

    /// The first header of this name (small letters).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Did the body come in chunks?
    pub fn chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|t| t.to_ascii_lowercase().contains("chunked"))
    }

    /// The media type without its parameters, in small letters; empty when the server gave none.
    pub fn media_type(&self) -> String {
        let given = self.header("content-type").unwrap_or("");
        given.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// The charset that the server names.
    pub fn charset(&self) -> Option<String> {
        let given = self.header("content-type")?;
        let named = given.split(';').skip(1).find_map(|p| {
            let (name, value) = p.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_string())
        });
        named.filter(|n| !n.is_empty())
    }

    /// When the server wants to be asked again: `Retry-After` in seconds or as a date.
    pub fn retry_at(&self, now: Millis) -> Option<Millis> {
        let given = self.header("retry-after")?.trim();
        if let Ok(seconds) = given.parse::<u32>() {
            return Some(now + i64::from(seconds) * 1000);
        }
        let date = httpdate::parse_http_date(given).ok()?;
        let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(i64::try_from(since.as_millis()).unwrap_or(now).max(now))
    }
}

/// Chunks put together (RFC 9112, 7.1).
fn joined(body: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let (at, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            _ => return Err(format!("ended within its chunks, after {} bytes", out.len())),
        };
        if size == 0 {
            return Ok(out);
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let end = at.checked_add(size).filter(|e| *e <= rest.len());
        let Some(end) = end else { return Err(format!("ended within its chunks, after {} bytes", out.len())) };
        out.extend_from_slice(&rest[at..end]);
        rest = rest[end..].strip_prefix(b"\r\n").unwrap_or(&rest[end..]);
    }
}

fn unpack(packed: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    packed.take(most).read_to_end(&mut out).map_err(|e| format!("cannot be unpacked: {e}"))?;
    if out.len() > limit {
        return Err(format!("unpacks to more than {} MB", limit >> 20));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn chunks_and_gzip() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("Жумуш бар".as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let mut raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\
            Content-Type: Text/HTML; charset=\"windows-1251\"\r\n\r\n"
            .to_vec();
        for part in packed.chunks(7) {
            raw.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            raw.extend_from_slice(part);
            raw.extend_from_slice(b"\r\n");
        }
        assert!(Response::parse(&raw, 1000).unwrap_err().contains("chunks"));
        raw.extend_from_slice(b"0\r\n\r\n");
        let response = Response::parse(&raw, 1000).unwrap();
        assert_eq!(response.body, "Жумуш бар".as_bytes());
        assert_eq!(response.media_type(), "text/html");
        assert_eq!(response.charset().as_deref(), Some("windows-1251"));
        assert!(Response::parse(&raw, 5).unwrap_err().contains("more than"));
    }

    #[test]
    fn lengths_and_waits() {
        let short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
        assert_eq!(Response::parse(short, 99).unwrap_err(), "ended after 3 of 10 bytes");
        let wait = |v: &str| {
            let raw = format!("HTTP/1.1 503 Busy\r\nRetry-After: {v}\r\n\r\n");
            Response::parse(raw.as_bytes(), 99).unwrap().retry_at(1_000_000)
        };
        assert_eq!(wait("120"), Some(1_120_000));
        assert_eq!(wait("Thu, 01 Jan 1970 01:00:00 GMT"), Some(3_600_000));
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:01 GMT"), Some(1_000_000));
        assert_eq!(wait("soon"), None);
    }
}
