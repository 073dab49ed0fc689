//! Which host is next: those whose time has come first, each in one pair of hands.

use crate::clock::Millis;
use crate::robots::Robots;
use crate::traits::HostCount;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use url::Url;

/// A robots.txt to fetch.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whose rules they are: scheme, host and port.
    pub origin: String,
    /// The host that waits for them.
    pub owner: String,
    /// Where to ask.
    pub url: Url,
    /// Redirects on the way here.
    pub hops: u32,
}

/// What is known of a host in this round.
#[derive(Clone, Debug, Default)]
pub struct HostState {
    /// Counted so far.
    pub count: HostCount,
    /// Failures in a row.
    pub failures: u32,
    /// Rules by origin.
    pub robots: BTreeMap<String, Robots>,
    /// Why it is no longer asked in this round; empty when nothing is left to ask.
    pub ended: Option<String>,
    /// It ended badly.
    pub gave_up: bool,
    /// When the watcher was last told.
    pub reported: Millis,
}

#[derive(Debug)]
enum Standing {
    Queued(HostState),
    Busy,
    Parked(HostState),
    Over(HostState),
}

/// All hosts of a round.
#[derive(Debug, Default)]
pub struct Queue {
    order: BinaryHeap<Reverse<(Millis, String)>>,
    hosts: BTreeMap<String, Standing>,
    jobs: BTreeMap<String, VecDeque<Job>>,
    busy: usize,
}

impl Queue {
    /// Adds a host of which `count` is known from a round that was broken off.
    pub fn begin(&mut self, host: &str, at: Millis, count: HostCount) {
        self.hosts.insert(host.to_string(), Standing::Queued(HostState { count, ..HostState::default() }));
        self.order.push(Reverse((at, host.to_string())));
    }

    /// Adds a host, or wakes it when it was thought to be done. A host that was given up stays so.
    pub fn wake(&mut self, host: &str, at: Millis) {
        let state = match self.hosts.remove(host) {
            None => HostState::default(),
            Some(Standing::Over(state)) if !state.gave_up && state.ended.is_none() => state,
            Some(other) => {
                self.hosts.insert(host.to_string(), other);
                return;
            }
        };
        self.hosts.insert(host.to_string(), Standing::Queued(state));
        self.order.push(Reverse((at, host.to_string())));
    }

    /// Gives a host a robots.txt to fetch.
    pub fn job(&mut self, host: &str, job: Job, at: Millis) {
        self.jobs.entry(host.to_string()).or_default().push_back(job);
        self.wake(host, at);
    }

    /// The next robots.txt to fetch from a host.
    pub fn next_job(&mut self, host: &str) -> Option<Job> {
        self.jobs.get_mut(host)?.pop_front()
    }

    /// Takes the host whose time comes first.
    pub fn take(&mut self) -> Option<(Millis, String, HostState)> {
        let Reverse((at, host)) = self.order.pop()?;
        match self.hosts.insert(host.clone(), Standing::Busy) {
            Some(Standing::Queued(state)) => {
                self.busy += 1;
                Some((at, host, state))
            }
            // cannot be: a host stands in the order once
            _ => None,
        }
    }

    /// Puts a host back, to be asked again at `at`.
    pub fn again(&mut self, host: String, state: HostState, at: Millis) {
        self.busy -= 1;
        self.hosts.insert(host.clone(), Standing::Queued(state));
        self.order.push(Reverse((at, host)));
    }

    /// Puts a host aside; it is woken when something new is found for it.
    pub fn over(&mut self, host: String, state: HostState) {
        self.busy -= 1;
        self.hosts.insert(host, Standing::Over(state));
    }

    /// Puts a host aside until another one has fetched its rules.
    pub fn park(&mut self, host: String, state: HostState, there: &str, job: Job, at: Millis) {
        self.busy -= 1;
        self.hosts.insert(host, Standing::Parked(state));
        self.job(there, job, at);
    }

    /// A parked host goes on.
    pub fn unpark(&mut self, host: &str, at: Millis) {
        let Some(standing) = self.hosts.get_mut(host) else { return };
        match std::mem::replace(standing, Standing::Busy) {
            Standing::Parked(state) => {
                *standing = Standing::Queued(state);
                self.order.push(Reverse((at, host.to_string())));
            }
            other => *standing = other,
        }
    }

    /// Has a host robots.txt files to fetch?
    pub fn has_jobs(&self, host: &str) -> bool {
        self.jobs.get(host).is_some_and(|j| !j.is_empty())
    }

    /// Nothing is queued and nobody is at work.
    pub fn finished(&self) -> bool {
        self.busy == 0 && self.order.is_empty()
    }

    /// The hosts at the end.
    pub fn into_states(self) -> BTreeMap<String, HostState> {
        let states = self.hosts.into_iter().map(|(host, standing)| match standing {
            Standing::Queued(state) | Standing::Over(state) => (host, state),
            Standing::Parked(state) => {
                let why = Some("its robots.txt lies on another host, which could not be asked".to_string());
                (host, HostState { ended: why, gave_up: true, ..state })
            }
            Standing::Busy => (host, HostState::default()),
        });
        states.collect()
    }
}
