//! Opening a casebook.

use crate::batch::Batch;
use crate::error::{CaseError, Kind};
use crate::{clock, log, migrate};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Who works, with which version, by which clock.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who: a person's or a machine's name, as it shall stand in the log.
    pub actor: String,
    /// Which program and version.
    pub version: String,
    /// Seconds since 1970. Tests give a clock of their own.
    pub clock: fn() -> i64,
    /// How long to wait for another program that is writing.
    pub wait: Duration,
    /// Largest size of the file in bytes, as a quota of one's own; none: as far as the disk goes.
    pub most_bytes: Option<u64>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            actor: "unknown".into(),
            version: concat!("sakchy ", env!("CARGO_PKG_VERSION")).into(),
            clock: clock::now,
            wait: Duration::from_secs(30),
            most_bytes: None,
        }
    }
}

/// An open casebook.
#[derive(Debug)]
pub struct Case {
    pub(crate) db: Connection,
    pub(crate) path: PathBuf,
    pub(crate) settings: Settings,
}

/// Memory for pages of the file, in KiB.
const CACHE_KIB: i64 = 64 << 10;

impl Case {
    /// Makes a new casebook.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn create(path: &Path, settings: Settings) -> Result<Case, CaseError> {
        if path.exists() {
            return Err(CaseError::input("is there already; name a new file, or open this one").at(path.display()));
        }
        Case::open_or_create(path, settings)
    }

    /// Opens a casebook for reading and writing.
    ///
    /// # Errors
    /// Missing, damaged, of a newer version, locked or not writable.
    pub fn open(path: &Path, settings: Settings) -> Result<Case, CaseError> {
        if !path.exists() {
            return Err(missing(path));
        }
        Case::open_or_create(path, settings)
    }

    /// Opens a casebook, or makes it where there is none.
    ///
    /// # Errors
    /// As [`Case::open`].
    pub fn open_or_create(path: &Path, settings: Settings) -> Result<Case, CaseError> {
        let named = |e: CaseError| e.at(path.display());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        if folder.is_some_and(|p| !p.is_dir()) {
            return Err(named(CaseError::new(Kind::Missing, "its folder is missing; make the folder first")));
        }
        let db = Connection::open(path).map_err(|e| named(e.into()))?;
        let mut case = Case { db, path: path.to_path_buf(), settings };
        case.prepare(true).map_err(named)?;
        Ok(case)
    }

    /// Opens a casebook for reading only; also from a medium that cannot be written. Readers do not wait for a writer.
    ///
    /// # Errors
    /// Missing, damaged or of another version; on a read-only medium also when its last writer did not finish (a `-wal`
    /// file with content).
    pub fn read(path: &Path) -> Result<Case, CaseError> {
        let named = |e: CaseError| e.at(path.display());
        if !path.exists() {
            return Err(missing(path));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut case = Case {
            db: Connection::open_with_flags(path, flags).map_err(|e| named(e.into()))?,
            path: path.to_path_buf(),
            settings: Settings::default(),
        };
        match case.prepare(false) {
            Ok(()) => Ok(case),
            Err(e) if matches!(e.kind, Kind::ReadOnly | Kind::Missing | Kind::Other) => {
                if std::fs::metadata(beside(path, "-wal")).is_ok_and(|m| m.len() > 0) {
                    return Err(named(CaseError::new(
                        Kind::ReadOnly,
                        "stands on a medium that cannot be written and its last run did not finish; copy it with its -wal file elsewhere and open it there",
                    )));
                }
                // nobody can write there: no lock file is needed, and none can be made
                let uri = format!("file:{}?immutable=1", escape(&path.display().to_string()));
                case.db = Connection::open_with_flags(uri, flags).map_err(|e| named(e.into()))?;
                case.prepare(false).map_err(named)?;
                Ok(case)
            }
            Err(e) => Err(named(e)),
        }
    }

    fn prepare(&mut self, write: bool) -> Result<(), CaseError> {
        self.db.busy_timeout(self.settings.wait)?;
        self.db.set_prepared_statement_cache_capacity(64);
        self.db.pragma_update(None, "cache_size", -CACHE_KIB)?;
        self.db.pragma_update(None, "temp_store", "MEMORY")?;
        let version = migrate::version(&self.db)?;
        if !write {
            if version != migrate::newest() {
                let message =
                    "was written by an older sakchy; open it once for writing (`case new FILE`) to bring it up to date";
                return Err(CaseError::input(message));
            }
            return Ok(());
        }
        self.db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        self.db.pragma_update(None, "synchronous", "FULL")?;
        if let Some(most) = self.settings.most_bytes {
            let page: i64 = self.db.pragma_query_value(None, "page_size", |r| r.get(0))?;
            let pages = i64::try_from(most).unwrap_or(i64::MAX) / page.max(1);
            self.db.pragma_update_and_check(None, "max_page_count", pages.max(1), |_| Ok(()))?;
        }
        if version < migrate::newest() {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let settings = self.settings.clone();
            migrate::run(&mut self.db, |tx| {
                log::append(tx, &settings, "case-made", &serde_json::json!({ "name": name })).map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Where the casebook is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Folder of the kept source files: `NAME.files` beside the casebook.
    pub fn files(&self) -> PathBuf {
        beside(&self.path, ".files")
    }

    /// Adds an entry to the custody log, such as what a crawler did.
    ///
    /// # Errors
    /// The casebook cannot be written.
    pub fn log(&mut self, event: &str, detail: &serde_json::Value) -> Result<(), CaseError> {
        let settings = self.settings.clone();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        log::append(&tx, &settings, event, detail)?;
        tx.commit()?;
        Ok(())
    }

    /// Begins a batch: all of it is kept when it is committed, nothing of it before.
    ///
    /// # Errors
    /// Another program is writing for longer than [`Settings::wait`].
    pub fn batch(&mut self) -> Result<Batch<'_>, CaseError> {
        let settings = self.settings.clone();
        Batch::begin(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?, settings)
    }

    /// The newest entry of the custody log: its hash is the head that reports print.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn head(&self) -> Result<log::Head, CaseError> {
        log::last(&self.db)
    }

    /// The time that the clock gives now, as text.
    pub fn now(&self) -> String {
        clock::stamp((self.settings.clock)())
    }
}

fn missing(path: &Path) -> CaseError {
    CaseError::new(Kind::Missing, "there is no such casebook; `sakchy scan --case FILE ...` makes one")
        .at(path.display())
}

/// A path with an ending added to its whole name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// A path for a URI.
fn escape(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
