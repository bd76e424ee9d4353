//! A picture of the world's zones: every pixel of an equirectangular map knows its zone.
//!
//! The map is true to scale along the parallel in the middle of the box. Which zone a pixel lies in is
//! asked once and shared by every layer's picture.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use geo_types::Coord;
use tessera_grid::{BBox, Position, Zone};

use tessera_stage::staged::Staged;

/// Pixels across, and user units across the drawing above it.
pub(super) const WIDTH: usize = 1000;
/// No map is higher than this, however narrow its box.
const HEIGHT_MAX: usize = 2000;
const NO_ZONE: u32 = u32::MAX;

pub(super) type Colour = [u8; 3];

/// Degrees to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    pub(super) height: usize,
}

impl Projection {
    pub(super) fn of(bbox: BBox) -> Self {
        let across = WIDTH as f64 / (bbox.east() - bbox.west());
        let middle = f64::midpoint(bbox.north(), bbox.south()).to_radians();
        let span = bbox.north() - bbox.south();
        let height = ((span * across / middle.cos()).round() as usize).clamp(1, HEIGHT_MAX);
        Self { west: bbox.west(), north: bbox.north(), across, down: height as f64 / span, height }
    }

    pub(super) fn to_map(self, degrees: Coord) -> Coord {
        Coord { x: (degrees.x - self.west) * self.across, y: (self.north - degrees.y) * self.down }
    }

    pub(super) fn of_position(self, position: Position) -> Coord {
        self.to_map(Coord { x: position.longitude(), y: position.latitude() })
    }

    fn to_degrees(self, map: Coord) -> Coord {
        Coord { x: self.west + map.x / self.across, y: self.north - map.y / self.down }
    }
}

/// Which zone every pixel lies in.
pub(super) struct Canvas {
    pub(super) projection: Projection,
    zones: Vec<u32>,
}

impl Canvas {
    pub(super) fn of(staged: &Staged) -> Self {
        let projection = Projection::of(staged.bbox);
        let pixels = (0..WIDTH * projection.height).map(|pixel| {
            let map = Coord { x: (pixel % WIDTH) as f64 + 0.5, y: (pixel / WIDTH) as f64 + 0.5 };
            let degrees = projection.to_degrees(map);
            Position::new(degrees.y, degrees.x)
                .ok()
                .and_then(|position| staged.index_of(Zone::at(position, staged.resolution)))
                .and_then(|index| u32::try_from(index).ok())
                .unwrap_or(NO_ZONE)
        });
        Self { projection, zones: pixels.collect() }
    }

    /// Where the zone of a point of the map stands in every layer.
    pub(super) fn zone_at(&self, x: usize, y: usize) -> Option<usize> {
        let zone = *self.zones.get(y * WIDTH + x)?;
        (x < WIDTH && zone != NO_ZONE).then_some(zone as usize)
    }

    /// One value for each pixel.
    pub(super) fn map<T>(&self, value: impl Fn(Option<usize>) -> T) -> Vec<T> {
        self.zones.iter().map(|&zone| value((zone != NO_ZONE).then_some(zone as usize))).collect()
    }

    /// Paints the pixel in the middle of each zone, in the order given: of zones smaller than a pixel most lie
    /// between the points where the map looks.
    pub(super) fn mark(
        &self,
        staged: &Staged,
        pixels: &mut [Colour],
        zones: impl Iterator<Item = (usize, Colour)>,
    ) {
        for (zone, colour) in zones {
            let at = self.projection.of_position(staged.zones[zone].centre());
            let inside = at.x >= 0.0 && at.x < WIDTH as f64 && at.y >= 0.0;
            if let Some(pixel) = pixels.get_mut(at.y as usize * WIDTH + at.x as usize)
                && inside
            {
                *pixel = colour;
            }
        }
    }

    /// A picture as a `data:` address, so that the page asks nobody for anything.
    pub(super) fn picture(&self, pixels: &[Colour]) -> String {
        let png = png_of(pixels, self.projection.height).unwrap_or_default();
        format!("data:image/png;base64,{}", STANDARD.encode(png))
    }
}

/// Fewer colours than 257 become a palette, which is a third of the bytes.
fn png_of(pixels: &[Colour], height: usize) -> Result<Vec<u8>, png::EncodingError> {
    let mut colours: Vec<Colour> = pixels.to_vec();
    colours.sort_unstable();
    colours.dedup();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, height as u32);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let data: Vec<u8> = if colours.len() <= 256 {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(colours.concat());
        let index = |pixel: &Colour| colours.binary_search(pixel).unwrap_or(0) as u8;
        pixels.iter().map(index).collect()
    } else {
        encoder.set_color(png::ColorType::Rgb);
        pixels.concat()
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_map_lies_where_its_degrees_say() {
        let projection = Projection::of(BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap());
        assert_eq!(projection.to_map(Coord { x: -12.0, y: 60.0 }), Coord { x: 0.0, y: 0.0 });
        let corner = projection.to_map(Coord { x: 82.0, y: 4.0 });
        assert_eq!((corner.x.round(), corner.y.round()), (1000.0, projection.height as f64));
        let back = projection.to_degrees(projection.to_map(Coord { x: 12.5, y: 41.9 }));
        assert!((back.x - 12.5).abs() < 1e-9 && (back.y - 41.9).abs() < 1e-9);
        // A square degree on the middle parallel is as wide as it is high, in kilometres.
        assert!((projection.across / projection.down - 32f64.to_radians().cos()).abs() < 1e-3);
    }

    #[test]
    fn a_picture_of_few_colours_is_read_back_as_it_was() {
        let pixels: Vec<Colour> =
            (0..WIDTH * 2).map(|i| if i % 3 == 0 { [1, 2, 3] } else { [250, 0, 9] }).collect();
        let png = png_of(&pixels, 2).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&png));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut read).unwrap();
        assert_eq!(read, pixels.concat());
    }
}
