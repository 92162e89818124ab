//! The loop: take in what happened, draw if that changed anything, wait.

use std::{io, time::Duration};

use tokio::sync::mpsc;

use crate::{App, Effect, Message, stopwatch::Stopwatch, update};

/// The world around the wallboard: a terminal, a link, REST.
pub trait Shell {
    /// Shows `app`, in one synchronized update.
    ///
    /// # Errors
    /// The terminal is gone.
    fn draw(&mut self, app: &App) -> io::Result<()>;

    /// Does what is wanted, without waiting for what comes of it. Never [`Effect::Quit`].
    ///
    /// # Errors
    /// The terminal is gone.
    fn carry_out(&mut self, effect: Effect) -> io::Result<()>;
}

/// How many messages are taken in before a drawing: what a second brings for a hundred
/// departments. A flood beyond it must not keep the screen from showing anything.
const BATCH_MAX: usize = 512;

/// Runs until the reader quits or all senders of `messages` are gone.
///
/// # Errors
/// The terminal is gone.
pub async fn run(
    app: &mut App,
    messages: &mut mpsc::Receiver<Message>,
    shell: &mut impl Shell,
) -> io::Result<()> {
    let start = Stopwatch::start();
    shell.draw(app)?;
    while let Some(first) = next(app, messages, start).await {
        let mut draw = false;
        let rest = std::iter::from_fn(|| messages.try_recv().ok());
        // What came together is drawn together.
        for message in std::iter::once(first).chain(rest).take(BATCH_MAX) {
            let update = update(app, start.elapsed(), message);
            draw |= update.draw;
            for effect in update.effects {
                if effect == Effect::Quit {
                    return Ok(());
                }
                shell.carry_out(effect)?;
            }
        }
        if draw {
            shell.draw(app)?;
        }
    }
    Ok(())
}

/// The next message, [`Message::Wake`] among them; `None` when there will be none.
async fn next(
    app: &App,
    messages: &mut mpsc::Receiver<Message>,
    start: Stopwatch,
) -> Option<Message> {
    let Some(wake_at) = app.wake_at() else { return messages.recv().await };
    let left = wake_at.saturating_sub(start.elapsed()).max(Duration::from_millis(1));
    match tokio::time::timeout(left, messages.recv()).await {
        Ok(message) => message,
        Err(_) => Some(Message::Wake),
    }
}
