//! What the programs that run for long settle with the system.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    select,
    signal::unix::{SignalKind, signal},
};

/// What ends with SIGTERM or ctrl-c; from now on neither ends the process by itself.
pub(crate) fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Raises the number of files that may be open, each connection being one, to the most that the
/// system allows this process: what it allows at first is often 1,024. Answers how many that is.
pub(crate) fn allow_many_files() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, open = limit.current, "few files may be open at once");
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
