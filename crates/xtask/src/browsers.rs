//! The tests in Node, Chromium and Firefox.

use crate::extension::{npm_ci, run_in};
use crate::{extension, npm, packages, page, root};

/// Debian's packages and the program that each brings.
const BROWSERS: &[(&str, &str)] = &[("chromium", "/usr/bin/chromium"), ("firefox-esr", "/usr/bin/firefox-esr")];

/// Builds everything that runs in a browser and tests it.
pub fn test() -> Result<(), String> {
    // letters of the Kyrgyz and Uzbek Cyrillic alphabets for the pictures
    packages::install(BROWSERS, &["fonts-noto-core"])?;
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
