//! From rules to a pack.

use crate::condition::{self, Names};
use crate::error::RuleError;
use crate::expand::{Classes, Expanded, Part, expand};
use crate::phrase;
use crate::source::{ByLanguage, PHRASE_LANGUAGES, Rules, Sourced, WordingFile};
use sakchy_core::pack::{
    Abbreviation, Atom, Country, HelpLine, Indicator, Pack, Phrase, Place, Role, Scale, Signal, Slot, Step, Units, Variant,
    Wording, Words,
};
use sakchy_core::text::fold_word;
use std::collections::BTreeMap;
use toml::Spanned;

/// A compiled pack and where each of its phrases was written.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The pack.
    pub pack: Pack,
    /// For each phrase of the pack: file, line and the words as written.
    pub origins: Vec<Origin>,
}

/// Where a phrase was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// File, relative to the rules folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Language of the phrase.
    pub language: String,
    /// The phrase.
    pub words: String,
}

/// Compiles rules.
///
/// # Errors
/// Every mistake that keeps a rule from being compiled. (`sakchy rules check` looks for more than that.)
pub fn compile(rules: &Rules) -> Result<Compiled, Vec<RuleError>> {
    let (compiled, errors) = compile_what_can_be(rules);
    if errors.is_empty() { Ok(compiled) } else { Err(errors) }
}

/// Compiles what can be compiled and tells the mistakes: for working on one rule while another is half written.
pub fn compile_what_can_be(rules: &Rules) -> (Compiled, Vec<RuleError>) {
    Compiler::new(rules).run()
}

struct Compiler<'r> {
    rules: &'r Rules,
    errors: Vec<RuleError>,
    sets: BTreeMap<Words, u32>,
    phrases: Vec<Phrase>,
    origins: Vec<Origin>,
    signals: Vec<Signal>,
    names: Names,
    /// Folded words of all examples with how often they occur there, for choosing anchors.
    frequency: BTreeMap<Vec<u8>, u32>,
    classes: Classes,
}

impl<'r> Compiler<'r> {
    fn new(rules: &'r Rules) -> Self {
        Compiler {
            rules,
            errors: Vec::new(),
            sets: BTreeMap::new(),
            phrases: Vec::new(),
            origins: Vec::new(),
            signals: Vec::new(),
            names: Names::new(),
            frequency: frequency(rules),
            classes: Classes::default(),
        }
    }

    fn run(mut self) -> (Compiled, Vec<RuleError>) {
        let (classes, mut errors) = Classes::read(self.rules);
        self.classes = classes;
        self.errors.append(&mut errors);
        let rules = self.rules;
        for (id, file) in &rules.signals {
            let n = self.signal(id, file.value.role, &file.value.reason);
            self.phrases_of(file, &file.value.phrases, n, false);
            self.phrases_of(file, &file.value.unless, n, true);
        }
        let countries = self.countries();
        let names = self.names.clone();
        let indicators = rules.indicators.values().filter_map(|file| self.indicator(file, &names)).collect();
        let units = self.units();
        let language_words =
            rules.units.languages.iter().map(|(code, words)| (code.clone(), self.plain_set(words))).collect();
        let (name, scale) = match &rules.pack {
            Some(p) => (p.value.name.clone(), p.value.scale.clone().unwrap_or(DEFAULT_SCALE)),
            None => ("unnamed".to_string(), DEFAULT_SCALE),
        };
        self.errors.sort();
        self.errors.dedup();
        let mut sets: Vec<(Words, u32)> = self.sets.into_iter().collect();
        sets.sort_by_key(|(_, n)| *n);
        let pack = Pack {
            name,
            scale,
            sets: sets.into_iter().map(|(words, _)| words).collect(),
            phrases: self.phrases,
            signals: self.signals,
            indicators,
            countries,
            abbreviations: abbreviations(rules),
            units,
            language_words,
            help: help(rules),
            messages: rules.messages.clone(),
            advice: rules.advice.clone(),
        };
        (Compiled { pack, origins: self.origins }, self.errors)
    }

    fn signal(&mut self, id: &str, role: Role, reason: &str) -> u16 {
        let n = self.signals.len() as u16;
        self.signals.push(Signal { id: id.to_string(), role, reason: reason.to_string() });
        self.names.insert(id.to_string(), (n, role));
        n
    }

    fn phrases_of<T>(&mut self, file: &Sourced<T>, phrases: &ByLanguage, signal: u16, unless: bool) {
        for (language, list) in phrases {
            if !PHRASE_LANGUAGES.contains(&language.as_str()) {
                let known = PHRASE_LANGUAGES.join(", ");
                self.errors.push(file.whole(format!("there is no language `{language}`"), format!("use one of {known}")));
                continue;
            }
            for source in list {
                self.phrase(file, language, source, signal, unless);
            }
        }
    }

    fn phrase<T>(&mut self, file: &Sourced<T>, language: &str, source: &Spanned<String>, signal: u16, unless: bool) {
        let (items, reach) = match phrase::parse_with_reach(source.get_ref()) {
            Ok(both) => both,
            Err(e) => return self.errors.push(file.at(source, e.problem, e.mend)),
        };
        let variants = match expand(&items, language, &self.classes) {
            Ok(variants) => variants,
            Err(e) => return self.errors.push(file.at(source, e.problem, e.mend)),
        };
        let line = file.error(source.span().start, "", "", "").line;
        for variant in variants {
            let Some(anchor) = self.anchor(&variant) else {
                let problem = "every word of the phrase may be missing or is a number";
                return self.errors.push(file.at(source, problem, "make one word obligatory"));
            };
            let budget = variant.budget;
            let places = variant
                .places
                .into_iter()
                .map(|p| Place {
                    slot: match p.part {
                        Part::Words(words) => Slot::Set(self.set(words)),
                        Part::Number(from, to) => Slot::Number(from, to),
                    },
                    optional: p.optional,
                    gap: p.gap,
                    crosses: p.crosses,
                    budgeted: p.budgeted,
                })
                .collect();
            self.phrases.push(Phrase { signal, unless, anchor, budget, reach, places });
            self.origins.push(Origin {
                file: file.file.clone(),
                line,
                language: language.to_string(),
                words: source.get_ref().clone(),
            });
        }
    }

    /// The place whose words are rarest in all examples: most texts then give no candidate at all.
    fn anchor(&self, variant: &Expanded) -> Option<u8> {
        let weight = |words: &Words| {
            let of = |a: &Atom| match a.open {
                true => self.frequency.range(a.word.clone()..).take_while(|(w, _)| w.starts_with(&a.word)).map(|(_, n)| n).sum::<u32>(),
                false => self.frequency.get(&a.word).copied().unwrap_or(0),
            };
            let atoms = words.single.0.iter().chain(&words.first.0);
            let count = words.single.0.len() + words.first.0.len();
            atoms.map(of).sum::<u32>() * 4 + count as u32
        };
        variant
            .places
            .iter()
            .enumerate()
            .filter(|(_, p)| !p.optional)
            .filter_map(|(n, p)| match &p.part {
                Part::Words(words) => Some((weight(words), n)),
                Part::Number(..) => None,
            })
            .min()
            .and_then(|(_, n)| u8::try_from(n).ok())
    }

    fn set(&mut self, words: Words) -> u32 {
        let next = self.sets.len() as u32;
        *self.sets.entry(words).or_insert(next)
    }

    /// A set of single words written with stars (units, language words).
    fn plain_set(&mut self, words: &[String]) -> u32 {
        let mut atoms = Vec::new();
        for word in words {
            let open = word.ends_with('*');
            let plain = word.trim_end_matches('*');
            let mut spellings = vec![plain.to_string()];
            spellings.extend(crate::expand::cyrillic_twin(plain));
            atoms.extend(spellings.iter().map(|s| Atom { word: fold_word(s), open }).filter(|a| !a.word.is_empty()));
        }
        self.set(Words::new(atoms, Vec::new()))
    }

    fn countries(&mut self) -> Vec<Country> {
        let rules = self.rules;
        let mut countries = Vec::new();
        for (code, file) in &rules.places {
            let place = &file.value;
            let country = self.signal(&format!("place-{code}-country"), Role::Context, "");
            let cities = self.signal(&format!("place-{code}-cities"), Role::Context, "");
            self.phrases_of(file, &place.country, country, false);
            self.phrases_of(file, &place.cities, cities, false);
            self.phrases_of(file, &place.unless, country, true);
            self.phrases_of(file, &place.unless, cities, true);
            let war = (!place.war.is_empty()).then(|| {
                let war = self.signal(&format!("place-{code}-war"), Role::Context, "");
                self.phrases_of(file, &place.war, war, false);
                war
            });
            let group = place.groups.first().cloned().unwrap_or_else(|| "far".into());
            countries.push(Country { code: code.clone(), group, name: place.name.clone(), country, cities, war });
        }
        countries
    }

    fn indicator(&mut self, file: &Sourced<crate::source::IndicatorFile>, names: &Names) -> Option<Indicator> {
        let i = &file.value;
        if matches!(i.status.as_str(), "draft" | "deprecated") {
            return None;
        }
        let mut evidence = Vec::new();
        for name in &i.evidence {
            match names.get(name.get_ref()) {
                Some((n, _)) => evidence.push(*n),
                None => self.errors.push(file.at(
                    name,
                    format!("there is no signal `{}`", name.get_ref()),
                    "name signals of the condition under `evidence`",
                )),
            }
        }
        let when = self.condition(file, &i.when, names);
        let mut variants = Vec::new();
        for variant in &i.variant {
            let when = self.condition(file, &variant.when, names);
            variants.push(Variant { when: when?, text: wordings(&variant.text) });
        }
        Some(Indicator {
            id: i.id.clone(),
            definition: i.definition.clone(),
            category: i.category,
            strength: i.strength,
            points: i.points,
            kinds: i.kinds.clone(),
            when: when?,
            absent: i.absent,
            evidence,
            sources: i.sources.clone(),
            text: wordings(&i.text),
            variants,
        })
    }

    fn condition<T>(&mut self, file: &Sourced<T>, when: &Spanned<String>, names: &Names) -> Option<Vec<Step>> {
        match condition::parse(when.get_ref(), names) {
            Ok(steps) => Some(steps),
            Err((problem, mend)) => {
                self.errors.push(file.at(when, problem, mend));
                None
            }
        }
    }

    fn units(&mut self) -> Units {
        let units = &self.rules.units;
        let mut named = |name: &str| {
            let words = units.words.get(name).cloned().unwrap_or_default();
            self.plain_set(&words)
        };
        let (years, from, to) = (named("years"), named("from"), named("to"));
        let (legal_forms, licence, pay) = (named("legal_forms"), named("licence"), named("pay"));
        let currencies = units.currencies.iter().map(|(k, w)| (k.clone(), self.plain_set(w))).collect();
        let periods = units.periods.iter().map(|(k, w)| (k.clone(), self.plain_set(w))).collect();
        let multipliers =
            units.multipliers.iter().filter_map(|(k, w)| Some((k.parse().ok()?, self.plain_set(w)))).collect();
        Units { currencies, periods, multipliers, years, from, to, legal_forms, licence, pay }
    }
}

/// Bands and caps of a pack that names none.
pub const DEFAULT_SCALE: Scale =
    Scale { notice: 10, warning: 40, danger: 70, weak_cap: 24, scam_cap: 69, classifier_cap: 20 };

fn wordings(texts: &BTreeMap<String, WordingFile>) -> BTreeMap<String, Wording> {
    let wording = |w: &WordingFile| Wording {
        title: w.title.trim().to_string(),
        explanation: w.explanation.trim().to_string(),
        ask: w.ask.trim().to_string(),
    };
    texts.iter().map(|(lang, w)| (lang.clone(), wording(w))).collect()
}

fn abbreviations(rules: &Rules) -> Vec<Abbreviation> {
    let mut all: Vec<Abbreviation> = rules
        .abbreviations
        .abbreviation
        .iter()
        .map(|a| Abbreviation {
            short: fold_word(&a.short),
            dot: a.dot,
            long: a.long.iter().map(|l| fold_word(l)).collect(),
        })
        .filter(|a| !a.short.is_empty())
        .collect();
    all.sort_by(|a, b| a.short.cmp(&b.short));
    all
}

fn help(rules: &Rules) -> Vec<HelpLine> {
    let lines = rules.help.values().flat_map(|file| file.value.line.iter().map(move |l| (&file.value.country, l)));
    lines
        .map(|(country, l)| HelpLine {
            country: country.clone(),
            name: l
                .name
                .iter()
                .map(|(lang, name)| match l.note.get(lang) {
                    Some(note) => (lang.clone(), format!("{name} ({note})")),
                    None => (lang.clone(), name.clone()),
                })
                .collect(),
            telephone: l.telephone.clone(),
            source: l.source.clone(),
            source_date: l.source_date.clone(),
            verified_on: l.verified_on.clone(),
        })
        .collect()
}

fn frequency(rules: &Rules) -> BTreeMap<Vec<u8>, u32> {
    let of_signals = rules.signals.values().map(|s| &s.value.examples);
    let of_indicators = rules.indicators.values().map(|i| &i.value.examples);
    let mut counts = BTreeMap::new();
    for examples in of_signals.chain(of_indicators) {
        for text in examples.matching.values().chain(examples.no_match.values()).flatten() {
            for word in text.get_ref().split(|c: char| !c.is_alphanumeric()) {
                let folded = fold_word(word);
                if !folded.is_empty() {
                    *counts.entry(folded).or_default() += 1;
                }
            }
        }
    }
    counts
}
