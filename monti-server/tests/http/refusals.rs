//! What is refused, and what the answer says.

use crate::world::World;

#[test]
fn wrong_bodies_change_nothing() {
    let world = World::open();
    let long = "9".repeat(400);
    for (body, status, code, says) in [
        ("", 400, "malformed", "vq"),
        ("{}", 400, "malformed", "the field `vq` is missing"),
        ("[]", 400, "malformed", "JSON object"),
        ("{", 400, "malformed", "JSON object"),
        (r#"{"vq":"sales_general","count":NaN}"#, 400, "malformed", "JSON object"),
        (r#"{"vq":"sales_general","prio":1}"#, 400, "malformed", "unknown field `prio`"),
        (
            r#"{"vq":"sales_general","count":1,"count":2}"#,
            400,
            "malformed",
            "`count` is there twice",
        ),
        (r#"{"vq":"sales_general","count":-1}"#, 422, "invalid_value", "from 1 to 1000"),
        (r#"{"vq":"sales_general","count":0}"#, 422, "invalid_value", "from 1 to 1000"),
        (r#"{"vq":"sales_general","count":1001}"#, 422, "invalid_value", "from 1 to 1000"),
        (r#"{"vq":"sales_general","count":1.5}"#, 422, "invalid_value", "from 1 to 1000"),
        (r#"{"vq":"sales_general","count":1e99}"#, 422, "invalid_value", "from 1 to 1000"),
        (&format!(r#"{{"vq":"sales_general","count":{long}}}"#), 422, "invalid_value", "1000"),
        (r#"{"vq":"sales_general","priority":10}"#, 422, "invalid_value", "0 to 9"),
        (r#"{"vq":"sales_general","callerNumber":"12"}"#, 422, "invalid_value", "digits"),
        (r#"{"vq":"sales_general","requestId":"a b"}"#, 422, "invalid_value", "identifier"),
        (r#"{"vq":7}"#, 422, "invalid_value", "`vq`"),
        (r#"{"vq":"sales_none"}"#, 404, "unknown_vq", "queue"),
    ] {
        let answer = world.anyone().post("/internal/calls/inject", body);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{body}");
        assert!(answer.detail().contains(says), "{body}: {}", answer.body);
    }
    let nested = "[".repeat(30_000);
    assert_eq!(world.anyone().post("/internal/calls/inject", &nested).problem(), "malformed");
    assert_eq!(world.engine().calls().count(), 0);
}

#[test]
fn wrong_states_change_nothing() {
    let world = World::open();
    let agent = world.log_in("ada");
    for (path, body, status, code, says) in [
        ("/api/agents/ada/state", "{}", 400, "malformed", "`state` is missing"),
        ("/api/agents/ada/state", r#"{"state":"on_call"}"#, 422, "invalid_value", "`offline`"),
        ("/api/agents/ada/state", r#"{"state":5}"#, 422, "invalid_value", "allowed is text"),
        ("/api/agents/ada/state", r#"{"state":"break","for":5}"#, 400, "malformed", "`for`"),
        ("/api/agents/bea/state", r#"{"state":"break"}"#, 404, "unknown_agent", "agent"),
        ("/api/agents/a%20b/state", r#"{"state":"break"}"#, 422, "invalid_value", "identifier"),
        ("/api/agents/ada/logout", r#"{"force":true}"#, 400, "malformed", "known here: none"),
        ("/api/agents/ada/logout?force=true", "", 400, "malformed", "there is none here"),
        ("/api/agents/ada/calls/7/end", "", 422, "invalid_value", "CALL-"),
        ("/internal/calls/7/end", "", 422, "invalid_value", "CALL-"),
    ] {
        let answer = world.anyone().post(path, body);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path} {body}");
        assert!(answer.detail().contains(says), "{path} {body}: {}", answer.body);
    }
    let state = world.engine().agent(agent).unwrap().state;
    assert_eq!(state, monti_core::AgentState::Available);
}

#[test]
fn wrong_queries_say_what_is_allowed() {
    let world = World::open();
    world.log_in("ada");
    for (path, status, code, says) in [
        ("/api/agents/ada/history?days=0", 422, "invalid_value", "1 to 90"),
        ("/api/agents/ada/history?days=91", 422, "invalid_value", "1 to 90"),
        ("/api/agents/ada/history?days=NaN", 422, "invalid_value", "1 to 90"),
        ("/api/agents/ada/history?days=-1", 422, "invalid_value", "1 to 90"),
        ("/api/agents/ada/history?days=", 422, "invalid_value", "1 to 90"),
        ("/api/agents/ada/history?days=7&days=8", 400, "malformed", "twice"),
        ("/api/agents/ada/history?day=7", 400, "malformed", "known here: days"),
        ("/api/calls?date=29.01.2026", 422, "invalid_value", "2026-01-29"),
        ("/api/calls?date=2026-02-30", 422, "invalid_value", "2026-01-29"),
        ("/api/calls?limit=1001", 422, "invalid_value", "1 to 1000"),
        (
            "/api/calls?date=2026-01-29&cursor=CALL-20260128-000001",
            422,
            "invalid_value",
            "2026-01-29",
        ),
        ("/api/calls?cursor=elsewhere", 422, "invalid_value", "`cursor`"),
        ("/api/queues/sales_general/intervals?minutes=20", 422, "invalid_value", "multiple of 15"),
        ("/api/queues/sales_general/intervals?minutes=0", 422, "invalid_value", "1440"),
        ("/api/queues/sales_none/intervals", 404, "unknown_vq", "sales_none"),
        ("/api/snapshot?department=sales", 400, "malformed", "there is none here"),
        ("/internal/calls/stats?vq=sales_general", 400, "malformed", "there is none here"),
    ] {
        let answer = world.anyone().get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}");
        assert!(answer.detail().contains(says), "{path}: {}", answer.body);
    }
}

#[test]
fn a_body_is_json_of_at_most_64_kib() {
    let world = World::open();
    let body = r#"{"vq":"sales_general"}"#;
    let send = |kind: &str, body: &str| {
        world.anyone().send("POST", "/internal/calls/inject", &[("content-type", kind)], body)
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let answer = send(kind, body);
        assert_eq!((answer.status, answer.problem().as_str()), (415, "unsupported"), "{kind}");
    }
    assert_eq!(send("application/json; charset=utf-8", body).status, 202);
    let padded = |length: usize| body.to_owned() + &" ".repeat(length - body.len());
    assert_eq!(send("application/json", &padded(64 * 1024)).status, 202);
    let answer = send("application/json", &padded(64 * 1024 + 1));
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
    assert_eq!(world.engine().calls().count(), 2);
}

#[test]
fn unknown_paths_and_wrong_methods_are_problems_too() {
    let world = World::open();
    for path in ["/", "/api", "/api/agents", "/api/snapshot/", "/openapi.yaml", "/../etc/passwd"] {
        let answer = world.anyone().get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (404, "unsupported"), "{path}");
    }
    let answer = world.anyone().send("DELETE", "/api/snapshot", &[], "");
    assert_eq!((answer.status, answer.problem().as_str()), (405, "unsupported"));
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let answer = world.anyone().get("/internal/calls/inject");
    assert_eq!(answer.header("allow"), "POST");
}

#[test]
fn nothing_is_to_be_kept_by_those_in_between() {
    let world = World::open();
    for path in ["/api/snapshot", "/health", "/nowhere"] {
        let answer = world.anyone().get(path);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}
