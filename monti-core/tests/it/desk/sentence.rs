//! Outputs as a person on the floor would tell them; calls by their number of the day.

use monti_core::{AgentId, Event, Output};

pub(super) fn of(output: &Output, login: &dyn Fn(AgentId) -> String) -> Option<String> {
    let event = match output {
        Output::Record(record) => return Some(format!("{} is recorded", record.id.number)),
        Output::AgentDay(day) => return Some(format!("{} of {} is over", day.day, day.login)),
        Output::AgentLeft(left) => {
            return Some(format!("{} left department {}", left.login, left.department.0));
        }
        Output::Event(event) => event,
    };
    Some(match event {
        Event::Queued { call, .. } => format!("{} waits", call.number),
        Event::Assigned(offer) => format!("{} rings at {}", offer.call.number, login(offer.agent)),
        Event::CarriedOver(offer) => {
            format!("{} rings on at {}", offer.call.number, login(offer.agent))
        }
        Event::Revoked { agent, call, reason, .. } => {
            format!("{} stops at {}: {reason:?}", call.number, login(*agent))
        }
        Event::Accepted { agent, call, .. } => format!("{} takes {}", login(*agent), call.number),
        Event::Abandoned { call, .. } => format!("{} is abandoned", call.number),
        Event::Ended { call, status, .. } => format!("{} ends: {status:?}", call.number),
        Event::EndForced { agent, call } => {
            format!("{} hears that {} ended", login(*agent), call.number)
        }
        Event::LoggedIn { agent } => format!("{} is in", login(*agent)),
        Event::LoggedOut { agent, reason } => format!("{} is out: {reason:?}", login(*agent)),
        Event::Superseded { agent, session, .. } => {
            format!("{}'s session {} is superseded", login(*agent), session.0)
        }
        Event::AgentChanged { .. } => return None,
        Event::Breach { agent, kind } => format!("{} is past a limit: {kind:?}", login(*agent)),
        Event::BreachCleared { agent, kind, .. } => {
            format!("{} is past no limit: {kind:?}", login(*agent))
        }
        Event::TargetMissed { call, .. } => format!("{} misses its target", call.number),
        Event::DayBegan { day } => format!("{day} begins"),
    })
}
