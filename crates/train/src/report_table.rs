//! The report as a table for a terminal.

use crate::report::{Report, WAYS};
use std::fmt::Write;

impl Report {
    /// The report as a table.
    pub fn table(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{} · shares in percent, [95% of resamples by family]\n", self.what);
        let _ = writeln!(
            out,
            "{:<20} {:<10} {:>22} {:>22} {:>6} {:>16} {:>6} {:>6} {:>7} {:>7}",
            "", "", "recall at warning+", "false alarms", "prec.", "avg. precision", "AUC", "R@1%", "1/100", "1/1000"
        );
        let p = |x: f64| x * 100.0;
        for (name, group) in &self.groups {
            for way in WAYS {
                let Some(w) = group.ways.get(way) else { continue };
                let at = w.bands.get("warning").copied().unwrap_or_default();
                let label =
                    if way == WAYS[0] { format!("{name} {}+{}", group.risky, group.legitimate) } else { String::new() };
                let (r, f, a) = (w.recall_interval, w.false_alarms_interval, w.average_precision_interval);
                let _ = writeln!(
                    out,
                    "{label:<20} {way:<10} {:>6.1} [{:>5.1}-{:>5.1}] {:>8.1} [{:>5.1}-{:>5.1}] {:>6.1} {:>4.3} [{:.2}-{:.2}] {:>6.3} {:>6.1} {:>7.1} {:>7.1}",
                    p(at.recall),
                    p(r.0),
                    p(r.1),
                    p(at.false_alarms),
                    p(f.0),
                    p(f.1),
                    p(at.precision),
                    w.average_precision,
                    a.0,
                    a.1,
                    w.roc_auc,
                    p(w.recall_at_1_percent),
                    p(w.precision_at_1_in_100),
                    p(w.precision_at_1_in_1000)
                );
            }
        }
        let _ = writeln!(out, "\nat each band (all): way, band, precision, recall, false alarms");
        for (way, w) in self.groups.get("all").into_iter().flat_map(|g| &g.ways) {
            for band in ["notice", "warning", "danger"] {
                let at = w.bands.get(band).copied().unwrap_or_default();
                let _ = writeln!(
                    out,
                    "  {way:<10} {band:<8} {:>5.1} {:>5.1} {:>5.1}",
                    p(at.precision),
                    p(at.recall),
                    p(at.false_alarms)
                );
            }
        }
        let _ = writeln!(out, "\nrecall of risky rows that name an indicator: rules, both (rows)");
        for (name, (pair, n)) in &self.indicators {
            let _ = writeln!(out, "  {name:<34} {:>5.1} {:>5.1} ({n})", p(pair.rules), p(pair.both));
        }
        let _ = writeln!(out, "\nrecall of copies with hidden letters: rules, both");
        for (name, pair) in &self.hidden {
            let _ = writeln!(out, "  {name:<12} {:>5.1} {:>5.1}", p(pair.rules), p(pair.both));
        }
        if !self.removed.is_empty() {
            let full = self.groups.get("all").and_then(|g| g.ways.get("rules"));
            let full = full.and_then(|w| w.bands.get("warning")).map_or(0.0, |b| b.recall);
            let _ = writeln!(
                out,
                "\n30% of the signals taken away: recall rules, both, won back of the loss; false alarms rules, both"
            );
            for (recall, alarms) in &self.removed {
                let lost = full - recall.rules;
                let back = if lost > 0.0 { (recall.both - recall.rules) / lost } else { 0.0 };
                let _ = writeln!(
                    out,
                    "  {:>5.1} {:>5.1} {:>5.0}%   {:>5.1} {:>5.1}",
                    p(recall.rules),
                    p(recall.both),
                    p(back),
                    p(alarms.rules),
                    p(alarms.both)
                );
            }
        }
        out
    }
}
