//! The laws of the score (design, "Laws of the score"), each as a property.

use proptest::prelude::*;
use sakchy::{Assessment, Options, Permit, Registry, Screener, Strength};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

static SCREENER: LazyLock<Screener> = LazyLock::new(Screener::builtin);
static CORPUS: LazyLock<Vec<(String, bool)>> = LazyLock::new(corpus);
static RED_LINES: LazyLock<Vec<String>> = LazyLock::new(red_lines);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every advert of the corpus: text and whether it is risky.
fn corpus() -> Vec<(String, bool)> {
    let mut rows = Vec::new();
    for split in ["open", "legitimate", "seen", "training"] {
        let mut files: Vec<_> =
            std::fs::read_dir(root().join("corpus").join(split)).unwrap().flatten().map(|e| e.path()).collect();
        files.retain(|f| f.extension().is_some_and(|e| e == "jsonl"));
        files.sort();
        for line in files
            .iter()
            .flat_map(|f| std::fs::read_to_string(f).unwrap().lines().map(str::to_string).collect::<Vec<_>>())
        {
            let row: serde_json::Value = serde_json::from_str(&line).unwrap();
            rows.push((row["text"].as_str().unwrap().to_string(), row["label"] == "risky"));
        }
    }
    rows
}

/// Lines that match a red-flag signal: the matching examples beside all of them.
fn red_lines() -> Vec<String> {
    let rules = sakchy_rules::Rules::load(&root().join("rules")).unwrap();
    let flags = rules.signals.values().filter(|s| s.value.role == sakchy_core::pack::Role::Flag);
    let examples = flags
        .flat_map(|s| s.value.examples.matching.values().flatten().map(|e| e.get_ref().clone()).collect::<Vec<_>>());
    examples.map(|e| e.replace('\n', " ")).collect()
}

fn screen(text: &str) -> Assessment {
    SCREENER.screen_with(text, &Options { lang: Some("en"), ..Options::default() })
}

fn names(answer: &Assessment) -> BTreeSet<&str> {
    answer.findings.iter().map(|f| f.indicator.as_str()).collect()
}

fn rank(band: &str) -> usize {
    ["none", "notice", "warning", "danger"].iter().position(|b| *b == band).unwrap()
}

fn any_advert() -> impl Strategy<Value = String> {
    (0..CORPUS.len()).prop_map(|i| CORPUS[i].0.clone())
}

fn risky_advert() -> impl Strategy<Value = String> {
    let risky: Vec<String> = CORPUS.iter().filter(|r| r.1).map(|r| r.0.clone()).collect();
    (0..risky.len()).prop_map(move |i| risky[i].clone())
}

fn red_line() -> impl Strategy<Value = String> {
    (0..RED_LINES.len()).prop_map(|i| RED_LINES[i].clone())
}

/// Adverts, pieces of adverts, red lines and noise, mixed.
fn any_text() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![any_advert(), red_line(), "\\PC{0,60}", "[а-яёңөү \\n.!«»]{0,80}", Just("\n\n".to_string())];
    proptest::collection::vec(piece, 0..4).prop_map(|p| p.join("\n"))
}

/// What risky adverts add to look honest (facts.md, traps 2 and 7), in four languages.
const REASSURANCES: [&str; 16] = [
    "Осторожно, мошенники! Не верьте другим объявлениям.",
    "Внимание! Если вам обещают золотые горы, будьте бдительны.",
    "Без интима, всё легально.",
    "Легальный контракт, 98% виз одобрено.",
    "Лицензия № 0123 от министерства, всё официально.",
    "ОсОО «Жол», лицензия КР-0042/25, офис в центре.",
    "МВД сообщает: участились случаи обмана.",
    "Сак болгула, алдамчылар көп!",
    "Биздин лицензиябыз бар, баары расмий.",
    "Уруксат кагазыбыз № 118, министрликтен.",
    "Ehtiyot bo'ling, firibgarlar ko'p!",
    "Litsenziyamiz bor, hammasi rasmiy.",
    "Beware of scammers, we are licensed.",
    "Licence No. 4411, approved by the ministry.",
    "No intimate services, strictly.",
    "Пресс-служба: задержаны подозреваемые.",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law 1: the score is the sum of its terms, cut off at the cap; findings and sum speak of the same indicators.
    #[test]
    fn law_1_the_sum_is_open(text in any_text()) {
        let answer = screen(&text);
        let sum: u32 = answer.sum.iter().map(|t| t.points).sum();
        prop_assert_eq!(answer.score, sum.min(answer.cap));
        let terms: Vec<&str> = answer.sum.iter().map(|t| t.term.as_str()).collect();
        let findings: Vec<&str> = answer.findings.iter().map(|f| f.indicator.as_str()).collect();
        let of_classifier = answer.sum.iter().filter(|t| t.term == "classifier");
        prop_assert_eq!(of_classifier.map(|t| t.points).sum::<u32>(), answer.classifier.points);
        prop_assert!(terms == findings || terms == findings.iter().copied().chain(["classifier"]).collect::<Vec<_>>());
        prop_assert!(answer.classifier.terms.iter().map(|t| t.points).sum::<u32>() <= answer.classifier.points);
        prop_assert!(answer.sum.iter().zip(&answer.findings).all(|(t, f)| t.points <= f.points && t.of.is_none_or(|of| of == f.points)));
    }

    /// Law 2: a line of red-flag wording removes no finding and never lowers the score.
    #[test]
    fn law_2_red_flags_only_add(text in any_text(), line in red_line()) {
        let before = screen(&text);
        let after = screen(&format!("{text}\n{line}"));
        prop_assert!(after.score >= before.score, "{} -> {} by {line:?}", before.score, after.score);
        prop_assert!(names(&after).is_superset(&names(&before)), "{:?} lost by {line:?}", names(&before).difference(&names(&after)).collect::<Vec<_>>());
    }

    /// Law 2: no line at all lowers the classifier's term of an offer.
    #[test]
    fn law_2_the_classifier_never_falls(text in any_text(), line in prop_oneof![any_text(), red_line(), "\\PC{0,60}"]) {
        let before = screen(&text);
        let after = screen(&format!("{text}\n{line}"));
        prop_assume!(before.offer);
        let points = |a: &Assessment| a.sum.iter().find(|t| t.term == "classifier").map_or(0, |t| t.of.unwrap_or(t.points));
        prop_assert!(points(&after) >= points(&before), "{} -> {} by {line:?}", points(&before), points(&after));
    }

    /// Law 2: a warning, a denial or a licence never lowers a risky offer's band.
    #[test]
    fn law_2_reassurance_lowers_nothing(text in risky_advert(), n in 0..REASSURANCES.len()) {
        let before = screen(&text);
        prop_assume!(rank(before.band) >= 2);
        let after = screen(&format!("{text}\n{}", REASSURANCES[n]));
        prop_assert!(rank(after.band) >= rank(before.band), "{} -> {} by {:?}", before.band, after.band, REASSURANCES[n]);
    }

    /// Law 3: a strong finding alone is a warning; weak and context findings never are, nor do they help the classifier
    /// there; neither it nor a scam reaches danger alone.
    #[test]
    fn law_3_strengths(text in any_text()) {
        let answer = screen(&text);
        let warning = SCREENER.pack().scale.warning;
        match answer.findings.iter().map(|f| f.strength).max() {
            Some(Strength::Strong) => prop_assert!(rank(answer.band) >= 2),
            Some(Strength::Weak | Strength::Context) | None => {
                prop_assert!(rank(answer.band) < 2 || answer.classifier.points >= warning);
                prop_assert!(answer.band != "danger");
                let without = SCREENER.clone().without_model().screen(&text);
                prop_assert!(rank(without.band) < 2);
            }
            Some(Strength::Medium) => {}
        }
        if answer.findings.iter().all(|f| f.category == sakchy::Category::RecruitmentScam) {
            prop_assert!(answer.band != "danger");
        }
    }

    /// Law 4: whatever the list of permits says, the score does not fall.
    #[test]
    fn law_4_a_permit_lowers_nothing(text in any_text(), suspended in any::<bool>(), expired in any::<bool>()) {
        let text = format!("{text}\nОсОО «Жолдош», лицензия № 0077");
        let before = screen(&text);
        let permit = Permit {
            name: "Жолдош".into(),
            number: "0077".into(),
            expires: if expired { "2020-01-01" } else { "2030-01-01" }.into(),
            suspended,
        };
        let registry = Registry::new(SCREENER.pack(), vec![permit], "2026-11-21");
        let after = SCREENER.screen_with(&text, &Options { registry: Some(&registry), lang: Some("en"), ..Options::default() });
        prop_assert!(after.score >= before.score);
        prop_assert!(names(&after).is_superset(&names(&before)));
    }

    /// Law 5: what is no offer scores nothing and says why.
    #[test]
    fn law_5_no_offer_no_score(text in any_text()) {
        let answer = screen(&text);
        if answer.offer {
            prop_assert!(answer.no_offer.is_none());
        } else {
            prop_assert_eq!(answer.score, 0);
            prop_assert!(answer.classifier.points == 0 && answer.findings.is_empty() && answer.no_offer.is_some_and(|r| !r.is_empty()));
        }
    }

    /// Law 6: the same input gives the same bytes.
    #[test]
    fn law_6_same_bytes(text in any_text()) {
        let other = Screener::with_pack(sakchy::BUILTIN_PACK).unwrap();
        prop_assert_eq!(SCREENER.screen_json(&text, &Options::default()), other.screen_json(&text, &Options::default()));
    }

    /// Law 7: every span is the words it claims to be, in the text (or title) as given.
    #[test]
    fn law_7_spans(text in any_text(), title in prop_oneof![Just(String::new()), any_advert(), "\\PC{0,20}"]) {
        let options = Options { title: Some(&title), ..Options::default() };
        let answer = SCREENER.screen_with(&text, &options);
        for e in answer.findings.iter().flat_map(|f| &f.evidence) {
            let field = if e.field == "title" { &title } else { &text };
            prop_assert_eq!(field.get(e.start..e.end), Some(e.text.as_str()));
        }
        for t in &answer.classifier.terms {
            let field = if t.field == "title" { &title } else { &text };
            prop_assert_eq!(field.get(t.start..t.end), Some(t.text.as_str()));
        }
        prop_assert!(answer.findings.iter().all(|f| !f.evidence.is_empty()));
    }

    /// Law 8: invisible characters, capitals and look-alike letters remove no finding.
    #[test]
    fn law_8_hiding_removes_nothing(text in any_advert(), seed in any::<u64>()) {
        let before = screen(&text);
        // a small letter that looks like another need not do so as a capital: r is г to the eye, R is not
        let plain = SCREENER.engine().read(&text, None).facts.hidden.is_empty();
        let capitals = if plain { text.to_uppercase() } else { text.clone() };
        for (how, hidden) in [("zero width", zero_width(&text, seed)), ("capitals", capitals), ("look-alikes", look_alikes(&text, seed))] {
            let after = screen(&hidden);
            let lost: Vec<_> = names(&before).difference(&names(&after)).map(|s| s.to_string()).collect();
            prop_assert!(lost.is_empty(), "{how} lost {lost:?}");
        }
    }

    /// Any string has an answer.
    #[test]
    fn never_panics(text in "\\PC{0,400}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        screen(&text);
        screen(&String::from_utf8_lossy(&bytes));
    }
}

fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Zero-width and soft-hyphen characters inside words of letters.
fn zero_width(text: &str, mut seed: u64) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c.is_alphabetic() && chars.peek().is_some_and(|n| n.is_alphabetic()) && next(&mut seed).is_multiple_of(6) {
            out.push(['\u{200b}', '\u{ad}', '\u{2060}', '\u{feff}'][(next(&mut seed) % 4) as usize]);
        }
    }
    out
}

/// One letter in some of the longer Cyrillic words becomes its Latin twin; the word keeps a letter that only Cyrillic has.
fn look_alikes(text: &str, mut seed: u64) -> String {
    const TWINS: [(char, char); 6] = [('а', 'a'), ('е', 'e'), ('о', 'o'), ('р', 'p'), ('с', 'c'), ('х', 'x')];
    let only_cyrillic = |w: &str| w.chars().any(|c| "бгджзилпфцчшщыюяңөү".contains(c));
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let letters = word.trim();
            if letters.chars().count() < 5 || !only_cyrillic(letters) || next(&mut seed).is_multiple_of(2) {
                return word.to_string();
            }
            let (from, to) = TWINS[(next(&mut seed) % 6) as usize];
            word.replacen(from, &to.to_string(), 1)
        })
        .collect()
}

#[test]
fn the_built_in_model_is_on_and_small() {
    assert!(SCREENER.model_version().is_some(), "rules/model.bin is missing or cannot be read: run `sakchy train`");
    assert!(sakchy::BUILTIN_MODEL.len() <= 150_000);
    assert!(screen("кассир керек").model.is_some());
    assert_eq!(SCREENER.clone().without_model().screen("кассир керек").classifier.state, Some("off"));
}

#[test]
fn a_broken_model_is_told_apart() {
    use sakchy::ModelError;
    let good = sakchy::BUILTIN_MODEL.to_vec();
    let open = |bytes: &[u8]| SCREENER.clone().with_model(bytes).err();
    assert_eq!(open(&good), None);
    assert_eq!(open(b""), Some(ModelError::NotAModel));
    assert_eq!(open(b"something else altogether, long enough"), Some(ModelError::NotAModel));
    assert_eq!(open(&good[..20]), Some(ModelError::CutShort));
    assert_eq!(open(&good[..good.len() - 1]), Some(ModelError::CutShort));
    let changed = |at: usize, by: u8| {
        let mut bytes = good.clone();
        bytes[at] ^= by;
        bytes
    };
    assert!(matches!(open(&changed(8, 1)), Some(ModelError::Version(3, 2))));
    assert_eq!(open(&changed(good.len() - 1, 1)), Some(ModelError::Damaged));
    assert_eq!(open(&vec![0; 200_000]), Some(ModelError::TooLarge(200_000)));
    for wrong in [
        sakchy::Model::default(),
        sakchy::Model { knots: vec![(5, 1), (4, 2)], ..sakchy::Model::default() },
        sakchy::Model { knots: vec![(5, 90)], ..sakchy::Model::default() },
        sakchy::Model { knots: vec![(5, 9)], named: vec![(4, 1), (3, 1)], ..sakchy::Model::default() },
    ] {
        assert!(matches!(open(&wrong.to_bytes()), Some(ModelError::Inconsistent(_))));
    }
}

#[test]
fn caps_keep_weak_findings_below_warning() {
    let scale = &SCREENER.pack().scale;
    assert!(scale.weak_cap < scale.warning && scale.scam_cap < scale.danger && scale.classifier_cap < scale.danger);
    for i in &SCREENER.pack().indicators {
        match i.strength {
            Strength::Strong => assert!(i.points >= scale.warning, "{}", i.id),
            Strength::Context => assert_eq!(i.points, 0, "{}", i.id),
            _ => {}
        }
    }
}

#[test]
fn no_text_of_ours_promises_safety() {
    let forbidden = ["безопасн", " is safe", " are safe", "коопсуз иш", "xavfsiz ish"];
    let pack = SCREENER.pack();
    let texts = pack.indicators.iter().flat_map(|i| i.text.values()).flat_map(|w| [&w.title, &w.explanation, &w.ask]);
    for text in texts {
        let lower = text.to_lowercase();
        assert!(!forbidden.iter().any(|f| lower.contains(f)), "{text}");
    }
    let numbers = pack.help.iter().map(|h| h.telephone.replace([' ', '+'], ""));
    assert!(numbers.into_iter().all(|n| !n.contains("996775987817")), "a press contact is no help line");
}
