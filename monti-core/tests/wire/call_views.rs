//! What the engine shows of calls, on the wire.

use monti_core::{
    AgentId, Assignment, CallPhase, CallStatus, CallView, Centre, DepartmentId, Millis, Priority,
    VqId,
    wire::{CallAssign, CallRecord, LiveCall, LiveCallStatus, RevokeReason},
};

use crate::golden::{at, call, id, millis};

#[test]
fn a_callers_number_is_whole_only_for_those_who_may_see_it() {
    let centre = Centre::default();
    let record = record();
    let masked = CallRecord::new(&record, &centre, false);
    assert_eq!(masked.caller_number.as_deref(), Some("+********567"));
    assert_eq!((masked.vq.as_str(), masked.department.as_str()), ("support_billing", "support"));
    assert_eq!((masked.wait_seconds, masked.ring_seconds), (millis(7_500), millis(2_500)));
    let whole = CallRecord::new(&record, &centre, true);
    assert_eq!(whole.caller_number.as_deref(), Some("+49301234567"));
    assert_eq!(CallRecord { caller_number: masked.caller_number.clone(), ..whole }, masked);
    let withheld = monti_core::CallRecord { caller: None, ..record };
    assert_eq!(CallRecord::new(&withheld, &centre, true).caller_number, None);
}

#[test]
fn a_record_of_a_queue_that_is_gone_can_be_shown() {
    let gone = monti_core::CallRecord { vq: VqId(999), department: DepartmentId(99), ..record() };
    let shown = CallRecord::new(&gone, &Centre::default(), false);
    assert_eq!((shown.vq.as_str(), shown.department.as_str()), ("unknown", "unknown"));
}

#[test]
fn a_live_call_shows_its_phase() {
    let centre = Centre::default();
    let agent = agent_id();
    let (assigned_at, answered_at) = (at("09:14:00.000"), at("09:14:05.000"));
    let held_since = Some(at("09:14:30.000"));
    let shown = |phase| {
        let live = LiveCall::new(&call_view(phase), None, &centre, false);
        assert_eq!(live.caller_number.as_deref(), Some("+********567"));
        (live.status, live.assigned_at, live.answered_at, live.held_since)
    };
    assert_eq!(shown(CallPhase::Waiting), (LiveCallStatus::Waiting, None, None, None));
    assert_eq!(
        shown(CallPhase::Ringing { agent, assigned_at }),
        (LiveCallStatus::Ringing, Some(assigned_at), None, None)
    );
    assert_eq!(
        shown(CallPhase::Active { agent, assigned_at, answered_at, held_since }),
        (LiveCallStatus::Active, Some(assigned_at), Some(answered_at), held_since)
    );
}

#[test]
fn a_call_is_assigned_with_the_centres_names_and_limits() {
    let assignment = Assignment {
        agent: agent_id(),
        call: call(42),
        vq: VqId(6),
        caller: None,
        priority: Priority::default(),
        enqueued_at: at("09:14:00.000"),
        waited: Millis::new(12_500),
    };
    let rings_for = Millis::new(13_000);
    let assign = CallAssign::new(&assignment, id("a1"), &Centre::default(), rings_for);
    assert_eq!(assign.vq, "support_billing");
    assert_eq!(assign.department, "support");
    assert_eq!(assign.wait_seconds, millis(12_500));
    assert_eq!(assign.ring_timeout_seconds, millis(13_000));
}

#[test]
fn an_agent_is_told_why_its_phone_stops_unless_it_knows() {
    use monti_core::RevokeReason as Reason;

    for (reason, told) in [
        (Reason::Rejected, None),
        (Reason::RingTimeout, Some(RevokeReason::RingTimeout)),
        (Reason::CallerAbandoned, Some(RevokeReason::CallerAbandoned)),
        (Reason::LinkLost, None),
        (Reason::Restarted, None),
        (Reason::Moved, Some(RevokeReason::Superseded)),
        (Reason::EndedBySupervisor, Some(RevokeReason::Superseded)),
    ] {
        assert_eq!(RevokeReason::told(reason), told);
    }
}

fn record() -> monti_core::CallRecord {
    monti_core::CallRecord {
        id: call(42),
        vq: VqId(6),
        department: DepartmentId(1),
        caller: Some(id("+49301234567")),
        priority: Priority::default(),
        status: CallStatus::Completed,
        outcome: None,
        agent: Some(id("avery.lindqvist")),
        enqueued_at: at("09:15:00.000"),
        assigned_at: Some(at("09:15:07.500")),
        answered_at: Some(at("09:15:10.000")),
        ended_at: at("09:16:10.000"),
        wait: Millis::new(7_500),
        ring: Millis::new(2_500),
        talk: Millis::new(60_000),
        hold: Millis::ZERO,
        after_call: Millis::new(26_000),
        answered_in_target: true,
        offers: 1,
    }
}

pub(crate) fn call_view(phase: CallPhase) -> CallView {
    CallView {
        id: call(42),
        vq: VqId(6),
        priority: Priority::default(),
        caller: Some(id("+49301234567")),
        origin: None,
        enqueued_at: at("09:13:00.000"),
        offers: 1,
        phase,
    }
}

/// The engine alone makes agents' ids; a stored one will do here.
pub(crate) fn agent_id() -> AgentId {
    serde_json::from_str(r#"{"slot":0,"generation":0}"#).unwrap()
}
