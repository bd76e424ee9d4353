//! Where the values of a raster stand: a regular lattice of longitude and latitude, north up, west first.
//!
//! Files count rows from either end, start longitudes at -180, 0 or 20 and run past 360. All that is undone
//! here, once: a caller sees row 0 in the north and column 0 in the west, always.

use serde::Deserialize;

/// An axis further off than this part of its step is not regular.
const IRREGULAR_STEP_SHARE: f64 = 0.25;
/// Rows a publisher may keep beyond a pole as a border (ITU-R keeps two); more means that axes are swapped.
const ROWS_BEYOND_POLE_MAX: usize = 2;
/// Degrees such a border may reach beyond the pole.
const BEYOND_POLE_MAX: f64 = 1.0;
/// Values of an axis at most: 10 arc seconds round the globe, finer than anything this crate meets.
pub(crate) const AXIS_MAX: usize = 130_000;
/// Rounding in a publisher's axis that is no statement about the globe, degrees.
const ROUNDING_DEGREES: f64 = 1e-6;

/// A box of longitude and latitude, degrees.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bounds {
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
}

/// What a value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// The area of its cell.
    Cell,
    /// The point where it stands.
    Node,
}

/// Which end of the file is the north.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstRow {
    #[default]
    North,
    South,
}

/// Where a raster lies whose file does not say so.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Georeference {
    /// Outer edges of the outermost cells; for nodes, the outermost nodes themselves.
    pub bounds: Bounds,
    #[serde(default = "cells")]
    pub registration: Registration,
    #[serde(default)]
    pub first_row: FirstRow,
}

const fn cells() -> Registration {
    Registration::Cell
}

impl Georeference {
    /// The whole globe in cells, the first in the north-west.
    pub const WORLD: Self = Self {
        bounds: Bounds::WORLD,
        registration: Registration::Cell,
        first_row: FirstRow::North,
    };

    /// The axes of a file of that many rows and columns: latitudes, longitudes.
    pub(crate) fn axes(&self, rows: usize, columns: usize) -> (Vec<f64>, Vec<f64>) {
        let Bounds { west, south, east, north } = self.bounds;
        let (from, to) = match self.first_row {
            FirstRow::North => (north, south),
            FirstRow::South => (south, north),
        };
        (self.axis(from, to, rows), self.axis(west, east, columns))
    }

    fn axis(&self, from: f64, to: f64, count: usize) -> Vec<f64> {
        let (steps, half) = match self.registration {
            Registration::Cell => (count as f64, 0.5),
            Registration::Node => (count.saturating_sub(1).max(1) as f64, 0.0),
        };
        (0..count).map(|index| from + (index as f64 + half) * (to - from) / steps).collect()
    }
}

/// Where values stand: value (row, column) at `north - row · step`, `west + column · step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    /// Longitude of column 0, degrees: its node, or the centre of its cell. At least -180 but for borders.
    pub west: f64,
    /// Latitude of row 0, degrees.
    pub north: f64,
    /// Degrees between columns and between rows, both positive.
    pub step_longitude: f64,
    pub step_latitude: f64,
    pub columns: usize,
    pub rows: usize,
    pub registration: Registration,
}

impl Lattice {
    pub fn longitude(&self, column: usize) -> f64 {
        self.west + column as f64 * self.step_longitude
    }

    pub fn latitude(&self, row: usize) -> f64 {
        self.north - row as f64 * self.step_latitude
    }

    /// Whether the last column is the neighbour of the first.
    pub fn goes_round(&self) -> bool {
        let span = self.columns as f64 * self.step_longitude;
        (span - 360.0).abs() < self.step_longitude / 2.0
    }

    /// The row whose value stands nearest; `None` more than half a step beyond the edge.
    pub fn row_of(&self, latitude: f64) -> Option<usize> {
        let row = ((self.north - latitude) / self.step_latitude).round();
        (row >= 0.0 && row < self.rows as f64).then_some(row as usize)
    }

    /// The column whose value stands nearest, round the globe if the lattice goes round it.
    pub fn column_of(&self, longitude: f64) -> Option<usize> {
        let mut east = longitude - self.west;
        if !(-self.step_longitude / 2.0..360.0 - self.step_longitude / 2.0).contains(&east) {
            east = (east + self.step_longitude / 2.0).rem_euclid(360.0) - self.step_longitude / 2.0;
        }
        let column = (east / self.step_longitude).round();
        (column >= 0.0 && column < self.columns as f64).then_some(column as usize)
    }
}

/// How a file's rows and columns become those of the lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Layout {
    /// Columns a file row has.
    pub(crate) file_columns: usize,
    /// File row of the lattice's first row, or of its last one where `south_first`.
    pub(crate) first_row: usize,
    pub(crate) south_first: bool,
    /// File column of the lattice's column 0; from there on, round at `columns`.
    pub(crate) shift: usize,
}

/// The lattice that two axes stand for, and by how much they stray from it, degrees.
pub(crate) fn lattice(
    latitudes: &[f64],
    longitudes: &[f64],
    registration: Registration,
) -> Result<(Lattice, Layout, f64), String> {
    let (first_latitude, step_y, drift_y) = regular(latitudes, "latitude", false)?;
    let (first_longitude, step_x, drift_x) = regular(longitudes, "longitude", true)?;
    let south_first = step_y > 0.0;
    let at = |row: usize| first_latitude + row as f64 * step_y;
    let on_globe = |row: &usize| at(*row).abs() <= 90.0 + ROUNDING_DEGREES;
    let first_row = (0..latitudes.len()).find(on_globe).unwrap_or(latitudes.len());
    let end = (0..latitudes.len()).rfind(on_globe).map_or(0, |row| row + 1);
    let far = |latitude: &f64| latitude.abs() > 90.0 + BEYOND_POLE_MAX;
    if first_row > ROWS_BEYOND_POLE_MAX
        || latitudes.len() - end > ROWS_BEYOND_POLE_MAX
        || end == 0
        || latitudes.iter().any(far)
    {
        return Err("latitudes lie beyond the pole; the axes may be swapped".to_owned());
    }
    if !(-720.0..=720.0).contains(&first_longitude)
        || step_x * (longitudes.len() - 1) as f64 > 400.0
    {
        return Err(format!(
            "longitudes run from {first_longitude} in steps of {step_x}, which is not round one globe"
        ));
    }
    let around = (360.0 / step_x).round();
    let goes_round =
        longitudes.len() as f64 >= around && (around * step_x - 360.0).abs() < step_x / 2.0;
    let columns = if goes_round { around as usize } else { longitudes.len() };
    let (west, shift) = westmost(first_longitude, step_x, columns, goes_round);
    let lattice = Lattice {
        west,
        north: if south_first { at(end - 1) } else { at(first_row) },
        step_longitude: step_x,
        step_latitude: step_y.abs(),
        columns,
        rows: end - first_row,
        registration,
    };
    let layout = Layout { file_columns: longitudes.len(), first_row, south_first, shift };
    Ok((lattice, layout, drift_x.max(drift_y)))
}

/// Longitude of the westmost column within -180..180, and which file column it is.
fn westmost(first: f64, step: f64, columns: usize, goes_round: bool) -> (f64, usize) {
    let wrapped = |longitude: f64| {
        let east = (longitude + 180.0).rem_euclid(360.0);
        (if east > 360.0 - ROUNDING_DEGREES { 0.0 } else { east }) - 180.0
    };
    if !goes_round {
        // A border kept west of the date line stays where it is, so that the columns run on.
        let whole =
            if first < -180.0 - 2.0 * step || first >= 180.0 { wrapped(first) } else { first };
        return (whole, 0);
    }
    (0..columns)
        .map(|column| (wrapped(first + column as f64 * step), column))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((first, 0))
}

/// First value, step and drift of a regular axis.
fn regular(axis: &[f64], name: &str, round_the_globe: bool) -> Result<(f64, f64, f64), String> {
    let (Some(&first), Some(&last)) = (axis.first(), axis.last()) else {
        return Err(format!("the {name} axis is empty"));
    };
    if axis.len() < 2 || axis.len() > AXIS_MAX || axis.iter().any(|value| !value.is_finite()) {
        return Err(format!("the {name} axis is not 2 to {AXIS_MAX} numbers"));
    }
    let count = axis.len() as f64;
    let mut step = (last - first) / (count - 1.0);
    if round_the_globe && (step.abs() * count - 360.0).abs() < step.abs() / 2.0 {
        // Exact at 360/n, whatever rounding its publisher left in it.
        step = (360.0 / count).copysign(step);
    }
    if step == 0.0 || !step.is_finite() || (round_the_globe && step < 0.0) {
        return Err(format!("the {name} axis does not ascend"));
    }
    let exact = |index: usize| first + index as f64 * step;
    let drift = axis
        .iter()
        .enumerate()
        .map(|(index, value)| (value - exact(index)).abs())
        .fold(0.0_f64, f64::max);
    if drift > IRREGULAR_STEP_SHARE * step.abs() {
        return Err(format!(
            "the {name} axis strays {drift:.4} degrees from a regular one of step {step:.5}"
        ));
    }
    Ok((first, step, drift))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(first: f64, step: f64, count: usize) -> Vec<f64> {
        (0..count).map(|index| first + index as f64 * step).collect()
    }

    #[test]
    fn longitudes_that_run_past_360_come_out_from_the_date_line() {
        let (lattice, layout, _) =
            lattice(&axis(-90.0, 2.5, 73), &axis(20.0, 2.5, 144), Registration::Node).unwrap();
        assert_eq!(
            (lattice.west, lattice.north, lattice.columns, lattice.rows),
            (-180.0, 90.0, 144, 73)
        );
        assert_eq!(
            layout,
            Layout { file_columns: 144, first_row: 0, south_first: true, shift: 64 }
        );
        assert_eq!(lattice.column_of(20.0), Some(80));
        assert_eq!(lattice.column_of(179.9), Some(0));
        assert!(lattice.goes_round());
    }

    #[test]
    fn a_border_beyond_pole_and_date_line_is_cut() {
        let (lattice, layout, _) = lattice(
            &axis(90.125, -1.0 / 12.0, 2164),
            &axis(-180.125, 1.0 / 12.0, 4324),
            Registration::Node,
        )
        .unwrap();
        assert_eq!((lattice.columns, lattice.rows), (4320, 2160));
        assert!((lattice.north - 89.958_333).abs() < 1e-5, "{}", lattice.north);
        assert_eq!((layout.first_row, layout.south_first), (2, false));
        assert!(lattice.west >= -180.0 && lattice.west < -179.9);
    }

    #[test]
    fn axes_that_are_swapped_or_broken_are_refused() {
        let (short, long) = (axis(-90.0, 1.0, 181), axis(-180.0, 1.0, 360));
        assert!(lattice(&long, &short, Registration::Node).unwrap_err().contains("swapped"));
        let mut broken = short.clone();
        broken[5] = f64::NAN;
        assert!(lattice(&broken, &long, Registration::Node).is_err());
        broken[5] = -84.0;
        assert!(lattice(&broken, &long, Registration::Node).unwrap_err().contains("strays"));
        assert!(lattice(&short, &axis(5.0, 0.0, 9), Registration::Node).is_err());
        assert!(lattice(&short, &axis(5.0, -1.0, 9), Registration::Node).is_err());
    }

    #[test]
    fn a_georeference_of_the_world_puts_centres_half_a_cell_in() {
        let (latitudes, longitudes) = Georeference::WORLD.axes(180, 360);
        assert_eq!((latitudes[0], latitudes[179]), (89.5, -89.5));
        assert_eq!((longitudes[0], longitudes[359]), (-179.5, 179.5));
    }
}
