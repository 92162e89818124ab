//! Messages over both kinds of links, and bodies of requests.

use std::cell::RefCell;

use monti_core::{
    Priority,
    wire::{
        AgentClientMessage, ErrorCode, INJECT_COUNT_MAX, InjectRequest, StateRequest,
        WallboardClientMessage, parse_body,
    },
};
use monti_server::{centre_file::CentreFile, driver::View, inbox::Request};
use proptest::prelude::*;
use serde_json::json;

use super::{cases, mutation::text};
use crate::{
    SECOND,
    floor::{Floor, Link, act, incoming, register},
};

/// A floor with agents that are free, ring, talk and are on a break, and the link of all of them.
struct Scene {
    floor: Floor,
    link: Link,
}

impl Scene {
    fn new() -> Self {
        let mut floor = Floor::new();
        let mut link = floor.link_of(monti_server::inbox::Role::Simulator, Some("sim-"), 10_000);
        floor.staff(&mut link, 1..=3);
        let call = floor.call(&mut link, "talking");
        floor.say(&link, act("call_accept", "sim-1", call));
        floor.call(&mut link, "ringing");
        let pause = json!({"type": "state_change", "agentId": "sim-3", "state": "break"});
        floor.say(&link, pause);
        floor.call(&mut link, "waiting");
        link.heard();
        Self { floor, link }
    }

    /// Gives the driver a message that can be read. What it refuses changes nothing.
    fn hear(&mut self, message: AgentClientMessage) {
        let engine = self.floor.driver.engine();
        if engine.calls().count() > 40 {
            *self = Self::new();
            return;
        }
        let before = engine.snapshot();
        let commits = self.floor.switch.commits();
        let said = format!("{message:?}");
        self.floor.turn([Request::LinkMessage { link: self.link.id, message: Ok(message) }]);
        let heard = self.link.heard();
        assert!(!heard.is_empty(), "{said} has no answer");
        if heard[0]["type"] == "error" {
            assert_eq!(heard.len(), 1, "{said}: {heard:?}");
            assert_eq!(self.floor.driver.engine().snapshot(), before, "{said} was refused");
            assert_eq!(self.floor.switch.commits(), commits, "{said} was refused");
        }
    }
}

proptest! {
    #![proptest_config(cases(40_000))]

    #[test]
    fn a_message_over_an_agents_link_is_done_or_refused(text in text(agents_messages())) {
        thread_local! {
            static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
        }
        match AgentClientMessage::parse(&text) {
            Ok(message) => SCENE.with_borrow_mut(|scene| {
                scene.get_or_insert_with(Scene::new).hear(message);
            }),
            Err(error) => {
                let code = error.code;
                prop_assert!(is_unreadable(code), "{text}: {error:?}");
                prop_assert!(!error.message.is_empty() && error.message.len() < 1_000);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(25_000))]

    #[test]
    fn a_message_over_a_wallboards_link_is_a_view_or_refused(text in text(boards_messages())) {
        let refused = match WallboardClientMessage::parse(&text) {
            Ok(WallboardClientMessage::Subscribe(subscribe)) => {
                let named = subscribe.departments.clone().unwrap_or_default();
                let view = View::new(subscribe, CentreFile::default().centre());
                let are_known = named.iter().all(|name| DEPARTMENTS.contains(&name.as_str()));
                prop_assert_eq!(view.is_ok(), are_known);
                view.err().filter(|error| error.code != ErrorCode::UnknownDepartment)
            }
            Ok(WallboardClientMessage::Resync(_)) => None,
            Err(error) => Some(error).filter(|error| !is_unreadable(error.code)),
        };
        prop_assert_eq!(refused, None, "{}", text);
    }

    #[test]
    fn a_body_is_within_all_bounds_or_refused(text in text(bodies())) {
        match parse_body::<InjectRequest>(&text) {
            Ok(request) => {
                prop_assert!((1..=INJECT_COUNT_MAX).contains(&request.count));
                prop_assert!(usize::from(request.priority.get()) < Priority::COUNT);
            }
            Err(error) => prop_assert!(is_unreadable(error.code), "{text}: {error:?}"),
        }
        if let Err(error) = parse_body::<StateRequest>(&text) {
            prop_assert!(is_unreadable(error.code), "{text}: {error:?}");
        }
    }
}

const DEPARTMENTS: [&str; 4] = ["sales", "support", "technical", "retention"];

fn is_unreadable(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Malformed | ErrorCode::Unsupported | ErrorCode::InvalidValue)
}

/// All kinds of messages, each with all of its fields.
fn agents_messages() -> Vec<String> {
    let call = "CALL-20260129-000001";
    let mut messages = vec![
        json!({"type": "register", "requestId": "r1", "agentId": "sim-1", "department": "sales",
               "name": "Avery Lindqvist", "location": "Berlin", "team": "North",
               "state": "available", "queues": ["sales_general", "sales_upsell"],
               "autoAnswer": true, "currentCallId": call}),
        register("sim-2"),
        json!({"type": "unregister", "requestId": "r1", "agentId": "sim-3"}),
        json!({"type": "state_change", "requestId": "r1", "agentId": "sim-3", "state": "lunch",
               "reason": "soup"}),
        json!({"type": "call_complete", "requestId": "r1", "agentId": "sim-1", "callId": call,
               "outcome": "sold"}),
        json!({"type": "incoming_call", "requestId": "r7", "vq": "sales_general",
               "callerNumber": "+4930123456", "priority": 3}),
        incoming("talking"),
        json!({"type": "call_abandon", "requestId": "r1", "callId": "CALL-20260129-000003"}),
    ];
    for what in ["call_accept", "call_reject", "call_hold", "call_unhold"] {
        for (login, number) in [("sim-1", 1), ("sim-2", 2), ("bob", 9)] {
            let call = format!("CALL-20260129-00000{number}");
            messages.push(json!({"type": what, "agentId": login, "callId": call}));
        }
    }
    messages.iter().map(ToString::to_string).collect()
}

fn boards_messages() -> Vec<String> {
    let messages = [
        json!({"type": "subscribe", "requestId": "r1", "departments": ["sales", "support"],
               "mode": "delta", "agents": false}),
        json!({"type": "subscribe", "mode": "full"}),
        json!({"type": "resync", "requestId": "r1"}),
    ];
    messages.iter().map(ToString::to_string).collect()
}

fn bodies() -> Vec<String> {
    let bodies = [
        json!({"vq": "sales_general", "callerNumber": "+4930123456", "priority": 9, "count": 20,
               "requestId": "r1"}),
        json!({"vq": "sales_general"}),
        json!({"state": "break"}),
    ];
    bodies.iter().map(ToString::to_string).collect()
}

/// Time goes on as well: what is due is not disturbed by what was refused.
#[test]
fn a_scene_of_the_properties_is_what_it_says() {
    let mut scene = Scene::new();
    let phases: Vec<_> = scene.floor.driver.engine().calls().map(|call| call.phase).collect();
    assert!(matches!(phases[0], monti_core::CallPhase::Active { .. }), "{phases:?}");
    assert!(matches!(phases[1], monti_core::CallPhase::Ringing { .. }), "{phases:?}");
    assert_eq!(phases[2], monti_core::CallPhase::Waiting);
    scene.floor.pass(21 * SECOND);
    assert_eq!(scene.link.heard_types(), ["call_revoked"]);
}
