//! The MONTI server: runs the engine durably, and tells wallboards, agents and scripts about it.
//!
//! One driver owns the engine: everything that happens goes through one bounded inbox, is journaled
//! in groups, and nothing is acknowledged or shown before it is durable. Around it are the ways in
//! and out; none of them decides anything about calls, agents or figures.

pub mod assembly;
pub mod auth;
pub mod centre_file;
pub mod clock;
pub mod config;
pub mod driver;
pub mod dynamo;
#[path = "../../programs/generate.rs"]
pub mod generate;
pub mod history;
pub mod http;
pub mod inbox;
pub mod journal;
pub mod logs;
pub mod metrics;
pub mod observations;
pub mod outbox;
#[path = "../../programs/print.rs"]
pub mod print;
pub mod recovery;
pub mod snapshots;
pub mod store;
pub mod tls;
pub mod tokens;
pub mod ws;
