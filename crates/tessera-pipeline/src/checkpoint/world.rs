//! A staged world as items: every layer in parts of some thousand facts.
//!
//! Zones are not written: they follow from the box and the resolution, and their number is compared.

use super::file::{Broken, Reader, Writer};
use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tessera_grid::{Zone, zones_in};
use tessera_stage::{
    dense::{Dense, Fact},
    raster::Raster,
    sparse::Sparse,
    staged::{Clash, Era, RiverLine, Staged},
};
use tessera_world::{Certainty, Conflict, Feature, ProvenanceId, ReleaseInfo, Surface};

/// Facts of one item: a few hundred kilobytes in memory at a time.
const PART: usize = 16_384;

type Xy = (f64, f64);

/// A river line: Latin and modern name, rank, area drained, points.
type Line = (Option<String>, Option<String>, u8, Option<u32>, Vec<Xy>);

/// Geometries as they lie in features; anything else is no feature of ours.
#[derive(Serialize, Deserialize)]
enum Shape {
    Point(Xy),
    Line(Vec<Xy>),
    Polygon(Vec<Vec<Xy>>),
    Points(Vec<Xy>),
    Lines(Vec<Vec<Xy>>),
    Polygons(Vec<Vec<Vec<Xy>>>),
}

#[derive(Serialize, Deserialize)]
struct FeatureRow {
    collection: String,
    id: String,
    title: String,
    latin: Option<String>,
    shape: Shape,
    zone: Option<Zone>,
    /// JSON, which tells its own types.
    properties: Vec<u8>,
    certainty: Certainty,
    citation: String,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
    provenance: ProvenanceId,
}

pub(super) fn write(staged: &Staged, out: &mut Writer) -> Result<(), Broken> {
    out.item(&staged.info())?;
    out.item(&(staged.coarse_zones.len() as u64))?;
    dense(&staged.terrain, out)?;
    dense(&staged.surface, out)?;
    dense(&staged.bathymetry, out)?;
    dense(&staged.climate, out)?;
    dense(&staged.land_cover, out)?;
    sparse(staged.river.iter(), out)?;
    sparse(staged.lake.iter(), out)?;
    let eras = staged.surface_intervals.iter();
    sparse(eras.map(|(at, era)| (at, (era.valid_from, era.valid_to, era.surface))), out)?;
    sparse(staged.conflicts.iter().map(|(at, clash)| (at, clash.to_conflict())), out)?;
    sparse(staged.wind_rose.iter(), out)?;
    list(staged.wind.iter(), out)?;
    list(staged.current.iter(), out)?;
    list(staged.weather.iter(), out)?;
    list(staged.geology.iter(), out)?;
    list(staged.places.iter(), out)?;
    list(staged.sources.iter(), out)?;
    list(staged.provenances.iter(), out)?;
    let features = staged.features.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    list(features.iter(), out)?;
    list(staged.land.iter().map(rings), out)?;
    let lines = staged.river_lines.iter().map(|line| {
        (&line.latin, &line.modern, line.scalerank, line.upstream_km2, points(&line.line))
    });
    list(lines, out)?;
    raster(&staged.elevation, out)?;
    raster(&staged.heights, out)
}

fn raster(raster: &Raster, out: &mut Writer) -> Result<(), Broken> {
    let shape = (raster.west, raster.north, raster.step_longitude, raster.step_latitude);
    out.item(&(shape, raster.columns as u64, raster.rows as u64))?;
    list(raster.values.iter(), out)
}

fn read_raster(from: &mut Reader) -> Result<Raster, Broken> {
    let ((west, north, step_longitude, step_latitude), columns, rows): (
        (f64, f64, f64, f64),
        u64,
        u64,
    ) = from.item()?;
    let (columns, rows, values) = (columns as usize, rows as usize, read_list(from)?);
    Ok(Raster { west, north, step_longitude, step_latitude, columns, rows, values })
}

pub(super) fn read(from: &mut Reader) -> Result<Staged, Broken> {
    let info: ReleaseInfo = from.item()?;
    let coarse: u64 = from.item()?;
    let mut staged = Staged::empty(&info, zones_in(info.bbox, info.resolution));
    let counts = (staged.zones.len() as u64, staged.coarse_zones.len() as u64);
    if counts != (info.zones, coarse) {
        return Err(Broken::Content("its zones are not those of its box"));
    }
    read_dense(&mut staged.terrain, from)?;
    read_dense(&mut staged.surface, from)?;
    read_dense(&mut staged.bathymetry, from)?;
    read_dense(&mut staged.climate, from)?;
    read_dense(&mut staged.land_cover, from)?;
    staged.river = read_sparse(from)?;
    staged.lake = read_sparse(from)?;
    let eras: Vec<(u64, (i32, i32, Surface))> = read_list(from)?;
    let era = |(at, (valid_from, valid_to, surface)): (u64, _)| {
        (at as usize, Era { valid_from, valid_to, surface })
    };
    staged.surface_intervals = Sparse::from_unsorted(eras.into_iter().map(era).collect());
    let conflicts: Vec<(u64, Conflict)> = read_list(from)?;
    let clashes = conflicts.into_iter().map(|(at, conflict)| (at as usize, Clash::from(conflict)));
    staged.conflicts = Sparse::from_unsorted(clashes.collect());
    staged.wind_rose = read_sparse(from)?;
    staged.wind = read_list(from)?;
    staged.current = read_list(from)?;
    staged.weather = read_list(from)?;
    staged.geology = read_list(from)?;
    staged.places = read_list(from)?;
    staged.sources = read_list(from)?;
    staged.provenances = read_list(from)?;
    let rows: Vec<FeatureRow> = read_list(from)?;
    staged.features = rows.into_iter().map(feature).collect::<Result<_, _>>()?;
    let land: Vec<Vec<Vec<Xy>>> = read_list(from)?;
    staged.land = land.into_iter().map(polygon).collect();
    let lines: Vec<Line> = read_list(from)?;
    let line = |(latin, modern, scalerank, upstream_km2, points): Line| RiverLine {
        latin,
        modern,
        scalerank,
        upstream_km2,
        line: line(points),
    };
    staged.river_lines = lines.into_iter().map(line).collect();
    staged.elevation = read_raster(from)?;
    staged.heights = read_raster(from)?;
    Ok(staged)
}

fn dense<T: Fact + Serialize>(layer: &Dense<T>, out: &mut Writer) -> Result<(), Broken> {
    list(layer.iter(), out)
}

fn read_dense<T: Fact + DeserializeOwned>(
    layer: &mut Dense<T>,
    from: &mut Reader,
) -> Result<(), Broken> {
    let mut index = 0;
    read_parts(from, |fact: Option<T>| {
        layer.set(index, fact);
        index += 1;
    })?;
    if index == layer.len() { Ok(()) } else { Err(Broken::Content("a layer is too short")) }
}

fn sparse<T: Serialize>(
    facts: impl Iterator<Item = (usize, T)>,
    out: &mut Writer,
) -> Result<(), Broken> {
    list(facts.map(|(at, fact)| (at as u64, fact)), out)
}

fn read_sparse<T: DeserializeOwned>(from: &mut Reader) -> Result<Sparse<T>, Broken> {
    let facts: Vec<(u64, T)> = read_list(from)?;
    Ok(Sparse::from_unsorted(facts.into_iter().map(|(at, fact)| (at as usize, fact)).collect()))
}

/// Parts of at most [`PART`]; the last is empty.
fn list<T: Serialize>(mut things: impl Iterator<Item = T>, out: &mut Writer) -> Result<(), Broken> {
    loop {
        let part: Vec<T> = things.by_ref().take(PART).collect();
        out.item(&part)?;
        if part.is_empty() {
            return Ok(());
        }
    }
}

fn read_parts<T: DeserializeOwned>(
    from: &mut Reader,
    mut each: impl FnMut(T),
) -> Result<(), Broken> {
    loop {
        let part: Vec<T> = from.item()?;
        if part.is_empty() {
            return Ok(());
        }
        part.into_iter().for_each(&mut each);
    }
}

fn read_list<T: DeserializeOwned>(from: &mut Reader) -> Result<Vec<T>, Broken> {
    let mut all = Vec::new();
    read_parts(from, |thing| all.push(thing))?;
    Ok(all)
}

fn points(line: &LineString) -> Vec<Xy> {
    line.coords().map(|at| (at.x, at.y)).collect()
}

fn line(points: Vec<Xy>) -> LineString {
    LineString::new(points.into_iter().map(|(x, y)| Coord { x, y }).collect())
}

fn rings(polygon: &Polygon) -> Vec<Vec<Xy>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(points).collect()
}

fn polygon(rings: Vec<Vec<Xy>>) -> Polygon {
    let mut rings = rings.into_iter().map(line);
    let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(exterior, rings.collect())
}

fn row(feature: &Feature) -> Result<FeatureRow, Broken> {
    let shape = match &feature.geometry {
        Geometry::Point(at) => Shape::Point((at.x(), at.y())),
        Geometry::LineString(line) => Shape::Line(points(line)),
        Geometry::Polygon(polygon) => Shape::Polygon(rings(polygon)),
        Geometry::MultiPoint(all) => Shape::Points(all.iter().map(|at| (at.x(), at.y())).collect()),
        Geometry::MultiLineString(all) => Shape::Lines(all.iter().map(points).collect()),
        Geometry::MultiPolygon(all) => Shape::Polygons(all.iter().map(rings).collect()),
        _ => return Err(Broken::Content("a feature has a geometry that no release holds")),
    };
    let properties = serde_json::to_vec(&feature.properties)
        .map_err(|_unwritable| Broken::Content("a feature's properties are no JSON"))?;
    Ok(FeatureRow {
        collection: feature.collection.clone(),
        id: feature.id.clone(),
        title: feature.title.clone(),
        latin: feature.latin.clone(),
        shape,
        zone: feature.zone,
        properties,
        certainty: feature.certainty,
        citation: feature.citation.clone(),
        valid_from: feature.valid_from,
        valid_to: feature.valid_to,
        provenance: feature.provenance,
    })
}

fn feature(row: FeatureRow) -> Result<Feature, Broken> {
    let geometry = match row.shape {
        Shape::Point((x, y)) => Geometry::Point(Point::new(x, y)),
        Shape::Line(points) => Geometry::LineString(line(points)),
        Shape::Polygon(rings) => Geometry::Polygon(polygon(rings)),
        Shape::Points(all) => {
            Geometry::MultiPoint(MultiPoint::new(all.into_iter().map(Point::from).collect()))
        }
        Shape::Lines(all) => {
            Geometry::MultiLineString(MultiLineString::new(all.into_iter().map(line).collect()))
        }
        Shape::Polygons(all) => {
            Geometry::MultiPolygon(MultiPolygon::new(all.into_iter().map(polygon).collect()))
        }
    };
    let properties = serde_json::from_slice(&row.properties)
        .map_err(|_unreadable| Broken::Content("a feature's properties are no JSON"))?;
    Ok(Feature {
        collection: row.collection,
        id: row.id,
        title: row.title,
        latin: row.latin,
        geometry,
        zone: row.zone,
        properties,
        certainty: row.certainty,
        citation: row.citation,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        provenance: row.provenance,
    })
}
