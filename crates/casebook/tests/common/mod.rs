//! What the tests share: a folder of their own, adverts written for them.
#![allow(dead_code)]

use sakchy::{Assessment, Screener};
use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared, Settings};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

pub static SCREENER: LazyLock<Screener> = LazyLock::new(Screener::builtin);

pub const RISKY: &str = "Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас. +996 555 12 34 56";
pub const PLAIN: &str = "Кафе «Мисал» ищет повара, Бишкек, оклад 30 000 сом, тел. 0700 11 22 33";

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("sakchy-casebook-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn case(&self) -> PathBuf {
        self.0.join("t.case")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// 2026-11-25T18:10:00Z, always.
pub fn still() -> Settings {
    Settings { actor: "Айгүл".into(), clock: || 1_795_630_200, ..Settings::default() }
}

pub fn screen(text: &str) -> Assessment {
    SCREENER.screen_with(text, &sakchy::Options { lang: Some("ru"), ..sakchy::Options::default() })
}

/// Adds a source with one advert a line, in batches of `size`.
pub fn add(case: &mut Case, name: &str, lines: &[String], size: usize) -> usize {
    let bytes = lines.join("\n");
    let new = NewSource { name, kind: "file", bytes: Bytes::Memory(bytes.as_bytes()), keep: true };
    let source = case.add_source(&new).unwrap();
    let mut added = 0;
    for (k, part) in lines.chunks(size).enumerate() {
        let mut batch = case.batch().unwrap();
        for (n, text) in part.iter().enumerate() {
            let advert = NewAdvert {
                source: source.id,
                source_name: name,
                place: (k * size + n + 1) as u64,
                outlet: Some("Газета «Мисал»"),
                issue: Some("12"),
                page: Some("3"),
                date: Some("2026-11-20"),
                text,
                ..NewAdvert::default()
            };
            added += usize::from(batch.add(&Prepared::new(advert, Some(&screen(text)))).unwrap().new);
        }
        if (k + 1) * size >= lines.len() {
            batch.finish_source(source.id);
        }
        batch.commit().unwrap();
    }
    added
}

pub fn adverts() -> Vec<String> {
    vec![RISKY.into(), PLAIN.into(), RISKY.replace("Дубай", "Стамбул").replace("девушки", "девушки и женщины")]
}

/// Changes the file behind the casebook's back, as an SQL statement that its triggers would forbid.
pub fn tamper(path: &Path, sql: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    let triggers: Vec<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for trigger in triggers {
        db.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    db.execute_batch(sql).unwrap();
}
