//! The climatology files of OpenCPN: wind roses and currents of one month, gzip of little-endian bytes.
//!
//! Every file decodes to its exact byte count, so one byte too few or too many is an error. Row 0 is brought to
//! the north and column 0 to the date line, as for every raster.

use super::lattice::{Lattice, Registration};
use crate::error::{Code, FormatError};
use std::path::Path;

/// Unpacked bytes at most; the largest has 3.1 MB.
const BYTES_MAX: u64 = 64 << 20;
const WIND_MAGIC: u16 = 0xFEFE;
/// Directions of a rose: every 45 degrees.
const DIRECTIONS: usize = 8;
/// Rows or columns at most: the publisher's grids have 360 to 1080.
const SIDE_MAX: usize = 4_000;
/// Above it a byte of gale and calm says that there is no rose.
const NO_ROSE: u8 = 200;
const NO_CURRENT: i8 = -128;

/// The winds of a month at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rose {
    /// Share of the month in permille with wind FROM `45 · index` degrees. Shares below 25 were dropped by the
    /// publisher, so the sum with calm may lie below 1000.
    pub share_permille: [u16; DIRECTIONS],
    /// Mean speed of that wind, knots.
    pub speed_knots: [u8; DIRECTIONS],
    pub calm_percent: u8,
    pub gale_percent: u8,
}

/// Wind roses of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct RoseField {
    pub lattice: Lattice,
    /// Row by row from the north; `None` over land and beside coasts.
    pub roses: Vec<Option<Rose>>,
}

/// Surface currents of a month: towards the east and the north, knots.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentField {
    pub lattice: Lattice,
    /// Row by row from the north; NaN over land.
    pub east_knots: Vec<f32>,
    pub north_knots: Vec<f32>,
}

impl RoseField {
    /// The rose whose half-degree cell holds a position.
    pub fn at(&self, longitude: f64, latitude: f64) -> Option<&Rose> {
        let (row, column) = (self.lattice.row_of(latitude)?, self.lattice.column_of(longitude)?);
        self.roses.get(row * self.lattice.columns + column)?.as_ref()
    }
}

impl CurrentField {
    /// East and north, knots, where there is a current.
    pub fn at(&self, longitude: f64, latitude: f64) -> Option<(f32, f32)> {
        let (row, column) = (self.lattice.row_of(latitude)?, self.lattice.column_of(longitude)?);
        let index = row * self.lattice.columns + column;
        let (east, north) = (*self.east_knots.get(index)?, *self.north_knots.get(index)?);
        (!east.is_nan()).then_some((east, north))
    }
}

/// `windMM`: shares and speeds by direction.
pub fn read_wind_roses(path: &Path) -> Result<RoseField, FormatError> {
    let bytes = crate::input::bytes(path, BYTES_MAX)?;
    let mut file = Bytes { path, rest: &bytes };
    let magic = file.number()?;
    let (rows, columns) = (file.side()?, file.side()?);
    let (directions, resolution) = (file.number()?, file.number()?);
    let (speed, per) = (file.number()?, file.number()?);
    if magic != WIND_MAGIC
        || usize::from(directions) != DIRECTIONS
        || resolution == 0
        || speed == 0
        || per == 0
    {
        return Err(FormatError::new(
            Code::FileFormat,
            path,
            "it is no wind rose of eight directions",
        ));
    }
    let storm = file.take(rows * columns)?;
    let valid: Vec<usize> = (0..storm.len()).filter(|&cell| storm[cell] <= NO_ROSE).collect();
    let mut roses = vec![None; storm.len()];
    for &cell in &valid {
        let byte = storm[cell];
        let (calm, gale) = if byte >= 100 { (0, byte - 100) } else { (byte, 0) };
        roses[cell] = Some(Rose {
            share_permille: [0; DIRECTIONS],
            speed_knots: [0; DIRECTIONS],
            calm_percent: calm,
            gale_percent: gale,
        });
    }
    for direction in 0..DIRECTIONS {
        let shares = file.take(valid.len())?;
        for (&cell, &share) in valid.iter().zip(shares) {
            if u16::from(share) > resolution {
                return Err(file.damaged("a direction has more than all of the month"));
            }
            if let Some(rose) = &mut roses[cell] {
                rose.share_permille[direction] = u16::from(share) * 1000 / resolution;
            }
        }
    }
    for direction in 0..DIRECTIONS {
        for &cell in &valid {
            let Some(rose) = roses[cell].as_mut().filter(|rose| rose.share_permille[direction] > 0)
            else {
                continue;
            };
            let knots = u32::from(file.take(1)?[0]) * u32::from(speed) / u32::from(per);
            rose.speed_knots[direction] = u8::try_from(knots).unwrap_or(u8::MAX);
        }
    }
    file.end()?;
    let step = 180.0 / rows as f64;
    let lattice = lattice(rows, columns, 360.0 / columns as f64, 90.0 - step / 2.0, step);
    Ok(RoseField { roses: turned(&roses, rows, columns, true), lattice })
}

/// `currentMM`: knots towards east and north.
pub fn read_currents(path: &Path) -> Result<CurrentField, FormatError> {
    /// The publisher's grid ends at 80 degrees.
    const LATITUDE_MAX: f64 = 80.0;
    let bytes = crate::input::bytes(path, BYTES_MAX)?;
    let mut file = Bytes { path, rest: &bytes };
    let (rows, columns, per_knot) = (file.side()?, file.side()?, file.number()?);
    if per_knot == 0 || rows < 3 || columns < 3 {
        return Err(FormatError::new(Code::FileFormat, path, "it is no grid of currents"));
    }
    let east = file.take(rows * columns)?;
    let north = file.take(rows * columns)?;
    file.end()?;
    let knots = |cell: usize| -> (f32, f32) {
        let (u, v) = (east[cell].cast_signed(), north[cell].cast_signed());
        if u == NO_CURRENT || v == NO_CURRENT {
            return (f32::NAN, f32::NAN);
        }
        (f32::from(u) / f32::from(per_knot), f32::from(v) / f32::from(per_knot))
    };
    let both: Vec<(f32, f32)> = (0..east.len()).map(knots).collect();
    // Unlike the winds, currents begin in the north: the Gulf Stream and the Agulhas current say so.
    let both = turned(&both, rows, columns, false);
    let step = 2.0 * LATITUDE_MAX / (rows - 1) as f64;
    let mut lattice = lattice(rows, columns, 360.0 / columns as f64, LATITUDE_MAX, step);
    // Nodes at whole thirds of a degree, as in the OSCAR analysis they come from.
    lattice.registration = Registration::Node;
    lattice.west -= lattice.step_longitude / 2.0;
    Ok(CurrentField {
        lattice,
        east_knots: both.iter().map(|pair| pair.0).collect(),
        north_knots: both.iter().map(|pair| pair.1).collect(),
    })
}

/// Columns are cells in 0..360; the first half goes to the east.
fn lattice(
    rows: usize,
    columns: usize,
    step_longitude: f64,
    north: f64,
    step_latitude: f64,
) -> Lattice {
    let shift = columns.div_ceil(2);
    let west = (shift as f64 + 0.5).mul_add(step_longitude, -360.0);
    Lattice {
        west,
        north,
        step_longitude,
        step_latitude,
        columns,
        rows,
        registration: Registration::Cell,
    }
}

/// North first, date line first.
fn turned<T: Clone>(values: &[T], rows: usize, columns: usize, south_first: bool) -> Vec<T> {
    let shift = columns.div_ceil(2);
    let mut turned = Vec::with_capacity(values.len());
    for row in 0..rows {
        let row = if south_first { rows - 1 - row } else { row };
        let line = &values[row * columns..(row + 1) * columns];
        turned.extend_from_slice(&line[shift..]);
        turned.extend_from_slice(&line[..shift]);
    }
    turned
}

struct Bytes<'b> {
    path: &'b Path,
    rest: &'b [u8],
}

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], FormatError> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(FormatError::new(
                Code::FileTruncated,
                self.path,
                format!("{count} bytes are needed and {} are left", self.rest.len()),
            ));
        };
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u16, FormatError> {
        let bytes = self.take(2)?;
        Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn side(&mut self) -> Result<usize, FormatError> {
        let side = usize::from(self.number()?);
        if !(2..=SIDE_MAX).contains(&side) {
            return Err(FormatError::new(
                Code::FileFormat,
                self.path,
                format!("a side of {side} cells"),
            ));
        }
        Ok(side)
    }

    fn damaged(&self, reason: &str) -> FormatError {
        FormatError::new(Code::FileDamaged, self.path, reason)
    }

    fn end(&self) -> Result<(), FormatError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(self.damaged(&format!("{} bytes follow its last value", self.rest.len())))
    }
}
