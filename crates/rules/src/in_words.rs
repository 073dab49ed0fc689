//! Conditions told in words, for the pages that people read.

use crate::condition::{self, Names};
use crate::page::escape;
use crate::source::Rules;
use sakchy_core::pack::Step;
use std::fmt::Write;

/// A condition as a tree.
enum Tree {
    Leaf(String),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    AtLeast(u8, Vec<Tree>),
}

/// The names that conditions may use, numbered in the order of the alphabet.
pub(crate) fn names(rules: &Rules) -> Names {
    rules.signals.iter().enumerate().map(|(n, (id, file))| (id.clone(), (n as u16, file.value.role))).collect()
}

fn name_of(names: &Names, n: u16) -> &str {
    names.iter().find(|(_, (i, _))| *i == n).map_or("", |(id, _)| id)
}

/// The signals that a condition names, in its order.
pub(crate) fn signals_in<'n>(when: &str, names: &'n Names) -> Vec<&'n str> {
    let mut out: Vec<&str> = Vec::new();
    for step in condition::parse(when, names).unwrap_or_default() {
        let of: &[u16] = match &step {
            Step::Signal(n) | Step::Counter(n) => &[*n],
            Step::Near(a, b, _) => &[*a, *b],
            _ => &[],
        };
        for n in of {
            let name = name_of(names, *n);
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

fn tree(when: &str, names: &Names, to_signal: &dyn Fn(&str) -> String) -> Tree {
    let raw = || Tree::Leaf(format!("`{}`", when.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'")));
    let Ok(steps) = condition::parse(when, names) else { return raw() };
    let link = |n: u16| {
        let name = name_of(names, n);
        format!("[{name}]({})", to_signal(name))
    };
    let mut stack: Vec<Tree> = Vec::new();
    for step in steps {
        let next = match step {
            Step::Signal(n) | Step::Counter(n) => Tree::Leaf(link(n)),
            Step::Near(a, b, n) => Tree::Leaf(format!("{} and {} at most {n} words apart", link(a), link(b))),
            Step::Fact(name) => Tree::Leaf(fact(&name)),
            Step::Kind(kind) => Tree::Leaf(format!("the offer is of the kind {}", escape(&kind))),
            Step::Registry(state) => Tree::Leaf(format!("the permit is {state} in the user's list")),
            Step::Not => match stack.pop() {
                Some(top) => Tree::Not(Box::new(top)),
                None => return raw(),
            },
            Step::And | Step::Or => {
                let and = matches!(step, Step::And);
                let (Some(b), Some(a)) = (stack.pop(), stack.pop()) else { return raw() };
                let mut all = Vec::new();
                for side in [a, b] {
                    match side {
                        Tree::And(inner) if and => all.extend(inner),
                        Tree::Or(inner) if !and => all.extend(inner),
                        other => all.push(other),
                    }
                }
                if and { Tree::And(all) } else { Tree::Or(all) }
            }
            Step::AtLeast(wanted, count) => {
                let Some(from) = stack.len().checked_sub(usize::from(count)) else { return raw() };
                Tree::AtLeast(wanted, stack.split_off(from))
            }
        };
        stack.push(next);
    }
    match stack.pop() {
        Some(top) if stack.is_empty() => top,
        _ => raw(),
    }
}

fn fact(name: &str) -> String {
    match name {
        "abroad" => "a destination abroad".into(),
        "abroad-far" => "a destination outside the former Soviet Union".into(),
        "war-place" => "a place at war".into(),
        "telephone" => "a telephone number".into(),
        "handle" => "a messenger handle or link".into(),
        "pay" => "an amount of pay".into(),
        "age-limit" => "an age limit".into(),
        "age-under-18" => "an age under 18".into(),
        "permit" => "a permit number".into(),
        "agency" => "a firm's name".into(),
        "hidden-letters" => "letters hidden in at least two words".into(),
        _ => match name.strip_prefix("place-") {
            Some(code) => format!("a place in {code}"),
            None => format!("the fact {}", escape(name)),
        },
    }
}

/// The condition: the parts of its outermost "and" or "or" one a line.
pub(crate) fn condition_of(when: &str, names: &Names, to_signal: &dyn Fn(&str) -> String, page: &mut String) {
    let (title, parts) = match tree(when, names, to_signal) {
        Tree::And(parts) => ("It holds where all of these are found", parts),
        Tree::Or(parts) => ("It holds where any of these is found", parts),
        other => ("It holds where this is found", vec![other]),
    };
    let _ = write!(page, "\n{title}:\n\n");
    for part in &parts {
        let _ = writeln!(page, "- {}", inline(part, false));
    }
}

pub(crate) fn words_of(when: &str, names: &Names, to_signal: &dyn Fn(&str) -> String) -> String {
    inline(&tree(when, names, to_signal), false)
}

fn inline(tree: &Tree, brackets: bool) -> String {
    let list = |all: &[Tree], with: &str| all.iter().map(|t| inline(t, true)).collect::<Vec<_>>().join(with);
    let (words, several) = match tree {
        Tree::Leaf(words) => (words.clone(), false),
        Tree::Not(inner) => (format!("not {}", inline(inner, true)), false),
        Tree::And(all) => (list(all, " and "), true),
        Tree::Or(all) => (list(all, " or "), true),
        Tree::AtLeast(wanted, all) => (format!("at least {wanted} of ({})", list(all, "; ")), false),
    };
    if several && brackets { format!("({words})") } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sakchy_core::pack::Role;

    #[test]
    fn conditions_in_words() {
        let names: Names = ["a", "b", "c"].iter().zip(0..).map(|(n, i)| (n.to_string(), (i, Role::Flag))).collect();
        let link = |id: &str| format!("#{id}");
        assert_eq!(
            words_of("a & (b | fact.abroad) & 2 of (a, b | c, c)", &names, &link),
            "[a](#a) and ([b](#b) or a destination abroad) and at least 2 of ([a](#a); ([b](#b) or [c](#c)); [c](#c))"
        );
        assert_eq!(words_of("near(a, b, 4)", &names, &link), "[a](#a) and [b](#b) at most 4 words apart");
        assert_eq!(words_of("a & unknown", &names, &link), "`a & unknown`");
    }
}
