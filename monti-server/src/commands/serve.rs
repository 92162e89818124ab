//! `monti-server` alone: serves, until it is told to stop.

mod records;
#[path = "../../../programs/system.rs"]
mod system;

use std::{
    convert::identity,
    fs, mem,
    net::SocketAddr,
    panic,
    path::Path,
    process::{self, ExitCode},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use color_eyre::eyre::{WrapErr as _, bail};
use monti_server::{
    assembly::{self, Time, Ways},
    auth::Access,
    centre_file::CentreFile,
    clock::SystemTimeSource,
    config::{DynamoArgs, Folders, ServeOptions},
    driver::{self, Driver, Feed, World},
    history::DynamoHistory,
    http::{self, History, Limits},
    inbox::{INBOX_CAPACITY, Outlet},
    logs,
    outbox::{self, Writer},
    print::print,
    recovery::RecoveryError,
    store::{History as LocalHistory, Outbox, Store, StoreError, StoreErrorKind, StoreOptions},
    tls,
    ws::{Links, Pace},
};
use tokio::{
    net::TcpListener,
    runtime::{Handle, Runtime},
    time::timeout_at,
};
use tokio_rustls::TlsAcceptor;

use self::records::{Reach, Running};

/// From the moment at which the server is told to stop: how long the driver may take to finish
/// what it has taken in, and for its last snapshot, while connections finish what they are at.
const STOP_TIMEOUT: Duration = Duration::from_millis(4_200);

/// The same for the links' peers to say goodbye.
const FAREWELL_TIMEOUT: Duration = Duration::from_millis(4_800);

/// What the process ends with when something failed.
const FAILURE: i32 = 1;

/// What it ends with when the disk did not confirm a write: nobody may start it again before the
/// disk was looked after. (`EX_IOERR`; the service's unit knows it.)
const UNCONFIRMED: i32 = 74;

/// Files that are not connections: the store's, the log, the tokens.
const OTHER_FILES: u64 = 64;

pub(super) fn run(
    folders: &Folders,
    options: &ServeOptions,
    dynamo: &DynamoArgs,
) -> color_eyre::Result<ExitCode> {
    logs::start(options.log_format, options.log.clone());
    die_of_panics();
    let connections = allow_many_connections();
    let centre = read_centre(options.centre.as_deref())?;
    let access = Access::open(&folders.tokens()?, folders.asks_for_tokens())?;
    access.check(options.listen)?;
    let tls =
        options.tls().map(|(certificate, key)| tls::acceptor(certificate, key)).transpose()?;
    let runtime = Runtime::new()?;
    let entered = runtime.enter();
    let told_to_stop = system::told_to_stop()?;
    let listener = runtime
        .block_on(TcpListener::bind(options.listen))
        .wrap_err_with(|| format!("cannot listen on {}", options.listen))?;

    let tables = dynamo.chosen(options.store);
    let sink = tables.map(|tables| runtime.block_on(Reach::open(&tables))).transpose()?;
    let core = start(&folders.data()?, options, centre, sink)?;
    announce(listener.local_addr()?, tls.is_some());
    let limits = Limits { connections, ..Limits::default() };
    let told_at = runtime.block_on(serve(&core, listener, tls, access, limits, told_to_stop));
    let finished = finish(core.driver, told_at + STOP_TIMEOUT);
    let writer = core.writer.map(Running::stop);
    runtime.block_on(say_goodbye(&core.ways.links, told_at + FAREWELL_TIMEOUT));
    // A question to the past that is not answered yet holds nobody up. It waits on until the process
    // ends: timers of a runtime that is shut down panic.
    drop(entered);
    mem::forget(runtime);
    if writer.is_some_and(|writer| writer.join().is_err()) {
        tracing::warn!("the writer of records did not end well; the next start goes on with them");
    }
    finished
}

/// Answers until the server is told to stop. Answers when that was.
async fn serve(
    core: &Core,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    access: Access,
    limits: Limits,
    told_to_stop: impl Future<Output = ()>,
) -> Instant {
    let door = core.ways.door(Arc::clone(&core.history), access, tls, limits);
    let mut told_at = Instant::now();
    let stopping = async {
        told_to_stop.await;
        told_at = Instant::now();
        tracing::info!("stopping");
        core.ways.world.observations.set_accepting(false);
        core.ways.inbox.stop();
    };
    http::serve(listener, door, stopping).await;
    told_at
}

/// How many connections there may be, out of as many files as the system allows to be open: those
/// above wait, and never take a file from the store.
fn allow_many_connections() -> usize {
    let (files, most) = (system::allow_many_files(), Limits::default().connections);
    usize::try_from(files.saturating_sub(OTHER_FILES)).map_or(most, |files| files.clamp(1, most))
}

fn read_centre(file: Option<&Path>) -> color_eyre::Result<CentreFile> {
    let Some(file) = file else { return Ok(CentreFile::default()) };
    let text = fs::read_to_string(file).wrap_err_with(|| file.display().to_string())?;
    CentreFile::parse(&text).wrap_err_with(|| file.display().to_string())
}

/// Says where the server is, for people and for the program that started it.
fn announce(address: SocketAddr, has_tls: bool) {
    if !has_tls && !address.ip().is_loopback() {
        tracing::warn!("without TLS tokens and callers' numbers can be read on the way here");
    }
    let scheme = if has_tls { "https" } else { "http" };
    if let Err(error) = print(&format!("listening on {scheme}://{address}\n")) {
        tracing::warn!(%error, "standard output takes nothing");
    }
    tracing::info!(%address, tls = has_tls, "serving");
}

/// The driver and the ways to it.
struct Core {
    ways: Ways,
    driver: JoinHandle<()>,
    history: Arc<dyn History>,
    writer: Option<Running>,
}

/// Recovers what there is, and starts the driver on it.
fn start(
    folder: &Path,
    options: &ServeOptions,
    centre: CentreFile,
    sink: Option<Reach>,
) -> color_eyre::Result<Core> {
    let in_folder = || format!("the data folder {}", folder.display());
    let opened = match open(folder, options, centre, sink.is_some()) {
        Err(RecoveryError::Store(error)) if code_for(&error) != FAILURE => end(&error),
        opened => opened.wrap_err_with(in_folder)?,
    };
    let Opened { driver, feed, world, local, outboxes } = opened;
    let (ways, outlet) = Ways::new(world.clone(), feed, INBOX_CAPACITY, Pace::default())?;
    let thread = thread::Builder::new().name("driver".to_owned());
    let driver = thread.spawn(move || drive(driver, &outlet))?;
    let (history, writer): (Arc<dyn History>, _) = match sink {
        None => (Arc::new(local), None),
        Some(Reach { reads, writes }) => {
            let [outbox, gauge] = outboxes;
            let writer = Writer {
                outbox,
                gauge,
                sink: writes,
                pace: outbox::Pace::default(),
                clock: world.clock,
                observations: Arc::clone(&world.observations),
            };
            let history = DynamoHistory::new(reads, local, Handle::current(), world.observations);
            (Arc::new(history), Some(Running::start(writer)?))
        }
    };
    Ok(Core { ways, driver, history, writer })
}

/// A driver, and those who read and write what it keeps.
struct Opened {
    driver: Driver<Store>,
    feed: Feed,
    world: World,
    local: LocalHistory,
    outboxes: [Outbox; 2],
}

fn open(
    folder: &Path,
    options: &ServeOptions,
    centre: CentreFile,
    has_sink: bool,
) -> Result<Opened, RecoveryError> {
    let store_options = StoreOptions { sync: options.sync, has_sink, ..StoreOptions::default() };
    let store = Store::open(folder, store_options)?;
    let local = store.history()?;
    let outboxes = [store.outbox()?, store.outbox()?];
    let time = Time { source: Box::new(SystemTimeSource), speed: options.clock_speed };
    let (driver, feed, world) = assembly::driver(store, identity, centre, time)?;
    Ok(Opened { driver, feed, world, local, outboxes })
}

/// The driver's thread. When the store fails in a way that does not pass, the process ends at
/// once: nobody may be told anything that may not be durable.
fn drive(driver: Driver<Store>, outlet: &Outlet) {
    if let Err(error) = driver::run(driver, outlet) {
        end(&error);
    }
}

fn end(error: &StoreError) -> ! {
    tracing::error!(%error, "the store failed; the server ends");
    process::exit(code_for(error))
}

/// What the process ends with when the store failed.
fn code_for(error: &StoreError) -> i32 {
    match error.kind() {
        StoreErrorKind::Sync => UNCONFIRMED,
        _ => FAILURE,
    }
}

/// A task that panics leaves something half done: the whole process ends, and says so, and its
/// next start recovers.
fn die_of_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        report(info);
        process::abort();
    }));
}

/// Waits for the driver's last commit and snapshot, no longer than `until`.
fn finish(driver: JoinHandle<()>, until: Instant) -> color_eyre::Result<ExitCode> {
    let (done, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || done.send(driver.join()));
    match is_done.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(_)) | Err(_) => bail!("the driver did not finish in time; the next start recovers"),
    }
}

/// Waits until the links have told their peers that the server stops: they do so once the driver
/// is done.
async fn say_goodbye(links: &Links, until: Instant) {
    if timeout_at(until.into(), links.closed()).await.is_err() {
        tracing::warn!("links that did not say goodbye in time are closed");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        os::unix::process::ExitStatusExt as _,
        process::{Command, Stdio},
    };

    use super::*;

    /// F23 of `docs/faults.md`: systemd does not start it again at once.
    #[test]
    fn a_disk_that_does_not_confirm_has_a_code_of_its_own() {
        let code = |kind| code_for(&StoreError::new(kind, "as the test wants it"));
        assert_eq!(code(StoreErrorKind::Sync), UNCONFIRMED);
        assert_eq!(code(StoreErrorKind::Other), FAILURE);
        let unit = include_str!("../../../packaging/monti-server.service");
        let prevented = format!("\nRestartPreventExitStatus={UNCONFIRMED}\n");
        assert!(unit.contains(&prevented) && unit.contains("\nRestart=on-failure\n"), "{unit}");
    }

    /// F26 of `docs/faults.md`. The test runs itself once more, as the process that ends.
    #[test]
    fn a_thread_that_panics_ends_the_process() {
        const VARIABLE: &str = "MONTI_TEST_PANICS";
        if env::var_os(VARIABLE).is_some() {
            die_of_panics();
            let _ = thread::spawn(|| panic!("half done")).join();
            unreachable!("the process has ended");
        }
        let test = "commands::serve::tests::a_thread_that_panics_ends_the_process";
        let mut itself = Command::new(env::current_exe().expect("this program"));
        itself.args(["--exact", test, "--nocapture"]).env(VARIABLE, "").stdout(Stdio::null());
        let ended = itself.output().expect("a process");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.signal().is_some(), "{:?}: {said}", ended.status);
        assert!(said.contains("half done"), "{said}");
        assert!(!said.contains("the process has ended"), "{said}");
    }
}
