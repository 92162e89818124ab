//! What lies over a screen and has the keys.

use monti_core::{CallId, LoginId, SettableState, wire::AgentHistory};

use super::{InjectForm, LineEdit, List, Load};
use crate::{
    keymap::{Binding, Context},
    message::Question,
};

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Popup {
    /// All keys, from this line on.
    Help(List),
    /// An agent.
    Agent(AgentPopup),
    /// What can be done to an agent.
    Menu(Menu),
    /// Is that so?
    Confirm(Confirm),
    /// Calls into a queue.
    Inject(Box<InjectForm>),
    /// Every action by name.
    Palette(Palette),
    /// A filter being written, and what is wrong with it.
    Filter(LineEdit, Option<String>),
}

/// An agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentPopup {
    /// Who.
    pub login: LoginId,
    /// How many days are asked for.
    pub days: u8,
    /// They.
    pub history: Load<AgentHistory>,
    /// The days in view.
    pub list: List,
}

impl AgentPopup {
    /// How many days can be asked for.
    pub const DAYS: [u8; 4] = [7, 14, 30, 90];
}

/// What can be done to an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Menu {
    /// Who.
    pub login: LoginId,
    /// What.
    pub acts: Vec<AgentAct>,
    /// What is selected.
    pub list: List,
}

/// Something that can be done to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentAct {
    /// Give it this state.
    Set(SettableState),
    /// End its call.
    End(CallId),
    /// Log it out.
    LogOut,
}

impl AgentAct {
    /// What is to be asked.
    pub fn question(self, agent: LoginId) -> Question {
        match self {
            Self::Set(state) => Question::SetState { agent, state },
            Self::End(call) => Question::EndCall { agent, call },
            Self::LogOut => Question::LogOut { agent },
        }
    }
}

/// Is that so?
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// What will be asked if it is.
    pub question: Question,
    /// It in words.
    pub words: String,
}

/// Every action by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    /// What was written so far.
    pub line: LineEdit,
    /// What is selected of what matches.
    pub list: List,
}

impl Palette {
    /// Those of `bindings` that mean something in `context` and whose name or help has all words of
    /// the line.
    pub fn matches<'a>(
        &self,
        bindings: impl Iterator<Item = &'a Binding>,
        context: Context,
    ) -> Vec<&'a Binding> {
        let text = self.line.text().to_lowercase();
        let has = |binding: &Binding, word: &str| {
            binding.name.contains(word) || binding.help.to_lowercase().contains(word)
        };
        let bindings = bindings.filter(|binding| binding.is_in(context));
        bindings.filter(|it| text.split_whitespace().all(|word| has(it, word))).collect()
    }
}

impl Popup {
    /// Whose keys it has; `None` if it is written into and takes keys as they come.
    pub fn context(&self) -> Option<Context> {
        match self {
            Self::Help(_) => Some(Context::Help),
            Self::Agent(_) => Some(Context::Agent),
            Self::Menu(_) | Self::Confirm(_) => Some(Context::Choice),
            Self::Inject(_) | Self::Palette(_) | Self::Filter(..) => None,
        }
    }
}
