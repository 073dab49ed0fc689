//! Evaluating an indicator's condition.

use crate::answer::RegistryFinding;
use crate::facts::{Facts, Span};
use crate::offer::Offer;
use crate::pack::{Pack, Role, Step};
use crate::scan::{Hit, Hits};
use crate::text::Text;

/// Everything a condition can ask about.
pub(crate) struct Scene<'a, 't> {
    pub pack: &'a Pack,
    pub text: &'a Text<'t>,
    pub hits: &'a Hits,
    pub facts: &'a Facts,
    pub offer: &'a Offer,
    pub language: &'a str,
    pub registry: Option<&'a RegistryFinding>,
}

impl Scene<'_, '_> {
    /// Does the condition (in postfix order) hold? A malformed one never does.
    pub fn holds(&self, steps: &[Step]) -> bool {
        let mut stack = [false; 64];
        let mut top = 0usize;
        for (i, step) in steps.iter().enumerate() {
            match step {
                Step::Not => {
                    if top < 1 {
                        return false;
                    }
                    stack[top - 1] = !stack[top - 1];
                }
                Step::And | Step::Or => {
                    if top < 2 {
                        return false;
                    }
                    top -= 1;
                    let b = stack[top];
                    let a = &mut stack[top - 1];
                    *a = if *step == Step::And { *a && b } else { *a || b };
                }
                Step::AtLeast(wanted, of) => {
                    let of = usize::from(*of);
                    if top < of || of == 0 {
                        return false;
                    }
                    let count = stack[top - of..top].iter().filter(|&&b| b).count();
                    top -= of;
                    stack[top] = count >= usize::from(*wanted);
                    top += 1;
                }
                leaf => {
                    if top >= stack.len() {
                        return false;
                    }
                    // what is negated is an absence, and only untainted words answer one
                    stack[top] = match leaf {
                        Step::Fact(name) if steps.get(i + 1) == Some(&Step::Not) => self.fact_answers(name),
                        leaf => self.leaf(leaf),
                    };
                    top += 1;
                }
            }
        }
        top == 1 && stack[0]
    }

    fn leaf(&self, step: &Step) -> bool {
        match step {
            Step::Signal(n) => self.hits.holds(*n),
            Step::Counter(n) => self.counter(*n).next().is_some(),
            Step::Fact(name) => self.facts.holds(name, self.language),
            Step::Kind(kind) => self.offer.kinds.contains(kind),
            Step::Registry(state) => self.registry.is_some_and(|r| r.state == *state),
            Step::Near(a, b, words) => self.near(*a, *b, *words).is_some(),
            _ => false,
        }
    }

    /// Does a fact stand where it may answer an absence?
    fn fact_answers(&self, name: &str) -> bool {
        let line_of = |byte: usize| {
            let token = self.text.tokens.partition_point(|t| (t.end as usize) <= byte);
            self.text.tokens.get(token).map_or(0, |t| t.line)
        };
        self.facts.spans(name, self.language).iter().any(|span| {
            let (first, last) = (line_of(span.start), line_of(span.end.saturating_sub(1)));
            (first == self.offer.line && last == first) || !self.flagged(first, last)
        })
    }

    /// Matches of a counter signal that count. Red-flag wording never does (law 2): a match that overlaps a red flag, or
    /// that shares its line with one, unless it is the line on which the offer itself began.
    fn counter(&self, signal: u16) -> impl Iterator<Item = &Hit> {
        self.hits.of(signal).iter().filter(|hit| {
            let line = |token: u32| self.text.tokens[token as usize].line;
            let (first, last) = (line(hit.first), line(hit.last));
            if !self.flagged(first, last) {
                return true;
            }
            first == self.offer.line && last == first && !self.overlaps_flag(hit)
        })
    }

    /// Does red-flag wording stand on any of these lines?
    fn flagged(&self, first: u32, last: u32) -> bool {
        (first..=last).any(|line| self.hits.line_flagged(line))
    }

    fn overlaps_flag(&self, hit: &Hit) -> bool {
        self.hits.iter().any(|(n, list)| {
            self.pack.signals[usize::from(n)].role == Role::Flag
                && list.iter().any(|f| f.first <= hit.last && hit.first <= f.last)
        })
    }

    fn near(&self, a: u16, b: u16, words: u8) -> Option<(Hit, Hit)> {
        for x in self.hits.of(a) {
            for y in self.hits.of(b) {
                let gap = if x.last < y.first {
                    y.first - x.last - 1
                } else if y.last < x.first {
                    x.first - y.last - 1
                } else {
                    0
                };
                if gap <= u32::from(words) {
                    return Some((*x, *y));
                }
            }
        }
        None
    }

    /// The words that made the condition hold: of every positive signal and fact in it, the first few matches each.
    pub fn evidence(&self, steps: &[Step], only: &[u16], per_signal: usize) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut add = |hits: &[Hit]| {
            for hit in hits.iter().take(per_signal) {
                let (start, end) = self.text.span(hit.first as usize, hit.last as usize);
                spans.push(Span { start, end });
            }
        };
        if only.is_empty() {
            for (i, step) in steps.iter().enumerate() {
                match step {
                    Step::Signal(n) => add(self.hits.of(*n)),
                    Step::Near(a, b, w) => {
                        if let Some((x, y)) = self.near(*a, *b, *w) {
                            add(&[x]);
                            add(&[y]);
                        }
                    }
                    Step::Counter(_) => {
                        let negated = steps.get(i + 1) == Some(&Step::Not);
                        debug_assert!(negated || !steps.is_empty());
                    }
                    _ => {}
                }
            }
        } else {
            only.iter().for_each(|&n| add(self.hits.of(n)));
        }
        for (i, step) in steps.iter().enumerate() {
            if let Step::Fact(name) = step
                && steps.get(i + 1) != Some(&Step::Not)
            {
                spans.extend(self.facts.spans(name, self.language).into_iter().take(1));
            }
        }
        merge(spans)
    }
}

/// Signals of which at least one must hold for a condition to hold; empty where nothing can be said. Most texts hold few
/// signals, so that most conditions need not be evaluated at all.
pub(crate) fn gate(steps: &[Step]) -> Vec<u16> {
    let mut stack: Vec<Vec<u16>> = Vec::new();
    for step in steps {
        let gate = match step {
            Step::Signal(n) | Step::Counter(n) | Step::Near(n, _, _) => vec![*n],
            Step::Not => {
                stack.pop();
                Vec::new()
            }
            Step::And => match (stack.pop().unwrap_or_default(), stack.pop().unwrap_or_default()) {
                (a, b) if a.is_empty() || (!b.is_empty() && b.len() < a.len()) => b,
                (a, _) => a,
            },
            Step::Or => any_of([stack.pop().unwrap_or_default(), stack.pop().unwrap_or_default()]),
            Step::AtLeast(wanted, of) => {
                let all = stack.split_off(stack.len().saturating_sub(usize::from(*of)));
                if *wanted == 0 { Vec::new() } else { any_of(all) }
            }
            Step::Fact(_) | Step::Kind(_) | Step::Registry(_) => Vec::new(),
        };
        stack.push(gate);
    }
    stack.pop().unwrap_or_default()
}

fn any_of(gates: impl IntoIterator<Item = Vec<u16>>) -> Vec<u16> {
    let mut all = Vec::new();
    for gate in gates {
        if gate.is_empty() {
            return gate;
        }
        all.extend(gate);
    }
    all
}

/// Sorts spans and joins those that overlap.
pub(crate) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}
