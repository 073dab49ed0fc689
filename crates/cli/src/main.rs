//! The command `sakchy`.

mod common;
mod eval;
mod rules;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "sakchy", version, about)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Measure on labelled adverts and real texts
    Eval(eval::EvalArgs),
    /// Check, test, format, explain and build rules
    Rules(rules::RulesArgs),
}

fn main() -> ExitCode {
    match Cli::parse().verb {
        Verb::Eval(args) => eval::run(args),
        Verb::Rules(args) => rules::run(args),
    }
}
