//! How well leisure is spent at a place, from the zones around it: sea, height, water, woods, quiet.

use super::demand::population;
use std::collections::BTreeMap;
use tessera_grid::Zone;
use tessera_world::{Cell, Place, SurfaceKind};

/// What leisure is worth anywhere, and at most: thousandths, as all that is added to it.
pub(crate) const ANYWHERE: i64 = 200;
pub(crate) const QUALITY_MOST: i64 = 1000;
pub(crate) const BY_THE_SEA: i64 = 200;
pub(crate) const BY_A_RIVER: i64 = 80;
pub(crate) const MILD: i64 = 120;
pub(crate) const GREEN: i64 = 50;
/// Metres of the highest ground around for a thousandth, and how many count.
pub(crate) const HILLS_M_A_POINT: i32 = 4;
pub(crate) const HILLS_MOST_M: i32 = 800;
/// For a town of fewer people than so many.
pub(crate) const QUIET: [(u32, i64); 3] = [(10_000, 150), (50_000, 100), (200_000, 50)];

/// What each place's surroundings offer.
pub struct Leisure(Vec<i64>);

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four unrelated questions of one landscape")]
struct Surroundings {
    sea: bool,
    river: bool,
    relief_m: i32,
    mild: bool,
    green: bool,
}

impl Leisure {
    pub fn of<'a>(places: &[Place], cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut near: BTreeMap<Zone, Vec<usize>> = BTreeMap::new();
        for (index, place) in places.iter().enumerate() {
            for zone in place.zone.disk(1) {
                near.entry(zone).or_default().push(index);
            }
        }
        let mut found = vec![Surroundings::default(); places.len()];
        for cell in cells {
            for &index in near.get(&cell.zone).into_iter().flatten() {
                found[index].add(cell);
            }
        }
        Self(
            places
                .iter()
                .zip(found)
                .map(|(place, surroundings)| surroundings.quality_permille(population(place)))
                .collect(),
        )
    }

    /// 200 (an inland camp) to 1,000 (a green bay under hills).
    pub fn quality_permille(&self, place: usize) -> i64 {
        self.0.get(place).copied().unwrap_or(0)
    }
}

impl Surroundings {
    fn add(&mut self, cell: &Cell) {
        self.sea |= cell.surface.is_some_and(|surface| surface.kind != SurfaceKind::Land);
        self.river |= cell.river.is_some();
        let height = cell.terrain.map_or(0, |terrain| terrain.elevation_max_m.max(0));
        self.relief_m = self.relief_m.max(height);
        let koppen = cell.climate.as_ref().map_or("", |climate| climate.koppen.as_str());
        self.mild |= matches!(koppen, "Csa" | "Csb" | "Cfa" | "Cfb");
        self.green |= matches!(koppen, "Cfa" | "Cfb" | "Csb" | "Dfb");
    }

    fn quality_permille(self, population: u32) -> i64 {
        let points = |there: bool, worth: i64| if there { worth } else { 0 };
        let hills = i64::from(self.relief_m.min(HILLS_MOST_M) / HILLS_M_A_POINT);
        let quiet = QUIET.into_iter().find(|(people, _)| population < *people);
        (ANYWHERE
            + points(self.sea, BY_THE_SEA)
            + points(self.river, BY_A_RIVER)
            + points(self.mild, MILD)
            + points(self.green, GREEN)
            + hills
            + quiet.map_or(0, |(_, worth)| worth))
        .min(QUALITY_MOST)
    }
}
