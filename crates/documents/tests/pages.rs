//! Pages with a layout, and what is wrong with some. The pictures need Tesseract and poppler (`cargo xtask test` installs them).

use image::{GrayImage, ImageFormat, Luma};
use sakchy_documents::{Item, Layout, Limits, Options, Source, open};
use std::io::Cursor;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pages/tuned").join(name)
}

fn read(source: Source, layout: Layout, limits: Limits) -> Vec<Item> {
    let options = Options { limits, ..Options::default() };
    match open(source, layout, &options) {
        Ok(items) => items.collect(),
        Err(problem) => vec![Err(sakchy_documents::Trouble::whole(problem))],
    }
}

fn problem(items: &[Item]) -> String {
    items.iter().filter_map(|i| i.as_ref().err()).map(|t| t.problem.clone()).collect::<Vec<_>>().join("; ")
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How many true adverts were found letter by letter.
fn exact(items: &[Item], truth: &str) -> (usize, usize) {
    let found: std::collections::HashSet<String> = items.iter().flatten().map(|a| letters(&a.text)).collect();
    let truth = std::fs::read_to_string(fixture(truth)).unwrap();
    let texts: Vec<String> = truth
        .lines()
        .map(|l| letters(serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().unwrap()))
        .collect();
    (texts.iter().filter(|t| found.contains(*t)).count(), texts.len())
}

#[test]
fn a_pdf_is_cut_into_its_adverts_with_their_places() {
    let items = read(Source::File(fixture("pdf-06.pdf")), Layout::Pdf, Limits::default());
    let (found, all) = exact(&items, "pdf-06.truth.jsonl");
    assert!(found * 100 >= all * 97, "{found} of {all}");
    let first = items[0].as_ref().unwrap();
    let spot = first.spot.as_ref().unwrap();
    assert!(spot.column == 1 && spot.confidence.is_none() && spot.areas[0].width > 50, "{spot:?}");
    assert!(first.fragment().starts_with("page=1&column=1&xywh="), "{}", first.fragment());
}

#[test]
fn a_pdf_from_memory_is_the_same() {
    let bytes = std::fs::read(fixture("pdf-01.pdf")).unwrap();
    let memory = read(Source::Bytes(bytes), Layout::Pdf, Limits::default());
    assert_eq!(memory, read(Source::File(fixture("pdf-01.pdf")), Layout::Pdf, Limits::default()));
}

#[test]
fn a_scan_upside_down_is_turned_and_its_boxes_turn_back() {
    let upright = image::open(fixture("scan-02.webp")).unwrap().into_luma8();
    let turned = image::imageops::rotate180(&upright);
    let items = read(Source::Bytes(png(&turned)), Layout::Picture, Limits::default());
    let (found, all) = exact(&items, "scan-02.truth.jsonl");
    assert!(found * 10 >= all * 5, "{found} of {all} letter by letter: {}", problem(&items));
    // the first advert stands at the lower end of the picture as it was given
    let spot = items[0].as_ref().unwrap().spot.clone().unwrap();
    assert!(spot.areas[0].y > turned.height() / 2 && spot.confidence.unwrap() > 60, "{spot:?}");
}

#[test]
fn pictures_without_a_page_are_named() {
    let empty = GrayImage::from_pixel(900, 1200, Luma([250]));
    assert!(problem(&read(Source::Bytes(png(&empty)), Layout::Picture, Limits::default())).contains("no text"));
    let items = read(Source::Bytes(b"\x89PNG\r\n\x1a\n cut".to_vec()), Layout::Picture, Limits::default());
    assert!(problem(&items).contains("no picture"), "{items:?}");
    let whole = std::fs::read(fixture("scan-00.jpg")).unwrap();
    let small = Limits { pixels: 1_000_000, ..Limits::default() };
    assert!(problem(&read(Source::Bytes(whole), Layout::Picture, small)).contains("--max-pixels"));
}

#[test]
fn a_picture_that_claims_a_gigapixel_is_not_opened() {
    // the head of a PNG of 40,000 by 40,000 pixels, and nothing behind it
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = b"IHDR".to_vec();
    head.extend_from_slice(&40_000u32.to_be_bytes());
    head.extend_from_slice(&40_000u32.to_be_bytes());
    head.extend_from_slice(&[8, 0, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&head);
    bytes.extend_from_slice(&13u32.to_be_bytes());
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&crc.sum().to_be_bytes());
    bytes.extend_from_slice(&[0, 0, 0, 0]);
    bytes.extend_from_slice(b"IDAT");
    let said = problem(&read(Source::Bytes(bytes), Layout::Picture, Limits::default()));
    assert!(said.contains("1600 megapixels"), "{said}");
}

#[test]
fn pdfs_cut_short_or_hostile_are_named() {
    let whole = std::fs::read(fixture("pdf-00.pdf")).unwrap();
    for bytes in [whole[..300].to_vec(), b"%PDF-1.7\n%%EOF".to_vec(), b"no pdf".to_vec()] {
        let items = read(Source::Bytes(bytes), Layout::Pdf, Limits::default());
        assert!(problem(&items).contains("no PDF"), "{items:?}");
    }
    let none = Limits { pages: 0, ..Limits::default() };
    assert!(problem(&read(Source::Bytes(whole), Layout::Pdf, none)).contains("--max-pages"));
}
