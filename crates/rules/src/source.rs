//! The rules as they are written: one struct for each kind of file.

use crate::error::RuleError;
use crate::languages::LanguagesFile;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Phrases or examples by language.
pub type ByLanguage = BTreeMap<String, Vec<Spanned<String>>>;

/// A word class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsFile {
    /// Name; the file's.
    pub id: String,
    /// What the words have in common.
    #[allow(dead_code)]
    pub meaning: String,
    /// The words.
    pub words: ByLanguage,
}

/// A signal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFile {
    /// Name; the file's.
    pub id: String,
    /// What the wording says.
    pub meaning: String,
    /// flag, context, counter, offer, no-offer or kind.
    pub role: sakchy_core::pack::Role,
    /// For no-offer signals: the reason; for offer signals: `supporting` when it decides nothing alone.
    #[serde(default)]
    pub reason: String,
    /// Phrases.
    #[serde(default)]
    pub phrases: ByLanguage,
    /// Words that cancel an overlapping match.
    #[serde(default)]
    pub unless: ByLanguage,
    /// Native readers, by language.
    #[serde(default)]
    #[allow(dead_code)]
    pub reviewed_by: BTreeMap<String, String>,
    /// Good and bad examples.
    #[serde(default)]
    pub examples: Examples,
}

/// Examples that must and must not match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Texts on which the rule holds.
    #[serde(default, rename = "match")]
    pub matching: ByLanguage,
    /// Texts on which it does not.
    #[serde(default)]
    pub no_match: ByLanguage,
}

/// Title, explanation, question.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordingFile {
    /// Headline.
    #[serde(default)]
    pub title: String,
    /// Why it is a red flag.
    #[serde(default)]
    pub explanation: String,
    /// What to ask.
    #[serde(default)]
    pub ask: String,
}

/// Another text under a condition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantFile {
    /// The condition.
    pub when: Spanned<String>,
    /// Texts by language.
    pub text: BTreeMap<String, WordingFile>,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    /// Name; the file's.
    pub id: String,
    /// What it means.
    pub definition: String,
    /// trafficking or recruitment-scam.
    pub category: sakchy_core::pack::Category,
    /// context, weak, medium or strong.
    pub strength: sakchy_core::pack::Strength,
    /// Points.
    pub points: u32,
    /// draft, test, stable or deprecated.
    pub status: String,
    /// Kinds of offer it applies to; empty for all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The condition.
    pub when: Spanned<String>,
    /// It speaks of something missing.
    #[serde(default)]
    pub absent: bool,
    /// Signals whose words are shown.
    #[serde(default)]
    pub evidence: Vec<Spanned<String>>,
    /// ILO 2009 dimension and grade, as drafted.
    #[serde(default)]
    pub ilo: String,
    /// ILO 2012 indicator of forced labour.
    #[serde(default)]
    pub forced_labour: String,
    /// Where it comes from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Texts by language.
    #[serde(default)]
    pub text: BTreeMap<String, WordingFile>,
    /// Other texts under conditions.
    #[serde(default)]
    pub variant: Vec<VariantFile>,
    /// Native readers, by language.
    #[serde(default)]
    #[allow(dead_code)]
    pub reviewed_by: BTreeMap<String, String>,
    /// Example adverts.
    #[serde(default)]
    pub examples: Examples,
}

/// A country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFile {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// home, region, cis or far.
    pub groups: Vec<String>,
    /// Name to show.
    pub name: BTreeMap<String, String>,
    /// Phrases for the country's name.
    #[serde(default)]
    pub country: ByLanguage,
    /// Phrases for its cities and regions.
    #[serde(default)]
    pub cities: ByLanguage,
    /// Phrases for places at war.
    #[serde(default)]
    pub war: ByLanguage,
    /// Words that cancel an overlapping match.
    #[serde(default)]
    pub unless: ByLanguage,
}

/// One abbreviation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbbreviationFile {
    /// Short form without the full stop.
    pub short: String,
    /// A full stop, slash or hyphen must follow.
    #[serde(default)]
    pub dot: bool,
    /// Full readings.
    pub long: Vec<String>,
    /// Language.
    #[serde(default)]
    #[allow(dead_code)]
    pub lang: String,
}

/// The file of abbreviations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbbreviationsFile {
    /// All of them.
    #[serde(default)]
    pub abbreviation: Vec<AbbreviationFile>,
}

/// One help line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpFile {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Lines, best first.
    #[serde(default)]
    pub line: Vec<HelpLineFile>,
}

/// One line of a help file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLineFile {
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// Number; may be left out for advice.
    #[serde(default)]
    pub telephone: String,
    /// Where it was printed.
    pub source: String,
    /// When.
    #[serde(default)]
    pub source_date: Option<String>,
    /// When we checked it.
    #[serde(default)]
    pub verified_on: Option<String>,
    /// Remarks by language.
    #[serde(default)]
    pub note: BTreeMap<String, String>,
    /// How far the number can be relied on.
    #[serde(default)]
    #[allow(dead_code)]
    pub confidence: String,
}

/// `pack.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Name of the pack.
    pub name: String,
    /// Bands and caps.
    #[serde(default)]
    pub scale: Option<sakchy_core::pack::Scale>,
    /// Signals and indicators of the pack below that are switched off (own packs only).
    #[serde(default)]
    pub off: Vec<Spanned<String>>,
    /// Words that no text for people may use: nothing is ever safe, no one is accused.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// Words that texts about fraud may not use.
    #[serde(default)]
    pub forbidden_in_scam: Vec<String>,
}

/// Words for pay, age and firms; sets by name, languages mixed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitsFile {
    /// ISO 4217 code to words and signs.
    pub currencies: BTreeMap<String, Vec<String>>,
    /// hour, shift, day, week, month, season, year to words.
    pub periods: BTreeMap<String, Vec<String>>,
    /// Factor to words.
    pub multipliers: BTreeMap<String, Vec<String>>,
    /// years, from, to, legal_forms, licence, pay, persons, counted ...: see `rules/units.toml`.
    pub words: BTreeMap<String, Vec<String>>,
    /// Value in tenths to words for numbers.
    #[serde(default)]
    pub numerals: BTreeMap<String, Vec<String>>,
    /// Country code to names that mean it only where they stand alone.
    #[serde(default)]
    pub alone: BTreeMap<String, Vec<String>>,
    /// Letters that negate a word where they stand in its ending; in Latin and Cyrillic as written.
    #[serde(default)]
    pub negations: Vec<String>,
    /// Language to words that tell it.
    pub languages: BTreeMap<String, Vec<String>>,
}

/// `pay.toml`: ordinary pay by country and kind of trade.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayFile {
    /// `plain` and `manual`: from how many times the ordinary pay on an offer is implausible.
    pub times: BTreeMap<String, u32>,
    /// Period to how many make up a month's work.
    pub per_month: BTreeMap<String, u32>,
    /// Period to the months that it lasts.
    pub lasts_months: BTreeMap<String, u32>,
    /// Currency to units for 100 US dollars.
    pub rates: BTreeMap<String, u64>,
    /// Where the rates come from, and when.
    pub rates_source: String,
    /// Ordinary pay.
    pub norm: Vec<PayNorm>,
    /// `manual` and `skilled`: words for trades.
    pub words: BTreeMap<String, Vec<String>>,
}

/// Ordinary pay in one country.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayNorm {
    /// ISO 3166-1 alpha-2, `elsewhere` or `unnamed`.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// Pay of a month, rounded.
    pub month: u64,
    /// average or minimum (twice a minimum stands for the average).
    pub basis: String,
    /// Who published it.
    pub source: String,
    /// Year that it holds for.
    pub year: u32,
}

/// Counts of words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrequencyFile {
    /// Word to count.
    pub words: BTreeMap<String, u32>,
}

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
