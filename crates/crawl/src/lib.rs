//! Polite fetching with evidence.
#![forbid(unsafe_code)]

pub mod address;
pub mod client;
pub mod clock;
pub mod crawl;
pub mod feed;
pub mod fetch;
pub mod frontier;
pub mod guard;
pub mod harvest;
pub mod index;
pub mod plan;
pub mod polite;
mod queue;
mod record;
pub mod replay;
pub mod response;
pub mod robots;
pub mod settle;
pub mod sources;
pub mod store;
pub mod traits;
mod turn;
pub mod verdict;
pub mod warc;
