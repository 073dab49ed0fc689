//! Programs that are called: poppler's and Tesseract. Each under limits of time, memory and output; nothing of a document is ever
//! part of a command line.

use crate::Limits;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program is not installed, stopped by a limit, or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not on this machine; with the advice to give.
    Missing(String),
    /// It took too long.
    TooLong(u64),
    /// What it said.
    Failed(String),
}

impl Fault {
    /// As a message behind the input's name.
    pub(crate) fn message(&self) -> String {
        match self {
            Fault::Missing(advice) => advice.clone(),
            Fault::TooLong(seconds) => format!("took more than {seconds} s and was given up (--max-seconds)"),
            Fault::Failed(said) => said.clone(),
        }
    }
}

/// Most bytes that a program may write.
const MOST: u64 = 512 << 20;

/// Runs a program on some input and gives what it wrote. `package` is Debian's package that brings it.
pub(crate) fn run(
    program: &str,
    package: &str,
    arguments: &[&str],
    input: &[u8],
    seconds: u64,
    limits: &Limits,
) -> Result<Vec<u8>, Fault> {
    let bounded = std::path::Path::new("/usr/bin/prlimit").exists();
    let mut command = if bounded {
        let mut command = Command::new("/usr/bin/prlimit");
        command.arg(format!("--as={}", limits.megabytes << 20)).arg("--").arg(program);
        command
    } else {
        Command::new(program)
    };
    // threads of one page gain little and take the other pages' cores
    command.args(arguments).env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let missing =
        || Fault::Missing(format!("needs the program `{program}`, which is missing; on Debian: apt install {package}"));
    if bounded && !on_path(program) {
        return Err(missing());
    }
    let mut child = command.spawn().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => missing(),
        _ => Fault::Failed(format!("`{program}` cannot be started: {e}")),
    })?;
    let (mut stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        // a program that has read enough closes the pipe: no mistake
        scope.spawn(move || stdin.take().map(|mut pipe| pipe.write_all(input)));
        let out = scope.spawn(move || read(stdout, MOST));
        let said = scope.spawn(move || read(stderr, 64 << 10));
        let ended = wait(&mut child, Duration::from_secs(seconds));
        let out = out.join().unwrap_or_default();
        let said = String::from_utf8_lossy(&said.join().unwrap_or_default()).into_owned();
        match ended {
            None => Err(Fault::TooLong(seconds)),
            Some(true) => Ok(out),
            Some(false) => {
                let line = said.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("it failed");
                Err(Fault::Failed(format!("`{program}` says: {line}")))
            }
        }
    })
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|p| std::env::split_paths(&p).any(|d| d.join(program).is_file()))
}

fn read(pipe: Option<impl Read>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        let mut limited = pipe.take(most);
        // what came until an error is what there is
        let _ = limited.read_to_end(&mut bytes);
        // the rest goes nowhere, so that the program does not wait for a reader
        let _ = std::io::copy(&mut limited.into_inner(), &mut std::io::sink());
    }
    bytes
}

/// Waits for the end, at most so long; `None` when it was stopped.
fn wait(child: &mut Child, most: Duration) -> Option<bool> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if start.elapsed() < most => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(50));
            }
            _ => {
                // it may have ended in between
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}
