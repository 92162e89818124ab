//! `--generate`, the same in every program: its manual pages and its completions for shells.

use std::{io, path::PathBuf};

use clap::{Command, ValueEnum as _};
use clap_complete::Shell;

/// What `--generate` prints or writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generate {
    /// A shell's completions.
    Completion(Shell),
    /// The program's manual page.
    Man,
    /// The manual pages of the program and of all its commands, as files in this folder.
    ManPages(PathBuf),
}

impl Generate {
    /// Reads `man`, `man:DIR`, or `completion:SHELL`.
    ///
    /// # Errors
    /// It is something else: what is allowed is said.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shell = |name| Shell::from_str(name, false).ok();
        match text.split_once(':') {
            None if text == "man" => Some(Self::Man),
            Some(("man", folder)) if !folder.is_empty() => Some(Self::ManPages(folder.into())),
            Some(("completion", name)) => shell(name).map(Self::Completion),
            _ => None,
        }
        .ok_or_else(|| {
            "allowed are man, man:FOLDER, and completion:bash, :elvish, :fish, :powershell or :zsh"
                .to_owned()
        })
    }

    /// Does it for `program`.
    ///
    /// # Errors
    /// The folder is not there, or nothing more can be written.
    pub fn run(&self, mut program: Command) -> io::Result<()> {
        let name = program.get_name().to_owned();
        let mut out = Vec::new();
        match self {
            Self::Completion(shell) => {
                clap_complete::generate(*shell, &mut program, name, &mut out);
            }
            Self::Man => clap_mangen::Man::new(program).render(&mut out)?,
            Self::ManPages(folder) => return clap_mangen::generate_to(program, folder),
        }
        super::print::print(&String::from_utf8_lossy(&out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_generated_is_named_with_its_shell_or_folder() {
        assert_eq!(Generate::parse("man"), Ok(Generate::Man));
        assert_eq!(Generate::parse("man:pages"), Ok(Generate::ManPages("pages".into())));
        assert_eq!(Generate::parse("completion:zsh"), Ok(Generate::Completion(Shell::Zsh)));
        for text in ["completion", "completion:tcsh", "woman", "man:"] {
            assert!(Generate::parse(text).unwrap_err().contains("completion:bash"), "{text}");
        }
    }
}
