//! Where the reader is: a screen, and what lies over it.

mod inject;
mod line;
mod list;
mod load;
mod popup;
mod table;

use std::{collections::BTreeSet, time::Duration};

use monti_core::LoginId;

pub use self::{
    inject::{Field, InjectForm, Progress},
    line::{LineEdit, Written},
    list::{List, Picked},
    load::Load,
    popup::{AgentAct, AgentPopup, Choice, Confirm, Menu, Palette, Popup},
    table::Table,
};
use crate::{alerts::AlertKey, keymap::Context, layout::Shape};

/// What fills the terminal.
#[derive(Debug, Clone)]
pub enum Screen {
    /// All departments.
    Grid(Cursor),
    /// One department.
    Department(DepartmentScreen),
    /// One queue.
    Queue(QueueScreen),
    /// What is over its limit, and what was today.
    Alerts(AlertsScreen),
    /// What happens.
    Activity(ActivityScreen),
    /// A wall.
    Kiosk(KioskScreen),
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

/// One department.
#[derive(Debug, Clone)]
pub struct DepartmentScreen {
    /// Its place.
    pub department: usize,
    /// The panel that has the keys.
    pub panel: Panel,
    /// Whether that panel fills the screen.
    pub zoomed: bool,
    /// The queue that is selected, by its place.
    pub queue: usize,
    /// Its agents.
    pub table: Table,
}

/// The panels of a department that can have the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// The agents.
    Agents,
    /// The queues.
    Queues,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueScreen {
    /// Its department's place.
    pub department: usize,
    /// Its own place in it.
    pub queue: usize,
    /// Its intervals, newest first.
    pub list: List,
}

/// What is over its limit, and what was today.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertsScreen {
    /// The part that has the keys.
    pub part: AlertsPart,
    /// What is over now.
    pub now: Picked<AlertKey>,
    /// Who was today.
    pub today: Picked<LoginId>,
}

/// The parts of what is over its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlertsPart {
    /// Now.
    #[default]
    Now,
    /// Today.
    Today,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityScreen {
    /// Only what contains this, in lower case.
    pub filter: String,
    /// The number of the first happening in view; without one it is the newest, whichever that is.
    pub first: Option<u64>,
    /// What happened, newest first.
    pub list: List,
}

/// A wall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KioskScreen {
    /// The department that is shown, by its place; it goes on beyond the last.
    pub turn: usize,
    /// When that was last turned, by the program's own clock.
    pub turned_at: Duration,
    /// The first alert that is shown, the worst until they turn.
    pub alert: Picked<AlertKey>,
    /// Those that were there when the worst was last shown first, and were not shown since.
    pub alerts_due: BTreeSet<AlertKey>,
    /// When the first was last turned, by the program's own clock.
    pub alerts_turned_at: Duration,
}

impl Screen {
    /// Whose keys it has.
    pub fn context(&self) -> Context {
        match self {
            Self::Grid(_) => Context::Grid,
            Self::Department(_) => Context::Department,
            Self::Queue(_) => Context::Queue,
            Self::Alerts(_) => Context::Alerts,
            Self::Activity(_) => Context::Activity,
            Self::Kiosk(_) => Context::Kiosk,
        }
    }

    /// The department that it is about, if it is about one.
    pub fn department(&self) -> Option<usize> {
        match self {
            Self::Grid(cursor) => Some(cursor.department),
            Self::Department(screen) => Some(screen.department),
            Self::Queue(screen) => Some(screen.department),
            Self::Alerts(_) | Self::Activity(_) | Self::Kiosk(_) => None,
        }
    }
}

impl DepartmentScreen {
    /// The department at this place, nothing selected yet.
    pub fn new(department: usize, table: Table) -> Self {
        Self { department, panel: Panel::Agents, zoomed: false, queue: 0, table }
    }

    /// The panel that fills the screen on a terminal of a `shape`, if one does: where there is room
    /// for one alone it is the one that has the keys.
    pub fn filling(&self, shape: Shape) -> Option<Panel> {
        let is_alone = self.zoomed || matches!(shape, Shape::Lines | Shape::Tiny);
        is_alone.then_some(self.panel)
    }
}
