//! A wallboard. It shows what is durable and nothing else: no figure is ever less than it was,
//! whenever the server died in between.

use std::collections::BTreeMap;

use monti_core::wire::{Summary, WallboardServerMessage};

use crate::{
    link::Link,
    stage::{Act, Life, Role},
};

/// A wallboard, and the counters that it showed last.
#[derive(Default)]
pub(crate) struct Board {
    shown: BTreeMap<String, [u32; 3]>,
}

impl Board {
    fn show(&mut self, department: String, summary: &Summary) {
        let now = [summary.calls_offered, summary.calls_answered, summary.calls_abandoned];
        let before = self.shown.insert(department, now).unwrap_or_default();
        let is_less = before.iter().zip(now).any(|(before, now)| now < *before);
        assert!(!is_less, "{before:?} offered, answered and abandoned were shown, and now {now:?}");
    }
}

impl Role for Board {
    const PATH: &str = "/ws";

    fn greet(&mut self, link: &mut Link, life: &Life, _: Act) {
        // In every other life it is told of changes only.
        if life.is_even() {
            link.say(&serde_json::json!({"type": "subscribe", "mode": "delta"}));
        }
    }

    fn hear(&mut self, text: &str, _: &mut Link, _: &Life) {
        match WallboardServerMessage::parse(text).unwrap() {
            WallboardServerMessage::DepartmentOverview(it) => self.show(it.department, &it.summary),
            WallboardServerMessage::DepartmentDelta(it) => self.show(it.department, &it.summary),
            _ => {}
        }
    }

    fn beat(&mut self, _: &mut Link, _: Act) {}

    fn lose(&mut self) {}

    fn is_done(&self) -> bool {
        true
    }
}
