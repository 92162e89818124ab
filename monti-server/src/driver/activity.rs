//! What happened, as wallboards list it.

use monti_core::{
    AgentId, CallId, CallStatus, Centre, Department, DepartmentId, Engine, Event, LoginId, Millis,
    RevokeReason, VqId,
    wire::{ActivityEvent, ActivityKind},
};

/// An event's parts that are told.
struct Parts {
    kind: ActivityKind,
    call: Option<CallId>,
    agent: Option<AgentId>,
    vq: Option<VqId>,
    lasted: Option<Millis>,
}

/// The department in whose activity wallboards list an event; `None` if they do not, or if nothing
/// is known of its agent any more.
pub(super) fn department_of(event: &Event, engine: &Engine) -> Option<DepartmentId> {
    let Parts { agent, vq, .. } = parts(event)?;
    let of_queue = vq.and_then(|vq| engine.centre().queue(vq)).map(|vq| vq.department);
    of_queue.or_else(|| Some(engine.agent(agent?)?.department))
}

/// An event of a `department` as wallboards list it, with its agent's `login`; `None` if they do
/// not.
pub(super) fn told(
    event: &Event,
    department: &Department,
    centre: &Centre,
    login: impl FnOnce(AgentId) -> Option<LoginId>,
) -> Option<ActivityEvent> {
    let parts = parts(event)?;
    let vq = parts.vq.and_then(|vq| centre.queue(vq));
    Some(ActivityEvent {
        kind: parts.kind,
        call_id: parts.call,
        agent_id: parts.agent.and_then(login),
        vq: vq.map(|vq| vq.id.clone()),
        department: department.id.clone(),
        seconds: parts.lasted.map(Into::into),
    })
}

fn parts(event: &Event) -> Option<Parts> {
    let of_call = |kind, call, vq, agent, lasted| {
        Some(Parts { kind, call: Some(call), agent, vq: Some(vq), lasted })
    };
    let of_agent = |kind, agent, lasted| {
        Some(Parts { kind, call: None, agent: Some(agent), vq: None, lasted })
    };
    match *event {
        Event::Queued { call, vq } => of_call(ActivityKind::Queued, call, vq, None, None),
        Event::Assigned(it) => {
            of_call(ActivityKind::Assigned, it.call, it.vq, Some(it.agent), Some(it.waited))
        }
        Event::Accepted { agent, call, vq, waited } => {
            of_call(ActivityKind::Accepted, call, vq, Some(agent), Some(waited))
        }
        Event::Abandoned { call, vq, waited, .. } => {
            of_call(ActivityKind::Abandoned, call, vq, None, Some(waited))
        }
        Event::Ended { call, vq, agent, status, lasted, .. } => {
            let kind = match status {
                CallStatus::AgentLost => ActivityKind::AgentLost,
                CallStatus::Abandoned => ActivityKind::Abandoned,
                // Counted as what it was until then, like in the figures.
                CallStatus::EndedBySupervisor if agent.is_none() => ActivityKind::Abandoned,
                CallStatus::Completed | CallStatus::EndedBySupervisor => ActivityKind::Completed,
            };
            of_call(kind, call, vq, agent, Some(lasted))
        }
        Event::Revoked { agent, call, vq, reason, rang } => {
            let kind = match reason {
                RevokeReason::Rejected => ActivityKind::Rejected,
                RevokeReason::RingTimeout => ActivityKind::RingTimeout,
                _ => return None,
            };
            of_call(kind, call, vq, Some(agent), Some(rang))
        }
        Event::Breach { agent, .. } => of_agent(ActivityKind::Breach, agent, None),
        Event::BreachCleared { agent, lasted, .. } => {
            of_agent(ActivityKind::BreachCleared, agent, Some(lasted))
        }
        Event::LoggedIn { agent } => of_agent(ActivityKind::Login, agent, None),
        Event::LoggedOut { agent, .. } => of_agent(ActivityKind::Logout, agent, None),
        _ => None,
    }
}
