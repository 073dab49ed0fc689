//! Tesseract, called as a program: first which way the page stands and in which script, then at most two languages at once.

use crate::Limits;
use crate::page::Word;
use crate::program::{Fault, run};
use image::{GrayImage, Luma};

const PACKAGES: &str =
    "tesseract-ocr tesseract-ocr-osd tesseract-ocr-rus tesseract-ocr-kir tesseract-ocr-uzb tesseract-ocr-uzb-cyrl";
/// Longer side of the picture on which script and direction are looked for, in pixels.
const LOOK: u32 = 2200;
/// Least surety of a direction other than upright, in Tesseract's measure.
const SURE_TURN: f32 = 2.0;
/// Lines less sure than this are read again in the other languages, in percent.
const DOUBTFUL: f32 = 72.0;
/// What the other languages must be surer by.
const BETTER: f32 = 4.0;

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Cyrillic,
    Latin,
}

impl Script {
    /// Languages to read it in: the first for all, the others for lines that stay doubtful.
    fn languages(self) -> [&'static str; 3] {
        match self {
            Script::Cyrillic => ["kir+rus", "uzb+eng", "uzb_cyrl"],
            Script::Latin => ["uzb+eng", "rus+kir", "uzb_cyrl"],
        }
    }
}

/// A picture as Tesseract takes it (PGM: nothing to pack or unpack).
fn pgm(page: &GrayImage) -> Vec<u8> {
    let mut out = format!("P5\n{} {}\n255\n", page.width(), page.height()).into_bytes();
    out.extend_from_slice(page.as_raw());
    out
}

fn call(page: &GrayImage, arguments: &[&str], limits: &Limits) -> Result<String, Fault> {
    let all: Vec<&str> = ["stdin", "stdout"].iter().chain(arguments).copied().collect();
    let out = run("tesseract", PACKAGES, &all, &pgm(page), limits.seconds, limits);
    let out = out.map_err(|fault| match fault {
        Fault::Failed(said) if said.contains("Error opening data file") || said.contains("Failed loading language") => {
            Fault::Missing(format!("needs Tesseract's languages; on Debian: apt install {PACKAGES}"))
        }
        other => other,
    })?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Quarter turns clockwise that put the page upright, and its script. A page that tells neither is taken as it stands, in
/// Cyrillic.
pub(super) fn look(page: &GrayImage, limits: &Limits) -> Result<(u32, Script), Fault> {
    let long = page.width().max(page.height());
    let small = (long > LOOK).then(|| {
        let scale = |v: u32| (u64::from(v) * u64::from(LOOK) / u64::from(long)).max(1) as u32;
        image::imageops::resize(page, scale(page.width()), scale(page.height()), image::imageops::FilterType::Triangle)
    });
    let said = match call(small.as_ref().unwrap_or(page), &["--psm", "0", "--dpi", "200"], limits) {
        Ok(said) => said,
        // too few letters to tell
        Err(Fault::Failed(_)) => return Ok((0, Script::Cyrillic)),
        Err(other) => return Err(other),
    };
    let value = |name: &str| said.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
    let turn = value("Rotate:").and_then(|v| v.parse::<u32>().ok()).unwrap_or(0) / 90;
    let sure = value("Orientation confidence:").and_then(|v| v.parse::<f32>().ok()).unwrap_or(0.0);
    let latin = value("Script:") == Some("Latin");
    let script = if latin { Script::Latin } else { Script::Cyrillic };
    Ok((if sure >= SURE_TURN { turn } else { 0 }, script))
}

/// A line as Tesseract found it.
#[derive(Default)]
struct Row {
    words: Vec<Word>,
}

impl Row {
    fn sure(&self) -> f32 {
        let letters = |w: &Word| w.text.chars().count() as f32;
        let all: f32 = self.words.iter().map(letters).sum();
        self.words.iter().map(|w| w.confidence.unwrap_or(0.0) * letters(w)).sum::<f32>() / all.max(1.0)
    }

    /// Left, top, right, bottom.
    fn bounds(&self) -> (f32, f32, f32, f32) {
        self.words.iter().fold((f32::MAX, f32::MAX, f32::MIN, f32::MIN), |b, w| {
            (b.0.min(w.x0), b.1.min(w.y0), b.2.max(w.x1), b.3.max(w.y1))
        })
    }
}

/// Reads an upright, straight page.
pub(super) fn read(page: &GrayImage, script: Script, limits: &Limits) -> Result<Vec<Word>, Fault> {
    let mut rows: Vec<Row> = Vec::new();
    for (n, languages) in script.languages().into_iter().enumerate() {
        if n == 0 {
            rows = lines(page, languages, "3", limits)?;
            continue;
        }
        let doubtful: Vec<usize> = (0..rows.len()).filter(|&r| rows[r].sure() < DOUBTFUL).collect();
        if doubtful.is_empty() {
            break;
        }
        // the same page with nothing but the doubtful lines
        let mut rest = GrayImage::from_pixel(page.width(), page.height(), Luma([255]));
        for &r in &doubtful {
            let (x0, y0, x1, y1) = rows[r].bounds();
            let cut = |v: f32, most: u32| (v.max(0.0) as u32).min(most);
            for y in cut(y0 - 6.0, page.height())..cut(y1 + 6.0, page.height()) {
                for x in cut(x0 - 8.0, page.width())..cut(x1 + 8.0, page.width()) {
                    rest.put_pixel(x, y, *page.get_pixel(x, y));
                }
            }
        }
        // sparse text, wherever it stands
        let other = match lines(&rest, languages, "11", limits) {
            Ok(other) => other,
            // what was read stays read
            Err(Fault::Failed(_) | Fault::TooLong(_)) => break,
            Err(missing) => return Err(missing),
        };
        let mut found: Vec<Word> = other.into_iter().flat_map(|r| r.words).collect();
        for &r in &doubtful {
            let (x0, y0, x1, y1) = rows[r].bounds();
            let on = |w: &Word| {
                let (x, y) = ((w.x0 + w.x1) / 2.0, (w.y0 + w.y1) / 2.0);
                x > x0 - 8.0 && x < x1 + 8.0 && y > y0 && y < y1
            };
            let (mine, others): (Vec<Word>, Vec<Word>) = found.into_iter().partition(on);
            found = others;
            let again = Row { words: mine };
            let enough = again.bounds().2 - again.bounds().0 > (x1 - x0) * 0.7;
            if !again.words.is_empty() && enough && again.sure() > rows[r].sure() + BETTER {
                rows[r] = again;
            }
        }
    }
    Ok(rows.into_iter().flat_map(|r| r.words).collect())
}

/// One run, as lines of words.
fn lines(page: &GrayImage, languages: &str, mode: &str, limits: &Limits) -> Result<Vec<Row>, Fault> {
    let tsv = call(page, &["-l", languages, "--psm", mode, "--dpi", "300", "-c", "tessedit_create_tsv=1"], limits)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut last = "";
    for record in tsv.lines() {
        let cells: Vec<&str> = record.split('\t').collect();
        let [level, _, _, _, _, _, left, top, width, height, sure, text] = cells[..] else { continue };
        if level != "5" || text.trim().is_empty() {
            continue;
        }
        let number = |cell: &str| cell.parse::<f32>().unwrap_or(0.0);
        // frames and dirt
        let dirt =
            text.chars().all(|c| matches!(c, '|' | '_' | '[' | ']' | '{' | '}' | '\\' | '/' | '¦' | '`' | '\'' | '.'));
        if dirt {
            continue;
        }
        // page, block, paragraph and line
        let line = &record[2..record.match_indices('\t').nth(4).map_or(2, |m| m.0.max(2))];
        if line != last || rows.is_empty() {
            rows.push(Row::default());
            last = line;
        }
        if let Some(row) = rows.last_mut() {
            row.words.push(Word {
                text: text.trim().to_string(),
                x0: number(left),
                y0: number(top),
                x1: number(left) + number(width),
                y1: number(top) + number(height),
                confidence: Some(number(sure)),
                ink: 0.0,
            });
        }
    }
    Ok(rows)
}
