//! What a server would say of a floor of agents.

use monti_core::{Millis, Timestamp, wire::WallboardServerMessage};
use monti_tui::Answer;
use serde_json::{Value, json};

/// The centre's time when all begins.
pub(crate) fn start() -> Timestamp {
    "2026-01-29T09:15:00.000Z".parse().unwrap()
}

/// So many seconds before all begins.
pub(crate) fn before(seconds: u64) -> Timestamp {
    start() - Millis::from_secs(seconds)
}

/// An identifier and a name.
type Named = (&'static str, &'static str);

const DEPARTMENTS: [(&str, &str, [Named; 4]); 4] = [
    (
        "sales",
        "Sales",
        [
            ("general", "General"),
            ("enterprise", "Enterprise"),
            ("upsell", "Upsell"),
            ("renewal", "Renewal"),
        ],
    ),
    (
        "support",
        "Support",
        [
            ("tier_1", "Tier 1"),
            ("tier_2", "Tier 2"),
            ("billing", "Billing"),
            ("returns", "Returns"),
        ],
    ),
    (
        "technical",
        "Technical",
        [
            ("network", "Network"),
            ("software", "Software"),
            ("hardware", "Hardware"),
            ("security", "Security"),
        ],
    ),
    (
        "retention",
        "Retention",
        [
            ("cancel", "Cancel"),
            ("winback", "Winback"),
            ("loyalty", "Loyalty"),
            ("escalation", "Escalation"),
        ],
    ),
];

pub(crate) fn departments() -> [&'static str; 4] {
    DEPARTMENTS.map(|(id, ..)| id)
}

pub(crate) fn message(value: &Value) -> WallboardServerMessage {
    WallboardServerMessage::parse(&value.to_string()).unwrap()
}

pub(crate) fn welcome() -> Value {
    let queue = |department: &str, (id, name): (&str, &str)| {
        json!({
            "id": format!("{department}_{id}"), "name": name, "targetPercent": 80.0,
            "targetSeconds": 20.0, "shortAbandonSeconds": 5.0,
        })
    };
    let departments = DEPARTMENTS.map(|(id, name, queues)| {
        json!({"id": id, "name": name, "queues": queues.map(|it| queue(id, it))})
    });
    json!({
        "type": "welcome", "protocol": 1, "server": "0.1.0", "serverTime": start(),
        "clockSpeed": 1.0,
        "centre": {
            "name": "Northwind Care", "timeZone": "Europe/Berlin",
            "limits": {
                "ringTimeoutSeconds": 20.0, "graceSeconds": 30.0, "acwSeconds": 300.0,
                "breakSeconds": 600.0,
            },
            "colours": {"greenPercent": 80.0, "yellowPercent": 60.0},
            "departments": departments,
        },
    })
}

const FIRST: [&str; 26] = [
    "Avery", "Bao", "Carla", "Daniel", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jamal", "Keiko",
    "Lena", "Mateo", "Noor", "Olga", "Pedro", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor",
    "Wanda", "Xin", "Yara", "Zoë",
];

const LAST: [&str; 7] = ["Lindqvist", "Nguyễn", "Mendes", "Okafor", "Yılmaz", "Haddad", "O’Neil"];

/// An agent that does something for so long.
pub(crate) fn agent(department: &str, number: usize, state: &str, seconds: u64) -> Value {
    let name = format!("{} {}", FIRST[number % 26], LAST[number / 26 % 7]);
    let (since, queue) =
        (before(seconds), DEPARTMENTS.iter().find(|it| it.0 == department).unwrap());
    let mut agent = json!({
        "agentId": format!("{department}.{number:05}"), "name": name, "department": department,
        "location": "Malmö", "team": "North", "state": state, "stateStart": since,
        "lastUpdate": since,
        "connectionStatus": if state == "offline" { "lost" } else { "connected" },
        "kpis": {
            "callsHandled": number % 40, "talkSeconds": 1400.0, "holdSeconds": 40.0,
            "acwSeconds": 135.0, "breakSeconds": 0.0, "loginSeconds": 4500.0,
            "idleSeconds": 2925.0, "occupancyPercent": 35.0,
            "avgHandleSeconds": (!number.is_multiple_of(40)).then(|| 1575.0 / (number % 40) as f64),
            "ringNoAnswers": 1, "acwBreaches": u32::from(state == "after_call_work" && seconds > 300),
            "breakBreaches": u32::from(state == "break" && seconds > 600),
        },
    });
    if ["ringing", "on_call", "on_hold"].contains(&state) {
        agent["currentCallId"] = json!(format!("CALL-20260129-{:06}", number + 1));
        agent["currentVq"] = json!(format!("{department}_{}", queue.2[number % 4].0));
        agent["callStartTime"] = json!(since);
    }
    // Past a limit from the first millisecond after it, as the server has it.
    if state == "after_call_work" && seconds > 300 {
        agent["breach"] = json!("acw");
    }
    if state == "break" && seconds > 600 {
        agent["breach"] = json!("break");
    }
    agent
}

/// A mixed lot of agents, none over a limit.
pub(crate) fn agents(department: &str, count: usize) -> Vec<Value> {
    let states =
        ["available", "on_call", "on_call", "after_call_work", "ringing", "break", "on_hold"];
    let state = |number: usize| match number % 29 {
        28 => "offline",
        27 => "lunch",
        26 => "not_responding",
        number => states[number % 7],
    };
    (0..count)
        .map(|number| agent(department, number, state(number), 7 + number as u64 * 37 % 290))
        .collect()
}

/// Ten of them.
pub(crate) fn ten(department: &str) -> Vec<Value> {
    agents(department, 10)
}

/// A department of these agents.
pub(crate) fn overview(department: &str, tick: u64, agents: &[Value]) -> Value {
    let count = |state: &str| agents.iter().filter(|agent| agent["state"] == state).count();
    let states = [
        "offline",
        "available",
        "ringing",
        "on_call",
        "on_hold",
        "after_call_work",
        "break",
        "lunch",
        "training",
        "meeting",
        "not_responding",
    ];
    let breakdown: serde_json::Map<_, _> =
        states.iter().map(|state| ((*state).to_owned(), json!(count(state)))).collect();
    let mut agents = agents.to_vec();
    agents.sort_by_key(|agent| agent["agentId"].as_str().unwrap().to_owned());
    json!({
        "type": "department_overview", "department": department, "tick": tick,
        "timestamp": start() + Millis::from_secs(tick),
        "summary": {
            "totalAgents": agents.len(), "stateBreakdown": breakdown,
            "breaches": agents.iter().filter(|agent| !agent["breach"].is_null()).count(),
            "occupancyPercent": 71.5, "serviceLevelPercent": 83.25, "callsOffered": 400,
            "callsAnswered": 371, "callsAbandoned": 22, "avgWaitSeconds": 14.25,
            "avgHandleSeconds": 251.125, "longestWaitSeconds": 41.0, "waitingCalls": 3,
            "activeCalls": count("on_call") + count("on_hold"),
        },
        "agents": agents,
    })
}

/// A department of which nothing has happened yet.
pub(crate) fn empty_overview(department: &str) -> Value {
    let mut overview = overview(department, 0, &[]);
    for figure in [
        "occupancyPercent",
        "serviceLevelPercent",
        "avgWaitSeconds",
        "avgHandleSeconds",
        "longestWaitSeconds",
    ] {
        overview["summary"][figure] = Value::Null;
    }
    for figure in ["callsOffered", "callsAnswered", "callsAbandoned", "waitingCalls"] {
        overview["summary"][figure] = json!(0);
    }
    overview
}

/// A queue of a department, by its place, with this service level.
pub(crate) fn queue(department: &str, place: usize, level: Option<f64>) -> Value {
    let (_, _, queues) = DEPARTMENTS.iter().find(|it| it.0 == department).unwrap();
    let waiting = if place == 0 { 3 } else { 0 };
    let offered = if level.is_some() { 100 } else { 0 };
    let level_or = |figure: f64| level.map(|_| figure);
    json!({
        "id": format!("{department}_{}", queues[place].0), "name": queues[place].1,
        "department": department, "waitingCalls": waiting, "ringingCalls": 1,
        "activeCalls": 7 - place, "availableAgents": 12,
        "oldestEnqueuedAt": (waiting > 0).then(|| before(41)),
        "longestWaitSeconds": (waiting > 0).then_some(41.0), "estimatedWaitSeconds": 25.0,
        "serviceLevel": {
            "targetPercent": 80.0, "targetSeconds": 20.0, "currentPercent": level,
            "callsOffered": offered, "callsAnswered": offered * 9 / 10,
            "callsAnsweredInTarget": offered * 7 / 10, "callsAbandoned": offered / 20,
            "callsAbandonedShort": offered / 50, "avgWaitSeconds": level_or(14.25),
            "avgHandleSeconds": level_or(251.125), "maxWaitSeconds": level_or(92.0),
            "variants": {
                "seed": level, "ignoreAbandoned": level_or(77.75),
                "abandonedPositive": level_or(80.0), "answeredOnly": level_or(77.75),
            },
        },
    })
}

/// The queues of a department with these service levels.
pub(crate) fn queues(department: &str, tick: u64, levels: [Option<f64>; 4]) -> Value {
    let queues: Vec<_> =
        levels.iter().enumerate().map(|(place, level)| queue(department, place, *level)).collect();
    json!({
        "type": "vq_overview", "department": department, "tick": tick,
        "timestamp": start() + Millis::from_secs(tick), "queues": queues, "totalWaiting": 3,
        "totalActive": 22,
    })
}

/// The queues of a department all of which are above their target, and in which nobody waits.
pub(crate) fn calm_queues(department: &str, tick: u64) -> Value {
    let mut queues = queues(department, tick, [Some(92.0); 4]);
    wait_since(&mut queues, None);
    queues
}

/// Has callers wait in the first of `queues` since then, or nobody.
pub(crate) fn wait_since(queues: &mut Value, since: Option<Timestamp>) {
    let queue = &mut queues["queues"][0];
    queue["waitingCalls"] = json!(if since.is_some() { 3 } else { 0 });
    queue["oldestEnqueuedAt"] = json!(since);
}

/// A quarter of an hour of a queue, in which every call was answered.
pub(crate) fn quarter(starts_at: Timestamp, calls: u64, level: Option<f64>) -> Value {
    json!({
        "startsAt": starts_at, "callsOffered": calls, "callsAnswered": calls, "callsAbandoned": 0,
        "serviceLevelPercent": level, "avgWaitSeconds": 9.75, "avgHandleSeconds": 251.125,
        "staffedAgents": 6.5,
    })
}

/// What REST answers of the day of the first queue of Sales.
pub(crate) fn day(quarters: &[Value]) -> Answer {
    let day = json!({"vq": "sales_general", "minutes": 15, "intervals": quarters});
    let result = Ok(serde_json::from_value(day).unwrap());
    Answer::Intervals { vq: "sales_general".to_owned(), result }
}

pub(crate) fn tick(tick: u64) -> Value {
    json!({"type": "tick", "tick": tick, "timestamp": start() + Millis::from_secs(tick)})
}

/// What is new since the tick before.
pub(crate) fn delta(department: &str, tick: u64, agents: &[Value], changed: &[Value]) -> Value {
    let overview = overview(department, tick, agents);
    json!({
        "type": "department_delta", "department": department, "tick": tick,
        "timestamp": overview["timestamp"], "previousTick": tick - 1,
        "summary": overview["summary"], "changed": changed, "removed": [], "queues": [],
    })
}
