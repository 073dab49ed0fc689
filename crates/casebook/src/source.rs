//! Sources: the files and pages that adverts were read from, with the hash of their bytes.

use crate::case::Case;
use crate::clock;
use crate::digest::{Fields, Hash, hex, of_reader};
use crate::error::{CaseError, Kind};
use crate::log;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the bytes of a source are.
#[derive(Clone, Debug)]
pub enum Bytes<'a> {
    /// A file.
    File(&'a Path),
    /// In memory: a page that was fetched, standard input.
    Memory(&'a [u8]),
}

/// A source to add.
#[derive(Clone, Debug)]
pub struct NewSource<'a> {
    /// File name or address, as a person would name it.
    pub name: &'a str,
    /// `file`, `page`, `archive` ...
    pub kind: &'a str,
    /// Its bytes.
    pub bytes: Bytes<'a>,
    /// Copy the bytes into `NAME.files` beside the casebook; else only the place is written down (bytes in memory are
    /// always copied).
    pub keep: bool,
}

/// A source in the casebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its number.
    pub id: i64,
    /// It was not there before.
    pub new: bool,
    /// All its adverts were taken in an earlier run.
    pub finished: bool,
    /// Adverts taken so far.
    pub adverts: u64,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct SourceRow {
    /// Its number.
    pub id: i64,
    /// As it was named.
    pub name: String,
    /// `file`, `page`, `archive` ...
    pub kind: String,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Length in bytes.
    pub bytes: i64,
    /// `copied` or `referenced`.
    pub kept: String,
    /// Where the bytes are: inside `NAME.files`, or where they were read.
    pub place: String,
    /// When it was added.
    pub at: String,
    /// By whom.
    pub actor: String,
    /// By which version.
    pub version: String,
    pub(crate) hash: Vec<u8>,
}

impl SourceRow {
    pub(crate) const COLUMNS: &'static str = "id, name, kind, sha256, bytes, kept, place, at, actor, version, hash";

    pub(crate) fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<SourceRow> {
        Ok(SourceRow {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            sha256: row.get(3)?,
            bytes: row.get(4)?,
            kept: row.get(5)?,
            place: row.get(6)?,
            at: row.get(7)?,
            actor: row.get(8)?,
            version: row.get(9)?,
            hash: row.get(10)?,
        })
    }

    pub(crate) fn expected(&self) -> Hash {
        Fields::new("source")
            .number(self.id)
            .text(&self.name)
            .text(&self.kind)
            .bytes(&self.sha256)
            .number(self.bytes)
            .text(&self.kept)
            .text(&self.place)
            .text(&self.at)
            .text(&self.actor)
            .text(&self.version)
            .finish()
    }
}

impl Case {
    /// Adds a source, or finds it by the hash of its bytes: the same bytes are one source, whatever their name.
    ///
    /// # Errors
    /// The bytes cannot be read or kept, or the casebook cannot be written.
    pub fn add_source(&mut self, new: &NewSource<'_>) -> Result<Source, CaseError> {
        let named = |e: CaseError| e.at(new.name);
        let (sha256, length) = match new.bytes {
            Bytes::Memory(bytes) => of_reader(bytes, |_| Ok(()))?,
            Bytes::File(path) => {
                let file = std::fs::File::open(path).map_err(|e| named(e.into()))?;
                of_reader(file, |_| Ok(())).map_err(|e| named(e.into()))?
            }
        };
        if let Some(known) = find(&self.db, &sha256)? {
            return Ok(known);
        }
        let copy = new.keep || matches!(new.bytes, Bytes::Memory(_));
        let place = match new.bytes {
            _ if copy => {
                let place = format!("{}/{}{}", &hex(&sha256[..1]), hex(&sha256), ending(new.name));
                keep(&self.files().join(&place), &new.bytes, &sha256).map_err(named)?;
                place
            }
            Bytes::File(path) => std::path::absolute(path).unwrap_or_else(|_| path.into()).display().to_string(),
            Bytes::Memory(_) => String::new(),
        };
        let settings = self.settings.clone();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // another program may have been faster
        if let Some(known) = find(&tx, &sha256)? {
            return Ok(known);
        }
        let mut row = SourceRow {
            id: tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM sources", [], |r| r.get(0))?,
            name: new.name.to_string(),
            kind: new.kind.to_string(),
            sha256: sha256.to_vec(),
            bytes: i64::try_from(length).unwrap_or(i64::MAX),
            kept: if copy { "copied" } else { "referenced" }.to_string(),
            place,
            at: clock::stamp((settings.clock)()),
            actor: settings.actor.clone(),
            version: settings.version.clone(),
            hash: Vec::new(),
        };
        row.hash = row.expected().to_vec();
        tx.execute(
            &format!("INSERT INTO sources ({}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)", SourceRow::COLUMNS),
            params![
                row.id,
                row.name,
                row.kind,
                row.sha256,
                row.bytes,
                row.kept,
                row.place,
                row.at,
                row.actor,
                row.version,
                row.hash
            ],
        )?;
        tx.execute("INSERT INTO progress (source, adverts, finished) VALUES (?1, 0, 0)", [row.id])?;
        let detail =
            serde_json::json!({"source": row.id, "name": row.name, "sha256": hex(&sha256), "row": hex(&row.hash)});
        log::append(&tx, &settings, "source", &detail)?;
        tx.commit()?;
        Ok(Source { id: row.id, new: true, finished: false, adverts: 0 })
    }

    /// A source of the casebook.
    ///
    /// # Errors
    /// There is none with this number.
    pub fn source(&self, id: i64) -> Result<SourceRow, CaseError> {
        let mut query = self.db.prepare_cached(&format!("SELECT {} FROM sources WHERE id = ?1", SourceRow::COLUMNS))?;
        Ok(query.query_row([id], SourceRow::of)?)
    }

    /// Where the bytes of a source should be.
    pub fn place_of(&self, source: &SourceRow) -> PathBuf {
        if source.kept == "copied" { self.files().join(&source.place) } else { PathBuf::from(&source.place) }
    }
}

fn find(db: &Connection, sha256: &Hash) -> Result<Option<Source>, CaseError> {
    let mut query = db.prepare_cached(
        "SELECT s.id, coalesce(p.finished, 0), coalesce(p.adverts, 0) FROM sources s
         LEFT JOIN progress p ON p.source = s.id WHERE s.sha256 = ?1",
    )?;
    let row = query.query_row([&sha256[..]], |r| {
        let adverts: i64 = r.get(2)?;
        Ok(Source { id: r.get(0)?, new: false, finished: r.get(1)?, adverts: adverts.unsigned_abs() })
    });
    Ok(row.optional()?)
}

/// The ending of a file name, where it is a plain one.
fn ending(name: &str) -> String {
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or("");
    let plain = (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { format!(".{}", ending.to_ascii_lowercase()) } else { String::new() }
}

/// Copies bytes to their place: written beside it, checked, then moved, so that no half file ever stands there.
fn keep(place: &Path, bytes: &Bytes<'_>, sha256: &Hash) -> Result<(), CaseError> {
    if place.exists() {
        return Ok(());
    }
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let part = place.with_extension(format!("{}.part", std::process::id()));
    let write = || -> Result<(), CaseError> {
        let mut file = std::fs::File::create(&part)?;
        let copied = match bytes {
            Bytes::Memory(bytes) => of_reader(*bytes, |piece| file.write_all(piece))?,
            Bytes::File(path) => of_reader(std::fs::File::open(path)?, |piece| file.write_all(piece))?,
        };
        if copied.0 != *sha256 {
            return Err(CaseError::new(Kind::Other, "changed while it was being read; run the command again"));
        }
        file.sync_all()?;
        drop(file);
        std::fs::rename(&part, place)?;
        Ok(())
    };
    write().inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}
