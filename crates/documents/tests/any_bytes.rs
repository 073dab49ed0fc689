//! No bytes make a reader panic or hang, and every trouble says what it is.

use proptest::prelude::*;
use sakchy_documents::{Columns, Layout, cut, read};

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![Just(Layout::Text), Just(Layout::Csv), Just(Layout::Jsonl)]
}

/// Bytes as they come, and bytes that look like what the readers expect.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..80),
        "[ -~а-яА-Яңөү\\n\\r\\t,;|\"•\\-0-9]{0,120}".prop_map(String::into_bytes),
        "(\\{\"text\":\"[а-я \\\\\"]{0,20}\"\\}|text,id\\n|РАБОТА\\n|\\+996 [0-9]{3} [0-9]{6}\\n){0,4}"
            .prop_map(String::into_bytes),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_take_any_bytes(bytes in input(), layout in layout()) {
        let Ok(items) = read(bytes.as_slice(), layout, &Columns::default()) else { return Ok(()) };
        let mut count = 0;
        for item in items {
            count += 1;
            prop_assert!(count <= bytes.len() + 1, "more items than bytes");
            match item {
                Ok(advert) => prop_assert!(advert.text.len() <= bytes.len() * 4),
                Err(trouble) => prop_assert!(!trouble.problem.is_empty()),
            }
        }
    }

    #[test]
    fn the_cutter_invents_no_letter(text in "[а-яА-Яң0-9 \\n•\\-+.!]{0,300}") {
        let letters = |t: &str| t.chars().filter(|c| c.is_alphabetic()).count();
        let lines: Vec<String> = text.lines().map(str::to_string).collect();
        let pieces = cut::cut(&lines, &mut None);
        prop_assert!(pieces.iter().map(|p| letters(&p.text)).sum::<usize>() <= letters(&text));
        prop_assert!(pieces.iter().all(|p| p.line < lines.len()));
    }
}
