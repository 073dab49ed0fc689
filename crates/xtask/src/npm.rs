//! The npm package `@sakchy/screener`: bindgen, wasm-opt, entry points, types.

use crate::{budget, cargo, root, run, text_of};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package's folder, built.
pub fn folder() -> PathBuf {
    root().join("target/npm/screener")
}

/// Builds the package and looks at what `npm pack` would take.
pub fn build() -> Result<(), String> {
    package()?;
    pack_is_clean(&folder())?;
    println!("npm package: target/npm/screener");
    Ok(())
}

/// Builds the package.
pub fn package() -> Result<(), String> {
    same_bindgen()?;
    let module = budget::module()?;
    let out = folder();
    if is_fresh(&out, &module) {
        return Ok(());
    }
    let _ = std::fs::remove_dir_all(&out);
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(&module)
        .out_name("screener")
        .typescript(true)
        .web(true)
        .and_then(|b| b.generate(&out))
        .map_err(|e| format!("wasm-bindgen: {e:#}"))?;
    let glued = out.join("screener_bg.wasm");
    let optimised = budget::optimise(&glued)?;
    std::fs::rename(&optimised, &glued).map_err(|e| e.to_string())?;
    // bindgen's types of the raw exports: an inner matter
    let _ = std::fs::remove_file(out.join("screener_bg.wasm.d.ts"));
    let entries = root().join("crates/wasm/npm");
    for name in ["index.js", "index.d.ts", "node.js", "README.md"] {
        copy(&entries.join(name), &out.join(name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(name), &out.join(name))?;
    }
    let manifest = text_of(&entries.join("package.json"))?;
    let manifest =
        manifest.replace("\"version\": \"0.0.0\"", &format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")));
    std::fs::write(out.join("package.json"), manifest).map_err(|e| e.to_string())
}

/// Is the package newer than everything that it is made of?
fn is_fresh(out: &Path, module: &Path) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
    let Some(made) = time(&out.join("package.json")) else { return false };
    let entries = std::fs::read_dir(root().join("crates/wasm/npm")).into_iter().flatten().flatten().map(|e| e.path());
    entries.chain([module.to_path_buf()]).all(|path| time(&path).is_some_and(|t| t < made))
}

/// `npm pack --dry-run` must list exactly the files that the manifest names and run no scripts.
fn pack_is_clean(folder: &Path) -> Result<(), String> {
    let out = Command::new("npm")
        .args(["pack", "--dry-run", "--json", "--ignore-scripts"])
        .current_dir(folder)
        .output()
        .map_err(|e| format!("npm: {e}"))?;
    let listed = String::from_utf8_lossy(&out.stdout);
    if !out.status.success() {
        return Err(format!("npm pack: {}", String::from_utf8_lossy(&out.stderr)));
    }
    let manifest = text_of(&folder.join("package.json"))?;
    if manifest.contains("\"scripts\"") {
        return Err("the npm package must have no scripts".into());
    }
    for entry in std::fs::read_dir(folder).map_err(|e| e.to_string())?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !listed.contains(&format!("\"path\": \"{name}\"")) {
            return Err(format!("npm pack leaves out {name}; name it under \"files\" in crates/wasm/npm/package.json"));
        }
    }
    Ok(())
}

/// The library that writes the glue must be of the version that the crate was compiled with.
fn same_bindgen() -> Result<(), String> {
    let lock = text_of(&root().join("Cargo.lock"))?;
    let version = |name: &str| {
        lock.split("[[package]]")
            .find(|p| p.contains(&format!("name = \"{name}\"\n")))
            .and_then(|p| p.split("version = \"").nth(1))
            .and_then(|v| v.split('"').next())
            .map(str::to_string)
    };
    let (used, writes) = (version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
    if used.is_some() && used == writes {
        return Ok(());
    }
    Err(format!(
        "Cargo.lock has wasm-bindgen {used:?} and wasm-bindgen-cli-support {writes:?}; set crates/xtask/Cargo.toml to the former"
    ))
}

/// Copies a file.
pub fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to).map(|_| ()).map_err(|e| format!("{}: {e}", from.display()))
}

/// The package answers in Node as the native program does, byte for byte, over the whole corpus; its types fit.
pub fn test() -> Result<(), String> {
    let answers = native_answers()?;
    run("node", &["tests/browsers/node/bytes.mjs", &answers.to_string_lossy()])
}

/// What the native program answers for every advert of the corpus, as JSON Lines.
pub fn native_answers() -> Result<PathBuf, String> {
    let sakchy = root().join("target/release/sakchy");
    if !sakchy.exists() {
        cargo(&["build", "--release", "--package", "sakchy-cli"])?;
    }
    let out = root().join("target/native-answers.jsonl");
    let file = std::fs::File::create(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let corpus = ["corpus/open", "corpus/seen", "corpus/training", "corpus/legitimate", "corpus/frozen"];
    let status = Command::new(&sakchy)
        .args(["scan", "--format", "jsonl"])
        .args(corpus)
        .current_dir(root())
        .stdout(file)
        .status()
        .map_err(|e| format!("{}: {e}", sakchy.display()))?;
    if status.success() { Ok(out) } else { Err("`sakchy scan` failed on the corpus".into()) }
}
