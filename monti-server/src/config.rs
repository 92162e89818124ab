//! What the command line and the environment say, and what follows from it.

mod dynamo;
#[path = "../../programs/log_filter.rs"]
mod log_filter;
#[path = "../../programs/xdg.rs"]
mod xdg;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum, builder::PossibleValue};
use tracing_subscriber::EnvFilter;

pub use self::dynamo::{DynamoArgs, StoreChoice};
use self::log_filter::log_filter;
use crate::store::SyncMode;

/// The name of the tokens' file in the data folder.
const TOKENS_FILE: &str = "tokens.jsonl";

/// The folders that all commands know.
#[derive(Debug, Clone, Args)]
pub struct Folders {
    /// The folder of the data [default: monti in the XDG state folder, ~/.local/state/monti]
    #[arg(long, value_name = "DIR", env = "MONTI_DATA", global = true)]
    data: Option<PathBuf>,

    /// The file of the tokens [default: tokens.jsonl in the data folder]
    #[arg(long, value_name = "FILE", env = "MONTI_TOKENS", global = true)]
    tokens: Option<PathBuf>,
}

/// How the server runs.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Where to listen, an address and a port; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS", env = "MONTI_LISTEN", default_value = "127.0.0.1:8080")]
    #[arg(value_parser = address)]
    pub listen: SocketAddr,

    /// The centre file, TOML [default: four departments, see `centre default`]
    #[arg(long, value_name = "FILE", env = "MONTI_CENTRE")]
    pub centre: Option<PathBuf>,

    /// How many seconds pass in the centre in a real one, 0.1 to 1000; for demonstrations
    #[arg(long, value_name = "N", env = "MONTI_CLOCK_SPEED", default_value = "1")]
    #[arg(value_parser = clock_speed)]
    pub clock_speed: f64,

    /// Where calls and agents' days are kept beyond this machine [default: embedded]
    #[arg(long, value_name = "STORE", env = "MONTI_STORE")]
    pub store: Option<StoreChoice>,

    /// The certificate chain of the server, PEM; with it the server speaks TLS only
    #[arg(long, value_name = "FILE", env = "MONTI_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of the certificate, PEM
    #[arg(long, value_name = "FILE", env = "MONTI_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// How the log is written, to standard error
    #[arg(long, value_name = "FORMAT", env = "MONTI_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// What the log shows, such as `debug` or `monti_server::http=debug,warn`
    #[arg(long, value_name = "FILTER", env = "MONTI_LOG", default_value = "info")]
    #[arg(value_parser = log_filter)]
    pub log: EnvFilter,

    /// What is waited for before anything is acknowledged or shown
    #[arg(long, value_name = "SYNC", env = "MONTI_SYNC", default_value = "full")]
    pub sync: SyncMode,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For programs: a JSON object a line
    Json,
}

/// Why there is no folder for the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no home folder to keep the data in: say where with --data or MONTI_DATA")]
pub struct NoDataFolder;

impl Folders {
    /// The folder of the data, which need not be there yet.
    ///
    /// # Errors
    /// It was not given, and there is no home folder.
    pub fn data(&self) -> Result<PathBuf, NoDataFolder> {
        self.data
            .clone()
            .or_else(|| Some(xdg::folder("XDG_STATE_HOME", ".local/state")?.join("monti")))
            .ok_or(NoDataFolder)
    }

    /// The file of the tokens, which need not be there yet.
    ///
    /// # Errors
    /// It was not given, and neither was a data folder, and there is no home folder.
    pub fn tokens(&self) -> Result<PathBuf, NoDataFolder> {
        match &self.tokens {
            Some(file) => Ok(file.clone()),
            None => Ok(self.data()?.join(TOKENS_FILE)),
        }
    }

    /// Whether a tokens' file was asked for by name: then it has to be there.
    pub fn asks_for_tokens(&self) -> bool {
        self.tokens.is_some()
    }
}

impl ServeOptions {
    /// The files of the certificate and of its key, if the server is to speak TLS.
    pub fn tls(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }
}

impl ValueEnum for SyncMode {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Full, Self::Normal]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Full => PossibleValue::new("full").help("The disk: a power cut loses nothing"),
            Self::Normal => PossibleValue::new("normal").help(
                "The system: a crash of the server loses nothing, a power cut or a crash of the \
                 system may lose the last moments",
            ),
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "allowed is an address and a port, 127.0.0.1:8080 or [::1]:0".into())
}

fn clock_speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (0.1..=1_000.0).contains(speed));
    speed.ok_or_else(|| "allowed is a number from 0.1 to 1000".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_speed_is_a_number_within_reason() {
        assert_eq!(clock_speed("60"), Ok(60.0));
        for text in ["0", "-1", "NaN", "inf", "1001", "fast", ""] {
            assert!(clock_speed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_has_a_port() {
        assert!(address("[::1]:0").is_ok());
        for text in ["127.0.0.1", "8080", "localhost:8080", ""] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
