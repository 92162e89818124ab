//! What all peers know of the server: that it lives, and where; and what is to be done.

use std::{
    net::SocketAddr,
    sync::{Condvar, Mutex, mpsc},
    time::{Duration, Instant},
};

use crate::link::{BEAT, Link};

/// One run of the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    number: u32,
    address: SocketAddr,
    /// A moment before it began.
    begun: Instant,
}

impl Life {
    pub(crate) fn is_even(&self) -> bool {
        self.number.is_multiple_of(2)
    }

    /// Whether a grace that began with this life can be over.
    pub(crate) fn is_older_than_a_grace(&self) -> bool {
        self.begun.elapsed() >= Duration::from_secs(30)
    }
}

/// What peers are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// What callers and agents do.
    Work,
    /// Finish what was begun, and begin nothing.
    Finish,
    /// Nothing more.
    Leave,
}

/// Where it takes place.
#[derive(Debug)]
pub(crate) struct Stage {
    state: Mutex<(Option<Life>, Act)>,
    changed: Condvar,
}

/// A peer of the server.
pub(crate) trait Role {
    /// The path of its link.
    const PATH: &str;

    /// A link is open, the server's first words are not heard yet.
    fn greet(&mut self, link: &mut Link, life: &Life, act: Act);

    /// The server said something.
    fn hear(&mut self, text: &str, link: &mut Link, life: &Life);

    /// A beat has passed.
    fn beat(&mut self, link: &mut Link, act: Act);

    /// The link is gone, and with it whatever was on its way.
    fn lose(&mut self);

    /// Whether nothing is left to finish.
    fn is_done(&self) -> bool;
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new((None, Act::Work)), changed: Condvar::new() }
    }

    /// A server that was started at `begun` answers at `address` from now on.
    pub(crate) fn begin_life(&self, address: SocketAddr, begun: Instant) {
        let mut state = self.state.lock().unwrap();
        let number = state.0.map_or(1, |life| life.number + 1);
        state.0 = Some(Life { number, address, begun });
        self.changed.notify_all();
    }

    pub(crate) fn call(&self, act: Act) {
        self.state.lock().unwrap().1 = act;
        self.changed.notify_all();
    }

    fn act(&self) -> Act {
        self.state.lock().unwrap().1
    }

    /// The life after number `last`, when there is one; `None` when all are to leave.
    fn life_after(&self, last: u32) -> Option<Life> {
        let state = self.state.lock().unwrap();
        let is_not_there = |(life, act): &mut (Option<Life>, Act)| {
            *act != Act::Leave && life.is_none_or(|life| life.number <= last)
        };
        let state = self.changed.wait_while(state, is_not_there).unwrap();
        state.0.filter(|_| state.1 != Act::Leave)
    }

    /// Waits for a beat, and tells where the server is then, if it was started at all; `None` when
    /// all are to leave.
    pub(crate) fn next_beat(&self, beat: Duration) -> Option<(SocketAddr, Act)> {
        let life = self.life_after(0)?;
        let state = self.state.lock().unwrap();
        let stays = |(_, act): &mut (Option<Life>, Act)| *act != Act::Leave;
        let (state, _) = self.changed.wait_timeout_while(state, beat, stays).unwrap();
        let life = state.0.unwrap_or(life);
        (state.1 != Act::Leave).then_some((life.address, state.1))
    }

    /// Plays a role through all lives. Tells `done` once nothing is left to finish.
    pub(crate) fn play<R: Role>(&self, mut role: R, done: &mpsc::Sender<()>) {
        let mut last = 0;
        let mut is_told = false;
        while let Some(life) = self.life_after(last) {
            last = life.number;
            let Some(mut link) = Link::open(life.address, R::PATH) else { continue };
            role.greet(&mut link, &life, self.act());
            let mut beat_at = Instant::now();
            while !link.is_dead() {
                if let Some(text) = link.hear() {
                    role.hear(&text, &mut link, &life);
                }
                if beat_at.elapsed() < BEAT {
                    continue;
                }
                beat_at = Instant::now();
                let act = self.act();
                role.beat(&mut link, act);
                if act == Act::Finish && role.is_done() && !is_told {
                    is_told = done.send(()).is_ok();
                }
                if act == Act::Leave {
                    return;
                }
            }
            role.lose();
        }
    }
}
