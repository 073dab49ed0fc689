//! Reads files without screening and prints megabytes a second: `cargo run --release -p sakchy-documents --example throughput FILE...`

use sakchy_documents::{Layout, Options, Source, open};
use std::path::Path;
use std::time::Instant;

fn main() {
    for name in std::env::args().skip(1) {
        let Some(layout) = Layout::of(Path::new(&name)) else {
            eprintln!("{name}: the ending is not known");
            continue;
        };
        let bytes = std::fs::metadata(&name).map_or(0, |m| m.len());
        let start = Instant::now();
        match open(Source::File(name.clone().into()), layout, &Options::default()) {
            Ok(items) => {
                let (mut adverts, mut text) = (0usize, 0usize);
                for advert in items.flatten() {
                    adverts += 1;
                    text += advert.text.len();
                }
                let seconds = start.elapsed().as_secs_f64();
                let speed = |b: u64| b as f64 / 1e6 / seconds;
                println!(
                    "{name}: {adverts} adverts, {:.0} MB/s of file, {:.0} MB/s of text",
                    speed(bytes),
                    speed(text as u64)
                );
            }
            Err(e) => eprintln!("{name}: {e}"),
        }
    }
}
