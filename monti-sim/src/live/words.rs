//! What people do, in the protocol's words.

use monti_core::{
    AgentAction, CallId, CallerNumber, Centre, LoginId, Priority, Registration, RequestId, VqId,
    wire::{
        AgentClientMessage, CallAbandon, CallAction, CallComplete, IncomingCall, Register,
        StateChange, Unregister,
    },
};

/// An agent logs in.
pub(super) fn register(
    request_id: RequestId,
    registration: Registration,
    centre: &Centre,
) -> AgentClientMessage {
    let department = centre.department(registration.department);
    let queue = |vq: VqId| centre.queue(vq).map(|queue| queue.id.clone());
    AgentClientMessage::Register(Register {
        request_id: Some(request_id),
        agent_id: registration.login,
        department: department.map(|it| it.id.clone()).unwrap_or_default(),
        name: registration.name,
        location: registration.location,
        team: registration.team,
        state: registration.state,
        queues: registration.queues.map(|queues| queues.into_iter().filter_map(queue).collect()),
        auto_answer: registration.auto_answer,
        current_call_id: registration.current_call,
    })
}

/// An agent does something.
pub(super) fn act(
    request_id: RequestId,
    agent_id: LoginId,
    action: AgentAction,
) -> AgentClientMessage {
    let request_id = Some(request_id);
    let call = |call_id, agent_id| CallAction { request_id, agent_id, call_id };
    match action {
        AgentAction::Accept(id) => AgentClientMessage::CallAccept(call(id, agent_id)),
        AgentAction::Reject(id) => AgentClientMessage::CallReject(call(id, agent_id)),
        AgentAction::Hold(id) => AgentClientMessage::CallHold(call(id, agent_id)),
        AgentAction::Unhold(id) => AgentClientMessage::CallUnhold(call(id, agent_id)),
        AgentAction::Complete { call: call_id, outcome } => {
            let complete = CallComplete { request_id, agent_id, call_id, outcome };
            AgentClientMessage::CallComplete(complete)
        }
        AgentAction::SetState(state) => {
            let change = StateChange { request_id, agent_id, state, reason: None };
            AgentClientMessage::StateChange(change)
        }
        AgentAction::Unregister => {
            AgentClientMessage::Unregister(Unregister { request_id, agent_id })
        }
    }
}

/// A caller calls.
pub(super) fn call(
    request_id: RequestId,
    vq: VqId,
    caller_number: Option<CallerNumber>,
    priority: Priority,
    centre: &Centre,
) -> AgentClientMessage {
    let vq = centre.queue(vq).map(|queue| queue.id.clone()).unwrap_or_default();
    AgentClientMessage::IncomingCall(IncomingCall { request_id, vq, caller_number, priority })
}

/// A caller hangs up.
pub(super) fn hang_up(request_id: RequestId, call_id: CallId) -> AgentClientMessage {
    AgentClientMessage::CallAbandon(CallAbandon { request_id: Some(request_id), call_id })
}
