//! Reads, checks, formats, tests and compiles the rules that a lawyer can edit.
//!
//! The language is described in `rules/README.md`. [`source::Rules::load`] reads a folder, [`compile::compile`] makes a
//! pack of it, [`check`] and [`examples`] look for mistakes and run every example.

pub mod check;
pub mod compile;
pub mod condition;
pub mod error;
pub mod examples;
pub mod expand;
pub mod format;
mod frequency;
mod in_words;
pub mod languages;
mod numbered;
pub mod page;
pub mod phrase;
pub mod sheet;
pub mod source;
mod useless;
pub mod warn;

pub use compile::{Compiled, compile};
pub use error::RuleError;
pub use source::Rules;
