//! Reads records back from WARC files, one by one or at a known place.

use crate::clock::Millis;
use crate::fetch::{Ending, Exchange};
use flate2::bufread::GzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Longest block that is read back, in bytes.
const LONGEST: u64 = 256 << 20;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Names as written, and values.
    pub fields: Vec<(String, String)>,
    /// The bytes.
    pub block: Vec<u8>,
}

impl Record {
    /// A field of the record's head; case does not matter.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// `response`, `request`, ...
    pub fn kind(&self) -> &str {
        self.field("WARC-Type").unwrap_or("")
    }

    /// A field of the block of a warcinfo or metadata record.
    pub fn note(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.block);
        let line = text.lines().find_map(|l| l.split_once(": ").filter(|(n, _)| *n == name));
        line.map(|(_, v)| v.to_string())
    }
}

/// Reads the record whose gzip member begins at `offset`, and tells where the next one begins.
///
/// # Errors
/// The file cannot be read, or there is no whole record at this place.
pub fn record_at(path: &Path, offset: u64) -> io::Result<(Record, u64)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut member = BufReader::new(GzDecoder::new(BufReader::new(file)));
    let record = read(&mut member)?;
    // to the end of the member, so that its check sum is compared and the place of the next one is known
    io::copy(&mut member, &mut io::sink())?;
    let mut inner = member.into_inner().into_inner();
    let next = inner.stream_position()?;
    Ok((record, next))
}

fn read(member: &mut impl BufRead) -> io::Result<Record> {
    let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_string());
    let mut line = String::new();
    let mut fields = Vec::new();
    let mut next = |line: &mut String| -> io::Result<()> {
        line.clear();
        match member.take(64 << 10).read_line(line)? {
            0 => Err(bad("ends within the head of a record")),
            _ => Ok(()),
        }
    };
    next(&mut line)?;
    if !line.starts_with("WARC/1.") {
        return Err(bad("is no WARC record"));
    }
    loop {
        next(&mut line)?;
        let text = line.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            break;
        }
        let (name, value) = text.split_once(':').ok_or_else(|| bad("has a head line without a colon"))?;
        fields.push((name.to_string(), value.trim().to_string()));
    }
    let mut record = Record { fields, block: Vec::new() };
    let length: u64 =
        record.field("Content-Length").and_then(|l| l.parse().ok()).ok_or_else(|| bad("has no length"))?;
    if length > LONGEST {
        return Err(bad("is longer than what is read back"));
    }
    member.take(length).read_to_end(&mut record.block)?;
    if (record.block.len() as u64) < length {
        return Err(bad("ends within a record"));
    }
    Ok(record)
}

/// An exchange found again, with its address and the place of its response.
#[derive(Clone, Debug)]
pub struct Found {
    /// Name of the file.
    pub file: String,
    /// The address.
    pub url: String,
    /// What went over the wire.
    pub exchange: Exchange,
    /// Where the response's member begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
}

/// The whole exchanges (request, response, metadata) from `offset` on, and where the last whole record ends.
///
/// # Errors
/// The file cannot be opened.
pub fn exchanges_from(path: &Path, offset: u64) -> io::Result<(Vec<Found>, u64)> {
    let size = std::fs::metadata(path)?.len();
    let (mut found, mut whole, mut at) = (Vec::new(), offset, offset);
    let mut request: Option<Record> = None;
    let mut response: Option<(Record, u64, u64)> = None;
    while at < size {
        let Ok((record, next)) = record_at(path, at) else { break };
        match record.kind() {
            "request" => (request, response) = (Some(record), None),
            "response" => response = Some((record, at, next - at)),
            "metadata" => {
                if let (Some(request), Some((response, offset, length))) = (request.take(), response.take()) {
                    found.push(exchange(request, response, &record, offset, length));
                }
                whole = next;
            }
            _ => whole = next,
        }
        at = next;
    }
    Ok((found, whole))
}

fn exchange(request: Record, response: Record, metadata: &Record, offset: u64, length: u64) -> Found {
    let ending = match response.field("WARC-Truncated") {
        None => Ending::Whole,
        Some("time") => Ending::Time,
        Some("disconnect") => Ending::Disconnect,
        Some(_) => Ending::Length,
    };
    let at = response.field("WARC-Date").and_then(date).unwrap_or(0);
    Found {
        file: String::new(),
        url: response.field("WARC-Target-URI").unwrap_or("").to_string(),
        offset,
        length,
        exchange: Exchange {
            at,
            took: metadata.note("fetchTimeMs").and_then(|t| t.parse().ok()).unwrap_or(0),
            ip: response.field("WARC-IP-Address").map(str::to_string),
            request: request.block,
            response: response.block,
            ending,
        },
    }
}

/// `2026-11-21T09:30:00Z` as milliseconds since 1970.
fn date(text: &str) -> Option<Millis> {
    let day = crate::clock::day(text)?;
    let mut parts = text.get(11..19)?.split(':').map(str::parse::<i64>);
    let (h, m, s) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some(day + ((h * 60 + m) * 60 + s) * 1000)
}
