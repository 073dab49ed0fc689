//! What goes in stays as it was, and `verify` finds what was changed.

mod common;

use common::{Folder, PLAIN, RISKY, SCREENER, add, adverts, screen, still, tamper};
use sakchy_casebook::review::NewReview;
use sakchy_casebook::view::Filter;
use sakchy_casebook::{Bytes, Case, Kind, NewSource};

fn filled(folder: &Folder) -> Case {
    let mut case = Case::create(&folder.case(), still()).unwrap();
    assert_eq!(add(&mut case, "page.txt", &adverts(), 2), 3);
    case.link(|_| ()).unwrap();
    let review = |advert, state: &str| NewReview {
        advert,
        state: state.into(),
        who: "Айгүл".into(),
        at: String::new(),
        note: String::new(),
    };
    assert_eq!(case.add_reviews(&[review(1, "concern"), review(2, "no-concern")]).unwrap(), 2);
    case
}

#[test]
fn the_same_file_again_adds_nothing() {
    let folder = Folder::new("again");
    let mut case = filled(&folder);
    let head = case.head().unwrap();
    assert_eq!(add(&mut case, "page.txt", &adverts(), 3), 0);
    assert_eq!(add(&mut case, "copy of page.txt", &adverts(), 3), 3, "other name: other identity, but see below");
    let source = case
        .add_source(&NewSource {
            name: "copy.txt",
            kind: "file",
            bytes: Bytes::Memory(adverts().join("\n").as_bytes()),
            keep: true,
        })
        .unwrap();
    assert!(!source.new && source.finished && source.id == 1, "the same bytes are one source, so a scan stops here");
    assert_ne!(case.head().unwrap(), head);
    // the file grew: only what is new
    let mut more = adverts();
    more.push("Требуется швея, Ош".into());
    assert_eq!(add(&mut case, "page.txt", &more, 10), 1);
    assert!(case.verify(None).unwrap().problems.is_empty(), "{:?}", case.verify(None).unwrap().problems);
}

#[test]
fn a_new_pack_keeps_the_old_answers() {
    let folder = Folder::new("reassess");
    let mut case = filled(&folder);
    let other = SCREENER.clone().without_model();
    let mut batch = case.batch().unwrap();
    assert!(!batch.assess(1, &screen(RISKY)).unwrap(), "the same versions add nothing");
    let mut milder = other.screen(PLAIN);
    milder.pack = "sha256:other".into();
    assert!(batch.assess(1, &milder).unwrap());
    batch.commit().unwrap();
    let answers = case.assessments(1).unwrap();
    assert_eq!(answers.len(), 2);
    assert!(answers[0].score >= 70 && answers[1].score < 10);
    let (page, more) = case.page(&Filter { band: 2, ..Filter::default() }, None, 50).unwrap();
    assert!(page.iter().all(|row| row.advert != 1) && !more, "the newest answer is in the list");
    assert_eq!(case.totals("all").unwrap()[""].iter().sum::<u64>(), 3);
    let changes = case.changes(0, 10).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].advert, changes[0].before.band, changes[0].after.band), (1, 3, 0));
    assert!(changes[0].gone.contains(&"passport-retention".to_string()), "{:?}", changes[0]);
    assert!(case.verify(None).unwrap().problems.is_empty(), "{:?}", case.verify(None).unwrap().problems);
}

#[test]
fn lists_searches_and_totals() {
    let folder = Folder::new("lists");
    let case = filled(&folder);
    let page = |filter: &Filter| case.page(filter, None, 50).unwrap().0.iter().map(|r| r.advert).collect::<Vec<_>>();
    assert_eq!(page(&Filter::default()).len(), 3);
    assert_eq!(page(&Filter { band: 2, ..Filter::default() }), [1, 3]);
    assert_eq!(page(&Filter { words: Some("паспорт* Дубай".into()), ..Filter::default() }), [1]);
    assert_eq!(page(&Filter { words: Some("\"пов*".into()), ..Filter::default() }), [2], "no query language");
    assert_eq!(page(&Filter { state: Some("no-concern".into()), ..Filter::default() }), [2]);
    assert_eq!(page(&Filter { state: Some("none".into()), ..Filter::default() }), [3]);
    assert_eq!(page(&Filter { contact: Some("+996555123456".into()), ..Filter::default() }), [1, 3]);
    assert_eq!(page(&Filter { cluster: Some(1), ..Filter::default() }), [1, 3], "nearly equal adverts are linked");
    assert_eq!(
        page(&Filter {
            outlet: Some("Газета «Мисал»".into()), month: Some("2026-11".into()), ..Filter::default()
        })
        .len(),
        3
    );
    assert_eq!(
        case.page(&Filter { words: Some("!".into()), ..Filter::default() }, None, 5).unwrap_err().kind,
        Kind::Input
    );
    assert_eq!(
        case.page(&Filter { outlet: Some("x".into()), ..Filter::default() }, None, 5).unwrap_err().kind,
        Kind::Missing
    );
    let (first, more) = case.page(&Filter::default(), None, 1).unwrap();
    assert!(more);
    let mark = sakchy_casebook::view::Mark { score: first[0].score, advert: first[0].advert };
    let rest = case.page(&Filter::default(), Some(mark), 5).unwrap().0;
    assert_eq!(rest.len(), 2);
    assert!(rest.iter().all(|r| r.advert != first[0].advert));
    assert_eq!(case.totals("outlet").unwrap()["Газета «Мисал»"][3], 2);
    assert_eq!(case.totals("state").unwrap()["concern"][0], 1);
    assert_eq!(case.clusters(0, 5).unwrap()[0].adverts, 2);
}

/// One change of every kind; each must be found.
#[test]
fn every_alteration_is_found() {
    let changes = [
        "UPDATE adverts SET text = 'x' WHERE id = 2",
        "UPDATE adverts SET outlet = 'x' WHERE id = 2",
        "UPDATE adverts SET text = 'x', hash = zeroblob(32) WHERE id = 2",
        "DELETE FROM adverts WHERE id = 3",
        "DELETE FROM adverts WHERE id = 1",
        "INSERT INTO adverts SELECT 9, source, place, given, outlet, issue, page, date, url, rubric, title, text, 5, hash FROM adverts WHERE id = 1",
        "UPDATE assessments SET score = 0 WHERE id = 1",
        "UPDATE assessments SET answer = replace(answer, 'passport', 'xassport') WHERE id = 1",
        "UPDATE assessments SET at = at + 1 WHERE id = 1",
        "UPDATE versions SET pack = 'sha256:0'",
        "DELETE FROM assessments WHERE id = 2",
        "UPDATE sources SET name = 'x'",
        "DELETE FROM sources",
        "UPDATE reviews SET state = 'open' WHERE id = 1",
        "DELETE FROM reviews WHERE id = 2",
        "UPDATE reviews SET note = 'x', hash = zeroblob(32) WHERE id = 1",
        "UPDATE log SET detail = '{}' WHERE seq = 2",
        "UPDATE log SET at = '2020-01-01T00:00:00Z' WHERE seq = 3",
        "DELETE FROM log WHERE seq = 2",
        "DELETE FROM log WHERE seq > 2",
        "DELETE FROM log",
        "UPDATE current SET score = 1 WHERE advert = 1",
        "UPDATE current SET state = 0 WHERE advert = 1",
        "UPDATE current SET month = '2020-01' WHERE advert = 1",
        "DELETE FROM current WHERE advert = 2",
        "UPDATE outlets SET name = 'x'",
        "UPDATE tally SET adverts = adverts + 1 WHERE dimension = 'month'",
        "DELETE FROM mentions WHERE advert = 1",
        "UPDATE contacts SET value = '+996000000000' WHERE id = 1",
        "UPDATE members SET cluster = 2 WHERE advert = 3",
        "DELETE FROM clusters",
        "UPDATE sketches SET bins = zeroblob(257) WHERE advert = 2",
        "UPDATE progress SET finished = 0",
    ];
    let folder = Folder::new("altered");
    let case = filled(&folder);
    let clean = case.verify(None).unwrap();
    assert_eq!(
        (clean.problems.len(), clean.adverts, clean.assessments, clean.sources),
        (0, 3, 3, 1),
        "{:?}",
        clean.problems
    );
    drop(case);
    let copy = folder.0.join("copy.case");
    std::fs::create_dir_all(folder.0.join("copy.case.files")).unwrap();
    for entry in std::fs::read_dir(folder.0.join("t.case.files")).unwrap() {
        let from = entry.unwrap().path();
        let to = folder.0.join("copy.case.files").join(from.file_name().unwrap());
        std::fs::create_dir_all(&to).unwrap();
        for file in std::fs::read_dir(from).unwrap() {
            let file = file.unwrap().path();
            std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
    }
    for change in changes {
        std::fs::copy(folder.case(), &copy).unwrap();
        assert!(Case::read(&copy).unwrap().verify(None).unwrap().problems.is_empty());
        tamper(&copy, change);
        let found = Case::open(&copy, still()).unwrap().verify(None).unwrap();
        assert!(!found.problems.is_empty(), "not found: {change}");
    }
}

#[test]
fn a_log_rewritten_as_a_whole_is_told_by_its_head() {
    let folder = Folder::new("head");
    let mut case = filled(&folder);
    let head = case.head().unwrap().hex();
    case.log("note", &serde_json::json!({"text": "later"})).unwrap();
    assert!(case.verify(Some(&head)).unwrap().problems.is_empty(), "an older report still holds");
    drop(case);
    let other = Folder::new("head-other");
    let mut rewritten = Case::create(&other.case(), still()).unwrap();
    add(&mut rewritten, "page.txt", &adverts()[..2], 2);
    assert!(rewritten.verify(None).unwrap().problems.is_empty());
    let found = rewritten.verify(Some(&head)).unwrap();
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
    assert_eq!(rewritten.verify(Some("xyz")).unwrap_err().kind, Kind::Input);
}

#[test]
fn a_source_file_changed_or_gone() {
    let folder = Folder::new("files");
    let case = filled(&folder);
    let place = case.place_of(&case.source(1).unwrap());
    std::fs::write(&place, "other").unwrap();
    assert!(case.verify(None).unwrap().problems[0].contains("was changed"), "kept bytes");
    std::fs::remove_file(&place).unwrap();
    assert!(case.verify(None).unwrap().problems[0].contains("gone"));
    drop(case);
    // a file that was only referenced: a remark, for it was never in our keeping
    let mut case = Case::open(&folder.case(), still()).unwrap();
    let file = folder.0.join("referenced.txt");
    std::fs::write(&file, "Кафе ищет повара").unwrap();
    let new = NewSource { name: "referenced.txt", kind: "file", bytes: Bytes::File(&file), keep: false };
    case.add_source(&new).unwrap();
    std::fs::remove_file(&file).unwrap();
    let found = case.verify(None).unwrap();
    assert!(found.remarks.iter().any(|r| r.contains("referenced.txt")), "{:?}", found.remarks);
}
