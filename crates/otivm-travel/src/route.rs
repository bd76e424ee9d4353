//! What a search answers: days, distance, the way, its legs and why it takes so long.

use crate::{Mode, Month};
use serde::{Deserialize, Serialize};
use tessera_grid::{Position, Zone};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    pub month: Month,
    pub days: f64,
    pub km: f64,
    /// Chance to lose the ship on the way.
    pub risk_permille: f64,
    /// Freight of a tonne for hire, by the rates of [`crate::Freight`].
    pub milliasses_tonne: u64,
    /// Both ends included.
    pub zones: Vec<Zone>,
    pub legs: Vec<Leg>,
    pub reasons: Vec<Reason>,
}

/// Why there is no way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoute {
    #[error("zone {0} is not on the chart")]
    OffChart(Zone),
    #[error("zone {0} is dry: no ship can lie there")]
    Dry(Zone),
    #[error("no water joins {from} and {to}")]
    NoWater { from: Zone, to: Zone },
    #[error("the position is off the map")]
    OffTheMap,
    #[error("there is no {} within {} km", suitable(*.mode), NEAR_KM)]
    NoneNear { mode: Mode },
    #[error("no way by {} joins the two places", .mode.as_str())]
    NoWay { mode: Mode },
}

/// What is looked for about a position: three rings of zones.
const NEAR_KM: u32 = 50;

const fn suitable(mode: Mode) -> &'static str {
    match mode {
        Mode::Sea | Mode::Coast => "sea",
        Mode::River => "river where boats ply",
        Mode::Road => "dry land",
        Mode::Any => "land or sea of the map",
    }
}

impl NoRoute {
    pub const fn code(self) -> &'static str {
        match self {
            Self::OffChart(_) => "off_chart",
            Self::Dry(_) => "zone_is_dry",
            Self::NoWater { .. } => "no_water_between",
            Self::OffTheMap => "off_the_map",
            Self::NoneNear { .. } => "none_near",
            Self::NoWay { .. } => "no_way",
        }
    }
}

/// A stretch of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    pub way: Way,
    pub from: Position,
    pub to: Position,
    pub days: f64,
    pub km: f64,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Out of reach of the shore, day and night.
    OpenSea,
    /// Within sight of the shore.
    Coast,
    RiverDown,
    RiverUp,
    Land,
}

impl Way {
    /// As it is written in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenSea => "open_sea",
            Self::Coast => "coast",
            Self::RiverDown => "river_down",
            Self::RiverUp => "river_up",
            Self::Land => "land",
        }
    }
}

/// Why the days are what they are; numbers only, the words are the reader's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Mean wind along the way; `following_m_s` is negative where it is foul.
    Wind { mean_m_s: f64, following_m_s: f64 },
    /// Share of the distance that the mean wind comes from ahead (less than 70 degrees off the bow).
    Headwind { share_permille: u32 },
    /// Mean current along the way, where any is known; negative where it runs against her.
    Current { following_m_s: f64 },
    /// Nights at anchor, hours of every day.
    NightStops { hours: f64 },
    /// Part of the way is sailed while the sea is closed (11 November to 10 March, Vegetius 4.39).
    ClosedSea { days: f64 },
    /// Chance of a gale (17 m/s and more) on a day of this voyage.
    Gales { permille_per_day: f64 },
    /// Metres climbed on the way.
    Climb { metres: u32 },
    /// Across country, where roads are known and there is none.
    OpenCountry { km: f64 },
    /// Days to change between land and water.
    Transshipment { days: f64 },
}

impl Route {
    /// The way as positions: the centres of its zones.
    pub fn line(&self) -> Vec<Position> {
        self.zones.iter().map(|zone| zone.centre()).collect()
    }
}

/// The same line with fewer points, none of which left it by more than `tolerance` degrees of
/// latitude (Ramer, Douglas and Peucker).
pub fn simplified(line: &[Position], tolerance: f64) -> Vec<Position> {
    let Some(last) = line.len().checked_sub(1) else {
        return Vec::new();
    };
    let mut kept = vec![false; line.len()];
    kept[0] = true;
    kept[last] = true;
    let mut stretches = vec![(0, last)];
    while let Some((start, end)) = stretches.pop() {
        let away = |index: usize| from_chord(line[index], line[start], line[end]);
        let farthest = (start + 1..end).max_by(|&a, &b| away(a).total_cmp(&away(b)));
        if let Some(farthest) = farthest.filter(|&index| away(index) > tolerance) {
            kept[farthest] = true;
            stretches.extend([(start, farthest), (farthest, end)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// Degrees of latitude between a point and the straight line from `a` to `b`.
fn from_chord(point: Position, a: Position, b: Position) -> f64 {
    let shrink = point.latitude().to_radians().cos();
    let plane =
        |at: Position| ((at.longitude() - a.longitude()) * shrink, at.latitude() - a.latitude());
    let ((x, y), (to_x, to_y)) = (plane(point), plane(b));
    let length = to_x.hypot(to_y);
    if length > 0.0 { ((x * to_y - y * to_x) / length).abs() } else { x.hypot(y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_keeps_its_ends_and_a_corner_stays() {
        let at = |lat, lon| Position::new(lat, lon).unwrap();
        let line = [at(0.0, 0.0), at(0.001, 1.0), at(0.0, 2.0), at(1.0, 2.0), at(2.0, 2.0)];
        assert_eq!(simplified(&line, 0.01), [at(0.0, 0.0), at(0.0, 2.0), at(2.0, 2.0)]);
        assert_eq!(simplified(&line[..1], 0.01), &line[..1]);
        assert_eq!(simplified(&[], 0.01), &[]);
    }
}
