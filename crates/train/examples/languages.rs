//! Writes `rules/languages.toml`: the runs of letters by which languages are told, counted in texts written for this
//! project (the corpus but for its frozen part, the examples and texts of the rules, `corpus/language/`).
//!
//! `cargo run --release --package sakchy-train --example languages`

use sakchy::text::{NoAbbreviations, Shape, Text, code};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;

const CYRILLIC: [&str; 5] = ["ru", "ky", "kk", "uz", "tg"];
const LATIN: [&str; 3] = ["uz", "en", "tr"];
/// Runs kept for each alphabet.
const KEPT: usize = 1500;
/// Weights are twice the natural logarithm of how much likelier the likeliest language is, at most this.
const MOST: i32 = 15;
/// What is added to every count.
const SMOOTHING: f64 = 0.3;

type Texts = BTreeMap<(bool, &'static str), Vec<String>>;

fn main() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut texts = Texts::new();
    let mut take = |language: &str, text: &str| {
        let letters = Text::read(text, &NoAbbreviations).letters;
        let cyrillic = letters.cyrillic >= letters.latin;
        let known = if cyrillic { &CYRILLIC[..] } else { &LATIN[..] };
        if let Some(code) = known.iter().find(|c| **c == language) {
            texts.entry((cyrillic, code)).or_default().push(text.to_string());
        }
    };
    for row in sakchy_train::corpus::load(&root.join("corpus")).expect("the corpus is in order") {
        if row.split != "frozen" {
            take(&row.language, &row.text);
        }
    }
    for language in ["kk", "tg", "tr"] {
        let file = root.join(format!("corpus/language/{language}.txt"));
        let lines = std::fs::read_to_string(&file).expect("the lines are in the repository");
        lines.lines().for_each(|line| take(language, line));
    }
    of_rules(&root.join("rules"), &mut take);
    let mut out = String::from(
        "# Runs of three and four letters (_: a word begins or ends) and what each tells: 0 for the likeliest language,\n\
         # less for the others. Counted in this project's own texts, not written by hand:\n\
         # cargo run --release --package sakchy-train --example languages\n",
    );
    for (name, cyrillic, codes) in [("cyrillic", true, &CYRILLIC[..]), ("latin", false, &LATIN[..])] {
        let _ = writeln!(out, "# {}\n{name} = [", codes.join(", "));
        for line in runs(&texts, cyrillic, codes) {
            let _ = writeln!(out, "  \"{line}\",");
        }
        out.push_str("]\n");
    }
    std::fs::write(root.join("rules/languages.toml"), out).expect("rules/languages.toml can be written");
}

/// The words of the rules and their examples.
fn of_rules(folder: &Path, take: &mut dyn FnMut(&str, &str)) {
    let rules = sakchy_rules::Rules::load_what_can_be(folder).0;
    let examples = rules.signals.values().map(|f| &f.value.examples);
    for e in examples.chain(rules.indicators.values().map(|f| &f.value.examples)) {
        for (language, list) in e.matching.iter().chain(&e.no_match) {
            list.iter().for_each(|text| take(language.trim_end_matches("_cyrl"), text.get_ref()));
        }
    }
    for (language, text) in rules.indicators.values().flat_map(|f| &f.value.text) {
        [&text.title, &text.explanation, &text.ask].into_iter().for_each(|t| take(language, t));
    }
    let plain = |word: &str| word.replace(['*', '~', '(', ')', '|', '?'], " ");
    for (language, words) in rules.words.values().flat_map(|f| &f.value.words) {
        if matches!(language.as_str(), "kk" | "tg" | "tr") {
            words.iter().for_each(|w| take(language, &plain(w.get_ref())));
        }
    }
    for (language, words) in &rules.units.languages {
        if matches!(language.as_str(), "kk" | "tg" | "tr") {
            words.iter().for_each(|w| (0..3).for_each(|_| take(language, &plain(w))));
        }
    }
}

/// How often each run stands in the words of each language, each word counting a run once.
fn count(texts: &[String]) -> HashMap<Vec<u8>, f64> {
    let mut counts = HashMap::new();
    for text in texts {
        let text = Text::read(text, &NoAbbreviations);
        for token in text.tokens.iter().filter(|t| t.shape == Shape::Word) {
            let word = &text.stream[token.at as usize - 1..(token.at + token.len + 1) as usize];
            let mut own: Vec<&[u8]> = word.windows(3).chain(word.windows(4)).collect();
            own.sort_unstable();
            own.dedup();
            own.into_iter().for_each(|run| *counts.entry(run.to_vec()).or_default() += 1.0);
        }
    }
    counts
}

fn runs(texts: &Texts, cyrillic: bool, codes: &[&'static str]) -> Vec<String> {
    let empty = Vec::new();
    let counts: Vec<HashMap<Vec<u8>, f64>> =
        codes.iter().map(|c| count(texts.get(&(cyrillic, *c)).unwrap_or(&empty))).collect();
    let mut all: Vec<&Vec<u8>> = counts.iter().flat_map(HashMap::keys).collect();
    all.sort_unstable();
    all.dedup();
    let totals: Vec<f64> = counts.iter().map(|c| c.values().sum()).collect();
    let mut weighed: Vec<(f64, &Vec<u8>, Vec<f64>)> = Vec::new();
    for run in &all {
        let of: Vec<f64> = counts.iter().map(|c| c.get(*run).copied().unwrap_or(0.0)).collect();
        if of.iter().sum::<f64>() < 3.0 {
            continue;
        }
        let share: f64 = of.iter().zip(&totals).map(|(n, t)| n / t).sum();
        let logs: Vec<f64> =
            of.iter().zip(&totals).map(|(n, t)| ((n + SMOOTHING) / (t + SMOOTHING * all.len() as f64)).ln()).collect();
        let best = logs.iter().copied().fold(f64::MIN, f64::max);
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        weighed.push((share * (best - mean), run, logs.iter().map(|l| l - best).collect()));
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    weighed.truncate(KEPT);
    weighed.sort_by(|a, b| a.1.cmp(b.1));
    weighed
        .into_iter()
        .map(|(_, run, logs)| {
            let weights: Vec<String> = logs.iter().map(|l| ((2.0 * l).round() as i32).max(-MOST).to_string()).collect();
            let letters: String = code::unfold(run).replace(' ', "_");
            format!("{letters} {}", weights.join(" "))
        })
        .collect()
}
