//! What the server noticed about itself.

use std::{fmt, sync::Arc};

use monti_core::wire::{ErrorCode, Persistence};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::histogram::Histogram,
};

use super::{counters, gauge, gauges};
use crate::observations::{Observations, Socket};

#[derive(Debug)]
pub(super) struct Noticed(pub(super) Arc<Observations>);

impl Collector for Noticed {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Self(observations) = self;
        driver(&mut encoder, observations)?;
        durability(&mut encoder, observations)?;
        peers(&mut encoder, observations)
    }
}

fn driver(encoder: &mut DescriptorEncoder<'_>, observations: &Observations) -> fmt::Result {
    let help = "Whether new calls are accepted: recovered, not told to stop, neither read-only nor stalled";
    let accepting = if observations.accepts_calls() { 1.0 } else { 0.0 };
    gauge(encoder, "accepting_calls", help, accepting)?;
    let help = "Time since the driver was last heard of; over 5 s it is stalled";
    let age = observations.heartbeat_age().as_secs_f64();
    gauge(encoder, "heartbeat_age_seconds", help, age)?;
    let help = "How far the centre's clock is ahead of the machine's; negative if it is behind";
    gauge(encoder, "clock_ahead_seconds", help, observations.clock_ahead_seconds())?;
    let help = "From when a call could be assigned to when that was durable";
    histogram(encoder, "assignment_seconds", help, observations.assignment_seconds())
}

fn durability(encoder: &mut DescriptorEncoder<'_>, observations: &Observations) -> fmt::Result {
    let help = "Commits to the disk";
    histogram(encoder, "commit_seconds", help, observations.commit_seconds())?;
    let state = observations.persistence();
    let values =
        Persistence::ALL.map(|other| ([("state", other.as_str())], i64::from(state == other)));
    gauges(encoder, "persistence", "Whether what happens can be kept: 1 at what is true", values)?;
    let help = "Entries of the journal after the newest snapshot";
    gauge(encoder, "journal_entries", help, observations.journal_entries())?;
    outbox(encoder, observations)
}

fn outbox(encoder: &mut DescriptorEncoder<'_>, observations: &Observations) -> fmt::Result {
    let figures = observations.outbox();
    let help = "Records that wait for their store";
    gauge(encoder, "outbox_records", help, figures.records)?;
    let help = "Time for which the oldest of them has waited";
    gauge(encoder, "outbox_oldest_seconds", help, figures.oldest.as_secs_f64())?;
    let help = "Records that their store refused for ever";
    gauge(encoder, "outbox_dead_letters", help, figures.dead_letters)?;
    let help =
        "Records that were sent and got to their store, and those that were sent once more for it";
    let sent = [
        ("delivered", observations.delivered_records()),
        ("resent", observations.resent_records()),
    ];
    let values = sent.map(|(what, records)| ([("what", what)], records));
    counters(encoder, "outbox_sent", help, values)
}

fn peers(encoder: &mut DescriptorEncoder<'_>, observations: &Observations) -> fmt::Result {
    let value = |kind: Socket| ([("kind", kind.as_str())], observations.open_sockets(kind));
    gauges(encoder, "open_sockets", "Connections that are open", Socket::ALL.map(value))?;
    let value = |code: ErrorCode| ([("code", code.as_str())], observations.refusals(code));
    counters(encoder, "refused", "Messages and requests refused", ErrorCode::ALL.map(value))
}

fn histogram(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    histogram: &Histogram,
) -> fmt::Result {
    histogram.encode(encoder.encode_descriptor(name, help, None, histogram.metric_type())?)
}
