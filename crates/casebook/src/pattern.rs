//! `cross-ad-pattern`: one telephone, handle or template over many trades, places or names. Found over many adverts only.

use crate::answer::Kept;
use crate::case::Case;
use crate::digest::hex;
use crate::error::CaseError;
use rusqlite::{Connection, Row, params};
use sakchy::text::fold_word;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Most adverts of one telephone or template that are read for its pattern.
const READ: i64 = 500;
/// Letters of a place's name that are compared: endings change, beginnings stay.
const PLACE: usize = 5;

/// The finding's texts and limits, as `rules/batch/cross-ad-pattern.toml` gives them.
#[derive(Debug, Deserialize)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// Which harm it speaks of.
    pub category: String,
    /// How grave it is.
    pub strength: String,
    /// Where it is described.
    pub sources: Vec<String>,
    limits: BTreeMap<String, BTreeMap<String, usize>>,
    text: BTreeMap<String, Text>,
}

/// Texts in one language.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// A headline.
    pub title: String,
    /// Why it is a red flag.
    pub explanation: String,
    /// What to ask.
    pub ask: String,
}

#[derive(Deserialize)]
struct Trades {
    trade: BTreeMap<String, Vec<String>>,
}

static RULE: LazyLock<Rule> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../rules/batch/cross-ad-pattern.toml")).expect("the file is tested")
});
static TRADES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let file: Trades = toml::from_str(include_str!("../../../rules/batch/trades.toml")).expect("the file is tested");
    let stems = |(trade, stems): (String, Vec<String>)| stems.into_iter().map(move |s| (trade.clone(), stem(&s)));
    file.trade.into_iter().flat_map(stems).collect()
});

/// The rule that comes with this version.
pub fn rule() -> &'static Rule {
    &RULE
}

impl Rule {
    /// Its texts in a language, else in Russian.
    ///
    /// # Panics
    /// Never: the tests look for all four languages.
    pub fn text(&self, lang: &str) -> &Text {
        self.text.get(lang).or_else(|| self.text.get("ru")).expect("the rule has its texts")
    }
}

/// A finding over many adverts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// `telephone`, `handle` or `template`.
    pub kind: String,
    /// The telephone or handle; for a template the number of its cluster.
    pub subject: String,
    /// Number of the contact or cluster.
    pub number: i64,
    /// Adverts that have it.
    pub adverts: i64,
    /// Trades, by the names of `rules/batch/trades.toml`.
    pub trades: Vec<String>,
    /// Places as written.
    pub places: Vec<String>,
    /// Firms as written.
    pub names: Vec<String>,
}

/// What differs among some adverts.
#[derive(Default)]
struct Spread {
    adverts: usize,
    trades: BTreeSet<String>,
    places: BTreeMap<Vec<u8>, String>,
    names: BTreeMap<Vec<u8>, String>,
    contacts: BTreeSet<String>,
}

impl Spread {
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let text = |n: usize| row.get_ref(n).ok().and_then(|v| v.as_str().ok()).unwrap_or("");
        self.adverts += 1;
        self.trades.extend(trades(text(0)));
        self.trades.extend(trades(text(1)));
        for place in text(2).split('|').filter(|p| !p.is_empty()) {
            let mut key = fold_word(place);
            key.truncate(PLACE);
            self.places.entry(key).or_insert_with(|| place.to_string());
        }
        // an answer that cannot be read is a matter for `case verify`
        let facts = Kept::read(text(3)).unwrap_or_default().facts;
        for firm in facts.firms {
            let key = crate::firm::key(&firm).into_bytes();
            self.names.entry(key).or_insert(firm);
        }
        self.contacts.extend(facts.telephones);
        Ok(())
    }

    fn over(&self, limits: &BTreeMap<String, usize>) -> bool {
        let at_least = |name: &str, n: usize| limits.get(name).is_some_and(|limit| n >= *limit);
        at_least("adverts", self.adverts)
            && (at_least("trades", self.trades.len())
                || at_least("places", self.places.len())
                || at_least("names", self.names.len())
                || at_least("contacts", self.contacts.len()))
    }
}

/// The beginning of a word, folded as texts are.
fn stem(text: &str) -> Vec<u8> {
    text.split(' ').map(fold_word).collect::<Vec<_>>().join(&b' ')
}

fn trades(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).filter(|w| !w.is_empty());
    let folded: Vec<u8> = words.map(fold_word).collect::<Vec<_>>().join(&b' ');
    let starts = |stem: &[u8]| {
        folded.starts_with(stem) || folded.windows(stem.len() + 1).any(|w| w[0] == b' ' && w[1..] == *stem)
    };
    TRADES.iter().filter(|(_, stem)| starts(stem)).map(|(trade, _)| trade.clone()).collect()
}

const READ_OF: &str = "SELECT a.title, a.text, s.places, s.answer FROM adverts a JOIN current c ON c.advert = a.id
    JOIN assessments s ON s.id = c.assessment WHERE a.id IN";

/// Looks again at the telephones, handles and clusters that new adverts touch.
pub(crate) fn refresh(db: &Connection, (from, to): (i64, i64), clusters: &BTreeSet<i64>) -> Result<(), CaseError> {
    let least = |kind: &str| RULE.limits.get(kind).and_then(|l| l.get("adverts")).copied().unwrap_or(3) as i64;
    let mut query = db.prepare_cached(
        "SELECT DISTINCT t.id, t.kind FROM mentions n INDEXED BY mentions_advert JOIN contacts t ON t.id = n.contact
         WHERE n.advert BETWEEN ?1 AND ?2 AND t.adverts >= ?3 ORDER BY t.id",
    )?;
    let contacts =
        query.query_map(params![from, to, least("contact")], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))?;
    let contacts: Vec<(i64, String)> = contacts.collect::<Result<_, _>>()?;
    for (contact, kind) in contacts {
        let sql = format!("{READ_OF} (SELECT advert FROM mentions WHERE contact = ?1 ORDER BY advert LIMIT ?2)");
        let of = "SELECT adverts FROM contacts WHERE id = ?1";
        one(db, &sql, of, &kind, contact, &RULE.limits["contact"])?;
    }
    for cluster in clusters {
        let of = "SELECT adverts FROM clusters WHERE id = ?1";
        let adverts: i64 = db.prepare_cached(of)?.query_row([cluster], |r| r.get(0))?;
        if adverts >= least("template") {
            let sql = format!("{READ_OF} (SELECT advert FROM members WHERE cluster = ?1 ORDER BY advert LIMIT ?2)");
            one(db, &sql, of, "template", *cluster, &RULE.limits["template"])?;
        }
    }
    Ok(())
}

fn one(
    db: &Connection,
    sql: &str,
    of: &str,
    kind: &str,
    subject: i64,
    limits: &BTreeMap<String, usize>,
) -> Result<(), CaseError> {
    let mut spread = Spread::default();
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params![subject, READ])?;
    while let Some(row) = rows.next()? {
        spread.add(row)?;
    }
    if !spread.over(limits) {
        db.prepare_cached("DELETE FROM patterns WHERE kind = ?1 AND subject = ?2")?.execute(params![kind, subject])?;
        return Ok(());
    }
    let adverts: i64 = db.prepare_cached(of)?.query_row([subject], |r| r.get(0))?;
    let json = |values: Vec<&String>| serde_json::to_string(&values).unwrap_or_default();
    db.prepare_cached(
        "INSERT OR REPLACE INTO patterns (kind, subject, adverts, trades, places, names) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        kind,
        subject,
        adverts,
        json(spread.trades.iter().collect()),
        json(spread.places.values().collect()),
        json(spread.names.values().collect()),
    ])?;
    Ok(())
}

/// Digest of the whole table.
pub(crate) fn digest(db: &Connection) -> Result<String, CaseError> {
    let mut query =
        db.prepare_cached("SELECT kind, subject, adverts, trades, places, names FROM patterns ORDER BY kind, subject")?;
    let mut rows = query.query([])?;
    let mut fields = crate::digest::Fields::new("patterns");
    while let Some(row) = rows.next()? {
        let text = |n: usize| row.get_ref(n).ok().and_then(|v| v.as_str().ok()).unwrap_or("");
        fields = fields.text(text(0)).number(row.get(1)?).number(row.get(2)?).text(text(3)).text(text(4)).text(text(5));
    }
    Ok(hex(&fields.finish()))
}

impl Case {
    /// The patterns, those with most adverts first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn patterns(&self, most: usize) -> Result<Vec<Pattern>, CaseError> {
        let mut query = self.db.prepare_cached(
            "SELECT p.kind, coalesce(t.value, ''), p.subject, p.adverts, p.trades, p.places, p.names FROM patterns p
             LEFT JOIN contacts t ON t.id = p.subject AND t.kind = p.kind ORDER BY p.adverts DESC, p.kind, p.subject LIMIT ?1",
        )?;
        let list = |text: String| serde_json::from_str::<Vec<String>>(&text).unwrap_or_default();
        let rows = query.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |r| {
            let (kind, value, number): (String, String, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
            let subject = if kind == "template" { number.to_string() } else { value };
            let (trades, places, names) = (list(r.get(4)?), list(r.get(5)?), list(r.get(6)?));
            Ok(Pattern { kind, subject, number, adverts: r.get(3)?, trades, places, names })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Numbers of the adverts behind a pattern, oldest first.
    ///
    /// # Errors
    /// The casebook cannot be read.
    pub fn pattern_adverts(&self, pattern: &Pattern, most: usize) -> Result<Vec<i64>, CaseError> {
        let sql = if pattern.kind == "template" {
            "SELECT advert FROM members WHERE cluster = ?1 ORDER BY advert LIMIT ?2"
        } else {
            "SELECT advert FROM mentions WHERE contact = ?1 ORDER BY advert LIMIT ?2"
        };
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map(params![pattern.number, i64::try_from(most).unwrap_or(i64::MAX)], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_has_its_texts_and_limits() {
        for lang in ["ru", "ky", "uz", "en"] {
            assert!(RULE.text.contains_key(lang), "{lang}");
        }
        assert!(RULE.limits.contains_key("contact") && RULE.limits.contains_key("template"));
    }

    #[test]
    fn trades_are_told_from_beginnings() {
        let told = |text: &str| trades(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(told("Нужны ПОВАРА и официанты"), "cook waiter");
        assert_eq!(told("Oshpaz va cho'pon kerak"), "cook shepherd");
        assert_eq!(told("Неповар"), "");
    }
}
