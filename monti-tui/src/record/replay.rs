//! A recording, watched again.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{FORMAT, Heading, Line, VERSION, duration};
use crate::{End, LinkEvent, Message};

/// A recording that is read as it is watched.
#[derive(Debug)]
pub struct Recording {
    path: PathBuf,
    lines: io::Lines<BufReader<File>>,
    /// The line that was read last, from 1.
    line: usize,
    at: Duration,
}

/// What is wrong with a recording, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", place(.path, *.line))]
pub struct RecordingError {
    path: PathBuf,
    line: usize,
    problem: String,
}

impl Recording {
    /// Opens a recording.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let wrong = |line, problem| RecordingError { path: path.to_owned(), line, problem };
        let file = File::open(path).map_err(|error| wrong(0, error.to_string()))?;
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().map_err(|error| wrong(1, error.to_string()))?;
        let heading: Option<Heading> = first.and_then(|line| serde_json::from_str(&line).ok());
        match heading {
            Some(heading) if heading.format == FORMAT && heading.version == VERSION => {}
            Some(heading) if heading.format == FORMAT => {
                let version = heading.version;
                return Err(wrong(1, format!("its version is {version}, {VERSION} is read")));
            }
            _ => return Err(wrong(1, "this is no recording of a wallboard".to_owned())),
        }
        Ok(Self { path: path.to_owned(), lines, line: 1, at: Duration::ZERO })
    }

    /// Tells what was recorded, each event when it is due; then that it is over. Returns when
    /// nobody listens any more.
    pub async fn play(mut self, messages: mpsc::Sender<Message>) {
        let start = Instant::now();
        let end = loop {
            match self.next() {
                Some(Ok((at, event))) => {
                    sleep_until(start + at).await;
                    if messages.send(Message::Link(event)).await.is_err() {
                        return;
                    }
                }
                Some(Err(error)) => {
                    tracing::error!(%error, "the recording is faulty");
                    break End::Faulty(error.to_string());
                }
                None => break End::Over,
            }
        };
        if messages.send(Message::Link(LinkEvent::Ended(end))).await.is_ok() {
            messages.closed().await;
        }
    }

    fn read(&mut self, line: io::Result<String>) -> Result<(Duration, LinkEvent), RecordingError> {
        self.line += 1;
        let read = line.map_err(|error| error.to_string()).and_then(|line| {
            let Line { at_seconds, event } =
                serde_json::from_str(&line).map_err(|error| error.to_string())?;
            let at = duration(at_seconds);
            if at < self.at {
                return Err("it is before the line before it".to_owned());
            }
            Ok((at, event.into()))
        });
        let wrong = |problem| RecordingError { path: self.path.clone(), line: self.line, problem };
        let (at, event) = read.map_err(wrong)?;
        self.at = at;
        Ok((at, event))
    }
}

/// What was told, and when since the start.
impl Iterator for Recording {
    type Item = Result<(Duration, LinkEvent), RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next()?;
        Some(self.read(line))
    }
}

fn place(path: &Path, line: usize) -> String {
    let path = path.display();
    if line == 0 { path.to_string() } else { format!("{path}, line {line}") }
}
