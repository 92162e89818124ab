//! A wallboard of a centre that changes a little each second.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent};
use monti_core::wire::WallboardServerMessage;
use monti_tui::{App, LinkEvent, Message, Setup, update};
use ratatui::layout::Size;

use crate::floor::Floor;

/// How many agents of a department change in a second, however many there are: what a second brings
/// is not what is measured, but what a wallboard makes of it beside all that did not change.
const CHANGES: usize = 5;

pub(crate) struct Centre {
    pub(crate) app: App,
    /// What the server tells, a second after the other.
    seconds: std::vec::IntoIter<Vec<WallboardServerMessage>>,
    at: Duration,
}

impl Centre {
    /// One of so many agents, and so many seconds of it.
    pub(crate) fn new(agents: usize, size: Size, seconds: usize) -> Self {
        let app = App::new(Setup::default(), size);
        let mut floor = Floor::new(agents, CHANGES);
        let (welcome, all) = (floor.welcome(), floor.all());
        let seconds: Vec<_> = (0..seconds).map(|_| floor.second()).collect();
        let mut centre = Self { app, seconds: seconds.into_iter(), at: Duration::ZERO };
        centre.tell(Message::Link(LinkEvent::Up));
        for message in [vec![welcome], all].concat() {
            centre.hear(message);
        }
        centre
    }

    pub(crate) fn press(&mut self, key: &str) {
        for key in key.chars() {
            self.tell(Message::Input(Event::Key(KeyEvent::from(KeyCode::Char(key)))));
        }
    }

    /// A second passes, in which a few agents of each department change.
    pub(crate) fn pass_second(&mut self) {
        self.at += Duration::from_secs(1);
        for message in self.seconds.next().expect("a second that was made") {
            self.hear(message);
        }
    }

    fn hear(&mut self, message: WallboardServerMessage) {
        self.tell(Message::Link(LinkEvent::Heard(Box::new(message))));
    }

    fn tell(&mut self, message: Message) {
        update(&mut self.app, self.at, message);
    }
}
