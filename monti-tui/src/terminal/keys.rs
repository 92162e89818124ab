//! Keys, clicks and pastes, read in a thread of its own for as long as the terminal has any.

use std::{fs::File, io, thread, time::Duration};

use crossterm::event::{self, Event};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fd::{AsFd, OwnedFd},
    termios::isatty,
};
use tokio::sync::mpsc;

use super::{answer::Answers, due};
use crate::{Message, theme::Background};

/// How long what has come may take to be a whole key.
const WHOLE_WITHIN: Duration = Duration::from_millis(100);

/// What the terminal's input has for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Something,
    Nothing,
    Gone,
}

/// Reads keys until nobody listens, or the input has gone: that is told. `on_background` is called
/// when the terminal says what its background is.
///
/// # Errors
/// There is no terminal to read from.
pub fn read_keys(
    messages: mpsc::Sender<Message>,
    mut on_background: impl FnMut(Background) + Send + 'static,
) -> io::Result<()> {
    let input = input()?;
    let keys = thread::Builder::new().name("keys".to_owned());
    keys.spawn(move || {
        let read = read(&input, &messages, &mut on_background);
        due::settle();
        if read.is_none() {
            let words = "there are no keys any more: the terminal's input has gone";
            let _ = messages.blocking_send(Message::Trouble(words.to_owned()));
        }
    })?;
    Ok(())
}

/// Reads while somebody listens; `None` if the input has gone.
fn read(
    input: &OwnedFd,
    messages: &mpsc::Sender<Message>,
    on_background: &mut dyn FnMut(Background),
) -> Option<()> {
    let mut answers = Answers::default();
    let send = |events: Vec<Event>| {
        let mut sent = events.into_iter().map(|it| messages.blocking_send(Message::Input(it)));
        sent.all(|it| it.is_ok())
    };
    loop {
        if answers.is_open() {
            // The rest of an answer has come with its beginning, or comes at once.
            if look(input, Some(WHOLE_WITHIN))? == Input::Nothing && !send(answers.release()) {
                return Some(());
            }
        }
        look(input, None).filter(|it| *it != Input::Gone)?;
        if !event::poll(WHOLE_WITHIN).ok()? {
            continue;
        }
        loop {
            let heard = answers.hear(event::read().ok()?, due::is_due());
            if let Some(background) = heard.background {
                due::settle();
                on_background(background);
            }
            if !send(heard.pressed) {
                return Some(());
            }
            // What reads from the terminal would read an input that has gone for ever, and at once:
            // so it is looked at before each reading.
            look(input, Some(Duration::ZERO)).filter(|it| *it != Input::Gone)?;
            if !event::poll(Duration::ZERO).ok()? {
                break;
            }
        }
    }
}

/// Waits for something to read, for so long or for ever.
fn look(input: impl AsFd, patience: Option<Duration>) -> Option<Input> {
    let mut fds = [PollFd::new(&input, PollFlags::IN)];
    let patience = patience.map(|it| Timespec { tv_sec: 0, tv_nsec: it.subsec_nanos().into() });
    match poll(&mut fds, patience.as_ref()) {
        Ok(_) => {}
        Err(rustix::io::Errno::INTR) => return Some(Input::Nothing),
        Err(_) => return None,
    }
    let has = fds[0].revents();
    Some(match has {
        _ if has.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => Input::Gone,
        _ if has.contains(PollFlags::IN) => Input::Something,
        _ => Input::Nothing,
    })
}

/// What keys are read from: standard input, or else the terminal that the program was started in.
fn input() -> io::Result<OwnedFd> {
    let standard = rustix::stdio::stdin();
    if isatty(standard) {
        return standard.try_clone_to_owned();
    }
    Ok(File::open("/dev/tty")?.into())
}
