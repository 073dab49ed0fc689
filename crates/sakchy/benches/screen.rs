//! Adverts a second on one core, opening, growth with the length, and half of the signals against all of them.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_main};
use sakchy::{Options, Screener};
use std::hint::black_box;

/// Russian adverts of about 1 kB (bytes), made of the corpus: rows in order, joined until they are long enough.
fn adverts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus");
    let mut adverts = vec![String::new()];
    for split in ["legitimate", "open"] {
        let rows =
            std::fs::read_to_string(format!("{folder}/{split}/ru.jsonl")).expect("the corpus is in the repository");
        for row in rows.lines() {
            let row: serde_json::Value = serde_json::from_str(row).expect("the corpus is JSON");
            let last = adverts.last_mut().expect("never empty");
            last.push_str(row["text"].as_str().unwrap_or(""));
            last.push('\n');
            if last.len() >= 900 {
                adverts.push(String::new());
            }
        }
    }
    adverts.retain(|a| a.len() >= 900);
    adverts.iter_mut().for_each(|a| {
        let mut end = a.len().min(1000);
        while !a.is_char_boundary(end) {
            end -= 1;
        }
        a.truncate(end);
    });
    adverts
}

fn screen(c: &mut Criterion) {
    let adverts = adverts();
    let screener = Screener::builtin();
    let options = Options::default();
    let mut group = c.benchmark_group("screen");
    group.throughput(Throughput::Elements(adverts.len() as u64));
    group.bench_function("1kB-russian", |b| {
        b.iter(|| adverts.iter().map(|a| screener.screen_with(black_box(a), &options).score).sum::<u32>());
    });
    group.bench_function("read-only", |b| {
        b.iter(|| {
            adverts.iter().map(|a| screener.engine().read(black_box(a), None).hits.flagged_lines.len()).sum::<usize>()
        });
    });
    let half = half_of(&screener);
    group.bench_function("half-the-signals", |b| {
        b.iter(|| adverts.iter().map(|a| half.screen_with(black_box(a), &options).score).sum::<u32>());
    });
    group.finish();
}

/// The built-in pack with the phrases of every second signal.
fn half_of(screener: &Screener) -> Screener {
    let mut pack = screener.pack().clone();
    pack.phrases.retain(|p| p.signal % 2 == 0);
    Screener::from_pack(&pack).expect("half a pack is a pack")
}

fn open(c: &mut Criterion) {
    c.bench_function("open", |b| b.iter_batched(|| (), |()| Screener::builtin(), BatchSize::PerIteration));
}

fn growth(c: &mut Criterion) {
    let screener = Screener::builtin();
    let long: String = adverts().concat();
    let mut group = c.benchmark_group("growth");
    group.sample_size(10);
    for size in [1 << 10, 1 << 15, 1 << 20] {
        let mut text = long.repeat(size / long.len() + 1);
        let mut end = size;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &text, |b, t| {
            b.iter(|| screener.screen(black_box(t)).score)
        });
    }
    group.finish();
}

mod groups {
    #![allow(missing_docs)]
    use super::{growth, open, screen};
    criterion::criterion_group!(benches, screen, open, growth);
}
criterion_main!(groups::benches);
//(benches, screen, open, growth);
