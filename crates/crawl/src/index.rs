//! The index beside the archive: one line a response in the manner of CDXJ, sorted by turned-round address and time.

use crate::clock::digits;
use crate::frontier::Frontier;
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use url::Url;

/// Writes the index anew; the old one stays until the new one is whole.
///
/// # Errors
/// The disk.
pub fn write(frontier: &Frontier, path: &Path) -> Result<(), String> {
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let mut query = frontier
        .db
        .prepare("SELECT turned, url, at, status, mime, sha1, sha256, length, offset, warc FROM captures ORDER BY turned, at, rowid")
        .map_err(|e| failed(&e))?;
    let rows = query.query_map([], |r| {
        let (offset, length): (i64, i64) = (r.get(8)?, r.get(7)?);
        let fields = serde_json::json!({
            "url": r.get::<_, String>(1)?,
            "mime": r.get::<_, String>(4)?,
            "status": r.get::<_, Option<u16>>(3)?.unwrap_or(0).to_string(),
            "digest": format!("sha1:{}", r.get::<_, String>(5)?),
            "sha256": r.get::<_, String>(6)?,
            "length": length.to_string(),
            "offset": offset.to_string(),
            "filename": r.get::<_, String>(9)?,
        });
        Ok(format!("{} {} {fields}", r.get::<_, String>(0)?, digits(r.get(2)?)))
    });
    let fresh = path.with_extension("new");
    let mut out = BufWriter::new(std::fs::File::create(&fresh).map_err(|e| failed(&e))?);
    for line in rows.map_err(|e| failed(&e))? {
        writeln!(out, "{}", line.map_err(|e| failed(&e))?).map_err(|e| failed(&e))?;
    }
    out.flush().and_then(|()| std::fs::rename(&fresh, path)).map_err(|e| failed(&e))
}

/// An address with its host turned round, so that a host's pages stand together: `test,board)/jobs?page=2`.
pub fn turned(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return url.to_string() };
    let host = url.host_str().unwrap_or("");
    let mut out: String = if matches!(url.host(), Some(url::Host::Domain(_))) {
        host.split('.').rev().collect::<Vec<_>>().join(",")
    } else {
        host.to_string()
    };
    if let Some(port) = url.port() {
        let _ = write!(out, ":{port}");
    }
    let _ = write!(out, "){}", url.path().to_ascii_lowercase());
    if let Some(query) = url.query() {
        let _ = write!(out, "?{}", query.to_ascii_lowercase());
    }
    out
}
