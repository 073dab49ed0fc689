//! The rules as they are written: a folder of files, read with every mistake told.

mod files;

pub use files::*;

use crate::error::RuleError;
use crate::languages::LanguagesFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// A file with where it was read.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// Path relative to the rules folder.
    pub file: String,
    /// The text, for line numbers.
    pub text: String,
    /// What it says.
    pub value: T,
}

impl<T> Sourced<T> {
    /// A mistake at a byte of the file.
    pub fn error(&self, at: usize, words: &str, problem: impl Into<String>, mend: impl Into<String>) -> RuleError {
        let line = self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        RuleError { file: self.file.clone(), line, words: words.into(), problem: problem.into(), mend: mend.into() }
    }

    /// A mistake of the file as a whole.
    pub fn whole(&self, problem: impl Into<String>, mend: impl Into<String>) -> RuleError {
        RuleError { file: self.file.clone(), line: 0, words: String::new(), problem: problem.into(), mend: mend.into() }
    }

    /// A mistake in a phrase.
    pub fn at(&self, phrase: &Spanned<String>, problem: impl Into<String>, mend: impl Into<String>) -> RuleError {
        self.error(phrase.span().start, phrase.get_ref(), problem, mend)
    }
}

/// A folder of rules.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The folder.
    pub folder: PathBuf,
    /// Word classes by name.
    pub words: BTreeMap<String, Sourced<WordsFile>>,
    /// Signals by name.
    pub signals: BTreeMap<String, Sourced<SignalFile>>,
    /// Indicators by name.
    pub indicators: BTreeMap<String, Sourced<IndicatorFile>>,
    /// Countries by code.
    pub places: BTreeMap<String, Sourced<PlaceFile>>,
    /// Abbreviations.
    pub abbreviations: AbbreviationsFile,
    /// Help lines by country.
    pub help: BTreeMap<String, Sourced<HelpFile>>,
    /// Messages: language to key to text.
    pub messages: BTreeMap<String, BTreeMap<String, String>>,
    /// Advice in the order of `messages/ru.toml`: id, category, kind.
    pub advice: Vec<(String, String, String)>,
    /// Units.
    pub units: UnitsFile,
    /// `pay.toml`.
    pub pay: PayFile,
    /// `languages.toml`.
    pub languages: LanguagesFile,
    /// `frequency.toml`: words of ordinary adverts and how often they stand there.
    pub frequency: BTreeMap<String, u32>,
    /// `pack.toml`.
    pub pack: Option<Sourced<PackFile>>,
}

impl Rules {
    /// Reads a folder.
    ///
    /// # Errors
    /// Every file that cannot be read or understood.
    pub fn load(folder: &Path) -> Result<Rules, Vec<RuleError>> {
        let (rules, errors) = Rules::load_what_can_be(folder);
        if errors.is_empty() { Ok(rules) } else { Err(errors) }
    }

    /// Reads what can be read and tells the mistakes.
    pub fn load_what_can_be(folder: &Path) -> (Rules, Vec<RuleError>) {
        if !folder.is_dir() {
            let error = RuleError {
                file: folder.display().to_string(),
                line: 0,
                words: String::new(),
                problem: "there is no such folder".into(),
                mend: "name a folder with signals/, indicators/ and pack.toml".into(),
            };
            return (Rules::default(), vec![error]);
        }
        let mut errors = Vec::new();
        let mut files = BTreeMap::new();
        for kind in ["", "words", "signals", "indicators", "places", "help", "messages"] {
            let Ok(entries) = std::fs::read_dir(folder.join(kind)) else {
                continue;
            };
            for entry in entries.flatten() {
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                if !name.ends_with(".toml") || name.starts_with('.') {
                    continue;
                }
                let file = if kind.is_empty() { name } else { format!("{kind}/{name}") };
                match std::fs::read_to_string(entry.path()) {
                    Ok(text) => {
                        files.insert(file, text);
                    }
                    Err(e) => errors.push(RuleError {
                        file,
                        line: 0,
                        words: String::new(),
                        problem: format!("cannot be read: {e}"),
                        mend: "check that it is a UTF-8 text file that you may read".into(),
                    }),
                }
            }
        }
        let (mut rules, more) = Rules::read(&files);
        errors.extend(more);
        rules.folder = folder.to_path_buf();
        (rules, errors)
    }

    /// Reads rules out of files that are in memory already: name relative to the rules folder, text.
    pub fn read(files: &BTreeMap<String, String>) -> (Rules, Vec<RuleError>) {
        let mut errors = Vec::new();
        let mut rules = Rules {
            words: read_all(files, "words", &mut errors, |f: &WordsFile| f.id.clone()),
            signals: read_all(files, "signals", &mut errors, |f: &SignalFile| f.id.clone()),
            indicators: read_all(files, "indicators", &mut errors, |f: &IndicatorFile| f.id.clone()),
            places: read_all(files, "places", &mut errors, |f: &PlaceFile| f.code.clone()),
            help: read_all(files, "help", &mut errors, |f: &HelpFile| f.country.clone()),
            ..Rules::default()
        };
        if let Some(file) = read_one(files, "abbreviations.toml", &mut errors) {
            rules.abbreviations = file.value;
        }
        if let Some(file) = read_one::<FrequencyFile>(files, "frequency.toml", &mut errors) {
            rules.frequency = file.value.words;
        }
        if let Some(file) = read_one(files, "languages.toml", &mut errors) {
            rules.languages = file.value;
        }
        if let Some(file) = read_one(files, "units.toml", &mut errors) {
            rules.units = file.value;
        }
        if let Some(file) = read_one::<PayFile>(files, "pay.toml", &mut errors) {
            check_pay(&file, &mut errors);
            rules.pay = file.value;
        }
        rules.pack = read_one(files, "pack.toml", &mut errors);
        for lang in LANGUAGES {
            if let Some(file) = read_one::<toml::Table>(files, &format!("messages/{lang}.toml"), &mut errors) {
                let mut flat = BTreeMap::new();
                flatten("", &file.value, &mut flat);
                if lang == "ru" {
                    rules.advice = advice(&file.value);
                }
                rules.messages.insert(lang.to_string(), flat);
            }
        }
        (rules, errors)
    }

    /// Lays an own pack over this one: what it has is added, or replaces what has the same name; what it lists under
    /// `off` is left out.
    ///
    /// # Errors
    /// Names under `off` that this pack does not have.
    pub fn overlay(&mut self, own: Rules) -> Result<(), Vec<RuleError>> {
        let mut errors = Vec::new();
        if let Some(pack) = &own.pack {
            for off in &pack.value.off {
                let name = off.get_ref();
                let known = self.signals.remove(name).is_some() | self.indicators.remove(name).is_some();
                if !known {
                    errors.push(pack.at(
                        off,
                        format!("`{name}` is switched off, but there is no such signal or indicator"),
                        "check the spelling with `sakchy rules list`",
                    ));
                }
            }
        }
        self.words.extend(own.words);
        self.signals.extend(own.signals);
        self.indicators.extend(own.indicators);
        self.places.extend(own.places);
        self.help.extend(own.help);
        self.abbreviations.abbreviation.extend(own.abbreviations.abbreviation);
        for (lang, messages) in own.messages {
            self.messages.entry(lang).or_default().extend(messages);
        }
        if let Some(pack) = own.pack {
            match &mut self.pack {
                Some(below) => {
                    below.value.name = pack.value.name;
                    if pack.value.scale.is_some() {
                        below.value.scale = pack.value.scale;
                    }
                }
                none => *none = Some(pack),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Languages of the texts for people.
pub const LANGUAGES: [&str; 4] = ["ky", "ru", "uz", "en"];
/// Languages that phrases may be written in; `any` for wording that has none.
pub const PHRASE_LANGUAGES: [&str; 9] = ["ru", "ky", "uz", "uz_cyrl", "en", "kk", "tg", "tr", "any"];

fn flatten(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&name, inner, out),
            toml::Value::String(text) => {
                out.insert(name, text.clone());
            }
            toml::Value::Array(list) => {
                for item in list.iter().filter_map(toml::Value::as_table) {
                    let id = item.get("id").and_then(toml::Value::as_str);
                    let text = item.get("text").and_then(toml::Value::as_str);
                    if let (Some(id), Some(text)) = (id, text) {
                        out.insert(format!("{name}.{id}"), text.to_string());
                    }
                }
            }
            _ => {}
        }
    }
}

fn advice(messages: &toml::Table) -> Vec<(String, String, String)> {
    let list = messages.get("advice").and_then(toml::Value::as_array);
    let field = |t: &toml::Table, name: &str| t.get(name).and_then(toml::Value::as_str).unwrap_or("any").to_string();
    let tables = list.into_iter().flatten().filter_map(toml::Value::as_table);
    tables.map(|t| (field(t, "id"), field(t, "category"), field(t, "kind"))).collect()
}

fn read_one<T: serde::de::DeserializeOwned>(
    files: &BTreeMap<String, String>,
    name: &str,
    errors: &mut Vec<RuleError>,
) -> Option<Sourced<T>> {
    let text = files.get(name)?;
    match toml::from_str(text) {
        Ok(value) => Some(Sourced { file: name.to_string(), text: text.clone(), value }),
        Err(e) => {
            let at = e.span().map_or(0, |s| s.start);
            let line = text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
            errors.push(RuleError {
                file: name.to_string(),
                line,
                words: text.lines().nth(line - 1).unwrap_or("").trim().to_string(),
                problem: e.message().to_string(),
                mend: "see rules/README.md for the fields of this file; quotes and brackets must be closed".into(),
            });
            None
        }
    }
}

fn read_all<T: serde::de::DeserializeOwned>(
    files: &BTreeMap<String, String>,
    kind: &str,
    errors: &mut Vec<RuleError>,
    id: impl Fn(&T) -> String,
) -> BTreeMap<String, Sourced<T>> {
    let mut all = BTreeMap::new();
    for name in files.keys().filter(|n| n.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'))) {
        let Some(file) = read_one::<T>(files, name, errors) else {
            continue;
        };
        let id = id(&file.value);
        if *name != format!("{kind}/{id}.toml") {
            errors.push(file.whole(
                format!("the id is `{id}`, but the file is called `{name}`"),
                format!("call the file `{id}.toml`, or write the id as the file's name"),
            ));
            continue;
        }
        all.insert(id, file);
    }
    all
}

/// Every line of ordinary pay needs a known currency, an amount, a basis, a source and a year.
fn check_pay(file: &Sourced<PayFile>, errors: &mut Vec<RuleError>) {
    let pay = &file.value;
    for norm in &pay.norm {
        let rate = norm.currency == "USD" || pay.rates.contains_key(&norm.currency);
        let whole = norm.month > 0 && (1990..2100).contains(&norm.year) && !norm.source.is_empty();
        if !rate || !whole || !matches!(norm.basis.as_str(), "average" | "minimum") {
            errors.push(file.whole(
                format!("the ordinary pay of {} cannot be used", norm.country),
                "give month, year, source, basis (average or minimum) and a currency that stands under [rates]",
            ));
        }
    }
    let zero = pay.rates.values().any(|r| *r == 0) || pay.lasts_months.values().any(|m| *m == 0);
    if zero || pay.times.values().any(|t| *t < 3) {
        errors.push(file.whole("a rate or a length of 0, or fewer than 3 times the ordinary pay", "mend the number"));
    }
}
