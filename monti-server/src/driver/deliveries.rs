//! What goes out once it is durable.

use std::time::Instant;

use monti_core::{
    CallId, Engine,
    wire::{AgentServerMessage, ErrorMessage},
};
use tokio::sync::oneshot;

use super::links::Links;
use crate::{inbox::LinkId, observations::Observations};

/// What waits to be delivered, in the order in which it came about.
#[derive(Default)]
pub(super) struct Deliveries {
    waiting: Vec<Delivery>,
    /// Refusals given while nothing could be made durable: nothing has to be, for them.
    refusals: Vec<Delivery>,
    questions: Vec<Question>,
    /// When the requests arrived that led to assignments.
    assigned_since: Vec<Instant>,
}

pub(super) type Question = Box<dyn FnOnce(&Engine) + Send>;

/// One thing to deliver.
pub(super) enum Delivery {
    /// A message to a link.
    Message(LinkId, Box<AgentServerMessage>),
    /// The answer to an injection.
    Calls(Answer<Vec<CallId>>, Result<Vec<CallId>, ErrorMessage>),
    /// The answer to a supervisor's action.
    Done(Answer<()>, Result<(), ErrorMessage>),
}

type Answer<T> = oneshot::Sender<Result<T, ErrorMessage>>;

impl Deliveries {
    pub(super) fn push(&mut self, delivery: Delivery) {
        self.waiting.push(delivery);
    }

    pub(super) fn message(&mut self, link: LinkId, message: AgentServerMessage) {
        self.waiting.push(Delivery::Message(link, Box::new(message)));
    }

    /// Lets `link` hear of a call's end what waits to be told to the link that brought it.
    pub(super) fn redirect_end(&mut self, call: CallId, link: LinkId) {
        for delivery in &mut self.waiting {
            if let Delivery::Message(to, message) = delivery
                && end_of(message) == Some(call)
            {
                *to = link;
            }
        }
    }

    pub(super) fn refuse(&mut self, delivery: Delivery) {
        self.refusals.push(delivery);
    }

    pub(super) fn ask(&mut self, question: Question) {
        self.questions.push(question);
    }

    /// A call was assigned because of what arrived at `since`.
    pub(super) fn assigned(&mut self, since: Option<Instant>) {
        self.assigned_since.extend(since);
    }

    /// Delivers all that waits, and has the engine's questions answered.
    pub(super) fn deliver(
        &mut self,
        links: &mut Links,
        engine: &Engine,
        observations: &Observations,
    ) {
        self.waiting.drain(..).for_each(|delivery| delivery.deliver(links));
        self.questions.drain(..).for_each(|question| question(engine));
        let delays = self.assigned_since.drain(..).map(|since| since.elapsed());
        delays.for_each(|delay| observations.assigned_after(delay));
    }

    /// Delivers what had to wait for nothing.
    pub(super) fn deliver_refusals(&mut self, links: &mut Links) {
        self.refusals.drain(..).for_each(|delivery| delivery.deliver(links));
    }

    /// The questions, to be answered otherwise: the engine is ahead of what is durable.
    pub(super) fn take_questions(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.questions)
    }
}

impl Delivery {
    fn deliver(self, links: &mut Links) {
        // Who asked and left is not told.
        let _left = match self {
            Self::Message(link, message) => {
                links.send(link, message);
                true
            }
            Self::Calls(answer, outcome) => answer.send(outcome).is_ok(),
            Self::Done(answer, outcome) => answer.send(outcome).is_ok(),
        };
    }
}

/// The call that is over, as a message to the link that brought it says.
fn end_of(message: &AgentServerMessage) -> Option<CallId> {
    match message {
        AgentServerMessage::CallAbandoned(abandoned) => Some(abandoned.call_id),
        AgentServerMessage::CallEnded(ended) => Some(ended.call_id),
        _ => None,
    }
}
