//! Versions of the file: each migration runs once, in order, in one transaction.

use crate::error::{CaseError, Kind};
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// Marks the file as a casebook ("skch").
pub(crate) const APPLICATION: i32 = 0x736b_6368;

const STEPS: &[&str] = &[
    include_str!("schema/001_evidence.sql"),
    include_str!("schema/002_links.sql"),
    include_str!("schema/003_permits.sql"),
];

/// The version that this program writes.
pub fn newest() -> usize {
    STEPS.len()
}

/// What the file is: its version, 0 for an empty one.
///
/// # Errors
/// Not a casebook, or one of a newer version.
pub(crate) fn version(db: &Connection) -> Result<usize, CaseError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if application != i64::from(APPLICATION) && tables > 0 {
        return Err(CaseError::new(Kind::NotACase, "is a database of another program, no casebook"));
    }
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > STEPS.len() {
        return Err(CaseError::new(
            Kind::Newer,
            format!(
                "was written by a newer sakchy (its version is {version}, this program knows {}); take the newer program",
                STEPS.len()
            ),
        ));
    }
    Ok(version)
}

/// Brings the file to the newest version. A new file gets its first entries by `begin` in the same transaction: killed at
/// any moment, it is either nothing or a casebook with a log.
///
/// # Errors
/// As [`version`], and when it cannot be written.
pub(crate) fn run(
    db: &mut Connection,
    begin: impl FnOnce(&Transaction<'_>) -> Result<(), CaseError>,
) -> Result<(), CaseError> {
    if version(db)? == STEPS.len() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // another program may have been faster
    let before = version(&tx)?;
    for (n, step) in STEPS.iter().enumerate().skip(before) {
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i64::try_from(n + 1).unwrap_or(i64::MAX))?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    if before == 0 {
        begin(&tx)?;
    }
    tx.commit()?;
    Ok(())
}
