//! The phrase language: from text to a tree.

use sakchy_core::pack::Ending;

/// One item of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A word; `open` takes any ending.
    Word {
        /// As written, without the star or tilde.
        text: String,
        /// What may follow.
        ending: Ending,
    },
    /// A word class.
    Class(String),
    /// A number from the first to the second value.
    Number(u64, u64),
    /// One of several phrases.
    Choice(Vec<Vec<Item>>),
    /// May be missing.
    Optional(Box<Item>),
    /// Up to `.0` other words; `.1`: also across the end of a sentence.
    Gap(u8, bool),
    /// Any order, with at most so many other words among them.
    AnyOrder(Vec<Item>, u8),
}

/// A mistake in a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseError {
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub mend: String,
}

fn wrong<T>(problem: impl Into<String>, mend: impl Into<String>) -> Result<T, PhraseError> {
    Err(PhraseError { problem: problem.into(), mend: mend.into() })
}

/// Longest gap that may be written.
pub const WIDEST_GAP: u64 = 12;
/// Deepest nesting of groups.
const DEEPEST: usize = 8;

/// Parses a phrase.
///
/// # Errors
/// [`PhraseError`] says what is wrong and how to write it.
pub fn parse(text: &str) -> Result<Vec<Item>, PhraseError> {
    parse_with_reach(text).map(|(items, _)| items)
}

/// Parses a phrase that may begin or end with a gap: how many words before and behind it are meant as well (an `unless`
/// phrase cancels matches that far).
///
/// # Errors
/// [`PhraseError`] says what is wrong and how to write it.
pub fn parse_with_reach(text: &str) -> Result<(Vec<Item>, (u8, u8)), PhraseError> {
    let chars: Vec<char> = text.chars().collect();
    let mut parser = Parser { chars: &chars, at: 0, depth: 0 };
    let mut items = parser.sequence()?;
    if let Some(c) = parser.peek() {
        return wrong(format!("`{c}` closes nothing"), "remove it, or open the group with `(` or `{` before it");
    }
    if !items.iter().any(holds_word) {
        return wrong("the phrase has no word", "name at least one word or class that must stand there");
    }
    let mut reach = (0, 0);
    while let Some(Item::Gap(n, _)) = items.first() {
        reach.0 += n;
        items.remove(0);
    }
    while let Some(Item::Gap(n, _)) = items.last() {
        reach.1 += n;
        items.pop();
    }
    Ok((items, reach))
}

fn holds_word(item: &Item) -> bool {
    match item {
        Item::Word { .. } | Item::Class(_) => true,
        Item::Choice(all) => all.iter().all(|s| s.iter().any(holds_word)),
        Item::AnyOrder(items, _) => items.iter().any(holds_word),
        Item::Number(..) | Item::Optional(_) | Item::Gap(..) => false,
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
}

/// A piece of a word that is written with choices inside.
enum Piece {
    Text(String),
    Choices(Vec<String>),
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let here = self.peek() == Some(c);
        self.at += usize::from(here);
        here
    }

    /// The mark behind a word: `*` any ending, `~` any that does not negate.
    fn ending(&mut self) -> Ending {
        if self.take('*') {
            Ending::Any
        } else if self.take('~') {
            Ending::Affirmed
        } else {
            Ending::None
        }
    }

    fn sequence(&mut self) -> Result<Vec<Item>, PhraseError> {
        let mut items = Vec::new();
        loop {
            match self.peek() {
                None | Some('|' | ')' | '}') => return Ok(items),
                Some(c)
                    if c.is_whitespace()
                        || matches!(c, ',' | '-' | '–' | '—' | '/' | '.' | ':' | ';' | '"' | '«' | '»' | '!') =>
                {
                    self.at += 1;
                }
                Some('[') => items.push(self.gap()?),
                Some('{') => items.push(self.any_order()?),
                Some('#') => {
                    let number = self.number()?;
                    items.push(self.maybe_optional(number));
                }
                Some('<') => {
                    let class = self.class()?;
                    items.push(self.maybe_optional(class));
                }
                Some('*' | '~' | '?' | ']' | '>') => {
                    let c = self.chars[self.at];
                    return wrong(format!("`{c}` stands alone"), "write it directly behind a word, a class or a group");
                }
                Some(_) => self.word(&mut items)?,
            }
        }
    }

    fn maybe_optional(&mut self, item: Item) -> Item {
        if self.take('?') { Item::Optional(Box::new(item)) } else { item }
    }

    fn digits(&mut self) -> Option<u64> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect::<String>().parse().ok()
    }

    fn gap(&mut self) -> Result<Item, PhraseError> {
        self.at += 1;
        let n = self.digits();
        let crosses = self.take('+');
        match n {
            Some(n) if self.take(']') && n <= WIDEST_GAP && (n > 0 || crosses) => Ok(Item::Gap(n as u8, crosses)),
            _ => wrong(
                "this gap cannot be read",
                format!("write `[3]` for up to 3 words (at most {WIDEST_GAP}), `[3+]` to cross a sentence end"),
            ),
        }
    }

    fn number(&mut self) -> Result<Item, PhraseError> {
        self.at += 1;
        let Some(from) = self.digits() else {
            return Ok(Item::Number(0, u64::MAX));
        };
        if self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit) {
            self.at += 1;
            let to = self.digits().unwrap_or(from);
            if to < from {
                return wrong("the number's range is the wrong way round", format!("write `#{to}-{from}`"));
            }
            return Ok(Item::Number(from, to));
        }
        Ok(Item::Number(from, from))
    }

    fn class(&mut self) -> Result<Item, PhraseError> {
        let from = self.at + 1;
        while self.peek().is_some_and(|c| c != '>') {
            self.at += 1;
        }
        let id: String = self.chars[from..self.at].iter().collect();
        if !self.take('>') || id.is_empty() || id.contains(char::is_whitespace) {
            return wrong(
                "this word class is not closed",
                "write `<girls>`: the name of a file in words/ between < and >",
            );
        }
        Ok(Item::Class(id))
    }

    fn any_order(&mut self) -> Result<Item, PhraseError> {
        self.deeper()?;
        self.at += 1;
        let items = self.sequence()?;
        self.depth -= 1;
        if !self.take('}') {
            return wrong("`{` is not closed", "write `{a b}~4`");
        }
        let n = if self.take('~') { self.digits() } else { None };
        let members = items.iter().filter(|i| !matches!(i, Item::Gap(..))).count();
        match n {
            Some(n) if n <= WIDEST_GAP && (2..=4).contains(&members) && members == items.len() => {
                Ok(Item::AnyOrder(items, n as u8))
            }
            _ => wrong(
                "this any-order group cannot be read",
                format!(
                    "write `{{a b}}~4`: two to four words, classes or groups, then `~` and the number of other words (at most {WIDEST_GAP})"
                ),
            ),
        }
    }

    fn deeper(&mut self) -> Result<(), PhraseError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return wrong("groups are nested too deeply", "split the phrase into several");
        }
        Ok(())
    }

    /// A group that stands alone: choices that may be phrases themselves.
    fn choice(&mut self) -> Result<Vec<Vec<Item>>, PhraseError> {
        self.deeper()?;
        self.at += 1;
        let mut all = Vec::new();
        loop {
            all.push(self.sequence()?);
            if self.take(')') {
                break;
            }
            if !self.take('|') {
                return wrong("`(` is not closed", "write `(a|b)`");
            }
        }
        self.depth -= 1;
        Ok(all)
    }

    /// A word: letters, perhaps with groups of choices inside, a star, a question mark.
    fn word(&mut self, items: &mut Vec<Item>) -> Result<(), PhraseError> {
        if self.peek() == Some('(') {
            let start = self.at;
            let choices = self.choice()?;
            let attached = self.peek().is_some_and(|c| is_letter(c) || c == '(');
            if !attached {
                let ending = self.ending();
                let choices = match ending {
                    Ending::None => choices,
                    _ => choices.into_iter().map(|c| open_last(c, ending)).collect::<Result<_, _>>()?,
                };
                if choices.iter().any(Vec::is_empty) {
                    return wrong(
                        "a choice is empty",
                        "remove the extra `|`, or write `(a|b)?` when it may be missing",
                    );
                }
                let item = Item::Choice(choices);
                items.push(self.maybe_optional(item));
                return Ok(());
            }
            self.at = start;
        }
        let mut pieces = Vec::new();
        loop {
            match self.peek() {
                Some('(') => {
                    let choices = self.raw_choices()?;
                    pieces.push(Piece::Choices(choices));
                }
                Some(c) if is_letter(c) => {
                    match pieces.last_mut() {
                        Some(Piece::Text(t)) => t.push(c),
                        _ => pieces.push(Piece::Text(c.to_string())),
                    }
                    self.at += 1;
                }
                _ => break,
            }
        }
        if pieces.is_empty() {
            let c = self.chars[self.at];
            return wrong(format!("`{c}` cannot stand in a phrase"), "write words, numbers as `#`, gaps as `[3]`");
        }
        let mark = match self.ending() {
            Ending::None => None,
            Ending::Affirmed => Some('~'),
            Ending::Any => Some('*'),
        };
        if self.peek().is_some_and(|c| is_letter(c) || c == '(') {
            return wrong("a star stands inside a word", "put the star at the end of the word: `паспорт*`");
        }
        let optional = self.take('?');
        let mut spellings = vec![String::new()];
        for piece in &pieces {
            spellings = match piece {
                Piece::Text(t) => spellings.into_iter().map(|s| s + t).collect(),
                Piece::Choices(all) => {
                    spellings.iter().flat_map(|s| all.iter().map(move |c| format!("{s}{c}"))).collect()
                }
            };
            if spellings.len() > 400 {
                return wrong("the word has too many spellings", "use a star, or split the phrase");
            }
        }
        let mut all = Vec::new();
        for mut spelling in spellings {
            spelling.extend(mark);
            let items = self.spelled(&spelling)?;
            if !items.is_empty() {
                all.push(items);
            }
        }
        let one_by_one = all.len() == 1 && !optional;
        if one_by_one {
            items.append(&mut all[0]);
        } else {
            let item = Item::Choice(all);
            items.push(if optional { Item::Optional(Box::new(item)) } else { item });
        }
        Ok(())
    }

    /// One spelling of a word; a choice inside may have held spaces, gaps or classes.
    fn spelled(&self, spelling: &str) -> Result<Vec<Item>, PhraseError> {
        let (plain, ending) = match (spelling.strip_suffix('*'), spelling.strip_suffix('~')) {
            (Some(plain), _) => (plain, Ending::Any),
            (_, Some(plain)) => (plain, Ending::Affirmed),
            _ => (spelling, Ending::None),
        };
        if plain.chars().all(is_letter) {
            return Ok(split_words(plain, ending));
        }
        let chars: Vec<char> = spelling.chars().collect();
        let mut parser = Parser { chars: &chars, at: 0, depth: self.depth + 1 };
        parser.deeper()?;
        parser.sequence()
    }

    /// The choices of a group inside a word, as raw text; nested groups are spelled out.
    fn raw_choices(&mut self) -> Result<Vec<String>, PhraseError> {
        self.deeper()?;
        self.at += 1;
        let mut all: Vec<String> = Vec::new();
        let mut current = vec![String::new()];
        loop {
            match self.peek() {
                None => return wrong("`(` is not closed", "write `кал(ат|абыз)`"),
                Some(')') => {
                    self.at += 1;
                    all.append(&mut current);
                    break;
                }
                Some('|') => {
                    self.at += 1;
                    all.append(&mut current);
                    current.push(String::new());
                }
                Some('(') => {
                    let inner = self.raw_choices()?;
                    current = current.iter().flat_map(|s| inner.iter().map(move |c| format!("{s}{c}"))).collect();
                }
                Some(c) => {
                    self.at += 1;
                    current.iter_mut().for_each(|s| s.push(c));
                }
            }
            if all.len() + current.len() > 400 {
                return wrong("the word has too many spellings", "use a star, or split the phrase");
            }
        }
        self.depth -= 1;
        // "карыз(ыңыз)?": the ending may be missing; "(…)?" behind a space is handled by the caller
        if self.peek() == Some('?')
            && self.chars.get(self.at + 1).is_none_or(|c| c.is_whitespace() || matches!(c, '|' | ')' | '}'))
        {
            self.at += 1;
            all.push(String::new());
        }
        Ok(all)
    }
}

/// Letters, digits, apostrophes and the signs that count as words.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '\'' | '’'
                | '‘'
                | 'ʻ'
                | 'ʼ'
                | '`'
                | '$'
                | '€'
                | '₽'
                | '₸'
                | '£'
                | '%'
                | '+'
                | '№'
                | '₺'
                | '₩'
                | '@'
        )
        || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_sign(c: char) -> bool {
    matches!(c, '$' | '€' | '₽' | '₸' | '£' | '%' | '+' | '№' | '₺' | '₩' | '@')
}

/// Splits a spelling where the reader of texts would: letters from digits, signs from both.
fn split_words(spelling: &str, ending: Ending) -> Vec<Item> {
    let mut words: Vec<String> = Vec::new();
    let class = |c: char| {
        if is_sign(c) { 2 } else { u8::from(c.is_ascii_digit()) }
    };
    let mut last = None;
    for c in spelling.chars() {
        if c == '@' {
            last = None;
            continue;
        }
        if last == Some(class(c)) && class(c) != 2 {
            if let Some(word) = words.last_mut() {
                word.push(c);
            }
        } else {
            words.push(c.to_string());
        }
        last = Some(class(c));
    }
    let count = words.len();
    let of = |i: usize| if i + 1 == count { ending } else { Ending::None };
    words.into_iter().enumerate().map(|(i, text)| Item::Word { text, ending: of(i) }).collect()
}

/// `(a|b)*`: the star belongs to the last word of every choice.
fn open_last(mut items: Vec<Item>, mark: Ending) -> Result<Vec<Item>, PhraseError> {
    match items.last_mut() {
        Some(Item::Word { ending, .. }) => {
            *ending = mark;
            Ok(items)
        }
        _ => {
            wrong("a star follows a choice that does not end in a word", "put the star behind each word that needs it")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, ending: Ending) -> Item {
        Item::Word { text: text.into(), ending }
    }

    #[test]
    fn words_gaps_and_choices() {
        let items = parse("<passport> [2] (у нас|в сейф*) кал(ат|абыз~)").unwrap();
        assert_eq!(items.len(), 4);
        assert_eq!(items[1], Item::Gap(2, false));
        assert_eq!(
            items[3],
            Item::Choice(vec![vec![word("калат", Ending::None)], vec![word("калабыз", Ending::Affirmed)]])
        );
    }

    #[test]
    fn optional_ending_inside_a_word() {
        let items = parse("карыз(ыңыз|ың)? кайтар*").unwrap();
        let Item::Choice(all) = &items[0] else { panic!("{items:?}") };
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn mistakes_are_told() {
        for bad in ["(а|б", "[3]", "сло*во", "{а б}", "#", "<girls", "[99] а", "а )"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
