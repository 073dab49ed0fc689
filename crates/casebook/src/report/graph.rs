//! The graph of shared telephones and handles as SVG: which adverts they tie together. Placed by rule, no chance in it.

use super::charts::escape;
use crate::case::Case;
use crate::error::CaseError;
use crate::mask::Mask;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Telephones and handles that are drawn, and adverts of each.
const CONTACTS: i64 = 24;
const ADVERTS: i64 = 14;
const CELL: f64 = 285.0;
const ACROSS: usize = 3;

/// A telephone or handle with its adverts.
struct Shared {
    value: String,
    adverts: Vec<(i64, i64)>,
    all: i64,
}

/// Draws the telephones and handles with most adverts; `None` where no advert shares one.
///
/// # Errors
/// The casebook cannot be read.
pub fn draw(case: &Case, mask: Mask<'_>, title: &str) -> Result<Option<String>, CaseError> {
    let mut query = case.db.prepare_cached(
        "SELECT id, value, adverts FROM contacts WHERE adverts > 1 ORDER BY adverts DESC, id LIMIT ?1",
    )?;
    let rows = query.query_map([CONTACTS], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get(2)?)))?;
    let mut shared = Vec::new();
    for row in rows {
        let (id, value, all) = row?;
        let mut query = case.db.prepare_cached(
            "SELECT n.advert, c.band FROM mentions n JOIN current c ON c.advert = n.advert WHERE n.contact = ?1
             ORDER BY c.score DESC, n.advert LIMIT ?2",
        )?;
        let adverts = query.query_map(params![id, ADVERTS], |r| Ok((r.get(0)?, r.get(1)?)))?;
        shared.push(Shared { value: mask.text(&value), adverts: adverts.collect::<Result<_, _>>()?, all });
    }
    if shared.is_empty() {
        return Ok(None);
    }
    Ok(Some(svg(&groups(shared), title)))
}

/// Telephones that share an advert belong to one picture.
fn groups(shared: Vec<Shared>) -> Vec<Vec<Shared>> {
    let mut groups: Vec<(BTreeSet<i64>, Vec<Shared>)> = Vec::new();
    for one in shared {
        let adverts: BTreeSet<i64> = one.adverts.iter().map(|a| a.0).collect();
        let (touching, mut rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|g| !g.0.is_disjoint(&adverts));
        let mut merged = (adverts, vec![one]);
        for (more, list) in touching {
            merged.0.extend(more);
            merged.1.extend(list);
        }
        rest.push(merged);
        groups = rest;
    }
    let mut groups: Vec<Vec<Shared>> = groups.into_iter().map(|g| g.1).collect();
    groups.sort_by_key(|g| std::cmp::Reverse((g.len(), g.iter().map(|s| s.all).sum::<i64>())));
    groups
}

fn svg(groups: &[Vec<Shared>], title: &str) -> String {
    let across = ACROSS.min(groups.len());
    let (wide, tall) = (across as f64 * CELL, groups.len().div_ceil(across) as f64 * CELL);
    let mut svg = format!(
        "<svg class=\"graph\" viewBox=\"0 0 {wide:.0} {tall:.0}\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>",
        escape(title)
    );
    for (n, group) in groups.iter().enumerate() {
        let centre = ((n % across) as f64 * CELL + CELL / 2.0, (n / across) as f64 * CELL + CELL / 2.0 - 6.0);
        picture(&mut svg, group, centre);
    }
    svg.push_str("</svg>");
    svg
}

/// One group: telephones on an inner ring (one alone in the middle), adverts on the outer one.
fn picture(svg: &mut String, group: &[Shared], (cx, cy): (f64, f64)) {
    let on = |n: usize, of: usize, radius: f64| {
        let angle = std::f64::consts::TAU * n as f64 / of.max(1) as f64 - std::f64::consts::FRAC_PI_2;
        (cx + radius * angle.cos(), cy + radius * angle.sin())
    };
    let mut adverts: BTreeMap<i64, i64> = BTreeMap::new();
    let mut order: Vec<i64> = Vec::new();
    for (advert, band) in group.iter().flat_map(|s| &s.adverts) {
        if adverts.insert(*advert, *band).is_none() {
            order.push(*advert);
        }
    }
    let place: BTreeMap<i64, (f64, f64)> =
        order.iter().enumerate().map(|(n, advert)| (*advert, on(n, order.len(), 108.0))).collect();
    let inner = if group.len() == 1 { 0.0 } else { 48.0 };
    let contacts: Vec<(f64, f64)> = (0..group.len()).map(|n| on(n, group.len(), inner)).collect();
    for (shared, (x, y)) in group.iter().zip(&contacts) {
        for (ax, ay) in shared.adverts.iter().filter_map(|(advert, _)| place.get(advert)) {
            let _ = write!(svg, "<line class=\"tie\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{ax:.1}\" y2=\"{ay:.1}\"/>");
        }
    }
    // where adverts crowd, their numbers get smaller
    let radius = if order.len() > 20 { 8.0 } else { 13.0 };
    for (advert, band) in &adverts {
        let (x, y) = place[advert];
        let class = crate::BANDS[usize::try_from(*band).unwrap_or(0).min(3)];
        let size = if radius < 10.0 { 6.5 } else { 10.0 };
        let _ = write!(
            svg,
            "<circle class=\"b {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/><text class=\"g\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" style=\"font-size:{size}px\">{advert}</text>",
            y + size / 3.0
        );
    }
    for (shared, (x, y)) in group.iter().zip(&contacts) {
        let _ = write!(
            svg,
            "<rect class=\"c\" x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\"/><text class=\"v\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{} ({})</text>",
            x - 5.0,
            y - 5.0,
            y + 18.0,
            escape(&shared.value),
            shared.all
        );
    }
}
