//! What the screener makes of labelled adverts.

use crate::corpus::Row;
use crate::interval::wilson;
use sakchy::{Assessment, Options, Screener};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A share with its counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.of += 1;
        self.hits += usize::from(hit);
    }

    /// In percent; 0 of 0 is 0.
    pub fn percent(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.hits as f64 * 100.0 / self.of as f64 }
    }

    fn shown(self) -> String {
        if self.of == 0 {
            return "-".into();
        }
        let (low, high) = wilson(self.hits, self.of);
        format!("{:5.1}% {:>4}/{:<4} [{low:.0}-{high:.0}]", self.percent(), self.hits, self.of)
    }
}

/// Figures of one group of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Risky adverts at `warning` or above.
    pub recall: Share,
    /// Legitimate adverts at `warning` or above.
    pub false_alarms: Share,
    /// Offers and no offers told apart rightly.
    pub offer: Share,
    /// Adverts whose language was told rightly.
    pub language: Share,
}

/// The whole report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Figures by group: "split", "split language", "split kind".
    pub groups: BTreeMap<String, Figures>,
    /// Of the rows that name an indicator, in how many it was found.
    pub indicators: BTreeMap<String, Share>,
    /// Rows that went wrong: id, what was expected, what came out.
    pub misses: Vec<Miss>,
}

/// One row that went wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Miss {
    /// The row.
    pub id: String,
    /// Folder of the corpus.
    pub split: String,
    /// missed (risky, below warning) or alarm (legitimate, at warning).
    pub what: &'static str,
    /// Score.
    pub score: u32,
    /// Why it is no offer, where it was taken for none.
    pub no_offer: Option<String>,
    /// Terms of the sum.
    pub terms: Vec<String>,
    /// The advert.
    pub text: String,
}

/// At `warning` or above.
pub fn flagged(answer: &Assessment) -> bool {
    matches!(answer.band, "warning" | "danger")
}

/// Screens all rows.
pub fn run(screener: &Screener, rows: &[Row]) -> Report {
    let mut report = Report::default();
    for row in rows {
        let answer = screener.screen_with(&row.text, &Options { lang: Some("en"), ..Options::default() });
        let hit = flagged(&answer);
        let groups =
            [row.split.clone(), format!("{} {}", row.split, row.language), format!("{} {}", row.split, row.kind)];
        for group in groups {
            let figures = report.groups.entry(group).or_default();
            if row.risky() {
                figures.recall.add(hit);
            } else {
                figures.false_alarms.add(hit);
            }
            figures.offer.add(answer.offer == row.offer);
            figures.language.add(answer.language == row.language);
        }
        for indicator in row.indicators.iter().filter(|_| row.offer) {
            let found = answer
                .findings
                .iter()
                .any(|f| f.indicator == *indicator || f.indicator.starts_with(&format!("{indicator}-")));
            report.indicators.entry(indicator.clone()).or_default().add(found);
        }
        if hit != row.risky() {
            report.misses.push(Miss {
                id: row.id.clone(),
                split: row.split.clone(),
                what: if hit { "alarm" } else { "missed" },
                score: answer.score,
                no_offer: answer.no_offer.clone(),
                terms: answer.sum.iter().map(|t| format!("{} {}", t.points, t.term)).collect(),
                text: row.text.clone(),
            });
        }
    }
    report
}

impl Report {
    /// The report as a table for a terminal. With `texts`, the rows that went wrong are shown whole (those of the frozen
    /// quarter never: whoever reads them tunes to them).
    pub fn table(&self, texts: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:<24} {:<26} {:<26} {:<26} language",
            "", "recall at warning+", "false alarms at warning+", "offer told rightly"
        );
        for (group, f) in &self.groups {
            let _ = writeln!(
                out,
                "{group:<24} {:<26} {:<26} {:<26} {}",
                f.recall.shown(),
                f.false_alarms.shown(),
                f.offer.shown(),
                f.language.shown()
            );
        }
        let _ = writeln!(out, "\n{:<34} found where the rows name it", "indicator");
        for (indicator, share) in &self.indicators {
            let _ = writeln!(out, "{indicator:<34} {}", share.shown());
        }
        if texts {
            for miss in self.misses.iter().filter(|m| m.split != "frozen") {
                let _ = writeln!(
                    out,
                    "\n{} {} {} {}",
                    miss.what,
                    miss.id,
                    miss.score,
                    miss.no_offer.as_deref().unwrap_or("")
                );
                let _ = writeln!(out, "  {}", miss.terms.join(" · "));
                let _ = writeln!(out, "  {}", miss.text.replace('\n', " / "));
            }
        }
        out
    }
}
