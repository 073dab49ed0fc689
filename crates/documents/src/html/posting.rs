//! A job posting as schema.org describes it.

use crate::Advert;

/// What a page says of a job in JSON-LD or microdata (<https://schema.org/JobPosting>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Title.
    pub title: Option<String>,
    /// Who employs.
    pub employer: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Pay: amount or range, currency, period, as the page gives them, e.g. `40000-60000 KGS MONTH`.
    pub pay: Option<String>,
    /// The duties: the posting's description as text.
    pub duties: Option<String>,
    /// Day of publication.
    pub posted: Option<String>,
    /// Day until which it holds.
    pub until: Option<String>,
    /// Full time, part time ...
    pub employment: Option<String>,
    /// Address of the posting itself.
    pub url: Option<String>,
    /// Its identifier on the site.
    pub id: Option<String>,
}

impl Posting {
    /// The text to screen: the description, and what it does not say itself: employer, place, pay.
    pub fn text(&self) -> String {
        let mut text = self.duties.clone().unwrap_or_default();
        for part in [&self.employer, &self.place, &self.pay].into_iter().flatten() {
            if !text.contains(part.as_str()) {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(part);
            }
        }
        if text.is_empty() {
            text = self.title.clone().unwrap_or_default();
        }
        text
    }

    /// The posting as an advert.
    pub fn advert(&self, site: Option<&str>, url: Option<&str>) -> Advert {
        Advert {
            id: self.id.clone(),
            text: self.text(),
            title: self.title.clone(),
            publisher: site.map(str::to_string),
            url: self.url.clone().or_else(|| url.map(str::to_string)),
            date: self.posted.clone(),
            ..Advert::default()
        }
    }

    /// Says anything at all?
    pub(crate) fn is_empty(&self) -> bool {
        self.title.is_none() && self.duties.is_none()
    }
}
