//! A wallboard under test: told things, pressed, looked at.

use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use monti_core::wire::{ErrorCode, InjectRequest};
use monti_tui::{
    Answer, App, Effect, LinkEvent, Message, Question, Refusal, Setup, keymap::Key, update, view,
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, layout::Size};
use serde_json::{Value, json};

use crate::floor;

pub(crate) const LEVELS: [Option<f64>; 4] = [Some(83.5), Some(94.0), Some(61.0), None];

pub(crate) struct Wall {
    pub(crate) app: App,
    /// The program's own clock.
    pub(crate) at: Duration,
    pub(crate) effects: Vec<Effect>,
    tick: u64,
    /// The queues of a department, as a full state tells them.
    queues: fn(&str, u64) -> Value,
}

impl Wall {
    /// One that has not heard anything.
    pub(crate) fn silent(width: u16, height: u16) -> Self {
        let app = App::new(Setup::default(), Size::new(width, height));
        Self { app, at: Duration::ZERO, effects: Vec::new(), tick: 0, queues }
    }

    /// One with so many agents in each department.
    pub(crate) fn of(width: u16, height: u16, agents: usize) -> Self {
        Self::with(width, height, |department| floor::agents(department, agents))
    }

    /// One with these agents.
    pub(crate) fn with(width: u16, height: u16, agents: impl Fn(&str) -> Vec<Value>) -> Self {
        let mut wall = Self::silent(width, height);
        wall.connect();
        wall.hear_all(0, agents);
        wall
    }

    /// One in which nobody waits and nothing is over.
    pub(crate) fn calm(width: u16, height: u16, setup: Setup) -> Self {
        let mut wall = Self::silent(width, height);
        wall.app = App::new(setup, Size::new(width, height));
        wall.queues = floor::calm_queues;
        wall.connect();
        wall.hear_all(0, floor::ten);
        wall
    }

    pub(crate) fn connect(&mut self) {
        self.tell(Message::Link(LinkEvent::Connecting));
        self.tell(Message::Link(LinkEvent::Up));
        let mut welcome = floor::welcome();
        welcome["serverTime"] = json!(floor::start() + self.at.into());
        self.hear(&welcome);
    }

    pub(crate) fn hear(&mut self, message: &Value) {
        let message = Box::new(floor::message(message));
        self.tell(Message::Link(LinkEvent::Heard(message)));
    }

    /// Answers whether there is anything to draw.
    pub(crate) fn tell(&mut self, message: Message) -> bool {
        let update = update(&mut self.app, self.at, message);
        self.effects.extend(update.effects);
        update.draw
    }

    /// The server tells the whole state, the agents of each department being these.
    pub(crate) fn hear_all(&mut self, tick: u64, agents: impl Fn(&str) -> Vec<Value>) {
        for department in floor::departments() {
            self.hear(&floor::overview(department, tick, &agents(department)));
            self.hear(&(self.queues)(department, tick));
        }
    }

    /// A second passes, and the server says so.
    pub(crate) fn tick(&mut self) {
        self.at += Duration::from_secs(1);
        self.tick += 1;
        self.hear(&floor::tick(self.tick));
    }

    /// Time passes in silence.
    pub(crate) fn wait(&mut self, time: Duration) {
        self.at += time;
        self.tell(Message::Wake);
    }

    /// Presses keys by their names in the configuration, with blanks between them.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            assert!(key.parse::<Key>().is_ok(), "{key}");
            let ctrl = key.strip_prefix("ctrl-");
            let modifiers = ctrl.map_or(KeyModifiers::NONE, |_| KeyModifiers::CONTROL);
            self.tell(Message::Input(Event::Key(KeyEvent::new(
                code(ctrl.unwrap_or(key)),
                modifiers,
            ))));
        }
        self
    }

    pub(crate) fn write(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            let key = KeyEvent::from(KeyCode::Char(character));
            self.tell(Message::Input(Event::Key(key)));
        }
        self
    }

    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Message::Input(Event::Paste(text.to_owned())));
        self
    }

    pub(crate) fn click(&mut self, column: u16, row: u16) -> &mut Self {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.tell(Message::Input(Event::Mouse(event)));
        self
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.tell(Message::Input(Event::Resize(width, height)));
        self
    }

    /// What is on the screen.
    pub(crate) fn frame(&self) -> Buffer {
        let size = self.app.size();
        let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        terminal.draw(|frame| view::render(&self.app, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// Its rows as text.
    pub(crate) fn rows(&self) -> Vec<String> {
        let frame = self.frame();
        let width = usize::from(frame.area.width);
        let row = |cells: &[ratatui::buffer::Cell]| {
            cells.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned()
        };
        frame.content.chunks(width.max(1)).map(row).collect()
    }

    pub(crate) fn text(&self) -> String {
        self.rows().join("\n")
    }

    /// The row that says this.
    pub(crate) fn row(&self, text: &str) -> String {
        let rows = self.rows();
        let found = rows.iter().find(|row| row.contains(text));
        found.unwrap_or_else(|| panic!("no row says {text:?} in\n{}", rows.join("\n"))).clone()
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Self {
        let shown = self.text();
        assert!(shown.contains(text), "{text:?} is not in\n{shown}");
        self
    }

    #[track_caller]
    pub(crate) fn shows_no(&self, text: &str) -> &Self {
        let shown = self.text();
        assert!(!shown.contains(text), "{text:?} is in\n{shown}");
        self
    }

    /// REST answers.
    pub(crate) fn answer(&mut self, answer: Answer) {
        self.tell(Message::Answer(Box::new(answer)));
    }

    /// The injection that was last asked for.
    pub(crate) fn injected(&mut self) -> InjectRequest {
        match self.questions().pop() {
            Some(Question::Inject(request)) => request,
            other => panic!("{other:?}"),
        }
    }

    /// What was asked of REST since the last time, and is forgotten with it.
    pub(crate) fn questions(&mut self) -> Vec<Question> {
        let effects = std::mem::take(&mut self.effects);
        let asked = effects.into_iter().filter_map(|effect| match effect {
            Effect::Ask(question) => Some(*question),
            _ => None,
        });
        asked.collect()
    }
}

/// The question went out, and no answer came.
pub(crate) fn lost() -> Refusal {
    Refusal { code: None, may_be_done: true, words: "no answer within 5 s".to_owned() }
}

pub(crate) fn refused(code: ErrorCode, words: &str) -> Refusal {
    Refusal { code: Some(code), may_be_done: false, words: words.to_owned() }
}

fn queues(department: &str, tick: u64) -> Value {
    floor::queues(department, tick, LEVELS)
}

fn code(name: &str) -> KeyCode {
    match name {
        "space" => KeyCode::Char(' '),
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "backspace" => KeyCode::Backspace,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "F1" => KeyCode::F(1),
        other => KeyCode::Char(other.chars().next().unwrap()),
    }
}
