//! `scan --format xlsx|html`: the reports of a casebook, for a scan that keeps none.

use crate::case_common;
use sakchy::Screener;
use sakchy_casebook::report::{self, Options};
use sakchy_casebook::view::Filter;
use sakchy_casebook::{Case, CaseError};
use std::io::Write;
use std::path::PathBuf;

/// A folder for a casebook that nobody keeps; it goes with the program.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Result<Scratch, String> {
        let folder = std::env::temp_dir().join(format!("sakchy-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Scratch(folder))
    }

    pub fn case(&self) -> PathBuf {
        self.0.join("scan.case")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Language, lowest band, day for permits, telephones in full.
type Chosen<'c> = (&'c str, i64, Option<&'c str>, bool);

fn make<T>(
    screener: &Screener,
    (lang, band, as_of, telephones): Chosen<'_>,
    with: impl FnOnce(&Filter, &Options<'_>) -> Result<T, CaseError>,
) -> std::io::Result<T> {
    let finder = case_common::telephones(screener);
    let options = Options { lang, band, telephones, finder: Some(&finder), as_of };
    with(&Filter { band, ..Filter::default() }, &options).map_err(std::io::Error::other)
}

/// Writes the work list as XLSX.
pub fn xlsx(case: &Case, screener: &Screener, chosen: Chosen<'_>, out: &mut impl Write) -> std::io::Result<()> {
    out.write_all(&make(screener, chosen, |filter, options| report::xlsx::list(case, filter, options))?)
}

/// Writes the page.
pub fn html(case: &Case, screener: &Screener, chosen: Chosen<'_>, out: &mut impl Write) -> std::io::Result<()> {
    out.write_all(make(screener, chosen, |filter, options| report::html::page(case, filter, options))?.as_bytes())
}

/// Why a scan stopped: the casebook says so itself, everything else is the output.
pub fn reason(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::Other => e.to_string(),
        _ => format!("the output cannot be written: {e}"),
    }
}
