//! Options of reading: limits, and what is known of a newspaper beforehand.

use clap::Args;
use sakchy_documents::{Columns, Limits, Options};

#[derive(Args, Clone, Default)]
pub struct ReadingArgs {
    /// Column of a CSV, XLSX or Parquet that holds the adverts
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// Most pages of one document [default: 5000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_pages: Option<usize>,
    /// Most megapixels of one picture [default: 120]
    #[arg(long, value_name = "MP", help_heading = "Limits")]
    max_pixels: Option<u64>,
    /// Most megabytes that one input may unpack to [default: 2048]
    #[arg(long, value_name = "MB", help_heading = "Limits")]
    max_unpacked: Option<u64>,
    /// How deep ZIP files may lie in each other [default: 2]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_depth: Option<usize>,
    /// Most seconds for one page in OCR or in the PDF tools [default: 60]
    #[arg(long, value_name = "S", help_heading = "Limits")]
    max_seconds: Option<u64>,
}

impl ReadingArgs {
    /// How the documents are to be read.
    pub fn options(&self) -> Options {
        let usual = Limits::default();
        let unpacked = self.max_unpacked.map_or(usual.unpacked, |mb| mb << 20);
        Options {
            columns: Columns { text: self.text_column.clone() },
            limits: Limits {
                pages: self.max_pages.unwrap_or(usual.pages),
                pixels: self.max_pixels.map_or(usual.pixels, |mp| mp * 1_000_000),
                unpacked,
                entry: usual.entry.min(unpacked),
                depth: self.max_depth.unwrap_or(usual.depth),
                seconds: self.max_seconds.unwrap_or(usual.seconds),
                ..usual
            },
        }
    }
}
