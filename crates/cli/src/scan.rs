//! `sakchy scan`: reads adverts and shows those that need checking.

use crate::common::{PackArgs, fail};
use crate::input::{Input, collect};
use crate::messages::{Messages, language};
use crate::reading::ReadingArgs;
use crate::scan_case::Sink;
use crate::scan_registry::{self, Lookup};
use crate::table::{self, Colours, Counts, Entry};
use crate::{csv_out, registry, scan_out};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use sakchy::{Assessment, Options, Screener};
use sakchy_documents::{Advert, Known, Layout, Options as Reading};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Adverts screened together; large enough for all cores, small enough to stay in memory whatever the input.
const BATCH: usize = 512;
/// Bytes of advert text in one batch, so that long adverts do not pile up.
const BATCH_BYTES: usize = 16 << 20;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy scan page.txt                         a newspaper page, adverts that need checking first
  sakchy scan --lang ky adverts/               every file of a folder, answers in Kyrgyz
  sakchy scan --format jsonl adverts.jsonl     one JSON answer a line, in order
  sakchy scan --format csv --min-band notice --registry permits.csv --as-of 2026-11-21 board.csv > list.csv
  sakchy scan --case ours.case --outlet \"Name of the paper\" --issue 12 page.txt      keep everything in a casebook
  sakchy scan --format html adverts/ > report.html
  cat advert.txt | sakchy scan -")]
pub struct ScanArgs {
    /// Files, folders, or - for standard input (newspapers, pages, tables, archives)
    #[arg(required = true, value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Language of the answers: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    lang: Option<String>,
    /// Show adverts of this band and above [default: warning for tables and CSV, none for JSON Lines]
    #[arg(long, value_enum)]
    min_band: Option<Band>,
    /// List of permits as CSV or XLSX: name, permit number, expires, status, countries
    #[arg(long, value_name = "FILE.csv|xlsx")]
    registry: Option<PathBuf>,
    /// Day for which permits are judged, as 2026-11-21
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Country whose help lines are shown
    #[arg(long, default_value = "KG")]
    country: String,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    case: CaseArgs,
    #[command(flatten)]
    pack: PackArgs,
}

/// What goes into a casebook.
#[derive(Args)]
struct CaseArgs {
    /// Keep adverts, answers and files in this casebook; it is made where there is none
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// Only write down where the files are, instead of keeping copies beside the casebook
    #[arg(long, requires = "case")]
    reference: bool,
    /// Who does it, for the casebook's log [default: the user of this machine]
    #[arg(long, requires = "case")]
    by: Option<String>,
    /// With --format xlsx or html: show telephones in full
    #[arg(long)]
    telephones: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
    Csv,
    Xlsx,
    Html,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Band {
    None,
    Notice,
    Warning,
    Danger,
}

impl Band {
    fn of(answer: &Assessment) -> Band {
        match answer.band {
            "danger" => Band::Danger,
            "warning" => Band::Warning,
            "notice" => Band::Notice,
            _ => Band::None,
        }
    }
}

pub fn run(args: ScanArgs) -> ExitCode {
    let screener = match args.pack.screener() {
        Ok(screener) => screener,
        Err(e) => return fail(&e),
    };
    if let Some(Err(e)) = args.as_of.as_deref().map(registry::check_date) {
        return fail(&e);
    }
    let mut scan = match Scan::new(&args, &screener) {
        Ok(scan) => scan,
        Err(e) => return fail(&e),
    };
    let (inputs, lost) = collect(&args.inputs);
    for problem in lost {
        scan.trouble(&problem);
    }
    let reading = args.reading.options();
    for input in &inputs {
        if let Err(e) = scan.input(input, &reading) {
            scan.progress.finish_and_clear();
            return closed(&e);
        }
    }
    if let Err(e) = scan.finish() {
        return closed(&e);
    }
    match (scan.troubles, scan.counts.read) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(3),
        _ => ExitCode::from(1),
    }
}

/// Writing failed: a reader that closed the pipe is no mistake of ours.
fn closed(e: &std::io::Error) -> ExitCode {
    if e.kind() == std::io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    eprintln!("sakchy: {}", scan_out::reason(e));
    ExitCode::from(1)
}

struct Scan<'a> {
    args: &'a ScanArgs,
    screener: &'a Screener,
    lookup: Option<Lookup>,
    /// Where everything is kept: the casebook named, or one for a report alone.
    sink: Option<Sink>,
    scratch: Option<scan_out::Scratch>,
    min_band: Band,
    out: BufWriter<std::io::Stdout>,
    progress: ProgressBar,
    entries: Vec<Entry>,
    counts: Counts,
    troubles: usize,
    headed: bool,
}

impl<'a> Scan<'a> {
    fn new(args: &'a ScanArgs, screener: &'a Screener) -> Result<Scan<'a>, String> {
        let mut lookup = match &args.registry {
            Some(path) => Some(Lookup::of_file(screener, path, args.as_of.as_deref())?),
            None => None,
        };
        let report = matches!(args.format, Format::Xlsx | Format::Html);
        let scratch = if report && args.case.case.is_none() { Some(scan_out::Scratch::new()?) } else { None };
        let path = args.case.case.clone().or_else(|| scratch.as_ref().map(scan_out::Scratch::case));
        let mut sink = match path {
            Some(path) => Some(Sink::open(&path, args.case.by.as_deref())?),
            None => None,
        };
        if let (Some(sink), None) = (&sink, &lookup) {
            lookup = Lookup::of_case(&sink.case, args.as_of.as_deref())?;
        }
        if let (Some(sink), Some(lookup)) = (&mut sink, &lookup) {
            sink.registry(lookup.version());
        }
        let progress = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} · {per_sec} · {elapsed} {msg}") {
            progress.set_style(style);
        }
        let default = if args.format == Format::Jsonl { Band::None } else { Band::Warning };
        Ok(Scan {
            args,
            screener,
            lookup,
            sink,
            scratch,
            min_band: args.min_band.unwrap_or(default),
            out: BufWriter::new(std::io::stdout()),
            progress,
            entries: Vec::new(),
            counts: Counts::default(),
            troubles: 0,
            headed: false,
        })
    }

    fn trouble(&mut self, problem: &str) {
        self.troubles += 1;
        self.progress.suspend(|| eprintln!("sakchy: {}", crate::common::plain(problem)));
    }

    fn input(&mut self, input: &Input, reading: &Reading) -> std::io::Result<()> {
        let name = input.name();
        self.progress.set_message(name.clone());
        let opened = match &mut self.sink {
            None => input.open(reading).map(Some),
            Some(sink) => sink.begin(input, reading, !self.args.case.reference && self.scratch.is_none()),
        };
        let (layout, adverts) = match opened {
            Ok(Some(open)) => open,
            Ok(None) => {
                let what = "was read into this casebook before; `sakchy case reassess` screens it again";
                self.progress.suspend(|| eprintln!("sakchy: {}: {what}", crate::common::plain(&name)));
                return Ok(());
            }
            Err(e) => {
                self.trouble(&format!("{name}: {e}"));
                return Ok(());
            }
        };
        let mut known = self.args.reading.known();
        if let Input::File(path) = input {
            match Known::of(path) {
                Ok(told) => known = known.or(told),
                Err(e) => self.trouble(&e),
            }
        }
        let mut batch = Vec::with_capacity(BATCH);
        let mut bytes = 0;
        for item in adverts {
            match item {
                Ok(mut advert) => {
                    known.fill(&mut advert);
                    bytes += advert.text.len();
                    batch.push(advert);
                }
                Err(t) => {
                    let at = if t.place > 0 { format!(":{}", t.place) } else { String::new() };
                    let name = within(&name, t.inside.as_deref());
                    self.trouble(&format!("{name}{at}: {}", t.problem));
                }
            }
            if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                self.batch(&name, layout, std::mem::take(&mut batch))?;
                bytes = 0;
            }
        }
        self.batch(&name, layout, batch)?;
        self.sink.as_mut().map_or(Ok(()), Sink::end).map_err(std::io::Error::other)
    }

    fn batch(&mut self, name: &str, layout: Layout, adverts: Vec<Advert>) -> std::io::Result<()> {
        let lang = self.lang();
        let (screener, lookup, country) = (self.screener, self.lookup.as_ref(), self.args.country.as_str());
        let json = self.args.format == Format::Jsonl;
        let screened: Vec<(Advert, Assessment, String)> = adverts
            .into_par_iter()
            .map(|mut advert| {
                if layout != Layout::Jsonl && advert.id.is_none() {
                    advert.id = Some(address(name, &advert));
                }
                let options = Options {
                    lang,
                    country: Some(country),
                    kind: None,
                    title: advert.title.as_deref(),
                    id: advert.id.as_deref(),
                    registry: None,
                };
                let answer = scan_registry::screen(screener, lookup, &advert.text, options);
                let line = if json { answer.to_json() } else { String::new() };
                (advert, answer, line)
            })
            .collect();
        self.progress.inc(screened.len() as u64);
        for (advert, answer, line) in screened {
            self.counts.add(&answer);
            if let Some(sink) = &mut self.sink {
                sink.take(&advert, &answer).map_err(std::io::Error::other)?;
            }
            if Band::of(&answer) < self.min_band {
                continue;
            }
            match self.args.format {
                Format::Jsonl => writeln!(self.out, "{line}")?,
                Format::Csv => {
                    self.csv_header()?;
                    csv_out::row(&mut self.out, name, &advert, &answer)?;
                }
                Format::Xlsx | Format::Html => {}
                Format::Table => {
                    let place = place(name, &advert);
                    self.entries.push(Entry { place, text: advert.text, title: advert.title, answer });
                }
            }
        }
        Ok(())
    }

    /// The header comes before the first row, and alone where there is no row.
    fn csv_header(&mut self) -> std::io::Result<()> {
        if !std::mem::replace(&mut self.headed, true) {
            let messages = self.messages();
            csv_out::header(&mut self.out, &messages)?;
        }
        Ok(())
    }

    /// Language of the answers: chosen, or for people the language of the terminal; JSON follows each advert's own.
    fn lang(&self) -> Option<&'a str> {
        match (&self.args.lang, self.args.format) {
            (Some(lang), _) => Some(lang),
            (None, Format::Jsonl) => None,
            (None, _) => Some(language(None)),
        }
    }

    fn messages(&self) -> Messages<'a> {
        Messages::of(self.screener, language(self.args.lang.as_deref()))
    }

    fn finish(&mut self) -> std::io::Result<()> {
        self.progress.finish_and_clear();
        if self.args.format == Format::Table && self.counts.read > 0 {
            self.entries.sort_by_key(|e| std::cmp::Reverse(e.answer.score));
            let messages = self.messages();
            let colours = Colours::new(std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
            let width = terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0)).clamp(40, 120);
            for e in &self.entries {
                writeln!(self.out, "{}", table::entry(e, &messages, colours, width))?;
            }
            let country = self.args.country.as_str();
            let help = self.screener.engine().help(country, messages.lang);
            write!(self.out, "{}", table::summary(self.counts, &help, &messages, colours, width))?;
        }
        if self.args.format == Format::Csv && self.counts.read > 0 {
            self.csv_header()?;
        }
        self.keep()?;
        self.out.flush()
    }
}

/// The input and, for a ZIP or WARC, what in it.
fn within(name: &str, inside: Option<&str>) -> String {
    inside.map_or_else(|| name.to_string(), |inside| format!("{name}/{inside}"))
}

/// Where an advert stood: file and line, or file, page and box.
pub fn address(name: &str, advert: &Advert) -> String {
    let sign = if advert.spot.is_some() { '#' } else { ':' };
    format!("{}{sign}{}", within(name, advert.inside.as_deref()), advert.fragment())
}

impl Scan<'_> {
    /// Links what was kept, and writes the report where one was asked for.
    fn keep(&mut self) -> std::io::Result<()> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        let new = sink.added;
        if new > 0 {
            sink.link(|_| ()).map_err(std::io::Error::other)?;
        }
        if self.args.case.case.is_some() {
            eprintln!("sakchy: {}: {new} new adverts", sink.case.path().display());
        }
        let options = (
            language(self.args.lang.as_deref()),
            self.min_band as i64,
            self.args.as_of.as_deref(),
            self.args.case.telephones,
        );
        match self.args.format {
            Format::Xlsx => scan_out::xlsx(&sink.case, self.screener, options, &mut self.out),
            Format::Html => scan_out::html(&sink.case, self.screener, options, &mut self.out),
            _ => Ok(()),
        }
    }
}

fn place(name: &str, advert: &Advert) -> String {
    let known = [&advert.publisher, &advert.issue, &advert.date, &advert.page, &advert.rubric, &advert.url];
    let address = address(name, advert);
    let mut parts: Vec<String> = vec![match &advert.id {
        Some(id) if *id != address => format!("{address} · {id}"),
        _ => address,
    }];
    parts.extend(known.into_iter().flatten().cloned());
    parts.join(" · ")
}
