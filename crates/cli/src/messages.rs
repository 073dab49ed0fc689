//! The short texts that the program shows, in the reader's language.

use sakchy::Screener;
use std::collections::BTreeMap;

/// Messages of one language.
pub struct Messages<'a> {
    /// ky, ru, uz or en.
    pub lang: &'a str,
    own: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Messages<'a> {
    /// The messages of a language of the pack.
    pub fn of(screener: &'a Screener, lang: &'a str) -> Messages<'a> {
        Messages { lang, own: screener.pack().messages.get(lang) }
    }

    /// A message; its key where there is none, so that a gap is seen and not hidden.
    pub fn get<'s>(&'s self, key: &'s str) -> &'s str {
        self.own.and_then(|m| m.get(key)).map_or(key, String::as_str)
    }

    /// A message with one place filled.
    pub fn with(&self, key: &str, place: &str, value: impl ToString) -> String {
        self.get(key).replace(&format!("{{{place}}}"), &value.to_string())
    }
}

/// The language for a terminal: what was chosen, else what the environment says, else Russian.
pub fn language(chosen: Option<&str>) -> &'static str {
    let environment = std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default();
    let wanted = chosen.unwrap_or_else(|| environment.get(..2).unwrap_or(""));
    ["ky", "ru", "uz", "en"].into_iter().find(|l| *l == wanted).unwrap_or("ru")
}
