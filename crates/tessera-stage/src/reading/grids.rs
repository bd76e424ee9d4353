//! Windows of rasters over the world's box and a margin; a file is never held whole.

use super::{Broken, file_name};
use crate::calendar::month_of;
use crate::layers::wind::{Series, check_time};
use crate::raster::Raster;
use std::path::Path;
use tessera_formats::{Bounds, Grid, GridFormat, GridOptions, Sample, SampleKind, TimeAxis};
use tessera_grid::BBox;

/// Degrees kept beyond the box at least: zones of resolution 3 reach that far.
const MARGIN_DEGREES: f64 = 1.0;
/// Nodes kept beyond the box on each side, so that every zone of the box lies inside.
const MARGIN_NODES: usize = 3;

/// A raster, and what its reader noticed.
#[derive(Clone, Debug)]
pub struct Read<T> {
    pub raster: Raster<T>,
    /// How far the file's axes stray from regular ones, degrees.
    pub drift_degrees: f64,
    pub notes: Vec<String>,
}

/// Measured numbers, NaN where unknown.
pub fn numbers(
    path: &Path,
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
) -> Result<Read<f32>, Broken> {
    let mut grid = open(path, format, options)?;
    let raster = window::<f32>(path, &mut grid, 0, bbox)?;
    Ok(read(path, &grid, raster))
}

/// Class numbers and masks, as stored.
pub fn classes(
    path: &Path,
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
) -> Result<Read<u8>, Broken> {
    let mut grid = open(path, format, options)?;
    let raster = if grid.kind() == SampleKind::U8 {
        window::<u8>(path, &mut grid, 0, bbox)?
    } else {
        narrow(window::<f32>(path, &mut grid, 0, bbox)?)
    };
    Ok(read(path, &grid, raster))
}

/// Every band of one variable: the steps of its time.
pub fn series(
    path: &Path,
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
) -> Result<Series, Broken> {
    let mut grid = open(path, format, options)?;
    let steps = (0..grid.bands())
        .map(|band| window::<f32>(path, &mut grid, band, bbox))
        .collect::<Result<_, _>>()?;
    Ok(Series { time: grid.time().cloned(), steps })
}

/// Twelve months, from one file with twelve bands or from several, as twelve files of one each.
pub fn months(
    paths: &[&Path],
    format: &GridFormat,
    options: &GridOptions,
    bbox: BBox,
) -> Result<Vec<Raster<f32>>, Broken> {
    let wrong = |path: &Path, reason: String| Broken::new("time_axis", path, reason);
    let (mut months, mut axes) = (Vec::new(), Vec::new());
    for path in paths {
        let mut series = series(path, format, options, bbox)?;
        if paths.len() == 1 {
            check_year(&series).map_err(|reason| wrong(path, reason))?;
        }
        axes.extend(series.time.take().map(|time| Axis { path, before: months.len(), time }));
        months.append(&mut series.steps);
    }
    if months.len() != 12 {
        let reason = format!("{} months where twelve are needed", months.len());
        return Err(wrong(paths.first().copied().unwrap_or(Path::new("")), reason));
    }
    if paths.len() > 1 {
        check_files(&axes).map_err(|(path, reason)| wrong(path, reason))?;
    }
    Ok(months)
}

/// The time axis of one of several files.
struct Axis<'a> {
    path: &'a Path,
    /// Months of the files before it.
    before: usize,
    time: TimeAxis,
}

/// The months of several files are taken in the order of the files: an axis that says which month it is of must say
/// the same.
fn check_files<'a>(axes: &[Axis<'a>]) -> Result<(), (&'a Path, String)> {
    let (dated, numbered): (Vec<&Axis<'a>>, Vec<_>) =
        axes.iter().partition(|axis| axis.time.units.contains("since"));
    for axis in dated {
        for (taken_for, &time) in (axis.before + 1..).zip(&axis.time.values) {
            let month = month_of(&axis.time, time).map_err(|reason| (axis.path, reason))?;
            if usize::from(month) != taken_for {
                let reason =
                    format!("its time is in month {month}, and it is taken for month {taken_for}");
                return Err((axis.path, reason));
            }
        }
    }
    check_numbers(&numbered)
}

/// Bare numbers count the months from 0 or from 1 on. Without a unit they may also count the steps of their own file:
/// then each file has the same.
fn check_numbers<'a>(axes: &[&Axis<'a>]) -> Result<(), (&'a Path, String)> {
    let Some(first) = axes.first() else { return Ok(()) };
    let own_steps =
        |axis: &&Axis<'_>| axis.time.units.is_empty() && axis.time.values == first.time.values;
    if axes.len() > 1 && axes.iter().all(own_steps) {
        return Ok(());
    }
    let wanted = |from: usize, axis: &Axis<'_>, step: usize| (from + axis.before + step) as f64;
    let begins = first.time.values.first().copied().unwrap_or(f64::NAN);
    let counts = |from: &usize| wanted(*from, first, 0).total_cmp(&begins).is_eq();
    let Some(from) = [0, 1].into_iter().find(counts) else {
        let reason = format!("its month is numbered {begins}, and it is taken for the first");
        return Err((first.path, reason));
    };
    for axis in axes {
        for (step, &time) in axis.time.values.iter().enumerate() {
            let wanted = wanted(from, axis, step);
            if time.total_cmp(&wanted).is_ne() {
                let reason = format!(
                    "its month is numbered {time}, and after the files before it that would be {wanted}"
                );
                return Err((axis.path, reason));
            }
        }
    }
    Ok(())
}

/// The months of one file are taken by index: its axis, where it has one, must say the same.
fn check_year(series: &Series) -> Result<(), String> {
    let Some(TimeAxis { units, values: steps, .. }) = &series.time else { return Ok(()) };
    if units.contains("since") {
        return check_time(series);
    }
    let from = |first: u8| (first..).map(f64::from).take(steps.len());
    if [0, 1].into_iter().any(|first| steps.iter().copied().eq(from(first))) {
        return Ok(());
    }
    let numbers: Vec<String> = steps.iter().map(f64::to_string).collect();
    Err(format!("its months are numbered {}, which is not from January on", numbers.join(", ")))
}

fn open(path: &Path, format: &GridFormat, options: &GridOptions) -> Result<Grid, Broken> {
    Ok(Grid::open(path, format, options)?)
}

fn read<T>(path: &Path, grid: &Grid, raster: Raster<T>) -> Read<T> {
    let file = file_name(path);
    let notes = grid.notes().iter().map(|note| format!("{file}: {}", note.sentence)).collect();
    Read { raster, drift_degrees: grid.drift_degrees(), notes }
}

fn window<T: Sample>(
    path: &Path,
    grid: &mut Grid,
    band: usize,
    bbox: BBox,
) -> Result<Raster<T>, Broken> {
    let bounds = Bounds {
        west: bbox.west() - MARGIN_DEGREES,
        south: (bbox.south() - MARGIN_DEGREES).max(-90.0),
        east: bbox.east() + MARGIN_DEGREES,
        north: (bbox.north() + MARGIN_DEGREES).min(90.0),
    };
    let found = grid.window::<T>(band, bounds, MARGIN_NODES)?;
    found
        .map(Raster::from)
        .ok_or_else(|| Broken::new("coverage_source", path, "it does not reach the world's box"))
}

/// Class numbers that were stored wider; what is no class number becomes 255, which no legend names.
fn narrow(raster: Raster<f32>) -> Raster<u8> {
    let class = |value: f32| {
        if (0.0..255.0).contains(&value) && value.fract() == 0.0 { value as u8 } else { u8::MAX }
    };
    Raster {
        west: raster.west,
        north: raster.north,
        step_longitude: raster.step_longitude,
        step_latitude: raster.step_latitude,
        columns: raster.columns,
        rows: raster.rows,
        values: raster.values.into_iter().map(class).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_of_a_file_begin_in_january_where_its_axis_says_when_they_are() {
        let year = |units: &str, values: Vec<f64>| {
            let steps = vec![Raster::empty(); values.len()];
            let (units, calendar) = (units.to_owned(), String::new());
            check_year(&Series { time: Some(TimeAxis { units, calendar, values }), steps })
        };
        let numbers = |first: u8| (first..first + 12).map(f64::from).collect::<Vec<_>>();
        assert_eq!(year("", numbers(1)), Ok(()));
        assert_eq!(year("month", numbers(0)), Ok(()));
        let mut turned = numbers(1);
        turned.rotate_left(3);
        assert_eq!(
            year("", turned),
            Err(
                "its months are numbered 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, which is not from \
                 January on"
                    .to_owned()
            )
        );
        let hours: Vec<f64> = (0..12).map(|month| f64::from(month) * 730.5).collect();
        assert_eq!(year("hour since 1980-01-14 14:00:00", hours.clone()), Ok(()));
        assert_eq!(
            year("hour since 1980-04-14 14:00:00", hours),
            Err("the series begins in month 4, not in January".to_owned())
        );
        assert_eq!(check_year(&Series { time: None, steps: vec![] }), Ok(()));
    }
}
