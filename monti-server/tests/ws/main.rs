//! The links over real sockets, with the real driver and its store behind them.

mod agents;
mod board;
mod calls;
mod client;
mod crowd;
mod deltas;
mod faults;
mod frames;
#[path = "../support/front.rs"]
mod front;
mod handshakes;
#[path = "../support/machine.rs"]
#[expect(dead_code, reason = "the driver's tests use all of it")]
mod machine;
mod roles;
mod server;
mod silence;
mod stopping;
#[path = "../support/tokens.rs"]
mod tokens;
mod wallboards;
