//! The browser extension: built for Chrome and Firefox, packed so that two builds give the same bytes.

use crate::{npm, root, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the sources zip for the stores' reviewers holds: everything that the build needs.
const SOURCES: &[&str] = &[
    ".cargo",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "extension",
    "rules",
    "rustfmt.toml",
];

/// Builds and packs.
pub fn build() -> Result<(), String> {
    npm::package()?;
    bundle()?;
    for package in pack()? {
        println!("{}", package.display());
    }
    Ok(())
}

/// Builds both browsers' folders from the npm package as it stands.
pub fn bundle() -> Result<(), String> {
    let folder = root().join("extension");
    npm_ci(&folder)?;
    npm::copy(&npm::folder().join("screener_bg.wasm"), &folder.join("public/screener_bg.wasm"))?;
    for browser in ["chrome", "firefox"] {
        run_in(&folder, "npx", &["wxt", "build", "-b", browser, "--mv3"])?;
    }
    Ok(())
}

/// The three packages, written anew.
pub fn pack() -> Result<Vec<PathBuf>, String> {
    let out = root().join("target/extension");
    std::fs::create_dir_all(&out).map_err(|e| e.to_string())?;
    let version = env!("CARGO_PKG_VERSION");
    let zip = root().join("extension/zip.mjs").to_string_lossy().into_owned();
    let packages = [
        (format!("sakchy-{version}-chrome.zip"), "extension/.output/chrome-mv3", false),
        (format!("sakchy-{version}-firefox.xpi"), "extension/.output/firefox-mv3", false),
        (format!("sakchy-{version}-sources.zip"), ".", true),
    ];
    let mut written = Vec::new();
    for (name, from, sources) in packages {
        let (to, from) = (out.join(name), root().join(from));
        let (to_text, from) = (to.to_string_lossy().into_owned(), from.to_string_lossy().into_owned());
        let mut args = vec![zip.as_str(), &to_text, &from];
        if sources {
            args.extend(SOURCES);
        }
        run("node", &args)?;
        written.push(to);
    }
    Ok(written)
}

/// Two builds give the same packages; Mozilla's linter finds no error.
pub fn test() -> Result<(), String> {
    let hashes = || -> Result<Vec<Vec<u8>>, String> {
        bundle()?;
        pack()?.iter().map(|p| std::fs::read(p).map_err(|e| format!("{}: {e}", p.display()))).collect()
    };
    if hashes()? != hashes()? {
        return Err("two builds of the extension give different packages".into());
    }
    let folder = root().join("extension");
    run_in(&folder, "npx", &["tsc", "--noEmit"])?;
    // answers of the corpus, written by the test in Node, against the package's types
    let plain = ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext"];
    let rest =
        ["--moduleResolution", "bundler", "--target", "es2022", "--lib", "es2022,dom", "../target/npm/answers.ts"];
    let args: Vec<&str> = ["tsc"].into_iter().chain(plain).chain(rest).collect();
    run_in(&folder, "npx", &args)?;
    run_in(
        &root().join("tests/browsers"),
        "npx",
        &["web-ext", "lint", "--source-dir", "../../extension/.output/firefox-mv3"],
    )
}

/// Fetches what package-lock.json names, where it is not there yet.
pub fn npm_ci(folder: &Path) -> Result<(), String> {
    let (lock, done) = (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
    let time = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
    if time(&done).is_some() && time(&done) >= time(&lock) {
        return Ok(());
    }
    run_in(folder, "npm", &["ci", "--no-audit", "--no-fund"])
}

/// Runs a program in a folder.
pub fn run_in(folder: &Path, program: &str, args: &[&str]) -> Result<(), String> {
    eprintln!("> {program} {}", args.join(" "));
    let status = Command::new(program).args(args).current_dir(folder).status();
    let status = status.map_err(|e| format!("`{program}` cannot be started: {e}; install nodejs and npm"))?;
    if status.success() { Ok(()) } else { Err(format!("`{program} {}` failed", args.join(" "))) }
}
