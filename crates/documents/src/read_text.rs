//! Plain text: read in pages, each cut into adverts.

use crate::advert::{Advert, Item, Trouble};
use crate::cut;
use crate::read_jsonl::next_line;
use std::collections::VecDeque;
use std::io::BufRead;

/// Lines taken together as one page; a page ends at the next empty line, or at a form feed.
const PAGE_LINES: usize = 4000;
/// Most bytes of one page, so that memory stays flat whatever the input.
const PAGE_BYTES: usize = 8 << 20;

pub(crate) struct Texts<R> {
    reader: R,
    line: usize,
    buffer: Vec<u8>,
    ready: VecDeque<Item>,
    done: bool,
    page: usize,
    rubric: Option<String>,
}

impl<R: BufRead> Texts<R> {
    pub(crate) fn new(reader: R) -> Self {
        Texts { reader, line: 0, buffer: Vec::new(), ready: VecDeque::new(), done: false, page: 1, rubric: None }
    }

    fn next_page(&mut self) {
        let mut lines: Vec<String> = Vec::new();
        let first = self.line + 1;
        let mut bytes = 0;
        let mut feed = false;
        loop {
            match next_line(&mut self.reader, &mut self.buffer) {
                Ok(None) => {
                    self.done = true;
                    break;
                }
                Ok(Some(false)) => {
                    self.line += 1;
                    let problem = format!("the line is longer than {} MB", crate::LONGEST_LINE >> 20);
                    self.ready.push_back(Err(Trouble { place: self.line, problem, inside: None }));
                    lines.push(String::new());
                    continue;
                }
                Ok(Some(true)) => {}
                Err(e) => {
                    self.done = true;
                    let problem = format!("cannot be read further: {e}");
                    self.ready.push_back(Err(Trouble { place: self.line + 1, problem, inside: None }));
                    break;
                }
            }
            self.line += 1;
            match std::str::from_utf8(&self.buffer) {
                Ok(text) => lines.push(text.to_string()),
                Err(_) => {
                    let problem = "the line is no valid UTF-8 and was left out; save the file as UTF-8".into();
                    self.ready.push_back(Err(Trouble { place: self.line, problem, inside: None }));
                    lines.push(String::new());
                }
            }
            bytes += self.buffer.len();
            let last = lines.last().map_or("", String::as_str);
            feed = last.contains('\u{c}');
            let full = lines.len() >= PAGE_LINES || bytes >= PAGE_BYTES;
            if feed || (full && last.trim().is_empty()) || bytes >= 2 * PAGE_BYTES {
                break;
            }
        }
        let page = self.page.to_string();
        for piece in cut::cut(&lines, &mut self.rubric) {
            self.ready.push_back(Ok(Advert {
                text: piece.text,
                rubric: piece.rubric,
                page: (self.page > 1 || feed).then(|| page.clone()),
                place: first + piece.line,
                ..Advert::default()
            }));
        }
        self.page += usize::from(feed);
    }
}

impl<R: BufRead> Iterator for Texts<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.done {
                return None;
            }
            self.next_page();
        }
    }
}
