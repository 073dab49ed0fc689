//! What the verbs over a casebook share.

use clap::{Args, ValueEnum};
use sakchy::Screener;
use sakchy_casebook::view::Filter;
use sakchy_casebook::{CaseError, Kind, Settings};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Who works: named, else the user of the machine.
pub fn settings(by: Option<&str>) -> Settings {
    let user = || ["USER", "USERNAME", "LOGNAME"].iter().find_map(|v| std::env::var(v).ok().filter(|u| !u.is_empty()));
    let actor = by.map(str::to_string).or_else(user).unwrap_or_else(|| "unknown".into());
    Settings { actor, ..Settings::default() }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BandArg {
    None,
    Notice,
    Warning,
    Danger,
}

impl BandArg {
    pub fn number(self) -> i64 {
        self as i64
    }
}

/// Which adverts.
#[derive(Args, Clone, Default)]
pub struct FilterArgs {
    /// Adverts of this band and above [default: warning]
    #[arg(long, value_enum)]
    pub min_band: Option<BandArg>,
    /// Outlet, by its exact name
    #[arg(long)]
    pub outlet: Option<String>,
    /// Issue
    #[arg(long)]
    pub issue: Option<String>,
    /// Language of the adverts, as ky
    #[arg(long)]
    pub language: Option<String>,
    /// Month, as 2026-11
    #[arg(long)]
    pub month: Option<String>,
    /// Newest review: none, open, concern, no-concern, test-interview, letter-sent, reported
    #[arg(long)]
    pub state: Option<String>,
    /// Words that must all stand in the advert; word* for any ending
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Adverts of a cluster
    #[arg(long, value_name = "NUMBER")]
    pub cluster: Option<i64>,
    /// Adverts that name a telephone (as +996555123456) or handle
    #[arg(long)]
    pub contact: Option<String>,
}

impl FilterArgs {
    pub fn filter(&self, default: BandArg) -> Filter {
        Filter {
            band: self.min_band.unwrap_or(default).number(),
            outlet: self.outlet.clone(),
            issue: self.issue.clone(),
            language: self.language.clone(),
            month: self.month.clone(),
            state: self.state.clone(),
            words: self.search.clone(),
            cluster: self.cluster,
            contact: self.contact.clone(),
            sample: None,
        }
    }
}

/// Where a report goes and how it is made.
#[derive(Args, Clone)]
pub struct ReportArgs {
    /// The casebook
    #[arg(value_name = "CASE")]
    pub case: PathBuf,
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Language: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    pub lang: Option<String>,
    /// Show telephones in full
    #[arg(long)]
    pub telephones: bool,
    /// Day for which permits are judged, as 2026-11-21 [default: day of the newest entry of the log]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

impl ReportArgs {
    pub fn lang(&self) -> &'static str {
        crate::messages::language(self.lang.as_deref())
    }
}

/// Telephones of a text that are told in words, by the screener's own reading.
pub fn telephones(screener: &Screener) -> impl Fn(&str) -> Vec<Range<usize>> + '_ {
    |text| {
        let reading = screener.engine().read(text, None);
        reading.facts.telephones.iter().map(|t| t.span.start..t.span.end).collect()
    }
}

/// Writes to a file - beside its place and then moved there - or to standard output.
pub fn write_out(out: Option<&Path>, bytes: &[u8]) -> Result<(), String> {
    match out {
        Some(path) => sakchy_train::training::write_over(path, bytes),
        None => {
            let mut stdout = std::io::stdout().lock();
            match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                    Err(format!("the output cannot be written: {e}"))
                }
                _ => Ok(()),
            }
        }
    }
}

/// An exit code for a trouble with a casebook: 2 what the user gave, 1 anything else.
pub fn trouble(e: &CaseError) -> ExitCode {
    eprintln!("sakchy: {}", crate::common::plain(&e.to_string()));
    match e.kind {
        Kind::Input | Kind::Missing | Kind::NotACase | Kind::Newer => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}
