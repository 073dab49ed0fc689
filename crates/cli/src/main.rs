//! The command `sakchy`.

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
    /// Check, test, format, explain and build rules
    Rules(rules::RulesArgs),
}

fn main() -> ExitCode {
    match Cli::parse().verb {
        Verb::Rules(args) => rules::run(args),
    }
}
