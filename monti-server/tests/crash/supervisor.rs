//! A supervisor that injects calls over REST, and looks at the statistics.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, mpsc},
};

use monti_core::wire::{CallStats, InjectResponse};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use crate::{
    book::{Asked, Book},
    centre::pick_queue,
    link::BEAT,
    rest,
    stage::{Act, Stage},
};

pub(crate) struct Supervisor {
    dice: StdRng,
    book: Arc<Book>,
    last: u32,
    /// What was asked for without an answer, by key.
    unanswered: BTreeMap<u32, Asked>,
    offered: u32,
}

impl Supervisor {
    pub(crate) fn new(seed: u64, book: &Arc<Book>) -> Self {
        let (dice, book) = (StdRng::seed_from_u64(seed), Arc::clone(book));
        Self { dice, book, last: 0, unanswered: BTreeMap::new(), offered: 0 }
    }

    /// Works through all lives of the server. Tells `done` when everything was answered.
    pub(crate) fn work(mut self, stage: &Stage, done: &mpsc::Sender<()>) {
        let mut is_told = false;
        while let Some((address, act)) = stage.next_beat(10 * BEAT) {
            let pending: Vec<_> = self.unanswered.keys().copied().collect();
            pending.into_iter().for_each(|key| self.inject(key, address));
            if act == Act::Work {
                self.ask_for_more(address);
            }
            self.look(address);
            if act == Act::Finish && self.unanswered.is_empty() && !is_told {
                is_told = done.send(()).is_ok();
            }
        }
    }

    fn ask_for_more(&mut self, address: SocketAddr) {
        self.last += 1;
        let asked = Asked {
            caller: format!("+48{:07}", self.last),
            vq: pick_queue(&mut self.dice),
            priority: self.dice.random_range(0..=9),
            count: self.dice.random_range(1..=5),
        };
        self.book.asked(&asked);
        self.unanswered.insert(self.last, asked);
        self.inject(self.last, address);
    }

    fn inject(&mut self, key: u32, address: SocketAddr) {
        let asked = &self.unanswered[&key];
        let body = json!({
            "vq": asked.vq, "callerNumber": asked.caller, "priority": asked.priority,
            "count": asked.count, "requestId": format!("inject.{key}"),
        });
        let path = "/internal/calls/inject";
        match rest::send(address, "POST", path, &body.to_string()) {
            Ok((202, body)) => {
                let told: InjectResponse = serde_json::from_str(&body).unwrap();
                self.book.acknowledged(&asked.caller, &told.calls);
                self.unanswered.remove(&key);
            }
            Ok((503, _)) | Err(_) => {}
            Ok((status, body)) => panic!("{status}: {body}"),
        }
    }

    /// All calls are accounted for at every moment, and none that was shown is there no more.
    fn look(&mut self, address: SocketAddr) {
        let Ok((200, body)) = rest::send(address, "GET", "/internal/calls/stats", "") else {
            return;
        };
        let stats: CallStats = serde_json::from_str(&body).unwrap();
        assert!(stats.total.conserved, "{stats:?}");
        assert!(stats.total.calls_offered >= self.offered, "{} were offered", self.offered);
        self.offered = stats.total.calls_offered;
    }
}
