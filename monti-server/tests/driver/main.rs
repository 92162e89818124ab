//! The driver with its store, through requests and links that are channels: what goes wrong, and
//! that nothing is lost, doubled or shown before it is durable.

mod agents;
mod bounds;
mod calls;
mod crashes;
mod damage;
mod days;
mod disk;
mod durable;
#[path = "../support/faulty.rs"]
mod faulty;
mod feed;
mod floor;
mod history;
mod injections;
#[path = "../support/logged.rs"]
mod logged;
#[path = "../support/machine.rs"]
mod machine;
mod malformed;
mod recovery_time;
mod rows;
#[path = "../support/small_disk.rs"]
mod small_disk;
mod time;
#[path = "../support/tokens.rs"]
mod tokens;

use std::time::Duration;

use monti_server::{config::LogFormat, logs};

const SECOND: Duration = Duration::from_secs(1);

/// What is logged while something is done.
fn logged<T>(act: impl FnOnce() -> T) -> (T, String) {
    let log = logged::Log::default();
    let writer = log.clone();
    let lines = logs::subscriber(LogFormat::Text, "info".into(), move || writer.clone());
    let done = tracing::subscriber::with_default(lines, act);
    (done, log.text())
}
