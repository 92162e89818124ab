//! Journeys over the wallboard's screens: messages in, keys pressed, frames out. Neither a socket
//! nor a clock is in it.

mod changes;
mod figures;
mod floor;
mod hostile;
mod journeys;
mod kiosk;
mod limits;
mod past;
mod sizes;
mod snapshots;
mod styled;
mod time;
mod wall;
