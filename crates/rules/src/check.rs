//! Looks for what is wrong in rules that compile: missing translations and examples, useless phrases, weights against
//! the laws, forbidden words.

use crate::compile::Compiled;
use crate::error::RuleError;
use crate::source::{ByLanguage, IndicatorFile, LANGUAGES, Rules, SignalFile, Sourced, WordingFile};
use sakchy_core::engine::Engine;
use sakchy_core::pack::{Role, Scale, Strength};
use std::collections::BTreeSet;

/// Fewest examples of each sort and language.
pub const EXAMPLES: usize = 3;
/// Languages in which every rule has examples.
pub const EXAMPLE_LANGUAGES: [&str; 4] = ["ru", "ky", "uz", "en"];

/// Checks all rules, or those named in `only`.
pub fn run(rules: &Rules, compiled: &Compiled, engine: &Engine, only: &[String]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    let wanted = |id: &str| only.is_empty() || only.iter().any(|o| o == id);
    let scale = &compiled.pack.scale;
    for (id, file) in rules.signals.iter().filter(|(id, _)| wanted(id)) {
        signal(file, &mut errors);
        if file.value.role == Role::NoOffer && file.value.reason.is_empty() {
            errors.push(
                file.whole("a no-offer signal gives no reason", "write reason = \"news\" (or warning, goods ...)"),
            );
        }
        useless(id, file, rules, compiled, engine, &mut errors);
    }
    for (_, file) in rules.indicators.iter().filter(|(id, _)| wanted(id)) {
        indicator(file, scale, rules, &mut errors);
    }
    if only.is_empty() {
        messages(rules, &mut errors);
    }
    errors.sort();
    errors.dedup();
    errors
}

fn enough<T>(
    file: &Sourced<T>,
    examples: &ByLanguage,
    sort: &str,
    languages: &BTreeSet<&str>,
    errors: &mut Vec<RuleError>,
) {
    for language in languages {
        let count = examples.get(*language).map_or(0, Vec::len);
        if count < EXAMPLES {
            errors.push(file.whole(
                format!("{count} {language} examples under `examples.{sort}`, {EXAMPLES} are needed"),
                "write short texts as people write them; under no_match the honest look-alikes",
            ));
        }
    }
}

fn signal(file: &Sourced<SignalFile>, errors: &mut Vec<RuleError>) {
    let s = &file.value;
    let languages: BTreeSet<&str> =
        EXAMPLE_LANGUAGES.into_iter().filter(|l| s.phrases.get(*l).is_some_and(|p| !p.is_empty())).collect();
    enough(file, &s.examples.matching, "match", &languages, errors);
    enough(file, &s.examples.no_match, "no_match", &languages, errors);
    // phrases of word classes under `any` speak every language
    let any = s.phrases.get("any").is_some_and(|p| !p.is_empty());
    for language in EXAMPLE_LANGUAGES.iter().filter(|l| !any && !languages.contains(*l)) {
        errors.push(file.whole(format!("no {language} phrases"), "every signal speaks ru, ky, uz and en"));
    }
    if s.meaning.trim().is_empty() {
        errors.push(file.whole("the meaning is missing", "say in one sentence what the wording says"));
    }
}

fn indicator(file: &Sourced<IndicatorFile>, scale: &Scale, rules: &Rules, errors: &mut Vec<RuleError>) {
    let i = &file.value;
    let by_registry = i.when.get_ref().contains("registry.");
    let languages: BTreeSet<&str> = EXAMPLE_LANGUAGES.into_iter().collect();
    if !by_registry {
        enough(file, &i.examples.matching, "match", &languages, errors);
        enough(file, &i.examples.no_match, "no_match", &languages, errors);
    }
    if i.sources.is_empty() {
        errors.push(file.whole("no source", "name where the red flag is described: sources = [\"004\", \"ILO ...\"]"));
    }
    if !matches!(i.status.as_str(), "draft" | "test" | "stable" | "deprecated") {
        errors.push(
            file.whole(format!("the status `{}` is unknown", i.status), "write draft, test, stable or deprecated"),
        );
    }
    let fits = match i.strength {
        Strength::Context => i.points == 0,
        Strength::Weak => (1..=8).contains(&i.points),
        Strength::Medium => (9..=24).contains(&i.points),
        // law 3: a strong indicator alone puts the band at `warning`
        Strength::Strong => (scale.warning..=60).contains(&i.points),
    };
    if !fits {
        errors.push(file.whole(
            format!("{} points do not fit strength {:?}", i.points, i.strength),
            format!("context 0, weak 1-8, medium 9-24, strong {}-60", scale.warning),
        ));
    }
    if i.definition.trim().is_empty() {
        errors.push(file.whole("the definition is missing", "say in one sentence what the red flag is"));
    }
    for lang in LANGUAGES {
        match i.text.get(lang) {
            None => {
                errors.push(file.whole(
                    format!("no text in {lang}"),
                    format!("write [text.{lang}] with title, explanation and ask"),
                ))
            }
            Some(text) => wording(file, lang, text, rules, errors),
        }
    }
    for variant in &i.variant {
        for lang in LANGUAGES.iter().filter(|l| !variant.text.contains_key(**l)) {
            errors.push(file.at(
                &variant.when,
                format!("the variant has no text in {lang}"),
                "write all four languages",
            ));
        }
    }
}

fn wording(file: &Sourced<IndicatorFile>, lang: &str, text: &WordingFile, rules: &Rules, errors: &mut Vec<RuleError>) {
    let pack = rules.pack.as_ref().map(|p| &p.value);
    let forbidden = pack.map_or(&[][..], |p| &p.forbidden);
    let in_scam = pack.map_or(&[][..], |p| &p.forbidden_in_scam);
    for (name, value) in [("title", &text.title), ("explanation", &text.explanation), ("ask", &text.ask)] {
        if value.trim().is_empty() {
            errors.push(
                file.whole(format!("{lang}: the {name} is empty"), "write it for a reader with little schooling"),
            );
        }
        let lower = value.to_lowercase();
        if let Some(word) = forbidden.iter().find(|w| lower.contains(*w)) {
            errors.push(file.whole(
                format!("{lang}: the {name} says `{}`", word.trim()),
                "no text says that something is safe, and none accuses: \"signs that need checking\"",
            ));
        }
    }
    if text.title.chars().count() > 80 {
        errors.push(file.whole(format!("{lang}: the title is longer than 80 characters"), "shorten it"));
    }
    if file.value.category == sakchy_core::pack::Category::RecruitmentScam {
        let all = format!("{} {} {}", text.title, text.explanation, text.ask).to_lowercase();
        if let Some(word) = in_scam.iter().find(|w| all.contains(*w)) {
            errors
                .push(file.whole(format!("{lang}: a scam text speaks of `{word}`"), "scam texts speak of fraud only"));
        }
    }
}

/// A phrase is useless when another phrase of the same signal is found in its own words.
fn useless(
    id: &str,
    file: &Sourced<SignalFile>,
    rules: &Rules,
    compiled: &Compiled,
    engine: &Engine,
    errors: &mut Vec<RuleError>,
) {
    let _ = (rules, engine);
    let Some(n) = compiled.pack.signals.iter().position(|s| s.id == id) else {
        return;
    };
    let mut seen = BTreeSet::new();
    for (phrase, origin) in compiled.pack.phrases.iter().zip(&compiled.origins) {
        if usize::from(phrase.signal) == n && !seen.insert((phrase.unless, format!("{:?}", phrase.places))) {
            let twin = compiled.pack.phrases.iter().zip(&compiled.origins).find(|(p, o)| {
                p.signal == phrase.signal && p.unless == phrase.unless && p.places == phrase.places && *o != origin
            });
            if let Some((_, other)) = twin {
                errors.push(RuleError {
                    file: file.file.clone(),
                    line: origin.line,
                    words: origin.words.clone(),
                    problem: format!("line {} already says the same", other.line),
                    mend: "remove one of the two".into(),
                });
            }
        }
    }
}

fn messages(rules: &Rules, errors: &mut Vec<RuleError>) {
    let keys: BTreeSet<&String> = rules.messages.values().flat_map(|m| m.keys()).collect();
    for lang in LANGUAGES {
        let own = rules.messages.get(lang);
        for key in keys.iter().filter(|k| own.is_none_or(|m| !m.contains_key(**k))) {
            errors.push(RuleError {
                file: format!("messages/{lang}.toml"),
                line: 0,
                words: (*key).clone(),
                problem: "this message is missing".into(),
                mend: "translate it from another language".into(),
            });
        }
    }
}
