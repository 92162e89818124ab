//! Agents' times, added up from what they were seen doing, and their counts, from what was said.

use std::collections::BTreeMap;

use monti_core::{
    AgentDay, AgentFigures, AgentId, AgentState, AgentView, BreachKind, BusinessDay, Day, Engine,
    LoginId, Millis, RevokeReason, Timestamp,
};

use super::Witness;

/// A date's length until the shell tells better.
const USUAL_DAY: Millis = Millis::from_secs(24 * 60 * 60);

#[derive(Debug, Default)]
pub(super) struct Timesheets {
    /// What each agent was seen doing last, and its figures of today so far.
    open: BTreeMap<AgentId, (AgentState, AgentFigures)>,
    /// Figures of dates that are over and that were not given out yet.
    closed: BTreeMap<(Day, LoginId), AgentFigures>,
}

impl Timesheets {
    pub(super) fn revoked(&mut self, agent: AgentId, reason: RevokeReason) {
        self.of(agent).ring_no_answers += u32::from(reason == RevokeReason::RingTimeout);
    }

    pub(super) fn handled(&mut self, agent: AgentId) {
        self.of(agent).calls_handled += 1;
    }

    pub(super) fn breach(&mut self, agent: AgentId, kind: BreachKind) {
        match kind {
            BreachKind::AfterCallWork => self.of(agent).after_call_breaches += 1,
            BreachKind::Break => self.of(agent).break_breaches += 1,
        }
    }

    /// The figures of a date as the engine gives them out.
    pub(super) fn give_out(&mut self, day: &AgentDay) {
        let own = self.closed.remove(&(day.day, day.login.clone()));
        assert_eq!(own, Some(day.figures), "{} on {}", day.login, day.day);
    }

    pub(super) fn expect_all_given_out(&self) {
        assert!(self.closed.is_empty(), "figures of a date that is over: {:?}", self.closed);
    }

    pub(super) fn check(&self, view: &AgentView<'_>, now: Timestamp) {
        let figures = view.figures_at(now);
        let own = self.open.get(&view.id).map_or(AgentFigures::default(), |(_, own)| *own);
        assert_eq!(figures, own, "{}: its time as it was seen to be spent", view.login);
        let AgentFigures { idle, ring, talk, hold, after_call, break_time, login, .. } = figures;
        let known = idle + ring + talk + hold + after_call + break_time;
        assert!(known <= login, "{}: {figures:?}", view.login);
    }

    /// From now on agents are in these states.
    pub(super) fn watch(&mut self, states: impl Iterator<Item = (AgentId, AgentState)>) {
        let mut before = std::mem::take(&mut self.open);
        for (agent, state) in states {
            let figures = before.remove(&agent).map_or(AgentFigures::default(), |(_, own)| own);
            self.open.insert(agent, (state, figures));
        }
    }

    fn of(&mut self, agent: AgentId) -> &mut AgentFigures {
        &mut self.open.entry(agent).or_insert((AgentState::Offline, AgentFigures::default())).1
    }

    fn spend(&mut self, time: Millis) {
        for (state, figures) in self.open.values_mut() {
            let spent = match state {
                AgentState::Offline => continue,
                AgentState::Available => &mut figures.idle,
                AgentState::Ringing => &mut figures.ring,
                AgentState::OnCall => &mut figures.talk,
                AgentState::OnHold => &mut figures.hold,
                AgentState::AfterCallWork => &mut figures.after_call,
                AgentState::Break => &mut figures.break_time,
                AgentState::Lunch
                | AgentState::Training
                | AgentState::Meeting
                | AgentState::NotResponding => {
                    figures.login += time;
                    continue;
                }
            };
            *spent += time;
            figures.login += time;
        }
    }
}

impl Witness {
    /// Ends the dates that are over, each at its own end, and counts the time since the last event.
    pub(super) fn close_dates(&mut self, engine: &Engine) {
        let (now, today) = (engine.now(), engine.today());
        while now >= self.today.ends_at {
            let cut = self.today.ends_at;
            self.close_date(cut);
            let (day, ends_at) = (self.today.day.next(), cut + USUAL_DAY);
            self.today = BusinessDay { day, starts_at: cut, ends_at };
        }
        if today.day > self.today.day {
            self.close_date(now);
        }
        self.timesheets.spend(now.since(self.now));
        self.now = now;
        self.today = today;
    }

    fn close_date(&mut self, cut: Timestamp) {
        self.timesheets.spend(cut.since(self.now));
        self.now = cut;
        self.ledgers.fill(monti_core::Tally::default());
        for (agent, (_, figures)) in &mut self.timesheets.open {
            let day = (self.today.day, self.agents[agent].login.clone());
            if *figures != AgentFigures::default() {
                self.timesheets.closed.insert(day, std::mem::take(figures));
            }
        }
        let gone = |agent: &AgentId| self.agents[agent].state == AgentState::Offline;
        self.timesheets.open.retain(|agent, _| !gone(agent));
    }
}
