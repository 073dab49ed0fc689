//! A pack of units, pay and places only, for the tests of the facts.

use super::Facts;
use crate::Engine;
use crate::engine::Reading;
use crate::marks::Marks;
use crate::pack::Pack;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// The rules' own facts. The crate of the rules stands on another copy of this one, so the pack goes over as bytes.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut files = BTreeMap::new();
    for file in ["units.toml", "pay.toml"] {
        files.insert(file.to_string(), std::fs::read_to_string(folder.join(file)).unwrap());
    }
    for kind in ["places", "words"] {
        for entry in std::fs::read_dir(folder.join(kind)).unwrap().flatten() {
            let name = format!("{kind}/{}", entry.file_name().to_string_lossy());
            files.insert(name, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    let (rules, errors) = sakchy_rules::Rules::read(&files);
    assert!(errors.is_empty(), "{errors:?}");
    let bytes = sakchy_rules::compile(&rules).unwrap().pack.to_bytes();
    Engine::new(Pack::from_bytes(&bytes).unwrap(), "test").unwrap()
});

pub(super) fn with<T>(text: &str, look: impl FnOnce(&Pack, &Marks<'_, '_>) -> T) -> T {
    ENGINE.with_marks(text, |pack, marks| look(pack, marks))
}

pub(super) fn facts(text: &str) -> Facts {
    facts_in(text, "ru")
}

pub(super) fn facts_in(text: &str, language: &str) -> Facts {
    let Reading { hits, .. } = ENGINE.read(text, None);
    with(text, |pack, marks| Facts::read(pack, marks, &hits, language))
}

/// Texts made of what facts are made of, and of what is none.
fn odd_text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "9999999999999999999999999999999999999999",
        "900",
        "16",
        "0",
        "25",
        "30 000",
        "31.02.2026",
        "99.99.9999",
        "лет",
        "жаш",
        "yosh",
        "+",
        "$",
        "€",
        "тугриков",
        "сом",
        "млн",
        "тыс",
        "полторы",
        "отуз",
        "миң",
        "o'n",
        "sakkiz",
        "он",
        "до",
        "от",
        "dan",
        "-",
        "—",
        "/",
        ".",
        ",",
        ":",
        "(",
        ")",
        "@",
        "_",
        "тг",
        "собака",
        "karta_kg",
        "ОсОО",
        "«",
        "»",
        "MChJ",
        "лицензия",
        "№",
        "в день",
        "айына",
        "девушки",
        "кыздар",
        "не старше",
        "Катар",
        "0️⃣",
        "5️⃣",
        "📞",
        "+996",
        "0555",
        "8",
        "７",
        "\n",
        "\n\n",
        "\u{200b}",
        "é",
        "日本",
        "18446744073709551615",
    ]);
    let joint = prop::sample::select(vec!["", " ", " ", "\n"]);
    prop::collection::vec((parts, joint), 0..24).prop_map(|all| all.into_iter().flat_map(|(p, j)| [p, j]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Nothing panics; every span stands in the text; every value is written there or follows from it.
    #[test]
    fn nothing_is_invented(text in odd_text(), language in prop::sample::select(vec!["ru", "uz", "tg", "tr", "kk", "und"])) {
        let facts = facts_in(&text, language);
        let names = ["telephone", "handle", "pay", "high-pay", "age-limit", "permit", "agency", "abroad"];
        for span in names.iter().flat_map(|n| facts.spans(n, language)) {
            prop_assert!(span.start < span.end && text.get(span.start..span.end).is_some(), "{text:?} {span:?}");
        }
        for age in &facts.ages {
            for years in [age.from, age.to].into_iter().flatten() {
                prop_assert!((10..=75).contains(&years), "{text:?}");
            }
            prop_assert!(age.from.zip(age.to).is_none_or(|(a, b)| a < b), "{text:?}");
        }
        for pay in &facts.pay {
            prop_assert!(pay.min <= pay.max && pay.max > 0 && pay.max <= 100_000_000_000, "{text:?} {pay:?}");
            if !["сом", "$", "€", "тг", "o'n", "MChJ"].iter().any(|c| text.contains(c)) {
                prop_assert!(pay.currency.is_none(), "{text:?} {pay:?}");
            }
        }
        for telephone in &facts.telephones {
            let digits = telephone.value.strip_prefix('+').unwrap_or("");
            prop_assert!((10..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()), "{text:?}");
        }
        for handle in &facts.handles {
            let written = handle.value.trim_start_matches('@');
            prop_assert!(text.to_lowercase().replace('\u{200b}', "").contains(written), "{text:?} {handle:?}");
        }
        for firm in &facts.firms {
            prop_assert!(text.contains(&firm.name) && !firm.name.is_empty(), "{text:?} {firm:?}");
        }
        if let Some(permit) = &facts.permit {
            prop_assert!(text.contains(&permit.value) && permit.value.chars().any(char::is_numeric), "{text:?}");
        }
    }

    #[test]
    fn any_text_has_facts(text in any::<String>()) {
        facts(&text);
    }
}
