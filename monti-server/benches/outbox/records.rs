//! The records that are written.

use monti_core::{CallId, CallStatus, Day, Millis, Priority, Timestamp, wire::CallRecord};

/// Calls of a day, from 1 to `count`, as most are: answered and completed.
pub(crate) fn calls(count: u32) -> impl Iterator<Item = CallRecord> {
    let date = Day::new(2026, 1, 28).expect("a day");
    let begin = 1_769_587_200_000;
    (1..=count).map(move |number| {
        let at = |seconds: i64| Timestamp::from_millis(begin + i64::from(number) + seconds * 1_000);
        let lasted = |millis: u64| Millis::new(millis + u64::from(number % 1_000)).into();
        CallRecord {
            call_id: CallId { day: date, number },
            date,
            vq: "support_tier_1".to_owned(),
            department: "support".to_owned(),
            caller_number: Some(format!("+4930{number:08}")),
            priority: Priority::default(),
            status: CallStatus::Completed,
            outcome: Some("resolved".parse().expect("a label")),
            agent_id: Some(format!("agent-{:04}", number % 1_000).parse().expect("a login")),
            enqueued_at: at(0),
            assigned_at: Some(at(12)),
            answered_at: Some(at(15)),
            ended_at: at(200),
            wait_seconds: lasted(12_000),
            ring_seconds: lasted(3_000),
            talk_seconds: lasted(180_000),
            hold_seconds: lasted(5_000),
            acw_seconds: lasted(30_000),
            answered_in_target: true,
            offers: 1,
        }
    })
}
