//! Rounds: one, the plan of one, or one after another.

use super::progress::Progress;
use super::reader::Reader;
use super::sink::Lines;
use super::{CommonArgs, client, read_list};
use crate::common::plain;
use sakchy::Screener;
use sakchy_crawl::clock::{Clock, Millis, SystemClock, day, iso};
use sakchy_crawl::crawl::{Crawl, Options, Summary};
use sakchy_crawl::plan::plan;
use sakchy_crawl::sources::List;
use std::fmt::Write as _;
use std::process::ExitCode;

/// Shortest time between the beginnings of two rounds, in hours.
const LEAST_EVERY: f64 = 1.0;

/// `crawl run`.
///
/// # Errors
/// Wrong usage.
pub fn run(args: &CommonArgs) -> Result<ExitCode, String> {
    let screener = args.pack.screener()?;
    let (list, mistakes) = read_list(&args.list, &args.net)?;
    one(args, &list, mistakes, &screener)
}

/// `crawl watch`: the list is read anew before each round.
///
/// # Errors
/// Wrong usage.
pub fn watch(args: &CommonArgs, every: f64, rounds: Option<u32>) -> Result<ExitCode, String> {
    if !(every >= LEAST_EVERY || args.net.allow_private && every > 0.0) || every > 24.0 * 31.0 {
        return Err(format!("--every {every}: write between 1 and 744 hours"));
    }
    let screener = args.pack.screener()?;
    let clock = SystemClock;
    let mut n = 0;
    loop {
        let began = clock.now();
        let ended = read_list(&args.list, &args.net).and_then(|(list, mistakes)| one(args, &list, mistakes, &screener));
        let code = match ended {
            Ok(code) => code,
            // a list that is just being edited, a full disk: the next round may find it mended
            Err(e) if n > 0 => {
                eprintln!("sakchy: {e}");
                ExitCode::from(1)
            }
            Err(e) => return Err(e),
        };
        n += 1;
        if rounds.is_some_and(|r| n >= r) {
            return Ok(code);
        }
        #[allow(clippy::cast_possible_truncation)] // at most a month of milliseconds
        let next = began + (every * 3_600_000.0) as Millis;
        eprintln!("sakchy: the next round begins at {}", iso(next));
        clock.wait_until(next);
    }
}

fn one(args: &CommonArgs, list: &List, mistakes: usize, screener: &Screener) -> Result<ExitCode, String> {
    let since = match &args.since {
        None => None,
        Some(text) => Some(day(text).ok_or_else(|| format!("--since {text} is no date; write it as 2026-11-21"))?),
    };
    if list.sources.is_empty() {
        return Ok(ExitCode::from(if mistakes > 0 { 3 } else { 0 }));
    }
    let options = Options { folder: args.out.clone(), since, allow_private: args.net.allow_private, info: Vec::new() };
    let net = args.net.client(&list.crawler)?;
    let progress = Progress::new();
    let crawl = Crawl {
        crawler: &list.crawler,
        sources: &list.sources,
        fetchers: &|| client(&net),
        reader: &Reader::new(screener),
        clock: &SystemClock,
        watcher: &progress,
        options: &options,
    };
    let ended = Lines::open(&args.out.join("adverts.jsonl")).and_then(|lines| crawl.run(Box::new(lines)));
    progress.finish();
    let summary = match ended {
        Ok(summary) => summary,
        Err(e) => {
            eprintln!("sakchy: {e}");
            return Ok(ExitCode::from(1));
        }
    };
    print!("{}", described(&summary, args));
    if let Some(path) = &args.case {
        // what is kept twice does no harm, so a round that ends here is made good by the next
        let new = super::case::keep(path, args.by.as_deref(), &args.out, screener)?;
        println!("casebook: {} ({new} new adverts)", path.display());
    }
    Ok(match (summary.read.is_empty(), summary.troubles > 0 || mistakes > 0) {
        (true, true) => ExitCode::from(3),
        (_, true) => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    })
}

fn described(summary: &Summary, args: &CommonArgs) -> String {
    let mut out = String::new();
    if summary.resumed {
        let _ = writeln!(out, "went on with the round that was broken off ({} pages taken over)", summary.recovered);
    }
    let widest = summary.hosts.keys().map(String::len).max().unwrap_or(0).clamp(4, 40);
    let _ = writeln!(
        out,
        "{:<widest$} {:>7} {:>8} {:>8} {:>9} {:>6} {:>8}",
        "host", "pages", "adverts", "to check", "forbidden", "gone", "waiting"
    );
    for (host, (count, ended, _)) in &summary.hosts {
        let host: String = plain(host).chars().take(widest).collect();
        let _ = writeln!(
            out,
            "{host:<widest$} {:>7} {:>8} {:>8} {:>9} {:>6} {:>8}",
            count.pages, count.adverts, count.flagged, count.denied, count.gone, count.waiting
        );
        if let Some(why) = ended {
            let _ = writeln!(out, "  {}", plain(why));
        }
    }
    let _ = writeln!(
        out,
        "{} new adverts, {} with signs that need checking; {} troubles",
        summary.adverts, summary.flagged, summary.troubles
    );
    let folder = args.out.display();
    let _ =
        writeln!(out, "adverts: {folder}/adverts.jsonl (sakchy scan {folder}/adverts.jsonl); evidence: {folder}/warc/");
    out
}

/// `crawl run --dry-run`.
///
/// # Errors
/// Wrong usage.
pub fn dry_run(args: &CommonArgs) -> Result<ExitCode, String> {
    let (list, mistakes) = read_list(&args.list, &args.net)?;
    let fetcher = client(&args.net.client(&list.crawler)?)?;
    let plans = plan(&list.crawler, &list.sources, args.net.allow_private, fetcher.as_ref(), &SystemClock);
    println!("User-Agent: {}", list.crawler.agent());
    let mut closed = 0;
    for (host, plan) in &plans {
        #[allow(clippy::cast_precision_loss)] // shown with one digit
        let seconds = plan.pause as f64 / 1000.0;
        println!("\n{}\n  {}", plain(host), plain(&plan.says));
        for sitemap in &plan.sitemaps {
            println!("  names a sitemap: {}", plain(sitemap));
        }
        for (url, allowed) in &plan.begins {
            println!("  {} {}", if *allowed { "would fetch" } else { "may NOT fetch" }, plain(url));
        }
        if plan.closed {
            println!("  nothing is asked for until robots.txt can be read");
        } else {
            let longest = f64::from(plan.pages) * seconds / 60.0;
            println!(
                "  one request every {seconds:.1} s, at most {} pages a round: up to {longest:.0} minutes",
                plan.pages
            );
        }
        closed += usize::from(plan.closed || plan.begins.iter().any(|(_, allowed)| !allowed));
    }
    let nothing = closed > 0 && closed == plans.len() || plans.is_empty() && mistakes > 0;
    Ok(ExitCode::from(if nothing { 3 } else { u8::from(closed > 0 || mistakes > 0) }))
}
