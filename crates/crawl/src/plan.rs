//! A dry run: fetches robots.txt and nothing else, and says what a round would do.

use crate::address;
use crate::clock::{Clock, Millis};
use crate::crawl::TOKEN;
use crate::fetch::{Ask, Fetcher};
use crate::polite::Waits;
use crate::robots::Robots;
use crate::sources::{Crawler, Source};
use crate::verdict::{HOPS, RECEIVED, Verdict};
use std::collections::BTreeMap;
use url::Url;

/// What would be done with one host.
#[derive(Clone, Debug, Default)]
pub struct HostPlan {
    /// What robots.txt says, in words for people.
    pub says: String,
    /// Nothing could be asked of it.
    pub closed: bool,
    /// Pause between two requests, in milliseconds.
    pub pause: Millis,
    /// Most pages of one round.
    pub pages: u32,
    /// Addresses to begin with, each with whether it may be fetched.
    pub begins: Vec<(String, bool)>,
    /// Sitemaps that robots.txt names.
    pub sitemaps: Vec<String>,
}

/// Makes the plan of a round, host by host.
pub fn plan(
    crawler: &Crawler,
    sources: &[Source],
    allow_private: bool,
    fetcher: &dyn Fetcher,
    clock: &dyn Clock,
) -> BTreeMap<String, HostPlan> {
    let waits = Waits::new(crawler, allow_private);
    let mut plans: BTreeMap<String, HostPlan> = BTreeMap::new();
    let mut known: BTreeMap<String, Option<Robots>> = BTreeMap::new();
    let mut asked: BTreeMap<String, Millis> = BTreeMap::new();
    for source in sources {
        let given = source.start.iter().chain(&source.feeds).chain(&source.sitemaps);
        for url in given.filter_map(|a| address::normalise(a, None)) {
            let plan = plans.entry(address::host(&url).to_string()).or_default();
            let origin = url.origin().ascii_serialization();
            let robots = known.entry(origin).or_insert_with(|| {
                let (robots, says, pause) = robots(&url, &waits, fetcher, clock, &mut asked);
                plan.says = says;
                plan.pause = plan.pause.max(pause);
                robots
            });
            plan.pages = plan.pages.max(source.pages.unwrap_or(crawler.pages));
            let path = url.query().map_or(url.path().to_string(), |q| format!("{}?{q}", url.path()));
            plan.begins.push((url.to_string(), robots.as_ref().is_some_and(|r| r.allows(&path))));
            plan.closed = robots.is_none();
            if let Some(r) = robots {
                plan.pause = plan.pause.max(waits.pause(Some(source), r.delay, None));
                plan.sitemaps.clone_from(&r.sitemaps);
            }
        }
    }
    plans
}

fn robots(
    page: &Url,
    waits: &Waits,
    fetcher: &dyn Fetcher,
    clock: &dyn Clock,
    asked: &mut BTreeMap<String, Millis>,
) -> (Option<Robots>, String, Millis) {
    let Ok(mut url) = page.join("/robots.txt") else { return (None, "has no robots.txt address".into(), 0) };
    let mut pause = 0;
    for _ in 0..=HOPS {
        clock.wait_until(asked.get(address::host(&url)).copied().unwrap_or(0));
        let answer = fetcher.fetch(&Ask { url: &url, etag: None, last_modified: None, limit: RECEIVED });
        let ip = answer.as_ref().ok().and_then(|e| e.ip.clone());
        pause = waits.pause(None, None, ip.as_deref());
        asked.insert(address::host(&url).to_string(), clock.now() + pause);
        let verdict = match &answer {
            Ok(exchange) => Verdict::of(&url, exchange),
            Err(failure) => Verdict::Closed(failure.why.clone()),
        };
        let robots = verdict.robots(TOKEN);
        match verdict {
            Verdict::Elsewhere(target) => url = target,
            Verdict::Closed(why) => return (None, why, pause),
            Verdict::Open => return (robots, "no robots.txt: everything may be fetched".into(), pause),
            Verdict::Rules(body) => {
                let rules = robots.as_ref().map_or(0, |r| r.rules.len());
                let html = body.trim_ascii_start().starts_with(b"<");
                let says = match (html, rules) {
                    (true, _) => "robots.txt is a page of HTML and holds no rules".to_string(),
                    (_, 0) => "robots.txt has no rules for us".to_string(),
                    (_, n) => format!("robots.txt has {n} rules for us"),
                };
                return (robots, says, pause);
            }
        }
    }
    (Some(Robots::default()), "robots.txt redirects too often: there is none".into(), pause)
}
