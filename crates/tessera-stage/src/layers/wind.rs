//! Wind: the mean vector of each calendar month, between the four nodes around a zone's centre.
//!
//! Means of vectors, not of speeds: where the wind turns, its mean is weaker than the wind a sailor meets.

use crate::calendar::{hours_per_unit, month_of};
use crate::raster::Raster;
use crate::reading::Broken;
use crate::scan::of_each;
use std::path::Path;
use tessera_formats::TimeAxis;
use tessera_grid::Zone;
use tessera_world::{FlowVector, ProvenanceId, Wind};

pub const METHOD: &str = "Mean of the monthly mean vectors of all years, eastward and northward apart, \
     interpolated between the four nodes around the zone's centre; a node without a value has the mean of \
     its known neighbours, two nodes deep.";

const MONTHS: usize = 12;

/// Twelve rasters of each component, m/s, January first.
pub struct Months {
    pub eastward: Vec<Raster>,
    pub northward: Vec<Raster>,
}

/// The steps of one component: a raster each, over the world's box.
#[derive(Clone, Debug)]
pub struct Series {
    pub time: Option<TimeAxis>,
    pub steps: Vec<Raster>,
}

impl Months {
    /// Means of the calendar months of a series that begins in a January and has whole years.
    pub fn mean(path: &Path, eastward: &Series, northward: &Series) -> Result<Self, Broken> {
        check_time(eastward).map_err(|reason| Broken::new("time_axis", path, reason))?;
        let axes = |series: &Series| {
            series.steps.first().map(|step| (series.steps.len(), step.columns, step.rows))
        };
        if axes(eastward) != axes(northward) || eastward.time != northward.time {
            return Err(Broken::new("schema", path, "the two components have different axes"));
        }
        let months = |series: &Series| (0..MONTHS).map(|m| mean_of_month(series, m)).collect();
        Ok(Self { eastward: months(eastward), northward: months(northward) })
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

/// What one dataset does not know of, another may: earlier ones come first.
pub fn fill(known: &mut Vec<Option<Wind>>, next: Vec<Option<Wind>>) {
    known.resize(known.len().max(next.len()), None);
    for (slot, wind) in known.iter_mut().zip(next) {
        *slot = slot.or(wind);
    }
}

/// Nodes that ships' reports leave out lie on land and about capes; the wind of the coast beside them is
/// that of the nearest water, so far but no farther.
const FILL_ROUNDS: usize = 2;

fn fill_gaps(raster: &mut Raster) {
    for _ in 0..FILL_ROUNDS {
        let before = raster.values.clone();
        for row in 0..raster.rows {
            for column in 0..raster.columns {
                let slot = row * raster.columns + column;
                if !before[slot].is_finite() {
                    raster.values[slot] = mean_about(raster, &before, row, column);
                }
            }
        }
    }
}

/// Of the known values of the eight nodes around one; not a number without any.
fn mean_about(raster: &Raster, values: &[f32], row: usize, column: usize) -> f32 {
    let (rows, columns) = (row.saturating_sub(1)..=row + 1, column.saturating_sub(1)..=column + 1);
    let (mut sum, mut count) = (0.0, 0.0);
    for row in rows.filter(|row| *row < raster.rows) {
        for column in columns.clone().filter(|column| *column < raster.columns) {
            let value = values[row * raster.columns + column];
            if value.is_finite() {
                sum += value;
                count += 1.0;
            }
        }
    }
    sum / count
}

fn mean_of_month(series: &Series, month: usize) -> Raster {
    let mut steps = series.steps.iter().skip(month).step_by(MONTHS);
    let mut mean = steps.next().cloned().unwrap_or_else(Raster::empty);
    let mut years = 1.0_f32;
    for step in steps {
        for (sum, value) in mean.values.iter_mut().zip(&step.values) {
            *sum += value;
        }
        years += 1.0;
    }
    for value in &mut mean.values {
        *value /= years;
    }
    fill_gaps(&mut mean);
    mean
}

/// Whole years, one step a month, from a January on: otherwise the index is no calendar month.
pub(crate) fn check_time(series: &Series) -> Result<(), String> {
    let Some(axis) = &series.time else {
        return Err("it has no time axis".to_owned());
    };
    let steps = &axis.values;
    if steps.is_empty() || !steps.len().is_multiple_of(MONTHS) || steps.len() != series.steps.len()
    {
        return Err(format!("{} months are not whole years", steps.len()));
    }
    let hours_per_unit = hours_per_unit(axis)?;
    let gaps = steps.windows(2).map(|pair| (pair[1] - pair[0]) * hours_per_unit / 24.0);
    if let Some(gap) = gaps.into_iter().find(|gap| !(27.0..=32.0).contains(gap)) {
        return Err(format!("two steps are {gap:.1} days apart; a month is 27 to 32"));
    }
    for (step, &time) in steps.iter().enumerate() {
        let (month, wanted) = (month_of(axis, time)?, step % MONTHS + 1);
        if step == 0 && month != 1 {
            return Err(format!("the series begins in month {month}, not in January"));
        }
        if usize::from(month) != wanted {
            let step = step + 1;
            return Err(format!("step {step} falls in month {month}, and month {wanted} is next"));
        }
    }
    Ok(())
}

/// `None` where unknown, or beyond what the unit holds (which the range rule would refuse anyway).
fn cm_s(metres_per_second: f32) -> Option<i16> {
    let rounded = (metres_per_second * 100.0).round();
    (rounded.abs() <= f32::from(i16::MAX)).then_some(rounded as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::{BBox, Resolution, zones_in};

    /// Two years of 30-degree nodes; the wind is the month's number, in the second year two more.
    fn series(units: &str, months: usize) -> Series {
        let step = |step: usize| Raster {
            west: -40.0,
            north: 90.0,
            step_longitude: 30.0,
            step_latitude: 30.0,
            columns: 4,
            rows: 7,
            values: vec![(step % 12 + 1) as f32 + if step >= 12 { 2.0 } else { 0.0 }; 28],
        };
        let time = TimeAxis {
            units: units.to_owned(),
            calendar: String::new(),
            values: (0..months).map(|i| i as f64 * 730.5).collect(),
        };
        Series { time: Some(time), steps: (0..months).map(step).collect() }
    }

    #[test]
    fn a_gap_has_the_wind_of_the_water_beside_it_and_the_inland_stays_unknown() {
        let mut raster = Raster {
            west: 0.0,
            north: 0.0,
            step_longitude: 1.0,
            step_latitude: 1.0,
            columns: 5,
            rows: 1,
            values: vec![4.0, f32::NAN, f32::NAN, f32::NAN, f32::NAN],
        };
        fill_gaps(&mut raster);
        assert_eq!(raster.values[..3], [4.0, 4.0, 4.0]);
        assert!(raster.values[3].is_nan() && raster.values[4].is_nan());
    }

    #[test]
    fn the_first_dataset_that_knows_a_wind_is_believed() {
        let wind =
            |id| Some(Wind { months: [FlowVector::default(); 12], provenance: ProvenanceId(id) });
        let mut known = Vec::new();
        fill(&mut known, vec![wind(1), None, None]);
        fill(&mut known, vec![wind(2), wind(2), None]);
        assert_eq!(known, vec![wind(1), wind(2), None]);
    }

    fn bbox() -> BBox {
        BBox::new(-1.0, 40.0, 1.0, 41.0).unwrap()
    }

    const JANUARY: &str = "hour since 1980-01-14 14:00:00";

    #[test]
    fn a_month_is_the_mean_of_its_years_also_west_of_greenwich() {
        let series = series(JANUARY, 24);
        let months = Months::mean(Path::new("w.cdf"), &series, &series).unwrap();
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
        let refusal = |series: Series| {
            Months::mean(Path::new("w.cdf"), &series, &series).err().unwrap().reason
        };
        assert_eq!(refusal(series(JANUARY, 18)), "18 months are not whole years");
        assert_eq!(
            refusal(series("hour since 1980-04-14 14:00:00", 24)),
            "the series begins in month 4, not in January"
        );
        let mut jumping = series(JANUARY, 24);
        jumping.time.as_mut().unwrap().values[5] += 400.0;
        assert_eq!(refusal(jumping), "two steps are 47.1 days apart; a month is 27 to 32");
        let mut late = series("hour since 1980-01-31 14:00:00", 24);
        assert_eq!(refusal(late.clone()), "step 2 falls in month 3, and month 2 is next");
        late.time.as_mut().unwrap().calendar = "lunar".to_owned();
        assert!(refusal(late).starts_with("its time is counted in the calendar \"lunar\""));
    }

    /// A century of middles of months, in thirties: in our calendar they would have gone on to the month before.
    #[test]
    fn the_months_of_a_series_are_those_of_its_own_calendar() {
        let mut century = series("days since 1900-01-16", 1_200);
        let time = century.time.as_mut().unwrap();
        time.values = (0..1_200).map(|month| f64::from(month) * 30.0).collect();
        assert_eq!(
            check_time(&century),
            Err("step 38 falls in month 1, and month 2 is next".to_owned())
        );
        century.time.as_mut().unwrap().calendar = "360_day".to_owned();
        assert_eq!(check_time(&century), Ok(()));
    }

    #[test]
    fn an_unknown_wind_stays_unknown() {
        let mut series = series(JANUARY, 24);
        series.steps.iter_mut().for_each(|step| step.values.fill(f32::NAN));
        let months = Months::mean(Path::new("w.cdf"), &series, &series).unwrap();
        let zones = zones_in(bbox(), Resolution::FIVE);
        let wind = stage(&zones, &months, ProvenanceId(1));
        assert!(wind.iter().all(Option::is_none));
    }
}
