//! WARC (ISO 28500), also gzipped: record by record, only the record at hand in memory.

use crate::advert::Trouble;
use crate::source::{Emit, Source};
use crate::{Layout, Options, read_html};
use flate2::bufread::MultiGzDecoder;
use std::io::{BufRead, BufReader, Read};

/// Longest head of a record or of a response, in bytes.
const LONGEST_HEAD: usize = 1 << 20;

/// Reads all records that hold documents. False when nobody wants more.
pub(crate) fn adverts(input: impl Read, options: &Options, budget: &mut u64, emit: &mut Emit<'_>) -> bool {
    let mut raw = BufReader::with_capacity(1 << 16, input);
    let packed = raw.fill_buf().is_ok_and(|b| b.starts_with(b"\x1f\x8b"));
    if packed {
        records(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(raw)), options, budget, emit)
    } else {
        records(raw, options, budget, emit)
    }
}

/// Head lines as name (small letters) and value.
type Head = Vec<(String, String)>;

fn records(mut input: impl BufRead, options: &Options, budget: &mut u64, emit: &mut Emit<'_>) -> bool {
    let mut number = 0;
    let cut = |number: usize, e: &str| Err(Trouble { place: number, problem: e.to_string(), inside: None });
    loop {
        match next_head(&mut input) {
            Ok(None) if number == 0 => return emit(cut(0, "is empty")),
            Ok(None) => return true,
            Ok(Some(head)) => {
                number += 1;
                let Some(length) = value(&head, "content-length").and_then(|v| v.parse::<u64>().ok()) else {
                    return emit(cut(number, "the record has no length; the file is damaged from here on"));
                };
                match body(&mut input, &head, length, options) {
                    Ok(None) => {}
                    Ok(Some(bytes)) => {
                        if !record(&head, bytes, number, options, budget, emit) {
                            return false;
                        }
                    }
                    Err(Fault::Record(problem)) => {
                        if !emit(cut(number, &problem)) {
                            return false;
                        }
                    }
                    Err(Fault::Rest(problem)) => return emit(cut(number, &problem)),
                }
            }
            Err(problem) => return emit(cut(number + 1, &problem)),
        }
    }
}

fn value<'h>(head: &'h Head, name: &str) -> Option<&'h str> {
    head.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// The next record's head; none at the end.
fn next_head(input: &mut impl BufRead) -> Result<Option<Head>, String> {
    let mut line = Vec::new();
    let mut head = None;
    let mut bytes = 0;
    loop {
        line.clear();
        let read = input.take(LONGEST_HEAD as u64).read_until(b'\n', &mut line);
        let read = read.map_err(|e| format!("the file cannot be read further: {e}; it may be cut short"))?;
        bytes += read;
        if read == 0 || bytes > LONGEST_HEAD {
            return match head {
                None if read == 0 => Ok(None),
                _ => Err("the file ends, or makes no sense, within the head of a record".into()),
            };
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        match &mut head {
            None if text.is_empty() => {}
            None if text.starts_with("WARC/") => head = Some(Head::new()),
            None => return Err("this is no WARC record; the file is damaged from here on".into()),
            Some(_) if text.is_empty() => return Ok(head),
            Some(lines) => {
                if let Some((name, value)) = text.split_once(':') {
                    lines.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
                }
            }
        }
    }
}

enum Fault {
    /// This record only.
    Record(String),
    /// Nothing behind it can be read.
    Rest(String),
}

/// The bytes of a record that may hold a document; others are passed over.
fn body(input: &mut impl BufRead, head: &Head, length: u64, options: &Options) -> Result<Option<Vec<u8>>, Fault> {
    let wanted = matches!(value(head, "warc-type"), Some("response" | "resource" | "conversion"));
    let fits = length <= options.limits.entry;
    let mut bytes = Vec::new();
    let mut limited = input.take(length);
    let read = if wanted && fits {
        limited.read_to_end(&mut bytes).map(|n| n as u64)
    } else {
        std::io::copy(&mut limited, &mut std::io::sink())
    };
    match read {
        Ok(n) if n == length && wanted && !fits => {
            let problem = format!("the record is larger than {} MB and was passed over", options.limits.entry >> 20);
            Err(Fault::Record(problem))
        }
        Ok(n) if n == length => Ok(wanted.then_some(bytes)),
        Ok(_) => Err(Fault::Rest("the file is cut short within this record".into())),
        Err(e) => Err(Fault::Rest(format!("the file cannot be read further: {e}; it may be cut short"))),
    }
}

/// One record that holds a document.
fn record(
    head: &Head,
    bytes: Vec<u8>,
    number: usize,
    options: &Options,
    budget: &mut u64,
    emit: &mut Emit<'_>,
) -> bool {
    let url = value(head, "warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_string());
    let date = value(head, "warc-date").map(str::to_string);
    let mut place = |mut item: crate::Item| {
        match &mut item {
            Ok(advert) => {
                advert.inside = url.clone();
                advert.url = advert.url.take().or_else(|| url.clone());
                advert.date = advert.date.take().or_else(|| date.clone());
            }
            Err(trouble) => {
                trouble.inside = url.clone();
                trouble.place = number;
            }
        }
        emit(item)
    };
    let response = value(head, "warc-type") == Some("response");
    let (kind, bytes) = if response {
        match response_body(bytes, options.limits.entry) {
            Ok(Some(body)) => body,
            Ok(None) => return true,
            Err(problem) => return place(Err(Trouble::whole(problem))),
        }
    } else {
        (value(head, "content-type").unwrap_or_default().to_string(), bytes)
    };
    let charset = kind.split("charset=").nth(1).map(|c| c.trim_matches(['"', '\'', ' ', ';']).to_string());
    let media = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let layout = match media.as_str() {
        "text/html" | "application/xhtml+xml" => {
            return read_html::adverts(&bytes, charset.as_deref(), url.as_deref(), &mut place);
        }
        "text/plain" => Layout::Text,
        "text/csv" | "text/tab-separated-values" => Layout::Csv,
        "application/x-ndjson" | "application/jsonl" => Layout::Jsonl,
        _ => return true,
    };
    crate::document(Source::Bytes(bytes), layout, options, options.limits.depth, budget, &mut place)
}

/// Media type and bytes of an HTTP response; none for redirects, errors and empty ones.
///
/// # Errors
/// A message when the packing cannot be undone.
fn response_body(bytes: Vec<u8>, most: u64) -> Result<Option<(String, Vec<u8>)>, String> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|at| (at, at + 4));
    let end = end.or_else(|| bytes.windows(2).position(|w| w == b"\n\n").map(|at| (at, at + 2)));
    let Some((end, start)) = end.filter(|(end, _)| *end < LONGEST_HEAD) else {
        return Err("the response has no end of its head".into());
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = text.lines();
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse::<u16>().ok()).unwrap_or(0);
    let head: Head = lines
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_string()))
        .collect();
    if status != 200 || start == bytes.len() {
        return Ok(None);
    }
    let mut body = bytes[start..].to_vec();
    if value(&head, "transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
        // archives often keep the head of the transfer and the body without its chunks
        body = unchunked(&body).unwrap_or(body);
    }
    let encoding = value(&head, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    let unpack = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let read = reader.take(most + 1).read_to_end(&mut out);
        read.map_err(|e| format!("the response cannot be unpacked: {e}"))?;
        if out.len() as u64 > most {
            return Err(format!("the response unpacks to more than {} MB", most >> 20));
        }
        Ok(out)
    };
    let body = match encoding.as_str() {
        "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => unpack(&mut MultiGzDecoder::new(&body[..]))?,
        "deflate" => {
            let zlib = unpack(&mut flate2::read::ZlibDecoder::new(&body[..]));
            zlib.or_else(|_| unpack(&mut flate2::read::DeflateDecoder::new(&body[..])))?
        }
        "" | "identity" | "gzip" | "x-gzip" => body,
        other => return Err(format!("the response is packed by `{other}`, which cannot be undone")),
    };
    Ok(Some((value(&head, "content-type").unwrap_or("text/html").to_string(), body)))
}

/// The body out of its chunks; none when it has none.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = body.windows(2).take(64).position(|w| w == b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        let chunk = body.get(end + 2..)?.get(..size)?;
        out.extend_from_slice(chunk);
        body = body.get(end + 2 + size..)?.strip_prefix(b"\r\n")?;
    }
}
