//! What the program can be asked to do.

#[path = "../../programs/log_filter.rs"]
mod log_filter;
mod replay;
mod run;
mod stage;
mod study;
#[path = "../../programs/system.rs"]
mod system;

use std::{num::NonZero, process::ExitCode, thread};

use clap::{ArgMatches, CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use monti_sim::{Scenario, generate::Generate};

/// Callers and agents that behave like people, for a contact centre to serve, to show, or to plan.
#[derive(Debug, Parser)]
#[command(name = "monti-sim", version = env!("MONTI_VERSION"))]
#[command(after_help = EXAMPLES, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// Prints a shell's completions, or the manual page: completion:bash, completion:elvish,
    /// completion:fish, completion:powershell, completion:zsh, man, man:FOLDER
    #[arg(long, value_name = "WHAT", value_parser = Generate::parse)]
    generate: Option<Generate>,
}

const EXAMPLES: &str = "\
Examples:
  monti-sim run --connect 127.0.0.1:8080                   200 agents, and callers to keep them busy
  monti-sim run --agents 2000 --calls-per-minute 90 --seed 7
  curl -H 'Content-Type: application/json' -d '{\"activeAgents\": 150}' 127.0.0.1:8081/scale
  monti-sim study shop.toml                                the service level of a scenario
  monti-sim study shop.toml --staff sales=18..26           how many agents it takes
  monti-sim study shop.toml --report shop.html             with charts over the day
  monti-sim replay queue_log --format queue-log --study    what was observed beside what is simulated";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays callers and agents live against a server, in the server's clock speed
    Run(run::Options),
    /// Plays real days, call by call, in virtual time or live against a server
    Replay(replay::Options),
    /// Plays a scenario in virtual time, and says what comes of it and how sure that is
    Study(study::Options),
}

/// Does what was asked for; the code is a failure where only an answer is wrong, not the program.
pub(crate) fn run(cli: Cli, matches: &ArgMatches) -> color_eyre::Result<ExitCode> {
    if let Some(what) = cli.generate {
        what.run(Cli::command())?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(command) = cli.command else {
        Cli::command()
            .error(ErrorKind::MissingSubcommand, "say what to do: run, replay or study")
            .exit()
    };
    match command {
        Command::Run(options) => run::run(options),
        Command::Replay(options) => {
            if let Some(conflict) = matches.subcommand().and_then(|(_, it)| options.conflict(it)) {
                Cli::command().error(ErrorKind::ArgumentConflict, conflict).exit()
            }
            replay::run(options)
        }
        Command::Study(options) => study::run(&options),
    }
}

/// Says how many counted calls of a scenario are not played, and of how many it is a matter of chance.
fn tell_of_calls_beyond(scenario: &Scenario) {
    let beyond = scenario.counted_calls_beyond();
    if beyond > 0 {
        eprintln!("{beyond} calls of the counts are outside the scenario's time and not played");
    }
    let across = scenario.counted_calls_across();
    if across > 0 {
        eprintln!(
            "{across} calls of the counts are in intervals across the start or the close: only \
             those that are drawn within are played"
        );
    }
}

/// How many processors there are to play on.
fn processors() -> u32 {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    u32::try_from(processors).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use super::*;

    /// An option as its page has to tell of it.
    #[derive(Debug, Default)]
    struct Told {
        variable: String,
        commands: Vec<String>,
        defaults: BTreeSet<String>,
    }

    #[test]
    fn the_command_line_is_sound_and_every_command_and_option_explained() {
        Cli::command().debug_assert();
        let mut commands = vec![Cli::command()];
        let mut options = 0;
        while let Some(command) = commands.pop() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                let place = format!("{} {}", command.get_name(), argument.get_id());
                assert!(argument.get_help().is_some(), "{place}");
                options += 1;
            }
            commands.extend(command.get_subcommands().cloned());
        }
        assert!(options > 30, "{options}");
    }

    #[test]
    fn every_option_is_in_the_handbook_with_its_variable_its_commands_and_its_default() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulator.md");
        let page = fs::read_to_string(page).unwrap();
        let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `--")).collect();
        let options = options();
        for (name, Told { variable, commands, defaults }) in &options {
            let commands = cell(&commands.join(", "));
            let begins = format!("| `--{name}` |{}|{commands}|", cell(variable));
            let row = rows.iter().find(|row| row.starts_with(&begins));
            let row = row.unwrap_or_else(|| panic!("docs/simulator.md has no row {begins}"));
            for default in defaults {
                assert!(row.contains(&format!("default `{default}`")), "{default}: {row}");
            }
        }
        assert_eq!(rows.len(), options.len(), "it has options that there are not, or some twice");
    }

    /// All options, of all commands.
    fn options() -> BTreeMap<String, Told> {
        let mut options = BTreeMap::<String, Told>::new();
        let program = Cli::command();
        let commands = program.get_subcommands().map(|it| (Some(it.get_name().to_owned()), it));
        for (name, command) in commands.chain([(None, &program)]) {
            for argument in command.get_arguments() {
                let Some(option) = argument.get_long() else { continue };
                let told = options.entry(option.to_owned()).or_default();
                told.commands.extend(name.clone());
                if let Some(variable) = argument.get_env() {
                    told.variable = format!("`{}`", variable.to_string_lossy());
                }
                let defaults = argument.get_default_values().iter();
                told.defaults.extend(defaults.map(|it| it.to_string_lossy().into_owned()));
            }
        }
        options
    }

    /// A cell of a table; one without a text is a space.
    fn cell(text: &str) -> String {
        if text.is_empty() { " ".to_owned() } else { format!(" {text} ") }
    }
}
