//! A whole server for a test: sockets and engine are real, time stands still until it is moved,
//! and what is kept of the past is what the test says.

mod driver;
mod past;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::{Extension, Router, routing::get};
use monti_core::{
    AgentId, BusinessDay, CallId, Centre, Day, DepartmentId, Engine, Input, Priority, Registered,
    Registration, Reply, SettableState, Timestamp, VqId,
};
use monti_server::{
    auth::Access,
    clock::{Clock, TimeSource},
    config::LogFormat,
    http::{self, AnyRole, Desk, Door, Limits, Seat, Services},
    inbox::{Inbox, Role, inbox},
    logs,
    observations::Observations,
};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use self::driver::Driver;
pub(crate) use self::past::Past;
use crate::{client::Client, front, logged::Log, machine::Machine, tokens::add_tokens};

/// A running server.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) observations: Arc<Observations>,
    pub(crate) log: Log,
    pub(crate) inbox: Inbox,
    engine: Arc<Mutex<Engine>>,
    machine: Machine,
    secrets: Vec<(Role, String)>,
    stop: Option<oneshot::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    folder: TempDir,
}

/// How a world is to be; the default is one without tokens.
#[derive(Default)]
pub(crate) struct Wish {
    pub(crate) with_tokens: bool,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) limits: Limits,
    pub(crate) past: Past,
}

impl World {
    /// A server without tokens, to which everything is allowed.
    pub(crate) fn open() -> Self {
        Self::of(Wish::default())
    }

    /// A server with a token for each role.
    pub(crate) fn with_tokens() -> Self {
        Self::of(Wish { with_tokens: true, ..Wish::default() })
    }

    pub(crate) fn of(wish: Wish) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.jsonl");
        let secrets = if wish.with_tokens { add_tokens(&file) } else { Vec::new() };
        let machine = Machine::at("2026-01-29T09:00:00Z");
        let clock = Arc::new(Clock::start(Box::new(machine.clone()), 1.0, Timestamp::MIN));
        let observations = Arc::new(Observations::new(Arc::clone(&clock)));
        observations.set_accepting(true);
        let engine = Arc::new(Mutex::new(Engine::new(Centre::default(), clock.now(), today())));
        let (inbox, outlet) = inbox(64, clock.now());
        let services = Arc::new(Services {
            desk: Desk::new(inbox.clone(), Arc::clone(&clock)),
            history: Arc::new(wish.past),
            access: Access::open(&file, false).unwrap(),
            observations: Arc::clone(&observations),
        });
        let door = Door {
            router: http::router(services, links()),
            tls: wish.tls,
            observations: Arc::clone(&observations),
            limits: wish.limits,
        };
        let driver = Driver { engine: Arc::clone(&engine), outlet, clock };
        let beats = Arc::clone(&observations);
        let log = Log::default();
        let (stop, stopped) = oneshot::channel();
        let logged = log.clone();
        let lines = logs::subscriber(LogFormat::Json, "trace".into(), move || logged.clone());
        let (address, front) = front::open(async move |listener| {
            // Of the thread, on which all of it is.
            let _logging = tracing::subscriber::set_default(lines);
            let stopped = async {
                let _ = stopped.await;
            };
            http::serve(listener, door, stopped).await;
        });
        let threads = vec![thread::spawn(move || driver.run(&beats)), front];
        let stop = Some(stop);
        Self { address, observations, log, inbox, engine, machine, secrets, stop, threads, folder }
    }

    /// The tokens' file.
    pub(crate) fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens.jsonl")
    }

    /// Somebody without a token.
    pub(crate) fn anyone(&self) -> Client {
        Client { address: self.address, token: None }
    }

    /// Somebody with a token of `role`.
    pub(crate) fn with(&self, role: Role) -> Client {
        let secret = self.secrets.iter().find(|(other, _)| *other == role);
        Client { address: self.address, token: Some(secret.expect("a token").1.clone()) }
    }

    /// The engine, while nobody else has it: no question is answered meanwhile.
    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: u64) {
        self.machine.pass(Duration::from_secs(seconds));
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.machine.wall()
    }

    /// Has something happen in the centre.
    pub(crate) fn happen(&self, input: Input) -> Reply {
        self.engine().handle_input(self.now(), input).unwrap()
    }

    /// Logs in an agent of the first department, Sales, who then is available.
    pub(crate) fn log_in(&self, login: &str) -> AgentId {
        let registration = Registration {
            login: login.parse().unwrap(),
            department: DepartmentId(0),
            queues: None,
            name: None,
            location: None,
            team: None,
            state: SettableState::Available,
            auto_answer: true,
            current_call: None,
        };
        match self.happen(Input::Register(Box::new(registration))) {
            Reply::Registered(Registered { agent, .. }) => agent,
            other => panic!("{other:?}"),
        }
    }

    /// Brings a call of the caller +49301234567 to the first queue, sales_general.
    pub(crate) fn call(&self) -> CallId {
        let call = Input::Call {
            vq: VqId(0),
            priority: Priority::default(),
            caller: Some("+49301234567".parse().unwrap()),
            request: None,
            origin: None,
        };
        match self.happen(call) {
            Reply::Queued(queued) => queued.call,
            other => panic!("{other:?}"),
        }
    }

    /// Stops the server, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.inbox.stop();
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.stop();
        }
    }
}

/// What stands for the links, whose handlers are elsewhere: tells who somebody is.
fn links() -> Router<Arc<Services>> {
    let who = |AnyRole(grant): AnyRole, _: Extension<Seat>| async move { grant.name.clone() };
    Router::new().route("/link", get(who))
}

/// The date on which tests take place.
pub(crate) fn today() -> BusinessDay {
    BusinessDay {
        day: day(29),
        starts_at: "2026-01-29T00:00:00Z".parse().unwrap(),
        ends_at: "2026-01-30T00:00:00Z".parse().unwrap(),
    }
}

/// A day of January 2026.
pub(crate) fn day(day: i8) -> Day {
    Day::new(2026, 1, day).unwrap()
}
