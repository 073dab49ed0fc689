//! Adverts of 1 kB into a case, pages and searches on it, clusters: the figures of docs/figures.md.
//! `cargo run --release --package sakchy-casebook --example million -- [ADVERTS] [FOLDER]`

mod generated;

use generated::Generator;
use rayon::prelude::*;
use sakchy::Assessment;
use sakchy_casebook::view::Filter;
use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Adverts made ready together, and adverts of one batch.
const READY: usize = 2048;
const BATCH: usize = 16_384;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let all: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let folder =
        arguments.next().map_or_else(std::env::temp_dir, PathBuf::from).join(format!("million-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to write to");
    let path = folder.join("million.case");
    fill(&path, all);
    look(&path);
    link(&path, all);
    if all <= 50_000 {
        let found = Case::read(&path).and_then(|case| case.verify(None)).expect("a case");
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }
    std::fs::remove_dir_all(&folder).expect("the folder was ours");
}

/// Answers as the screener gives them, of each band one; texts and telephones are filled in.
fn answers() -> Vec<Assessment> {
    let screener = sakchy::Screener::builtin();
    let texts = [
        "Кафе ищет повара, Бишкек, оклад 30000 сом",
        "Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас",
    ];
    texts.iter().map(|t| screener.screen(t)).collect()
}

fn fill(path: &Path, all: usize) {
    let (generator, answers) = (Generator::new(), answers());
    let mut case = Case::create(path, Settings::default()).expect("a new case");
    let bytes = Bytes::Memory(b"generated");
    let source = case.add_source(&NewSource { name: "generated", kind: "file", bytes, keep: false }).expect("a source");
    let start = Instant::now();
    let mut batch = case.batch().expect("a batch");
    for from in (0..all).step_by(READY) {
        let range = from..(from + READY).min(all);
        let texts: Vec<_> = range.clone().into_par_iter().map(|n| generator.advert(n, all)).collect();
        let places: Vec<(String, String, String)> = range
            .clone()
            .map(|n| (format!("Outlet {}", n % 40), format!("{}", n % 52), format!("2026-{:02}-01", 1 + n % 12)))
            .collect();
        let ready: Vec<Prepared<'_>> = texts
            .par_iter()
            .zip(range)
            .zip(&places)
            .map(|((text, n), (outlet, issue, date))| {
                let mut answer = answers[usize::from(n % 10 == 0)].clone();
                answer.facts.telephones = vec![text.telephone.clone()];
                answer.facts.places.clear();
                let advert = NewAdvert {
                    source: source.id,
                    source_name: "generated",
                    place: n as u64 + 1,
                    outlet: Some(outlet),
                    issue: Some(issue),
                    date: Some(date),
                    text: &text.text,
                    ..NewAdvert::default()
                };
                Prepared::new(advert, Some(&answer))
            })
            .collect();
        for prepared in &ready {
            batch.add(prepared).expect("room for an advert");
        }
        if batch.len() >= BATCH {
            batch.commit().expect("room for a batch");
            batch = case.batch().expect("a batch");
        }
    }
    batch.finish_source(source.id);
    batch.commit().expect("room for a batch");
    let took = start.elapsed().as_secs_f64();
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    println!(
        "{all} adverts of 1 kB into a case: {:.0} a second, {:.1} s, file {} MB, most memory {} MB",
        all as f64 / took,
        took,
        size >> 20,
        memory()
    );
}

/// First pages, searches and totals, each the slowest of five.
fn look(path: &Path) {
    let case = Case::read(path).expect("the case");
    let generator = Generator::new();
    let words = [generator.common(1), generator.common(200), generator.common(15_000)];
    let filter = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    let filters = [
        ("list", filter(&|_| ())),
        ("list --min-band warning", filter(&|f| f.band = 2)),
        ("list --outlet", filter(&|f| f.outlet = Some("Outlet 3".into()))),
        ("list --outlet --issue", filter(&|f| (f.outlet, f.issue) = (Some("Outlet 3".into()), Some("3".into())))),
        ("list --month", filter(&|f| f.month = Some("2026-04".into()))),
        ("list --language und", filter(&|f| f.language = Some("und".into()))),
        ("list --state none", filter(&|f| f.state = Some("none".into()))),
        ("search, commonest word", filter(&|f| f.words = Some(words[0].clone()))),
        ("search, two common words", filter(&|f| f.words = Some(format!("{} {}", words[0], words[1])))),
        ("search, rare word", filter(&|f| f.words = Some(words[2].clone()))),
        ("search, common and rare word", filter(&|f| f.words = Some(format!("{} {}", words[0], words[2])))),
        ("search, common word, band danger", filter(&|f| (f.words, f.band) = (Some(words[0].clone()), 3))),
        ("search, beginning of a word", filter(&|f| f.words = Some(format!("{}*", words[2])))),
    ];
    for (name, filter) in filters {
        let mut rows = 0;
        let slowest = slowest(|| rows = case.page(&filter, None, 50).expect("a page").0.len());
        println!("{name}: {slowest:.1} ms ({rows} rows)");
    }
    for dimension in ["all", "outlet", "issue", "month", "language", "indicator"] {
        let mut values = 0;
        let slowest = slowest(|| values = case.totals(dimension).expect("totals").len());
        println!("totals by {dimension}: {slowest:.1} ms ({values} values)");
    }
}

fn slowest(mut work: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..5).map(once).fold(0.0, f64::max)
}

/// Clusters, and how well they meet the planted templates.
fn link(path: &Path, all: usize) {
    let mut case = Case::open(path, Settings::default()).expect("the case");
    let start = Instant::now();
    case.link(|n| eprintln!("{n} adverts linked, {:.0} s", start.elapsed().as_secs_f64())).expect("links");
    println!("clusters of {all} adverts: {:.1} s, most memory {} MB", start.elapsed().as_secs_f64(), memory());
    let generator = Generator::new();
    let mut templates: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for n in 0..all {
        if let Some(template) = generator.template(n, all) {
            templates.entry(template).or_default().push(n as i64 + 1);
        }
    }
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    // pairs that both have, that clusters have, that templates have
    let (mut both, mut clustered, mut planted) = (0, 0, 0);
    for adverts in templates.values() {
        planted += pairs(adverts.len());
        let mut clusters: BTreeMap<i64, usize> = BTreeMap::new();
        for advert in adverts {
            if let Some(cluster) = case.cluster_of(*advert).expect("a cluster") {
                *clusters.entry(cluster).or_default() += 1;
            }
        }
        both += clusters.values().map(|n| pairs(*n)).sum::<usize>();
    }
    let mut skip = 0;
    loop {
        let page = case.clusters(skip, 10_000).expect("clusters");
        if page.is_empty() {
            break;
        }
        clustered += page.iter().map(|c| pairs(c.adverts as usize)).sum::<usize>();
        skip += page.len();
    }
    println!(
        "{} templates, {planted} pairs: precision {:.4}, recall {:.4}",
        templates.len(),
        both as f64 / clustered.max(1) as f64,
        both as f64 / planted.max(1) as f64
    );
}

/// Most memory that the program held so far, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) >> 10
}
