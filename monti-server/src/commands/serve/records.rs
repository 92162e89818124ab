//! The way of records to DynamoDB, while the server runs.

use std::thread::{self, JoinHandle};

use monti_server::{
    dynamo::{Dynamo, DynamoOptions, NoPlace, Patience},
    outbox::{self, Writer},
};
use tokio::{runtime, sync::oneshot};

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
            if let Err(error) = runtime.block_on(outbox::run(writer, stopped)) {
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
