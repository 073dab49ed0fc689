//! `sakchy case`: looking into a casebook, reviewing, verifying.

use crate::case_common::{BandArg, FilterArgs, settings, trouble, write_out};
use crate::common::{PackArgs, plain};
use crate::messages::language;
use crate::{case_links, case_show, scan_registry};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use rayon::prelude::*;
use sakchy::Options as ScreenOptions;
use sakchy_casebook::report::{Options, xlsx};
use sakchy_casebook::review::NewReview;
use sakchy_casebook::view::Mark;
use sakchy_casebook::{Case, CaseError};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy scan --case ours.case november/              screen and keep
  sakchy case list ours.case                          the work list, gravest first
  sakchy case list ours.case --search \"паспорт* Дубай\"
  sakchy case show ours.case 17                       one advert with everything known of it
  sakchy case review export ours.case --out sheet.xlsx    fill it in, then
  sakchy case review import ours.case sheet.xlsx
  sakchy case reassess ours.case                      after a new version of rules or model
  sakchy case verify ours.case --head 0f3a...         is everything as the log says, also since that report?")]
pub struct CaseArgs {
    #[command(subcommand)]
    verb: CaseVerb,
}

#[derive(Subcommand)]
enum CaseVerb {
    /// Make an empty casebook, or bring an older one up to date
    New { case: PathBuf },
    /// The work list, gravest first; with --search the newest first
    List(ListArgs),
    /// One advert with its answers, reviews and links
    Show {
        case: PathBuf,
        /// Number of the advert
        advert: i64,
        /// Language: ky, ru, uz or en
        #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
        lang: Option<String>,
    },
    /// Kept totals: adverts and bands by outlet, issue, month, language, indicator, state
    Totals { case: PathBuf },
    /// Clusters as template and slots, and patterns over many adverts
    Links(case_links::LinksArgs),
    /// Reviews: add one, or carry many through a spreadsheet
    Review(ReviewArgs),
    /// Screen every advert again with the present rules and model; the old answers stay
    Reassess(ReassessArgs),
    /// What the newest answers changed
    Changes {
        case: PathBuf,
        /// Most adverts
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// The custody log
    Log {
        case: PathBuf,
        /// First entry
        #[arg(long, default_value_t = 1)]
        from: i64,
    },
    /// Find any altered row, log entry or source file. Exit code 1 when something was altered
    Verify {
        case: PathBuf,
        /// Head hash that a report printed (its first 16 letters are enough)
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
}

#[derive(Args)]
pub struct ListArgs {
    pub case: PathBuf,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Most adverts
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// Go on behind an advert, as the end of the list before says
    #[arg(long, value_name = "SCORE:ADVERT")]
    pub after: Option<String>,
    /// Language: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    pub lang: Option<String>,
}

#[derive(Args)]
struct ReviewArgs {
    #[command(subcommand)]
    verb: ReviewVerb,
}

#[derive(Subcommand)]
enum ReviewVerb {
    /// Add one review
    Add {
        case: PathBuf,
        advert: i64,
        /// open, concern, no-concern, test-interview, letter-sent or reported
        state: String,
        /// A note; for `reported` to whom
        #[arg(long, default_value = "")]
        note: String,
        /// Who says so [default: the user of this machine]
        #[arg(long)]
        by: Option<String>,
    },
    /// Write a spreadsheet to fill in
    Export {
        case: PathBuf,
        #[command(flatten)]
        filter: FilterArgs,
        /// File to write
        #[arg(long, short, value_name = "FILE.xlsx")]
        out: PathBuf,
        /// Show telephones in full
        #[arg(long)]
        telephones: bool,
        /// Language: ky, ru, uz or en
        #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
        lang: Option<String>,
    },
    /// Take a filled-in spreadsheet back; all of it or, when a row is wrong, nothing
    Import {
        case: PathBuf,
        sheet: PathBuf,
        /// Who takes it in, for the log [default: the user of this machine]
        #[arg(long)]
        by: Option<String>,
    },
}

#[derive(Args)]
struct ReassessArgs {
    case: PathBuf,
    /// Language of the answers: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    lang: Option<String>,
    /// Day for which permits are judged, as 2026-11-21
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Who does it, for the log [default: the user of this machine]
    #[arg(long)]
    by: Option<String>,
    #[command(flatten)]
    pack: PackArgs,
}

pub fn run(args: CaseArgs) -> ExitCode {
    let done = match args.verb {
        CaseVerb::New { case } => Case::open_or_create(&case, settings(None)).map(|_| ExitCode::SUCCESS),
        CaseVerb::List(args) => list(&args),
        CaseVerb::Show { case, advert, lang } => case_show::show(&case, advert, language(lang.as_deref())),
        CaseVerb::Totals { case } => case_show::totals(&case),
        CaseVerb::Links(args) => case_links::run(&args),
        CaseVerb::Review(args) => review(args.verb),
        CaseVerb::Reassess(args) => reassess(&args),
        CaseVerb::Changes { case, limit } => changes(&case, limit),
        CaseVerb::Log { case, from } => log(&case, from),
        CaseVerb::Verify { case, head } => verify(&case, head.as_deref()),
    };
    done.unwrap_or_else(|e| trouble(&e))
}

fn list(args: &ListArgs) -> Result<ExitCode, CaseError> {
    let case = Case::read(&args.case)?;
    let after = match args
        .after
        .as_deref()
        .map(|a| a.split_once(':').and_then(|(s, a)| Some((s.parse().ok()?, a.parse().ok()?))))
    {
        None => None,
        Some(Some((score, advert))) => Some(Mark { score, advert }),
        Some(None) => return Err(CaseError::input("--after wants what the end of the list before says, as 72:1805")),
    };
    // a search looks everywhere, the work list shows what needs checking
    let default = if args.filter.search.is_some() { BandArg::None } else { BandArg::Warning };
    let (rows, more) = case.page(&args.filter.filter(default), after, args.limit)?;
    case_show::list(&case, &rows, more, language(args.lang.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}

fn review(verb: ReviewVerb) -> Result<ExitCode, CaseError> {
    match verb {
        ReviewVerb::Add { case, advert, state, note, by } => {
            let settings = settings(by.as_deref());
            let who = settings.actor.clone();
            let added = Case::open(&case, settings)?.add_reviews(&[NewReview {
                advert,
                state,
                who,
                at: String::new(),
                note,
            }])?;
            eprintln!("sakchy: {added} reviews added");
        }
        ReviewVerb::Export { case, filter, out, telephones, lang } => {
            let case = Case::read(&case)?;
            let options = Options { lang: language(lang.as_deref()), telephones, ..Options::default() };
            let bytes = xlsx::review_sheet(&case, &filter.filter(BandArg::Warning), &options)?;
            write_out(Some(&out), &bytes).map_err(CaseError::input)?;
        }
        ReviewVerb::Import { case, sheet, by } => {
            let bytes = std::fs::read(&sheet).map_err(|e| CaseError::from(e).at(sheet.display()))?;
            let reviews = xlsx::read_reviews(&bytes).map_err(|e| e.at(sheet.display()))?;
            let added = Case::open(&case, settings(by.as_deref()))?.add_reviews(&reviews)?;
            eprintln!("sakchy: {} rows with a new state, {added} reviews added", reviews.len());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Adverts screened together.
const TOGETHER: usize = 1024;

fn reassess(args: &ReassessArgs) -> Result<ExitCode, CaseError> {
    let screener = args.pack.screener().map_err(CaseError::input)?;
    let mut case = Case::open(&args.case, settings(args.by.as_deref()))?;
    let lookup = scan_registry::Lookup::of_case(&case, args.as_of.as_deref()).map_err(CaseError::input)?;
    let registry = lookup.as_ref().map(scan_registry::Lookup::version).unwrap_or_default();
    let lang = language(args.lang.as_deref());
    let all = case.totals("all")?.remove("").unwrap_or_default().iter().sum();
    let bar = ProgressBar::new(all);
    let (mut from, mut new) = (0, 0);
    loop {
        let rows = case.adverts_from(from, TOGETHER)?;
        let Some(last) = rows.last().map(|r| r.id) else { break };
        let answers: Vec<_> = rows
            .par_iter()
            .map(|row| {
                let options = ScreenOptions { lang: Some(lang), title: Some(&row.title), ..ScreenOptions::default() };
                (row.id, scan_registry::screen(&screener, lookup.as_ref(), &row.text, options))
            })
            .collect();
        let mut batch = case.batch()?;
        batch.registry(&registry);
        for (advert, answer) in &answers {
            new += usize::from(batch.assess(*advert, answer)?);
        }
        batch.commit()?;
        bar.inc(rows.len() as u64);
        from = last + 1;
    }
    bar.finish_and_clear();
    let changed = if new > 0 { case.changes(0, usize::MAX)?.len() } else { 0 };
    eprintln!("sakchy: {new} new answers, {changed} adverts differ from the answer before (`sakchy case changes`)");
    Ok(ExitCode::SUCCESS)
}

fn changes(path: &std::path::Path, limit: usize) -> Result<ExitCode, CaseError> {
    let case = Case::read(path)?;
    for change in case.changes(0, limit)? {
        let sign = |names: &[String], sign: &str| names.iter().map(|n| format!(" {sign}{n}")).collect::<String>();
        let (before, after) = (&change.before, &change.after);
        println!(
            "{}: {} -> {}{}{}",
            change.advert,
            before.score,
            after.score,
            sign(&change.new, "+"),
            sign(&change.gone, "-")
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn log(path: &std::path::Path, from: i64) -> Result<ExitCode, CaseError> {
    let case = Case::read(path)?;
    let mut next = from;
    loop {
        let entries = case.log_entries(next, 1000)?;
        for e in &entries {
            let hash = sakchy_casebook::digest::hex(&e.hash);
            println!(
                "{} {} {} {} {} {} {}",
                e.seq,
                e.at,
                plain(&e.actor),
                e.version,
                e.event,
                &hash[..16],
                plain(&e.detail)
            );
        }
        match entries.last() {
            Some(last) => next = last.seq + 1,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

fn verify(path: &std::path::Path, head: Option<&str>) -> Result<ExitCode, CaseError> {
    let found = Case::read(path)?.verify(head)?;
    found.remarks.iter().for_each(|r| println!("- {}", plain(r)));
    found.problems.iter().for_each(|p| println!("! {}", plain(p)));
    println!(
        "{} log entries, {} sources, {} adverts, {} answers; head {}",
        found.entries, found.sources, found.adverts, found.assessments, found.head
    );
    println!("{}", if found.problems.is_empty() { "nothing was altered" } else { "ALTERED" });
    Ok(if found.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
