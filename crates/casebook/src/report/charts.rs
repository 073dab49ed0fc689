//! Charts as SVG: bars of shares with their denominators, and months as columns.

use std::fmt::Write;

/// A bar: a value with its counts.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Adverts at `warning`.
    pub warning: u64,
    /// Adverts at `danger`.
    pub danger: u64,
    /// All adverts that were read; the denominator.
    pub all: u64,
}

impl Bar {
    fn flagged(&self) -> u64 {
        self.warning + self.danger
    }
}

/// Height of a bar with its gap, in pixels.
const STEP: usize = 30;
const WIDTH: usize = 860;
const LABEL: usize = 330;
const NUMBERS: usize = 150;
/// Longest label in characters.
const LONGEST: usize = 46;

/// Text for HTML and SVG.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(crate::mask::calm(c)),
        }
    }
    out
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST { text.into() } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// Bars one below the other. With `shares` a full bar is all adverts of its value (the denominator differs from bar to bar);
/// without, the longest bar is the largest count.
pub fn bars(bars: &[Bar], shares: bool, title: &str) -> String {
    let height = bars.len() * STEP + 8;
    let room = WIDTH - LABEL - NUMBERS;
    let most = bars.iter().map(Bar::flagged).max().unwrap_or(0).max(1);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\"><title>{}</title>",
        escape(title),
        escape(title)
    );
    for (n, bar) in bars.iter().enumerate() {
        let y = n * STEP + 4;
        let of = if shares { bar.all.max(1) } else { most };
        let part = |count: u64| (count as f64 / of as f64 * room as f64).min(room as f64);
        let (danger, warning) = (part(bar.danger), part(bar.warning));
        let _ = write!(
            svg,
            "<text class=\"l\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}<title>{}</title></text>",
            LABEL - 10,
            y + 17,
            escape(&short(&bar.label)),
            escape(&bar.label)
        );
        if shares {
            let _ =
                write!(svg, "<rect class=\"all\" x=\"{LABEL}\" y=\"{y}\" width=\"{room}\" height=\"22\" rx=\"3\"/>");
        }
        for (class, x, width) in [("danger", LABEL as f64, danger), ("warning", LABEL as f64 + danger, warning)] {
            if width > 0.0 {
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"22\" rx=\"3\"/>",
                    width.max(2.0)
                );
            }
        }
        let numbers = if shares {
            format!("{} / {} · {:.1}%", bar.flagged(), bar.all, bar.flagged() as f64 * 100.0 / bar.all.max(1) as f64)
        } else {
            bar.flagged().to_string()
        };
        let x = if shares { (LABEL + room) as f64 } else { LABEL as f64 + danger + warning } + 10.0;
        let _ = write!(svg, "<text class=\"n\" x=\"{x:.1}\" y=\"{}\">{numbers}</text>", y + 17);
    }
    svg.push_str("</svg>");
    svg
}

/// Columns side by side, in the order given: months. Height is the share of flagged adverts, below it stand the counts.
pub fn columns(bars: &[Bar], title: &str) -> String {
    const TALL: f64 = 150.0;
    let step = (WIDTH - 40) / bars.len().max(8);
    let share = |b: &Bar, n: u64| n as f64 / b.all.max(1) as f64;
    let most = bars.iter().map(|b| share(b, b.flagged())).fold(0.01, f64::max);
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} 230\" role=\"img\" aria-label=\"{0}\"><title>{0}</title><line class=\"axis\" x1=\"20\" y1=\"175\" x2=\"{1}\" y2=\"175\"/>",
        escape(title),
        WIDTH - 20
    );
    for (n, bar) in bars.iter().enumerate() {
        let (x, wide) = (20 + n * step + step / 6, step * 2 / 3);
        let height = |n: u64| share(bar, n) / most * TALL;
        let (danger, warning) = (height(bar.danger), height(bar.warning));
        let _ = write!(
            svg,
            "<rect class=\"danger\" x=\"{x}\" y=\"{:.1}\" width=\"{wide}\" height=\"{danger:.1}\"/><rect class=\"warning\" x=\"{x}\" y=\"{:.1}\" width=\"{wide}\" height=\"{warning:.1}\"/>",
            175.0 - danger,
            175.0 - danger - warning
        );
        let middle = x + wide / 2;
        let texts = [
            (165.0 - danger - warning, "n", format!("{:.1}%", share(bar, bar.flagged()) * 100.0)),
            (194.0, "l", bar.label.clone()),
            (212.0, "s", format!("{} / {}", bar.flagged(), bar.all)),
        ];
        for (y, class, text) in texts {
            let text = escape(&text);
            let _ =
                write!(svg, "<text class=\"{class}\" x=\"{middle}\" y=\"{y:.1}\" text-anchor=\"middle\">{text}</text>");
        }
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_shares_have_their_denominator() {
        let bar = Bar { label: "<script>\"&'".into(), warning: 1, danger: 2, all: 12 };
        let svg = bars(std::slice::from_ref(&bar), true, "<b>");
        assert!(!svg.contains("<script>") && !svg.contains("<b>"));
        assert!(svg.contains("3 / 12 · 25.0%"), "{svg}");
        assert!(columns(&[bar], "x").contains("3 / 12"));
        assert!(columns(&[], "x").ends_with("</svg>"));
    }
}
