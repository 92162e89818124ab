//! The program in a real terminal, against a real server: what its users see.
//!
//! Needs tmux; `scripts/test.sh` says how to install it.

mod acting;
mod asking;
#[path = "../../../programs/built.rs"]
mod built;
mod calling;
#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
mod commands;
mod ending;
mod floor;
mod losing;
mod pane;
mod programs;
mod pty;
mod secure;
mod stalled;
mod watching;
