//! The log: what happens to the server, never who called and never a token.
//!
//! Callers' numbers and tokens stay out of it because nothing that holds one is ever given to it:
//! requests are logged by method, route and status, without query, headers and body.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::ParseError,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry,
};

use crate::config::LogFormat;

/// Writes the log to standard error from here on.
///
/// # Errors
/// The `filter` cannot be read.
pub fn start(format: LogFormat, filter: &str) -> Result<(), ParseError> {
    let subscriber = subscriber(format, filter, io::stderr)?;
    // It fails only where there is a log already, and then that one goes on.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

/// A log of what passes `filter`, written to `writer`.
///
/// # Errors
/// The `filter` cannot be read.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Result<impl Subscriber + Send + Sync + use<W>, ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter)?;
    let lines = fmt::layer().with_writer(writer).with_target(true);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    Ok(registry().with(lines.with_filter(filter)))
}
