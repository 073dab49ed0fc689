//! The sum: whole points that anyone can add up.

use crate::answer::Term;
use crate::pack::{Category, Indicator, Scale, Strength};

/// Highest score.
pub const MOST: u32 = 100;

/// The outcome of adding up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100.
    pub points: u32,
    /// none, notice, warning or danger.
    pub band: &'static str,
    /// The heavier side.
    pub category: Option<Category>,
    /// The classifier's points that counted.
    pub classifier: u32,
    /// Every term, in order; those over a cap with the points that counted.
    pub sum: Vec<Term>,
}

/// Adds up the findings (gravest first) and the classifier's points.
///
/// Weak findings together add at most `weak_cap`, scam findings at most `scam_cap`, the classifier at most
/// `classifier_cap`; without a medium or strong finding of trafficking it never reaches `danger`. The total is at most 100.
/// All caps are of the form min(cap, sum), so no added finding can lower the score (law 2), and no weight is negative
/// because points are unsigned.
pub fn add_up(scale: &Scale, findings: &[&Indicator], wanted: u32) -> Score {
    let mut sum = Vec::with_capacity(findings.len() + 1);
    let (mut weak, mut scam, mut trafficking, mut grave) = (0, 0, 0, false);
    for i in findings {
        let mut points = i.points;
        if i.strength == Strength::Context {
            points = 0;
        }
        if i.strength == Strength::Weak {
            points = points.min(scale.weak_cap - weak);
            weak += points;
        }
        if i.category == Category::RecruitmentScam {
            points = points.min(scale.scam_cap - scam);
            scam += points;
        } else {
            trafficking += points;
            grave |= i.strength >= Strength::Medium;
        }
        let of = (points != i.points).then_some(i.points);
        sum.push(Term { term: i.id.clone(), points, of });
    }
    // Without a medium or strong finding of trafficking, weak findings and the classifier together stop short of `warning`
    // (law 3: weak findings never help one across). The classifier's own points may reach it: that is what it is for.
    // Of the form min(room, points), where what takes room away is itself in the total (law 2).
    let mut classifier = wanted.min(scale.classifier_cap);
    if !grave {
        let below = if classifier < scale.warning { scale.warning } else { scale.danger };
        classifier = classifier.min((below - 1).saturating_sub(trafficking + scam));
    }
    // shown even where a cap took all of it: the sum is open
    if wanted > 0 {
        let of = (classifier != wanted).then_some(wanted);
        sum.push(Term { term: "classifier".into(), points: classifier, of });
    }
    let total = trafficking + scam + classifier;
    let points = total.min(MOST);
    let category = if trafficking >= scam && (trafficking > 0 || classifier > 0) {
        Some(Category::Trafficking)
    } else {
        (scam > 0).then_some(Category::RecruitmentScam)
    };
    Score { points, band: band(scale, points), category, classifier, sum }
}

/// The band of a score.
pub fn band(scale: &Scale, points: u32) -> &'static str {
    match points {
        p if p >= scale.danger => "danger",
        p if p >= scale.warning => "warning",
        p if p >= scale.notice => "notice",
        _ => "none",
    }
}
