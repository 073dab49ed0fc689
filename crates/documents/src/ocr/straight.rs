//! Pages made straight: quarter turns, skew, and the perspective of a camera held at an angle. The lines of the text tell it:
//! how they slope above and below, how the edges of columns lean left and right.

use super::paper::DARK;
use image::{GrayImage, Luma};

/// A way from a straight page back to the picture: a homography, row by row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Turn {
    m: [f64; 9],
    width: f64,
    height: f64,
}

impl Turn {
    fn new(m: [f64; 9], width: f64, height: f64) -> Turn {
        Turn { m, width, height }
    }

    /// Turns clockwise by quarters that make a picture of this size upright.
    pub(crate) fn quarters(quarters: u32, width: f32, height: f32) -> Turn {
        let (w, h) = (f64::from(width), f64::from(height));
        match quarters % 4 {
            1 => Turn::new([0.0, 1.0, 0.0, -1.0, 0.0, h, 0.0, 0.0, 1.0], h, w),
            2 => Turn::new([-1.0, 0.0, w, 0.0, -1.0, h, 0.0, 0.0, 1.0], w, h),
            3 => Turn::new([0.0, -1.0, w, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0], h, w),
            _ => Turn::new([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], w, h),
        }
    }

    /// Size of the straight page.
    pub(crate) fn size(&self) -> (f32, f32) {
        (self.width as f32, self.height as f32)
    }

    /// The point of the picture that a point of the straight page shows.
    pub(crate) fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (f64::from(x), f64::from(y));
        let m = &self.m;
        let w = m[6] * x + m[7] * y + m[8];
        let w = if w.abs() < 1e-9 { 1e-9 } else { w };
        (((m[0] * x + m[1] * y + m[2]) / w) as f32, ((m[3] * x + m[4] * y + m[5]) / w) as f32)
    }

    /// First this turn, then another on its result.
    pub(crate) fn then(&self, next: &Turn) -> Turn {
        let (a, b) = (&self.m, &next.m);
        let m = std::array::from_fn(|n| (0..3).map(|k| a[n / 3 * 3 + k] * b[k * 3 + n % 3]).sum());
        Turn::new(m, next.width, next.height)
    }

    /// The same for a straight page that was enlarged.
    pub(crate) fn scaled(&self, scale: f32) -> Turn {
        let s = f64::from(scale);
        let small = Turn::new([1.0 / s, 0.0, 0.0, 0.0, 1.0 / s, 0.0, 0.0, 0.0, 1.0], self.width * s, self.height * s);
        self.then(&small)
    }

    /// The straight page, enlarged by `scale`.
    pub(crate) fn apply(&self, picture: &GrayImage, scale: f32) -> GrayImage {
        let turn = self.scaled(scale);
        let (width, height) = ((turn.width.round() as u32).max(1), (turn.height.round() as u32).max(1));
        let (w, h) = (picture.width() as i64, picture.height() as i64);
        let value = |x: i64, y: i64| -> f32 {
            if x < 0 || y < 0 || x >= w || y >= h {
                255.0
            } else {
                f32::from(picture.get_pixel(x as u32, y as u32).0[0])
            }
        };
        let mut out = GrayImage::new(width, height);
        for (x, y, pixel) in out.enumerate_pixels_mut() {
            let (sx, sy) = turn.back(x as f32 + 0.5, y as f32 + 0.5);
            let (sx, sy) = (sx - 0.5, sy - 0.5);
            let (ix, iy) = (sx.floor() as i64, sy.floor() as i64);
            let (dx, dy) = (sx - ix as f32, sy - iy as f32);
            let upper = value(ix, iy) * (1.0 - dx) + value(ix + 1, iy) * dx;
            let lower = value(ix, iy + 1) * (1.0 - dx) + value(ix + 1, iy + 1) * dx;
            *pixel = Luma([(upper * (1.0 - dy) + lower * dy) as u8]);
        }
        out
    }
}

/// Points looked at for the angles.
const POINTS: usize = 60_000;
/// Largest slope of lines, in degrees.
const STEEPEST: f64 = 12.0;
/// Edges of columns count when their angle stands out from the others by this much.
const PLAIN: f64 = 1.12;
/// Bins of a profile along the longer side of a page.
const BINS: f64 = 1400.0;
/// Room around the text, in parts of the longer side.
const MARGIN: f64 = 0.02;

type Point = (f64, f64);

/// The turn that makes a page straight and leaves out what is empty around its text.
pub(super) fn straighten(page: &GrayImage) -> Turn {
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    let points = points(page);
    let mut turn = Turn::quarters(0, page.width() as f32, page.height() as f32);
    if points.len() < 200 {
        return turn;
    }
    let mut seen = points.clone();
    // the second look sees better
    for _ in 0..2 {
        let Some(step) = look(&seen, width.max(height)) else { break };
        let next = turn.then(&Turn::new(step, width, height));
        let Some(back) = inverse(&next.m) else { break };
        turn = next;
        seen = points.iter().map(|p| through(&back, *p)).collect();
    }
    let margin = MARGIN * width.max(height);
    let (x0, x1) = within(seen.iter().map(|p| p.0), 0.002);
    let (y0, y1) = within(seen.iter().map(|p| p.1), 0.002);
    let (x0, y0) = (x0 - margin, y0 - margin);
    let size = ((x1 + margin - x0).min(width * 1.5), (y1 + margin - y0).min(height * 1.5));
    turn.then(&Turn::new([1.0, 0.0, x0, 0.0, 1.0, y0, 0.0, 0.0, 1.0], size.0, size.1))
}

/// Dark points, spread over the page.
fn points(page: &GrayImage) -> Vec<Point> {
    let dark = page.pixels().filter(|p| p.0[0] < DARK).count();
    let step = (dark / POINTS).max(1);
    let all = page.enumerate_pixels().filter(|(_, _, p)| p.0[0] < DARK);
    // a step without a common measure with the width takes no columns for itself
    all.enumerate()
        .filter(|(n, _)| n % step == (n / step * 7 % step))
        .map(|(_, (x, y, _))| (f64::from(x), f64::from(y)))
        .collect()
}

/// The homography that takes one look's slopes away; none when nothing is to be mended.
fn look(points: &[Point], long: f64) -> Option<[f64; 9]> {
    let (x0, x1) = within(points.iter().map(|p| p.0), 0.02);
    let (y0, y1) = within(points.iter().map(|p| p.1), 0.02);
    let (cx, cy) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
    let half = |keep: &dyn Fn(&Point) -> bool| -> Vec<Point> { points.iter().filter(|p| keep(p)).copied().collect() };
    // whole pixels: parts of them would make a comb of their own at no slope
    let bin = (long / BINS).round().max(1.0);
    let (top, bottom) = (half(&|p| p.1 < cy), half(&|p| p.1 >= cy));
    let whole = slope(points, x0, x1, bin).0;
    let near = |s: (f64, f64)| if s.1 >= PLAIN && (s.0 - whole).abs() < 6.0 { s.0 } else { whole };
    let (a, b) = (near(slope(&top, x0, x1, bin)), near(slope(&bottom, x0, x1, bin)));
    // the same for upright edges, with the axes changed
    let flip = |ps: Vec<Point>| -> Vec<Point> { ps.into_iter().map(|p| (p.1, p.0)).collect() };
    let lean = -(a + b) / 2.0;
    let upright = |s: (f64, f64)| if s.1 >= PLAIN && (s.0 - lean).abs() < 9.0 { s.0 } else { lean };
    let c = upright(slope(&flip(half(&|p| p.0 < cx)), y0, y0, bin));
    let d = upright(slope(&flip(half(&|p| p.0 >= cx)), y0, y0, bin));
    if [a, b, c, d].iter().all(|v| v.abs() < 0.06) {
        return None;
    }
    let [a, b, c, d] = [a, b, c, d].map(|v| v.to_radians().tan());
    let (yt, yb) = ((y0 + cy) / 2.0, (y1 + cy) / 2.0);
    let (xl, xr) = ((x0 + cx) / 2.0, (x1 + cx) / 2.0);
    // where a line y = v + (x - cx) s meets an edge x = u + (y - cy) t
    let meet = |v: f64, s: f64, u: f64, t: f64| {
        let x = (u + (v - cx * s - cy) * t) / (1.0 - s * t);
        (x, v + (x - cx) * s)
    };
    let source = [meet(yt, a, xl, c), meet(yt, a, xr, d), meet(yb, b, xr, d), meet(yb, b, xl, c)];
    homography(&[(xl, yt), (xr, yt), (xr, yb), (xl, yb)], &source)
}

/// The values between which all but a share at each end lie.
fn within(values: impl Iterator<Item = f64>, share: f64) -> (f64, f64) {
    let mut all: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    if all.is_empty() {
        return (0.0, 1.0);
    }
    all.sort_by(f64::total_cmp);
    let cut = (all.len() as f64 * share) as usize;
    (all[cut], all[all.len() - 1 - cut])
}

/// Slope in degrees at which the points fall into the sharpest lines, and how far it stands out. Looked at in three strips
/// between `x0` and `x1`: columns have lines of their own.
fn slope(points: &[Point], x0: f64, x1: f64, bin: f64) -> (f64, f64) {
    if points.len() < 100 {
        return (0.0, 0.0);
    }
    let strip = ((x1 - x0) / 3.0).max(1.0);
    let (low, high) = within(points.iter().map(|p| p.1), 0.0);
    let reach = (x1 - x0).abs().max(high - low) * 0.3;
    let bins = ((high - low + 2.0 * reach) / bin) as usize + 2;
    if bins > 50_000 {
        return (0.0, 0.0);
    }
    let middle = points.iter().map(|p| p.0).sum::<f64>() / points.len() as f64;
    let mut counts = vec![0i64; bins * 3];
    let mut sharp = |angle: f64| {
        counts.fill(0);
        let t = angle.to_radians().tan();
        for (x, y) in points {
            let at = ((y - (x - middle) * t - low + reach) / bin) as usize;
            let of = if x1 > x0 { (((x - x0) / strip).max(0.0) as usize).min(2) } else { 0 };
            if at < bins {
                counts[of * bins + at] += 1;
            }
        }
        counts.windows(2).map(|w| ((w[1] - w[0]) * (w[1] - w[0])) as f64).sum::<f64>()
    };
    let steps = (STEEPEST / 0.5) as i32;
    let coarse: Vec<(f64, f64)> = (-steps..=steps).map(|n| f64::from(n) * 0.5).map(|a| (a, sharp(a))).collect();
    let best = coarse.iter().fold((0.0, 0.0), |b, c| if c.1 > b.1 { *c } else { b });
    let usual = {
        let mut all: Vec<f64> = coarse.iter().map(|c| c.1).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2].max(1.0)
    };
    let fine = (-10..=10).map(|n| best.0 + f64::from(n) * 0.05).map(|a| (a, sharp(a)));
    let best = fine.fold((0.0, 0.0), |b, c| if c.1 > b.1 { c } else { b });
    (best.0, best.1 / usual)
}

/// The homography that takes four points to four others.
fn homography(from: &[Point; 4], to: &[Point; 4]) -> Option<[f64; 9]> {
    let mut rows = [[0.0f64; 9]; 8];
    for n in 0..4 {
        let ((x, y), (u, v)) = (from[n], to[n]);
        rows[n * 2] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
        rows[n * 2 + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
    }
    // Gauss with pivots
    for n in 0..8 {
        let pivot = (n..8).max_by(|a, b| rows[*a][n].abs().total_cmp(&rows[*b][n].abs()))?;
        rows.swap(n, pivot);
        if rows[n][n].abs() < 1e-9 {
            return None;
        }
        for k in 0..8 {
            if k != n {
                let (pivot, share) = (rows[n], rows[k][n] / rows[n][n]);
                rows[k].iter_mut().zip(pivot).skip(n).for_each(|(to, from)| *to -= share * from);
            }
        }
    }
    let mut m = [1.0; 9];
    for n in 0..8 {
        m[n] = rows[n][8] / rows[n][n];
    }
    m.iter().all(|v| v.is_finite()).then_some(m)
}

fn through(m: &[f64; 9], (x, y): Point) -> Point {
    let w = m[6] * x + m[7] * y + m[8];
    ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
}

fn inverse(m: &[f64; 9]) -> Option<[f64; 9]> {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let det = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
    if det.abs() < 1e-12 {
        return None;
    }
    let adjugate = [
        minor(4, 5, 7, 8),
        -minor(1, 2, 7, 8),
        minor(1, 2, 4, 5),
        -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8),
        -minor(0, 2, 3, 5),
        minor(3, 4, 6, 7),
        -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
    ];
    Some(adjugate.map(|v| v / det))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_their_ways_back_agree() {
        let quarter = Turn::quarters(1, 200.0, 100.0);
        assert_eq!(quarter.size(), (100.0, 200.0));
        let m = homography(
            &[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)],
            &[(1.0, 2.0), (9.0, 1.0), (8.0, 9.0), (0.0, 8.0)],
        );
        let m = m.unwrap();
        let there = through(&m, (9.0, 9.0));
        assert!((there.0 - 8.0).abs() < 1e-9 && (there.1 - 9.0).abs() < 1e-9);
        let back = through(&inverse(&m).unwrap(), there);
        assert!((back.0 - 9.0).abs() < 1e-6 && (back.1 - 9.0).abs() < 1e-6, "{back:?}");
    }

    #[test]
    fn a_skewed_page_is_put_straight() {
        let mut page = GrayImage::from_pixel(800, 1000, Luma([255]));
        for line in 0..40 {
            for x in 60..740 {
                let y = 80.0 + f64::from(line) * 21.0 + f64::from(x) * 3f64.to_radians().tan();
                for k in 0..6 {
                    page.put_pixel(x, (y as u32 + k).min(999), Luma([0]));
                }
            }
        }
        let turn = straighten(&page);
        let (left, right) = (turn.back(60.0, 300.0), turn.back(660.0, 300.0));
        let slope = f64::from((right.1 - left.1) / (right.0 - left.0)).atan().to_degrees();
        assert!((slope - 3.0).abs() < 0.2, "{slope}");
    }
}
