//! The measurable facts of a zone, as sampling services hand them out: one number each, with its unit, and
//! how the numbers of many zones become that of a larger one.
//!
//! A larger zone's numbers agree with each other as a cell's do: what is no sum by its nature is made again from the
//! means of what it follows from.

use tessera_world::Cell;

/// How a coarser zone's number follows from those of the cells in it.
#[derive(Clone, Copy)]
pub(crate) enum Fold {
    Mean,
    Least,
    Greatest,
    /// The one that most cells have; of equals the smallest.
    Commonest,
    /// An angle, a length or a deviation has no mean of its own: it is made from the means of other numbers.
    Made {
        of: Facts,
        make: fn([f64; 3]) -> f64,
    },
}

/// Up to three numbers of a cell in a month, all or none; places that are not needed are 0.
type Facts = fn(&Cell, usize) -> Option<[f64; 3]>;

pub(crate) struct Quantity {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// UCUM.
    pub(crate) unit: &'static str,
    /// Of the release's layers; collections of zones are named by it.
    pub(crate) layer: &'static str,
    /// Whether it has twelve numbers, January first.
    pub(crate) monthly: bool,
    pub(crate) fold: Fold,
    /// Of a month, 0 to 11; the same in all of them unless `monthly`.
    pub(crate) get: fn(&Cell, usize) -> Option<f64>,
}

const fn fixed(
    [id, label, unit, layer]: [&'static str; 4],
    fold: Fold,
    get: fn(&Cell, usize) -> Option<f64>,
) -> Quantity {
    Quantity { id, label, unit, layer, monthly: false, fold, get }
}

const fn monthly(
    [id, label, unit, layer]: [&'static str; 4],
    get: fn(&Cell, usize) -> Option<f64>,
) -> Quantity {
    Quantity { id, label, unit, layer, monthly: true, fold: Fold::Mean, get }
}

pub(crate) const QUANTITIES: &[Quantity] = &[
    fixed(["land_permille", "Share of land", "[ppth]", "surface"], Fold::Mean, |c, _| {
        Some(c.surface?.land_permille.into())
    }),
    fixed(["elevation_mean_m", "Mean height", "m", "terrain"], Fold::Mean, |c, _| {
        Some(c.terrain?.elevation_mean_m.into())
    }),
    fixed(["elevation_min_m", "Least height", "m", "terrain"], Fold::Least, |c, _| {
        Some(c.terrain?.elevation_min_m.into())
    }),
    fixed(["elevation_max_m", "Greatest height", "m", "terrain"], Fold::Greatest, |c, _| {
        Some(c.terrain?.elevation_max_m.into())
    }),
    fixed(["slope_permille", "Mean slope", "[ppth]", "terrain"], Fold::Mean, |c, _| {
        Some(c.terrain?.slope_permille.into())
    }),
    fixed(
        ["ruggedness_m", "Standard deviation of heights", "m", "terrain"],
        Fold::Made { of: heights, make: deviation },
        |c, _| Some(c.terrain?.ruggedness_m.into()),
    ),
    fixed(["depth_mean_m", "Mean depth of the water", "m", "bathymetry"], Fold::Mean, |c, _| {
        Some(c.bathymetry?.depth_mean_m.into())
    }),
    fixed(
        ["depth_max_m", "Greatest depth of the water", "m", "bathymetry"],
        Fold::Greatest,
        |c, _| Some(c.bathymetry?.depth_max_m.into()),
    ),
    fixed(["igbp", "Class of the IGBP legend", "1", "land_cover"], Fold::Commonest, |c, _| {
        Some(u8::from(c.land_cover?.igbp).into())
    }),
    fixed(
        ["river_upstream_km2", "Area the river drains", "km2", "river"],
        Fold::Greatest,
        |c, _| Some(c.river.as_ref()?.upstream_km2?.into()),
    ),
    fixed(["lake_water_permille", "Share of lake", "[ppth]", "lake"], Fold::Mean, |c, _| {
        Some(c.lake.as_ref().map_or(0, |lake| lake.water_permille).into())
    }),
    monthly(["wind_u_cm_s", "Mean wind to the east", "cm/s", "wind"], |c, month| {
        Some(c.wind?.months.get(month)?.u_cm_s.into())
    }),
    monthly(["wind_v_cm_s", "Mean wind to the north", "cm/s", "wind"], |c, month| {
        Some(c.wind?.months.get(month)?.v_cm_s.into())
    }),
    Quantity {
        fold: Fold::Made { of: wind, make: speed },
        ..monthly(["wind_speed_cm_s", "Speed of the mean wind", "cm/s", "wind"], |c, month| {
            wind(c, month).map(speed)
        })
    },
    Quantity {
        fold: Fold::Made { of: wind, make: from_degrees },
        ..monthly(["wind_from_deg", "Where the mean wind comes from", "deg", "wind"], |c, month| {
            wind(c, month).map(from_degrees)
        })
    },
    monthly(["current_u_cm_s", "Mean current to the east", "cm/s", "current"], |c, month| {
        Some(c.current?.months.get(month)?.u_cm_s.into())
    }),
    monthly(["current_v_cm_s", "Mean current to the north", "cm/s", "current"], |c, month| {
        Some(c.current?.months.get(month)?.v_cm_s.into())
    }),
    monthly(["rain_mm", "Rain of the month", "mm", "weather"], |c, month| {
        Some((*c.weather?.rain?.months_mm.get(month)?).into())
    }),
    monthly(["temperature_tenths_c", "Mean temperature", "0.1.Cel", "weather"], |c, month| {
        Some((*c.weather?.temperature?.months_tenths_c.get(month)?).into())
    }),
];

fn wind(cell: &Cell, month: usize) -> Option<[f64; 3]> {
    let wind = cell.wind?.months.get(month).copied()?;
    Some([wind.u_cm_s.into(), wind.v_cm_s.into(), 0.0])
}

fn speed([u, v, _]: [f64; 3]) -> f64 {
    u.hypot(v).round()
}

/// Whole degrees clockwise from north, below 360.
fn from_degrees([u, v, _]: [f64; 3]) -> f64 {
    (0.0 - u).atan2(0.0 - v).to_degrees().round().rem_euclid(360.0)
}

/// The mean height, its square, and the variance about it.
fn heights(cell: &Cell, _month: usize) -> Option<[f64; 3]> {
    let terrain = cell.terrain?;
    let (mean, deviation) = (terrain.elevation_mean_m.into(), f64::from(terrain.ruggedness_m));
    Some([mean, mean * mean, deviation * deviation])
}

/// Of all heights about the mean of them all: within the cells and between them.
fn deviation([mean, square, variance]: [f64; 3]) -> f64 {
    thousandths((variance + square - mean * mean).max(0.0).sqrt())
}

/// More than the facts are good for, and the same on every machine.
fn thousandths(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

impl Quantity {
    /// What of a cell goes into a larger zone's number.
    pub(crate) fn facts(&self, cell: &Cell, month: usize) -> Option<[f64; 3]> {
        match self.fold {
            Fold::Made { of, .. } => of(cell, month),
            _ => Some([(self.get)(cell, month)?, 0.0, 0.0]),
        }
    }
}

/// The quantities of a collection of zones; none where it is of something else.
pub(crate) fn of_collection(id: &str) -> Vec<&'static Quantity> {
    let layer = id.strip_prefix("cells-").map(|layer| layer.replace('-', "_"));
    QUANTITIES
        .iter()
        .filter(|quantity| id == "cells" || layer.as_deref() == Some(quantity.layer))
        .collect()
}

/// Facts of cells on their way to one number.
pub(crate) struct Folded {
    fold: Fold,
    cells: u32,
    /// Sums, or the least or greatest so far. Facts are whole numbers, so sums are the same in any order.
    held: [f64; 3],
    /// Each of them, where the commonest is asked for.
    classes: Vec<f64>,
}

impl Folded {
    pub(crate) fn new(fold: Fold) -> Self {
        let held = match fold {
            Fold::Least => f64::INFINITY,
            Fold::Greatest => f64::NEG_INFINITY,
            Fold::Mean | Fold::Commonest | Fold::Made { .. } => 0.0,
        };
        Self { fold, cells: 0, held: [held; 3], classes: Vec::new() }
    }

    pub(crate) fn add(&mut self, facts: Option<[f64; 3]>) {
        let Some(facts) = facts else { return };
        self.cells += 1;
        for (held, fact) in self.held.iter_mut().zip(facts) {
            match self.fold {
                Fold::Least => *held = held.min(fact),
                Fold::Greatest => *held = held.max(fact),
                Fold::Mean | Fold::Commonest | Fold::Made { .. } => *held += fact,
            }
        }
        if let Fold::Commonest = self.fold {
            self.classes.extend(facts.first());
        }
    }

    /// `None` where no cell had one.
    pub(crate) fn number(mut self) -> Option<f64> {
        if self.cells == 0 {
            return None;
        }
        let means = self.held.map(|sum| sum / f64::from(self.cells));
        Some(match self.fold {
            Fold::Least | Fold::Greatest => self.held[0],
            Fold::Mean => thousandths(means[0]),
            Fold::Made { make, .. } => make(means),
            Fold::Commonest => {
                self.classes.sort_unstable_by(f64::total_cmp);
                let runs = self.classes.chunk_by(|a, b| a.total_cmp(b).is_eq());
                // The last of the longest that `max_by_key` meets, going down, is the smallest.
                runs.rev().max_by_key(|run| run.len())?.first().copied()?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_world::{FlowVector, Lake, Terrain, Wind};
    use theron_testkit::world::{MADE, SmallWorld};

    fn larger(id: &str, cells: &[Cell]) -> Option<f64> {
        let quantity = QUANTITIES.iter().find(|quantity| quantity.id == id).unwrap();
        let mut folded = Folded::new(quantity.fold);
        for cell in cells {
            folded.add(quantity.facts(cell, 0));
        }
        folded.number()
    }

    fn cells<const N: usize>(change: impl Fn(usize, &mut Cell)) -> [Cell; N] {
        let zones = SmallWorld::latium().cells;
        std::array::from_fn(|i| {
            let mut cell = Cell::bare(zones[i].zone);
            change(i, &mut cell);
            cell
        })
    }

    #[test]
    fn the_wind_of_a_larger_zone_has_the_speed_and_the_direction_of_its_u_and_v() {
        // Both about from the north, 350 and 10 degrees: the mean of the angles would be south.
        let winds =
            [FlowVector { u_cm_s: 87, v_cm_s: -492 }, FlowVector { u_cm_s: -87, v_cm_s: -492 }];
        let cells: [Cell; 2] = cells(|i, cell| {
            cell.wind = Some(Wind { months: [winds[i]; 12], provenance: MADE });
        });
        let wind = ["wind_u_cm_s", "wind_v_cm_s", "wind_speed_cm_s", "wind_from_deg"];
        assert_eq!(wind.map(|id| larger(id, &cells)), [0.0, -492.0, 492.0, 0.0].map(Some));
        assert_eq!(wind.map(|id| larger(id, &cells[..1])), [87.0, -492.0, 500.0, 350.0].map(Some));
    }

    #[test]
    fn the_share_of_lake_counts_the_cells_that_have_none() {
        let cells: [Cell; 4] = cells(|i, cell| {
            cell.lake = (i == 2).then_some(Lake {
                latin: None,
                modern: None,
                water_permille: 60,
                provenance: MADE,
            });
        });
        assert_eq!(larger("lake_water_permille", &cells), Some(15.0));
        assert_eq!(larger("lake_water_permille", &[]), None);
    }

    #[test]
    fn the_heights_of_a_larger_zone_deviate_within_its_cells_and_between_them() {
        let of = |mean, ruggedness_m| Terrain {
            elevation_mean_m: mean,
            elevation_min_m: 0,
            elevation_max_m: 2_000,
            slope_permille: 0,
            ruggedness_m,
            provenance: MADE,
        };
        let terrains = [of(100, 30), of(1_100, 40)];
        let cells: [Cell; 2] = cells(|i, cell| cell.terrain = Some(terrains[i]));
        // Half the distance of the means, and the mean of the variances: the root of 250,000 + 1,250.
        assert_eq!(larger("ruggedness_m", &cells), Some(501.248));
        assert_eq!(larger("ruggedness_m", &cells[1..]), Some(40.0));
    }

    #[test]
    fn numbers_of_many_cells_become_one_in_the_way_of_their_kind() {
        let folded = |fold, numbers: &[f64]| {
            let mut folded = Folded::new(fold);
            for number in numbers {
                folded.add(Some([*number, 0.0, 0.0]));
            }
            folded.add(None);
            folded.number()
        };
        let numbers = [3.0, 12.0, 12.0, 3.0, 1.0];
        assert_eq!(folded(Fold::Mean, &numbers), Some(6.2));
        assert_eq!(folded(Fold::Least, &numbers), Some(1.0));
        assert_eq!(folded(Fold::Greatest, &numbers), Some(12.0));
        assert_eq!(folded(Fold::Commonest, &numbers), Some(3.0));
        assert_eq!(folded(Fold::Mean, &[]), None);
    }

    #[test]
    fn a_layer_s_collection_has_its_quantities_and_another_s_none() {
        let ids = |collection| -> Vec<_> {
            of_collection(collection).into_iter().map(|quantity| quantity.id).collect()
        };
        assert_eq!(ids("cells-land-cover"), ["igbp"]);
        assert_eq!(ids("cells").len(), QUANTITIES.len());
        assert_eq!(ids("roads"), [""; 0]);
    }
}
