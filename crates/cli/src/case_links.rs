//! `sakchy case links`: clusters as template and slots, patterns over many adverts.

use crate::case_common::settings;
use crate::common::plain;
use crate::messages::language;
use clap::Args;
use indicatif::ProgressBar;
use sakchy_casebook::pattern;
use sakchy_casebook::template::{LOOKED_AT, line, template};
use sakchy_casebook::{Case, CaseError};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct LinksArgs {
    case: PathBuf,
    /// Forget all links and make them again from the adverts
    #[arg(long)]
    anew: bool,
    /// Most clusters and patterns
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Language: ky, ru, uz or en
    #[arg(long, value_parser = ["ky", "ru", "uz", "en"])]
    lang: Option<String>,
}

pub fn run(args: &LinksArgs) -> Result<ExitCode, CaseError> {
    if args.anew {
        let bar = ProgressBar::new_spinner();
        let linked = Case::open(&args.case, settings(None))?.link_anew(|n| bar.set_message(n.to_string()))?;
        bar.finish_and_clear();
        eprintln!("sakchy: {} adverts looked at", linked.adverts);
    }
    let case = Case::read(&args.case)?;
    for cluster in case.clusters(0, args.limit)? {
        let parts = template(&case.cluster_texts(cluster.id, LOOKED_AT)?);
        println!("~{} ({}): {}", cluster.id, cluster.adverts, plain(&line(&parts)));
    }
    let patterns = case.patterns(args.limit)?;
    if let Some(text) = (!patterns.is_empty()).then(|| pattern::rule().text(language(args.lang.as_deref()))) {
        println!("\n{}\n{}\n", text.title, text.explanation);
    }
    for p in patterns {
        let adverts: Vec<String> = case.pattern_adverts(&p, 12)?.iter().map(i64::to_string).collect();
        println!(
            "{} {} ({}): {} · {} · {} · {}",
            p.kind,
            plain(&p.subject),
            p.adverts,
            p.trades.join(", "),
            plain(&p.places.join(", ")),
            plain(&p.names.join(", ")),
            adverts.join(" ")
        );
    }
    Ok(ExitCode::SUCCESS)
}
