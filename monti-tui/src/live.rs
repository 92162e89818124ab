//! The centre as it is told, second by second, and how old that is.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use monti_core::{
    ClockSpeed, Millis, Timestamp,
    wire::{
        ACTIVITY_EVENTS_MAX, Activity, ActivityEvent, ErrorMessage, PROTOCOL,
        WallboardServerMessage, Welcome,
    },
};

use crate::{
    board::{Board, Change, Gap, History},
    message::{End, LinkEvent},
    scrub::{self, Names},
};

/// The server tells something each second. Silence for so long is said.
const LATE_AFTER: Duration = Duration::from_millis(2_500);

/// Silence for so long makes what is shown the past.
const STALE_AFTER: Duration = Duration::from_secs(10);

/// What was missed is asked for again after so long without an answer.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// A server that starts again goes on from where its clock left off, and the clocks of two machines
/// that stand in for each other differ by a second or so. A clock that would need longer than this to
/// come to what was told already is another one, and its centre is another that is called alike.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(10);

/// What is so of a server that is connected and has not told its state.
const SAYS_NOTHING: &str = "connected, and the server has told nothing yet";

/// The most events that are kept.
const ACTIVITY_MAX: usize = 5_000;

/// How much of what is shown can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// There was no connection yet, or it has not said anything yet.
    Connecting,
    /// What is shown is what is.
    Live,
    /// The server has said nothing for so long, or not all of it; it may have.
    Late(Millis),
    /// The server has said nothing for so long, or not all of it: nothing shown can be relied on.
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

/// Something that happened in the centre, or that nothing was told for a time.
#[derive(Debug, Clone)]
pub struct Happening {
    /// No other has this number.
    pub number: u64,
    /// When the server told of it.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum What {
    /// Something in the centre.
    Event(ActivityEvent),
    /// Something that is not known: from then on not all was told.
    Silence(Timestamp),
    /// Something that may not be known: as much was told at once as is at most.
    More,
}

/// The link, as the wallboard knows it.
#[derive(Debug)]
enum Link {
    Connecting,
    Up,
    Down { retry_at: Duration, reason: String },
    Ended(End),
}

/// What the server told, and when.
#[derive(Debug)]
pub struct Live {
    board: Option<Board>,
    history: History,
    activity: VecDeque<Happening>,
    /// How many happenings there were.
    happened: u64,
    clock_speed: ClockSpeed,
    link: Link,
    /// Why the link was last down, until the state after it is whole.
    lost: Option<String>,
    /// When it went down, by this program's clock; attempts that failed since do not count.
    lost_at: Option<Duration>,
    /// The centre's last moment that is surely known in whole: what followed it has begun to come.
    whole_until: Option<Timestamp>,
    /// That moment, once the server has fallen silent or something was missed, until all is told.
    silent_since: Option<Timestamp>,
    /// When the server last told a second, by this program's clock.
    heard_at: Option<Duration>,
    /// The newest second that was told over this link.
    told_tick: Option<u64>,
    /// Since when something that was missed is awaited, by this program's clock.
    missing_since: Option<Duration>,
    /// When it was last asked for.
    asked_at: Duration,
    /// Whether the server speaks another protocol: nothing that it says is understood.
    is_foreign: bool,
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
    /// The server speaks another protocol, in words.
    Foreign(String),
    /// The recording cannot be read on, in words.
    Faulty(String),
    /// The server shows a centre, and none was known.
    First,
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
            happened: 0,
            clock_speed: ClockSpeed::default(),
            link: Link::Connecting,
            lost: None,
            lost_at: None,
            whole_until: None,
            silent_since: None,
            heard_at: None,
            told_tick: None,
            missing_since: None,
            asked_at: Duration::ZERO,
            is_foreign: false,
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

    /// What happened, newest first.
    pub fn activity(&self) -> impl Iterator<Item = &Happening> {
        self.activity.iter().rev()
    }

    /// Whether how things were at `moment` is known at `at`: not within a silence, be it over or not.
    pub fn is_known_at(&self, moment: Timestamp, at: Duration) -> bool {
        let is_told = self.board.as_ref().is_some_and(|board| moment <= board.now());
        self.history.is_known_at(moment)
            && self.silent_since.is_none_or(|since| moment <= since)
            && (is_told || self.freshness(at).is_current())
    }

    /// What is waited for while there is nothing, in words.
    pub fn awaited(&self) -> &'static str {
        match self.link {
            Link::Up => SAYS_NOTHING,
            Link::Connecting | Link::Down { .. } | Link::Ended(_) => "waiting for the server",
        }
    }

    /// How the recording ended, if it was one and did.
    pub fn end(&self) -> Option<&End> {
        match &self.link {
            Link::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// How much of it can be relied on at `at`.
    pub fn freshness(&self, at: Duration) -> Freshness {
        let whole_at = self.missing_since.or(self.heard_at);
        let silence = whole_at.map(|whole_at| at.saturating_sub(whole_at));
        let age = silence.map(Millis::from);
        let lost = |retry_at: Option<Duration>, reason: &str| Freshness::Lost {
            age,
            retry_in: retry_at.map(|retry| retry.saturating_sub(at).into()),
            reason: reason.to_owned(),
        };
        match (&self.link, &self.lost) {
            (Link::Down { retry_at, reason }, _) => lost(Some(*retry_at), reason),
            (Link::Ended(end), _) => lost(None, &end.to_string()),
            (Link::Connecting | Link::Up, Some(reason)) => lost(None, reason),
            (Link::Connecting, None) => Freshness::Connecting,
            (Link::Up, None) => match (age, silence) {
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

    /// How long ago, in the centre's time, `moment` is at `at`: the time of a silence counts.
    pub fn since(&self, moment: Timestamp, at: Duration) -> Millis {
        let told = self.board.as_ref().map_or(moment, Board::now);
        let silence = self.heard_at.map_or(Duration::ZERO, |heard| at.saturating_sub(heard));
        (told + self.clock_speed.centre(silence)).since(moment)
    }

    /// The centre's time at `at`, from the server's clock: it runs on between what the server
    /// tells, and stands still once that cannot be relied on.
    pub fn now(&self, at: Duration) -> Option<Timestamp> {
        let told = self.board.as_ref()?.now();
        let heard = self.heard_at?;
        // The state of before a loss stays as it was.
        let end = self.lost_at.map_or(at, |lost| lost.min(at));
        let run = end.saturating_sub(heard).min(STALE_AFTER);
        Some(told + self.clock_speed.centre(run))
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
            (Link::Down { .. }, None) => Some(at + second),
            _ => None,
        }
    }

    /// Whether what was missed is to be asked for at `at`: at once, and again while it is not told.
    pub(crate) fn asks_again(&mut self, at: Duration) -> bool {
        let is_due = matches!(self.link, Link::Up)
            && self.missing_since.is_some()
            && at.saturating_sub(self.asked_at) >= ASK_AGAIN_AFTER;
        if is_due {
            self.asked_at = at;
        }
        is_due
    }

    /// Takes in what the link tells.
    pub(crate) fn handle(&mut self, at: Duration, event: LinkEvent) -> Heard {
        match event {
            LinkEvent::Connecting => self.link = Link::Connecting,
            LinkEvent::Up => {
                self.link = Link::Up;
                // Why there was no connection is why no longer.
                if let Some(reason) = &mut self.lost {
                    SAYS_NOTHING.clone_into(reason);
                }
            }
            LinkEvent::Down { reason, retry_after } => {
                let reason = scrub::text(&reason);
                self.lose(at, reason.clone());
                self.link = Link::Down { retry_at: at + retry_after, reason };
            }
            LinkEvent::Ended(end) => return self.end_recording(at, end),
            LinkEvent::Heard(message) => return self.hear(at, *message),
        }
        Heard::Fine
    }

    fn end_recording(&mut self, at: Duration, end: End) -> Heard {
        self.lose(at, end.to_string());
        let (end, heard) = match end {
            End::Over => (End::Over, Heard::Fine),
            End::Faulty(words) => {
                let words = scrub::text(&words);
                (End::Faulty(words.clone()), Heard::Faulty(words))
            }
        };
        self.link = Link::Ended(end);
        heard
    }

    fn hear(&mut self, at: Duration, message: WallboardServerMessage) -> Heard {
        if self.heard_at.is_some_and(|heard| at.saturating_sub(heard) >= STALE_AFTER) {
            self.fall_silent(None);
        }
        let Some(board) = self.board.as_mut().filter(|_| !self.is_foreign) else {
            return match message {
                WallboardServerMessage::Welcome(welcome) => self.greet(at, &welcome),
                _ => Heard::Fine,
            };
        };
        let before = board.is_whole().then(|| board.now());
        let change = match message {
            WallboardServerMessage::Welcome(welcome) => return self.greet(at, &welcome),
            WallboardServerMessage::Error(error) => return Heard::Error(Box::new(error)),
            WallboardServerMessage::Activity(activity) => {
                self.keep(activity);
                return Heard::Fine;
            }
            WallboardServerMessage::Health(health) => {
                let change = Change::Health(Arc::new(health));
                self.history.record(board, &change);
                board.apply(&change);
                return Heard::Fine;
            }
            WallboardServerMessage::Tick(tick) => {
                board.pass(tick.timestamp);
                self.told_tick = Some(tick.tick);
                None
            }
            WallboardServerMessage::DepartmentOverview(overview) => {
                let skips = self.told_tick.is_some_and(|told| overview.tick > told + 1);
                if let Some(before) = before.filter(|_| skips) {
                    // All of the second before was told; of those between nothing will be.
                    self.whole_until = Some(before);
                    self.silent_since.get_or_insert(before);
                }
                self.told_tick = Some(overview.tick);
                Change::of_overview(board, overview, self.names)
            }
            WallboardServerMessage::VqOverview(overview) => Change::of_queues(board, overview),
            WallboardServerMessage::DepartmentDelta(delta) => {
                match Change::of_delta(board, delta, self.names) {
                    Ok(change) => change,
                    Err(Gap { since }) => {
                        board.expect_full();
                        self.missing_since.get_or_insert(at);
                        self.asked_at = at;
                        self.fall_silent(Some(since));
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
        let now = board.now();
        match before {
            // A second is told in several messages; the first of the next one says that it is over.
            Some(before) if before < now => self.whole_until = Some(before),
            None if board.is_whole() => self.whole_until = Some(now),
            _ => {}
        }
        if board.is_whole() {
            (self.lost, self.lost_at, self.missing_since) = (None, None, None);
            if let Some(since) = self.silent_since.take() {
                let silence = Change::Silence { from: since, to: now };
                self.history.record(board, &silence);
                board.apply(&silence);
                self.history.record_gap(since, now);
                self.keep_silence(since, now);
            }
        }
        Heard::Fine
    }

    /// What is shown is of before, for this reason.
    fn lose(&mut self, at: Duration, reason: String) {
        self.lost = Some(reason);
        self.lost_at.get_or_insert(at);
        self.missing_since = None;
        self.fall_silent(None);
    }

    /// From the last moment that is known on nothing is; at the latest from `since` on.
    fn fall_silent(&mut self, since: Option<Timestamp>) {
        let whole_until = self.whole_until.or_else(|| Some(self.board.as_ref()?.now()));
        let moments = [self.silent_since, whole_until, since];
        self.silent_since = moments.into_iter().flatten().min();
    }

    fn greet(&mut self, at: Duration, welcome: &Welcome) -> Heard {
        self.is_foreign = welcome.protocol != PROTOCOL;
        self.told_tick = None;
        if self.is_foreign {
            let protocol = welcome.protocol;
            let words =
                format!("the server speaks protocol {protocol}; this program speaks {PROTOCOL}");
            self.lose(at, words.clone());
            return Heard::Foreign(words);
        }
        let speed = ClockSpeed::new(welcome.clock_speed);
        self.clock_speed = speed;
        let goes_on = |board: &Board| {
            let behind = board.now().since(welcome.server_time);
            board.is_of(welcome) && speed.real(behind) <= CAUGHT_UP_WITHIN
        };
        match &mut self.board {
            Some(board) if goes_on(board) => board.expect_full(),
            board => {
                let before = board.replace(Board::new(welcome));
                self.history.clear();
                self.activity.clear();
                (self.lost, self.lost_at, self.missing_since) = (None, None, None);
                (self.whole_until, self.silent_since) = (None, None);
                self.heard_at = None;
                return before.map_or(Heard::First, |_| Heard::Another);
            }
        }
        Heard::Fine
    }

    fn keep(&mut self, activity: Activity) {
        // Of more the newest are told.
        if activity.events.len() >= ACTIVITY_EVENTS_MAX {
            let more = self.happening(activity.timestamp, What::More);
            self.activity.push_back(more);
        }
        for event in activity.events {
            let happening = self.happening(activity.timestamp, What::Event(event));
            self.activity.push_back(happening);
        }
        let surplus = self.activity.len().saturating_sub(ACTIVITY_MAX);
        self.activity.drain(..surplus);
    }

    /// Keeps that not all was told between two moments, among what was told before and after.
    fn keep_silence(&mut self, from: Timestamp, to: Timestamp) {
        let place = self.activity.partition_point(|happening| happening.at <= from);
        if from < to {
            let silence = self.happening(to, What::Silence(from));
            self.activity.insert(place, silence);
        }
    }

    fn happening(&mut self, at: Timestamp, what: What) -> Happening {
        self.happened += 1;
        Happening { number: self.happened, at, what }
    }
}
