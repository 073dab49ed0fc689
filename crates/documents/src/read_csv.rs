//! CSV and TSV with a header.

use crate::Columns;
use crate::advert::{Advert, Item, Trouble};
use std::io::{BufRead, Read};

/// Headings under which the parts of an advert stand, in the languages of the region.
const HEADINGS: [(&str, &[&str]); 8] = [
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

pub(crate) struct Rows<R> {
    records: csv::Reader<R>,
    columns: [Option<usize>; 8],
    row: usize,
    done: bool,
}

impl<R: BufRead> Rows<R> {
    pub(crate) fn new(mut reader: R, columns: &Columns) -> Result<Rows<R>, String> {
        let separator = separator(reader.fill_buf().map_err(|e| e.to_string())?);
        let mut records = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(reader);
        let header = records.byte_headers().map_err(|e| format!("the header cannot be read: {e}"))?.clone();
        let names: Vec<String> = header
            .iter()
            .map(|h| String::from_utf8_lossy(h).trim().trim_start_matches('\u{feff}').to_lowercase())
            .collect();
        let mut found = [None; 8];
        for (slot, (part, headings)) in found.iter_mut().zip(HEADINGS) {
            *slot = match (&columns.text, part) {
                (Some(wanted), "text") => {
                    let at = names.iter().position(|n| *n == wanted.to_lowercase());
                    Some(at.ok_or_else(|| format!("has no column `{wanted}`; its columns are: {}", names.join(", ")))?)
                }
                _ => headings.iter().find_map(|h| names.iter().position(|n| n == h)),
            };
        }
        if found[0].is_none() {
            return Err(format!(
                "has no column with the adverts' text; name it with --text-column. Its columns are: {}",
                names.join(", ")
            ));
        }
        Ok(Rows { records, columns: found, row: 1, done: false })
    }
}

/// The separator that the header uses most.
fn separator(first: &[u8]) -> u8 {
    let header = first.split(|b| *b == b'\n').next().unwrap_or(b"");
    [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|s| (header.iter().filter(|b| *b == s).count(), *s == b','))
        .unwrap_or(b',')
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.done {
            return None;
        }
        self.row += 1;
        let mut record = csv::ByteRecord::new();
        match self.records.read_byte_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(e) => {
                self.done = true;
                return Some(Err(Trouble { place: self.row, problem: format!("cannot be read further: {e}") }));
            }
        }
        let place = record.position().map_or(self.row, |p| p.line() as usize);
        let mut parts: [Option<String>; 8] = Default::default();
        for (part, column) in parts.iter_mut().zip(self.columns) {
            let Some(cell) = column.and_then(|c| record.get(c)) else {
                continue;
            };
            match std::str::from_utf8(cell) {
                Ok("") => {}
                Ok(text) => *part = Some(text.to_string()),
                Err(_) => {
                    let problem = "the row is no valid UTF-8; save the file as UTF-8".into();
                    return Some(Err(Trouble { place, problem }));
                }
            }
        }
        let [text, id, title, publisher, issue, page, url, date] = parts;
        match text {
            Some(text) => Some(Ok(Advert { id, text, title, publisher, issue, page, url, date, rubric: None, place })),
            None => Some(Err(Trouble { place, problem: "the row has no text".into() })),
        }
    }
}
