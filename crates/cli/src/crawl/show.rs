//! `sakchy crawl show`: an advert's page again, as it was archived.

use super::sink::Line;
use crate::common::plain;
use sakchy_crawl::index::turned;
use sakchy_crawl::replay::{Record, record_at};
use sakchy_crawl::response::Response;
use sakchy_crawl::warc::hex;
use sakchy_documents::html;
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// Largest page that is unpacked to be shown.
const UNPACKED: usize = 200 << 20;

/// Where a capture is.
struct Capture {
    warc: String,
    offset: u64,
    sha256: Option<String>,
}

/// Shows what is kept of an advert (its id, or its first letters) or of an address.
///
/// # Errors
/// Nothing is kept under this name, or the archive is damaged.
pub fn show(folder: &Path, name: &str, raw: bool) -> Result<(), String> {
    let advert = if name.contains("://") { None } else { Some(advert(folder, name)?) };
    let captures = match &advert {
        Some(line) => {
            vec![Capture { warc: line.warc.clone(), offset: line.offset, sha256: Some(line.sha256.clone()) }]
        }
        None => captures(folder, name)?,
    };
    let mut out = std::io::stdout().lock();
    let written = |e: std::io::Error| format!("the output cannot be written: {e}");
    for (n, capture) in captures.iter().enumerate() {
        let path = folder.join("warc").join(&capture.warc);
        let read = record_at(&path, capture.offset);
        let (record, _) = read.map_err(|e| format!("{} at {}: {e}", path.display(), capture.offset))?;
        let digest = hex(&Sha256::digest(&record.block));
        if capture.sha256.as_ref().is_some_and(|s| *s != digest) {
            return Err(format!("{}: the record has changed since it was written (SHA-256 {digest})", path.display()));
        }
        if raw {
            out.write_all(&record.block).map_err(written)?;
            continue;
        }
        if n > 0 {
            writeln!(out).map_err(written)?;
        }
        let text = described(&record, capture, &digest, advert.as_ref());
        out.write_all(text.as_bytes()).map_err(written)?;
    }
    Ok(())
}

fn described(record: &Record, capture: &Capture, digest: &str, advert: Option<&Line>) -> String {
    let field = |n: &str| plain(record.field(n).unwrap_or("-"));
    let mut out = String::new();
    let mut line = |name: &str, value: &str| out.push_str(&format!("{name:<10}{value}\n"));
    line("address", &field("WARC-Target-URI"));
    line("fetched", &field("WARC-Date"));
    line("server", &field("WARC-IP-Address"));
    line("archive", &format!("{} at {}", capture.warc, capture.offset));
    line("sha256", digest);
    line("record", &field("WARC-Record-ID"));
    if let Some(cut) = record.field("WARC-Truncated") {
        line("cut off", &plain(cut));
    }
    let response = match Response::parse(&record.block, UNPACKED) {
        Ok(response) => response,
        Err(e) => {
            line("answer", &e);
            return out;
        }
    };
    line("answer", &format!("{} {}, {} bytes", response.status, plain(&response.media_type()), response.body.len()));
    if let Some(advert) = advert {
        line("advert", &advert.id);
        line("outlet", &plain(&advert.publisher));
        out.push('\n');
        out.push_str(&paragraphs(advert.title.as_deref().unwrap_or("")));
        out.push_str(&paragraphs(&advert.text));
        return out;
    }
    let url = record.field("WARC-Target-URI");
    if let Ok(page) = html::read_bytes(&response.body, response.charset().as_deref(), url) {
        out.push('\n');
        out.push_str(&paragraphs(page.title.as_deref().unwrap_or("")));
        out.push_str(&paragraphs(&page.text));
    }
    out
}

/// Text for a terminal: its lines stay, everything else that could steer a terminal does not.
fn paragraphs(text: &str) -> String {
    text.lines().map(|l| format!("{}\n", plain(l))).collect()
}

fn advert(folder: &Path, name: &str) -> Result<Line, String> {
    let path = folder.join("adverts.jsonl");
    let file = std::fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let begins = format!("{{\"id\":\"{name}");
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|e| format!("{}: {e}", path.display()))?;
        if line.starts_with(&begins) {
            return serde_json::from_str(&line).map_err(|e| format!("{}: {e}", path.display()));
        }
    }
    Err(format!(
        "no advert `{}` is kept in {}; give the id of a line of adverts.jsonl, or an address",
        plain(name),
        folder.display()
    ))
}

fn captures(folder: &Path, url: &str) -> Result<Vec<Capture>, String> {
    let path = folder.join("index.cdxj");
    let file = std::fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let begins = format!("{} ", turned(url));
    let mut found = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|e| format!("{}: {e}", path.display()))?;
        let Some(fields) = line.strip_prefix(&begins).and_then(|r| r.split_once(' ')).map(|(_, json)| json) else {
            continue;
        };
        let fields: serde_json::Value = serde_json::from_str(fields).map_err(|e| format!("{}: {e}", path.display()))?;
        let text = |n: &str| fields[n].as_str().map(str::to_string);
        let offset = text("offset").and_then(|o| o.parse().ok());
        if let (Some(warc), Some(offset)) = (text("filename"), offset) {
            found.push(Capture { warc, offset, sha256: text("sha256") });
        }
    }
    if found.is_empty() {
        return Err(format!("no page of this address is kept in {}: {}", folder.display(), plain(url)));
    }
    Ok(found)
}
