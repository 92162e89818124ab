//! Where the reader is: a screen, and what lies over it.

use monti_core::LoginId;

use crate::keymap::Context;

/// What fills the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// All departments.
    Grid(Cursor),
}

/// What is selected on the board of all departments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cursor {
    /// The department's place.
    pub department: usize,
    /// What of it.
    pub pick: Pick,
}

/// What of a department is selected.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Pick {
    /// All of it.
    #[default]
    Department,
    /// A queue, by its place.
    Queue(usize),
    /// An agent: whoever it is that moves, the selection moves along.
    Agent(LoginId),
}

/// What lies over the screen and has the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Popup {
    /// All keys.
    Help,
}

impl Screen {
    /// Whose keys it has.
    pub fn context(&self) -> Context {
        match self {
            Self::Grid(_) => Context::Grid,
        }
    }
}

impl Popup {
    /// Whose keys it has.
    pub fn context(&self) -> Context {
        match self {
            Self::Help => Context::Help,
        }
    }
}
