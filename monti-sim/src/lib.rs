//! Callers and agents that behave like people, for a centre to serve.
//!
//! The people are a [`Fleet`]: a seeded machine without sockets, threads or clock. Two shells drive
//! it: [`study`] runs it against an [`Engine`](monti_core::Engine) in the same process, in virtual
//! time and as fast as the engine allows; the program's `run` and `replay` put it on a server's
//! links. What they do is in a [`Scenario`].
//!
//! The same scenario with the same seed gives the same people, on every machine and whatever the
//! number of threads: see [`Dice`].

mod agenda;
mod agent;
mod arrivals;
mod calendar;
mod callers;
pub mod control;
mod dice;
mod distribution;
pub mod erlang;
pub mod files;
pub mod fleet;
#[path = "../../programs/generate.rs"]
pub mod generate;
mod lines;
pub mod live;
mod people;
#[path = "../../programs/print.rs"]
pub mod print;
#[path = "../../programs/remote.rs"]
pub mod remote;
pub mod replay;
pub mod report;
mod scenario;
mod shares;
mod statistics;
pub mod study;

pub use self::{
    arrivals::{Count, Mix, Peak, PlannedCall, Rate, Stream, Waits},
    calendar::Calendar,
    callers::CallerId,
    dice::Dice,
    distribution::{Durations, InvalidDistribution},
    fleet::{Action, AgentNo, CallerCounts, ConfigFault, Deed, Fleet, Refusal},
    scenario::{
        Behaviour, Breaks, Hours, Lunch, OtherCentre, Scenario, ScenarioError, Sometimes, Staff,
    },
    statistics::Estimate,
};
