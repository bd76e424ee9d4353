//! Whether the raster of heights lies where the coast says: the right way up, in its place, row by row.
//!
//! The coast is cut once into a mask of the raster's own nodes; what is asked then are sums over the mask.

use crate::found::{Found, Spot};
use tessera_grid::Position;
use tessera_stage::layers::surface::LandRows;
use tessera_stage::raster::Raster;
use tessera_stage::staged::Staged;

/// Nodes whose sign disagrees, from which it is said.
const SIGN_NODES_SHARE: f64 = 0.01;
/// A turned raster that fits the coast better than the raster as it is, by this share of all nodes.
const ORIENTATION_GAIN: f64 = 0.05;
/// Steps that a raster, and that one row, is moved by to see whether it fits better.
const SHIFT_MAX: isize = 3;
const ROW_SHIFT_MAX: isize = 8;
/// A moved raster fits better when it disagrees with the coast this much less …
const SHIFT_GAIN: f64 = 0.8;
/// … in at least so many nodes.
const SHIFT_NODES_MIN: u64 = 20;
/// A moved row fits its neighbours better when it differs from them this much less …
const ROW_GAIN: f64 = 0.5;
/// … and by so many metres a node: over plains and open sea no row tells its place.
const ROW_GAIN_M: f64 = 25.0;
/// Fewer nodes that can be compared say nothing of a row.
const ROW_NODES_MIN: usize = 24;

/// What the coast says of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Outside the world's box.
    Unasked,
    Land,
    Sea,
}

pub(crate) fn check(staged: &Staged, land: &LandRows, found: &mut Found) {
    let raster = &staged.elevation;
    if raster.is_empty() || staged.land.is_empty() {
        return;
    }
    let mask = mask(staged, land);
    signs(raster, &mask, found);
    turned(raster, &mask, found);
    moved(raster, &mask, found);
    rows(raster, found);
}

fn mask(staged: &Staged, land: &LandRows) -> Vec<Side> {
    let raster = &staged.elevation;
    let side = |row: usize, column: usize| {
        let (longitude, latitude) = raster.node(row, column);
        let inside = Position::new(latitude, longitude).is_ok_and(|at| staged.bbox.contains(at));
        match inside {
            false => Side::Unasked,
            true if land.holds(longitude, latitude) => Side::Land,
            true => Side::Sea,
        }
    };
    (0..raster.rows)
        .flat_map(|row| (0..raster.columns).map(move |column| side(row, column)))
        .collect()
}

/// Nodes that can be compared, and those on the wrong side of the sea's level, with the value of each node
/// taken from elsewhere.
fn wrong(
    raster: &Raster,
    mask: &[Side],
    from: impl Fn(usize, usize) -> Option<(usize, usize)>,
) -> (u64, u64) {
    let (mut asked, mut wrong) = (0, 0);
    for row in 0..raster.rows {
        for column in 0..raster.columns {
            let side = mask[row * raster.columns + column];
            if side == Side::Unasked {
                continue;
            }
            let height = from(row, column).and_then(|(row, column)| raster.get(row, column));
            let Some(height) = height.filter(|height| !height.is_nan() && *height != 0.0) else {
                continue;
            };
            asked += 1;
            wrong += u64::from((height > 0.0) != (side == Side::Land));
        }
    }
    (asked, wrong)
}

fn signs(raster: &Raster, mask: &[Side], found: &mut Found) {
    let (asked, wrong) = wrong(raster, mask, |row, column| Some((row, column)));
    if wrong as f64 > SIGN_NODES_SHARE * asked as f64 {
        let share = 100.0 * wrong as f64 / asked as f64;
        let message = format!(
            "{wrong} of {asked} nodes ({share:.1} %) are above 0 at sea or below 0 on land, by the coast's source"
        );
        found.say("terrain_sign_nodes", message);
    }
}

/// Upside down, mirrored, or with its axes swapped.
fn turned(raster: &Raster, mask: &[Side], found: &mut Found) {
    let (rows, columns) = (raster.rows, raster.columns);
    let share = |(asked, wrong): (u64, u64)| wrong as f64 / asked.max(1) as f64;
    let own = share(wrong(raster, mask, |row, column| Some((row, column))));
    let upside_down = wrong(raster, mask, |row, column| Some((rows - 1 - row, column)));
    let mirrored = wrong(raster, mask, |row, column| Some((row, columns - 1 - column)));
    let swapped = wrong(raster, mask, |row, column| {
        Some((column * rows / columns.max(1), row * columns / rows.max(1)))
    });
    let best = [
        ("turned upside down: its latitudes are flipped", share(upside_down)),
        ("mirrored: its longitudes are flipped", share(mirrored)),
        ("with rows and columns swapped: its axes are swapped", share(swapped)),
    ]
    .into_iter()
    .min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((how, other)) = best.filter(|(_, other)| other + ORIENTATION_GAIN < own) {
        let message = format!(
            "the raster disagrees with the coast in {:.1} % of its nodes, and in {:.1} % when {how}",
            100.0 * own,
            100.0 * other
        );
        found.say("terrain_orientation", message);
    }
}

/// The whole raster beside its place.
fn moved(raster: &Raster, mask: &[Side], found: &mut Found) {
    let by = |south: isize, east: isize| {
        wrong(raster, mask, |row, column| {
            Some((row.checked_add_signed(-south)?, column.checked_add_signed(-east)?))
        })
    };
    let (_, own) = by(0, 0);
    let steps = -SHIFT_MAX..=SHIFT_MAX;
    let best = steps
        .clone()
        .flat_map(|south| steps.clone().map(move |east| (south, east)))
        .map(|(south, east)| {
            let (asked, wrong) = by(south, east);
            // A raster moved off the box is asked less; it must not look better for that.
            (mask.len() as f64 * wrong as f64 / asked.max(1) as f64, wrong, south, east)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, wrong, south, east)) = best.filter(|best| (best.2, best.3) != (0, 0)) else {
        return;
    };
    if (wrong as f64) < SHIFT_GAIN * own as f64 && own - wrong >= SHIFT_NODES_MIN {
        let message = format!(
            "moved {east} columns east and {south} rows south the raster disagrees with the coast in {wrong} nodes, as it is in {own}"
        );
        found.say("terrain_shift", message);
    }
}

/// One row beside its place: it fits the rows above and below better when it is moved.
fn rows(raster: &Raster, found: &mut Found) {
    let better: Vec<Option<Better>> = (0..raster.rows).map(|row| Better::of(raster, row)).collect();
    let gain = |row: usize| {
        better
            .get(row)
            .and_then(|better| better.as_ref())
            .map_or(0.0, |better| better.own - better.other)
    };
    let mut spots = Vec::new();
    for (row, better) in better.iter().enumerate() {
        let Some(Better { own, other, east }) = better else { continue };
        // The rows beside a moved one fit badly too; it is the one that gains most.
        if gain(row) < gain(row.wrapping_sub(1)) || gain(row) < gain(row + 1) {
            continue;
        }
        let (_, latitude) = raster.node(row, 0);
        let message = format!(
            "row {row}, at {latitude:.3} degrees north, fits the rows beside it when it is moved {east} columns east: it differs from them by {other:.0} m a node then, by {own:.0} m as it is"
        );
        let position = raster.position(row, raster.columns / 2);
        spots.push(Spot::position(position, own - other, message));
    }
    found.spots("terrain_row_shift", spots);
}

/// That a row fits better elsewhere: metres a node as it is, and moved.
struct Better {
    own: f64,
    other: f64,
    east: isize,
}

impl Better {
    fn of(raster: &Raster, row: usize) -> Option<Self> {
        let own = misfit(raster, row, 0).filter(|own| *own > ROW_GAIN_M)?;
        let (other, east) = (-ROW_SHIFT_MAX..=ROW_SHIFT_MAX)
            .filter(|east| *east != 0)
            .filter_map(|east| Some((misfit(raster, row, east)?, east)))
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        (other < ROW_GAIN * own && own - other > ROW_GAIN_M).then_some(Self { own, other, east })
    }
}

/// How far a row, moved east, is from the middle of the rows above and below, metres a node.
fn misfit(raster: &Raster, row: usize, east: isize) -> Option<f64> {
    if row == 0 || row + 1 >= raster.rows {
        return None;
    }
    let at = |row: usize, column: usize| f64::from(raster.values[row * raster.columns + column]);
    let (mut sum, mut nodes) = (0.0, 0);
    for column in 0..raster.columns {
        let Some(from) = column.checked_add_signed(-east).filter(|from| *from < raster.columns)
        else {
            continue;
        };
        let off = at(row, from) - f64::midpoint(at(row - 1, column), at(row + 1, column));
        if off.is_finite() {
            sum += off.abs();
            nodes += 1;
        }
    }
    (nodes >= ROW_NODES_MIN).then(|| sum / nodes as f64)
}
