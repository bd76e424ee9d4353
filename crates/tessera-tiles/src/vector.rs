//! The `world` tileset: land, coast, lakes, rivers and places of one zoom, drawn once and cut into its tiles.
//!
//! Land and coast come from the same simplified rings, so the one ends where the other runs. Land is cut
//! as rings and may follow a tile's edge; coast is cut as lines and never does. All of it ends at the
//! world's box: beyond it this world knows nothing, and half a continent would look as if it did.

use crate::Tile;
use crate::TileError;
use crate::clip::{Rect, clip_line, clip_ring, signed_area_doubled};
use crate::dissolve::Land;
use crate::encode::{Attributes, LayerBuilder, TileBuilder, Value, gzip};
use crate::lakes::Lake;
use crate::mercator::{EXTENT, project, project_box, tile_rect};
use crate::simplify::{simplify_line, simplify_ring};
use geo_types::Coord;
use std::ops::RangeInclusive;
use tessera_release::{TileAddress, Tileset};
use tessera_stage::staged::{RiverLine, Staged};
use tessera_world::Place;

/// Units drawn beyond a tile's edge, 8 pixels of 512: wider than any line a map draws.
const BUFFER: f64 = 64.0;
/// Units in a pixel of a tile shown at 512 pixels.
const UNITS_PER_PIXEL: f64 = 8.0;

/// Half a pixel; at the last zoom one unit, because maps go on enlarging it.
fn tolerance(z: u8) -> f64 {
    if z < crate::WORLD_ZOOM_MAX { UNITS_PER_PIXEL / 2.0 } else { 1.0 }
}

/// Islands and lakes smaller than this are left out, units²: two square pixels, later one, later none.
fn area_min(z: u8) -> f64 {
    let pixel = UNITS_PER_PIXEL * UNITS_PER_PIXEL;
    match z {
        0..=3 => 2.0 * pixel,
        4 | 5 => pixel,
        _ => 0.0,
    }
}

/// The least important river still drawn, in Natural Earth's ranks (0 to 12).
fn river_rank_max(z: u8) -> u8 {
    match z {
        0..=2 => 2,
        3 => 4,
        4 => 5,
        5 => 7,
        6 => 9,
        _ => u8::MAX,
    }
}

/// The least important place still shown, 1 to 5.
fn place_rank_max(z: u8) -> u8 {
    match z {
        0..=2 => 1,
        3 => 2,
        4 => 3,
        5 => 4,
        _ => u8::MAX,
    }
}

/// One zoom of the world in its units, or a column of it.
pub(super) struct Sheet<'a> {
    z: u8,
    bounds: Rect,
    lands: Vec<Shape>,
    lakes: Vec<Shape>,
    rivers: Vec<River<'a>>,
    places: Vec<(Coord, &'a Place)>,
}

/// The rings of a land or a lake, outline first, and its shores as lines; `around` holds both.
struct Shape {
    around: Rect,
    rings: Vec<Vec<Coord>>,
    shores: Vec<Vec<Coord>>,
}

struct River<'a> {
    around: Rect,
    source: &'a RiverLine,
    lines: Vec<Vec<Coord>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn draw(staged: &'a Staged, lands: &[Land], lakes: &[Lake], z: u8) -> Self {
        let lands = lands.iter().filter_map(|l| Shape::draw(&l.outline, &l.waters, z)).collect();
        let lakes = lakes.iter().filter_map(|l| Shape::draw(&l.shore, &l.islands, z)).collect();
        let rivers = staged
            .river_lines
            .iter()
            .filter(|river| river.scalerank <= river_rank_max(z))
            .map(|river| {
                let line: Vec<Coord> =
                    river.line.0.iter().map(|&point| project(point, z)).collect();
                let line = simplify_line(&line, tolerance(z));
                River { around: Rect::around(&line), source: river, lines: vec![line] }
            })
            .collect();
        let places = staged
            .places
            .iter()
            .filter(|place| place.rank <= place_rank_max(z))
            .map(|place| {
                let (x, y) = (place.position.longitude(), place.position.latitude());
                (project(Coord { x, y }, z), place)
            })
            .collect();
        Self { z, bounds: project_box(staged.bbox, z), lands, lakes, rivers, places }
    }

    pub(super) fn zoom(&self) -> u8 {
        self.z
    }

    /// The tiles of a column that have something on them.
    pub(super) fn column(
        &self,
        col: u32,
        rows: RangeInclusive<u32>,
    ) -> Result<Vec<Tile>, TileError> {
        let at = |row| TileAddress { z: self.z, row, col };
        let first = tile_rect(at(0), BUFFER);
        let strip = self.cut(Rect {
            min: Coord { x: first.min.x, y: f64::NEG_INFINITY },
            max: Coord { x: first.max.x, y: f64::INFINITY },
        });
        let mut tiles = Vec::new();
        for row in rows {
            let at = at(row);
            let bytes = strip.encode(at).map_err(|source| TileError::Vector { at, source })?;
            if let Some(bytes) = bytes {
                let data = gzip(&bytes).map_err(|source| TileError::Gzip { at, source })?;
                tiles.push(Tile { tileset: Tileset::World, at, data });
            }
        }
        Ok(tiles)
    }

    fn cut(&self, rect: Rect) -> Self {
        let rect = rect.intersection(self.bounds);
        let lands = self.lands.iter().filter_map(|land| land.cut(rect)).collect();
        let lakes = self.lakes.iter().filter_map(|lake| lake.cut(rect)).collect();
        let rivers = self.rivers.iter().filter_map(|river| river.cut(rect)).collect();
        let places = self.places.clone();
        Self { z: self.z, bounds: self.bounds, lands, lakes, rivers, places }
    }

    fn encode(&self, at: TileAddress) -> Result<Option<Vec<u8>>, mvt::Error> {
        let rect = tile_rect(at, BUFFER).intersection(self.bounds);
        if rect.is_empty() {
            return Ok(None);
        }
        let lands: Vec<Shape> = self.lands.iter().filter_map(|land| land.cut(rect)).collect();
        let mut tile = TileBuilder::new(at);
        let rings: Vec<Vec<Vec<Coord>>> = lands.iter().map(|land| land.rings.clone()).collect();
        tile.add(tile.layer("land").polygons(&rings)?)?;
        let shores: Vec<Vec<Coord>> = lands.into_iter().flat_map(|land| land.shores).collect();
        tile.add(tile.layer("coast").lines(&shores, &Vec::new())?)?;
        let lakes = self.lakes.iter().filter_map(|lake| lake.cut(rect)).map(|lake| lake.rings);
        tile.add(tile.layer("lakes").polygons(&lakes.collect::<Vec<_>>())?)?;
        let mut rivers = tile.layer("rivers");
        for river in self.rivers.iter().filter_map(|river| river.cut(rect)) {
            rivers = rivers.lines(&river.lines, &river.attributes())?;
        }
        tile.add(rivers)?;
        tile.add(self.places_of(at, tile.layer("places"))?)?;
        tile.bytes()
    }

    /// Each place stands in exactly one tile of a zoom: a point needs no buffer.
    fn places_of(
        &self,
        at: TileAddress,
        mut layer: LayerBuilder,
    ) -> Result<LayerBuilder, mvt::Error> {
        let extent = f64::from(EXTENT);
        for &(point, place) in &self.places {
            let home = ((point.x / extent).floor(), (point.y / extent).floor());
            if home == (f64::from(at.col), f64::from(at.row)) {
                layer = layer.point(point, &place_attributes(place))?;
            }
        }
        Ok(layer)
    }
}

impl Shape {
    fn draw(outline: &Vec<Coord>, holes: &[Vec<Coord>], z: u8) -> Option<Self> {
        let ring = |ring: &Vec<Coord>| {
            let ring: Vec<Coord> = ring.iter().map(|&point| project(point, z)).collect();
            let ring = simplify_ring(&ring, tolerance(z));
            let area = signed_area_doubled(&ring).abs() / 2.0;
            (ring.len() >= 3 && area > area_min(z)).then_some(ring)
        };
        let outline = ring(outline)?;
        let around = Rect::around(&outline);
        let rings: Vec<Vec<Coord>> =
            std::iter::once(outline).chain(holes.iter().filter_map(ring)).collect();
        let shores = rings.iter().map(|ring| closed(ring)).collect();
        Some(Self { around, rings, shores })
    }

    fn cut(&self, rect: Rect) -> Option<Self> {
        if !self.around.meets(rect) {
            return None;
        }
        if rect.holds(self.around) {
            let Self { around, rings, shores } = self;
            return Some(Self { around: *around, rings: rings.clone(), shores: shores.clone() });
        }
        let mut rings = self.rings.iter().map(|ring| clip_ring(ring, rect));
        let outline = rings.next().filter(|outline| !outline.is_empty())?;
        let around = Rect::around(&outline);
        let waters = rings.filter(|ring| !ring.is_empty());
        let rings = std::iter::once(outline).chain(waters).collect();
        let shores = self.shores.iter().flat_map(|shore| clip_line(shore, rect)).collect();
        Some(Self { around, rings, shores })
    }
}

impl<'a> River<'a> {
    fn cut(&self, rect: Rect) -> Option<Self> {
        if !self.around.meets(rect) {
            return None;
        }
        let lines: Vec<Vec<Coord>> =
            self.lines.iter().flat_map(|line| clip_line(line, rect)).collect();
        (!lines.is_empty()).then_some(Self { around: self.around, source: self.source, lines })
    }

    fn attributes(&self) -> Attributes<'a> {
        let mut attributes = vec![("scalerank", Value::Number(self.source.scalerank.into()))];
        attributes.extend(self.source.modern.as_deref().map(|name| ("name", Value::Text(name))));
        attributes.extend(
            self.source.upstream_km2.map(|km2| ("upstream_km2", Value::Number(km2.into()))),
        );
        attributes
    }
}

fn closed(ring: &[Coord]) -> Vec<Coord> {
    ring.iter().chain(ring.first()).copied().collect()
}

fn place_attributes(place: &Place) -> Attributes<'_> {
    vec![
        ("id", Value::Text(&place.id)),
        ("latin", Value::Text(&place.latin)),
        ("modern", Value::Text(&place.modern)),
        ("rank", Value::Number(place.rank.into())),
        ("harbour", Value::Text(place.harbour.as_str())),
        ("certainty", Value::Text(place.certainty.as_str())),
        ("province", Value::Text(&place.province)),
    ]
}
