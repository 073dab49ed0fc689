//! Job postings in microdata (`itemscope`, `itemprop`).

use super::json_ld::MOST;
use super::posting::Posting;
use super::{selector, text};
use scraper::{ElementRef, Html};

pub(super) fn postings(tree: &Html) -> Vec<Posting> {
    let marked = selector("[itemscope][itemtype*='schema.org/JobPosting' i]");
    tree.select(&marked).take(MOST).map(posting).filter(|p| !p.is_empty()).collect()
}

fn posting(item: ElementRef<'_>) -> Posting {
    let value = |name: &str| property(item, name).and_then(plain);
    let duties: Vec<String> = ["description", "responsibilities", "qualifications", "skills", "jobBenefits"]
        .iter()
        .filter_map(|name| property(item, name))
        .map(|e| e.attr("content").map_or_else(|| text::blocks(*e, true), str::to_string))
        .filter(|t| !t.trim().is_empty())
        .collect();
    Posting {
        title: value("title").or_else(|| value("name")),
        employer: property(item, "hiringOrganization").and_then(|e| within(e, "name")),
        place: property(item, "jobLocation").and_then(place),
        pay: property(item, "baseSalary").and_then(|e| pay(item, e)),
        duties: Some(duties.join("\n\n")).filter(|d| !d.is_empty()),
        posted: value("datePosted"),
        until: value("validThrough"),
        employment: value("employmentType"),
        url: property(item, "url").and_then(|e| e.attr("href").or(e.attr("content")).map(str::to_string)),
        id: property(item, "identifier").and_then(|e| within(e, "value")),
    }
}

/// The element that holds a property of this item and not of an item inside it.
fn property<'a>(item: ElementRef<'a>, name: &str) -> Option<ElementRef<'a>> {
    item.select(&selector("[itemprop]")).find(|e| {
        let names = e.attr("itemprop").unwrap_or_default();
        names.split_whitespace().any(|n| n == name) && owner(*e).is_some_and(|o| o.id() == item.id())
    })
}

/// The item that an element is a property of: the nearest one above it.
fn owner(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    element.ancestors().filter_map(ElementRef::wrap).find(|e| e.attr("itemscope").is_some())
}

fn plain(element: ElementRef<'_>) -> Option<String> {
    let value = element.attr("content").or(element.attr("datetime")).map(|v| v.trim().to_string());
    value.or_else(|| Some(text::words(element))).filter(|v| !v.is_empty())
}

/// A property anywhere inside, or the words of the element where it has none.
fn within(element: ElementRef<'_>, name: &str) -> Option<String> {
    if element.attr("itemscope").is_none() {
        return plain(element);
    }
    inside(element, name).or_else(|| plain(element))
}

fn inside(element: ElementRef<'_>, name: &str) -> Option<String> {
    let wanted = |e: &ElementRef<'_>| e.attr("itemprop").is_some_and(|p| p.split_whitespace().any(|n| n == name));
    element.select(&selector("[itemprop]")).find(wanted).and_then(plain)
}

fn place(element: ElementRef<'_>) -> Option<String> {
    let parts = ["streetAddress", "addressLocality", "addressRegion", "addressCountry"];
    let parts: Vec<String> = parts.iter().filter_map(|p| inside(element, p)).collect();
    Some(parts.join(", ")).filter(|p| !p.is_empty()).or_else(|| within(element, "name"))
}

fn pay(item: ElementRef<'_>, element: ElementRef<'_>) -> Option<String> {
    if element.attr("itemscope").is_none() {
        let currency = property(item, "salaryCurrency").and_then(plain);
        let parts = [plain(element), currency];
        return Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty());
    }
    let (low, high) = (inside(element, "minValue"), inside(element, "maxValue"));
    let sum = match (low, high) {
        (Some(low), Some(high)) if low != high => Some(format!("{low}-{high}")),
        (low, high) => low.or(high).or_else(|| inside(element, "value")),
    };
    let parts = [sum, inside(element, "currency"), inside(element, "unitText")];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty())
}
