//! Runs the examples that stand beside every rule.

use crate::error::RuleError;
use crate::source::{ByLanguage, Rules, Sourced};
use sakchy_core::engine::{Engine, Options};
use sakchy_core::pack::Step;
use sakchy_core::text::translit::uzbek_to_cyrillic;
use toml::Spanned;

/// What the examples showed.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Examples run.
    pub run: usize,
    /// Those that went wrong.
    pub failed: Vec<RuleError>,
}

/// Runs the examples of all rules, or of those named in `only`.
pub fn run(rules: &Rules, engine: &Engine, only: &[String]) -> Outcome {
    let mut outcome = Outcome::default();
    let wanted = |id: &str| only.is_empty() || only.iter().any(|o| o == id);
    for (id, file) in rules.signals.iter().filter(|(id, _)| wanted(id)) {
        let Some(n) = engine.pack().signals.iter().position(|s| s.id == *id) else {
            continue;
        };
        let holds = |text: &str| engine.read(text, None).hits.holds(n as u16);
        examples(file, &file.value.examples.matching, true, &holds, &mut outcome);
        examples(file, &file.value.examples.no_match, false, &holds, &mut outcome);
    }
    for (id, file) in rules.indicators.iter().filter(|(id, _)| wanted(id)) {
        let Some(indicator) = engine.pack().indicators.iter().find(|i| i.id == *id) else {
            continue;
        };
        // what only a registry can show has no example text
        let by_registry = indicator.when.iter().any(|s| matches!(s, Step::Registry(_)));
        let holds = |text: &str| engine.screen(text, &Options::default()).findings.iter().any(|f| f.indicator == *id);
        if !by_registry {
            examples(file, &file.value.examples.matching, true, &holds, &mut outcome);
        }
        examples(file, &file.value.examples.no_match, false, &holds, &mut outcome);
    }
    outcome
}

fn examples<T>(file: &Sourced<T>, all: &ByLanguage, wanted: bool, holds: &dyn Fn(&str) -> bool, outcome: &mut Outcome) {
    for (language, list) in all {
        for example in list {
            outcome.run += 1;
            if holds(example.get_ref()) != wanted {
                outcome.failed.push(failure(file, example, language, wanted, ""));
            }
            // Uzbek examples count in both scripts
            if language == "uz"
                && wanted
                && let Some(cyrillic) = in_cyrillic(example.get_ref())
            {
                outcome.run += 1;
                if !holds(&cyrillic) && holds(example.get_ref()) {
                    outcome.failed.push(failure(
                        file,
                        example,
                        language,
                        wanted,
                        &format!(" in Cyrillic ({cyrillic})"),
                    ));
                }
            }
        }
    }
}

fn failure<T>(file: &Sourced<T>, example: &Spanned<String>, language: &str, wanted: bool, how: &str) -> RuleError {
    if wanted {
        file.at(
            example,
            format!("the {language} example under `match` does not match{how}"),
            "add or widen a phrase (`sakchy rules explain \"TEXT\"` shows what fires), or correct the example",
        )
    } else {
        file.at(
            example,
            format!("the {language} example under `no_match` matches"),
            "narrow the phrase or add an `unless` (`sakchy rules explain \"TEXT\"` shows which phrase fires)",
        )
    }
}

/// A text in Uzbek Latin letters written in Cyrillic, word by word; words without a rule stay.
pub fn in_cyrillic(text: &str) -> Option<String> {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`');
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\u{0}']) {
        if letter(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push_str(&uzbek_to_cyrillic(&word).unwrap_or_else(|| word.clone()));
            word.clear();
        }
        if c != '\u{0}' {
            out.push(c);
        }
    }
    (out != text).then_some(out)
}
