//! One wallboard's way of watching.
//!
//! A session writes `welcome`, then what [`Watcher::full`] gives, then each time
//! [`Watcher::next`] returns what that gives; after a `subscribe` it sets the [`View`] and after
//! that, and after a `resync`, writes the full state again. A session that was busy writing simply
//! calls `next` later: it gets the newest second, and in delta mode the full state if it missed one
//! in between.

use std::{collections::BTreeSet, sync::Arc};

use monti_core::{
    Centre,
    file::value::quoted,
    wire::{ErrorCode, ErrorMessage, Mode, Subscribe},
};
use tokio::sync::watch;

use super::{
    frame::{DepartmentFrame, Telling, TickFrame},
    text::{Text, Told},
};

/// What a wallboard wants to see, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Identifiers of departments; `None` is all.
    departments: Option<BTreeSet<String>>,
    mode: Mode,
    agents: bool,
}

impl Default for View {
    /// Everything, in full each second: what a client gets that says nothing.
    fn default() -> Self {
        Self { departments: None, mode: Mode::Full, agents: true }
    }
}

impl View {
    /// What a wallboard of `centre` subscribes to.
    ///
    /// # Errors
    /// `unknown_department`.
    pub fn new(subscribe: Subscribe, centre: &Centre) -> Result<Self, Box<ErrorMessage>> {
        let Subscribe { departments, mode, agents, .. } = subscribe;
        let departments: Option<BTreeSet<_>> = departments.map(|names| names.into_iter().collect());
        match departments.iter().flatten().find(|name| centre.find_department(name).is_none()) {
            None => Ok(Self { departments, mode, agents }),
            Some(unknown) => {
                let unknown = quoted(unknown);
                let message = format!("there is no department {unknown}");
                Err(Box::new(ErrorMessage::new(ErrorCode::UnknownDepartment, message)))
            }
        }
    }

    fn shows(&self, department: &str) -> bool {
        self.departments.as_ref().is_none_or(|named| named.contains(department))
    }
}

/// Gives a wallboard what it has to be told, second by second.
#[derive(Debug)]
pub struct Watcher {
    frames: watch::Receiver<Arc<TickFrame>>,
    view: View,
    /// The tick of the state that the wallboard has.
    told: Option<u64>,
    /// The newest tick whose events it was told.
    heard: Option<u64>,
}

impl Watcher {
    pub(super) fn new(frames: watch::Receiver<Arc<TickFrame>>, view: View) -> Self {
        Self { frames, view, told: None, heard: None }
    }

    /// Watches in another way. The wallboard needs [`Self::full`] next.
    pub fn set_view(&mut self, view: View) {
        self.view = view;
        self.told = None;
    }

    /// The full state of the newest second, at once: for who has just come, changed its view or
    /// asked to resync.
    pub fn full(&mut self) -> Vec<Text> {
        let frame = Arc::clone(&self.frames.borrow_and_update());
        self.told = Some(frame.tick());
        let mut messages = self.state(&frame);
        // It may ask in the moment of a tick: what happened in that second is told just once.
        if self.heard.replace(frame.tick()).is_some_and(|heard| heard != frame.tick()) {
            messages.extend(self.activity(&frame));
        }
        messages.push(frame.health_text());
        messages
    }

    /// Waits for a second that the wallboard was not told of, and gives what it has to be told.
    /// `None` once the driver is gone.
    ///
    /// Nothing is lost if this is dropped while it waits.
    pub async fn next(&mut self) -> Option<Told> {
        self.frames.changed().await.ok()?;
        let frame = Arc::clone(&self.frames.borrow_and_update());
        let told = self.told.replace(frame.tick());
        let missed_none = told.is_some() && told == frame.previous_tick();
        self.heard = Some(frame.tick());
        let telling = Telling {
            view: self.view.clone(),
            changes: missed_none && self.view.mode == Mode::Delta,
            health: frame.is_health_news() || !missed_none,
        };
        Some(frame.told(&telling, || {
            let state = if telling.changes { self.changes(&frame) } else { self.state(&frame) };
            let health = telling.health.then(|| frame.health_text());
            state.into_iter().chain(self.activity(&frame)).chain(health).collect()
        }))
    }

    fn departments<'a>(
        &'a self,
        frame: &'a TickFrame,
    ) -> impl Iterator<Item = &'a DepartmentFrame> {
        frame.departments().iter().filter(|department| self.view.shows(department.name()))
    }

    fn state(&self, frame: &TickFrame) -> Vec<Text> {
        let texts = self.departments(frame).flat_map(|department| {
            [department.overview_text(self.view.agents), department.vq_overview_text()]
        });
        texts.collect()
    }

    fn changes(&self, frame: &TickFrame) -> Vec<Text> {
        let deltas = self.departments(frame).filter_map(|it| it.delta_text(self.view.agents));
        [frame.tick_text()].into_iter().chain(deltas).collect()
    }

    fn activity(&self, frame: &TickFrame) -> Option<Text> {
        if self.view.departments.is_none() {
            return frame.activity_text();
        }
        frame.activity_text_of(|department| self.view.shows(department))
    }
}
