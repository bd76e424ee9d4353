//! A zone: one H3 cell at one resolution, the place where every fact of the physical world sits.

use crate::Position;
use h3o::{CellIndex, LatLng};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// H3 resolution, 0 (4.4 million km² a zone) to 15 (0.9 m²). The default world is at 5 (253 km²).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Resolution(h3o::Resolution);

/// An H3 cell. Ordered by its index, so that the children of a zone are contiguous at each resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(CellIndex);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    #[error("{0:?} is not an H3 cell; write 15 hexadecimal digits, for instance 851e8053fffffff")]
    NotACell(String),
    #[error("{0} is not an H3 resolution; use 0 to 15")]
    Resolution(u8),
}

impl Resolution {
    pub const FIVE: Self = Self(h3o::Resolution::Five);

    pub const fn h3(self) -> h3o::Resolution {
        self.0
    }

    /// Mean distance between the centres of neighbouring zones, kilometres.
    pub fn spacing_km(self) -> f64 {
        self.0.edge_length_km() * 3f64.sqrt()
    }

    /// The resolution one step finer, or `None` at 15.
    pub fn finer(self) -> Option<Self> {
        self.0.succ().map(Self)
    }
}

impl TryFrom<u8> for Resolution {
    type Error = ZoneError;
    fn try_from(raw: u8) -> Result<Self, ZoneError> {
        h3o::Resolution::try_from(raw).map(Self).map_err(|_source| ZoneError::Resolution(raw))
    }
}

impl From<Resolution> for u8 {
    fn from(resolution: Resolution) -> Self {
        resolution.0.into()
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(f)
    }
}

impl Zone {
    /// The zone that holds a position.
    pub fn at(position: Position, resolution: Resolution) -> Self {
        let point = LatLng::new(position.latitude(), position.longitude())
            .expect("a Position is finite, which is all that LatLng asks");
        Self(point.to_cell(resolution.0))
    }

    /// As the store keeps it: the index as a signed integer (the top bit of an H3 cell is 0).
    pub fn to_i64(self) -> i64 {
        u64::from(self.0).cast_signed()
    }

    pub fn resolution(self) -> Resolution {
        Resolution(self.0.resolution())
    }

    pub fn centre(self) -> Position {
        position_of(LatLng::from(self.0))
    }

    /// The corners in order, counter-clockwise, first not repeated; 5 to 10 of them.
    pub fn boundary(self) -> Vec<Position> {
        self.0.boundary().iter().copied().map(position_of).collect()
    }

    pub fn area_km2(self) -> f64 {
        self.0.area_km2()
    }

    pub fn is_pentagon(self) -> bool {
        self.0.is_pentagon()
    }

    /// The five or six zones that share an edge with this one, in no promised order.
    pub fn neighbours(self) -> impl Iterator<Item = Self> {
        self.0.grid_disk::<Vec<_>>(1).into_iter().filter(move |cell| *cell != self.0).map(Self)
    }

    /// All zones at most `radius` steps away, this one among them.
    pub fn disk(self, radius: u32) -> Vec<Self> {
        self.0.grid_disk::<Vec<_>>(radius).into_iter().map(Self).collect()
    }

    /// The zone of a coarser (or the same) resolution that this one descends from.
    pub fn ancestor(self, resolution: Resolution) -> Option<Self> {
        self.0.parent(resolution.0).map(Self)
    }

    /// All descendants at a finer (or the same) resolution, in ascending order.
    pub fn descendants(self, resolution: Resolution) -> impl Iterator<Item = Self> {
        self.0.children(resolution.0).map(Self)
    }

    /// The first and the last of its descendants, found without walking through them.
    pub fn descendant_ends(self, resolution: Resolution) -> (Self, Self) {
        let Some(first) = self.0.center_child(resolution.0) else { return (self, self) };
        // Three bits a step; 6 is the greatest digit, and a child even of a pentagon.
        let steps = u8::from(self.resolution()) + 1..=u8::from(resolution);
        let digits = steps.fold(u64::from(first), |bits, step| bits | 6 << (3 * (15 - step)));
        (Self(first), CellIndex::try_from(digits).map_or(Self(first), Self))
    }

    pub(crate) fn base_zones() -> impl Iterator<Item = Self> {
        CellIndex::base_cells().map(Self)
    }
}

fn position_of(point: LatLng) -> Position {
    Position::new(point.lat(), point.lng()).expect("h3o gives normalised degrees")
}

impl TryFrom<i64> for Zone {
    type Error = ZoneError;
    fn try_from(raw: i64) -> Result<Self, ZoneError> {
        CellIndex::try_from(raw.cast_unsigned())
            .map(Self)
            .map_err(|_source| ZoneError::NotACell(raw.to_string()))
    }
}

impl FromStr for Zone {
    type Err = ZoneError;
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        text.parse().map(Self).map_err(|_source| ZoneError::NotACell(text.to_owned()))
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;
    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rome() -> Zone {
        Zone::at(Position::new(41.8925, 12.4853).unwrap(), Resolution::FIVE)
    }

    #[test]
    fn a_zone_survives_each_of_its_written_forms() {
        let zone = rome();
        assert_eq!(zone.to_string().parse(), Ok(zone));
        assert_eq!(Zone::try_from(zone.to_i64()), Ok(zone));
        assert!(zone.to_i64() > 0);
    }

    #[test]
    fn neighbours_are_six_and_a_spacing_away() {
        let centre = rome().centre();
        let spacing = Resolution::FIVE.spacing_km();
        let distances: Vec<f64> =
            rome().neighbours().map(|zone| zone.centre().distance_km(centre)).collect();
        assert_eq!(distances.len(), 6);
        assert!(distances.iter().all(|km| (km / spacing - 1.0).abs() < 0.25), "{distances:?}");
    }

    #[test]
    fn text_that_is_no_cell_is_refused() {
        assert_eq!("rome".parse::<Zone>(), Err(ZoneError::NotACell("rome".to_owned())));
        assert_eq!(Zone::try_from(-1_i64), Err(ZoneError::NotACell("-1".to_owned())));
        assert_eq!(Resolution::try_from(16), Err(ZoneError::Resolution(16)));
    }

    #[test]
    fn descendants_ascend_and_come_home() {
        let six = Resolution::FIVE.finer().unwrap();
        let children: Vec<Zone> = rome().descendants(six).collect();
        assert!(children.is_sorted());
        assert_eq!(rome().descendant_ends(six), (children[0], children[6]));
        assert!(children.iter().all(|child| child.ancestor(Resolution::FIVE) == Some(rome())));
    }
}
