//! Metrics for Prometheus, as OpenMetrics text: read from the simulator's own counts at each
//! scrape, so that there is no second book that could disagree.

use std::fmt;

use monti_core::wire::{ErrorCode, SimStatus};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _, NoLabelSet, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

use crate::live::{Conductor, Tally};

/// What the text is.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All of a simulator's metrics.
pub(super) fn text(conductor: &Conductor) -> String {
    let stats = conductor.calls_stats();
    let (links_up, links) = conductor.links();
    let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let size = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let tally = conductor.tally().clone();
    let snapshot = Snapshot {
        status: conductor.status(0),
        gauges: vec![
            ("links", "Links to the server that there are to be.", size(links)),
            ("links_up", "Links to the server that are up.", size(links_up)),
            ("calls_live", "Callers on the line.", gauge(stats.live_calls)),
            (
                "requests_open",
                "Messages that the server has not answered yet.",
                size(conductor.open_requests()),
            ),
        ],
        counters: vec![
            ("calls_made", "Calls made.", stats.calls_made),
            ("calls_queued", "Calls that the server took.", stats.calls_queued),
            ("calls_refused", "Calls that the server refused for good.", stats.calls_refused),
            ("calls_abandoned", "Callers who hung up before an answer.", stats.calls_abandoned),
            ("calls_ended", "Calls that ended otherwise.", stats.calls_ended),
            ("messages_sent", "Messages to the server.", tally.sent),
            ("messages_received", "Messages from the server.", tally.received),
            ("messages_unreadable", "Messages that could not be read.", tally.unreadable),
            ("links_lost", "Links that were lost.", tally.links_lost),
            ("dials_failed", "Dials that failed.", tally.dials_failed),
            ("registrations", "Agents registered, again ones included.", tally.registrations),
            ("calls_resumed", "Calls resumed by a registration.", tally.resumed),
            ("calls_assigned", "Phones that rang.", tally.assigned),
            ("calls_revoked", "Phones that stopped ringing unanswered.", tally.revoked),
            ("calls_answered", "Calls answered.", tally.answered),
            ("calls_answered_in_target", "Those answered in target.", tally.answered_in_target),
            ("calls_completed", "Calls completed.", tally.completed),
            ("races", "Callers who hung up just when an agent answered.", tally.races),
            ("duplicates", "Answers that it was done already.", tally.duplicates),
        ],
        tally,
    };
    let mut registry = Registry::with_prefix("monti_sim");
    registry.register_collector(Box::new(snapshot));
    let mut text = String::new();
    // Writing to a string does not fail.
    if let Err(error) = encode(&mut text, &registry) {
        tracing::error!(%error, "metrics");
    }
    text
}

/// What there is at a scrape.
#[derive(Debug)]
struct Snapshot {
    status: SimStatus,
    gauges: Vec<(&'static str, &'static str, i64)>,
    counters: Vec<(&'static str, &'static str, u64)>,
    tally: Tally,
}

impl Collector for Snapshot {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, help, value) in &self.gauges {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(*value).encode(metric)?;
        }
        for (name, help, value) in &self.counters {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(*value).encode(metric)?;
        }
        let help = "Agents that are to work, by their states.";
        let mut agents = encoder.encode_descriptor("agents", help, None, MetricType::Gauge)?;
        for (state, count) in &self.status.state_breakdown {
            let label = [("state", state.as_str())];
            agents.encode_family(&label)?.encode_gauge(&i64::from(*count))?;
        }
        let help = "Messages that the server did not carry out, by its reasons.";
        let mut errors = encoder.encode_descriptor("errors", help, None, MetricType::Counter)?;
        for code in ErrorCode::ALL {
            let count = self.tally.errors.get(&code).copied().unwrap_or_default();
            let label = [("code", code.as_str())];
            errors.encode_family(&label)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
        }
        Ok(())
    }
}
