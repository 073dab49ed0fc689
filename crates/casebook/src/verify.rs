//! `case verify`: finds any altered row, log entry or source file.

use crate::advert::{AdvertFields, answer_hash};
use crate::case::Case;
use crate::digest::{Hash, hex, of_reader};
use crate::error::CaseError;
use crate::log::{self, LogEntry};
use crate::review::Review;
use crate::source::SourceRow;
use crate::verify_derived;
use crate::view::AdvertRow;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Most problems of one kind that are listed one by one.
const LISTED: usize = 50;

/// What `verify` found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Every difference, in words. Empty: nothing was altered.
    pub problems: Vec<String>,
    /// What is no alteration but should be known: a clock that went back, sources that were only referenced.
    pub remarks: Vec<String>,
    /// Entries of the log.
    pub entries: u64,
    /// Adverts checked.
    pub adverts: u64,
    /// Answers checked.
    pub assessments: u64,
    /// Sources checked.
    pub sources: u64,
    /// Hash of the newest entry.
    pub head: String,
}

/// Rows from..=to of a table and the digest that the log gives for them.
pub(crate) struct Range {
    from: i64,
    to: i64,
    digest: String,
    entry: i64,
}

/// What the log says.
#[derive(Default)]
pub(crate) struct Logged {
    ranges: BTreeMap<&'static str, Vec<Range>>,
    /// Hash of each source's row.
    sources: BTreeMap<i64, String>,
    finished: std::collections::BTreeSet<i64>,
    /// Newest digests of derived tables, by name.
    pub(crate) digests: BTreeMap<String, String>,
}

impl Verified {
    pub(crate) fn problem(&mut self, problem: String) {
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        } else if self.problems.len() == LISTED {
            self.problems.push("... and more".into());
        }
    }
}

impl Case {
    /// Compares every row, log entry and kept file with its hashes. `head`: a hash that a report printed; a log that was
    /// rewritten as a whole does not hold it any more.
    ///
    /// # Errors
    /// The casebook cannot be read at all, or `head` is no hash.
    pub fn verify(&self, head: Option<&str>) -> Result<Verified, CaseError> {
        let head = head.map(|h| h.trim().to_lowercase());
        if let Some(head) = &head
            && (head.len() < 16 || head.len() > 64 || !head.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(CaseError::input("--head wants the hash that a report printed: 16 to 64 letters 0-9, a-f"));
        }
        let mut found = Verified::default();
        // one moment of the casebook, whatever a writer does meanwhile
        let tx = self.db.unchecked_transaction()?;
        let pages: String = self.db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
        if pages != "ok" {
            found.problem(format!("the pages of the file contradict each other: {pages}"));
        }
        let logged = self.verify_log(&mut found, head.as_deref())?;
        self.verify_sources(&mut found, &logged)?;
        self.verify_adverts(&mut found, &logged)?;
        self.verify_assessments(&mut found, &logged)?;
        self.verify_reviews(&mut found, &logged)?;
        verify_derived::run(self, &mut found, &logged)?;
        drop(tx);
        Ok(found)
    }

    fn verify_log(&self, found: &mut Verified, head: Option<&str>) -> Result<Logged, CaseError> {
        let mut logged = Logged::default();
        let (mut before, mut seq, mut seen) = ([0u8; 32].to_vec(), 0i64, false);
        let mut query = self.db.prepare(&format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let entry = LogEntry::of(row)?;
            seq += 1;
            if entry.seq != seq {
                found.problem(format!("log: entry {seq} is missing"));
                seq = entry.seq;
            }
            if entry.prev != before {
                found.problem(format!("log: entry {} does not follow the entry before it", entry.seq));
            }
            if entry.expected()[..] != entry.hash[..] {
                found.problem(format!("log: entry {} ({}) was altered", entry.seq, entry.event));
            }
            seen |= head.is_some_and(|h| hex(&entry.hash).starts_with(h));
            before.clone_from(&entry.hash);
            found.entries += 1;
            take(&mut logged, &entry, found);
        }
        found.head = hex(&before);
        if found.entries == 0 {
            found.problem("log: it is empty".into());
        }
        if let Some(head) = head
            && !seen
        {
            found.problem(format!(
                "log: no entry has the hash {head}: the log was rewritten or cut since that report, or the report is of another casebook"
            ));
        }
        Ok(logged)
    }

    fn verify_sources(&self, found: &mut Verified, logged: &Logged) -> Result<(), CaseError> {
        let mut query = self.db.prepare(&format!("SELECT {} FROM sources ORDER BY id", SourceRow::COLUMNS))?;
        let rows: Vec<SourceRow> = query.query_map([], SourceRow::of)?.collect::<Result<_, _>>()?;
        for row in &rows {
            found.sources += 1;
            let name = format!("source {} ({})", row.id, row.name);
            if row.expected()[..] != row.hash[..] {
                found.problem(format!("{name}: its row was altered"));
            }
            match logged.sources.get(&row.id) {
                None => found.problem(format!("{name}: the log knows nothing of it")),
                Some(hash) if *hash != hex(&row.hash) => found.problem(format!("{name}: its row differs from the log")),
                Some(_) => {}
            }
            let place = self.place_of(row);
            let read = std::fs::File::open(&place).and_then(|file| of_reader(file, |_| Ok(())));
            let told = match read {
                Ok((hash, _)) if hash[..] == row.sha256[..] => continue,
                Ok(_) => format!("{name}: the file {} was changed since it was read", place.display()),
                Err(e) => format!("{name}: the file {} is gone or cannot be read ({e})", place.display()),
            };
            // what was only referenced was never in our keeping: its adverts stand in the casebook all the same
            if row.kept == "copied" { found.problem(told) } else { found.remarks.push(told) }
        }
        for id in logged.sources.keys().filter(|id| !rows.iter().any(|r| r.id == **id)) {
            found.problem(format!("source {id}: the log knows it, but its row is gone"));
        }
        let mut query = self.db.prepare("SELECT source, finished FROM progress")?;
        let mut progress = query.query([])?;
        while let Some(row) = progress.next()? {
            let (source, finished): (i64, bool) = (row.get(0)?, row.get(1)?);
            if finished != logged.finished.contains(&source) {
                found.problem(format!("source {source}: whether it was read to its end differs from the log"));
            }
        }
        Ok(())
    }

    fn verify_adverts(&self, found: &mut Verified, logged: &Logged) -> Result<(), CaseError> {
        let mut check = Check::new("advert", logged.ranges.get("adverts"));
        let mut query = self.db.prepare(&format!("SELECT {} FROM adverts ORDER BY id", AdvertRow::COLUMNS))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let row = AdvertRow::of(row)?;
            let hash = AdvertFields {
                source: row.source,
                place: row.place,
                id: row.given.as_deref(),
                outlet: row.outlet.as_deref(),
                issue: row.issue.as_deref(),
                page: row.page.as_deref(),
                date: row.date.as_deref(),
                url: row.url.as_deref(),
                rubric: row.rubric.as_deref(),
                title: &row.title,
                text: &row.text,
                key: row.key,
            }
            .hash();
            found.adverts += 1;
            check.row(row.id, &hash, &row.hash, found);
        }
        check.end(found);
        Ok(())
    }

    fn verify_assessments(&self, found: &mut Verified, logged: &Logged) -> Result<(), CaseError> {
        let mut check = Check::new("assessment", logged.ranges.get("assessments"));
        let mut query = self.db.prepare(
            "SELECT s.id, s.advert, coalesce(v.engine, ''), coalesce(v.pack, ''), coalesce(v.model, ''),
             coalesce(v.registry, ''), s.at, s.score, s.band, s.answer, s.places, s.hash
             FROM assessments s LEFT JOIN versions v ON v.id = s.version ORDER BY s.id",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text = |n: usize| row.get_ref(n).ok().and_then(|v| v.as_str().ok()).unwrap_or("");
            let stored: Vec<u8> = row.get(11)?;
            let versions = [text(2), text(3), text(4), text(5)];
            let hash = answer_hash(row.get(1)?, versions, row.get(6)?, row.get(7)?, row.get(8)?, text(9), text(10));
            found.assessments += 1;
            check.row(row.get(0)?, &hash, &stored, found);
        }
        check.end(found);
        Ok(())
    }

    fn verify_reviews(&self, found: &mut Verified, logged: &Logged) -> Result<(), CaseError> {
        let mut check = Check::new("review", logged.ranges.get("reviews"));
        let mut query = self.db.prepare(&format!("SELECT {} FROM reviews ORDER BY id", Review::COLUMNS))?;
        let rows: Vec<Review> = query.query_map([], Review::of)?.collect::<Result<_, _>>()?;
        for row in rows {
            check.row(row.id, &row.expected(), &row.hash, found);
        }
        check.end(found);
        Ok(())
    }
}

/// Reads what an entry says of rows.
fn take(logged: &mut Logged, entry: &LogEntry, found: &mut Verified) {
    let Ok(detail) = serde_json::from_str::<serde_json::Value>(&entry.detail) else { return };
    let number = |v: &serde_json::Value| v.as_i64().unwrap_or(0);
    let text = |v: &serde_json::Value| v.as_str().unwrap_or("").to_string();
    if let Some(before) = detail["clock_went_back_from"].as_str() {
        found.remarks.push(format!("log: at entry {} the clock went back from {before} to {}", entry.seq, entry.at));
    }
    match entry.event.as_str() {
        "source" => {
            logged.sources.insert(number(&detail["source"]), text(&detail["row"]));
        }
        "batch" | "reviews" => {
            for kind in ["adverts", "assessments", "reviews"] {
                if let Some(range) = detail.get(kind) {
                    logged.ranges.entry(kind).or_default().push(Range {
                        from: number(&range["from"]),
                        to: number(&range["to"]),
                        digest: text(&range["digest"]),
                        entry: entry.seq,
                    });
                }
            }
            let finished = detail["finished"].as_array().into_iter().flatten();
            logged.finished.extend(finished.map(number));
        }
        _ => {
            let digests = detail["digests"].as_object().into_iter().flatten();
            logged.digests.extend(digests.map(|(name, digest)| (name.clone(), text(digest))));
        }
    }
}

/// Follows the rows of a table beside the ranges of the log.
struct Check<'l> {
    name: &'static str,
    ranges: std::iter::Peekable<std::slice::Iter<'l, Range>>,
    digest: Sha256,
    next: i64,
    altered: bool,
}

impl<'l> Check<'l> {
    fn new(name: &'static str, ranges: Option<&'l Vec<Range>>) -> Check<'l> {
        let ranges = ranges.map_or(&[][..], Vec::as_slice).iter().peekable();
        Check { name, ranges, digest: Sha256::new(), next: 1, altered: false }
    }

    fn row(&mut self, id: i64, hash: &Hash, stored: &[u8], found: &mut Verified) {
        let name = self.name;
        if id != self.next {
            let last = id - 1;
            found.problem(format!("{name} {} to {last}: gone", self.next));
            self.altered = true;
            // ranges that are gone as a whole were told by the line above
            while self.ranges.next_if(|r| r.to < id).is_some() {
                self.digest = Sha256::new();
            }
        }
        self.next = id + 1;
        if hash[..] != *stored {
            found.problem(format!("{name} {id}: was altered"));
            self.altered = true;
        }
        let Some(range) = self.ranges.peek().filter(|r| r.from <= id) else {
            found.problem(format!("{name} {id}: the log knows nothing of it"));
            return;
        };
        self.digest.update(hash);
        if id == range.to {
            let digest = hex(&std::mem::take(&mut self.digest).finalize());
            if digest != range.digest && !self.altered {
                let (from, to, entry) = (range.from, range.to, range.entry);
                found.problem(format!("{name} {from} to {to}: differ from the log (entry {entry})"));
            }
            self.altered = false;
            self.ranges.next();
        }
    }

    fn end(mut self, found: &mut Verified) {
        let rest: Option<(i64, i64)> =
            self.ranges.by_ref().map(|r| (r.from, r.to)).reduce(|all, range| (all.0, range.1));
        if let Some((from, to)) = rest {
            let from = from.max(self.next);
            found.problem(format!("{} {from} to {to}: gone", self.name));
        }
    }
}
