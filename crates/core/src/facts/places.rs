//! Destinations: countries named by their name, a city, a region.

use super::Span;
use crate::pack::Pack;
use crate::scan::Hits;
use crate::text::Text;
use serde::Serialize;

/// A country that the advert names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Destination {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// home, region, cis or far.
    pub group: String,
    /// Named by the country's own name, not only by a city.
    pub by_name: bool,
    /// A place at war.
    pub war: bool,
    /// Where it is named first.
    #[serde(flatten)]
    pub span: Span,
}

impl Destination {
    /// Is it abroad for a reader in Central Asia? The neighbours count only by their country's name, and not in adverts
    /// written in that country's own language: a city of theirs is mostly where the advert was placed.
    pub fn abroad(&self, language: &str) -> bool {
        match self.group.as_str() {
            "home" => false,
            "region" => {
                let own = matches!(
                    (self.country.as_str(), language),
                    ("KZ", "kk") | ("UZ", "uz") | ("TJ", "tg") | ("TM", "tk")
                );
                self.by_name && !own
            }
            _ => true,
        }
    }
}

pub(super) fn read(pack: &Pack, text: &Text<'_>, hits: &Hits) -> Vec<Destination> {
    let mut found: Vec<Destination> = Vec::new();
    for country in &pack.countries {
        let war = country.war.map_or(&[][..], |w| hits.of(w));
        let named = hits.of(country.country);
        let cities = hits.of(country.cities);
        let Some(first) = named.iter().chain(cities).chain(war).min() else {
            continue;
        };
        let (start, end) = text.span(first.first as usize, first.last as usize);
        found.push(Destination {
            country: country.code.clone(),
            group: country.group.clone(),
            by_name: !named.is_empty(),
            war: !war.is_empty(),
            span: Span { start, end },
        });
    }
    found.sort_by_key(|d| (d.span, d.country.clone()));
    found
}
