//! `monti-server token`: the tokens that open the server.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
};

use clap::{Subcommand, builder::PossibleValuesParser, builder::TypedValueParser as _};
use color_eyre::eyre::{WrapErr as _, bail};
use jiff::Timestamp;
use monti_core::LoginId;
use monti_server::{
    auth::InvalidRole,
    config::Folders,
    inbox::Role,
    print::print,
    tokens::{self, Entry, Secret, Tokens},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a token and shows it, once: it is not kept and cannot be shown again
    Add {
        /// What it allows
        #[arg(long, value_parser = PossibleValuesParser::new(Role::ALL.map(Role::as_str))
            .try_map(|role| -> Result<Role, InvalidRole> { role.parse() }))]
        role: Role,
        /// What to call it, in the list and in the log: letters, digits, '.', '_' and '-'
        #[arg(long)]
        name: LoginId,
        /// For an agent its agentId, for a simulator the prefix of its agentIds
        #[arg(long, value_name = "PREFIX")]
        agent: Option<LoginId>,
    },
    /// Lists the tokens, without what they are
    List,
    /// Takes a token back: it opens nothing any more from the next request on
    Revoke {
        /// What it is called
        name: LoginId,
    },
}

pub(super) fn run(command: Command, folders: &Folders) -> color_eyre::Result<ExitCode> {
    let file = folders.tokens()?;
    match command {
        Command::Add { role, name, agent } => add(&file, role, name, agent)?,
        Command::List => list(&file)?,
        Command::Revoke { name } => revoke(&file, &name)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(file: &Path, role: Role, name: LoginId, agent: Option<LoginId>) -> color_eyre::Result<()> {
    let secret = Secret::random().wrap_err("no random numbers for a token")?;
    let now = monti_core::Timestamp::from_millis(Timestamp::now().as_millisecond());
    let entry = Entry::new(name, role, agent, &secret, now)?;
    let added = tokens::update(file, |entries| {
        if entries.iter().any(|other| other.name == entry.name) {
            return Err(entry.name);
        }
        entries.push(entry);
        Ok(())
    })?;
    if let Err(name) = added {
        bail!("there is a token {name} already: revoke it first, or take another name");
    }
    writeln!(io::stdout(), "{}", secret.reveal())?;
    if io::stdout().is_terminal() {
        eprintln!("This is the only time that it is shown. {} keeps its hash.", file.display());
    }
    Ok(())
}

fn list(file: &Path) -> color_eyre::Result<()> {
    let tokens = Tokens::read(file)?;
    let mut text = format!("{:<24} {:<10} {:<24} CREATED\n", "NAME", "ROLE", "AGENTS");
    for Entry { name, role, agents, created, .. } in tokens.entries() {
        let agents = match (role, agents) {
            (_, Some(agents)) => agents.as_str(),
            (Role::Simulator, None) => "all",
            _ => "-",
        };
        text += &format!("{name:<24} {role:<10} {agents:<24} {created}\n");
    }
    Ok(print(&text)?)
}

fn revoke(file: &Path, name: &LoginId) -> color_eyre::Result<()> {
    let revoked = tokens::update(file, |entries| {
        let before = entries.len();
        entries.retain(|entry| entry.name != *name);
        if entries.len() < before { Ok(entries.is_empty()) } else { Err(()) }
    })?;
    match revoked {
        Err(()) => bail!("there is no token {name} in {}", file.display()),
        Ok(true) => eprintln!("That was the last one: nobody can enter until there is another."),
        Ok(false) => {}
    }
    Ok(())
}
