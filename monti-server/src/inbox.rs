//! What the outside asks of the driver, and the way there.

use std::sync::Arc;

use monti_core::{
    CallId, Engine, LoginId, SettableState,
    wire::{AgentClientMessage, AgentServerMessage, ErrorMessage, InjectRequest},
};
use tokio::sync::{mpsc, oneshot};

/// A link of agents or of a simulator. Numbers are never used twice, restarts included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// The way back to a link: whatever is sent here is durable already.
///
/// Bounded: a link that takes nothing for so long that its way is full is closed, because what it
/// would miss cannot be made good later.
pub type LinkSender = mpsc::Sender<AgentServerMessage>;

/// Something that is asked of the driver.
#[expect(missing_debug_implementations, reason = "a question is a closure")]
pub enum Request {
    /// A link is there; before any message of it.
    LinkOpened {
        /// Its number.
        link: LinkId,
        /// The way back.
        sender: LinkSender,
        /// What it may do.
        grant: Arc<Grant>,
    },
    /// A message came over a link.
    LinkMessage {
        /// The link.
        link: LinkId,
        /// The message, already checked to be well-formed.
        message: AgentClientMessage,
    },
    /// A link is gone; after all messages of it.
    LinkClosed {
        /// The link.
        link: LinkId,
    },
    /// Calls are to be put into a queue. Answers their ids, in order.
    Inject {
        /// What calls.
        request: InjectRequest,
        /// The answer, after they are durable.
        answer: oneshot::Sender<Result<Vec<CallId>, ErrorMessage>>,
    },
    /// A supervisor sets an agent's state, or logs it out with `offline`.
    SetState {
        /// Whose.
        login: LoginId,
        /// The state to have, at once or after the call.
        state: SettableState,
        /// The answer, after it is durable.
        answer: oneshot::Sender<Result<(), ErrorMessage>>,
    },
    /// A supervisor ends a call.
    EndCall {
        /// The call.
        call: CallId,
        /// The agent that has it, `None` for a call that waits.
        login: Option<LoginId>,
        /// The answer, after it is durable.
        answer: oneshot::Sender<Result<(), ErrorMessage>>,
    },
    /// A question to the engine, answered between two inputs. Must be quick: everything waits for
    /// it. What it is told is durable.
    Ask(Box<dyn FnOnce(&Engine) + Send>),
}

/// Who somebody is and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The name of the token, for the logs.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// For an agent its own login, for a simulator the prefix of its logins; `None` is any.
    pub agents: Option<String>,
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at wallboards and figures.
    Viewer,
    /// Speaks for one agent.
    Agent,
    /// Speaks for agents and brings calls.
    Simulator,
    /// All that viewers may, and acts on agents and calls.
    Supervisor,
    /// Everything.
    Admin,
}
