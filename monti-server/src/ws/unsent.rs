//! What is on its way to a peer.

use std::{collections::VecDeque, io::IoSlice};

use bytes::{Buf, Bytes};

/// Frames that a peer has not taken yet, of the first perhaps only a part.
#[derive(Debug, Default)]
pub(super) struct Unsent(VecDeque<Bytes>);

impl Unsent {
    /// Frames that are to follow those that are there.
    pub(super) fn extend(&mut self, frames: impl IntoIterator<Item = Bytes>) {
        self.0.extend(frames);
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
    use super::*;

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
