//! The part of `case verify` that compares what follows from the evidence with the evidence: the work list, telephones and
//! handles, totals, clusters.

use crate::answer::Kept;
use crate::case::Case;
use crate::clock;
use crate::digest::Fields;
use crate::error::CaseError;
use crate::review;
use crate::sketch::Sketch;
use crate::verify::{Logged, Verified};
use std::collections::{BTreeMap, HashMap, HashSet};

type Tally = BTreeMap<(String, String, i64), i64>;

pub(crate) fn run(case: &Case, found: &mut Verified, logged: &Logged) -> Result<(), CaseError> {
    let mut tally = Tally::new();
    let newest = work_list(case, found)?;
    answers(case, found, &newest, &mut tally)?;
    states(case, found, &mut tally)?;
    sketches(case, found)?;
    totals(case, found, &tally)?;
    for (name, digest) in &logged.digests {
        let now = case.digest_of(name)?;
        if now.as_ref().is_some_and(|now| now != digest) {
            found
                .problem(format!("{name}: differ from the log; `case links --anew` makes them from the adverts again"));
        }
    }
    Ok(())
}

/// What the totals count of an advert beside its answer.
struct Place {
    advert: i64,
    outlet: i64,
    issue: String,
    month: String,
    score: i64,
    band: i64,
    language: String,
}

/// Newest answers by their numbers; each row of the work list must follow from its advert.
fn work_list(case: &Case, found: &mut Verified) -> Result<HashMap<i64, Place>, CaseError> {
    let names = case.outlet_names()?;
    let mut newest = HashMap::new();
    let mut query = case.db.prepare(
        "SELECT c.advert, c.assessment, c.score, c.band, c.outlet, c.month, c.language, a.outlet, a.issue, a.date
         FROM current c LEFT JOIN adverts a ON a.id = c.advert",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let place = Place {
            advert: row.get(0)?,
            score: row.get(2)?,
            band: row.get(3)?,
            outlet: row.get(4)?,
            month: row.get(5)?,
            language: row.get(6)?,
            issue: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
        };
        let outlet: Option<String> = row.get(7)?;
        let date: Option<String> = row.get(9)?;
        let month = date.as_deref().and_then(clock::day).map_or_else(String::new, |day| day[..7].to_string());
        if names.get(&place.outlet).map_or("", String::as_str) != outlet.as_deref().unwrap_or("")
            || place.month != month
        {
            found.problem(format!("work list: outlet or month of advert {} was altered", place.advert));
        }
        newest.insert(row.get(1)?, place);
    }
    let ahead: i64 = case.db.query_row(
        "SELECT count(*) FROM current c JOIN assessments s ON s.advert = c.advert AND s.id > c.assessment",
        [],
        |r| r.get(0),
    )?;
    let left_out: i64 = case.db.query_row(
        "SELECT count(*) FROM assessments WHERE advert NOT IN (SELECT advert FROM current)",
        [],
        |r| r.get(0),
    )?;
    if ahead + left_out > 0 {
        found.problem(format!(
            "work list: {} adverts are missing or show an answer that is not the newest",
            ahead + left_out
        ));
    }
    Ok(newest)
}

/// Newest answers against the work list, all answers against telephones and handles.
fn answers(
    case: &Case,
    found: &mut Verified,
    newest: &HashMap<i64, Place>,
    tally: &mut Tally,
) -> Result<(), CaseError> {
    let mut mentions: HashSet<u64> = HashSet::new();
    let mut query = case.db.prepare("SELECT id, advert, score, band, answer FROM assessments ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut met = 0;
    while let Some(row) = rows.next()? {
        let (id, advert, score, band): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let Ok(answer) = row.get_ref(4)?.as_str().map_err(|_| ()).and_then(|json| Kept::read(json).map_err(|_| ()))
        else {
            found.problem(format!("assessment {id}: its answer cannot be read"));
            continue;
        };
        let counted = answer.counted(band);
        let known = [("telephone", &counted.telephones), ("handle", &counted.handles)];
        for (kind, value) in known.iter().flat_map(|(kind, values)| values.iter().map(move |v| (*kind, v))) {
            mentions.insert(mention(kind, value, advert));
        }
        let Some(place) = newest.get(&id) else { continue };
        met += 1;
        if (place.advert, place.score, place.band) != (advert, score, band) || place.language != counted.language {
            found.problem(format!("work list: advert {} does not show its newest answer", place.advert));
        }
        let mut add = |dimension: &str, value: String| {
            *tally.entry((dimension.to_string(), value, band)).or_default() += 1;
        };
        add("all", String::new());
        add("outlet", place.outlet.to_string());
        add("issue", format!("{}|{}", place.outlet, place.issue));
        add("month", place.month.clone());
        add("language", counted.language.clone());
        add("kind", counted.kind.clone());
        add("offer", if counted.offer { "yes" } else { "no" }.to_string());
        add("category", counted.category.to_string());
        for indicator in counted.indicators {
            add("indicator", indicator);
        }
    }
    if met != newest.len() {
        found.problem(format!("work list: {} adverts show an answer that is not there", newest.len() - met));
    }
    drop(rows);
    let mut query =
        case.db.prepare("SELECT t.kind, t.value, n.advert FROM mentions n LEFT JOIN contacts t ON t.id = n.contact")?;
    let mut rows = query.query([])?;
    let (mut same, mut strange) = (0, 0);
    while let Some(row) = rows.next()? {
        let kind: Option<String> = row.get(0)?;
        let value: Option<String> = row.get(1)?;
        let key = mention(&kind.unwrap_or_default(), &value.unwrap_or_default(), row.get(2)?);
        if mentions.contains(&key) { same += 1 } else { strange += 1 }
    }
    if strange > 0 || same != mentions.len() {
        let missing = mentions.len().saturating_sub(same);
        found.problem(format!("telephones and handles: {strange} links too many, {missing} missing"));
    }
    let wrong: i64 = case.db.query_row(
        "SELECT count(*) FROM contacts t WHERE t.adverts <> (SELECT count(*) FROM mentions n WHERE n.contact = t.id)",
        [],
        |r| r.get(0),
    )?;
    if wrong > 0 {
        found.problem(format!("telephones and handles: {wrong} count their adverts wrongly"));
    }
    Ok(())
}

fn mention(kind: &str, value: &str, advert: i64) -> u64 {
    let hash = Fields::new("mention").text(kind).text(value).number(advert).finish();
    u64::from_le_bytes(hash[..8].try_into().unwrap_or([0; 8]))
}

/// The state of each advert is that of its newest review.
fn states(case: &Case, found: &mut Verified, tally: &mut Tally) -> Result<(), CaseError> {
    let mut query = case.db.prepare(
        "SELECT r.advert, r.state, coalesce(c.state, -1) FROM reviews r LEFT JOIN current c ON c.advert = r.advert
         WHERE r.id = (SELECT max(id) FROM reviews WHERE advert = r.advert)",
    )?;
    let mut rows = query.query([])?;
    let mut reviewed = 0;
    while let Some(row) = rows.next()? {
        let (advert, state, shown): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        reviewed += 1;
        if shown >= 0 && review::number(&state).unwrap_or(0) != shown {
            found.problem(format!("work list: the state of advert {advert} is not that of its newest review"));
        }
        *tally.entry(("state".into(), state, 0)).or_default() += 1;
    }
    let shown: i64 = case.db.query_row("SELECT count(*) FROM current WHERE state > 0", [], |r| r.get(0))?;
    if shown > reviewed {
        found.problem(format!("work list: {} adverts show a review that is not there", shown - reviewed));
    }
    Ok(())
}

fn totals(case: &Case, found: &mut Verified, counted: &Tally) -> Result<(), CaseError> {
    let mut query = case.db.prepare("SELECT dimension, value, band, adverts FROM tally WHERE adverts <> 0")?;
    let rows = query.query_map([], |r| Ok(((r.get(0)?, r.get(1)?, r.get(2)?), r.get(3)?)))?;
    let kept: Tally = rows.collect::<Result<_, _>>()?;
    for (key, n) in counted.iter().filter(|(key, n)| kept.get(*key) != Some(n)) {
        found.problem(format!("totals: {} `{}` should be {n}", key.0, key.1));
    }
    for key in kept.keys().filter(|key| !counted.contains_key(*key)) {
        found.problem(format!("totals: {} `{}` is counted without adverts", key.0, key.1));
    }
    Ok(())
}

/// Each sketch is that of its advert.
fn sketches(case: &Case, found: &mut Verified) -> Result<(), CaseError> {
    let mut query = case
        .db
        .prepare("SELECT s.advert, s.bins, a.title, a.text FROM sketches s LEFT JOIN adverts a ON a.id = s.advert")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let text = |n: usize| row.get_ref(n).ok().and_then(|v| v.as_str().ok()).unwrap_or("");
        let expected = Sketch::of(text(2), text(3)).map(|s| s.to_bytes()).unwrap_or_default();
        if row.get_ref(1)?.as_blob().ok() != Some(&expected[..]) {
            let advert: i64 = row.get(0)?;
            found.problem(format!("links: the sketch of advert {advert} is not that of its text"));
        }
    }
    Ok(())
}
