//! The cutter on the newspaper page of the project, and on texts that are one advert.

use sakchy_documents::{Columns, Layout, read};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/newspaper").join(name)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_newspaper_page_is_cut_into_its_adverts() {
    let file = std::fs::File::open(fixture("page.txt")).unwrap();
    let adverts: Vec<_> = read(file, Layout::Text, &Columns::default()).unwrap().map(Result::unwrap).collect();
    let found: BTreeSet<String> = adverts.iter().map(|a| squeeze(&a.text)).collect();
    let truth = std::fs::read_to_string(fixture("page.truth.jsonl")).unwrap();
    let truth: BTreeSet<String> = truth
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().map(squeeze).unwrap())
        .collect();
    let hit = found.intersection(&truth).count();
    for missed in truth.difference(&found) {
        eprintln!("missed: {missed}");
    }
    for extra in found.difference(&truth) {
        eprintln!("extra:  {extra}");
    }
    let (precision, recall) = (hit as f64 / found.len() as f64, hit as f64 / truth.len() as f64);
    assert!(recall >= 0.97 && precision >= 0.93, "precision {precision:.2}, recall {recall:.2}");
}

#[test]
fn one_advert_stays_one() {
    let text = "Требуются швеи в цех\n\nУсловия:\n- жильё\n- питание\n\nТел. 0700 12 34 56\n";
    let adverts: Vec<_> = read(text.as_bytes(), Layout::Text, &Columns::default()).unwrap().collect();
    assert_eq!(adverts.len(), 1, "{adverts:?}");
}
