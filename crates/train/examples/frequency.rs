//! Writes `rules/frequency.toml`: how often words stand in this project's adverts (the corpus but for its frozen part). The
//! compiler starts each phrase from the word that ordinary texts offer least often; nothing else depends on the counts.
//!
//! `cargo run --release --package sakchy-train --example frequency`

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Rarer words are left out: not to be listed means to be rare.
const FEWEST: u32 = 3;

fn main() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for row in sakchy_train::corpus::load(&root.join("corpus")).expect("the corpus is in order") {
        if row.split != "frozen" {
            for word in row.text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
                *counts.entry(word.to_string()).or_default() += 1;
            }
        }
    }
    counts.retain(|_, n| *n >= FEWEST);
    let mut out = String::from(
        "# How often words stand in this project's adverts; not written by hand:\n\
         # cargo run --release --package sakchy-train --example frequency\n[words]\n",
    );
    for (word, n) in &counts {
        let _ = writeln!(out, "\"{word}\" = {n}");
    }
    std::fs::write(root.join("rules/frequency.toml"), out).expect("rules/frequency.toml can be written");
}
