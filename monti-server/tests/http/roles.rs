//! Every role against every route.

use monti_server::inbox::Role;

use crate::{
    client::Client,
    world::{World, day},
};

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody, without a token.
    Anyone,
    /// Viewers, supervisors and admins.
    Viewers,
    /// Supervisors and admins.
    Supervisors,
}

/// All routes, as the contract has them.
pub(crate) const ROUTES: [(&str, &str, Who); 14] = [
    ("GET", "/api/agents/{agentId}/history", Who::Viewers),
    ("GET", "/api/calls", Who::Supervisors),
    ("GET", "/api/queues/{vq}/intervals", Who::Viewers),
    ("GET", "/api/snapshot", Who::Viewers),
    ("POST", "/internal/calls/inject", Who::Supervisors),
    ("GET", "/internal/calls/stats", Who::Viewers),
    ("POST", "/internal/calls/{callId}/end", Who::Supervisors),
    ("POST", "/api/agents/{agentId}/state", Who::Supervisors),
    ("POST", "/api/agents/{agentId}/logout", Who::Supervisors),
    ("POST", "/api/agents/{agentId}/calls/{callId}/end", Who::Supervisors),
    ("GET", "/health", Who::Anyone),
    ("GET", "/ready", Who::Anyone),
    ("GET", "/metrics", Who::Anyone),
    ("GET", "/openapi.json", Who::Anyone),
];

#[test]
fn every_role_on_every_route() {
    let world = World::with_tokens();
    for role in Role::ALL {
        for (method, path, who) in ROUTES {
            let status = status(&world.with(role), method, path);
            if who.may(role) {
                assert!(status < 300 || status == 404 || status == 422, "{role} {path}: {status}");
            } else {
                assert_eq!(status, 403, "{role} {path}");
            }
        }
    }
}

#[test]
fn without_a_token_only_what_is_open_to_all() {
    let world = World::with_tokens();
    let with = |token: &str| Client { token: Some(token.to_owned()), ..world.anyone() };
    let viewer = world.with(Role::Viewer).token.unwrap();
    for client in [world.anyone(), with("monti_"), with(&viewer[..40]), with(&(viewer + "x"))] {
        for (method, path, who) in ROUTES {
            let status = status(&client, method, path);
            let expected = if who == Who::Anyone { 200 } else { 401 };
            assert_eq!(status, expected, "{client:?} {path}");
        }
    }
    let answer = world.anyone().get("/api/snapshot");
    assert_eq!(answer.problem(), "unauthorized");
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"monti\"");
}

#[test]
fn a_link_is_told_who_opens_it() {
    let world = World::with_tokens();
    for role in Role::ALL {
        assert_eq!(world.with(role).get("/link").body, role.as_str());
    }
    assert_eq!(world.anyone().get("/link").status, 401);
    assert_eq!(World::open().anyone().get("/link").body, "anyone");
}

#[test]
fn a_token_in_the_url_is_none() {
    let world = World::with_tokens();
    let token = world.with(Role::Viewer).token.unwrap();
    let answer = world.anyone().get(&format!("/api/snapshot?token={token}"));
    assert_eq!((answer.status, answer.problem().as_str()), (401, "unauthorized"));
}

#[test]
fn what_is_not_allowed_changes_nothing() {
    let world = World::with_tokens();
    let call = world.call();
    let path = format!("/internal/calls/{call}/end");
    assert_eq!(world.with(Role::Viewer).post(&path, "").status, 403);
    assert!(world.engine().call(call).is_some());
}

#[test]
fn a_server_without_tokens_is_open_to_programs_of_its_machine_alone() {
    let world = World::open();
    let inject = |headers: &[(&str, &str)]| {
        let json = [("content-type", "application/json")];
        let headers: Vec<_> = json.iter().chain(headers).copied().collect();
        let body = r#"{"vq":"sales_general"}"#;
        world.anyone().send("POST", "/internal/calls/inject", &headers, body).status
    };
    assert_eq!(inject(&[]), 202);
    assert_eq!(inject(&[("host", "localhost:8080")]), 202);
    assert_eq!(inject(&[("host", "news.example")]), 403);
    assert_eq!(inject(&[("origin", "https://news.example")]), 403);
    assert_eq!(inject(&[("origin", "null")]), 403);
    let own = format!("http://{}", world.address);
    assert_eq!(inject(&[("origin", &own)]), 202);
    assert_eq!(world.engine().calls().count(), 3);
}

impl Who {
    fn may(self, role: Role) -> bool {
        match self {
            Self::Anyone => true,
            Self::Viewers => matches!(role, Role::Viewer | Role::Supervisor | Role::Admin),
            Self::Supervisors => matches!(role, Role::Supervisor | Role::Admin),
        }
    }
}

/// What a request is answered that is well-formed as far as a path alone can be.
fn status(client: &Client, method: &str, path: &str) -> u16 {
    let call = format!("CALL-{}-000001", day(29).to_string().replace('-', ""));
    let path = path
        .replace("{agentId}", "ada")
        .replace("{vq}", "sales_general")
        .replace("{callId}", &call);
    let body = match path.as_str() {
        "/internal/calls/inject" => r#"{"vq":"sales_general"}"#,
        path if path.ends_with("/state") => r#"{"state":"break"}"#,
        _ => "",
    };
    client.send(method, &path, &[("content-type", "application/json")], body).status
}
