//! Lists, single adverts and totals of a casebook on the terminal.

use crate::common::plain;
use sakchy_casebook::report::rows::{permit_line, state_name};
use sakchy_casebook::texts::Texts;
use sakchy_casebook::view::{Filter, Listed};
use sakchy_casebook::{BANDS, Case, CaseError, Kind, answer::Kept};
use std::path::Path;
use std::process::ExitCode;

/// Characters of an advert in a list.
const SHOWN: usize = 110;

fn band(n: i64) -> &'static str {
    BANDS[usize::try_from(n).unwrap_or(0).min(3)]
}

/// A page of the work list; how to go on stands on stderr.
pub fn list(case: &Case, rows: &[Listed], more: bool, lang: &str) -> Result<(), CaseError> {
    let texts = Texts::of(lang);
    for row in rows {
        let text: String = plain(&format!("{} {}", row.title, row.text)).trim().chars().take(SHOWN).collect();
        let place = [&row.outlet, &row.issue, &row.date, &row.page];
        let place: Vec<&str> = place.into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        let cluster = row.cluster.map(|c| format!(" · ~{c}")).unwrap_or_default();
        let state =
            if row.state > 0 { format!(" · {}", texts.name("state", state_name(row.state))) } else { String::new() };
        println!(
            "{:>7}  {:>3}  {:<8}  {}{state}{cluster}",
            row.advert,
            row.score,
            band(row.band),
            plain(&place.join(" · "))
        );
        println!("         {text}");
    }
    let all = case.totals("all")?.remove("").unwrap_or_default();
    eprintln!(
        "{}: {} · {}: {} · {}: {} · {}: {}",
        texts.get("head.all"),
        all.iter().sum::<u64>(),
        texts.get("band.danger"),
        all[3],
        texts.get("band.warning"),
        all[2],
        texts.get("band.notice"),
        all[1]
    );
    if let Some(last) = rows.last().filter(|_| more) {
        eprintln!("... --after {}:{}", last.score, last.advert);
    }
    Ok(())
}

/// One advert with everything known of it.
pub fn show(path: &Path, id: i64, lang: &str) -> Result<ExitCode, CaseError> {
    let case = Case::read(path)?;
    let texts = Texts::of(lang);
    let a = case.advert(id)?;
    let source = case.source(a.source)?;
    let line = |key: &str, value: &str| {
        if !value.is_empty() {
            println!("{}: {}", texts.name("head", key), plain(value));
        }
    };
    line("advert", &id.to_string());
    for (key, part) in
        [("outlet", &a.outlet), ("issue", &a.issue), ("date", &a.date), ("page", &a.page), ("url", &a.url)]
    {
        line(key, part.as_deref().unwrap_or(""));
    }
    line("source", &format!("{}:{}", source.name, a.place));
    line("file", &case.place_of(&source).display().to_string());
    line("sha256", &sakchy_casebook::digest::hex(&source.sha256));
    line("title", &a.title);
    println!();
    a.text.lines().for_each(|l| println!("    {}", plain(l)));
    for answer in case.assessments(id)?.iter().rev() {
        let kept = Kept::read(&answer.json)?;
        println!("\n{} · {} · {} {}", answer.at, answer.score, band(answer.band), plain(&kept.kind));
        println!("  {} · pack {} · model {}", answer.engine, short(&answer.pack), short(&answer.model));
        for f in &kept.findings {
            let words: Vec<String> = f.evidence.iter().map(|e| format!("«{}»", plain(&e.text))).collect();
            println!("  +{} {} {}", f.points, f.title, words.join(" "));
        }
    }
    match case.permits() {
        Ok(permits) => {
            let newest = case.assessments(id)?.pop().map(|a| a.json).unwrap_or_default();
            let facts = Kept::read(&newest)?.facts;
            let as_of = case.head()?.at;
            let check = permits.check(
                &facts.firms,
                facts.permit.as_deref(),
                &facts.destinations,
                as_of.get(..10).unwrap_or(""),
            );
            line("permit", &check.map(|c| permit_line(&c, texts)).unwrap_or_default());
        }
        Err(e) if e.kind == Kind::Missing => {}
        Err(e) => return Err(e),
    }
    for r in case.reviews(id)? {
        println!("{} · {} · {} · {}", r.at, texts.name("state", &r.state), plain(&r.who), plain(&r.note));
    }
    let linked = |filter: Filter| -> Result<Vec<String>, CaseError> {
        let (rows, more) = case.page(&filter, None, 30)?;
        let others = rows.iter().map(|r| r.advert).filter(|n| *n != id).map(|n| n.to_string());
        Ok(others.chain(more.then(|| "…".to_string())).collect())
    };
    if let Some(cluster) = case.cluster_of(id)? {
        println!(
            "{} {cluster}: {}",
            texts.get("head.cluster"),
            linked(Filter { cluster: Some(cluster), ..Filter::default() })?.join(" ")
        );
    }
    for contact in case.contacts_of(id)? {
        let others = linked(Filter { contact: Some(contact.clone()), ..Filter::default() })?;
        println!("{}: {}", plain(&contact), others.join(" "));
    }
    Ok(ExitCode::SUCCESS)
}

fn short(version: &str) -> String {
    if version.is_empty() { "-".into() } else { version.chars().take(19).collect() }
}

/// The kept totals.
pub fn totals(path: &Path) -> Result<ExitCode, CaseError> {
    let case = Case::read(path)?;
    println!("{:<12} {:>9} {:>9} {:>9} {:>9} {:>9}  value", "dimension", "all", "none", "notice", "warning", "danger");
    for dimension in ["all", "outlet", "issue", "month", "language", "kind", "offer", "category", "indicator", "state"]
    {
        for (value, n) in case.totals(dimension)? {
            let all: u64 = n.iter().sum();
            let value = plain(&value);
            println!("{dimension:<12} {all:>9} {:>9} {:>9} {:>9} {:>9}  {value}", n[0], n[1], n[2], n[3]);
        }
    }
    Ok(ExitCode::SUCCESS)
}
