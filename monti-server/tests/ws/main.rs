//! The links over real sockets, with the real driver and its store behind them.

mod agents;
mod board;
mod calls;
mod client;
mod crowd;
mod deltas;
mod faults;
mod frames;
mod machine;
mod roles;
mod server;
mod silence;
mod stopping;
mod wallboards;
