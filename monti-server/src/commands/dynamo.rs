//! `monti-server dynamo`: makes and checks the tables.

use std::process::ExitCode;

use clap::Subcommand;
use color_eyre::eyre::WrapErr as _;
use monti_server::{
    config::DynamoArgs,
    dynamo::{self, Dynamo, Patience},
    print::print,
};
use tokio::runtime;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes the tables that are not there: on-demand billing, on AWS point-in-time recovery
    CreateTables,
    /// Checks that the tables are there, have the right keys, and may be written and read
    Check,
}

pub(super) fn run(command: &Command, args: &DynamoArgs) -> color_eyre::Result<ExitCode> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let options = args.options();
    runtime.block_on(async {
        let dynamo = Dynamo::connect(&options, Patience::READING).await?;
        match command {
            Command::CreateTables => create_tables(&dynamo, options.place.is_local()).await,
            Command::Check => check(&dynamo).await,
        }
    })
}

async fn create_tables(dynamo: &Dynamo, is_local: bool) -> color_eyre::Result<ExitCode> {
    let tables = dynamo::create_tables(dynamo).await.wrap_err("the tables are not ready")?;
    let mut code = ExitCode::SUCCESS;
    for made in tables {
        print(&format!("{}: {}\n", made.table, if made.is_new { "made" } else { "was there" }))?;
        match made.without_recovery {
            Some(reason) if !is_local => {
                eprintln!("{}: no point-in-time recovery: {reason}", made.table);
                code = ExitCode::FAILURE;
            }
            _ => {}
        }
    }
    Ok(code)
}

async fn check(dynamo: &Dynamo) -> color_eyre::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for finding in dynamo::check(dynamo).await {
        match finding.outcome {
            Ok(()) => print(&format!("ok      {}\n", finding.what))?,
            Err(error) => {
                print(&format!("FAILED  {}: {error}\n", finding.what))?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
