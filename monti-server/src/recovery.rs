//! From what is on the disk to a running engine: the newest snapshot and the journal after it.

use monti_core::{Engine, Rejection, RequestId, RestoreError, Timestamp};

use crate::{
    centre_file::CentreFile,
    clock::business_day,
    journal,
    snapshots::Image,
    store::{Injection, Store, StoreError, StoreErrorKind},
};

/// What a start goes on from.
#[derive(Debug)]
pub struct Recovered {
    /// The engine, as it was after the last group that is durable, under the centre of today.
    pub engine: Engine,
    /// That group's number, 0 before the first.
    pub seq: i64,
    /// The journal's entries since the newest snapshot.
    pub journal_depth: usize,
    /// The keys of injections that are remembered.
    pub injections: Vec<(RequestId, Injection)>,
}

/// Why a start cannot go on from what is there.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// What is there cannot be read, or is not as it was written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The new centre file does not fit what is there.
    #[error(
        "the centre file does not fit the data folder: {0}. Put that back into the file until a \
         start on a date on which it has neither agents nor calls, or use another data folder"
    )]
    Centre(RestoreError),
}

/// Recovers the engine; in an empty store begins one at `now`.
///
/// # Errors
/// If anything is damaged, missing or does not fit: nothing is passed over.
pub fn recover(
    store: &mut Store,
    centre: &CentreFile,
    now: Timestamp,
) -> Result<Recovered, RecoveryError> {
    let Some(image) = newest_image(store)? else { return Ok(begin(store, centre, now)?) };
    let mut engine = image.decode()?;
    let (seq, mut journal_depth) = replay(store, image.seq, &mut engine)?;
    if image.centre != *centre.text() {
        engine = Engine::restore(centre.centre().clone(), engine.snapshot())
            .map_err(RecoveryError::Centre)?;
        // What follows in the journal is of the new centre.
        save(store, seq, &engine, centre)?;
        journal_depth = 0;
    }
    Ok(Recovered { engine, seq, journal_depth, injections: store.injections()? })
}

/// The engine after the last group in a store that is in use, under the centre that the groups
/// were written under.
pub(crate) fn durable_engine(store: &Store) -> Result<Engine, StoreError> {
    let image = newest_image(store)?;
    let image = image.ok_or_else(|| StoreError::damaged("there is no snapshot any more"))?;
    let mut engine = image.decode()?;
    replay(store, image.seq, &mut engine)?;
    Ok(engine)
}

/// An engine where there was none, with a snapshot to replay the first journal from.
fn begin(store: &mut Store, centre: &CentreFile, now: Timestamp) -> Result<Recovered, StoreError> {
    let today = business_day(centre.zone(), now, None);
    let engine = Engine::new(centre.centre().clone(), now, today);
    let seq = store.read_journal(0, |_, _| Ok(()))?;
    if seq > 0 {
        return Err(StoreError::damaged("there is a journal, but no snapshot before it"));
    }
    save(store, seq, &engine, centre)?;
    tracing::info!(date = %today.day, "a new centre begins: no call was kept here before");
    Ok(Recovered { engine, seq, journal_depth: 0, injections: Vec::new() })
}

fn save(
    store: &mut Store,
    seq: i64,
    engine: &Engine,
    centre: &CentreFile,
) -> Result<(), StoreError> {
    let text = centre.text().clone();
    Image::encode(seq, engine.now(), text, &engine.snapshot())?.write(store)
}

/// The newest snapshot that is as it was written. A damaged one costs nothing as long as there is
/// the one before it, with the journal since.
fn newest_image(store: &Store) -> Result<Option<Image>, StoreError> {
    let mut damaged = Vec::new();
    for seq in store.snapshots()? {
        match store.image(seq) {
            Ok(image) => {
                damaged.iter().try_for_each(|(seq, _)| check_centre(store, *seq, &image))?;
                return Ok(Some(image));
            }
            Err(error) if error.kind() == StoreErrorKind::Damaged => {
                tracing::error!(%error, "going on from the snapshot before it");
                damaged.push((seq, error));
            }
            Err(error) => return Err(error),
        }
    }
    damaged.pop().map_or(Ok(None), |(_, error)| Err(error))
}

/// Whether the damaged snapshot after group `seq` was made under the centre of `image`, an older
/// one. The journal names queues by their places in the centre: what follows a change of it would
/// fit the old one without a complaint, and mean something else.
fn check_centre(store: &Store, seq: i64, image: &Image) -> Result<(), StoreError> {
    match store.centre_of(seq) {
        Ok(centre) if centre == *image.centre => Ok(()),
        Err(error) if error.kind() != StoreErrorKind::Damaged => Err(error),
        Ok(_) | Err(_) => Err(StoreError::damaged(format_args!(
            "the snapshot after group {seq} is not as it was written, and the one after group {} \
             has, or may have, another centre, which the journal since may not go with",
            image.seq
        ))),
    }
}

/// Gives the engine all that it was given after group `seq`. Answers the last group's number and
/// how many entries there were.
fn replay(store: &Store, seq: i64, engine: &mut Engine) -> Result<(i64, usize), StoreError> {
    let mut entries = 0;
    let last = store.read_journal(seq, |seq, bytes| {
        for entry in journal::read(seq, bytes) {
            repeat(engine, entry?).map_err(|rejection| {
                StoreError::damaged(format_args!("journal group {seq} does not fit what is before"))
                    .because(rejection)
            })?;
            entries += 1;
        }
        Ok(())
    })?;
    Ok((last, entries))
}

fn repeat(engine: &mut Engine, (at, input): journal::Entry) -> Result<(), Rejection> {
    match input {
        Some(input) => engine.handle_input(at, input).map(|_| ())?,
        None => engine.handle_timeout(at),
    }
    // What it says was recorded in the transaction of its group, and told or not.
    while engine.poll_output().is_some() {}
    Ok(())
}
