//! Shows the red flags of human trafficking in adverts.
//!
//! One call answers one advert: a score from 0 to 100 that anyone can add up, the findings with the words that raised
//! them, the facts (telephones, pay, destinations), advice and help lines. Nothing is sent anywhere, and no answer ever
//! says that a job is safe: the band `none` means "no red flags found - no promise".
//!
//! ```
//! use sakchy::{Options, Screener};
//!
//! let screener = Screener::builtin();
//! let answer = screener.screen("Требуются девушки в Дубай. Билет в счёт зарплаты, паспорт хранится у нас. +996 555 12 34 56");
//! assert_eq!(answer.band, "danger");
//! for finding in &answer.findings {
//!     println!("{} (+{}): {}", finding.title, finding.points, finding.evidence[0].text);
//! }
//!
//! // the reader's language, the title of the advert, a caller's identifier
//! let options = Options { lang: Some("ky"), title: Some("Жумуш"), id: Some("a17"), ..Options::default() };
//! let json = screener.screen_json("Кассир керек, Ош шаары", &options);
//! assert!(json.starts_with("{\"v\":1,\"id\":\"a17\""));
//! ```
//!
//! # Own packs
//! `sakchy rules build --out my.pack` compiles rules of one's own; [`Screener::with_pack`] loads them.
//!
//! # Batches and threads
//! A [`Screener`] is `Send + Sync` and holds no state between texts: share one among all threads.
//!
//! # Spans
//! All offsets are bytes of the text as it was given: `&text[e.start..e.end] == e.text`.
#![forbid(unsafe_code)]

pub use sakchy_core::answer::{Assessment, Evidence, Finding, Term};
pub use sakchy_core::engine::{Options, Reading};
pub use sakchy_core::pack::{Category, Pack, PackError, Strength};
pub use sakchy_core::registry::{Permit, Registry};
pub use sakchy_core::{Engine, facts, text};

use sha2::{Digest, Sha256};

/// The pack that comes with this version.
pub const BUILTIN_PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.pack"));

/// Screens adverts with one pack.
#[derive(Clone, Debug)]
pub struct Screener {
    engine: Engine,
}

impl Screener {
    /// The screener with the built-in pack. Takes some milliseconds: make one and keep it.
    ///
    /// # Panics
    /// Never in a released version: the tests open the built-in pack.
    pub fn builtin() -> Screener {
        let pack = Pack::from_bytes(BUILTIN_PACK).expect("the built-in pack is tested");
        let engine = Engine::new(pack, env!("SAKCHY_PACK_VERSION")).expect("the built-in pack is tested");
        Screener { engine }
    }

    /// The screener with a compiled pack.
    ///
    /// # Errors
    /// [`PackError`] when the bytes are no pack, of another version, cut short or damaged.
    pub fn with_pack(bytes: &[u8]) -> Result<Screener, PackError> {
        let pack = Pack::from_bytes(bytes)?;
        Ok(Screener { engine: Engine::new(pack, &version_of(bytes))? })
    }

    /// The screener with a pack that was just compiled.
    ///
    /// # Errors
    /// [`PackError`] when the pack contradicts itself.
    pub fn from_pack(pack: &Pack) -> Result<Screener, PackError> {
        Screener::with_pack(&pack.to_bytes())
    }

    /// Screens one advert in its own language. Any string has an answer.
    pub fn screen(&self, text: &str) -> Assessment {
        self.engine.screen(text, &Options::default())
    }

    /// Screens one advert.
    pub fn screen_with(&self, text: &str, options: &Options<'_>) -> Assessment {
        self.engine.screen(text, options)
    }

    /// Screens one advert; the answer as one line of JSON (version 1).
    pub fn screen_json(&self, text: &str, options: &Options<'_>) -> String {
        self.engine.screen(text, options).to_json()
    }

    /// The engine below, for tools that show how a text was read.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Content hash of the pack, as in every answer.
    pub fn pack_version(&self) -> &str {
        self.engine.pack_version()
    }

    /// The pack.
    pub fn pack(&self) -> &Pack {
        self.engine.pack()
    }
}

/// `sha256:` and the hash of the pack's bytes.
fn version_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut version = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // writing to a string cannot fail
        let _ = write!(version, "{byte:02x}");
    }
    version
}
