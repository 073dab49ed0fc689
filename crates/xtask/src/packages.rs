//! Debian's packages, installed where they are missing.

use crate::run;
use std::path::Path;

/// What `documents` calls: packages and a file that each brings.
pub const READING: &[(&str, &str)] = &[
    ("poppler-utils", "/usr/bin/pdftotext"),
    ("tesseract-ocr", "/usr/bin/tesseract"),
    ("tesseract-ocr-osd", "/usr/share/tesseract-ocr/5/tessdata/osd.traineddata"),
    ("tesseract-ocr-eng", "/usr/share/tesseract-ocr/5/tessdata/eng.traineddata"),
    ("tesseract-ocr-rus", "/usr/share/tesseract-ocr/5/tessdata/rus.traineddata"),
    ("tesseract-ocr-kir", "/usr/share/tesseract-ocr/5/tessdata/kir.traineddata"),
    ("tesseract-ocr-uzb", "/usr/share/tesseract-ocr/5/tessdata/uzb.traineddata"),
    ("tesseract-ocr-uzb-cyrl", "/usr/share/tesseract-ocr/5/tessdata/uzb_cyrl.traineddata"),
];

/// Installs the packages whose file is not there; `with` only together with one of them.
pub fn install(wanted: &[(&str, &str)], with: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> =
        wanted.iter().filter(|(_, path)| !Path::new(path).exists()).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.iter().chain(with).copied();
    let args: Vec<&str> = ["install", "-y", "-qq", "--no-install-recommends"].into_iter().chain(packages).collect();
    // a new machine knows no packages before the first update
    let _ = run("apt-get", &["update", "-qq"]).or_else(|_| run("sudo", &["apt-get", "update", "-qq"]));
    if run("apt-get", &args).is_ok() {
        return Ok(());
    }
    let with_sudo: Vec<&str> = ["apt-get"].into_iter().chain(args).collect();
    run("sudo", &with_sudo).map_err(|e| format!("{e}; install {} yourself and try again", missing.join(" and ")))
}
