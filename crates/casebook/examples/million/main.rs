//! Adverts of 1 kB into a case, pages and searches on it, clusters: the figures of docs/figures.md.
//! `cargo run --release --package sakchy-casebook --example million -- [ADVERTS] [FOLDER]`

mod generated;

use generated::Generator;
use rayon::prelude::*;
use sakchy::Assessment;
use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared, Settings};
use std::path::PathBuf;
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

fn fill(path: &std::path::Path, all: usize) {
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

/// Most memory that the program held so far, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) >> 10
}
