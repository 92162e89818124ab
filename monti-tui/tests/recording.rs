//! A recording shows the same frames again.

use std::{fs, time::Duration};

use monti_core::{
    Centre, Timestamp,
    wire::{Tick, WallboardServerMessage, Welcome},
};
use monti_tui::{
    App, End, LinkEvent, Message, Setup,
    record::{Recorder, Recording, tap},
    update, view,
};
use ratatui::{buffer::Buffer, layout::Rect, layout::Size};

#[test]
fn a_recording_gives_the_same_frames_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    let mut recorder = Recorder::create(&file).unwrap();
    let mut app = app();
    let mut frames = Vec::new();
    for (at, event) in day() {
        recorder.record(at, &event).unwrap();
        frames.push(frame(&mut app, at, event));
    }
    let mut app = self::app();
    let again: Vec<_> = Recording::open(&file)
        .unwrap()
        .map(|read| read.unwrap())
        .map(|(at, event)| frame(&mut app, at, event))
        .collect();
    assert_eq!(again, frames);
    assert_ne!(frames.first(), frames.last());
}

#[test]
fn a_recording_does_not_write_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    Recorder::create(&file).unwrap();
    assert!(Recorder::create(&file).is_err());
}

#[tokio::test]
async fn that_a_recording_ends_is_told_and_what_is_watched_goes_on() {
    let (reader, writer) = std::io::pipe().unwrap();
    let recorder = Recorder::begin(std::os::fd::OwnedFd::from(writer).into()).unwrap();
    drop(reader);
    let (messages, mut inbox) = tokio::sync::mpsc::channel(8);
    let link = tap(recorder, messages, 8);
    link.send(Message::Link(LinkEvent::Connecting)).await.unwrap();
    link.send(Message::Link(LinkEvent::Up)).await.unwrap();
    let told = inbox.recv().await;
    assert!(
        matches!(&told, Some(Message::Trouble(words)) if words.contains("nothing more is recorded")),
        "{told:?}"
    );
    // Once is enough.
    for expected in ["Connecting", "Up"] {
        let heard = format!("{:?}", inbox.recv().await);
        assert!(heard.contains(expected), "{heard}");
    }
}

#[test]
fn what_is_wrong_with_a_recording_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    let mut recorder = Recorder::create(&file).unwrap();
    recorder.record(Duration::from_secs(2), &LinkEvent::Up).unwrap();
    let whole = fs::read_to_string(&file).unwrap();
    for (text, says) in [
        ("", "line 1: this is no recording"),
        ("{\"format\":\"monti-recording\",\"version\":9}\n", "line 1: its version is 9"),
        (&format!("{whole}{{\"atSeconds\":3,"), "line 3: "),
        (&format!("{whole}{{\"atSeconds\":1,\"event\":\"up\"}}\n"), "line 3: it is before"),
    ] {
        fs::write(&file, text).unwrap();
        let error = match Recording::open(&file) {
            Err(error) => error.to_string(),
            Ok(mut recording) => recording.find_map(Result::err).unwrap().to_string(),
        };
        assert!(error.contains("day.jsonl, ") && error.contains(says), "{error}");
    }
    let missing = Recording::open(&folder.path().join("nowhere")).unwrap_err().to_string();
    assert!(missing.contains("nowhere: "), "{missing}");
}

#[tokio::test]
async fn how_a_recording_ends_is_told_and_where_it_is_faulty() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    Recorder::create(&file).unwrap().record(Duration::ZERO, &LinkEvent::Up).unwrap();
    let end = async || {
        let (messages, mut inbox) = tokio::sync::mpsc::channel(8);
        tokio::spawn(Recording::open(&file).unwrap().play(messages));
        assert!(matches!(inbox.recv().await, Some(Message::Link(LinkEvent::Up))));
        match inbox.recv().await {
            Some(Message::Link(LinkEvent::Ended(end))) => end,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end().await, End::Over);
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{whole}{{\"atSeconds\":3,")).unwrap();
    let end = end().await;
    assert!(matches!(&end, End::Faulty(words) if words.contains("day.jsonl, line 3: ")), "{end:?}");
}

fn app() -> App {
    App::new(Setup::default(), Size::new(120, 40))
}

fn frame(app: &mut App, at: Duration, event: LinkEvent) -> Buffer {
    update(app, at, Message::Link(event));
    let area = Rect::new(0, 0, 120, 40);
    let mut buffer = Buffer::empty(area);
    view::draw(app, area, &mut buffer);
    buffer
}

/// A link that comes up, ticks, is lost and comes again.
fn day() -> Vec<(Duration, LinkEvent)> {
    let start: Timestamp = "2026-01-29T09:00:00.000Z".parse().unwrap();
    let welcome = Welcome::new("0.1.0", start, 1.0, &Centre::default());
    let heard = |message| LinkEvent::Heard(Box::new(message));
    let second = |number: u64| {
        let timestamp = start + monti_core::Millis::from_secs(number);
        heard(WallboardServerMessage::Tick(Tick { timestamp, tick: number }))
    };
    let lost = LinkEvent::Down {
        reason: "the server stops".to_owned(),
        retry_after: Duration::from_millis(1_250),
    };
    let events = [
        LinkEvent::Connecting,
        LinkEvent::Up,
        heard(WallboardServerMessage::Welcome(welcome)),
        second(1),
        second(2),
        lost,
        LinkEvent::Connecting,
    ];
    (0_u64..).map(|number| Duration::from_millis(400 * number)).zip(events).collect()
}
