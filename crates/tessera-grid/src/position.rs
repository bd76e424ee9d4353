//! A point on the sphere, in degrees, and the great circle between two of them.

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth (IUGG R1), kilometres.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// WGS 84, degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition")]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct RawPosition {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<RawPosition> for Position {
    type Error = PositionError;
    fn try_from(raw: RawPosition) -> Result<Self, PositionError> {
        Self::new(raw.latitude, raw.longitude)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PositionError {
    #[error("latitude {0} is not between -90 and 90 degrees")]
    Latitude(f64),
    #[error("longitude {0} is not between -180 and 180 degrees")]
    Longitude(f64),
}

impl Position {
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PositionError> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(PositionError::Latitude(latitude));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(PositionError::Longitude(longitude));
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// Great circle distance, kilometres (haversine).
    pub fn distance_km(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_lat = ((lat_b - lat_a) / 2.0).sin();
        let half_lon = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
        2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
    }

    /// Initial bearing of the great circle to `other`, degrees clockwise from north, 0..360.
    pub fn bearing_degrees(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let lon = (other.longitude - self.longitude).to_radians();
        let east = lon.sin() * lat_b.cos();
        let north = lat_a.cos() * lat_b.sin() - lat_a.sin() * lat_b.cos() * lon.cos();
        east.atan2(north).to_degrees().rem_euclid(360.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    #[test]
    fn rome_is_1953_km_from_alexandria() {
        // The spherical law of cosines gives 1,952.836 km; Andoyer's formula on the ellipsoid 1,954.2 km.
        let km = at(41.8925, 12.4853).distance_km(at(31.2001, 29.9187));
        assert!((km - 1952.836).abs() < 0.001, "{km}");
    }

    #[test]
    fn bearings_turn_clockwise_from_north() {
        let here = at(0.0, 0.0);
        let around = [at(1.0, 0.0), at(0.0, 1.0), at(-1.0, 0.0), at(0.0, -1.0)];
        let bearings = around.map(|point| here.bearing_degrees(point).round() as i32);
        assert_eq!(bearings, [0, 90, 180, 270]);
    }

    #[test]
    fn a_latitude_beyond_the_pole_is_refused() {
        assert_eq!(Position::new(90.5, 0.0), Err(PositionError::Latitude(90.5)));
        assert_eq!(Position::new(0.0, 180.5), Err(PositionError::Longitude(180.5)));
    }
}
