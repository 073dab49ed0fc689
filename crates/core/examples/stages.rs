//! Where the time goes: nanoseconds an advert for each stage. Usage: stages PACK FILE.jsonl
use sakchy_core::engine::{Engine, Options};
use sakchy_core::pack::Pack;
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let pack = Pack::from_bytes(&std::fs::read(args.next().unwrap()).unwrap()).unwrap();
    let open = Instant::now();
    let engine = Engine::new(pack, "").unwrap();
    println!("engine {:?}", open.elapsed());
    let texts: Vec<String> = std::fs::read_to_string(args.next().unwrap()).unwrap().lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().unwrap().to_string()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    for _ in 0..2 {
        let mut times = std::collections::BTreeMap::new();
        for _ in 0..20 {
            for t in &texts {
                engine.timed(t, &mut times);
            }
        }
        println!("{} texts, {} bytes each", texts.len(), bytes / texts.len());
        for (stage, nanos) in &times {
            println!("{stage:<12} {:>8.1} µs a kB", *nanos as f64 / 20.0 / bytes as f64);
        }
        let all = Instant::now();
        for t in &texts { std::hint::black_box(engine.screen(t, &Options::default())); }
        println!("screen {:.1} µs a kB", all.elapsed().as_nanos() as f64 / bytes as f64);
    }
}
