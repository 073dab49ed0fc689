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
mod queue;
pub mod replay;
pub mod warc;
pub mod sources;
pub mod frontier;
pub mod traits;
pub mod crawl;
pub mod feed;
pub mod harvest;
pub mod index;
pub mod plan;
pub mod polite;
pub mod settle;
pub mod store;
mod turn;
pub mod verdict;
