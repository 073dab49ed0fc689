//! Lists of permits: read from a table, kept in the casebook, looked up by firm name or number.

use crate::case::Case;
use crate::clock;
use crate::digest::{Fields, hex};
use crate::error::{CaseError, Kind};
use crate::source::{Bytes, NewSource};
use crate::{firm, log};
use rusqlite::{Connection, TransactionBehavior, params};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    /// Row of the list, from 1.
    pub line: usize,
    /// Firm as written.
    pub name: String,
    /// Number as written.
    pub number: String,
    /// Last day, YYYY-MM-DD; empty: unknown.
    pub expires: String,
    /// valid, suspended, revoked, expired; anything else as written, and taken for "not in force".
    pub status: String,
    /// Countries that it is for, ISO 3166-1 alpha-2; none: not said.
    pub countries: Vec<String>,
}

/// What a list says of a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// In force on the day asked for. No guarantee, and never points less.
    Valid,
    /// In force, but for other countries than the advert names.
    OtherCountry,
    /// Its last day is past.
    Expired,
    /// Suspended, revoked, or of a status that we do not know.
    Suspended,
    /// Not in the list.
    NotFound,
}

impl State {
    /// Its name in tables and message catalogues.
    pub fn name(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::OtherCountry => "other-country",
            State::Expired => "expired",
            State::Suspended => "suspended",
            State::NotFound => "not-found",
        }
    }
}

/// The answer for one advert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The firm or number that was looked up.
    pub asked: String,
    /// What the list says.
    pub state: State,
    /// The row that says so.
    pub row: Option<Permit>,
    /// A name of the list that is nearly the same: perhaps a slip, perhaps an imitation. It makes nothing valid.
    pub similar: Option<String>,
    /// Rows of the list contradict each other about this permit; the worst one counts.
    pub contradictory: bool,
}

/// A list made ready.
#[derive(Clone, Debug, Default)]
pub struct Permits {
    rows: Vec<Permit>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_number: BTreeMap<String, Vec<usize>>,
    version: String,
}

#[derive(Deserialize)]
struct Columns {
    column: BTreeMap<String, Vec<String>>,
    status: BTreeMap<String, Vec<String>>,
}

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../rules/batch/registry-columns.toml")).expect("the file is tested")
});

/// Which column of a table holds what, where its headings are not known: `name=Фирма`.
pub type Mapping = BTreeMap<String, String>;

impl Permits {
    /// Reads a table with a header. `mapping` names columns by hand; `countries` turns what a cell says into codes.
    /// Gives also what is worth knowing: rows that stand twice or contradict each other.
    ///
    /// # Errors
    /// Neither a column of names nor of numbers, a date that is none, no rows: each with the row and how to mend it.
    pub fn read(
        table: &[Vec<String>],
        mapping: &Mapping,
        countries: &dyn Fn(&str) -> Vec<String>,
    ) -> Result<(Permits, Vec<String>), CaseError> {
        let head = table.first().ok_or_else(|| CaseError::input("is empty"))?;
        let names: Vec<String> = head.iter().map(|h| h.trim().to_lowercase()).collect();
        if let Some(unknown) = mapping.keys().find(|c| !COLUMNS.column.contains_key(*c)) {
            let known: Vec<&str> = COLUMNS.column.keys().map(String::as_str).collect();
            return Err(CaseError::input(format!("`{unknown}` is no column of ours; use {}", known.join(", "))));
        }
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for (column, headings) in &COLUMNS.column {
            let own = mapping.get(column).map(|h| h.trim().to_lowercase());
            let place = match &own {
                Some(heading) => Some(names.iter().position(|n| n == heading).ok_or_else(|| {
                    CaseError::input(format!("has no column `{heading}`; its columns are: {}", head.join(", ")))
                })?),
                None => headings.iter().find_map(|h| names.iter().position(|n| n == h)),
            };
            if let Some(place) = place {
                at.insert(column, place);
            }
        }
        if !at.contains_key("name") && !at.contains_key("number") {
            return Err(CaseError::input(format!(
                "has neither a column of firm names nor of permit numbers; its columns are: {}; name them: --column name=...",
                head.join(", ")
            )));
        }
        let mut rows = Vec::new();
        for (n, cells) in table.iter().enumerate().skip(1) {
            let cell = |c: &str| at.get(c).and_then(|p| cells.get(*p)).map_or("", |c| c.trim()).to_string();
            let (name, number) = (cell("name"), cell("number"));
            if name.is_empty() && number.is_empty() {
                continue;
            }
            let expires = match cell("expires") {
                text if text.is_empty() => text,
                text => clock::day(&text).ok_or_else(|| {
                    CaseError::input(format!(
                        "row {}: `{text}` is no date; write it as 2026-11-21 or 21.11.2026",
                        n + 1
                    ))
                })?,
            };
            let countries = countries(&cell("countries"));
            rows.push(Permit { line: n + 1, name, number, expires, status: status(&cell("status")), countries });
        }
        if rows.is_empty() {
            return Err(CaseError::input("holds no permits below its header"));
        }
        Ok(Permits::of(rows))
    }

    /// Makes rows ready: the same row twice counts once; rows that contradict each other stay, and are told.
    fn of(rows: Vec<Permit>) -> (Permits, Vec<String>) {
        let mut notes = Vec::new();
        let mut permits = Permits::default();
        let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut fields = Fields::new("permits");
        for row in rows {
            let same = vec![
                row.name.clone(),
                row.number.clone(),
                row.expires.clone(),
                row.status.clone(),
                row.countries.join(" "),
            ];
            same.iter().for_each(|cell| fields = std::mem::replace(&mut fields, Fields::new("")).text(cell));
            if let Some(first) = seen.get(&same) {
                notes.push(format!("row {}: the same as row {first}; it counts once", row.line));
                continue;
            }
            seen.insert(same, row.line);
            let n = permits.rows.len();
            let (name, number) = (firm::key(&row.name), number_key(&row.number));
            if !number.is_empty() {
                let others = permits.by_number.entry(number).or_default();
                if let Some(other) = others.iter().map(|o| &permits.rows[*o]).find(|o| contradicts(o, &row)) {
                    notes.push(format!(
                        "rows {} and {}: permit {} stands with different names, dates or states; both are kept and the worse one counts",
                        other.line, row.line, row.number
                    ));
                }
                others.push(n);
            }
            if !name.is_empty() {
                permits.by_name.entry(name).or_default().push(n);
            }
            permits.rows.push(row);
        }
        permits.version = hex(&fields.finish());
        (permits, notes)
    }

    /// The rows.
    pub fn rows(&self) -> &[Permit] {
        &self.rows
    }

    /// Hash of the content.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Looks up what an advert states: its permit number, its firms, the countries it names; for the day `as_of`
    /// (YYYY-MM-DD, empty: expiry is not judged). Of several answers the worst counts, so that nothing stated beside can
    /// better it; `None` when the advert states neither firm nor number.
    pub fn check(&self, firms: &[String], number: Option<&str>, destinations: &[String], as_of: &str) -> Option<Check> {
        let by_number = number.filter(|n| !number_key(n).is_empty()).map(|n| {
            let found = self.by_number.get(&number_key(n)).map_or(&[][..], Vec::as_slice);
            self.answer(n, found, None, destinations, as_of)
        });
        let by_name = firms.iter().filter(|f| !firm::key(f).is_empty()).map(|name| {
            let key = firm::key(name);
            let found = self.by_name.get(&key).map_or(&[][..], Vec::as_slice);
            let similar = if found.is_empty() { self.similar(&key) } else { None };
            self.answer(name, found, similar, destinations, as_of)
        });
        by_number.into_iter().chain(by_name).reduce(|worst, next| if next.state > worst.state { next } else { worst })
    }

    /// The nearest name of the list that is not quite the same.
    fn similar(&self, key: &str) -> Option<String> {
        let near = self.by_name.iter().filter_map(|(k, rows)| firm::distance(key, k).map(|d| (d, rows[0])));
        near.min().map(|(_, n)| self.rows[n].name.clone())
    }

    fn answer(
        &self,
        asked: &str,
        found: &[usize],
        similar: Option<String>,
        destinations: &[String],
        as_of: &str,
    ) -> Check {
        // rows about one permit: the worst counts; a firm with one valid permit among older ones has a valid one
        let mut permits: BTreeMap<String, Vec<&Permit>> = BTreeMap::new();
        for n in found {
            permits.entry(number_key(&self.rows[*n].number)).or_default().push(&self.rows[*n]);
        }
        let judged = permits.values().filter_map(|rows| {
            let worst = rows.iter().max_by_key(|r| r.state(destinations, as_of))?;
            let contradictory = rows.iter().any(|a| rows.iter().any(|b| contradicts(a, b)));
            Some((worst.state(destinations, as_of), *worst, contradictory))
        });
        let best = judged.min_by_key(|(state, row, _)| (*state, row.line));
        match best {
            None => Check { asked: asked.into(), state: State::NotFound, row: None, similar, contradictory: false },
            Some((state, row, contradictory)) => {
                Check { asked: asked.into(), state, row: Some(row.clone()), similar: None, contradictory }
            }
        }
    }
}

impl Permit {
    fn state(&self, destinations: &[String], as_of: &str) -> State {
        if self.status == "expired" || !self.expires.is_empty() && !as_of.is_empty() && self.expires.as_str() < as_of {
            State::Expired
        } else if self.status != "valid" {
            State::Suspended
        } else if !self.countries.is_empty() && destinations.iter().any(|d| !self.countries.contains(d)) {
            State::OtherCountry
        } else {
            State::Valid
        }
    }
}

/// Two rows about one number that cannot both be right.
fn contradicts(a: &Permit, b: &Permit) -> bool {
    let names = !a.name.is_empty() && !b.name.is_empty() && firm::key(&a.name) != firm::key(&b.name);
    a != b
        && number_key(&a.number) == number_key(&b.number)
        && (names || a.expires != b.expires || a.status != b.status)
}

fn number_key(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn status(text: &str) -> String {
    let small = text.trim().to_lowercase();
    if small.is_empty() {
        return "valid".into();
    }
    let known = COLUMNS.status.iter().find(|(_, words)| words.contains(&small));
    known.map_or(small, |(status, _)| status.clone())
}

pub(crate) fn digest_of_all(db: &Connection) -> Result<String, CaseError> {
    let mut fields = Fields::new("permits");
    let mut query =
        db.prepare_cached("SELECT id, list, line, name, number, expires, status, countries FROM permits ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..3 {
            fields = fields.number(row.get(column)?);
        }
        for column in 3..8 {
            fields = fields.text(&row.get::<_, String>(column)?);
        }
    }
    Ok(hex(&fields.finish()))
}

impl Case {
    /// Keeps a list with its bytes; from now on it is the one in force. The same bytes again add nothing. Gives whether
    /// it is new.
    ///
    /// # Errors
    /// The casebook cannot be written.
    pub fn add_permits(&mut self, name: &str, bytes: &[u8], permits: &Permits) -> Result<bool, CaseError> {
        let new = NewSource { name, kind: "registry", bytes: Bytes::Memory(bytes), keep: true };
        let source = self.add_source(&new)?;
        let settings = self.settings.clone();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if tx.prepare_cached("SELECT 1 FROM permits WHERE list = ?1")?.exists([source.id])? {
            return Ok(false);
        }
        let mut insert = tx.prepare_cached(
            "INSERT INTO permits (list, line, name, number, expires, status, countries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for p in &permits.rows {
            let line = i64::try_from(p.line).unwrap_or(i64::MAX);
            insert.execute(params![source.id, line, p.name, p.number, p.expires, p.status, p.countries.join(" ")])?;
        }
        drop(insert);
        let digests = serde_json::json!({"permits": digest_of_all(&tx)?});
        let detail = serde_json::json!({"source": source.id, "permits": permits.rows.len(), "digests": digests});
        log::append(&tx, &settings, "registry", &detail)?;
        tx.commit()?;
        Ok(true)
    }

    /// The list in force.
    ///
    /// # Errors
    /// There is none, or the casebook cannot be read.
    pub fn permits(&self) -> Result<Permits, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT line, name, number, expires, status, countries FROM permits
             WHERE list = (SELECT max(list) FROM permits) ORDER BY line",
        )?;
        let rows = query.query_map([], |r| {
            let (line, countries): (i64, String) = (r.get(0)?, r.get(5)?);
            Ok(Permit {
                line: usize::try_from(line).unwrap_or(0),
                name: r.get(1)?,
                number: r.get(2)?,
                expires: r.get(3)?,
                status: r.get(4)?,
                countries: countries.split(' ').filter(|c| !c.is_empty()).map(str::to_string).collect(),
            })
        })?;
        let rows: Vec<Permit> = rows.collect::<Result<_, _>>()?;
        if rows.is_empty() {
            let message = "holds no list of permits; `sakchy registry import FILE --case ...` adds one";
            return Err(CaseError::new(Kind::Missing, message));
        }
        Ok(Permits::of(rows).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Permits, Vec<String>) {
        let codes = |cell: &str| cell.split(' ').filter(|c| !c.is_empty()).map(str::to_string).collect();
        Permits::read(&crate::sheet::csv(text).unwrap(), &Mapping::new(), &codes).unwrap()
    }

    const LIST: &str = "Фирма;Номер разрешения;Действует до;Статус;Страны
ОсОО «Нур Групп»;12;31.12.2027;;PL
Жылдыз Травел;13;2020-01-01;действует;
Ак Жол;14;;приостановлено;
";

    #[test]
    fn every_state() {
        let list = read(LIST).0;
        let state = |name: &str, to: &str| {
            list.check(&[name.to_string()], None, &[to.to_string()], "2026-11-25").map(|c| c.state)
        };
        assert_eq!(state("NUR GROUP", "PL"), Some(State::Valid));
        assert_eq!(state("Нур групп", "SY"), Some(State::OtherCountry));
        assert_eq!(state("Zhyldyz Travel", "PL"), Some(State::Expired));
        assert_eq!(state("Ak Jol", "PL"), Some(State::Suspended));
        assert_eq!(state("Неизвестная", "PL"), Some(State::NotFound));
        assert_eq!(list.check(&[], None, &[], ""), None);
        let by_number = list.check(&["Нур Групп".into()], Some("№ 999"), &[], "2026-11-25").unwrap();
        assert_eq!(by_number.state, State::NotFound, "the worst answer counts");
    }

    #[test]
    fn a_name_one_letter_off_is_shown_and_not_found() {
        let check = read(LIST).0.check(&["Нур Груб".into()], None, &[], "").unwrap();
        assert_eq!((check.state, check.similar.as_deref()), (State::NotFound, Some("ОсОО «Нур Групп»")));
    }

    #[test]
    fn rows_twice_and_contradictions_are_told_and_nothing_is_lost() {
        let (list, notes) = read("name,number,expires\nА Б В,1,2027-01-01\nА Б В,1,2027-01-01\nА Б В,1,2020-01-01\n");
        assert_eq!(list.rows().len(), 2);
        assert!(notes[0].contains("row 3") && notes[1].contains("rows 2 and 4"), "{notes:?}");
        let check = list.check(&[], Some("1"), &[], "2026-01-01").unwrap();
        assert_eq!((check.state, check.contradictory), (State::Expired, true));
    }

    #[test]
    fn mistakes_are_named() {
        let none = |_: &str| Vec::new();
        let error = |text: &str, mapping: &Mapping| {
            Permits::read(&crate::sheet::csv(text).unwrap(), mapping, &none).unwrap_err().to_string()
        };
        assert!(error("x,y\n1,2\n", &Mapping::new()).contains("x, y"));
        assert!(error("name,expires\nА,когда-то\n", &Mapping::new()).contains("row 2"));
        assert!(error("name\n", &Mapping::new()).contains("no permits"));
        let own = Mapping::from([("name".to_string(), "Кто".to_string())]);
        assert!(error("x\n1\n", &own).contains("кто"));
        let list = Permits::read(&crate::sheet::csv("Кто\nНур\n").unwrap(), &own, &none).unwrap().0;
        assert_eq!(list.rows()[0].name, "Нур");
    }
}
