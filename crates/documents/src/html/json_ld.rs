//! Job postings in JSON-LD.

use super::posting::Posting;
use super::{selector, text};
use scraper::Html;
use serde_json::Value;

/// Most postings taken from one page.
pub(super) const MOST: usize = 1000;

pub(super) fn postings(tree: &Html) -> Vec<Posting> {
    let mut postings = Vec::new();
    for script in tree.select(&selector("script[type*='ld+json' i]")) {
        let json: String = script.text().collect();
        // control characters inside strings are a common mistake
        let json: String = json.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if let Ok(value) = serde_json::from_str::<Value>(&json) {
            find(&value, &mut postings);
        }
    }
    postings
}

/// Looks through lists and graphs (serde_json bounds how deep they nest).
fn find(value: &Value, postings: &mut Vec<Posting>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| find(v, postings)),
        Value::Object(object) => {
            if is_posting(&value["@type"]) && postings.len() < MOST {
                let posting = posting(value);
                if !posting.is_empty() {
                    postings.push(posting);
                }
            }
            object.values().filter(|v| v.is_array() || v.is_object()).for_each(|v| find(v, postings));
        }
        _ => {}
    }
}

fn is_posting(kind: &Value) -> bool {
    match kind {
        Value::String(s) => s.rsplit(['/', ':']).next() == Some("JobPosting"),
        Value::Array(kinds) => kinds.iter().any(is_posting),
        _ => false,
    }
}

fn posting(v: &Value) -> Posting {
    Posting {
        title: plain(&v["title"]).or_else(|| plain(&v["name"])),
        employer: named(&v["hiringOrganization"]),
        place: place(&v["jobLocation"]),
        pay: pay(&v["baseSalary"]).or_else(|| pay(&v["estimatedSalary"])),
        duties: duties(v),
        posted: plain(&v["datePosted"]),
        until: plain(&v["validThrough"]),
        employment: list(&v["employmentType"]),
        url: plain(&v["url"]),
        id: plain(&v["identifier"]["value"]).or_else(|| plain(&v["identifier"])),
    }
}

/// The description and the fields that some sites keep beside it.
fn duties(v: &Value) -> Option<String> {
    let fields =
        ["description", "responsibilities", "qualifications", "skills", "experienceRequirements", "jobBenefits"];
    let parts: Vec<String> = fields.iter().filter_map(|f| list(&v[*f])).map(|t| html_text(&t)).collect();
    let mut text = String::new();
    for part in parts.iter().filter(|p| !p.is_empty()) {
        if !text.contains(part.as_str()) {
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(part);
        }
    }
    Some(text).filter(|t| !t.is_empty())
}

/// Descriptions are HTML, or HTML written with entities.
pub(super) fn html_text(source: &str) -> String {
    if super::nesting(source) > super::DEEPEST {
        return source.to_string();
    }
    let mut text = source.to_string();
    for _ in 0..2 {
        if !text.contains(['<', '&']) {
            break;
        }
        // plain text with line breaks and a stray sign keeps its breaks
        let source = if text.contains("</") || text.contains("<br") { text } else { text.replace('\n', "<br>") };
        text = text::blocks(*Html::parse_fragment(&source).root_element(), true);
    }
    text.trim().to_string()
}

/// A string or a number.
fn plain(v: &Value) -> Option<String> {
    let text = match v {
        Value::String(s) => html_text(s).split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Number(n) => n.to_string(),
        Value::Array(items) => return items.iter().find_map(plain),
        _ => return None,
    };
    Some(text).filter(|t| !t.is_empty())
}

fn list(v: &Value) -> Option<String> {
    match v {
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().filter_map(list).collect();
            Some(parts.join("\n")).filter(|t| !t.is_empty())
        }
        Value::String(s) => Some(s.clone()).filter(|t| !t.trim().is_empty()),
        Value::Object(_) => named(v),
        _ => plain(v),
    }
}

/// A name, or a thing that has one.
fn named(v: &Value) -> Option<String> {
    match v {
        Value::Array(items) => items.iter().find_map(named),
        Value::Object(_) => plain(&v["name"]),
        _ => plain(v),
    }
}

fn place(v: &Value) -> Option<String> {
    match v {
        Value::Array(items) => {
            let places: Vec<String> = items.iter().filter_map(place).collect();
            Some(places.join("; ")).filter(|p| !p.is_empty())
        }
        Value::Object(_) => {
            let address = &v["address"];
            if let Some(text) = plain(address) {
                return Some(text);
            }
            let at = if address.is_object() { address } else { v };
            let parts = ["streetAddress", "addressLocality", "addressRegion", "addressCountry"];
            let parts: Vec<String> = parts.iter().filter_map(|p| named(&at[*p])).collect();
            Some(parts.join(", ")).filter(|p| !p.is_empty()).or_else(|| plain(&v["name"]))
        }
        _ => plain(v),
    }
}

fn pay(v: &Value) -> Option<String> {
    match v {
        Value::Array(items) => items.iter().find_map(pay),
        Value::Object(_) => {
            let amount = if v["value"].is_object() { &v["value"] } else { v };
            let (low, high) = (plain(&amount["minValue"]), plain(&amount["maxValue"]));
            let sum = match (low, high, plain(&amount["value"])) {
                (Some(low), Some(high), _) if low != high => format!("{low}-{high}"),
                (Some(low), _, _) => low,
                (None, Some(high), _) => high,
                (None, None, value) => value?,
            };
            let unit = plain(&amount["unitText"]).or_else(|| plain(&v["unitText"]));
            let parts = [Some(sum), plain(&v["currency"]).or_else(|| plain(&amount["currency"])), unit];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        _ => plain(v),
    }
}
