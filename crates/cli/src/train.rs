//! `sakchy train`: a model from labelled adverts.

use crate::common::{PackArgs, fail};
use crate::train_case;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sakchy::Model;
use sakchy_train::corpus;
use sakchy_train::model::Settings;
use sakchy_train::training::{train, write_over};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  sakchy train                                     the shipped model, after rules or corpus changed\n  sakchy train --corpus own.csv --out own.bin --base rules/model.bin\n  sakchy scan --model own.bin adverts/\n\nThe split `frozen` of a corpus folder is never trained on. Same rows, same rules, same machine: same bytes."
)]
pub struct TrainArgs {
    /// Labelled adverts: a corpus folder, or a CSV or JSONL file with text,label (risky or legitimate)
    #[arg(long, value_name = "DIR|FILE", default_value = "corpus")]
    corpus: PathBuf,
    /// Reviewed adverts of a casebook, beside the corpus (`--corpus none`: alone)
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
    /// With --case: replace the model in place even when the new one is not better
    #[arg(long, requires = "case")]
    replace: bool,
    /// Where the model is written
    #[arg(long, value_name = "FILE", default_value = "rules/model.bin")]
    out: PathBuf,
    /// A model to build on
    #[arg(long, value_name = "MODEL")]
    base: Option<PathBuf>,
    /// Where the model card is written; beside the model unless named
    #[arg(long, value_name = "FILE", default_value_if("out", clap::builder::ArgPredicate::Equals("rules/model.bin".into()), "MODEL_CARD.md"))]
    card: Option<PathBuf>,
    /// Most features with a weight
    #[arg(long, default_value_t = Settings::default().features)]
    features: usize,
    /// Look at the rows only: duplicates, near-duplicates across families, indicators; nothing is trained
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    pack: PackArgs,
}

pub fn run(args: &TrainArgs) -> ExitCode {
    match work(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => fail(&e),
    }
}

fn work(args: &TrainArgs) -> Result<(), String> {
    let alone = args.case.is_some() && args.corpus.as_os_str() == "none";
    let mut rows = if alone {
        Vec::new()
    } else {
        corpus::load_any(&args.corpus, !args.check).map_err(|errors| errors.join("\n"))?
    };
    if let Some(case) = &args.case {
        rows.extend(train_case::rows(case)?);
    }
    let screener = args.pack.screener()?.without_model();
    if args.check {
        return check(&screener, &rows);
    }
    let base = args.base.as_ref().map(|path| {
        let named = |e: String| format!("{}: {e}", path.display());
        let bytes = std::fs::read(path).map_err(|e| named(e.to_string()))?;
        Model::from_bytes(&bytes).map_err(|e| named(e.to_string()))
    });
    let base = base.transpose()?;
    let bar = ProgressBar::new(1);
    bar.set_style(
        ProgressStyle::with_template("training {wide_bar} {pos}/{len} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.enable_steady_tick(std::time::Duration::from_millis(500));
    let settings = Settings { features: args.features, ..Settings::default() };
    let outcome = train(&screener, &rows, &settings, base.as_ref(), &mut |at, of| {
        bar.set_length(of as u64);
        bar.set_position(at as u64);
    });
    bar.finish_and_clear();
    let outcome = outcome.map_err(|e| e.to_string())?;
    let bytes = outcome.model.to_bytes();
    Model::from_bytes(&bytes).map_err(|e| e.to_string())?;
    let out = match &args.case {
        Some(_) => train_case::place(&args.out, &screener, &rows, &outcome, args.replace)?,
        None => args.out.clone(),
    };
    write_over(&out, &bytes)?;
    let report = sakchy_train::report::grouped(&screener, &rows, &outcome);
    println!("{}", report.table());
    println!("{}: {} bytes, {} weights", out.display(), bytes.len(), outcome.model.weights.len());
    let card = args.card.clone().unwrap_or_else(|| out.with_extension("card.md"));
    let text = sakchy_train::card::write(&args.corpus.display().to_string(), &rows, &outcome, &report, bytes.len());
    write_over(&card, text.as_bytes())?;
    println!("{}", card.display());
    Ok(())
}

fn check(screener: &sakchy::Screener, rows: &[corpus::Row]) -> Result<(), String> {
    let (mistakes, notes) = sakchy_train::check::rows(screener, rows);
    notes.iter().for_each(|n| println!("{n}"));
    println!("{} rows, {} mistakes, {} notes", rows.len(), mistakes.len(), notes.len());
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("\n")) }
}
