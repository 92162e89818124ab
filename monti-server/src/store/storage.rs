//! What the driver asks of a store, so that a test can put one that fails in its place.

use monti_core::{CallId, Engine, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::{Group, Store, StoreError, checkpoint::PART_GROUPS, error::Doing, write};
use crate::{
    recovery,
    snapshots::{Image, Part},
};

/// A place in which groups and snapshots become durable.
pub trait Storage: Send {
    /// Writes `group` as number `seq`, the one after the last. When it returns it is durable; if
    /// it fails nothing of it is written.
    ///
    /// # Errors
    /// After one that [passes](StoreError::passes) the same group can be tried again.
    fn commit(&mut self, seq: i64, group: &Group) -> Result<(), StoreError>;

    /// Writes a part of a snapshot, the last with what makes it whole.
    ///
    /// # Errors
    /// As for [`Self::commit`].
    fn write_part(&mut self, image: &Image, part: Part<'_>) -> Result<(), StoreError>;

    /// Drops up to `groups_max` groups, and the snapshots, that no start would read: the last two
    /// snapshots stay and what follows the older. Drops keys of injections before `keys_before`.
    /// Answers whether there is more to drop.
    ///
    /// # Errors
    /// As for [`Self::commit`].
    fn prune(&mut self, groups_max: u32, keys_before: Timestamp) -> Result<bool, StoreError>;

    /// Leaves the file in order, the last thing that is done.
    ///
    /// # Errors
    /// If the disk does not confirm.
    fn close(self) -> Result<(), StoreError>;

    /// Whether what goes on beside the commits goes well; to be asked each second.
    ///
    /// # Errors
    /// What it failed with.
    fn check(&self) -> Result<(), StoreError>;

    /// Whether what is written will be found by the next start; to be asked each second.
    fn has_its_file(&self) -> bool;

    /// The engine after the last group that is durable. Reads what a start reads, and takes as
    /// long.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    fn engine(&self) -> Result<Engine, StoreError>;

    /// The identifier of the queue of a call that is over; `None` without a record of it.
    ///
    /// # Errors
    /// If it cannot be read.
    fn recorded_vq(&self, call: CallId) -> Result<Option<String>, StoreError>;

    /// Gives up the room that was kept back. Answers whether there was any.
    ///
    /// # Errors
    /// If it cannot be told.
    fn release_reserve(&mut self) -> Result<bool, StoreError>;

    /// Keeps room back again. Answers whether there is enough.
    ///
    /// # Errors
    /// For other reasons than a full disk.
    fn restore_reserve(&mut self) -> Result<bool, StoreError>;
}

impl Storage for Store {
    fn commit(&mut self, seq: i64, group: &Group) -> Result<(), StoreError> {
        let has_sink = self.options.has_sink;
        let turn = self.writing.turn();
        let written = write::group(&mut self.connection, seq, group, has_sink);
        drop(turn);
        self.done(written, "writing to the journal")?;
        self.checkpointer.wrote(1, &self.connection)
    }

    fn write_part(&mut self, image: &Image, part: Part<'_>) -> Result<(), StoreError> {
        let turn = self.writing.turn();
        let written = write::snapshot_part(&mut self.connection, image, part);
        drop(turn);
        self.done(written, "writing a snapshot")?;
        self.checkpointer.wrote(PART_GROUPS, &self.connection)
    }

    fn prune(&mut self, groups_max: u32, keys_before: Timestamp) -> Result<bool, StoreError> {
        let turn = self.writing.turn();
        let pruned = write::prune(&mut self.connection, groups_max, keys_before);
        drop(turn);
        self.done(pruned, "pruning the journal")
    }

    fn close(mut self) -> Result<(), StoreError> {
        self.checkpointer.stop();
        self.bring_log_in().map(drop)
    }

    fn check(&self) -> Result<(), StoreError> {
        self.checkpointer.check()
    }

    fn has_its_file(&self) -> bool {
        Self::has_its_file(self)
    }

    fn engine(&self) -> Result<Engine, StoreError> {
        recovery::durable_engine(self)
    }

    fn recorded_vq(&self, call: CallId) -> Result<Option<String>, StoreError> {
        let doing = "reading a call's record";
        let sql = "SELECT vq FROM call_record WHERE date = ?1 AND number = ?2";
        let mut statement = self.connection.prepare_cached(sql).doing(doing)?;
        let key = params![call.day.to_string(), call.number];
        statement.query_row(key, |row| row.get(0)).optional().doing(doing)
    }

    fn release_reserve(&mut self) -> Result<bool, StoreError> {
        self.reserve.release()
    }

    fn restore_reserve(&mut self) -> Result<bool, StoreError> {
        self.reserve.restore()
    }
}
