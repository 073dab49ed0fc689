//! Writes WARC 1.1: one gzip member a record, digests, warcinfo first (ISO 28500:2017).

use crate::clock::{Millis, digits, iso};
use crate::fetch::{Ending, Exchange};
use crate::response::Response;
use flate2::{Compression, write::GzEncoder};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file is ended when it has grown beyond this many bytes.
pub const FULL: u64 = 1 << 30;

/// Where a record lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the WARC file.
    pub file: String,
    /// Where its gzip member begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
}

/// A response in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Where its record lies.
    pub place: Place,
    /// SHA-256 of the response record's block, in small hexadecimal digits.
    pub sha256: String,
    /// SHA-1 of the payload in base32.
    pub sha1: String,
}

/// The records of one exchange, packed and ready to be written.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Vec<u8>,
    response_at: usize,
    response_end: usize,
    sha256: String,
    sha1: String,
}

/// The file that is being written.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    name: String,
    file: File,
    length: u64,
}

impl Archive {
    /// Begins a file in `folder`, with a warcinfo record that says who crawls with what.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn create(folder: &Path, now: Millis, fields: &[(&str, &str)]) -> io::Result<Archive> {
        std::fs::create_dir_all(folder)?;
        let mut serial = 0;
        let (name, file) = loop {
            let name = format!("sakchy-{}-{serial:05}.warc.gz", digits(now));
            match OpenOptions::new().append(true).create_new(true).open(folder.join(&name)) {
                Ok(file) => break (name, file),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => serial += 1,
                Err(e) => return Err(e),
            }
        };
        let mut block = String::new();
        for (field, value) in fields {
            let _ = write!(block, "{field}: {}\r\n", one_line(value));
        }
        let mut head = Head::new("warcinfo", now, &format!("{name} warcinfo"), block.as_bytes());
        head.line("WARC-Filename", &name);
        head.line("Content-Type", "application/warc-fields");
        let bytes = head.member(block.as_bytes())?;
        let mut archive = Archive { folder: folder.to_path_buf(), name, file, length: 0 };
        archive.write(&bytes)?;
        Ok(archive)
    }

    /// Name of the file, without its folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes written so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the records of an exchange and tells where the response lies.
    ///
    /// # Errors
    /// The file cannot be written; what was written of the records is cut off again.
    pub fn append(&mut self, packed: &Packed) -> io::Result<Proof> {
        let at = self.length;
        self.write(&packed.bytes)?;
        let length = (packed.response_end - packed.response_at) as u64;
        let place = Place { file: self.name.clone(), offset: at + packed.response_at as u64, length };
        Ok(Proof { place, sha256: packed.sha256.clone(), sha1: packed.sha1.clone() })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(e) = self.file.write_all(bytes) {
            // half a record must not stand before the next one
            let _ = self.file.set_len(self.length);
            return Err(e);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// Packs an exchange: request, response and metadata with `notes` beside them.
///
/// # Errors
/// Only when memory fails; the packing writes to memory.
pub fn pack(url: &str, exchange: &Exchange, notes: &[(&str, &str)]) -> io::Result<Packed> {
    let sha256 = hex(&Sha256::digest(&exchange.response));
    // one exchange, one set of names: the same answer at another time has others
    let seed = format!("{url} {} {sha256}", exchange.at);
    let (request_id, response_id) = (id(&format!("{seed} request")), id(&format!("{seed} response")));
    let parsed = Response::head(&exchange.response).ok();
    let mut bytes = Vec::with_capacity(exchange.response.len() / 2 + 1024);

    let mut head = Head::new("request", exchange.at, &format!("{seed} request"), &exchange.request);
    head.line("WARC-Target-URI", url);
    head.line("WARC-Concurrent-To", &response_id);
    head.line("Content-Type", "application/http; msgtype=request");
    bytes.extend(head.member(&exchange.request)?);

    let response_at = bytes.len();
    let mut head = Head::new("response", exchange.at, &format!("{seed} response"), &exchange.response);
    head.line("WARC-Target-URI", url);
    if let Some(ip) = &exchange.ip {
        head.line("WARC-IP-Address", ip);
    }
    head.line("WARC-Concurrent-To", &request_id);
    let sha1 = payload_sha1(&exchange.response);
    // readers differ on whether chunks belong to the payload; the digest of the block is beyond dispute
    if parsed.as_ref().is_some_and(|r| !r.chunked()) {
        head.line("WARC-Payload-Digest", &format!("sha1:{sha1}"));
    }
    match exchange.ending {
        Ending::Whole => {}
        Ending::Length => head.line("WARC-Truncated", "length"),
        Ending::Time => head.line("WARC-Truncated", "time"),
        Ending::Disconnect => head.line("WARC-Truncated", "disconnect"),
    }
    head.line("Content-Type", "application/http; msgtype=response");
    bytes.extend(head.member(&exchange.response)?);
    let response_end = bytes.len();

    let mut block = String::new();
    let took = exchange.took.to_string();
    let own = [("fetchTimeMs", took.as_str()), ("sha256", sha256.as_str())];
    for (field, value) in own.iter().chain(notes) {
        let _ = write!(block, "{field}: {}\r\n", one_line(value));
    }
    let mut head = Head::new("metadata", exchange.at, &format!("{seed} metadata"), block.as_bytes());
    head.line("WARC-Target-URI", url);
    head.line("WARC-Refers-To", &response_id);
    head.line("Content-Type", "application/warc-fields");
    bytes.extend(head.member(block.as_bytes())?);
    Ok(Packed { bytes, response_at, response_end, sha256, sha1 })
}

/// The proof of a response that was found again in an archive.
pub fn proof_of(place: Place, response: &[u8]) -> Proof {
    Proof { place, sha256: hex(&Sha256::digest(response)), sha1: payload_sha1(response) }
}

fn payload_sha1(response: &[u8]) -> String {
    sha1_of(Response::head(response).map_or(response, |r| &response[r.body_at..]))
}

struct Head(String);

impl Head {
    fn new(kind: &str, at: Millis, seed: &str, block: &[u8]) -> Head {
        let (name, date, digest) = (id(seed), iso(at), sha1_of(block));
        Head(format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {name}\r\nWARC-Date: {date}\r\n\
             WARC-Block-Digest: sha1:{digest}\r\n"
        ))
    }

    fn line(&mut self, name: &str, value: &str) {
        let _ = write!(self.0, "{name}: {}\r\n", one_line(value));
    }

    fn member(self, block: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = GzEncoder::new(Vec::with_capacity(block.len() / 3 + 512), Compression::default());
        write!(out, "{}Content-Length: {}\r\n\r\n", self.0, block.len())?;
        out.write_all(block)?;
        out.write_all(b"\r\n\r\n")?;
        out.finish()
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// A record's name: a UUID of version 8 (RFC 9562) made from what the record is about.
fn id(seed: &str) -> String {
    let mut b = [0; 16];
    b.copy_from_slice(&Sha256::digest(seed.as_bytes())[..16]);
    b[6] = b[6] & 0x0f | 0x80;
    b[8] = b[8] & 0x3f | 0x80;
    let h = hex(&b);
    format!("<urn:uuid:{}-{}-{}-{}-{}>", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
}

/// Small hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// SHA-1 in base32, as WARC files have it by custom.
fn sha1_of(bytes: &[u8]) -> String {
    base32(&Sha1::digest(bytes))
}

/// Base32 (RFC 4648) of a length that needs no padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for b in bytes {
        held = held << 8 | u32::from(*b);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
    }
    out
}
