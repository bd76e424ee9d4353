//! Wind: the mean vector of each calendar month, between the four nodes around a zone's centre.
//!
//! Means of vectors, not of speeds: where the wind turns, its mean is weaker than the wind a sailor meets.

use crate::adapters::{Broken, netcdf::Grid};
use crate::raster::Raster;
use crate::scan::of_each;
use std::path::Path;
use tessera_grid::{BBox, Zone};
use tessera_world::{FlowVector, ProvenanceId, Wind};

pub const METHOD: &str = "Mean of the monthly mean vectors of all years, eastward and northward apart, \
     interpolated between the four nodes around the zone's centre.";

const MONTHS: usize = 12;

/// Twelve rasters of each component, m/s, January first.
pub struct Months {
    pub eastward: Vec<Raster>,
    pub northward: Vec<Raster>,
}

impl Months {
    /// Means of the calendar months of a series that begins in a January and has whole years.
    pub fn mean(
        path: &Path,
        eastward: &Grid,
        northward: &Grid,
        bbox: BBox,
    ) -> Result<Self, Broken> {
        check_time(eastward).map_err(|reason| Broken::new("time_axis", path, reason))?;
        if eastward.layers != northward.layers
            || eastward.values.len() != northward.values.len()
            || eastward.time != northward.time
        {
            return Err(Broken::new("schema", path, "the two components have different axes"));
        }
        let months = |grid: &Grid| -> Result<Vec<Raster>, Broken> {
            (0..MONTHS)
                .map(|month| mean_of_month(grid, month, bbox))
                .collect::<Option<_>>()
                .ok_or_else(|| {
                    Broken::new("coverage_source", path, "it does not reach the world's box")
                })
        };
        Ok(Self { eastward: months(eastward)?, northward: months(northward)? })
    }
}

pub fn stage(zones: &[Zone], months: &Months, provenance: ProvenanceId) -> Vec<Option<Wind>> {
    of_each(zones, |zone| {
        let centre = zone.centre();
        let at = |raster: &Raster| {
            // A raster round the globe may be written from any meridian.
            let turns = ((raster.west - centre.longitude()) / 360.0).ceil().max(0.0);
            raster.bilinear(centre.longitude() + 360.0 * turns, centre.latitude())
        };
        let mut vectors = [FlowVector::default(); MONTHS];
        for (month, vector) in vectors.iter_mut().enumerate() {
            let (u, v) = (at(&months.eastward[month])?, at(&months.northward[month])?);
            *vector = FlowVector { u_cm_s: cm_s(u)?, v_cm_s: cm_s(v)? };
        }
        Some(Wind { months: vectors, provenance })
    })
}

fn mean_of_month(grid: &Grid, month: usize, bbox: BBox) -> Option<Raster> {
    let years = grid.layers / MONTHS;
    let mut mean = grid.window(month, bbox)?;
    for year in 1..years {
        let layer = grid.window(year * MONTHS + month, bbox)?;
        for (sum, value) in mean.values.iter_mut().zip(layer.values) {
            *sum += value;
        }
    }
    for value in &mut mean.values {
        *value /= years as f32;
    }
    Some(mean)
}

/// Whole years, one step a month, from a January on: otherwise the index is no calendar month.
fn check_time(grid: &Grid) -> Result<(), String> {
    let Some((units, steps)) = &grid.time else {
        return Err("the wind has no time axis".to_owned());
    };
    if steps.is_empty() || !steps.len().is_multiple_of(MONTHS) {
        return Err(format!("{} months are not whole years", steps.len()));
    }
    let hours_per_unit = if units.starts_with("hour") {
        1.0
    } else if units.starts_with("day") {
        24.0
    } else {
        return Err(format!("time in {units:?} is not understood; hours or days since a date are"));
    };
    let gaps = steps.windows(2).map(|pair| (pair[1] - pair[0]) * hours_per_unit / 24.0);
    if let Some(gap) = gaps.into_iter().find(|gap| !(27.0..=32.0).contains(gap)) {
        return Err(format!("two steps are {gap:.1} days apart; a month is 27 to 32"));
    }
    let month = first_month(units, steps[0] * hours_per_unit)
        .ok_or_else(|| format!("time in {units:?} has no date to count from"))?;
    if month == 1 {
        Ok(())
    } else {
        Err(format!("the series begins in month {month}, not in January"))
    }
}

fn first_month(units: &str, hours: f64) -> Option<i8> {
    let date = units.split("since").nth(1)?.trim();
    let origin: jiff::civil::DateTime = date.replacen(' ', "T", 1).parse().ok()?;
    let span = jiff::Span::new().try_hours(hours.round() as i64).ok()?;
    origin.checked_add(span).ok().map(jiff::civil::DateTime::month)
}

/// `None` where unknown, or beyond what the unit holds (which the range rule would refuse anyway).
fn cm_s(metres_per_second: f32) -> Option<i16> {
    let rounded = (metres_per_second * 100.0).round();
    (rounded.abs() <= f32::from(i16::MAX)).then_some(rounded as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::{Resolution, zones_in};

    /// Two years of 30-degree nodes; the wind is the month's number, in the second year two more.
    fn grid(units: &str, months: usize) -> Grid {
        let latitudes: Vec<f64> = (-3..=3).map(|i| f64::from(i) * 30.0).collect();
        let longitudes: Vec<f64> = (0..12).map(|i| 20.0 + f64::from(i) * 30.0).collect();
        let plane = latitudes.len() * longitudes.len();
        let values = (0..months)
            .flat_map(|step| {
                vec![(step % 12 + 1) as f32 + if step >= 12 { 2.0 } else { 0.0 }; plane]
            })
            .collect();
        let time = Some((units.to_owned(), (0..months).map(|i| i as f64 * 730.5).collect()));
        Grid { layers: months, latitudes, longitudes, values, time, drift_degrees: 0.0 }
    }

    fn bbox() -> BBox {
        BBox::new(-1.0, 40.0, 1.0, 41.0).unwrap()
    }

    const JANUARY: &str = "hour since 1980-01-14 14:00:00";

    #[test]
    fn a_month_is_the_mean_of_its_years_also_west_of_greenwich() {
        let grid = grid(JANUARY, 24);
        let months = Months::mean(Path::new("w.cdf"), &grid, &grid, bbox()).unwrap();
        let zones = zones_in(bbox(), Resolution::FIVE);
        let wind = stage(&zones, &months, ProvenanceId(1));
        assert!(wind.len() > 20);
        for wind in wind {
            let expected: Vec<i16> = (1..=12).map(|month| (month + 1) * 100).collect();
            let months = wind.unwrap().months;
            assert_eq!(months.map(|vector| vector.u_cm_s).to_vec(), expected);
        }
    }

    #[test]
    fn a_series_that_is_no_calendar_is_refused_with_its_reason() {
        let refusal = |grid: Grid| {
            Months::mean(Path::new("w.cdf"), &grid, &grid, bbox()).err().unwrap().reason
        };
        assert_eq!(refusal(grid(JANUARY, 18)), "18 months are not whole years");
        assert_eq!(
            refusal(grid("hour since 1980-04-14 14:00:00", 24)),
            "the series begins in month 4, not in January"
        );
        let mut jumping = grid(JANUARY, 24);
        jumping.time.as_mut().unwrap().1[5] += 400.0;
        assert_eq!(refusal(jumping), "two steps are 47.1 days apart; a month is 27 to 32");
    }

    #[test]
    fn an_unknown_wind_stays_unknown() {
        let mut grid = grid(JANUARY, 24);
        grid.values.fill(f32::NAN);
        let months = Months::mean(Path::new("w.cdf"), &grid, &grid, bbox()).unwrap();
        let zones = zones_in(bbox(), Resolution::FIVE);
        let wind = stage(&zones, &months, ProvenanceId(1));
        assert!(wind.iter().all(Option::is_none));
    }
}
