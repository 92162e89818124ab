//! The control port.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    http,
    server::Server,
    sim::{Sim, Wish},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_body_is_refused_with_what_is_allowed_and_changes_nothing() {
    let server = Server::start(&[]);
    let mut sim = Sim::start(&server, Wish { calls_per_minute: 6.0, ..Wish::default() }).await;
    sim.when(|progress| progress.agents == (20, 20)).await;
    let config = sim.get("/calls/config").await;
    for (method, path, body, status, says) in [
        ("POST", "/scale", "", 400, "the field `activeAgents` is missing"),
        ("POST", "/scale", "{}", 400, "the field `activeAgents` is missing"),
        ("POST", "/scale", "[5]", 400, "not a JSON object"),
        ("POST", "/scale", "{\"activeAgents\":5", 400, "not a JSON object"),
        ("POST", "/scale", r#"{"activeAgents":NaN}"#, 400, "not a JSON object"),
        ("POST", "/scale", r#"{"activeAgents":-1}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"activeAgents":1.5}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"activeAgents":"5"}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"activeAgents":1000001}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"activeAgents":1e99}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"activeAgents":null}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/scale", r#"{"agents":5}"#, 400, "activeAgents"),
        ("POST", "/start", r#"{"activeAgents":-1}"#, 422, "a whole number from 0 to 1000000"),
        ("POST", "/start", r#"{"now":true}"#, 400, "known here: activeAgents"),
        ("POST", "/start", "{}", 409, "it runs already"),
        ("POST", "/stop", r#"{"force":true}"#, 400, "unknown field `force`"),
        ("POST", "/calls/inject", "{}", 400, "the field `vq` is missing"),
        ("POST", "/calls/inject", r#"{"vq":"nowhere"}"#, 404, "there are sales_general"),
        ("POST", "/calls/inject", r#"{"vq":"sales_general","count":0}"#, 422, "from 1 to 1000"),
        ("POST", "/calls/inject", r#"{"vq":"sales_general","count":1001}"#, 422, "from 1 to 1000"),
        ("POST", "/calls/inject", r#"{"vq":"sales_general","priority":10}"#, 422, "from 0 to 9"),
        ("POST", "/calls/inject", r#"{"vq":"sales_general","callerNumber":"me"}"#, 422, "3 to 15"),
        ("PUT", "/calls/config", "7", 400, "not a JSON object"),
        ("PUT", "/calls/config", r#"{"peakHourFactor":-0.5}"#, 422, "a number from 0 to 1000000"),
        ("PUT", "/calls/config", r#"{"peakHourFactor":"2"}"#, 422, "`peakHourFactor`"),
        ("PUT", "/calls/config", r#"{"peakFactor":2}"#, 400, "known here: peakHourFactor"),
        ("PUT", "/calls/config", r#"{"departments":{"marketing":{}}}"#, 422, "there are retention"),
        (
            "PUT",
            "/calls/config",
            r#"{"peakHourFactor":3,"departments":{"sales":{"callsPerMinute":99},"support":{"callsPerMinute":1e7}}}"#,
            422,
            "a number from 0 to 1000000",
        ),
        (
            "PUT",
            "/calls/config",
            r#"{"peakHourFactor":3,"departments":{"sales":{"callsPerMinute":99},"support":{"vqWeights":{"sales_general":1}}}}"#,
            422,
            "it has support_tier_1",
        ),
        (
            "PUT",
            "/calls/config",
            r#"{"departments":{"sales":{"vqWeights":{"sales_general":0}}}}"#,
            422,
            "at least one weight above 0",
        ),
        (
            "PUT",
            "/calls/config",
            r#"{"departments":{"sales":{"priorityWeights":{"10":1}}}}"#,
            422,
            "0 to 9",
        ),
        (
            "PUT",
            "/calls/config",
            r#"{"departments":{"sales":{"callsPerHour":1}}}"#,
            400,
            "unknown field `departments.sales.callsPerHour`; known here: callsPerMinute",
        ),
    ] {
        let refused = sim.ask(method, path, Some(body)).await;
        assert_eq!(refused.status, status, "{path} {body}: {}", refused.body);
        assert!(refused.head.contains("application/problem+json"), "{path} {body}");
        let problem = refused.json();
        assert_eq!(problem["status"], status);
        assert!(problem["code"].is_string());
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{path} {body}: {detail}");
    }
    assert_eq!(sim.get("/calls/config").await, config);
    let status = sim.get("/status").await;
    assert_eq!((&status["state"], &status["activeAgents"]), (&json!("running"), &json!(20)));
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_or_too_long_or_nowhere_is_refused() {
    let server = Server::start(&[]);
    let sim = Sim::start(&server, Wish::default()).await;
    let address = sim.control;
    let asked = tokio::task::spawn_blocking(move || {
        let form = "Content-Type: text/plain\r\n";
        let json = "Content-Type: application/json\r\n";
        let long = format!("{{\"activeAgents\":1{}}}", " ".repeat(70_000));
        [
            http::send(address, "POST", "/scale", form, br#"{"activeAgents":1}"#),
            http::send(address, "POST", "/scale", json, long.as_bytes()),
            http::send(address, "POST", "/scale", json, b"{\"activeAgents\":\xff}"),
            http::request(address, "GET", "/nothing", None),
            http::request(address, "DELETE", "/scale", None),
            http::request(address, "GET", "/start", None),
        ]
    });
    let statuses = asked.await.unwrap().map(|answer| {
        assert!(answer.head.contains("application/problem+json"), "{answer:?}");
        answer.status
    });
    assert_eq!(statuses, [415, 413, 400, 404, 405, 405]);
    sim.stop().await;
}

/// The port asks for no token: a page that somebody looks at on this machine must not use it.
#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_of_another_site_can_neither_order_nor_look() {
    let server = Server::start(&[]);
    let sim = Sim::start(&server, Wish::default()).await;
    let address = sim.control;
    let asked = tokio::task::spawn_blocking(move || {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        for (headers, status) in [
            ("Origin: http://evil.example\r\n".to_owned(), 403),
            ("Origin: null\r\n".to_owned(), 403),
            ("Host: evil.example\r\n".to_owned(), 403),
            ("Host: evil.example\r\nOrigin: http://evil.example\r\n".to_owned(), 403),
            (format!("Origin: http://{address}\r\n"), 200),
        ] {
            for (method, path) in [("POST", "/stop"), ("POST", "/start"), ("GET", "/metrics")] {
                let answer = http::send(address, method, path, &(form.to_owned() + &headers), b"");
                assert_eq!(answer.status, status, "{method} {path} {headers}: {}", answer.body);
            }
        }
    });
    asked.await.unwrap();
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_once_stops_once_and_starts_again() {
    let server = Server::start(&["--clock-speed", "60"]);
    let wish = Wish { is_paused: true, calls_per_minute: 60.0, ..Wish::default() };
    let mut sim = Sim::start(&server, wish).await;
    let status = sim.get("/status").await;
    assert_eq!((&status["state"], &status["startedAt"]), (&json!("stopped"), &Value::Null));
    assert_eq!(sim.ask("POST", "/stop", None).await.status, 409);
    assert_eq!(
        (sim.metric("calls_made_total").await, sim.metric("registrations_total").await),
        (0, 0)
    );

    let started = sim.ask("POST", "/start", Some(r#"{"activeAgents":8}"#)).await;
    assert_eq!(started.status, 200, "{}", started.body);
    assert_eq!(started.json()["activeAgents"], 8);
    assert_eq!(sim.ask("POST", "/start", None).await.status, 409);
    sim.when(|progress| progress.agents == (8, 8) && progress.calls > 20).await;
    assert_eq!(sim.metric("registrations_total").await, 8, "nobody comes to go home again");

    assert_eq!(sim.ask("POST", "/stop", None).await.status, 200);
    assert_eq!(sim.ask("POST", "/stop", None).await.status, 409);
    sim.when(|progress| progress.agents.0 == 0).await;
    let made = sim.metric("calls_made_total").await;
    assert_eq!(sim.ask("POST", "/start", None).await.status, 200);
    sim.when(|progress| progress.agents == (8, 8) && progress.calls > made + 20).await;
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_scaled_up_beyond_whom_it_began_with_and_down_to_none() {
    let server = Server::start(&["--clock-speed", "60"]);
    let mut sim = Sim::start(&server, Wish::default()).await;
    for agents in [20, 150, 30, 0, 40] {
        let body = json!({"activeAgents": agents}).to_string();
        assert_eq!(sim.ask("POST", "/scale", Some(&body)).await.status, 200);
        sim.when(|progress| progress.agents == (agents, agents)).await;
    }
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_put_in_once_under_one_request_id_and_their_callers_hang_up() {
    let server = Server::start(&["--clock-speed", "60"]);
    let mut behaviour = Wish::default().behaviour;
    behaviour.patience = Some(crate::sim::seconds(30));
    let wish = Wish { agents: 0, behaviour, ..Wish::default() };
    let sim = Sim::start(&server, wish).await;
    let body = r#"{"vq":"support_billing","callerNumber":"+491234567","priority":4,"count":5,"requestId":"r-1"}"#;
    let first = sim.ask("POST", "/calls/inject", Some(body)).await;
    assert_eq!(first.status, 202, "{}", first.body);
    assert_eq!(first.json()["calls"].as_array().unwrap().len(), 5);
    let again = sim.ask("POST", "/calls/inject", Some(body)).await;
    assert_eq!(again.json(), first.json());
    let total = server.total_when(|total| total["callsAbandoned"] == 5);
    assert_eq!(total["callsOffered"], 5);
    let record = server.records().remove(0);
    assert_eq!(record["callerNumber"], "+491234567");
    assert_eq!((&record["vq"], &record["priority"]), (&json!("support_billing"), &json!(4)));
    sim.stop().await;
}

/// Whoever asks again does not know that the first is still at it.
#[tokio::test(flavor = "multi_thread")]
async fn calls_asked_for_again_before_the_server_took_them_are_put_in_once_and_both_are_answered() {
    let mut server = Server::start(&[]);
    let mut sim = Sim::start(&server, Wish { agents: 0, ..Wish::default() }).await;
    server.kill();
    sim.when(|progress| progress.links.0 == 0).await;
    let body = r#"{"vq":"sales_general","count":2,"requestId":"r-1"}"#;
    let ask = || sim.ask("POST", "/calls/inject", Some(body));
    let (first, second, ()) = tokio::join!(ask(), ask(), async {
        while sim.metric("calls_made_total").await < 2 {}
        // Time for the other to be heard.
        for _ in 0..20 {
            assert_eq!(sim.get("/status").await["state"], "running");
        }
        tokio::task::block_in_place(|| server.start_again());
    });
    assert_eq!((first.status, second.status), (202, 202), "{} {}", first.body, second.body);
    assert_eq!(first.json(), second.json());
    assert_eq!(first.json()["calls"].as_array().unwrap().len(), 2);
    assert_eq!(server.total()["callsOffered"], 2);
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_put_a_call_in_is_told_when_its_caller_gives_up_before_it_is_queued() {
    let mut server = Server::start(&[]);
    let mut behaviour = Wish::default().behaviour;
    behaviour.patience = Some(crate::sim::seconds(1));
    let mut sim = Sim::start(&server, Wish { agents: 0, behaviour, ..Wish::default() }).await;
    server.kill();
    sim.when(|progress| progress.links.0 == 0).await;
    let body = r#"{"vq":"sales_general","count":3}"#;
    let refused = sim.ask("POST", "/calls/inject", Some(body)).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("gave up"), "{}", refused.body);
    assert_eq!(refused.json()["retryAfterSeconds"], 1.0);
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_rate_is_seen_in_the_arrivals_within_seconds() {
    let server = Server::start(&[]);
    let wish = Wish { agents: 0, calls_per_minute: 1_200.0, ..Wish::default() };
    let sim = Sim::start(&server, wish).await;
    let before = arrivals_per_second(&sim).await;
    assert!(before.is_compatible_with(20.0), "{before:?}");
    assert!(!before.is_compatible_with(80.0), "{before:?}");
    // A quarter of the 20 calls a second is each department's.
    let body = r#"{"departments":{"sales":{"callsPerMinute":3900}}}"#;
    let changed = sim.ask("PUT", "/calls/config", Some(body)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json()["departments"]["sales"]["callsPerMinute"], 3_900.0);
    let after = arrivals_per_second(&sim).await;
    assert!(after.is_compatible_with(80.0), "{after:?}");
    assert!(!after.is_compatible_with(20.0), "{after:?}");
    let tally = sim.stop().await;
    assert_eq!(tally.errors.values().sum::<u64>(), 0, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_in_the_protocol_and_no_other() {
    let server = Server::start(&[]);
    let mut sim = Sim::start(&server, Wish::default()).await;
    sim.when(|progress| progress.agents == (20, 20)).await;
    let text = sim.ask("GET", "/metrics", None).await.body;
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let metrics: BTreeSet<_> = samples.filter_map(|line| line.split(['{', ' ']).next()).collect();
    assert!(metrics.contains("monti_sim_agents"), "{metrics:?}");
    let page = protocol();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let written: BTreeSet<_> = rows.filter(|name| name.starts_with("monti_sim_")).collect();
    assert_eq!(written, metrics);
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_health_and_config_answer_is_in_the_protocol() {
    let server = Server::start(&[]);
    let sim = Sim::start(&server, Wish::default()).await;
    let page = protocol();
    for path in ["/health", "/config"] {
        let (_, told) = page.split_once(&format!("`{path}` answers `{{")).expect(path);
        let (told, _) = told.split_once('}').unwrap();
        let told: BTreeSet<_> = told.split(',').map(|key| key.trim_matches('"')).collect();
        let answer = sim.get(path).await;
        let keys: BTreeSet<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, keys, "{path}");
    }
    sim.stop().await;
}

/// What the protocol says of the control port.
fn protocol() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once("\n## The simulator's control port\n").unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

/// Arrivals of a Poisson process, counted for a time.
#[derive(Debug)]
struct Arrivals {
    count: f64,
    seconds: f64,
}

impl Arrivals {
    /// Whether so many calls a second bring as many calls, give or take five standard deviations: a
    /// test that is wrong once in more than a million times.
    fn is_compatible_with(&self, per_second: f64) -> bool {
        let expected = per_second * self.seconds;
        (self.count - expected).abs() < 5.0 * expected.sqrt()
    }
}

#[expect(clippy::cast_precision_loss, reason = "hundreds of calls")]
async fn arrivals_per_second(sim: &Sim) -> Arrivals {
    let (begun, first) = (Instant::now(), sim.metric("calls_made_total").await);
    // What is waited for is time itself.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let last = sim.metric("calls_made_total").await;
    Arrivals { count: (last - first) as f64, seconds: begun.elapsed().as_secs_f64() }
}
