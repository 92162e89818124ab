//! What agents' links say, and what they are answered.

use monti_core::{
    AgentAction, CallId, Engine, Input, LoginId, Origin, Queued, Registration, Reply,
    file::value::quoted,
    wire,
    wire::{Ack, AgentClientMessage, AgentServerMessage, CallQueued, ErrorCode, ErrorMessage},
};

use super::{
    Driver,
    links::Seat,
    requests::{Outcome, refusal},
};
use crate::{inbox::LinkId, store::Storage};

type Answer = Outcome<AgentServerMessage>;

impl<S: Storage> Driver<S> {
    /// Gives the engine what a message asks for. The outputs that follow are not taken yet: the
    /// answer comes first.
    pub(super) fn carry_out(&mut self, link: LinkId, message: AgentClientMessage) -> Answer {
        let subject = message.subject();
        let reply = match message {
            AgentClientMessage::Register(register) => return self.register(link, register),
            AgentClientMessage::IncomingCall(call) => return self.incoming_call(link, call),
            AgentClientMessage::CallAbandon(abandon) => {
                self.check_brings_calls(link)?;
                self.check_has_caller(abandon.call_id)?;
                let abandoned = self.apply(Input::Abandon { call: abandon.call_id });
                abandoned.map_err(|rejection| self.refusal(&rejection))?
            }
            AgentClientMessage::Unregister(it) => {
                self.act(link, &it.agent_id, AgentAction::Unregister)?
            }
            AgentClientMessage::StateChange(it) => {
                self.act(link, &it.agent_id, AgentAction::SetState(it.state))?
            }
            AgentClientMessage::CallAccept(it) => {
                self.act(link, &it.agent_id, AgentAction::Accept(it.call_id))?
            }
            AgentClientMessage::CallReject(it) => {
                self.act(link, &it.agent_id, AgentAction::Reject(it.call_id))?
            }
            AgentClientMessage::CallHold(it) => {
                self.act(link, &it.agent_id, AgentAction::Hold(it.call_id))?
            }
            AgentClientMessage::CallUnhold(it) => {
                self.act(link, &it.agent_id, AgentAction::Unhold(it.call_id))?
            }
            AgentClientMessage::CallComplete(it) => {
                let action = AgentAction::Complete { call: it.call_id, outcome: it.outcome };
                self.act(link, &it.agent_id, action)?
            }
        };
        let duplicate = reply == Reply::Duplicate;
        Ok(AgentServerMessage::Ack(Ack { subject, duplicate }))
    }

    /// What an agent does, in the session that it has over this link.
    fn act(&mut self, link: LinkId, login: &LoginId, action: AgentAction) -> Outcome<Reply> {
        self.check_speaks_for(link, login)?;
        let agent = self.find_agent(login)?;
        let seat = self.links.seat(agent).ok_or_else(|| {
            let message = format!("`{}` is not registered: register first", login.as_str());
            refusal(ErrorCode::UnknownAgent, message)
        })?;
        if seat.link != link {
            return Err(Box::new(superseded(login)));
        }
        let done = self.apply(Input::Agent { agent, session: seat.session, action });
        done.map_err(|rejection| self.refusal(&rejection))
    }

    fn register(&mut self, link: LinkId, register: wire::Register) -> Answer {
        self.check_speaks_for(link, &register.agent_id)?;
        let request_id = register.request_id;
        let login = register.agent_id.clone();
        let registration = self.registration(register)?;
        let reply = self.apply(Input::Register(Box::new(registration)));
        let reply = reply.map_err(|rejection| self.refusal(&rejection))?;
        let Reply::Registered(registered) = reply else { return Err(unexpected(reply)) };
        let (agent, session) = (registered.agent, registered.session);
        let left = self.links.take_seat(Seat { agent, session, link });
        self.leaving = left.filter(|left| *left != link).map(|left| (agent, left));
        Ok(AgentServerMessage::Registered(wire::Registered {
            request_id,
            agent_id: login,
            session,
            state: registered.state,
            resumed_call_id: registered.resumed,
        }))
    }

    fn registration(&self, register: wire::Register) -> Outcome<Registration> {
        let department = self.engine.centre().find_department(&register.department);
        let department = department.ok_or_else(|| {
            let message = format!("there is no department {}", quoted(&register.department));
            refusal(ErrorCode::UnknownDepartment, message)
        })?;
        let queues = register
            .queues
            .map(|queues| queues.iter().map(|vq| self.find_vq(vq)).collect::<Result<Vec<_>, _>>());
        Ok(Registration {
            login: register.agent_id,
            department,
            queues: queues.transpose()?,
            name: register.name,
            location: register.location,
            team: register.team,
            state: register.state,
            auto_answer: register.auto_answer,
            current_call: register.current_call_id,
        })
    }

    fn incoming_call(&mut self, link: LinkId, call: wire::IncomingCall) -> Answer {
        self.check_brings_calls(link)?;
        let now = self.advance();
        let vq = match self.find_vq(&call.vq).and_then(|vq| self.check_room().map(|()| vq)) {
            // The engine finds out whether it is a repeat: where in its queue a call is takes the
            // longer to tell the more of them wait, and is asked once.
            Ok(vq) => vq,
            // A repeat needs no room, and no queue by that name.
            Err(error) => {
                let queued = self.engine.repeated(&call.request_id, now).ok_or(error)?;
                match self.engine.queue_of(queued.call) {
                    Some(vq) => vq,
                    // It is over: there is nothing to be changed.
                    None => return Ok(self.call_queued(&call, &queued)),
                }
            }
        };
        let input = Input::Call {
            vq,
            priority: call.priority,
            caller: call.caller_number,
            request: Some(call.request_id),
            origin: Some(Origin(link.0)),
        };
        let reply = self.apply_at(now, input).map_err(|rejection| self.refusal(&rejection))?;
        let Reply::Queued(queued) = reply else { return Err(unexpected(reply)) };
        Ok(self.call_queued(&call, &queued))
    }

    fn call_queued(&self, call: &wire::IncomingCall, queued: &Queued) -> AgentServerMessage {
        let vq = vq_of(&self.engine, queued).or_else(|| self.keeping.recorded_vq(queued.call));
        AgentServerMessage::CallQueued(call_queued(call, queued, vq))
    }

    fn check_speaks_for(&self, link: LinkId, login: &LoginId) -> Outcome<()> {
        if self.links.grant(link).is_some_and(|grant| grant.may_speak_for(login)) {
            return Ok(());
        }
        let message = format!("this link's token does not speak for `{}`", login.as_str());
        Err(refusal(ErrorCode::Forbidden, message))
    }

    /// Nobody is at the other end of a call that was put in: no link can say that it hung up.
    fn check_has_caller(&self, call: CallId) -> Outcome<()> {
        match self.engine.call(call) {
            Some(live) if live.origin.is_none() => {
                let message = "the call was put in and has no caller: a supervisor can end it";
                Err(refusal(ErrorCode::Conflict, message))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_brings_calls(&self, link: LinkId) -> Outcome<()> {
        if self.links.grant(link).is_some_and(|grant| grant.may_bring_calls()) {
            return Ok(());
        }
        let message = "this link's token brings no calls: that is for simulators and gateways";
        Err(refusal(ErrorCode::Forbidden, message))
    }
}

/// What whoever brings a call is told: the queue that it is in or was, not one that a repeat names.
pub(super) fn call_queued(
    call: &wire::IncomingCall,
    queued: &Queued,
    vq: Option<String>,
) -> CallQueued {
    CallQueued {
        request_id: call.request_id,
        call_id: queued.call,
        // Of one whose record was taken out of the database nobody knows better.
        vq: vq.unwrap_or_else(|| call.vq.clone()),
        position: queued.position,
        estimated_wait_seconds: queued.estimated_wait.map(Into::into),
        duplicate: queued.duplicate,
    }
}

/// The queue that a call is in, unless it is over.
pub(super) fn vq_of(engine: &Engine, queued: &Queued) -> Option<String> {
    Some(engine.centre().queue(engine.queue_of(queued.call)?)?.id.clone())
}

/// What an older link hears of an agent that registered over another.
pub(super) fn superseded(login: &LoginId) -> ErrorMessage {
    let message = format!("`{}` has registered over another link since", login.as_str());
    ErrorMessage::new(ErrorCode::Superseded, message)
}

/// The engine answered something else than was asked.
fn unexpected(reply: Reply) -> Box<ErrorMessage> {
    tracing::error!(?reply, "the engine's reply does not fit the request");
    refusal(ErrorCode::Conflict, "the request was not understood")
}
