//! Which column of a table holds which part of an advert.

use crate::{Advert, Columns};

/// Headings under which the parts of an advert stand, in the languages of the region.
const HEADINGS: [(&str, &[&str]); PARTS] = [
    (
        "text",
        &[
            "text",
            "текст",
            "тексти",
            "matn",
            "advert",
            "объявление",
            "жарыя",
            "e'lon",
            "elon",
            "description",
            "описание",
            "body",
            "content",
            "сообщение",
            "message",
            "билдирүү",
            "vacancy",
            "вакансия",
            "caption",
        ],
    ),
    ("id", &["id", "ид", "№", "номер", "number", "n"]),
    ("title", &["title", "заголовок", "аталышы", "sarlavha", "название", "заглавие"]),
    (
        "publisher",
        &["publisher", "outlet", "газета", "издание", "гезит", "gazeta", "source", "источник", "канал", "channel"],
    ),
    ("issue", &["issue", "выпуск", "номер выпуска", "саны", "son"]),
    ("page", &["page", "страница", "стр", "бет", "sahifa", "bet"]),
    ("url", &["url", "link", "ссылка", "адрес", "шилтеме", "havola"]),
    ("date", &["date", "дата", "күнү", "датасы", "sana"]),
];

/// Parts of an advert that a table can hold.
pub(crate) const PARTS: usize = 8;

/// The columns of the parts, in the order of [`advert`].
pub(crate) type Found = [Option<usize>; PARTS];

/// A table's headings, told as they are written.
///
/// # Errors
/// A message when no column holds the adverts' text.
pub(crate) fn find(headings: &[String], columns: &Columns) -> Result<Found, String> {
    let names: Vec<String> = headings.iter().map(|h| plain(h)).collect();
    let mut found = [None; PARTS];
    for (slot, (part, known)) in found.iter_mut().zip(HEADINGS) {
        *slot = match (&columns.text, part) {
            (Some(wanted), "text") => {
                let at = names.iter().position(|n| *n == plain(wanted));
                Some(at.ok_or_else(|| format!("has no column `{wanted}`; its columns are: {}", list(headings)))?)
            }
            _ => known.iter().find_map(|k| names.iter().position(|n| n == k)),
        };
    }
    if found[0].is_none() {
        return Err(format!(
            "has no column with the adverts' text; name it with --text-column. Its columns are: {}",
            list(headings)
        ));
    }
    Ok(found)
}

/// The advert of one row whose parts stand in the order of the headings.
pub(crate) fn advert(parts: [Option<String>; PARTS], place: usize) -> Option<Advert> {
    let [text, id, title, publisher, issue, page, url, date] = parts;
    Some(Advert { id, text: text?, title, publisher, issue, page, url, date, place, ..Advert::default() })
}

fn plain(heading: &str) -> String {
    heading.trim().trim_start_matches('\u{feff}').trim_end_matches([':', '.']).to_lowercase()
}

/// The first headings; a table of 300 columns is not listed whole.
fn list(headings: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<&str> = headings.iter().take(SHOWN).map(|h| h.trim()).collect();
    match headings.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}
