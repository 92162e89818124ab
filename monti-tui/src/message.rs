//! What happens to the wallboard, and what it wants done.

use std::{fmt, time::Duration};

use crossterm::event::Event;
use monti_core::{
    CallId, LoginId, SettableState, Timestamp,
    wire::{
        AgentHistory, ErrorCode, InjectRequest, InjectResponse, QueueIntervals,
        WallboardServerMessage,
    },
};

use crate::{scrub::Names, theme::Theme};

/// One thing that happened.
#[derive(Debug)]
pub enum Message {
    /// At the terminal: a key, a click, a paste, another size.
    Input(Event),
    /// At the link to the server.
    Link(LinkEvent),
    /// REST answered.
    Answer(Box<Answer>),
    /// The world around the wallboard has trouble that its reader is to know of, in words.
    Trouble(String),
    /// The terminal has said what is behind the text: these are the themes for that, the first one
    /// first. One that somebody chose meanwhile is kept by its name.
    Themes(Vec<Theme>),
    /// The moment that [`App::wake_at`](crate::App::wake_at) asked for has come, or the terminal is
    /// ready to be drawn on.
    Wake,
}

/// What a link tells, in this order: `Connecting`, `Up`, `Heard` many times, `Down`; or
/// `Connecting`, `Down`. After `Down` it starts over by itself.
#[derive(Debug)]
pub enum LinkEvent {
    /// It tries to reach the server.
    Connecting,
    /// It has reached it. The server speaks next.
    Up,
    /// The server said this.
    Heard(Box<WallboardServerMessage>),
    /// There is no connection, for this reason in words; it tries again after `retry_after`.
    Down {
        /// Why, in words for people.
        reason: String,
        /// When it tries again, from now.
        retry_after: Duration,
    },
    /// It was a recording, and there is no more of it.
    Ended(End),
}

/// How a recording ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All of it was told.
    Over,
    /// It cannot be read on: where, and why, in words.
    Faulty(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Over => "the recording is over",
            Self::Faulty(words) => words,
        })
    }
}

/// What the shell is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Give the terminal back to the shell that started the program, until it is continued.
    Suspend,
    /// Forget what the terminal shows and draw all of it: something else wrote over it.
    Repaint,
    /// Ask the server for its full state.
    Resync,
    /// Ask REST; the answer comes as [`Message::Answer`].
    Ask(Box<Question>),
    /// Put this text on the clipboard.
    Copy(String),
    /// Tell people that do not look: with a bell or a notification, if they asked for one.
    Notify {
        /// What.
        words: String,
        /// The centre's time at which it is news, whatever moment is shown.
        at: Timestamp,
    },
}

/// What REST is asked. An [`Answer`] repeats it.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// An agent's last days.
    History {
        /// Whose.
        agent: LoginId,
        /// How many, 1 to 90.
        days: u8,
    },
    /// A queue's day in intervals of 15 minutes.
    Intervals {
        /// The queue, such as `sales_general`.
        vq: String,
    },
    /// Calls put into a queue. The same request twice, with its request id, is one.
    Inject(InjectRequest),
    /// An agent is given a state.
    SetState {
        /// Whose.
        agent: LoginId,
        /// Which; during a call it takes effect after it.
        state: SettableState,
    },
    /// An agent is logged out.
    LogOut {
        /// Who.
        agent: LoginId,
    },
    /// An agent's call is ended.
    EndCall {
        /// Whose.
        agent: LoginId,
        /// Which.
        call: CallId,
    },
}

impl Question {
    /// Whom it is about, if it is about an agent.
    pub fn agent(&self) -> Option<&LoginId> {
        match self {
            Self::History { agent, .. }
            | Self::SetState { agent, .. }
            | Self::LogOut { agent }
            | Self::EndCall { agent, .. } => Some(agent),
            Self::Intervals { .. } | Self::Inject(_) => None,
        }
    }
}

/// What REST answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Question::History`].
    History {
        /// Whose.
        agent: LoginId,
        /// How many days were asked for.
        days: u8,
        /// They.
        result: Result<AgentHistory, Refusal>,
    },
    /// To [`Question::Intervals`].
    Intervals {
        /// The queue.
        vq: String,
        /// Its day.
        result: Result<QueueIntervals, Refusal>,
    },
    /// To [`Question::Inject`].
    Inject {
        /// What was asked for.
        request: InjectRequest,
        /// The calls.
        result: Result<InjectResponse, Refusal>,
    },
    /// To [`Question::SetState`], [`Question::LogOut`] and [`Question::EndCall`].
    Action {
        /// What was asked for.
        question: Question,
        /// Whether it was done.
        result: Result<(), Refusal>,
    },
}

/// Why a question was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The server's code; `None` if the server did not say no.
    pub code: Option<ErrorCode>,
    /// Whether the question went out, now or before, and no answer to that came: what it asks for
    /// may have been done.
    pub may_be_done: bool,
    /// In words for people, without control characters.
    pub words: String,
}

impl Refusal {
    /// The question did not even go out, for this reason in words.
    pub fn unasked(words: impl Into<String>) -> Self {
        Self { code: None, may_be_done: false, words: words.into() }
    }

    /// The same, where an earlier attempt at the same thing may have been done. Only a server that
    /// looked at what is asked for says that it was not: one that has no time, can keep nothing or
    /// minds who asks says nothing of what it took before.
    pub(crate) fn after(self, may_be_done: bool) -> Self {
        let looked = match self.code {
            None
            | Some(
                ErrorCode::Busy
                | ErrorCode::ReadOnly
                | ErrorCode::RateLimited
                | ErrorCode::Unauthorized
                | ErrorCode::Forbidden,
            ) => false,
            Some(_) => true,
        };
        Self { may_be_done: self.may_be_done || may_be_done && !looked, ..self }
    }

    /// The same, of a question about somebody: their login in it is as it is shown.
    pub fn of(self, agent: &LoginId, names: Names) -> Self {
        Self { words: names.told_of(agent, &self.words), ..self }
    }
}
