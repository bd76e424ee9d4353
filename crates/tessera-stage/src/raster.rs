//! A regular raster of numbers in longitude and latitude, row 0 in the north.
//!
//! A value stands at a node, not in a corner: column c is at `west + c · step`, row r at
//! `north - r · step`. An unknown value is NaN and stays NaN: nothing here fills a hole.

use tessera_grid::Position;

#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// Degrees, of the nodes of column 0.
    pub west: f64,
    /// Degrees, of the nodes of row 0.
    pub north: f64,
    /// Degrees between nodes, both positive.
    pub step_longitude: f64,
    pub step_latitude: f64,
    pub columns: usize,
    pub rows: usize,
    /// Row by row from the north, each from the west; NaN where unknown.
    pub values: Vec<f32>,
}

impl Raster {
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
    pub fn get(&self, row: usize, column: usize) -> Option<f32> {
        (column < self.columns).then(|| self.values.get(row * self.columns + column).copied())?
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

    /// Between the four nodes around a position; `None` beyond the edge, NaN beside an unknown node.
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
    }

    #[test]
    fn beyond_the_edge_there_is_no_value() {
        let raster = square();
        assert_eq!(raster.bilinear(9.9, 49.5), None);
        assert_eq!(raster.bilinear(10.5, 48.9), None);
        assert_eq!(raster.get(0, 2), None);
        assert_eq!(Raster::empty().bilinear(0.0, 0.0), None);
    }

    #[test]
    fn an_unknown_node_makes_its_surroundings_unknown() {
        let mut raster = square();
        raster.values[3] = f32::NAN;
        assert!(raster.bilinear(10.5, 49.5).is_some_and(f32::is_nan));
    }
}
