//! Reports: tables, a page, letters. The same case gives the same bytes: times come from the case.

pub mod charts;
mod docx;
pub mod graph;
pub mod html;
pub mod letter;
pub mod rows;
pub mod tables;
pub mod xlsx;

use crate::mask::{Finder, Mask};
use crate::texts::Texts;

/// What a report shows and how.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// ky, ru, uz or en.
    pub lang: &'o str,
    /// Lowest band of the adverts that are listed, 0 to 3.
    pub band: i64,
    /// Show telephones in full.
    pub telephones: bool,
    /// Finds telephones told in words.
    pub finder: Option<Finder<'o>>,
    /// Day for which permits are judged, YYYY-MM-DD; none: the day of the newest entry of the log.
    pub as_of: Option<&'o str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { lang: "ru", band: 2, telephones: false, finder: None, as_of: None }
    }
}

impl<'o> Options<'o> {
    /// The texts of the language.
    pub fn texts(&self) -> Texts {
        Texts::of(self.lang)
    }

    /// How telephones are shown.
    pub fn mask(&self) -> Mask<'o> {
        Mask { show: self.telephones, finder: self.finder }
    }
}
