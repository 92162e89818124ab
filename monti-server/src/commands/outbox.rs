//! `monti-server outbox`: what is on its way to DynamoDB.

use std::{ops::RangeInclusive, process::ExitCode, thread, time::Instant};

use clap::Subcommand;
use color_eyre::eyre::{WrapErr as _, bail};
use monti_core::Timestamp;
use monti_server::{
    clock::{SystemTimeSource, TimeSource as _},
    config::Folders,
    print::print,
    store::{Outbox, StoreErrorKind},
};

/// Dead letters that are read, or sent again, at once.
const PAGE: usize = 500;

/// How often a portion is tried again that found the file locked, a quarter of a second each time.
const RETRIES: u32 = 40;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tells how many records wait for DynamoDB, for how long, and how many it refused
    Status,
    /// Lists the records that DynamoDB refused for ever, with its reasons
    DeadLetters {
        /// With the records, a JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Has records that were refused sent again; a running server does so within a second
    Retry {
        /// Which, by its number in `dead-letters`
        #[arg(required_unless_present = "all")]
        id: Option<i64>,
        /// All of them
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

pub(super) fn run(command: &Command, folders: &Folders) -> color_eyre::Result<ExitCode> {
    let folder = folders.data()?;
    let in_folder = || format!("the data folder {}", folder.display());
    let mut outbox = Outbox::open(&folder).wrap_err_with(in_folder)?;
    match command {
        Command::Status => status(&outbox)?,
        Command::DeadLetters { json } => dead_letters(&outbox, *json)?,
        Command::Retry { id: Some(id), .. } => {
            if retry(&mut outbox, *id..=*id)? == 0 {
                bail!(
                    "there is no dead letter {id}; `monti-server outbox dead-letters` lists them"
                );
            }
            print("1 record is sent again\n")?;
        }
        Command::Retry { id: None, .. } => {
            // Those that are refused once more meanwhile are newer.
            let newest = outbox.newest_dead_letter()?;
            let moved = newest.map_or(Ok(0), |newest| retry(&mut outbox, i64::MIN..=newest))?;
            print(&format!("{moved} records are sent again\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Has dead letters sent again, in portions: a server that runs on the file has its turns between
/// them. Answers how many there were.
fn retry(outbox: &mut Outbox, ids: RangeInclusive<i64>) -> color_eyre::Result<usize> {
    let (mut moved, mut patience) = (0, RETRIES);
    loop {
        let begun = Instant::now();
        match outbox.retry(ids.clone(), PAGE, now(outbox)?) {
            Ok(portion) => {
                moved += portion;
                if portion < PAGE {
                    return Ok(moved);
                }
                patience = RETRIES;
            }
            Err(error) if error.kind() == StoreErrorKind::Busy && patience > 0 => patience -= 1,
            Err(error) => {
                return Err(error).wrap_err(format!("after {moved} records"));
            }
        }
        // As long as it was held up.
        thread::sleep(begun.elapsed());
    }
}

fn status(outbox: &Outbox) -> color_eyre::Result<()> {
    let backlog = outbox.backlog()?;
    let mut text = format!("waiting:      {}\n", backlog.records);
    if let Some(oldest) = backlog.oldest_at {
        let age = now(outbox)?.since(oldest);
        text += &format!("oldest:       {oldest}, {} s ago\n", age.get() / 1_000);
    }
    text += &format!("dead letters: {}\n", backlog.dead_letters);
    Ok(print(&text)?)
}

/// The centre's time, by which records are dated and a server measures how long they wait: it may be
/// ahead of this machine's, and is never behind what is in the file.
fn now(outbox: &Outbox) -> color_eyre::Result<Timestamp> {
    let wall = SystemTimeSource.wall();
    Ok(outbox.latest_moment()?.map_or(wall, |latest| latest.max(wall)))
}

fn dead_letters(outbox: &Outbox, as_json: bool) -> color_eyre::Result<()> {
    let mut last = i64::MIN;
    loop {
        let page = outbox.dead_letters(last, PAGE)?;
        let mut text = String::new();
        for dead in &page {
            let letter = &dead.letter;
            if as_json {
                let line = serde_json::json!({
                    "id": letter.id,
                    "kind": letter.kind.as_str(),
                    "key": letter.key,
                    "writtenAt": letter.at,
                    "refusedAt": dead.refused_at,
                    "reason": dead.reason,
                    "record": letter.body,
                });
                text += &format!("{line}\n");
            } else {
                let (kind, at): (_, Timestamp) = (letter.kind.as_str(), dead.refused_at);
                let (id, key, reason) = (letter.id, &letter.key, &dead.reason);
                text += &format!("{id}  {kind} {key}  {at}  {reason}\n");
            }
        }
        print(&text)?;
        let Some(dead) = page.last() else { return Ok(()) };
        last = dead.letter.id;
    }
}
