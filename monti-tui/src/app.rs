//! All that is known and shown, and how a message changes it.

use std::time::Duration;

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use monti_core::Timestamp;
use ratatui::layout::Size;

use crate::{
    board::Board,
    keymap::{Action, Context, Key, Keymap},
    live::{Freshness, Heard, Live},
    message::{Effect, Message},
    screen::{Cursor, Popup, Screen},
    scrub::Names,
    theme::Theme,
};

/// What is chosen before the program starts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How names of people are shown.
    pub names: Names,
    /// Whether actions are refused.
    pub read_only: bool,
    /// What keys do.
    pub keymap: Keymap,
    /// The themes that a key turns through, the first one first; at least one.
    pub themes: Vec<Theme>,
    /// What is dealt out as random: numbers proposed, keys of requests.
    pub seed: u64,
}

/// All that is known and shown.
#[derive(Debug)]
pub struct App {
    pub(crate) options: Options,
    pub(crate) live: Live,
    /// The board of a moment that is over, if that is shown.
    pub(crate) past: Option<Board>,
    /// The screen, and those that one came by.
    pub(crate) screens: Vec<Screen>,
    pub(crate) popups: Vec<Popup>,
    pub(crate) theme: usize,
    pub(crate) size: Size,
    /// The program's own clock, when it last changed.
    pub(crate) at: Duration,
    /// What was last said to the reader.
    pub(crate) notice: Option<String>,
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
    app.at = at;
    let mut update = Update { draw: true, effects: Vec::new() };
    match message {
        Message::Input(event) => update.draw = app.input(event, &mut update.effects),
        Message::Link(event) => match app.live.handle(at, event) {
            Heard::Fine => {}
            Heard::Gap => update.effects.push(Effect::Resync),
            Heard::Error(error) => app.notice = Some(crate::scrub::text(&error.message)),
            Heard::Foreign(protocol) => {
                app.notice = Some(format!("the server speaks protocol {protocol}, this is 1"));
            }
        },
        Message::Answer(_) | Message::Wake => {}
    }
    update
}

impl App {
    /// Nothing known yet, on a terminal of this size.
    pub fn new(options: Options, size: Size) -> Self {
        Self {
            live: Live::new(options.names),
            options,
            past: None,
            screens: vec![Screen::Grid(Cursor::default())],
            popups: Vec::new(),
            theme: 0,
            size,
            at: Duration::ZERO,
            notice: None,
        }
    }

    /// The board that is shown: the newest, or a past one; `None` before there is any.
    pub fn board(&self) -> Option<&Board> {
        self.past.as_ref().or_else(|| self.live.board())
    }

    /// The centre's time that is shown.
    pub fn now(&self) -> Option<Timestamp> {
        match &self.past {
            Some(past) => Some(past.now()),
            None => self.live.now(self.at),
        }
    }

    /// How much of the newest board can be relied on.
    pub fn freshness(&self) -> Freshness {
        self.live.freshness(self.at)
    }

    /// Whether what is shown is the present.
    pub fn is_current(&self) -> bool {
        self.past.is_none() && self.freshness().is_current()
    }

    /// The screen.
    pub fn screen(&self) -> &Screen {
        self.screens.last().unwrap_or_else(|| unreachable!("the first screen is never left"))
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
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// When a [`Message::Wake`] is due, by the program's own clock; `None` if nothing changes by
    /// itself. To be asked anew after each update.
    pub fn wake_at(&self) -> Option<Duration> {
        self.live.wake_at(self.at)
    }

    /// Whose keys are asked for now.
    pub fn context(&self) -> Context {
        self.popups.last().map_or_else(|| self.screen().context(), Popup::context)
    }

    /// Whether anything came of it that shows.
    fn input(&mut self, event: Event, effects: &mut Vec<Effect>) -> bool {
        match event {
            // Releases and repeats are told by some terminals; a repeat is a press held.
            Event::Key(key) if key.kind != KeyEventKind::Release => self.press(key, effects),
            Event::Resize(width, height) => {
                self.size = Size::new(width, height);
                true
            }
            _ => false,
        }
    }

    fn press(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
        self.notice = None;
        let Some(action) = self.options.keymap.action(self.context(), Key::from(key)) else {
            return false;
        };
        match action {
            Action::Quit => effects.push(Effect::Quit),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::Repaint => effects.push(Effect::Repaint),
            Action::Help => self.popups.push(Popup::Help),
            Action::Back => drop(self.popups.pop()),
            _ => return false,
        }
        true
    }
}
