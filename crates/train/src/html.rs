//! The report as one page with plots drawn as SVG; nothing is loaded from elsewhere.

use crate::metrics::curve;
use crate::report::{Report, Scored, WAYS};
use std::fmt::Write;

const COLOURS: [&str; 3] = ["#888888", "#1f77b4", "#c0392b"];
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 280.0;

/// The whole page.
pub fn page(report: &Report) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>sakchy eval</title>\
         <style>body{{font:15px sans-serif;max-width:1000px;margin:2em auto}}svg{{margin:1em}}pre{{overflow:auto}}</style>\
         <h1>sakchy eval</h1><p>{}. Rules grey, classifier blue, both red.</p>{}{}{}<pre>{}</pre></html>\n",
        escape(&report.what),
        precision_recall(report),
        scores(report),
        languages(report),
        escape(&report.table())
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn frame(title: &str, body: &str) -> String {
    format!(
        "<svg width=\"{w}\" height=\"{h}\" viewBox=\"-40 -30 {w} {h}\" font-size=\"12\" role=\"img\"><title>{title}</title>\
         <text x=\"0\" y=\"-12\" font-size=\"14\">{title}</text>\
         <path d=\"M0 0V{HEIGHT}H{WIDTH}\" fill=\"none\" stroke=\"#333\"/>{body}</svg>",
        w = WIDTH + 60.0,
        h = HEIGHT + 70.0
    )
}

fn label(x: f64, y: f64, text: &str) -> String {
    format!("<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"middle\">{}</text>", escape(text))
}

fn axis(body: &mut String, last: f64, unit: &str) {
    for i in 0..=4 {
        let share = f64::from(i) / 4.0;
        body.push_str(&label(-20.0, HEIGHT * (1.0 - share) + 4.0, &format!("{:.0}", share * 100.0)));
        body.push_str(&label(share * WIDTH, HEIGHT + 16.0, &format!("{:.0}", share * last)));
    }
    body.push_str(&label(WIDTH / 2.0, HEIGHT + 34.0, unit));
}

fn precision_recall(report: &Report) -> String {
    let mut body = String::new();
    for (way, colour) in COLOURS.iter().enumerate() {
        let items: Vec<(f64, bool)> = report.rows.iter().map(|r| (r.rank[way], r.risky)).collect();
        let points: Vec<String> =
            curve(&items).iter().map(|(r, p)| format!("{:.1},{:.1}", r * WIDTH, (1.0 - p) * HEIGHT)).collect();
        let _ = write!(body, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\"/>", points.join(" "));
    }
    axis(&mut body, 100.0, "recall, % (upwards: precision, %)");
    frame("Precision and recall", &body)
}

fn scores(report: &Report) -> String {
    const BINS: usize = 20;
    let mut body = String::new();
    for (risky, colour) in [(false, COLOURS[0]), (true, COLOURS[2])] {
        let rows: Vec<&Scored> = report.rows.iter().filter(|r| r.risky == risky).collect();
        let mut bins = [0usize; BINS];
        rows.iter().for_each(|r| bins[(r.points[2] as usize * BINS / 101).min(BINS - 1)] += 1);
        for (n, count) in bins.iter().enumerate() {
            let tall = *count as f64 / rows.len().max(1) as f64 * HEIGHT;
            let (wide, x) = (WIDTH / BINS as f64, n as f64 * WIDTH / BINS as f64);
            let _ = write!(
                body,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\" fill=\"{colour}\" opacity=\"0.6\"/>",
                HEIGHT - tall
            );
        }
    }
    axis(&mut body, 100.0, "score of both (upwards: % of risky red, of legitimate grey)");
    frame("Scores", &body)
}

fn languages(report: &Report) -> String {
    let groups: Vec<_> =
        report.groups.iter().filter_map(|(name, g)| Some((name.strip_prefix("language ")?, g))).collect();
    let step = WIDTH / groups.len().max(1) as f64;
    let mut body = String::new();
    for (n, (name, group)) in groups.iter().enumerate() {
        for (i, way) in WAYS.iter().enumerate() {
            let recall = group.ways.get(way).and_then(|w| w.bands.get("warning")).map_or(0.0, |b| b.recall);
            let _ = write!(
                body,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
                n as f64 * step + i as f64 * step / 4.0,
                HEIGHT * (1.0 - recall),
                step / 4.0,
                HEIGHT * recall,
                COLOURS[i]
            );
        }
        body.push_str(&label(n as f64 * step + step / 2.0, HEIGHT + 16.0, name));
    }
    for i in 0..=4 {
        body.push_str(&label(-20.0, HEIGHT * (1.0 - f64::from(i) / 4.0) + 4.0, &(i * 25).to_string()));
    }
    frame("Recall at warning, by language", &body)
}
