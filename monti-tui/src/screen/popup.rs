//! What lies over a screen and has the keys.

use monti_core::{CallId, LoginId, SettableState, wire::AgentHistory};

use super::{InjectForm, LineEdit, List, Load};
use crate::{
    board::{Department, Queue},
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
    /// Every action, department and queue by name.
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

/// What a palette finds.
#[derive(Debug, Clone, Copy)]
pub enum Choice<'a> {
    /// Something to do.
    Action(&'a Binding),
    /// A department to go to, at this place.
    Department(usize, &'a Department),
    /// A queue to go to, at its department's place and its own.
    Queue([usize; 2], &'a Department, &'a Queue),
}

/// Every action, department and queue by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    /// What was written so far.
    pub line: LineEdit,
    /// What is selected of what matches.
    pub list: List,
}

impl Palette {
    /// Those of `bindings` that mean something in `context` and whose name or help has all words of
    /// the line; then, once there are some, those of `departments` and queues whose name has.
    pub fn matches<'a>(
        &self,
        bindings: impl Iterator<Item = &'a Binding>,
        context: Context,
        departments: &'a [Department],
    ) -> Vec<Choice<'a>> {
        let text = self.line.text().to_lowercase();
        let words: Vec<_> = text.split_whitespace().collect();
        let does = |it: &&Binding| {
            let help = it.help.to_lowercase();
            it.is_in(context)
                && words.iter().all(|word| it.name.contains(word) || help.contains(word))
        };
        let mut choices: Vec<_> = bindings.filter(does).map(Choice::Action).collect();
        if words.is_empty() {
            return choices;
        }
        let is_called = |name: &str| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        let places = || departments.iter().enumerate();
        let named = places().filter(|(_, department)| is_called(department.name()));
        choices.extend(named.map(|(place, department)| Choice::Department(place, department)));
        for (place, department) in places() {
            let queues = department.queues().iter().enumerate();
            let named = queues
                .filter(|(_, queue)| is_called(&format!("{} {}", department.name(), queue.name())));
            choices.extend(named.map(|(at, queue)| Choice::Queue([place, at], department, queue)));
        }
        choices
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
