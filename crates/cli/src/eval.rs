//! `sakchy eval`: figures on labelled adverts and on real texts.

use crate::common::{PackArgs, fail};
use clap::Args;
use sakchy::Screener;
use sakchy_train::eval::flagged;
use sakchy_train::{corpus, eval};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct EvalArgs {
    /// Folder of labelled adverts
    #[arg(long, default_value = "corpus")]
    corpus: PathBuf,
    /// Folder of real texts kept outside the repository (*.jsonl, one {"text": ...} a line)
    #[arg(long)]
    data: Option<PathBuf>,
    /// Show the texts that went wrong (never those of the frozen quarter)
    #[arg(long)]
    texts: bool,
    /// Train and judge on folds grouped by family (half a minute and more): what the shipped model's figures rest on
    #[arg(long)]
    folds: bool,
    /// Rules, classifier and both on rows that no model has seen: the split `frozen`
    #[arg(long)]
    frozen: bool,
    /// With --folds or --frozen: a page with precision-recall, scores and languages
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// EMSCAD as a yardstick: JSONL with text,label (fraud or legit) or the original CSV
    #[arg(long, value_name = "FILE")]
    emscad: Option<PathBuf>,
    /// With --emscad: write the adverts with their folds, for peers
    #[arg(long, value_name = "FILE")]
    folds_out: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pack: PackArgs,
}

pub fn run(args: EvalArgs) -> ExitCode {
    let screener = match args.pack.screener() {
        Ok(screener) => screener,
        Err(e) => return fail(&e),
    };
    if args.folds || args.frozen || args.emscad.is_some() {
        return match beside(&args, &screener) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => fail(&e),
        };
    }
    let rows = match corpus::load(&args.corpus) {
        Ok(rows) => rows,
        Err(errors) => return fail(&errors.join("\n")),
    };
    let report = eval::run(&screener, &rows);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        println!("{}", report.table(args.texts));
    }
    if let Some(folder) = &args.data
        && let Err(e) = real_texts(&screener, folder, args.texts)
    {
        return fail(&e);
    }
    ExitCode::SUCCESS
}

/// The evaluations of the classifier.
fn beside(args: &EvalArgs, screener: &Screener) -> Result<(), String> {
    use sakchy_train::{emscad, html, model::Settings, report, training};
    let progress = |at: usize, of: usize| eprintln!("sakchy: {at} of {of}");
    if let Some(path) = &args.emscad {
        let adverts = emscad::load(path)?;
        if let Some(out) = &args.folds_out {
            let lines: Vec<String> = adverts.iter().filter_map(|a| serde_json::to_string(a).ok()).collect();
            training::write_over(out, (lines.join("\n") + "\n").as_bytes())?;
        }
        let figures = emscad::run(screener, &adverts, &mut |at, of| progress(at, of))?;
        let json = serde_json::to_string_pretty(&figures).map_err(|e| e.to_string())?;
        println!("{json}");
        return Ok(());
    }
    let rows = corpus::load_any(&args.corpus, args.folds).map_err(|e| e.join("\n"))?;
    let report = if args.folds {
        let settings = Settings::default();
        let outcome = training::train(screener, &rows, &settings, None, &mut |at, of| progress(at, of))
            .map_err(|e| e.to_string())?;
        report::grouped(screener, &rows, &outcome)
    } else {
        let frozen: Vec<_> = rows.into_iter().filter(|r| r.split == "frozen" || r.split == "own").collect();
        let model = match &args.pack.model {
            Some(path) => std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?,
            None => sakchy::BUILTIN_MODEL.to_vec(),
        };
        let model = sakchy::Model::from_bytes(&model).map_err(|e| e.to_string())?;
        report::unseen(screener, &model, &frozen, "rows that were not trained on")
    };
    if let Some(path) = &args.html {
        training::write_over(path, html::page(&report).as_bytes())?;
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        println!("{}", report.table());
    }
    Ok(())
}

fn real_texts(screener: &Screener, folder: &Path, texts: bool) -> Result<(), String> {
    println!("{:<36} {:>7} {:>9} {:>9} {:>9} {:>8}", "real texts", "texts", "warning+", "danger", "notice", "offers");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .flatten()
        .map(|e| e.path())
        .collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "jsonl"));
    files.sort();
    for file in files {
        let input = std::fs::File::open(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let adverts =
            sakchy_documents::read(input, sakchy_documents::Layout::Jsonl, &sakchy_documents::Columns::default());
        let adverts = adverts.map_err(|e| format!("{} {e}", file.display()))?;
        let (mut count, mut warning, mut danger, mut notice, mut offers) = (0, 0, 0, 0, 0);
        for advert in adverts.flatten() {
            let answer = screener.screen(&advert.text);
            count += 1;
            warning += usize::from(flagged(&answer));
            danger += usize::from(answer.band == "danger");
            notice += usize::from(answer.band == "notice");
            offers += usize::from(answer.offer);
            if texts && flagged(&answer) {
                let terms: Vec<String> = answer.sum.iter().map(|t| format!("{} {}", t.points, t.term)).collect();
                println!("  {} {} · {}", advert.place, answer.score, terms.join(" · "));
                for e in answer.findings.iter().flat_map(|f| &f.evidence) {
                    println!("      «{}»", crate::common::plain(&e.text));
                }
            }
        }
        let percent = |n: usize| format!("{:.1}%", n as f64 * 100.0 / (count.max(1)) as f64);
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_string();
        println!("{name:<36} {count:>7} {warning:>9} {danger:>9} {notice:>9} {:>8}", percent(offers));
    }
    Ok(())
}
