//! The world around the wallboard as it is: a terminal, a link, REST.

mod alarm;

use std::io;

use tokio::sync::mpsc;

pub use self::alarm::Alarm;
use crate::{
    App, Effect, Message, Question, Refusal, Shell,
    rest::{self, Rest},
    scrub,
    terminal::{self, Terminal},
    view,
};

/// A real terminal and a real server, or a recording of one.
#[derive(Debug)]
pub struct World {
    /// What is drawn on.
    pub terminal: Terminal,
    /// Asks the link for the full state.
    pub resyncs: mpsc::Sender<()>,
    /// Whom questions are asked; nobody in a recording.
    pub rest: Option<Rest>,
    /// Where their answers go.
    pub messages: mpsc::Sender<Message>,
    /// How people that do not look are told.
    pub alarm: Alarm,
}

impl Shell for World {
    /// A terminal that has not taken the last frame is drawn on when it has.
    fn draw(&mut self, app: &App) -> io::Result<()> {
        if !self.terminal.is_ready() {
            let messages = self.messages.clone();
            // If there is no room there is enough to draw.
            self.terminal.when_ready(move || drop(messages.try_send(Message::Wake)));
            return Ok(());
        }
        self.terminal.draw(|frame| view::render(app, frame))
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Quit => Ok(()),
            Effect::Suspend => {
                if terminal::suspend()? {
                    terminal::wake(&self.messages);
                } else {
                    let words = "no shell runs this as its job: nobody could bring it back";
                    let _ = self.messages.try_send(Message::Trouble(words.to_owned()));
                }
                Ok(())
            }
            Effect::Repaint => {
                terminal::spoil();
                Ok(())
            }
            Effect::Resync => {
                // One that is on its way already will do.
                let _ = self.resyncs.try_send(());
                Ok(())
            }
            Effect::Ask(question) => {
                self.ask(*question);
                Ok(())
            }
            Effect::Copy(text) => self.terminal.copy(&text),
            Effect::Notify { words, at } => {
                let told = self.alarm.tells(at);
                if told.bell {
                    self.terminal.ring()?;
                }
                if told.desktop {
                    self.terminal.notify(&scrub::text(&words))?;
                }
                Ok(())
            }
        }
    }
}

impl World {
    /// Asks in a task of its own: the screen does not wait for an answer.
    fn ask(&self, question: Question) {
        let (rest, messages) = (self.rest.clone(), self.messages.clone());
        tokio::spawn(async move {
            let answer = match rest {
                Some(rest) => rest.ask(question).await,
                None => rest::refuse(question, &recorded()),
            };
            // Nobody may be left to hear it.
            let _ = messages.send(Message::Answer(Box::new(answer))).await;
        });
    }
}

fn recorded() -> Refusal {
    Refusal::unasked("this is a recording: there is nobody to ask")
}
