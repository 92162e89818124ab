//! The server through its HTTP face, over real sockets, with a real engine behind it.

mod actions;
mod client;
mod connections;
mod document;
mod example;
mod handbook;
mod live;
mod log;
mod operation;
mod past;
mod program;
mod refusals;
mod roles;
mod world;
