//! All that is known and shown, and how a message changes it.

mod act;
mod alert;
mod answers;
mod forms;
mod lists;
mod loads;
mod mouse;
mod select;
mod travel;
mod unattended;

pub(crate) use self::alert::Words;
pub use self::loads::{Known, Quarter};

use std::{collections::BTreeMap, time::Duration};

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use monti_core::{
    Millis, Timestamp,
    wire::{InjectRequest, QueueIntervals},
};
use rand::{SeedableRng, rngs::SmallRng};
use ratatui::layout::Size;

use crate::{
    alerts::{Alert, Alerts},
    board::{Board, Sort},
    filter::Filter,
    format::WallClock,
    keymap::{Action, Binding, Context, Key, Keymap},
    kiosk,
    layout::{self, Shape},
    live::{Freshness, Heard, Live},
    message::{Effect, Message},
    screen::{Cursor, KioskScreen, Load, Popup, Screen, Table},
    scrub::{self, Names},
    theme::Theme,
};

/// How long what was said stays; what went wrong stays longer.
const NOTICE_STAYS: Duration = Duration::from_secs(8);
const WARNING_STAYS: Duration = Duration::from_secs(20);

/// What is chosen before the program starts.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How names of people are shown.
    pub names: Names,
    /// Whether actions are refused.
    pub read_only: bool,
    /// Whether what is told comes from a recording: it is never shown as the present.
    pub recording: bool,
    /// What the agents of a department that is opened are sorted by.
    pub sort: Sort,
    /// Which of them are shown.
    pub filter: Filter,
    /// What a wall shows, and what figures should be wherever they are shown.
    pub kiosk: kiosk::Settings,
    /// What keys do.
    pub keymap: Keymap,
    /// The themes that a key turns through, the first one first; at least one.
    pub themes: Vec<Theme>,
    /// What is dealt out as random: numbers proposed, keys of requests.
    pub seed: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            names: Names::Whole,
            read_only: false,
            recording: false,
            sort: Sort::default(),
            filter: Filter::default(),
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
    setup: Setup,
    live: Live,
    clock: WallClock,
    alerts: Alerts,
    /// The board that they were taken from: its time and version.
    alerts_of: Option<(Timestamp, u64)>,
    /// The days of queues that were asked for.
    intervals: BTreeMap<String, Load<QueueIntervals>>,
    /// A moment that is over, if one is shown.
    past: Option<Box<Past>>,
    /// The screen, and those that one came by.
    screens: Vec<Screen>,
    popups: Vec<Popup>,
    /// The agents of the department that the grid shows where it has room for one only.
    single: Table,
    /// What was injected last.
    injected: Option<InjectRequest>,
    /// What may have been injected: its answer was lost, and there was none since.
    unanswered: Option<InjectRequest>,
    /// The place of the theme that is shown.
    theme: usize,
    /// Whether somebody chose it since the start.
    is_theme_chosen: bool,
    size: Size,
    /// The program's own clock, when it last changed.
    at: Duration,
    /// When somebody last pressed or clicked anything.
    touched_at: Duration,
    notice: Option<Notice>,
    /// When that was said.
    noticed_at: Duration,
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

/// A moment that is over.
#[derive(Debug)]
struct Past {
    board: Board,
    alerts: Vec<Alert>,
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
        Message::Trouble(words) => {
            app.warn(words);
            true
        }
        Message::Themes(themes) => app.wear(themes),
        Message::Wake => true,
    };
    app.settle(&mut effects);
    Update { draw, effects }
}

impl App {
    /// Nothing known yet, on a terminal of this size.
    pub fn new(setup: Setup, size: Size) -> Self {
        Self {
            live: Live::new(setup.names),
            clock: WallClock::of("UTC"),
            alerts: Alerts::new(),
            alerts_of: None,
            intervals: BTreeMap::new(),
            past: None,
            screens: Self::first_screens(&setup),
            popups: Vec::new(),
            single: Table::new(setup.sort, setup.filter.clone()),
            injected: None,
            unanswered: None,
            theme: 0,
            is_theme_chosen: false,
            size,
            at: Duration::ZERO,
            touched_at: Duration::ZERO,
            notice: None,
            noticed_at: Duration::ZERO,
            random: SmallRng::seed_from_u64(setup.seed),
            setup,
        }
    }

    fn first_screens(setup: &Setup) -> Vec<Screen> {
        let grid = Screen::Grid(Cursor::default());
        let kiosk = setup.kiosk.start.then(|| Screen::Kiosk(KioskScreen::default()));
        [grid].into_iter().chain(kiosk).collect()
    }

    /// The board that is shown: the newest, or a past one; `None` before there is any.
    pub fn board(&self) -> Option<&Board> {
        match &self.past {
            Some(past) => Some(&past.board),
            None => self.live.board(),
        }
    }

    /// What the server told, and when.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The centre's time that is shown; the start of time before there is any.
    pub fn now(&self) -> Timestamp {
        match &self.past {
            Some(past) => past.board.now(),
            None => self.live.now(self.at).unwrap_or_default(),
        }
    }

    /// The centre's time now, whatever is shown.
    pub fn present(&self) -> Timestamp {
        self.live.now(self.at).unwrap_or_default()
    }

    /// How long ago the moment is that is shown.
    pub fn ago(&self) -> Millis {
        self.live.since(self.now(), self.at)
    }

    /// Whether a moment that is over is shown.
    pub fn is_past(&self) -> bool {
        self.past.is_some()
    }

    /// Whether what is told comes from a recording.
    pub fn is_recording(&self) -> bool {
        self.setup.recording
    }

    /// Whether what is shown is what was or is: false for a moment in which the server was silent,
    /// past or present.
    pub fn is_known(&self) -> bool {
        match &self.past {
            Some(past) => self.live.is_known_at(past.board.now(), self.at),
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

    /// A queue's day, once it was asked for.
    pub fn intervals(&self, vq: &str) -> Option<&Load<QueueIntervals>> {
        self.intervals.get(vq)
    }

    /// What a wall shows.
    pub fn kiosk(&self) -> &kiosk::Settings {
        &self.setup.kiosk
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

    /// Takes other themes in the place of these: the first, unless one of that name was chosen.
    /// Answers whether there were others.
    fn wear(&mut self, themes: Vec<Theme>) -> bool {
        let is_other = !themes.is_empty() && themes != self.setup.themes;
        if is_other {
            let name = self.theme().name;
            let chosen = themes.iter().position(|theme| self.is_theme_chosen && theme.name == name);
            self.theme = chosen.unwrap_or(0);
            self.setup.themes = themes;
        }
        is_other
    }

    /// How names of people are shown.
    pub fn names(&self) -> Names {
        self.setup.names
    }

    /// What things look like.
    pub fn theme(&self) -> &Theme {
        &self.setup.themes[self.theme]
    }

    /// What keys do.
    pub fn keymap(&self) -> &Keymap {
        &self.setup.keymap
    }

    /// The actions that there is something for: of departments those that there are.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &Binding> {
        let departments = self.board().map_or(0, |board| board.departments().len());
        self.setup.keymap.bindings().iter().filter(move |binding| match binding.action {
            Action::Department(place) => usize::from(place) <= departments,
            _ => true,
        })
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
        let wakes = [self.live.wake_at(self.at), self.kiosk_wake_at(), self.notice_ends_at()];
        wakes.into_iter().flatten().min()
    }

    fn notice_ends_at(&self) -> Option<Duration> {
        let notice = self.notice.as_ref()?;
        Some(self.noticed_at + if notice.is_bad { WARNING_STAYS } else { NOTICE_STAYS })
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
        self.put_up(words.into(), false);
    }

    fn warn(&mut self, words: impl Into<String>) {
        self.put_up(words.into(), true);
    }

    fn put_up(&mut self, words: String, is_bad: bool) {
        self.notice = Some(Notice { words: scrub::text(&words), is_bad });
        self.noticed_at = self.at;
    }

    fn heard(&mut self, heard: Heard, effects: &mut Vec<Effect>) {
        match heard {
            Heard::Fine => {}
            Heard::Gap => effects.push(Effect::Resync),
            Heard::Error(error) => self.warn(format!("the server: {}", error.message)),
            Heard::Foreign(words) | Heard::Faulty(words) => self.warn(words),
            Heard::First => self.set_clock(),
            Heard::Another => self.start_over(),
        }
    }

    /// Tells the time as the centre does.
    fn set_clock(&mut self) {
        let zone = self.live.board().map(|board| board.centre().time_zone.clone());
        self.clock = WallClock::of(zone.as_deref().unwrap_or("UTC"));
    }

    /// The server shows another centre than before: whatever was selected is gone.
    fn start_over(&mut self) {
        self.set_clock();
        (self.alerts, self.alerts_of) = (Alerts::new(), None);
        self.intervals.clear();
        self.past = None;
        self.screens = Self::first_screens(&self.setup);
        self.popups.clear();
        self.single = self.first_table();
        (self.injected, self.unanswered) = (None, None);
    }

    /// A table as the settings want it.
    fn first_table(&self) -> Table {
        Table::new(self.setup.sort, self.setup.filter.clone())
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
        match self.setup.keymap.action(context, Key::from(key)) {
            Some(action) => {
                self.act(action, effects);
                true
            }
            None => had_notice,
        }
    }

    /// Brings what is derived from the board and the screen up to date.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.notice_ends_at().is_some_and(|ends_at| self.at >= ends_at) {
            self.notice = None;
        }
        if self.live.asks_again(self.at) {
            effects.push(Effect::Resync);
        }
        self.settle_alerts(effects);
        self.settle_kiosk();
        self.settle_screen();
        self.settle_lists();
        self.settle_popup();
        self.settle_loads(effects);
    }

    /// What is selected stays selected and in view, as far as it is still there.
    fn settle_screen(&mut self) {
        let has_table = match self.screen() {
            Screen::Department(_) => true,
            Screen::Grid(_) => Shape::of(self.size) == Shape::Tabs,
            _ => false,
        };
        // Finding out where things are is most of it.
        if !has_table {
            return;
        }
        let now = self.now();
        let rows = layout::entries(layout::agents(self), 2);
        let board = match &self.past {
            Some(past) => Some(&past.board),
            None => self.live.board(),
        };
        let screen = self.screens.last_mut();
        let Some((board, screen)) = board.zip(screen) else { return };
        match screen {
            Screen::Department(screen) => {
                let Some(it) = board.departments().get(screen.department) else { return };
                screen.table.refresh(it, now, rows);
                screen.queue = screen.queue.min(it.queues().len().saturating_sub(1));
            }
            Screen::Grid(cursor) => {
                let Some(it) = board.departments().get(cursor.department) else { return };
                self.single.refresh(it, now, rows);
            }
            _ => {}
        }
    }
}
