//! `sakchy scan`: reads adverts and shows those that need checking.

use crate::common::{PackArgs, fail};
use crate::input::{Input, collect};
use crate::messages::{Messages, language};
use crate::reading::ReadingArgs;
use crate::table::{self, Colours, Counts, Entry};
use crate::{csv_out, registry};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use sakchy::{Assessment, Options, Registry, Screener};
use sakchy_documents::{Advert, Layout, Options as Reading};
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
    /// List of permits as CSV: name, permit number, expires, status ...
    #[arg(long, value_name = "FILE.csv")]
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
    pack: PackArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
    Csv,
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
    let list = args.registry.as_ref().map(|path| registry::load(&screener, path, args.as_of.as_deref()));
    let list = match list.transpose() {
        Ok(list) => list,
        Err(e) => return fail(&e),
    };
    let mut scan = Scan::new(&args, &screener, list.as_ref());
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
    eprintln!("sakchy: the output cannot be written: {e}");
    ExitCode::from(1)
}

struct Scan<'a> {
    args: &'a ScanArgs,
    screener: &'a Screener,
    registry: Option<&'a Registry>,
    min_band: Band,
    out: BufWriter<std::io::Stdout>,
    progress: ProgressBar,
    entries: Vec<Entry>,
    counts: Counts,
    troubles: usize,
    headed: bool,
}

impl<'a> Scan<'a> {
    fn new(args: &'a ScanArgs, screener: &'a Screener, registry: Option<&'a Registry>) -> Scan<'a> {
        let progress = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} · {per_sec} · {elapsed} {msg}") {
            progress.set_style(style);
        }
        let default = if args.format == Format::Jsonl { Band::None } else { Band::Warning };
        Scan {
            args,
            screener,
            registry,
            min_band: args.min_band.unwrap_or(default),
            out: BufWriter::new(std::io::stdout()),
            progress,
            entries: Vec::new(),
            counts: Counts::default(),
            troubles: 0,
            headed: false,
        }
    }

    fn trouble(&mut self, problem: &str) {
        self.troubles += 1;
        self.progress.suspend(|| eprintln!("sakchy: {}", crate::common::plain(problem)));
    }

    fn input(&mut self, input: &Input, reading: &Reading) -> std::io::Result<()> {
        let name = input.name();
        self.progress.set_message(name.clone());
        let (layout, adverts) = match input.open(reading) {
            Ok(open) => open,
            Err(e) => {
                self.trouble(&format!("{name}: {e}"));
                return Ok(());
            }
        };
        let mut batch = Vec::with_capacity(BATCH);
        let mut bytes = 0;
        for item in adverts {
            match item {
                Ok(advert) => {
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
        self.batch(&name, layout, batch)
    }

    fn batch(&mut self, name: &str, layout: Layout, adverts: Vec<Advert>) -> std::io::Result<()> {
        let lang = self.lang();
        let (screener, registry, country) = (self.screener, self.registry, self.args.country.as_str());
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
                    registry,
                };
                let answer = screener.screen_with(&advert.text, &options);
                let line = if json { answer.to_json() } else { String::new() };
                (advert, answer, line)
            })
            .collect();
        self.progress.inc(screened.len() as u64);
        for (advert, answer, line) in screened {
            self.counts.add(&answer);
            if Band::of(&answer) < self.min_band {
                continue;
            }
            match self.args.format {
                Format::Jsonl => writeln!(self.out, "{line}")?,
                Format::Csv => {
                    self.csv_header()?;
                    csv_out::row(&mut self.out, name, &advert, &answer)?;
                }
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
