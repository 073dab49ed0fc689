//! `sakchy registry`: lists of permits.

use crate::case_common::{settings, trouble};
use crate::common::{PackArgs, plain};
use crate::messages::language;
use crate::registry::check_date;
use crate::scan_registry;
use clap::{Args, Subcommand};
use sakchy_casebook::permits::Mapping;
use sakchy_casebook::report::rows::permit_line;
use sakchy_casebook::texts::Texts;
use sakchy_casebook::{Case, CaseError};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy registry import permits.xlsx --case ours.case
  sakchy registry import list.csv --case ours.case --column name=\"Кому выдано\" --column expires=\"По\"
  sakchy registry check --case ours.case --name \"Nur Group\" --to PL --as-of 2026-11-25")]
pub struct RegistryArgs {
    #[command(subcommand)]
    verb: RegistryVerb,
}

#[derive(Subcommand)]
enum RegistryVerb {
    /// Keep a list in a casebook: CSV or XLSX; from now on it is the one in force
    Import {
        file: PathBuf,
        #[arg(long)]
        case: PathBuf,
        /// Which column holds what: name, number, expires, status or countries
        #[arg(long, value_name = "OURS=HEADING")]
        column: Vec<String>,
        /// Who does it, for the log [default: the user of this machine]
        #[arg(long)]
        by: Option<String>,
        #[command(flatten)]
        pack: PackArgs,
    },
    /// Look up a firm or a permit number
    Check {
        #[arg(long)]
        case: PathBuf,
        /// Firm, in any spelling
        #[arg(long)]
        name: Option<String>,
        /// Permit number
        #[arg(long)]
        number: Option<String>,
        /// Country that the advert names, as PL
        #[arg(long)]
        to: Vec<String>,
        /// Day for which it is judged, as 2026-11-21
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
        /// Language: ky, ru, uz or en
        #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
        lang: Option<String>,
    },
}

pub fn run(args: RegistryArgs) -> ExitCode {
    work(args).unwrap_or_else(|e| trouble(&e))
}

fn work(args: RegistryArgs) -> Result<ExitCode, CaseError> {
    match args.verb {
        RegistryVerb::Import { file, case, column, by, pack } => {
            let screener = pack.screener().map_err(CaseError::input)?;
            let pair = |c: &String| c.split_once('=').map(|(k, v)| (k.trim().to_string(), v.trim().to_string()));
            let mapping: Option<Mapping> = column.iter().map(pair).collect();
            let mapping =
                mapping.ok_or_else(|| CaseError::input("--column wants ours=heading, as name=\"Кому выдано\""))?;
            let (bytes, permits, notes) = scan_registry::read(&screener, &file, &mapping).map_err(CaseError::input)?;
            notes.iter().for_each(|n| eprintln!("sakchy: {}: {}", file.display(), plain(n)));
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let new = Case::open_or_create(&case, settings(by.as_deref()))?.add_permits(&name, &bytes, &permits)?;
            let what =
                if new { "permits kept; this list is in force now" } else { "permits: this list is there already" };
            eprintln!("sakchy: {} {what}", permits.rows().len());
        }
        RegistryVerb::Check { case, name, number, to, as_of, lang } => {
            if let Some(day) = &as_of {
                check_date(day).map_err(CaseError::input)?;
            }
            let case = Case::read(&case)?;
            let head = case.head()?.at;
            let as_of = as_of.as_deref().unwrap_or(head.get(..10).unwrap_or(""));
            let firms: Vec<String> = name.into_iter().collect();
            let check = case.permits()?.check(&firms, number.as_deref(), &to, as_of);
            let check = check.ok_or_else(|| CaseError::input("name a firm with --name or a permit with --number"))?;
            println!("{}", plain(&permit_line(&check, Texts::of(language(lang.as_deref())))));
        }
    }
    Ok(ExitCode::SUCCESS)
}
