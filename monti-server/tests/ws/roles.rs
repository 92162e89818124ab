//! Every role on every link, with every message.

use monti_core::wire::AgentClientMessage;
use monti_server::inbox::Role;
use serde_json::{Value, json};

use crate::{
    calls::register,
    server::{Server, Wish},
};

fn guarded() -> Server {
    Server::of(Wish { with_tokens: true, ..Wish::default() })
}

#[test]
fn who_may_open_which_link() {
    let server = guarded();
    for (role, agents, wallboard) in [
        (Role::Viewer, 403, 101),
        (Role::Agent, 101, 403),
        (Role::Simulator, 101, 403),
        (Role::Supervisor, 403, 101),
        (Role::Admin, 101, 101),
    ] {
        for (path, expected) in [("/ws/agent", agents), ("/ws", wallboard)] {
            let status = server.connect_as(path, role).err().unwrap_or(101);
            assert_eq!(status, expected, "{role} {path}");
        }
    }
    for path in ["/ws/agent", "/ws"] {
        assert_eq!(server.connect(path, None).err(), Some(401), "{path}");
        assert_eq!(server.connect(path, Some("monti_x")).err(), Some(401), "{path}");
    }
}

/// Whether a role may send a message about itself (`ada`), about one whose id begins with its own
/// (`ada-2`), and about somebody else (`bob`); what brings and takes away calls is about nobody.
fn allowed(role: Role, kind: &str) -> [bool; 3] {
    match (role, kind) {
        (Role::Agent, "incoming_call" | "call_abandon") => [false; 3],
        (Role::Simulator, "incoming_call" | "call_abandon") => [true; 3],
        (Role::Agent, _) => [true, false, false],
        (Role::Simulator, _) => [true, true, false],
        _ => [true; 3],
    }
}

#[test]
fn every_role_with_every_message_for_its_own_and_for_others() {
    let server = guarded();
    for role in [Role::Agent, Role::Simulator, Role::Admin] {
        let mut client = server.connect_as("/ws/agent", role).unwrap();
        client.hear();
        for kind in AgentClientMessage::TYPES {
            for (login, is_allowed) in ["ada", "ada-2", "bob"].into_iter().zip(allowed(role, kind))
            {
                client.say(&message(kind, login));
                let answer = std::iter::repeat_with(|| client.hear())
                    .find(|answer| answer["requestId"] == "r1")
                    .unwrap();
                let is_forbidden = answer["code"] == "forbidden";
                assert_eq!(is_forbidden, !is_allowed, "{role} {kind} {login}: {answer}");
            }
        }
        client.leave();
        server.settle();
    }
}

/// A message that is well-formed, whatever comes of it.
fn message(kind: &str, login: &str) -> Value {
    json!({"type": kind, "agentId": login, "department": "sales", "state": "break",
           "callId": "CALL-20260129-000099", "requestId": "r1", "vq": "sales_general"})
}

#[test]
fn what_is_forbidden_changes_nothing() {
    let server = guarded();
    let mut agent = server.connect_as("/ws/agent", Role::Agent).unwrap();
    let mut board = server.connect_as("/ws", Role::Viewer).unwrap();
    agent.hear();
    assert_eq!(agent.ask(&register("bob"))["code"], "forbidden");
    assert_eq!(agent.ask(&register("ada"))["type"], "registered");
    server.pass(std::time::Duration::from_secs(1));
    let overview = std::iter::repeat_with(|| board.hear_until("department_overview"))
        .find(|overview| overview["department"] == "sales" && overview["tick"] != 0);
    let agents = overview.unwrap()["agents"].clone();
    assert_eq!(agents.as_array().unwrap().len(), 1);
    assert_eq!(agents[0]["agentId"], "ada");
}
