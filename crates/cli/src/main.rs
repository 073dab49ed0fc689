//! The command `sakchy`.

mod case;
mod case_common;
mod case_links;
mod case_show;
mod common;
mod crawl;
mod csv_out;
mod eval;
mod explain;
mod input;
mod messages;
mod reading;
mod registry;
mod registry_verb;
mod report;
mod rules;
mod scan;
mod scan_case;
mod scan_out;
mod scan_registry;
mod table;
mod train;
mod train_case;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "sakchy",
    version,
    about = "Shows the red flags of human trafficking in adverts. Everything stays on this machine.",
    after_help = "Exit codes: 0 all read, 1 some inputs unreadable, 2 wrong usage, 3 nothing readable.\nEvery verb has its own --help with examples."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Screen adverts and show those that need checking, worst first
    Scan(scan::ScanArgs),
    /// Show everything about one text: words found, reasons, the sum, facts, advice
    Explain(explain::ExplainArgs),
    /// The casebook: work list, reviews, links, custody log, verify
    Case(case::CaseArgs),
    /// Reports and letters from a casebook
    Report(report::ReportVerbArgs),
    /// Lists of permits
    Registry(registry_verb::RegistryArgs),
    /// Measure on labelled adverts and real texts
    Eval(eval::EvalArgs),
    /// Train the classifier on labelled adverts
    Train(train::TrainArgs),
    /// Collect adverts from job boards and online newspapers, politely and with evidence
    Crawl(crawl::CrawlArgs),
    /// Check, test, format, explain and build rules
    Rules(rules::RulesArgs),
}

fn main() -> ExitCode {
    match Cli::parse().verb {
        Verb::Scan(args) => scan::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Case(args) => case::run(args),
        Verb::Report(args) => report::run(args),
        Verb::Registry(args) => registry_verb::run(args),
        Verb::Eval(args) => eval::run(args),
        Verb::Train(args) => train::run(&args),
        Verb::Crawl(args) => crawl::run(args),
        Verb::Rules(args) => rules::run(args),
    }
}
