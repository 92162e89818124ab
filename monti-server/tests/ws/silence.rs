//! Peers that are not there any more, or take nothing.

use std::{io::Read as _, time::Duration};

use monti_server::{observations::Socket, ws::Pace};
use serde_json::json;
use tungstenite::Message;

use crate::{
    calls::{log_in, register},
    server::{Server, Wish},
};

fn of(pace: Pace) -> Server {
    Server::of(Wish { pace, ..Wish::default() })
}

#[test]
fn a_peer_that_answers_no_pings_is_gone() {
    let ping = Duration::from_millis(50);
    let server = of(Pace { ping, farewell: ping, ..Pace::default() });
    let (mut gone, mut gone_board) = (server.agents(), server.wallboard());
    log_in(&mut gone, "ada");
    let mut there = server.agents();
    log_in(&mut there, "bob");
    // Neither reads, so neither answers.
    let mut pings = 0;
    while server.sockets(Socket::Agents) > 1 || server.sockets(Socket::Wallboard) > 0 {
        pings += u32::from(matches!(there.hear_anything(), Message::Ping(_)));
    }
    assert!(pings >= 2, "two pings are missed before the third would be due");
    for client in [&mut gone, &mut gone_board] {
        let mut left = Vec::new();
        client.stream().read_to_end(&mut left).unwrap();
        let goodbye = [&1008_u16.to_be_bytes()[..], b"two pings were not answered"].concat();
        assert!(left.ends_with(&goodbye));
    }
    assert_eq!(there.ask(&register("bob"))["type"], "registered");
}

#[test]
fn a_wallboard_that_takes_nothing_is_closed_and_the_others_do_not_notice() {
    let take = Duration::from_millis(200);
    let ping = Duration::from_millis(300);
    let farewell = Duration::from_secs(20);
    let server = of(Pace { take, ping, farewell, full_states: 1_000, ..Pace::default() });
    let mut agents = server.agents();
    (0..400).for_each(|number| log_in(&mut agents, &format!("sim-{number:03}")));
    let (mut slow, mut other) = (server.wallboard(), server.wallboard());
    for tick in 1..6 {
        server.pass(Duration::from_secs(1));
        while other.hear_until("vq_overview")["tick"] != tick {}
        // In all this is more than the system keeps for a connection.
        (0..100).for_each(|_| slow.say(&json!({"type": "resync"})));
    }
    // By the second ping the server has waited long enough for the slow one.
    let mut pings = 0;
    while pings < 2 {
        pings += u32::from(matches!(other.hear_anything(), Message::Ping(_)));
    }
    assert_eq!(slow.hear_goodbye(), 1008);
    assert_eq!(server.agents().ask(&register("sim-000"))["type"], "registered");
}

#[test]
fn a_link_of_agents_that_is_too_far_behind_is_closed() {
    let server = of(Pace { answers: 4, farewell: Duration::from_secs(20), ..Pace::default() });
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hold = monti_server::inbox::Request::Ask(Box::new(move |_| {
        let _ = held.recv();
    }));
    assert!(server.inbox.try_send(hold).is_ok());
    (0..1_000).for_each(|_| client.say(&register("ada")));
    drop(release);
    assert_eq!(client.hear_goodbye(), 1008);
}
