//! The corpus and what it shows: training of the classifier, and figures by split, language and kind.
#![forbid(unsafe_code)]

pub mod card;
pub mod check;
pub mod corpus;
pub mod cv;
pub mod emscad;
pub mod eval;
pub mod hiding;
pub mod html;
pub mod interval;
pub mod metrics;
pub mod model;
pub mod near;
pub mod report;
mod report_table;
mod rowspace;
pub mod training;
