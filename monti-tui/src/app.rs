//! All that is known and shown, and how a message changes it.

mod act;
mod answers;
mod forms;
mod mouse;
mod select;
mod travel;
mod wall;

use std::{collections::BTreeMap, time::Duration};

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use monti_core::{
    Millis, Timestamp,
    wire::{InjectRequest, QueueIntervals},
};
use rand::{SeedableRng, rngs::SmallRng};
use ratatui::layout::Size;

use crate::{
    alerts::{Alert, AlertKey, Alerts, alerts},
    board::Board,
    format::{self, WallClock},
    keymap::{Context, Key, Keymap},
    kiosk,
    layout::{self, Shape},
    live::{Freshness, Heard, Live},
    message::{Effect, Message, Question},
    screen::{Cursor, KioskScreen, Load, Popup, Screen, Table},
    scrub::{self, Names},
    theme::Theme,
};

/// A queue's intervals are asked for again after so long, while they are looked at.
const INTERVALS_AGE_MAX: Duration = Duration::from_secs(30);

/// What is chosen before the program starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// How names of people are shown.
    pub names: Names,
    /// Whether actions are refused.
    pub read_only: bool,
    /// Whether what is told comes from a recording: it is never shown as the present.
    pub recording: bool,
    /// A caller that waits longer is an alert; none is without.
    pub wait_limit: Option<Millis>,
    /// What a wall shows.
    pub kiosk: kiosk::Settings,
    /// What keys do.
    pub keymap: Keymap,
    /// The themes that a key turns through, the first one first; at least one.
    pub themes: Vec<Theme>,
    /// What is dealt out as random: numbers proposed, keys of requests.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            names: Names::Whole,
            read_only: false,
            recording: false,
            wait_limit: None,
            kiosk: kiosk::Settings::default(),
            keymap: Keymap::default(),
            themes: vec![Theme::default()],
            seed: 0,
        }
    }
}

/// All that is known and shown.
#[derive(Debug)]
pub struct App {
    options: Options,
    live: Live,
    clock: WallClock,
    alerts: Alerts,
    /// The days of queues that were asked for.
    intervals: BTreeMap<String, Intervals>,
    /// The board of a moment that is over, if that is shown.
    past: Option<Box<Board>>,
    /// The screen, and those that one came by.
    screens: Vec<Screen>,
    popups: Vec<Popup>,
    /// The agents of the department that the grid shows where it has room for one only.
    single: Table,
    /// What was injected last.
    injected: Option<InjectRequest>,
    /// What may have been injected: its answer was lost.
    unanswered: Option<InjectRequest>,
    theme: usize,
    size: Size,
    /// The program's own clock, when it last changed.
    at: Duration,
    /// When somebody last pressed or clicked anything.
    touched_at: Duration,
    notice: Option<Notice>,
    random: SmallRng,
}

/// Something that was said to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub words: String,
    /// Whether something went wrong.
    pub is_bad: bool,
}

/// A queue's day.
#[derive(Debug)]
struct Intervals {
    asked_at: Duration,
    load: Load<QueueIntervals>,
}

/// What comes of a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Update {
    /// Whether there is anything new to draw.
    pub draw: bool,
    /// What the shell is to do, in this order.
    pub effects: Vec<Effect>,
}

/// Changes `app` by a message at the moment `at` of the program's own clock.
pub fn update(app: &mut App, at: Duration, message: Message) -> Update {
    app.at = app.at.max(at);
    let mut effects = Vec::new();
    let draw = match message {
        Message::Input(event) => app.input(event, &mut effects),
        Message::Link(event) => {
            let heard = app.live.handle(app.at, event);
            app.heard(heard, &mut effects);
            // While a moment of the past is shown, the present shows only in how fresh it is.
            true
        }
        Message::Answer(answer) => app.answered(*answer),
        Message::Wake => true,
    };
    app.settle(&mut effects);
    Update { draw, effects }
}

impl App {
    /// Nothing known yet, on a terminal of this size.
    pub fn new(options: Options, size: Size) -> Self {
        Self {
            live: Live::new(options.names),
            clock: WallClock::of("UTC"),
            alerts: Alerts::new(),
            intervals: BTreeMap::new(),
            past: None,
            screens: Self::first_screens(&options),
            popups: Vec::new(),
            single: Table::default(),
            injected: None,
            unanswered: None,
            theme: 0,
            size,
            at: Duration::ZERO,
            touched_at: Duration::ZERO,
            notice: None,
            random: SmallRng::seed_from_u64(options.seed),
            options,
        }
    }

    fn first_screens(options: &Options) -> Vec<Screen> {
        let grid = Screen::Grid(Cursor::default());
        let kiosk = options.kiosk.start.then(|| Screen::Kiosk(KioskScreen::default()));
        [grid].into_iter().chain(kiosk).collect()
    }

    /// The board that is shown: the newest, or a past one; `None` before there is any.
    pub fn board(&self) -> Option<&Board> {
        self.past.as_deref().or_else(|| self.live.board())
    }

    /// What the server told, and when.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The centre's time that is shown; the start of time before there is any.
    pub fn now(&self) -> Timestamp {
        match &self.past {
            Some(past) => past.now(),
            None => self.live.now(self.at).unwrap_or_default(),
        }
    }

    /// The centre's time now, whatever is shown.
    pub fn present(&self) -> Timestamp {
        self.live.now(self.at).unwrap_or_default()
    }

    /// Whether a moment that is over is shown.
    pub fn is_past(&self) -> bool {
        self.past.is_some()
    }

    /// Whether what is told comes from a recording.
    pub fn is_recording(&self) -> bool {
        self.options.recording
    }

    /// Whether what is shown is what was or is: false for a moment in which the server was silent,
    /// past or present.
    pub fn is_known(&self) -> bool {
        match &self.past {
            Some(past) => self.live.history().is_known_at(past.now()),
            None => self.freshness().is_current(),
        }
    }

    /// How much of the newest board can be relied on.
    pub fn freshness(&self) -> Freshness {
        self.live.freshness(self.at)
    }

    /// The centre's clock.
    pub fn clock(&self) -> &WallClock {
        &self.clock
    }

    /// What is over its limit.
    pub fn alerts(&self) -> &Alerts {
        &self.alerts
    }

    /// A queue's day, once it was asked for.
    pub fn intervals(&self, vq: &str) -> Option<&Load<QueueIntervals>> {
        Some(&self.intervals.get(vq)?.load)
    }

    /// What a wall shows.
    pub fn kiosk(&self) -> &kiosk::Settings {
        &self.options.kiosk
    }

    /// The screen.
    pub fn screen(&self) -> &Screen {
        // The first one is never left.
        &self.screens[self.screens.len() - 1]
    }

    /// The agents of the department that the grid shows where it has room for one only.
    pub(crate) fn single(&self) -> &Table {
        &self.single
    }

    /// What lies over it, the topmost last.
    pub fn popups(&self) -> &[Popup] {
        &self.popups
    }

    /// What things look like.
    pub fn theme(&self) -> &Theme {
        &self.options.themes[self.theme]
    }

    /// What keys do.
    pub fn keymap(&self) -> &Keymap {
        &self.options.keymap
    }

    /// The terminal's size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// What was last said to the reader.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// When a [`Message::Wake`] is due, by the program's own clock; `None` if nothing changes by
    /// itself. To be asked anew after each update.
    pub fn wake_at(&self) -> Option<Duration> {
        [self.live.wake_at(self.at), self.kiosk_wake_at()].into_iter().flatten().min()
    }

    /// Whose keys are asked for now; `None` if they are written as they come.
    pub fn context(&self) -> Option<Context> {
        self.popups.last().map_or_else(|| Some(self.screen().context()), Popup::context)
    }

    fn screen_mut(&mut self) -> &mut Screen {
        let last = self.screens.len() - 1;
        &mut self.screens[last]
    }

    fn say(&mut self, words: impl Into<String>) {
        self.notice = Some(Notice { words: scrub::text(&words.into()), is_bad: false });
    }

    fn warn(&mut self, words: impl Into<String>) {
        self.notice = Some(Notice { words: scrub::text(&words.into()), is_bad: true });
    }

    fn heard(&mut self, heard: Heard, effects: &mut Vec<Effect>) {
        match heard {
            Heard::Fine => {}
            Heard::Gap => effects.push(Effect::Resync),
            Heard::Error(error) => self.warn(format!("the server: {}", error.message)),
            Heard::Foreign(protocol) => {
                self.warn(format!("the server speaks protocol {protocol}; this program speaks 1"));
            }
            Heard::Another => self.start_over(),
        }
    }

    /// The server shows another centre than before: whatever was selected is gone.
    fn start_over(&mut self) {
        let zone = self.live.board().map(|board| board.centre().time_zone.clone());
        self.clock = WallClock::of(zone.as_deref().unwrap_or("UTC"));
        self.alerts = Alerts::new();
        self.intervals.clear();
        self.past = None;
        self.screens = Self::first_screens(&self.options);
        self.popups.clear();
    }

    /// Whether anything came of it that shows.
    fn input(&mut self, event: Event, effects: &mut Vec<Effect>) -> bool {
        if !matches!(event, Event::Resize(..)) {
            self.touched_at = self.at;
        }
        match event {
            // Some terminals tell of releases too. A repeat is a key held, and counts.
            Event::Key(key) if key.kind != KeyEventKind::Release => self.press(key, effects),
            Event::Mouse(event) => self.mouse(event, effects),
            Event::Paste(text) => self.paste(&text),
            Event::Resize(width, height) => {
                self.size = Size::new(width, height);
                true
            }
            _ => false,
        }
    }

    fn press(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
        let had_notice = self.notice.take().is_some();
        let Some(context) = self.context() else { return self.write(key, effects) };
        match self.options.keymap.action(context, Key::from(key)) {
            Some(action) => {
                self.act(action, effects);
                true
            }
            None => had_notice,
        }
    }

    /// Brings what is derived from the board and the screen up to date.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        self.settle_alerts(effects);
        self.settle_kiosk();
        self.settle_screen();
        self.settle_intervals(effects);
    }

    fn settle_alerts(&mut self, effects: &mut Vec<Effect>) {
        // Of a state that is not whole or not current nothing can be said to be over now.
        if self.live.freshness(self.at) != Freshness::Live {
            return;
        }
        let Some(board) = self.live.board() else { return };
        let now = self.present();
        let new = self.alerts.refresh(alerts(board, now, self.options.wait_limit));
        let words = new.iter().map(|alert| Effect::Notify(alert_words(board, now, alert)));
        effects.extend(words.collect::<Vec<_>>());
    }

    /// What is selected stays selected and in view, as far as it is still there.
    fn settle_screen(&mut self) {
        let now = self.now();
        let rows = layout::entries(layout::agents(self), 2);
        let board = self.past.as_deref().or_else(|| self.live.board());
        let screen = self.screens.last_mut();
        let Some((board, screen)) = board.zip(screen) else { return };
        match screen {
            Screen::Department(screen) => {
                let Some(it) = board.departments().get(screen.department) else { return };
                screen.table.refresh(it, now, rows);
                screen.queue = screen.queue.min(it.queues().len().saturating_sub(1));
            }
            Screen::Grid(cursor) if Shape::of(self.size) == Shape::Tabs => {
                let Some(it) = board.departments().get(cursor.department) else { return };
                self.single.refresh(it, now, rows);
            }
            _ => {}
        }
    }

    fn settle_intervals(&mut self, effects: &mut Vec<Effect>) {
        let Some(vq) = self.queue_in_view() else { return };
        let is_fresh = |it: &Intervals| self.at < it.asked_at + INTERVALS_AGE_MAX;
        if !self.freshness().is_current() || self.intervals.get(&vq).is_some_and(is_fresh) {
            return;
        }
        let known = self.intervals.remove(&vq).map(|known| known.load);
        let intervals = Intervals { asked_at: self.at, load: known.unwrap_or(Load::Asked) };
        self.intervals.insert(vq.clone(), intervals);
        effects.push(Effect::Ask(Box::new(Question::Intervals { vq })));
    }

    /// The queue whose day is on the screen.
    fn queue_in_view(&self) -> Option<String> {
        let (department, queue) = match self.screen() {
            Screen::Queue(screen) => (screen.department, screen.queue),
            Screen::Department(screen) => {
                let is_seen = screen.zoomed || Shape::of(self.size) == Shape::Full;
                is_seen.then_some((screen.department, screen.queue))?
            }
            _ => return None,
        };
        let department = self.board()?.departments().get(department)?;
        Some(department.queues().get(queue)?.id().to_owned())
    }
}

/// An alert for people who do not look.
pub(crate) fn alert_words(board: &Board, now: Timestamp, alert: &Alert) -> String {
    let department = board.departments().get(alert.department).map_or("", |it| it.name());
    match &alert.key {
        AlertKey::Wait { vq, since } => {
            let queue = board.queue(vq).map_or(vq.as_str(), |(_, queue)| queue.name());
            let wait = format::duration(now.since(*since));
            format!("{department} {queue}: a caller waits for {wait}")
        }
        AlertKey::Agent { login, acw, .. } => {
            let name = board.agent(login).map_or("", |(_, agent)| agent.name());
            let (what, limit) = match acw {
                true => ("after-call work", board.limits().acw_seconds),
                false => ("a break", board.limits().break_seconds),
            };
            format!("{department}: {name} is in {what} for over {}", format::duration(limit.0))
        }
    }
}
