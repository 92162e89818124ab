//! What peers and damaged files may hold, more than a hundred thousand times: mutations of what is
//! good, and noise. Nothing panics, and what is refused changes nothing.

mod files;
mod journal;
mod links;
mod mutation;

use proptest::test_runner::Config;

/// How a property is tried, so many times. What fails is printed in its smallest form.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}
