//! From rules to a pack.

use crate::condition::{self, Names};
use crate::error::RuleError;
use crate::expand::{Classes, Expanded, Part, expand};
use crate::frequency::Frequency;
use crate::numbered::{Draft, Numbered};
use crate::phrase;
use crate::source::{ByLanguage, PHRASE_LANGUAGES, Rules, Sourced, WordingFile};
use sakchy_core::pack::{
    Abbreviation, Country, HelpLine, Indicator, Pack, Role, Scale, Signal, Step, Variant, Wording, write_atoms,
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
    /// Linear phrases, before words have numbers.
    drafts: Vec<Draft>,
    origins: Vec<Origin>,
    signals: Vec<Signal>,
    names: Names,
    /// How often words stand in the examples, for choosing anchors.
    frequency: Frequency,
    classes: Classes,
}

impl<'r> Compiler<'r> {
    fn new(rules: &'r Rules) -> Self {
        Compiler {
            rules,
            errors: Vec::new(),
            drafts: Vec::new(),
            origins: Vec::new(),
            signals: Vec::new(),
            names: Names::new(),
            frequency: Frequency::of(rules),
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
        let (name, scale) = match &rules.pack {
            Some(p) => (p.value.name.clone(), p.value.scale.clone().unwrap_or(DEFAULT_SCALE)),
            None => ("unnamed".to_string(), DEFAULT_SCALE),
        };
        self.errors.sort();
        self.errors.dedup();
        let mut numbered = Numbered::new(&self.classes, &self.drafts, &rules.units, &rules.pay);
        let phrases = self.drafts.iter().map(|draft| numbered.phrase(draft)).collect();
        let units = numbered.units(&rules.units, &rules.pay);
        let pack = Pack {
            name,
            scale,
            atoms: write_atoms(&numbered.atoms),
            sets: numbered.sets,
            numbers: numbered.numbers,
            phrases,
            signals: self.signals,
            indicators,
            countries,
            negations: rules.units.negations.iter().map(|n| fold_word(n)).collect(),
            abbreviations: abbreviations(rules),
            units,
            language_runs: rules.languages.runs(),
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
                self.errors
                    .push(file.whole(format!("there is no language `{language}`"), format!("use one of {known}")));
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
            let rarest = self.rarest(&variant);
            let Some(&anchor) = rarest.first() else {
                let problem = "every word of the phrase may be missing or is a number";
                return self.errors.push(file.at(source, problem, "make one word obligatory"));
            };
            // only the first sixteen places fit into the pack's columns
            let need = |n: usize| rarest.get(n).copied().filter(|n| *n < 16 && anchor < 16).unwrap_or(anchor.min(15));
            let needs = [need(1), need(2)];
            self.drafts.push(Draft { signal, unless, anchor, needs, reach, variant });
            self.origins.push(Origin {
                file: file.file.clone(),
                line,
                language: language.to_string(),
                words: source.get_ref().clone(),
            });
        }
    }

    /// The places that must be filled by words, rarest in all examples first. The first is the anchor (most texts then give
    /// no candidate at all), the next two are looked for before anything is verified.
    fn rarest(&self, variant: &Expanded) -> Vec<u8> {
        let places = variant.places.iter().enumerate().filter(|(_, p)| !p.optional);
        let mut weighed: Vec<(u32, u8)> = places
            .filter_map(|(n, p)| match &p.part {
                Part::Words(words) => Some((self.frequency.words(&self.classes, words), n as u8)),
                Part::Number(..) => None,
            })
            .collect();
        weighed.sort_unstable();
        weighed.into_iter().map(|(_, n)| n).collect()
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
