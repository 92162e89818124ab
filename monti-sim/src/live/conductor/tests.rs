//! A conductor whose links are in the test's hands: what the server says, and when.

use std::path::Path;

use monti_core::{Millis, wire::Welcome};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::*;
use crate::{
    Dice, Scenario,
    live::{Connections, link::Loss},
    remote::Remote,
};

const LINK: LinkNo = LinkNo(0);
const AGENT: AgentNo = AgentNo(0);

/// One agent, on one link.
struct Played {
    conductor: Conductor,
    said: mpsc::Receiver<Utf8Bytes>,
}

impl Played {
    /// The agent has asked to be logged in.
    fn new(behaviour: &str) -> Self {
        let text = format!(
            "start = 2026-01-29T08:00:00\nduration = \"10h\"\n\
             staff = [{{ department = \"sales\", agents = 1 }}]\n\
             [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 0\n\
             [behaviour]\n{behaviour}"
        );
        let scenario = Scenario::parse(&text, Path::new("")).unwrap();
        let (now, centre) = (scenario.opens_at, Arc::new(scenario.centre.clone()));
        let clock = watch::Sender::new(CentreClock::new(&welcome(&centre, now)));
        let fleet = Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", now, Timestamp::MAX);
        // Nobody is there, and nothing dials as long as the test does not wait.
        let server: Address = "127.0.0.1:9".parse().unwrap();
        let nowhere = Remote::new(server.clone(), None, None).unwrap();
        let links = Links::new(nowhere, Connections::PerAgent, 1);
        let (_, said) = mpsc::channel(1);
        let mut conductor = Conductor::new(fleet, server, centre, clock, links);
        conductor.see_to_actions();
        let mut played = Self { conductor, said };
        played.link_up();
        played
    }

    fn link_up(&mut self) {
        self.link_up_to(&Arc::clone(&self.conductor.centre), self.conductor.clock.now());
    }

    /// A link is up to a server with this centre, whose clock shows `now`.
    fn link_up_to(&mut self, centre: &Centre, now: Timestamp) {
        let (way, said) = mpsc::channel(1_024);
        self.said = said;
        let welcome = welcome(centre, now);
        self.conductor.hear(LINK, LinkEvent::Up(Box::new(welcome), way));
        self.conductor.see_to_actions();
    }

    fn link_lost(&mut self) {
        self.conductor.hear(LINK, LinkEvent::Down(Loss::Silent));
        self.conductor.see_to_actions();
    }

    /// The server says something, to what was `asked`.
    fn hear(&mut self, asked: &Value, says: &str) {
        let id = &asked["requestId"];
        let login = &self.conductor.logins[0];
        let text = format!(r#"{{"requestId":{id},"agentId":"{login}",{says}}}"#);
        let message = AgentServerMessage::parse(&text).unwrap();
        self.conductor.hear(LINK, LinkEvent::Said(message));
        self.conductor.see_to_actions();
    }

    /// It is so much later for people.
    fn later(&mut self, time: Millis) {
        let now = self.conductor.clock.now() + time;
        self.conductor.fleet.handle_timeout(now);
        self.conductor.see_to_actions();
    }

    /// What was said since it was asked last.
    fn said(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.said.try_recv().ok())
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect()
    }

    /// The same, which is one message of a type.
    fn said_one(&mut self, kind: &str) -> Value {
        let said = self.said();
        assert_eq!(kinds(&said), [kind], "{said:?}");
        said.into_iter().next().unwrap()
    }
}

fn welcome(centre: &Centre, now: Timestamp) -> Welcome {
    Welcome::new("1", now, 1.0, centre)
}

fn kinds(said: &[Value]) -> Vec<&str> {
    said.iter().map(|it| it["type"].as_str().unwrap()).collect()
}

const AVAILABLE: &str = r#""type":"registered","session":1,"state":"available""#;
const BUSY: &str = r#""type":"error","code":"busy","message":"later","retryAfterSeconds":1"#;

/// The server is too busy for the logout, and says so before the agent comes back or only then.
#[tokio::test]
async fn an_agent_who_comes_back_is_not_logged_out_by_what_it_could_not_say_before() {
    for is_refused_before in [true, false] {
        let mut played = Played::new("talk = { constant = \"1m\" }");
        let register = played.said_one("register");
        played.hear(&register, AVAILABLE);
        played.conductor.stop().unwrap();
        played.conductor.see_to_actions();
        let unregister = played.said_one("unregister");
        if is_refused_before {
            played.hear(&unregister, BUSY);
        }
        played.conductor.start(None).unwrap();
        played.conductor.see_to_actions();
        let register = played.said_one("register");
        if !is_refused_before {
            played.hear(&unregister, BUSY);
        }
        played.hear(&register, AVAILABLE);
        played.conductor.try_again(Again::Act(AGENT));
        assert_eq!(played.said(), [] as [Value; 0], "{is_refused_before}");
    }
}

/// The server was too busy for the hold, so that all that came after it waited.
#[tokio::test]
async fn a_call_whose_end_waited_to_be_said_when_the_link_was_lost_is_not_talked_to_again() {
    let mut played = Played::new(
        "talk = { constant = \"1m\" }\nhold = { share = 1, time = { constant = \"1s\" } }",
    );
    let register = played.said_one("register");
    played.hear(&register, AVAILABLE);
    played.hear(&Value::Null, ASSIGNED);
    played.later(Millis::from_secs(60));
    let hold = played.said_one("call_hold");
    played.hear(&hold, BUSY);
    for minutes in [2, 4] {
        played.later(Millis::from_secs(minutes * 60));
    }
    assert_eq!(played.said(), [] as [Value; 0]);
    played.link_lost();
    played.link_up();
    let register = played.said_one("register");
    played.hear(&register, TALKS);
    assert_eq!(kinds(&played.said()), ["call_complete", "state_change"]);
}

#[tokio::test]
async fn a_server_that_comes_back_with_other_queues_or_days_ends_it_all_and_is_told() {
    for (from, to, says) in [
        ("{ id = \"general\", name = \"General\" }", "{ id = \"all\" }", "queues are sales_all, "),
        ("\"UTC\"", "\"Europe/Berlin\"", "its time zone is Europe/Berlin; wanted UTC"),
    ] {
        let mut played = Played::new("talk = { constant = \"1m\" }");
        played.link_lost();
        played.link_up_to(&changed(from, to), played.conductor.clock.now());
        let refusal = played.conductor.refusal.take().expect(to).to_string();
        assert!(refusal.contains(says), "{refusal}");
    }
}

#[tokio::test]
async fn a_server_that_comes_back_with_other_limits_is_played_with_them() {
    let mut played = Played::new("talk = { constant = \"1m\" }");
    played.link_lost();
    let other = changed("ring_timeout = \"20s\"", "ring_timeout = \"7s\"");
    played.link_up_to(&other, played.conductor.clock.now());
    assert!(played.conductor.refusal.is_none());
    assert_eq!(played.conductor.centre.limits(), other.limits());
    played.said_one("register");
}

#[tokio::test]
async fn who_waits_for_a_moment_hears_of_a_clock_that_is_set() {
    let mut played = Played::new("talk = { constant = \"1m\" }");
    let clock = played.conductor.clocks.subscribe();
    let later = played.conductor.clock.now() + Millis::from_secs(3_600);
    played.link_lost();
    played.link_up_to(&Centre::default(), later);
    assert!(clock.borrow().now() >= later);
}

/// The usual centre with something changed.
fn changed(from: &str, to: &str) -> Centre {
    let text = Centre::DEFAULT_TOML.replacen(from, to, 1);
    assert_ne!(text, Centre::DEFAULT_TOML);
    Centre::from_toml(&text, |_| true).unwrap()
}

const ASSIGNED: &str = r#""type":"call_assign","callId":"CALL-20260129-000001","vq":"sales_general",
    "department":"sales","callerNumber":null,"priority":0,"enqueuedAt":"2026-01-29T08:00:00Z",
    "waitSeconds":0,"ringTimeoutSeconds":20"#;
const TALKS: &str = r#""type":"registered","session":2,"state":"on_call",
    "resumedCallId":"CALL-20260129-000001""#;
