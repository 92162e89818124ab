//! What a start reads: snapshots, the journal after them, and the keys of injections.

use std::sync::Arc;

use monti_core::{RequestId, Timestamp};
use rusqlite::params;

use super::{Injection, Store, StoreError, error::Doing, history::unreadable};
use crate::{journal::check_sum, snapshots::Image};

impl Store {
    /// The groups after which there are snapshots, newest first.
    pub(crate) fn snapshots(&self) -> Result<Vec<i64>, StoreError> {
        let doing = "reading the list of snapshots";
        let sql = "SELECT seq FROM snapshot ORDER BY seq DESC";
        let mut statement = self.connection.prepare(sql).doing(doing)?;
        let rows = statement.query_map([], |row| row.get(0)).doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// The snapshot after group `seq`.
    ///
    /// # Errors
    /// [`Damaged`](super::StoreErrorKind::Damaged) if it is not as it was written.
    pub(crate) fn image(&self, seq: i64) -> Result<Image, StoreError> {
        let doing = format!("reading the snapshot after group {seq}");
        let sql = "SELECT at_ms, centre, parts, crc FROM snapshot WHERE seq = ?1";
        let (at, centre, parts, crc) = self
            .connection
            .query_row(sql, [seq], |row| {
                let centre: String = row.get(1)?;
                Ok((row.get(0)?, centre, row.get::<_, u32>(2)?, row.get::<_, u32>(3)?))
            })
            .doing(&doing)?;
        let mut state = Vec::new();
        let sql = "SELECT bytes FROM snapshot_part WHERE seq = ?1 AND part < ?2 ORDER BY part";
        let mut statement = self.connection.prepare(sql).doing(&doing)?;
        let mut rows = statement.query(params![seq, parts]).doing(&doing)?;
        while let Some(row) = rows.next().doing(&doing)? {
            let bytes = row.get_ref(0).doing(&doing)?;
            state.extend_from_slice(
                bytes.as_blob().map_err(|_| StoreError::sqlite(&doing, unreadable("bytes")))?,
            );
        }
        let at = Timestamp::from_millis(at);
        let image = Image { seq, at, centre: Arc::from(centre), state };
        if image.check_sum() == crc {
            return Ok(image);
        }
        let wrong = format!("the snapshot after group {seq} has a wrong check sum");
        Err(StoreError::damaged(wrong))
    }

    /// The text of the centre file under which the snapshot after group `seq` was made, whether or
    /// not the rest of it is as it was written.
    ///
    /// # Errors
    /// [`Damaged`](super::StoreErrorKind::Damaged) if it is no text.
    pub(crate) fn centre_of(&self, seq: i64) -> Result<String, StoreError> {
        let doing = format!("reading the centre of the snapshot after group {seq}");
        let sql = "SELECT centre FROM snapshot WHERE seq = ?1";
        self.connection.query_row(sql, [seq], |row| row.get(0)).doing(&doing)
    }

    /// Gives `each` group after `seq`, in order. Answers the number of the last.
    ///
    /// # Errors
    /// [`Damaged`](super::StoreErrorKind::Damaged) where one is missing or not as it was written,
    /// and what `each` fails with.
    pub(crate) fn read_journal(
        &self,
        seq: i64,
        mut each: impl FnMut(i64, &[u8]) -> Result<(), StoreError>,
    ) -> Result<i64, StoreError> {
        let doing = "reading the journal";
        let sql = "SELECT seq, entries, crc FROM journal WHERE seq > ?1 ORDER BY seq";
        let mut statement = self.connection.prepare(sql).doing(doing)?;
        let mut rows = statement.query([seq]).doing(doing)?;
        let mut last = seq;
        while let Some(row) = rows.next().doing(doing)? {
            let (number, crc): (i64, u32) = (row.get(0).doing(doing)?, row.get(2).doing(doing)?);
            if number != last + 1 {
                let missing = format!("journal group {} is missing", last + 1);
                return Err(StoreError::damaged(missing));
            }
            let entries = row.get_ref(1).doing(doing)?;
            let entries = entries.as_blob().unwrap_or_default();
            if check_sum(number, entries) != crc {
                let wrong = format!("journal group {number} has a wrong check sum");
                return Err(StoreError::damaged(wrong));
            }
            each(number, entries)?;
            last = number;
        }
        Ok(last)
    }

    /// The keys of injections that are remembered.
    pub(crate) fn injections(&self) -> Result<Vec<(RequestId, Injection)>, StoreError> {
        let doing = "reading the keys of injections";
        let sql = "SELECT request_id, at_ms, date, first, count FROM injection ORDER BY at_ms";
        let mut statement = self.connection.prepare(sql).doing(doing)?;
        let rows = statement.query_map([], |row| {
            let request: String = row.get(0)?;
            let day: String = row.get(2)?;
            let injection = Injection {
                at: Timestamp::from_millis(row.get(1)?),
                day: day.parse().map_err(|_| unreadable("date"))?,
                first: row.get(3)?,
                count: row.get(4)?,
            };
            Ok((request.parse().map_err(|_| unreadable("request_id"))?, injection))
        });
        rows.doing(doing)?.collect::<rusqlite::Result<_>>().doing(doing)
    }
}
