//! Recordings: what a link told, and when, so that it can be watched again.
//!
//! A recording is a file of JSON lines. The first says what it is; each other one is an event of
//! the link with the time since the start. What is shown follows from these alone, so the same
//! recording gives the same frames.

mod replay;

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
    time::Duration,
};

use monti_core::wire::{Seconds, WallboardServerMessage};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

pub use self::replay::{Recording, RecordingError};
use crate::{LinkEvent, Message, stopwatch::Stopwatch};

/// What the first line names the format, and its version.
const FORMAT: &str = "monti-recording";
const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Heading {
    format: String,
    version: u32,
}

/// A line after it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    at_seconds: Seconds,
    #[serde(flatten)]
    event: Event,
}

/// An event of the link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum Event {
    Connecting,
    Up,
    Heard {
        message: Box<WallboardServerMessage>,
    },
    #[serde(rename_all = "camelCase")]
    Down {
        reason: String,
        retry_after_seconds: Seconds,
    },
}

/// Writes a recording.
#[derive(Debug)]
pub struct Recorder {
    file: BufWriter<File>,
}

impl Recorder {
    /// Begins a recording in a new file.
    ///
    /// # Errors
    /// There is such a file already, or it cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::begin(File::create_new(path)?)
    }

    /// Begins a recording in an empty file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(file: File) -> io::Result<Self> {
        let mut recorder = Self { file: BufWriter::new(file) };
        recorder.write(&Heading { format: FORMAT.to_owned(), version: VERSION })?;
        Ok(recorder)
    }

    /// Writes down what the link told `at` this time since the start. It is in the file when this
    /// returns, so that a recording is whole up to where it was cut off.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&mut self, at: Duration, event: &LinkEvent) -> io::Result<()> {
        let event = match event {
            LinkEvent::Connecting => Event::Connecting,
            LinkEvent::Up => Event::Up,
            LinkEvent::Heard(message) => Event::Heard { message: message.clone() },
            LinkEvent::Down { reason, retry_after } => {
                Event::Down { reason: reason.clone(), retry_after_seconds: seconds(*retry_after) }
            }
            // Of a recording there is none.
            LinkEvent::Ended(_) => return Ok(()),
        };
        self.write(&Line { at_seconds: seconds(at), event })
    }

    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, line)?;
        self.file.write_all(b"\n")?;
        self.file.flush()
    }
}

/// Records what the link tells on its way to `messages`; the link is given the sender that this
/// answers. When the file can be written no more the recording ends there, the screen and the log
/// say why, and what is watched goes on.
pub fn tap(
    recorder: Recorder,
    messages: mpsc::Sender<Message>,
    capacity: usize,
) -> mpsc::Sender<Message> {
    let (sender, mut receiver) = mpsc::channel(capacity);
    let start = Stopwatch::start();
    tokio::spawn(async move {
        let mut recorder = Some(recorder);
        while let Some(message) = receiver.recv().await {
            if let (Some(open), Message::Link(event)) = (&mut recorder, &message)
                && let Err(error) = open.record(start.elapsed(), event)
            {
                tracing::error!(%error, "the recording ends");
                recorder = None;
                let words = format!("nothing more is recorded: {error}");
                if messages.send(Message::Trouble(words)).await.is_err() {
                    return;
                }
            }
            if messages.send(message).await.is_err() {
                return;
            }
        }
    });
    sender
}

impl From<Event> for LinkEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Connecting => Self::Connecting,
            Event::Up => Self::Up,
            Event::Heard { message } => Self::Heard(message),
            Event::Down { reason, retry_after_seconds } => {
                Self::Down { reason, retry_after: duration(retry_after_seconds) }
            }
        }
    }
}

fn seconds(duration: Duration) -> Seconds {
    Seconds(duration.into())
}

fn duration(seconds: Seconds) -> Duration {
    Duration::from_millis(seconds.0.get())
}
