//! What all live plays have in common: the way to the server, the log, the progress line, the
//! control port, and the end.

use std::{
    io::{self, IsTerminal as _},
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use color_eyre::eyre::{WrapErr as _, eyre};
use indicatif::{ProgressBar, ProgressStyle};
use monti_sim::{
    control::{self, Desk, Setup},
    files,
    live::{Connections, Play, Progress, ServerAddress, Tally, Target, Token},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::TcpListener,
    select,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::interval,
};
use tracing_subscriber::EnvFilter;

/// Between two lines of progress in a log.
const PROGRESS: Duration = Duration::from_secs(10);

/// The way to the server.
#[derive(Debug, Args)]
pub(super) struct Way {
    /// The server, HOST:PORT or wss://HOST:PORT
    #[arg(long, value_name = "HOST:PORT", env = "MONTI_CONNECT")]
    #[arg(default_value = "127.0.0.1:8080")]
    pub(super) connect: ServerAddress,

    /// A file with the token that the server lets in, of role simulator [env: MONTI_TOKEN, the token
    /// itself]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Over how many connections: a number, or per-agent
    #[arg(long, value_name = "N", default_value = "1", value_parser = connections)]
    pub(super) connections: Connections,

    /// What the log shows, such as `debug` or `monti_sim=debug,warn`
    #[arg(long, value_name = "FILTER", env = "MONTI_LOG")]
    log: Option<String>,
}

impl Way {
    /// The target, for so many agents.
    pub(super) fn target(&self, agents: u32) -> color_eyre::Result<Target> {
        let token = match &self.token_file {
            Some(file) => {
                let text = files::read_text(file);
                Some(text.wrap_err_with(|| format!("--token-file {}", file.display()))?)
            }
            None => std::env::var("MONTI_TOKEN").ok().filter(|text| !text.is_empty()),
        };
        let token = token.map(|text| text.parse::<Token>()).transpose()?;
        let (server, connections) = (self.connect.clone(), self.connections);
        Ok(Target { server, token, connections, agents })
    }

    /// Writes the log to standard error from here on.
    pub(super) fn start_log(&self) -> color_eyre::Result<()> {
        // A progress line is spoilt by lines that tell the same.
        let default = if io::stderr().is_terminal() { "warn" } else { "info" };
        let filter = self.log.as_deref().unwrap_or(default);
        let filter = EnvFilter::builder().parse(filter).wrap_err("--log")?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            .with_writer(io::stderr)
            .init();
        Ok(())
    }

    /// How it was started, for the control port.
    pub(super) fn setup(&self, seed: u64, agents: u32, scenario: Option<&Path>) -> Setup {
        Setup {
            version: env!("MONTI_VERSION").to_owned(),
            connect: self.connect.to_string(),
            connections: match self.connections {
                Connections::Count(count) => count.to_string(),
                Connections::PerAgent => "per-agent".to_owned(),
            },
            seed,
            agents,
            scenario: scenario.map(|file| file.display().to_string()),
        }
    }
}

fn connections(text: &str) -> Result<Connections, String> {
    if text == "per-agent" {
        return Ok(Connections::PerAgent);
    }
    let count = text.parse::<NonZeroU32>().ok().filter(|count| count.get() <= 60_000);
    let allowed = || "allowed is a number from 1 to 60000, or per-agent".to_owned();
    count.map(Connections::Count).ok_or_else(allowed)
}

/// Listens where the control port is to be. It has no tokens: others than this machine's users must
/// not reach it.
pub(super) async fn listen(address: SocketAddr) -> color_eyre::Result<TcpListener> {
    if !address.ip().is_loopback() {
        return Err(eyre!(
            "--control {address}: the control port asks for no token; allowed is an address of \
             this machine alone, such as 127.0.0.1:8081"
        ));
    }
    let listener = TcpListener::bind(address);
    listener.await.wrap_err_with(|| format!("--control: cannot listen on {address}"))
}

/// Plays until SIGTERM, ctrl-c or `over`, showing how it goes.
pub(super) async fn perform(
    play: Play,
    control: Option<(TcpListener, Setup)>,
    over: impl Future<Output = ()>,
) -> color_eyre::Result<Tally> {
    let shown = tokio::spawn(show(play.progress()));
    let (ended, has_ended) = watch::channel(());
    let serving = match control {
        Some((listener, setup)) => {
            let address = listener.local_addr()?;
            println!("control on http://{address}");
            tracing::info!(%address, "the control port listens");
            let mut has_ended = has_ended;
            let over = async move {
                // An error is an end, too.
                let _ = has_ended.changed().await;
            };
            Some(tokio::spawn(control::serve(listener, Desk::new(&play, setup), over)))
        }
        None => None,
    };
    let told_to_stop = told_to_stop()?;
    let played = play.run(async {
        select! {
            () = told_to_stop => {}
            () = over => {}
        }
    });
    let played = played.await;
    drop(ended);
    shown.abort();
    if let Some(serving) = serving {
        // Who asks still is answered; nobody is waited for.
        let _late = tokio::time::timeout(Duration::from_secs(1), serving).await;
    }
    Ok(played?)
}

/// Shows how it goes: a line that changes on a terminal, lines of a log elsewhere.
async fn show(mut progress: watch::Receiver<Progress>) {
    if io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{elapsed_precise} {msg}");
        let line = ProgressBar::no_length();
        line.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        while progress.changed().await.is_ok() {
            line.set_message(progress.borrow_and_update().to_string());
            line.tick();
        }
        line.finish();
        return;
    }
    let mut lines = interval(PROGRESS);
    lines.tick().await;
    loop {
        lines.tick().await;
        tracing::info!("{}", *progress.borrow_and_update());
    }
}

/// What ends with SIGTERM or ctrl-c; from now on neither ends the process by itself.
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
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
/// system allows this process: what it allows at first is often 1,024.
pub(super) fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, open = limit.current, "few files may be open at once");
    }
}
