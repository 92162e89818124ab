//! A setting's value and where it was made; and the values that are choices.

use std::{fmt, str::FromStr};

use crate::theme::{Background, ColourDepth, Symbols, ThemeName};

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting<T> {
    /// The value in effect.
    pub value: T,
    /// Where it was made.
    pub source: Source,
}

/// Where a setting was made. A flag goes before the environment, that before the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// On the command line.
    Flag,
    /// In a `MONTI_…` variable.
    Environment,
    /// In the file.
    File,
    /// Nowhere.
    Default,
}

impl<T> From<T> for Setting<T> {
    /// Nobody chose it.
    fn from(value: T) -> Self {
        Self { value, source: Source::Default }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Flag => "command line",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// Which theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// Dark or light, as the terminal's background is.
    #[default]
    Auto,
    /// This one.
    Named(ThemeName),
}

/// How many colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourChoice {
    /// As many as the terminal has, none with `NO_COLOR`.
    #[default]
    Auto,
    /// So many.
    Depth(ColourDepth),
}

/// Which signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SymbolChoice {
    /// Shapes and blocks.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

impl ThemeChoice {
    /// The theme on a background; dark where that is not known.
    pub fn name(self, background: Option<Background>) -> ThemeName {
        match self {
            Self::Auto => background.unwrap_or_default().into(),
            Self::Named(name) => name,
        }
    }
}

impl ColourChoice {
    const NAMES: [(&str, Self); 5] = [
        ("auto", Self::Auto),
        ("never", Self::Depth(ColourDepth::None)),
        ("16", Self::Depth(ColourDepth::Ansi16)),
        ("256", Self::Depth(ColourDepth::Ansi256)),
        ("true", Self::Depth(ColourDepth::True)),
    ];
}

impl SymbolChoice {
    const NAMES: [(&str, Self); 2] = [("unicode", Self::Unicode), ("ascii", Self::Ascii)];
}

impl From<SymbolChoice> for Symbols {
    fn from(choice: SymbolChoice) -> Self {
        match choice {
            SymbolChoice::Unicode => Self::UNICODE,
            SymbolChoice::Ascii => Self::ASCII,
        }
    }
}

impl fmt::Display for ThemeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Auto => "auto",
            Self::Named(name) => name.as_str(),
        })
    }
}

impl FromStr for ThemeChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            name => match name.parse() {
                Ok(name) => Ok(Self::Named(name)),
                Err(error) => Err(format!("{error}, and auto")),
            },
        }
    }
}

/// Reads and writes a choice by its table of names.
macro_rules! named {
    ($type:ident, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = Self::NAMES.iter().find(|(_, choice)| choice == self);
                f.pad(name.map_or("", |(name, _)| name))
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::NAMES.iter().find(|(name, _)| *name == text);
                found.map(|(_, choice)| *choice).ok_or_else(|| {
                    let names = Self::NAMES.map(|(name, _)| name).join(", ");
                    format!(concat!("{:?} is not ", $what, "; allowed are {}"), text, names)
                })
            }
        }
    };
}

named!(ColourChoice, "a number of colours");
named!(SymbolChoice, "a set of symbols");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_written_as_they_are_read() {
        for text in ["auto", "dark", "colour-vision"] {
            assert_eq!(text.parse::<ThemeChoice>().unwrap().to_string(), text);
        }
        for (name, choice) in ColourChoice::NAMES {
            assert_eq!((name.parse(), choice.to_string()), (Ok(choice), name.to_owned()));
        }
        let error = "some".parse::<ColourChoice>().unwrap_err();
        assert_eq!(
            error,
            "\"some\" is not a number of colours; allowed are auto, never, 16, 256, true"
        );
        assert!("x".parse::<ThemeChoice>().unwrap_err().ends_with("and auto"));
    }
}
