//! JSON Lines: one object a line.

use crate::LONGEST_LINE;
use crate::advert::{Advert, Item, Trouble};
use std::io::{BufRead, Read};

pub(crate) struct Lines<R> {
    reader: R,
    line: usize,
    buffer: Vec<u8>,
    done: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        Lines { reader, line: 0, buffer: Vec::new(), done: false }
    }
}

/// Reads one line into `buffer` (without the line break). `Ok(None)` at the end; `Ok(Some(false))` when it was longer
/// than [`LONGEST_LINE`] and was passed over.
pub(crate) fn next_line(reader: &mut impl BufRead, buffer: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    buffer.clear();
    let read = reader.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', buffer)?;
    if read == 0 {
        return Ok(None);
    }
    if buffer.last() == Some(&b'\n') {
        buffer.pop();
        if buffer.last() == Some(&b'\r') {
            buffer.pop();
        }
        return Ok(Some(true));
    }
    if read <= LONGEST_LINE {
        return Ok(Some(true));
    }
    // pass over the rest of the line
    buffer.clear();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(Some(false));
        }
        let (used, end) = match chunk.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), false),
        };
        reader.consume(used);
        if end {
            return Ok(Some(false));
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if self.done {
                return None;
            }
            self.line += 1;
            let trouble = |place, problem: String| Some(Err(Trouble { place, problem, inside: None }));
            match next_line(&mut self.reader, &mut self.buffer) {
                Ok(None) => return None,
                Ok(Some(false)) => {
                    return trouble(self.line, format!("the line is longer than {} MB", LONGEST_LINE >> 20));
                }
                Ok(Some(true)) => {}
                Err(e) => {
                    self.done = true;
                    return trouble(self.line, format!("cannot be read further: {e}"));
                }
            }
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let Ok(text) = std::str::from_utf8(&self.buffer) else {
                return trouble(self.line, "the line is no valid UTF-8; save the file as UTF-8".into());
            };
            return match serde_json::from_str::<Advert>(text) {
                Ok(mut advert) => {
                    advert.place = self.line;
                    Some(Ok(advert))
                }
                Err(e) if text.trim_start().starts_with('{') && e.to_string().starts_with("missing field `text`") => {
                    trouble(self.line, "the object has no \"text\"; write {\"id\": ..., \"text\": \"...\"}".into())
                }
                Err(e) => trouble(self.line, format!("this is no advert in JSON: {e}")),
            };
        }
    }
}
