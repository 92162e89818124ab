//! `monti-sim run`: people who live in a server's time, until they are told to stop.

use std::{net::SocketAddr, path::PathBuf, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use clap::Args;
use color_eyre::eyre::eyre;
use monti_core::{Timestamp, wire::AGENTS_MAX};
use monti_sim::{Dice, Fleet, Scenario, live};
use tokio::{runtime::Runtime, select};

use super::{
    stage::{self, Stage, Way},
    system, tell_of_calls_beyond,
};

/// In front of every login of an agent that is made up.
pub(super) const PREFIX: &str = "sim-";

/// How many agents there are if nothing else is said.
const AGENTS: u32 = 200;

/// What is to be played.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    way: Way,

    /// How many agents work [default: 200, or the scenario's]
    #[arg(long, value_name = "N", conflicts_with = "scenario")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=i64::from(AGENTS_MAX)))]
    agents: Option<u32>,

    /// How many callers call in a minute of the centre's time [default: as many as occupy the agents
    /// for 85 % of their time, 9 for 200 agents]
    #[arg(long, value_name = "N", value_parser = rate, conflicts_with = "scenario")]
    calls_per_minute: Option<f64>,

    /// A scenario file, TOML, in place of the usual people; docs/scenarios.md explains it. Its centre
    /// has to be the server's
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// Where the control port listens; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS", env = "MONTI_CONTROL", default_value = "127.0.0.1:8081")]
    control: SocketAddr,

    /// What the dice are seeded with [default: another one each time]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,

    /// Waits for POST /start on the control port before anybody works or calls
    #[arg(long)]
    paused: bool,

    /// In front of every login: what the token allows
    #[arg(long, value_name = "TEXT", default_value = PREFIX, value_parser = prefix)]
    prefix: String,

    /// Ends after so long, such as 10m; in real time [default: when it is told to stop]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    stop_after: Option<Duration>,
}

pub(super) fn run(options: Options) -> color_eyre::Result<ExitCode> {
    options.way.start_log();
    system::allow_many_files();
    Runtime::new()?.block_on(play(options))
}

async fn play(options: Options) -> color_eyre::Result<ExitCode> {
    let control = stage::listen(options.control).await?;
    let file = options.scenario.as_deref().map(Scenario::read).transpose()?;
    if let Some(scenario) = &file {
        tell_of_calls_beyond(scenario);
    }
    let agents = file.as_ref().map(Scenario::agents).or(options.agents).unwrap_or(AGENTS);
    let seed = options.seed.or_else(|| file.as_ref().map(|it| it.seed));
    let seed = seed.unwrap_or_else(rand::random);
    let target = options.way.target(agents)?;
    let stage = Stage::open(control)?;
    let mut over = pin!(async {
        match options.stop_after {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    });
    let session = select! {
        session = live::connect(target) => session?,
        () = &mut over => {
            return Err(eyre!("{} was not reached before it was time to stop", options.way.connect));
        }
    };
    let (now, centre) = (session.now(), session.centre().clone());
    let mut scenario = match file {
        Some(scenario) => scenario.at(now, centre)?,
        None => Scenario {
            opens_at: now,
            closes_at: Timestamp::MAX,
            ..Scenario::lifelike(centre, agents, options.calls_per_minute)
        },
    };
    scenario.seed = seed;
    let clock_speed = session.clock_speed();
    tracing::info!(server = %options.way.connect, seed, agents, clock_speed, "playing");
    let closes_at = scenario.closes_at;
    let scenario = Arc::new(scenario);
    let dice = Dice::new(seed, 0);
    let begin = if options.paused { Fleet::paused } else { Fleet::new };
    let fleet = begin(scenario, dice, &options.prefix, now, closes_at);
    let setup = options.way.setup(seed, agents, options.scenario.as_deref());
    let tally = stage.perform(session.cast(fleet), setup, over).await?;
    tracing::info!(
        answered = tally.answered,
        completed = tally.completed,
        errors = tally.errors.values().sum::<u64>(),
        links_lost = tally.links_lost,
        "ended"
    );
    Ok(ExitCode::SUCCESS)
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1_000_000.0).contains(rate));
    rate.ok_or_else(|| "allowed is a number from 0 to 1000000".to_owned())
}

pub(super) fn prefix(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (text.len() <= 20 && text.bytes().all(is_allowed))
        .then(|| text.to_owned())
        .ok_or_else(|| "allowed are up to 20 characters out of A-Z, a-z, 0-9, '.', '_', '-'".into())
}

fn duration(text: &str) -> Result<Duration, String> {
    let time = monti_core::parse_duration(text).map_err(|error| error.to_string())?;
    Ok(Duration::from_millis(time.get()))
}
