//! Figures of a ranking.

/// Average precision: the mean, over the positive items, of the precision at each one's place. Items of equal value share
/// the precision at the end of their group.
pub fn average_precision(items: &[(f64, bool)]) -> f64 {
    let positives = items.iter().filter(|i| i.1).count();
    if positives == 0 {
        return 0.0;
    }
    let (mut seen, mut hits, mut sum) = (0usize, 0usize, 0.0);
    each_group(items, |risky, all| {
        seen += all;
        hits += risky;
        sum += risky as f64 * hits as f64 / seen as f64;
    });
    sum / positives as f64
}

/// Area under the ROC curve: how often a positive item stands above a negative one, ties counted as half.
pub fn roc_auc(items: &[(f64, bool)]) -> f64 {
    let positives = items.iter().filter(|i| i.1).count() as f64;
    let negatives = items.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return 0.5;
    }
    let (mut above, mut sum) = (0.0, 0.0);
    each_group(items, |risky, all| {
        let (risky, others) = (risky as f64, (all - risky) as f64);
        sum += others * (above + risky / 2.0);
        above += risky;
    });
    sum / (positives * negatives)
}

/// The greatest recall at which at most this share of the negative items is flagged.
pub fn recall_at(items: &[(f64, bool)], false_alarms: f64) -> f64 {
    let positives = items.iter().filter(|i| i.1).count();
    let allowed = (items.len() - positives) as f64 * false_alarms;
    let (mut alarms, mut hits, mut best) = (0usize, 0usize, 0usize);
    each_group(items, |risky, all| {
        alarms += all - risky;
        hits += risky;
        if alarms as f64 <= allowed {
            best = hits;
        }
    });
    if positives == 0 { 0.0 } else { best as f64 / positives as f64 }
}

/// The precision to expect where one item in `in_how_many` is risky.
pub fn expected_precision(recall: f64, false_alarms: f64, in_how_many: f64) -> f64 {
    let (hits, alarms) = (recall / in_how_many, false_alarms * (1.0 - 1.0 / in_how_many));
    if hits + alarms == 0.0 { 0.0 } else { hits / (hits + alarms) }
}

/// Points of the precision-recall curve, from the highest value down.
pub fn curve(items: &[(f64, bool)]) -> Vec<(f64, f64)> {
    let positives = items.iter().filter(|i| i.1).count().max(1) as f64;
    let (mut seen, mut hits, mut points) = (0usize, 0usize, Vec::new());
    each_group(items, |risky, all| {
        seen += all;
        hits += risky;
        points.push((hits as f64 / positives, hits as f64 / seen as f64));
    });
    points
}

/// Tells, from the highest value down, how many items share it: positive ones and all.
fn each_group(items: &[(f64, bool)], mut tell: impl FnMut(usize, usize)) {
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        tell(group.iter().filter(|i| i.1).count(), group.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let items = [(4.0, true), (3.0, false), (2.0, true), (1.0, false)];
        assert!((average_precision(&items) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!((roc_auc(&items) - 0.75).abs() < 1e-12);
        assert!((recall_at(&items, 0.0) - 0.5).abs() < 1e-12);
        assert!((recall_at(&items, 0.5) - 1.0).abs() < 1e-12);
        assert!((roc_auc(&[(1.0, true), (1.0, false)]) - 0.5).abs() < 1e-12);
        assert!((expected_precision(1.0, 0.01, 100.0) - 0.01 / (0.01 + 0.0099)).abs() < 1e-12);
    }
}
