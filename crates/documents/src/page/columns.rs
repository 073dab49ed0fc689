//! Columns: strips of the page that hardly a line crosses. What crosses them, titles and mastheads, parts the page into bands.

use super::{Word, median};

/// Rows that may cross a gutter, in percent.
const CROSSING: usize = 8;
/// Least width of a gutter, in heights of a line.
const GUTTER: f32 = 0.55;
/// Least width of a column, in heights of a line.
const COLUMN: f32 = 6.0;
/// Inside a column only plainer gutters count: wider by this, in heights of a line, crossed by no row.
const NESTED: f32 = 1.5;
/// Deepest nesting of parts.
const DEEPEST: usize = 6;

/// The words of each column, columns in the order of reading.
pub(super) fn columns(words: Vec<Word>) -> Vec<Vec<Word>> {
    let height = median(words.iter().map(Word::height)).max(1e-3);
    let mut out = Vec::new();
    part(words, height, GUTTER, 0, &mut out);
    out
}

/// A strip between two columns.
type Gutter = (f32, f32);

fn part(words: Vec<Word>, height: f32, least: f32, depth: usize, out: &mut Vec<Vec<Word>>) {
    if words.len() < 4 || depth >= DEEPEST {
        if !words.is_empty() {
            out.push(words);
        }
        return;
    }
    let gutters = gutters(&words, height, least);
    if gutters.is_empty() {
        // perhaps a part above or below has columns
        match split(&words, height, least) {
            Some(y) => {
                let (above, below): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|w| w.middle() < y);
                part(above, height, least, depth + 1, out);
                part(below, height, least, depth + 1, out);
            }
            None => out.push(words),
        }
        return;
    }
    // rows that cross a gutter part the page into bands
    let crosses = |w: &Word| gutters.iter().any(|g| w.x0 < g.0 - height * 0.8 && w.x1 > g.1 + height * 0.8);
    let mut cuts: Vec<(f32, f32)> = words.iter().filter(|w| crosses(w)).map(|w| (w.y0, w.y1)).collect();
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bands: Vec<(f32, f32)> = Vec::new();
    for cut in cuts {
        match bands.last_mut() {
            Some(last) if cut.0 < last.1 => last.1 = last.1.max(cut.1),
            _ => bands.push(cut),
        }
    }
    let mut rest = words;
    for (y0, y1) in bands {
        let (above, behind): (Vec<Word>, Vec<Word>) = rest.into_iter().partition(|w| w.middle() < y0);
        strips(above, &gutters, height, depth, out);
        let (row, below): (Vec<Word>, Vec<Word>) = behind.into_iter().partition(|w| w.middle() <= y1);
        if !row.is_empty() {
            out.push(row);
        }
        rest = below;
    }
    strips(rest, &gutters, height, depth, out);
}

/// The columns of one band.
fn strips(words: Vec<Word>, gutters: &[Gutter], height: f32, depth: usize, out: &mut Vec<Vec<Word>>) {
    let mut strips: Vec<Vec<Word>> = vec![Vec::new(); gutters.len() + 1];
    for word in words {
        let middle = (word.x0 + word.x1) / 2.0;
        let at = gutters.iter().take_while(|g| (g.0 + g.1) / 2.0 < middle).count();
        strips[at].push(word);
    }
    for strip in strips {
        part(strip, height, NESTED, depth + 1, out);
    }
}

/// The gutters of a region, from the left: strips that few rows cross and that have enough rows on both sides.
fn gutters(words: &[Word], height: f32, least: f32) -> Vec<Gutter> {
    let rows = rows(words, height);
    if rows.len() < 3 {
        return Vec::new();
    }
    let left = words.iter().map(|w| w.x0).fold(f32::MAX, f32::min);
    let right = words.iter().map(|w| w.x1).fold(f32::MIN, f32::max);
    let bin = height / 6.0;
    let count = ((right - left) / bin).ceil() as usize + 1;
    if count > 20_000 {
        return Vec::new();
    }
    // rows whose ink crosses each bin
    let mut crossed = vec![0usize; count];
    for row in &rows {
        let mut seen = usize::MAX;
        for word in row {
            let from = ((word.x0 - left) / bin).floor().max(0.0) as usize;
            let to = (((word.x1 - left) / bin).ceil() as usize).min(count);
            let start = if seen == usize::MAX { from } else { from.max(seen) };
            for c in &mut crossed[start.min(to)..to] {
                *c += 1;
            }
            seen = to;
        }
    }
    let most = if least >= NESTED { 0 } else { rows.len() * CROSSING / 100 };
    // the plainest gutters first: those that no row crosses, then those of one row ...
    let mut kept: Vec<Gutter> = Vec::new();
    for allowed in 0..=most {
        for gutter in strips_below(&crossed, allowed, left, bin) {
            if gutter.1 - gutter.0 < height * least || kept.iter().any(|k| k.0 < gutter.1 && gutter.0 < k.1) {
                continue;
            }
            let from = kept.iter().map(|k| k.1).filter(|x| *x <= gutter.0).fold(left, f32::max);
            let to = kept.iter().map(|k| k.0).filter(|x| *x >= gutter.1).fold(right, f32::min);
            let side = |a: f32, b: f32| {
                let on = |w: &Word| w.x0 >= a - height && w.x1 <= b + height;
                rows.iter().filter(|r| r.iter().any(|w| on(w))).count()
            };
            // both sides must be columns: wide enough, with rows enough, and hardly crossed themselves
            let wide = gutter.0 - from >= height * COLUMN && to - gutter.1 >= height * COLUMN;
            let fewer = side(from, gutter.0).min(side(gutter.1, to));
            if wide && fewer >= 3 && allowed * 100 <= fewer * CROSSING * 3 / 2 {
                kept.push(gutter);
            }
        }
    }
    kept.sort_by(|a, b| a.0.total_cmp(&b.0));
    kept
}

/// Strips, not at the edges, that at most `allowed` rows cross.
fn strips_below(crossed: &[usize], allowed: usize, left: f32, bin: f32) -> Vec<Gutter> {
    let mut found = Vec::new();
    let mut start = None;
    for (n, c) in crossed.iter().chain(std::iter::once(&usize::MAX)).enumerate() {
        if *c <= allowed {
            start.get_or_insert(n);
        } else if let Some(s) = start.take()
            && s > 0
            && n < crossed.len()
        {
            found.push((left + s as f32 * bin, left + n as f32 * bin));
        }
    }
    found
}

/// Words whose middles lie on one height.
fn rows(words: &[Word], height: f32) -> Vec<Vec<&Word>> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut rows: Vec<Vec<&Word>> = Vec::new();
    let mut at = f32::MIN;
    for word in sorted {
        if word.middle() - at > height * 0.5 || rows.is_empty() {
            rows.push(Vec::new());
            at = word.middle();
        }
        if let Some(row) = rows.last_mut() {
            row.push(word);
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// Where to cut a region without gutters across, so that a part has some.
fn split(words: &[Word], height: f32, least: f32) -> Option<f32> {
    let mut spans: Vec<(f32, f32)> = words.iter().map(|w| (w.y0, w.y1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    let mut end = spans.first()?.1;
    for (y0, y1) in spans {
        if y0 - end > height * 0.25 {
            gaps.push((y0 - end, (y0 + end) / 2.0));
        }
        end = end.max(y1);
    }
    gaps.sort_by(|a, b| b.0.total_cmp(&a.0));
    gaps.truncate(8);
    gaps.into_iter().map(|(_, y)| y).find(|&y| {
        let (above, below): (Vec<Word>, Vec<Word>) = words.iter().cloned().partition(|w| w.middle() < y);
        [above, below].iter().any(|half| !gutters(half, height, least).is_empty())
    })
}
