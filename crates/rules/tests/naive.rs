//! A slow, obvious matcher beside the fast one. It works on the phrase's own tree, knows no anchors and no word numbers,
//! and tries every place; both must find the same signals.

use proptest::prelude::*;
use sakchy_core::engine::Engine;
use sakchy_core::pack::Ending;
use sakchy_core::text::{Break, Shape, Text, fold_word, translit};
use sakchy_rules::phrase::{self, Item};
use sakchy_rules::source::{ByLanguage, Rules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

type Phrases = Vec<(String, Vec<Item>)>;

struct Both {
    rules: Rules,
    engine: Engine,
    classes: BTreeMap<String, Phrases>,
    signals: BTreeMap<String, Phrases>,
    negations: Vec<Vec<u8>>,
}

fn parsed(all: &ByLanguage) -> Phrases {
    let each = |(l, list): (&String, &Vec<_>)| {
        let l = l.clone();
        list.iter()
            .map(move |w: &toml::Spanned<String>| (l.clone(), phrase::parse(w.get_ref()).unwrap()))
            .collect::<Vec<_>>()
    };
    all.iter().flat_map(each).collect()
}

static BOTH: LazyLock<Both> = LazyLock::new(|| {
    let rules = Rules::load(&root().join("rules")).unwrap();
    let compiled = sakchy_rules::compile(&rules).unwrap();
    let classes = rules.words.iter().map(|(id, f)| (id.clone(), parsed(&f.value.words))).collect();
    let signals = rules.signals.iter().map(|(id, f)| (id.clone(), parsed(&f.value.phrases))).collect();
    let negations = rules.units.negations.iter().map(|n| fold_word(n)).collect();
    Both { engine: Engine::new(compiled.pack, "").unwrap(), rules, classes, signals, negations }
});

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Where a run of items may go on: next token, gap open before it, whether that gap may cross a sentence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    next: usize,
    gap: u8,
    crosses: bool,
}

struct Naive<'a, 't> {
    text: &'a Text<'t>,
    first: usize,
}

impl Naive<'_, '_> {
    fn word(&self, token: usize, wanted: &[u8], ending: Ending) -> bool {
        let negates = |rest: &[u8]| (0..rest.len()).any(|i| BOTH.negations.iter().any(|n| rest[i..].starts_with(n)));
        let same = |w: &[u8]| match ending {
            Ending::None => w == wanted,
            Ending::Any => w.starts_with(wanted),
            Ending::Affirmed => w.starts_with(wanted) && !negates(&w[wanted.len()..]),
        };
        same(self.text.folded(token)) || self.text.readings_of(token).iter().any(|r| same(self.text.reading(r)))
    }

    /// Tokens at which the next word may stand.
    fn places(&self, s: State) -> Vec<usize> {
        if s.next == self.first {
            return vec![s.next].into_iter().filter(|t| *t < self.text.tokens.len()).collect();
        }
        let mut out = Vec::new();
        for token in s.next..=s.next + usize::from(s.gap) {
            let limit = if s.crosses { Break::Paragraph } else { Break::Sentence };
            if token >= self.text.tokens.len() || self.text.tokens[token].before >= limit {
                break;
            }
            out.push(token);
        }
        out
    }

    fn run(&self, items: &[Item], language: &str, states: BTreeSet<State>) -> BTreeSet<State> {
        items
            .iter()
            .fold(states, |states, item| states.into_iter().flat_map(|s| self.item(item, language, s)).collect())
    }

    fn item(&self, item: &Item, language: &str, s: State) -> BTreeSet<State> {
        let after = |token: usize| State { next: token + 1, gap: 0, crosses: false };
        match item {
            Item::Gap(n, crosses) => {
                [State { gap: s.gap.saturating_add(*n).min(15), crosses: s.crosses || *crosses, ..s }].into()
            }
            Item::Number(from, to) => {
                let number = |t: usize| {
                    self.text.tokens[t].shape == Shape::Number
                        && (*from == 0 && *to == u64::MAX
                            || self.text.number(t).is_some_and(|n| (*from..=*to).contains(&n)))
                };
                self.places(s).into_iter().filter(|&t| number(t)).map(after).collect()
            }
            Item::Word { text, ending } => {
                let mut spellings = vec![fold_word(text)];
                let latin = text.is_ascii() || text.contains(['ʻ', '‘', '’', 'ʼ']);
                if language == "uz" && latin && text.chars().any(|c| c.is_ascii_alphabetic()) {
                    let twin = translit::uzbek_to_cyrillic(text);
                    if let (true, Some(stem)) =
                        (*ending != Ending::None, twin.as_ref().and_then(|w| w.strip_suffix('й')))
                    {
                        spellings.extend(["я", "ю", "ё"].map(|v| fold_word(&format!("{stem}{v}"))));
                    }
                    spellings.extend(twin.map(|w| fold_word(&w)));
                }
                let fits = |t: usize| spellings.iter().any(|w| self.word(t, w, *ending));
                self.places(s).into_iter().filter(|&t| fits(t)).map(after).collect()
            }
            Item::Class(id) => {
                BOTH.classes[id].iter().flat_map(|(own, items)| self.run(items, own, [s].into())).collect()
            }
            Item::Choice(all) => all.iter().flat_map(|items| self.run(items, language, [s].into())).collect(),
            Item::Optional(inner) => {
                let mut out = self.item(inner, language, s);
                out.insert(s);
                out
            }
            Item::AnyOrder(items, budget) => {
                let mut out = BTreeSet::new();
                self.any_order(items, language, s, *budget, true, &mut out);
                out
            }
        }
    }

    fn any_order(
        &self,
        items: &[Item],
        language: &str,
        s: State,
        budget: u8,
        opening: bool,
        out: &mut BTreeSet<State>,
    ) {
        if items.is_empty() {
            out.insert(s);
            return;
        }
        for (n, item) in items.iter().enumerate() {
            let rest: Vec<Item> = items.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, x)| x.clone()).collect();
            // spend the budget word by word, so that the group as a whole stays within it
            for spent in 0..=if opening { 0 } else { budget } {
                let from = State { next: s.next + usize::from(spent), ..s };
                let blocked = |t: usize| t >= self.text.tokens.len() || self.text.tokens[t].before >= Break::Sentence;
                if (s.next..from.next).any(blocked) {
                    break;
                }
                for end in self.item(item, language, from) {
                    self.any_order(&rest, language, end, budget - spent, false, out);
                }
            }
        }
    }
}

fn matches(text: &Text<'_>, phrases: &Phrases) -> bool {
    phrases.iter().any(|(language, items)| {
        (0..text.tokens.len()).any(|first| {
            let naive = Naive { text, first };
            naive
                .run(items, language, [State { next: first, gap: 0, crosses: false }].into())
                .iter()
                .any(|s| s.next > first)
        })
    })
}

/// The naive matcher leaves `unless` out: where a signal has any, it may find more, never less.
fn compare(text: &str, ids: &[&str]) -> Result<(), String> {
    let reading = BOTH.engine.read(text, None);
    for (n, signal) in BOTH.engine.pack().signals.iter().enumerate().filter(|(_, s)| ids.contains(&s.id.as_str())) {
        let fast = reading.hits.holds(n as u16);
        let slow = matches(&reading.text, &BOTH.signals[&signal.id]);
        let may_cancel = !BOTH.rules.signals[&signal.id].value.unless.is_empty();
        if fast != slow && !(may_cancel && slow) {
            return Err(format!("{}: fast {fast}, slow {slow} on {text:?}", signal.id));
        }
    }
    Ok(())
}

/// A cut through the signals that the slow matcher can afford on every run.
fn some_signals() -> Vec<&'static str> {
    BOTH.signals.keys().enumerate().filter(|(n, _)| n % 5 == 0).map(|(_, id)| id.as_str()).collect()
}

#[test]
fn both_agree_on_the_corpus() {
    let ids = some_signals();
    let mut compared = 0;
    for file in ["open/ru", "open/ky", "open/uz", "open/en"] {
        let rows = std::fs::read_to_string(root().join(format!("corpus/{file}.jsonl"))).unwrap();
        for line in rows.lines().step_by(12) {
            let text = line.split("\"text\"").nth(1).unwrap().split('"').nth(1).unwrap().replace("\\n", "\n");
            compare(&text, &ids).unwrap();
            compared += 1;
        }
    }
    assert!(compared > 20);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random texts made of the rules' own words, so that phrases nearly match.
    #[test]
    fn both_agree_on_random_texts(
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..14),
        breaks in proptest::collection::vec(0..12u8, 14),
    ) {
        let ids = some_signals();
        let examples: Vec<&str> = ids
            .iter()
            .flat_map(|id| BOTH.rules.signals[*id].value.examples.matching.values().flatten().map(|e| e.get_ref().as_str()))
            .collect();
        let mut text = String::new();
        for ((example, part), gap) in picks.iter().zip(&breaks) {
            let words: Vec<&str> = example.get(&examples).split(' ').collect();
            let from = part.index(words.len());
            text.push_str(&words[from..(from + 4).min(words.len())].join(" "));
            text.push_str(match gap { 0 => ".\n", 1 => "\n", 2 => "! ", 3 => "\n\n", _ => " " });
        }
        prop_assert_eq!(compare(&text, &ids), Ok(()));
    }
}
