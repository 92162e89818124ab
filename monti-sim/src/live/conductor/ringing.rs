//! A phone that rings, and how long its caller has waited.

use monti_core::{
    CallId, Centre, Millis, Timestamp,
    wire::{CallAssign, Seconds},
};

/// A phone that rings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ringing {
    /// The call.
    pub(super) call: CallId,
    /// How long the caller had waited when it began to ring. The server says so: its clock stood
    /// while it was down, and the one here did not.
    waited: Millis,
    /// When it began.
    since: Timestamp,
    /// Within how long the call's queue is to answer.
    target: Millis,
    /// When the agent said that it answers, if it has.
    pub(super) accepted_at: Option<Timestamp>,
}

impl Ringing {
    /// A phone of which the server says at `now`, its own clock showing `server_time`, that it rings;
    /// it may have rung at a link that is gone before.
    pub(super) fn new(
        assign: &CallAssign,
        centre: &Centre,
        now: Timestamp,
        server_time: Timestamp,
    ) -> Self {
        let queue = centre.find_queue(&assign.vq).and_then(|vq| centre.queue(vq));
        let (Seconds(waited), Seconds(left)) = (assign.wait_seconds, assign.ring_timeout_seconds);
        let rung = if left < centre.limits().ring_timeout {
            // What is left does not say for how long: the time in which a server hears nobody is added
            // to it. Its clock does, as far as its welcome came without delay, so no other phone asks it.
            server_time.since(assign.enqueued_at + waited)
        } else {
            Millis::ZERO
        };
        Self {
            call: assign.call_id,
            waited,
            since: now - rung,
            target: queue.map(|queue| queue.target).unwrap_or_default(),
            accepted_at: None,
        }
    }

    /// How long the caller has waited if it is answered at `now`, and whether that is within the
    /// queue's target.
    pub(super) fn answered(&self, now: Timestamp) -> (Millis, bool) {
        let waited = self.waited + now.since(self.since);
        (waited, waited <= self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default centre's phones ring for 20 seconds, and its queues are to answer within 20. The
    /// clock here is ten minutes ahead of the server's.
    #[test]
    fn who_has_rung_at_another_link_has_waited_that_long_too() {
        let answered = |told_at: &str, left: &str| {
            let assign = format!(
                r#"{{"agentId":"a","callId":"CALL-20260129-000042","vq":"sales_general",
                "department":"sales","callerNumber":null,"priority":0,
                "enqueuedAt":"2026-01-29T09:15:00.250Z","waitSeconds":12.5,
                "ringTimeoutSeconds":{left}}}"#
            );
            let assign = serde_json::from_str(&assign).unwrap();
            let server_time: Timestamp = told_at.parse().unwrap();
            let now = server_time + Millis::from_secs(600);
            let ringing = Ringing::new(&assign, &Centre::default(), now, server_time);
            ringing.answered(now + Millis::from_secs(5))
        };
        assert_eq!(answered("2026-01-29T09:15:12.750Z", "20.0"), (Millis::new(17_500), true));
        assert_eq!(answered("2026-01-29T09:15:17.750Z", "15.0"), (Millis::new(22_500), false));
        // The server was held up for a minute, and the phone rings for as much longer.
        assert_eq!(answered("2026-01-29T09:16:17.750Z", "15.0"), (Millis::new(82_500), false));
        // A phone that has only begun to ring needs nobody's clock.
        assert_eq!(answered("2026-01-29T09:15:14.000Z", "20.0"), (Millis::new(17_500), true));
    }
}
