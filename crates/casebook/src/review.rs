//! Reviews: what staff think of an advert and what they did. Every one is kept; the newest is the advert's state.

use crate::case::Case;
use crate::clock;
use crate::digest::{Fields, Hash, hex};
use crate::error::{CaseError, Kind};
use crate::log;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

/// What a reviewer may say, in the order of work; the names are those of commands, tables and message catalogues.
pub const STATES: [&str; 6] = ["open", "concern", "no-concern", "test-interview", "letter-sent", "reported"];

/// Number of a state, from 1.
pub(crate) fn number(state: &str) -> Option<i64> {
    STATES.iter().position(|s| *s == state).map(|n| n as i64 + 1)
}

/// A review to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// The advert.
    pub advert: i64,
    /// One of [`STATES`].
    pub state: String,
    /// Who says so.
    pub who: String,
    /// When, as the reviewer writes it; empty: now.
    pub at: String,
    /// A note; for `reported` to whom.
    pub note: String,
}

/// A review in the casebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: i64,
    /// The advert.
    pub advert: i64,
    /// One of [`STATES`].
    pub state: String,
    /// Who.
    pub who: String,
    /// When.
    pub at: String,
    /// A note.
    pub note: String,
    pub(crate) hash: Vec<u8>,
}

impl Review {
    pub(crate) const COLUMNS: &'static str = "id, advert, state, who, at, note, hash";

    pub(crate) fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Review> {
        Ok(Review {
            id: row.get(0)?,
            advert: row.get(1)?,
            state: row.get(2)?,
            who: row.get(3)?,
            at: row.get(4)?,
            note: row.get(5)?,
            hash: row.get(6)?,
        })
    }

    pub(crate) fn expected(&self) -> Hash {
        Fields::new("review")
            .number(self.id)
            .number(self.advert)
            .text(&self.state)
            .text(&self.who)
            .text(&self.at)
            .text(&self.note)
            .finish()
    }
}

impl Case {
    /// Adds reviews, all or none. One that says what the newest review of its advert already says adds nothing, so that a
    /// sheet can be taken in twice. Gives the number of those added.
    ///
    /// # Errors
    /// An unknown state or advert, a review without a name, or the casebook cannot be written.
    pub fn add_reviews(&mut self, reviews: &[NewReview]) -> Result<usize, CaseError> {
        let settings = self.settings.clone();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut written = Vec::new();
        let mut next: i64 = tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM reviews", [], |r| r.get(0))?;
        for new in reviews {
            let Some(state) = number(&new.state) else {
                return Err(CaseError::input(format!(
                    "advert {}: `{}` is no state; use one of {}",
                    new.advert,
                    new.state,
                    STATES.join(", ")
                )));
            };
            if new.who.trim().is_empty() {
                return Err(CaseError::input(format!("advert {}: the review says not who made it", new.advert)));
            }
            let mut query = tx.prepare_cached(&format!(
                "SELECT {} FROM reviews WHERE advert = ?1 ORDER BY id DESC LIMIT 1",
                Review::COLUMNS
            ))?;
            let before = query.query_row([new.advert], Review::of).optional()?;
            let at = if new.at.is_empty() { clock::stamp((settings.clock)()) } else { new.at.clone() };
            let same = |b: &Review| {
                b.state == new.state && b.who == new.who && b.note == new.note && (new.at.is_empty() || b.at == new.at)
            };
            if before.as_ref().is_some_and(same) {
                continue;
            }
            let known = tx.prepare_cached("SELECT 1 FROM adverts WHERE id = ?1")?.exists([new.advert])?;
            if !known {
                return Err(CaseError::new(
                    Kind::Missing,
                    format!("there is no advert {} in this casebook", new.advert),
                ));
            }
            let mut review = Review {
                id: next,
                advert: new.advert,
                state: new.state.clone(),
                who: new.who.clone(),
                at,
                note: new.note.clone(),
                hash: Vec::new(),
            };
            review.hash = review.expected().to_vec();
            tx.prepare_cached(
                "INSERT INTO reviews (id, advert, state, who, at, note, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                review.id,
                review.advert,
                review.state,
                review.who,
                review.at,
                review.note,
                review.hash
            ])?;
            tx.prepare_cached("UPDATE current SET state = ?2 WHERE advert = ?1")?.execute([new.advert, state])?;
            let mut count = tx.prepare_cached(
                "INSERT INTO tally (dimension, value, band, adverts) VALUES ('state', ?1, 0, ?2)
                 ON CONFLICT (dimension, value, band) DO UPDATE SET adverts = adverts + ?2",
            )?;
            if let Some(before) = before {
                count.execute(params![before.state, -1])?;
            }
            count.execute(params![new.state, 1])?;
            written.push(review);
            next += 1;
        }
        if let (Some(first), Some(last)) = (written.first(), written.last()) {
            let digest = digest(written.iter().map(|r| r.hash.as_slice()));
            let detail = serde_json::json!({"reviews": {"from": first.id, "to": last.id, "digest": hex(&digest)}});
            log::append(&tx, &settings, "reviews", &detail)?;
        }
        tx.commit()?;
        Ok(written.len())
    }

    /// The reviews of an advert, oldest first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn reviews(&self, advert: i64) -> Result<Vec<Review>, CaseError> {
        let mut query = self
            .db
            .prepare_cached(&format!("SELECT {} FROM reviews WHERE advert = ?1 ORDER BY id", Review::COLUMNS))?;
        let rows = query.query_map([advert], Review::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Digest of a run of rows by their hashes.
pub(crate) fn digest<'h>(hashes: impl Iterator<Item = &'h [u8]>) -> Hash {
    use sha2::Digest as _;
    let mut sum = sha2::Sha256::new();
    hashes.for_each(|h| sum.update(h));
    sum.finalize().into()
}
