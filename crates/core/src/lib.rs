//! The ground floor of sakchy: text, phrase matching, facts, indicators and the score.
//!
//! No I/O, no clock, no randomness, no wording: everything the engine knows of words and weights comes in a compiled
//! [`pack::Pack`]. Most users want the crate `sakchy`, which carries a built-in pack.
#![forbid(unsafe_code)]

pub mod answer;
pub mod classifier;
mod columns;
mod condition;
pub mod engine;
pub mod facts;
pub mod features;
pub mod language;
pub mod lexicon;
mod lists;
mod marks;
pub mod offer;
pub mod pack;
pub mod registry;
pub mod scan;
pub mod score;
mod split;
pub mod text;
mod verify;

pub use engine::{Engine, Options};
