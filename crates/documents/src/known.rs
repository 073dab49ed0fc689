//! What is known of a newspaper beforehand: from options, from `issue.toml` beside the file, from the file's name. An advert's own
//! statement comes first, then options, then `issue.toml`, then the name.

use crate::Advert;
use std::path::Path;

/// Outlet, issue, page and date of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Newspaper, board or channel.
    pub outlet: Option<String>,
    /// Issue.
    #[serde(default, deserialize_with = "crate::advert::text_of_any")]
    pub issue: Option<String>,
    /// Page.
    #[serde(default, deserialize_with = "crate::advert::text_of_any")]
    pub page: Option<String>,
    /// Date, as 2026-11-21.
    #[serde(default, deserialize_with = "date_of_any")]
    pub date: Option<String>,
}

/// Words before the number of an issue in file names, and before that of a page.
const ISSUE: [&str; 7] = ["№", "no", "nr", "n", "issue", "номер", "сан"];
const PAGE: [&str; 10] = ["page", "p", "стр", "страница", "с", "бет", "bet", "sahifa", "pg", "б"];

impl Known {
    /// Of a file: what `issue.toml` in its folder says, then what its name says.
    ///
    /// # Errors
    /// A message when `issue.toml` is there and cannot be read.
    pub fn of(path: &Path) -> Result<Known, String> {
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let by_name = Known::of_name(&name);
        let beside = path.parent().unwrap_or(Path::new("")).join("issue.toml");
        if !beside.is_file() {
            return Ok(by_name);
        }
        let text = std::fs::read_to_string(&beside).map_err(|e| format!("{}: {e}", beside.display()))?;
        let said: Known = toml::from_str(&text)
            .map_err(|e| format!("{}: {}; it may say outlet, issue, page and date", beside.display(), e.message()))?;
        Ok(said.or(by_name))
    }

    /// What a file name without its ending says: `vesti_2026-11-12_n45_p3`, `Вести № 45 12.11.2026 стр 3`.
    pub fn of_name(name: &str) -> Known {
        let mut known = Known::default();
        let mut words: Vec<&str> = Vec::new();
        let mut parts = name
            .split(|c: char| c.is_whitespace() || matches!(c, '_' | ',' | '(' | ')'))
            .filter(|p| !p.is_empty())
            .peekable();
        while let Some(part) = parts.next() {
            if let Some(date) = date(part) {
                known.date = known.date.or(Some(date));
                continue;
            }
            let low = part.to_lowercase();
            let letters = low.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = low[letters.len()..].to_string();
            let word = letters.trim_end_matches(['-', '.']);
            // the number may stand in a part of its own
            let number = if digits.is_empty() && (ISSUE.contains(&word) || PAGE.contains(&word)) {
                parts.next_if(|p| p.bytes().all(|b| b.is_ascii_digit())).map(str::to_string)
            } else {
                Some(digits).filter(|d| !d.is_empty())
            };
            match number {
                Some(number) if ISSUE.contains(&word) => known.issue = Some(number),
                Some(number) if PAGE.contains(&word) => known.page = Some(number),
                _ if known == Known::default() => words.push(part),
                _ => {}
            }
        }
        // a name without date, issue or page says no outlet either
        if known != Known::default() && words.iter().any(|w| w.chars().any(char::is_alphabetic)) {
            known.outlet = Some(words.join(" "));
        }
        known
    }

    /// These, and the others where these say nothing.
    #[must_use]
    pub fn or(self, others: Known) -> Known {
        Known {
            outlet: self.outlet.or(others.outlet),
            issue: self.issue.or(others.issue),
            page: self.page.or(others.page),
            date: self.date.or(others.date),
        }
    }

    /// Fills what an advert does not say itself.
    pub fn fill(&self, advert: &mut Advert) {
        let fill = |to: &mut Option<String>, from: &Option<String>| {
            if to.is_none() {
                to.clone_from(from);
            }
        };
        fill(&mut advert.publisher, &self.outlet);
        fill(&mut advert.issue, &self.issue);
        fill(&mut advert.page, &self.page);
        fill(&mut advert.date, &self.date);
    }
}

/// A date in a name as year-month-day: 2026-11-12, 20261112, 12.11.2026, 12-11-2026.
fn date(part: &str) -> Option<String> {
    let numbers: Vec<&str> = part.split(['-', '.']).collect();
    let valid = |y: &str, m: &str, d: &str| {
        let number = |t: &str, low: u32, high: u32| t.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n));
        let whole = y.len() == 4 && number(y, 1900, 2100) && number(m, 1, 12) && number(d, 1, 31);
        whole.then(|| format!("{y}-{m:0>2}-{d:0>2}"))
    };
    match numbers[..] {
        [y, m, d] if y.len() == 4 => valid(y, m, d),
        [d, m, y] => valid(y, m, d),
        [all] if all.len() == 8 && all.is_ascii() => valid(&all[..4], &all[4..6], &all[6..]),
        _ => None,
    }
}

/// A string, or a date as TOML writes it.
fn date_of_any<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Date {
        Toml(toml::value::Datetime),
        Text(String),
    }
    Ok(Some(match serde::Deserialize::deserialize(deserializer)? {
        Date::Toml(date) => date.to_string(),
        Date::Text(text) => text,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        let known = Known::of_name("vesti_2026-11-12_n45_p3");
        let said = [known.outlet, known.issue, known.page, known.date].map(Option::unwrap_or_default);
        assert_eq!(said, ["vesti", "45", "3", "2026-11-12"]);
        let known = Known::of_name("Эки Шаар № 7 12.1.2026 стр 14");
        let said = [known.outlet, known.issue, known.page, known.date].map(Option::unwrap_or_default);
        assert_eq!(said, ["Эки Шаар", "7", "14", "2026-01-12"]);
        assert_eq!(Known::of_name("IMG_0042"), Known::default());
        assert_eq!(Known::of_name("scan"), Known::default());
    }

    #[test]
    fn issue_toml_comes_before_the_name() {
        let folder = std::env::temp_dir().join(format!("sakchy-known-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("issue.toml"), "outlet = \"Кабар\"\nissue = 45\ndate = 2026-11-12\n").unwrap();
        let known = Known::of(&folder.join("x_p3.jpg")).unwrap();
        let said = [known.outlet, known.issue, known.page, known.date].map(Option::unwrap_or_default);
        assert_eq!(said, ["Кабар", "45", "3", "2026-11-12"]);
        std::fs::write(folder.join("issue.toml"), "outlat = \"Кабар\"\n").unwrap();
        assert!(Known::of(&folder.join("x.jpg")).unwrap_err().contains("outlet, issue, page and date"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
