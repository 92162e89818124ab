//! Whoever applies the changes has what whoever is told everything has.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    board::Board,
    calls::{act, state},
    client::Client,
    server::Server,
};

const SECOND: Duration = Duration::from_secs(1);

/// A floor on which things happen that nobody planned, the same for the same seed.
struct Life {
    dice: StdRng,
    agents: Client,
    calls: Vec<(Value, Value)>,
    requests: u64,
}

impl Life {
    fn below(&mut self, bound: usize) -> usize {
        self.dice.random_range(0..bound)
    }

    fn pick(&mut self, choices: &[&'static str]) -> &'static str {
        choices[self.below(choices.len())]
    }

    /// Something is tried; whether it is allowed does not matter.
    fn happen(&mut self) {
        let login = format!("sim-{}", self.below(12));
        let department = self.pick(&["sales", "support"]);
        let message = match self.below(8) {
            0 => json!({"type": "register", "agentId": login, "department": department}),
            1 => json!({"type": "unregister", "agentId": login}),
            2 => state(&login, self.pick(&["available", "break", "lunch", "offline"])),
            3..5 => json!({"type": "incoming_call",
                           "vq": self.pick(&["sales_general", "support_tier_1"])}),
            kind => self.on_a_call(kind),
        };
        let mut message = message;
        self.requests += 1;
        let request = json!(format!("r{}", self.requests));
        message["requestId"] = request.clone();
        self.agents.say(&message);
        while {
            let heard = self.agents.hear();
            self.note(&heard);
            heard["requestId"] != request
        } {}
    }

    fn on_a_call(&mut self, kind: usize) -> Value {
        let of = self.below(4).min(self.calls.len());
        let Some((login, call)) = self.calls.iter().rev().nth(of) else {
            return json!({"type": "dance"});
        };
        let (login, call) = (login.as_str().unwrap().to_owned(), call.clone());
        match kind {
            5 => json!({"type": "call_abandon", "callId": call}),
            6 => act("call_accept", &login, &call),
            _ => act(self.pick(&["call_complete", "call_hold", "call_reject"]), &login, &call),
        }
    }

    fn note(&mut self, heard: &Value) {
        if heard["type"] == "call_assign" {
            self.calls.push((heard["agentId"].clone(), heard["callId"].clone()));
        }
    }
}

fn delta_board(server: &Server) -> Board {
    let mut board = Board::new(server.wallboard());
    board.hear_all();
    board.client.say(&json!({"type": "subscribe", "mode": "delta"}));
    board.hear_all();
    board
}

/// A second passes, and both boards hear of it: `full` all, `delta` all of the second before.
fn second(server: &Server, full: &mut Board, delta: &mut Board) {
    server.pass(SECOND);
    delta.hear_until("tick");
    for _ in 0..4 {
        full.hear_until("vq_overview");
    }
}

#[test]
fn full_state_and_changes_are_full_state() {
    for seed in 1..=6 {
        let server = Server::open();
        let dice = StdRng::seed_from_u64(seed);
        let mut life = Life { dice, agents: server.agents(), calls: Vec::new(), requests: 0 };
        let mut full = Board::new(server.wallboard());
        full.hear_all();
        let mut delta = delta_board(&server);
        for round in 0..60 {
            let before = full.departments.clone();
            second(&server, &mut full, &mut delta);
            for (name, told) in &before {
                let applied = &delta.departments[name];
                assert_eq!(applied.agents, told.agents, "seed {seed}, second {round}, {name}");
                assert_eq!(applied.queues, told.queues, "seed {seed}, second {round}, {name}");
                assert_eq!(applied.summary, told.summary, "seed {seed}, second {round}, {name}");
            }
            (0..life.below(12)).for_each(|_| life.happen());
        }
        assert!(!life.calls.is_empty() && full.departments["sales"].agents.len() > 2);
    }
}

#[test]
fn nothing_but_a_tick_when_nothing_happens() {
    let server = Server::open();
    let mut delta = delta_board(&server);
    for tick in 1..4 {
        server.pass(SECOND);
        let heard = delta.client.hear();
        assert_eq!((&heard["type"], &heard["tick"]), (&json!("tick"), &json!(tick)));
    }
}
