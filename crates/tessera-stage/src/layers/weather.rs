//! Weather by month: rain and temperature of today's climate, between the four nodes around a zone's centre.

use crate::raster::Raster;
use crate::scan::of_each;
use tessera_grid::{Position, Zone};
use tessera_world::{ProvenanceId, Rain, Temperature, Weather};

pub const METHOD_RAIN: &str = "Mean monthly rain of the present climate, interpolated between the four nodes \
     around the zone's centre.";
pub const METHOD_TEMPERATURE: &str = "Mean monthly temperature two metres above the ground in the present \
     climate, interpolated between the four nodes around the zone's centre.";

const MONTHS: usize = 12;
const FREEZING_K: f32 = 273.15;

/// Twelve rasters of one quantity, January first.
#[derive(Clone, Debug)]
pub struct Monthly {
    months: Vec<Raster<f32>>,
    provenance: ProvenanceId,
}

impl Monthly {
    /// `None` where there are not twelve months: the index would be no calendar month.
    pub fn new(months: Vec<Raster<f32>>, provenance: ProvenanceId) -> Option<Self> {
        (months.len() == MONTHS).then_some(Self { months, provenance })
    }

    fn at(&self, centre: Position) -> Option<[f32; MONTHS]> {
        let mut values = [0.0; MONTHS];
        for (value, raster) in values.iter_mut().zip(&self.months) {
            *value = raster
                .bilinear(centre.longitude(), centre.latitude())
                .or_else(|| raster.nearest(centre.longitude(), centre.latitude()))
                .filter(|value| value.is_finite())?;
        }
        Some(values)
    }

    /// Millimetres; `None` where a month is unknown or no amount of rain.
    pub fn rain(&self, centre: Position) -> Option<Rain> {
        let values = self.at(centre)?;
        let sound = values.iter().all(|mm| (0.0..=f32::from(u16::MAX)).contains(mm));
        let months_mm = values.map(|mm| mm.round() as u16);
        sound.then_some(Rain { months_mm, provenance: self.provenance })
    }

    /// From kelvins.
    pub fn temperature(&self, centre: Position) -> Option<Temperature> {
        let values = self.at(centre)?;
        let tenths = values.map(|kelvins| ((kelvins - FREEZING_K) * 10.0).round());
        let sound = tenths.iter().all(|tenth| tenth.abs() <= f32::from(i16::MAX));
        let months_tenths_c = tenths.map(|tenth| tenth as i16);
        sound.then_some(Temperature { months_tenths_c, provenance: self.provenance })
    }
}

/// By index of the coarse zones; `None` where neither is known.
pub fn stage(
    coarse_zones: &[Zone],
    rain: Option<&Monthly>,
    temperature: Option<&Monthly>,
) -> Vec<Option<Weather>> {
    of_each(coarse_zones, |zone| {
        let centre = zone.centre();
        let weather = Weather {
            rain: rain.and_then(|months| months.rain(centre)),
            temperature: temperature.and_then(|months| months.temperature(centre)),
        };
        (weather.rain.is_some() || weather.temperature.is_some()).then_some(weather)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::Resolution;

    fn months(value: impl Fn(usize) -> f32) -> Vec<Raster<f32>> {
        let raster = |month| Raster {
            west: 10.0,
            north: 45.0,
            step_longitude: 0.5,
            step_latitude: 0.5,
            columns: 9,
            rows: 9,
            values: vec![value(month); 81],
        };
        (0..12).map(raster).collect()
    }

    fn zone(longitude: f64) -> Zone {
        Zone::at(Position::new(43.0, longitude).unwrap(), Resolution::FIVE)
    }

    #[test]
    fn rain_is_in_millimetres_and_temperature_in_tenths_of_a_degree() {
        let rain =
            Monthly::new(months(|month| month as f32 * 10.0 + 0.4), ProvenanceId(1)).unwrap();
        let kelvins = Monthly::new(months(|_| 283.46), ProvenanceId(2)).unwrap();
        let facts = stage(&[zone(12.0)], Some(&rain), Some(&kelvins));
        let mm = std::array::from_fn(|month| month as u16 * 10);
        assert_eq!(
            facts,
            [Some(Weather {
                rain: Some(Rain { months_mm: mm, provenance: ProvenanceId(1) }),
                temperature: Some(Temperature {
                    months_tenths_c: [103; 12],
                    provenance: ProvenanceId(2)
                }),
            })]
        );
    }

    #[test]
    fn beyond_the_raster_and_beside_an_unknown_node_there_is_no_weather() {
        let rain =
            Monthly::new(months(|month| if month == 3 { f32::NAN } else { 1.0 }), ProvenanceId(1));
        assert_eq!(stage(&[zone(12.0)], rain.as_ref(), None), [None]);
        let rain = Monthly::new(months(|_| 1.0), ProvenanceId(1));
        assert_eq!(stage(&[zone(40.0)], rain.as_ref(), None), [None]);
        assert!(Monthly::new(months(|_| 1.0).split_off(1), ProvenanceId(1)).is_none());
    }
}
