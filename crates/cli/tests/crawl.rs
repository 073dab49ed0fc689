//! The command `sakchy crawl` against a server of our own, whose log is read.

#[path = "../../crawl/tests/server/mod.rs"]
mod server;

use server::{Reply, Server};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn sakchy(server_hosts: usize, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sakchy"));
    command.arg("crawl").args(args).arg("--allow-private");
    for n in 0..server_hosts {
        command.arg("--resolve").arg(format!("h{n}.test=127.0.0.1"));
    }
    command
}

fn said(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A board: a list over several pages, adverts in Windows-1251, one of them as JSON-LD, one that needs checking.
fn board(path: &str) -> Reply {
    let page = |body: &str| Reply::html(&format!("<html><head><title>Доска</title></head><body>{body}</body></html>"));
    let number = path.rsplit(['/', '=']).next().and_then(|n| n.parse::<u32>().ok());
    match (path, number) {
        ("/robots.txt", _) => Reply::text("User-agent: *\nDisallow: /private\n"),
        ("/jobs", _) | (_, Some(_)) if path.starts_with("/jobs") => {
            let n = number.unwrap_or(1);
            let links: String = (0..6).map(|i| format!("<a href=\"/vacancy/{}\">место</a> ", n * 100 + i)).collect();
            page(&format!(
                "{links}<a href=\"/private/1\">вход</a><a rel=\"next\" href=\"/jobs?page={}\">далее</a>",
                n + 1
            ))
        }
        (_, Some(n)) if n % 100 == 1 => page(&format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":[\"JobPosting\"],\"title\":\"Швея {n}\",\
             \"description\":\"<p>Шить на дому, {n} сомов в день</p>\",\"datePosted\":\"2026-11-20\",\"hiringOrganization\":{{\"@type\":\"Organization\",\"name\":\"Цех\"}}}}</script>"
        )),
        (_, Some(n)) => {
            let risky = "Требуются девушки в Дубай, билет в счёт зарплаты, паспорт сдаёте нам. Опыт не нужен.";
            let plain = "Требуется токарь в мастерскую, Бишкек, график пять дней, обязанности: токарные работы.";
            let text = if n % 100 == 2 { risky } else { plain };
            let body =
                format!("<html><body><article><h1>Объявление {n}</h1><p>{text} Номер {n}.</p></article></body></html>");
            let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&body);
            Reply::with("200 OK", &["Content-Type: text/html; charset=windows-1251"], &bytes)
        }
        _ => Reply::missing(),
    }
}

fn sources(server: &Server, folder: &Path, hosts: usize, head: &str) -> PathBuf {
    let mut text = format!("[crawler]\ncontact = \"desk@office.example\"\npause = 0\nbackoff = 0.1\n{head}\n");
    for n in 0..hosts {
        let start = server.url(&format!("h{n}.test"), "/jobs");
        text.push_str(&format!(
            "[[source]]\nid = \"h{n}\"\nstart = [\"{start}\"]\nadverts = [\"/vacancy/*\"]\nlists = [\"/jobs?page=*\"]\n"
        ));
    }
    let path = folder.join("sources.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn ids(out: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(out.join("adverts.jsonl")).unwrap_or_default();
    let id = |l: &str| {
        serde_json::from_str::<serde_json::Value>(l).expect("a line of JSON")["id"].as_str().unwrap().to_string()
    };
    text.lines().map(id).collect()
}

#[test]
fn a_round_from_the_list_to_the_archived_page() {
    let server = Server::start(|hit| board(&hit.path));
    let folder = tempfile::tempdir().unwrap();
    let list = sources(&server, folder.path(), 2, "depth = 3");
    let out = folder.path().join("out");
    let (list, out_text) = (list.to_str().unwrap(), out.to_str().unwrap());

    let (plan, _) = said(&sakchy(2, &["run", list, "--dry-run"]).output().unwrap());
    assert!(plan.contains("would fetch") && plan.contains("robots.txt has 1 rules"), "{plan}");
    assert!(server.hits().iter().all(|h| h.path == "/robots.txt"));
    server.forget();

    let output = sakchy(2, &["run", list, "--out", out_text]).output().unwrap();
    let (summary, errors) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{summary}{errors}");
    let hits = server.hits();
    assert!(server::twice(&hits).is_empty(), "{:?}", server::twice(&hits));
    assert!(!hits.iter().any(|h| h.path.contains("private")));
    let adverts = ids(&out);
    // three pages of lists with six adverts each, on two hosts
    assert_eq!(adverts.len(), 36, "{summary}");
    assert!(summary.contains("36 new adverts, 6 with signs that need checking"), "{summary}");

    // read again by scan, and shown again from the archive
    let scan = Command::new(env!("CARGO_BIN_EXE_sakchy"))
        .args(["scan", "--format", "jsonl"])
        .arg(out.join("adverts.jsonl"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&scan.stdout).lines().count(), 36);
    let show = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_sakchy"))
            .args(["crawl", "show", name, "--out", out_text])
            .output()
            .unwrap();
        let (text, errors) = said(&output);
        assert_eq!(output.status.code(), Some(0), "{errors}");
        text
    };
    let shown = show(&adverts[0]);
    assert!(shown.contains("sha256") && shown.contains("200 text/html"), "{shown}");
    let page = show(&server.url("h0.test", "/vacancy/103"));
    assert!(page.contains("Требуется токарь"), "{page}");

    // the next day: lists are looked at again, adverts are not; what was found before goes into a casebook
    server.forget();
    let case = folder.path().join("ours.case");
    let case = case.to_str().unwrap();
    let output = sakchy(2, &["run", list, "--out", out_text, "--case", case]).output().unwrap();
    let (summary, errors) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert!(summary.contains("(36 new adverts)"), "{summary}{errors}");
    let verify = Command::new(env!("CARGO_BIN_EXE_sakchy")).args(["case", "verify", case]).output().unwrap();
    assert_eq!(verify.status.code(), Some(0), "{:?}", said(&verify));
    let again = said(&sakchy(2, &["run", list, "--out", out_text, "--case", case]).output().unwrap()).0;
    assert!(again.contains("(0 new adverts)"), "{again}");
    assert!(server.hits().iter().all(|h| h.path == "/jobs"), "{:?}", server.paths("h0.test"));
    assert_eq!(ids(&out).len(), 36);
}

#[test]
fn init_and_check() {
    let server = Server::start(|hit| board(&hit.path));
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("h0.test", "/jobs");
    let output = sakchy(1, &["init", &url, "--contact", "desk@office.example"]).output().unwrap();
    let (proposal, errors) = said(&output);
    assert!(proposal.contains("adverts = [\"/vacancy/*\"]") && proposal.contains("/jobs?page=*"), "{proposal}{errors}");
    let list = folder.path().join("sources.toml");
    let quick = proposal.replace("[[source]]", "pause = 0\n[[source]]\nselect = { advert = '.gone', link = 'a' }");
    std::fs::write(&list, quick).unwrap();
    let output = sakchy(1, &["check", list.to_str().unwrap()]).output().unwrap();
    let (told, errors) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}{errors}");
    assert!(told.contains("FINDS NOTHING advert = '.gone'") && told.contains("finds link = 'a'"), "{told}");
}

#[test]
fn mistakes_are_named_and_nothing_runs_without_a_contact() {
    let server = Server::start(|hit| board(&hit.path));
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("sources.toml");
    let run = |text: &str| {
        std::fs::write(&list, text).unwrap();
        let output = sakchy(1, &["run", list.to_str().unwrap(), "--out", folder.path().join("o").to_str().unwrap()])
            .output()
            .unwrap();
        (output.status.code(), said(&output).1)
    };
    let (code, errors) = run("[[source]]\nid = \"a\"\nstart = [\"http://h0.test/\"]\n");
    assert!(code == Some(2) && errors.contains("sources.toml:1") && errors.contains("contact ="), "{errors}");
    let start = server.url("h0.test", "/vacancy/5");
    let (code, errors) = run(&format!(
        "[crawler]\ncontact = \"d@o.example\"\npause = 0\n[[source]]\nid = \"x\"\nstart = [\"h0\"]\n[[source]]\nid = \"a\"\nstart = [\"{start}\"]\n"
    ));
    assert!(code == Some(1) && errors.contains("sources.toml:4"), "{code:?} {errors}");
    let (code, errors) = run(
        "[crawler]\ncontact = \"d@o.example\"\nbackoff = 0.1\n[[source]]\nid = \"a\"\nstart = [\"http://127.0.0.1:1/\"]\n",
    );
    assert!(code == Some(3) && errors.contains("127.0.0.1"), "{code:?} {errors}");
    let folder = list.parent().unwrap();
    let without_leave = Command::new(env!("CARGO_BIN_EXE_sakchy"))
        .args(["crawl", "run"])
        .arg(&list)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(said(&without_leave).1.contains("not public"), "{:?}", said(&without_leave));
}

/// No file may grow beyond 300 kB, as on a disk that fills up.
#[test]
#[cfg(unix)]
fn a_disk_that_fills_up_ends_the_round_and_loses_nothing() {
    let server = Server::start(|hit| board(&hit.path));
    let folder = tempfile::tempdir().unwrap();
    let list = sources(&server, folder.path(), 2, "depth = 12");
    let (calm, full) = (folder.path().join("calm"), folder.path().join("full"));
    let args =
        |out: &Path| vec!["run".to_string(), list.display().to_string(), "--out".into(), out.display().to_string()];
    let run = |out: &Path| sakchy(2, &args(out).iter().map(String::as_str).collect::<Vec<_>>()).output().unwrap();
    assert_eq!(run(&calm).status.code(), Some(0));
    let limited = Command::new("sh")
        .args(["-c", "ulimit -f 600; trap '' XFSZ; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_sakchy"), "crawl"])
        .args(args(&full))
        .args(["--allow-private", "--resolve", "h0.test=127.0.0.1", "--resolve", "h1.test=127.0.0.1"])
        .output()
        .unwrap();
    let (_, errors) = said(&limited);
    assert!(
        limited.status.code() == Some(1) && errors.contains("Make room and start again"),
        "{:?} {errors}",
        limited.status
    );
    assert_eq!(run(&full).status.code(), Some(0));
    let set = |out: &Path| ids(out).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set(&full), set(&calm));
    assert_eq!(ids(&full).len(), set(&full).len());
}

/// Kill -9 at random moments: as often as SAKCHY_KILLS says, a short share by default.
#[test]
fn killed_at_any_moment_it_goes_on_and_loses_nothing() {
    const HOSTS: usize = 3;
    let kills: u64 = std::env::var("SAKCHY_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(8);
    // slow enough that the kills fall into the round
    let server = Server::start(|hit| Reply(vec![(4, board(&hit.path).0.remove(0).1)]));
    let folder = tempfile::tempdir().unwrap();
    let depth = 4 + 3 * u32::try_from(kills).unwrap();
    let list = sources(&server, folder.path(), HOSTS, &format!("depth = {depth}"));
    let (calm, wild) = (folder.path().join("calm"), folder.path().join("wild"));
    let start = |out: &Path| -> Child {
        sakchy(HOSTS, &["run", list.to_str().unwrap(), "--out", out.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    assert!(start(&calm).wait().unwrap().success());
    server.forget();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut done = 0_u64;
    for _ in 0..kills {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut child = start(&wild);
        let until = Instant::now() + Duration::from_millis(60 + (seed >> 33) % 240);
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(3));
        }
        if child.try_wait().unwrap().is_some() {
            // the round is over: another start would begin the next one
            break;
        }
        done += 1;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(done > 0, "not one kill fell into the round");
    if done == kills {
        assert!(start(&wild).wait().unwrap().success());
    }
    let set = |out: &Path| ids(out).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set(&wild), set(&calm));
    assert_eq!(ids(&wild).len(), set(&wild).len(), "no advert is handed on twice");
    // an answer that had reached the archive is never asked for again: one response for each page
    let index = std::fs::read_to_string(wild.join("index.cdxj")).unwrap();
    let mut pages: Vec<&str> =
        index.lines().filter(|l| !l.contains("/robots.txt")).filter_map(|l| l.split(' ').next()).collect();
    let all = pages.len();
    pages.dedup();
    assert_eq!(pages.len(), all, "a page is archived once");
    println!("{done} of {kills} kills fell into the round; {} requests for {} pages", server.hits().len(), all);
}

/// 20,000 pages over 40 hosts without a delay: pages a second and resident memory.
#[test]
#[ignore = "a measurement: cargo test --release -p sakchy-cli --test crawl -- --ignored --nocapture"]
fn twenty_thousand_pages() {
    const HOSTS: usize = 40;
    let server = Server::start(|hit| board(&hit.path));
    let folder = tempfile::tempdir().unwrap();
    let list = sources(&server, folder.path(), HOSTS, "depth = 100\npages = 500\nhosts_at_once = 40");
    let out = folder.path().join("out");
    let began = Instant::now();
    let mut child = sakchy(HOSTS, &["run", list.to_str().unwrap(), "--out", out.to_str().unwrap()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut memory = String::new();
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        if let Some(line) = text.lines().find(|l| l.starts_with("VmHWM")) {
            memory = line.to_string();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let seconds = began.elapsed().as_secs_f64();
    let pages = server.hits().len();
    println!(
        "{pages} requests in {seconds:.1} s: {:.0} a second; {memory}; {} adverts",
        pages as f64 / seconds,
        ids(&out).len()
    );
    assert!(server::twice(&server.hits()).is_empty());
}
