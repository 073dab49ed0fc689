//! A list of permits while screening: firm names in any spelling, countries, expiry. A permit never lowers a score: what is
//! not valid for the advert is handed to the screener as absent, expired or suspended.

use sakchy::{Assessment, Options, Permit, Registry, Screener};
use sakchy_casebook::permits::{Mapping, Permits, State};
use sakchy_casebook::{Case, Kind, sheet};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A list made ready for screening.
pub struct Lookup {
    permits: Permits,
    as_of: String,
    /// Lists for the screener, by what they hold: most adverts need the empty one.
    ready: Mutex<HashMap<String, Arc<Registry>>>,
}

/// Reads a list, as CSV in any encoding or as XLSX; notes tell of rows that stand twice or contradict each other.
pub fn read(screener: &Screener, path: &Path, mapping: &Mapping) -> Result<(Vec<u8>, Permits, Vec<String>), String> {
    let named = |e: String| format!("{}: {e}", path.display());
    let bytes = std::fs::read(path).map_err(|e| named(e.to_string()))?;
    let table = if bytes.starts_with(b"PK") {
        sheet::xlsx(&bytes).map_err(|e| named(e.to_string()))?
    } else {
        let mut text = String::new();
        let decoded = sakchy_documents::encoding::decode(&bytes[..], false).map_err(named)?;
        std::io::Read::read_to_string(&mut std::io::BufReader::new(decoded), &mut text)
            .map_err(|e| named(e.to_string()))?;
        sheet::csv(&text).map_err(|e| named(e.to_string()))?
    };
    let (permits, notes) =
        Permits::read(&table, mapping, &|cell| countries(screener, cell)).map_err(|e| named(e.to_string()))?;
    Ok((bytes, permits, notes))
}

/// Codes of the countries that a cell names, by code or by name in any language of the rules.
fn countries(screener: &Screener, cell: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for part in cell.split([',', ';', '/', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        if part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase()) {
            codes.push(part.into());
        } else {
            let found = screener.engine().read(part, None).facts.destinations;
            codes.extend(found.into_iter().map(|d| d.country));
        }
    }
    codes.sort();
    codes.dedup();
    codes
}

impl Lookup {
    /// The list of a file.
    pub fn of_file(screener: &Screener, path: &Path, as_of: Option<&str>) -> Result<Lookup, String> {
        let (_, permits, notes) = read(screener, path, &Mapping::new())?;
        notes.iter().for_each(|n| eprintln!("sakchy: {}: {n}", path.display()));
        Ok(Lookup::new(permits, as_of))
    }

    /// The list in force of a casebook; none where it has none.
    pub fn of_case(case: &Case, as_of: Option<&str>) -> Result<Option<Lookup>, String> {
        match case.permits() {
            Ok(permits) => Ok(Some(Lookup::new(permits, as_of))),
            Err(e) if e.kind == Kind::Missing => Ok(None),
            Err(e) => Err(e.to_string()),
        }
    }

    fn new(permits: Permits, as_of: Option<&str>) -> Lookup {
        Lookup { permits, as_of: as_of.unwrap_or("").to_string(), ready: Mutex::default() }
    }

    /// What answers made with it are kept under.
    pub fn version(&self) -> String {
        format!("{} {}", self.permits.version(), self.as_of).trim_end().to_string()
    }

    /// The list as the screener needs it for one advert: the rows that speak of its firms and number, under the names that
    /// the advert uses, without those for other countries.
    fn registry(&self, screener: &Screener, answer: &Assessment) -> Arc<Registry> {
        let facts = &answer.facts;
        let mut rows: Vec<Permit> = Vec::new();
        let mut take = |name: &str, number: &str, firms: &[String], asked: Option<&str>| {
            let check = self.permits.check(firms, asked, &facts.destinations, &self.as_of);
            let Some((check, row)) = check.and_then(|c| c.row.clone().map(|row| (c, row))) else { return };
            let suspended = check.state == State::Suspended;
            // a status "expired" without a day: a day that is always past
            let expires = match check.state {
                State::Expired if row.expires.is_empty() || self.as_of.is_empty() => "0001-01-01".into(),
                _ => row.expires,
            };
            if check.state != State::OtherCountry {
                rows.push(Permit { name: name.into(), number: number.into(), expires, suspended });
            }
        };
        for firm in &facts.firms {
            take(firm, "", std::slice::from_ref(firm), None);
        }
        if let Some(number) = &facts.permit {
            take("", number, &[], Some(number));
        }
        let key = format!("{rows:?}");
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() > 10_000 {
            ready.clear();
        }
        // without a day to judge by, only rows that are expired whatever the day are
        let day = if self.as_of.is_empty() { "0001-01-02" } else { &self.as_of };
        let make = || Arc::new(Registry::new(screener.pack(), rows, day));
        ready.entry(key).or_insert_with(make).clone()
    }
}

/// Screens a text, with the list where the advert names a firm or a permit.
pub fn screen(screener: &Screener, lookup: Option<&Lookup>, text: &str, options: Options<'_>) -> Assessment {
    let answer = screener.screen_with(text, &options);
    match lookup {
        Some(lookup) if answer.facts.permit.is_some() || !answer.facts.firms.is_empty() => {
            let registry = lookup.registry(screener, &answer);
            screener.screen_with(text, &Options { registry: Some(&registry), ..options })
        }
        _ => answer,
    }
}
