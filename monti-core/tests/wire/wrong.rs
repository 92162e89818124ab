//! What cannot be read, and what its sender is told.

use monti_core::wire::{
    AgentClientMessage, AgentServerMessage, CallsConfigUpdate, ErrorCode, ErrorMessage,
    InjectRequest, MESSAGE_BYTES_MAX, ScaleRequest, StartRequest, StateRequest, Subject,
    WallboardClientMessage, WallboardServerMessage, parse_body,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::{
    agent_link,
    golden::{call, id, read},
    wallboard,
};

#[test]
fn text_that_is_no_object_with_a_type_is_malformed() {
    let (open, nested) = ("[".repeat(30_000), nested(30_000));
    for text in [
        "",
        "hello",
        "null",
        "[]",
        "\"register\"",
        "{",
        "{\"type\":\"call_abandon\"",
        "{\"type\":\"unregister\",\"agentId\":\"a1\"} {}",
        "{\"type\":\"unregister\",\"agentId\":NaN}",
        "{}",
        "{\"type\":null}",
        "{\"type\":5}",
        "{\"type\":[\"unregister\"]}",
        "{\"Type\":\"unregister\"}",
        &open,
        &nested,
        &format!("{{\"type\":{open}"),
        &format!("{{\"type\":{nested}}}"),
    ] {
        let error = refusal(AgentClientMessage::parse(text));
        assert_eq!(error.code, ErrorCode::Malformed, "{text:.80}: {error}");
        assert_eq!(error.subject, Subject::default(), "{text:.80}");
    }
}

#[test]
fn a_message_has_64_kibibytes_at_most() {
    assert_eq!(MESSAGE_BYTES_MAX, 65_536);
}

#[test]
fn a_type_that_is_not_known_here_is_unsupported() {
    for name in ["dance", "Register", "", "welcome", "subscribe", "register\u{0}"] {
        let text = json!({"type": name, "requestId": "r1", "agentId": 5}).to_string();
        let error = refusal(AgentClientMessage::parse(&text));
        assert_eq!(error.code, ErrorCode::Unsupported, "{name}");
        assert!(error.message.contains("call_unhold"), "what is allowed is told: {error}");
        assert_eq!(error.subject.request_id, Some(id("r1")));
    }
    for message in [
        refusal(AgentServerMessage::parse("{\"type\":\"register\"}")),
        refusal(WallboardClientMessage::parse("{\"type\":\"tick\"}")),
        refusal(WallboardServerMessage::parse("{\"type\":\"subscribe\"}")),
    ] {
        assert_eq!(message.code, ErrorCode::Unsupported, "{message}");
    }
}

#[test]
fn a_required_field_that_is_missing_is_malformed_and_named() {
    for (name, required) in [
        ("register", vec!["agentId", "department"]),
        ("unregister", vec!["agentId"]),
        ("state_change", vec!["agentId", "state"]),
        ("call_accept", vec!["agentId", "callId"]),
        ("call_reject", vec!["agentId", "callId"]),
        ("call_hold", vec!["agentId", "callId"]),
        ("call_unhold", vec!["agentId", "callId"]),
        ("call_complete", vec!["agentId", "callId"]),
        ("incoming_call", vec!["requestId", "vq"]),
        ("call_abandon", vec!["callId"]),
    ] {
        for (field, _) in object(name).into_iter().filter(|(field, _)| field != "type") {
            let read = AgentClientMessage::parse(&without(name, &field));
            assert_eq!(read.is_err(), required.contains(&field.as_str()), "{name} {field}");
            let Err(error) = read else { continue };
            assert_eq!(error.code, ErrorCode::Malformed, "{name}: {error}");
            assert_eq!(error.message, format!("the field `{field}` is missing"));
        }
    }
    let error = refusal(WallboardClientMessage::parse(&without("subscribe", "mode")));
    assert_eq!(*error, ErrorMessage { subject: error.subject.clone(), ..missing("mode") });
}

#[test]
fn a_value_that_is_not_allowed_is_named_with_what_is() {
    let long = "x".repeat(65);
    let (identifier, label) = ("out of A-Z, a-z, 0-9", "1 to 64 characters and no control");
    for (name, field, value, allowed) in [
        ("register", "agentId", json!("a b"), identifier),
        ("register", "agentId", json!(""), identifier),
        ("register", "agentId", json!(long), identifier),
        ("register", "agentId", json!(17), "expected a string"),
        ("register", "agentId", json!(null), "expected a string"),
        ("register", "requestId", json!("r 1"), identifier),
        ("register", "name", json!("\u{202e}yrevA"), label),
        ("register", "team", json!(long), label),
        ("register", "state", json!("ringing"), "`offline`, `available`, `after_call_work`"),
        ("register", "state", json!("busy"), "`training`, `meeting`"),
        ("register", "queues", json!("sales_general"), "expected a sequence"),
        ("register", "autoAnswer", json!("yes"), "expected a boolean"),
        ("register", "currentCallId", json!("41"), "CALL-20260129-000042"),
        ("state_change", "state", json!("on_call"), "`offline`, `available`"),
        ("state_change", "reason", json!(long), "at most 64 characters"),
        ("call_accept", "callId", json!("CALL-20260230-000001"), "CALL-20260129-000042"),
        ("call_complete", "outcome", json!(long), "at most 64 characters"),
        ("incoming_call", "requestId", json!(long), identifier),
        ("incoming_call", "requestId", json!(null), "expected a string"),
        ("incoming_call", "callerNumber", json!("+49 30"), "3 to 15 digits"),
        ("incoming_call", "priority", json!(12), "from 0 to 9; 9 is served first"),
        ("incoming_call", "priority", json!(-1), "from 0 to 9; 9 is served first"),
        ("incoming_call", "priority", json!(1.5), "from 0 to 9; 9 is served first"),
        ("incoming_call", "priority", json!(1e300), "from 0 to 9; 9 is served first"),
        ("incoming_call", "priority", json!("5"), "from 0 to 9; 9 is served first"),
    ] {
        let error = refusal(AgentClientMessage::parse(&with(name, field, value)));
        assert_eq!(error.code, ErrorCode::InvalidValue, "{name}: {error}");
        assert!(error.message.starts_with(&format!("`{field}`: ")), "{name}: {error}");
        assert!(error.message.contains(allowed), "{name}: {error}");
        assert!(!error.message.contains("line 1"), "{name}: {error}");
    }
    let error = refusal(WallboardClientMessage::parse(&with("subscribe", "mode", json!("all"))));
    assert_eq!(error.code, ErrorCode::InvalidValue);
    assert!(error.message.contains("`full` or `delta`"), "{error}");
}

#[test]
fn an_error_echoes_what_could_be_read() {
    let error = refusal(AgentClientMessage::parse(&with("call_complete", "outcome", json!(5))));
    let all = Subject {
        request_id: Some(id("r-123")),
        agent_id: Some(id("avery.lindqvist")),
        call_id: Some(call(42)),
    };
    assert_eq!(error.subject, all);
    let error = refusal(AgentClientMessage::parse(&with("call_complete", "agentId", json!("?"))));
    assert_eq!(error.subject, Subject { agent_id: None, ..all });
}

#[test]
fn an_error_is_short_however_long_its_cause() {
    let long = "ä".repeat(30_000);
    for text in [
        json!({"type": long}).to_string(),
        with("state_change", "state", json!(long)),
        with("call_accept", "callId", json!(long)),
        format!("{{\"type\":\"unregister\",\"{long}"),
    ] {
        let error = refusal(AgentClientMessage::parse(&text));
        assert!(error.message.chars().count() <= 400, "{error}");
    }
}

#[test]
fn keys_that_are_not_known_are_ignored_in_messages() {
    for later in [json!({"type": "unregister"}).to_string(), nested(100)] {
        let newer = |name: &str| read(name).replacen('{', &format!("{{\"later\":{later},"), 1);
        for name in agent_link::CLIENT_TYPES {
            let known = AgentClientMessage::parse(&read(name)).unwrap();
            assert_eq!(AgentClientMessage::parse(&newer(name)), Ok(known));
        }
        for name in agent_link::SERVER_TYPES {
            let known = AgentServerMessage::parse(&read(name)).unwrap();
            assert_eq!(AgentServerMessage::parse(&newer(name)), Ok(known));
        }
        for name in wallboard::CLIENT_TYPES {
            let known = WallboardClientMessage::parse(&read(name)).unwrap();
            assert_eq!(WallboardClientMessage::parse(&newer(name)), Ok(known));
        }
        for name in wallboard::SERVER_TYPES {
            let known = WallboardServerMessage::parse(&read(name)).unwrap();
            assert_eq!(WallboardServerMessage::parse(&newer(name)), Ok(known));
        }
    }
}

#[test]
fn a_key_that_is_not_known_may_be_nested_deeply() {
    let text = read("unregister").replacen('{', &format!("{{\"later\":{},", nested(30_000)), 1);
    assert!(AgentClientMessage::parse(&text).is_ok());
    // Here it meets the limit of the reader: an error, and no end of the stack.
    let text = read("error").replacen('{', &format!("{{\"later\":{},", nested(30_000)), 1);
    assert_eq!(refusal(AgentServerMessage::parse(&text)).code, ErrorCode::InvalidValue);
}

#[test]
fn bodies_of_requests_are_read_strictly() {
    use ErrorCode::{InvalidValue, Malformed};

    type Inject = InjectRequest;
    type Config = CallsConfigUpdate;
    for (error, code, says) in [
        (
            body::<Inject>("[]"),
            Malformed,
            "not a JSON object: invalid type: sequence, expected an object at line 1 column 0",
        ),
        (body::<Inject>(r#"{"vq":"v","count":NaN}"#), Malformed, "not a JSON object"),
        (body::<Inject>(""), Malformed, "`vq` is missing"),
        (
            body::<Inject>(r#"{"vq":"v","number":3}"#),
            Malformed,
            "unknown field `number`; known here: vq",
        ),
        (body::<Inject>(r#"{"vq":"v","later":null}"#), Malformed, "unknown field `later`"),
        (body::<Inject>(r#"{"vq":"v","count":0}"#), InvalidValue, "from 1 to 1000"),
        (body::<Inject>(r#"{"vq":"v","count":1001}"#), InvalidValue, "from 1 to 1000"),
        (body::<Inject>(r#"{"vq":"v","count":-1}"#), InvalidValue, "from 1 to 1000"),
        (body::<Inject>(r#"{"vq":"v","count":1e400}"#), InvalidValue, "from 1 to 1000"),
        (body::<Inject>(r#"{"vq":"v","priority":10}"#), InvalidValue, "from 0 to 9"),
        (body::<StateRequest>(r#"{"state":"ringing"}"#), InvalidValue, "`available`"),
        (body::<StateRequest>(r#"{"state":"break","x":1}"#), Malformed, "known here: state"),
        (body::<StartRequest>(r#"{"agents":5}"#), Malformed, "known here: activeAgents"),
        (body::<StartRequest>(r#"{"activeAgents":1.5}"#), InvalidValue, "from 0 to 1000000"),
        (body::<ScaleRequest>("{}"), Malformed, "`activeAgents` is missing"),
        (body::<ScaleRequest>(r#"{"activeAgents":1000001}"#), InvalidValue, "from 0 to 1000000"),
        (body::<Config>(r#"{"peakHourFactor":-0.1}"#), InvalidValue, "from 0 to 1000000"),
        (body::<Config>(r#"{"peakHourFactor":"2"}"#), InvalidValue, "`peakHourFactor`: "),
        (
            body::<Config>(r#"{"departments":{"sales":{"calls":1}}}"#),
            Malformed,
            "unknown field `departments.sales.calls`; known here: callsPerMinute",
        ),
        (
            body::<Config>(r#"{"departments":{"sales":{"callsPerMinute":1e9}}}"#),
            InvalidValue,
            "from 0 to 1000000",
        ),
        (
            body::<Config>(r#"{"departments":{"sales":{"priorityWeights":{"12":1}}}}"#),
            InvalidValue,
            "12 is no priority",
        ),
    ] {
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.contains(says), "{error}");
    }
}

fn refusal<T: std::fmt::Debug>(read: Result<T, Box<ErrorMessage>>) -> Box<ErrorMessage> {
    read.unwrap_err()
}

fn body<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> Box<ErrorMessage> {
    refusal(parse_body::<T>(text))
}

fn missing(field: &str) -> ErrorMessage {
    ErrorMessage::new(ErrorCode::Malformed, format!("the field `{field}` is missing"))
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

fn object(name: &str) -> Map<String, Value> {
    serde_json::from_str(&read(name)).unwrap()
}

pub(crate) fn with(name: &str, field: &str, value: Value) -> String {
    let mut object = object(name);
    object.insert(field.to_owned(), value);
    Value::Object(object).to_string()
}

fn without(name: &str, field: &str) -> String {
    let mut object = object(name);
    object.remove(field);
    Value::Object(object).to_string()
}
