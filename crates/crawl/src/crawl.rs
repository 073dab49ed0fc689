//! A round of the crawl: threads take hosts whose time has come and make one request for each.

use crate::address;
use crate::clock::{Clock, Millis};
use crate::fetch::Fetcher;
use crate::harvest::{Limits, harvest};
use crate::polite::{LONGEST_WAIT, Waits};
use crate::queue::{HostState, Job, Queue};
use crate::replay::Found;
use crate::settle::End;
use crate::sources::{Crawler, Source};
use crate::store::{Evidence, Store, base};
use crate::traits::{HostCount, PageReader, Purpose, Sink, Watcher};
use crate::warc::{Place, proof_of};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Our product token in robots.txt.
pub const TOKEN: &str = "sakchy";
/// Longest nap of a thread, so that a host that is found meanwhile need not wait for it, in milliseconds.
const NAP: Millis = 500;

/// What a round does.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the crawl is kept.
    pub folder: PathBuf,
    /// Leave out what was changed or dated before.
    pub since: Option<Millis>,
    /// Speak to private addresses, with shorter pauses: for tests.
    pub allow_private: bool,
    /// Fields of the warcinfo beside the usual ones.
    pub info: Vec<(String, String)>,
}

/// How a round ended.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// By host: what was counted, why it ended where it did not simply come to its end, and whether that was trouble.
    pub hosts: BTreeMap<String, (HostCount, Option<String>, bool)>,
    /// The round went on where an earlier one was broken off.
    pub resumed: bool,
    /// Pages that an earlier run had put into the archive but not written down.
    pub recovered: u32,
    /// Sources of which at least one page was read in this round.
    pub read: Vec<String>,
    /// Adverts found.
    pub adverts: u64,
    /// Those with signs that need checking.
    pub flagged: u64,
    /// Pages that failed, and hosts that were given up.
    pub troubles: u64,
}

/// Everything that a round needs.
pub struct Crawl<'a> {
    /// Who crawls, and how gently.
    pub crawler: &'a Crawler,
    /// The sources.
    pub sources: &'a [Source],
    /// Makes a fetcher for each thread.
    pub fetchers: &'a (dyn Fn() -> Result<Box<dyn Fetcher>, String> + Sync),
    /// Reads pages.
    pub reader: &'a dyn PageReader,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Who watches.
    pub watcher: &'a dyn Watcher,
    /// The rest.
    pub options: &'a Options,
}

/// What the threads share.
pub(crate) struct Shared {
    pub queue: Mutex<Queue>,
    pub wake: Condvar,
    pub store: Mutex<Store>,
    pub stop: Mutex<Option<String>>,
    pub tally: Mutex<Summary>,
}

/// A thread that panicked must not take the others along.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What comes after a turn.
pub(crate) enum Turn {
    /// Ask again at this time.
    Again(Millis),
    /// Wait until another host has fetched the rules.
    Parked(String, Job),
    /// Nothing is left to do for now.
    Over,
}

impl Crawl<'_> {
    /// Makes a round, or goes on with the one that was broken off.
    ///
    /// # Errors
    /// The folder or the disk. What was fetched until then is kept, and the next run goes on.
    pub fn run(&self, sink: Box<dyn Sink>) -> Result<Summary, String> {
        let now = self.clock.now();
        let outlets = self.sources.iter().map(|s| (s.id.clone(), s.outlet().to_string())).collect();
        let (mut store, found) = Store::open(&self.options.folder, now, self.info(), outlets, sink)?;
        let pause = self.waits().pause(None, None, None);
        let broken = |e| base("the frontier", &e);
        let resumed = store.frontier.begin_round(now, pause).map_err(broken)?;
        for source in self.sources {
            let all =
                [(&source.start, Purpose::Start), (&source.feeds, Purpose::Feed), (&source.sitemaps, Purpose::Sitemap)];
            for (urls, purpose) in all {
                for url in urls.iter().filter_map(|u| address::normalise(u, None)) {
                    store.frontier.begin_with(&url, &source.id, purpose).map_err(broken)?;
                }
            }
        }
        let mut summary = Summary { resumed, ..Summary::default() };
        for old in found {
            summary.recovered += u32::from(self.take_over(&mut store, &old)?);
        }
        store.taken_over()?;
        let mut queue = Queue::default();
        for (host, next_at) in store.frontier.hosts().map_err(broken)? {
            let count = store.frontier.count(&host).map_err(broken)?;
            queue.begin(&host, next_at.max(now), count);
        }
        let shared = Shared {
            queue: Mutex::new(queue),
            wake: Condvar::new(),
            store: Mutex::new(store),
            stop: Mutex::new(None),
            tally: Mutex::new(summary),
        };
        self.work(&shared)?;
        self.sum_up(shared)
    }

    fn work(&self, shared: &Shared) -> Result<(), String> {
        let hosts = lock(&shared.store).frontier.hosts().map_err(|e| base("the frontier", &e))?.len();
        // hosts found on the way (www. and the like) share the threads
        let threads = self.crawler.hosts_at_once.min(hosts + 1).max(1);
        let fetchers: Vec<Box<dyn Fetcher>> = (0..threads).map(|_| (self.fetchers)()).collect::<Result<_, _>>()?;
        std::thread::scope(|scope| {
            for fetcher in fetchers {
                scope.spawn(move || self.thread(shared, fetcher.as_ref()));
            }
        });
        Ok(())
    }

    fn thread(&self, shared: &Shared, fetcher: &dyn Fetcher) {
        loop {
            if lock(&shared.stop).is_some() {
                return;
            }
            let mut queue = lock(&shared.queue);
            let Some((at, host, mut state)) = queue.take() else {
                if queue.finished() {
                    shared.wake.notify_all();
                    return;
                }
                let waited = shared.wake.wait_timeout(queue, std::time::Duration::from_millis(50));
                drop(waited);
                continue;
            };
            drop(queue);
            let now = self.clock.now();
            if at > now {
                self.clock.wait_until(at.min(now + NAP));
                lock(&shared.queue).again(host, state, at);
                continue;
            }
            match self.turn(shared, fetcher, &host, &mut state) {
                Ok(Turn::Again(at)) => lock(&shared.queue).again(host, state, at),
                Ok(Turn::Parked(there, job)) => lock(&shared.queue).park(host, state, &there, job, now),
                Ok(Turn::Over) => {
                    let mut queue = lock(&shared.queue);
                    // something may have come in since the turn looked
                    let more = state.ended.is_none() && self.has_more(shared, &host, &queue);
                    if more { queue.again(host, state, now) } else { queue.over(host, state) }
                }
                Err(e) => {
                    lock(&shared.queue).over(host, state);
                    lock(&shared.stop).get_or_insert(e);
                }
            }
            shared.wake.notify_one();
        }
    }

    fn has_more(&self, shared: &Shared, host: &str, queue: &Queue) -> bool {
        queue.has_jobs(host) || lock(&shared.store).frontier.waiting(host).is_ok_and(|n| n > 0)
    }

    fn sum_up(&self, shared: Shared) -> Result<Summary, String> {
        let mut summary = shared.tally.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut store = shared.store.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(e) = shared.stop.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(e);
        }
        let queue = shared.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (host, mut state) in queue.into_states() {
            state.count.waiting = store.frontier.waiting(&host).unwrap_or(0);
            self.watcher.host(&host, &state.count);
            summary.troubles += u64::from(state.gave_up && state.failures == 0);
            summary.adverts += u64::from(state.count.adverts);
            summary.flagged += u64::from(state.count.flagged);
            summary.hosts.insert(host, (state.count, state.ended, state.gave_up));
        }
        store.close()?;
        Ok(summary)
    }

    /// A page that an earlier run had fetched and archived, but not written down.
    fn take_over(&self, store: &mut Store, old: &Found) -> Result<bool, String> {
        let Some(url) = address::normalise(&old.url, None) else { return Ok(false) };
        let place = Place { file: old.file.clone(), offset: old.offset, length: old.length };
        let evidence = Evidence::Kept(proof_of(place, &old.exchange.response));
        let page = store.frontier.waiting_for(&url).map_err(|e| base("the frontier", &e))?;
        let source = page.as_ref().and_then(|p| self.source(&p.source));
        let (Some(page), Some(source)) = (page, source) else {
            store.robots(&url, evidence, &old.exchange)?;
            return Ok(false);
        };
        let found = harvest(&page, source, &old.exchange, &self.limits(source), self.reader);
        let next_at = self.clock.now() + self.waits().pause(Some(source), None, None);
        store.finish(&page, evidence, &found, &old.exchange, next_at)?;
        Ok(found.end == End::Done)
    }

    pub(crate) fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == id)
    }

    pub(crate) fn waits(&self) -> Waits {
        Waits::new(self.crawler, self.options.allow_private)
    }

    pub(crate) fn limits(&self, source: &Source) -> Limits {
        Limits {
            unpacked: self.crawler.unpacked_megabytes << 20,
            page: self.crawler.page_megabytes << 20,
            depth: source.depth.unwrap_or(self.crawler.depth),
            since: self.options.since,
        }
    }

    /// Counts a trouble and tells it.
    pub(crate) fn trouble(&self, shared: &Shared, place: &str, why: &str) {
        lock(&shared.tally).troubles += 1;
        self.watcher.trouble(place, why);
    }

    /// A host is not asked again in this round.
    pub(crate) fn give_up(&self, shared: &Shared, host: &str, state: &mut HostState, why: String) -> Turn {
        self.trouble(shared, host, &why);
        state.ended = Some(why);
        state.gave_up = true;
        Turn::Over
    }

    /// A host that wants a long rest is left to the next run.
    pub(crate) fn rest(&self, shared: &Shared, host: &str, state: &mut HostState, at: Millis) -> Turn {
        if at - self.clock.now() > LONGEST_WAIT {
            let why = format!("wants to be left alone until {}; the next run goes on", crate::clock::iso(at));
            return self.give_up(shared, host, state, why);
        }
        Turn::Again(at)
    }

    fn info(&self) -> Vec<(String, String)> {
        let own = [
            ("software", format!("sakchy/{} (crawl)", env!("CARGO_PKG_VERSION"))),
            ("format", "WARC File Format 1.1".into()),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/".into()),
            ("operator", self.crawler.operator.clone()),
            ("http-header-user-agent", self.crawler.agent()),
            ("http-header-from", self.crawler.contact.clone()),
            ("robots", "obey (RFC 9309)".into()),
        ];
        let own = own.into_iter().map(|(n, v)| (n.to_string(), v));
        own.chain(self.options.info.iter().cloned()).filter(|(_, v)| !v.is_empty()).collect()
    }
}
