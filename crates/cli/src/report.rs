//! `sakchy report`: tables, a page, samples, letters. Nothing is ever sent.

use crate::case_common::{BandArg, FilterArgs, ReportArgs, settings, telephones, trouble, write_out};
use clap::{Args, Subcommand, ValueEnum};
use sakchy::Screener;
use sakchy_casebook::report::letter::{self, Letter};
use sakchy_casebook::report::{Options, html, tables, xlsx};
use sakchy_casebook::texts::Texts;
use sakchy_casebook::view::Filter;
use sakchy_casebook::{Case, CaseError};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy report page ours.case --out report.html         a page with charts, made to be printed
  sakchy report table ours.case --format xlsx --out list.xlsx
  sakchy report sample ours.case --size 100 --seed 7 --out check.xlsx   unflagged adverts to check by hand
  sakchy report letter ours.case --outlet \"Name of the paper\" --lang ky --out letter.docx
  sakchy report referral ours.case --to \"Name of the body\" --out referral.docx
  sakchy report template letter --lang ru > ours.txt     a template to replace: then --template ours.txt")]
pub struct ReportVerbArgs {
    #[command(subcommand)]
    verb: ReportVerb,
}

#[derive(Subcommand)]
enum ReportVerb {
    /// The adverts as a table
    Table {
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        filter: FilterArgs,
        /// What to write
        #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
        format: TableFormat,
    },
    /// One page with charts, links and adverts; stands alone
    Page {
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Draw unflagged adverts at random, as a sheet to check by hand; take it back with `case review import`
    Sample {
        #[command(flatten)]
        report: ReportArgs,
        /// How many
        #[arg(long, default_value_t = 100)]
        size: usize,
        /// Where the draw begins: the same seed gives the same adverts
        #[arg(long, default_value_t = 1)]
        seed: i64,
    },
    /// Draft the letter to an outlet
    Letter(LetterArgs),
    /// Draft the letter to a public body
    Referral(LetterArgs),
    /// Print a letter's template, to be edited and given back with --template
    Template {
        /// Which letter
        kind: TemplateKind,
        /// ru, ky or en
        #[arg(long, value_parser = letter::LANGUAGES, default_value = "ru")]
        lang: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Csv,
    Xlsx,
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TemplateKind {
    Letter,
    Referral,
}

#[derive(Args)]
struct LetterArgs {
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Who writes
    #[arg(long, default_value = "")]
    office: String,
    /// To which public body
    #[arg(long, default_value = "")]
    to: String,
    /// A template of the office's own
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Take flagged adverts also when nobody has confirmed the concern
    #[arg(long)]
    unreviewed: bool,
}

pub fn run(args: ReportVerbArgs) -> ExitCode {
    let screener = Screener::builtin();
    work(args, &screener).unwrap_or_else(|e| trouble(&e))
}

fn work(args: ReportVerbArgs, screener: &Screener) -> Result<ExitCode, CaseError> {
    let finder = telephones(screener);
    let options = |report: &'_ ReportArgs, filter: &Filter| -> Result<OwnOptions, CaseError> {
        if let Some(day) = &report.as_of {
            crate::registry::check_date(day).map_err(CaseError::input)?;
        }
        Ok(OwnOptions {
            lang: report.lang(),
            band: filter.band,
            telephones: report.telephones,
            as_of: report.as_of.clone(),
        })
    };
    match args.verb {
        ReportVerb::Table { report, filter, format } => {
            let (case, filter) = (Case::read(&report.case)?, filter.filter(BandArg::Warning));
            let own = options(&report, &filter)?;
            let options = own.with(&finder);
            let mut bytes = Vec::new();
            match format {
                TableFormat::Xlsx => bytes = xlsx::list(&case, &filter, &options)?,
                TableFormat::Csv => tables::csv(&case, &filter, &options, &mut bytes)?,
                TableFormat::Jsonl => tables::jsonl(&case, &filter, &options, &mut bytes)?,
            }
            write_out(report.out.as_deref(), &bytes).map_err(CaseError::input)?;
        }
        ReportVerb::Page { report, filter } => {
            let (case, filter) = (Case::read(&report.case)?, filter.filter(BandArg::Warning));
            let page = html::page(&case, &filter, &options(&report, &filter)?.with(&finder))?;
            write_out(report.out.as_deref(), page.as_bytes()).map_err(CaseError::input)?;
        }
        ReportVerb::Sample { report, size, seed } => {
            let sample = Case::open(&report.case, settings(None))?.draw_sample(size, seed)?;
            let case = Case::read(&report.case)?;
            let filter = Filter { sample: Some(sample.id), ..Filter::default() };
            let sheet = xlsx::review_sheet(&case, &filter, &options(&report, &filter)?.with(&finder))?;
            sample.lines(Texts::of(report.lang())).iter().for_each(|l| eprintln!("sakchy: {l}"));
            write_out(report.out.as_deref(), &sheet).map_err(CaseError::input)?;
        }
        ReportVerb::Letter(args) => {
            let outlet = args.filter.outlet.clone();
            let outlet = outlet.ok_or_else(|| CaseError::input("--outlet says which outlet the letter goes to"))?;
            draft(&args, letter::Kind::Outlet, &outlet, &finder)?;
        }
        ReportVerb::Referral(args) => {
            let outlet = args.filter.outlet.clone().unwrap_or_default();
            draft(&args, letter::Kind::Referral, &outlet, &finder)?;
        }
        ReportVerb::Template { kind, lang } => {
            let kind = if kind == TemplateKind::Letter { letter::Kind::Outlet } else { letter::Kind::Referral };
            write_out(None, letter::builtin(kind, &lang).as_bytes()).map_err(CaseError::input)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Options that outlive their arguments.
struct OwnOptions {
    lang: &'static str,
    band: i64,
    telephones: bool,
    as_of: Option<String>,
}

impl OwnOptions {
    fn with<'o>(&'o self, finder: &'o dyn Fn(&str) -> Vec<std::ops::Range<usize>>) -> Options<'o> {
        Options {
            lang: self.lang,
            band: self.band,
            telephones: self.telephones,
            finder: Some(finder),
            as_of: self.as_of.as_deref(),
        }
    }
}

fn draft(
    args: &LetterArgs,
    kind: letter::Kind,
    outlet: &str,
    finder: &dyn Fn(&str) -> Vec<std::ops::Range<usize>>,
) -> Result<(), CaseError> {
    let lang = args.report.lang();
    if !letter::LANGUAGES.contains(&lang) && args.template.is_none() {
        return Err(CaseError::input(format!(
            "there is no letter in `{lang}`; take --lang ru, ky or en, or a --template"
        )));
    }
    let template = match &args.template {
        Some(path) => std::fs::read_to_string(path).map_err(|e| CaseError::from(e).at(path.display()))?,
        None => letter::builtin(kind, lang).to_string(),
    };
    let case = Case::read(&args.report.case)?;
    let mut filter = args.filter.filter(BandArg::Warning);
    if !args.unreviewed && filter.state.is_none() {
        filter.state = Some("concern".into());
    }
    let own =
        OwnOptions { lang, band: filter.band, telephones: args.report.telephones, as_of: args.report.as_of.clone() };
    let letter = Letter { office: &args.office, addressee: &args.to, outlet };
    let paragraphs = case.letter(&template, &letter, &filter, &own.with(finder))?;
    let docx = args.report.out.as_ref().is_some_and(|o| o.extension().is_some_and(|e| e.eq_ignore_ascii_case("docx")));
    let bytes = if docx { letter::docx(&paragraphs)? } else { letter::html(&paragraphs, lang).into_bytes() };
    write_out(args.report.out.as_deref(), &bytes).map_err(CaseError::input)
}
