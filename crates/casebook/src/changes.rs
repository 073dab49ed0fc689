//! What a new pack, model or list of permits changed.

use crate::answer::Kept;
use crate::case::Case;
use crate::error::CaseError;
use crate::view::Assessed;
use rusqlite::params;

/// An advert whose newest answer differs from the one before.
#[derive(Clone, Debug)]
pub struct Change {
    /// The advert.
    pub advert: i64,
    /// The answer before.
    pub before: Assessed,
    /// The newest answer.
    pub after: Assessed,
    /// Indicators that are new.
    pub new: Vec<String>,
    /// Indicators that are gone.
    pub gone: Vec<String>,
}

impl Case {
    /// Adverts whose newest answer differs in score or findings from the one before, from an advert's number on.
    ///
    /// # Errors
    /// The casebook cannot be read, or an answer was altered.
    pub fn changes(&self, from: i64, most: usize) -> Result<Vec<Change>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT advert FROM assessments WHERE advert >= ?1 GROUP BY advert HAVING count(*) > 1 ORDER BY advert",
        )?;
        let mut rows = query.query(params![from])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()?.filter(|_| changes.len() < most) {
            let advert = row.get(0)?;
            let mut answers = self.assessments(advert)?;
            let (Some(after), Some(before)) = (answers.pop(), answers.pop()) else { continue };
            let names = |a: &Assessed| -> Result<Vec<String>, CaseError> {
                Ok(Kept::read(&a.json)?.findings.into_iter().map(|f| f.indicator).collect())
            };
            let (old, now) = (names(&before)?, names(&after)?);
            let without = |a: &[String], b: &[String]| a.iter().filter(|n| !b.contains(n)).cloned().collect::<Vec<_>>();
            let (new, gone) = (without(&now, &old), without(&old, &now));
            if before.score != after.score || !new.is_empty() || !gone.is_empty() {
                changes.push(Change { advert, before, after, new, gone });
            }
        }
        Ok(changes)
    }
}
