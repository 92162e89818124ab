//! The way to the driver: questions and actions, and their answers.

use std::{sync::Arc, time::Duration};

use monti_core::{
    Engine, Timestamp,
    wire::{ErrorCode, ErrorMessage},
};
use tokio::{
    sync::{Mutex, oneshot},
    time::timeout,
};

use crate::{
    clock::Clock,
    inbox::{Inbox, RETRY_AFTER, Request},
};

/// For how long an answer is waited for. The driver answers within milliseconds; one that takes
/// longer than this is stalled, which `/health` tells too.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Where requests to the driver are handed in and answers waited for.
#[derive(Debug, Clone)]
pub struct Desk {
    inbox: Inbox,
    clock: Arc<Clock>,
    /// Held by who asks for much.
    turn: Arc<Mutex<()>>,
}

impl Desk {
    /// A desk that puts requests into `inbox`.
    pub fn new(inbox: Inbox, clock: Arc<Clock>) -> Self {
        Self { inbox, clock, turn: Arc::default() }
    }

    /// Asks the engine, which stands still for as long as the `question` takes: it copies what is
    /// needed and leaves the rest for later. It is told the present moment, too: the engine's own
    /// is that of its last input.
    ///
    /// # Errors
    /// `busy` if the driver has no room or no time for it.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Engine, Timestamp) -> T + Send + 'static,
    ) -> Result<T, Box<ErrorMessage>> {
        let (answer, answered) = oneshot::channel();
        let clock = Arc::clone(&self.clock);
        self.submit(Request::Ask(Box::new(move |engine| {
            // Who asked may have left meanwhile.
            if !answer.is_closed() {
                let _ = answer.send(question(engine, clock.now().max(engine.now())));
            }
        })))?;
        wait(answered).await
    }

    /// Asks for so much that it takes the engine milliseconds: one asker at a time, so that many
    /// of them do not add up to a delay of calls.
    ///
    /// # Errors
    /// As for [`Self::ask`].
    pub(crate) async fn ask_for_much<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Engine, Timestamp) -> T + Send + 'static,
    ) -> Result<T, Box<ErrorMessage>> {
        let _turn = self.turn.lock().await;
        self.ask(question).await
    }

    /// Has something done; it is durable when this returns.
    ///
    /// # Errors
    /// Why nothing was done; or `busy` if the answer did not come in time: then it may be done
    /// still.
    pub(crate) async fn act<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, ErrorMessage>>) -> Request,
    ) -> Result<T, Box<ErrorMessage>> {
        let (answer, answered) = oneshot::channel();
        self.submit(request(answer))?;
        wait(answered).await?.map_err(Box::new)
    }

    fn submit(&self, request: Request) -> Result<(), Box<ErrorMessage>> {
        self.inbox.try_send(request).map_err(|refused| Box::new(refused.error))
    }
}

/// Until when the figures of the engine's date count, `now` at the latest. What is durable can be of
/// a date that is over: while the disk is full no other begins.
pub(super) fn counted_until(engine: &Engine, now: Timestamp) -> Timestamp {
    now.min(engine.today().ends_at)
}

async fn wait<T>(answered: oneshot::Receiver<T>) -> Result<T, Box<ErrorMessage>> {
    match timeout(ANSWER_TIMEOUT, answered).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(unanswered("nothing can be answered at this moment")),
        Err(_) => Err(unanswered("no answer in time; what was asked for may happen still")),
    }
}

fn unanswered(message: &str) -> Box<ErrorMessage> {
    Box::new(ErrorMessage::new(ErrorCode::Busy, message).retry_after(RETRY_AFTER))
}
