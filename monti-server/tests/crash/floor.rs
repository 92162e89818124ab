//! All the peers of a server, each on a thread of its own.

use std::{
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    accounts,
    agents::Agents,
    board::Board,
    book::Book,
    callers::Callers,
    centre::DEPARTMENTS,
    found::Found,
    order, recount,
    stage::{Act, Stage},
    supervisor::Supervisor,
};

/// How many agents there are, a quarter of them in each department.
const AGENTS: usize = 2_000;

/// Of how many each link takes care, in turns: some of one, some of many.
const AGENTS_OF_LINKS: [usize; 6] = [1, 250, 2, 60, 1, 10];

/// The gateways, and how many calls all of them bring a second.
const GATEWAYS: [&str; 4] = ["30", "40", "69", "89"];
const CALLS_PER_SECOND: f64 = 200.0;

/// For how long peers may finish what they have begun.
const PATIENCE: Duration = Duration::from_secs(120);

/// The peers at work.
pub(crate) struct Floor {
    stage: Arc<Stage>,
    book: Arc<Book>,
    done: mpsc::Receiver<()>,
    threads: Vec<JoinHandle<()>>,
}

impl Floor {
    /// Lets all peers wait for a server.
    pub(crate) fn open(seed: u64) -> Self {
        let (stage, book) = (Arc::new(Stage::new()), Arc::new(Book::default()));
        let (tell, done) = mpsc::channel();
        let mut floor = Self { stage, book, done, threads: Vec::new() };
        let mut seed = seed;
        let mut next_seed = || {
            seed = seed.wrapping_add(1);
            seed
        };
        let mut logins = (0..AGENTS)
            .map(|number| (format!("agent-{number:04}"), DEPARTMENTS[number % DEPARTMENTS.len()]));
        for of_link in AGENTS_OF_LINKS.into_iter().cycle() {
            let some: Vec<_> = logins.by_ref().take(of_link).collect();
            if some.is_empty() {
                break;
            }
            let agents = Agents::new(some.into_iter(), next_seed(), &floor.book);
            floor.spawn(&tell, |stage, done| stage.play(agents, done));
        }
        for name in GATEWAYS {
            let per_second = CALLS_PER_SECOND / GATEWAYS.len() as f64;
            let callers = Callers::new(name, per_second, next_seed(), &floor.book);
            floor.spawn(&tell, |stage, done| stage.play(callers, done));
        }
        floor.spawn(&tell, |stage, done| stage.play(Board::default(), done));
        let supervisor = Supervisor::new(next_seed(), &floor.book);
        floor.spawn(&tell, |stage, done| supervisor.work(stage, done));
        floor
    }

    fn spawn(
        &mut self,
        tell: &mpsc::Sender<()>,
        play: impl FnOnce(&Stage, &mpsc::Sender<()>) + Send + 'static,
    ) {
        let (stage, tell) = (Arc::clone(&self.stage), tell.clone());
        self.threads.push(thread::spawn(move || play(&stage, &tell)));
    }

    /// A server that was started at `begun` answers at `address`.
    pub(crate) fn serve(&self, address: SocketAddr, begun: Instant) {
        self.stage.begin_life(address, begun);
    }

    /// Fails with whoever found something wrong.
    pub(crate) fn check(&mut self) {
        if let Some(at) = self.threads.iter().position(JoinHandle::is_finished) {
            let thread = self.threads.remove(at);
            thread.join().expect("a peer found something wrong, see above");
            panic!("a peer left");
        }
    }

    /// Lets everybody finish, and looks at all that there is at `address` then.
    pub(crate) fn finish(&mut self, address: SocketAddr) {
        self.stage.call(Act::Finish);
        let until = Instant::now() + PATIENCE;
        for _ in 0..self.threads.len() {
            while self.done.recv_timeout(Duration::from_millis(100)).is_err() {
                self.check();
                assert!(Instant::now() < until, "not everybody could finish");
            }
        }
        self.compare(address);
    }

    /// Holds all that there is at `address` against what was told.
    pub(crate) fn compare(&self, address: SocketAddr) {
        let found = Found::when_quiet(address);
        let facts = self.book.facts();
        println!(
            "{} calls: {} over, {} waiting; {} were told of",
            found.stats.total.calls_offered,
            found.records.len(),
            found.live.len(),
            facts.calls.len()
        );
        accounts::check(&facts, &found);
        order::check(&facts, &found);
        recount::check(&found);
    }

    /// Sends everybody home.
    pub(crate) fn close(self) {
        self.stage.call(Act::Leave);
        for thread in self.threads {
            thread.join().expect("a peer found something wrong, see above");
        }
    }
}
