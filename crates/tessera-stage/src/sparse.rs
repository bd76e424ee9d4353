//! A layer that few zones have: facts in the order of their zones' indices.
//!
//! An index may stand several times, as a zone with three conflicts does; facts of one zone keep the order
//! they came in.

#[derive(Clone, Debug, PartialEq)]
pub struct Sparse<T> {
    rows: Vec<(u32, T)>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T> Sparse<T> {
    /// From facts in any order; those beyond four billion zones are none.
    pub fn from_unsorted(facts: Vec<(usize, T)>) -> Self {
        let mut rows: Vec<(u32, T)> = facts
            .into_iter()
            .filter_map(|(index, fact)| Some((u32::try_from(index).ok()?, fact)))
            .collect();
        rows.sort_by_key(|(index, _)| *index);
        Self { rows }
    }

    /// The zone's fact, the first where it has several.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.all(index).next()
    }

    /// Every fact of a zone.
    pub fn all(&self, index: usize) -> impl Iterator<Item = &T> {
        let from = self.rows.partition_point(|(at, _)| (*at as usize) < index);
        self.rows[from..].iter().take_while(move |(at, _)| *at as usize == index).map(|(_, f)| f)
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.rows.iter().map(|(index, fact)| (*index as usize, fact))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut T)> {
        self.rows.iter_mut().map(|(index, fact)| (*index as usize, fact))
    }

    /// Facts, not zones.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Replaces all that is said of a zone.
    pub fn set(&mut self, index: usize, fact: Option<T>) {
        self.rows.retain(|(at, _)| *at as usize != index);
        if let (Some(fact), Ok(at)) = (fact, u32::try_from(index)) {
            let place = self.rows.partition_point(|(other, _)| *other < at);
            self.rows.insert(place, (at, fact));
        }
    }

    /// Takes a zone out; those after it move up.
    pub fn remove(&mut self, index: usize) {
        self.rows.retain(|(at, _)| *at as usize != index);
        for (at, _) in self.rows.iter_mut().filter(|(at, _)| *at as usize > index) {
            *at -= 1;
        }
    }

    /// Adds facts in any order, after those that are there.
    pub fn add(&mut self, facts: Vec<(usize, T)>) {
        self.rows.append(&mut Self::from_unsorted(facts).rows);
        self.rows.sort_by_key(|(index, _)| *index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_found_by_their_zone_in_the_order_they_came() {
        let mut layer = Sparse::from_unsorted(vec![(7, 'b'), (2, 'a'), (7, 'c')]);
        assert_eq!(layer.iter().collect::<Vec<_>>(), [(2, &'a'), (7, &'b'), (7, &'c')]);
        assert_eq!(layer.all(7).collect::<String>(), "bc");
        assert_eq!((layer.get(2), layer.get(3)), (Some(&'a'), None));
        layer.set(7, Some('d'));
        layer.add(vec![(1, 'e')]);
        assert_eq!(layer.iter().collect::<Vec<_>>(), [(1, &'e'), (2, &'a'), (7, &'d')]);
    }
}
