//! The text of elements as a reader sees it: blocks apart, line breaks kept, scripts left out.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

/// Elements whose contents no reader sees.
const UNSEEN: [&str; 15] = [
    "script", "style", "noscript", "template", "head", "svg", "math", "canvas", "iframe", "object", "select",
    "textarea", "button", "audio", "video",
];
/// Elements around the main text.
const AROUND: [&str; 3] = ["nav", "footer", "aside"];
/// Elements that stand apart by an empty line.
const APART: [&str; 19] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "table",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "form",
    "fieldset",
    "address",
    "figure",
    "details",
    "hr",
    "h1",
    "h2",
];
/// Elements with a line of their own.
const LINES: [&str; 14] =
    ["li", "tr", "dt", "dd", "h3", "h4", "h5", "h6", "br", "option", "caption", "figcaption", "legend", "summary"];

/// All words of an element in one line.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    let joined: String = element.text().collect();
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an element and what is in it. `whole` keeps navigation and footers too. Loops instead of recursion: pages
/// nest as deep as they like.
pub(crate) fn blocks(root: NodeRef<'_, Node>, whole: bool) -> String {
    let mut out = Writer::default();
    let mut hidden = None;
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => {
                if hidden.is_some() {
                    continue;
                }
                match node.value() {
                    Node::Text(text) => out.text(text, preformatted(node)),
                    Node::Element(element) => {
                        let name = element.name();
                        let unseen = UNSEEN.contains(&name)
                            || !whole && AROUND.contains(&name)
                            || element.attr("hidden").is_some()
                            || element.attr("aria-hidden") == Some("true")
                            || element.attr("style").is_some_and(hides);
                        if unseen && node.id() != root.id() {
                            hidden = Some(node.id());
                            continue;
                        }
                        out.around(name, true);
                    }
                    _ => {}
                }
            }
            Edge::Close(node) => {
                if hidden == Some(node.id()) {
                    hidden = None;
                } else if hidden.is_none()
                    && let Node::Element(element) = node.value()
                {
                    out.around(element.name(), false);
                }
            }
        }
    }
    out.text.trim_end().to_string()
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn preformatted(node: NodeRef<'_, Node>) -> bool {
    node.parent().is_some_and(|p| matches!(p.value(), Node::Element(e) if e.name() == "pre"))
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Line breaks to write before the next word.
    breaks: usize,
    space: bool,
}

impl Writer {
    fn text(&mut self, text: &str, kept: bool) {
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            self.line(line);
            let more = lines.peek().is_some();
            if more && kept {
                self.breaks = (self.breaks + 1).min(2);
            } else if more {
                self.space = true;
            }
        }
    }

    fn line(&mut self, line: &str) {
        for (n, word) in line.split(char::is_whitespace).enumerate() {
            self.space |= n > 0;
            if word.is_empty() {
                continue;
            }
            if !self.text.is_empty() {
                match self.breaks {
                    0 if self.space => self.text.push(' '),
                    0 => {}
                    n => self.text.extend(std::iter::repeat_n('\n', n)),
                }
            }
            self.breaks = 0;
            self.space = false;
            self.text.push_str(word);
        }
    }

    fn around(&mut self, name: &str, opens: bool) {
        if APART.contains(&name) {
            self.breaks = 2;
        } else if name == "br" {
            // two breaks one after the other set paragraphs apart
            self.breaks = (self.breaks + usize::from(opens)).min(2);
        } else if LINES.contains(&name) {
            self.breaks = self.breaks.max(1);
        } else if matches!(name, "td" | "th") {
            self.space = true;
        }
    }
}
