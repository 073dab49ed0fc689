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
    /// The file inside a ZIP, or the address of a WARC record, that it stood in.
    #[serde(skip)]
    pub inside: Option<String>,
    /// Where it stood on the page, for pages with a layout (PDF, pictures).
    #[serde(skip)]
    pub spot: Option<Spot>,
}

/// Where an advert stood on its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Column in which it begins, from 1.
    pub column: usize,
    /// Its boxes in the order of reading, one a column: an advert that runs over a column has several.
    pub areas: Vec<Area>,
    /// How sure the OCR was of its words, 0 to 100; none for a text layer.
    pub confidence: Option<u8>,
}

/// A rectangle of the page as it was given: pixels of a picture, points (1/72 inch) of a PDF; from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Advert {
    /// The place within its source as an address is written: `page=3&column=2&xywh=40,60,300,120&confidence=91` for pages with a
    /// layout (`xywh` as in W3C Media Fragments, one for each column that it runs through), else the line or row.
    pub fn fragment(&self) -> String {
        let Some(spot) = &self.spot else { return self.place.to_string() };
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.page.as_ref().map(|p| format!("page={p}")));
        parts.push(format!("column={}", spot.column));
        parts.extend(spot.areas.iter().map(|a| format!("xywh={},{},{},{}", a.x, a.y, a.width, a.height)));
        parts.extend(spot.confidence.map(|c| format!("confidence={c}")));
        parts.join("&")
    }
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Line or row of the input, from 1; 0 for the input as a whole.
    pub place: usize,
    /// What is wrong and how to mend it.
    pub problem: String,
    /// The file inside a ZIP, or the address of a WARC record.
    pub inside: Option<String>,
}

impl Trouble {
    /// A trouble of the input as a whole.
    pub fn whole(problem: impl Into<String>) -> Trouble {
        Trouble { place: 0, problem: problem.into(), inside: None }
    }
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
