//! CSV and JSON Lines.

use super::Options;
use super::rows::{COLUMNS, ReportRow, state_name};
use crate::case::Case;
use crate::error::CaseError;
use crate::sheet::harmless;
use crate::view::Filter;
use crate::{BANDS, digest::hex};
use std::io::Write;

/// Writes the adverts as CSV; the last row holds the head hash of the log.
///
/// # Errors
/// The casebook cannot be read or the output not written.
pub fn csv(case: &Case, filter: &Filter, options: &Options<'_>, out: &mut dyn Write) -> Result<(), CaseError> {
    let texts = options.texts();
    out.write_all("\u{feff}".as_bytes())?;
    record(out, COLUMNS.iter().map(|c| texts.name("head", c)))?;
    case.report_rows(filter, options, &mut |row| {
        record(out, row.cells(options).into_iter())?;
        Ok(true)
    })?;
    let head = case.head()?;
    record(out, std::iter::once(texts.with("report.head", &[("hash", &head.hex())])))?;
    Ok(())
}

fn record(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> Result<(), CaseError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells.map(|c| harmless(&c)));
    let bytes = written.and_then(|()| writer.into_inner().map_err(|e| e.into_error().into()));
    out.write_all(&bytes.map_err(|e| CaseError::input(e.to_string()))?)?;
    Ok(())
}

/// Writes the adverts as JSON Lines; the first line describes the casebook and holds the head hash of the log.
///
/// # Errors
/// The casebook cannot be read or the output not written.
pub fn jsonl(case: &Case, filter: &Filter, options: &Options<'_>, out: &mut dyn Write) -> Result<(), CaseError> {
    let head = case.head()?;
    let totals = case.totals("all")?.remove("").unwrap_or_default();
    let about = serde_json::json!({"case": {
        "head": head.hex(), "entries": head.seq, "at": head.at, "adverts": totals.iter().sum::<u64>(),
        "bands": {"none": totals[0], "notice": totals[1], "warning": totals[2], "danger": totals[3]},
    }});
    writeln!(out, "{about}")?;
    case.report_rows(filter, options, &mut |row| {
        writeln!(out, "{}", object(&row, options))?;
        Ok(true)
    })
}

fn object(row: &ReportRow, options: &Options<'_>) -> serde_json::Value {
    let mask = options.mask();
    let band = BANDS[usize::try_from(row.listed.band).unwrap_or(0).min(3)];
    let findings: Vec<_> = row
        .answer
        .findings
        .iter()
        .map(|f| {
            let evidence: Vec<String> = f.evidence.iter().map(|e| mask.text(&e.text)).collect();
            serde_json::json!({"indicator": f.indicator, "points": f.points, "title": f.title, "ask": f.ask, "evidence": evidence})
        })
        .collect();
    let masked = |values: &[String]| values.iter().map(|v| mask.text(v)).collect::<Vec<_>>();
    serde_json::json!({
        "advert": row.listed.advert, "score": row.listed.score, "band": band, "state": state_name(row.listed.state),
        "outlet": row.advert.outlet, "issue": row.advert.issue, "page": row.advert.page, "date": row.advert.date,
        "url": row.advert.url.as_deref().map(|u| mask.text(u)), "given": row.advert.given,
        "title": mask.text(&row.advert.title), "text": mask.text(&row.advert.text),
        "kind": row.answer.kind, "language": row.listed.language, "findings": findings,
        "telephones": masked(&row.answer.facts.telephones), "handles": masked(&row.answer.facts.handles),
        "destinations": row.answer.facts.destinations, "cluster": row.listed.cluster,
        "permit": row.permit.as_ref().map(|p| p.state.name()),
        "review": row.review.as_ref().map(|r| serde_json::json!({"state": r.state, "who": r.who, "at": r.at, "note": r.note})),
        "source": {"name": row.source.name, "place": row.advert.place, "file": row.source.place,
            "kept": row.source.kept, "sha256": hex(&row.source.sha256)},
    })
}
