//! Every message and body of the protocol: how it is written and read, what is refused and why,
//! and what the engine's views look like on the wire.

mod agent_link;
mod agent_views;
mod call_views;
mod errors;
mod golden;
mod page;
mod queue_views;
mod rest;
mod sim_control;
mod wallboard;
mod wrong;
