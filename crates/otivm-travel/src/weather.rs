//! Winds about their monthly mean, and what a ship makes of them.
//!
//! A chart knows monthly mean vectors. The wind of a day is taken as that mean plus an isotropic normal
//! deviation (Brooks, Durst and Carruthers 1946; Crutcher 1957): without it the Mediterranean would
//! seem almost calm, as gales from all sides cancel in the mean. The deviation is fitted to the
//! scalar wind speeds of COADS (Mediterranean, Atlantic, North Sea, Red Sea, Arabian Sea; a mean
//! error of 0.3 m/s over twelve months): small and steady in the tropics, larger to the north and in winter.

use crate::{KNOT_M_S, Parameters, ShipType, ship::Rig};
use std::{f64::consts::TAU, sync::LazyLock};

/// Deviation by latitude, m/s per component: degrees north, mean over the year, half the swing
/// between January and July.
const DEVIATION: [(f64, f64, f64); 4] =
    [(15.0, 2.7, 0.1), (24.0, 3.0, 0.3), (38.0, 4.3, 1.05), (52.0, 5.6, 1.3)];
/// Near gale to the ancients as to Beaufort: force 8 begins.
pub(crate) const GALE_M_S: f64 = 17.2;

/// Standard deviation per component, m/s.
pub(crate) fn deviation_m_s(latitude: f64, month: usize) -> f64 {
    let (mean, swing) = between(latitude);
    mean + swing * (TAU * (month as f64 - 0.3) / 12.0).cos()
}

fn between(latitude: f64) -> (f64, f64) {
    let latitude = latitude.clamp(DEVIATION[0].0, DEVIATION[DEVIATION.len() - 1].0);
    for pair in DEVIATION.windows(2) {
        let ((south, mean_a, swing_a), (north, mean_b, swing_b)) = (pair[0], pair[1]);
        if latitude <= north {
            let share = (latitude - south) / (north - south);
            return (mean_a + (mean_b - mean_a) * share, swing_a + (swing_b - swing_a) * share);
        }
    }
    (DEVIATION[0].1, DEVIATION[0].2)
}

/// Chance that the wind of some hour is a gale.
pub(crate) fn gale_chance(mean_m_s: f64, deviation_m_s: f64) -> f64 {
    let blows = |(u, v): &(f64, f64)| (mean_m_s + u).powi(2) + v * v >= GALE_M_S * GALE_M_S;
    samples(deviation_m_s).filter(blows).count() as f64 * SAMPLE_WEIGHT
}

/// Rings of equal probability in which a normal deviation is sampled.
const SHELLS: usize = 16;
const SPOKES: usize = 16;

/// All samples weigh the same, together 1.
const SAMPLE_WEIGHT: f64 = 1.0 / (SHELLS * SPOKES) as f64;

/// A sample of a deviation of 1: how far from its mean, and where to.
struct Spoke {
    radius: f64,
    cos: f64,
    sin: f64,
}

static DISC: LazyLock<Vec<Spoke>> = LazyLock::new(|| {
    let spokes = (0..SHELLS).flat_map(|shell| {
        // The median radius of each shell of a Rayleigh distribution.
        let outside = 1.0 - (shell as f64 + 0.5) / SHELLS as f64;
        let radius = (-2.0 * outside.ln()).sqrt();
        let turn = (shell % 2) as f64 / 2.0;
        (0..SPOKES).map(move |spoke| {
            let (sin, cos) = (TAU * (spoke as f64 + turn) / SPOKES as f64).sin_cos();
            Spoke { radius, cos, sin }
        })
    });
    spokes.collect()
});

/// Winds about a mean, along and across any direction.
fn samples(deviation_m_s: f64) -> impl Iterator<Item = (f64, f64)> {
    DISC.iter().map(move |Spoke { radius, cos, sin }| {
        let radius = deviation_m_s * radius;
        (radius * cos, radius * sin)
    })
}

const DEVIATION_STEP: f64 = 0.4;
const DEVIATION_LEAST: f64 = 0.5;
const DEVIATIONS: usize = 24;
const WIND_STEP: f32 = 0.5;
const ALONG: usize = 61;
const ACROSS: usize = 31;
const ALONG_MOST: f32 = 15.0;

/// Speeds made good of one ship type by mean wind and deviation, tabulated.
pub(crate) struct Speeds {
    /// m/s, by deviation, wind along the course (-15..=15) and across it (0..=15).
    table: Vec<f32>,
    /// The table of a degree of latitude (0..=90) in a month.
    by_latitude: Vec<[u8; 12]>,
    pub(crate) fastest_m_s: f32,
}

impl Speeds {
    pub(crate) fn of(ship: ShipType, parameters: &Parameters) -> Self {
        let polar = Polar::of(&ship.rig(), parameters);
        let mut table = Vec::with_capacity(DEVIATIONS * ALONG * ACROSS);
        for step in 0..DEVIATIONS {
            let deviation = DEVIATION_LEAST + step as f64 * DEVIATION_STEP;
            let samples: Vec<_> = samples(deviation).map(|(u, v)| (u as f32, v as f32)).collect();
            for along in 0..ALONG {
                for across in 0..ACROSS {
                    let along = along as f32 * WIND_STEP - ALONG_MOST;
                    let across = across as f32 * WIND_STEP;
                    let speeds = samples
                        .iter()
                        .map(|(u, v)| SAMPLE_WEIGHT as f32 * polar.at(along + u, across + v));
                    table.push(speeds.sum());
                }
            }
        }
        let fastest_m_s = table.iter().copied().fold(0.0, f32::max);
        let by_latitude = (0..=90).map(|latitude| {
            let mut months = [0; 12];
            for (month, slot) in months.iter_mut().enumerate() {
                let deviation = deviation_m_s(f64::from(latitude), month) * parameters.wind_spread;
                let steps = (deviation - DEVIATION_LEAST) / DEVIATION_STEP;
                *slot = steps.round().clamp(0.0, (DEVIATIONS - 1) as f64) as u8;
            }
            months
        });
        Self { table, by_latitude: by_latitude.collect(), fastest_m_s }
    }

    /// Mean speed made good, m/s, with the mean wind along and across the course.
    pub(crate) fn made_good(&self, latitude: i8, month: usize, along: f32, across: f32) -> f32 {
        let row = usize::from(latitude.unsigned_abs()).min(90);
        let first = usize::from(self.by_latitude[row][month]) * ALONG * ACROSS;
        let x = ((along + ALONG_MOST) / WIND_STEP).clamp(0.0, (ALONG - 1) as f32);
        let y = (across.abs() / WIND_STEP).clamp(0.0, (ACROSS - 1) as f32);
        let (left, low) = ((x as usize).min(ALONG - 2), (y as usize).min(ACROSS - 2));
        let (right_share, high_share) = (x - left as f32, y - low as f32);
        let at = |along: usize, across: usize| self.table[first + along * ACROSS + across];
        let low_edge = at(left, low) * (1.0 - right_share) + at(left + 1, low) * right_share;
        let high_edge =
            at(left, low + 1) * (1.0 - right_share) + at(left + 1, low + 1) * right_share;
        low_edge * (1.0 - high_share) + high_edge * high_share
    }
}

/// What a ship makes good in winds of every strength and angle, tabulated.
struct Polar(Vec<f32>);

impl Polar {
    const STEP: f32 = 0.25;
    /// 40 m/s, beyond which every ship lies to.
    const REACH: usize = 160;
    const WIDTH: usize = 2 * Self::REACH + 1;

    fn of(rig: &Rig, parameters: &Parameters) -> Self {
        let value = |step: usize| f64::from(step as f32 * Self::STEP);
        let reach = value(Self::REACH);
        let across = |row: usize| (0..Self::WIDTH).map(move |along| (row, along));
        let cells = (0..=Self::REACH).flat_map(across);
        Self(
            cells
                .map(|(row, along)| {
                    made_good_m_s(rig, parameters, value(along) - reach, value(row)) as f32
                })
                .collect(),
        )
    }

    fn at(&self, along: f32, across: f32) -> f32 {
        let column = (along / Self::STEP + Self::REACH as f32 + 0.5).max(0.0) as usize;
        let row = (across.abs() / Self::STEP + 0.5) as usize;
        self.0[row.min(Self::REACH) * Self::WIDTH + column.min(Self::WIDTH - 1)]
    }
}

/// What a ship makes good along her course in one wind; `along` is positive from astern.
///
/// Straight, or by tacking at the angle that serves best; under oars where that is faster; and not
/// at all in more wind than she bears, when she lies to or stays in harbour.
pub(crate) fn made_good_m_s(rig: &Rig, parameters: &Parameters, along: f64, across: f64) -> f64 {
    let wind = along.hypot(across);
    let angle = (-along / wind.max(1e-9)).clamp(-1.0, 1.0).acos().to_degrees();
    let straight = share(rig, angle);
    let tacking = best_tack(rig, angle) * parameters.windward;
    let sails = straight.max(tacking) * pressed(rig, wind) * parameters.sail_power;
    let sails = sails.min(rig.hull_m_s);
    if wind > rig.reef_m_s * LYING_TO { 0.0 } else { sails.max(rig.oars_m_s * oar_share(wind)) }
}

/// From this multiple of the reefing wind on a ship lies to.
const LYING_TO: f64 = 1.6;

/// The wind that her canvas feels: sail is shortened beyond the reefing wind.
fn pressed(rig: &Rig, wind: f64) -> f64 {
    wind.min(rig.reef_m_s)
}

/// Oars serve in calms and light airs: not beyond 8 knots of wind.
fn oar_share(wind: f64) -> f64 {
    (1.0 - wind / (8.0 * KNOT_M_S)).max(0.0)
}

/// Speed over wind speed on a straight course.
fn share(rig: &Rig, angle: f64) -> f64 {
    let step = angle.clamp(0.0, 180.0) / 15.0;
    let low = (step as usize).min(rig.polar_permille.len() - 2);
    let (a, b) = (f64::from(rig.polar_permille[low]), f64::from(rig.polar_permille[low + 1]));
    (a + (b - a) * (step - low as f64)) / 1000.0
}

/// Angles off the wind at which a square rig may be put on a tack, degrees.
const BEATS: [f64; 4] = [60.0, 67.5, 75.0, 82.5];

/// Speed made good over wind speed by tacking at the best angle, to a course `angle` off the wind.
///
/// Two tacks at `beat` degrees either side of the wind add up to any course between them.
fn best_tack(rig: &Rig, angle: f64) -> f64 {
    let upwind = |beat: &f64| share(rig, *beat) * beat.to_radians().cos();
    let beats = BEATS.into_iter().filter(|beat| angle < *beat);
    let best = beats.map(|beat| upwind(&beat)).fold(0.0, f64::max);
    best / angle.to_radians().cos().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ship_runs_faster_than_she_reaches_and_reaches_faster_than_she_beats() {
        for ship in ShipType::ALL {
            let rig = ship.rig();
            let [run, reach, beat] = [(6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)]
                .map(|(along, across)| made_good_m_s(&rig, &Parameters::default(), along, across));
            assert!(run > reach && reach > beat && beat > 0.0, "{ship:?}: {run} {reach} {beat}");
            assert!(share(&rig, 0.0) == 0.0, "{ship:?} sails into the eye of the wind");
        }
    }

    #[test]
    fn a_merchantman_makes_four_to_six_knots_before_a_fair_wind_and_under_two_against_it() {
        // The polars themselves; the fitted factors on them stay within a fifth of 1.
        let plain = Parameters { sail_power: 1.0, windward: 1.0, ..Parameters::default() };
        // Casson 1995, 281-291: the figures that the polars must give back.
        for ship in [ShipType::CorbitaMaior, ShipType::Alexandrina] {
            let fair = made_good_m_s(&ship.rig(), &plain, 6.5, 2.0) / KNOT_M_S;
            let foul = made_good_m_s(&ship.rig(), &plain, -6.5, 2.0) / KNOT_M_S;
            assert!((4.0..6.5).contains(&fair), "{ship:?} {fair} kn");
            assert!((0.3..2.0).contains(&foul), "{ship:?} {foul} kn");
        }
    }

    #[test]
    fn a_gale_from_any_side_stops_every_ship() {
        for ship in ShipType::ALL {
            assert!(made_good_m_s(&ship.rig(), &Parameters::default(), 25.0, 0.0) < 1e-9);
        }
    }

    #[test]
    fn winds_vary_more_in_winter_and_in_the_north() {
        let mediterranean = [0, 6].map(|month| deviation_m_s(38.0, month));
        assert!((mediterranean[0] - 5.3).abs() < 0.1 && (mediterranean[1] - 3.3).abs() < 0.1);
        assert!(deviation_m_s(15.0, 6) < deviation_m_s(38.0, 6));
        assert!(deviation_m_s(38.0, 0) < deviation_m_s(52.0, 0));
        assert!((deviation_m_s(5.0, 0) - deviation_m_s(15.0, 0)).abs() < 1e-9);
    }

    #[test]
    fn gales_are_rare_in_a_summer_sea_and_common_in_a_northern_winter() {
        let summer = gale_chance(2.7, deviation_m_s(38.0, 6));
        let winter = gale_chance(2.8, deviation_m_s(54.0, 0));
        assert!(summer < 0.001 && winter > 0.02, "{summer} {winter}");
    }

    #[test]
    fn the_table_gives_what_the_polar_gives_and_calm_is_the_same_both_ways() {
        let speeds = Speeds::of(ShipType::CorbitaMaior, &Parameters::default());
        let both = [(3.0, 1.0), (-3.0, 1.0)].map(|(a, c)| speeds.made_good(38, 6, a, c));
        assert!(both[0] > both[1]);
        let mirrored = speeds.made_good(38, 6, 3.0, -1.0);
        assert!((mirrored - both[0]).abs() < 1e-6);
    }
}
