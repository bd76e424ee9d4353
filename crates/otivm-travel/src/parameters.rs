//! The named numbers of travel that are fitted; the rest is physics, data, or cited where it stands.
//!
//! They hold for the whole world. None belongs to a place, a pair of places or a leg. The values are what
//! `cargo xtask calibrate --fit` found, rounded; `docs/calibration.md` says how well they do.

/// What a chart is searched with. [`NAMED`] says what each is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    pub sail_power: f64,
    pub wind_spread: f64,
    pub windward: f64,
    pub coast_winding: f64,
    pub sea_winding: f64,
    pub harbour_hours: f64,
    pub offing_aversion: f64,
    pub river_winding: f64,
    pub river_down_km_day: f64,
    pub river_night_km_day: f64,
    pub river_up_km_day: f64,
    pub river_sail_km_day: f64,
    pub road_winding: f64,
    pub road_grade: f64,
}

/// A parameter by name, with its bounds and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    pub id: &'static str,
    pub unit: &'static str,
    pub least: f64,
    pub most: f64,
    pub meaning: &'static str,
    pub source: &'static str,
    pub of: fn(&mut Parameters) -> &mut f64,
}

pub const NAMED: [Named; 14] = [
    Named {
        id: "sail_power",
        unit: "ratio",
        least: 0.6,
        most: 1.4,
        meaning: "speed of every ship over what her polar says",
        source: "polars of Casson 1995, 281-296, and Whitewright 2011, whose ships differ by a third either way",
        of: |parameters| &mut parameters.sail_power,
    },
    Named {
        id: "wind_spread",
        unit: "ratio",
        least: 0.3,
        most: 1.3,
        meaning: "spread of the wind about its monthly mean over the fitted normal deviation; below 1 a ship picks her hours",
        source: "COADS scalar and vector winds; Beresford 2013, 53-106",
        of: |parameters| &mut parameters.wind_spread,
    },
    Named {
        id: "windward",
        unit: "ratio",
        least: 0.2,
        most: 1.5,
        meaning: "speed made good to windward over what tacking at the best angle gives",
        source: "Whitewright 2011: 1 to 2 knots",
        of: |parameters| &mut parameters.windward,
    },
    Named {
        id: "coast_winding",
        unit: "ratio",
        least: 1.0,
        most: 1.5,
        meaning: "way along a shore over the line through the zones",
        source: "capes and bays below a zone's size",
        of: |parameters| &mut parameters.coast_winding,
    },
    Named {
        id: "sea_winding",
        unit: "ratio",
        least: 0.95,
        most: 1.2,
        meaning: "way out of sight of land over the line through the zones",
        source: "lattice of 12 courses: 1.00 to 1.035",
        of: |parameters| &mut parameters.sea_winding,
    },
    Named {
        id: "harbour_hours",
        unit: "hours",
        least: 0.0,
        most: 6.0,
        meaning: "to leave one harbour and make another, a voyage",
        source: "towing and anchoring: Casson 1995, 336-370",
        of: |parameters| &mut parameters.harbour_hours,
    },
    Named {
        id: "offing_aversion",
        unit: "ratio",
        least: 1.0,
        most: 6.0,
        meaning: "how much longer a way a coaster takes rather than lose sight of land",
        source: "Arnaud 2005, 9-33; Warnking 2016",
        of: |parameters| &mut parameters.offing_aversion,
    },
    Named {
        id: "river_winding",
        unit: "ratio",
        least: 0.7,
        most: 1.4,
        meaning: "way along a river over the line through its zones",
        source: "bends below a zone's size",
        of: |parameters| &mut parameters.river_winding,
    },
    Named {
        id: "river_down_km_day",
        unit: "km/day",
        least: 45.0,
        most: 100.0,
        meaning: "a barge with the stream",
        source: "Scheidel 2015: 45 to 100, mostly 65",
        of: |parameters| &mut parameters.river_down_km_day,
    },
    Named {
        id: "river_night_km_day",
        unit: "km/day",
        least: 0.0,
        most: 45.0,
        meaning: "what she drifts on by night where nights are clear, in deserts: the stream alone",
        source: "the Nile, Scheidel 2015: 100 a day; twelve hours at 0.8 m/s",
        of: |parameters| &mut parameters.river_night_km_day,
    },
    Named {
        id: "river_up_km_day",
        unit: "km/day",
        least: 10.0,
        most: 30.0,
        meaning: "a barge towed against it",
        source: "Scheidel 2015: 10 to 30, mostly 15",
        of: |parameters| &mut parameters.river_up_km_day,
    },
    Named {
        id: "river_sail_km_day",
        unit: "km/day",
        least: 40.0,
        most: 90.0,
        meaning: "a boat under sail against the stream, all day in a moderate breeze",
        source: "the Nile, Scheidel 2015: 65",
        of: |parameters| &mut parameters.river_sail_km_day,
    },
    Named {
        id: "road_winding",
        unit: "ratio",
        least: 0.9,
        most: 1.4,
        meaning: "way along a road over the line through the zones",
        source: "bends below a zone's size",
        of: |parameters| &mut parameters.road_winding,
    },
    Named {
        id: "road_grade",
        unit: "ratio",
        least: 0.0,
        most: 1.0,
        meaning: "share of the ground's slope that a road climbs",
        source: "Tobler 1993; the rest is gone round",
        of: |parameters| &mut parameters.road_grade,
    },
];

impl Default for Parameters {
    fn default() -> Self {
        Self {
            sail_power: 1.05,
            wind_spread: 1.15,
            windward: 1.21,
            coast_winding: 1.155,
            sea_winding: 1.02,
            harbour_hours: 1.7,
            offing_aversion: 2.3,
            river_winding: 1.07,
            river_down_km_day: 65.0,
            river_night_km_day: 35.0,
            river_up_km_day: 15.0,
            river_sail_km_day: 65.0,
            road_winding: 1.025,
            road_grade: 0.75,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_within_its_bounds() {
        let mut parameters = Parameters::default();
        for named in NAMED {
            let value = *(named.of)(&mut parameters);
            assert!((named.least..=named.most).contains(&value), "{} {value}", named.id);
        }
    }
}
