//! What the program can be asked to do.

mod centre;
mod dynamo;
mod outbox;
mod serve;
mod token;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use monti_server::{
    config::{DynamoArgs, Folders, ServeOptions},
    generate::Generate,
};

/// Runs a contact centre: queues calls, routes them to agents, keeps every one of them through
/// crashes, and tells wallboards about it.
///
/// Without a command it serves. It needs no set-up: started alone it keeps its data in your state
/// folder, listens on this machine only, and runs four departments with sixteen queues.
#[derive(Debug, Parser)]
#[command(name = "monti-server", version = env!("MONTI_VERSION"))]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: ServeOptions,
    #[command(flatten)]
    folders: Folders,
    #[command(flatten)]
    dynamo: DynamoArgs,

    /// Prints a shell's completions, or the manual page: completion:bash, completion:elvish,
    /// completion:fish, completion:powershell, completion:zsh, man, man:FOLDER
    #[arg(long, value_name = "WHAT", value_parser = Generate::parse)]
    generate: Option<Generate>,
}

const EXAMPLES: &str = "\
Examples:
  monti-server                                          serve on http://127.0.0.1:8080
  monti-server centre default > centre.toml             a centre file to begin with
  monti-server token add --role viewer --name wall      a token, which is asked for from then on
  monti-server --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem";

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints or checks centre files: the departments, their queues, and the limits
    #[command(subcommand)]
    Centre(centre::Command),
    /// Makes, lists and revokes the tokens that open the server
    #[command(subcommand)]
    Token(token::Command),
    /// Makes and checks the tables in DynamoDB
    #[command(subcommand)]
    Dynamo(dynamo::Command),
    /// Tells what waits for DynamoDB and what it refused, and has that sent again
    #[command(subcommand)]
    Outbox(outbox::Command),
}

/// Does what was asked for; the code is a failure where only an answer is wrong, not the program.
pub(crate) fn run(cli: Cli) -> color_eyre::Result<ExitCode> {
    if let Some(what) = &cli.generate {
        what.run(Cli::command())?;
        return Ok(ExitCode::SUCCESS);
    }
    match cli.command {
        None => serve::run(&cli.folders, &cli.options, &cli.dynamo),
        Some(Command::Centre(command)) => centre::run(&command),
        Some(Command::Token(command)) => token::run(command, &cli.folders),
        Some(Command::Dynamo(command)) => dynamo::run(&command, &cli.dynamo),
        Some(Command::Outbox(command)) => outbox::run(&command, &cli.folders),
    }
}
