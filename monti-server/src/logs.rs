//! The log: what happens to the server, never who called and never a token.
//!
//! Callers' numbers and tokens stay out of it because nothing that holds one is ever given to it:
//! requests are logged by method, route and status, without query, headers and body.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer as _,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry,
};

use crate::config::LogFormat;

/// Writes the log to standard error from here on.
pub fn start(format: LogFormat, filter: EnvFilter) {
    let subscriber = subscriber(format, filter, io::stderr);
    // It fails only where there is a log already, and then that one goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// A log of what passes `filter`, written to `writer`.
pub fn subscriber<W>(
    format: LogFormat,
    filter: EnvFilter,
    writer: W,
) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_target(true);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    registry().with(lines.with_filter(filter))
}
