//! One page that stands alone: charts with denominators, links, the adverts. No script, nothing from outside; made to be
//! printed.

use super::Options;
use super::charts::{Bar, bars, columns, escape};
use super::rows::{ReportRow, permit_line, state_name};
use crate::case::Case;
use crate::error::CaseError;
use crate::template::{LOOKED_AT, Part, template};
use crate::texts::Texts;
use crate::view::Filter;
use crate::{BANDS, pattern, report::graph};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Adverts, outlets and the like that the page shows; the rest is in the table.
const ADVERTS: usize = 200;
const VALUES: usize = 20;
const CLUSTERS: usize = 12;
const PATTERNS: usize = 30;

/// The page.
///
/// # Errors
/// The casebook cannot be read.
pub fn page(case: &Case, filter: &Filter, options: &Options<'_>) -> Result<String, CaseError> {
    let texts = options.texts();
    let head = case.head()?;
    let name = case.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let title = escape(texts.get("report.title"));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{title}</title><style>{}</style></head><body><main>\n",
        texts.lang,
        include_str!("page.css")
    );
    let made = texts.with("report.made", &[("at", &head.at)]);
    let _ = writeln!(
        out,
        "<h1>{title}</h1><p class=\"lead\">{}</p><p class=\"small\">{} · {}<br>{}<br>{}</p>",
        escape(texts.get("report.lead")),
        escape(&name),
        escape(&made),
        escape(&texts.with("report.head", &[("hash", &head.hex())])),
        escape(&texts.with("report.head-how", &[("name", &name), ("short", &head.hex()[..16])])),
    );
    tiles(&mut out, case, texts)?;
    charts(&mut out, case, texts)?;
    if let Some(svg) = graph::draw(case, options.mask(), texts.get("report.graph"))? {
        let note = format!("{} {}.", texts.get("report.graph-note"), texts.get("report.graph-key"));
        let _ = writeln!(
            out,
            "<h2>{}</h2><p class=\"small\">{}</p>{svg}",
            escape(texts.get("report.graph")),
            escape(&note)
        );
    }
    patterns(&mut out, case, options)?;
    clusters(&mut out, case, options)?;
    sample(&mut out, case, texts)?;
    adverts(&mut out, case, filter, options)?;
    let masked = if options.telephones { "" } else { texts.get("report.masked") };
    let _ = writeln!(
        out,
        "<footer><p>{}</p><p>{}</p><p>{}</p></footer></main></body></html>",
        escape(texts.get("report.none-note")),
        escape(masked),
        escape(&texts.with("report.head", &[("hash", &head.hex())])),
    );
    Ok(out)
}

fn tiles(out: &mut String, case: &Case, texts: Texts) -> Result<(), CaseError> {
    let all = case.totals("all")?.remove("").unwrap_or_default();
    let states = case.totals("state")?;
    let reviewed: u64 = states.iter().filter(|(s, _)| *s != "open").map(|(_, n)| n[0]).sum();
    let tiles = [
        ("", all.iter().sum::<u64>(), "report.adverts"),
        ("warning", all[2] + all[3], "report.flagged"),
        ("danger", all[3], "report.danger"),
        ("", reviewed, "report.reviewed"),
    ];
    out.push_str("<div class=\"tiles\">");
    for (class, n, text) in tiles {
        let _ = write!(out, "<div class=\"tile {class}\"><b>{n}</b><span>{}</span></div>", escape(texts.get(text)));
    }
    let _ = write!(
        out,
        "</div><p class=\"small\">{}</p><p class=\"legend\"><span><i style=\"background:var(--danger)\"></i>{}</span><span><i style=\"background:var(--warning)\"></i>{}</span></p>",
        escape(texts.get("report.none-note")),
        escape(texts.get("band.danger")),
        escape(texts.get("band.warning"))
    );
    Ok(())
}

/// The values of a dimension with most flagged adverts; the rest is summed up, so that the denominators stay whole.
fn values(totals: BTreeMap<String, [u64; 4]>, label: impl Fn(&str) -> String, texts: Texts) -> Vec<Bar> {
    let bar = |(value, n): (&String, &[u64; 4])| Bar {
        label: if value.trim().is_empty() { texts.get("report.unknown").into() } else { label(value) },
        warning: n[2],
        danger: n[3],
        all: n.iter().sum(),
    };
    let mut all: Vec<Bar> = totals.iter().map(bar).collect();
    all.sort_by_key(|b| std::cmp::Reverse((b.warning + b.danger, b.all)));
    if all.len() > VALUES {
        let rest = all.split_off(VALUES - 1);
        let sum = |of: fn(&Bar) -> u64| rest.iter().map(of).sum();
        let label = format!("{} ({})", texts.get("report.other"), rest.len());
        all.push(Bar { label, warning: sum(|b| b.warning), danger: sum(|b| b.danger), all: sum(|b| b.all) });
    }
    all
}

fn charts(out: &mut String, case: &Case, texts: Texts) -> Result<(), CaseError> {
    let note = escape(texts.get("report.denominator"));
    let mut section = |key: &str, note: &str, svg: String| {
        let _ = writeln!(out, "<h2>{}</h2><p class=\"small\">{note}</p>{svg}", escape(texts.get(key)));
    };
    let outlets = values(case.totals("outlet")?, str::to_string, texts);
    section("report.by-outlet", &note, bars(&outlets, true, texts.get("report.by-outlet")));
    let mut months: Vec<Bar> = Vec::new();
    for (month, n) in case.totals("month")? {
        let label = if month.is_empty() { texts.get("report.unknown").to_string() } else { month };
        months.push(Bar { label, warning: n[2], danger: n[3], all: n.iter().sum() });
    }
    // the newest year
    let months = months.split_off(months.len().saturating_sub(12));
    section("report.by-month", &note, columns(&months, texts.get("report.by-month")));
    let issues = values(case.totals("issue")?, |v| v.replace('\n', " № ").trim_end_matches(" № ").to_string(), texts);
    section("report.by-issue", &note, bars(&issues, true, texts.get("report.by-issue")));
    let titles = indicator_titles(case)?;
    let indicators =
        values(case.totals("indicator")?, |id| titles.get(id).cloned().unwrap_or_else(|| id.into()), texts);
    section("report.by-indicator", "", bars(&indicators, false, texts.get("report.by-indicator")));
    let languages = values(case.totals("language")?, |l| texts.name("language", l), texts);
    section("report.by-language", &note, bars(&languages, true, texts.get("report.by-language")));
    Ok(())
}

/// Headlines of indicators, as the newest answers that have them give them.
fn indicator_titles(case: &Case) -> Result<BTreeMap<String, String>, CaseError> {
    let mut titles = BTreeMap::new();
    let (page, _) = case.page(&Filter { band: 1, ..Filter::default() }, None, 500)?;
    for row in page {
        let json = case.assessments(row.advert)?.pop().map(|a| a.json).unwrap_or_default();
        for finding in crate::answer::Kept::read(&json)?.findings {
            titles.entry(finding.indicator).or_insert(finding.title);
        }
    }
    Ok(titles)
}

fn patterns(out: &mut String, case: &Case, options: &Options<'_>) -> Result<(), CaseError> {
    let (texts, mask, rule) = (options.texts(), options.mask(), pattern::rule());
    let found = case.patterns(PATTERNS)?;
    if found.is_empty() {
        return Ok(());
    }
    let text = rule.text(texts.lang);
    let _ = write!(
        out,
        "<h2>{}</h2><p><b>{}.</b> {}</p><table><tr><th></th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        escape(texts.get("report.patterns")),
        escape(&text.title),
        escape(&text.explanation),
        escape(texts.get("head.all")),
        escape(texts.get("report.trades")),
        escape(texts.get("report.places")),
        escape(texts.get("report.names")),
        escape(texts.get("sheet.list")),
    );
    for p in found {
        let adverts: Vec<String> = case.pattern_adverts(&p, 12)?.iter().map(i64::to_string).collect();
        let more = if p.adverts > 12 { " …" } else { "" };
        let subject = if p.kind == "template" {
            format!("{} {}", texts.get("head.cluster"), p.subject)
        } else {
            mask.text(&p.subject)
        };
        let cells =
            [p.trades.join(", "), p.places.join(", "), p.names.join(", "), format!("{}{more}", adverts.join(", "))];
        let _ = write!(out, "<tr><td>{}</td><td class=\"n\">{}</td>", escape(&subject), p.adverts);
        for cell in cells {
            let _ = write!(out, "<td>{}</td>", escape(&cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</table>\n");
    Ok(())
}

fn clusters(out: &mut String, case: &Case, options: &Options<'_>) -> Result<(), CaseError> {
    let (texts, mask) = (options.texts(), options.mask());
    let found = case.clusters(0, CLUSTERS)?;
    if found.is_empty() {
        return Ok(());
    }
    let _ = write!(out, "<h2>{}</h2>", escape(texts.get("report.clusters")));
    for cluster in found {
        let n = texts.with("report.cluster-line", &[("n", &cluster.adverts.to_string())]);
        let _ = write!(
            out,
            "<div class=\"template\"><b>{} {}: {}</b><br>",
            escape(texts.get("head.cluster")),
            cluster.id,
            escape(&n)
        );
        for part in template(&case.cluster_texts(cluster.id, LOOKED_AT)?) {
            match part {
                Part::Fixed(words) => {
                    let _ = write!(out, "{} ", escape(&mask.text(&words)));
                }
                Part::Slot { fillings, different } => {
                    let shown: Vec<String> = fillings
                        .iter()
                        .map(|(w, _)| if w.is_empty() { "—".into() } else { escape(&mask.text(w)) })
                        .collect();
                    let more = if different > shown.len() { "<s>|</s>…" } else { "" };
                    let _ = write!(out, "<span class=\"slot\">{}{more}</span> ", shown.join("<s>|</s>"));
                }
            }
        }
        out.push_str("</div>\n");
    }
    Ok(())
}

fn sample(out: &mut String, case: &Case, texts: Texts) -> Result<(), CaseError> {
    let samples = case.samples()?;
    if samples.is_empty() {
        return Ok(());
    }
    let _ = write!(out, "<h2>{}</h2>", escape(texts.get("report.sample")));
    for sample in samples {
        for line in sample.lines(texts) {
            let _ = write!(out, "<p>{}</p>", escape(&line));
        }
    }
    Ok(())
}

fn adverts(out: &mut String, case: &Case, filter: &Filter, options: &Options<'_>) -> Result<(), CaseError> {
    let texts = options.texts();
    let _ = write!(out, "<h2>{}</h2>", escape(texts.get("report.list")));
    let mut n = 0;
    case.report_rows(filter, options, &mut |row| {
        n += 1;
        if n <= ADVERTS {
            article(out, &row, options);
        }
        Ok(n <= ADVERTS)
    })?;
    if n == 0 {
        let _ = write!(out, "<p>{}</p>", escape(texts.get("report.nothing")));
    }
    if n > ADVERTS {
        let all = case.totals("all")?.remove("").unwrap_or_default();
        let flagged: u64 = all.iter().skip(usize::try_from(filter.band).unwrap_or(0)).sum();
        let line = texts.with("report.list-cut", &[("n", &ADVERTS.to_string()), ("all", &flagged.to_string())]);
        let _ = write!(out, "<p>{}</p>", escape(&line));
    }
    Ok(())
}

fn article(out: &mut String, row: &ReportRow, options: &Options<'_>) {
    let (texts, mask) = (options.texts(), options.mask());
    let band = BANDS[usize::try_from(row.listed.band).unwrap_or(0).min(3)];
    let a = &row.advert;
    let place: Vec<String> = [(&a.outlet, ""), (&a.issue, "head.issue"), (&a.date, ""), (&a.page, "head.page")]
        .iter()
        .filter_map(|(part, name)| {
            let name = if name.is_empty() { String::new() } else { format!("{} ", texts.get(name)) };
            part.as_ref().filter(|p| !p.is_empty()).map(|p| format!("{name}{p}"))
        })
        .collect();
    let state = texts.name("state", state_name(row.listed.state));
    let _ = write!(
        out,
        "<article class=\"{band}\" id=\"a{0}\"><header><b>№ {0}</b><span>{1}: {2} · {3}</span><span>{4}</span><span>{5}</span><span>{6}:{7}</span></header>",
        a.id,
        escape(texts.get("head.score")),
        row.listed.score,
        escape(&texts.name("band", band)),
        escape(&place.join(" · ")),
        escape(&state),
        escape(&row.source.name),
        a.place,
    );
    let marks = |field: &str| -> Vec<Range<usize>> {
        let evidence = row.answer.findings.iter().filter(|f| !f.absent).flat_map(|f| &f.evidence);
        evidence.filter(|e| e.field == field).map(|e| e.start..e.end).collect()
    };
    out.push_str("<blockquote>");
    if !a.title.is_empty() {
        let _ = writeln!(out, "<b>{}</b>", quoted(&a.title, &marks("title"), &mask.hidden(&a.title)));
    }
    let _ = write!(out, "{}</blockquote><ul>", quoted(&a.text, &marks("text"), &mask.hidden(&a.text)));
    for finding in &row.answer.findings {
        let _ = write!(
            out,
            "<li><b>{}</b> (+{}). {} <i>{}</i></li>",
            escape(&finding.title),
            finding.points,
            escape(&finding.explanation),
            escape(&finding.ask)
        );
    }
    if let Some(permit) = &row.permit {
        let _ = write!(out, "<li>{}: {}</li>", escape(texts.get("report.permit")), escape(&permit_line(permit, texts)));
    }
    if let Some(review) = &row.review {
        let line = format!("{state}: {}, {}. {}", review.who, review.at, review.note);
        let _ = write!(out, "<li>{}</li>", escape(&line));
    }
    out.push_str("</ul></article>\n");
}

/// Advert text with its evidence marked and its telephones hidden.
fn quoted(text: &str, marks: &[Range<usize>], hidden: &[Range<usize>]) -> String {
    let within = |ranges: &[Range<usize>], n: usize| ranges.iter().any(|r| r.contains(&n));
    let (mut out, mut marked) = (String::with_capacity(text.len() * 2), false);
    for (n, c) in text.char_indices() {
        let mark = within(marks, n);
        if mark != marked {
            out.push_str(if mark { "<mark>" } else { "</mark>" });
            marked = mark;
        }
        let c = if c.is_alphanumeric() && within(hidden, n) { '•' } else { c };
        out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
    }
    if marked {
        out.push_str("</mark>");
    }
    out
}
