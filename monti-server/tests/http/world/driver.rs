//! The smallest driver.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use monti_core::{
    AgentId, CallId, Engine, Input, LoginId, Reply, Timestamp,
    wire::{ErrorCode, ErrorMessage, InjectRequest},
};
use monti_server::{
    clock::Clock,
    inbox::{Outlet, Request},
    observations::Observations,
};

/// Does what is asked, and keeps nothing.
pub(super) struct Driver {
    pub(super) engine: Arc<Mutex<Engine>>,
    pub(super) outlet: Outlet,
    pub(super) clock: Arc<Clock>,
}

impl Driver {
    pub(super) fn run(self, observations: &Observations) {
        let mut batch = Vec::new();
        while self.outlet.receive(&mut batch, 1, Duration::from_secs(1)) {
            let mut engine = self.engine.lock().unwrap();
            observations.beat();
            for arrival in batch.drain(..) {
                answer(&mut engine, self.clock.now(), arrival.request);
            }
        }
    }
}

fn answer(engine: &mut Engine, now: Timestamp, request: Request) {
    match request {
        Request::Ask(question) => question(engine),
        Request::Inject { request, answer } => {
            let _ = answer.send(inject(engine, now, &request).map_err(|error| *error));
        }
        Request::SetState { login, state, answer } => {
            let input = |agent| Input::SetState { agent, state };
            let done = find(engine, &login).and_then(|agent| handle(engine, now, input(agent)));
            let _ = answer.send(done.map_err(|error| *error));
        }
        Request::EndCall { call, login, answer } => {
            let agent = login.map(|login| find(engine, &login)).transpose();
            let input = |agent| Input::EndCall { call, agent };
            let done = agent.and_then(|agent| handle(engine, now, input(agent)));
            let _ = answer.send(done.map_err(|error| *error));
        }
        Request::LinkOpened { .. } | Request::LinkMessage { .. } | Request::LinkClosed { .. } => {}
    }
}

fn inject(
    engine: &mut Engine,
    now: Timestamp,
    request: &InjectRequest,
) -> Result<Vec<CallId>, Box<ErrorMessage>> {
    let vq = engine.centre().find_queue(&request.vq);
    let vq = vq.ok_or_else(|| ErrorMessage::new(ErrorCode::UnknownVq, "no such queue"))?;
    let call = Input::Call {
        vq,
        priority: request.priority,
        caller: request.caller_number,
        request: None,
        origin: None,
    };
    let mut queue = || match engine.handle_input(now, call.clone()) {
        Ok(Reply::Queued(queued)) => queued.call,
        other => panic!("{other:?}"),
    };
    Ok((0..request.count).map(|_| queue()).collect())
}

fn find(engine: &Engine, login: &LoginId) -> Result<AgentId, Box<ErrorMessage>> {
    let unknown = || ErrorMessage::new(ErrorCode::UnknownAgent, "no such agent").into();
    engine.find_agent(login).ok_or_else(unknown)
}

fn handle(engine: &mut Engine, now: Timestamp, input: Input) -> Result<(), Box<ErrorMessage>> {
    let done = engine.handle_input(now, input);
    done.map(|_| ()).map_err(|rejection| Box::new((&rejection).into()))
}
