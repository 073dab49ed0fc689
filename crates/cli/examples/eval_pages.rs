//! Measures the cutting and reading of the fixture pages: `cargo xtask eval-pages` (folders as arguments; `-v` names misses).
//!
//! Boundaries: the beginning and the end of every advert. A found boundary counts when its 24 letters and digits are, with at
//! most 35% edited, those of a true advert's boundary; each true one is used once. Risky: adverts at `warning` or above.

use sakchy::Screener;
use sakchy_documents::{Layout, Options, Source, open};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Letters of an end that are compared.
const END: usize = 24;
/// Most edits, in percent of the letters.
const EDITS: usize = 35;

#[derive(Default)]
struct Sum {
    pages: usize,
    truth: usize,
    found: usize,
    hits: usize,
    whole: usize,
    risky: usize,
    kept: usize,
    calm: usize,
    alarms: usize,
    letters: usize,
    edits: usize,
    seconds: f64,
    slowest: f64,
}

fn main() {
    let mut folders: Vec<String> = std::env::args().skip(1).collect();
    let verbose = folders.iter().any(|f| f == "-v");
    folders.retain(|f| f != "-v");
    let screener = Screener::builtin();
    for folder in &folders {
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        for (page, truth) in pages(Path::new(folder)) {
            let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let kind = name.split('-').next().unwrap_or_default().to_string();
            let before = sums.entry(kind.clone()).or_default();
            let (hits, all) = (before.hits, before.truth + before.found);
            measure(&page, &truth, &screener, before, verbose);
            if verbose {
                let now = &sums[&kind];
                let f1 = (now.hits - hits) as f64 / (now.truth + now.found - all).max(1) as f64;
                println!("{name}: F1 {f1:.3}");
            }
        }
        println!("{folder}");
        println!(
            "  kind   pages adverts  boundary F1  whole adverts  letters wrong  risky kept      alarms/calm  s/page  slowest"
        );
        for (kind, s) in &sums {
            let share = |n: usize, of: usize| if of == 0 { 1.0 } else { n as f64 / of as f64 };
            println!(
                "  {kind:<6} {:>5} {:>7}  {:>11.3}  {:>13.3}  {:>12.1}%  {:>4}/{:<4} {:.2}  {:>4}/{:<4}  {:>8.2}  {:>7.2}",
                s.pages,
                s.truth,
                share(s.hits, s.truth + s.found),
                share(2 * s.whole, s.truth + s.found),
                100.0 * share(s.edits, s.letters),
                s.kept,
                s.risky,
                share(s.kept, s.risky),
                s.alarms,
                s.calm,
                s.seconds / s.pages.max(1) as f64,
                s.slowest,
            );
        }
    }
}

/// The pages of a folder and the file with the truth of each.
fn pages(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    names.sort();
    let truth = |p: &PathBuf| p.with_extension("truth.jsonl");
    names
        .into_iter()
        .filter(|p| Layout::of(p).is_some() && truth(p).exists())
        .map(|p| (truth(&p), p))
        .map(|(t, p)| (p, t))
        .collect()
}

fn measure(page: &Path, truth: &Path, screener: &Screener, sum: &mut Sum, verbose: bool) {
    let truth: Vec<String> = std::fs::read_to_string(truth)
        .unwrap_or_default()
        .lines()
        .filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok()?["text"].as_str().map(str::to_string))
        .collect();
    let layout = Layout::of(page).expect("pages() looked");
    let start = Instant::now();
    let mut found = Vec::new();
    match open(Source::File(page.into()), layout, &Options::default()) {
        Ok(items) => {
            for item in items {
                match item {
                    Ok(advert) => found.push(advert.text),
                    Err(t) => println!("{}: {}", page.display(), t.problem),
                }
            }
        }
        Err(e) => println!("{}: {e}", page.display()),
    }
    let seconds = start.elapsed().as_secs_f64();
    sum.pages += 1;
    sum.seconds += seconds;
    sum.slowest = sum.slowest.max(seconds);
    sum.truth += truth.len();
    sum.found += found.len();
    let pairs = |from_end: bool| matched(&ends(&truth, from_end), &ends(&found, from_end));
    let (starts, stops) = (pairs(false), pairs(true));
    sum.hits += starts.len() + stops.len();
    let whole: Vec<(usize, usize)> = starts.iter().filter(|p| stops.contains(p)).copied().collect();
    sum.whole += whole.len();
    for &(t, f) in &whole {
        let (a, b) = (plain(&truth[t]), plain(&found[f]));
        sum.letters += a.len();
        sum.edits += edits(&a, &b);
    }
    if verbose {
        for (t, text) in truth.iter().enumerate().filter(|(t, _)| !whole.iter().any(|w| w.0 == *t)) {
            println!("  - missed {t}: {text}");
        }
        for (_, text) in found.iter().enumerate().filter(|(f, _)| !whole.iter().any(|w| w.1 == *f)) {
            println!("  + extra: {text}");
        }
    }
    // an advert is kept when one that holds most of its words is risky too
    let risky = |text: &String| matches!(screener.screen(text).band, "warning" | "danger");
    let of_found: Vec<bool> = found.iter().map(risky).collect();
    let owner: Vec<Option<usize>> = found.iter().map(|f| nearest(f, &truth)).collect();
    let of_truth: Vec<bool> = truth.iter().map(risky).collect();
    for (t, risky) in of_truth.iter().enumerate() {
        if *risky {
            sum.risky += 1;
            let kept = (0..found.len()).any(|f| of_found[f] && owner[f] == Some(t));
            sum.kept += usize::from(kept);
            if verbose && !kept {
                let as_read = (0..found.len()).find(|f| owner[*f] == Some(t)).map_or("", |f| found[f].as_str());
                println!("  ! lost: {}\n      as: {as_read}", truth[t]);
            }
        } else {
            sum.calm += 1;
        }
    }
    for f in 0..found.len() {
        let alarm = of_found[f] && !owner[f].is_some_and(|t| of_truth[t]);
        sum.alarms += usize::from(alarm);
        if verbose && alarm {
            println!("  ! alarm: {}", found[f]);
        }
    }
}

/// Letters and digits in small letters.
fn plain(text: &str) -> Vec<char> {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn ends(texts: &[String], from_end: bool) -> Vec<Vec<char>> {
    let end = |t: &String| {
        let all = plain(t);
        let cut = if from_end { all.len().saturating_sub(END) } else { 0 };
        all[cut..all.len().min(cut + END)].to_vec()
    };
    texts.iter().map(end).collect()
}

/// Pairs of true and found ends that are the same, the nearest first; each used once.
fn matched(truth: &[Vec<char>], found: &[Vec<char>]) -> Vec<(usize, usize)> {
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    for (t, a) in truth.iter().enumerate() {
        for (f, b) in found.iter().enumerate() {
            let e = edits(a, b);
            if e * 100 <= a.len().max(b.len()) * EDITS {
                near.push((e, t, f));
            }
        }
    }
    near.sort_unstable();
    let (mut taken_t, mut taken_f) = (vec![false; truth.len()], vec![false; found.len()]);
    let mut pairs = Vec::new();
    for (_, t, f) in near {
        if !taken_t[t] && !taken_f[f] {
            taken_t[t] = true;
            taken_f[f] = true;
            pairs.push((t, f));
        }
    }
    pairs
}

/// The true advert with which a found one shares most runs of three letters.
fn nearest(found: &str, truth: &[String]) -> Option<usize> {
    let runs = |text: &str| -> std::collections::HashSet<String> {
        plain(text).windows(3).map(|w| w.iter().collect()).collect()
    };
    let own = runs(found);
    let shared = |t: &String| runs(t).intersection(&own).count();
    let best = truth.iter().enumerate().max_by_key(|(_, t)| shared(t))?;
    (shared(best.1) * 3 >= own.len()).then_some(best.0)
}

/// Levenshtein's distance.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            corner = above;
        }
    }
    row[b.len()]
}
