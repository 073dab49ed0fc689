//! Pictures of pages: made even, upright and straight, then read by Tesseract; every word keeps its box and how sure it is.

mod paper;
mod straight;
mod tesseract;

pub(crate) use straight::Turn;

use crate::Limits;
use crate::page::Sheet;
use crate::program::Fault;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader};
use std::io::Cursor;

/// What is said of a picture without words.
pub(crate) const EMPTY: &str =
    "holds no text that can be read; is the page the right side up, sharp and in a known script?";
/// Length of the longer side at which pages are read, in pixels: A4 at 280 dots an inch.
const LONG_SIDE: f32 = 3300.0;
/// Most enlargement: what is not in the picture does not come by enlarging.
const MOST_SCALE: f32 = 2.6;
/// Words surer than this, in percent, ...
const SURE: f32 = 60.0;
/// ... must be at least this share of all, in percent: else it is noise, a picture, or a script that we do not read.
const LEGIBLE: usize = 25;

/// A page that was read.
pub(crate) struct Read {
    /// Its words.
    pub(crate) sheet: Sheet,
    /// The way back to the picture as it was given.
    pub(crate) turn: Turn,
}

/// The pixels of a picture, in grey, turned as its camera noted.
///
/// # Errors
/// A message when it is no picture, is damaged or claims more pixels than may be.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<GrayImage, String> {
    let said = |e: image::ImageError| format!("is no picture that can be read, or is damaged: {e}");
    let open = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| e.to_string());
    let (width, height) = open()?.into_dimensions().map_err(said)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels {
        return Err(format!(
            "claims {} megapixels; above {} it is not opened (--max-pixels)",
            pixels / 1_000_000,
            limits.pixels / 1_000_000
        ));
    }
    let mut reader = open()?;
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some((limits.pixels * 8).max(64 << 20));
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(said)?;
    let orientation = decoder.orientation().map_err(said)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(said)?;
    picture.apply_orientation(orientation);
    Ok(match picture {
        // what is clear is paper
        picture if picture.color().has_alpha() => {
            let mut grey = GrayImage::new(picture.width(), picture.height());
            for (to, from) in grey.pixels_mut().zip(picture.to_luma_alpha8().pixels()) {
                let (value, clear) = (u32::from(from.0[0]), 255 - u32::from(from.0[1]));
                to.0[0] = (value * (255 - clear) / 255 + clear).min(255) as u8;
            }
            grey
        }
        picture => picture.into_luma8(),
    })
}

/// Reads a page.
///
/// # Errors
/// The program is missing, took too long or failed; or there is no text ([`EMPTY`]).
pub(crate) fn read(picture: &GrayImage, limits: &Limits) -> Result<Read, Fault> {
    let empty = || Fault::Failed(EMPTY.into());
    if picture.width() < 40 || picture.height() < 40 {
        return Err(empty());
    }
    let even = paper::even(picture);
    if paper::is_blank(&even) {
        return Err(empty());
    }
    let (quarter, script) = tesseract::look(&even, limits)?;
    let turned = Turn::quarters(quarter, picture.width() as f32, picture.height() as f32);
    let upright = turned.apply(&even, 1.0);
    let straight = straight::straighten(&upright);
    let size = straight.size();
    let scale = (LONG_SIDE / size.0.max(size.1)).min(MOST_SCALE);
    let mut page = straight.apply(&upright, scale);
    let rules = paper::take_rules(&mut page);
    let mut words = tesseract::read(&page, script, limits)?;
    let sure = words.iter().filter(|w| w.confidence.is_some_and(|c| c >= SURE)).count();
    if words.len() < 2 || sure * 100 < words.len() * LEGIBLE {
        return Err(empty());
    }
    paper::weigh(&page, &mut words);
    Ok(Read { sheet: Sheet { words, rules }, turn: turned.then(&straight).scaled(scale) })
}
