//! The texts of reports and sheets: `rules/reports/LANGUAGE.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Languages that reports can be made in.
pub const LANGUAGES: [&str; 4] = ["ky", "ru", "uz", "en"];

type Catalogue = BTreeMap<String, String>;

static ALL: LazyLock<BTreeMap<&'static str, Catalogue>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../rules/reports/ky.toml"),
        include_str!("../../../rules/reports/ru.toml"),
        include_str!("../../../rules/reports/uz.toml"),
        include_str!("../../../rules/reports/en.toml"),
    ];
    LANGUAGES.into_iter().zip(files.map(read)).collect()
});

fn read(file: &str) -> Catalogue {
    let sections: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(file).expect("the files are tested");
    let flat = |(section, texts): (String, BTreeMap<String, String>)| {
        texts.into_iter().map(move |(key, text)| (format!("{section}.{key}"), text))
    };
    sections.into_iter().flat_map(flat).collect()
}

/// The texts of one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    own: &'static Catalogue,
    /// ky, ru, uz or en.
    pub lang: &'static str,
}

impl Texts {
    /// The texts of a language; Russian for one that is not there.
    pub fn of(lang: &str) -> Texts {
        let lang = LANGUAGES.into_iter().find(|l| *l == lang).unwrap_or("ru");
        Texts { own: &ALL[lang], lang }
    }

    /// A text; its key where there is none, so that a gap is seen.
    pub fn get<'k>(&self, key: &'k str) -> &'k str
    where
        'static: 'k,
    {
        self.own.get(key).map_or(key, String::as_str)
    }

    /// A text of a section, and the name itself where the section has none for it (a language that is not listed).
    pub fn name(&self, section: &str, name: &str) -> String {
        self.own.get(&format!("{section}.{name}")).map_or_else(|| name.to_string(), Clone::clone)
    }

    /// A text with its places filled.
    pub fn with(&self, key: &str, places: &[(&str, &str)]) -> String {
        places
            .iter()
            .fold(self.get(key).to_string(), |text, (place, value)| text.replace(&format!("{{{place}}}"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_languages_have_the_same_keys_and_places() {
        let places = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).map(|p| p.split('}').next().unwrap_or("").into()).collect();
            found.sort();
            found
        };
        for (lang, own) in ALL.iter() {
            assert_eq!(own.keys().collect::<Vec<_>>(), ALL["ru"].keys().collect::<Vec<_>>(), "{lang}");
            for (key, text) in own {
                assert_eq!(places(text), places(&ALL["ru"][key]), "{lang} {key}");
                assert!(!text.is_empty());
            }
        }
    }
}
