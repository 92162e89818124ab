//! Whether the write-ahead log is as it was written.
//!
//! SQLite takes the log up to the first frame that is not as it was written, and passes over the
//! rest: a power cut in the middle of a commit is as if that had not begun. A byte that went bad
//! later is passed over in the same way, and with it everything that was committed since. The two
//! can be told apart: a commit is written only when the one before it is on the disk, so that
//! nothing follows one that was torn. (Of the last commits in the log they cannot: a change in
//! those passes for a power cut.)

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::{FILE_NAME, StoreError, error::Doing};

/// The bytes before the frames.
const HEADER_BYTES: usize = 32;

/// The bytes of a frame before its page.
const FRAME_HEADER_BYTES: usize = 24;

/// What a log begins with; the last bit tells the order of the bytes that are summed up.
const MAGIC: u32 = 0x377f_0682;

/// Looks at the log in `folder`, if there is one.
///
/// # Errors
/// [`Damaged`](super::StoreErrorKind::Damaged) if something that was committed would be passed
/// over.
pub(super) fn check(folder: &Path) -> Result<(), StoreError> {
    let doing = "reading the write-ahead log";
    match File::open(log_in(folder)) {
        Ok(log) => check_log(BufReader::new(log)).doing(doing)?.map_err(StoreError::damaged),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).doing(doing),
    }
}

/// The log in `folder`.
pub(super) fn log_in(folder: &Path) -> PathBuf {
    folder.join(format!("{FILE_NAME}-wal"))
}

/// Reads a log, one frame at a time: it can be as long as what is committed while somebody reads
/// from the file. The inner error: something of it was changed.
fn check_log(mut bytes: impl BufRead) -> io::Result<Result<(), String>> {
    let mut header = [0; HEADER_BYTES];
    let is_whole = fill(&mut bytes, &mut header)?;
    if !is_whole || bytes.fill_buf()?.is_empty() || header == [0; HEADER_BYTES] {
        // It was just about to begin.
        return Ok(Ok(()));
    }
    let Some(log) = Log::begin(&header) else {
        return Ok(Err("the header of monti.db-wal was changed".to_owned()));
    };
    let mut sum = log.sum;
    let (mut first_bad, mut was_committed) = (None, false);
    let mut frame = vec![0; FRAME_HEADER_BYTES + log.page_bytes];
    for number in 1_u64.. {
        if !fill(&mut bytes, &mut frame)? {
            break;
        }
        let is_of_this_log = frame[8..16] == log.salts;
        if first_bad.is_none() {
            sum = log.add(log.add(sum, &frame[..8]), &frame[FRAME_HEADER_BYTES..]);
            if is_of_this_log && [word(&frame, 16), word(&frame, 20)] == sum {
                continue;
            }
        }
        let bad = *first_bad.get_or_insert(number);
        if is_of_this_log && was_committed {
            return Ok(Err(format!("frame {bad} of monti.db-wal was changed")));
        }
        // Only the last frame of a commit says how long the file is then.
        was_committed |= is_of_this_log && word(&frame, 4) != 0;
    }
    Ok(Ok(()))
}

/// Reads as much as the buffer holds. Answers whether there was so much.
fn fill(bytes: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match bytes.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// What the header says.
struct Log {
    sums_big_endian: bool,
    page_bytes: usize,
    /// The same in all frames since the log last began anew.
    salts: [u8; 8],
    sum: [u32; 2],
}

impl Log {
    /// `None` if the header is not as it was written.
    fn begin(header: &[u8]) -> Option<Self> {
        let magic = word(header, 0);
        let mut log = Self {
            sums_big_endian: magic == MAGIC + 1,
            page_bytes: usize::try_from(word(header, 8)).ok()?,
            salts: header[16..24].try_into().ok()?,
            sum: [0, 0],
        };
        log.sum = log.add(log.sum, &header[..24]);
        let is_good = (magic & !1) == MAGIC && [word(header, 24), word(header, 28)] == log.sum;
        is_good.then_some(log)
    }

    /// The check sum that goes on over `bytes`, whole pairs of words.
    fn add(&self, [mut first, mut second]: [u32; 2], bytes: &[u8]) -> [u32; 2] {
        let read = |bytes: [u8; 4]| match self.sums_big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        };
        for pair in bytes.chunks_exact(8) {
            let [a, b, c, d, e, f, g, h] = *pair else { break };
            first = first.wrapping_add(read([a, b, c, d])).wrapping_add(second);
            second = second.wrapping_add(read([e, f, g, h])).wrapping_add(first);
        }
        [first, second]
    }
}

/// The number that stands in four bytes, the largest first.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use monti_core::Timestamp;

    use super::*;
    use crate::store::{Group, Storage as _, waiting::waiting};

    /// What nobody may read.
    struct Rest;

    impl Read for Rest {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("there is more in memory than has to be")
        }
    }

    /// It can be longer than the memory.
    #[test]
    fn a_log_is_read_no_further_than_it_has_to_be() {
        let (mut store, folder) = waiting(0);
        let mut group = Group::default();
        group.note(Timestamp::MIN, None);
        (1..=4).for_each(|seq| store.commit(seq, &group).unwrap());
        let mut log = fs::read(log_in(folder.path())).unwrap();
        assert_eq!(check_log(&*log).unwrap(), Ok(()));
        log[HEADER_BYTES + FRAME_HEADER_BYTES] ^= 1;
        let found = check_log(BufReader::new(log.chain(Rest))).unwrap();
        assert_eq!(found, Err("frame 1 of monti.db-wal was changed".to_owned()));
    }
}
