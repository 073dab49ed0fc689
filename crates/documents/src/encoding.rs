//! Which encoding is it? UTF-8, UTF-16, Windows-1251, KOI8-R and IBM 866 are told apart; what is none of them is named.

use encoding_rs::Encoding;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use std::io::{Chain, Cursor, Read};

/// Bytes looked at to tell the encoding.
const LOOKED_AT: usize = 64 << 10;
/// Least share of Cyrillic letters among all letters beyond ASCII, in percent, for an 8-bit encoding to be plain.
const PLAIN: usize = 80;

/// A reader of UTF-8 text.
pub type Decoded<R> = DecodeReaderBytes<Chain<Cursor<Vec<u8>>, R>, Vec<u8>>;

/// Looks at the first bytes and decodes the rest as it comes. With `utf8_by_rule` what cannot be told is taken for UTF-8.
///
/// # Errors
/// A message when the bytes are no text that we can tell.
pub fn decode<R: Read>(mut input: R, utf8_by_rule: bool) -> Result<Decoded<R>, String> {
    let mut first = Vec::with_capacity(LOOKED_AT);
    input.by_ref().take(LOOKED_AT as u64).read_to_end(&mut first).map_err(|e| format!("cannot be read: {e}"))?;
    let whole = first.len() < LOOKED_AT;
    let encoding = match tell(&first, whole) {
        Err(_) if utf8_by_rule => None,
        told => told?,
    };
    let mut builder = DecodeReaderBytesBuilder::new();
    builder.encoding(encoding).bom_override(true).strip_bom(true);
    if encoding.is_none() {
        // UTF-8 passes through as it is, so that a broken line can be named where it stands
        builder.utf8_passthru(true);
    }
    builder.build_with_buffer(Cursor::new(first).chain(input), vec![0; 8 << 10]).map_err(|e| e.to_string())
}

/// The encoding of a text's first bytes; `None` for UTF-8 (and for UTF-16 with a byte order mark, which is followed).
///
/// # Errors
/// A message when it is no text, or none that can be told.
pub fn tell(first: &[u8], whole: bool) -> Result<Option<&'static Encoding>, String> {
    if first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff") || first.starts_with(b"\xef\xbb\xbf") {
        return Ok(None);
    }
    // before UTF-8: Cyrillic in UTF-16 is a valid sequence of ASCII control characters and letters
    if let Some(utf16) = utf16(first) {
        return Ok(Some(utf16));
    }
    match std::str::from_utf8(first) {
        Ok(_) => return Ok(None),
        // a character cut by the end of the window
        Err(e) if !whole && e.error_len().is_none() => return Ok(None),
        Err(_) => {}
    }
    let nul = first.iter().filter(|b| **b == 0).count();
    if nul * 50 > first.len() {
        return Err("is no text (it holds many NUL bytes); convert it to text first".into());
    }
    // mostly UTF-8 with a few broken places: read as UTF-8, the broken lines are named later
    if mostly_utf8(first) {
        return Ok(None);
    }
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(first, whole);
    let guess = detector.guess(None, false);
    let candidates = [guess, encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R, encoding_rs::IBM866];
    let best = candidates.into_iter().map(|e| (plainness(e, first), e)).max_by_key(|(p, _)| *p);
    match best {
        Some((plain, encoding)) if plain >= PLAIN => Ok(Some(encoding)),
        _ => Err("is neither UTF-8 nor plainly Windows-1251, KOI8-R or IBM 866; save it as UTF-8".into()),
    }
}

/// UTF-16 without a mark: every other byte is zero or a Cyrillic block number.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len() / 2;
    if pairs < 4 {
        return None;
    }
    let high = |b: u8| b == 0 || b == 4;
    let even = bytes.chunks_exact(2).filter(|p| high(p[0])).count();
    let odd = bytes.chunks_exact(2).filter(|p| high(p[1])).count();
    if odd * 10 > pairs * 9 && even * 2 < pairs {
        Some(encoding_rs::UTF_16LE)
    } else if even * 10 > pairs * 9 && odd * 2 < pairs {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 20
}

/// How much the bytes look like Russian or Kyrgyz text in this encoding, 0 to 100: share of Cyrillic letters among the
/// letters beyond ASCII, less for capitals behind small letters (Windows-1251 read as KOI8-R turns the case round).
fn plainness(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let (text, _, broken) = encoding.decode(bytes);
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    if broken || beyond == 0 {
        return 0;
    }
    let cyrillic = text.chars().filter(|c| ('\u{400}'..'\u{500}').contains(c)).count();
    let odd = text.chars().zip(text.chars().skip(1)).filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
    let common = text.chars().filter(|c| "оеаинтсылркОЕАИНТСЫЛРК".contains(*c)).count();
    let share = cyrillic * 100 / beyond;
    let penalty = odd * 200 / beyond;
    let frequent = (common * 100 / beyond).min(60) + 40;
    (share * frequent / 100).saturating_sub(penalty)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Требуются рабочие на стройку. Жумушка жигиттер керек, айлыгы жакшы. Обращаться по телефону.";

    fn round(encoding: &'static Encoding) {
        let (bytes, _, _) = encoding.encode(TEXT);
        let mut out = String::new();
        decode(&bytes[..], false).unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, TEXT, "{}", encoding.name());
    }

    #[test]
    fn eight_bit_encodings_are_told() {
        round(encoding_rs::WINDOWS_1251);
        round(encoding_rs::KOI8_R);
        round(encoding_rs::IBM866);
        round(encoding_rs::UTF_8);
    }

    #[test]
    fn utf16_without_a_mark() {
        let bytes: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = String::new();
        decode(&bytes[..], false).unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, TEXT);
    }

    #[test]
    fn noise_is_named() {
        let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
        assert!(tell(&noise, true).is_err());
    }
}
