//! The corpus and what it shows: figures by split, language and kind.
#![forbid(unsafe_code)]

pub mod corpus;
pub mod eval;
pub mod interval;
