//! The way of records to DynamoDB, while the server runs.

use std::thread::{self, JoinHandle};

use monti_server::{
    dynamo::{Dynamo, DynamoOptions, NoPlace, Patience},
    outbox::{self, Writer},
};
use tokio::{
    runtime::{self, Runtime},
    sync::oneshot,
};

use super::end;

/// The ways to DynamoDB.
pub(super) struct Reach {
    pub(super) reads: Dynamo,
    pub(super) writes: Dynamo,
}

impl Reach {
    /// Gets ready for both; nothing is sent yet.
    pub(super) async fn open(tables: &DynamoOptions) -> Result<Self, NoPlace> {
        Ok(Self {
            reads: Dynamo::connect(tables, Patience::READING).await?,
            writes: Dynamo::connect(tables, Patience::WRITING).await?,
        })
    }
}

/// The writer of records, on its thread.
pub(super) struct Running {
    thread: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Running {
    /// Starts it. When the store fails it in a way that does not pass, the process ends, as with
    /// the driver.
    pub(super) fn start(writer: Writer<Dynamo>) -> color_eyre::Result<Self> {
        // One thread is enough for all of it, and leaves the others to calls.
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("outbox".to_owned());
        let thread = thread.spawn(move || {
            let stopped = async {
                // Whoever was to tell it is gone: that is the end, too.
                let _ = stopped.await;
            };
            if let Err(error) = to_its_end(runtime, outbox::run(writer, stopped)) {
                end(&error);
            }
        })?;
        Ok(Self { thread, stop })
    }

    /// Tells it to deliver what it still can, and to end.
    pub(super) fn stop(self) -> JoinHandle<()> {
        // One that is gone has ended the process.
        let _ = self.stop.send(());
        self.thread
    }
}

/// Does the work, and leaves behind what nobody waits for any more: the system's resolver takes its
/// time when no name server answers, and cannot be stopped.
fn to_its_end<T>(runtime: Runtime, work: impl Future<Output = T>) -> T {
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use tokio::task::spawn_blocking;

    use super::{
        super::{FAREWELL_TIMEOUT, STOP_TIMEOUT},
        *,
    };

    /// F28 of `docs/faults.md`: the machine's own delays have room beside them.
    #[test]
    fn all_that_a_stop_waits_for_is_over_within_five_seconds() {
        let all = Duration::from_secs(5);
        let records = STOP_TIMEOUT + outbox::Pace::default().farewell;
        assert!(records < all, "records are sent for up to {records:?}");
        assert!(FAREWELL_TIMEOUT < all, "goodbyes are waited for up to {FAREWELL_TIMEOUT:?}");
    }

    /// F28 of `docs/faults.md` while F6 lasts.
    #[test]
    fn a_name_server_that_does_not_answer_holds_up_no_end() {
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        let (answer, answered) = mpsc::channel::<()>();
        let resolve_in_vain = async {
            let (begin, begun) = oneshot::channel();
            spawn_blocking(move || (begin.send(()), answered.recv()));
            begun.await
        };
        let (end, ended) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || end.send(to_its_end(runtime, resolve_in_vain)));
            let outcome = ended.recv_timeout(Duration::from_secs(10));
            drop(answer);
            assert_eq!(outcome, Ok(Ok(())), "it waits for the answer");
        });
    }
}
