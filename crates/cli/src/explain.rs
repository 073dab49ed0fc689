//! `sakchy explain`: one text, everything shown.

use crate::common::{PackArgs, fail, plain};
use crate::messages::{Messages, language};
use crate::registry;
use crate::table::{self, Colours, Entry};
use clap::Args;
use sakchy::Options;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(after_help = "Examples:
  sakchy explain \"Работа в Дубае, паспорт хранится у нас, билет отработаете\"
  sakchy explain --lang ky --file advert.txt
  sakchy explain --json - < advert.txt")]
pub struct ExplainArgs {
    /// The text, or - to read it from standard input
    text: Option<String>,
    /// A file that holds the text
    #[arg(long, conflicts_with = "text")]
    file: Option<PathBuf>,
    /// Language of the answer: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    lang: Option<String>,
    /// Print the JSON answer
    #[arg(long)]
    json: bool,
    /// List of permits as CSV
    #[arg(long, value_name = "FILE.csv")]
    registry: Option<PathBuf>,
    /// Day for which permits are judged, as 2026-11-21
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Country whose help lines are shown
    #[arg(long, default_value = "KG")]
    country: String,
    #[command(flatten)]
    pack: PackArgs,
}

pub fn run(args: ExplainArgs) -> ExitCode {
    let text = match (&args.text, &args.file) {
        (_, Some(path)) => match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) => return fail(&format!("{}: {e}", path.display())),
        },
        (Some(text), None) if text != "-" => text.clone(),
        _ => {
            let mut bytes = Vec::new();
            if let Err(e) = std::io::stdin().read_to_end(&mut bytes) {
                return fail(&format!("standard input cannot be read: {e}"));
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let screener = match args.pack.screener() {
        Ok(screener) => screener,
        Err(e) => return fail(&e),
    };
    if let Some(Err(e)) = args.as_of.as_deref().map(registry::check_date) {
        return fail(&e);
    }
    let list = match args.registry.as_ref().map(|p| registry::load(&screener, p, args.as_of.as_deref())).transpose() {
        Ok(list) => list,
        Err(e) => return fail(&e),
    };
    let lang = language(args.lang.as_deref());
    let options =
        Options { lang: Some(lang), country: Some(&args.country), registry: list.as_ref(), ..Options::default() };
    let answer = screener.screen_with(&text, &options);
    if args.json {
        println!("{}", answer.to_json());
        return ExitCode::SUCCESS;
    }
    let m = Messages::of(&screener, lang);
    let colours = Colours::new(std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let width = terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0)).clamp(40, 120);
    let name = |group: &str, key: &str| m.get(&format!("{group}.{key}")).to_string();
    let place = format!(
        "{}: {} · {}: {}",
        m.get("heading.kind"),
        name("kind", &answer.kind),
        m.get("heading.language"),
        name("language", answer.language)
    );
    let help = answer.help.clone();
    let advice = answer.advice.clone();
    let entry = Entry { place, text, title: None, answer };
    print!("{}", table::entry(&entry, &m, colours, width));
    let answer = &entry.answer;
    if let Some(reason) = &answer.no_offer {
        println!("     {}: {}", m.get("no-offer.title"), name("no-offer", reason));
    }
    println!("\n{}", m.get("heading.sum"));
    for term in &answer.sum {
        let title = match answer.findings.iter().find(|f| f.indicator == term.term) {
            Some(finding) => finding.title.as_str(),
            None => m.get("classifier.name"),
        };
        let of = term.of.map_or(String::new(), |of| format!(" ({} → {})", of, term.points));
        println!("  {:>4}  {title}{of}", term.points);
    }
    println!("  {:>4}  {} ({})", answer.score, m.get("heading.total"), m.get("summary.cap"));
    if answer.classifier.state == Some("off") {
        println!("        {}", m.get("classifier.off"));
    }
    println!("\n{}", m.get("heading.facts"));
    let facts = &answer.facts;
    let list = |key: &str, values: Vec<String>| {
        if !values.is_empty() {
            println!("  {}: {}", m.get(&format!("heading.{key}")), plain(&values.join(", ")));
        }
    };
    list("telephones", facts.telephones.clone());
    list("handles", facts.handles.clone());
    list("destinations", facts.destinations.clone());
    let range = |min: u64, max: u64| {
        if min == max { min.to_string() } else { format!("{min}-{max}") }
    };
    let pay = facts.pay.iter().map(|p| {
        let period = p.period.as_deref().map_or(String::new(), |k| format!(" {}", m.get(&format!("period.{k}"))));
        format!("{} {}{period}", range(p.min, p.max), p.currency.as_deref().unwrap_or(""))
    });
    list("pay", pay.collect());
    let ages = facts.ages.iter().map(|a| {
        let end = |n: Option<u8>| n.map_or(String::new(), |n| n.to_string());
        format!("{}-{}", end(a.from), end(a.to))
    });
    list("ages", ages.collect());
    list("agency", facts.firms.clone());
    list("permit", facts.permit.iter().cloned().collect());
    if let Some(r) = &facts.registry {
        let state = m.get(&format!("registry.{}", r.state)).replace("{until}", r.until.as_deref().unwrap_or("?"));
        println!("  {}: {} — {state}", m.get("heading.registry"), plain(&r.asked));
    }
    if !advice.is_empty() {
        println!("\n{}", m.get("heading.advice"));
        advice.iter().for_each(|line| println!("  • {line}"));
    }
    let mut counts = table::Counts::default();
    counts.add(answer);
    if !help.is_empty() {
        println!();
        print!("{}", table::help(&help, &m, colours, width));
    }
    println!("\n{}", m.get("note.no-accusation"));
    println!("{} {}", answer.engine, answer.pack);
    ExitCode::SUCCESS
}
