//! PDF: the text layer with its places (poppler's `pdftotext -bbox-layout`); pages without one are drawn and read by OCR.

use crate::advert::Trouble;
use crate::page::{self, Sheet, Word};
use crate::program::{Fault, run};
use crate::source::{Emit, Source};
use crate::{Options, ocr};
use quick_xml::events::Event;

const PACKAGE: &str = "poppler-utils";
/// Pages taken out together, so that memory stays flat.
const PAGES: usize = 10;
/// Pages with fewer words are looked at as pictures.
const FEW_WORDS: usize = 8;
/// Dots an inch at which pages are drawn.
const DOTS: f32 = 200.0;

/// Reads all pages. False when nobody wants more.
pub(crate) fn adverts(source: Source, options: &Options, emit: &mut Emit<'_>) -> bool {
    let whole = |f: &Fault| Err(Trouble::whole(f.message()));
    let pdf = Pdf { source, options };
    let pages = match pdf.pages() {
        Ok(pages) => pages,
        Err(fault) => return emit(whole(&fault)),
    };
    if pages > options.limits.pages {
        let problem =
            format!("has {pages} pages; those behind page {} were not read (--max-pages)", options.limits.pages);
        if !emit(Err(Trouble::whole(problem))) {
            return false;
        }
    }
    let pages = pages.min(options.limits.pages);
    let mut rubric = None;
    let mut first = 1;
    while first <= pages {
        let last = (first + PAGES - 1).min(pages);
        match pdf.text(first, last) {
            Ok(sheets) => {
                for (n, sheet) in sheets.into_iter().enumerate() {
                    if !pdf.page(first + n, sheet, &mut rubric, emit) {
                        return false;
                    }
                }
            }
            Err(fault) => {
                let problem = format!("pages {first} to {last}: {}", fault.message());
                if !emit(Err(Trouble::whole(problem))) || matches!(fault, Fault::Missing(_)) {
                    return !matches!(fault, Fault::Missing(_));
                }
            }
        }
        first = last + 1;
    }
    true
}

struct Pdf<'p> {
    source: Source,
    options: &'p Options,
}

impl Pdf<'_> {
    /// Runs one of poppler's programs on the document.
    fn call(&self, program: &str, arguments: &[&str], pages: usize) -> Result<Vec<u8>, Fault> {
        let limits = &self.options.limits;
        let (name, input) = match &self.source {
            Source::File(path) => {
                let name = path.to_str().ok_or_else(|| Fault::Failed("its name is no UTF-8; rename it".into()))?;
                // a name that begins with a hyphen is no option
                let name = if name.starts_with('-') { format!("./{name}") } else { name.to_string() };
                (name, &[][..])
            }
            Source::Bytes(bytes) => ("-".to_string(), bytes.as_slice()),
        };
        let mut all: Vec<&str> = arguments.to_vec();
        all.push(&name);
        if program == "pdftotext" {
            all.push("-");
        }
        run(program, PACKAGE, &all, input, limits.seconds.saturating_mul(pages as u64), limits)
    }

    fn pages(&self) -> Result<usize, Fault> {
        let out = self.call("pdfinfo", &[], 1).map_err(|fault| match fault {
            Fault::Failed(said) if said.contains("password") => {
                Fault::Failed("is locked by a password; save it without one".into())
            }
            Fault::Failed(said) => Fault::Failed(format!("is no PDF that can be read, or is cut short; {said}")),
            other => other,
        })?;
        let text = String::from_utf8_lossy(&out);
        let count = text.lines().find_map(|l| l.strip_prefix("Pages:")).and_then(|n| n.trim().parse().ok());
        count.filter(|n| *n > 0).ok_or_else(|| Fault::Failed("has no pages".into()))
    }

    /// The words of some pages and each page's size in points.
    fn text(&self, first: usize, last: usize) -> Result<Vec<(Sheet, f32, f32)>, Fault> {
        let (from, to) = (first.to_string(), last.to_string());
        let out = self.call("pdftotext", &["-q", "-bbox-layout", "-f", &from, "-l", &to], last - first + 1)?;
        sheets(&out).map_err(|e| Fault::Failed(format!("the text layer cannot be read: {e}")))
    }

    fn page(
        &self,
        number: usize,
        (sheet, width, height): (Sheet, f32, f32),
        rubric: &mut Option<String>,
        emit: &mut Emit<'_>,
    ) -> bool {
        let page = Some(number.to_string());
        if sheet.words.len() >= FEW_WORDS && legible(&sheet) {
            let adverts = page::adverts(sheet, rubric, &|x, y| (x, y));
            return adverts.into_iter().all(|a| emit(Ok(crate::Advert { page: page.clone(), ..a })));
        }
        let drawn = self.draw(number, width, height).and_then(|(picture, scale)| {
            let read = ocr::read(&picture, &self.options.limits)?;
            Ok((read, scale))
        });
        match drawn {
            Ok((read, scale)) => {
                let adverts = page::adverts(read.sheet, rubric, &|x, y| {
                    let (x, y) = read.turn.back(x, y);
                    (x / scale, y / scale)
                });
                adverts.into_iter().all(|a| emit(Ok(crate::Advert { page: page.clone(), ..a })))
            }
            // an empty page of a document is no trouble
            Err(Fault::Failed(said)) if said == ocr::EMPTY => true,
            Err(fault) => emit(Err(Trouble::whole(format!("page {number}: {}", fault.message())))),
        }
    }

    /// Draws a page in grey; the scale is dots a point.
    fn draw(&self, number: usize, width: f32, height: f32) -> Result<(image::GrayImage, f32), Fault> {
        let area = (width / 72.0 * height / 72.0).max(1e-3);
        let most = (self.options.limits.pixels as f32 / area).sqrt();
        let dots = DOTS.min(most).max(10.0).floor();
        let (n, r) = (number.to_string(), dots.to_string());
        let out = self.call("pdftoppm", &["-q", "-gray", "-r", &r, "-f", &n, "-l", &n], 1)?;
        let picture = ocr::decode(&out, &self.options.limits).map_err(Fault::Failed)?;
        Ok((picture, dots / 72.0))
    }
}

/// A text layer that says letters, not the numbers of a font's shapes.
fn legible(sheet: &Sheet) -> bool {
    let all = || sheet.words.iter().flat_map(|w| w.text.chars());
    let odd = all().filter(|c| matches!(*c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}') || c.is_control()).count();
    odd * 5 < all().count()
}

/// The pages of poppler's XHTML.
fn sheets(xml: &[u8]) -> Result<Vec<(Sheet, f32, f32)>, String> {
    let xml = String::from_utf8_lossy(xml);
    let mut reader = quick_xml::Reader::from_str(&xml);
    // control characters and broken entities come out of broken fonts
    reader.config_mut().check_end_names = false;
    let mut sheets: Vec<(Sheet, f32, f32)> = Vec::new();
    let mut word: Option<Word> = None;
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(tag) => {
                let number = |name: &str| -> f32 {
                    let value = tag.try_get_attribute(name).ok().flatten();
                    value.and_then(|v| v.value.parse().ok()).unwrap_or(0.0)
                };
                match tag.name().as_ref() {
                    "page" => sheets.push((Sheet::default(), number("width"), number("height"))),
                    "word" => {
                        word = Some(Word {
                            x0: number("xMin"),
                            y0: number("yMin"),
                            x1: number("xMax"),
                            y1: number("yMax"),
                            ..Word::default()
                        });
                    }
                    _ => {}
                }
            }
            Event::Text(text) => {
                if let Some(word) = &mut word {
                    word.text.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                if let Some(word) = &mut word {
                    let named = quick_xml::escape::resolve_predefined_entity(&entity).map(str::to_string);
                    let numbered = || entity.resolve_char_ref().ok().flatten().map(String::from);
                    word.text.push_str(&named.or_else(numbered).unwrap_or_default());
                }
            }
            Event::End(tag) if tag.name().as_ref() == "word" => {
                if let (Some(word), Some((sheet, ..))) = (word.take(), sheets.last_mut())
                    && !word.text.trim().is_empty()
                    && word.x1 > word.x0
                    && word.y1 > word.y0
                {
                    sheet.words.push(word);
                }
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}
