//! The MONTI wallboard for the terminal.

pub mod scrub;
pub mod theme;
