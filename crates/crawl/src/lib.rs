//! Polite fetching with evidence.
#![forbid(unsafe_code)]

pub mod address;
pub mod client;
pub mod clock;
pub mod fetch;
pub mod guard;
mod record;
pub mod response;
pub mod robots;
pub mod replay;
pub mod warc;
pub mod sources;
pub mod frontier;
pub mod traits;
pub mod feed;
pub mod harvest;
