//! What is on its way to a peer.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// Frames that a peer has not taken yet, of the first perhaps only a part. None is empty.
#[derive(Debug, Default)]
pub(super) struct Unsent(VecDeque<Bytes>);

impl Unsent {
    /// Frames that are to follow those that are there.
    pub(super) fn extend(&mut self, frames: impl IntoIterator<Item = Bytes>) {
        self.0.extend(frames.into_iter().filter(|frame| !frame.is_empty()));
    }

    /// Writes all of it. What was taken is gone from here, even if this is dropped while it waits.
    ///
    /// # Errors
    /// What the stream fails with.
    pub(super) async fn write_to(
        &mut self,
        stream: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        while self.0.len() == 1 {
            // For a wallboard's second: a plain write costs the system less than one of many parts.
            let taken = stream.write(&self.0[0]).await?;
            if taken == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.advance(taken);
        }
        stream.write_all_buf(self).await
    }
}

impl Buf for Unsent {
    fn remaining(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    fn chunk(&self) -> &[u8] {
        self.0.front().map_or(&[], |frame| frame)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let pairs = slices.iter_mut().zip(&self.0);
        pairs.map(|(slice, frame)| *slice = IoSlice::new(frame)).count()
    }

    fn advance(&mut self, mut taken: usize) {
        while let Some(frame) = self.0.front_mut() {
            if taken < frame.len() {
                frame.advance(taken);
                return;
            }
            taken -= frame.len();
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tokio::{
        io::{AsyncReadExt as _, duplex},
        join,
    };

    use super::*;

    #[tokio::test]
    async fn all_of_it_is_written_however_little_is_taken_at_once() {
        for frames in [&[][..], &[""], &["abc"], &["", "abc", ""], &["abc", "d", "efgh"]] {
            let mut unsent = Unsent::default();
            unsent.extend(frames.iter().map(|frame| Bytes::from_static(frame.as_bytes())));
            let (mut near, mut far) = duplex(2);
            let mut taken = String::new();
            let written = async {
                unsent.write_to(&mut near).await.unwrap();
                drop(near);
            };
            join!(written, async { far.read_to_string(&mut taken).await.unwrap() });
            assert_eq!(taken, frames.concat());
            assert!(unsent.0.is_empty(), "{frames:?}");
        }
    }

    #[tokio::test]
    async fn a_stream_that_takes_no_more_has_failed() {
        let mut unsent = Unsent::default();
        unsent.extend([Bytes::from("abc")]);
        let mut room = [0; 2];
        let written = unsent.write_to(&mut Cursor::new(&mut room[..])).await;
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::WriteZero);
        assert_eq!(unsent.chunk(), b"c");
    }

    #[test]
    fn what_was_taken_of_it_is_gone_wherever_that_ends() {
        let frames = ["abc", "d", "efgh"];
        let all = frames.concat();
        for taken in 0..=all.len() {
            let mut unsent = Unsent::default();
            unsent.extend(frames.map(Bytes::from));
            unsent.advance(taken);
            let mut slices = [IoSlice::new(&[]); 4];
            let count = unsent.chunks_vectored(&mut slices);
            let left = slices[..count].iter().flat_map(|slice| slice.to_vec()).collect::<Vec<_>>();
            assert_eq!(left, all.as_bytes()[taken..]);
            assert_eq!(unsent.remaining(), left.len());
        }
    }
}
