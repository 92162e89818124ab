//! A tournament: which of many places holds the smallest key, when one key changes at a time.

/// A tree of winners over a fixed number of places. Looking is O(1), changing a key at most
/// O(log n) and O(1) where the winner stays.
#[derive(Debug)]
pub(crate) struct Tournament<K> {
    /// The key of each place; [`Self::empty`] where there is none.
    keys: Vec<K>,
    /// `winners[1]` is the root, `winners[n]` wins over `winners[2n]` and `winners[2n + 1]`; the
    /// second half are the places themselves.
    winners: Vec<u32>,
    empty: K,
}

impl<K: Ord + Copy> Tournament<K> {
    /// A tournament of `places`, all with the key `empty`, which loses against every other.
    pub(crate) fn new(places: usize, empty: K) -> Self {
        let half = places.next_power_of_two();
        let mut winners = vec![0; 2 * half];
        for (winner, place) in winners[half..].iter_mut().zip(0..) {
            *winner = place;
        }
        let mut tournament = Self { keys: vec![empty; half], winners, empty };
        for node in (1..half).rev() {
            tournament.winners[node] = tournament.winner_at(node);
        }
        tournament
    }

    /// Gives `place` a key.
    pub(crate) fn set(&mut self, place: usize, key: K) {
        self.keys[place] = key;
        let half = self.keys.len();
        let mut node = (half + place) / 2;
        while node > 0 {
            let (before, after) = (self.winners[node], self.winner_at(node));
            // A place that neither won before nor wins now changes nothing further up.
            if before == after && after as usize != place {
                return;
            }
            self.winners[node] = after;
            node /= 2;
        }
    }

    /// The smallest key, or the empty one if no place has a key.
    pub(crate) fn best_key(&self) -> K {
        self.keys[self.best_place()]
    }

    /// The place with the smallest key, of equal ones the first; `None` if no place has a key.
    pub(crate) fn best(&self) -> Option<usize> {
        let place = self.best_place();
        (self.keys[place] < self.empty).then_some(place)
    }

    /// The key of a place.
    pub(crate) fn key(&self, place: usize) -> K {
        self.keys[place]
    }

    fn best_place(&self) -> usize {
        self.winners[1] as usize
    }

    fn winner_at(&self, node: usize) -> u32 {
        let (left, right) = (self.winners[2 * node], self.winners[2 * node + 1]);
        if self.keys[right as usize] < self.keys[left as usize] { right } else { left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_key_wins_whatever_changed_last() {
        for places in 1..=9 {
            let mut tournament = Tournament::new(places, u32::MAX);
            let mut keys = vec![u32::MAX; places];
            assert_eq!(tournament.best(), None);
            // A full-period generator: every place gets small and large keys and is emptied.
            let mut state = 1_u32;
            for _ in 0..2_000 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = (state >> 8) as usize % places;
                let key = if state >> 30 == 0 { u32::MAX } else { state >> 20 };
                tournament.set(place, key);
                keys[place] = key;
                let smallest = keys.iter().copied().min().unwrap();
                assert_eq!(tournament.best_key(), smallest);
                assert_eq!(tournament.best().map(|at| keys[at]).unwrap_or(u32::MAX), smallest);
            }
        }
    }

    #[test]
    fn of_equal_keys_that_of_the_first_place_wins() {
        let mut tournament = Tournament::new(4, u32::MAX);
        for place in [3, 2, 1] {
            tournament.set(place, 7);
            assert_eq!(tournament.best(), Some(place));
        }
    }
}
