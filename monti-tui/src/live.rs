//! The centre as it is told, second by second, and how old that is.

use std::{collections::VecDeque, time::Duration};

use monti_core::{
    Millis, Timestamp,
    wire::{Activity, ActivityEvent, ErrorMessage, PROTOCOL, WallboardServerMessage, Welcome},
};

use crate::{
    board::{Board, Change, Gap, History},
    message::LinkEvent,
    scrub::{self, Names},
};

/// The server tells something each second. Silence for so long is said.
pub const LATE_AFTER: Duration = Duration::from_millis(2_500);

/// Silence for so long makes what is shown the past.
pub const STALE_AFTER: Duration = Duration::from_secs(10);

/// The most events that are kept.
const ACTIVITY_MAX: usize = 5_000;

/// How much of what is shown can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// There was no connection yet, or it has not said anything yet.
    Connecting,
    /// What is shown is what is.
    Live,
    /// The server has said nothing for so long; it may have.
    Late(Millis),
    /// The server has said nothing for so long: nothing shown can be relied on.
    Stale(Millis),
    /// There is no connection.
    Lost {
        /// How long ago the server last said something; `None` if it never did.
        age: Option<Millis>,
        /// When the next attempt is made; `None` while one is made, or if none will be.
        retry_in: Option<Millis>,
        /// Why, in words.
        reason: String,
    },
}

impl Freshness {
    /// Whether what is shown is the present.
    pub fn is_current(&self) -> bool {
        matches!(self, Self::Live | Self::Late(_))
    }
}

/// Something that happened in the centre.
#[derive(Debug, Clone)]
pub struct Happening {
    /// When the server told of it.
    pub at: Timestamp,
    /// What.
    pub event: ActivityEvent,
}

/// The link, as the wallboard knows it.
#[derive(Debug)]
enum Link {
    Connecting,
    Up,
    Down { retry_at: Option<Duration>, reason: String },
}

/// What the server told, and when.
#[derive(Debug)]
pub struct Live {
    board: Option<Board>,
    history: History,
    activity: VecDeque<Happening>,
    clock_speed: f64,
    link: Link,
    /// Why the link was last down, until the state after it is whole.
    lost: Option<String>,
    /// When it went down, by this program's clock; attempts that failed since do not count.
    lost_at: Option<Duration>,
    /// The centre's time when the server last told something before it fell silent.
    silent_since: Option<Timestamp>,
    /// When the server last told a second, by this program's clock.
    heard_at: Option<Duration>,
    /// Names as they are to be shown.
    names: Names,
}

/// What came of something that the link told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Something, or nothing, to see.
    Fine,
    /// Something was missed: the full state is needed.
    Gap,
    /// The server says that something was not carried out.
    Error(Box<ErrorMessage>),
    /// The server speaks another protocol: of this number.
    Foreign(u32),
    /// The server shows another centre than was known.
    Another,
}

impl Live {
    /// Nothing was told yet.
    pub(crate) fn new(names: Names) -> Self {
        Self {
            board: None,
            history: History::default(),
            activity: VecDeque::new(),
            clock_speed: 1.0,
            link: Link::Connecting,
            lost: None,
            lost_at: None,
            silent_since: None,
            heard_at: None,
            names,
        }
    }

    /// The newest board, once there is one.
    pub fn board(&self) -> Option<&Board> {
        self.board.as_ref()
    }

    /// The boards before it.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What happened up to `now`, newest first.
    pub fn activity(&self, now: Timestamp) -> impl Iterator<Item = &Happening> {
        self.activity.iter().rev().filter(move |happening| happening.at <= now)
    }

    /// How much of it can be relied on at `at`.
    pub fn freshness(&self, at: Duration) -> Freshness {
        let age = self.heard_at.map(|heard| millis(at.saturating_sub(heard)));
        let lost = |retry_at: Option<Duration>, reason: &str| Freshness::Lost {
            age,
            retry_in: retry_at.map(|retry| millis(retry.saturating_sub(at))),
            reason: reason.to_owned(),
        };
        match (&self.link, &self.lost) {
            (Link::Down { retry_at, reason, .. }, _) => lost(*retry_at, reason),
            (Link::Connecting | Link::Up, Some(reason)) => lost(None, reason),
            (Link::Connecting, None) => Freshness::Connecting,
            (Link::Up, None) => match (age, self.heard_at.map(|heard| at.saturating_sub(heard))) {
                (Some(age), Some(silence)) if silence >= STALE_AFTER => Freshness::Stale(age),
                (Some(age), Some(silence)) if silence >= LATE_AFTER => Freshness::Late(age),
                (Some(age), _) => match &self.board {
                    Some(board) if board.is_whole() => Freshness::Live,
                    // Something was missed, and is asked for.
                    Some(board) if board.is_known() => Freshness::Late(age),
                    _ => Freshness::Connecting,
                },
                _ => Freshness::Connecting,
            },
        }
    }

    /// The centre's time at `at`, from the server's clock: it runs on between what the server
    /// tells, and stands still once that cannot be relied on.
    pub fn now(&self, at: Duration) -> Option<Timestamp> {
        let told = self.board.as_ref()?.now();
        let heard = self.heard_at?;
        // The state of before a loss stays as it was.
        let end = self.lost_at.map_or(at, |lost| lost.min(at));
        let run = end.saturating_sub(heard).min(STALE_AFTER);
        Some(told + scaled(run, self.clock_speed))
    }

    /// When what is shown changes though nothing is told: an age grows, a moment of silence ends.
    pub fn wake_at(&self, at: Duration) -> Option<Duration> {
        let second = Duration::from_secs(1);
        match (&self.link, self.heard_at) {
            (Link::Up, Some(heard)) if at < heard + LATE_AFTER => Some(heard + LATE_AFTER),
            // On whole seconds of the age, so that it does not skip one.
            (_, Some(heard)) => {
                let age = at.saturating_sub(heard);
                Some(heard + Duration::from_secs(age.as_secs()) + second)
            }
            (Link::Down { retry_at: Some(_), .. }, None) => Some(at + second),
            _ => None,
        }
    }

    /// Takes in what the link tells.
    pub(crate) fn handle(&mut self, at: Duration, event: LinkEvent) -> Heard {
        match event {
            LinkEvent::Connecting => self.link = Link::Connecting,
            LinkEvent::Up => self.link = Link::Up,
            LinkEvent::Down { reason, retry_after } => {
                let reason = scrub::text(&reason);
                self.lost = Some(reason.clone());
                self.lost_at.get_or_insert(at);
                self.fall_silent();
                let retry_at = retry_after.map(|after| at + after);
                self.link = Link::Down { retry_at, reason };
            }
            LinkEvent::Heard(message) => return self.hear(at, *message),
        }
        Heard::Fine
    }

    fn hear(&mut self, at: Duration, message: WallboardServerMessage) -> Heard {
        if self.heard_at.is_some_and(|heard| at.saturating_sub(heard) >= STALE_AFTER) {
            self.fall_silent();
        }
        let Some(board) = &mut self.board else {
            return match message {
                WallboardServerMessage::Welcome(welcome) => self.greet(&welcome),
                _ => Heard::Fine,
            };
        };
        let change = match message {
            WallboardServerMessage::Welcome(welcome) => return self.greet(&welcome),
            WallboardServerMessage::Error(error) => return Heard::Error(Box::new(error)),
            WallboardServerMessage::Activity(activity) => {
                self.keep(activity);
                return Heard::Fine;
            }
            WallboardServerMessage::Health(health) => {
                board.set_health(health);
                return Heard::Fine;
            }
            WallboardServerMessage::Tick(tick) => {
                board.pass(tick.timestamp);
                None
            }
            WallboardServerMessage::DepartmentOverview(overview) => {
                Change::of_overview(board, overview, self.names)
            }
            WallboardServerMessage::VqOverview(overview) => Change::of_queues(board, overview),
            WallboardServerMessage::DepartmentDelta(delta) => {
                match Change::of_delta(board, delta, self.names) {
                    Ok(change) => change,
                    Err(Gap) => {
                        board.expect_full();
                        return Heard::Gap;
                    }
                }
            }
        };
        if let Some(change) = change {
            self.history.record(board, &change);
            board.apply(&change);
        }
        self.heard_at = Some(at);
        if board.is_whole() {
            (self.lost, self.lost_at) = (None, None);
            if let Some(since) = self.silent_since.take() {
                self.history.record_gap(since, board.now());
            }
        }
        Heard::Fine
    }

    fn fall_silent(&mut self) {
        let now = self.board.as_ref().map(Board::now);
        self.silent_since = self.silent_since.or(now);
    }

    fn greet(&mut self, welcome: &Welcome) -> Heard {
        if welcome.protocol != PROTOCOL {
            return Heard::Foreign(welcome.protocol);
        }
        self.clock_speed = welcome.clock_speed;
        match &mut self.board {
            Some(board) if board.is_of(welcome) => board.expect_full(),
            board => {
                *board = Some(Board::new(welcome));
                self.history.clear();
                self.activity.clear();
                self.lost = None;
                self.silent_since = None;
                self.heard_at = None;
                return Heard::Another;
            }
        }
        Heard::Fine
    }

    fn keep(&mut self, activity: Activity) {
        let at = activity.timestamp;
        self.activity.extend(activity.events.into_iter().map(|event| Happening { at, event }));
        let surplus = self.activity.len().saturating_sub(ACTIVITY_MAX);
        self.activity.drain(..surplus);
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::new(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// How much of the centre's time passes in `real` time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and a nonsensical speed is no time at all"
)]
fn scaled(real: Duration, speed: f64) -> Millis {
    Millis::new((real.as_secs_f64() * speed * 1_000.0) as u64)
}
