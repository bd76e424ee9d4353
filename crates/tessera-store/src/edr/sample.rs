//! The cells at, in, around or along a shape.

use super::wkt::Vertex;
use crate::releases::ReadError;
use geo::{BoundingRect, Contains};
use geo_types::{MultiPolygon, Point};
use std::ops::ControlFlow;
use tessera_grid::{BBox, Position, Zone};
use tessera_release::Release;
use tessera_world::Cell;

/// Places that one answer samples at most: a page of JSON of some megabytes.
pub(crate) const POINTS_MAX: usize = 10_000;
/// A line is asked so often on the way through a zone, so that a corner is not missed.
const STEPS_A_ZONE: f64 = 8.0;

pub(crate) struct Sample {
    pub(crate) position: Position,
    pub(crate) zone: Zone,
    /// Where the shape says when: Unix time.
    pub(crate) seconds: Option<f64>,
    /// `None` outside the world.
    pub(crate) cell: Option<Box<Cell>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SampleError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(
        "the shape holds more than {POINTS_MAX} zones of this world; ask for a smaller one, or in parts"
    )]
    TooMany,
}

impl From<tessera_release::Error> for SampleError {
    fn from(error: tessera_release::Error) -> Self {
        Self::Read(error.into())
    }
}

pub(crate) fn position(
    file: &Release,
    at: &[Vertex],
    year: i32,
) -> Result<Vec<Sample>, SampleError> {
    let sample = |vertex: &Vertex| sample(file, *vertex, year);
    at.iter().map(sample).collect()
}

fn sample(
    file: &Release,
    Vertex { position, seconds }: Vertex,
    year: i32,
) -> Result<Sample, SampleError> {
    let zone = Zone::at(position, file.info().resolution);
    let cell = file.cell_in(zone, year)?.map(Box::new);
    Ok(Sample { position, zone, seconds, cell })
}

/// The cells that are centred in the area, ascending.
pub(crate) fn area(
    file: &Release,
    area: &MultiPolygon<f64>,
    year: i32,
) -> Result<Vec<Sample>, SampleError> {
    let Some(around) = area.bounding_rect() else { return Ok(Vec::new()) };
    let bbox = BBox::new(around.min().x, around.min().y, around.max().x, around.max().y);
    // Without a width it holds no centre.
    let Ok(bbox) = bbox else { return Ok(Vec::new()) };
    centred(file, bbox, year, |at| area.contains(&Point::new(at.longitude(), at.latitude())))
}

/// The cells that are centred so near, ascending.
pub(crate) fn radius(
    file: &Release,
    at: Position,
    km: f64,
    year: i32,
) -> Result<Vec<Sample>, SampleError> {
    let mut samples = Vec::new();
    for bbox in around(at, km) {
        samples.extend(centred(file, bbox, year, |centre| centre.distance_km(at) <= km)?);
    }
    samples.sort_unstable_by_key(|sample| sample.zone);
    if samples.len() > POINTS_MAX { Err(SampleError::TooMany) } else { Ok(samples) }
}

/// Boxes that hold a circle: two where the antimeridian cuts it.
fn around(at: Position, km: f64) -> Vec<BBox> {
    let degrees = km / 111.0;
    let (south, north) =
        ((at.latitude() - degrees).max(-90.0), (at.latitude() + degrees).min(90.0));
    let widest = south.abs().max(north.abs());
    let wide = if widest >= 89.0 { 180.0 } else { degrees / widest.to_radians().cos() };
    let (west, east) = (at.longitude() - wide, at.longitude() + wide);
    let parts = if wide >= 180.0 {
        vec![(-180.0, 180.0)]
    } else {
        vec![(west.max(-180.0), east.min(180.0)), (west + 360.0, 180.0), (-180.0, east - 360.0)]
    };
    parts.into_iter().filter_map(|(west, east)| BBox::new(west, south, east, north).ok()).collect()
}

fn centred(
    file: &Release,
    bbox: BBox,
    year: i32,
    holds: impl Fn(Position) -> bool,
) -> Result<Vec<Sample>, SampleError> {
    let mut samples = Vec::new();
    file.visit_cells(year, Some(bbox), None, |cell| {
        let position = cell.zone.centre();
        if holds(position) {
            let zone = cell.zone;
            samples.push(Sample { position, zone, seconds: None, cell: Some(Box::new(cell)) });
        }
        if samples.len() > POINTS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if samples.len() > POINTS_MAX { Err(SampleError::TooMany) } else { Ok(samples) }
}

/// A sample wherever the way enters another zone, in the order of the way, and one at its end.
pub(crate) fn trajectory(
    file: &Release,
    line: &[Vertex],
    year: i32,
) -> Result<Vec<Sample>, SampleError> {
    let resolution = file.info().resolution;
    let mut samples: Vec<Sample> = Vec::new();
    let step_km = resolution.spacing_km() / STEPS_A_ZONE;
    let mut enter = |vertex: Vertex| -> Result<(), SampleError> {
        let zone = Zone::at(vertex.position, resolution);
        if samples.last().is_some_and(|last| last.zone == zone) {
            return Ok(());
        }
        if samples.len() == POINTS_MAX {
            return Err(SampleError::TooMany);
        }
        samples.push(sample(file, vertex, year)?);
        Ok(())
    };
    for pair in line.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let steps = (from.position.distance_km(to.position) / step_km).ceil().max(1.0);
        for step in 0..steps as u32 {
            enter(between(from, to, f64::from(step) / steps))?;
        }
    }
    if let Some(end) = line.last() {
        enter(*end)?;
    }
    Ok(samples)
}

/// On the straight line of the map, as the text draws it; the shorter way round.
fn between(from: Vertex, to: Vertex, share: f64) -> Vertex {
    let mix = |a: f64, b: f64| a + (b - a) * share;
    let (west, mut east) = (from.position.longitude(), to.position.longitude());
    if (east - west).abs() > 180.0 {
        east += 360.0 * (west - east).signum();
    }
    let mixed = mix(west, east);
    let longitude = if mixed.abs() > 180.0 { mixed - 360.0 * mixed.signum() } else { mixed };
    let latitude = mix(from.position.latitude(), to.position.latitude());
    Vertex {
        position: Position::new(latitude, longitude).unwrap_or(from.position),
        seconds: from.seconds.zip(to.seconds).map(|(from, to)| mix(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_goes_the_shorter_way_round() {
        let at =
            |longitude| Vertex { position: Position::new(0.0, longitude).unwrap(), seconds: None };
        assert!((between(at(179.0), at(-179.0), 0.75).position.longitude() + 179.5).abs() < 1e-9);
        assert!((between(at(-179.0), at(179.0), 0.75).position.longitude() - 179.5).abs() < 1e-9);
        assert!((between(at(10.0), at(20.0), 0.5).position.longitude() - 15.0).abs() < 1e-9);
    }
}
