//! The `relief` tileset: elevation in PNG pictures of 256 pixels, terrarium encoding,
//! metres = red · 256 + green + blue / 256 - 32768.
//!
//! Interpolated with Catmull–Rom, whose slope is continuous, so that light on it shows no facets; where a
//! pixel is wider than a node the same curve is stretched over it, so that no peak flickers in and out.
//! The sea floor is in it. Heights are those that the zones have, and are left as they are where they disagree
//! with the shore line: raising shallow bays to dry land would draw a coast that nobody surveyed. Beyond the raster its
//! edge sinks to sea level over two degrees, so that the end of the world is neither a cliff nor streaks;
//! a hole in the source is drawn at sea level, and the checks have named it by then.

use crate::Tile;
use crate::TileError;
use crate::mercator::{EXTENT, tile_corner, unproject};
use geo_types::Coord;
use tessera_release::{TileAddress, Tileset};
use tessera_stage::raster::Raster;

const PIXELS: usize = 256;
/// Metres between drawn heights, as a power of two so that it is exact in the encoding. Coarser shows as
/// terraces in plains, finer is noise that does not compress.
const STEP_METRES: f32 = 0.5;
/// Degrees over which the edge of the raster sinks to sea level.
const FADE_DEGREES: f64 = 2.0;
/// Elevation at zero of the encoding.
const OFFSET_METRES: f32 = 32_768.0;

pub(super) struct Relief<'a> {
    raster: &'a Raster,
}

/// The nodes that one pixel is made of: the first, and a weight for each from there on; `held` is how much
/// of their height is left there, 1 over the raster and 0 far beyond it.
struct Taps {
    first: usize,
    weights: Vec<f32>,
    held: f32,
}

impl<'a> Relief<'a> {
    pub(super) fn of(raster: &'a Raster) -> Self {
        Self { raster }
    }

    pub(super) fn tile(&self, at: TileAddress) -> Result<Tile, TileError> {
        let (metres, corner) = (self.heights(at), at);
        let data = encode(&metres).map_err(|source| TileError::Png { at: corner, source })?;
        Ok(Tile { tileset: Tileset::Relief, at, data })
    }

    /// Metres at the middle of every pixel, row by row from the north.
    fn heights(&self, at: TileAddress) -> Vec<f32> {
        let raster = self.raster;
        let centre = |column: f64, row: f64| {
            let step = f64::from(EXTENT) / PIXELS as f64;
            let corner = tile_corner(at);
            unproject(Coord { x: corner.x + column * step, y: corner.y + row * step }, at.z)
        };
        let across: Vec<Taps> = (0..PIXELS)
            .map(|column| {
                let node = |x: f64| (centre(x, 0.0).x - raster.west) / raster.step_longitude;
                let span = (node(column as f64), node(column as f64 + 1.0));
                taps(span, raster.columns, raster.step_longitude)
            })
            .collect();
        let down: Vec<Taps> = (0..PIXELS)
            .map(|row| {
                let node = |y: f64| (raster.north - centre(0.0, y).y) / raster.step_latitude;
                let span = (node(row as f64), node(row as f64 + 1.0));
                taps(span, raster.rows, raster.step_latitude)
            })
            .collect();
        let first = down.iter().map(|taps| taps.first).min().unwrap_or(0);
        let end = down.iter().map(|taps| taps.first + taps.weights.len()).max().unwrap_or(0);
        let narrowed: Vec<f32> = (first..end)
            .flat_map(|row| {
                let line = &raster.values[row * raster.columns..][..raster.columns];
                across.iter().map(|taps| weigh(taps, &|index| line[index]))
            })
            .collect();
        let column_of = |column: usize, row: usize| narrowed[(row - first) * PIXELS + column];
        down.iter()
            .flat_map(|taps| (0..PIXELS).map(move |column| (taps, column)))
            .map(|(taps, column)| {
                let metres = weigh(taps, &|row| column_of(column, row));
                if metres.is_nan() { 0.0 } else { metres * taps.held * across[column].held }
            })
            .collect()
    }
}

/// The mean of the known nodes by weight; NaN where those that count most are unknown.
fn weigh(taps: &Taps, node: &dyn Fn(usize) -> f32) -> f32 {
    let (mut sum, mut known) = (0.0, 0.0);
    for (offset, weight) in taps.weights.iter().enumerate() {
        let value = node(taps.first + offset);
        if !value.is_nan() {
            sum += weight * value;
            known += weight;
        }
    }
    if known > 0.5 { sum / known } else { f32::NAN }
}

/// Weights of the nodes for a pixel between two ends, in nodes of `step` degrees; they sum to one.
/// `count` is at least 1.
fn taps((start, end): (f64, f64), count: usize, step: f64) -> Taps {
    let last = count as f64 - 1.0;
    let centre = f64::midpoint(start, end);
    let middle = centre.clamp(0.0, last);
    let beyond = ((centre - middle).abs() * step / FADE_DEGREES).min(1.0);
    let held = (1.0 - beyond * beyond * (3.0 - 2.0 * beyond)) as f32;
    let stretch = (end - start).abs().max(1.0);
    let reach = 2.0 * stretch;
    let first = (middle - reach).ceil().clamp(0.0, last) as usize;
    let mut weights = vec![0.0_f64; (middle + reach).floor().clamp(0.0, last) as usize - first + 1];
    // Nodes beyond the edge give their weight to the edge.
    for node in (middle - reach).ceil() as i64..=(middle + reach).floor() as i64 {
        let inside = (node.max(0) as usize).min(count - 1);
        weights[inside - first] += catmull_rom((node as f64 - middle) / stretch);
    }
    let sum: f64 = weights.iter().sum();
    let weights = weights.into_iter().map(|weight| (weight / sum) as f32).collect();
    Taps { first, weights, held }
}

/// The Catmull–Rom kernel (Keys, a = -1/2): 1 at 0, 0 at every other whole number.
fn catmull_rom(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

fn terrarium(metres: f32) -> [u8; 3] {
    let stepped = (metres / STEP_METRES).round() * STEP_METRES + OFFSET_METRES;
    let fixed = (stepped * 256.0).clamp(0.0, 16_777_215.0) as u32;
    let [_, red, green, blue] = fixed.to_be_bytes();
    [red, green, blue]
}

fn encode(metres: &[f32]) -> Result<Vec<u8>, png::EncodingError> {
    let mut picture = Vec::new();
    let side = PIXELS as u32;
    let mut encoder = png::Encoder::new(&mut picture, side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    let pixels: Vec<u8> = metres.iter().flat_map(|&metres| terrarium(metres)).collect();
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Degrees 0 to 10 both ways at a tenth of a degree.
    fn raster(height: impl Fn(f64, f64) -> f64) -> Raster {
        let side = 101;
        let values = (0..side * side)
            .map(|i| height(f64::from(i % side) / 10.0, 10.0 - f64::from(i / side) / 10.0) as f32);
        Raster {
            west: 0.0,
            north: 10.0,
            step_longitude: 0.1,
            step_latitude: 0.1,
            columns: side as usize,
            rows: side as usize,
            values: values.collect(),
        }
    }

    /// 0 to 5.6 E and 5.6 to 11.2 N.
    const AT: TileAddress = TileAddress { z: 6, row: 30, col: 32 };

    fn metres(rgb: &[u8]) -> f32 {
        f32::from(rgb[0]) * 256.0 + f32::from(rgb[1]) + f32::from(rgb[2]) / 256.0 - 32_768.0
    }

    fn decoded(tile: &Tile) -> Vec<f32> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(&tile.data)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (256, 256, png::ColorType::Rgb));
        pixels.chunks_exact(3).map(metres).collect()
    }

    #[test]
    fn a_slope_is_read_back_from_the_picture_as_it_was() {
        let slope = |longitude: f64, latitude: f64| 100.0 * longitude - 300.0 * latitude;
        let raster = raster(slope);
        let heights = decoded(&Relief::of(&raster).tile(AT).unwrap());
        for (index, height) in heights.iter().enumerate() {
            let (column, row) = (index % PIXELS, index / PIXELS);
            let corner = tile_corner(AT);
            let centre = unproject(
                Coord {
                    x: corner.x + (column as f64 + 0.5) * 16.0,
                    y: corner.y + (row as f64 + 0.5) * 16.0,
                },
                AT.z,
            );
            if centre.y < 9.7 && centre.x > 0.3 {
                let expected = slope(centre.x, centre.y);
                assert!(
                    (f64::from(*height) - expected).abs() <= 0.26,
                    "{height} at {centre:?}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn a_whole_world_in_one_tile_is_a_mean_and_not_a_chance_node() {
        // Every second node 1,000 m, the others 0: at zoom 0 a pixel holds 14 by 14 nodes.
        let raster = raster(|x, y| {
            if ((x * 10.0).round() + (y * 10.0).round()) % 2.0 == 0.0 { 1000.0 } else { 0.0 }
        });
        let heights = Relief::of(&raster).heights(TileAddress { z: 0, row: 0, col: 0 });
        // 4 E, 4 N: pixel 130 of its row, 125 from the north.
        let height = heights[125 * PIXELS + 130];
        assert!((height - 500.0).abs() < 15.0, "{height}");
    }

    #[test]
    fn beyond_the_raster_its_edge_sinks_to_the_sea_without_a_step() {
        let raster = raster(|_, _| 1000.0);
        let relief = Relief::of(&raster);
        // 5.6 to 11.2 E: the raster ends at 10 E.
        let heights = relief.heights(TileAddress { z: 6, row: 30, col: 33 });
        let row: Vec<f32> = heights[200 * PIXELS..][..PIXELS].to_vec();
        assert!(row[..190].iter().all(|height| (height - 1000.0).abs() < 0.01));
        assert!(row.windows(2).all(|pair| (0.0..20.0).contains(&(pair[0] - pair[1] + 0.01))));
        assert!(
            relief
                .heights(TileAddress { z: 6, row: 10, col: 60 })
                .iter()
                .all(|height| *height == 0.0)
        );
    }

    #[test]
    fn a_hole_is_at_sea_level_and_does_not_spread() {
        let mut holed = raster(|_, _| 700.0);
        let hole = 30 * holed.columns + 20; // 2.0 E, 7.0 N
        holed.values[hole] = f32::NAN;
        let heights = Relief::of(&holed).heights(AT).split_off(70 * PIXELS); // from 9.7 N to the south
        let unknown = heights.iter().filter(|height| **height == 0.0).count();
        assert!((1..60).contains(&unknown), "{unknown} pixels");
        assert!(heights.iter().all(|height| *height == 0.0 || (height - 700.0).abs() < 0.01));
    }

    #[test]
    fn the_kernel_passes_through_its_nodes() {
        let at_nodes = [0.0, 1.0, -1.0, 2.0].map(catmull_rom);
        let expected = [1.0, 0.0, 0.0, 0.0];
        assert!(at_nodes.iter().zip(expected).all(|(found, node)| (found - node).abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn every_height_on_earth_survives_the_encoding(height in -11_500.0..9_000.0f32) {
            prop_assert!((metres(&terrarium(height)) - height).abs() <= STEP_METRES / 2.0 + 0.01);
        }

        #[test]
        fn weights_sum_to_one_wherever_a_pixel_lies(start in -50.0..150.0f64, width in 0.01..30.0f64) {
            let taps = taps((start, start + width), 101, 0.1);
            prop_assert!((taps.weights.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!(taps.first + taps.weights.len() <= 101);
        }
    }
}
