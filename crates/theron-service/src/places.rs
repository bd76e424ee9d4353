//! How many of each address are here at once: no lock, and memory that does not grow with whoever floods us.
//!
//! An address is counted in one of [`CELLS`] cells, by a hash that nobody outside can foresee. Two addresses of one
//! cell share its places, of which there are more than either needs. A map of addresses would be exact, would grow
//! with them, and would be locked by every call.

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

/// 64 KiB. Who comes while one address floods us shares its cell once in 16,384 times.
const CELLS: usize = 16_384;

/// So many places for each address.
pub struct Places {
    cells: Box<[AtomicU32]>,
    hasher: RandomState,
    each: u32,
}

/// One of them, until it is dropped or given back.
pub struct Place {
    places: Arc<Places>,
    cell: usize,
    held: AtomicBool,
}

impl Places {
    pub fn new(each: u32) -> Arc<Self> {
        let cells = (0..CELLS).map(|_| AtomicU32::new(0)).collect();
        Arc::new(Self { cells, hasher: RandomState::new(), each })
    }

    /// A place of this address, where one is free.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let cell = self.hasher.hash_one(address) as usize % CELLS;
        let before = self.cells[cell].fetch_add(1, Ordering::Relaxed);
        let place = Place { places: Arc::clone(self), cell, held: AtomicBool::new(true) };
        (before < self.each).then_some(place)
    }
}

impl Place {
    /// Frees the place before its time.
    pub fn give_back(&self) {
        if self.held.swap(false, Ordering::Relaxed) {
            self.places.cells[self.cell].fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn a_place_is_free_again_once_it_was_dropped_or_given_back_and_only_once() {
        let places = Places::new(2);
        let address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let (first, second) = (places.take(address).unwrap(), places.take(address).unwrap());
        assert!(places.take(address).is_none());
        assert!(places.take(address).is_none(), "to be refused takes nothing");
        first.give_back();
        let third = places.take(address).unwrap();
        drop(first);
        assert!(places.take(address).is_none(), "it was given back before");
        drop((second, third));
        assert_eq!(places.cells.iter().map(|cell| cell.load(Ordering::Relaxed)).sum::<u32>(), 0);
    }

    #[test]
    fn addresses_have_places_of_their_own() {
        let places = Places::new(1);
        let taken: Vec<_> =
            (0..100).filter_map(|i| places.take(Ipv4Addr::from_bits(i).into())).collect();
        // Of a hundred, all but two at most have a cell alone; to lose ten is a chance below one in a billion.
        assert!(taken.len() > 90, "{}", taken.len());
    }
}
