//! The whole: fleets that play live against the real server, over real sockets.

#[path = "../../../programs/built.rs"]
mod built;
#[path = "../../../programs/child.rs"]
mod child;
mod come_back;
mod control;
mod demo;
mod dynamo;
#[path = "../../../programs/dynoxide.rs"]
mod dynoxide;
mod entry;
mod http;
mod load;
mod program;
mod real_day;
mod server;
#[path = "../../../programs/shared.rs"]
mod shared;
mod sim;
mod watch;
mod working_day;
