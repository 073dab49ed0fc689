//! Progress of a crawl on the terminal: one line a host, as many as fit, and troubles as they come.

use crate::common::plain;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use sakchy_crawl::traits::{HostCount, Watcher};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Troubles that are printed; the rest is counted.
const MOST_TROUBLES: u64 = 200;

/// Shows how far the hosts are, on stderr.
pub struct Progress {
    lines: MultiProgress,
    room: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bars: BTreeMap<String, ProgressBar>,
    troubles: u64,
}

impl Progress {
    /// Nothing is drawn where stderr is no terminal.
    pub fn new() -> Progress {
        let rows = terminal_size::terminal_size().map_or(24, |(_, h)| usize::from(h.0));
        Progress {
            lines: MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(4)),
            room: rows.saturating_sub(4).max(1),
            state: Mutex::default(),
        }
    }

    /// Ends the drawing and says how many troubles were not printed.
    pub fn finish(&self) {
        let _ = self.lines.clear();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.troubles > MOST_TROUBLES {
            eprintln!("sakchy: and {} more like these", state.troubles - MOST_TROUBLES);
        }
    }
}

impl Watcher for Progress {
    fn host(&self, host: &str, count: &HostCount) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.bars.contains_key(host) {
            if state.bars.len() >= self.room {
                return;
            }
            let bar = self.lines.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix:<28!} {msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(plain(host));
            state.bars.insert(host.to_string(), bar);
        }
        if let Some(bar) = state.bars.get(host) {
            let HostCount { pages, adverts, flagged, waiting, .. } = count;
            bar.set_message(format!("{pages} pages · {adverts} adverts · {flagged} to check · {waiting} waiting"));
            bar.tick();
        }
    }

    fn trouble(&self, place: &str, why: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.troubles += 1;
        if state.troubles <= MOST_TROUBLES {
            drop(state);
            self.lines.suspend(|| eprintln!("sakchy: {}: {}", plain(place), plain(why)));
        }
    }
}
