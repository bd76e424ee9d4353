//! A map of what people left and built: each collection of features in a colour of its own.

use super::canvas::{Canvas, Projection};
use super::maps::Map;
use super::palette::{self, hex};
use super::text::{counted, thousands};
use geo_types::{Coord, Geometry};
use std::collections::BTreeMap;
use std::fmt::Write;
use tessera_stage::staged::Staged;
use tessera_world::Feature;

/// Shapes drawn of one collection, evenly chosen: a page of a megabyte still opens on a telephone.
const DRAWN_MAX: usize = 3_000;
/// Corners drawn of one line; at a map's scale more are one pixel.
const CORNERS_MAX: usize = 24;
/// Bytes of one map's path: a shape that would go beyond is not begun. All maps together stay below those of
/// the pictures, whatever a collection holds.
const PATH_BYTES_MAX: usize = 300_000;

/// A map for each collection that holds anything.
pub(super) fn maps(staged: &Staged, canvas: &Canvas) -> Vec<Map> {
    let mut collections: BTreeMap<&str, Vec<&Feature>> = BTreeMap::new();
    for feature in &staged.features {
        collections.entry(feature.collection.as_str()).or_default().push(feature);
    }
    let maps = collections.into_iter().enumerate();
    maps.map(|(index, (name, features))| map(index, name, &features, canvas.projection)).collect()
}

fn map(index: usize, name: &str, features: &[&Feature], projection: Projection) -> Map {
    let colour = palette::wheel(index);
    let step = features.len().div_ceil(DRAWN_MAX).max(1);
    let mut path = String::new();
    let mut drawn = 0;
    for feature in features.iter().step_by(step) {
        if path.len() > PATH_BYTES_MAX {
            break;
        }
        draw(&mut path, &feature.geometry, projection);
        drawn += 1;
    }
    let dated = features.iter().filter(|f| f.valid_from.is_some() || f.valid_to.is_some()).count();
    let shown = if drawn == features.len() {
        String::new()
    } else {
        format!(" {} of them are drawn.", thousands(drawn as u64))
    };
    let title = name.replace('_', " ");
    Map {
        id: format!("map-of-{}", name.replace('_', "-")),
        alt: format!(
            "{}, {} of them with years.{shown}",
            counted(features.len() as u64, "feature"),
            thousands(dated as u64)
        ),
        title,
        picture: None,
        overlay: format!(r#"<path class="evidence" stroke="{}" d="{path}"/>"#, hex(colour)),
        legend: Vec::new(),
    }
}

/// A point is a dot, drawn as a line of no length with round ends. Writing to a String cannot fail.
fn draw(path: &mut String, geometry: &Geometry<f64>, projection: Projection) {
    let mut line = |corners: &[Coord]| {
        let step = corners.len().div_ceil(CORNERS_MAX).max(1);
        let last = corners.last().into_iter().filter(|_| (corners.len() - 1) % step != 0);
        let mut letter = 'M';
        for corner in corners.iter().step_by(step).chain(last) {
            let at = projection.to_map(*corner);
            _ = write!(path, "{letter}{:.1} {:.1}", at.x, at.y);
            letter = 'L';
        }
        if corners.len() == 1 {
            path.push_str("h0");
        }
    };
    match geometry {
        Geometry::Point(point) => line(&[point.0]),
        Geometry::MultiPoint(points) => points.iter().for_each(|point| line(&[point.0])),
        Geometry::LineString(drawn) => line(&drawn.0),
        Geometry::MultiLineString(lines) => lines.iter().for_each(|drawn| line(&drawn.0)),
        Geometry::Polygon(area) => line(&area.exterior().0),
        Geometry::MultiPolygon(areas) => areas.iter().for_each(|area| line(&area.exterior().0)),
        Geometry::GeometryCollection(parts) => {
            for part in parts {
                draw(path, part, projection);
            }
        }
        _ => {}
    }
}
