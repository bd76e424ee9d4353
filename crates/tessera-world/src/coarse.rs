//! The facts that lie on coarser zones than the rest, because their sources are coarser.

use crate::{Cell, Current, Geology, Weather, Wind, WindRose};
use tessera_grid::Zone;

/// One zone of the coarse resolution; every zone of the world in it reads these.
#[derive(Clone, Debug, PartialEq)]
pub struct Coarse {
    pub zone: Zone,
    pub wind: Option<Wind>,
    pub current: Option<Current>,
    pub weather: Option<Weather>,
    pub wind_rose: Option<WindRose>,
    pub geology: Option<Geology>,
}

impl Coarse {
    /// A zone of which nothing is known.
    pub fn bare(zone: Zone) -> Self {
        Self { zone, wind: None, current: None, weather: None, wind_rose: None, geology: None }
    }

    /// What a cell says of these layers, of a world no finer than they are; it has no rose.
    pub fn of_cell(cell: &Cell) -> Self {
        Self {
            zone: cell.zone,
            wind: cell.wind,
            current: cell.current,
            weather: cell.weather,
            wind_rose: None,
            geology: cell.geology.clone(),
        }
    }
}
