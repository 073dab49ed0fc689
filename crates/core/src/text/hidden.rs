//! Hidden letters: words of mixed scripts, digits for letters, letters set apart.

use super::code::{CYR, Fold, OTHER, SEP, cyrillic_twin, fold_common, fold_rare, latin_twin, passes_for_cyrillic};
use super::reader::Makeup;
use super::{Abbreviations, Break, Shape, Token};
use crate::text::translit;

/// Works out the readings of a word that is not plain Cyrillic. The best one replaces what stands in `stream` from `at`;
/// the others are pushed to `readings`. Returns whether letters were hidden.
pub(super) fn readings(
    source: &str,
    makeup: Makeup,
    stream: &mut Vec<u8>,
    at: usize,
    token: u32,
    readings: &mut Vec<(u32, Vec<u8>)>,
) -> bool {
    let raw = stream[at..].to_vec();
    let mut hidden = false;
    let mut found: Vec<Vec<u8>> = Vec::new();
    if makeup.latin && !makeup.cyrillic && !makeup.imitation && !makeup.digit {
        // a Latin word: it may be Russian in Latin letters, or Cyrillic look-alikes throughout ("BCE", "pocт" is mixed)
        found.push(raw);
        if !source.is_empty() {
            let lower: Vec<u8> =
                source.bytes().filter(|b| *b != b'\'' && *b != b'`').map(|b| b.to_ascii_lowercase()).collect();
            let mut reading = Vec::new();
            if translit::to_cyrillic(&lower, &mut reading) {
                found.push(reading);
            }
            // "sch" is щ or сч: "obschezhitie", but "v schet"
            if let Some(at) = lower.windows(3).position(|w| w == b"sch") {
                let mut reading = Vec::new();
                let (head, tail) = lower.split_at(at + 1);
                if translit::to_cyrillic(head, &mut reading) && translit::to_cyrillic(tail, &mut reading) {
                    found.push(reading);
                }
            }
            if source.chars().all(passes_for_cyrillic) {
                found.extend(as_cyrillic(source));
            }
        }
    } else {
        let cyrillic = as_cyrillic(source);
        let latin = as_latin(source);
        let (own_cyrillic, own_latin) = own_letters(source);
        let seam = one_seam(source);
        hidden = makeup.digit || (makeup.imitation && (makeup.cyrillic || makeup.latin)) || !seam;
        if seam && !makeup.imitation && !makeup.digit {
            // "WhatsAppка", "Dubaiга": a Latin stem with a Cyrillic ending is ordinary
            hidden = false;
            found.push(raw);
            found.extend(cyrillic);
            found.extend(latin);
        } else if own_cyrillic >= own_latin {
            found.extend(cyrillic);
            found.extend(latin);
            found.push(raw);
        } else {
            found.extend(latin);
            found.extend(cyrillic);
            found.push(raw);
        }
    }
    found.dedup();
    let mut found = found.into_iter();
    if let Some(best) = found.next() {
        stream.truncate(at);
        stream.extend_from_slice(&best);
        for other in found {
            if other != best {
                readings.push((token, other));
            }
        }
    }
    hidden
}

/// The word read as Cyrillic; `None` where a letter has no Cyrillic twin.
fn as_cyrillic(source: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(source.len());
    for c in source.chars() {
        let mut ok = true;
        let mut each = |fold: Fold| match fold {
            Fold::Cyrillic(b) => out.push(b),
            Fold::Latin(_) | Fold::Digit(_) => match cyrillic_twin(c) {
                0 if c == 'b' => {}
                0 => ok = false,
                b => out.push(b),
            },
            Fold::Imitation(_, b) if b != 0 => out.push(b),
            Fold::Imitation(..) | Fold::OtherLetter => ok = false,
            Fold::Mark(true) => super::reader::breve(&mut out),
            _ => {}
        };
        match fold_common(c) {
            Some(fold) => each(fold),
            None => fold_rare(c, &mut each),
        }
        if !ok {
            return None;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The word read as Latin; `None` where a letter has no Latin twin.
fn as_latin(source: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(source.len());
    for c in source.chars() {
        let mut ok = true;
        let mut each = |fold: Fold| match fold {
            Fold::Latin(b) => out.push(b),
            Fold::Cyrillic(_) => match latin_twin(c) {
                0 => ok = false,
                b => out.push(b),
            },
            Fold::Digit(b'0') => out.push(b'o'),
            Fold::Digit(b'1') => out.push(b'i'),
            Fold::Digit(b'3') => out.push(b'e'),
            Fold::Digit(_) | Fold::OtherLetter => ok = false,
            Fold::Imitation(b, _) if b != 0 => out.push(b),
            Fold::Imitation(..) => ok = false,
            _ => {}
        };
        match fold_common(c) {
            Some(fold) => each(fold),
            None => fold_rare(c, &mut each),
        }
        if !ok {
            return None;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Letters that can only be Cyrillic, and letters that can only be Latin.
fn own_letters(source: &str) -> (usize, usize) {
    let (mut cyrillic, mut latin) = (0, 0);
    for c in source.chars() {
        match fold_common(c) {
            Some(Fold::Cyrillic(_)) if latin_twin(c) == 0 => cyrillic += 2,
            Some(Fold::Cyrillic(_)) => cyrillic += 1,
            Some(Fold::Latin(_)) if !passes_for_cyrillic(c) => latin += 2,
            Some(Fold::Latin(_)) => latin += 1,
            _ => {}
        }
    }
    (cyrillic, latin)
}

/// Is the word one Latin piece followed by one Cyrillic piece, the Latin one not made of look-alikes alone?
fn one_seam(source: &str) -> bool {
    let mut cyrillic_seen = false;
    let mut telling = 0;
    let mut latin = 0;
    for c in source.chars() {
        match fold_common(c) {
            Some(Fold::Latin(_)) if cyrillic_seen => return false,
            Some(Fold::Latin(_)) => {
                latin += 1;
                telling += usize::from(!passes_for_cyrillic(c));
            }
            Some(Fold::Cyrillic(_)) => cyrillic_seen = true,
            _ => {}
        }
    }
    latin >= 2 && telling >= 1
}

/// Joins letters that were set apart ("п а с п о р т", "р-а-б-о-т-а"): four or more single letters with the same thin
/// separator between them. A wider gap ends the word; where all gaps are alike, known words are looked for in the run.
pub(super) fn join_spaced(
    stream: &mut Vec<u8>,
    tokens: &mut Vec<Token>,
    readings: &mut Vec<(u32, Vec<u8>)>,
    text: &str,
    abbreviations: &impl Abbreviations,
) {
    let old_stream = std::mem::take(stream);
    let old_tokens = std::mem::take(tokens);
    let old_readings = std::mem::take(readings);
    let mut new_index = vec![0u32; old_tokens.len()];
    let bytes_of = |t: &Token| &old_stream[t.at as usize..(t.at + t.len) as usize];
    let mut i = 0;
    while i < old_tokens.len() {
        let run = spaced_run(&old_tokens, i, text);
        let token = old_tokens[i];
        if run < 4 {
            new_index[i] = tokens.len() as u32;
            stream.push(SEP);
            let at = stream.len() as u32;
            stream.extend_from_slice(bytes_of(&token));
            tokens.push(Token { at, ..token });
            i += 1;
            continue;
        }
        let (letters, owner) = best_script(&old_tokens[i..i + run], text, &old_stream);
        let mut lengths = abbreviations.split(&letters);
        if lengths.contains(&0) || lengths.iter().sum::<usize>() != letters.len() {
            lengths = vec![letters.len()];
        }
        new_index[i..i + run].fill(u32::MAX);
        let mut from = 0;
        for (n, length) in lengths.iter().enumerate() {
            let to = from + length;
            let first = if n == 0 { 0 } else { owner[from] };
            let last = if n + 1 == lengths.len() { run - 1 } else { owner[to] - 1 };
            stream.push(SEP);
            let at = stream.len() as u32;
            stream.extend_from_slice(&letters[from..to]);
            tokens.push(Token {
                end: old_tokens[i + last].end,
                at,
                len: *length as u32,
                before: if n == 0 { token.before } else { Break::None },
                dotted: false,
                hidden: true,
                ..old_tokens[i + first]
            });
            from = to;
        }
        i += run;
    }
    stream.push(SEP);
    readings.extend(
        old_readings
            .into_iter()
            .filter(|(token, _)| new_index[*token as usize] != u32::MAX)
            .map(|(token, bytes)| (new_index[token as usize], bytes)),
    );
}

/// How many tokens from `i` on are single letters set apart by the same thin separator on one line.
fn spaced_run(tokens: &[Token], i: usize, text: &str) -> usize {
    let single = |t: &Token| t.shape == Shape::Word && text[t.start as usize..t.end as usize].chars().count() == 1;
    if !single(&tokens[i]) {
        return 1;
    }
    let mut separator: Option<&str> = None;
    let mut n = 1;
    while i + n < tokens.len() && single(&tokens[i + n]) {
        let gap = &text[tokens[i + n - 1].end as usize..tokens[i + n].start as usize];
        if !matches!(gap, " " | "." | "-" | "_" | "*" | "·" | "\u{a0}" | "\u{2009}" | ". " | "|" | "/") {
            break;
        }
        if *separator.get_or_insert(gap) != gap {
            break;
        }
        n += 1;
    }
    n
}

/// The letters of a run as one word, in the script that most of them have, and the token that each letter came from.
fn best_script(tokens: &[Token], text: &str, stream: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let source: String = tokens.iter().map(|t| &text[t.start as usize..t.end as usize]).collect();
    let (cyrillic, latin) = own_letters(&source);
    let (mut letters, mut owner) = (Vec::new(), Vec::new());
    for (n, t) in tokens.iter().enumerate() {
        let letter = &text[t.start as usize..t.end as usize];
        let plain = stream[t.at as usize..(t.at + t.len) as usize].to_vec();
        let read = if cyrillic > 0 && cyrillic >= latin {
            as_cyrillic(letter)
        } else if latin > 0 && cyrillic > 0 {
            as_latin(letter)
        } else {
            None
        };
        for b in read.unwrap_or(plain).into_iter().filter(|&b| b != OTHER && b < CYR + 32) {
            letters.push(b);
            owner.push(n);
        }
    }
    if letters.is_empty() {
        letters.push(OTHER);
        owner.push(0);
    }
    (letters, owner)
}
