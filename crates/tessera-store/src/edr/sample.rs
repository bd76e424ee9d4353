//! The cells at, in, around or along a shape.
//!
//! All shapes of one query are counted together, and what is asked of a zone before it is known to be sampled is its
//! key alone: a shape costs about as much as its answer, however it is drawn.

use super::wkt::Vertex;
use crate::{
    intersect::about_zones,
    releases::{ReadError, Wanted},
};
use geo::{BoundingRect, Contains, Intersects};
use geo_types::{Coord, MultiPolygon, Point, Polygon, Rect};
use std::{collections::BTreeSet, ops::ControlFlow};
use tessera_grid::{BBox, Position, Resolution, Zone};
use tessera_release::Release;
use tessera_world::Cell;

/// Places that one answer samples at most: a page of JSON of some megabytes.
pub(crate) const POINTS_MAX: usize = 10_000;
/// A line is asked so often on the way through a zone, so that a corner is not missed.
const STEPS_A_ZONE: f64 = 8.0;
/// An area is looked through in boxes of about so many zones, and boxes that it leaves out are not looked at.
const BOX_ZONES: f64 = 1_000.0;

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

/// The world in a year, as long as somebody waits for it.
pub(crate) struct Sampling<'a> {
    pub(crate) file: &'a Release,
    pub(crate) year: i32,
    pub(crate) wanted: Wanted,
}

impl Sampling<'_> {
    pub(crate) fn position(&self, at: &[Vertex]) -> Result<Vec<Sample>, SampleError> {
        at.iter().map(|vertex| self.sample(*vertex)).collect()
    }

    fn sample(&self, Vertex { position, seconds }: Vertex) -> Result<Sample, SampleError> {
        self.go_on()?;
        let zone = Zone::at(position, self.file.info().resolution);
        let cell = self.file.cell_in(zone, self.year)?.map(Box::new);
        Ok(Sample { position, zone, seconds, cell })
    }

    fn go_on(&self) -> Result<(), SampleError> {
        Ok(self.wanted.go_on()?)
    }

    /// The cells that are centred in the area, ascending.
    pub(crate) fn area(&self, area: &MultiPolygon<f64>) -> Result<Vec<Sample>, SampleError> {
        let mut zones = BTreeSet::new();
        if let Some(around) = area.bounding_rect() {
            let parts: Vec<&Polygon<f64>> = area.iter().collect();
            let resolution = self.file.info().resolution;
            look_through(around, &parts, resolution, &mut |bbox, here| {
                let holds = |at: Position| {
                    let at = Point::new(at.longitude(), at.latitude());
                    here.iter().any(|part| part.contains(&at))
                };
                self.find(bbox, holds, &mut zones)
            })?;
        }
        self.centres(zones)
    }

    /// The cells that are centred so near, ascending.
    pub(crate) fn radius(&self, at: Position, km: f64) -> Result<Vec<Sample>, SampleError> {
        let mut zones = BTreeSet::new();
        for bbox in around(at, km) {
            self.find(bbox, |centre| centre.distance_km(at) <= km, &mut zones)?;
        }
        self.centres(zones)
    }

    /// Adds the zones that are centred in the box and where `holds` says.
    fn find(
        &self,
        bbox: BBox,
        holds: impl Fn(Position) -> bool,
        zones: &mut BTreeSet<Zone>,
    ) -> Result<(), SampleError> {
        self.file.visit_zones(Some(bbox), None, |zone| {
            if holds(zone.centre()) {
                zones.insert(zone);
            }
            if zones.len() > POINTS_MAX || self.wanted.given_up() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        self.go_on()?;
        if zones.len() > POINTS_MAX { Err(SampleError::TooMany) } else { Ok(()) }
    }

    fn centres(&self, zones: BTreeSet<Zone>) -> Result<Vec<Sample>, SampleError> {
        let vertex = |zone: Zone| Vertex { position: zone.centre(), seconds: None };
        zones.into_iter().map(|zone| self.sample(vertex(zone))).collect()
    }

    /// The samples of each way.
    pub(crate) fn ways(&self, lines: &[Vec<Vertex>]) -> Result<Vec<Vec<Sample>>, SampleError> {
        let mut left = POINTS_MAX;
        let way = |line: &Vec<Vertex>| {
            let way = self.way(line, left)?;
            left -= way.len();
            Ok(way)
        };
        lines.iter().map(way).collect()
    }

    /// A sample wherever the way enters another zone, in the order of the way, and one at its end.
    fn way(&self, line: &[Vertex], samples_max: usize) -> Result<Vec<Sample>, SampleError> {
        let resolution = self.file.info().resolution;
        let mut samples: Vec<Sample> = Vec::new();
        let step_km = resolution.spacing_km() / STEPS_A_ZONE;
        let mut enter = |vertex: Vertex| -> Result<(), SampleError> {
            let zone = Zone::at(vertex.position, resolution);
            if samples.last().is_some_and(|last| last.zone == zone) {
                return Ok(());
            }
            if samples.len() == samples_max {
                return Err(SampleError::TooMany);
            }
            samples.push(self.sample(vertex)?);
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
}

/// Calls `each` with boxes that together hold the parts, and with the parts that reach into each box: quarter by
/// quarter while there are many zones in one.
fn look_through<E>(
    around: Rect<f64>,
    parts: &[&Polygon<f64>],
    resolution: Resolution,
    each: &mut impl FnMut(BBox, &[&Polygon<f64>]) -> Result<(), E>,
) -> Result<(), E> {
    let (low, high) = (around.min(), around.max());
    // Without a width it holds no centre.
    let Ok(bbox) = BBox::new(low.x, low.y, high.x, high.y) else { return Ok(()) };
    let here: Vec<&Polygon<f64>> =
        parts.iter().copied().filter(|part| part.intersects(&around)).collect();
    if here.is_empty() {
        return Ok(());
    }
    if about_zones(bbox, resolution) <= BOX_ZONES {
        return each(bbox, &here);
    }
    let mut quarters = quarters(around).into_iter();
    quarters.try_for_each(|quarter| look_through(quarter, &here, resolution, each))
}

fn quarters(of: Rect<f64>) -> [Rect<f64>; 4] {
    let (low, high, middle) = (of.min(), of.max(), of.center());
    let corners = [low, Coord { x: high.x, y: low.y }, Coord { x: low.x, y: high.y }, high];
    corners.map(|corner| Rect::new(corner, middle))
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
    use geo_types::polygon;
    use std::sync::Arc;
    use theron_testkit::world::SmallWorld;

    fn latium(read: impl FnOnce(&Sampling<'_>, &SmallWorld)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("world.sqlite3");
        let world = SmallWorld::latium();
        world.write(&path).unwrap();
        let file = Release::open(&path).unwrap();
        read(&Sampling { file: &file, year: 150, wanted: Wanted::always() }, &world);
    }

    fn vertex(longitude: f64, latitude: f64) -> Vertex {
        Vertex { position: Position::new(latitude, longitude).unwrap(), seconds: None }
    }

    fn zones(samples: Vec<Sample>) -> Vec<Zone> {
        samples.into_iter().map(|sample| sample.zone).collect()
    }

    fn triangle(west: f64, south: f64, side: f64) -> Polygon<f64> {
        polygon![(x: west, y: south), (x: west + side, y: south), (x: west, y: south + side)]
    }

    #[test]
    fn ways_share_the_number_of_samples_of_one_answer() {
        latium(|world, _small| {
            let line = vec![vertex(12.0, 41.0), vertex(13.0, 41.8)];
            let alone = world.way(&line, POINTS_MAX).unwrap().len();
            assert_eq!(world.way(&line, alone).unwrap().len(), alone);
            assert!(matches!(world.way(&line, alone - 1), Err(SampleError::TooMany)));
            let fit = POINTS_MAX / alone;
            let lengths = |ways: Vec<Vec<Sample>>| ways.iter().map(Vec::len).sum::<usize>();
            assert_eq!(lengths(world.ways(&vec![line.clone(); fit]).unwrap()), fit * alone);
            assert!(matches!(world.ways(&vec![line; fit + 1]), Err(SampleError::TooMany)));
        });
    }

    #[test]
    fn an_area_in_parts_holds_what_is_centred_in_one_of_them() {
        latium(|world, small| {
            let parts = [
                triangle(11.9, 40.9, 0.4),
                triangle(13.9, 41.9, 0.4),
                triangle(-170.0, -60.0, 0.4),
            ];
            let area = MultiPolygon(parts.to_vec());
            let centre =
                |zone: &Zone| Point::new(zone.centre().longitude(), zone.centre().latitude());
            let all = small.cells.iter().map(|cell| cell.zone);
            let held: Vec<Zone> = all.filter(|zone| area.contains(&centre(zone))).collect();
            assert!(held.len() > 4, "{held:?}");
            assert_eq!(zones(world.area(&area).unwrap()), held);
        });
    }

    #[test]
    fn what_lies_between_the_parts_of_an_area_or_beside_a_narrow_one_is_not_looked_at() {
        let looked_at = |parts: Vec<Polygon<f64>>| {
            let area = MultiPolygon(parts);
            let parts: Vec<&Polygon<f64>> = area.iter().collect();
            let mut about = 0.0;
            look_through(
                area.bounding_rect().unwrap(),
                &parts,
                Resolution::FIVE,
                &mut |bbox, _| {
                    about += about_zones(bbox, Resolution::FIVE);
                    Ok::<_, SampleError>(())
                },
            )
            .unwrap();
            about
        };
        let apart = vec![triangle(-179.0, -60.0, 0.1), triangle(178.0, 60.0, 0.1)];
        assert!(looked_at(apart) < 2.0 * BOX_ZONES);
        let narrow = polygon![(x: -170.0, y: -60.0), (x: 170.0, y: 60.0), (x: 170.0, y: 60.1)];
        let globe = polygon![
            (x: -180.0, y: -80.0), (x: 180.0, y: -80.0), (x: 180.0, y: 80.0), (x: -180.0, y: 80.0)
        ];
        assert!(looked_at(vec![narrow]) < looked_at(vec![globe]) / 10.0);
    }

    #[test]
    fn nothing_is_sampled_for_a_caller_who_has_hung_up() {
        latium(|world, _small| {
            let asking = Arc::new(());
            let left = Sampling { wanted: Wanted::by(&asking), ..*world };
            let line = vec![vec![vertex(12.0, 41.0), vertex(13.0, 41.8)]];
            let area = MultiPolygon(vec![triangle(12.0, 41.0, 1.0)]);
            assert!(left.ways(&line).is_ok() && left.area(&area).is_ok());
            drop(asking);
            let given_up = |answer: Result<(), SampleError>| {
                assert!(matches!(answer, Err(SampleError::Read(ReadError::GivenUp))));
            };
            given_up(left.ways(&line).map(drop));
            given_up(left.area(&area).map(drop));
            given_up(left.radius(line[0][0].position, 50.0).map(drop));
            given_up(left.position(&line[0]).map(drop));
        });
    }

    #[test]
    fn a_way_goes_the_shorter_way_round() {
        let at = |longitude| vertex(longitude, 0.0);
        assert!((between(at(179.0), at(-179.0), 0.75).position.longitude() + 179.5).abs() < 1e-9);
        assert!((between(at(-179.0), at(179.0), 0.75).position.longitude() - 179.5).abs() < 1e-9);
        assert!((between(at(10.0), at(20.0), 0.5).position.longitude() - 15.0).abs() < 1e-9);
    }
}
