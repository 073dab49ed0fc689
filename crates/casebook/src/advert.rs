//! Adverts on their way into the casebook: all that needs no database is done here, on any thread.

use crate::clock;
use crate::digest::{Fields, Hash};
use sakchy::Assessment;

/// An advert to add.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewAdvert<'a> {
    /// Number of its source ([`crate::Source::id`]).
    pub source: i64,
    /// Name of its source, as given to the source: part of what tells the same advert read again from a file that grew.
    pub source_name: &'a str,
    /// Line or row of the source, from 1.
    pub place: u64,
    /// The identifier that the source gave.
    pub id: Option<&'a str>,
    /// Newspaper, board or channel.
    pub outlet: Option<&'a str>,
    /// Issue.
    pub issue: Option<&'a str>,
    /// Page.
    pub page: Option<&'a str>,
    /// Date as the source gives it.
    pub date: Option<&'a str>,
    /// Address.
    pub url: Option<&'a str>,
    /// Rubric that it stood under.
    pub rubric: Option<&'a str>,
    /// Title.
    pub title: Option<&'a str>,
    /// Text.
    pub text: &'a str,
}

impl NewAdvert<'_> {
    /// What is the same advert: its words and where they stood. With an address or an identifier of its own the line of
    /// the file does not matter, so that an export that grew at its top adds only what is new.
    fn identity(&self) -> i64 {
        let own = self.url.is_some() || self.id.is_some();
        let fields = Fields::new("identity")
            .text(if self.url.is_some() { "" } else { self.source_name })
            .number(if own { 0 } else { i64::try_from(self.place).unwrap_or(i64::MAX) })
            .maybe(self.id)
            .maybe(self.outlet)
            .maybe(self.issue)
            .maybe(self.page)
            .maybe(self.date)
            .maybe(self.url)
            .maybe(self.title)
            .text(self.text);
        let hash = fields.finish();
        i64::from_le_bytes(hash[..8].try_into().unwrap_or([0; 8]))
    }
}

/// The fields of an advert that its hash covers, whether new or read back.
pub(crate) struct AdvertFields<'a> {
    pub source: i64,
    pub place: i64,
    pub id: Option<&'a str>,
    pub outlet: Option<&'a str>,
    pub issue: Option<&'a str>,
    pub page: Option<&'a str>,
    pub date: Option<&'a str>,
    pub url: Option<&'a str>,
    pub rubric: Option<&'a str>,
    pub title: &'a str,
    pub text: &'a str,
    pub key: i64,
}

impl AdvertFields<'_> {
    pub(crate) fn hash(&self) -> Hash {
        Fields::new("advert")
            .number(self.source)
            .number(self.place)
            .maybe(self.id)
            .maybe(self.outlet)
            .maybe(self.issue)
            .maybe(self.page)
            .maybe(self.date)
            .maybe(self.url)
            .maybe(self.rubric)
            .text(self.title)
            .text(self.text)
            .number(self.key)
            .finish()
    }
}

/// An answer made ready.
#[derive(Clone, Debug)]
pub(crate) struct ReadyAnswer {
    pub score: u32,
    pub band: i64,
    pub language: String,
    pub kind: String,
    pub category: &'static str,
    pub offer: bool,
    pub indicators: Vec<String>,
    pub telephones: Vec<String>,
    pub handles: Vec<String>,
    pub answer: String,
    pub places: String,
    pub engine: String,
    pub pack: String,
    pub model: String,
}

/// An advert, with its answer where there is one, made ready to be written. Making it is the work that can be spread over
/// threads; [`crate::Batch::add`] only writes.
#[derive(Clone, Debug)]
pub struct Prepared<'a> {
    pub(crate) advert: NewAdvert<'a>,
    pub(crate) key: i64,
    pub(crate) hash: Hash,
    pub(crate) month: String,
    pub(crate) answer: Option<ReadyAnswer>,
}

impl<'a> Prepared<'a> {
    /// Makes an advert ready.
    pub fn new(advert: NewAdvert<'a>, answer: Option<&Assessment>) -> Prepared<'a> {
        let key = advert.identity();
        let hash = AdvertFields {
            source: advert.source,
            place: i64::try_from(advert.place).unwrap_or(i64::MAX),
            id: advert.id,
            outlet: advert.outlet,
            issue: advert.issue,
            page: advert.page,
            date: advert.date,
            url: advert.url,
            rubric: advert.rubric,
            title: advert.title.unwrap_or(""),
            text: advert.text,
            key,
        }
        .hash();
        let month = advert.date.and_then(clock::day).map_or_else(String::new, |day| day[..7].to_string());
        let answer = answer.map(|a| ready(a, advert.title.unwrap_or(""), advert.text));
        Prepared { advert, key, hash, month, answer }
    }
}

/// Number of a band: 0 none, 1 notice, 2 warning, 3 danger.
pub fn band_number(band: &str) -> i64 {
    BANDS.iter().position(|b| *b == band).map_or(0, |n| n as i64)
}

/// The bands, from the lightest.
pub const BANDS: [&str; 4] = ["none", "notice", "warning", "danger"];

pub(crate) fn ready(answer: &Assessment, title: &str, text: &str) -> ReadyAnswer {
    let places = answer.facts.places.iter().filter_map(|p| {
        // the facts' spans are those of title and text read as one
        let body = if title.trim_end().is_empty() { 0 } else { title.trim_end().len() + 2 };
        if p.span.start >= body {
            text.get(p.span.start - body..p.span.end - body)
        } else {
            title.get(p.span.start..p.span.end)
        }
    });
    let places = places.collect::<Vec<_>>().join("|");
    let mut kept = answer.clone();
    kept.advice.clear();
    kept.help.clear();
    kept.id = None;
    kept.pack = String::new();
    kept.model = None;
    ReadyAnswer {
        score: answer.score,
        band: band_number(answer.band),
        language: answer.language.to_string(),
        kind: answer.kind.clone(),
        category: answer.category.map_or("", |c| match c {
            sakchy::Category::Trafficking => "trafficking",
            sakchy::Category::RecruitmentScam => "recruitment-scam",
        }),
        offer: answer.offer,
        indicators: answer.findings.iter().map(|f| f.indicator.clone()).collect(),
        telephones: answer.facts.telephones.clone(),
        handles: answer.facts.handles.iter().map(|h| h.to_lowercase()).collect(),
        answer: kept.to_json(),
        places,
        engine: answer.engine.to_string(),
        pack: answer.pack.clone(),
        model: answer.model.clone().unwrap_or_default(),
    }
}

/// Hash of the row of an answer.
pub(crate) fn answer_hash(
    advert: i64,
    versions: [&str; 4],
    at: i64,
    score: i64,
    band: i64,
    answer: &str,
    places: &str,
) -> Hash {
    let mut fields = Fields::new("assessment").number(advert);
    for version in versions {
        fields = fields.text(version);
    }
    fields.number(at).number(score).number(band).text(answer).text(places).finish()
}
