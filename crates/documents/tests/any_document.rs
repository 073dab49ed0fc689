//! No bytes make a reader of whole documents panic or hang, and the cutter keeps to the lines that it was given.

use proptest::prelude::*;
use sakchy_documents::cut::{Line, cut_lines};
use sakchy_documents::{Layout, Limits, Options, Source, html, open};

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![
        Just(Layout::Html),
        Just(Layout::Xlsx),
        Just(Layout::Parquet),
        Just(Layout::Warc),
        Just(Layout::Zip),
        Just(Layout::Picture)
    ]
}

/// Noise behind the signature of some format, and things that look like parts of documents.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let heads: Vec<&[u8]> = vec![
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"WARC/1.0\r\nContent-Length: 9\r\n\r\n",
        b"\x1f\x8b\x08\x00",
        b"II*\x00",
        b"\xff\xd8\xff",
    ];
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60),
        "(<(div|p|b|table|li|script|a href='x')[^<>]{0,3}>|</(div|p|b)>|[а-я ]{0,9}|&[a-z]{0,4};?){0,12}"
            .prop_map(String::into_bytes),
        "(WARC/1.0\r\n|WARC-Type: response\r\n|Content-Length: [0-9]{1,3}\r\n|\r\n|HTTP/1.1 200 OK\r\n|x){0,8}"
            .prop_map(String::into_bytes),
    ];
    (proptest::sample::select(heads), proptest::collection::vec(piece, 0..4))
        .prop_map(|(head, pieces)| [head.to_vec(), pieces.concat()].concat())
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let text = prop_oneof![
        "[А-Яа-яa-zA-Z0-9•+.,!№ -]{1,40}".prop_filter("not blank", |t| !t.trim().is_empty()),
        "Тел. 0[0-9]{3} [0-9]{2} [0-9]{2} [0-9]{2}",
        "РАБОТА|Услуги|Жумуш",
    ];
    let line = (text, any::<[bool; 4]>()).prop_map(|(text, [gap, lead, column, heading])| Line {
        text,
        gap,
        lead,
        column,
        heading,
        ..Line::default()
    });
    proptest::collection::vec(line, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_take_any_bytes(bytes in bytes(), layout in layout()) {
        // a program that is called is not what is tested here: no picture of noise is large enough to reach it
        let options = Options { limits: Limits { pixels: 1000, ..Limits::default() }, ..Options::default() };
        let most = bytes.len() * 2 + 4;
        let Ok(items) = open(Source::Bytes(bytes), layout, &options) else { return Ok(()) };
        for (n, item) in items.enumerate() {
            prop_assert!(n < most, "more items than bytes");
            if let Err(trouble) = item {
                prop_assert!(!trouble.problem.is_empty());
            }
        }
    }

    #[test]
    fn pages_of_the_web_take_any_text(text in "(<[a-z]{1,6}( [a-z]{1,5}='[^']{0,5}')?>|</[a-z]{1,6}>|[а-я<>&;\"{} ]{0,12}){0,30}") {
        let page = html::read(&text, Some("https://a.example/")).map_err(TestCaseError::fail)?;
        prop_assert!(page.links.iter().all(|l| l.url.starts_with("http")));
    }

    #[test]
    fn pieces_follow_one_another(lines in lines(), set in any::<bool>()) {
        let mut end = 0;
        for piece in cut_lines(&lines, &mut None, set) {
            prop_assert!(piece.lines.start >= end && piece.lines.end <= lines.len() && !piece.lines.is_empty());
            end = piece.lines.end;
        }
    }
}
