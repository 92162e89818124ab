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
    live::{Connections, LINKS_MAX, Play, Progress, Tally, Target},
    print::print,
    remote::{Address, Remote, Token},
};
use tokio::{net::TcpListener, select, sync::watch, task::JoinHandle, time::interval};
use tracing_subscriber::EnvFilter;

use super::{log_filter::log_filter, system};

/// Between two lines of progress in a log.
const PROGRESS: Duration = Duration::from_secs(10);

/// The way to the server.
#[derive(Debug, Args)]
pub(super) struct Way {
    /// The server: host:8080, or wss://host under TLS
    #[arg(long, value_name = "ADDRESS", env = "MONTI_CONNECT")]
    #[arg(default_value = "127.0.0.1:8080")]
    pub(super) connect: Address,

    /// The file whose first line is the token, of role simulator; without it MONTI_TOKEN is the token
    #[arg(long, value_name = "FILE", env = "MONTI_TOKEN_FILE")]
    token_file: Option<PathBuf>,

    /// Certificates to trust besides the system's, PEM
    #[arg(long, value_name = "FILE", env = "MONTI_CA")]
    ca: Option<PathBuf>,

    /// Over how many connections: a number, or per-agent
    #[arg(long, value_name = "N", default_value = "1", value_parser = connections)]
    pub(super) connections: Connections,

    /// What the log shows, such as `debug` or `monti_sim=debug,warn`
    #[arg(long, value_name = "FILTER", env = "MONTI_LOG", value_parser = log_filter)]
    log: Option<EnvFilter>,
}

impl Way {
    /// The target, for so many agents.
    pub(super) fn target(&self, agents: u32) -> color_eyre::Result<Target> {
        let text = || std::env::var("MONTI_TOKEN").ok().filter(|text| !text.is_empty());
        let token = self.token_file.clone().map(Token::File).or_else(|| text().map(Token::Text));
        let server = Remote::new(self.connect.clone(), token, self.ca.as_deref())?;
        // What is wrong with a token is told before the server is looked for.
        server.authorization()?;
        Ok(Target { server, connections: self.connections, agents })
    }

    /// Writes the log to standard error from here on.
    pub(super) fn start_log(&self) {
        // A progress line is spoilt by lines that tell the same.
        let default = if io::stderr().is_terminal() { "warn" } else { "info" };
        let filter = self.log.clone().unwrap_or_else(|| EnvFilter::new(default));
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            .with_writer(io::stderr)
            .init();
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
    let count = text.parse::<NonZeroU32>().ok().filter(|count| count.get() <= LINKS_MAX);
    let allowed = || format!("allowed is a number from 1 to {LINKS_MAX}, or per-agent");
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

/// A control port that answers: as long as there is nothing to play, that there is not.
pub(super) struct Stage {
    address: SocketAddr,
    desk: Desk,
    serving: JoinHandle<io::Result<()>>,
    /// Dropped at the end.
    ends: watch::Sender<()>,
}

impl Stage {
    /// Answers on `control` from here on.
    pub(super) fn open(control: TcpListener) -> io::Result<Self> {
        let (address, desk) = (control.local_addr()?, Desk::default());
        tracing::info!(%address, "the control port listens");
        let (ends, mut ended) = watch::channel(());
        let serving = tokio::spawn(control::serve(control, desk.clone(), async move {
            // An error is an end, too.
            let _ = ended.changed().await;
        }));
        Ok(Self { address, desk, serving, ends })
    }

    /// Plays until SIGTERM, ctrl-c or `over`, showing how it goes.
    pub(super) async fn perform(
        self,
        play: Play,
        setup: Setup,
        over: impl Future<Output = ()>,
    ) -> color_eyre::Result<Tally> {
        let shown = tokio::spawn(show(play.progress()));
        self.desk.open(&play, setup);
        print(&format!("control on http://{}\n", self.address))?;
        let told_to_stop = system::told_to_stop()?;
        let played = play.run(async {
            select! {
                () = told_to_stop => {}
                () = over => {}
            }
        });
        let played = played.await;
        drop(self.ends);
        shown.abort();
        // Who asks still is answered; nobody is waited for.
        let _late = tokio::time::timeout(Duration::from_secs(1), self.serving).await;
        Ok(played?)
    }
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
