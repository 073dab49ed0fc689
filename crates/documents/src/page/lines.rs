//! Lines of a column, and how each stands: space above, indent, bold first words, size.

use super::{Rule, Word, median};

/// A line of a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) words: Vec<Word>,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y0: f32,
    pub(super) y1: f32,
}

impl Set {
    fn of(mut words: Vec<Word>) -> Set {
        words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let low = |f: fn(&Word) -> f32| words.iter().map(f).fold(f32::MAX, f32::min);
        let high = |f: fn(&Word) -> f32| words.iter().map(f).fold(f32::MIN, f32::max);
        Set { x0: low(|w| w.x0), x1: high(|w| w.x1), y0: low(|w| w.y0), y1: high(|w| w.y1), words }
    }

    pub(super) fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn middle(&self) -> f32 {
        median(self.words.iter().map(Word::middle))
    }

    pub(super) fn height(&self) -> f32 {
        median(self.words.iter().map(Word::height))
    }
}

/// Groups the words of a column into lines, from the top.
pub(super) fn lines(mut words: Vec<Word>) -> Vec<Set> {
    let height = median(words.iter().map(Word::height)).max(1e-3);
    words.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut groups: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match groups.last_mut() {
            Some(group) if word.middle() - median(group.iter().map(Word::middle)) < height * 0.5 => group.push(word),
            _ => groups.push(vec![word]),
        }
    }
    groups.into_iter().map(Set::of).collect()
}

/// How the lines of a column stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stand {
    pub(super) gap: bool,
    pub(super) lead: bool,
    pub(super) heading: bool,
}

/// Looks at the lines of one column; `height` is the usual height of a line on the page, `leading` the usual distance.
pub(super) fn stands(lines: &[Set], rules: &[Rule], height: f32, leading: f32) -> Vec<Stand> {
    // a column may lean: its edge is that of the lines around
    let lefts: Vec<f32> = (0..lines.len())
        .map(|n| edge(lines[n.saturating_sub(6)..(n + 7).min(lines.len())].iter().map(|l| l.x0), height))
        .collect();
    let right = lines.iter().map(|l| l.x1).fold(f32::MIN, f32::max);
    let ink = median(lines.iter().flat_map(|l| &l.words).map(|w| w.ink));
    let indented: Vec<bool> = lines.iter().zip(&lefts).map(|(l, left)| l.x0 - left > height * 0.45).collect();
    // where most lines are indented the others hang out
    let hanging = indented.iter().filter(|i| **i).count() * 2 > lines.len();
    lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let left = lefts[n];
            let above = n.checked_sub(1).map(|n| &lines[n]);
            let far = above.is_some_and(|a| line.middle() - a.middle() > leading * 1.28);
            let ruled = above.is_some_and(|a| {
                let between = |r: &&Rule| r.y > a.middle() && r.y < line.middle();
                rules.iter().filter(between).any(|r| r.x1.min(right) - r.x0.max(left) > (right - left) * 0.5)
            });
            let centred = (line.x0 - left) > (height * 1.5).max((right - left) * 0.12)
                && ((line.x0 - left) - (right - line.x1)).abs() < (right - left) * 0.1 + height * 0.5;
            // boxes of ink are as high as their letters happen to be; those of a text layer as high as the type
            let large = line.height() > height * if ink > 0.0 { 1.7 } else { 1.16 };
            let bold = ink > 0.0
                && line.words.first().is_some_and(|w| w.ink > ink * 1.3 && w.text.chars().count() > 2)
                && line.words.len() > 1;
            Stand {
                gap: far || ruled,
                lead: if hanging { !indented[n] } else { indented[n] && !centred } || bold,
                heading: large && line.words.len() <= 6 || centred && (far || ruled) && line.words.len() <= 4,
            }
        })
        .collect()
}

/// The left edge that most lines share: the leftmost value with company.
fn edge(values: impl Iterator<Item = f32>, height: f32) -> f32 {
    let mut all: Vec<f32> = values.collect();
    all.sort_by(f32::total_cmp);
    let company = |v: f32| all.iter().filter(|x| (**x - v).abs() < height * 0.4).count();
    all.iter().copied().find(|v| company(*v) * 8 >= all.len()).or(all.first().copied()).unwrap_or(0.0)
}

/// The usual distance of lines on a page: the middle of the smaller distances.
pub(super) fn leading(columns: &[Vec<Set>]) -> f32 {
    let all = columns.iter().flat_map(|c| c.windows(2).map(|w| w[1].middle() - w[0].middle()));
    let mut all: Vec<f32> = all.filter(|d| *d > 0.0).collect();
    all.sort_by(f32::total_cmp);
    all.get(all.len() * 2 / 5).copied().unwrap_or(0.0)
}
