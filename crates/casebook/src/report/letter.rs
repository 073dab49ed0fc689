//! Letters to outlets and public bodies, drafted from templates that an office can replace. Nothing is ever sent.

use super::Options;
use super::charts::escape;
use super::docx;
use super::rows::{ReportRow, permit_line};
use crate::case::Case;
use crate::error::CaseError;
use crate::view::Filter;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Most adverts of one letter; more would not be read.
const ADVERTS: usize = 100;
/// Most concerns that are named for one advert, the gravest; the casebook holds the others.
const CONCERNS: usize = 5;

/// Which letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To an outlet.
    Outlet,
    /// To a public body.
    Referral,
}

/// Languages of letters.
pub const LANGUAGES: [&str; 3] = ["ru", "ky", "en"];

/// The template that comes with this version; Russian for a language without one.
pub fn builtin(kind: Kind, lang: &str) -> &'static str {
    match (kind, lang) {
        (Kind::Outlet, "ky") => include_str!("../../../../rules/letters/outlet.ky.txt"),
        (Kind::Outlet, "en") => include_str!("../../../../rules/letters/outlet.en.txt"),
        (Kind::Outlet, _) => include_str!("../../../../rules/letters/outlet.ru.txt"),
        (Kind::Referral, "ky") => include_str!("../../../../rules/letters/referral.ky.txt"),
        (Kind::Referral, "en") => include_str!("../../../../rules/letters/referral.en.txt"),
        (Kind::Referral, _) => include_str!("../../../../rules/letters/referral.ru.txt"),
    }
}

#[derive(Deserialize)]
struct Citations {
    unchecked: BTreeMap<String, String>,
    citation: Vec<BTreeMap<String, String>>,
}

/// The citations in a language, each with a remark while no lawyer has read it.
fn citations(lang: &str) -> Vec<String> {
    let file: Citations =
        toml::from_str(include_str!("../../../../rules/letters/citations.toml")).expect("the file is tested");
    let text = |map: &BTreeMap<String, String>| map.get(lang).or_else(|| map.get("ru")).cloned().unwrap_or_default();
    let line = |c: &BTreeMap<String, String>| match c.get("checked_by").is_some_and(|by| !by.is_empty()) {
        true => text(c),
        false => format!("{} {}", text(c), text(&file.unchecked)),
    };
    file.citation.iter().map(line).collect()
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Headline.
    Heading,
    /// Smaller headline.
    Subheading,
    /// Indented quotation.
    Quote,
    /// Item of a list.
    Item,
    /// Set to the right.
    Right,
    /// Plain.
    Plain,
}

/// A paragraph.
pub type Paragraph = (Style, String);

/// What a letter is about.
#[derive(Clone, Debug, Default)]
pub struct Letter<'l> {
    /// Who writes.
    pub office: &'l str,
    /// To which public body.
    pub addressee: &'l str,
    /// About which outlet; empty: about all.
    pub outlet: &'l str,
}

impl Case {
    /// Drafts a letter about the adverts of a filter from a template.
    ///
    /// # Errors
    /// No advert to write about, more than a letter can hold, a template that does not end its `@each`.
    pub fn letter(
        &self,
        template: &str,
        letter: &Letter<'_>,
        filter: &Filter,
        options: &Options<'_>,
    ) -> Result<Vec<Paragraph>, CaseError> {
        let mut adverts = Vec::new();
        self.report_rows(filter, options, &mut |row| {
            adverts.push(row);
            Ok(adverts.len() <= ADVERTS)
        })?;
        if adverts.is_empty() {
            return Err(CaseError::input(
                "there is no advert to write about: confirm the concern first (`case review`), or take also unreviewed adverts with --unreviewed",
            ));
        }
        if adverts.len() > ADVERTS {
            return Err(CaseError::input(format!(
                "there are more than {ADVERTS} adverts for one letter; choose an --issue, a --month or --min-band danger"
            )));
        }
        let head = self.head()?;
        let all: BTreeMap<&str, String> = BTreeMap::from([
            ("office", blank(letter.office)),
            ("addressee", blank(letter.addressee)),
            ("outlet", blank(letter.outlet)),
            ("count", adverts.len().to_string()),
            ("head", head.hex()),
            ("at", head.at.get(..10).unwrap_or("").to_string()),
        ]);
        let adverts: Vec<BTreeMap<&str, String>> =
            (1..).zip(&adverts).map(|(n, row)| of_advert(n, row, options)).collect();
        let citations = citations(options.lang).into_iter().map(|c| BTreeMap::from([("citation", c)])).collect();
        let lists = BTreeMap::from([("advert", adverts), ("citation", citations)]);
        fill(template, &all, &lists)
    }
}

/// A gap to be filled in by hand.
fn blank(text: &str) -> String {
    if text.trim().is_empty() { "______________________".into() } else { text.into() }
}

fn of_advert<'k>(n: usize, row: &ReportRow, options: &Options<'_>) -> BTreeMap<&'k str, String> {
    let (texts, mask, a) = (options.texts(), options.mask(), &row.advert);
    let named = |key: &str, part: &Option<String>| {
        part.as_ref().filter(|p| !p.is_empty()).map(|p| format!("{} {p}", texts.get(key).to_lowercase()))
    };
    let known = |part: &Option<String>| part.clone().filter(|p| !p.is_empty());
    let place: Vec<String> =
        [known(&a.outlet), named("head.issue", &a.issue), known(&a.date), named("head.page", &a.page)]
            .into_iter()
            .flatten()
            .collect();
    let place = if place.is_empty() { format!("{}:{}", row.source.name, a.place) } else { place.join(", ") };
    let text = if a.title.is_empty() { a.text.clone() } else { format!("{}. {}", a.title, a.text) };
    let join = |parts: Vec<&str>, by: &str| parts.join(by);
    let findings = row.answer.findings.iter().filter(|f| f.points > 0).take(CONCERNS);
    BTreeMap::from([
        ("n", n.to_string()),
        ("advert", a.id.to_string()),
        ("place", place),
        ("url", a.url.as_deref().map(|u| mask.text(u)).unwrap_or_default()),
        ("text", mask.text(&text)),
        ("concerns", join(findings.clone().map(|f| f.title.as_str()).collect(), "; ")),
        ("why", join(findings.map(|f| f.explanation.as_str()).collect(), " ")),
        ("permit", row.permit.as_ref().map(|p| permit_line(p, texts)).unwrap_or_default()),
    ])
}

type Places<'k> = BTreeMap<&'k str, String>;

/// Fills a template.
fn fill(
    template: &str,
    all: &Places<'_>,
    lists: &BTreeMap<&str, Vec<Places<'_>>>,
) -> Result<Vec<Paragraph>, CaseError> {
    let mut out = Vec::new();
    let mut lines = template.lines().enumerate();
    while let Some((n, line)) = lines.next() {
        let Some(list) = line.trim().strip_prefix("@each ") else {
            out.extend(paragraph(line, &[all]));
            continue;
        };
        let rows = lists.get(list.trim()).ok_or_else(|| {
            let known: Vec<&str> = lists.keys().copied().collect();
            CaseError::input(format!("template line {}: there is no list `{list}`; use {}", n + 1, known.join(", ")))
        })?;
        let mut body = Vec::new();
        loop {
            match lines.next() {
                Some((_, line)) if line.trim() == "@end" => break,
                Some((_, line)) => body.push(line),
                None => return Err(CaseError::input(format!("template line {}: `@each {list}` has no `@end`", n + 1))),
            }
        }
        for row in rows {
            out.extend(body.iter().filter_map(|line| paragraph(line, &[row, all])));
        }
    }
    Ok(out)
}

/// One line as a paragraph; left out when all its fillings are empty.
fn paragraph(line: &str, places: &[&Places<'_>]) -> Option<Paragraph> {
    let marks = [
        ("## ", Style::Subheading),
        ("# ", Style::Heading),
        (">>", Style::Right),
        ("> ", Style::Quote),
        ("- ", Style::Item),
    ];
    let (style, body) = marks
        .iter()
        .find_map(|(mark, style)| line.strip_prefix(mark).map(|rest| (*style, rest)))
        .unwrap_or((Style::Plain, line));
    // in one pass, so that an advert that says {head} stays as it is
    let (mut out, mut rest, mut fillings, mut filled) = (String::new(), body, 0, 0);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let close = rest[open..].find('}').map(|n| open + n);
        let value = close.and_then(|close| places.iter().find_map(|p| p.get(&rest[open + 1..close])));
        match (close, value) {
            (Some(close), Some(value)) => {
                fillings += 1;
                filled += usize::from(!value.is_empty());
                out.push_str(value);
                rest = &rest[close + 1..];
            }
            _ => {
                out.push('{');
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    (fillings == 0 || filled > 0).then_some((style, out))
}

/// The letter as a page that stands alone.
pub fn html(paragraphs: &[Paragraph], lang: &str) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{}</title><style>\
         body{{max-width:720px;margin:40px auto;padding:0 24px;font:12pt/1.5 'Noto Serif','DejaVu Serif',serif;color:#111}}\
         h1{{font-size:15pt;margin:24px 0 8px}}h2{{font-size:12pt;margin:16px 0 4px}}p{{margin:0 0 8px}}.r{{text-align:right;margin:0}}.gap{{height:6px;margin:0}}\
         blockquote{{margin:4px 0 8px 20px;padding-left:12px;border-left:3px solid #999;white-space:pre-wrap;overflow-wrap:anywhere}}\
         .i{{padding-left:20px;text-indent:-14px}}@page{{margin:22mm}}@media print{{body{{margin:0;max-width:none}}}}</style></head><body>\n",
        escape(lang),
        escape(paragraphs.iter().find(|p| p.0 == Style::Heading).map_or("", |p| p.1.as_str()))
    );
    for (style, text) in paragraphs {
        let text = escape(text);
        let _ = match style {
            Style::Heading => writeln!(out, "<h1>{text}</h1>"),
            Style::Subheading => writeln!(out, "<h2>{text}</h2>"),
            Style::Quote => writeln!(out, "<blockquote>{text}</blockquote>"),
            Style::Item => writeln!(out, "<p class=\"i\">– {text}</p>"),
            Style::Right => writeln!(out, "<p class=\"r\">{text}</p>"),
            Style::Plain if text.is_empty() => writeln!(out, "<p class=\"gap\"></p>"),
            Style::Plain => writeln!(out, "<p>{text}</p>"),
        };
    }
    out.push_str("</body></html>\n");
    out
}

/// The letter as DOCX.
///
/// # Errors
/// Never in practice: the archive is made in memory.
pub fn docx(paragraphs: &[Paragraph]) -> Result<Vec<u8>, CaseError> {
    docx::write(paragraphs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<'k>(list: &[(&'k str, &str)]) -> Places<'k> {
        list.iter().map(|(k, v)| (*k, v.to_string())).collect()
    }

    #[test]
    fn fillings_are_no_templates_and_empty_lines_go() {
        let all = places(&[("head", "abc")]);
        let adverts = vec![places(&[("text", "{head} @each"), ("url", "")]), places(&[("text", "x"), ("url", "u")])];
        let lists = BTreeMap::from([("advert", adverts)]);
        let letter = fill("# {head}\n@each advert\n> {text}\nAt {url}\n@end\n{unknown} {", &all, &lists).unwrap();
        let texts: Vec<&str> = letter.iter().map(|p| p.1.as_str()).collect();
        assert_eq!(texts, ["abc", "{head} @each", "x", "At u", "{unknown} {"]);
        assert!(fill("@each advert\nx", &all, &lists).unwrap_err().to_string().contains("line 1"));
        assert!(fill("@each x\n@end", &all, &lists).unwrap_err().to_string().contains("advert"));
    }

    #[test]
    fn every_language_has_its_templates_and_citations() {
        for lang in LANGUAGES {
            assert!(citations(lang).len() >= 4);
            for kind in [Kind::Outlet, Kind::Referral] {
                let template = builtin(kind, lang);
                for place in ["{text}", "{place}", "{concerns}", "{citation}", "{head}", "____"] {
                    assert!(template.contains(place), "{kind:?} {lang} {place}");
                }
            }
        }
        assert_ne!(builtin(Kind::Outlet, "ky"), builtin(Kind::Outlet, "ru"));
    }
}
