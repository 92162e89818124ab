//! What the program is asked to do, and which options have a part in that.

use clap::{ArgMatches, Command, parser::ValueSource};
use monti_tui::config::CommandLine;

/// What the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Prints completions or the manual.
    Generate,
    /// Checks the file of settings.
    CheckConfig,
    /// Prints the settings.
    PrintConfig,
    /// Prints the state now.
    Once,
    /// Likewise, for want of a terminal.
    WithoutTerminal,
    /// Shows a recording.
    Replay,
    /// Shows what happens.
    Watch,
}

/// Settings of how a server is reached.
const SERVER: &[&str] = &["connect", "token_file", "ca"];

/// Settings that matter to whatever shows something.
const SHOWN: &[&str] = &["symbols", "privacy", "read_only", "config", "log_file", "log"];

/// Settings of what fills a terminal.
const WALLBOARD: &[&str] = &["theme", "colour", "mouse", "kiosk", "rotate", "bell", "desktop"];

impl Job {
    /// What `command_line` asks for.
    pub(super) fn of(command_line: &CommandLine, has_terminal: bool) -> Self {
        match command_line {
            CommandLine { generate: Some(_), .. } => Self::Generate,
            CommandLine { check_config: true, .. } => Self::CheckConfig,
            CommandLine { print_config: true, .. } => Self::PrintConfig,
            CommandLine { once: true, .. } => Self::Once,
            // A recording is watched on a terminal or not at all.
            CommandLine { replay: Some(_), .. } => Self::Replay,
            _ if has_terminal => Self::Watch,
            _ => Self::WithoutTerminal,
        }
    }

    /// Why an option of the command line cannot be given with it, if one was that has no part in it:
    /// nothing is left undone in silence. A variable may be set for other times.
    pub(super) fn refusal(self, command: &Command, matches: &ArgMatches) -> Option<String> {
        let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let mut options = command.get_arguments().filter(|it| it.get_long().is_some());
        let ignored = options.find(|option| {
            let id = option.get_id().as_str();
            is_given(id) && !self.has_part(id)
        })?;
        let option = format!("--{}", ignored.get_long().unwrap_or_default());
        Some(match (self, ignored.get_id().as_str()) {
            (Self::Generate, _) => format!("{option} has no part in --generate"),
            (Self::CheckConfig, _) => {
                format!("{option} has no part in --check-config, which reads the file alone")
            }
            (Self::PrintConfig, _) => {
                format!("{option} has no part in --print-config: it is no setting")
            }
            (Self::Once, _) => format!("{option} has no part in --once"),
            (_, "format") => format!("{option} says how --once prints, which was not asked for"),
            (_, "fail_on") => format!("{option} says when --once fails, which was not asked for"),
            (Self::WithoutTerminal, _) => {
                format!("{option} needs a terminal: without one the state is printed, as by --once")
            }
            (Self::Replay, _) => format!("{option} has no part in --replay, which asks no server"),
            (Self::Watch, _) => format!("{option} has no part in watching"),
        })
    }

    fn has_part(self, id: &str) -> bool {
        let parts: &[&[&str]] = match self {
            Self::Generate => &[&["generate"]],
            Self::CheckConfig => &[&["check_config", "config"]],
            Self::PrintConfig => &[&["print_config"], SERVER, SHOWN, WALLBOARD],
            Self::Once | Self::WithoutTerminal => &[&["once", "format", "fail_on"], SERVER, SHOWN],
            Self::Replay => &[&["replay"], SHOWN, WALLBOARD],
            Self::Watch => &[&["record"], SERVER, SHOWN, WALLBOARD],
        };
        parts.iter().any(|part| part.contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;

    const ALL: [Job; 7] = [
        Job::Generate,
        Job::CheckConfig,
        Job::PrintConfig,
        Job::Once,
        Job::WithoutTerminal,
        Job::Replay,
        Job::Watch,
    ];

    #[test]
    fn every_option_has_a_part_in_something_and_nothing_else_has() {
        let command = CommandLine::command();
        let options: Vec<_> = command.get_arguments().map(|it| it.get_id().as_str()).collect();
        for option in &options {
            assert!(ALL.iter().any(|job| job.has_part(option)), "{option}");
        }
        for named in [SERVER, SHOWN, WALLBOARD].concat() {
            assert!(options.contains(&named), "{named}");
        }
    }

    #[test]
    fn an_option_that_would_do_nothing_is_named() {
        for (arguments, said) in [
            (&["--once", "--theme", "dark"][..], "--theme has no part in --once"),
            (&["--once", "--kiosk"], "--kiosk has no part in --once"),
            (&["--once", "--replay", "day"], "--replay has no part in --once"),
            (&["--print-config", "--format", "csv"], "--format has no part in --print-config"),
            (&["--check-config", "--print-config"], "--print-config has no part in"),
            (&["--check-config", "--connect", "a:1"], "which reads the file alone"),
            (&["--replay", "day", "--connect", "a:1"], "--connect has no part in --replay"),
            (&["--replay", "day", "--record", "day"], "--record has no part in --replay"),
            (&["--generate", "man", "--once"], "--once has no part in --generate"),
            (&["--fail-on", "breach"], "--fail-on says when --once fails"),
        ] {
            let refused = refusal(arguments, true);
            assert!(refused.as_ref().is_some_and(|it| it.contains(said)), "{refused:?}");
        }
        let refused = refusal(&["--rotate", "9s"], false);
        assert!(refused.is_some_and(|it| it.contains("--rotate needs a terminal")));
        for arguments in [
            &["--once", "--symbols", "ascii", "--format", "table"][..],
            &["--print-config", "--kiosk", "--connect", "a:1"],
            &["--replay", "day", "--kiosk", "--privacy"],
            &["--record", "day", "--log-file", "log"],
        ] {
            assert_eq!(refusal(arguments, true), None);
        }
    }

    fn refusal(arguments: &[&str], has_terminal: bool) -> Option<String> {
        let command = CommandLine::command();
        let matches = command.clone().get_matches_from([&["monti-tui"], arguments].concat());
        let command_line = CommandLine::from_arg_matches(&matches).unwrap();
        Job::of(&command_line, has_terminal).refusal(&command, &matches)
    }
}
