//! Nearly equal texts: groups that no fold may tear apart.

use sakchy::features::name_hash;
use std::collections::BTreeMap;

/// Words in a row that are compared.
const SHINGLE: usize = 5;
/// Smallest hashes kept of each text.
const KEPT: usize = 24;
/// Share of the kept hashes that two texts must have in common.
const COMMON: f64 = 0.5;

/// The words of a text in small letters.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// The smallest hashes of the runs of words (a bottom-k sketch: Broder, 1997), rising.
pub fn sketch(text: &str) -> Vec<u64> {
    let words = words(text);
    let mut all: Vec<u64> = if words.len() < SHINGLE {
        vec![name_hash("shingle", &words.join(" "))]
    } else {
        words.windows(SHINGLE).map(|w| name_hash("shingle", &w.join(" "))).collect()
    };
    all.sort_unstable();
    all.dedup();
    all.truncate(KEPT);
    all
}

/// Are two sketches those of nearly equal texts?
pub fn alike(a: &[u64], b: &[u64]) -> bool {
    let common = a.iter().filter(|x| b.binary_search(x).is_ok()).count();
    common as f64 >= COMMON * a.len().min(b.len()).max(1) as f64
}

/// Pairs of nearly equal texts (first, second), each text paired with the first it is like.
pub fn pairs(texts: &[&str]) -> Vec<(usize, usize)> {
    let sketches: Vec<Vec<u64>> = texts.iter().map(|t| sketch(t)).collect();
    let openings: Vec<u64> = texts.iter().map(|t| opening(t)).collect();
    let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut opened: BTreeMap<u64, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (n, own) in sketches.iter().enumerate() {
        let mut candidates: Vec<usize> = own.iter().filter_map(|h| holders.get(h)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        if let Some(first) = candidates.into_iter().find(|c| alike(own, &sketches[*c])) {
            pairs.push((first, n));
        }
        if let Some(first) = opened.get(&openings[n]).filter(|_| texts[n].chars().count() > 200) {
            pairs.push((*first, n));
        }
        opened.entry(openings[n]).or_insert(n);
        own.iter().for_each(|h| {
            let list = holders.entry(*h).or_default();
            // what hundreds of texts share is a set phrase
            if list.len() < 200 {
                list.push(n);
            }
        });
    }
    pairs
}

/// The first four hundred characters, as a number.
fn opening(text: &str) -> u64 {
    name_hash("opening", &words(&text.chars().take(400).collect::<String>()).join(" "))
}

/// For each text the first of its group: texts of one family (where named) and nearly equal ones are one group.
pub fn groups<'t>(texts: &[&str], family: &dyn Fn(usize) -> &'t str) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..texts.len()).collect();
    fn root(parent: &mut [usize], mut n: usize) -> usize {
        while parent[n] != n {
            parent[n] = parent[parent[n]];
            n = parent[n];
        }
        n
    }
    let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut joined = pairs(texts);
    for n in 0..texts.len() {
        let name = family(n);
        if !name.is_empty() {
            joined.push((*firsts.entry(name).or_insert(n), n));
        }
    }
    for (a, b) in joined {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    (0..texts.len()).map(|n| root(&mut parent, n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_meet_and_strangers_do_not() {
        let a = "Нужны люди на сбор лука в Казахстан, паспорт у бригадира, звоните до вечера, места есть";
        let b = "НУЖНЫ люди на сбор лука в Казахстан; паспорт у бригадира. Звоните до вечера: места есть!";
        let c = "Продаю диван, самовывоз из пятого микрорайона, торг уместен, звонить после шести";
        assert_eq!(groups(&[a, c, b], &|_| ""), vec![0, 1, 0]);
        assert_eq!(groups(&[a, c], &|_| "one idea"), vec![0, 0]);
    }
}
