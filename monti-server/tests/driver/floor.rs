//! A centre at work, for tests: a driver over a folder, time that passes when it is told to, and
//! links that are channels.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use monti_core::{
    AgentState, CallId,
    wire::{AgentClientMessage, AgentServerMessage, ErrorMessage},
};
use monti_server::{
    assembly::{self, Time},
    centre_file::CentreFile,
    clock::Clock,
    driver::{Driver, Feed, View, World},
    inbox::{Arrival, Grant, LinkId, Request, Role},
    observations::Observations,
    recovery::RecoveryError,
    store::{Store, StoreError, StoreOptions},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    runtime,
    sync::{mpsc, oneshot},
};

use crate::{
    SECOND,
    faulty::{Faulty, Switch},
    machine::Machine,
};

/// What most of the tests begin at: a Thursday morning in winter.
pub(crate) const MORNING: &str = "2026-01-29T08:00:00Z";

/// A small reserve, so that making it takes no time.
pub(crate) const OPTIONS: StoreOptions = StoreOptions { reserve_bytes: 64 << 10, ..options() };

const fn options() -> StoreOptions {
    StoreOptions { sync: monti_server::store::SyncMode::Full, has_sink: false, reserve_bytes: 0 }
}

/// The test's end of a link.
pub(crate) struct Link {
    pub(crate) id: LinkId,
    receiver: mpsc::Receiver<Box<AgentServerMessage>>,
}

impl Link {
    /// All that the link was sent since it was last asked.
    pub(crate) fn heard(&mut self) -> Vec<Value> {
        let messages = std::iter::from_fn(|| self.receiver.try_recv().ok());
        messages.map(|message| serde_json::to_value(message).unwrap()).collect()
    }

    /// The types of what it was sent.
    pub(crate) fn heard_types(&mut self) -> Vec<String> {
        self.heard().iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect()
    }

    /// The only message that it was sent.
    pub(crate) fn heard_one(&mut self) -> Value {
        let mut heard = self.heard();
        assert_eq!(heard.len(), 1, "{heard:#?}");
        heard.remove(0)
    }

    /// Whether the driver has given it up.
    pub(crate) fn is_closed(&self) -> bool {
        self.receiver.is_closed()
    }
}

/// A centre at work.
pub(crate) struct Floor {
    pub(crate) driver: Driver<Faulty>,
    pub(crate) feed: Feed,
    pub(crate) clock: Arc<Clock>,
    pub(crate) machine: Machine,
    pub(crate) switch: Switch,
    pub(crate) observations: Arc<Observations>,
    pub(crate) folder: Arc<TempDir>,
    next_link: u64,
}

impl Floor {
    /// The default centre, in an empty folder.
    pub(crate) fn new() -> Self {
        Self::with_centre(&CentreFile::default(), MORNING)
    }

    pub(crate) fn with_centre(centre: &CentreFile, moment: &str) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        Self::open(folder, centre, Machine::at(moment)).unwrap()
    }

    /// What is in a folder goes on.
    pub(crate) fn open(
        folder: Arc<TempDir>,
        centre: &CentreFile,
        machine: Machine,
    ) -> Result<Self, RecoveryError> {
        let store = Store::open(folder.path(), OPTIONS)?;
        Self::of_store(store, folder, centre, machine)
    }

    pub(crate) fn of_store(
        store: Store,
        folder: Arc<TempDir>,
        centre: &CentreFile,
        machine: Machine,
    ) -> Result<Self, RecoveryError> {
        Self::of_faulty(store, Switch::default(), folder, centre, (machine, 1.0))
    }

    /// The default centre goes on at another speed, from what is in a folder.
    pub(crate) fn at_speed(speed: f64, folder: Arc<TempDir>, machine: Machine) -> Self {
        let store = Store::open(folder.path(), OPTIONS).unwrap();
        let (switch, centre) = (Switch::default(), CentreFile::default());
        Self::of_faulty(store, switch, folder, &centre, (machine, speed)).unwrap()
    }

    fn of_faulty(
        store: Store,
        switch: Switch,
        folder: Arc<TempDir>,
        centre: &CentreFile,
        (machine, speed): (Machine, f64),
    ) -> Result<Self, RecoveryError> {
        let time = Time { source: Box::new(machine.clone()), speed };
        let keep = |store| Faulty::new(store, switch.clone());
        let (driver, feed, world) = assembly::driver(store, keep, centre.clone(), time)?;
        let World { clock, observations, .. } = world;
        let next_link = u64::try_from(clock.now().as_millis()).unwrap();
        Ok(Self { driver, feed, clock, machine, switch, observations, folder, next_link })
    }

    /// The power goes: what is on the disk now is all there is. It comes back after `downtime`.
    pub(crate) fn crash(self, downtime: Duration) -> Self {
        let folder = self.disk_now();
        self.machine.pass(downtime);
        let machine = self.machine.clone();
        Self::open(folder, &CentreFile::default(), machine).unwrap()
    }

    /// The same, and when the power comes back there is no room for a reserve.
    pub(crate) fn crash_onto_a_full_disk(self) -> Self {
        let (folder, switch) = (self.disk_now(), Switch::default());
        switch.set_reserve(false);
        let store = Store::open(folder.path(), OPTIONS).unwrap();
        let centre = CentreFile::default();
        Self::of_faulty(store, switch, folder, &centre, (self.machine, 1.0)).unwrap()
    }

    /// A copy of what is on the disk at this moment, the unfinished included.
    pub(crate) fn disk_now(&self) -> Arc<TempDir> {
        let copy = TempDir::new().unwrap();
        for file in ["monti.db", "monti.db-wal"] {
            let from = self.folder.path().join(file);
            if from.exists() {
                std::fs::copy(from, copy.path().join(file)).unwrap();
            }
        }
        Arc::new(copy)
    }

    /// The server is stopped as it should be, and started again after `downtime`.
    pub(crate) fn restart(self, downtime: Duration) -> Self {
        let (folder, machine) = (self.folder, self.machine);
        self.driver.shut_down().unwrap();
        machine.pass(downtime);
        Self::open(folder, &CentreFile::default(), machine).unwrap()
    }

    /// Opens a link of a simulator that may do everything.
    pub(crate) fn link(&mut self) -> Link {
        self.link_of(Role::Simulator, None, 1_000)
    }

    pub(crate) fn link_of(&mut self, role: Role, agents: Option<&str>, capacity: usize) -> Link {
        let id = LinkId(self.next_link);
        self.next_link += 1;
        let (sender, receiver) = mpsc::channel(capacity);
        let agents = agents.map(str::to_owned);
        let grant = Arc::new(Grant { name: "test".to_owned(), role, agents });
        self.request(Request::LinkOpened { link: id, sender, grant });
        Link { id, receiver }
    }

    /// One message over a link, in a group of its own.
    pub(crate) fn say(&mut self, link: &Link, message: Value) {
        self.turn([says(link, message)]);
    }

    /// The same, and the only thing that the link hears then.
    pub(crate) fn ask(&mut self, link: &mut Link, message: Value) -> Value {
        self.say(link, message);
        link.heard_one()
    }

    pub(crate) fn close(&mut self, link: Link) {
        self.request(Request::LinkClosed { link: link.id });
    }

    pub(crate) fn request(&mut self, request: Request) {
        self.turn([request]);
    }

    /// A group of requests.
    pub(crate) fn turn(&mut self, requests: impl IntoIterator<Item = Request>) {
        self.try_turn(requests).unwrap();
    }

    pub(crate) fn try_turn(
        &mut self,
        requests: impl IntoIterator<Item = Request>,
    ) -> Result<(), StoreError> {
        let at = Instant::now();
        self.driver.turn(requests.into_iter().map(|request| Arrival { request, at }))?;
        self.check();
        Ok(())
    }

    /// Lets time pass as it does for the driver's thread: it wakes up whenever it wants to.
    pub(crate) fn pass(&mut self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let nap = self.driver.patience().clamp(Duration::from_millis(1), left);
            self.machine.pass(nap);
            left -= nap;
            self.turn([]);
        }
    }

    /// Asks with a channel for the answer.
    pub(crate) fn answer<T>(
        &mut self,
        request: impl FnOnce(oneshot::Sender<Result<T, ErrorMessage>>) -> Request,
    ) -> Result<T, Box<ErrorMessage>> {
        let (answer, mut answered) = oneshot::channel();
        self.request(request(answer));
        answered.try_recv().unwrap().map_err(Box::new)
    }

    /// Registers agents of `sales`, `sim-1` and so on, over a link.
    pub(crate) fn staff(&mut self, link: &mut Link, agents: std::ops::RangeInclusive<usize>) {
        for number in agents {
            let reply = self.ask(link, register(&format!("sim-{number}")));
            assert_eq!(reply["type"], "registered", "{reply}");
        }
    }

    /// Brings a call of `sales_general` that has to wait or rings elsewhere.
    pub(crate) fn call(&mut self, link: &mut Link, key: &str) -> CallId {
        self.say(link, incoming(key));
        let queued = link.heard().into_iter().find(|it| it["type"] == "call_queued").unwrap();
        id(&queued["callId"])
    }

    pub(crate) fn state(&self, login: &str) -> AgentState {
        let engine = self.driver.engine();
        engine.agent(engine.find_agent(login).unwrap()).unwrap().state
    }

    /// What holds always.
    fn check(&self) {
        let engine = self.driver.engine();
        for (vq, _) in engine.centre().queues() {
            assert!(engine.queue(vq).unwrap().is_conserved());
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// A second passes, and the wallboards are told.
    pub(crate) fn second(&mut self) {
        self.settle();
        self.pass(SECOND);
        self.settle();
    }

    /// Waits until the feed has made its frame of the last tick.
    pub(crate) fn settle(&self) {
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        let mut watcher = self.feed.watch(View::default());
        while self.feed.newest().tick() < self.driver.last_tick() {
            runtime.block_on(watcher.next()).unwrap();
        }
    }
}

pub(crate) fn says(link: &Link, message: Value) -> Request {
    let message = AgentClientMessage::parse(&message.to_string()).unwrap();
    Request::LinkMessage { link: link.id, message: Ok(message) }
}

pub(crate) fn register(login: &str) -> Value {
    json!({"type": "register", "agentId": login, "department": "sales"})
}

pub(crate) fn incoming(key: &str) -> Value {
    json!({"type": "incoming_call", "requestId": key, "vq": "sales_general"})
}

/// What an agent does with a call.
pub(crate) fn act(what: &str, login: &str, call: CallId) -> Value {
    json!({"type": what, "agentId": login, "callId": call})
}

pub(crate) fn id(call: &Value) -> CallId {
    call.as_str().unwrap().parse().unwrap()
}

/// The rows of a table, as another program would count them.
pub(crate) fn rows(folder: &Path, sql: &str) -> i64 {
    let file = rusqlite::Connection::open(folder.join("monti.db")).unwrap();
    file.query_row(sql, [], |row| row.get(0)).unwrap()
}
