//! One task owns the fleet: hears what the links say, and sees to what people do.

mod answers;
mod desk;
mod held;
mod injections;
mod resuming;
mod ringing;
mod sending;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use monti_core::{
    CallId, Centre, LoginId, Timestamp,
    wire::{AgentServerMessage, CentreInfo},
};
use tokio::{
    select,
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use self::{held::Held, injections::Injections, resuming::Resuming, ringing::Ringing};
use super::{
    LiveError, Progress, Tally,
    clock::CentreClock,
    link::{LinkEvent, LinkNo},
    links::Links,
    mirror,
    requests::{Asked, Requests},
    retries::Retries,
};
use crate::{AgentNo, CallerId, Fleet, OtherCentre, remote::Address};

/// Events that are seen to before anything else is.
const BATCH: usize = 256;

/// A question to the conductor, or an order.
pub(crate) type Question = Box<dyn FnOnce(&mut Conductor) + Send>;

/// The fleet and its links.
pub(crate) struct Conductor {
    fleet: Fleet,
    server: Address,
    centre: Arc<Centre>,
    /// The same, as it was told last.
    told: CentreInfo,
    clock: CentreClock,
    /// The clock, for those who wait for a moment.
    clocks: watch::Sender<CentreClock>,
    links: Links,
    requests: Requests,
    tally: Tally,
    /// When it was started last; `None` while it is stopped.
    started_at: Option<Timestamp>,
    /// Everybody's login, by number, and the other way round.
    logins: Vec<LoginId>,
    agents: HashMap<LoginId, AgentNo>,
    /// Who talks to whom.
    talking: HashMap<AgentNo, CallId>,
    /// Those of them who have ended the call, which was not acknowledged yet, or not even said.
    completing: HashMap<AgentNo, CallId>,
    /// What rings where.
    ringing: HashMap<AgentNo, Ringing>,
    registering: Registering,
    /// What agents have to say again, and what they want to say after it.
    held: HashMap<AgentNo, Held>,
    /// How many things agents have done.
    acts: u64,
    retries: Retries<Again>,
    /// Callers who hung up while there was no link to say so, by the link that will.
    hang_ups: BTreeMap<u32, Vec<CallId>>,
    resuming: Resuming,
    injections: Injections,
    /// Why all is over, once it is.
    refusal: Option<LiveError>,
}

/// Something to be tried again.
#[derive(Debug)]
enum Again {
    Register(AgentNo),
    Act(AgentNo),
    HangUp(CallId),
    /// A caller whose call is to be told to another link than it was.
    Call(CallerId),
    /// A caller of whom it is not known whether anybody talks to it.
    Unsure(CallId),
}

/// Agents on their way in: so many at once on each link that the server's inbox has room for
/// others still.
#[derive(Debug, Default)]
struct Registering {
    asked: HashMap<u32, usize>,
    waiting: HashMap<u32, VecDeque<AgentNo>>,
}

impl Conductor {
    pub(super) fn new(
        fleet: Fleet,
        server: Address,
        centre: Arc<Centre>,
        clocks: watch::Sender<CentreClock>,
        links: Links,
    ) -> Self {
        let clock = *clocks.borrow();
        let started_at = fleet.is_running().then(|| clock.now());
        let mut conductor = Self {
            fleet,
            server,
            told: CentreInfo::new(&centre),
            centre,
            clock,
            clocks,
            links,
            requests: Requests::default(),
            tally: Tally::default(),
            started_at,
            logins: Vec::new(),
            agents: HashMap::new(),
            talking: HashMap::new(),
            completing: HashMap::new(),
            ringing: HashMap::new(),
            registering: Registering::default(),
            held: HashMap::new(),
            acts: 0,
            retries: Retries::default(),
            hang_ups: BTreeMap::new(),
            resuming: Resuming::default(),
            injections: Injections::default(),
            refusal: None,
        };
        conductor.welcome_agents();
        conductor
    }

    /// Plays until `over`, or until the server refuses for good or is another centre: then the error
    /// says why.
    pub(crate) async fn run(
        mut self,
        mut questions: mpsc::Receiver<Question>,
        progress: watch::Sender<Progress>,
        over: impl Future<Output = ()>,
    ) -> Result<Tally, LiveError> {
        let mut over = std::pin::pin!(over);
        let mut second = interval(std::time::Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            self.see_to_actions();
            if let Some(refusal) = self.refusal.take() {
                self.links.close().await;
                return Err(refusal);
            }
            let due = self.due();
            select! {
                biased;
                () = &mut over => break,
                _ = second.tick() => drop(progress.send_replace(self.progress())),
                Some(question) = questions.recv() => question(&mut self),
                () = self.links.hear(&mut batch, BATCH) => {
                    for (link, event) in batch.drain(..) {
                        self.hear(link, event);
                        // What follows from it first: the next may be about that.
                        self.see_to_actions();
                    }
                }
                () = sleep_until(due) => self.handle_timeout(),
            }
        }
        progress.send_replace(self.progress());
        self.links.close().await;
        Ok(self.tally)
    }

    /// When something is to be done next.
    fn due(&self) -> Instant {
        let fleet = self.fleet.poll_timeout().map(|moment| self.clock.instant(moment));
        let retry = self.retries.next();
        let far = Instant::now() + std::time::Duration::from_secs(3_600);
        fleet.unwrap_or(far).min(retry.unwrap_or(far))
    }

    fn handle_timeout(&mut self) {
        let now = Instant::now();
        while let Some(again) = self.retries.take_due(now) {
            self.try_again(again);
        }
        self.fleet.handle_timeout(self.clock.now());
    }

    fn hear(&mut self, link: LinkNo, event: LinkEvent) {
        match event {
            LinkEvent::Up(welcome, way) => {
                if let Err(error) = self.look_at(&welcome.centre) {
                    self.refusal.get_or_insert(error);
                    return;
                }
                self.clock.set(&welcome);
                self.clocks.send_replace(self.clock);
                self.links.set_up(link, way);
                self.link_up(link);
            }
            LinkEvent::Said(message) => {
                self.tally.received += 1;
                self.answer(link, message);
            }
            LinkEvent::Unreadable(reason) => {
                tracing::warn!(reason, "the server said something that cannot be read");
                self.tally.unreadable += 1;
            }
            LinkEvent::Down(loss) => {
                tracing::warn!(link = link.0, %loss, "a link is lost");
                self.tally.links_lost += 1;
                self.links.set_down(link);
                self.link_down(link);
            }
            LinkEvent::Failed(reason) => {
                tracing::debug!(link = link.0, reason, "the server cannot be reached");
                self.tally.dials_failed += 1;
            }
            LinkEvent::Refused(reason) => {
                let server = self.server.clone();
                self.refusal.get_or_insert(LiveError::Refused { server, reason });
            }
        }
    }

    /// Looks at the centre of a server that may have been started again. What it wants of its queues
    /// and agents may have changed; with other queues or days people would call and work elsewhere.
    fn look_at(&mut self, told: &CentreInfo) -> Result<(), LiveError> {
        if *told == self.told {
            return Ok(());
        }
        let centre = mirror::centre(told)?;
        OtherCentre::check_queues(&self.centre, &centre)?;
        OtherCentre::check_time_zone(&self.centre, &centre)?;
        self.centre = Arc::new(centre);
        self.told = told.clone();
        Ok(())
    }

    fn answer(&mut self, link: LinkNo, message: AgentServerMessage) {
        match message {
            AgentServerMessage::Welcome(_) => {}
            AgentServerMessage::Registered(registered) => self.registered(link, registered),
            AgentServerMessage::Ack(ack) => self.acknowledged(link, ack),
            AgentServerMessage::CallQueued(queued) => {
                self.queued(queued);
                self.resume_next(link);
            }
            AgentServerMessage::CallAssign(assign) => self.assigned(&assign),
            AgentServerMessage::CallRevoked(revoked) => self.revoked(revoked),
            AgentServerMessage::CallAbandoned(abandoned) => {
                let status = monti_core::CallStatus::Abandoned;
                self.fleet.handle_ended(self.clock.now(), abandoned.call_id, status);
            }
            AgentServerMessage::CallEnded(ended) => {
                self.fleet.handle_ended(self.clock.now(), ended.call_id, ended.outcome);
            }
            AgentServerMessage::ForceEndCall(forced) => {
                if let Some(agent) = self.agents.get(&forced.agent_id).copied() {
                    self.talking.remove(&agent);
                    self.fleet.handle_force_end(self.clock.now(), agent, forced.call_id);
                }
            }
            AgentServerMessage::ForceLogout(forced) => {
                if let Some(agent) = self.agents.get(&forced.agent_id).copied() {
                    self.fleet.handle_logged_out(self.clock.now(), agent);
                }
            }
            AgentServerMessage::Error(error) => self.refused(link, error),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let stats = self.fleet.calls_stats();
        Progress {
            links: (self.links.up(), self.links.len()),
            agents: (self.fleet.connected_agents(), self.fleet.active_agents()),
            calls: stats.calls_made,
            planned_calls: self.fleet.planned_calls(),
            passed_over: self.fleet.passed_over(),
            live_calls: stats.live_calls,
            abandoned: stats.calls_abandoned,
            service_level_percent: self.tally.service_level_percent(stats.calls_abandoned),
            errors: self.tally.errors.values().sum(),
        }
    }

    /// Takes in the agents that are new to the fleet, and opens the links that they need.
    fn welcome_agents(&mut self) {
        for agent in self.fleet.agents().skip(self.logins.len()) {
            let login = self.fleet.registration(agent).login;
            self.logins.push(login.clone());
            self.agents.insert(login, agent);
        }
        self.links.open_for(self.fleet.len());
        let missing = self.fleet.agents().filter(|agent| {
            // Who has no link yet says nothing until it is there.
            !self.links.is_up(self.links.of_agent(*agent))
        });
        for agent in missing.collect::<Vec<_>>() {
            self.fleet.handle_link_lost(agent);
        }
    }
}
