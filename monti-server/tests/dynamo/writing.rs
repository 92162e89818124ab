//! The writer of records at work.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use monti_server::{
    dynamo::{Dynamo, DynamoOptions, Patience},
    outbox::{self, Pace, Pause, Writer},
    store::{Backlog, Outbox},
};
use tokio::sync::oneshot;

use crate::{SECOND, centre::Centre, servers::run};

/// A thousand times less patient than the server is: what takes it half a minute takes a test 30
/// milliseconds.
pub(crate) fn quick() -> Pace {
    let pause = |first, longest| Pause {
        first: Duration::from_millis(first),
        longest: Duration::from_millis(longest),
    };
    Pace {
        poll: Duration::from_millis(2),
        resend: pause(1, 5),
        open: pause(1, 30),
        farewell: Duration::from_millis(1),
        ..Pace::default()
    }
}

/// For how long an answer is waited for: answers that come late come later than this.
pub(crate) const PATIENCE: Patience =
    Patience { connect: SECOND, attempt: Duration::from_millis(700), attempts: 1 };

/// A writer on its thread, until it is dropped.
pub(crate) struct Writing {
    folder: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Writing {
    /// Begins to bring a centre's records to the tables.
    pub(crate) fn start(centre: &Centre, tables: DynamoOptions) -> Self {
        Self::with_patience(centre, tables, PATIENCE)
    }

    /// The same, with answers waited for as long as is said.
    pub(crate) fn with_patience(
        centre: &Centre,
        tables: DynamoOptions,
        patience: Patience,
    ) -> Self {
        let (folder, path) = (centre.folder(), centre.folder());
        let (clock, observations) =
            (Arc::clone(&centre.floor.clock), Arc::clone(&centre.floor.observations));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let writing = async {
                let writer = Writer {
                    outbox: Outbox::open(&path).unwrap(),
                    gauge: Outbox::open(&path).unwrap(),
                    sink: Dynamo::connect(&tables, patience).await.unwrap(),
                    pace: quick(),
                    clock,
                    observations,
                };
                let stopped = async {
                    let _ = stopped.await;
                };
                outbox::run(writer, stopped).await.unwrap();
            };
            run(writing);
        });
        Self { folder, stop: Some(stop), thread: Some(thread) }
    }

    /// Waits until the sink has everything, or has refused it.
    pub(crate) fn wait_until_empty(&self) {
        wait_for(&self.folder, |backlog| backlog.records == 0);
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the writer panicked");
        }
    }
}

/// Waits until as much waits for a sink as is `wanted`.
pub(crate) fn wait_for(folder: &Path, wanted: impl Fn(Backlog) -> bool) {
    let outbox = Outbox::open(folder).unwrap();
    wait_until(|| wanted(outbox.backlog().unwrap()), || format!("{:?}", outbox.backlog()));
}

/// Waits for something that nobody tells of.
pub(crate) fn wait_until(is_so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let deadline = Instant::now() + 120 * SECOND;
    while !is_so() {
        assert!(Instant::now() < deadline, "{}", otherwise());
        thread::sleep(Duration::from_millis(5));
    }
}
