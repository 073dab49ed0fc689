//! The command as a user meets it: outputs, exit codes, bad input.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sakchy(args: &[&str]) -> Output {
    sakchy_with(args, b"")
}

fn sakchy_with(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sakchy"))
        .args(args)
        .current_dir(root())
        .env("LANG", "ru_RU.UTF-8")
        .env_remove("LC_ALL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // a program that reads no input closes the pipe: no mistake
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn scratch(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sakchy-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

const RISKY: &str =
    "Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас. WhatsApp +996 555 12 34 56";

#[test]
fn the_newspaper_page_gives_a_work_list() {
    let output = sakchy(&["scan", "--lang", "ky", "tests/fixtures/newspaper/page.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("1899") && text.contains("2021"), "help lines with their date");
    assert!(!text.contains('\u{1b}'), "no colours into a pipe");
    assert!(!text.contains("775 98 78 17") && !text.contains("775987817"));
    let head = |l: &str| l.get(3..5).filter(|gap| *gap == "  ").and_then(|_| l[..3].trim().parse::<u32>().ok());
    let scores: Vec<u32> = text.lines().filter_map(head).filter(|n| *n >= 40).collect();
    assert!(scores.len() >= 8, "{scores:?}");
    assert!(scores.windows(2).all(|w| w[0] >= w[1]), "worst first: {scores:?}");
}

#[test]
fn a_jsonl_line_in_is_a_line_out_with_its_id() {
    let input =
        format!("{{\"id\":\"a17\",\"text\":{}}}\n{{\"id\":5,\"text\":\"\"}}\n", serde_json::to_string(RISKY).unwrap());
    let output = sakchy_with(&["scan", "--format", "jsonl", "-"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines: Vec<serde_json::Value> = out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], "a17");
    assert_eq!(lines[0]["v"], 1);
    assert_eq!(lines[0]["band"], "danger");
    assert_eq!(lines[1]["id"], "5");
    assert_eq!(lines[1]["no_offer"], "empty");
    for e in lines[0]["findings"].as_array().unwrap().iter().flat_map(|f| f["evidence"].as_array().unwrap()) {
        let (start, end) = (e["start"].as_u64().unwrap() as usize, e["end"].as_u64().unwrap() as usize);
        assert_eq!(&RISKY[start..end], e["text"].as_str().unwrap());
    }
}

#[test]
fn broken_lines_are_named_and_the_rest_is_done() {
    let input = b"{\"text\":\"a\"}\n{broken\n{\"id\":\"x\"}\n\xff\xfe{\"text\":\"b\"}\n{\"text\":\"c\"}\n";
    let output = sakchy_with(&["scan", "--format", "jsonl", "-"], input);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(out(&output).lines().count(), 2);
    let errors = err(&output);
    assert!(errors.contains("-:2:") && errors.contains("-:3:") && errors.contains("-:4:"), "{errors}");
    assert!(errors.contains("no \"text\""), "{errors}");
}

#[test]
fn exit_codes() {
    assert_eq!(sakchy(&["scan"]).status.code(), Some(2));
    assert_eq!(sakchy(&["scan", "--format", "nonsense", "x.txt"]).status.code(), Some(2));
    assert_eq!(sakchy(&["scan", "--as-of", "2026-02-30", "tests/fixtures/newspaper/page.txt"]).status.code(), Some(2));
    let missing = sakchy(&["scan", "no-such-file.txt"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(err(&missing).contains("no such file"), "{}", err(&missing));
    let both = sakchy(&["scan", "no-such-file.txt", "tests/fixtures/newspaper/page.txt"]);
    assert_eq!(both.status.code(), Some(1));
    assert_eq!(sakchy_with(&["scan", "-"], b"").status.code(), Some(3));
}

#[test]
fn old_encodings_are_read_and_noise_is_named() {
    let text = "Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас. Тел. 0555 12 34 56";
    for encoding in [encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R] {
        let path = scratch(&format!("{}.txt", encoding.name()), &encoding.encode(text).0);
        let output = sakchy(&["scan", "--format", "jsonl", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert!(out(&output).contains("passport-retention"), "{}", encoding.name());
    }
    let noise: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8 | 0x80).collect();
    let path = scratch("noise.txt", &noise);
    let output = sakchy(&["scan", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("save it as UTF-8"), "{}", err(&output));
}

#[test]
fn advert_text_cannot_touch_the_terminal_or_the_spreadsheet() {
    let evil = "=cmd|' /C calc'!A0 \u{1b}[31m Паспорт хранится у нас\u{202e}, билет в счёт зарплаты, требуются девушки в Дубай";
    let input = format!("{}\n", serde_json::json!({"text": evil}));
    let table = out(&sakchy_with(&["scan", "-"], input.as_bytes()));
    assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'), "{table:?}");
    let csv = out(&sakchy_with(&["scan", "--format", "csv", "-"], input.as_bytes()));
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].iter().all(|c| !c.starts_with(['=', '+', '-', '@'])), "{:?}", rows[0]);
}

#[test]
fn strange_texts_do_no_harm() {
    let long = "паспорт ".repeat(60_000);
    for text in
        ["", "\0\0\0", "\u{1b}\u{1b}", "\u{202e}\u{2066}", "٣٤٥ 中文 ⁂", &long, &"1".repeat(40), &"а".repeat(100_000)]
    {
        let input = format!("{}\n", serde_json::json!({"id": "x", "text": text}));
        let output = sakchy_with(&["scan", "--format", "jsonl", "-"], input.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert_eq!(out(&output).lines().count(), 1);
    }
}

#[test]
fn a_registry_is_shown_and_lowers_nothing() {
    let text = "Трудоустройство за границей, отправляем в Турцию, оформляем визы. ОсОО «Тоо Жол», лицензия № 0077";
    let plain = out(&sakchy(&["explain", "--json", text]));
    let score = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap()["score"].as_u64().unwrap();
    for (expires, state) in [("2030-01-01", "found"), ("2020-01-01", "expired")] {
        let list = scratch(
            &format!("{state}.csv"),
            format!("name,permit number,expires\nТоо Жол,0077,{expires}\n").as_bytes(),
        );
        let args = ["explain", "--json", "--registry", list.to_str().unwrap(), "--as-of", "2026-11-21", text];
        let json = out(&sakchy(&args));
        assert!(json.contains(&format!("\"state\":\"{state}\"")), "{json}");
        assert!(score(&json) >= score(&plain));
    }
    let bad = scratch("bad.csv", b"a,b\n1,2\n");
    let output = sakchy(&["explain", "--registry", bad.to_str().unwrap(), text]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("permit number"), "{}", err(&output));
}

#[test]
fn packs_compiled_own_and_broken() {
    let pack = scratch("built.pack", b"");
    let built = sakchy(&["rules", "build", "--out", pack.to_str().unwrap()]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let with = sakchy(&["explain", "--json", "--pack", pack.to_str().unwrap(), RISKY]);
    assert_eq!(out(&with), out(&sakchy(&["explain", "--json", RISKY])));
    let bytes = std::fs::read(&pack).unwrap();
    let mut other_version = bytes.clone();
    other_version[8] ^= 0x40;
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let cases: [(&str, &[u8], &str); 4] = [
        ("short.pack", &bytes[..bytes.len() / 2], "cut short"),
        ("version.pack", &other_version, "format"),
        ("damaged.pack", &damaged, "damaged"),
        ("nonsense.pack", b"hello, this is no pack at all, only words", "no sakchy pack"),
    ];
    for (name, bytes, wanted) in cases {
        let path = scratch(name, bytes);
        let output = sakchy(&["explain", "--pack", path.to_str().unwrap(), RISKY]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(err(&output).contains(wanted), "{name}: {}", err(&output));
    }
}

#[test]
fn own_rules_replace_and_switch_off() {
    let folder = std::env::temp_dir().join(format!("sakchy-own-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("signals")).unwrap();
    std::fs::write(folder.join("pack.toml"), "name = \"own\"\noff = [\"passport-retention\"]\n").unwrap();
    let own = folder.to_str().unwrap();
    let answer = out(&sakchy(&["explain", "--json", "--pack", own, RISKY]));
    assert!(!answer.contains("\"passport-retention\"") && answer.contains("\"travel-on-credit\""), "{answer}");
    std::fs::write(folder.join("pack.toml"), "name = \"own\"\noff = [\"no-such-thing\"]\n").unwrap();
    let output = sakchy(&["explain", "--pack", own, RISKY]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("no-such-thing") && err(&output).contains("to mend it"), "{}", err(&output));
    let signal = "id = \"broken\"\nmeaning = \"x\"\nrole = \"flag\"\n[phrases]\nru = [\n  \"паспорт (у нас\",\n]\n";
    std::fs::write(folder.join("pack.toml"), "name = \"own\"\n").unwrap();
    std::fs::write(folder.join("signals/broken.toml"), signal).unwrap();
    let output = sakchy(&["explain", "--pack", own, RISKY]);
    assert!(
        err(&output).contains("signals/broken.toml:6") && err(&output).contains("паспорт (у нас"),
        "{}",
        err(&output)
    );
}

#[test]
fn rules_sheet_goes_out_and_comes_back() {
    let folder = std::env::temp_dir().join(format!("sakchy-sheet-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("words")).unwrap();
    let file = folder.join("words/x.toml");
    std::fs::write(&file, "id = \"x\"\nmeaning = \"x\"\n[words]\nky = [\"бир\", \"эки\"] # a remark\n").unwrap();
    let rules = folder.to_str().unwrap();
    let table = out(&sakchy(&["rules", "--rules", rules, "sheet", "export", "--lang", "ky"]));
    assert!(table.contains("words/x.toml,words,2,эки"), "{table}");
    let back = scratch("back.csv", table.replace("эки,,,", "эки,үч,,Айгүл").as_bytes());
    let output = sakchy(&["rules", "--rules", rules, "sheet", "import", "--lang", "ky", back.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.contains("\"үч\"") && after.contains("# a remark") && after.contains("Айгүл"), "{after}");
    let again = sakchy(&["rules", "--rules", rules, "sheet", "import", "--lang", "ky", back.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1), "the wording has changed since");
}

/// Golden answers: `tests/golden/NAME.in` beside `NAME.out`. `SAKCHY_BLESS=1` writes them anew.
#[test]
fn golden_answers() {
    let folder = root().join("tests/golden");
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).collect();
    inputs.retain(|p| p.extension().is_some_and(|e| e == "in"));
    inputs.sort();
    assert!(inputs.len() >= 8);
    for input in inputs {
        let text = std::fs::read_to_string(&input).unwrap();
        let json = out(&sakchy(&["explain", "--json", "--lang", "ru", text.trim_end()]));
        let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
        // the wording of texts and the pack's hash change with every edit; what is found and counted must not
        let found: Vec<String> = value["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["indicator"].as_str().unwrap().to_string())
            .collect();
        value["findings"] = serde_json::json!(found);
        for key in ["pack", "help", "advice", "engine"] {
            value.as_object_mut().unwrap().remove(key);
        }
        let got = serde_json::to_string_pretty(&value).unwrap() + "\n";
        let golden = input.with_extension("out");
        if std::env::var_os("SAKCHY_BLESS").is_some() {
            std::fs::write(&golden, &got).unwrap();
        }
        let wanted = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(got, wanted, "{}: run the tests with SAKCHY_BLESS=1 if the change is meant", input.display());
    }
}

#[test]
fn rules_page_lists_every_indicator() {
    let folder = std::env::temp_dir().join(format!("sakchy-page-{}", std::process::id()));
    let rules = root().join("rules");
    let stale = folder.join("indicators/gone.md");
    std::fs::create_dir_all(stale.parent().unwrap()).unwrap();
    std::fs::write(&stale, "<!-- written by `sakchy rules page`: change the rules, not this page -->\n").unwrap();
    std::fs::write(folder.join("indicators/own.md"), "mine").unwrap();
    let page = folder.join("indicators.md");
    let output = sakchy(&["rules", "--rules", rules.to_str().unwrap(), "page", "--out", page.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let contents = std::fs::read_to_string(&page).unwrap();
    for entry in std::fs::read_dir(rules.join("indicators")).unwrap().flatten() {
        let id = entry.path().file_stem().unwrap().to_str().unwrap().to_string();
        assert!(contents.contains(&format!("- [{id}](")), "{id}");
    }
    assert!(!stale.exists() && folder.join("indicators/own.md").exists());
}

/// The worked example of docs/rule-writers.md.
#[test]
fn the_worked_example_passes() {
    let (rules, own) = (root().join("rules"), root().join("tests/fixtures/own-rules"));
    let base = ["rules", "--rules", rules.to_str().unwrap(), "--own", own.to_str().unwrap()];
    for verb in ["check", "test"] {
        let output = sakchy(&[&base[..], &[verb, "--only", "wages-kept-for-you"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    }
    assert!(out(&sakchy(&[&base[..], &["test", "--only", "wages-kept-for-you"]].concat())).starts_with("54 "));
}
