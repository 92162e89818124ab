//! The agent link's messages.

use monti_core::{
    AgentState, CallStatus, Label, LogoutReason, Priority, Session, SettableState,
    wire::{
        Ack, AgentClientMessage, AgentServerMessage, CallAbandon, CallAbandoned, CallAction,
        CallAssign, CallComplete, CallEnded, CallQueued, CallRevoked, CentreInfo, ColourThresholds,
        DepartmentInfo, ErrorCode, ErrorMessage, ForceEndCall, ForceLogout, IncomingCall, Limits,
        PROTOCOL, QueueInfo, Register, Registered, RevokeReason, StateChange, Subject, Unregister,
        WallboardClientMessage, Welcome,
    },
};

use serde_json::json;

use crate::{
    golden::{assert_golden, at, call, id, millis, read},
    wrong::with,
};

/// Client to server, in the contract's order.
pub(crate) const CLIENT_TYPES: &[&str] = &[
    "register",
    "unregister",
    "state_change",
    "call_accept",
    "call_reject",
    "call_hold",
    "call_unhold",
    "call_complete",
    "incoming_call",
    "call_abandon",
];

/// Server to client, in the contract's order.
pub(crate) const SERVER_TYPES: &[&str] = &[
    "welcome",
    "registered",
    "ack",
    "call_queued",
    "call_assign",
    "call_revoked",
    "call_abandoned",
    "call_ended",
    "force_end_call",
    "force_logout",
    "error",
];

#[test]
fn clients_say() {
    let messages = [
        AgentClientMessage::Register(register()),
        AgentClientMessage::Unregister(Unregister {
            request_id: None,
            agent_id: id("avery.lindqvist"),
        }),
        AgentClientMessage::StateChange(StateChange {
            request_id: Some(id("r-118")),
            agent_id: id("avery.lindqvist"),
            state: SettableState::Break,
            reason: Some(id("Tea")),
        }),
        AgentClientMessage::CallAccept(action("r-119")),
        AgentClientMessage::CallReject(action("r-120")),
        AgentClientMessage::CallHold(action("r-121")),
        AgentClientMessage::CallUnhold(action("r-122")),
        AgentClientMessage::CallComplete(CallComplete {
            request_id: Some(id("r-123")),
            agent_id: id("avery.lindqvist"),
            call_id: call(42),
            outcome: Some(id("Sold: 3 licences")),
        }),
        AgentClientMessage::IncomingCall(IncomingCall {
            request_id: id("pbx-7.000981"),
            vq: "sales_general".to_owned(),
            caller_number: Some(id("+49301234567")),
            priority: Priority::new(5).unwrap(),
        }),
        AgentClientMessage::CallAbandon(CallAbandon {
            request_id: Some(id("pbx-7.000982")),
            call_id: call(42),
        }),
    ];
    assert_eq!(messages.each_ref().map(AgentClientMessage::type_name).as_slice(), CLIENT_TYPES);
    assert_eq!(AgentClientMessage::TYPES, CLIENT_TYPES);
    for message in messages {
        assert_golden(message.type_name(), &message);
        assert_eq!(AgentClientMessage::parse(&read(message.type_name())), Ok(message));
    }
}

#[test]
fn a_text_that_is_empty_is_left_out() {
    for field in ["name", "location", "team"] {
        let AgentClientMessage::Register(read) = said("register", field, "") else { panic!() };
        let texts = [("name", &read.name), ("location", &read.location), ("team", &read.team)];
        assert!(texts.iter().all(|(name, text)| text.is_none() == (*name == field)), "{texts:?}");
    }
    assert_eq!((reason(""), outcome("")), (None, None));
}

#[test]
fn what_an_agent_typed_is_taken_with_spaces_for_what_a_line_cannot_show() {
    for (typed, kept) in [
        ("Refund\ncall back", "Refund call back"),
        ("\u{202e}sold\u{0}", " sold "),
        ("verkauft 🙂 日本", "verkauft 🙂 日本"),
    ] {
        assert_eq!((reason(typed), outcome(typed)), (Some(id(kept)), Some(id(kept))));
    }
    let longest = "ä".repeat(64);
    assert_eq!(outcome(&longest), Some(id(&longest)));
}

fn reason(text: &str) -> Option<Label> {
    let AgentClientMessage::StateChange(read) = said("state_change", "reason", text) else {
        panic!()
    };
    read.reason
}

fn outcome(text: &str) -> Option<Label> {
    let AgentClientMessage::CallComplete(read) = said("call_complete", "outcome", text) else {
        panic!()
    };
    read.outcome
}

/// A client's message with `text` in one of its fields.
fn said(name: &str, field: &str, text: &str) -> AgentClientMessage {
    AgentClientMessage::parse(&with(name, field, json!(text))).unwrap()
}

#[test]
fn the_server_says() {
    let messages = [
        AgentServerMessage::Welcome(welcome()),
        AgentServerMessage::Registered(Registered {
            request_id: Some(id("r-117")),
            agent_id: id("avery.lindqvist"),
            session: Session(318),
            state: AgentState::OnCall,
            resumed_call_id: Some(call(41)),
        }),
        AgentServerMessage::Ack(Ack { subject: subject(), duplicate: true }),
        AgentServerMessage::CallQueued(CallQueued {
            request_id: id("pbx-7.000981"),
            call_id: call(42),
            vq: "sales_general".to_owned(),
            position: 3,
            estimated_wait_seconds: Some(millis(95_500)),
            duplicate: false,
        }),
        AgentServerMessage::CallAssign(CallAssign {
            agent_id: id("avery.lindqvist"),
            call_id: call(42),
            vq: "sales_general".to_owned(),
            department: "sales".to_owned(),
            caller_number: Some(id("+49301234567")),
            priority: Priority::new(5).unwrap(),
            enqueued_at: at("09:15:00.250"),
            wait_seconds: millis(12_500),
            ring_timeout_seconds: millis(20_000),
        }),
        AgentServerMessage::CallRevoked(CallRevoked {
            agent_id: id("avery.lindqvist"),
            call_id: call(42),
            reason: RevokeReason::CallerAbandoned,
        }),
        AgentServerMessage::CallAbandoned(CallAbandoned {
            call_id: call(42),
            wait_seconds: millis(18_250),
        }),
        AgentServerMessage::CallEnded(CallEnded {
            call_id: call(42),
            outcome: CallStatus::AgentLost,
        }),
        AgentServerMessage::ForceEndCall(ForceEndCall {
            agent_id: id("avery.lindqvist"),
            call_id: call(42),
        }),
        AgentServerMessage::ForceLogout(ForceLogout {
            agent_id: id("avery.lindqvist"),
            reason: LogoutReason::Supervisor,
        }),
        AgentServerMessage::Error(busy()),
    ];
    assert_eq!(messages.each_ref().map(AgentServerMessage::type_name).as_slice(), SERVER_TYPES);
    assert_eq!(AgentServerMessage::TYPES, SERVER_TYPES);
    for message in messages {
        assert_golden(message.type_name(), &message);
        assert_eq!(AgentServerMessage::parse(&read(message.type_name())), Ok(message));
    }
}

#[test]
fn what_a_client_leaves_out_has_its_default() {
    let least = r#"{"type":"register","agentId":"a1","department":"sales"}"#;
    let Ok(AgentClientMessage::Register(register)) = AgentClientMessage::parse(least) else {
        panic!("{least}");
    };
    assert_eq!(register.state, SettableState::Available);
    assert!(!register.auto_answer);
    assert_eq!(register.queues, None);
    assert_eq!(register.name, None);

    let least = r#"{"type":"incoming_call","requestId":"r1","vq":"sales_general"}"#;
    let Ok(AgentClientMessage::IncomingCall(incoming)) = AgentClientMessage::parse(least) else {
        panic!("{least}");
    };
    assert_eq!(incoming.priority, Priority::default());
    assert_eq!(incoming.caller_number, None);
}

#[test]
fn null_is_as_if_it_were_left_out() {
    let register = |more: &str| {
        AgentClientMessage::parse(&format!(
            r#"{{"type":"register","agentId":"a1","department":"sales"{more}}}"#
        ))
    };
    let keys = ["requestId", "name", "location", "team", "state", "queues", "autoAnswer"];
    let nulls: String =
        keys.iter().chain(&["currentCallId"]).map(|key| format!(r#","{key}":null"#)).collect();
    assert_eq!(register(&nulls), register(""));
    let call = r#"{"type":"incoming_call","requestId":"r1","vq":"v","priority":null}"#;
    let AgentClientMessage::IncomingCall(call) = AgentClientMessage::parse(call).unwrap() else {
        panic!()
    };
    assert_eq!(call.priority, Priority::default());
    let watch = r#"{"type":"subscribe","mode":"full","departments":null,"agents":null}"#;
    let WallboardClientMessage::Subscribe(watch) = WallboardClientMessage::parse(watch).unwrap()
    else {
        panic!()
    };
    assert!(watch.agents && watch.departments.is_none());
}

#[test]
fn a_withheld_number_is_null() {
    let named = r#"{"type":"incoming_call","requestId":"r1","vq":"v","callerNumber":null}"#;
    let unnamed = r#"{"type":"incoming_call","requestId":"r1","vq":"v"}"#;
    assert_eq!(AgentClientMessage::parse(named), AgentClientMessage::parse(unnamed));

    let assign = read("call_assign").replace("\"+49301234567\"", "null");
    let message = AgentServerMessage::parse(&assign).unwrap();
    let json = serde_json::to_value(&message).unwrap();
    assert_eq!(json.get("callerNumber"), Some(&serde_json::Value::Null));
}

#[test]
fn answers_echo_what_the_message_named() {
    let echoed = |name| AgentClientMessage::parse(&read(name)).unwrap().subject();
    let subject = |request: Option<&str>, agent: Option<&str>, call_id| Subject {
        request_id: request.map(id),
        agent_id: agent.map(id),
        call_id,
    };
    let avery = Some("avery.lindqvist");
    assert_eq!(echoed("register"), subject(Some("r-117"), avery, None));
    assert_eq!(echoed("unregister"), subject(None, avery, None));
    assert_eq!(echoed("call_hold"), subject(Some("r-121"), avery, Some(call(42))));
    assert_eq!(echoed("incoming_call"), subject(Some("pbx-7.000981"), None, None));
    assert_eq!(echoed("call_abandon"), subject(Some("pbx-7.000982"), None, Some(call(42))));
}

#[test]
fn an_ack_of_nothing_is_its_type_alone() {
    let ack = AgentServerMessage::Ack(Ack::default());
    assert_eq!(serde_json::to_string(&ack).unwrap(), r#"{"type":"ack"}"#);
}

pub(crate) fn busy() -> ErrorMessage {
    let message = "too many calls at once, please try again";
    ErrorMessage::new(ErrorCode::Busy, message).about(subject()).retry_after(millis(1_500))
}

pub(crate) fn welcome() -> Welcome {
    Welcome {
        protocol: PROTOCOL,
        server: "0.1.0".to_owned(),
        server_time: at("09:15:00.250"),
        clock_speed: 1.0,
        centre: centre(),
    }
}

pub(crate) fn centre() -> CentreInfo {
    CentreInfo {
        name: "Northwind Care".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        limits: Limits {
            ring_timeout_seconds: millis(20_000),
            grace_seconds: millis(30_000),
            acw_seconds: millis(300_000),
            break_seconds: millis(600_000),
        },
        colours: ColourThresholds { green_percent: 80.0, yellow_percent: 70.0 },
        departments: vec![DepartmentInfo {
            id: "sales".to_owned(),
            name: "Sales".to_owned(),
            queues: vec![queue("sales_general", "General"), queue("sales_upsell", "Upsell")],
        }],
    }
}

fn queue(queue_id: &str, name: &str) -> QueueInfo {
    QueueInfo {
        id: queue_id.to_owned(),
        name: name.to_owned(),
        target_percent: 80.0,
        target_seconds: millis(20_000),
        short_abandon_seconds: millis(5_000),
    }
}

fn register() -> Register {
    Register {
        request_id: Some(id("r-117")),
        agent_id: id("avery.lindqvist"),
        department: "sales".to_owned(),
        name: Some(id("Avery Lindqvist")),
        location: Some(id("Malmö")),
        team: Some(id("North")),
        state: SettableState::Available,
        queues: Some(vec!["sales_general".to_owned(), "sales_upsell".to_owned()]),
        auto_answer: false,
        current_call_id: Some(call(41)),
    }
}

fn action(request: &str) -> CallAction {
    CallAction { request_id: Some(id(request)), agent_id: id("avery.lindqvist"), call_id: call(42) }
}

fn subject() -> Subject {
    Subject {
        request_id: Some(id("r-123")),
        agent_id: Some(id("avery.lindqvist")),
        call_id: Some(call(42)),
    }
}
