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
//! # The classifier
//! A small model adds bounded points of its own, with the words behind them ([`Assessment::classifier`]);
//! [`Screener::with_model`] takes one trained on data of one's own, [`Screener::without_model`] leaves it out.
//!
//! # Batches and threads
//! A [`Screener`] is `Send + Sync` and holds no state between texts: share one among all threads.
//!
//! # Spans
//! All offsets are bytes of the text as it was given: `&text[e.start..e.end] == e.text`.
#![forbid(unsafe_code)]

pub use sakchy_core::answer::{Assessment, Evidence, Finding, Term};
pub use sakchy_core::classifier::{Model, ModelError};
pub use sakchy_core::engine::{Options, Reading};
pub use sakchy_core::pack::{Category, Pack, PackError, Strength};
pub use sakchy_core::registry::{Permit, Registry};
pub use sakchy_core::{Engine, facts, features, text};

use sha2::{Digest, Sha256};

/// The pack that comes with this version.
pub const BUILTIN_PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.pack"));

/// The classifier's model that comes with this version (`rules/model.bin`, written by `sakchy train`); empty in a build
/// without one.
pub const BUILTIN_MODEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.model"));

/// Screens adverts with one pack and, where there is one, the classifier's model.
#[derive(Clone, Debug)]
pub struct Screener {
    engine: Engine,
}

impl Screener {
    /// The screener with the built-in pack and model. Takes some milliseconds: make one and keep it.
    ///
    /// # Panics
    /// Never in a released version: the tests open the built-in pack.
    pub fn builtin() -> Screener {
        let pack = Pack::from_bytes(BUILTIN_PACK).expect("the built-in pack is tested");
        let engine = Engine::new(pack, env!("SAKCHY_PACK_VERSION")).expect("the built-in pack is tested");
        Screener { engine: with_builtin_model(engine) }
    }

    /// The screener with a compiled pack and the built-in model (its signals are known by name, so it fits other packs).
    ///
    /// # Errors
    /// [`PackError`] when the bytes are no pack, of another version, cut short or damaged.
    pub fn with_pack(bytes: &[u8]) -> Result<Screener, PackError> {
        let pack = Pack::from_bytes(bytes)?;
        Ok(Screener { engine: with_builtin_model(Engine::new(pack, &version_of(bytes))?) })
    }

    /// The same screener with another model.
    ///
    /// # Errors
    /// [`ModelError`] when the bytes are no model, of another version, cut short, damaged or nonsense. Whoever wants to go
    /// on by rules alone uses [`Screener::without_model`].
    pub fn with_model(self, bytes: &[u8]) -> Result<Screener, ModelError> {
        let model = Model::from_bytes(bytes)?;
        Ok(Screener { engine: self.engine.with_model(model, &version_of(bytes)) })
    }

    /// The same screener by rules alone: its answers say that the classifier is off.
    #[must_use]
    pub fn without_model(self) -> Screener {
        Screener { engine: self.engine.without_model() }
    }

    /// Content hash of the model, as in every answer; none while the classifier is off.
    pub fn model_version(&self) -> Option<&str> {
        self.engine.model_version()
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

/// A model that cannot be read leaves the rules at work (the tests open the built-in one).
fn with_builtin_model(engine: Engine) -> Engine {
    match Model::from_bytes(BUILTIN_MODEL) {
        Ok(model) => engine.with_model(model, env!("SAKCHY_MODEL_VERSION")),
        Err(_) => engine,
    }
}

/// `sha256:` and the hash of some bytes.
fn version_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut version = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // writing to a string cannot fail
        let _ = write!(version, "{byte:02x}");
    }
    version
}
