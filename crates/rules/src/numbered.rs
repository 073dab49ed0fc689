//! Gives every word, set and number range its number in the pack.

use crate::expand::{Alternatives, Classes, Expanded, Part, Singles, cyrillic_twin};
use crate::source::{PayFile, UnitsFile};
use sakchy_core::pack::{Atom, Ending, PayNorms, Phrase, Place, Slot, Units, Words};
use sakchy_core::text::fold_word;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A linear phrase whose words have no numbers yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub signal: u16,
    pub unless: bool,
    pub anchor: u8,
    pub needs: [u8; 2],
    pub reach: (u8, u8),
    pub variant: Expanded,
}

/// The numbers given so far.
pub(crate) struct Numbered {
    /// All words, sorted.
    pub atoms: Vec<Atom>,
    /// All sets.
    pub sets: Vec<Words>,
    /// All number ranges.
    pub numbers: Vec<(u64, u64)>,
    known: HashMap<Words, u32>,
    /// The same choices stand in many phrases: each is numbered once.
    numbered: HashMap<Alternatives, u32>,
    classes: BTreeMap<String, u32>,
}

impl Numbered {
    pub fn new(classes: &Classes, drafts: &[Draft], units: &UnitsFile, pay: &PayFile) -> Numbered {
        let mut atoms: BTreeSet<Atom> = BTreeSet::new();
        let mut take = |words: &Alternatives| {
            let all = words.sequences.iter().flatten().chain([&words.single]);
            atoms.extend(all.flat_map(|s| reduced(&s.atoms)));
        };
        classes.in_order().iter().for_each(|(_, class)| take(&class.fixed));
        let mut seen: HashSet<&Alternatives> = HashSet::new();
        for place in drafts.iter().flat_map(|d| &d.variant.places) {
            if let Part::Words(words) = &place.part
                && seen.insert(words)
            {
                take(words);
            }
        }
        let lists = [
            &units.currencies,
            &units.periods,
            &units.multipliers,
            &units.words,
            &units.numerals,
            &units.alone,
            &pay.words,
        ];
        atoms.extend(lists.into_iter().flat_map(BTreeMap::values).flat_map(|w| plain(w)));
        let mut numbered = Numbered {
            atoms: atoms.into_iter().collect(),
            sets: Vec::new(),
            numbers: Vec::new(),
            known: HashMap::new(),
            numbered: HashMap::new(),
            classes: BTreeMap::new(),
        };
        for (id, class) in classes.in_order() {
            let n = numbered.set(&class.fixed);
            numbered.classes.insert(id.clone(), n);
        }
        numbered
    }

    pub fn phrase(&mut self, draft: &Draft) -> Phrase {
        let mut places = Vec::with_capacity(draft.variant.places.len());
        for p in &draft.variant.places {
            let slot = match &p.part {
                Part::Words(words) => Slot::Set(self.set(words)),
                Part::Number(from, to) => Slot::Number(self.number(*from, *to)),
            };
            places.push(Place::new(slot, p.optional, p.gap, p.crosses, p.budgeted));
        }
        let Draft { signal, unless, anchor, needs, reach, .. } = *draft;
        Phrase { signal, unless, anchor, needs, budget: draft.variant.budget, reach, places }
    }

    fn number(&mut self, from: u64, to: u64) -> u32 {
        let at = self.numbers.iter().position(|n| *n == (from, to));
        at.unwrap_or_else(|| {
            self.numbers.push((from, to));
            self.numbers.len() - 1
        }) as u32
    }

    fn atom(&self, atom: &Atom) -> Option<u32> {
        self.atoms.binary_search(atom).ok().map(|n| n as u32)
    }

    fn singles(&mut self, singles: &Singles) -> u32 {
        self.set(&Alternatives { single: singles.clone(), ..Alternatives::default() })
    }

    fn set(&mut self, words: &Alternatives) -> u32 {
        let classes = &words.single.classes;
        // a class that stands alone is its own set
        if let (true, true, 1) = (words.single.atoms.is_empty(), words.sequences.is_empty(), classes.len())
            && let Some(n) = classes.first().and_then(|c| self.classes.get(c))
        {
            return *n;
        }
        if let Some(&n) = self.numbered.get(words) {
            return n;
        }
        let sequences: Vec<Vec<u32>> =
            words.sequences.iter().map(|s| s.iter().map(|singles| self.singles(singles)).collect()).collect();
        let mut own: Vec<u32> = reduced(&words.single.atoms).iter().filter_map(|a| self.atom(a)).collect();
        own.sort_unstable();
        let includes = classes.iter().filter_map(|c| self.classes.get(c).copied()).collect();
        let n = self.intern(Words { own, includes, sequences });
        self.numbered.insert(words.clone(), n);
        n
    }

    fn intern(&mut self, words: Words) -> u32 {
        if let Some(n) = self.known.get(&words) {
            return *n;
        }
        let n = self.sets.len() as u32;
        self.known.insert(words.clone(), n);
        self.sets.push(words);
        n
    }

    /// A set of single words written with stars (units, language words).
    pub fn plain_set(&mut self, words: &[String]) -> u32 {
        let mut own: Vec<u32> = plain(words).iter().filter_map(|a| self.atom(a)).collect();
        own.sort_unstable();
        own.dedup();
        self.intern(Words { own, ..Words::default() })
    }

    pub fn units(&mut self, units: &UnitsFile, pay_file: &PayFile) -> Units {
        let mut named = |name: &str| self.plain_set(units.words.get(name).map_or(&[][..], Vec::as_slice));
        let (years, from, to) = (named("years"), named("from"), named("to"));
        let (legal_forms, licence, pay) = (named("legal_forms"), named("licence"), named("pay"));
        let (persons, counted, experience) = (named("persons"), named("counted"), named("experience"));
        let (older, younger, not, closers) = (named("older"), named("younger"), named("not"), named("closers"));
        let (handle_words, no_handle) = (named("handle_words"), named("no_handle"));
        let suffix_forms = named("suffix_forms");
        let all: Vec<String> = units.numerals.values().flatten().cloned().collect();
        let numeral = self.plain_set(&all);
        let norms = self.norms(pay_file);
        let mut by_name = |map: &BTreeMap<String, Vec<String>>| -> Vec<(String, u32)> {
            map.iter().map(|(k, w)| (k.clone(), self.plain_set(w))).collect()
        };
        let (currencies, periods) = (by_name(&units.currencies), by_name(&units.periods));
        let alone = by_name(&units.alone);
        let mut by_value = |map: &BTreeMap<String, Vec<String>>| -> Vec<(u32, u32)> {
            by_name(map).into_iter().filter_map(|(k, n)| Some((k.parse().ok()?, n))).collect()
        };
        Units {
            multipliers: by_value(&units.multipliers),
            numerals: by_value(&units.numerals),
            currencies,
            periods,
            years,
            from,
            to,
            legal_forms,
            licence,
            pay,
            numeral,
            persons,
            counted,
            experience,
            older,
            younger,
            not,
            closers,
            handle_words,
            no_handle,
            suffix_forms,
            alone,
            norms,
        }
    }

    /// The ordinary pay in dollars: twice a minimum stands for the average.
    fn norms(&mut self, file: &PayFile) -> PayNorms {
        let mut set = |name: &str| self.plain_set(file.words.get(name).map_or(&[][..], Vec::as_slice));
        let rate = |currency: &str| file.rates.get(currency).copied().filter(|r| *r > 0).unwrap_or(100);
        let month = |n: &crate::source::PayNorm| {
            n.month.saturating_mul(if n.basis == "minimum" { 200 } else { 100 }) / rate(&n.currency)
        };
        let per = file.per_month.iter().map(|(name, n)| (name.clone(), *n, 1));
        PayNorms {
            rates: file.rates.iter().map(|(code, rate)| (code.clone(), *rate)).collect(),
            months: file.norm.iter().map(|n| (n.country.clone(), n.currency.clone(), month(n))).collect(),
            periods: per.chain(file.lasts_months.iter().map(|(name, n)| (name.clone(), 1, (*n).max(1)))).collect(),
            plain_times: file.times.get("plain").copied().unwrap_or(3),
            manual_times: file.times.get("manual").copied().unwrap_or(4),
            manual: set("manual"),
            skilled: set("skilled"),
        }
    }
}

/// The words without those that an open one of the same list covers.
fn reduced(atoms: &BTreeSet<Atom>) -> Vec<Atom> {
    let covered = |atom: &Atom| {
        (1..=atom.word.len())
            .filter(|n| *n < atom.word.len() || atom.ending != Ending::Any)
            .any(|n| atoms.contains(&Atom { word: atom.word[..n].to_vec(), ending: Ending::Any }))
    };
    atoms.iter().filter(|a| !covered(a)).cloned().collect()
}

fn plain(words: &[String]) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for word in words {
        let ending = if word.ends_with('*') { Ending::Any } else { Ending::None };
        let plain = word.trim_end_matches('*');
        let spellings = [Some(plain.to_string()), cyrillic_twin(plain)];
        atoms.extend(spellings.into_iter().flatten().map(|s| Atom { word: fold_word(&s), ending }));
    }
    atoms.retain(|a| !a.word.is_empty());
    atoms
}
