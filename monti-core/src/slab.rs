//! A table whose places are used again.

/// Values in numbered places; taking and freeing a place is O(1), and the place freed last is
/// taken first.
#[derive(Debug, Clone)]
pub(crate) struct Slab<T> {
    places: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    /// Puts `value` into a place.
    pub(crate) fn insert(&mut self, value: T) {
        let place = self.take_place();
        *self.vacant(place) = Some(value);
    }

    /// Takes a place that is empty until something is put into [`Self::vacant`].
    pub(crate) fn take_place(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
            assert!(place < u32::MAX, "four billion places are taken");
            self.places.push(None);
            place
        })
    }

    /// A place that was taken and is still empty.
    #[inline(always)]
    pub(crate) fn vacant(&mut self, place: u32) -> &mut Option<T> {
        let vacant = &mut self.places[place as usize];
        assert!(vacant.is_none(), "place {place} is taken");
        vacant
    }

    /// Frees a place and drops what is in it.
    #[inline(always)]
    pub(crate) fn remove(&mut self, place: u32) {
        let taken = &mut self.places[place as usize];
        assert!(taken.is_some(), "place {place} holds nothing");
        *taken = None;
        self.free.push(place);
    }

    /// How many places there are, free ones included.
    pub(crate) fn places(&self) -> usize {
        self.places.len()
    }

    /// The value in a place, `None` if there is none.
    pub(crate) fn get(&self, place: u32) -> Option<&T> {
        self.places.get(place as usize)?.as_ref()
    }

    /// All values with their places, in the order of the places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.places).filter_map(|(place, value)| Some((place, value.as_ref()?)))
    }
}

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;

    fn index(&self, place: u32) -> &T {
        self.places[place as usize]
            .as_ref()
            .unwrap_or_else(|| panic!("place {place} holds nothing"))
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    fn index_mut(&mut self, place: u32) -> &mut T {
        self.places[place as usize]
            .as_mut()
            .unwrap_or_else(|| panic!("place {place} holds nothing"))
    }
}
