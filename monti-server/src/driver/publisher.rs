//! Makes each second's frame out of what changed.
//!
//! An agent's JSON is made once when the agent changes and shared by all frames until it changes
//! again, so that a full state costs little more than copying it.

use std::sync::Arc;

use monti_core::{
    Centre, LoginId, Timestamp,
    wire::{AgentInfo, VirtualQueue},
};
use serde_json::value::{RawValue, to_raw_value};

use super::{
    changes::{DepartmentUpdate, TickUpdate},
    frame::{Delta, DepartmentFrame, TickFrame},
};

/// An agent of a department, ready to be written.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) login: LoginId,
    pub(super) text: Arc<RawValue>,
}

/// What was told of all departments.
#[derive(Debug)]
pub(super) struct Publisher {
    boards: Vec<Board>,
    last: Option<Arc<TickFrame>>,
}

/// What was told of a department.
#[derive(Debug)]
struct Board {
    name: Arc<str>,
    rows: Arc<Vec<Row>>,
    queues: Arc<Vec<VirtualQueue>>,
    /// The tick in which anything of it was told as changed.
    told_at: u64,
}

impl Publisher {
    /// Nothing was told yet of the departments of `centre`.
    pub(super) fn new(centre: &Centre) -> Self {
        let boards = centre.departments().map(|(_, department)| Board {
            name: Arc::from(department.id.as_str()),
            rows: Arc::default(),
            queues: Arc::default(),
            told_at: 0,
        });
        Self { boards: boards.collect(), last: None }
    }

    /// The frame after what is new.
    pub(super) fn publish(&mut self, update: TickUpdate) -> Arc<TickFrame> {
        let TickUpdate { tick, timestamp, departments, activity, health } = update;
        let last = self.last.as_deref();
        let boards = self.boards.iter_mut();
        let departments: Vec<_> = if departments.is_empty() {
            // Nothing of what happened can be shown: all stays as it was.
            let shown = last.map(TickFrame::departments).unwrap_or_default();
            shown.iter().map(|department| department.again(tick, timestamp)).collect()
        } else {
            let frame = |(board, update): (&mut Board, _)| board.frame(tick, timestamp, update);
            boards.zip(departments).map(frame).collect()
        };
        let frame =
            Arc::new(TickFrame::new(last, (tick, timestamp), departments, activity, health));
        self.last = Some(Arc::clone(&frame));
        frame
    }
}

impl Board {
    fn frame(
        &mut self,
        tick: u64,
        timestamp: Timestamp,
        update: DepartmentUpdate,
    ) -> DepartmentFrame {
        let DepartmentUpdate { summary, changed, removed, queues } = update;
        let delta = queues.map(|queues| Delta {
            previous_tick: std::mem::replace(&mut self.told_at, tick),
            changed: self.change(&changed),
            removed: self.remove(removed),
            queues: self.change_queues(queues),
        });
        let (rows, queues) = (Arc::clone(&self.rows), Arc::clone(&self.queues));
        let name = Arc::clone(&self.name);
        DepartmentFrame::new(name, (tick, timestamp), summary, (rows, queues), delta)
    }

    /// Writes agents that changed or came. Answers those whose text is another than before.
    fn change(&mut self, agents: &[AgentInfo]) -> Vec<Row> {
        let mut changed: Vec<Row> = Vec::with_capacity(agents.len());
        let mut new = Vec::new();
        for agent in agents {
            let Ok(text) = to_raw_value(agent) else { continue };
            let row = Row { login: agent.agent_id.clone(), text: Arc::from(text) };
            match self.rows.binary_search_by(|known| known.login.cmp(&row.login)) {
                Ok(at) if self.rows[at].text.get() == row.text.get() => continue,
                Ok(at) => Arc::make_mut(&mut self.rows)[at] = row.clone(),
                Err(_) => new.push(row.clone()),
            }
            changed.push(row);
        }
        if !new.is_empty() {
            let rows = Arc::make_mut(&mut self.rows);
            rows.extend(new);
            rows.sort_by(|a, b| a.login.cmp(&b.login));
        }
        changed
    }

    /// Takes out agents that left. Answers those that were there.
    fn remove(&mut self, mut left: Vec<LoginId>) -> Vec<LoginId> {
        let find =
            |rows: &[Row], login: &LoginId| rows.binary_search_by(|row| row.login.cmp(login));
        left.retain(|login| find(&self.rows, login).is_ok());
        if !left.is_empty() {
            let is_gone = |row: &Row| left.binary_search(&row.login).is_ok();
            Arc::make_mut(&mut self.rows).retain(|row| !is_gone(row));
        }
        left
    }

    /// Takes over the department's queues. Answers those that changed, other than by the clock.
    fn change_queues(&mut self, queues: Vec<VirtualQueue>) -> Vec<VirtualQueue> {
        let is_news = |(at, queue): &(usize, &VirtualQueue)| {
            let still = |known: &VirtualQueue| VirtualQueue {
                longest_wait_seconds: queue.longest_wait_seconds,
                ..known.clone()
            };
            self.queues.get(*at).is_none_or(|known| still(known) != **queue)
        };
        let changed = queues.iter().enumerate().filter(is_news);
        let changed = changed.map(|(_, queue)| queue.clone()).collect();
        self.queues = Arc::new(queues);
        changed
    }
}
