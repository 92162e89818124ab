//! The outbox, with all that it does for a record: reading it from the disk, and taking it out.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use monti_core::Timestamp;
use monti_server::{
    clock::{Clock, SystemTimeSource},
    dynamo::{Dynamo, DynamoOptions, Patience},
    observations::Observations,
    outbox::{self, Pace, Writer},
    store::{Group, Outbox, Storage as _, Store, StoreOptions},
};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    centre::Centre,
    records::calls,
    servers::{Tables, run},
};

/// How often is looked whether the outbox is empty.
const LOOK: Duration = Duration::from_millis(2);

/// Records a second.
pub(crate) fn rate(tables: &Tables, count: u32) -> f64 {
    let folder = TempDir::new().expect("a folder");
    fill(folder.path(), count);
    let begun = Instant::now();
    let writer = Writing::start(folder.path(), tables.options(&tables.server.endpoint));
    wait_until_empty(folder.path(), 0);
    let took = begun.elapsed();
    drop(writer);
    f64::from(count) / took.as_secs_f64()
}

/// Records a second while a driver on the same file routes 200 calls a second, whose records come
/// on top.
pub(crate) fn rate_while_serving(tables: &Tables, count: u32) -> f64 {
    let mut centre = Centre::with_agents(20);
    let folder = centre.folder();
    fill_again(&folder, count);
    let is_over = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let writer = Writing::start(&folder, tables.options(&tables.server.endpoint));
    let ended = Arc::clone(&is_over);
    let watch = thread::spawn({
        let folder = folder.clone();
        move || {
            // What comes on top is never all there.
            wait_until_empty(&folder, 200);
            ended.store(true, Ordering::Relaxed);
            begun.elapsed()
        }
    });
    let mut served: u32 = 0;
    while !is_over.load(Ordering::Relaxed) {
        centre.second(10);
        served += 10;
        let due = begun + Duration::from_millis(u64::from(served) * 5);
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    let took = watch.join().expect("emptied");
    drop(writer);
    f64::from(count + served) / took.as_secs_f64()
}

/// A writer as the server has it, on a thread of its own.
pub(crate) struct Writing {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writing {
    pub(crate) fn start(folder: &Path, tables: DynamoOptions) -> Self {
        let outbox = || Outbox::open(folder).expect("an outbox");
        let (outbox, gauge) = (outbox(), outbox());
        let source = Box::new(SystemTimeSource);
        let clock = Arc::new(Clock::start(source, 1.0, Timestamp::MIN));
        let observations = Arc::new(Observations::new(Arc::clone(&clock)));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            run(async {
                let sink = Dynamo::connect(&tables, Patience::WRITING).await.expect("a place");
                let farewell = Duration::from_millis(1);
                let pace = Pace { farewell, ..Pace::default() };
                let writer = Writer { outbox, gauge, sink, pace, clock, observations };
                let stopped = async {
                    let _ = stopped.await;
                };
                outbox::run(writer, stopped).await.expect("a good disk");
            });
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("an end");
        }
    }
}

/// Waits until no more than `left` records wait.
pub(crate) fn wait_until_empty(folder: &Path, left: usize) {
    let outbox = Outbox::open(folder).expect("an outbox");
    while outbox.oldest_after(0, left + 1).expect("records").len() > left {
        thread::sleep(LOOK);
    }
}

fn fill(folder: &Path, count: u32) {
    let options = StoreOptions { has_sink: true, ..StoreOptions::default() };
    let mut store = Store::open(folder, options).expect("a store");
    let mut group = Group::default();
    for (seq, number) in (1..).zip((1..=count).step_by(1_000)) {
        let first = number as usize - 1;
        group.records.extend(calls(count).skip(first).take(1_000));
        store.commit(seq, &group).expect("written");
        group.clear();
    }
}

/// Puts records into the outbox of a folder that a driver has, as if it had written them before.
fn fill_again(folder: &Path, count: u32) {
    let other = TempDir::new().expect("a folder");
    fill(other.path(), count);
    let file = rusqlite::Connection::open(folder.join("monti.db")).expect("a file");
    let attach = format!("ATTACH '{}' AS other", other.path().join("monti.db").display());
    file.execute_batch(&attach).expect("attached");
    let copy = "INSERT INTO main.outbox (kind, key, ver, at_ms, body) \
                SELECT kind, key, ver, at_ms, body FROM other.outbox ORDER BY id";
    file.execute_batch(copy).expect("copied");
}
