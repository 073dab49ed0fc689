//! Locked, damaged, newer, full, read-only, killed: a clear message, and nothing lost.

mod common;

use common::{Folder, PLAIN, RISKY, add, adverts, screen, still};
use sakchy_casebook::{Bytes, Case, Kind, NewAdvert, NewSource, Prepared, Settings};
use std::process::{Command, Stdio};
use std::time::Duration;

fn lines(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("{} Объявление {n}.", if n.is_multiple_of(7) { RISKY } else { PLAIN })).collect()
}

#[test]
fn a_case_that_another_program_is_writing_to() {
    let folder = Folder::new("locked");
    let mut first = Case::create(&folder.case(), still()).unwrap();
    add(&mut first, "a.txt", &adverts(), 5);
    let batch = first.batch().unwrap();
    let mut second = Case::open(&folder.case(), Settings { wait: Duration::from_millis(50), ..still() }).unwrap();
    let error = second.batch().err().unwrap();
    assert_eq!(error.kind, Kind::Locked, "{error}");
    let reader = Case::read(&folder.case()).unwrap();
    assert_eq!(reader.totals("all").unwrap()[""].iter().sum::<u64>(), 3, "readers do not wait");
    batch.commit().unwrap();
    assert!(second.batch().is_ok());
}

#[test]
fn no_case_damaged_newer_missing_there_already() {
    let folder = Folder::new("damaged");
    let kind = |bytes: &[u8]| {
        let path = folder.0.join("x.case");
        std::fs::write(&path, bytes).unwrap();
        let (read, open) = (Case::read(&path).unwrap_err(), Case::open(&path, still()).unwrap_err());
        assert_eq!(read.kind, open.kind, "{read} / {open}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file is as it was");
        open.kind
    };
    assert_eq!(kind(&b"this is no database at all, but a text of some length. ".repeat(40)), Kind::NotACase);
    let missing = Case::open(&folder.0.join("none.case"), still()).unwrap_err();
    assert_eq!(missing.kind, Kind::Missing, "{missing}");
    assert_eq!(Case::open_or_create(&folder.0.join("no/x.case"), still()).unwrap_err().kind, Kind::Missing);
    let mut case = Case::create(&folder.case(), still()).unwrap();
    add(&mut case, "a.txt", &lines(200), 50);
    drop(case);
    assert_eq!(Case::create(&folder.case(), still()).unwrap_err().kind, Kind::Input);
    let whole = std::fs::read(folder.case()).unwrap();
    // pages overwritten in the middle: verify says so, or reading stops with a message; it never panics
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8192].fill(0xa5);
    let path = folder.0.join("damaged.case");
    std::fs::write(&path, &damaged).unwrap();
    match Case::read(&path).and_then(|case| case.verify(None)) {
        Ok(found) => assert!(!found.problems.is_empty()),
        Err(e) => assert_eq!(e.kind, Kind::Damaged, "{e}"),
    }
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    match Case::read(&path).and_then(|case| case.verify(None)) {
        Ok(found) => assert!(!found.problems.is_empty()),
        Err(e) => assert_eq!(e.kind, Kind::Damaged, "{e}"),
    }
    let db = rusqlite::Connection::open(folder.case()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert_eq!(Case::open(&folder.case(), still()).unwrap_err().kind, Kind::Newer);
    let other = rusqlite::Connection::open(folder.0.join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(other);
    assert_eq!(Case::open(&folder.0.join("other.db"), still()).unwrap_err().kind, Kind::NotACase);
}

/// A file of the first version is brought up to date, and nothing of it changes.
#[test]
fn an_older_version_is_migrated() {
    let folder = Folder::new("older");
    let db = rusqlite::Connection::open(folder.case()).unwrap();
    db.execute_batch(include_str!("../src/schema/001_evidence.sql")).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.pragma_update(None, "application_id", 0x736b_6368).unwrap();
    drop(db);
    assert_eq!(Case::read(&folder.case()).unwrap_err().kind, Kind::Input, "a reader changes nothing");
    let mut case = Case::open(&folder.case(), still()).unwrap();
    add(&mut case, "a.txt", &adverts(), 5);
    case.link(|_| ()).unwrap();
    let found = case.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn a_full_disk_keeps_what_was_finished() {
    let folder = Folder::new("full");
    let mut case = Case::create(&folder.case(), Settings { most_bytes: Some(400 << 10), ..still() }).unwrap();
    let lines = lines(3000);
    let text = lines.join("\n");
    let new = NewSource { name: "a.txt", kind: "file", bytes: Bytes::Memory(text.as_bytes()), keep: true };
    let source = case.add_source(&new).unwrap().id;
    let mut kept = 0;
    let error = (0..30)
        .find_map(|k| {
            let mut batch = case.batch().unwrap();
            for (n, text) in lines[k * 100..(k + 1) * 100].iter().enumerate() {
                let place = (k * 100 + n + 1) as u64;
                let advert = NewAdvert { source, source_name: "a.txt", place, text, ..NewAdvert::default() };
                if let Err(e) = batch.add(&Prepared::new(advert, Some(&screen(text)))) {
                    return Some(e);
                }
            }
            match batch.commit() {
                Ok(()) => kept += 100,
                Err(e) => return Some(e),
            }
            None
        })
        .expect("the quota is small");
    assert_eq!(error.kind, Kind::Full, "{error}");
    assert!(kept > 0);
    assert_eq!(case.totals("all").unwrap()[""].iter().sum::<u64>(), kept);
    drop(case);
    // room again: the next run goes on where it stopped
    let mut case = Case::open(&folder.case(), still()).unwrap();
    assert!(case.verify(None).unwrap().problems.is_empty());
    assert_eq!(case.add_source(&new).unwrap().adverts, kept);
    let mut batch = case.batch().unwrap();
    let mut added = 0;
    for (n, text) in lines.iter().enumerate() {
        let advert = NewAdvert { source, source_name: "a.txt", place: n as u64 + 1, text, ..NewAdvert::default() };
        added += u64::from(batch.add(&Prepared::new(advert, Some(&screen(text)))).unwrap().new);
    }
    batch.commit().unwrap();
    assert_eq!(added, 3000 - kept);
}

#[cfg(unix)]
#[test]
fn a_medium_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("readonly");
    let mut case = Case::create(&folder.case(), still()).unwrap();
    add(&mut case, "a.txt", &adverts(), 5);
    drop(case);
    let set = |mode| {
        std::fs::set_permissions(folder.case(), std::fs::Permissions::from_mode(mode & 0o666)).unwrap();
        std::fs::set_permissions(&folder.0, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    // whoever may write everything (root in a container) cannot be kept from writing in this way
    let allowed = std::fs::write(folder.0.join("probe"), "x").is_ok();
    let case = Case::read(&folder.case()).unwrap();
    assert_eq!(case.totals("all").unwrap()[""].iter().sum::<u64>(), 3);
    assert!(case.verify(None).unwrap().problems.is_empty());
    drop(case);
    if !allowed {
        assert_eq!(Case::open(&folder.case(), still()).unwrap_err().kind, Kind::ReadOnly);
    }
    set(0o755);
}

#[test]
fn a_clock_that_jumps_back() {
    let folder = Folder::new("clock");
    let mut case = Case::create(&folder.case(), still()).unwrap();
    add(&mut case, "a.txt", &adverts(), 5);
    drop(case);
    let mut case = Case::open(&folder.case(), Settings { clock: || 1_000_000_000, ..still() }).unwrap();
    add(&mut case, "b.txt", &lines(5), 5);
    let found = case.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert!(found.remarks.iter().any(|r| r.contains("the clock went back from 2026-11-25")), "{:?}", found.remarks);
}

/// The writer of the two tests below: takes the same lines into the case, in small batches.
#[test]
#[ignore = "run by the other tests as a process of its own"]
fn writer() {
    let Some(path) = std::env::var_os("SAKCHY_CASE") else { return };
    let name = std::env::var("SAKCHY_NAME").unwrap_or_else(|_| "a.txt".into());
    let mut case = Case::open_or_create(path.as_ref(), Settings::default()).unwrap();
    add(&mut case, &name, &lines(400), 20);
    case.link(|_| ()).unwrap();
    println!("finished");
}

fn start(folder: &Folder, name: &str) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env("SAKCHY_CASE", folder.case())
        .env("SAKCHY_NAME", name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_writers_at_once_lose_nothing_and_double_nothing() {
    let folder = Folder::new("two");
    let writers = [start(&folder, "a.txt"), start(&folder, "a.txt"), start(&folder, "b.txt")];
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains("finished"));
    }
    let case = Case::read(&folder.case()).unwrap();
    assert_eq!(case.totals("all").unwrap()[""].iter().sum::<u64>(), 800);
    let found = case.verify(None).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

/// Kills the writer (SIGKILL) at random moments; 20 times, or `SAKCHY_KILLS` times.
#[test]
fn killed_at_any_moment() {
    let kills = std::env::var("SAKCHY_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20u64);
    let mut folder = Folder::new("killed");
    let mut seen = 0;
    let mut finished = 0;
    for kill in 0..kills {
        let mut writer = start(&folder, "a.txt");
        // multiples of an irrational share of half a second: spread evenly, the same each time
        std::thread::sleep(Duration::from_millis(5 + kill * 309 % 500));
        let _ = writer.kill();
        let output = writer.wait_with_output().unwrap();
        let whole = String::from_utf8_lossy(&output.stdout).contains("finished");
        if !folder.case().exists() {
            continue;
        }
        // opened once for writing, as the next run would
        let case = Case::open_or_create(&folder.case(), still()).unwrap();
        let found = case.verify(None).unwrap();
        assert!(found.problems.is_empty(), "kill {kill}: {:?}", found.problems);
        let now = found.adverts;
        assert!(now >= seen, "kill {kill}: {now} adverts after {seen}");
        seen = now;
        if whole {
            assert_eq!(now, 400);
            finished += 1;
            drop(case);
            folder = Folder::new(&format!("killed-{kill}"));
            seen = 0;
        }
    }
    println!("{kills} kills, {finished} runs that ended before theirs");
}
