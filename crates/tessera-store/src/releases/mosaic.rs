//! The land of a release in some thousand tesserae: enough to see where in the world something is.

use super::ReadError;
use std::fmt::Write;
use tessera_grid::{BBox, Position, Zone};
use tessera_release::Release;
use tessera_world::SurfaceKind;

/// Tesserae in a row; each is one look at a zone.
const COLUMNS: u16 = 180;
const ROWS_MAX: u16 = 180;

pub(crate) struct Mosaic {
    bbox: BBox,
    rows: u16,
    /// One path: a rectangle for each run of land in a row.
    land: String,
}

impl Mosaic {
    /// How many tesserae lie in a row.
    pub(crate) const COLUMNS: u16 = COLUMNS;

    pub(super) fn lay(file: &Release) -> Result<Self, ReadError> {
        let info = file.info();
        let bbox = info.bbox;
        let (width, height) = (bbox.east() - bbox.west(), bbox.north() - bbox.south());
        // As wide as it is in the middle of its height; a whole globe is twice as wide as high.
        let middle = f64::midpoint(bbox.north(), bbox.south()).to_radians().cos();
        let rows = (f64::from(COLUMNS) * height / (width * middle)).round();
        let rows = (rows as u16).clamp(1, ROWS_MAX);
        let mut land = String::new();
        for row in 0..rows {
            let latitude = bbox.north() - (f64::from(row) + 0.5) / f64::from(rows) * height;
            let mut begin = None;
            for column in 0..=COLUMNS {
                let longitude =
                    bbox.west() + (f64::from(column) + 0.5) / f64::from(COLUMNS) * width;
                let is_land = column < COLUMNS && is_land(file, latitude, longitude)?;
                match (begin, is_land) {
                    (None, true) => begin = Some(column),
                    (Some(from), false) => {
                        let run = column - from;
                        write!(land, "M{from} {row}h{run}v1h-{run}z")
                            .expect("writing to a string does not fail");
                        begin = None;
                    }
                    _ => {}
                }
            }
        }
        Ok(Self { bbox, rows, land })
    }

    pub(crate) fn rows(&self) -> u16 {
        self.rows
    }

    pub(crate) fn land(&self) -> &str {
        &self.land
    }

    /// Where a position lies, in tesserae from the west and from the north.
    pub(crate) fn place(&self, longitude: f64, latitude: f64) -> [f64; 2] {
        let (width, height) =
            (self.bbox.east() - self.bbox.west(), self.bbox.north() - self.bbox.south());
        [
            (longitude - self.bbox.west()) / width * f64::from(COLUMNS),
            (self.bbox.north() - latitude) / height * f64::from(self.rows),
        ]
    }
}

fn is_land(file: &Release, latitude: f64, longitude: f64) -> Result<bool, ReadError> {
    let Ok(position) = Position::new(latitude, longitude) else { return Ok(false) };
    let cell = file.cell(Zone::at(position, file.info().resolution))?;
    let surface = cell.and_then(|cell| cell.surface);
    Ok(surface.is_some_and(|surface| match surface.kind {
        SurfaceKind::Land => true,
        SurfaceKind::Coast => surface.land_permille >= 500,
        SurfaceKind::Sea => false,
    }))
}
