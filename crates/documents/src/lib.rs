//! From bytes to adverts: text (cut into adverts), HTML, CSV, XLSX, JSON Lines, Parquet, WARC, ZIP. No network.
//!
//! [`open`] reads any layout out of a file or memory; [`read`] streams text, CSV and JSON Lines out of any reader;
//! [`html::read`] is the reader of web pages by itself.
#![forbid(unsafe_code)]

pub mod advert;
pub mod cut;
pub mod encoding;
mod headings;
pub mod html;
mod limits;
mod read_csv;
mod read_html;
mod read_jsonl;
mod read_parquet;
mod read_text;
mod read_warc;
mod read_xlsx;
mod read_zip;
mod source;

pub use advert::{Advert, Area, Item, Spot, Trouble};
pub use limits::Limits;
pub use source::Source;

use source::Emit;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
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
    /// A page of the web.
    Html,
    /// A spreadsheet.
    Xlsx,
    /// Columns in row groups.
    Parquet,
    /// An archive of the web, gzipped or not.
    Warc,
    /// A ZIP of files of the other layouts.
    Zip,
}

/// Endings of file names, and what they tell.
const ENDINGS: &[(&str, Layout)] = &[
    ("txt", Layout::Text),
    ("text", Layout::Text),
    ("md", Layout::Text),
    ("csv", Layout::Csv),
    ("tsv", Layout::Csv),
    ("jsonl", Layout::Jsonl),
    ("ndjson", Layout::Jsonl),
    ("html", Layout::Html),
    ("htm", Layout::Html),
    ("xhtml", Layout::Html),
    ("xlsx", Layout::Xlsx),
    ("xlsm", Layout::Xlsx),
    ("parquet", Layout::Parquet),
    ("warc", Layout::Warc),
    ("warc.gz", Layout::Warc),
    ("zip", Layout::Zip),
];

impl Layout {
    /// The layout that a file name tells.
    pub fn of(path: &Path) -> Option<Layout> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let told = |(ending, _): &&(&str, Layout)| name.strip_suffix(ending).is_some_and(|n| n.ends_with('.'));
        ENDINGS.iter().find(told).map(|(_, layout)| *layout)
    }

    /// The layout that the first bytes of a stream tell; text when they tell nothing else.
    pub fn sniff(first: &[u8]) -> Layout {
        let start = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
        let head: Vec<u8> = start.iter().copied().skip_while(u8::is_ascii_whitespace).take(1024).collect();
        let lower = String::from_utf8_lossy(&head).to_ascii_lowercase();
        match first {
            [b'P', b'K', 3, 4, ..] if first.windows(9).any(|w| w == b"xl/workbo" || w == b"[Content_") => Layout::Xlsx,
            [b'P', b'K', 3, 4, ..] => Layout::Zip,
            [b'P', b'A', b'R', b'1', ..] => Layout::Parquet,
            [0x1f, 0x8b, ..] => Layout::Warc,
            _ if lower.starts_with("warc/") => Layout::Warc,
            _ if lower.starts_with("<!doctype html") || lower.starts_with("<html") => Layout::Html,
            _ if head.first() == Some(&b'{') => Layout::Jsonl,
            _ => Layout::Text,
        }
    }

    /// All endings of file names that can be read, as `.txt .csv ...`.
    pub fn endings() -> String {
        ENDINGS.iter().map(|(e, _)| format!(".{e}")).collect::<Vec<_>>().join(" ")
    }

    /// Read as it comes, without a look at the end first?
    pub fn streams(self) -> bool {
        matches!(self, Layout::Text | Layout::Csv | Layout::Jsonl)
    }
}

/// Names of columns or fields that hold the parts of an advert, where a caller knows them.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Column of the advert's text; found by its name otherwise.
    pub text: Option<String>,
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Columns of tables.
    pub columns: Columns,
    /// How much at most.
    pub limits: Limits,
}

/// Reads adverts of a stream one by one. Troubles come in their place, so that the rest is read all the same.
///
/// # Errors
/// A message when the input cannot be opened as this layout at all, or the layout needs the whole file ([`open`]).
pub fn read<'r>(
    input: impl Read + Send + 'r,
    layout: Layout,
    columns: &Columns,
) -> Result<Box<dyn Iterator<Item = Item> + Send + 'r>, String> {
    if !layout.streams() {
        return Err(format!("{layout:?} cannot be read as a stream"));
    }
    // JSON is UTF-8 by its standard: a broken byte is a matter of its line, not of the file
    let decoded = encoding::decode(input, layout == Layout::Jsonl)?;
    let mut reader = BufReader::with_capacity(1 << 16, decoded);
    let empty = reader.fill_buf().map_err(|e| e.to_string())?.is_empty();
    if empty {
        return Err("is empty".into());
    }
    Ok(match layout {
        Layout::Csv => Box::new(read_csv::Rows::new(reader, columns)?),
        Layout::Jsonl => Box::new(read_jsonl::Lines::new(reader)),
        _ => Box::new(read_text::Texts::new(reader)),
    })
}

/// Reads the adverts of a document of any layout, one by one, troubles in their place.
///
/// # Errors
/// A message when the input cannot be opened as this layout at all.
pub fn open(
    source: Source,
    layout: Layout,
    options: &Options,
) -> Result<Box<dyn Iterator<Item = Item> + Send>, String> {
    if layout.streams() {
        return match source {
            Source::File(path) => read(file(&path)?, layout, &options.columns),
            Source::Bytes(bytes) => read(Cursor::new(bytes), layout, &options.columns),
        };
    }
    if let Source::File(path) = &source {
        file(path)?;
    }
    let options = options.clone();
    Ok(source::ahead(move |emit| {
        let mut budget = options.limits.unpacked;
        document(source, layout, &options, 0, &mut budget, emit);
    }))
}

fn file(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "cannot be opened: there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "cannot be opened: you may not read it".to_string(),
        _ => format!("cannot be opened: {e}"),
    })
}

/// Hands on the adverts of one document, however deep it lies. `budget` is what may still be unpacked, in bytes. False when
/// nobody wants more.
pub(crate) fn document(
    source: Source,
    layout: Layout,
    options: &Options,
    depth: usize,
    budget: &mut u64,
    emit: &mut Emit<'_>,
) -> bool {
    let whole = |problem: String| Err(Trouble::whole(problem));
    if layout.streams() {
        return match open(source, layout, options) {
            Ok(mut items) => items.all(emit),
            Err(problem) => emit(whole(problem)),
        };
    }
    let opened = match (layout, source) {
        // one page of the web, and little of it
        (Layout::Html, source) => {
            return match source.bytes(options.limits.entry) {
                Ok(bytes) => read_html::adverts(&bytes, None, None, emit),
                Err(problem) => emit(whole(problem)),
            };
        }
        (Layout::Parquet, Source::Bytes(bytes)) => {
            return read_parquet::adverts(bytes::Bytes::from(bytes), &options.columns, emit);
        }
        (Layout::Parquet, Source::File(path)) => match file(&path) {
            Ok(file) => return read_parquet::adverts(file, &options.columns, emit),
            Err(problem) => return emit(whole(problem)),
        },
        (_, Source::Bytes(bytes)) => Ok(Packed::Memory(Cursor::new(bytes))),
        (_, Source::File(path)) => file(&path).map(|f| Packed::File(BufReader::new(f))),
    };
    let input = match opened {
        Ok(input) => input,
        Err(problem) => return emit(whole(problem)),
    };
    match layout {
        Layout::Warc => read_warc::adverts(input, options, budget, emit),
        Layout::Zip => read_zip::adverts(input, options, depth, budget, emit),
        _ => read_xlsx::adverts(input, &options.columns, &options.limits, emit),
    }
}

/// A file or memory, with one type for both.
enum Packed {
    Memory(Cursor<Vec<u8>>),
    File(BufReader<File>),
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Packed::Memory(m) => m.read(buffer),
            Packed::File(f) => f.read(buffer),
        }
    }
}

impl std::io::Seek for Packed {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        match self {
            Packed::Memory(m) => m.seek(to),
            Packed::File(f) => f.seek(to),
        }
    }
}
