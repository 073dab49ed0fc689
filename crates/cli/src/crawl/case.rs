//! `crawl --case`: what a round found goes into a casebook, the files of the archive as its sources, so that their hashes
//! stand in the custody log.

use super::sink::Line;
use crate::case_common::settings;
use rayon::prelude::*;
use sakchy::{Options, Screener};
use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Adds the adverts of every archive file that the casebook does not know yet. Gives the number of new adverts.
///
/// # Errors
/// The casebook or the crawl's files cannot be read or written.
pub fn keep(case: &Path, by: Option<&str>, folder: &Path, screener: &Screener) -> Result<usize, String> {
    let lines = folder.join("adverts.jsonl");
    let named = |e: std::io::Error| format!("{}: {e}", lines.display());
    let mut archives: BTreeMap<String, Vec<(u64, Line)>> = BTreeMap::new();
    for (n, line) in BufReader::new(std::fs::File::open(&lines).map_err(named)?).lines().enumerate() {
        let line = line.map_err(named)?;
        let line: Line = serde_json::from_str(&line).map_err(|e| format!("{}:{}: {e}", lines.display(), n + 1))?;
        archives.entry(line.warc.clone()).or_default().push((n as u64 + 1, line));
    }
    let kept = |e: sakchy_casebook::CaseError| format!("{}: {e}", case.display());
    let mut book = Case::open_or_create(case, settings(by)).map_err(kept)?;
    let mut new = 0;
    for (warc, adverts) in &archives {
        let path = folder.join("warc").join(warc);
        let name = path.display().to_string();
        let source = NewSource { name: &name, kind: "archive", bytes: Bytes::File(&path), keep: false };
        let source = book.add_source(&source).map_err(kept)?;
        if source.finished {
            continue;
        }
        let answers: Vec<_> = adverts
            .par_iter()
            .map(|(_, line)| {
                let options = Options { title: line.title.as_deref(), id: Some(&line.id), ..Options::default() };
                screener.screen_with(&line.text, &options)
            })
            .collect();
        let mut batch = book.batch().map_err(kept)?;
        for ((place, line), answer) in adverts.iter().zip(&answers) {
            let advert = NewAdvert {
                source: source.id,
                source_name: &name,
                place: *place,
                id: Some(&line.id),
                outlet: Some(&line.publisher),
                date: Some(&line.date),
                url: Some(&line.url),
                title: line.title.as_deref(),
                text: &line.text,
                ..NewAdvert::default()
            };
            new += usize::from(batch.add(&Prepared::new(advert, Some(answer))).map_err(kept)?.new);
        }
        batch.finish_source(source.id);
        batch.commit().map_err(kept)?;
    }
    if new > 0 {
        book.link(|_| ()).map_err(kept)?;
    }
    Ok(new)
}
