//! `scan` over documents of other layouts: places, exit codes, faults that are named while the rest goes on.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RISKY: &str =
    "Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас. WhatsApp +996 555 12 34 56";

fn sakchy(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_sakchy"))
        .args(arguments)
        .current_dir(root)
        .env("LANG", "ru_RU.UTF-8")
        .output()
        .unwrap()
}

fn scratch(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sakchy-documents-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_page_of_the_web_and_a_pdf_have_their_places() {
    let page = scratch("vesti_2026-11-12_n45.html", format!("<html><body><p>{RISKY}</p></body></html>").as_bytes());
    let output = sakchy(&["scan", "--format", "csv", page.to_str().unwrap(), "tests/fixtures/pages/tuned/pdf-06.pdf"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("vesti,45,2026-11-12"), "{text}");
    assert!(text.contains("pdf-06.pdf#page=1&column="), "{text}");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_done() {
    let good = scratch("good.txt", RISKY.as_bytes());
    let long = scratch("long.html", &vec![b'x'; 30 << 20]);
    let cut = scratch("cut.pdf", b"%PDF-1.7\n1 0 obj");
    let names = [good, long, cut].map(|p| p.to_str().unwrap().to_string());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let output = sakchy(&[&["scan", "--format", "jsonl"], &names[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("long.html: holds a page of 30 MB") && said.contains("cut.pdf: is no PDF"), "{said}");
}

#[test]
fn a_missing_program_is_named_with_its_package() {
    let good = scratch("good2.txt", RISKY.as_bytes());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_sakchy"))
        .args(["scan", "--format", "jsonl", "tests/fixtures/pages/tuned/scan-02.webp", good.to_str().unwrap()])
        .current_dir(root)
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("tesseract") && said.contains("apt install"), "{said}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}
