//! Copies of adverts whose letters are hidden in the ways that advertisers use.

/// The ways; `plain` changes nothing.
pub const MANNERS: [&str; 5] = ["plain", "look-alikes", "zero-width", "mixed-case", "spaced"];

/// The next number of a simple generator (Knuth's MMIX constants).
pub fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// A copy of a text, its letters hidden.
pub fn hide(manner: &str, text: &str, seed: u64) -> String {
    let mut seed = seed.wrapping_mul(977).wrapping_add(13);
    match manner {
        "look-alikes" => words(text, |w| {
            const TWINS: [(char, char); 6] = [('а', 'a'), ('е', 'e'), ('о', 'o'), ('р', 'p'), ('с', 'c'), ('х', 'x')];
            let (from, to) = TWINS[(next(&mut seed) % 6) as usize];
            if w.chars().count() < 5 || next(&mut seed).is_multiple_of(2) {
                w.into()
            } else {
                w.replacen(from, &to.to_string(), 1)
            }
        }),
        "zero-width" => words(text, |w| {
            let middle = w.chars().count() / 2;
            let hide = middle > 1 && next(&mut seed).is_multiple_of(3);
            w.chars()
                .enumerate()
                .flat_map(|(n, c)| (hide && n == middle).then_some('\u{200b}').into_iter().chain([c]))
                .collect()
        }),
        "mixed-case" => {
            text.chars()
                .flat_map(|c| {
                    if next(&mut seed).is_multiple_of(2) { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] }
                })
                .collect()
        }
        "spaced" => words(text, |w| {
            let letters = w.chars().all(char::is_alphabetic);
            if !letters || w.chars().count() < 6 || !next(&mut seed).is_multiple_of(6) {
                return w.into();
            }
            w.chars().map(String::from).collect::<Vec<_>>().join(" ")
        }),
        _ => text.into(),
    }
}

fn words(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|piece| {
            let word = piece.trim_end();
            format!("{}{}", change(word), &piece[word.len()..])
        })
        .collect()
}
