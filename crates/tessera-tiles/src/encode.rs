//! Geometry in units of a zoom to the bytes of one vector tile.
//!
//! Corners are rounded to whole units; what then has no length or no area is left out. Outlines wind
//! with positive area and waters with negative, as the format asks (y points south).

use crate::clip::signed_area_doubled;
use crate::mercator::{EXTENT, tile_corner};
use flate2::{Compression, GzBuilder};
use geo_types::Coord;
use mvt::{GeomData, GeomEncoder, GeomType};
use std::io::Write;
use tessera_release::TileAddress;

/// gzip level: 9 costs a fifth of a second more for the whole world than 6, and tiles are read for years.
const GZIP_LEVEL: u32 = 9;

/// A feature's attribute.
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(i64),
}

pub(super) type Attributes<'a> = Vec<(&'static str, Value<'a>)>;

/// A vector tile as it grows; layers stand in the order they are added.
pub(super) struct TileBuilder {
    at: TileAddress,
    tile: mvt::Tile,
}

/// One layer as it grows; a layer without features is left out of its tile.
pub(super) struct LayerBuilder {
    at: TileAddress,
    layer: mvt::Layer,
}

impl TileBuilder {
    pub(super) fn new(at: TileAddress) -> Self {
        Self { at, tile: mvt::Tile::new(EXTENT) }
    }

    pub(super) fn layer(&self, name: &str) -> LayerBuilder {
        LayerBuilder { at: self.at, layer: self.tile.create_layer(name) }
    }

    pub(super) fn add(&mut self, layer: LayerBuilder) -> Result<(), mvt::Error> {
        if layer.layer.num_features() > 0 { self.tile.add_layer(layer.layer) } else { Ok(()) }
    }

    /// The tile, or `None` where it is empty.
    pub(super) fn bytes(&self) -> Result<Option<Vec<u8>>, mvt::Error> {
        if self.tile.num_layers() == 0 { Ok(None) } else { self.tile.to_bytes().map(Some) }
    }
}

impl LayerBuilder {
    /// One feature of many polygons, each an outline and its waters.
    pub(super) fn polygons(self, polygons: &[Vec<Vec<Coord>>]) -> Result<Self, mvt::Error> {
        let mut rings: Vec<Vec<Coord>> = Vec::new();
        for polygon in polygons {
            let mut polygon = polygon.iter();
            let Some(outline) = polygon.next().and_then(|ring| self.ring(ring, true)) else {
                continue;
            };
            rings.push(outline);
            rings.extend(polygon.filter_map(|ring| self.ring(ring, false)));
        }
        self.feature(GeomType::Polygon, rings, &Vec::new())
    }

    /// One feature of many lines.
    pub(super) fn lines(
        self,
        lines: &[Vec<Coord>],
        attributes: &Attributes<'_>,
    ) -> Result<Self, mvt::Error> {
        let lines =
            lines.iter().map(|line| self.local(line)).filter(|line| line.len() >= 2).collect();
        self.feature(GeomType::Linestring, lines, attributes)
    }

    pub(super) fn point(
        self,
        point: Coord,
        attributes: &Attributes<'_>,
    ) -> Result<Self, mvt::Error> {
        let point = self.local(&[point]);
        self.feature(GeomType::Point, vec![point], attributes)
    }

    fn feature(
        self,
        kind: GeomType,
        parts: Vec<Vec<Coord>>,
        attributes: &Attributes<'_>,
    ) -> Result<Self, mvt::Error> {
        let Some(geometry) = geometry(kind, parts)? else { return Ok(self) };
        let mut feature = self.layer.into_feature(geometry);
        for (key, value) in attributes {
            match value {
                Value::Text(text) => feature.add_tag_string(key, text),
                Value::Number(number) => feature.add_tag_int(key, *number),
            }
        }
        Ok(Self { at: self.at, layer: feature.into_layer() })
    }

    /// Whole units from the tile's corner, no point twice running.
    fn local(&self, line: &[Coord]) -> Vec<Coord> {
        let corner = tile_corner(self.at);
        let mut local: Vec<Coord> = line
            .iter()
            .map(|point| Coord { x: (point.x - corner.x).round(), y: (point.y - corner.y).round() })
            .collect();
        local.dedup();
        local
    }

    fn ring(&self, ring: &[Coord], outline: bool) -> Option<Vec<Coord>> {
        let mut ring = self.local(ring);
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let area = signed_area_doubled(&ring);
        if ring.len() < 3 || area == 0.0 {
            return None;
        }
        if (area > 0.0) != outline {
            ring.reverse();
        }
        Some(ring)
    }
}

fn geometry(kind: GeomType, parts: Vec<Vec<Coord>>) -> Result<Option<GeomData>, mvt::Error> {
    let polygon = matches!(kind, GeomType::Polygon);
    let mut encoder = GeomEncoder::new(kind);
    let mut last = None;
    let mut empty = true;
    for mut part in parts {
        // A ring that begins where the one before it ended would be taken for its continuation by the
        // encoder, and be written without a MoveTo.
        if polygon && part.first() == last.as_ref() {
            part.rotate_left(1);
        }
        if !empty {
            encoder.complete_geom()?;
        }
        for point in &part {
            encoder.add_point(point.x, point.y)?;
        }
        last = part.last().copied();
        empty = false;
    }
    if empty { Ok(None) } else { encoder.encode().map(Some) }
}

/// gzip without a name or a time, so that equal tiles are equal bytes.
pub(super) fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(GZIP_LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}
