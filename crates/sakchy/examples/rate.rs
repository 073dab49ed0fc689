//! Screens the lines of a file again and again: for profilers, which count instructions instead of seconds.
//! `cargo run --release --package sakchy --example rate -- FILE.jsonl TIMES`

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("name a file with one {\"text\": ...} a line");
    let times: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let lines = std::fs::read_to_string(&file).expect("the file can be read");
    let texts: Vec<String> = lines
        .lines()
        .filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok())
        .filter_map(|v| v["text"].as_str().map(str::to_string))
        .collect();
    let screener = sakchy::Screener::builtin();
    let options = sakchy::Options::default();
    let start = std::time::Instant::now();
    let mut sum = 0u64;
    for _ in 0..times {
        sum += texts.iter().map(|t| u64::from(screener.screen_with(t, &options).score)).sum::<u64>();
    }
    let took = start.elapsed().as_secs_f64();
    println!("{} texts, points {sum}, {:.0} a second", texts.len() * times, (texts.len() * times) as f64 / took);
}
