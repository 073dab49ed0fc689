//! CSV and TSV with a header.

use crate::advert::{Item, Trouble};
use crate::{Columns, headings};
use std::io::{BufRead, Read};

pub(crate) struct Rows<R> {
    records: csv::Reader<R>,
    columns: headings::Found,
    row: usize,
    done: bool,
}

impl<R: BufRead> Rows<R> {
    pub(crate) fn new(mut reader: R, columns: &Columns) -> Result<Rows<R>, String> {
        let separator = separator(reader.fill_buf().map_err(|e| e.to_string())?);
        let mut records = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(reader);
        let header = records.byte_headers().map_err(|e| format!("the header cannot be read: {e}"))?.clone();
        let names: Vec<String> = header.iter().map(|h| String::from_utf8_lossy(h).into_owned()).collect();
        let found = headings::find(&names, columns)?;
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
                return Some(Err(Trouble {
                    place: self.row,
                    problem: format!("cannot be read further: {e}"),
                    inside: None,
                }));
            }
        }
        let place = record.position().map_or(self.row, |p| p.line() as usize);
        let mut parts: [Option<String>; headings::PARTS] = Default::default();
        for (part, column) in parts.iter_mut().zip(self.columns) {
            let Some(cell) = column.and_then(|c| record.get(c)) else {
                continue;
            };
            match std::str::from_utf8(cell) {
                Ok("") => {}
                Ok(text) => *part = Some(text.to_string()),
                Err(_) => {
                    let problem = "the row is no valid UTF-8; save the file as UTF-8".into();
                    return Some(Err(Trouble { place, problem, inside: None }));
                }
            }
        }
        match headings::advert(parts, place) {
            Some(advert) => Some(Ok(advert)),
            None => Some(Err(Trouble { place, problem: "the row has no text".into(), inside: None })),
        }
    }
}
