//! Journeys over the wallboard's screens: messages in, keys pressed, frames out. Neither a socket
//! nor a clock is in it.

mod activity;
mod agent;
mod alerts;
mod changes;
mod department;
mod figures;
mod floor;
mod grid;
mod inject;
mod keys;
mod kiosk;
mod limits;
mod lists;
mod missed;
mod names;
mod past;
mod queue;
mod sizes;
mod snapshots;
mod styled;
mod themes;
mod time;
mod wall;
