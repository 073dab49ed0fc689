//! Destinations: countries named by their name, a city, a region; names that are common words as well ("Катар") only where
//! they stand alone between commas.

use super::Span;
use crate::marks::Marks;
use crate::pack::Pack;
use crate::scan::Hits;
use crate::text::{Break, Shape};
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

pub(super) fn read(pack: &Pack, marks: &Marks<'_, '_>, hits: &Hits) -> Vec<Destination> {
    let text = marks.text;
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
    for (code, set) in &pack.units.alone {
        if text.tokens.is_empty() || !marks.may_stand(*set, 0, true) || found.iter().any(|d| d.country == *code) {
            continue;
        }
        let at = (0..text.tokens.len()).find(|&t| marks.single(t, *set) && alone(marks, t));
        if let Some((t, country)) = at.zip(pack.countries.iter().find(|c| c.code == *code)) {
            let (start, end) = text.span(t, t);
            let (country, group) = (country.code.clone(), country.group.clone());
            found.push(Destination { country, group, by_name: true, war: false, span: Span { start, end } });
        }
    }
    found.sort_by_key(|d| (d.span, d.country.clone()));
    found
}

/// A word with a capital between commas, brackets, dashes or the ends of a sentence.
fn alone(marks: &Marks<'_, '_>, token: usize) -> bool {
    let (text, tokens) = (marks.text, &marks.text.tokens);
    let t = &tokens[token];
    if t.shape != Shape::Word || !t.capital {
        return false;
    }
    let parted = |gap: &str, with: Break| with >= Break::Soft || gap.chars().any(|c| !c.is_whitespace() && c != '-');
    let before = token.checked_sub(1).map(|b| &text.original[tokens[b].end as usize..t.start as usize]);
    let behind = tokens.get(token + 1).map(|n| (&text.original[t.end as usize..n.start as usize], n.before));
    before.is_none_or(|gap| parted(gap, t.before)) && behind.is_none_or(|(gap, with)| parted(gap, with))
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;

    fn places(text: &str) -> Vec<String> {
        facts(text).destinations.into_iter().map(|d| d.country).collect()
    }

    #[test]
    fn a_common_word_alone_between_commas_is_the_country() {
        assert_eq!(places("Незамужние девушки до 26, Катар"), ["QA"]);
        assert_eq!(places("Катар. Официантки"), ["QA"]);
        assert_eq!(places("Девушки, Катар, виза"), ["QA"]);
        assert_eq!(places("работа в Катаре"), ["QA"]);
        assert!(places("бир катар иштер").is_empty());
        assert!(places("Катар тартибинде").is_empty());
    }
}
