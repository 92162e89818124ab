//! Every moment of the past looks as it looked when it was the present.

use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use crate::{floor, wall::Wall};

const SECONDS: usize = 150;

/// What is below the header and the bar of the past.
fn body(wall: &Wall) -> Vec<String> {
    wall.rows()[2..39].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn a_moment_of_the_past_looks_as_it_did(
        changes in vec((0..12_usize, 0..4_usize), SECONDS),
    ) {
        let states = ["available", "on_call", "break", "after_call_work"];
        let mut wall = Wall::of(120, 40, 12);
        let mut agents: Vec<Value> = floor::agents("sales", 12);
        let mut seen = Vec::new();
        for (second, (number, state)) in (1..).zip(changes) {
            wall.tick();
            agents[number] = floor::agent("sales", number, states[state], 400);
            wall.hear(&floor::delta("sales", second, &agents, &agents[number..=number]));
            if second % 10 == 0 {
                wall.press("space");
                seen.push(body(&wall));
                wall.press("space");
            }
        }
        // The last one is the present still.
        seen.pop();
        for seen in seen.iter().rev() {
            wall.press("[");
            prop_assert_eq!(&body(&wall), seen);
        }
    }
}
