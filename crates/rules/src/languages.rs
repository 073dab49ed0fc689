//! `rules/languages.toml`: runs of letters and what they tell of the languages.

use sakchy_core::pack::LanguageRuns;
use sakchy_core::text::{code::SEP, fold_word};
use serde::Deserialize;

/// The file. It is written by `cargo run --release --package sakchy-train --example languages`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguagesFile {
    /// Lines such as `ган 0 -3 -8 -12 -2` for ru, ky, kk, uz, tg; `_` where a word begins or ends.
    pub cyrillic: Vec<String>,
    /// The same for uz, en, tr.
    pub latin: Vec<String>,
}

impl LanguagesFile {
    /// The runs as the pack holds them; a line that cannot be read is left out.
    pub fn runs(&self) -> LanguageRuns {
        let line = |line: &String, count: usize| -> Option<(Vec<u8>, Vec<i8>)> {
            let mut parts = line.split(' ');
            let mut letters = Vec::new();
            for c in parts.next()?.chars() {
                if c == '_' { letters.push(SEP) } else { letters.extend(fold_word(c.encode_utf8(&mut [0; 4]))) }
            }
            let weights: Vec<i8> = parts.map(|n| n.parse().ok()).collect::<Option<_>>()?;
            (weights.len() == count).then_some((letters, weights))
        };
        let cyrillic = self.cyrillic.iter().filter_map(|l| line(l, 5)).map(|(letters, mut w)| {
            w.extend([0; 3]);
            (letters, w)
        });
        let latin = self.latin.iter().filter_map(|l| line(l, 3)).map(|(letters, w)| {
            let mut all = vec![0; 5];
            all.extend(w);
            (letters, all)
        });
        LanguageRuns { runs: cyrillic.chain(latin).collect() }
    }
}
