//! What each request becomes.

use monti_core::{
    AgentId, CallId, Input, LoginId, Origin, Priority, Rejection, Reply, RequestId, SettableState,
    VqId,
    file::value::quoted,
    wire::{AgentClientMessage, AgentServerMessage, ErrorCode, ErrorMessage, InjectRequest},
};

use super::{
    Driver,
    deliveries::{Delivery, Question},
    replies::{call_queued, vq_of},
};
use crate::{
    inbox::{Arrival, LinkId, Request},
    store::{Injection, Storage},
};

/// What became of a request: its answer, or why nothing was done.
pub(super) type Outcome<T> = Result<T, Box<ErrorMessage>>;

impl<S: Storage> Driver<S> {
    pub(super) fn take(&mut self, Arrival { request, at }: Arrival) {
        self.changes.caused_by(Some(at));
        match request {
            Request::LinkOpened { link, sender, grant } => self.links.open(link, sender, grant),
            Request::LinkMessage { link, message: Ok(message) } => self.take_message(link, message),
            Request::LinkMessage { link, message: Err(error) } => {
                let error = self.error_to(link, *error);
                self.deliveries.push(error);
            }
            Request::LinkClosed { link } => self.close_link(link),
            Request::Inject { request, answer } => {
                let outcome = self.inject(&request).map_err(|error| *error);
                self.deliveries.push(Delivery::Calls(answer, outcome));
            }
            Request::SetState { login, state, answer } => {
                let outcome = self.set_state(&login, state).map_err(|error| *error);
                self.deliveries.push(Delivery::Done(answer, outcome));
            }
            Request::EndCall { call, login, answer } => {
                let outcome = self.end_call(call, login.as_ref()).map_err(|error| *error);
                self.deliveries.push(Delivery::Done(answer, outcome));
            }
            Request::Ask(question) => self.deliveries.ask(question),
        }
        self.take_outputs();
        self.changes.caused_by(None);
    }

    /// Answers a request while nothing can be made durable: nothing is given to the engine. What
    /// is durable already answers questions, and repeats of what it has.
    pub(super) fn refuse(&mut self, request: Request) {
        let error = self.read_only("nothing can be kept");
        match request {
            Request::LinkOpened { link, sender, grant } => self.links.open(link, sender, grant),
            Request::LinkClosed { link } => self.links.postpone(link),
            Request::LinkMessage { link, message: Err(error) } => {
                let error = self.error_to(link, *error);
                self.deliveries.refuse(error);
            }
            Request::LinkMessage { link, message: Ok(message) } => {
                let delivery = match self.repeat(link, &message) {
                    Some(queued) => Delivery::Message(link, Box::new(queued)),
                    None => self.error_to(link, error.about(message.subject())),
                };
                self.deliveries.refuse(delivery);
            }
            Request::Inject { request, answer } => {
                let outcome = self.durable_injection(&request).ok_or(error);
                self.deliveries.refuse(Delivery::Calls(answer, outcome));
            }
            Request::SetState { answer, .. } | Request::EndCall { answer, .. } => {
                self.deliveries.refuse(Delivery::Done(answer, Err(error)));
            }
            Request::Ask(question) => self.answer(question),
        }
    }

    /// Answers a question with what is durable while the engine is ahead of it. If that cannot be
    /// read the asker notices that its question was dropped.
    pub(super) fn answer(&mut self, question: Question) {
        if let Some(engine) = self.keeping.durable_engine() {
            question(engine);
        }
    }

    /// The answer to a message that asks for a call that is durable already.
    fn repeat(&mut self, link: LinkId, message: &AgentClientMessage) -> Option<AgentServerMessage> {
        let AgentClientMessage::IncomingCall(call) = message else { return None };
        self.check_brings_calls(link).ok()?;
        let engine = self.keeping.durable_engine()?;
        let queued = engine.repeated(&call.request_id, self.world.clock.now())?;
        let vq = vq_of(engine, &queued).or_else(|| self.keeping.recorded_vq(queued.call));
        self.links.repeats.insert(queued.call, (call.request_id, link));
        Some(AgentServerMessage::CallQueued(call_queued(call, &queued, vq)))
    }

    /// The calls that an injection asks for, if they are durable already.
    fn durable_injection(&self, request: &InjectRequest) -> Option<Vec<CallId>> {
        let key = request.request_id?;
        let waits = self.keeping.group.injections.iter().any(|(other, _)| *other == key);
        let injection = self.injections.find(&key).filter(|_| !waits)?;
        Some(injection.calls().collect())
    }

    /// Before what waited goes out: the ends of calls go to who repeated them meanwhile, and was
    /// told that they are queued, if it is there still.
    pub(super) fn redirect_ends(&mut self) {
        for (call, (_, link)) in &self.links.repeats {
            if self.links.is_open(*link) {
                self.deliveries.redirect_end(*call, *link);
            }
        }
    }

    /// Does what could not be made durable when it came: closes links, and lets those that repeated
    /// a call be told of it.
    pub(super) fn do_postponed(&mut self) {
        for link in self.links.take_postponed() {
            self.close_link(link);
            self.take_outputs();
        }
        for (call, (request, link)) in std::mem::take(&mut self.links.repeats) {
            if self.links.is_open(link) {
                self.move_call(request, link);
                self.take_outputs();
                // It may have ended just now.
                self.deliveries.redirect_end(call, link);
            }
        }
    }

    /// The link that repeated a call is told of it from now on, if it is there still.
    fn move_call(&mut self, request: RequestId, link: LinkId) {
        let now = self.advance();
        let repeated = self.engine.repeated(&request, now);
        let Some(vq) = repeated.and_then(|queued| self.engine.queue_of(queued.call)) else {
            return;
        };
        let input = Input::Call {
            vq,
            priority: Priority::default(),
            caller: None,
            request: Some(request),
            origin: Some(Origin(link.0)),
        };
        if let Err(rejection) = self.apply_at(now, input) {
            tracing::error!(%rejection, link = link.0, "the engine refused a repeat");
        }
    }

    fn close_link(&mut self, link: LinkId) {
        let agents = self.links.close(link);
        if agents.is_empty() {
            return;
        }
        if let Err(rejection) = self.apply(Input::LinkLost { agents }) {
            tracing::error!(%rejection, link = link.0, "the engine refused to lose a link");
        }
    }

    fn take_message(&mut self, link: LinkId, message: AgentClientMessage) {
        let subject = message.subject();
        match self.carry_out(link, message) {
            Ok(reply) => self.deliveries.message(link, reply),
            Err(error) => {
                let error = self.error_to(link, error.about(subject));
                self.deliveries.push(error);
            }
        }
    }

    fn inject(&mut self, request: &InjectRequest) -> Outcome<Vec<CallId>> {
        if let Some(injection) = request.request_id.and_then(|key| self.injections.find(&key)) {
            return Ok(injection.calls().collect());
        }
        let vq = self.find_vq(&request.vq)?;
        self.check_room()?;
        // All at one moment, so that they are consecutive calls of one date.
        let at = self.advance();
        let mut calls = Vec::with_capacity(usize::from(request.count));
        for _ in 0..request.count {
            let input = Input::Call {
                vq,
                priority: request.priority,
                caller: request.caller_number,
                request: None,
                origin: None,
            };
            let reply = self.apply_at(at, input).map_err(|rejection| self.refusal(&rejection))?;
            if let Reply::Queued(queued) = reply {
                calls.push(queued.call);
            }
            self.take_outputs();
        }
        if let (Some(key), Some(first)) = (request.request_id, calls.first()) {
            let count = u32::from(request.count);
            let injection = Injection { at, day: first.day, first: first.number, count };
            self.injections.insert(&key, injection);
            self.keeping.group.injections.push((key, injection));
        }
        Ok(calls)
    }

    fn set_state(&mut self, login: &LoginId, state: SettableState) -> Outcome<()> {
        let agent = self.find_agent(login)?;
        let input = match state {
            SettableState::Offline => Input::LogOut { agent },
            state => Input::SetState { agent, state },
        };
        self.apply(input).map(|_| ()).map_err(|rejection| self.refusal(&rejection))
    }

    fn end_call(&mut self, call: CallId, login: Option<&LoginId>) -> Outcome<()> {
        let agent = login.map(|login| self.find_agent(login)).transpose()?;
        let ended = self.apply(Input::EndCall { call, agent });
        ended.map(|_| ()).map_err(|rejection| self.refusal(&rejection))
    }

    pub(super) fn find_agent(&self, login: &LoginId) -> Outcome<AgentId> {
        self.engine.find_agent(login).ok_or_else(|| {
            let message = format!("no agent `{}` is known today", login.as_str());
            refusal(ErrorCode::UnknownAgent, message)
        })
    }

    pub(super) fn find_vq(&self, vq: &str) -> Outcome<VqId> {
        self.engine.centre().find_queue(vq).ok_or_else(|| {
            let message = format!("there is no virtual queue {}", quoted(vq));
            refusal(ErrorCode::UnknownVq, message)
        })
    }

    /// Whether there is room for new calls.
    pub(super) fn check_room(&self) -> Outcome<()> {
        if self.keeping.takes_calls() {
            Ok(())
        } else {
            Err(Box::new(self.read_only("no new call can be kept")))
        }
    }

    /// What is answered for a refusal of the engine: it knows queues by their numbers only.
    pub(super) fn refusal(&self, rejection: &Rejection) -> Box<ErrorMessage> {
        let mut error = Box::new(ErrorMessage::from(rejection));
        if let Rejection::UnknownVq(vq) = rejection
            && let Some(vq) = self.engine.centre().queue(*vq)
        {
            error.message = format!("the department has no virtual queue {}", quoted(&vq.id));
        }
        error
    }

    fn read_only(&self, what: &str) -> ErrorMessage {
        let message = format!("{what} at this moment: {}", self.keeping.trouble());
        ErrorMessage::new(ErrorCode::ReadOnly, message)
    }

    fn error_to(&self, link: LinkId, error: ErrorMessage) -> Delivery {
        self.world.observations.refused(error.code);
        let message = AgentServerMessage::Error(error);
        Delivery::Message(link, Box::new(message))
    }
}

pub(super) fn refusal(code: ErrorCode, message: impl Into<String>) -> Box<ErrorMessage> {
    Box::new(ErrorMessage::new(code, message))
}
