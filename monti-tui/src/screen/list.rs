//! A place in a list, and what of the list is in view.

/// A list that is longer than its window: the entry that is selected and the first in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct List {
    at: usize,
    top: usize,
}

impl List {
    /// The entry that is selected.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The first entry in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Selects the entry `at` of `len`, in view in a window of `height`.
    pub fn select(&mut self, at: usize, len: usize, height: usize) {
        self.at = at.min(len.saturating_sub(1));
        // The window moves no further than it must, and shows no emptiness while there is more.
        let highest = len.saturating_sub(height);
        let first = (self.at + 1).saturating_sub(height);
        self.top = self.top.clamp(first, self.at.max(first)).min(highest);
    }

    /// Moves the selection by so many entries.
    pub fn step(&mut self, by: isize, len: usize, height: usize) {
        self.select(self.at.saturating_add_signed(by), len, height);
    }

    /// Moves the view of a text of `len` lines, in which nothing is selected, by so many lines.
    pub fn scroll(&mut self, by: isize, len: usize, height: usize) {
        self.scroll_to(self.top.saturating_add_signed(by), len, height);
    }

    /// Has the view of a text of `len` lines begin with this line, or with the last that it can.
    pub fn scroll_to(&mut self, top: usize, len: usize, height: usize) {
        self.top = top.min(len.saturating_sub(height));
        self.at = self.top;
    }
}

/// A list whose entries come and go: whatever moves, it is the same one that stays selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked<K> {
    list: List,
    /// What is selected; none until something is.
    key: Option<K>,
}

impl<K: Clone + PartialEq> Picked<K> {
    /// The place of what is selected, and the first entry in view.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// Selects the entry `at` of the entries with these keys, in view in a window of `height`.
    pub fn choose(&mut self, at: usize, keys: &[K], height: usize) {
        self.list.select(at, keys.len(), height);
        self.key = keys.get(self.list.at()).cloned();
    }

    /// Finds what is selected among the entries with these keys.
    pub fn refresh(&mut self, keys: &[K], height: usize) {
        let place = self.key.as_ref().map(|key| keys.iter().position(|it| it == key));
        match place {
            // Until something is selected it is the top that stays in view, whatever is there.
            None => self.list.select(0, keys.len(), height),
            Some(Some(at)) => self.list.select(at, keys.len(), height),
            // It is gone: what has taken its place is selected.
            Some(None) => self.choose(self.list.at(), keys, height),
        }
    }
}

impl<K> Default for Picked<K> {
    fn default() -> Self {
        Self { list: List::default(), key: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_selected_is_in_view_and_the_window_moves_no_further_than_it_must() {
        let mut list = List::default();
        for (at, top) in [(0, 0), (4, 0), (5, 1), (99, 15), (16, 15), (14, 14), (0, 0)] {
            list.select(at, 20, 5);
            assert_eq!(list, List { at: at.min(19), top });
        }
        list.select(19, 20, 5);
        list.select(list.at(), 3, 5);
        assert_eq!(list, List { at: 2, top: 0 });
        list.select(7, 0, 0);
        assert_eq!(list, List { at: 0, top: 0 });
    }

    #[test]
    fn steps_stop_at_the_ends() {
        let mut list = List::default();
        list.step(-1, 20, 5);
        assert_eq!(list.at(), 0);
        list.step(isize::MAX, 20, 5);
        assert_eq!(list.at(), 19);
    }
}
