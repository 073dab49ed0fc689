//! Conditions: `passport-kept & (fact.abroad | visa-wrong) & ! duties-stated`, `near(a, b, 8)`, `2 of (a, b, c)`.

use sakchy_core::facts::Facts;
use sakchy_core::pack::{Role, Step};
use std::collections::BTreeMap;

/// Signal names to index and role.
pub type Names = BTreeMap<String, (u16, Role)>;

/// Parses a condition into postfix steps.
///
/// # Errors
/// What is wrong and how to mend it.
pub fn parse(text: &str, names: &Names) -> Result<Vec<Step>, (String, String)> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, names, steps: Vec::new(), depth: 0 };
    parser.or()?;
    match parser.tokens.get(parser.at) {
        None if parser.steps.len() <= 60 => Ok(parser.steps),
        None => Err(("the condition is too long".into(), "split it into several indicators".into())),
        Some(extra) => Err((format!("`{extra}` does not fit here"), "join conditions with & (and) or | (or)".into())),
    }
}

fn tokens(text: &str) -> Result<Vec<String>, (String, String)> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '.' | '_') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        match c {
            '&' | '|' | '!' | '(' | ')' | ',' => out.push(c.to_string()),
            c if c.is_whitespace() => {}
            c => {
                return Err((format!("`{c}` has no meaning in a condition"), "use names, & | ! ( ) , only".into()));
            }
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    Ok(out)
}

struct Parser<'a> {
    tokens: &'a [String],
    at: usize,
    names: &'a Names,
    steps: Vec<Step>,
    depth: usize,
}

type Parsed = Result<(), (String, String)>;

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, token: &str) -> bool {
        let here = self.peek() == Some(token);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, token: &str) -> Parsed {
        if self.take(token) {
            Ok(())
        } else {
            Err((
                format!("`{token}` is missing"),
                format!("write `{token}` after `{}`", self.tokens[..self.at].join(" ")),
            ))
        }
    }

    fn or(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > 20 {
            return Err(("too many brackets".into(), "split the condition into several indicators".into()));
        }
        self.and()?;
        while self.take("|") {
            self.and()?;
            self.steps.push(Step::Or);
        }
        self.depth -= 1;
        Ok(())
    }

    fn and(&mut self) -> Parsed {
        self.not()?;
        while self.take("&") {
            self.not()?;
            self.steps.push(Step::And);
        }
        Ok(())
    }

    fn not(&mut self) -> Parsed {
        if !self.take("!") {
            return self.atom();
        }
        let name = self.peek().unwrap_or("").to_string();
        self.atom()?;
        match self.steps.last() {
            Some(Step::Counter(_) | Step::Fact(_)) if name != "(" => {}
            _ => {
                return Err((
                    format!(
                        "`! {name}` negates red-flag wording: adding words to an advert could then lower its score"
                    ),
                    "put `!` only directly before a counter signal or a fact (law 2)".into(),
                ));
            }
        }
        self.steps.push(Step::Not);
        Ok(())
    }

    fn atom(&mut self) -> Parsed {
        let Some(token) = self.peek().map(str::to_string) else {
            return Err(("the condition ends too early".into(), "write a signal or a fact after the last sign".into()));
        };
        self.at += 1;
        if token == "(" {
            self.or()?;
            return self.expect(")");
        }
        if token == "near" {
            self.expect("(")?;
            let a = self.signal()?;
            self.expect(",")?;
            let b = self.signal()?;
            self.expect(",")?;
            let n = self.peek().and_then(|t| t.parse::<u8>().ok());
            self.at += 1;
            self.expect(")")?;
            let Some(n) = n.filter(|n| *n <= 40) else {
                return Err(("`near` needs a number of words up to 40".into(), "write near(a, b, 8)".into()));
            };
            self.steps.push(Step::Near(a, b, n));
            return Ok(());
        }
        if let Ok(wanted) = token.parse::<u8>() {
            self.expect("of")?;
            self.expect("(")?;
            let mut count = 0u8;
            loop {
                self.or()?;
                count += 1;
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
            if wanted == 0 || wanted > count {
                return Err((
                    format!("`{wanted} of` needs between 1 and {count}"),
                    format!("write `{count} of (...)` or fewer"),
                ));
            }
            self.steps.push(Step::AtLeast(wanted, count));
            return Ok(());
        }
        if let Some(fact) = token.strip_prefix("fact.") {
            if !Facts::known(fact) {
                return Err((format!("there is no fact `{fact}`"), "see the list of facts in rules/README.md".into()));
            }
            self.steps.push(Step::Fact(fact.to_string()));
            return Ok(());
        }
        if let Some(kind) = token.strip_prefix("kind.") {
            self.steps.push(Step::Kind(kind.to_string()));
            return Ok(());
        }
        if let Some(state) = token.strip_prefix("registry.") {
            if !matches!(state, "found" | "absent" | "expired" | "suspended") {
                return Err((
                    format!("the registry has no state `{state}`"),
                    "write registry.found, .absent, .expired or .suspended".into(),
                ));
            }
            self.steps.push(Step::Registry(state.to_string()));
            return Ok(());
        }
        self.at -= 1;
        let n = self.signal()?;
        let counter = self.names.values().any(|(i, role)| *i == n && *role == Role::Counter);
        self.steps.push(if counter { Step::Counter(n) } else { Step::Signal(n) });
        Ok(())
    }

    fn signal(&mut self) -> Result<u16, (String, String)> {
        let token = self.peek().unwrap_or("").to_string();
        self.at += 1;
        match self.names.get(&token) {
            Some((n, _)) => Ok(*n),
            None => Err((format!("there is no signal `{token}`"), nearest(&token, self.names))),
        }
    }
}

/// "did you mean": the name that shares most letters.
fn nearest(token: &str, names: &Names) -> String {
    let close = names.keys().min_by_key(|n| distance(token, n));
    match close.filter(|n| distance(token, n) <= 3) {
        Some(name) => format!("did you mean `{name}`? Otherwise write signals/{token}.toml"),
        None => format!("write signals/{token}.toml, or use a signal that exists"),
    }
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut last = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = last + usize::from(x != *y);
            last = row[j + 1];
            row[j + 1] = cost.min(last + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
