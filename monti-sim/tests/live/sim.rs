//! A fleet in this process, on the links of a real server.

use std::{net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use monti_core::{Centre, Millis, Timestamp};
use monti_sim::{
    Behaviour, Dice, Durations, Fleet, Hours, Mix, Peak, Rate, Scenario, Staff, Stream,
    control::{self, Desk, Setup},
    live::{self, Connections, LiveError, Progress, Tally, Target},
    remote::{Remote, Token},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, sync::watch, task::JoinHandle, time::timeout};

use crate::{
    http::{self, Answer},
    server::{PATIENCE, Server},
};

/// How people are to be played.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) agents: u32,
    pub(crate) calls_per_minute: f64,
    pub(crate) behaviour: Behaviour,
    pub(crate) connections: Connections,
    pub(crate) token: Option<Token>,
    pub(crate) is_paused: bool,
}

impl Default for Wish {
    /// Twenty agents on one link, and nobody who calls.
    fn default() -> Self {
        Self {
            agents: 20,
            calls_per_minute: 0.0,
            behaviour: Behaviour { answer: seconds(1), ..Behaviour::plain(seconds(10)) },
            connections: one(),
            token: None,
            is_paused: false,
        }
    }
}

/// All agents over one connection.
pub(crate) fn one() -> Connections {
    Connections::Count(NonZeroU32::MIN)
}

pub(crate) fn seconds(seconds: u64) -> Durations {
    Durations::constant(Millis::from_secs(seconds))
}

/// A fleet that plays.
pub(crate) struct Sim {
    progress: watch::Receiver<Progress>,
    stop: oneshot::Sender<()>,
    playing: JoinHandle<Result<Tally, LiveError>>,
    pub(crate) control: SocketAddr,
}

impl Sim {
    pub(crate) async fn start(server: &Server, wish: Wish) -> Self {
        Self::try_start(server, wish).await.unwrap()
    }

    pub(crate) async fn try_start(server: &Server, wish: Wish) -> Result<Self, LiveError> {
        let address = server.address.to_string().parse().unwrap();
        let target = Target {
            server: Remote::new(address, wish.token.clone(), None).unwrap(),
            connections: wish.connections,
            agents: wish.agents,
        };
        let session = timeout(PATIENCE, live::connect(target)).await.expect("a server")?;
        let now = session.now();
        let scenario = Arc::new(scenario(session.centre().clone(), &wish));
        let begin = if wish.is_paused { Fleet::paused } else { Fleet::new };
        let play = session.cast(begin(scenario, Dice::new(1, 0), "sim-", now, Timestamp::MAX));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let control = listener.local_addr().unwrap();
        let setup = Setup {
            version: "test".to_owned(),
            connect: server.address.to_string(),
            connections: "1".to_owned(),
            seed: 1,
            agents: wish.agents,
            scenario: None,
        };
        let desk = Desk::new(&play, setup);
        tokio::spawn(control::serve(listener, desk, std::future::pending()));
        let progress = play.progress();
        let (stop, stopped) = oneshot::channel::<()>();
        let playing = tokio::spawn(play.run(async {
            let _ = stopped.await;
        }));
        Ok(Self { progress, stop, playing, control })
    }

    /// Waits until it is as wanted.
    pub(crate) async fn when(&mut self, wanted: impl FnMut(&Progress) -> bool) -> Progress {
        self.when_within(PATIENCE, wanted).await
    }

    /// Waits until it is as wanted, which may take so long.
    pub(crate) async fn when_within(
        &mut self,
        patience: Duration,
        wanted: impl FnMut(&Progress) -> bool,
    ) -> Progress {
        let waited = timeout(patience, self.progress.wait_for(wanted)).await;
        let waited = waited.map(|progress| progress.expect("it plays").clone());
        waited.unwrap_or_else(|_| panic!("it stays {:?}", *self.progress.borrow()))
    }

    pub(crate) async fn stop(self) -> Tally {
        let _ = self.stop.send(());
        self.playing.await.unwrap().unwrap()
    }

    /// Waits for its own end.
    pub(crate) async fn ended(self) -> Result<Tally, LiveError> {
        timeout(PATIENCE, self.playing).await.expect("an end").unwrap()
    }

    /// Dies: nobody says goodbye.
    pub(crate) fn die(self) {
        self.playing.abort();
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        let (address, method, path) = (self.control, method.to_owned(), path.to_owned());
        let body = body.map(str::to_owned);
        let asked = move || http::request(address, &method, &path, body.as_deref());
        tokio::task::spawn_blocking(asked).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// From now on nobody calls.
    pub(crate) async fn nobody_calls(&self) {
        let control = self.control;
        tokio::task::spawn_blocking(move || nobody_calls(control)).await.unwrap();
    }

    /// A number among its metrics.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let text = self.ask("GET", "/metrics", None).await.body;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("monti_sim_{name} ")));
        line.unwrap_or_else(|| panic!("{name}: {text}")).parse().unwrap()
    }
}

/// From now on nobody calls the centre of the simulator with this control port.
pub(crate) fn nobody_calls(control: SocketAddr) {
    let config = http::request(control, "GET", "/calls/config", None).json();
    let departments = config["departments"].as_object().unwrap().keys();
    let none = |name: &String| (name.clone(), json!({ "callsPerMinute": 0 }));
    let quiet = json!({ "departments": departments.map(none).collect::<Value>() });
    let answer = http::request(control, "PUT", "/calls/config", Some(&quiet.to_string()));
    assert_eq!(answer.status, 200, "{} {config}", answer.body);
}

/// People of the departments of a centre: the agents and the calls in equal parts.
fn scenario(centre: Centre, wish: &Wish) -> Scenario {
    let mut scenario = Scenario::lifelike(centre, wish.agents, Some(wish.calls_per_minute));
    scenario.behaviour.fill(wish.behaviour.clone());
    scenario.peak = Peak::none();
    let departments = scenario.centre.departments().map(|(id, _)| id).collect::<Vec<_>>();
    let count = u32::try_from(departments.len()).unwrap();
    let part = |place: u32| wish.agents / count + u32::from(place < wish.agents % count);
    scenario.staff = (0..)
        .zip(&departments)
        .map(|(place, department)| Staff {
            department: *department,
            agents: part(place),
            queues: None,
            hours: Hours::Always,
            login: None,
        })
        .collect();
    scenario.arrivals = departments
        .iter()
        .map(|department| Stream {
            vqs: Mix::new(
                scenario
                    .centre
                    .department(*department)
                    .unwrap()
                    .queues
                    .iter()
                    .map(|vq| (*vq, 1.0))
                    .collect(),
            )
            .unwrap(),
            priorities: Mix::only(monti_core::Priority::default()),
            rate: Rate::Constant(wish.calls_per_minute * 60.0 / f64::from(count)),
        })
        .collect();
    scenario
}
