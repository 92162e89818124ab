//! The terminal: taken over, drawn on, and given back as it was, whatever happens.
//!
//! What takes it over and gives it back is kept in one place, so that every way out goes through
//! it: the end of the program, a panic, SIGTERM and SIGHUP, and ctrl-z with what follows it. None
//! of them waits for a terminal that takes nothing for longer than a second, twice, and for an answer
//! that is due for longer than a fifth of a second.

mod answer;
mod due;
mod keys;
mod outlet;
mod painter;
mod signals;

use std::{
    io, panic, process,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use crossterm::{
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste, Event},
    queue,
    style::{Print, ResetColor},
    terminal::{
        DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
        LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
    },
};
use ratatui::Frame;
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use tokio::sync::mpsc;

use self::outlet::Out;
pub use self::{keys::read_keys, painter::Painter, signals::Signals};
use crate::Message;

/// Presses and the wheel, in columns and rows of any size. Not every movement: a mouse that crosses
/// the wall would wake it a hundred times.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// How long a terminal that takes nothing is waited for when it is given back, before and after what
/// it has not taken is given up.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long an answer that is due is waited for when the terminal is given back: else it would be left
/// to the shell, as keys.
const ANSWER_PATIENCE: Duration = Duration::from_millis(200);

/// Whether the terminal is taken over, and whether the mouse is. Where a panic finds it.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
static HAS_MOUSE: AtomicBool = AtomicBool::new(false);

/// Whether something else may have written over what was drawn.
static IS_SPOILT: AtomicBool = AtomicBool::new(false);

/// The terminal that the program was started in, taken over until this is dropped.
#[derive(Debug)]
pub struct Terminal {
    ratatui: ratatui::Terminal<Painter<Out>>,
}

impl Terminal {
    /// Takes the terminal over; with the mouse, if wanted.
    ///
    /// # Errors
    /// It is none, or it is gone.
    pub fn take(with_mouse: bool) -> io::Result<Self> {
        HAS_MOUSE.store(with_mouse, Ordering::Relaxed);
        let ratatui = ratatui::Terminal::new(Painter::new(Out))?;
        take_over()?;
        Ok(Self { ratatui })
    }

    /// Whether the terminal has taken all that was drawn: else there is no use in drawing more.
    pub fn is_ready(&self) -> bool {
        outlet::is_free()
    }

    /// Calls `told` once it has.
    pub fn when_ready(&self, told: impl FnOnce() + Send + 'static) {
        outlet::when_free(told);
    }

    /// Draws what changed since the last time, in one synchronized update; nothing is written if
    /// nothing did.
    ///
    /// # Errors
    /// It is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if IS_SPOILT.swap(false, Ordering::Relaxed) {
            self.ratatui.clear()?;
        }
        self.ratatui.draw(render).map(drop)
    }

    /// Puts a text on the clipboard of whoever looks, by OSC 52: over SSH too.
    ///
    /// # Errors
    /// It is gone.
    pub fn copy(&self, text: &str) -> io::Result<()> {
        say(&format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text)))
    }

    /// Asks for the background. A terminal that knows the question says what it is among its keys:
    /// [`read_keys`] tells it.
    ///
    /// # Errors
    /// It is gone.
    pub fn ask_background(&self) -> io::Result<()> {
        due::ask();
        say(answer::QUESTION)
    }

    /// Rings the bell.
    ///
    /// # Errors
    /// It is gone.
    pub fn ring(&self) -> io::Result<()> {
        say("\x07")
    }

    /// Asks for a notification of the desktop, in the two ways that terminals know (OSC 9 and
    /// OSC 777). The text is one without control characters.
    ///
    /// # Errors
    /// It is gone.
    pub fn notify(&self, text: &str) -> io::Result<()> {
        // A semicolon ends a part of OSC 777.
        let text = text.replace(';', ",");
        say(&format!("\x1b]9;{text}\x07\x1b]777;notify;MONTI;{text}\x07"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Nobody is left who could be told.
        let _ = give_back();
    }
}

/// Draws all of it the next time: something else wrote over it.
pub fn spoil() {
    IS_SPOILT.store(true, Ordering::Relaxed);
}

/// Has everything drawn again, in the size that the terminal has now.
pub fn wake(messages: &mpsc::Sender<Message>) {
    if let Ok((columns, rows)) = size() {
        // If there is no room there is enough to draw.
        let _ = messages.try_send(Message::Input(Event::Resize(columns, rows)));
    }
}

/// Gives the terminal back, stops the process and all that it was started with, and takes the
/// terminal over again once it is continued. Answers whether it did: where no shell runs the
/// program as one of its jobs, nobody would continue it.
///
/// # Errors
/// It is gone.
pub fn suspend() -> io::Result<bool> {
    if getsid(None)? == getpgrp() {
        return Ok(false);
    }
    give_back()?;
    kill_current_process_group(Signal::STOP)?;
    take_over()?;
    Ok(true)
}

/// Makes every panic end the process with a clean terminal and a report: a wallboard half of which
/// has stopped would look alive.
pub fn end_on_panic() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let _ = give_back();
        report(info);
        process::exit(101);
    }));
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::Relaxed);
    spoil();
    let mouse = if HAS_MOUSE.load(Ordering::Relaxed) { MOUSE_ON } else { "" };
    queue!(Out, EnterAlternateScreen, Hide, DisableLineWrap, EnableBracketedPaste, Print(mouse))
}

/// Takes it over though it was not given back: whoever used it meanwhile has left it in modes of
/// their own, and those that are known to be set are not set again.
fn take_over_again() -> io::Result<()> {
    disable_raw_mode()?;
    take_over()
}

fn give_back() -> io::Result<()> {
    if !IS_TAKEN.swap(false, Ordering::Relaxed) {
        return Ok(());
    }
    let mouse = if HAS_MOUSE.load(Ordering::Relaxed) { MOUSE_OFF } else { "" };
    // A frame that was cut off must not keep the terminal waiting for its end.
    let written = queue!(
        Out,
        EndSynchronizedUpdate,
        Print(mouse),
        DisableBracketedPaste,
        EnableLineWrap,
        ResetColor,
        LeaveAlternateScreen,
        Show
    );
    outlet::drain(PATIENCE);
    // Who reads keys reads it.
    due::wait(ANSWER_PATIENCE);
    disable_raw_mode()?;
    written
}

fn say(sequence: &str) -> io::Result<()> {
    outlet::say(sequence.as_bytes())
}
