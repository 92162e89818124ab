//! What is asked of a fleet while it runs, and what it can tell.

use std::collections::BTreeMap;

use monti_core::{
    AgentState, CallId, CallerNumber, DepartmentId, Priority, Timestamp, VqId,
    wire::{
        Amount, CallsConfig, CallsConfigUpdate, CallsStats, DepartmentCalls, DepartmentCallsUpdate,
    },
};

use super::{AgentNo, Fleet};
use crate::{
    CallerId, Mix, Rate, Stream,
    agent::{Doing, Link},
    arrivals::Source,
    callers::Phase,
    people,
};

/// Why a change of the calls was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigFault {
    /// The centre has no such department.
    #[error("departments.{0}: there is no such department, there are {1}")]
    UnknownDepartment(String, String),
    /// The department has no such queue.
    #[error("departments.{0}.vqWeights.{1}: the department has no such queue, it has {2}")]
    UnknownVq(String, String, String),
    /// Nothing could be chosen.
    #[error("departments.{0}.{1}: at least one weight above 0 is required")]
    NoWeight(String, &'static str),
}

/// A change of a department's calls that can be made.
struct Change {
    department: DepartmentId,
    /// How its calls are shared among the queues and the priorities after it.
    vqs: Mix<VqId>,
    priorities: Mix<Priority>,
    /// Whether that is part of the change.
    has_vqs: bool,
    has_priorities: bool,
    /// At which rate they come, if that is.
    rate: Option<Rate>,
    /// All that was ever configured.
    configured: DepartmentCallsUpdate,
}

impl Fleet {
    /// Lets agents work and callers call, if they do not.
    pub fn handle_start(&mut self, now: Timestamp) {
        if self.is_running {
            return;
        }
        self.is_running = true;
        self.begin_sources(now, |_| true);
        for agent in 0..self.len() {
            self.follow_hours(agent, now);
        }
    }

    /// Lets agents go home after their calls, and nobody call any more. Who waits waits on.
    pub fn handle_stop(&mut self, now: Timestamp) {
        self.is_running = false;
        for source in &mut self.sources {
            source.stop();
        }
        for agent in 0..self.len() {
            self.follow_hours(agent, now);
        }
    }

    /// Whether agents work and callers call.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Lets `count` agents work, shared among the departments as the scenario's are, and in each of
    /// them among its rows of staff; there are hired more if there are fewer.
    pub fn handle_scale(&mut self, now: Timestamp, count: u32) {
        let mut wanted = self.shared_among_rows(count);
        let known = self.len();
        self.hire_missing(&wanted);
        for agent in known..self.len() {
            self.plan_first_lunch(agent, now);
        }
        self.active = count;
        for agent in 0..self.len() {
            let left = &mut wanted[self.group_of(agent).row];
            self.agents[agent as usize].is_active = *left > 0;
            *left = left.saturating_sub(1);
            self.follow_hours(agent, now);
        }
    }

    /// How many agents are to work, of all that there are.
    pub fn active_agents(&self) -> u32 {
        self.active
    }

    /// How many agents are logged in over a link that is there.
    pub fn connected_agents(&self) -> u32 {
        let connected =
            self.agents.iter().filter(|it| it.link == Link::Up && it.doing.is_logged_in());
        u32::try_from(connected.count()).unwrap_or(u32::MAX)
    }

    /// How many agents that are to work are in each state, as far as they know.
    pub fn state_breakdown(&self) -> BTreeMap<AgentState, u32> {
        let mut breakdown = BTreeMap::new();
        for agent in self.agents.iter().filter(|agent| agent.is_active) {
            *breakdown.entry(agent.doing.state()).or_default() += 1;
        }
        breakdown
    }

    /// What callers have done so far, as the control port tells it.
    pub fn calls_stats(&self) -> CallsStats {
        let counts = self.caller_counts();
        let live = self.callers.trying().count();
        CallsStats {
            calls_made: counts.made,
            calls_queued: counts.queued,
            calls_refused: counts.refused,
            calls_abandoned: counts.abandoned,
            calls_ended: counts.ended,
            live_calls: u64::try_from(live).unwrap_or(u64::MAX),
        }
    }

    /// The attempts that are on the line, with the call if it is known: what is to be said again
    /// over a link that is back.
    pub fn callers_on_the_line(
        &self,
    ) -> impl Iterator<Item = (CallerId, VqId, Priority, Option<CallId>)> {
        self.callers.on_the_line().map(|(id, caller)| {
            let call = match caller.phase {
                Phase::Waiting(call) | Phase::Connected(call) => Some(call),
                Phase::Calling | Phase::Postponed { .. } | Phase::Resting => None,
            };
            (id, caller.vq, caller.priority, call)
        })
    }

    /// The queue and the priority of an attempt that is on the line.
    pub fn attempt(&self, caller: CallerId) -> Option<(VqId, Priority)> {
        let known = self.callers.get(caller)?;
        known.phase.is_on_the_line().then_some((known.vq, known.priority))
    }

    /// Whether an agent has gone home, or never came, and is not on its way back.
    pub fn is_away(&self, AgentNo(agent): AgentNo) -> bool {
        self.agents[agent as usize].doing == Doing::Away
    }

    /// Whether an attempt is on the line and known to be in its queue, or answered.
    pub fn is_queued(&self, caller: CallerId) -> bool {
        let phase = self.callers.get(caller).map(|known| known.phase);
        matches!(phase, Some(Phase::Waiting(_) | Phase::Connected(_)))
    }

    /// The number from which a caller calls; the same in every attempt.
    pub fn number_of(&self, caller: CallerId) -> Option<CallerNumber> {
        self.callers.get(caller).and_then(|caller| people::number(caller.person))
    }

    /// Whose call it is, `None` if none of this fleet's callers has it.
    pub fn caller_of(&self, call: CallId) -> Option<CallerId> {
        let place = self.callers.find(call)?;
        Some(CallerId { place, serial: self.callers.at(place).serial })
    }

    /// Lets somebody call at once.
    pub fn handle_injection(&mut self, now: Timestamp, vq: VqId, priority: Priority) {
        self.call(now, vq, priority, None);
    }

    /// How callers call at `now`: of each department as it was last configured, and where it was not
    /// what its streams come to.
    pub fn calls_config(&self, now: Timestamp) -> CallsConfig {
        let departments = (self.scenario.centre.departments().zip(&self.configured))
            .map(|((id, department), configured)| {
                (department.id.clone(), self.configured_calls(id, configured, now))
            })
            .collect();
        CallsConfig { peak_hour_factor: amount(self.peak.factor), departments }
    }

    /// Changes how callers call; what is left out stays as it is: a department's calls come as they
    /// did, by the time of the day or as they were counted, unless another rate is given.
    ///
    /// # Errors
    /// What of it cannot be; then nothing was changed.
    pub fn configure_calls(
        &mut self,
        now: Timestamp,
        update: &CallsConfigUpdate,
    ) -> Result<(), ConfigFault> {
        let mut changes = Vec::new();
        for (name, update) in &update.departments {
            changes.push(self.checked_change(name, update, now)?);
        }
        if let Some(factor) = update.peak_hour_factor {
            self.peak.factor = factor.get();
        }
        for change in changes {
            if let Some(rate) = change.rate {
                self.replace_streams(change.department, &change.vqs, &change.priorities, rate);
            } else {
                self.share_anew(&change);
            }
            self.configured[usize::from(change.department.0)] = change.configured;
        }
        if self.is_running {
            self.begin_sources(now, |rate| !matches!(rate, Rate::Counts(_)));
        }
        Ok(())
    }

    /// What a department's configuration comes to.
    fn configured_calls(
        &self,
        department: DepartmentId,
        configured: &DepartmentCallsUpdate,
        now: Timestamp,
    ) -> DepartmentCalls {
        let calls = self.calls_of(department, now);
        let DepartmentCallsUpdate { calls_per_minute, vq_weights, priority_weights } =
            configured.clone();
        DepartmentCalls {
            calls_per_minute: calls_per_minute.unwrap_or(calls.calls_per_minute),
            vq_weights: vq_weights.unwrap_or(calls.vq_weights),
            priority_weights: priority_weights.unwrap_or(calls.priority_weights),
        }
    }

    /// What a change of a department's configuration means.
    fn checked_change(
        &self,
        name: &str,
        update: &DepartmentCallsUpdate,
        now: Timestamp,
    ) -> Result<Change, ConfigFault> {
        let centre = &self.scenario.centre;
        let Some(department) = centre.find_department(name) else {
            let mut known: Vec<_> = centre.departments().map(|(_, it)| it.id.as_str()).collect();
            known.sort_unstable();
            return Err(ConfigFault::UnknownDepartment(name.to_owned(), known.join(", ")));
        };
        let mut configured = self.configured[usize::from(department.0)].clone();
        configured.calls_per_minute = update.calls_per_minute.or(configured.calls_per_minute);
        configured.vq_weights = update.vq_weights.clone().or(configured.vq_weights);
        configured.priority_weights =
            update.priority_weights.clone().or(configured.priority_weights);
        let calls = self.configured_calls(department, &configured, now);
        if update.calls_per_minute.is_some() {
            // The streams that say how its calls are shared are replaced, and at a rate of 0 those
            // that take their place say nothing of it.
            configured.vq_weights = Some(calls.vq_weights.clone());
            configured.priority_weights = Some(calls.priority_weights.clone());
        }
        let mut vqs = Vec::new();
        for (id, weight) in &calls.vq_weights {
            let vq = centre.find_queue(id);
            let vq = vq.filter(|vq| self.department_of(*vq) == usize::from(department.0));
            let Some(vq) = vq else {
                let own = self.queues_of(department).map(|(_, id)| id).collect::<Vec<_>>();
                let own = own.join(", ");
                return Err(ConfigFault::UnknownVq(name.to_owned(), id.clone(), own));
            };
            vqs.push((vq, weight.get()));
        }
        let priorities = calls.priority_weights.iter();
        let priorities = priorities.map(|(priority, weight)| (*priority, weight.get())).collect();
        let no_weight = |key| ConfigFault::NoWeight(name.to_owned(), key);
        Ok(Change {
            department,
            vqs: Mix::new(vqs).ok_or_else(|| no_weight("vqWeights"))?,
            priorities: Mix::new(priorities).ok_or_else(|| no_weight("priorityWeights"))?,
            has_vqs: update.vq_weights.is_some(),
            has_priorities: update.priority_weights.is_some(),
            rate: update.calls_per_minute.map(|per_minute| Rate::Constant(per_minute.get() * 60.0)),
            configured,
        })
    }

    /// The streams of a department, by their places.
    fn streams_of(&self, department: DepartmentId) -> impl Iterator<Item = usize> + use<'_> {
        (0..self.sources.len()).filter(move |index| {
            let first = self.sources[*index].stream().vqs.items()[0].0;
            self.department_of(first) == usize::from(department.0)
        })
    }

    /// A department's streams go on as they are, shared otherwise among queues and priorities.
    fn share_anew(&mut self, change: &Change) {
        for index in self.streams_of(change.department).collect::<Vec<_>>() {
            let mut stream = self.sources[index].stream().clone();
            if change.has_vqs {
                stream.vqs.clone_from(&change.vqs);
            }
            if change.has_priorities {
                stream.priorities.clone_from(&change.priorities);
            }
            self.sources[index].replace(stream);
        }
    }

    /// One stream takes the place of all of a department's.
    fn replace_streams(
        &mut self,
        department: DepartmentId,
        vqs: &Mix<VqId>,
        priorities: &Mix<Priority>,
        rate: Rate,
    ) {
        let (vqs, priorities) = (vqs.clone(), priorities.clone());
        let mut new = Some(Stream { vqs, priorities, rate });
        for index in self.streams_of(department).collect::<Vec<_>>() {
            let silence =
                Stream { rate: Rate::Constant(0.0), ..self.sources[index].stream().clone() };
            self.sources[index].replace(new.take().unwrap_or(silence));
        }
        self.sources.extend(new.map(Source::idle));
    }

    /// Lets the `wanted` streams go on from `now`, with rates that may have changed. Of counts that
    /// run on just as many calls are to come as were drawn.
    fn begin_sources(&mut self, now: Timestamp, wanted: impl Fn(&Rate) -> bool) {
        for index in 0..self.sources.len() {
            if !wanted(&self.sources[index].stream().rate) {
                continue;
            }
            let rng = &mut self.dice.calls;
            self.sources[index].begin(now, &self.calendar, &self.peak, rng);
            self.enter_source(index);
        }
    }

    /// What the streams of a department come to at `now`.
    fn calls_of(&self, department: DepartmentId, now: Timestamp) -> DepartmentCalls {
        let time = self.calendar.local(now).time();
        let own = |vq: VqId| self.department_of(vq) == usize::from(department.0);
        let streams: Vec<_> = (self.sources.iter().map(Source::stream))
            .filter(|stream| own(stream.vqs.items()[0].0))
            .map(|stream| (stream, stream.rate.per_hour_at(time).unwrap_or(0.0)))
            .collect();
        let per_hour: f64 = streams.iter().map(|(_, rate)| rate).sum();
        let mut vqs: BTreeMap<String, f64> =
            self.queues_of(department).map(|(_, id)| (id.to_owned(), 0.0)).collect();
        let mut priorities: BTreeMap<Priority, f64> = BTreeMap::new();
        for (stream, rate) in &streams {
            // Where no rate says how much each stream counts, all count alike.
            let weight = if per_hour > 0.0 { rate / 60.0 } else { 1.0 };
            for (vq, id) in self.queues_of(department) {
                *vqs.entry(id.to_owned()).or_default() += weight * stream.vqs.share(vq);
            }
            for (priority, _) in stream.priorities.items() {
                let share = stream.priorities.share(*priority);
                *priorities.entry(*priority).or_default() += weight * share;
            }
        }
        if streams.is_empty() {
            vqs.values_mut().for_each(|weight| *weight = 1.0);
            priorities = BTreeMap::from([(Priority::default(), 1.0)]);
        }
        DepartmentCalls {
            calls_per_minute: amount(per_hour / 60.0),
            vq_weights: vqs.into_iter().map(|(id, weight)| (id, amount(weight))).collect(),
            priority_weights: priorities
                .into_iter()
                .map(|(it, weight)| (it, amount(weight)))
                .collect(),
        }
    }

    fn queues_of(&self, department: DepartmentId) -> impl Iterator<Item = (VqId, &str)> {
        let queues = self.scenario.centre.queues();
        let own = queues.filter(move |(_, queue)| queue.department == department);
        own.map(|(vq, queue)| (vq, queue.id.as_str()))
    }

    /// All agents, in the order of their numbers.
    pub fn agents(&self) -> impl Iterator<Item = AgentNo> + use<> {
        (0..self.len()).map(AgentNo)
    }
}

/// What the control port can tell: up to its largest number.
fn amount(number: f64) -> Amount {
    // The sum of no numbers is -0.0: with 0.0 added it is 0.0.
    let clamped = number.clamp(0.0, Amount::MAX) + 0.0;
    Amount::try_from(clamped).unwrap_or_else(|_| panic!("{clamped} is within bounds"))
}
