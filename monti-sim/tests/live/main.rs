//! The whole: fleets that play live against the real server, over real sockets.

mod come_back;
mod control;
mod entry;
mod http;
mod load;
mod program;
mod real_day;
mod server;
mod sim;
