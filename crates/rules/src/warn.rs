//! What is probably not meant: told by `sakchy rules check`, without failing it.

use crate::error::RuleError;
use crate::expand::Classes;
use crate::phrase::{self, Item};
use crate::source::{ByLanguage, Rules, Sourced};
use crate::useless::{self, WordSets};

/// Fewest letters of a word that stands alone under `unless`.
pub const SHORTEST_UNLESS: usize = 4;

/// What was found, by sort.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    /// Phrases that another one of the signal makes useless.
    pub useless: Vec<RuleError>,
    /// Phrases and class entries whose first word may be missing.
    pub optional_first: Vec<RuleError>,
    /// Very short words that stand alone under `unless`.
    pub short_unless: Vec<RuleError>,
}

impl Warnings {
    /// Each sort with its name.
    pub fn sorts(&self) -> [(&'static str, &[RuleError]); 3] {
        [
            ("phrases that another phrase makes useless", &self.useless),
            ("phrases and class entries whose first word may be missing", &self.optional_first),
            ("words of fewer than four letters alone under `unless`", &self.short_unless),
        ]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sorts().iter().map(|(_, all)| all.len()).sum()
    }
}

/// Looks through all rules, or those named in `only` (signals and word classes).
pub fn run(rules: &Rules, only: &[String]) -> Warnings {
    let wanted = |id: &str| only.is_empty() || only.iter().any(|o| o == id);
    let mut out = Warnings::default();
    let (classes, _) = Classes::read(rules);
    let mut words = WordSets::default();
    for (_, file) in rules.words.iter().filter(|(id, _)| wanted(id)) {
        each(file, &file.value.words, |items, _| match items.first() {
            Some(Item::Optional(_)) if items.len() > 1 => Some((
                "the first word of this entry may be missing, so the rest alone belongs to the class".into(),
                "write the entry once with the word and once without it, if the rest alone is meant; else remove the `?`"
                    .into(),
            )),
            Some(Item::Optional(_)) => Some((
                "the whole entry may be missing, so any phrase with this class may leave it out".into(),
                "remove the `?` here and write it behind the class where it is used: `<class>?`".into(),
            )),
            _ => None,
        })
        .into_iter()
        .for_each(|e| out.optional_first.push(e));
    }
    for (_, file) in rules.signals.iter().filter(|(id, _)| wanted(id)) {
        let s = &file.value;
        out.optional_first.extend(each(file, &s.phrases, |items, _| {
            matches!(items.first(), Some(Item::Optional(_))).then(|| {
                (
                    "the first word may be missing, so the phrase is found without it".into(),
                    "remove that word; or remove the `?`, if the phrase should not be found without it".into(),
                )
            })
        }));
        out.short_unless.extend(each(file, &s.unless, |items, reach| {
            let short = short_words(items);
            let far = if reach == (0, 0) { "" } else { ", as far as its gap reaches" };
            (!short.is_empty()).then(|| {
                (
                    format!("`{}` alone cancels every match that it touches{far}", short.join("`, `")),
                    format!("write the words beside it as well: `{} ...`, or a word class", short[0]),
                )
            })
        }));
        useless::find(file, &s.phrases, false, &classes, &mut words, &mut out.useless);
        useless::find(file, &s.unless, true, &classes, &mut words, &mut out.useless);
    }
    out
}

/// Goes through the phrases of a file.
fn each<T>(
    file: &Sourced<T>,
    phrases: &ByLanguage,
    look: impl Fn(&[Item], (u8, u8)) -> Option<(String, String)>,
) -> Vec<RuleError> {
    let mut out = Vec::new();
    for source in phrases.values().flatten() {
        let Ok((items, reach)) = phrase::parse_with_reach(source.get_ref()) else { continue };
        if let Some((problem, mend)) = look(&items, reach) {
            out.push(file.at(source, problem, mend));
        }
    }
    out
}

/// Words of a phrase that is nothing but one such word.
fn short_words(items: &[Item]) -> Vec<&str> {
    match items {
        [Item::Word { text, .. }] if text.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST_UNLESS => {
            vec![text]
        }
        [Item::Choice(all)] => all.iter().flat_map(|choice| short_words(choice)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn warnings(phrases: &str, unless: &str, class: &str) -> Warnings {
        let signal = format!(
            "id = \"s\"\nmeaning = \"x\"\nrole = \"flag\"\n[phrases]\nru = [\n{phrases}\n]\n[unless]\nru = [\n{unless}\n]\n"
        );
        let files = BTreeMap::from([
            ("signals/s.toml".to_string(), signal),
            ("words/w.toml".to_string(), format!("id = \"w\"\nmeaning = \"x\"\n[words]\nru = [{class}]\n")),
        ]);
        let (rules, errors) = Rules::read(&files);
        assert!(errors.is_empty(), "{errors:?}");
        run(&rules, &[])
    }

    fn useless(phrases: &str) -> Vec<(usize, String)> {
        let all = warnings(phrases, "", "\"шеф\", \"бригадир*\", \"старший смены\"").useless;
        all.into_iter().map(|e| (e.line, e.words)).collect()
    }

    #[test]
    fn a_narrower_phrase_is_useless() {
        for (narrow, wide) in [
            ("паспорт у нас", "паспорт* [2] у нас"),
            ("паспорт [1] у нас", "паспорт [2] у (нас|меня)"),
            ("паспорт у бригадира", "паспорт у <w>"),
            ("сдать паспорт бригадиру потом", "паспорт <w>"),
            ("паспорт остаётся у нас", "паспорт [3] нас"),
            ("{паспорт залог}~2", "{паспорт* залог*}~3"),
            ("ключ #14-15 лет", "ключ #10-17 лет"),
            ("паспорт [2+] отдать", "паспорт [4+] отда*"),
            ("даём паспорт", "даём паспорт"),
            ("паспорт алат~", "паспорт алат*"),
        ] {
            let found = useless(&format!("\"{narrow}\",\n\"{wide}\""));
            assert_eq!(found, [(6, narrow.to_string())], "{wide}");
        }
    }

    #[test]
    fn a_phrase_that_finds_more_is_not() {
        for (a, b) in [
            ("паспорт [3] у нас", "паспорт [2] у нас"),
            ("паспорт* у нас", "паспорт у нас"),
            ("паспорт у меня", "паспорт у <w>"),
            ("паспорт [2+] отдать", "паспорт [4] отда*"),
            ("паспорт наш? у", "паспорт у"),
            ("паспорт <w> отдать", "паспорт [1] отдать"),
            ("{паспорт залог}~2", "паспорт [2] залог"),
            ("паспорт албайт", "паспорт ал~"),
            ("паспорт на руки", "на паспорт"),
        ] {
            assert!(!useless(&format!("\"{a}\",\n\"{b}\"")).iter().any(|(line, _)| *line == 6), "{a} | {b}");
        }
    }

    #[test]
    fn an_unless_phrase_covers_its_own_words() {
        let lines = |unless: &str| {
            let all = warnings("\"паспорт у шефа\"", unless, "\"шеф\"").useless;
            all.into_iter().map(|e| e.line).collect::<Vec<_>>()
        };
        assert_eq!(lines("\"копия [1] паспорта\",\n\"копи* [2] паспорт*\""), [10]);
        // the shorter one overlaps fewer matches
        assert!(lines("\"копия паспорта\",\n\"копия\"").is_empty());
    }

    #[test]
    fn first_words_that_may_be_missing_and_short_unless() {
        let all = warnings(
            "\"наш? паспорт у шефа\",\n\"паспорт наш? у шефа\"",
            "\"не\",\n\"не [3]\",\n\"(без|копия)\",\n\"не забираем\",\n\"копи*\"",
            "\"в? офис\", \"старший смены\"",
        );
        let lines: Vec<(String, usize)> = all.optional_first.iter().map(|e| (e.file.clone(), e.line)).collect();
        assert_eq!(lines, [("words/w.toml".to_string(), 4), ("signals/s.toml".to_string(), 6)]);
        let lines: Vec<usize> = all.short_unless.iter().map(|e| e.line).collect();
        assert_eq!(lines, [11, 12, 13]);
    }
}
