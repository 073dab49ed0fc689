//! The casebook: what was screened, kept with its evidence in one SQLite file.
//!
//! ```
//! use sakchy::Screener;
//! use sakchy_casebook::{Bytes, Case, NewAdvert, NewSource, Prepared, Settings};
//!
//! # let folder = std::env::temp_dir().join(format!("casebook-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let path = folder.join("doc.case");
//! # let _ = std::fs::remove_file(&path);
//! let mut case = Case::open_or_create(&path, Settings { actor: "Aigul".into(), ..Settings::default() })?;
//! let page = "Требуются девушки в Дубай. Паспорт хранится у нас. +996 555 12 34 56";
//! let source =
//!     case.add_source(&NewSource { name: "page.txt", kind: "file", bytes: Bytes::Memory(page.as_bytes()), keep: true })?;
//! let advert = NewAdvert { source: source.id, source_name: "page.txt", place: 1, text: page, ..NewAdvert::default() };
//! let answer = Screener::builtin().screen(page);
//! // the work that can be spread over threads, then the writing; a batch is kept as a whole or not at all
//! let prepared = Prepared::new(advert, Some(&answer));
//! let mut batch = case.batch()?;
//! let added = batch.add(&prepared)?;
//! batch.finish_source(source.id);
//! batch.commit()?;
//! assert!(added.new);
//! case.log("crawl", &serde_json::json!({"host": "example.org", "pages": 1}))?;
//! # drop(case);
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), sakchy_casebook::CaseError>(())
//! ```
#![forbid(unsafe_code)]

mod advert;
pub mod answer;
mod batch;
mod case;
pub mod changes;
pub mod clock;
pub mod cluster;
pub mod digest;
mod error;
pub mod firm;
pub mod labelled;
pub mod log;
pub mod mask;
mod migrate;
pub mod pattern;
pub mod permits;
pub mod report;
pub mod review;
pub mod sample;
pub mod sheet;
pub mod sketch;
mod source;
pub mod template;
pub mod texts;
pub mod verify;
mod verify_derived;
pub mod view;

pub use advert::{BANDS, NewAdvert, Prepared, band_number};
pub use batch::{Added, Batch};
pub use case::{Case, Settings};
pub use error::{CaseError, Kind};
pub use source::{Bytes, NewSource, Source, SourceRow};
