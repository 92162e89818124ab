//! A centre of any size that changes a little each second, as a server tells it.

use monti_core::{
    AgentState, Centre, Millis, Timestamp,
    wire::{
        AgentInfo, DepartmentDelta, DepartmentOverview, Summary, Tick, VirtualQueue, VqOverview,
        WallboardServerMessage, Welcome,
    },
};
use serde_json::json;

/// A centre whose agents change in turns.
pub(crate) struct Floor {
    centre: Centre,
    start: Timestamp,
    departments: Vec<Vec<AgentInfo>>,
    tick: u64,
    /// How many agents of each department change in a second.
    changes: usize,
}

impl Floor {
    /// One of so many agents, of whom so many of each department change in a second.
    pub(crate) fn new(agents: usize, changes: usize) -> Self {
        let start: Timestamp = "2026-01-29T09:00:00.000Z".parse().expect("a moment");
        let centre = Centre::default();
        let departments = centre.departments().map(|(_, it)| it.id.clone());
        let departments: Vec<_> = departments
            .map(|id| (0..agents / 4).map(|number| agent(&id, number, start)).collect())
            .collect();
        Self { centre, start, departments, tick: 1, changes }
    }

    pub(crate) fn welcome(&self) -> WallboardServerMessage {
        let welcome = Welcome::new("0.1.0", self.start, 1.0, &self.centre);
        WallboardServerMessage::Welcome(welcome)
    }

    fn now(&self) -> Timestamp {
        self.start + Millis::from_secs(self.tick)
    }

    fn ids(&self) -> Vec<String> {
        self.centre.departments().map(|(_, it)| it.id.clone()).collect()
    }

    /// The full state.
    pub(crate) fn all(&self) -> Vec<WallboardServerMessage> {
        let overview = |(id, agents): (String, &Vec<AgentInfo>)| {
            let queues = VqOverview {
                department: id.clone(),
                timestamp: self.now(),
                tick: self.tick,
                queues: self.queues(&id),
                total_waiting: 0,
                total_active: 0,
            };
            let agents = DepartmentOverview {
                department: id,
                timestamp: self.now(),
                tick: self.tick,
                summary: summary(agents.len(), self.tick),
                agents: agents.clone(),
            };
            [
                WallboardServerMessage::DepartmentOverview(agents),
                WallboardServerMessage::VqOverview(queues),
            ]
        };
        self.ids().into_iter().zip(&self.departments).flat_map(overview).collect()
    }

    /// The next second: some agents changed, one after the other in turns, and a queue of each
    /// department.
    pub(crate) fn second(&mut self) -> Vec<WallboardServerMessage> {
        self.tick += 1;
        let now = self.now();
        let tick = Tick { timestamp: now, tick: self.tick };
        let mut messages = vec![WallboardServerMessage::Tick(tick)];
        let turn = usize::try_from(self.tick).unwrap_or(0);
        for (place, id) in self.ids().into_iter().enumerate() {
            let queues = self.queues(&id);
            let agents = &mut self.departments[place];
            let (count, changes) = (agents.len(), self.changes);
            // All over the floor, not one beside the other.
            let places = (0..changes).map(|at| (turn + at * (count / changes)) % count);
            let changed = places.map(|at| {
                let agent = &mut agents[at];
                let at = AgentState::ALL.iter().position(|state| *state == agent.state);
                // Available, ringing, on call, on hold, after-call work, and again.
                let next = at.map_or(1, |at| at % 5 + 1);
                agent.state = AgentState::ALL[next];
                (agent.state_start, agent.last_update) = (now, now);
                agent.clone()
            });
            let changed: Vec<_> = changed.collect();
            messages.push(WallboardServerMessage::DepartmentDelta(DepartmentDelta {
                department: id,
                timestamp: now,
                tick: self.tick,
                previous_tick: self.tick - 1,
                summary: summary(agents.len(), self.tick),
                changed,
                removed: Vec::new(),
                queues: vec![queues[turn % queues.len()].clone()],
            }));
        }
        messages
    }

    fn queues(&self, department: &str) -> Vec<VirtualQueue> {
        let queues = self.centre.queues().filter(|(_, it)| it.id.starts_with(department));
        let oldest = self.start;
        queues
            .map(|(_, queue)| {
                let queue = json!({"id": queue.id, "name": queue.name.to_string(),
                    "department": department, "waitingCalls": self.tick % 7, "ringingCalls": 1,
                    "activeCalls": 12, "availableAgents": 9, "oldestEnqueuedAt": oldest,
                    "longestWaitSeconds": self.tick, "estimatedWaitSeconds": 12,
                    "serviceLevel": {"targetPercent": 80, "targetSeconds": 20,
                        "currentPercent": 83.5, "callsOffered": 300 + self.tick,
                        "callsAnswered": 280 + self.tick, "callsAnsweredInTarget": 240,
                        "callsAbandoned": 12, "callsAbandonedShort": 3, "avgWaitSeconds": 14,
                        "avgHandleSeconds": 210, "maxWaitSeconds": 130,
                        "variants": {"seed": 83.5, "ignoreAbandoned": 84, "abandonedPositive": 85,
                            "answeredOnly": 86}}});
                serde_json::from_value(queue).expect("a queue")
            })
            .collect()
    }
}

fn agent(department: &str, number: usize, start: Timestamp) -> AgentInfo {
    let kpis = json!({"callsHandled": 17, "talkSeconds": 3400, "holdSeconds": 60, "acwSeconds": 600,
        "breakSeconds": 300, "loginSeconds": 7200, "idleSeconds": 2800, "avgHandleSeconds": 238,
        "occupancyPercent": 59.2, "ringNoAnswers": 1, "acwBreaches": 0, "breakBreaches": 0});
    let agent = json!({"agentId": format!("{department}-{number:05}"),
        "name": format!("Avery Lindqvist {number}"), "department": department,
        "location": "Lund", "team": "Day", "state": AgentState::ALL[1 + number % 7],
        "stateStart": start, "lastUpdate": start, "connectionStatus": "connected", "kpis": kpis});
    serde_json::from_value(agent).expect("an agent")
}

fn summary(agents: usize, tick: u64) -> Summary {
    let summary = json!({"totalAgents": agents, "stateBreakdown": {"available": agents},
        "breaches": 0, "occupancyPercent": 71.2, "serviceLevelPercent": 83.5,
        "callsOffered": 1200 + tick, "callsAnswered": 1150 + tick, "callsAbandoned": 40,
        "avgWaitSeconds": 14, "avgHandleSeconds": 212, "longestWaitSeconds": tick,
        "waitingCalls": 4 * (tick % 7), "activeCalls": 48});
    serde_json::from_value(summary).expect("a summary")
}
