//! `scan --case`: what was screened goes into a casebook.

use crate::case_common::settings;
use crate::input::Input;
use rayon::prelude::*;
use sakchy::Assessment;
use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared};
use sakchy_documents::{Advert, Item, Layout, Options as Reading, Source, open};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// Adverts of one batch, and the longest time between two: what is committed is finished.
const BATCH: usize = 4096;
const LONGEST: Duration = Duration::from_secs(2);

/// Adverts of a source.
pub type Adverts = Box<dyn Iterator<Item = Item> + Send>;

/// A casebook that a scan writes to.
pub struct Sink {
    /// The casebook.
    pub case: Case,
    source: i64,
    name: String,
    pending: Vec<(Advert, Assessment)>,
    since: Instant,
    registry: String,
    /// New adverts so far.
    pub added: usize,
}

impl Sink {
    /// Opens the casebook, or makes it.
    pub fn open(path: &Path, by: Option<&str>) -> Result<Sink, String> {
        let case = Case::open_or_create(path, settings(by)).map_err(|e| e.to_string())?;
        Ok(Sink {
            case,
            source: 0,
            name: String::new(),
            pending: Vec::new(),
            since: Instant::now(),
            registry: String::new(),
            added: 0,
        })
    }

    /// Names the list of permits that answers are made with.
    pub fn registry(&mut self, version: String) {
        self.registry = version;
    }

    /// Adds an input as a source and opens it. `None`: it was read to its end before. What an earlier run has taken of it is
    /// passed over.
    pub fn begin(&mut self, input: &Input, reading: &Reading, keep: bool) -> Result<Option<(Layout, Adverts)>, String> {
        let name = input.name();
        let bytes = match input {
            Input::Standard => {
                let mut bytes = Vec::new();
                std::io::stdin().read_to_end(&mut bytes).map_err(|e| format!("cannot be read: {e}"))?;
                Some(bytes)
            }
            Input::File(_) => None,
        };
        let opened = match &bytes {
            None => input.open(reading)?,
            Some(bytes) => {
                let layout = Layout::sniff(bytes);
                (layout, open(Source::Bytes(bytes.clone()), layout, reading)?)
            }
        };
        let what = match (&bytes, input) {
            (Some(bytes), _) => Bytes::Memory(bytes),
            (None, Input::File(path)) => Bytes::File(path),
            (None, Input::Standard) => Bytes::Memory(b""),
        };
        let new = NewSource { name: &name, kind: "file", bytes: what, keep };
        let source = self.case.add_source(&new).map_err(|e| e.to_string())?;
        if source.finished {
            return Ok(None);
        }
        self.source = source.id;
        self.name = name;
        // troubles are told again, adverts are not taken again
        let mut left = source.adverts;
        let rest = opened.1.filter(move |item| {
            let taken = left > 0 && item.is_ok();
            left -= u64::from(taken);
            !taken
        });
        Ok(Some((opened.0, Box::new(rest))))
    }

    /// Takes an advert with its answer; writes when enough have come together.
    pub fn take(&mut self, advert: &Advert, answer: &Assessment) -> Result<(), String> {
        if self.pending.is_empty() {
            self.since = Instant::now();
        }
        self.pending.push((advert.clone(), answer.clone()));
        if self.pending.len() >= BATCH || self.since.elapsed() >= LONGEST {
            self.write(false)?;
        }
        Ok(())
    }

    /// Writes what is left of a source and notes that it was read to its end.
    pub fn end(&mut self) -> Result<(), String> {
        self.write(true)
    }

    fn write(&mut self, finished: bool) -> Result<(), String> {
        let (source, name) = (self.source, self.name.as_str());
        let ready: Vec<Prepared<'_>> = self
            .pending
            .par_iter()
            .map(|(a, answer)| {
                // an identifier made of name and line is ours and not the source's
                let id = a.id.as_deref().filter(|id| *id != crate::scan::address(name, a));
                let advert = NewAdvert {
                    source,
                    source_name: name,
                    place: a.place as u64,
                    id,
                    outlet: a.publisher.as_deref(),
                    issue: a.issue.as_deref(),
                    page: a.page.as_deref(),
                    date: a.date.as_deref(),
                    url: a.url.as_deref(),
                    rubric: a.rubric.as_deref(),
                    title: a.title.as_deref(),
                    text: &a.text,
                };
                Prepared::new(advert, Some(answer))
            })
            .collect();
        let path = self.case.path().display().to_string();
        let named = |e: sakchy_casebook::CaseError| format!("{path}: {e}");
        let mut batch = self.case.batch().map_err(named)?;
        batch.registry(&self.registry);
        let mut added = 0;
        for prepared in &ready {
            added += usize::from(batch.add(prepared).map_err(named)?.new);
        }
        if finished {
            batch.finish_source(source);
        }
        batch.commit().map_err(named)?;
        self.added += added;
        drop(ready);
        self.pending.clear();
        Ok(())
    }

    /// Links the new adverts with all others.
    pub fn link(&mut self, done: impl FnMut(usize)) -> Result<(), String> {
        self.case.link(done).map(|_| ()).map_err(|e| format!("{}: {e}", self.case.path().display()))
    }
}
