//! The server through its HTTP face, over real sockets, with a real engine behind it.

mod actions;
#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
mod client;
mod connections;
mod document;
mod example;
#[path = "../support/front.rs"]
mod front;
mod handbook;
mod links;
mod live;
mod log;
#[path = "../support/logged.rs"]
mod logged;
#[path = "../support/machine.rs"]
#[expect(dead_code, reason = "the driver's tests use all of it")]
mod machine;
mod operation;
mod past;
mod program;
mod refusals;
mod rescue;
mod roles;
#[path = "../support/tokens.rs"]
mod tokens;
mod world;
