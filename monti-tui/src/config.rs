//! What the wallboard is asked to be: the command line first, then `MONTI_…`, then the file.

mod command_line;
mod file;
#[path = "../../programs/log_filter.rs"]
mod log_filter;
mod print;
mod quiet;
mod setting;
#[path = "../../programs/xdg.rs"]
mod xdg;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, parser::ValueSource};
use monti_core::{Millis, file::FileError};
use tracing_subscriber::EnvFilter;

pub use self::{
    command_line::{CommandLine, FailOn, Format},
    file::FileOptions,
    print::print,
    quiet::{InvalidQuietHours, QuietHours},
    setting::{ColourChoice, Setting, Source, SymbolChoice, ThemeChoice},
};
use crate::{
    board::Sort,
    filter::Filter,
    keymap::{Key, Keymap},
    kiosk::{Figure, Targets},
    remote::{Address, Token},
    scrub::Names,
};

/// The variable of the token. There is no option for it: everybody can read a command line.
const TOKEN_VARIABLE: &str = "MONTI_TOKEN";

/// All settings as they are in effect, each with where it was made.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server is.
    pub connect: Setting<Address>,
    /// The file of the token.
    pub token_file: Setting<Option<PathBuf>>,
    /// More roots of trust, PEM.
    pub ca: Setting<Option<PathBuf>>,
    /// Colours.
    pub theme: Setting<ThemeChoice>,
    /// How many of them.
    pub colour: Setting<ColourChoice>,
    /// Signs.
    pub symbols: Setting<SymbolChoice>,
    /// Whether names are shown as initials.
    pub privacy: Setting<bool>,
    /// Whether nothing can be done from here.
    pub read_only: Setting<bool>,
    /// Whether the mouse is used.
    pub mouse: Setting<bool>,
    /// Whether it starts as a wall.
    pub kiosk: Setting<bool>,
    /// How long a wall shows one thing before the next; never the next without it.
    pub rotate: Setting<Option<Millis>>,
    /// The wall's figures.
    pub figures: Setting<Vec<Figure>>,
    /// What figures should be, where the centre does not say.
    pub limits: Limits,
    /// What agents are sorted by.
    pub sort: Setting<Sort>,
    /// Which of them are shown.
    pub filter: Setting<Filter>,
    /// Whether the bell rings for alerts.
    pub bell: Setting<bool>,
    /// Whether alerts are notifications of the desktop.
    pub desktop: Setting<bool>,
    /// When neither is wanted, in this machine's time zone.
    pub quiet: Setting<Option<QuietHours>>,
    /// Keys other than the usual ones, by action.
    pub keys: Setting<Vec<(String, Vec<Key>)>>,
    /// Where the log is written; nowhere without it.
    pub log_file: Setting<Option<PathBuf>>,
    /// What is logged.
    pub log: Setting<EnvFilter>,
    token: Option<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There are faults in it.
    #[error("{}", faults(.path, .error))]
    Faulty {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: FileError,
    },
}

impl Config {
    /// The settings that follow from the command line, the environment and the file.
    ///
    /// # Errors
    /// The file cannot be read or is faulty. One that was not asked for need not be there.
    pub fn load(command_line: &CommandLine, matches: &ArgMatches) -> Result<Self, ConfigError> {
        let file = match config_file(command_line) {
            Some((path, must_exist)) => read(&path, must_exist)?,
            None => FileOptions::default(),
        };
        Ok(Self::merge(command_line, matches, file))
    }

    fn merge(command_line: &CommandLine, matches: &ArgMatches, file: FileOptions) -> Self {
        let FileOptions { limits, agents, alerts, kiosk, keys, .. } = file;
        let given = Given { matches };
        let of_file = |value| Setting { value, source: Source::File };
        Self {
            connect: given.one(
                "connect",
                command_line.connect.clone(),
                file.connect,
                Address::default,
            ),
            token_file: given.maybe("token_file", command_line.token_file.clone(), file.token_file),
            ca: given.maybe("ca", command_line.ca.clone(), file.ca),
            theme: given.one("theme", command_line.theme, file.theme, Default::default),
            colour: given.one("colour", command_line.colour, file.colour, Default::default),
            symbols: given.one("symbols", command_line.symbols, file.symbols, Default::default),
            privacy: given.one("privacy", command_line.privacy, file.privacy, || false),
            read_only: given.one("read_only", command_line.read_only, file.read_only, || false),
            mouse: given.one("mouse", command_line.mouse, file.mouse, || true),
            kiosk: given.one("kiosk", command_line.kiosk, kiosk.start, || false),
            rotate: given.maybe("rotate", command_line.rotate, kiosk.rotate),
            figures: kiosk.figures.map_or_else(|| Figure::DEFAULT.to_vec().into(), of_file),
            limits: Limits::of(&given, limits),
            sort: given.one("sort", None, agents.sort, Sort::default),
            filter: given.one("filter", None, agents.filter, Filter::default),
            bell: given.one("bell", command_line.bell, alerts.bell, || false),
            desktop: given.one("desktop", command_line.desktop, alerts.desktop, || false),
            quiet: given.maybe("quiet", None, alerts.quiet),
            keys: Setting {
                source: if keys.is_empty() { Source::Default } else { Source::File },
                value: keys,
            },
            log_file: given.maybe("log_file", command_line.log_file.clone(), file.log_file),
            log: given.one("log", command_line.log.clone(), file.log, || EnvFilter::new("info")),
            token: env::var(TOKEN_VARIABLE).ok(),
        }
    }

    /// How names of people are shown.
    pub fn names(&self) -> Names {
        if self.privacy.value { Names::Initials } else { Names::Whole }
    }

    /// What opens the server, if anything was given: a file that the command line or the
    /// environment names, then the variable, then a file that the file of settings names.
    pub fn token(&self) -> Option<Token> {
        let file = self.token_file.value.clone().map(Token::File);
        let variable = self.token.clone().filter(|text| !text.is_empty()).map(Token::Text);
        match self.token_file.source {
            Source::Flag | Source::Environment => file.or(variable),
            Source::File | Source::Default => variable.or(file),
        }
    }

    /// The table of keys.
    pub fn keymap(&self) -> Keymap {
        let mut keymap = Keymap::default();
        for (action, keys) in &self.keys.value {
            // That there is such an action was checked when the file was read.
            keymap.bind(action, keys.clone());
        }
        keymap
    }
}

/// What figures should be, where the centre does not say: [`Targets`] as settings.
#[derive(Debug, Clone)]
pub struct Limits {
    waiting_calls: Setting<u32>,
    longest_wait: Setting<Option<Millis>>,
    available_agents: Setting<u32>,
    abandoned_percent: Setting<f64>,
    occupancy_percent: Setting<f64>,
}

impl Limits {
    fn of(given: &Given<'_>, table: file::LimitsTable) -> Self {
        let default = Targets::default();
        Self {
            waiting_calls: given
                .one("waiting_calls", None, table.waiting_calls, || default.waiting_calls),
            longest_wait: given.maybe("longest_wait", None, table.longest_wait),
            available_agents: given
                .one("available_agents", None, table.available_agents, || default.available_agents),
            abandoned_percent: given.one(
                "abandoned_percent",
                None,
                table.abandoned_percent,
                || default.abandoned_percent,
            ),
            occupancy_percent: given.one(
                "occupancy_percent",
                None,
                table.occupancy_percent,
                || default.occupancy_percent,
            ),
        }
    }

    /// Their values.
    pub fn targets(&self) -> Targets {
        Targets {
            waiting_calls: self.waiting_calls.value,
            longest_wait: self.longest_wait.value,
            available_agents: self.available_agents.value,
            abandoned_percent: self.abandoned_percent.value,
            occupancy_percent: self.occupancy_percent.value,
        }
    }
}

/// What was given on the command line and in the environment.
struct Given<'a> {
    matches: &'a ArgMatches,
}

impl Given<'_> {
    fn one<T>(
        &self,
        id: &str,
        given: Option<T>,
        in_file: Option<T>,
        default: impl FnOnce() -> T,
    ) -> Setting<T> {
        match (given, in_file) {
            (Some(value), _) => Setting { value, source: self.source(id) },
            (None, Some(value)) => Setting { value, source: Source::File },
            (None, None) => Setting { value: default(), source: Source::Default },
        }
    }

    fn maybe<T>(&self, id: &str, given: Option<T>, in_file: Option<T>) -> Setting<Option<T>> {
        self.one(id, given.map(Some), in_file.map(Some), || None)
    }

    fn source(&self, id: &str) -> Source {
        match self.matches.value_source(id) {
            Some(ValueSource::EnvVariable) => Source::Environment,
            _ => Source::Flag,
        }
    }
}

/// The file to read, and whether it was asked for.
pub fn config_file(command_line: &CommandLine) -> Option<(PathBuf, bool)> {
    if let Some(path) = &command_line.config {
        return Some((path.clone(), true));
    }
    let folder = xdg::folder("XDG_CONFIG_HOME", ".config")?;
    Some((folder.join("monti/tui.toml"), false))
}

fn read(path: &Path, must_exist: bool) -> Result<FileOptions, ConfigError> {
    match fs::read_to_string(path) {
        Ok(text) => FileOptions::parse(&text)
            .map_err(|error| ConfigError::Faulty { path: path.to_owned(), error }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => {
            Ok(FileOptions::default())
        }
        Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    }
}

/// A line a fault, each with the file.
fn faults(path: &Path, error: &FileError) -> String {
    let lines = error.faults().iter().map(|fault| format!("{}: {fault}", path.display()));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_the_default() {
        let file = "theme = \"light\"\nprivacy = true\n\n[kiosk]\nrotate = \"20s\"\n";
        let config = config(&["--theme", "dark", "--privacy=false"], file);
        assert_eq!(config.theme.source, Source::Flag);
        assert_eq!(config.theme.value.to_string(), "dark");
        assert_eq!((config.privacy.value, config.privacy.source), (false, Source::Flag));
        assert_eq!(config.rotate.value, Some(Millis::from_secs(20)));
        assert_eq!(config.rotate.source, Source::File);
        assert_eq!((config.mouse.value, config.mouse.source), (true, Source::Default));
    }

    #[test]
    fn what_is_printed_is_a_file_that_says_the_same() {
        let file = "theme = \"dark\"\nlog = \"warn,monti_tui::link=debug\"\n\
                    [limits]\nlongest_wait = \"2m\"\n\
                    [agents]\nsort = \"time\"\nfilter = \"state:acw,break >5m\"\n\
                    [alerts]\nbell = true\nquiet = \"22:00-07:00\"\n[keys]\nquit = [\"Q\"]\n";
        let first = config(&["--connect", "wss://wall.example"], file);
        let printed = print(&first);
        let again = config(&[], &printed);
        let values = |printed: &str| {
            let lines = printed.lines().map(|line| line.split(" # ").next().unwrap().trim_end());
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(values(&print(&again)), values(&printed), "{printed}");
        assert!(
            printed.contains("sort = \"time\"") && printed.contains("acw,break >5m"),
            "{printed}"
        );
        assert!(printed.contains("connect = \"wss://wall.example:443\""), "{printed}");
    }

    #[test]
    fn of_a_limit_that_the_file_does_not_name_it_is_not_said_to() {
        let config = config(&[], "[limits]\nwaiting_calls = 3\n");
        assert_eq!(config.limits.targets(), Targets { waiting_calls: 3, ..Targets::default() });
        let printed = print(&config);
        let source = |key: &str| {
            let line = printed.lines().find(|line| line.starts_with(key)).unwrap();
            line.rsplit_once("# ").unwrap().1.to_owned()
        };
        assert_eq!(source("waiting_calls"), "file");
        for key in ["available_agents", "abandoned_percent", "occupancy_percent"] {
            assert_eq!(source(key), "default", "{key}");
        }
    }

    #[test]
    fn the_token_itself_goes_before_a_file_that_the_file_of_settings_names() {
        let token = |arguments: &[&str], file: &str, variable: Option<&str>| {
            let token = variable.map(str::to_owned);
            Config { token, ..config(arguments, file) }.token()
        };
        let file = "token_file = \"/etc/wall.token\"\n";
        let is_file = |token: Option<Token>, path: &str| matches!(token, Some(Token::File(file)) if file == Path::new(path));
        assert!(matches!(token(&[], file, Some("t")), Some(Token::Text(_))));
        assert!(is_file(token(&[], file, None), "/etc/wall.token"));
        // An empty variable is as none.
        assert!(is_file(token(&[], file, Some("")), "/etc/wall.token"));
        let given = ["--token-file", "/run/token"];
        assert!(is_file(token(&given, file, Some("t")), "/run/token"));
        assert!(token(&[], "", None).is_none());
    }

    fn config(arguments: &[&str], file: &str) -> Config {
        let command = CommandLine::command();
        let matches = command.get_matches_from([&["monti-tui"], arguments].concat());
        let command_line = CommandLine::from_arg_matches(&matches).unwrap();
        Config::merge(&command_line, &matches, FileOptions::parse(file).unwrap())
    }
}
