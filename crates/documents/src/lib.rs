//! From bytes to adverts: text (cut into adverts), CSV, JSON Lines. Streaming, no network.
#![forbid(unsafe_code)]

pub mod advert;
pub mod cut;
pub mod encoding;
pub mod html;
mod read_csv;
mod read_jsonl;
mod read_text;

pub use advert::{Advert, Item, Trouble};

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Longest line or advert that is read, in bytes; longer ones are named and skipped.
pub const LONGEST_LINE: usize = 64 << 20;

/// How an input is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Plain text: a page of adverts, or one advert.
    Text,
    /// Comma, semicolon or tab separated, with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Layout {
    /// The layout that a file name tells.
    pub fn of(path: &Path) -> Option<Layout> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "txt" | "text" | "md" => Some(Layout::Text),
            "csv" | "tsv" => Some(Layout::Csv),
            "jsonl" | "ndjson" => Some(Layout::Jsonl),
            _ => None,
        }
    }

    /// The layout that the first bytes of a stream tell: JSON Lines when it opens with `{`, else text.
    pub fn sniff(first: &[u8]) -> Layout {
        let start = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
        match start.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{') => Layout::Jsonl,
            _ => Layout::Text,
        }
    }
}

/// Names of columns or fields that hold the parts of an advert, where a caller knows them.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Column of the advert's text; found by its name otherwise.
    pub text: Option<String>,
}

/// Reads adverts one by one. Troubles come in their place, so that the rest is read all the same.
///
/// # Errors
/// A message when the input cannot be opened as this layout at all.
pub fn read<'r>(
    input: impl Read + Send + 'r,
    layout: Layout,
    columns: &Columns,
) -> Result<Box<dyn Iterator<Item = Item> + Send + 'r>, String> {
    // JSON is UTF-8 by its standard: a broken byte is a matter of its line, not of the file
    let decoded = encoding::decode(input, layout == Layout::Jsonl)?;
    let mut reader = BufReader::with_capacity(1 << 16, decoded);
    let empty = reader.fill_buf().map_err(|e| e.to_string())?.is_empty();
    if empty {
        return Err("is empty".into());
    }
    Ok(match layout {
        Layout::Text => Box::new(read_text::Texts::new(reader)),
        Layout::Csv => Box::new(read_csv::Rows::new(reader, columns)?),
        Layout::Jsonl => Box::new(read_jsonl::Lines::new(reader)),
    })
}
