//! What happened, in the words in which it is shown and found.

use monti_core::wire::{ActivityEvent, ActivityKind};

use crate::{
    board::Board,
    live::{Happening, What},
    scrub::{self, Names},
};

/// An event in words, as far as there is something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub what: &'static str,
    /// Where: a department, and its queue if it is about one.
    pub place: String,
    /// The call's id.
    pub call: String,
    /// The agent's name as it is shown; of one that is not on the board the login, as that is.
    pub agent: String,
}

impl Words {
    /// The words of an event on `board`.
    pub fn of(board: &Board, event: &ActivityEvent, names: Names) -> Self {
        let agent = event.agent_id.as_ref().map(|login| {
            let known = board.agent(login).map(|(_, agent)| agent.name());
            known.unwrap_or_else(|| names.login(login)).to_owned()
        });
        Self {
            what: word(event.kind),
            place: place(board, event),
            call: event.call_id.map_or_else(String::new, |call| call.to_string()),
            agent: agent.unwrap_or_default(),
        }
    }
}

/// Whether a happening is to be seen through a filter in lower case: it has all its words, in what
/// is shown of it or in its ids. That something is not known, or may not be, is always seen.
pub fn matches(filter: &str, board: &Board, happening: &Happening) -> bool {
    let What::Event(event) = &happening.what else { return true };
    if filter.is_empty() {
        return true;
    }
    let Words { what, place, call, agent } = Words::of(board, event, Names::Whole);
    let login = event.agent_id.as_ref().map_or("", |login| login.as_str());
    let (queue, department) = (event.vq.as_deref().unwrap_or_default(), &event.department);
    let text = [what, &place, &call, &agent, login, queue, department].join(" ").to_lowercase();
    filter.split_whitespace().all(|word| text.contains(word))
}

fn place(board: &Board, event: &ActivityEvent) -> String {
    let found = board.find(&event.department).and_then(|at| board.departments().get(at));
    let department =
        found.map_or_else(|| scrub::text(&event.department), |it| it.name().to_owned());
    let queue = event.vq.as_deref().map(|vq| board.queue_name(vq));
    queue.map_or_else(|| department.clone(), |queue| format!("{department} {queue}"))
}

fn word(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Queued => "queued",
        ActivityKind::Assigned => "ringing",
        ActivityKind::Accepted => "answered",
        ActivityKind::Completed => "completed",
        ActivityKind::Abandoned => "abandoned",
        ActivityKind::Rejected => "rejected",
        ActivityKind::RingTimeout => "no answer",
        ActivityKind::AgentLost => "agent lost",
        ActivityKind::Breach => "over limit",
        ActivityKind::BreachCleared => "limit cleared",
        ActivityKind::Login => "login",
        ActivityKind::Logout => "logout",
    }
}
