//! A small map of the world of a release, drawn by the store itself: land as tesserae, and marks on it.

use crate::releases::Mosaic;
use geo::{BoundingRect, Centroid};
use geo_types::{Coord, Geometry, LineString};
use std::fmt::Write;

/// Marks on one map; more only blacken it.
const MARKS_MAX: usize = 1_000;
/// Positions of all marks together: a page is a few hundred kilobytes at most.
const POSITIONS_MAX: usize = 8_000;
/// A shape smaller than this share of the map's width is shown as a point.
const VISIBLE_SHARE: f64 = 0.008;

/// A few points are drawn large, so that they are found on a phone.
const FEW: usize = 3;
const FEW_RADIUS_SHARE: f64 = 0.013;
const MANY_RADIUS_SHARE: f64 = 0.006;

pub(super) fn draw<'a>(
    mosaic: &Mosaic,
    marks: impl Iterator<Item = std::borrow::Cow<'a, Geometry<f64>>>,
    what: &str,
) -> String {
    let (width, height) = (Mosaic::COLUMNS, mosaic.rows());
    let mut svg = format!(
        "<figure class=\"map\"><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{what}\">\
         <rect class=\"sea\" width=\"{width}\" height=\"{height}\"/><path class=\"land\" d=\"{}\"/>",
        mosaic.land()
    );
    let mut left = POSITIONS_MAX;
    let marks: Vec<_> = marks.take(MARKS_MAX).collect();
    let share = if marks.len() <= FEW { FEW_RADIUS_SHARE } else { MANY_RADIUS_SHARE };
    let radius = share * f64::from(Mosaic::COLUMNS);
    for geometry in marks {
        mark(&mut svg, mosaic, &geometry, radius, &mut left);
    }
    svg.push_str("</svg></figure>");
    svg
}

fn mark(
    svg: &mut String,
    mosaic: &Mosaic,
    geometry: &Geometry<f64>,
    radius: f64,
    left: &mut usize,
) {
    let Some(bounds) = geometry.bounding_rect() else { return };
    let ([west, north], [east, south]) = (
        mosaic.place(bounds.min().x, bounds.max().y),
        mosaic.place(bounds.max().x, bounds.min().y),
    );
    let extent = (east - west).max(south - north);
    if extent < VISIBLE_SHARE * f64::from(Mosaic::COLUMNS) {
        if let Some(centre) = geometry.centroid() {
            let [x, y] = mosaic.place(centre.x(), centre.y());
            push(
                svg,
                format_args!(
                    "<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.2}\"/>"
                ),
            );
        }
        return;
    }
    let mut path = String::new();
    match geometry {
        Geometry::LineString(line) => stroke(&mut path, mosaic, line, left),
        Geometry::MultiLineString(lines) => {
            lines.iter().for_each(|line| stroke(&mut path, mosaic, line, left));
        }
        Geometry::Polygon(polygon) => stroke(&mut path, mosaic, polygon.exterior(), left),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().for_each(|part| stroke(&mut path, mosaic, part.exterior(), left));
        }
        _ => {}
    }
    let class = match geometry {
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => "area",
        _ => "line",
    };
    push(svg, format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
}

/// A line, without the corners that nobody sees.
fn stroke(path: &mut String, mosaic: &Mosaic, line: &LineString<f64>, left: &mut usize) {
    let step = 0.0015 * f64::from(Mosaic::COLUMNS);
    let mut last: Option<[f64; 2]> = None;
    let end = line.0.len().saturating_sub(1);
    for (index, Coord { x, y }) in line.0.iter().enumerate() {
        let [x, y] = mosaic.place(*x, *y);
        let near = last.is_some_and(|[a, b]| (x - a).abs() < step && (y - b).abs() < step);
        if (near && index != end) || *left == 0 {
            continue;
        }
        push(path, format_args!("{}{x:.1} {y:.1}", if last.is_none() { 'M' } else { 'L' }));
        last = Some([x, y]);
        *left -= 1;
    }
}

fn push(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("writing to a string does not fail");
}
