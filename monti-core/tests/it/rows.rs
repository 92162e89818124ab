//! How often each of the ten rows of what is always true, in `docs/faults.md`, met its case.

/// Counts for the rows 1 to 10.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Met([u64; 10]);

impl Met {
    /// A row was held against something that could have broken it.
    pub(crate) fn row(&mut self, row: usize) {
        self.0[row - 1] += 1;
    }

    pub(crate) fn times(self, row: usize) -> u64 {
        self.0[row - 1]
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
    }
}
