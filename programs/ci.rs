//! Continuous integration, where nothing is left out of the tests.

/// Whether this is such a run: `CI` says so.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
