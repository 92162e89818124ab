//! Names and words that are out to do harm: 10,000 of them, in every place where a server's words
//! are shown. What reaches the terminal is watched byte by byte.

mod bytes;
mod words;

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use monti_core::wire::WallboardServerMessage;
use monti_tui::{
    App, Effect, End, LinkEvent, Message, Setup, config::Format, once, scrub, terminal::Painter,
    theme::Symbols, update, view,
};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    buffer::Buffer,
    layout::{Rect, Size},
};
use serde_json::{Value, json};

use crate::{
    bytes::assert_harmless,
    words::{Words, agents_name},
};

const SIZE: Size = Size { width: 200, height: 50 };

/// How many agents have hostile names, and how many centres have 23 hostile words each.
const AGENTS: usize = 6_000;
const CENTRES: usize = 200;

#[test]
fn names_of_agents_reach_the_terminal_without_harm_and_leave_columns_where_they_are() {
    let mut words = Words::new(1);
    let names: Vec<_> = (0..AGENTS).map(|_| agents_name(&mut words)).collect();
    let (mut hostile, mut plain) =
        (Board::new(&centre(|| "x".to_owned())), Board::new(&centre(|| "x".to_owned())));
    hostile.hear(&overview(&names));
    plain.hear(&overview(&vec!["x".to_owned(); AGENTS]));
    // All departments; then one.
    hostile.draw();
    for board in [&mut hostile, &mut plain] {
        board.press(KeyCode::Char('1'));
    }
    let mut seen = 0;
    while seen < AGENTS {
        let rows = aligned_rows(&hostile.draw(), &plain.draw());
        assert!(rows > 20, "a table of {rows} rows");
        seen += rows;
        // Whoever is selected, alone.
        hostile.press(KeyCode::Enter);
        hostile.draw();
        hostile.press(KeyCode::Esc);
        for board in [&mut hostile, &mut plain] {
            board.press(KeyCode::PageDown);
        }
    }
}

#[test]
fn words_of_centres_and_servers_reach_the_terminal_without_harm() {
    let mut words = Words::new(2);
    for number in 0..CENTRES {
        let mut board = Board::new(&centre(|| words.next()));
        let mut overview = overview(&["x".to_owned()]);
        overview["agents"][0]["state"] = "on_call".into();
        overview["agents"][0]["currentVq"] = words.next().into();
        board.hear(&overview);
        board.hear(&json!({"type": "activity", "timestamp": overview["timestamp"], "tick": 1,
            "events": [{"kind": "queued", "vq": words.next(), "department": words.next()}]}));
        board.hear(&json!({"type": "error", "code": "busy", "message": words.next()}));
        board.draw();
        // Each centre is looked at from another side.
        let keys = [
            &[KeyCode::Char('1')][..],
            &[KeyCode::Char('b')],
            &[KeyCode::Char('a')],
            &[KeyCode::Char('v')],
            &[KeyCode::Char('?')],
            // An agent, and a queue.
            &[KeyCode::Char('1'), KeyCode::Enter],
            &[KeyCode::Char('1'), KeyCode::Right, KeyCode::Enter],
        ];
        for key in keys[number % keys.len()] {
            board.press(*key);
            board.draw();
            // What is selected, onto the clipboard.
            board.press(KeyCode::Char('y'));
            board.draw();
        }
        board.press(KeyCode::Esc);
        board.press(KeyCode::Char('0'));
        board.press(KeyCode::Char('i'));
        board.input(Event::Paste(words.next()));
        board.draw();
        board.tell(LinkEvent::Down { reason: words.next(), retry_after: Duration::ZERO });
        board.draw();
        board.tell(LinkEvent::Ended(End::Faulty(words.next())));
        board.draw();
    }
}

#[test]
fn what_once_prints_holds_no_harm_in_any_format() {
    let mut words = Words::new(3);
    for _ in 0..CENTRES {
        let mut welcome = centre(|| words.next());
        let sales = &mut welcome["centre"]["departments"][0];
        sales["id"] = words.next().into();
        let (department, vq) = (sales["id"].clone(), sales["queues"][0]["id"].clone());
        let mut overview = overview(&[agents_name(&mut words)]);
        overview["agents"][0]["breach"] = "break".into();
        let queue = json!({
            "id": vq, "name": words.next(), "department": words.next(),
            "waitingCalls": 1, "ringingCalls": 0, "activeCalls": 0, "availableAgents": 1,
            "oldestEnqueuedAt": "2026-01-29T08:59:00.000Z", "longestWaitSeconds": 60,
            "estimatedWaitSeconds": null,
            "serviceLevel": {"targetPercent": 80, "targetSeconds": 20, "currentPercent": null,
                "callsOffered": 1, "callsAnswered": 0, "callsAnsweredInTarget": 0,
                "callsAbandoned": 0, "callsAbandonedShort": 0, "avgWaitSeconds": null,
                "avgHandleSeconds": null, "maxWaitSeconds": null,
                "variants": {"seed": null, "ignoreAbandoned": null, "abandonedPositive": null,
                    "answeredOnly": null}},
        });
        let state = json!({
            "timestamp": "2026-01-29T09:00:00.000Z", "centre": welcome["centre"],
            "health": {"timestamp": "2026-01-29T09:00:00.000Z", "persistence": "ok"},
            "departments": [{"department": department, "summary": overview["summary"],
                "agents": overview["agents"], "queues": [queue]}],
            "calls": [],
        });
        let state = serde_json::from_value(state).unwrap();
        for format in [Format::Table, Format::Json, Format::Csv, Format::Prom] {
            let text = once::text(&state, format, scrub::Names::Whole, &Symbols::UNICODE);
            for line in text.lines() {
                assert_harmless(line.as_bytes());
            }
        }
    }
}

/// A wallboard whose every byte is watched.
struct Board {
    app: App,
    terminal: Terminal<Painter<Written>>,
    written: Written,
}

/// What was written and not looked at yet.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Board {
    fn new(welcome: &Value) -> Self {
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.width, SIZE.height));
        let (options, written) = (TerminalOptions { viewport }, Written::default());
        let terminal = Terminal::with_options(Painter::new(written.clone()), options).unwrap();
        let mut board = Self { app: App::new(Setup::default(), SIZE), terminal, written };
        board.tell(LinkEvent::Up);
        board.hear(welcome);
        board
    }

    fn hear(&mut self, message: &Value) {
        let message = WallboardServerMessage::parse(&message.to_string()).unwrap();
        self.tell(LinkEvent::Heard(Box::new(message)));
    }

    fn tell(&mut self, event: LinkEvent) {
        update(&mut self.app, Duration::from_secs(1), Message::Link(event));
    }

    fn press(&mut self, code: KeyCode) {
        self.input(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    fn input(&mut self, event: Event) {
        let update = update(&mut self.app, Duration::from_secs(1), Message::Input(event));
        for effect in update.effects {
            if let Effect::Copy(text) = effect {
                assert_harmless(text.as_bytes());
            }
        }
    }

    /// Draws, and looks at what was written for it.
    fn draw(&mut self) -> Buffer {
        let app = &self.app;
        let frame = self.terminal.draw(|frame| view::render(app, frame)).unwrap();
        let buffer = frame.buffer.clone();
        assert_harmless(&self.written.0.take());
        // Nothing reaches beyond the last column.
        for (at, cell) in buffer.content.iter().enumerate() {
            let column = at % usize::from(SIZE.width);
            let width = scrub::width(cell.symbol());
            assert!(column + width <= usize::from(SIZE.width), "{:?}", cell.symbol());
        }
        buffer
    }
}

/// How many rows of agents there are; all of them have the same figures, so but for their names
/// they must be the same, cell by cell, as rows of agents with plain names.
fn aligned_rows(hostile: &Buffer, plain: &Buffer) -> usize {
    let row = |buffer: &Buffer, y: u16| {
        (0..SIZE.width).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<Vec<_>>()
    };
    let text = |y: u16| row(plain, y).concat();
    let titles = (0..SIZE.height).find(|y| text(*y).contains("name, by")).expect("a table");
    // Every cell up to there is one column wide: the titles are plain.
    let column = |word: &str| {
        let line = text(titles);
        scrub::width(&line[..line.find(word).expect("a title")])
    };
    let (from, to) = (column("name, by"), column(" calls"));
    let rows = (titles + 1..SIZE.height - 1).filter(|y| text(*y).contains("available"));
    let rows: Vec<_> = rows.collect();
    for y in &rows {
        let (hostile, plain) = (row(hostile, *y), row(plain, *y));
        assert_eq!(hostile[..from], plain[..from], "{hostile:?}");
        assert_eq!(hostile[to..], plain[to..], "{hostile:?}");
        // A cell holds what takes its column or two: only that is cleared when it goes.
        for symbol in &hostile[from..to] {
            assert!(matches!(scrub::width(symbol), 1..=2), "{symbol:?}");
            assert_eq!(scrub::letters(symbol).count(), 1, "{symbol:?}");
        }
    }
    rows.len()
}

/// A centre whose words are all dealt.
fn centre(mut word: impl FnMut() -> String) -> Value {
    let departments = ["sales", "support", "technical", "retention"];
    let departments: Vec<_> = departments
        .iter()
        .map(|id| {
            let queues: Vec<_> = (0..4)
                .map(|number| {
                    json!({"id": format!("{id}_{number}{}", word()), "name": word(), "targetPercent": 80,
                        "targetSeconds": 20, "shortAbandonSeconds": 5})
                })
                .collect();
            json!({"id": id, "name": word(), "queues": queues})
        })
        .collect();
    json!({"type": "welcome", "protocol": 1, "server": "0.1.0",
        "serverTime": "2026-01-29T09:00:00.000Z", "clockSpeed": 1,
        "centre": {"name": word(), "timeZone": "UTC",
            "limits": {"ringTimeoutSeconds": 20, "graceSeconds": 30, "acwSeconds": 300,
                "breakSeconds": 600},
            "colours": {"greenPercent": 80, "yellowPercent": 60}, "departments": departments}})
}

/// The first department with agents of these names, who are the same in all else.
fn overview(names: &[String]) -> Value {
    let agents: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            json!({"agentId": format!("a-{number:05}"), "name": name, "department": "sales",
                "location": null, "team": null, "state": "available",
                "stateStart": "2026-01-29T08:59:00.000Z", "lastUpdate": "2026-01-29T08:59:00.000Z",
                "connectionStatus": "connected",
                "kpis": {"callsHandled": 7, "talkSeconds": 70, "holdSeconds": 0, "acwSeconds": 7,
                    "breakSeconds": 0, "loginSeconds": 600, "idleSeconds": 500,
                    "avgHandleSeconds": 11, "occupancyPercent": 13.4, "ringNoAnswers": 0,
                    "acwBreaches": 0, "breakBreaches": 0}})
        })
        .collect();
    json!({"type": "department_overview", "department": "sales",
        "timestamp": "2026-01-29T09:00:00.000Z", "tick": 1, "agents": agents,
        "summary": {"totalAgents": names.len(), "stateBreakdown": {"available": names.len()},
            "breaches": 0, "occupancyPercent": 13.4, "serviceLevelPercent": null,
            "callsOffered": 0, "callsAnswered": 0, "callsAbandoned": 0, "avgWaitSeconds": null,
            "avgHandleSeconds": null, "longestWaitSeconds": null, "waitingCalls": 0,
            "activeCalls": 0}})
}
