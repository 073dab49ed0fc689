//! Peers: yara-x, hyperscan and Python's `re` on the same texts, in the same sitting, in a venv of their own.

use crate::{root, run};

/// Makes the venv and runs `tests/peers/bench.py`.
pub fn compare() -> Result<(), String> {
    let venv = root().join("target/peers");
    let python = venv.join("bin/python");
    if !python.exists() {
        run("python3", &["-m", "venv", &venv.to_string_lossy()])?;
        let requirements = root().join("tests/peers/requirements.txt");
        run(&python.to_string_lossy(), &["-m", "pip", "install", "--quiet", "-r", &requirements.to_string_lossy()])?;
    }
    crate::cargo(&["build", "--release", "--package", "sakchy-cli"])?;
    run(&python.to_string_lossy(), &["tests/peers/bench.py"])?;
    // EMSCAD is kept outside the repository; SAKCHY_EMSCAD names a copy (JSONL or the original CSV)
    match std::env::var("SAKCHY_EMSCAD") {
        Ok(data) => {
            let folds = root().join("target/emscad-folds.jsonl");
            let args = ["tests/peers/emscad.py", "target/release/sakchy", &data, &folds.to_string_lossy()];
            run(&python.to_string_lossy(), &args)
        }
        Err(_) => {
            eprintln!("xtask: set SAKCHY_EMSCAD to a copy of EMSCAD to compare the classifiers");
            Ok(())
        }
    }
}
