//! The measurable facts of a zone, as sampling services hand them out: one number each, with its unit, and
//! how the numbers of many zones become that of a larger one.

use tessera_world::{Cell, FlowVector};

/// How a coarser zone's number follows from those of the cells in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    Mean,
    Least,
    Greatest,
    /// The one that most cells have; of equals the smallest.
    Commonest,
}

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
    fixed(["ruggedness_m", "Standard deviation of heights", "m", "terrain"], Fold::Mean, |c, _| {
        Some(c.terrain?.ruggedness_m.into())
    }),
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
        Some(c.lake.as_ref()?.water_permille.into())
    }),
    monthly(["wind_u_cm_s", "Mean wind to the east", "cm/s", "wind"], |c, month| {
        Some(c.wind?.months.get(month)?.u_cm_s.into())
    }),
    monthly(["wind_v_cm_s", "Mean wind to the north", "cm/s", "wind"], |c, month| {
        Some(c.wind?.months.get(month)?.v_cm_s.into())
    }),
    monthly(["wind_speed_cm_s", "Speed of the mean wind", "cm/s", "wind"], |c, month| {
        Some(centimetres(*c.wind?.months.get(month)?))
    }),
    monthly(["wind_from_deg", "Where the mean wind comes from", "deg", "wind"], |c, month| {
        Some(c.wind?.months.get(month)?.from_degrees().round())
    }),
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

fn centimetres(flow: FlowVector) -> f64 {
    (flow.speed_m_s() * 100.0).round()
}

/// The quantities of a collection of zones; none where it is of something else.
pub(crate) fn of_collection(id: &str) -> Vec<&'static Quantity> {
    let layer = id.strip_prefix("cells-").map(|layer| layer.replace('-', "_"));
    QUANTITIES
        .iter()
        .filter(|quantity| id == "cells" || layer.as_deref() == Some(quantity.layer))
        .collect()
}

/// Numbers of cells on their way to one.
pub(crate) struct Folded {
    fold: Fold,
    numbers: Vec<f64>,
}

impl Folded {
    pub(crate) fn new(fold: Fold) -> Self {
        Self { fold, numbers: Vec::new() }
    }

    pub(crate) fn add(&mut self, number: Option<f64>) {
        self.numbers.extend(number);
    }

    /// `None` where no cell had one.
    pub(crate) fn number(mut self) -> Option<f64> {
        self.numbers.sort_unstable_by(f64::total_cmp);
        let (first, last) = (*self.numbers.first()?, *self.numbers.last()?);
        Some(match self.fold {
            Fold::Least => first,
            Fold::Greatest => last,
            // Thousandths are more than the facts are good for, and the same on every machine.
            Fold::Mean => {
                let mean = self.numbers.iter().sum::<f64>() / self.numbers.len() as f64;
                (mean * 1000.0).round() / 1000.0
            }
            Fold::Commonest => {
                let runs = self.numbers.chunk_by(|a, b| a.total_cmp(b).is_eq());
                // The last of the longest that `max_by_key` meets, going down, is the smallest.
                runs.rev().max_by_key(|run| run.len())?.first().copied()?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_many_cells_become_one_in_the_way_of_their_kind() {
        let folded = |fold, numbers: &[f64]| {
            let mut folded = Folded::new(fold);
            for number in numbers {
                folded.add(Some(*number));
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
