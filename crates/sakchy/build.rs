//! Compiles the rules folder into the built-in pack.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets this"));
    // in the repository the rules stand beside the crates; in the published crate they are vendored into it; a builder
    // may name other rules
    println!("cargo:rerun-if-env-changed=SAKCHY_RULES");
    let chosen = std::env::var_os("SAKCHY_RULES").map(PathBuf::from);
    let folders = chosen.into_iter().chain([here.join("rules"), here.join("../../rules")]);
    let folder = folders.into_iter().find(|f| f.join("pack.toml").exists());
    let folder = folder.expect("the rules folder is missing");
    println!("cargo:rerun-if-changed={}", folder.display());
    watch(&folder);
    let rules = sakchy_rules::Rules::load(&folder).unwrap_or_else(|errors| fail(&errors));
    let compiled = sakchy_rules::compile(&rules).unwrap_or_else(|errors| fail(&errors));
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets this")).join("builtin.pack");
    let bytes = compiled.pack.to_bytes();
    // hashing a megabyte takes longer than opening it: done once, here
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    println!("cargo:rustc-env=SAKCHY_PACK_VERSION=sha256:{hash}");
    std::fs::write(&out, bytes).expect("the output folder is writable");
    // no model: the classifier is off
    let model = std::fs::read(folder.join("model.bin")).unwrap_or_default();
    let hash: String = Sha256::digest(&model).iter().map(|b| format!("{b:02x}")).collect();
    println!("cargo:rustc-env=SAKCHY_MODEL_VERSION=sha256:{hash}");
    std::fs::write(out.with_file_name("builtin.model"), model).expect("the output folder is writable");
}

fn watch(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        println!("cargo:rerun-if-changed={}", entry.path().display());
        if entry.path().is_dir() {
            watch(&entry.path());
        }
    }
}

fn fail<T>(errors: &[sakchy_rules::RuleError]) -> T {
    for error in errors {
        eprintln!("{error}");
    }
    panic!("the rules have {} mistakes", errors.len());
}
