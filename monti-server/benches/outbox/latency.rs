//! How long it takes until a call's assignment is durable and told.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    centre::Centre,
    drain::{Writing, wait_until_empty},
    servers::{Kind, Tables},
};

/// The arrivals of a round, 5 calls each.
const ARRIVALS: u32 = 200;
const CALLS: usize = 5;

/// Between two of them: 200 calls a second.
const PAUSE: Duration = Duration::from_millis(25);

/// A port that nobody listens on.
const NOBODY: &str = "http://127.0.0.1:1";

/// A centre that is measured with DynamoDB and without.
pub(crate) struct Latency {
    centre: Centre,
    tables: Tables,
}

/// From the arrival of calls to their assignment at an agent's link, durable before.
pub(crate) struct Times {
    pub(crate) median_micros: f64,
    pub(crate) p99_micros: f64,
}

impl Latency {
    pub(crate) fn new() -> Self {
        Self { centre: Centre::with_agents(20), tables: Tables::on(Kind::Dynoxide) }
    }

    /// While what is over is brought to DynamoDB as it comes.
    pub(crate) fn healthy(&mut self) -> Times {
        let endpoint = self.tables.server.endpoint.clone();
        let writing = Writing::start(&self.centre.folder(), self.tables.options(&endpoint));
        wait_until_empty(&self.centre.folder(), 0);
        let times = self.measure();
        drop(writing);
        times
    }

    /// While DynamoDB refuses all connections.
    pub(crate) fn outage(&mut self) -> Times {
        let _writing = Writing::start(&self.centre.folder(), self.tables.options(NOBODY));
        self.measure()
    }

    fn measure(&mut self) -> Times {
        let mut due = Instant::now();
        let times = (0..ARRIVALS).map(|_| {
            due += PAUSE;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let begun = Instant::now();
            let assigned = self.centre.arrive(CALLS);
            let took = begun.elapsed();
            assert_eq!(assigned.len(), CALLS);
            self.centre.end(&assigned);
            took.as_secs_f64() * 1e6
        });
        let mut times: Vec<_> = times.collect();
        times.sort_by(f64::total_cmp);
        Times { median_micros: times[times.len() / 2], p99_micros: times[times.len() * 99 / 100] }
    }
}
