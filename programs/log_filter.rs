//! What a program's log shows, as it is said on the command line.

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Reads what the log shows: directives with commas between them.
///
/// A word that is no level would be taken for the name of a part of the program, and nothing else
/// be logged, errors included: `warning` is refused.
///
/// # Errors
/// It cannot be read so; says what is allowed.
pub(crate) fn log_filter(text: &str) -> Result<EnvFilter, String> {
    let directives = text.split(',').filter(|directive| !directive.is_empty());
    for directive in directives {
        let is_level = directive.parse::<LevelFilter>().is_ok();
        if !is_level && !directive.contains('=') {
            return Err(format!("`{directive}` is no level: {ALLOWED}"));
        }
    }
    EnvFilter::builder().parse(text).map_err(|error| format!("{error}: {ALLOWED}"))
}

const ALLOWED: &str = "allowed are `off`, `error`, `warn`, `info`, `debug`, `trace`, and PART=LEVEL \
    for a part of the program, such as `warn,monti_core=debug`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_parts_with_levels_are_allowed() {
        for text in ["", "info", "WARN", "off", "warn,monti_core=debug"] {
            assert!(log_filter(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_word_that_would_silence_the_log_is_refused() {
        for text in ["warning", "loud", "info,warning", "monti_core=loud", "monti_core::wire"] {
            let refused = log_filter(text).unwrap_err();
            assert!(refused.contains("allowed are `off`, `error`, `warn`"), "{refused}");
        }
    }
}
