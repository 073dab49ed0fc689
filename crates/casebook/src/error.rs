//! One error with a kind, and messages that say how to mend it.

use std::fmt;

/// What kind of trouble it is, for exit codes and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another program is writing and did not finish in time.
    Locked,
    /// The file is no database any more, or its pages contradict each other.
    Damaged,
    /// A file that was never a casebook.
    NotACase,
    /// Written by a newer version of this program.
    Newer,
    /// The disk (or a quota) is full. Everything committed before is kept.
    Full,
    /// The file or its folder may not be written.
    ReadOnly,
    /// There is no such file, advert, cluster ...
    Missing,
    /// What the user gave cannot be used.
    Input,
    /// Anything else.
    Other,
}

/// What went wrong and how to mend it.
#[derive(Clone, Debug)]
pub struct CaseError {
    /// Which kind of trouble.
    pub kind: Kind,
    message: String,
}

impl CaseError {
    /// An error of a kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> CaseError {
        CaseError { kind, message: message.into() }
    }

    /// What the user gave cannot be used.
    pub fn input(message: impl Into<String>) -> CaseError {
        CaseError::new(Kind::Input, message)
    }

    /// The same error with the name of a file before it.
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> CaseError {
        CaseError { kind: self.kind, message: format!("{place}: {}", self.message) }
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CaseError {}

impl From<rusqlite::Error> for CaseError {
    fn from(e: rusqlite::Error) -> CaseError {
        use rusqlite::ErrorCode as Code;
        let code = match &e {
            rusqlite::Error::SqliteFailure(f, _) => Some(f.code),
            rusqlite::Error::QueryReturnedNoRows => return CaseError::new(Kind::Missing, "is not in this casebook"),
            _ => None,
        };
        let (kind, message) = match code {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
                (Kind::Locked, "another program is writing to the casebook; wait until it has finished and try again")
            }
            Some(Code::DatabaseCorrupt) => (
                Kind::Damaged,
                "the casebook is damaged; work on a copy, and take the last good backup (`case verify` tells which is whole)",
            ),
            Some(Code::NotADatabase) => (
                Kind::NotACase,
                "is no casebook, or its beginning was overwritten; name a file made by `sakchy scan --case`, or a backup",
            ),
            Some(Code::DiskFull) => (
                Kind::Full,
                "the disk is full; what was finished is kept: make room and run the same command again, it goes on there",
            ),
            Some(Code::ReadOnly) => (
                Kind::ReadOnly,
                "may not be written; copy the casebook (with its -wal file) to a place where you may write",
            ),
            Some(Code::CannotOpen) => (Kind::Missing, "cannot be opened; check the name and that the folder is there"),
            Some(Code::SystemIoFailure) => (
                Kind::Other,
                "the disk does not answer as it should (full, removed or failing); what was finished is kept",
            ),
            _ => return CaseError::new(Kind::Other, format!("the casebook answers: {e}")),
        };
        CaseError::new(kind, message)
    }
}

impl From<std::io::Error> for CaseError {
    fn from(e: std::io::Error) -> CaseError {
        use std::io::ErrorKind as Io;
        match e.kind() {
            Io::StorageFull | Io::QuotaExceeded => {
                CaseError::new(Kind::Full, "the disk is full; make room and run the same command again")
            }
            Io::PermissionDenied | Io::ReadOnlyFilesystem => CaseError::new(Kind::ReadOnly, "you may not write there"),
            Io::NotFound => CaseError::new(Kind::Missing, "there is no such file or folder"),
            _ => CaseError::new(Kind::Other, e.to_string()),
        }
    }
}
