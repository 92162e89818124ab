//! The MONTI wallboard for the terminal: what a centre does, second by second, and never a stale
//! number that looks like a live one.
//!
//! - [`App`] is all that is known and shown. [`update`] changes it by one [`Message`] at a moment
//!   of the program's own clock, and answers whether there is something to draw and which
//!   [`Effect`]s the shell is to have. [`view::render`] draws it and only reads.
//! - What the server says becomes a [`board::Board`]; the last half hour of boards is kept in
//!   [`board::History`].
//! - Sockets, files, terminals and clocks are the shell's: nothing behind [`update`] and
//!   [`view::render`] touches one, so a test needs neither.
//!
//! # The seams
//! A link says [`Message::Link`] with a [`LinkEvent`]: that it connects, is up, heard a message of
//! the server's, went down and when it tries again, or was a recording that has ended. It is asked for one thing, [`Effect::Resync`],
//! when what it brought does not follow what was known. REST is asked with [`Effect::Ask`] and
//! answers [`Message::Answer`], in its own time. Keys, clicks and the terminal's size are
//! [`Message::Input`]. All of them go through one bounded channel into [`run()`], whose [`Shell`] is
//! what draws and carries effects out.

pub mod activity;
pub mod alerts;
pub mod board;
pub mod config;
pub mod filter;
pub mod format;
#[path = "../../programs/generate.rs"]
pub mod generate;
pub mod keymap;
pub mod kiosk;
pub mod layout;
pub mod link;
pub mod once;
#[path = "../../programs/print.rs"]
pub mod print;
pub mod record;
#[path = "../../programs/remote.rs"]
pub mod remote;
pub mod rest;
pub mod screen;
pub mod scrub;
pub mod shell;
pub mod terminal;
pub mod theme;
pub mod view;

mod app;
mod live;
mod message;
mod run;
mod stopwatch;

pub use self::{
    app::{App, Known, Notice, Quarter, Setup, Update, update},
    live::{Freshness, Happening, Live, What},
    message::{Answer, Effect, End, LinkEvent, Message, Question, Refusal},
    run::{Shell, run},
    screen::{Popup, Screen},
};
