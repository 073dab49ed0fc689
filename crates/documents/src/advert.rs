//! An advert and what is known of it.

use serde::Deserialize;

/// One advert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Advert {
    /// The caller's identifier, given back as it is.
    #[serde(default, deserialize_with = "text_of_any")]
    pub id: Option<String>,
    /// The text.
    pub text: String,
    /// Title.
    #[serde(default, deserialize_with = "text_of_any")]
    pub title: Option<String>,
    /// Newspaper, board or channel.
    #[serde(default, deserialize_with = "text_of_any")]
    pub publisher: Option<String>,
    /// Issue.
    #[serde(default, deserialize_with = "text_of_any")]
    pub issue: Option<String>,
    /// Page.
    #[serde(default, deserialize_with = "text_of_any")]
    pub page: Option<String>,
    /// Address.
    #[serde(default, deserialize_with = "text_of_any")]
    pub url: Option<String>,
    /// Date.
    #[serde(default, deserialize_with = "text_of_any")]
    pub date: Option<String>,
    /// Rubric of the page under which it stood.
    #[serde(skip)]
    pub rubric: Option<String>,
    /// Line (text), row (CSV) or line (JSON Lines) of the input, from 1.
    #[serde(skip)]
    pub place: usize,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Line or row of the input, from 1; 0 for the input as a whole.
    pub place: usize,
    /// What is wrong and how to mend it.
    pub problem: String,
}

/// One step of reading.
pub type Item = Result<Advert, Trouble>;

/// Strings as they are, numbers and booleans as they are written; null is nothing.
fn text_of_any<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(match value {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::String(s)) => Some(s),
        Some(other) => Some(other.to_string()),
    })
}
