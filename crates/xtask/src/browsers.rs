//! The tests in Node, Chromium and Firefox.

use crate::extension::{npm_ci, run_in};
use crate::{extension, npm, page, root, run};
use std::path::Path;

/// Debian's packages and the program that each brings.
const BROWSERS: &[(&str, &str)] = &[("chromium", "/usr/bin/chromium"), ("firefox-esr", "/usr/bin/firefox-esr")];

/// Builds everything that runs in a browser and tests it.
pub fn test() -> Result<(), String> {
    install()?;
    let folder = root().join("tests/browsers");
    npm_ci(&folder)?;
    npm::build()?;
    npm::test()?;
    extension::test()?;
    page::bundle()?;
    run_in(&root().join("extension"), "npx", &["tsx", "--test", "tests/units.test.ts"])?;
    for browser in ["chromium", "firefox"] {
        let mut files: Vec<String> = std::fs::read_dir(folder.join(browser))
            .map_err(|e| format!("{}: {e}", folder.display()))?
            .flatten()
            .map(|entry| format!("{browser}/{}", entry.file_name().to_string_lossy()))
            .filter(|name| name.ends_with(".test.mjs"))
            .collect();
        files.sort();
        // one after the other: the tests measure time
        for file in files {
            run_in(&folder, "node", &["--test", "--test-reporter", "spec", &file])?;
        }
    }
    println!("pictures of the screens: target/screens");
    Ok(())
}

/// Debian's browsers, where they are missing.
fn install() -> Result<(), String> {
    let missing: Vec<&str> =
        BROWSERS.iter().filter(|(_, path)| !Path::new(path).exists()).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    // letters of the Kyrgyz and Uzbek Cyrillic alphabets for the pictures
    let packages = missing.iter().copied().chain(["fonts-noto-core"]);
    let args: Vec<&str> = ["install", "-y", "-qq", "--no-install-recommends"].into_iter().chain(packages).collect();
    // a new machine knows no packages before the first update
    let _ = run("apt-get", &["update", "-qq"]).or_else(|_| run("sudo", &["apt-get", "update", "-qq"]));
    if run("apt-get", &args).is_ok() {
        return Ok(());
    }
    let with_sudo: Vec<&str> = ["apt-get"].into_iter().chain(args).collect();
    run("sudo", &with_sudo).map_err(|e| format!("{e}; install {} yourself and try again", missing.join(" and ")))
}
