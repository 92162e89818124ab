//! Metrics for Prometheus, as OpenMetrics text.
//!
//! The centre's figures are read from the engine at each scrape, and what the server noticed about
//! itself from [`Observations`]: there is no second book that could disagree.

mod figures;
mod noticed;

use std::{fmt, sync::Arc};

use prometheus_client::{
    encoding::{
        DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeLabelSet, EncodeMetric as _,
        NoLabelSet, text::encode,
    },
    metrics::{MetricType, gauge::ConstGauge},
    registry::Registry,
};

pub use self::figures::Figures;
use self::noticed::Noticed;
use crate::observations::Observations;

/// What the text is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the server noticed about itself and, if they are known, the centre's figures.
pub fn text(observations: &Arc<Observations>, figures: Option<Figures>) -> String {
    let mut registry = Registry::with_prefix("monti");
    registry.register_collector(Box::new(Noticed(Arc::clone(observations))));
    if let Some(figures) = figures {
        registry.register_collector(Box::new(figures));
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    if let Err(error) = encode(&mut text, &registry) {
        tracing::error!(%error, "metrics");
    }
    text
}

/// A label: its name and value.
type Label<'a> = (&'a str, &'a str);

/// One number, without labels.
fn gauge<V: EncodeGaugeValue>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: V,
) -> fmt::Result {
    let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    ConstGauge::new(value).encode(metric)
}

/// A number for each set of labels.
fn gauges<L: EncodeLabelSet, V: EncodeGaugeValue>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = (L, V)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (labels, value) in values {
        family.encode_family(&labels)?.encode_gauge(&value)?;
    }
    Ok(())
}

/// A count for each set of labels; `_total` is appended to its name.
fn counters<L: EncodeLabelSet, V: EncodeCounterValue>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = (L, V)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (labels, value) in values {
        family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&value, None)?;
    }
    Ok(())
}
