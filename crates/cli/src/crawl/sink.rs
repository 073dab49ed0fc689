//! Where adverts go: a file of JSON Lines that `sakchy scan` reads.

use sakchy_crawl::clock::iso;
use sakchy_crawl::traits::{Kept, Sink};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// One line: the advert, and where its proof is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// Name of the advert.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// The outlet.
    pub publisher: String,
    /// Its address: its own, else that of the page.
    pub url: String,
    /// Date as the page writes it, else the day on which it was seen.
    pub date: String,
    /// Id of the source.
    pub source: String,
    /// The page that was fetched.
    pub page: String,
    /// When it was fetched.
    pub seen: String,
    /// It has signs that need checking.
    pub flagged: bool,
    /// SHA-256 of the response in the archive.
    pub sha256: String,
    /// The archive's file.
    pub warc: String,
    /// Where the response's record begins.
    pub offset: u64,
}

impl Line {
    /// The line of an advert.
    pub fn of(kept: &Kept) -> Line {
        let advert = kept.advert.clone();
        let seen = iso(kept.seen);
        Line {
            id: kept.id.clone(),
            text: advert.text,
            title: advert.title,
            publisher: kept.outlet.clone(),
            url: advert.url.unwrap_or_else(|| kept.page.clone()),
            date: advert.date.unwrap_or_else(|| seen.chars().take(10).collect()),
            source: kept.source.clone(),
            page: kept.page.clone(),
            seen,
            flagged: advert.flagged,
            sha256: kept.sha256.clone(),
            warc: kept.warc.clone(),
            offset: kept.offset,
        }
    }
}

/// The file `adverts.jsonl`.
pub struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> Result<Lines, String> {
        let named = |e: std::io::Error| format!("{}: {e}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(named)?;
        }
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).map_err(named)?;
        Ok(Lines { path: path.to_path_buf(), out: BufWriter::new(file) })
    }

    fn named(&self, e: &std::io::Error) -> String {
        format!("{}: {e}. Make room and start again: nothing is lost", self.path.display())
    }
}

impl Sink for Lines {
    fn take(&mut self, kept: &Kept) -> Result<(), String> {
        let line = serde_json::to_string(&Line::of(kept)).map_err(|e| e.to_string())?;
        writeln!(self.out, "{line}").map_err(|e| self.named(&e))
    }

    fn position(&mut self) -> Result<u64, String> {
        let position = self.out.flush().and_then(|()| self.out.stream_position());
        position.map_err(|e| self.named(&e))
    }

    fn rewind(&mut self, position: u64) -> Result<(), String> {
        let file = self.out.get_mut();
        let length = file.metadata().map(|m| m.len()).unwrap_or(0);
        if length < position {
            return Err(format!(
                "{} is shorter than it was after the last run; put it back, or choose another --out",
                self.path.display()
            ));
        }
        let moved = file.set_len(position).and_then(|()| file.seek(SeekFrom::Start(position)));
        moved.map(|_| ()).map_err(|e| self.named(&e))
    }
}
