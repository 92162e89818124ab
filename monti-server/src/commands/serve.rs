//! `monti-server` alone: serves, until it is told to stop.

mod records;

use std::{
    fs, io, panic,
    path::Path,
    process::{self, ExitCode},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use color_eyre::eyre::{WrapErr as _, bail};
use monti_server::{
    auth::Access,
    centre_file::CentreFile,
    clock::{Clock, SystemTimeSource, TimeSource},
    config::{DynamoArgs, Folders, ServeOptions},
    driver::{self, Driver, World},
    history::DynamoHistory,
    http::{self, Desk, Door, History, Limits, Services},
    inbox::{INBOX_CAPACITY, Inbox, Outlet, inbox},
    logs,
    observations::Observations,
    outbox::{self, Writer},
    recovery::recover,
    store::{Store, StoreOptions},
    tls,
    ws::{self, Links, Pace},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::TcpListener,
    runtime::{Handle, Runtime},
    select,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use self::records::{Reach, Running};

/// How long the driver may take to finish what it has taken in, and for its last snapshot.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the links' peers may take to say goodbye after that.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

pub(super) fn run(
    folders: &Folders,
    options: &ServeOptions,
    dynamo: &DynamoArgs,
) -> color_eyre::Result<ExitCode> {
    logs::start(options.log_format, &options.log).wrap_err("--log")?;
    die_of_panics();
    allow_many_connections();
    let centre = read_centre(options.centre.as_deref())?;
    let access = Access::open(&folders.tokens()?, folders.asks_for_tokens())?;
    access.check(options.listen)?;
    let tls =
        options.tls().map(|(certificate, key)| tls::acceptor(certificate, key)).transpose()?;
    let runtime = Runtime::new()?;
    let _entered = runtime.enter();
    let told_to_stop = told_to_stop()?;
    let listener = runtime
        .block_on(TcpListener::bind(options.listen))
        .wrap_err_with(|| format!("cannot listen on {}", options.listen))?;

    let tables = dynamo.chosen(options.store);
    let sink = tables.map(|tables| runtime.block_on(Reach::open(&tables))).transpose()?;
    let core = start(&folders.data()?, options, centre, sink)?;
    announce(&listener, tls.is_some())?;
    runtime.block_on(serve(&core, listener, tls, access, told_to_stop));
    let code = finish(core.driver)?;
    let writer = core.writer.map(Running::stop);
    runtime.block_on(say_goodbye(&core.links));
    if writer.is_some_and(|writer| writer.join().is_err()) {
        tracing::warn!("the writer of records did not end well; the next start goes on with them");
    }
    Ok(code)
}

/// Answers until the server is told to stop.
async fn serve(
    core: &Core,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    access: Access,
    told_to_stop: impl Future<Output = ()>,
) {
    let services = Arc::new(Services {
        desk: Desk::new(core.inbox.clone(), Arc::clone(&core.clock)),
        history: Arc::clone(&core.history),
        access,
        observations: Arc::clone(&core.observations),
    });
    let door = Door {
        router: http::router(services, ws::router(Arc::clone(&core.links))),
        tls,
        observations: Arc::clone(&core.observations),
        limits: Limits::default(),
    };
    let stopping = async {
        told_to_stop.await;
        tracing::info!("stopping");
        core.observations.set_accepting(false);
        core.inbox.stop();
    };
    http::serve(listener, door, stopping).await;
}

/// Raises the number of files that may be open, each connection being one, to the most that the
/// system allows this process: what it allows at first is often 1,024.
fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, open = limit.current, "few files may be open at once");
    }
}

fn read_centre(file: Option<&Path>) -> color_eyre::Result<CentreFile> {
    let Some(file) = file else { return Ok(CentreFile::default()) };
    let text = fs::read_to_string(file).wrap_err_with(|| file.display().to_string())?;
    CentreFile::parse(&text).wrap_err_with(|| file.display().to_string())
}

/// Says where the server is, for people and for the program that started it.
fn announce(listener: &TcpListener, has_tls: bool) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !has_tls && !address.ip().is_loopback() {
        tracing::warn!("without TLS tokens and callers' numbers can be read on the way here");
    }
    let scheme = if has_tls { "https" } else { "http" };
    println!("listening on {scheme}://{address}");
    tracing::info!(%address, tls = has_tls, "serving");
    Ok(())
}

/// The driver and the ways to it.
struct Core {
    inbox: Inbox,
    driver: JoinHandle<()>,
    clock: Arc<Clock>,
    observations: Arc<Observations>,
    history: Arc<dyn History>,
    links: Arc<Links>,
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
    let store_options =
        StoreOptions { sync: options.sync, has_sink: sink.is_some(), ..StoreOptions::default() };
    let mut store = Store::open(folder, store_options).wrap_err_with(in_folder)?;
    let local = store.history().wrap_err_with(in_folder)?;
    let outboxes = [store.outbox(), store.outbox()];
    let source = Box::new(SystemTimeSource::default());
    let recovered = recover(&mut store, &centre, source.wall()).wrap_err_with(in_folder)?;
    let clock = Arc::new(Clock::start(source, options.clock_speed, recovered.engine.now()));
    let observations = Arc::new(Observations::new(Arc::clone(&clock)));
    let world =
        World { centre, clock: Arc::clone(&clock), observations: Arc::clone(&observations) };
    let (driver, feed) = Driver::open(store, recovered, world.clone()).wrap_err_with(in_folder)?;
    let (inbox, outlet) = inbox(INBOX_CAPACITY, clock.now());
    let links = Arc::new(Links::new(inbox.clone(), feed, world, Pace::default()));
    let thread = thread::Builder::new().name("driver".to_owned());
    let driver = thread.spawn(move || drive(driver, &outlet))?;
    let (history, writer): (Arc<dyn History>, _) = match sink {
        None => (Arc::new(local), None),
        Some(Reach { reads, writes }) => {
            let [outbox, gauge] = outboxes.map(|outbox| outbox.wrap_err_with(in_folder));
            let writer = Writer {
                outbox: outbox?,
                gauge: gauge?,
                sink: writes,
                pace: outbox::Pace::default(),
                clock: Arc::clone(&clock),
                observations: Arc::clone(&observations),
            };
            let history = DynamoHistory::new(reads, local, Handle::current());
            (Arc::new(history), Some(Running::start(writer)?))
        }
    };
    Ok(Core { inbox, driver, clock, observations, history, links, writer })
}

/// The driver's thread. When the store fails in a way that does not pass, the process ends at
/// once: nobody may be told anything that may not be durable.
fn drive(driver: Driver<Store>, outlet: &Outlet) {
    if let Err(error) = driver::run(driver, outlet) {
        tracing::error!(%error, "the store failed; the server ends, and its next start recovers");
        process::exit(1);
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

/// Waits for the driver's last commit and snapshot.
fn finish(driver: JoinHandle<()>) -> color_eyre::Result<ExitCode> {
    let (done, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || done.send(driver.join()));
    match is_done.recv_timeout(STOP_TIMEOUT) {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(_)) | Err(_) => bail!(
            "the driver did not finish within {} s; the next start recovers",
            STOP_TIMEOUT.as_secs()
        ),
    }
}

/// Waits until the links have told their peers that the server stops: they do so once the driver
/// is done.
async fn say_goodbye(links: &Links) {
    if timeout(FAREWELL_TIMEOUT, links.closed()).await.is_err() {
        tracing::warn!("links that did not say goodbye in time are closed");
    }
}
