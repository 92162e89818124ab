//! The end of the server, as its peers hear of it.

use std::time::Duration;

use monti_server::ws::Pace;
use serde_json::json;

use crate::{
    calls::{act, bring, incoming, log_in},
    server::{Server, Wish},
};

#[test]
fn every_link_hears_that_the_server_stops() {
    let pace = Pace { farewell: Duration::from_secs(20), ..Pace::default() };
    let mut server = Server::of(Wish { pace, ..Wish::default() });
    let (mut agents, mut board) = (server.agents(), server.wallboard());
    log_in(&mut agents, "ada");
    server.begin_to_stop();
    assert_eq!(agents.hear_goodbye(), 1012);
    assert_eq!(board.hear_goodbye(), 1012);
    agents.leave();
    board.leave();
    server.stop();
}

#[test]
fn a_server_that_stops_takes_nothing_in_and_finishes_what_it_has() {
    let server = Server::open();
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let call = bring(&mut client, "c1");
    client.hear_until("call_assign");
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (began, has_begun) = std::sync::mpsc::channel();
    let hold = monti_server::inbox::Request::Ask(Box::new(move |_| {
        began.send(()).unwrap();
        let _ = held.recv();
    }));
    assert!(server.inbox.try_send(hold).is_ok());
    has_begun.recv().unwrap();
    client.say(&act("call_accept", "ada", &call));
    while server.inbox.depth() == 0 {
        std::thread::yield_now();
    }
    server.inbox.stop();
    for path in ["/ws/agent", "/ws"] {
        assert_eq!(server.connect(path, None).err(), Some(503), "{path}");
    }
    assert_eq!(client.ask(&incoming("c2"))["code"], "busy");
    drop(release);
    let accepted = client.hear();
    assert_eq!((&accepted["type"], &accepted["callId"]), (&json!("ack"), &call), "{accepted}");
    assert_eq!(client.hear_goodbye(), 1012);
}
