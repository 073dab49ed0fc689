//! Frontier, archive and sink behind one door: what is fetched goes to the archive first, then to the frontier, then to the
//! sink, so that a crash at any moment leaves nothing half known.

use crate::clock::Millis;
use crate::fetch::Exchange;
use crate::frontier::{Frontier, Waiting};
use crate::harvest::Harvest;
use crate::replay;
use crate::settle::{End, News, Outcome};
use crate::traits::Sink;
use crate::warc::{Archive, FULL, Packed, Proof};
use fs4::fs_std::FileExt;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use url::Url;

/// A place where a crawl is kept: `crawl.db`, `warc/`, `index.cdxj`.
pub struct Store {
    /// The frontier.
    pub frontier: Frontier,
    archive: Archive,
    sink: Box<dyn Sink>,
    outlets: BTreeMap<String, String>,
    info: Vec<(String, String)>,
    folder: PathBuf,
    // the lock goes with the file handle, also when the program is killed
    _lock: File,
}

impl Store {
    /// Opens the folder of a crawl for one crawl at a time. `info` goes into the warcinfo of each archive file, `outlets` are
    /// the names of the sources.
    ///
    /// # Errors
    /// Another crawl runs there, or the folder cannot be written.
    pub fn open(
        folder: &Path,
        now: Millis,
        info: Vec<(String, String)>,
        outlets: BTreeMap<String, String>,
        mut sink: Box<dyn Sink>,
    ) -> Result<(Store, Vec<replay::Found>), String> {
        let named = |e: std::io::Error| format!("{}: {e}", folder.display());
        std::fs::create_dir_all(folder).map_err(named)?;
        let lock = File::create(folder.join("crawl.lock")).map_err(named)?;
        if !lock.try_lock_exclusive().map_err(named)? {
            return Err(format!(
                "{}: another crawl is running here; wait for it or choose another --out",
                folder.display()
            ));
        }
        let frontier = Frontier::open(&folder.join("crawl.db"))?;
        sink.rewind(frontier.position())?;
        let found = recover(&frontier, folder)?;
        let archive = begin(folder, now, &info)?;
        let mut store = Store { frontier, archive, sink, outlets, info, folder: folder.to_path_buf(), _lock: lock };
        store.deliver(true)?;
        Ok((store, found))
    }

    /// Writes the records of an exchange that is no page: robots.txt.
    ///
    /// # Errors
    /// The disk.
    pub fn robots(&mut self, url: &Url, evidence: Evidence<'_>, exchange: &Exchange) -> Result<(), String> {
        let (proof, reached) = self.prove(evidence, exchange.at)?;
        let head = crate::response::Response::head(&exchange.response).unwrap_or_default();
        let status = Some(head.status).filter(|s| *s > 0);
        let reached = reached.as_ref().map(|(name, length)| (name.as_str(), *length));
        let written = self.frontier.capture(url, exchange.at, status, &head.media_type(), &proof, reached);
        written.map_err(|e| base("the frontier", &e))
    }

    /// What stood behind the known part of the archive is written down: from here on, only the new file counts.
    ///
    /// # Errors
    /// The disk.
    pub fn taken_over(&mut self) -> Result<(), String> {
        let (name, length) = (self.archive.name().to_string(), self.archive.length().to_string());
        let set = self.frontier.set("warc_length", &length).and_then(|()| self.frontier.set("warc", &name));
        set.map_err(|e| base("the frontier", &e))
    }

    /// Puts an exchange into the archive unless it is there; tells how far the archive then goes.
    fn prove(&mut self, evidence: Evidence<'_>, now: Millis) -> Result<(Proof, Option<(String, u64)>), String> {
        match evidence {
            Evidence::Kept(proof) => Ok((proof, None)),
            Evidence::New(packed) => {
                if self.archive.length() >= FULL {
                    self.archive = begin(&self.folder, now, &self.info)?;
                }
                let proof = self.archive.append(packed).map_err(|e| disk("the archive", &e))?;
                Ok((proof, Some((self.archive.name().to_string(), self.archive.length()))))
            }
        }
    }

    /// Writes down a page: its records (unless they are already in the archive), what became of it, its adverts.
    ///
    /// # Errors
    /// The disk.
    pub fn finish(
        &mut self,
        page: &Waiting,
        evidence: Evidence<'_>,
        harvest: &Harvest,
        exchange: &Exchange,
        next_at: Millis,
    ) -> Result<News, String> {
        let (proof, reached) = self.prove(evidence, exchange.at)?;
        let outcome = Outcome {
            page,
            end: harvest.end.clone(),
            status: Some(harvest.status).filter(|s| *s > 0),
            etag: harvest.etag.as_deref(),
            modified: harvest.modified.as_deref(),
            mime: &harvest.mime,
            at: exchange.at,
            body: harvest.body.as_deref(),
            proof: Some(&proof),
            archive: reached.as_ref().map(|(name, length)| (name.as_str(), *length)),
            note: harvest.note.as_deref(),
            links: &harvest.links,
            canonical: harvest.canonical.as_ref(),
            adverts: &harvest.adverts,
            bytes: exchange.response.len() as u64,
            next_at,
        };
        let news = self.frontier.finish(&outcome).map_err(|e| base("the frontier", &e))?;
        if news.adverts > 0 {
            self.deliver(false)?;
        }
        Ok(news)
    }

    /// Writes down that a page could not be had at all.
    ///
    /// # Errors
    /// The disk.
    pub fn no_answer(
        &mut self,
        page: &Waiting,
        why: &str,
        passing: bool,
        at: Millis,
        next_at: Millis,
    ) -> Result<(), String> {
        let end = if passing { End::Passing } else { End::Failed };
        let outcome = Outcome {
            page,
            end,
            status: None,
            etag: None,
            modified: None,
            mime: "",
            at,
            body: None,
            proof: None,
            archive: None,
            note: Some(why),
            links: &[],
            canonical: None,
            adverts: &[],
            bytes: 0,
            next_at,
        };
        self.frontier.finish(&outcome).map(|_| ()).map_err(|e| base("the frontier", &e))
    }

    /// Gives the sink what it has not got yet.
    fn deliver(&mut self, at_once: bool) -> Result<(), String> {
        loop {
            let waiting = self.frontier.undelivered().map_err(|e| base("the frontier", &e))?;
            let Some((last, _)) = waiting.last() else { return Ok(()) };
            let last = *last;
            for (_, mut kept) in waiting {
                if let Some(name) = self.outlets.get(&kept.source) {
                    kept.outlet.clone_from(name);
                }
                self.sink.take(&kept)?;
            }
            let position = self.sink.position()?;
            self.frontier.delivered(last, position, at_once).map_err(|e| base("the frontier", &e))?;
        }
    }

    /// Ends the round and writes the index.
    ///
    /// # Errors
    /// The disk.
    pub fn close(&mut self) -> Result<(), String> {
        let position = self.sink.position()?;
        let last = self.frontier.last_delivered();
        self.frontier.delivered(last, position, true).map_err(|e| base("the frontier", &e))?;
        crate::index::write(&self.frontier, &self.folder.join("index.cdxj"))?;
        self.frontier.end_round().map_err(|e| base("the frontier", &e))
    }
}

/// The records of an exchange.
pub enum Evidence<'a> {
    /// Not written yet.
    New(&'a Packed),
    /// Already in the archive.
    Kept(Proof),
}

fn begin(folder: &Path, now: Millis, info: &[(String, String)]) -> Result<Archive, String> {
    let fields: Vec<(&str, &str)> = info.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    Archive::create(&folder.join("warc"), now, &fields).map_err(|e| disk("the archive", &e))
}

/// What stands in the newest archive file behind the point that the frontier knows of: whole exchanges are taken over, half
/// a record is cut off.
fn recover(frontier: &Frontier, folder: &Path) -> Result<Vec<replay::Found>, String> {
    let known = frontier.get("warc").map_err(|e| base("the frontier", &e))?;
    let length = frontier.get("warc_length").map_err(|e| base("the frontier", &e))?;
    let (known, length) = (known.unwrap_or_default(), length.and_then(|l| l.parse().ok()).unwrap_or(0));
    let mut names: Vec<String> = std::fs::read_dir(folder.join("warc"))
        .map(|entries| entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    names.retain(|n| n.ends_with(".warc.gz") && n.as_str() >= known.as_str());
    names.sort();
    let mut all = Vec::new();
    for name in names {
        let path = folder.join("warc").join(&name);
        let from = if name == known { length } else { 0 };
        let read = replay::exchanges_from(&path, from).map_err(|e| format!("{}: {e}", path.display()))?;
        let (found, whole) = read;
        let size = std::fs::metadata(&path).map_or(whole, |m| m.len());
        if size > whole {
            let file = std::fs::OpenOptions::new().write(true).open(&path);
            file.and_then(|f| f.set_len(whole)).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        all.extend(found.into_iter().map(|f| replay::Found { file: name.clone(), ..f }));
    }
    Ok(all)
}

fn disk(what: &str, e: &std::io::Error) -> String {
    format!("{what} cannot be written: {e}. Make room and start again: nothing is lost")
}

pub(crate) fn base(what: &str, e: &crate::frontier::Error) -> String {
    format!("{what} cannot be written: {e}. Make room and start again: nothing is lost")
}
