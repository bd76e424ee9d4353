//! A regular raster in longitude and latitude, row 0 in the north.
//!
//! A value stands at a node: column c is at `west + c · step`, row r at `north - r · step`; a raster of
//! pixels has its nodes in their middles. Heights that are unknown are NaN and stay NaN: nothing here
//! fills a hole.

use crate::scan::{Rows, Span};
use tessera_formats::Window;
use tessera_grid::Position;

#[derive(Clone, Debug, PartialEq)]
pub struct Raster<T = f32> {
    /// Degrees, of the nodes of column 0.
    pub west: f64,
    /// Degrees, of the nodes of row 0.
    pub north: f64,
    /// Degrees between nodes, both positive.
    pub step_longitude: f64,
    pub step_latitude: f64,
    pub columns: usize,
    pub rows: usize,
    /// Row by row from the north, each from the west.
    pub values: Vec<T>,
}

/// One node under a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<T> {
    /// Its number, row by row.
    pub index: usize,
    pub value: T,
    /// How much of the zone is nearer to it than to another: columns wide, strips high.
    pub weight: f64,
}

impl<T> From<Window<T>> for Raster<T> {
    fn from(Window { lattice, values }: Window<T>) -> Self {
        Self {
            west: lattice.west,
            north: lattice.north,
            step_longitude: lattice.step_longitude,
            step_latitude: lattice.step_latitude,
            columns: lattice.columns,
            rows: lattice.rows,
            values,
        }
    }
}

impl<T: Copy> Raster<T> {
    pub const fn empty() -> Self {
        Self {
            west: 0.0,
            north: 0.0,
            step_longitude: 1.0,
            step_latitude: 1.0,
            columns: 0,
            rows: 0,
            values: Vec::new(),
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of a node, or `None` beyond the edge.
    pub fn get(&self, row: usize, column: usize) -> Option<T> {
        (column < self.columns).then(|| self.values.get(row * self.columns + column).copied())?
    }

    /// The value of the node nearest to a position, or `None` beyond the edge.
    pub fn nearest(&self, longitude: f64, latitude: f64) -> Option<T> {
        let column = ((longitude - self.west) / self.step_longitude).round();
        let row = ((self.north - latitude) / self.step_latitude).round();
        (column >= 0.0 && row >= 0.0).then(|| self.get(row as usize, column as usize))?
    }

    /// Where a node stands, degrees: longitude, latitude.
    pub fn node(&self, row: usize, column: usize) -> (f64, f64) {
        (
            self.west + column as f64 * self.step_longitude,
            self.north - row as f64 * self.step_latitude,
        )
    }

    /// The node's position, for a finding; `None` only where a raster runs past the globe.
    pub fn position(&self, row: usize, column: usize) -> Option<Position> {
        let (longitude, latitude) = self.node(row, column);
        Position::new(latitude, longitude).ok()
    }

    /// Every node under a zone, once for each strip of it that crosses the node's row.
    #[inline]
    pub fn under(&self, rows: Rows, spans: &[Span], mut visit: impl FnMut(Node<T>)) {
        for span in spans {
            let row = ((self.north - rows.latitude(span.row)) / self.step_latitude).round();
            if row < 0.0 || row >= self.rows as f64 {
                continue;
            }
            // Columns counted so that node c stands for c - 0.5 .. c + 0.5.
            let west = (span.west - self.west) / self.step_longitude;
            let east = (span.east - self.west) / self.step_longitude;
            if east < -0.5 || west > self.columns as f64 - 0.5 {
                continue;
            }
            let first = west.round().max(0.0) as usize;
            let last = east.round().min(self.columns as f64 - 1.0).max(0.0) as usize;
            let start = row as usize * self.columns;
            for column in first..=last {
                let middle = column as f64;
                let weight = east.min(middle + 0.5) - west.max(middle - 0.5);
                if weight > 0.0 {
                    let index = start + column;
                    visit(Node { index, value: self.values[index], weight });
                }
            }
        }
    }
}

impl Raster<f32> {
    /// Between the four nodes around a position; `None` beyond the edge, NaN beside an unknown node.
    #[inline]
    pub fn bilinear(&self, longitude: f64, latitude: f64) -> Option<f32> {
        let x = (longitude - self.west) / self.step_longitude;
        let y = (self.north - latitude) / self.step_latitude;
        if x < 0.0 || y < 0.0 || self.columns < 2 || self.rows < 2 {
            return None;
        }
        let column = (x as usize).min(self.columns - 2);
        let row = (y as usize).min(self.rows - 2);
        let (right, down) = ((x - column as f64) as f32, (y - row as f64) as f32);
        if right > 1.0 || down > 1.0 {
            return None;
        }
        let at = |r: usize, c: usize| self.values[r * self.columns + c];
        let upper = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
        let lower = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
        Some(upper * (1.0 - down) + lower * down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Raster {
        Raster {
            west: 10.0,
            north: 50.0,
            step_longitude: 1.0,
            step_latitude: 1.0,
            columns: 2,
            rows: 2,
            values: vec![0.0, 100.0, 200.0, 300.0],
        }
    }

    #[test]
    fn between_four_nodes_a_value_is_their_weighted_mean() {
        let raster = square();
        assert_eq!(raster.bilinear(10.0, 50.0), Some(0.0));
        assert_eq!(raster.bilinear(11.0, 49.0), Some(300.0));
        assert_eq!(raster.bilinear(10.5, 49.75), Some(100.0));
        assert_eq!(raster.nearest(10.6, 49.7), Some(100.0));
    }

    #[test]
    fn beyond_the_edge_there_is_no_value() {
        let raster = square();
        assert_eq!(raster.bilinear(9.9, 49.5), None);
        assert_eq!(raster.bilinear(10.5, 48.9), None);
        assert_eq!(raster.nearest(9.4, 49.5), None);
        assert_eq!(raster.get(0, 2), None);
        assert_eq!(Raster::empty().bilinear(0.0, 0.0), None);
    }

    #[test]
    fn an_unknown_node_makes_its_surroundings_unknown() {
        let mut raster = square();
        raster.values[3] = f32::NAN;
        assert!(raster.bilinear(10.5, 49.5).is_some_and(f32::is_nan));
    }

    #[test]
    fn a_strip_weighs_each_node_by_the_part_that_is_nearest_to_it() {
        let rows = Rows { step: 1.0 };
        let span = Span { row: 49, west: 10.25, east: 13.0 };
        let mut nodes = Vec::new();
        square().under(rows, &[span], |node| nodes.push((node.index, node.value, node.weight)));
        // Row 49 is the strip around 49.5, as near to one row as to the other: the southern takes it.
        assert_eq!(nodes, [(2, 200.0, 0.25), (3, 300.0, 1.0)]);
    }
}
