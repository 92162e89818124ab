//! What wallboards are told in a second, each text made once, when it is first asked for, and
//! shared by all of them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use monti_core::{
    LoginId, Timestamp,
    wire::{
        ACTIVITY_EVENTS_MAX, Activity, ActivityEvent, Health, Summary, Tick, VirtualQueue,
        VqOverview, WallboardServerMessage,
    },
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    publisher::Row,
    text::{Text, Told},
    watcher::View,
};

/// The ways of watching that are remembered in a second: most wallboards watch all departments or
/// one of them, and whoever watches in a rarer way is told by itself.
const TELLINGS_MAX: usize = 64;

/// All that wallboards are told in one second.
#[derive(Debug)]
pub struct TickFrame {
    tick: u64,
    previous_tick: Option<u64>,
    timestamp: Timestamp,
    departments: Vec<DepartmentFrame>,
    /// Of each department as much as is told at once.
    activity: Vec<ActivityEvent>,
    health: Health,
    is_health_news: bool,
    tick_text: OnceLock<Text>,
    activity_text: OnceLock<Text>,
    health_text: OnceLock<Text>,
    /// What was told, and to whom.
    told: Mutex<Vec<(Telling, Told)>>,
}

/// A way of watching, and how much of a second is told because of what was told before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telling {
    pub(super) view: View,
    /// What changed, not the whole state.
    pub(super) changes: bool,
    pub(super) health: bool,
}

/// A department in one second.
#[derive(Debug)]
pub struct DepartmentFrame {
    name: Arc<str>,
    tick: u64,
    timestamp: Timestamp,
    summary: Summary,
    rows: Arc<Vec<Row>>,
    queues: Arc<Vec<VirtualQueue>>,
    delta: Option<Delta>,
    /// With the agents one by one, and without.
    overview_texts: [OnceLock<Text>; 2],
    delta_texts: [OnceLock<Text>; 2],
    vq_text: OnceLock<Text>,
}

/// What changed in a department.
#[derive(Debug)]
pub(super) struct Delta {
    pub(super) previous_tick: u64,
    pub(super) changed: Vec<Row>,
    pub(super) removed: Vec<LoginId>,
    pub(super) queues: Vec<VirtualQueue>,
}

impl TickFrame {
    pub(super) fn new(
        last: Option<&Self>,
        (tick, timestamp): (u64, Timestamp),
        departments: Vec<DepartmentFrame>,
        activity: Vec<ActivityEvent>,
        health: Health,
    ) -> Self {
        let told = |known: &Health| (known.persistence, known.backlog_records);
        Self {
            tick,
            previous_tick: last.map(|last| last.tick),
            timestamp,
            departments,
            activity,
            is_health_news: last.is_none_or(|last| told(&last.health) != told(&health)),
            health,
            tick_text: OnceLock::new(),
            activity_text: OnceLock::new(),
            health_text: OnceLock::new(),
            told: Mutex::default(),
        }
    }

    /// What all are told who are to be told the same; made by the first who asks.
    pub(super) fn told(&self, telling: &Telling, make: impl FnOnce() -> Vec<Text>) -> Told {
        // One who panicked while it was locked has ended the process.
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = told.iter().find(|(known, _)| known == telling) {
            return known.clone();
        }
        let made = Told::of(make());
        if told.len() < TELLINGS_MAX {
            told.push((telling.clone(), made.clone()));
        }
        made
    }

    /// Its number.
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// The number of the frame before it: whoever has that one needs only what changed.
    pub fn previous_tick(&self) -> Option<u64> {
        self.previous_tick
    }

    /// The departments, in the centre's order.
    pub fn departments(&self) -> &[DepartmentFrame] {
        &self.departments
    }

    /// `tick`.
    pub fn tick_text(&self) -> Text {
        let message = || {
            let (timestamp, tick) = (self.timestamp, self.tick);
            Text::of(&WallboardServerMessage::Tick(Tick { timestamp, tick }))
        };
        self.tick_text.get_or_init(message).clone()
    }

    /// `activity` of all departments; `None` if nothing happened.
    pub fn activity_text(&self) -> Option<Text> {
        let make = || self.activity_of(self.activity.iter().collect());
        (!self.activity.is_empty()).then(|| self.activity_text.get_or_init(make).clone())
    }

    /// `activity` of those of the departments that `is_shown`; `None` if nothing happened in them.
    pub fn activity_text_of(&self, is_shown: impl Fn(&str) -> bool) -> Option<Text> {
        let events = self.activity.iter().filter(|event| is_shown(&event.department));
        let events: Vec<_> = events.collect();
        (!events.is_empty()).then(|| self.activity_of(events))
    }

    /// The newest of these events, as many as are told at once.
    fn activity_of(&self, events: Vec<&ActivityEvent>) -> Text {
        let (timestamp, tick) = (self.timestamp, self.tick);
        let newest = &events[events.len().saturating_sub(ACTIVITY_EVENTS_MAX)..];
        let events = newest.iter().map(|event| (*event).clone()).collect();
        Text::of(&WallboardServerMessage::Activity(Activity { timestamp, tick, events }))
    }

    /// `health`.
    pub fn health_text(&self) -> Text {
        let message = || Text::of(&WallboardServerMessage::Health(self.health.clone()));
        self.health_text.get_or_init(message).clone()
    }

    /// Whether `health` is another than in the frame before.
    pub fn is_health_news(&self) -> bool {
        self.is_health_news
    }
}

impl DepartmentFrame {
    pub(super) fn new(
        name: Arc<str>,
        (tick, timestamp): (u64, Timestamp),
        summary: Summary,
        (rows, queues): (Arc<Vec<Row>>, Arc<Vec<VirtualQueue>>),
        delta: Option<Delta>,
    ) -> Self {
        Self {
            name,
            tick,
            timestamp,
            summary,
            rows,
            queues,
            delta,
            overview_texts: Default::default(),
            delta_texts: Default::default(),
            vq_text: OnceLock::new(),
        }
    }

    /// A department of which nothing new can be told, in a later second: those who wait wait on.
    pub(super) fn again(&self, tick: u64, timestamp: Timestamp) -> Self {
        let shown = (Arc::clone(&self.rows), Arc::clone(&self.queues));
        let name = Arc::clone(&self.name);
        let oldest = self.queues.iter().filter_map(|queue| queue.oldest_enqueued_at).min();
        let longest_wait_seconds = oldest.map(|oldest| timestamp.since(oldest).into());
        let summary = Summary { longest_wait_seconds, ..self.summary.clone() };
        Self::new(name, (tick, timestamp), summary, shown, None)
    }

    /// The department's identifier.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `department_overview`, with the agents one by one or without.
    pub fn overview_text(&self, with_agents: bool) -> Text {
        let make = || {
            Text::of(&OverviewText {
                r#type: "department_overview",
                department: &self.name,
                timestamp: self.timestamp,
                tick: self.tick,
                summary: &self.summary,
                agents: texts(if with_agents { &self.rows } else { &[] }),
            })
        };
        self.overview_texts[usize::from(with_agents)].get_or_init(make).clone()
    }

    /// `vq_overview`.
    pub fn vq_overview_text(&self) -> Text {
        let make = || {
            Text::of(&WallboardServerMessage::VqOverview(VqOverview {
                department: self.name.to_string(),
                timestamp: self.timestamp,
                tick: self.tick,
                queues: self.queues.iter().map(|queue| at(queue, self.timestamp)).collect(),
                total_waiting: self.summary.waiting_calls,
                total_active: self.summary.active_calls,
            }))
        };
        self.vq_text.get_or_init(make).clone()
    }

    /// `department_delta`, with the agents that changed or without; `None` if nothing did.
    ///
    /// Its `previousTick` is the tick of the last one before it. Whoever has the full state of that
    /// tick or of a later one can apply it.
    pub fn delta_text(&self, with_agents: bool) -> Option<Text> {
        let delta = self.delta.as_ref()?;
        let make = || {
            Text::of(&DeltaText {
                r#type: "department_delta",
                department: &self.name,
                timestamp: self.timestamp,
                tick: self.tick,
                previous_tick: delta.previous_tick,
                summary: &self.summary,
                changed: texts(if with_agents { &delta.changed } else { &[] }),
                removed: if with_agents { &delta.removed } else { &[] },
                queues: &delta.queues,
            })
        };
        Some(self.delta_texts[usize::from(with_agents)].get_or_init(make).clone())
    }
}

/// `department_overview`, as [`DepartmentOverview`](monti_core::wire::DepartmentOverview) has it,
/// with agents that are text already.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OverviewText<'a> {
    r#type: &'static str,
    department: &'a str,
    timestamp: Timestamp,
    tick: u64,
    summary: &'a Summary,
    agents: Vec<&'a RawValue>,
}

/// The same for [`DepartmentDelta`](monti_core::wire::DepartmentDelta).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeltaText<'a> {
    r#type: &'static str,
    department: &'a str,
    timestamp: Timestamp,
    tick: u64,
    previous_tick: u64,
    summary: &'a Summary,
    changed: Vec<&'a RawValue>,
    removed: &'a [LoginId],
    queues: &'a [VirtualQueue],
}

fn texts(rows: &[Row]) -> Vec<&RawValue> {
    rows.iter().map(|row| &*row.text).collect()
}

/// A queue as it is at `now`, if nothing but the time has changed.
fn at(queue: &VirtualQueue, now: Timestamp) -> VirtualQueue {
    let waited = queue.oldest_enqueued_at.map(|oldest| now.since(oldest).into());
    VirtualQueue { longest_wait_seconds: waited, ..queue.clone() }
}
