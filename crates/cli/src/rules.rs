//! `sakchy rules`: the tools of rule writers.

use clap::{Args, Subcommand};
use sakchy_core::engine::{Engine, Options};
use sakchy_rules::{Compiled, RuleError, Rules};
use std::path::{Path, PathBuf};
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
        /// Show every warning, not only how many there are
        #[arg(long)]
        warnings: bool,
    },
    /// Run the examples that stand beside every rule
    Test {
        /// Only these signals and indicators
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Write every file in the one form
    Fmt {
        /// Only say which files differ; exit 1 if any does
        #[arg(long)]
        check: bool,
    },
    /// Compile the rules into one file
    Build {
        /// The file to write
        #[arg(long, value_name = "FILE.pack")]
        out: PathBuf,
    },
    /// A table of all wordings of one language for a native reader
    #[command(after_help = "Examples:
  sakchy rules sheet export --lang ky > kyrgyz.csv      give the table to a reader
  sakchy rules sheet import --lang ky kyrgyz.csv        take corrections and signature back")]
    Sheet {
        #[command(subcommand)]
        way: Sheet,
    },
    /// Write the page that lists every indicator (in parts, when it is long)
    #[command(after_help = "Example:
  sakchy rules page --out docs/indicators.md     when it grows over 400 kB, that file holds the table of contents,
                                                 and the folder docs/indicators the pages")]
    Page {
        /// The file to write
        #[arg(long, value_name = "FILE.md")]
        out: PathBuf,
    },
    /// Show which words of a text fire which phrases
    Explain {
        /// The text
        text: String,
    },
}

#[derive(Subcommand)]
enum Sheet {
    /// Write the table to standard output
    Export {
        /// ru, ky, uz, en, kk, tg or tr
        #[arg(long)]
        lang: String,
    },
    /// Take a table back: `corrected` replaces the wording, `reviewed_by` signs the file
    Import {
        /// ru, ky, uz, en, kk, tg or tr
        #[arg(long)]
        lang: String,
        /// The table
        file: PathBuf,
    },
}

pub fn run(args: RulesArgs) -> ExitCode {
    match &args.verb {
        RulesVerb::Fmt { check } => return format(&args.rules, *check),
        RulesVerb::Sheet { way } => return sheet(&args.rules, way),
        _ => {}
    }
    let only: &[String] = match &args.verb {
        RulesVerb::Check { only, .. } | RulesVerb::Test { only } => only,
        _ => &[],
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
    let explaining = matches!(args.verb, RulesVerb::Explain { .. });
    if errors.iter().any(|e| !explaining || e.line == 0) {
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
        RulesVerb::Check { only, warnings } => {
            warn(&sakchy_rules::warn::run(&rules, only), *warnings || !only.is_empty());
            let errors = sakchy_rules::check::run(&rules, &compiled, &engine, only);
            if errors.is_empty() {
                eprintln!(
                    "checked: {} signals, {} indicators, {} phrases",
                    rules.signals.len(),
                    rules.indicators.len(),
                    compiled.pack.phrases.len()
                );
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
        RulesVerb::Build { out } => {
            let bytes = compiled.pack.to_bytes();
            if let Err(e) = std::fs::write(out, &bytes) {
                eprintln!("{}: cannot be written: {e}", out.display());
                return ExitCode::from(1);
            }
            eprintln!(
                "{}: {} bytes, {} signals, {} indicators",
                out.display(),
                bytes.len(),
                rules.signals.len(),
                rules.indicators.len()
            );
            ExitCode::SUCCESS
        }
        RulesVerb::Page { out } => page(&rules, out),
        RulesVerb::Fmt { .. } | RulesVerb::Sheet { .. } => ExitCode::SUCCESS,
        RulesVerb::Explain { text } => {
            explain(&engine, &compiled, text);
            ExitCode::SUCCESS
        }
    }
}

fn warn(warnings: &sakchy_rules::warn::Warnings, all: bool) {
    for (_, list) in warnings.sorts().into_iter().filter(|_| all) {
        for warning in list {
            eprintln!("warning: {warning}\n");
        }
    }
    for (sort, list) in warnings.sorts().into_iter().filter(|(_, list)| !list.is_empty()) {
        eprintln!("warnings: {:>5} {sort}", list.len());
    }
    if warnings.count() > 0 && !all {
        eprintln!("          (`sakchy rules check --warnings` shows them)");
    }
}

/// Writes the pages; earlier ones in the folder beside, that no indicator needs any longer, go.
fn page(rules: &Rules, out: &Path) -> ExitCode {
    let Some(name) = out.file_name().and_then(|n| n.to_str()) else {
        eprintln!("{}: name a file to write, such as docs/indicators.md", out.display());
        return ExitCode::from(2);
    };
    let pages = sakchy_rules::page::pages(rules, name);
    let folder = out.parent().unwrap_or(Path::new(""));
    for old in std::fs::read_dir(out.with_extension("")).into_iter().flatten().flatten().map(|e| e.path()) {
        let written = std::fs::read_to_string(&old).is_ok_and(|t| t.starts_with(sakchy_rules::page::MARK));
        if written && let Err(e) = std::fs::remove_file(&old) {
            eprintln!("{}: cannot be removed: {e}", old.display());
        }
    }
    for (name, text) in &pages {
        let path = folder.join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(e) = made.and_then(|()| std::fs::write(&path, text)) {
            eprintln!("{}: cannot be written: {e}", path.display());
            return ExitCode::from(1);
        }
        eprintln!("{}: {} kB", path.display(), text.len().div_ceil(1000));
    }
    ExitCode::SUCCESS
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
    println!(
        "language {} · kind {} · offer {} {}",
        reading.language,
        reading.offer.kind,
        reading.offer.is_offer,
        reading.offer.no_offer.as_deref().unwrap_or("")
    );
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

fn format(folder: &Path, check: bool) -> ExitCode {
    let (mut differ, mut broken) = (0, 0);
    for kind in ["", "words", "signals", "indicators", "places", "help", "messages"] {
        let Ok(entries) = std::fs::read_dir(folder.join(kind)) else {
            continue;
        };
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")) {
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            match sakchy_rules::format::format(&text) {
                Ok(new) if new == text => {}
                Ok(new) => {
                    differ += 1;
                    println!("{}", path.display());
                    if let Some(e) = (!check).then(|| std::fs::write(&path, new).err()).flatten() {
                        eprintln!("{}: cannot be written: {e}", path.display());
                        broken += 1;
                    }
                }
                Err(e) => {
                    eprintln!("{}: {e}", path.display());
                    broken += 1;
                }
            }
        }
    }
    ExitCode::from(u8::from(broken > 0 || (check && differ > 0)))
}

fn sheet(folder: &Path, way: &Sheet) -> ExitCode {
    match way {
        Sheet::Export { lang } => match sakchy_rules::sheet::export(folder, lang) {
            Ok(table) => {
                print!("{table}");
                ExitCode::SUCCESS
            }
            Err(e) => {
                eprintln!("{e}");
                ExitCode::from(1)
            }
        },
        Sheet::Import { lang, file } => {
            let table = match std::fs::read_to_string(file) {
                Ok(table) => table,
                Err(e) => {
                    eprintln!("{}: {e}", file.display());
                    return ExitCode::from(2);
                }
            };
            match sakchy_rules::sheet::import(folder, lang, &table) {
                Ok(done) => {
                    println!("{} wordings corrected, {} files signed", done.corrected, done.signed);
                    ExitCode::SUCCESS
                }
                Err(errors) => report(&errors),
            }
        }
    }
}
