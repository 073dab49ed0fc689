//! One request and its answer, as the crawler sees them; tests put a pretended net behind the trait.

use crate::clock::Millis;
use url::Url;

/// What is asked for. There is no method: only GET exists.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// The address.
    pub url: &'a Url,
    /// `ETag` of what is already known of this page.
    pub etag: Option<&'a str>,
    /// `Last-Modified` of what is already known of this page.
    pub last_modified: Option<&'a str>,
    /// Most bytes that are received.
    pub limit: usize,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All of it came.
    Whole,
    /// It was longer than the limit, or of a kind that is not read on purpose.
    Length,
    /// It took longer than the limit.
    Time,
    /// The other side ended it early.
    Disconnect,
}

/// Bytes sent and received.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When the request was sent.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// Address of the server.
    pub ip: Option<String>,
    /// The request as it was sent.
    pub request: Vec<u8>,
    /// The response as it came.
    pub response: Vec<u8>,
    /// How it ended.
    pub ending: Ending,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In words for people.
    pub why: String,
    /// Asking again later may help.
    pub passing: bool,
    /// The request left this machine, so that the host has had work with it.
    pub sent: bool,
}

/// Something that fetches.
pub trait Fetcher: Send + Sync {
    /// Sends one GET and brings what came back.
    ///
    /// # Errors
    /// No answer: the name is unknown, the address is not public, no connection, broken TLS, silence.
    fn fetch(&self, ask: &Ask<'_>) -> Result<Exchange, Failure>;
}
