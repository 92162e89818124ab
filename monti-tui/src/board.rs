//! What the server has told of its centre, as it was in one second.
//!
//! Whatever is told becomes a [`Change`], and but for the time a change is the only thing that
//! alters what a board shows: so the past is made by applying again what was applied once, see
//! [`History`].

mod agent;
mod change;
mod counted;
mod department;
mod history;
mod occupancy;
mod order;
mod totals;
mod trend;

use std::{borrow::Cow, sync::Arc};

use monti_core::{
    Timestamp,
    wire::{CentreInfo, Health, Limits, Welcome},
};

pub use self::{
    agent::Agent,
    change::{Change, DepartmentChange, Gap},
    counted::{abandoned_in_target, counted},
    department::{Department, Queue, Told, common_target},
    history::History,
    order::{Order, Rows, Sort},
    totals::{LongestWait, Totals},
    trend::{STRETCHES, Trend},
};
use crate::scrub;

/// A centre in one second. Cheap to clone: agents and queues are shared.
#[derive(Debug, Clone)]
pub struct Board {
    centre: CentreInfo,
    departments: Vec<Department>,
    now: Timestamp,
    health: Option<Arc<Health>>,
}

impl Board {
    /// The centre that `welcome` describes, of which nothing else is known yet.
    pub fn new(welcome: &Welcome) -> Self {
        let mut centre = welcome.centre.clone();
        centre.name = scrub::text(&centre.name);
        for department in &mut centre.departments {
            department.name = scrub::text(&department.name);
            for queue in &mut department.queues {
                queue.name = scrub::text(&queue.name);
            }
        }
        let departments = centre.departments.iter().map(Department::new).collect();
        Self { centre, departments, now: welcome.server_time, health: None }
    }

    /// Whether `welcome` describes the same centre.
    pub fn is_of(&self, welcome: &Welcome) -> bool {
        self.centre == Self::new(welcome).centre
    }

    /// The centre's time when the server last told something.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The centre's name.
    pub fn name(&self) -> &str {
        &self.centre.name
    }

    /// What the centre consists of.
    pub fn centre(&self) -> &CentreInfo {
        &self.centre
    }

    /// How long states may last.
    pub fn limits(&self) -> &Limits {
        &self.centre.limits
    }

    /// The departments, in the centre's order.
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// Grows with every change of a department.
    pub fn version(&self) -> u64 {
        self.departments.iter().map(Department::version).sum()
    }

    /// Whether what happens can be kept, if the server said so.
    pub fn health(&self) -> Option<&Health> {
        self.health.as_deref()
    }

    /// The place of a department.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.departments.iter().position(|department| department.id() == id)
    }

    /// The agent of this login, and the place of its department.
    pub fn agent(&self, login: &str) -> Option<(usize, &Arc<Agent>)> {
        let mut places = self.departments.iter().enumerate();
        places.find_map(|(at, department)| Some((at, department.agent(login)?)))
    }

    /// The queue of this identifier, and the place of its department.
    pub fn queue(&self, id: &str) -> Option<(usize, &Queue)> {
        let mut places = self.departments.iter().enumerate();
        places.find_map(|(at, department)| {
            Some((at, department.queues().iter().find(|queue| queue.id() == id)?))
        })
    }

    /// What people call a queue; of one that is not there its identifier, as it is shown.
    pub fn queue_name<'a>(&'a self, id: &str) -> Cow<'a, str> {
        self.queue(id).map_or_else(|| scrub::text(id).into(), |(_, queue)| queue.name().into())
    }

    /// A second passed.
    pub fn pass(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// Alters the board.
    pub fn apply(&mut self, change: &Change) {
        self.pass(change.timestamp());
        match change {
            Change::Department(change) => {
                if let Some(department) = self.departments.get_mut(change.department) {
                    department.apply(change);
                }
            }
            Change::Health(health) => self.health = Some(Arc::clone(health)),
            Change::Silence { from, to } => {
                for department in &mut self.departments {
                    department.forget(*from, *to);
                }
            }
        }
    }

    /// Forgets which second each department was told in: only a full state will do next.
    pub fn expect_full(&mut self) {
        for department in &mut self.departments {
            department.expect_full();
        }
    }

    /// Whether every department was told of, ever.
    pub fn is_known(&self) -> bool {
        self.departments.iter().all(|department| department.summary().is_some())
    }

    /// Whether every department and its queues were told of, since [`Self::expect_full`].
    pub fn is_whole(&self) -> bool {
        self.departments.iter().all(Department::is_whole)
    }
}
