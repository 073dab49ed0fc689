//! From a phrase's tree to the linear phrases that the engine matches.

use crate::error::RuleError;
use crate::phrase::{self, Item, PhraseError};
use crate::source::Rules;
use sakchy_core::pack::{Atom, Ending};
use sakchy_core::text::{fold_word, translit};
use std::collections::{BTreeMap, BTreeSet};

/// Most linear phrases that one phrase may become.
const MOST_VARIANTS: usize = 300;
/// Most places of a linear phrase.
const MOST_PLACES: usize = 16;

/// One linear phrase.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// Its places.
    pub places: Vec<ExpandedPlace>,
    /// Most words in all budgeted gaps together.
    pub budget: u8,
}

/// One place of it.
#[derive(Clone, Debug)]
pub struct ExpandedPlace {
    /// What stands there.
    pub part: Part,
    /// May be missing.
    pub optional: bool,
    /// Words that may stand before it.
    pub gap: u8,
    /// They may cross a sentence end.
    pub crosses: bool,
    /// They count against the budget.
    pub budgeted: bool,
}

/// Words or a number.
#[derive(Clone, Debug)]
pub enum Part {
    /// Words.
    Words(Alternatives),
    /// A number in a range.
    Number(u64, u64),
}

/// Words that may stand at one place, one by one: written ones, and whole classes by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Singles {
    /// Words as written in the phrase.
    pub atoms: BTreeSet<Atom>,
    /// Word classes.
    pub classes: BTreeSet<String>,
}

impl Singles {
    fn is_empty(&self) -> bool {
        self.atoms.is_empty() && self.classes.is_empty()
    }
}

/// Alternatives of fixed words: single ones and sequences.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alternatives {
    /// Single words; a class named here brings its sequences with it.
    pub single: Singles,
    /// Sequences of words next to each other.
    pub sequences: BTreeSet<Vec<Singles>>,
    /// Nothing at all is one of them.
    pub empty: bool,
}

impl Alternatives {
    fn none(&self) -> bool {
        self.single.is_empty() && self.sequences.is_empty()
    }

    fn merge(&mut self, other: Alternatives) {
        self.single.atoms.extend(other.single.atoms);
        self.single.classes.extend(other.single.classes);
        self.sequences.extend(other.sequences);
        self.empty |= other.empty;
    }

    /// The ways to fill the place, each a sequence (maybe of one, maybe of none).
    fn options(&self, classes: &Classes) -> Vec<Vec<Singles>> {
        let mut all: Vec<Vec<Singles>> = self.sequences.iter().cloned().collect();
        for class in self.single.classes.iter().filter_map(|c| classes.0.get(c)) {
            all.extend(class.fixed.options(classes).into_iter().filter(|s| s.len() > 1));
        }
        if !self.single.is_empty() {
            all.push(vec![self.single.clone()]);
        }
        if self.empty {
            all.push(Vec::new());
        }
        all
    }

    /// Every alternative of this followed by every one of the next.
    fn then(&self, next: &Alternatives, classes: &Classes) -> Option<Alternatives> {
        // the usual case: nothing before
        if self.none() && self.empty {
            return Some(next.clone());
        }
        let mut out = Alternatives::default();
        for a in self.options(classes) {
            for b in next.options(classes) {
                let mut joined = a.clone();
                joined.extend(b);
                match joined.len() {
                    0 => out.empty = true,
                    1 => {
                        let only = joined.remove(0);
                        out.single.atoms.extend(only.atoms);
                        out.single.classes.extend(only.classes);
                    }
                    2..=12 => {
                        out.sequences.insert(joined);
                    }
                    _ => return None,
                }
                if out.sequences.len() > 600 {
                    return None;
                }
            }
        }
        Some(out)
    }
}

/// The word classes, resolved.
#[derive(Clone, Debug, Default)]
pub struct Classes(BTreeMap<String, Class>);

/// One class: its fixed words, and phrases with gaps or numbers inside, each with its language.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// Words and sequences.
    pub fixed: Alternatives,
    phrases: Vec<(String, Vec<Item>)>,
}

impl Classes {
    /// A class by name.
    pub fn get(&self, id: &str) -> Option<&Class> {
        self.0.get(id)
    }

    /// The classes in an order in which each comes after those that it names.
    pub fn in_order(&self) -> Vec<(&String, &Class)> {
        let mut out: Vec<(&String, &Class)> = Vec::new();
        let mut waiting: Vec<_> = self.0.iter().collect();
        while !waiting.is_empty() {
            let known: BTreeSet<&String> = out.iter().map(|(id, _)| *id).collect();
            let named = |class: &Class| -> Vec<String> {
                let sequences = class.fixed.sequences.iter().flatten();
                sequences.chain([&class.fixed.single]).flat_map(|s| s.classes.iter().cloned()).collect()
            };
            let (ready, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, class)| named(class).iter().all(|c| known.contains(c)));
            if ready.is_empty() {
                break;
            }
            out.extend(ready);
            waiting = later;
        }
        out
    }

    /// Reads all classes of the rules. A class may use others, but not itself.
    pub fn read(rules: &Rules) -> (Classes, Vec<RuleError>) {
        let mut classes = Classes::default();
        let mut errors = Vec::new();
        // classes that use others come after them: a few rounds settle every order that is not a circle
        let mut waiting: Vec<&String> = rules.words.keys().collect();
        for round in 0..6 {
            let mut later = Vec::new();
            for id in waiting {
                let file = &rules.words[id];
                let mut all = Class::default();
                let mut missing = false;
                for (language, words) in &file.value.words {
                    for source in words {
                        let resolved = phrase::parse(source.get_ref())
                            .and_then(|items| Ok((fixed(&items, language, &classes)?, items)));
                        match resolved {
                            Ok((Some(words), _)) => all.fixed.merge(words),
                            Ok((None, items)) => all.phrases.push((language.clone(), items)),
                            Err(e) if e.problem.starts_with("there is no word class") && round < 5 => missing = true,
                            Err(e) => errors.push(file.at(source, e.problem, e.mend)),
                        }
                    }
                }
                if missing {
                    later.push(id);
                } else {
                    classes.0.insert(id.clone(), all);
                }
            }
            waiting = later;
        }
        (classes, errors)
    }
}

/// The Cyrillic spelling of an Uzbek word in Latin letters, where every letter has a rule.
pub fn cyrillic_twin(word: &str) -> Option<String> {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic()) && word.is_ascii() || word.contains(['ʻ', '‘', '’', 'ʼ']);
    if !latin { None } else { translit::uzbek_to_cyrillic(word).filter(|w| w != word) }
}

/// Expands a phrase into linear ones.
///
/// # Errors
/// Unknown classes, words without letters, phrases that would become too many or too long.
pub fn expand(items: &[Item], language: &str, classes: &Classes) -> Result<Vec<Expanded>, PhraseError> {
    let mut all = vec![Build::default()];
    for item in items {
        all = step(all, item, language, classes, false)?;
        if all.len() > MOST_VARIANTS {
            return Err(PhraseError {
                problem: format!("the phrase stands for more than {MOST_VARIANTS} phrases"),
                mend: "split it, or make a word class of its choices".into(),
            });
        }
    }
    let expanded: Vec<Expanded> = all.into_iter().map(|b| b.done).filter(|e| !e.places.is_empty()).collect();
    if expanded.iter().any(|e| e.places.len() > MOST_PLACES) {
        return Err(PhraseError {
            problem: format!("the phrase has more than {MOST_PLACES} words"),
            mend: "split it".into(),
        });
    }
    Ok(expanded)
}

/// A linear phrase in the making, with the gap that the next place will have.
#[derive(Clone, Debug, Default)]
struct Build {
    done: Expanded,
    gap: u8,
    crosses: bool,
    budgeted: bool,
}

impl Build {
    fn place(&mut self, part: Part, optional: bool) {
        let first = self.done.places.is_empty();
        self.done.places.push(ExpandedPlace {
            part,
            optional,
            gap: if first { 0 } else { self.gap },
            crosses: !first && self.crosses,
            budgeted: !first && self.budgeted,
        });
        self.gap = 0;
        self.crosses = false;
        self.budgeted = false;
    }
}

fn step(
    all: Vec<Build>,
    item: &Item,
    language: &str,
    classes: &Classes,
    optional: bool,
) -> Result<Vec<Build>, PhraseError> {
    match item {
        Item::Gap(n, crosses) => Ok(all
            .into_iter()
            .map(|mut b| {
                b.gap = b.gap.saturating_add(*n);
                b.crosses |= crosses;
                b
            })
            .collect()),
        Item::Number(from, to) => Ok(all
            .into_iter()
            .map(|mut b| {
                b.place(Part::Number(*from, *to), optional);
                b
            })
            .collect()),
        Item::Optional(inner) => {
            if fixed(std::slice::from_ref(&**inner), language, classes)?.is_some()
                || matches!(**inner, Item::Number(..))
            {
                return step(all, inner, language, classes, true);
            }
            // a group with gaps inside may be missing: with it and without it
            let without = all.clone();
            let mut with = step(all, inner, language, classes, false)?;
            with.extend(without);
            Ok(with)
        }
        Item::AnyOrder(items, budget) => {
            let mut out = Vec::new();
            for order in orders(items) {
                let mut variants = all.clone();
                for (n, item) in order.iter().enumerate() {
                    if n > 0 {
                        for b in &mut variants {
                            b.gap = b.gap.saturating_add(*budget);
                            b.budgeted = true;
                        }
                    }
                    variants = step(variants, item, language, classes, false)?;
                }
                for b in &mut variants {
                    b.done.budget = b.done.budget.max(*budget);
                }
                out.extend(variants);
            }
            Ok(out)
        }
        Item::Class(id) if classes.0.get(id).is_some_and(|c| !c.phrases.is_empty()) => {
            let class = &classes.0[id];
            let mut out = Vec::new();
            if !class.fixed.none() {
                let words = class.fixed.clone();
                out.extend(all.iter().cloned().map(|mut b| {
                    b.place(Part::Words(words.clone()), optional);
                    b
                }));
            }
            for (own, items) in &class.phrases {
                let mut variants = all.clone();
                for item in items {
                    variants = step(variants, item, own, classes, false)?;
                }
                out.extend(variants);
            }
            Ok(out)
        }
        Item::Word { .. } | Item::Class(_) => {
            let words = fixed(std::slice::from_ref(item), language, classes)?.unwrap_or_default();
            let optional = optional || words.empty;
            Ok(all
                .into_iter()
                .map(|mut b| {
                    b.place(Part::Words(words.clone()), optional);
                    b
                })
                .collect())
        }
        Item::Choice(choices) => {
            // what is fixed goes into one place; what has gaps inside becomes a phrase of its own
            let mut simple = Alternatives::default();
            let mut complex = Vec::new();
            for choice in choices {
                match fixed(choice, language, classes)? {
                    Some(words) => simple.merge(words),
                    None => complex.push(choice),
                }
            }
            let mut out = Vec::new();
            if !simple.none() {
                let optional = optional || simple.empty;
                let words = simple;
                out.extend(all.iter().cloned().map(|mut b| {
                    b.place(Part::Words(words.clone()), optional);
                    b
                }));
            }
            for choice in complex {
                let mut variants = all.clone();
                for item in choice {
                    variants = step(variants, item, language, classes, false)?;
                }
                out.extend(variants);
            }
            Ok(out)
        }
    }
}

/// The alternatives of items that stand next to each other, where they are fixed words; `None` where there is a gap, a
/// number or an any-order group among them.
fn fixed(items: &[Item], language: &str, classes: &Classes) -> Result<Option<Alternatives>, PhraseError> {
    let mut all = Alternatives { empty: true, ..Alternatives::default() };
    for item in items {
        let next = match item {
            Item::Word { text, ending } => Some(word(text, *ending, language)?),
            Item::Class(id) => match classes.0.get(id) {
                Some(class) if class.phrases.is_empty() => {
                    let classes = BTreeSet::from([id.clone()]);
                    Some(Alternatives { single: Singles { classes, ..Singles::default() }, ..Alternatives::default() })
                }
                Some(_) => None,
                None => {
                    return Err(PhraseError {
                        problem: format!("there is no word class `<{id}>`"),
                        mend: format!("write words/{id}.toml, or use a class that exists"),
                    });
                }
            },
            Item::Optional(inner) => fixed(std::slice::from_ref(&**inner), language, classes)?.map(|mut a| {
                a.empty = true;
                a
            }),
            Item::Choice(choices) => {
                let mut merged = Some(Alternatives::default());
                for choice in choices {
                    match (fixed(choice, language, classes)?, &mut merged) {
                        (Some(words), Some(m)) => m.merge(words),
                        _ => merged = None,
                    }
                }
                merged
            }
            Item::Number(..) | Item::Gap(..) | Item::AnyOrder(..) => None,
        };
        let Some(next) = next else { return Ok(None) };
        match all.then(&next, classes) {
            Some(joined) => all = joined,
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

fn word(text: &str, ending: Ending, language: &str) -> Result<Alternatives, PhraseError> {
    let mut spellings = vec![text.to_string()];
    if language == "uz" {
        spellings.extend(cyrillic_twin(text));
        // й and the vowel of an ending melt into one letter: qo'y- is қўй-, but қўямиз, қўюб
        if let (true, Some(stem)) = (ending != Ending::None, spellings.last().and_then(|s| s.strip_suffix('й'))) {
            let melted: Vec<String> = ["я", "ю", "ё"].iter().map(|v| format!("{stem}{v}")).collect();
            spellings.extend(melted);
        }
    }
    let mut all = Alternatives::default();
    for spelling in spellings {
        let folded = fold_word(&spelling);
        if folded.is_empty() {
            return Err(PhraseError {
                problem: format!("`{text}` has no letter that can be matched"),
                mend: "write the word with letters or digits".into(),
            });
        }
        all.single.atoms.insert(Atom { word: folded, ending });
    }
    Ok(all)
}

fn orders(items: &[Item]) -> Vec<Vec<&Item>> {
    if items.len() <= 1 {
        return vec![items.iter().collect()];
    }
    let mut out = Vec::new();
    for (n, first) in items.iter().enumerate() {
        let rest: Vec<Item> = items.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, x)| x.clone()).collect();
        for order in orders(&rest) {
            let mut whole = vec![first];
            whole.extend(order.iter().map(|x| items.iter().find(|i| i == x).unwrap_or(first)));
            out.push(whole);
        }
    }
    out
}
