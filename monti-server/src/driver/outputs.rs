//! What the engine wants sent, recorded and shown.

use monti_core::{
    AgentDay, AgentFigures, AgentId, AgentLeft, Assignment, CallId, CallStatus, Event, LoginId,
    LogoutReason, Origin, Output, OutputRef, RevokeReason, wire,
    wire::{AgentServerMessage, CallAssign, CallRevoked, ForceEndCall, ForceLogout, Subject},
};

use super::{Driver, replies::superseded};
use crate::{inbox::LinkId, store::Storage};

impl<S: Storage> Driver<S> {
    /// Takes all that the engine has to say.
    pub(super) fn take_outputs(&mut self) {
        while let Some(output) = self.engine.poll_output().map(OutputRef::to_owned) {
            self.changes.note(&output, &self.engine);
            match output {
                Output::Event(event) => self.take_event(&event),
                Output::Record(record) => {
                    let centre = self.engine.centre();
                    let record = wire::CallRecord::new(&record, centre, true);
                    self.keeping.group.records.push(record);
                }
                Output::AgentDay(day) => self.keeping.group.note_day(day),
                Output::AgentLeft(AgentLeft { agent, .. }) => {
                    if self.engine.agent(agent).is_none() {
                        self.links.leave_seat(agent);
                    }
                }
            }
        }
        self.leaving = None;
    }

    fn take_event(&mut self, event: &Event) {
        match *event {
            Event::Assigned(assignment) => {
                self.deliveries.assigned(self.changes.cause());
                self.tell_assignment(&assignment);
            }
            Event::CarriedOver(assignment) => {
                self.tell_assignment(&assignment);
                if let Some(left) = self.left_by(assignment.agent) {
                    let reason = wire::RevokeReason::Superseded;
                    self.tell_revoked(Some(left), assignment.agent, assignment.call, reason);
                }
            }
            Event::Revoked { agent, call, reason, .. } => self.revoke(agent, call, reason),
            Event::Abandoned { call, waited, origin, .. } => {
                let told = wire::CallAbandoned { call_id: call, wait_seconds: waited.into() };
                self.tell_origin(origin, AgentServerMessage::CallAbandoned(told));
                self.tell_end(origin, call, CallStatus::Abandoned);
            }
            Event::Ended { call, status, origin, .. } => self.tell_end(origin, call, status),
            Event::EndForced { agent, call } => {
                self.tell_agent(agent, |agent_id| {
                    AgentServerMessage::ForceEndCall(ForceEndCall { agent_id, call_id: call })
                });
            }
            Event::LoggedOut { agent, reason } => {
                self.note_day_so_far(agent);
                if reason != LogoutReason::Asked {
                    self.tell_agent(agent, |agent_id| {
                        AgentServerMessage::ForceLogout(ForceLogout { agent_id, reason })
                    });
                }
            }
            Event::Superseded { agent, .. } => self.supersede(agent),
            Event::Queued { .. }
            | Event::Accepted { .. }
            | Event::LoggedIn { .. }
            | Event::AgentChanged { .. }
            | Event::Breach { .. }
            | Event::BreachCleared { .. }
            | Event::TargetMissed { .. }
            | Event::DayBegan { .. } => {}
        }
    }

    /// An agent went offline, and perhaps will not come back today: its figures up to now are worth
    /// keeping. Should it come back, its later figures replace them.
    fn note_day_so_far(&mut self, agent: AgentId) {
        let Some(view) = self.engine.agent(agent) else { return };
        let figures = view.figures_at(self.engine.now());
        if figures == AgentFigures::default() {
            return;
        }
        let (login, day) = (view.login.clone(), self.engine.today().day);
        let so_far = AgentDay { login: login.clone(), day, figures };
        self.keeping.group.days_so_far.insert(login, so_far);
    }

    fn tell_assignment(&mut self, assignment: &Assignment) {
        let Some(login) = self.login(assignment.agent) else { return };
        let Some(seat) = self.links.seat(assignment.agent) else { return };
        let rings_for = self.engine.rings_for(assignment);
        let told = CallAssign::new(assignment, login, self.engine.centre(), rings_for);
        self.deliveries.message(seat.link, AgentServerMessage::CallAssign(told));
    }

    /// A phone stops ringing: the one at the link that its agent left, if it has just left one.
    fn revoke(&mut self, agent: AgentId, call: CallId, reason: RevokeReason) {
        let Some(reason) = wire::RevokeReason::told(reason) else { return };
        let seat = self.links.seat(agent).map(|seat| seat.link);
        self.tell_revoked(self.left_by(agent).or(seat), agent, call, reason);
    }

    fn tell_revoked(
        &mut self,
        link: Option<LinkId>,
        agent: AgentId,
        call: CallId,
        reason: wire::RevokeReason,
    ) {
        let (Some(link), Some(agent_id)) = (link, self.login(agent)) else { return };
        let told = CallRevoked { agent_id, call_id: call, reason };
        self.deliveries.message(link, AgentServerMessage::CallRevoked(told));
    }

    /// The link that an agent left hears so. Registering again over the same link is no news.
    fn supersede(&mut self, agent: AgentId) {
        let (Some(link), Some(login)) = (self.left_by(agent), self.login(agent)) else { return };
        let error = superseded(&login);
        let subject = Subject { agent_id: Some(login), ..Subject::default() };
        self.deliveries.message(link, AgentServerMessage::Error(error.about(subject)));
    }

    fn tell_end(&mut self, origin: Option<Origin>, call: CallId, outcome: CallStatus) {
        let told = wire::CallEnded { call_id: call, outcome };
        self.tell_origin(origin, AgentServerMessage::CallEnded(told));
    }

    /// Tells the link that brought a call, if one did.
    fn tell_origin(&mut self, origin: Option<Origin>, message: AgentServerMessage) {
        if let Some(Origin(link)) = origin {
            self.deliveries.message(LinkId(link), message);
        }
    }

    fn tell_agent(&mut self, agent: AgentId, message: impl FnOnce(LoginId) -> AgentServerMessage) {
        if let (Some(seat), Some(login)) = (self.links.seat(agent), self.login(agent)) {
            self.deliveries.message(seat.link, message(login));
        }
    }

    /// The link that an agent left by registering over another, just now.
    fn left_by(&self, agent: AgentId) -> Option<LinkId> {
        self.leaving.filter(|(leaving, _)| *leaving == agent).map(|(_, link)| link)
    }

    fn login(&self, agent: AgentId) -> Option<LoginId> {
        self.engine.agent(agent).map(|view| view.login.clone())
    }
}
