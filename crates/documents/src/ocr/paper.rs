//! Paper made even: light and shadow, stains, the table around it; ruled lines taken out.

use crate::page::{Rule, Word};
use image::{GrayImage, Luma};

/// Side of the fields in which the paper's own grey is looked for, in parts of the picture's longer side.
const FIELDS: u32 = 90;
/// Paper is what is at least so bright, in percent of the brightest field; darker fields are the table around it.
const PAPER: u32 = 42;
/// Print paler than this is no print, of 255.
const FADED: f32 = 190.0;
/// Dark pixels are below this.
pub(super) const DARK: u8 = 140;

/// Every pixel divided by the paper around it.
pub(super) fn even(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let side = (width.max(height) / FIELDS).max(8);
    let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
    let mut fields = vec![0u8; (columns * rows) as usize];
    for row in 0..rows {
        for column in 0..columns {
            let mut counts = [0u32; 256];
            let mut all = 0;
            for y in row * side..((row + 1) * side).min(height) {
                for x in column * side..((column + 1) * side).min(width) {
                    counts[picture.get_pixel(x, y).0[0] as usize] += 1;
                    all += 1;
                }
            }
            // the brightest tenth is paper, whatever is printed
            let mut left = all / 10;
            let bright = (0..256).rev().find(|v| {
                let count = counts[*v];
                let found = count > left;
                left = left.saturating_sub(count);
                found
            });
            fields[(row * columns + column) as usize] = bright.unwrap_or(255) as u8;
        }
    }
    let brightest = u32::from(fields.iter().copied().max().unwrap_or(255)).max(1);
    // a field that print fills is as bright as its neighbours
    let wide: Vec<f32> = (0..rows * columns)
        .map(|n| {
            let (row, column) = (n / columns, n % columns);
            let mut best = 0u8;
            for r in row.saturating_sub(1)..(row + 2).min(rows) {
                for c in column.saturating_sub(1)..(column + 2).min(columns) {
                    best = best.max(fields[(r * columns + c) as usize]);
                }
            }
            f32::from(best)
        })
        .collect();
    let at = |x: u32, y: u32| -> f32 {
        let fx = ((x as f32 / side as f32) - 0.5).clamp(0.0, (columns - 1) as f32);
        let fy = ((y as f32 / side as f32) - 0.5).clamp(0.0, (rows - 1) as f32);
        let (cx, cy) = (fx as u32, fy as u32);
        let (nx, ny) = ((cx + 1).min(columns - 1), (cy + 1).min(rows - 1));
        let (dx, dy) = (fx - cx as f32, fy - cy as f32);
        let v = |c: u32, r: u32| wide[(r * columns + c) as usize];
        (v(cx, cy) * (1.0 - dx) + v(nx, cy) * dx) * (1.0 - dy) + (v(cx, ny) * (1.0 - dx) + v(nx, ny) * dx) * dy
    };
    let mut out = GrayImage::new(width, height);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let own = fields[((y / side) * columns + x / side) as usize];
        let table = u32::from(own) * 100 < brightest * PAPER;
        let value = f32::from(picture.get_pixel(x, y).0[0]) / at(x, y).max(1.0) * 250.0;
        pixel.0[0] = if table { 255 } else { value.clamp(0.0, 255.0) as u8 };
    }
    // print is as dark as the darkest fiftieth of the page; what is nearly paper is paper
    let mut counts = [0usize; 256];
    out.pixels().for_each(|p| counts[p.0[0] as usize] += 1);
    let mut left = out.pixels().len() / 50;
    let ink = counts.iter().position(|c| {
        let found = *c > left;
        left = left.saturating_sub(*c);
        found
    });
    let black = (ink.unwrap_or(0) as f32 - 20.0).clamp(40.0, FADED);
    let white = 240.0;
    for pixel in out.pixels_mut() {
        pixel.0[0] = ((f32::from(pixel.0[0]) - black) / (white - black) * 250.0).clamp(0.0, 255.0) as u8;
    }
    out
}

/// Hardly a dark pixel, or hardly a bright one.
pub(super) fn is_blank(page: &GrayImage) -> bool {
    let dark = page.pixels().filter(|p| p.0[0] < DARK).count();
    let all = page.pixels().len().max(1);
    dark * 20_000 < all || dark * 10 > all * 9
}

/// Takes long thin lines out of the page: Tesseract reads frames as letters. The horizontal ones are given back.
pub(super) fn take_rules(page: &mut GrayImage) -> Vec<Rule> {
    let (width, height) = page.dimensions();
    let long = (width.max(height) / 28).max(60);
    let thick = (width.max(height) / 250).max(5);
    let mut rules = Vec::new();
    for across in [true, false] {
        let (rows, length) = if across { (height, width) } else { (width, height) };
        let dark = |page: &GrayImage, along: u32, row: u32| {
            let (x, y) = if across { (along, row) } else { (row, along) };
            page.get_pixel(x, y).0[0] < DARK + 40
        };
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for row in 0..rows {
            let mut start = None;
            let mut gap = 0;
            for along in 0..=length {
                let is = along < length && dark(page, along, row);
                if is {
                    start.get_or_insert(along);
                    gap = 0;
                } else if let Some(s) = start {
                    gap += 1;
                    if gap > 3 || along == length {
                        let end = along + 1 - gap;
                        if end - s >= long {
                            found.push((row, s, end));
                        }
                        start = None;
                    }
                }
            }
        }
        // thin: bright above and below most of it
        let clear = |page: &GrayImage, row: Option<u32>, s: u32, e: u32| {
            let Some(row) = row.filter(|r| *r < rows) else { return true };
            (s..e).step_by(4).filter(|a| dark(page, *a, row)).count() * 3 < (e - s).div_ceil(4) as usize
        };
        let thin: Vec<(u32, u32, u32)> = found
            .into_iter()
            .filter(|&(row, s, e)| {
                clear(page, row.checked_sub(thick), s, e) && clear(page, row.checked_add(thick), s, e)
            })
            .collect();
        for (row, s, e) in thin {
            if across {
                rules.push(Rule { x0: s as f32, x1: e as f32, y: row as f32 });
            }
            for along in s.saturating_sub(2)..(e + 2).min(length) {
                for r in row.saturating_sub(1)..(row + 2).min(rows) {
                    let (x, y) = if across { (along, r) } else { (r, along) };
                    page.put_pixel(x, y, Luma([255]));
                }
            }
        }
    }
    rules
}

/// Gives every word its share of ink: bold words have more.
pub(super) fn weigh(page: &GrayImage, words: &mut [Word]) {
    let (width, height) = page.dimensions();
    for word in words {
        let (x0, x1) = (word.x0.max(0.0) as u32, (word.x1.max(0.0) as u32).min(width));
        let (y0, y1) = (word.y0.max(0.0) as u32, (word.y1.max(0.0) as u32).min(height));
        // ink for each change from paper to ink is the width of strokes, whatever the letters
        let (mut ink, mut strokes) = (0u32, 0u32);
        for y in y0..y1 {
            let mut before = false;
            for x in x0..x1 {
                let dark = page.get_pixel(x, y).0[0] < DARK;
                ink += u32::from(dark);
                strokes += u32::from(dark && !before);
                before = dark;
            }
        }
        word.ink = if strokes > 0 { ink as f32 / strokes as f32 } else { 0.0 };
    }
}
