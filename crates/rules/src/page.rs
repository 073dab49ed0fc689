//! The pages that list every indicator for people: `sakchy rules page` writes them, nobody edits them.

use crate::condition::Names;
use crate::in_words::{condition_of, names, signals_in, words_of};
use crate::source::{ByLanguage, IndicatorFile, LANGUAGES, PHRASE_LANGUAGES, Rules, SignalFile, Sourced, WordingFile};
use sakchy_core::pack::{Category, Role, Strength};
use std::collections::BTreeMap;
use std::fmt::Write;

/// First line of every page: such a file may be replaced.
pub const MARK: &str = "<!-- written by `sakchy rules page`: change the rules, not this page -->";
/// Bytes up to which everything stands on one page.
pub const LARGEST: usize = 400_000;

/// Languages of the example adverts.
const EXAMPLE_LANGUAGES: [&str; 4] = crate::check::EXAMPLE_LANGUAGES;

/// The pages by file name, relative to the folder of the first, which is called `main`. One page where it is small enough, else `main` as
/// the table of contents and one page for each category and strength in a folder beside it.
pub fn pages(rules: &Rules, main: &str) -> BTreeMap<String, String> {
    let whole = one_page(rules);
    if whole.len() <= LARGEST {
        return BTreeMap::from([(main.to_string(), whole)]);
    }
    let folder = main.strip_suffix(".md").unwrap_or(main);
    let parts = parts(rules);
    let home = |id: &str| parts.iter().find(|p| p.has(id)).map_or(String::new(), |p| format!("{}.md", p.slug()));
    let mut out = BTreeMap::new();
    let mut index = heading(rules);
    contents(&parts, &mut index, &|id| format!("{folder}/{}#{id}", home(id)));
    let _ = writeln!(index, "\nThe wordings behind them: [signals]({folder}/signals.md).");
    out.insert(main.to_string(), index);
    let names = names(rules);
    let to_signal = |id: &str| format!("signals.md#signal-{id}");
    for part in &parts {
        let mut page = format!("{MARK}\n\n# {}\n\n[All indicators](../{main})\n", part.title());
        contents(std::slice::from_ref(part), &mut page, &|id| format!("#{id}"));
        for file in &part.files {
            indicator(file, rules, &names, &to_signal, &mut page);
        }
        out.insert(format!("{folder}/{}.md", part.slug()), page);
    }
    let mut page = format!("{MARK}\n\n# Signals\n\n[All indicators](../{main})\n");
    signals(rules, &mut page);
    out.insert(format!("{folder}/signals.md"), page);
    out
}

/// Everything on one page.
fn one_page(rules: &Rules) -> String {
    let parts = parts(rules);
    let mut page = heading(rules);
    contents(&parts, &mut page, &|id| format!("#{id}"));
    let _ = writeln!(page, "\nThe wordings behind them: [signals](#signals).");
    let names = names(rules);
    for part in &parts {
        let _ = write!(page, "\n## {}\n", part.title());
        for file in &part.files {
            indicator(file, rules, &names, &|id| format!("#signal-{id}"), &mut page);
        }
    }
    page.push_str("\n## Signals\n");
    signals(rules, &mut page);
    page
}

/// Indicators of one category and strength.
struct Group<'r> {
    category: Category,
    strength: Strength,
    files: Vec<&'r Sourced<IndicatorFile>>,
}

impl Group<'_> {
    fn has(&self, id: &str) -> bool {
        self.files.iter().any(|f| f.value.id == id)
    }

    fn slug(&self) -> String {
        format!("{}-{}", category(self.category).replace(' ', "-"), strength(self.strength))
    }

    fn title(&self) -> String {
        let category = match self.category {
            Category::Trafficking => "Human trafficking",
            Category::RecruitmentScam => "Recruitment scam",
        };
        format!("{category}, {}", strength(self.strength))
    }
}

/// Gravest first.
fn parts(rules: &Rules) -> Vec<Group<'_>> {
    let mut out = Vec::new();
    for category in [Category::Trafficking, Category::RecruitmentScam] {
        for strength in [Strength::Strong, Strength::Medium, Strength::Weak, Strength::Context] {
            let all = rules.indicators.values();
            let files: Vec<_> = all.filter(|f| f.value.category == category && f.value.strength == strength).collect();
            if !files.is_empty() {
                out.push(Group { category, strength, files });
            }
        }
    }
    out
}

fn heading(rules: &Rules) -> String {
    format!(
        "{MARK}\n\n# Indicators\n\n\
         {} red flags over {} signals. An indicator is a sign that needs checking; it accuses no one, and where none is found \
         nothing is promised.\n\n\
         *Strong* puts an advert at `warning` alone, *medium* adds up, *weak* alone never reaches `warning`, *context* is shown and \
         never counted. ILO grades and indicators are cited as drafted. How a rule is written: \
         [rule-writers.md](rule-writers.md).\n",
        rules.indicators.len(),
        rules.signals.len()
    )
}

fn contents(parts: &[Group<'_>], page: &mut String, link: &dyn Fn(&str) -> String) {
    for part in parts {
        let _ = write!(page, "\n**{}**\n\n", part.title());
        for file in &part.files {
            let i = &file.value;
            let _ = writeln!(
                page,
                "- [{}]({}) · {} points · {}",
                i.id,
                link(&i.id),
                i.points,
                escape(i.text.get("en").map_or(i.definition.as_str(), |t| &t.title))
            );
        }
    }
}

fn indicator(
    file: &Sourced<IndicatorFile>,
    rules: &Rules,
    names: &Names,
    to_signal: &dyn Fn(&str) -> String,
    page: &mut String,
) {
    let i = &file.value;
    let _ = write!(page, "\n### {}\n\n{}.\n\n", i.id, escape(i.definition.trim_end_matches('.')));
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(page, "- {name}: {value}");
        }
    };
    row("strength", format!("{}, {} points", strength(i.strength), i.points));
    row("category", category(i.category).into());
    row("kinds", if i.kinds.is_empty() { "all".into() } else { escape(&i.kinds.join(", ")) });
    row("status", escape(&i.status));
    row("ILO 2009", escape(&i.ilo));
    row("ILO 2012, forced labour", escape(&i.forced_labour));
    row("sources", escape(&i.sources.join("; ")));
    let readers: Vec<String> =
        LANGUAGES.iter().map(|l| format!("{l} {}", i.reviewed_by.get(*l).map_or("", |r| r.trim()))).collect();
    let readers: Vec<&String> = readers.iter().filter(|r| !r.ends_with(' ')).collect();
    let read = if readers.is_empty() { "nobody yet".into() } else { escape(&join(&readers, ", ")) };
    row("read by native readers", read);
    condition_of(i.when.get_ref(), names, to_signal, page);
    if i.absent {
        page.push_str("\nIt speaks of something missing: its evidence is the offer's own words.\n");
    }
    let mut used: Vec<&str> = signals_in(i.when.get_ref(), names);
    used.retain(|id| rules.signals.contains_key(*id));
    if !used.is_empty() {
        page.push_str("\nSignals:\n\n");
        for id in used {
            let signal = &rules.signals[id].value;
            let _ = writeln!(page, "- [{id}]({}): {}", to_signal(id), escape(&signal.meaning));
        }
    }
    page.push('\n');
    for language in LANGUAGES {
        if let Some(text) = i.text.get(language) {
            wording(language, text, page);
        }
    }
    for variant in &i.variant {
        let when = words_of(variant.when.get_ref(), names, to_signal);
        let _ = write!(page, "\nWhere {when}:\n\n");
        for language in LANGUAGES {
            if let Some(text) = variant.text.get(language) {
                wording(language, text, page);
            }
        }
    }
    examples("It holds for", &i.examples.matching, page);
    examples("It does not hold for", &i.examples.no_match, page);
}

fn wording(language: &str, text: &WordingFile, page: &mut String) {
    let _ = write!(page, "- {language}:");
    if !text.title.trim().is_empty() {
        let _ = write!(page, " **{}.**", escape(&text.title));
    }
    let _ = write!(page, " {}", escape(&text.explanation));
    if !text.ask.trim().is_empty() {
        let _ = write!(page, " *{}*", escape(&text.ask));
    }
    page.push('\n');
}

/// The shortest example of each language.
fn examples(title: &str, all: &ByLanguage, page: &mut String) {
    let mut lines = Vec::new();
    for language in EXAMPLE_LANGUAGES {
        let list = all.get(language).into_iter().flatten();
        if let Some(text) = list.min_by_key(|e| e.get_ref().chars().count()) {
            lines.push(format!("- {language}: «{}»\n", escape(text.get_ref())));
        }
    }
    if !lines.is_empty() {
        let _ = write!(page, "\n{title}:\n\n{}", lines.concat());
    }
}

fn signals(rules: &Rules, page: &mut String) {
    page.push_str(
        "\nWhat an advert says, in whatever language. The wordings are examples that every test run finds again; the phrases \
         themselves stand in `rules/signals/`.\n",
    );
    for (id, file) in &rules.signals {
        let s: &SignalFile = &file.value;
        let role = match s.role {
            Role::Flag => "flag",
            Role::Context => "context",
            Role::Counter => "counter",
            Role::Offer => "offer",
            Role::NoOffer => "no-offer",
            Role::Kind => "kind",
        };
        let phrases: usize = s.phrases.values().map(Vec::len).sum();
        let _ = write!(page, "\n### Signal {id}\n\n{} ({role}, {phrases} phrases)\n\n", escape(&s.meaning));
        for language in PHRASE_LANGUAGES {
            let few = if EXAMPLE_LANGUAGES.contains(&language) { 3 } else { 2 };
            let list = s.examples.matching.get(language).into_iter().flatten();
            let texts: Vec<String> = list.take(few).map(|e| format!("«{}»", escape(e.get_ref()))).collect();
            if !texts.is_empty() {
                let _ = writeln!(page, "- {language}: {}", texts.join(" · "));
            }
        }
    }
}

fn join(parts: &[&String], with: &str) -> String {
    parts.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(with)
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Context => "context",
        Strength::Weak => "weak",
        Strength::Medium => "medium",
        Strength::Strong => "strong",
    }
}

fn category(category: Category) -> &'static str {
    match category {
        Category::Trafficking => "trafficking",
        Category::RecruitmentScam => "recruitment scam",
    }
}

/// Text as it is, whatever signs it holds: nothing in it becomes a heading, a link, a table or HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut blank = true;
    let mut last = ' ';
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !blank {
                out.push(' ');
            }
            blank = true;
            last = ' ';
            continue;
        }
        blank = false;
        // what would become a link by itself: https://..., www...., a@b.c
        let link = c == '.' && matches!(last, 'w' | 'W') || c == ':' && text.contains("://") || c == '@';
        if link || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#') {
            out.push('\\');
        }
        out.push(c);
        last = c;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> Rules {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
        Rules::load_what_can_be(&folder).0
    }

    #[test]
    fn every_indicator_stands_in_the_pages_once() {
        let rules = built_in();
        assert!(rules.indicators.len() > 20);
        let pages = pages(&rules, "indicators.md");
        let all = pages.values().cloned().collect::<String>();
        for (id, file) in &rules.indicators {
            let heading = format!("\n### {id}\n");
            assert_eq!(all.matches(&heading).count(), 1, "{id}");
            for text in file.value.text.values() {
                assert!(all.contains(&escape(&text.ask)), "{id}: {}", text.ask);
            }
        }
        for id in rules.signals.keys() {
            assert_eq!(all.matches(&format!("\n### Signal {id}\n")).count(), 1, "{id}");
        }
        assert!(pages.values().all(|p| p.starts_with(MARK) && p.len() <= LARGEST));
        assert_eq!(pages, super::pages(&rules, "indicators.md"), "the same rules give the same pages");
    }

    #[test]
    fn every_link_leads_somewhere() {
        let rules = built_in();
        let pages = pages(&rules, "indicators.md");
        for (name, page) in &pages {
            for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                if anchor.is_empty() {
                    continue;
                }
                let folder = name.rsplit_once('/').map_or(String::new(), |(f, _)| format!("{f}/"));
                let file = if file.is_empty() { name.clone() } else { format!("{folder}{file}") };
                let title = anchor.strip_prefix("signal-").map_or(anchor.to_string(), |id| format!("Signal {id}"));
                let found = pages.get(&file).is_some_and(|p| {
                    p.contains(&format!("\n### {title}\n")) || p.contains("\n## Signals\n") && anchor == "signals"
                });
                assert!(found, "{name} links to {target}");
            }
        }
    }

    #[test]
    fn markdown_stays_text() {
        assert_eq!(escape("a*b* <i> [x](y) | `c` _d_\n# e"), "a\\*b\\* \\<i\\> \\[x\\](y) \\| \\`c\\` \\_d\\_ \\# e");
        assert_eq!(escape("https://a.b www.c.d e@f.g $1$"), "https\\://a.b www\\.c.d e\\@f.g \\$1\\$");
        assert_eq!(escape("Стамбул: 900\u{7}"), "Стамбул: 900");
    }
}
