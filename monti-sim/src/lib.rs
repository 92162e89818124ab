//! The MONTI simulator: callers and agents that behave like people.

pub mod replay;
