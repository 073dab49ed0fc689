//! A user's list of permits, looked up by firm name or permit number.

use crate::answer::RegistryFinding;
use crate::facts::Facts;
use crate::pack::{Pack, read_atoms};
use crate::text::fold_word;

/// One row of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    /// Firm as written.
    pub name: String,
    /// Permit number as written.
    pub number: String,
    /// Last day of validity as YYYY-MM-DD; empty when unknown.
    pub expires: String,
    /// The list says that it is not in force (suspended, revoked).
    pub suspended: bool,
}

/// The whole list, and the day for which validity is judged (the core has no clock: law 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    permits: Vec<(Vec<u8>, Vec<u8>, Permit)>,
    legal_forms: Vec<Vec<u8>>,
    /// YYYY-MM-DD; empty: expiry is not judged.
    pub as_of: String,
}

impl Registry {
    /// Takes the rows of a list. The pack tells which words are legal forms and no part of a name.
    pub fn new(pack: &Pack, rows: Vec<Permit>, as_of: &str) -> Registry {
        let atoms = read_atoms(&pack.atoms, &pack.negations).unwrap_or_default();
        let forms = pack.sets.get(pack.units.legal_forms as usize).map_or(&[][..], |w| &w.own);
        let known = forms.iter().filter(|&&n| (n as usize) < atoms.len());
        let legal_forms: Vec<Vec<u8>> = known.map(|&n| atoms.word(n as usize).to_vec()).collect();
        let permits = rows.into_iter().map(|p| (name_key(&p.name, &legal_forms), number_key(&p.number), p)).collect();
        Registry { permits, legal_forms, as_of: as_of.to_string() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.permits.len()
    }

    /// Is the list empty?
    pub fn is_empty(&self) -> bool {
        self.permits.is_empty()
    }

    /// Looks up what the advert states. The worst answer counts, so that nothing stated beside can better it; `None`
    /// where the advert names neither firm nor number.
    pub fn look_up(&self, facts: &Facts) -> Option<RegistryFinding> {
        let mut worst: Option<RegistryFinding> = None;
        let mut note = |finding: RegistryFinding| {
            if worst.as_ref().is_none_or(|w| rank(&finding.state) > rank(&w.state)) {
                worst = Some(finding);
            }
        };
        if let Some(permit) = &facts.permit {
            let key = number_key(&permit.value);
            note(self.answer(&permit.value, |p| !p.1.is_empty() && p.1 == key));
        }
        for firm in &facts.firms {
            let key = name_key(&firm.name, &self.legal_forms);
            note(self.answer(&firm.name, |p| !p.0.is_empty() && p.0 == key));
        }
        worst
    }

    fn answer(&self, asked: &str, same: impl Fn(&(Vec<u8>, Vec<u8>, Permit)) -> bool) -> RegistryFinding {
        let mut best = RegistryFinding { asked: asked.to_string(), state: "absent".into(), until: None };
        for (_, _, permit) in self.permits.iter().filter(|p| same(p)) {
            let state = if permit.suspended {
                "suspended"
            } else if !permit.expires.is_empty() && !self.as_of.is_empty() && permit.expires < self.as_of {
                "expired"
            } else {
                "found"
            };
            // a firm with one valid permit among older ones is found
            if best.state == "absent" || rank(state) < rank(&best.state) {
                best.state = state.into();
                best.until = (!permit.expires.is_empty()).then(|| permit.expires.clone());
            }
        }
        best
    }
}

fn rank(state: &str) -> u8 {
    match state {
        "found" => 0,
        "expired" => 1,
        "suspended" => 2,
        _ => 3,
    }
}

fn name_key(name: &str, legal_forms: &[Vec<u8>]) -> Vec<u8> {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(fold_word);
    words.filter(|w| !w.is_empty() && !legal_forms.contains(w)).collect::<Vec<_>>().concat()
}

fn number_key(number: &str) -> Vec<u8> {
    fold_word(&number.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
}
