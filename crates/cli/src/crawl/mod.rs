//! `sakchy crawl`: collects adverts from boards and online newspapers, politely and with evidence.

mod case;
mod init;
mod progress;
mod reader;
mod round;
mod show;
mod sink;

use crate::common::{PackArgs, fail};
use clap::{Args, Subcommand};
use sakchy_crawl::client::{Client, ClientOptions};
use sakchy_crawl::fetch::Fetcher;
use sakchy_crawl::sources::{self, Crawler, List};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy crawl init https://board.example/jobs --contact desk@office.example >> sources.toml
  sakchy crawl check sources.toml              which selectors still find something
  sakchy crawl run sources.toml --dry-run      fetch robots.txt only, and show the plan
  sakchy crawl run sources.toml                one round; what was seen before is not fetched again
  sakchy crawl watch sources.toml --every 12   a round every twelve hours
  sakchy crawl show 3f2a9c0d41b7e865           the archived page of an advert
  sakchy scan crawl/adverts.jsonl              the adverts that need checking

Nothing is fetched that robots.txt does not allow, at most one request at a time goes to a host, with at least two
seconds between two. Exit codes: 0 all read, 1 something failed (each is named), 2 wrong usage, 3 nothing read.")]
pub struct CrawlArgs {
    #[command(subcommand)]
    verb: CrawlVerb,
}

#[derive(Subcommand)]
enum CrawlVerb {
    /// Make one round over the sources, or go on with one that was broken off
    Run(RunArgs),
    /// Make a round again and again
    Watch(WatchArgs),
    /// Look at a page and propose an entry for the list of sources
    Init(InitArgs),
    /// Tell which selectors of the list find nothing any more
    Check(CheckArgs),
    /// Show the archived page of an advert, or all that is kept of an address
    Show(ShowArgs),
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Fetch robots.txt only, and show what a round would do
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct WatchArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Hours between the beginnings of two rounds
    #[arg(long, value_name = "HOURS", default_value_t = 24.0)]
    every: f64,
    /// End after this many rounds
    #[arg(long, value_name = "N")]
    rounds: Option<u32>,
}

#[derive(Args)]
struct CommonArgs {
    /// List of sources
    #[arg(value_name = "SOURCES.toml")]
    list: PathBuf,
    /// Folder for adverts, archive and the state of the crawl
    #[arg(long, value_name = "DIR", default_value = "crawl")]
    out: PathBuf,
    /// Leave out what was changed or dated before this day, as 2026-11-21
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Keep what is found in this casebook too; the archive's hashes stand in its log
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// Who does it, for the casebook's log [default: the user of this machine]
    #[arg(long, requires = "case")]
    by: Option<String>,
    #[command(flatten)]
    net: NetArgs,
    #[command(flatten)]
    pack: PackArgs,
}

#[derive(Args)]
struct InitArgs {
    /// A page with a list of adverts
    url: String,
    /// Where a site's owner can write; it stands in every request
    #[arg(long)]
    contact: String,
    #[command(flatten)]
    net: NetArgs,
}

#[derive(Args)]
struct CheckArgs {
    /// List of sources
    #[arg(value_name = "SOURCES.toml")]
    list: PathBuf,
    #[command(flatten)]
    net: NetArgs,
}

#[derive(Args)]
struct ShowArgs {
    /// Id of an advert (its first letters suffice), or an address
    #[arg(value_name = "ID|URL")]
    name: String,
    /// Folder of the crawl
    #[arg(long, value_name = "DIR", default_value = "crawl")]
    out: PathBuf,
    /// The bytes as the server sent them
    #[arg(long)]
    raw: bool,
}

#[derive(Args, Clone, Default)]
struct NetArgs {
    /// Speak to private and loopback addresses too, where shorter pauses are possible: for tests
    #[arg(long)]
    allow_private: bool,
    /// With --allow-private: answer NAME=ADDRESS without asking DNS
    #[arg(long, value_name = "NAME=ADDRESS", requires = "allow_private", hide = true)]
    resolve: Vec<String>,
    /// Trust these certificate authorities (PEM) beside those of the system
    #[arg(long, value_name = "FILE")]
    authorities: Option<PathBuf>,
}

impl NetArgs {
    fn client(&self, crawler: &Crawler) -> Result<ClientOptions, String> {
        let mut names = BTreeMap::new();
        for pair in &self.resolve {
            let (name, address) =
                pair.split_once('=').ok_or_else(|| format!("--resolve {pair}: write NAME=ADDRESS"))?;
            let ip: IpAddr = address.parse().map_err(|_| format!("--resolve {pair}: {address} is no address"))?;
            names.insert(name.to_string(), ip);
        }
        let read = |path: &PathBuf| std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()));
        Ok(ClientOptions {
            agent: crawler.agent(),
            patience: Duration::from_secs(crawler.seconds),
            allow_private: self.allow_private,
            names,
            authorities: self.authorities.as_ref().map(read).transpose()?,
        })
    }
}

/// Runs the verb.
pub fn run(args: CrawlArgs) -> ExitCode {
    let done = match args.verb {
        CrawlVerb::Run(args) if args.dry_run => round::dry_run(&args.common),
        CrawlVerb::Run(args) => round::run(&args.common),
        CrawlVerb::Watch(args) => round::watch(&args.common, args.every, args.rounds),
        CrawlVerb::Init(args) => init::init(&args.url, &args.contact, &args.net),
        CrawlVerb::Check(args) => init::check(&args.list, &args.net),
        CrawlVerb::Show(args) => show::show(&args.out, &args.name, args.raw).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|e| fail(&e))
}

/// Reads a list; mistakes in single sources are told and counted, the others stand.
fn read_list(path: &Path, net: &NetArgs) -> Result<(List, usize), String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let named = |m: &sources::Mistake| format!("{}:{m}", path.display());
    let mut list = sources::read(&text).map_err(|all| all.iter().map(named).collect::<Vec<_>>().join("\nsakchy: "))?;
    if !net.allow_private && list.crawler.pause < sources::LEAST_PAUSE {
        return Err(format!("{}: pause = {} is too short; write 2 or more", path.display(), list.crawler.pause));
    }
    for mistake in &list.mistakes {
        eprintln!("sakchy: {}", named(mistake));
    }
    let mut mistakes = list.mistakes.len();
    list.sources.retain(|source| {
        let broken = reader::broken(&source.select);
        for problem in &broken {
            eprintln!("sakchy: {}: source `{}`: {problem}", path.display(), source.id);
        }
        mistakes += broken.len();
        broken.is_empty()
    });
    Ok((list, mistakes))
}

fn client(options: &ClientOptions) -> Result<Box<dyn Fetcher>, String> {
    Client::new(options).map(|c| Box::new(c) as Box<dyn Fetcher>)
}
