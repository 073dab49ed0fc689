//! `sakchy rules`: the tools of rule writers.

use clap::{Args, Subcommand};
use sakchy_core::engine::{Engine, Options};
use sakchy_rules::{Compiled, RuleError, Rules};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    verb: RulesVerb,
    /// Folder of rules
    #[arg(long, global = true, default_value = "rules")]
    rules: PathBuf,
    /// Folder of own rules, laid over the others
    #[arg(long, global = true)]
    own: Option<PathBuf>,
}

#[derive(Subcommand)]
enum RulesVerb {
    /// Look for mistakes, missing translations and examples
    Check {
        /// Only these signals and indicators
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Run the examples that stand beside every rule
    Test {
        /// Only these signals and indicators
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Show which words of a text fire which phrases
    Explain {
        /// The text
        text: String,
    },
}

pub fn run(args: RulesArgs) -> ExitCode {
    let only: &[String] = match &args.verb {
        RulesVerb::Check { only } | RulesVerb::Test { only } => only,
        RulesVerb::Explain { .. } => &[],
    };
    let (mut rules, mut errors) = Rules::load_what_can_be(&args.rules);
    if let Some(own) = &args.own {
        let (own, more) = Rules::load_what_can_be(own);
        errors.extend(more);
        errors.extend(rules.overlay(own).err().unwrap_or_default());
    }
    let (compiled, more) = sakchy_rules::compile::compile_what_can_be(&rules);
    errors.extend(more);
    // working on one rule, one need not wait for the others
    errors.retain(|e| only.is_empty() || only.iter().any(|id| e.file.ends_with(&format!("/{id}.toml"))));
    if !errors.is_empty() && !(errors.iter().all(|e| e.line > 0) && matches!(args.verb, RulesVerb::Explain { .. })) {
        return report(&errors);
    }
    let engine = match Engine::new(compiled.pack.clone(), "") {
        Ok(engine) => engine,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::from(1);
        }
    };
    match &args.verb {
        RulesVerb::Check { only } => {
            let errors = sakchy_rules::check::run(&rules, &compiled, &engine, only);
            if errors.is_empty() {
                eprintln!("checked: {} signals, {} indicators, {} phrases", rules.signals.len(), rules.indicators.len(), compiled.pack.phrases.len());
                return ExitCode::SUCCESS;
            }
            report(&errors)
        }
        RulesVerb::Test { only } => {
            let outcome = sakchy_rules::examples::run(&rules, &engine, only);
            for error in &outcome.failed {
                eprintln!("{error}\n");
            }
            println!("{} examples passed, {} failed", outcome.run - outcome.failed.len(), outcome.failed.len());
            ExitCode::from(u8::from(!outcome.failed.is_empty()))
        }
        RulesVerb::Explain { text } => {
            explain(&engine, &compiled, text);
            ExitCode::SUCCESS
        }
    }
}

fn report(errors: &[RuleError]) -> ExitCode {
    for error in errors {
        eprintln!("{error}\n");
    }
    eprintln!("{} mistakes", errors.len());
    ExitCode::from(1)
}

fn explain(engine: &Engine, compiled: &Compiled, text: &str) {
    let reading = engine.read(text, None);
    println!("language {} · kind {} · offer {} {}", reading.language, reading.offer.kind, reading.offer.is_offer, reading.offer.no_offer.as_deref().unwrap_or(""));
    for (n, signal) in engine.pack().signals.iter().enumerate() {
        for hit in reading.hits.of(n as u16) {
            let (start, end) = reading.text.span(hit.first as usize, hit.last as usize);
            let origin = &compiled.origins[hit.phrase as usize];
            println!("{:<24} «{}»", signal.id, &text[start..end]);
            println!("{:<24}   {}:{} {} {}", "", origin.file, origin.line, origin.language, origin.words);
        }
    }
    let answer = engine.screen(text, &Options::default());
    println!("score {} · {}", answer.score, answer.band);
    for term in &answer.sum {
        println!("  {:>3}  {}", term.points, term.term);
    }
}
