//! One command surface for people and CI: `cargo xtask test`, `budget`, `bench`, `bench-peers`.

mod browsers;
mod budget;
mod extension;
mod npm;
mod packages;
mod page;
mod peers;

use std::process::{Command, ExitCode};

const HELP: &str = "cargo xtask VERB
  test         everything: format, lints, unit, property and command-line tests, rules, budgets
  budget       size of the WebAssembly and time ratios, measured in one run
  npm          the npm package @sakchy/screener, into target/npm/screener
  extension    the browser extension: Chrome zip, Firefox zip, sources zip, into target/extension
  page         the offline page for phones, into target/page
  browsers     the tests in Node, Chromium and Firefox alone (a part of `test`)
  eval-pages   cutting and reading of the fixture pages, tuned and other; -v names what was missed
  bench        criterion benches, and a million adverts into a casebook (some minutes, 3 GB in the folder for temporary files)
  bench-peers  yara-x, hyperscan and Python's re on the same texts (makes its own venv; never in CI)";

fn main() -> ExitCode {
    let verb = std::env::args().nth(1).unwrap_or_default();
    let result = match verb.as_str() {
        "test" => test(),
        "budget" => budget::measure(),
        "npm" => npm::build(),
        "extension" => extension::build(),
        "page" => page::build(),
        "browsers" => browsers::test(),
        "eval-pages" => eval_pages(),
        "bench" => cargo(&["bench", "--package", "sakchy"]).and_then(|()| {
            let million = ["run", "--release", "--package", "sakchy-casebook", "--example", "million", "--", "1000000"];
            cargo(&million)
        }),
        "bench-peers" => peers::compare(),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program in the workspace's root and says which step failed.
fn run(program: &str, args: &[&str]) -> Result<(), String> {
    eprintln!("> {program} {}", args.join(" "));
    let status = Command::new(program).args(args).current_dir(root()).status();
    let status = status.map_err(|e| format!("`{program}` cannot be started: {e}; install it and try again"))?;
    if status.success() { Ok(()) } else { Err(format!("`{program} {}` failed", args.join(" "))) }
}

fn cargo(args: &[&str]) -> Result<(), String> {
    run(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
}

fn root() -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text_of(path: &std::path::Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn eval_pages() -> Result<(), String> {
    packages::install(packages::READING, &[])?;
    let mut args = vec!["run", "--release", "--package", "sakchy-cli", "--example", "eval_pages", "--"];
    args.extend(["tests/fixtures/pages/tuned", "tests/fixtures/pages/other"]);
    let more: Vec<String> = std::env::args().skip(2).collect();
    args.extend(more.iter().map(String::as_str));
    cargo(&args)
}

fn test() -> Result<(), String> {
    cargo(&["fmt", "--all", "--check"])?;
    // one profile for everything: the property tests want speed, and each profile costs a build of its own
    cargo(&["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    cargo(&["build", "--release", "--workspace"])?;
    let sakchy = root().join("target/release/sakchy");
    let sakchy = sakchy.to_str().ok_or("the path of the workspace is no UTF-8")?;
    run(sakchy, &["rules", "check"])?;
    run(sakchy, &["rules", "fmt", "--check"])?;
    run(sakchy, &["rules", "test"])?;
    budget::measure()?;
    packages::install(packages::READING, &[])?;
    cargo(&["test", "--release", "--workspace"])?;
    browsers::test()
}
