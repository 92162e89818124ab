//! `monti-sim replay`: real days, in virtual time or live.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{ArgMatches, Args, parser::ValueSource};
use color_eyre::eyre::{WrapErr as _, eyre};
use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};
use monti_core::{Centre, Millis};
use monti_sim::{
    Calendar, Dice, Fleet, Scenario, files,
    live::{self, Session},
    print::print,
    replay::{
        self, Format, Recording,
        casting::{Casting, dates},
        comparison::compare,
        queue_map::{QueueMap, own_centre_file},
    },
    study::Effort,
};
use tokio::{runtime::Runtime, select};

use super::{
    processors,
    stage::{self, Stage, Way},
    system,
};

/// In the bank's data customers of priority 2 join the queue as if they had waited 90 seconds.
const BANK_HEAD_START_SECS: u64 = 45;

/// How long the last callers of a day are waited for after its end, in the centre's time: nobody
/// whose agents have all gone home is waited for for ever.
const LAST_CALLS: Millis = Millis::from_secs(60 * 60);

/// Remarks on refused and on corrected lines that are shown, of each kind.
const REMARKS_SHOWN: usize = 20;

/// What is to be played, and where.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The recording; docs/replay.md explains the formats
    file: PathBuf,

    /// How it is written
    #[arg(long, value_name = "FORMAT")]
    format: Format,

    /// Which virtual queue stands for which recorded queue, TOML [default: the one of the same name]
    #[arg(long, value_name = "FILE")]
    queues: Option<PathBuf>,

    /// The time zone of the recording, of its local times and of its dates, such as Europe/Berlin
    /// [default: the one of --centre, else UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    time_zone: Option<TimeZone>,

    /// Shows every refused and every corrected line
    #[arg(long)]
    all_remarks: bool,

    /// What the dice for all that is not recorded are seeded with
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,

    /// Plays all days in virtual time, and shows the observed figures next to the simulated ones
    #[arg(long, conflicts_with = "date")]
    study: bool,

    /// Prints a centre file of the recorded queues, for a server to play them live, and ends
    #[arg(long, conflicts_with_all = ["study", "date"])]
    print_centre: bool,

    /// With --study: the centre file [default: a centre of the recorded queues]
    #[arg(long, value_name = "FILE", requires = "study")]
    centre: Option<PathBuf>,

    /// With --study: how often it is played
    #[arg(long, value_name = "N", default_value = "20", requires = "study")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: u32,

    /// With --study: shows each date, not only the weekdays
    #[arg(long, requires = "study")]
    days: bool,

    /// With --study: prints JSON instead of a table
    #[arg(long, requires = "study")]
    json: bool,

    #[command(flatten)]
    way: Way,

    /// Live: the date to play [default: the first]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,

    /// Live: the local time to begin at [default: when the first agent comes]
    #[arg(long, value_name = "HH:MM", value_parser = time, conflicts_with = "study")]
    from: Option<Time>,

    /// Live: where the control port listens; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS", env = "MONTI_CONTROL", default_value = "127.0.0.1:8081")]
    control: SocketAddr,

    /// Live: in front of every login: what the token allows
    #[arg(long, value_name = "TEXT", default_value = super::run::PREFIX)]
    #[arg(value_parser = super::run::prefix)]
    prefix: String,
}

impl Options {
    /// Why a server makes no sense: nothing is played live. One that is named in the environment is
    /// for other times, and passed over.
    pub(super) fn conflict(&self, matches: &ArgMatches) -> Option<String> {
        let is_given = matches.value_source("connect") == Some(ValueSource::CommandLine);
        let offline = match self {
            Self { study: true, .. } => "--study",
            Self { print_centre: true, .. } => "--print-centre",
            _ => return None,
        };
        is_given.then(|| format!("the argument '{offline}' cannot be used with '--connect'"))
    }
}

pub(super) fn run(options: Options) -> color_eyre::Result<ExitCode> {
    let centre = options.centre.as_deref().map(read_centre).transpose()?;
    let zone = recorded_zone(&options, centre.as_ref())?;
    let recording = replay::read(&options.file, options.format, &zone);
    let recording = recording.wrap_err_with(|| options.file.display().to_string())?;
    account(&recording, options.all_remarks);
    if recording.calls.is_empty() {
        return Err(eyre!("{}: no calls", options.file.display()));
    }
    if options.print_centre {
        print(&own_centre_file(&recording, &zone, head_start_secs(&options)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let answered = recording.answered();
    if answered > 0 && recording.mean_service().is_none() {
        return Err(eyre!(
            "{}: none of the {answered} calls that were answered says how long it was served, so that \
             nobody knows when agents were there, or how long they talk; at least one has to: in a \
             csv in seconds in the column service_seconds, in a queue-log by a COMPLETEAGENT or \
             COMPLETECALLER",
            options.file.display()
        ));
    }
    if answered > 0 && recording.agents.is_empty() {
        return Err(eyre!(
            "{}: none of the {answered} calls that were answered says who answered it, so that nobody \
             knows when agents were there; in a csv the column agent says it",
            options.file.display()
        ));
    }
    let map = match &options.queues {
        Some(file) => {
            let text = files::read_text(file).wrap_err_with(|| file.display().to_string())?;
            QueueMap::parse(&text).wrap_err_with(|| file.display().to_string())?
        }
        None => QueueMap::default(),
    };
    let agents = u32::try_from(recording.agents.len())?;
    let cast = |centre| Casting::new(recording, &zone, centre, map, head_start_secs(&options));
    if options.study {
        return study(&cast(centre)?, &options);
    }
    options.way.start_log();
    system::allow_many_files();
    Runtime::new()?.block_on(async {
        let control = stage::listen(options.control).await?;
        let target = options.way.target(agents)?;
        let stage = Stage::open(control)?;
        let session = live::connect(target).await?;
        let casting = cast(Some(session.centre().clone()))?;
        play(&casting, session, stage, &options).await
    })
}

fn read_centre(file: &Path) -> color_eyre::Result<Centre> {
    let text = files::read_text(file).wrap_err_with(|| file.display().to_string())?;
    let centre = Centre::from_toml(&text, Calendar::knows);
    centre.wrap_err_with(|| file.display().to_string())
}

/// The time zone of the recording. In a study the centre has to have the same: its days are compared
/// with the recording's.
fn recorded_zone(options: &Options, centre: Option<&Centre>) -> color_eyre::Result<TimeZone> {
    let centres = centre.map(|centre| zone(centre.time_zone())).transpose();
    let centres = centres.map_err(|problem| eyre!("--centre: {problem}"))?;
    match (&options.time_zone, centres) {
        (Some(own), Some(centres)) if *own != centres => Err(eyre!(
            "--time-zone: allowed is the one of --centre, {}: their days are compared",
            centres.iana_name().unwrap_or_default()
        )),
        (Some(own), _) => Ok(own.clone()),
        (None, centres) => Ok(centres.unwrap_or(TimeZone::UTC)),
    }
}

/// Says what became of the lines: nothing is dropped in silence.
fn account(recording: &Recording, all: bool) {
    let account = &recording.account;
    eprintln!(
        "{} lines, {} calls of {} agents in {} queues",
        account.lines,
        recording.calls.len(),
        recording.agents.len(),
        recording.queues.len()
    );
    for (what, count) in &account.set_aside {
        eprintln!("  {count} lines are set aside: {what}");
    }
    for (refused, lines, what) in [
        (true, account.refused(), "refused"),
        (false, account.corrected(), "used with a correction"),
    ] {
        let remarks = account.remarks.iter().filter(|remark| remark.refused == refused);
        let remarks = remarks.collect::<Vec<_>>();
        if !remarks.is_empty() {
            eprintln!("  {lines} lines are {what}:");
        }
        let shown = if all { remarks.len() } else { REMARKS_SHOWN };
        for remark in remarks.iter().take(shown) {
            eprintln!("    line {}: {}", remark.line, remark.reason);
        }
        if let Some(left) = remarks.len().checked_sub(shown).filter(|left| *left > 0) {
            eprintln!("    and {left} remarks more, which --all-remarks shows");
        }
    }
}

fn study(casting: &Casting, options: &Options) -> color_eyre::Result<ExitCode> {
    let effort = Effort { replications: options.replications, threads: processors() };
    let comparison = compare(casting, effort, options.seed);
    let comparison = comparison.ok_or_else(|| eyre!("nothing to play"))?;
    let text = if options.json {
        serde_json::to_string_pretty(&comparison)? + "\n"
    } else {
        let (staff, patience) = (casting.staff(), casting.patience().mean());
        let secs = |time: Option<Millis>| {
            time.map_or_else(|| "-".to_owned(), |it| format!("{:.0} s", it.as_secs_f64()))
        };
        format!(
            "Agents were there for {:.0} hours; estimated from all days: patience {} in the mean, \
             not free after a call for {}.\n{}",
            staff.hours(),
            secs(patience),
            secs(staff.after_call.mean()),
            comparison.table(options.days)
        )
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn head_start_secs(options: &Options) -> Option<u64> {
    (options.format == Format::AnonymousBank).then_some(BANK_HEAD_START_SECS)
}

async fn play(
    casting: &Casting,
    session: Session,
    stage: Stage,
    options: &Options,
) -> color_eyre::Result<ExitCode> {
    let (now, centre) = (session.now(), session.centre().clone());
    let scenario = day(casting, options)?.at(now, centre)?;
    let (closes_at, agents) = (scenario.closes_at, scenario.agents());
    let calls = scenario.calls.len();
    tracing::info!(server = %options.way.connect, calls, agents, "playing");
    let dice = Dice::new(scenario.seed, 0);
    let fleet = Fleet::new(Arc::new(scenario), dice, &options.prefix, now, closes_at);
    let setup = options.way.setup(options.seed, agents, Some(&options.file));
    let day_ends = session.until(closes_at);
    let last_calls_end = session.until(closes_at + LAST_CALLS);
    let play = session.cast(fleet);
    let (mut progress, ended) = (play.progress(), play.progress());
    // The day is over when its time is, or when everybody who was to call has and all have gone home.
    // Who called by then is served to the end.
    let over = async {
        let all_gone =
            progress.wait_for(|it| it.planned_calls == 0 && it.live_calls == 0 && it.agents.0 == 0);
        select! {
            () = day_ends => {}
            _ = all_gone => {}
        }
        let all_served = async {
            // What is known is up to a second old: who called in it is served, too.
            progress.mark_unchanged();
            let _ended = progress.changed().await;
            let _ended = progress.wait_for(|it| it.live_calls == 0).await;
        };
        select! {
            () = last_calls_end => {}
            () = all_served => {}
        }
    };
    let tally = stage.perform(play, setup, over).await?;
    let ended = ended.borrow();
    if ended.passed_over > 0 {
        eprintln!("{} calls came while it was stopped and are not played", ended.passed_over);
    }
    tracing::info!(
        calls = ended.calls,
        answered = tally.answered,
        completed = tally.completed,
        abandoned = ended.abandoned,
        live = ended.live_calls,
        errors = ended.errors,
        "ended"
    );
    Ok(ExitCode::SUCCESS)
}

/// One recorded date, from the time on at which it is to begin.
fn day(casting: &Casting, options: &Options) -> color_eyre::Result<Scenario> {
    let dates = dates(casting);
    let date = options.date.or_else(|| dates.first().copied()).unwrap_or_default();
    let scenario = casting.scenario((date, date), &options.prefix, options.seed, 0);
    let mut scenario = scenario.ok_or_else(|| {
        let (first, last) = (dates.first().copied(), dates.last().copied());
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        eyre!(
            "--date {date}: no calls came then; {} dates from {first} to {last} have some",
            dates.len()
        )
    })?;
    let opens_at = match options.from {
        Some(time) => casting.calendar().moment(date.to_datetime(time)),
        None => {
            let hours = scenario.staff.iter().filter_map(|staff| staff.hours.begin());
            hours.min().unwrap_or(scenario.opens_at)
        }
    };
    scenario.opens_at = opens_at;
    scenario.counts_from = opens_at;
    let early = scenario.calls.partition_point(|call| call.at < opens_at);
    if early > 0 {
        let begin = casting.calendar().local(opens_at).strftime("%H:%M:%S");
        eprintln!("{early} calls of {date} came before {begin} and are not played");
    }
    scenario.calls = scenario.calls[early..].into();
    Ok(scenario)
}

fn date(text: &str) -> Result<Date, String> {
    Calendar::date(text).ok_or_else(|| "allowed is a date, such as 2026-01-29".into())
}

fn time(text: &str) -> Result<Time, String> {
    Calendar::time_of_day(text).ok_or_else(|| "allowed is a time of the day, such as 08:00".into())
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "allowed is the IANA name of a time zone, such as UTC".into())
}
