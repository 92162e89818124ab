//! What is told in changes comes to the same as what is told at once.

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::{
    floor,
    wall::{LEVELS, Wall},
};

const STATES: [&str; 5] = ["available", "on_call", "break", "after_call_work", "offline"];

/// What happens to an agent in a second.
#[derive(Debug, Clone)]
enum Step {
    Changes(usize, u64),
    IsRenamed(char),
    Leaves,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..STATES.len(), 0..900_u64).prop_map(|(state, time)| Step::Changes(state, time)),
        1 => prop::char::range('A', 'Z').prop_map(Step::IsRenamed),
        1 => Just(Step::Leaves),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn changes_one_by_one_look_like_all_at_once(
        steps in vec((0..16_usize, step()), 1..60),
        sorts in 0..5_usize,
    ) {
        let mut told = Wall::of(200, 60, 12);
        told.press("1");
        let mut agents: Vec<Value> = floor::agents("sales", 12);
        for (second, (number, step)) in (1..).zip(&steps) {
            told.tick();
            let id = format!("sales.{number:05}");
            let known = agents.iter().position(|agent| agent["agentId"] == id.as_str());
            let mut changed = match known {
                Some(at) => agents.remove(at),
                None => floor::agent("sales", *number, "available", 0),
            };
            let mut removed = Vec::new();
            match step {
                Step::Changes(state, time) => {
                    let name = changed["name"].clone();
                    changed = floor::agent("sales", *number, STATES[*state], *time);
                    changed["name"] = name;
                }
                Step::IsRenamed(initial) => changed["name"] = json!(format!("{initial}lex")),
                Step::Leaves => removed.push(id),
            }
            let changed = if removed.is_empty() { vec![changed] } else { Vec::new() };
            agents.extend(changed.iter().cloned());
            let mut delta = floor::delta("sales", second, &agents, &changed);
            delta["removed"] = json!(removed);
            told.hear(&delta);
        }
        let seconds = u64::try_from(steps.len()).unwrap();
        let mut at_once = Wall::silent(200, 60);
        at_once.at = told.at;
        at_once.connect();
        for department in floor::departments() {
            let others = floor::agents(department, 12);
            let lot = if department == "sales" { &agents } else { &others };
            at_once.hear(&floor::overview(department, seconds, lot));
            at_once.hear(&floor::queues(department, 0, LEVELS));
        }
        for wall in [&mut told, &mut at_once] {
            wall.press("1");
            for _ in 0..sorts {
                wall.press("s");
            }
        }
        prop_assert_eq!(told.text(), at_once.text());
        for wall in [&mut told, &mut at_once] {
            wall.press("0");
        }
        prop_assert_eq!(told.text(), at_once.text());
    }
}
