//! One request for one host: its robots.txt, or its next page.

use crate::address;
use crate::clock::Millis;
use crate::crawl::{Crawl, Shared, TOKEN, Turn, lock};
use crate::fetch::{Ask, Exchange, Failure, Fetcher};
use crate::frontier::Waiting;
use crate::harvest::harvest;
use crate::polite::PATIENCE;
use crate::queue::{HostState, Job};
use crate::robots::Robots;
use crate::settle::End;
use crate::sources::Source;
use crate::store::{Evidence, base};
use crate::verdict::{HOPS, KEPT, RECEIVED, Verdict};
use crate::warc::pack;
use url::Url;

/// Scheme, host and port: what a robots.txt speaks for.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(q) => format!("{}?{q}", url.path()),
        None => url.path().to_string(),
    }
}

impl Crawl<'_> {
    /// Makes at most one request to a host.
    pub(crate) fn turn(
        &self,
        shared: &Shared,
        fetcher: &dyn Fetcher,
        host: &str,
        state: &mut HostState,
    ) -> Result<Turn, String> {
        let job = lock(&shared.queue).next_job(host);
        if let Some(job) = job {
            return self.job(shared, fetcher, host, state, job);
        }
        loop {
            let next = lock(&shared.store).frontier.next(host).map_err(|e| base("the frontier", &e))?;
            let Some(page) = next else { return Ok(Turn::Over) };
            let Some(source) = self.source(&page.source) else {
                self.pass_over(shared, &page, "its source is no longer in the list")?;
                continue;
            };
            let origin = origin(&page.url);
            let Some(robots) = self.robots(shared, state, &origin)? else {
                let Ok(url) = page.url.join("/robots.txt") else { return Ok(Turn::Over) };
                let job = Job { origin, owner: host.to_string(), url, hops: 0 };
                return self.job(shared, fetcher, host, state, job);
            };
            if !robots.allows(&path_of(&page.url)) {
                state.count.denied += 1;
                self.pass_over(shared, &page, "robots.txt does not allow it")?;
                if page.depth == 0 {
                    self.trouble(shared, page.url.as_str(), "robots.txt does not allow it");
                }
                continue;
            }
            let pages = source.pages.unwrap_or(self.crawler.pages);
            if state.count.pages >= pages || state.count.bytes >= self.crawler.megabytes << 20 {
                state.ended = Some("its budget for one round is used up; the next run goes on".into());
                return Ok(Turn::Over);
            }
            return self.page(shared, fetcher, host, state, &page, source, &robots);
        }
    }

    fn pass_over(&self, shared: &Shared, page: &Waiting, why: &str) -> Result<(), String> {
        lock(&shared.store).frontier.pass_over(page, why).map_err(|e| base("the frontier", &e))
    }

    /// The rules of an origin, where they are known and fresh.
    fn robots(&self, shared: &Shared, state: &mut HostState, origin: &str) -> Result<Option<Robots>, String> {
        if let Some(robots) = state.robots.get(origin) {
            return Ok(Some(robots.clone()));
        }
        let kept = lock(&shared.store).frontier.robots(origin).map_err(|e| base("the frontier", &e))?;
        let fresh = kept.filter(|(at, _, _)| self.clock.now() - at < KEPT);
        let robots = fresh.map(|(_, verdict, body)| match verdict.as_str() {
            "rules" => Robots::parse(&body, TOKEN),
            _ => Robots::default(),
        });
        if let Some(robots) = &robots {
            state.robots.insert(origin.to_string(), robots.clone());
        }
        Ok(robots)
    }

    /// Fetches a robots.txt, for this host or for another one that sent us here.
    fn job(
        &self,
        shared: &Shared,
        fetcher: &dyn Fetcher,
        host: &str,
        state: &mut HostState,
        job: Job,
    ) -> Result<Turn, String> {
        let pause = self.waits().pause(None, None, None);
        self.asking(shared, host, pause)?;
        let ask = Ask { url: &job.url, etag: None, last_modified: None, limit: RECEIVED };
        let answer = fetcher.fetch(&ask);
        let now = self.clock.now();
        let verdict = match &answer {
            Ok(exchange) => Verdict::of(&job.url, exchange),
            Err(failure) => Verdict::Closed(failure.why.clone()),
        };
        let ip = answer.as_ref().ok().and_then(|e| e.ip.clone());
        let mut next_at = now + self.waits().pause(None, verdict.robots(TOKEN).and_then(|r| r.delay), ip.as_deref());
        {
            let mut store = lock(&shared.store);
            if let Ok(exchange) = &answer {
                let packed =
                    pack(job.url.as_str(), exchange, &[("via", job.origin.as_str())]).map_err(|e| e.to_string())?;
                store.robots(&job.url, Evidence::New(&packed), exchange)?;
            }
            let word = match &verdict {
                Verdict::Rules(body) => Some(("rules", body.as_slice())),
                Verdict::Open => Some(("open", &[][..])),
                Verdict::Elsewhere(_) if job.hops >= HOPS => Some(("open", &[][..])),
                Verdict::Elsewhere(_) | Verdict::Closed(_) => None,
            };
            if let Some((word, body)) = word {
                store.frontier.keep_robots(&job.origin, now, word, body).map_err(|e| base("the frontier", &e))?;
            }
            store.frontier.asked(host, next_at).map_err(|e| base("the frontier", &e))?;
        }
        match verdict {
            Verdict::Closed(why) => {
                state.failures += 1;
                let lost = answer.as_ref().is_err_and(|f| !f.passing);
                if lost || state.failures >= PATIENCE {
                    self.give_up(shared, host, state, why);
                    return Ok(Turn::Over);
                }
                next_at = next_at.max(self.retry(answer.as_ref().ok(), state.failures, now));
                let turn = self.rest(shared, host, state, next_at);
                if matches!(turn, Turn::Again(_)) {
                    lock(&shared.queue).job(host, job, next_at);
                }
                return Ok(turn);
            }
            Verdict::Elsewhere(target) if job.hops < HOPS => {
                let there = address::host(&target).to_string();
                let job = Job { url: target, hops: job.hops + 1, ..job };
                if there != host {
                    return Ok(Turn::Parked(there, job));
                }
                lock(&shared.queue).job(host, job, next_at);
            }
            _ => {
                state.failures = 0;
                if job.owner != host {
                    lock(&shared.queue).unpark(&job.owner, now);
                }
            }
        }
        Ok(Turn::Again(next_at))
    }

    /// Fetches a page and writes down what came of it.
    #[allow(clippy::too_many_arguments)]
    fn page(
        &self,
        shared: &Shared,
        fetcher: &dyn Fetcher,
        host: &str,
        state: &mut HostState,
        page: &Waiting,
        source: &Source,
        robots: &Robots,
    ) -> Result<Turn, String> {
        let limits = self.limits(source);
        self.asking(shared, host, self.waits().pause(Some(source), robots.delay, None))?;
        let ask = Ask {
            url: &page.url,
            etag: page.etag.as_deref(),
            last_modified: page.modified.as_deref(),
            limit: limits.page,
        };
        let answer = fetcher.fetch(&ask);
        let now = self.clock.now();
        state.count.pages += 1;
        let exchange = match answer {
            Ok(exchange) => exchange,
            Err(failure) => return self.no_answer(shared, host, state, page, &failure, now),
        };
        state.count.bytes += exchange.response.len() as u64;
        let ip = exchange.ip.as_deref();
        let mut next_at = now + self.waits().pause(Some(source), robots.delay, ip);
        let mut found = harvest(page, source, &exchange, &limits, self.reader);
        if found.slow {
            state.failures += 1;
            next_at = next_at.max(self.retry(Some(&exchange), state.failures, now));
        } else {
            state.failures = 0;
            next_at = next_at.max(found.retry_at.unwrap_or(0));
        }
        let notes = [("sourceId", source.id.as_str()), ("hopsFromSeed", &page.depth.to_string())];
        let packed = pack(page.url.as_str(), &exchange, &notes).map_err(|e| e.to_string())?;
        let news = {
            let mut store = lock(&shared.store);
            if let Some(body) = &found.body {
                let same = store.frontier.same_body(body, page).map_err(|e| base("the frontier", &e))?;
                if let Some(other) = same {
                    // the same page under another address: its links and adverts are known
                    found.links.clear();
                    found.adverts.clear();
                    found.note = Some(format!("the same page as {other}"));
                }
            }
            for link in found.links.iter().filter(|_| (300..400).contains(&found.status)) {
                let known = store.frontier.status_of(&link.url).map_err(|e| base("the frontier", &e))?;
                if known.flatten().is_some_and(|s| (300..400).contains(&s)) {
                    found.note = Some("redirects in a circle".into());
                }
            }
            store.finish(page, Evidence::New(&packed), &found, &exchange, next_at)?
        };
        state.count.adverts += news.adverts;
        state.count.flagged += news.flagged;
        state.count.gone += u32::from(matches!(found.status, 404 | 410));
        self.report(shared, host, state, now);
        self.wake_others(shared, host, &found.links);
        let bad =
            matches!(found.end, End::Failed | End::Passing) || found.note.as_deref() == Some("redirects in a circle");
        let gone = page.depth == 0 && matches!(found.status, 404 | 410);
        if bad || gone {
            let why = found.note.as_deref().unwrap_or("failed");
            self.trouble(shared, page.url.as_str(), why);
        } else if found.end == End::Done && found.status < 300 || found.status == 304 {
            let read = &mut lock(&shared.tally).read;
            if !read.contains(&source.id) {
                read.push(source.id.clone());
            }
        }
        if state.failures >= PATIENCE {
            let why = format!("failed {PATIENCE} times in a row; the next run tries again");
            return Ok(self.give_up(shared, host, state, why));
        }
        if found.slow || found.retry_at.is_some() {
            return Ok(self.rest(shared, host, state, next_at));
        }
        Ok(Turn::Again(next_at))
    }

    fn no_answer(
        &self,
        shared: &Shared,
        host: &str,
        state: &mut HostState,
        page: &Waiting,
        failure: &Failure,
        now: Millis,
    ) -> Result<Turn, String> {
        state.failures += 1;
        let next_at = now + self.waits().backoff(state.failures, None);
        lock(&shared.store).no_answer(page, &failure.why, failure.passing, now, next_at)?;
        if !failure.passing || state.failures >= PATIENCE {
            return Ok(self.give_up(shared, host, state, failure.why.clone()));
        }
        self.trouble(shared, page.url.as_str(), &failure.why);
        Ok(self.rest(shared, host, state, next_at))
    }

    /// When a host that failed may be asked again: as it says, or after a wait that doubles.
    fn retry(&self, exchange: Option<&Exchange>, failures: u32, now: Millis) -> Millis {
        let ip = exchange.and_then(|e| e.ip.as_deref());
        let head = exchange.and_then(|e| crate::response::Response::head(&e.response).ok());
        let said = head.and_then(|h| h.retry_at(now));
        said.unwrap_or_else(|| now + self.waits().backoff(failures, ip))
    }

    fn asking(&self, shared: &Shared, host: &str, pause: Millis) -> Result<(), String> {
        let at = self.clock.now() + pause;
        lock(&shared.store).frontier.asking(host, at).map_err(|e| base("the frontier", &e))
    }

    /// Hosts of the same source that were thought to be done may have something to do again.
    fn wake_others(&self, shared: &Shared, host: &str, links: &[crate::traits::Link]) {
        for link in links {
            let there = address::host(&link.url);
            if there != host {
                lock(&shared.queue).wake(there, self.clock.now());
            }
        }
    }

    fn report(&self, shared: &Shared, host: &str, state: &mut HostState, now: Millis) {
        if now - state.reported >= 500 {
            state.reported = now;
            state.count.waiting = lock(&shared.store).frontier.waiting(host).unwrap_or(0);
            self.watcher.host(host, &state.count);
        }
    }
}
