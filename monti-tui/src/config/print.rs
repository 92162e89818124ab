//! `--print-config`: the settings in effect, as a file.

use std::fmt::{Display, Write as _};

use super::{Config, Setting, Source, TOKEN_VARIABLE};
use crate::remote::Token;

/// All settings as the text of a file, each with where it was made.
pub fn print(config: &Config) -> String {
    let mut printed = Printed(String::new());
    printed.one("connect", &config.connect);
    printed.maybe("token_file", &config.token_file.as_ref().map(|it| it.display().to_string()));
    match config.token() {
        Some(Token::File(_)) => {
            printed.line("# token", "the first line of token_file", config.token_file.source);
        }
        Some(Token::Text(_)) => printed.line("# token", TOKEN_VARIABLE, Source::Environment),
        None => printed.line("# token", "", "not set"),
    }
    printed.maybe("ca", &config.ca.as_ref().map(|it| it.display().to_string()));
    printed.one("theme", &config.theme);
    printed.one("colour", &config.colour);
    printed.one("symbols", &config.symbols);
    printed.value("privacy", &config.privacy, bool::to_string);
    printed.value("read_only", &config.read_only, bool::to_string);
    printed.value("mouse", &config.mouse, bool::to_string);
    printed.maybe("log_file", &config.log_file.as_ref().map(|it| it.display().to_string()));
    printed.one("log", &config.log);

    printed.table("limits");
    let limits = &config.limits;
    printed.value("waiting_calls", &limits.waiting_calls, u32::to_string);
    printed.maybe("longest_wait", &limits.longest_wait.as_ref().map(|it| milliseconds(*it)));
    printed.value("available_agents", &limits.available_agents, u32::to_string);
    printed.value("abandoned_percent", &limits.abandoned_percent, |it| format!("{it:?}"));
    printed.value("occupancy_percent", &limits.occupancy_percent, |it| format!("{it:?}"));

    printed.table("agents");
    printed.value("sort", &config.sort, |it| quoted(it.as_str()));
    printed.value("filter", &config.filter, |it| quoted(it.text()));

    printed.table("alerts");
    printed.value("bell", &config.bell, bool::to_string);
    printed.value("desktop", &config.desktop, bool::to_string);
    printed.maybe("quiet", &config.quiet);

    printed.table("kiosk");
    printed.value("start", &config.kiosk, bool::to_string);
    printed.maybe("rotate", &config.rotate.as_ref().map(|it| milliseconds(*it)));
    printed.value("figures", &config.figures, |it| list(it));

    printed.table("keys");
    for (action, keys) in &config.keys.value {
        let keys: Vec<_> = keys.iter().map(|key| key.name()).collect();
        printed.line(action, &list(&keys), config.keys.source);
    }
    printed.0
}

struct Printed(String);

impl Printed {
    fn table(&mut self, name: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "\n[{name}]");
    }

    fn one<T: Display>(&mut self, key: &str, setting: &Setting<T>) {
        self.value(key, setting, |value| quoted(&value.to_string()));
    }

    /// A setting that need not be made: as a comment if it is not.
    fn maybe<T: Display>(&mut self, key: &str, setting: &Setting<Option<T>>) {
        match &setting.value {
            Some(value) => self.line(key, &quoted(&value.to_string()), setting.source),
            None => self.line(&format!("# {key}"), "", "not set"),
        }
    }

    fn value<T>(&mut self, key: &str, setting: &Setting<T>, write: impl Fn(&T) -> String) {
        self.line(key, &write(&setting.value), setting.source);
    }

    fn line(&mut self, key: &str, value: &str, source: impl Display) {
        let _ = writeln!(self.0, "{:<50} # {source}", format!("{key} = {value}"));
    }
}

impl<T> Setting<Option<T>> {
    fn as_ref(&self) -> Setting<Option<&T>> {
        Setting { value: self.value.as_ref(), source: self.source }
    }

    fn map<U>(self, map: impl FnOnce(T) -> U) -> Setting<Option<U>> {
        Setting { value: self.value.map(map), source: self.source }
    }
}

fn milliseconds(duration: monti_core::Millis) -> String {
    match duration.get() {
        whole if whole.is_multiple_of(1_000) => format!("{}s", whole / 1_000),
        millis => format!("{millis}ms"),
    }
}

fn list(items: &[impl Display]) -> String {
    let items: Vec<_> = items.iter().map(|item| quoted(&item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
