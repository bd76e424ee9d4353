//! Wind roses: how often and how hard it blows from each side, month by month, at sea.
//!
//! The satellites see no wind beside a coast. Such a gap is filled with the mean wind another source has for
//! the zone, scattered as the winds of the nearest rose are; a filled rose says that it is conjectured.

use crate::scan::of_each;
use tessera_formats::{Rose, RoseField};
use tessera_grid::{Position, Zone};
use tessera_world::{FlowVector, ProvenanceId, RoseMonth, Wind, WindRose};

pub const METHOD: &str = "The source's half-degree rose around the zone's centre; its publisher dropped shares \
     below 25 permille, so shares are scaled to make a whole with the calms.";
pub const METHOD_FILLED: &str = "No rose beside the coast in at least a month: there, the mean wind of the other \
     source with the scatter of the nearest rose within 3 degrees, else of 4.5 m/s each way.";

const MONTHS: usize = 12;
const DIRECTIONS: usize = 8;
const DM_S_PER_KNOT: f64 = 5.144_44;
/// Half-degree cells within which a neighbour's scatter is taken over.
const REACH_CELLS: i32 = 6;
/// Scatter of the wind where no rose is near, m/s each way: what the roses of the Mediterranean have in the mean.
const SCATTER_M_S: f64 = 4.5;
/// Below it the air is calm, m/s (Beaufort 0), and from the other on it is a gale (Beaufort 8).
const CALM_BELOW_M_S: f64 = 0.3;
const GALE_FROM_M_S: f64 = 17.2;
/// Quantiles of the normal distribution at (k + 0.5) / 12.
const QUANTILES: [f64; 12] = [
    -1.7317, -1.1503, -0.8122, -0.5485, -0.3186, -0.1046, 0.1046, 0.3186, 0.5485, 0.8122, 1.1503,
    1.7317,
];

/// Whose facts these are.
#[derive(Clone, Copy, Debug)]
pub struct Provenances {
    pub read: ProvenanceId,
    pub filled: ProvenanceId,
}

/// By index of the coarse zones that `wet` says have sea. `months` must be twelve; `winds` go by the same index.
pub fn stage(
    coarse_zones: &[Zone],
    months: &[RoseField],
    winds: &[Option<Wind>],
    wet: impl Fn(Zone) -> bool + Sync,
    provenances: Provenances,
) -> Vec<(usize, WindRose)> {
    let Ok(fields) = <&[RoseField; MONTHS]>::try_from(months) else { return Vec::new() };
    let wind_of = |zone: Zone| {
        coarse_zones.binary_search(&zone).ok().and_then(|index| winds.get(index).copied().flatten())
    };
    let roses = of_each(coarse_zones, |zone| {
        if wet(zone) { rose(fields, zone, wind_of(zone), provenances) } else { None }
    });
    roses.into_iter().enumerate().filter_map(|(index, rose)| Some((index, rose?))).collect()
}

fn rose(
    fields: &[RoseField; MONTHS],
    zone: Zone,
    wind: Option<Wind>,
    provenances: Provenances,
) -> Option<WindRose> {
    let centre = zone.centre();
    let mut months = [RoseMonth::default(); MONTHS];
    let mut provenance = provenances.read;
    for (number, month) in months.iter_mut().enumerate() {
        let field = &fields[number];
        let read = field.at(centre.longitude(), centre.latitude()).and_then(as_read);
        *month = if let Some(read) = read {
            read
        } else {
            provenance = provenances.filled;
            scattered(wind?.months[number], scatter_near(field, centre).unwrap_or(SCATTER_M_S))
        };
    }
    Some(WindRose { months, provenance })
}

/// `None` where the publisher dropped every direction.
fn as_read(rose: &Rose) -> Option<RoseMonth> {
    let calm = u32::from(rose.calm_percent.min(100)) * 10;
    let sum: u32 = rose.share_permille.iter().map(|&share| u32::from(share)).sum();
    if sum == 0 {
        return None;
    }
    let shares = rose.share_permille.map(|share| u32::from(share) * (1000 - calm) / sum);
    Some(RoseMonth {
        shares_permille: shares.map(|share| share as u16),
        speeds_dm_s: rose
            .speed_knots
            .map(|knots| (f64::from(knots) * DM_S_PER_KNOT).round() as u16),
        calm_permille: calm as u16,
        gale_permille: u16::from(rose.gale_percent) * 10,
    })
}

/// Of the nearest rose: how far its winds stray from their mean, m/s each way.
fn scatter_near(field: &RoseField, centre: Position) -> Option<f64> {
    let (step_x, step_y) = (field.lattice.step_longitude, field.lattice.step_latitude);
    let shrink = centre.latitude().to_radians().cos();
    let mut best: Option<(f64, f64)> = None;
    for row in -REACH_CELLS..=REACH_CELLS {
        for column in -REACH_CELLS..=REACH_CELLS {
            let (east, north) = (f64::from(column) * step_x, f64::from(row) * step_y);
            let far = (east * shrink).hypot(north);
            if best.is_some_and(|(least, _)| far >= least) {
                continue;
            }
            let rose = field.at(centre.longitude() + east, centre.latitude() + north);
            if let Some(scatter) = rose.and_then(scatter) {
                best = Some((far, scatter));
            }
        }
    }
    best.map(|(_, scatter)| scatter)
}

fn scatter(rose: &Rose) -> Option<f64> {
    let (mut u, mut v, mut square, mut all) = (0.0, 0.0, 0.0, f64::from(rose.calm_percent) * 10.0);
    for direction in 0..DIRECTIONS {
        let share = f64::from(rose.share_permille[direction]);
        let speed = f64::from(rose.speed_knots[direction]) * DM_S_PER_KNOT / 10.0;
        let angle = (45.0 * direction as f64).to_radians();
        u -= share * speed * angle.sin();
        v -= share * speed * angle.cos();
        square += share * speed * speed;
        all += share;
    }
    if square == 0.0 {
        return None;
    }
    let mean_square = (u * u + v * v) / (all * all);
    Some(((square / all - mean_square).max(0.0) / 2.0).sqrt())
}

/// The rose of winds that scatter evenly around a mean.
fn scattered(mean: FlowVector, scatter: f64) -> RoseMonth {
    let (mean_u, mean_v) = (f64::from(mean.u_cm_s) / 100.0, f64::from(mean.v_cm_s) / 100.0);
    let mut counts = [0_u32; DIRECTIONS];
    let mut speeds = [0.0; DIRECTIONS];
    let (mut calms, mut gales) = (0_u32, 0_u32);
    for east in QUANTILES {
        for north in QUANTILES {
            let (u, v) = (mean_u + scatter * east, mean_v + scatter * north);
            let speed = u.hypot(v);
            if speed < CALM_BELOW_M_S {
                calms += 1;
                continue;
            }
            gales += u32::from(speed >= GALE_FROM_M_S);
            let from = (-u).atan2(-v).to_degrees().rem_euclid(360.0);
            let direction = (from / 45.0).round() as usize % DIRECTIONS;
            counts[direction] += 1;
            speeds[direction] += speed;
        }
    }
    let all = (QUANTILES.len() * QUANTILES.len()) as u32;
    let permille = |count: u32| (count * 1000 / all) as u16;
    let mut month = RoseMonth {
        shares_permille: counts.map(permille),
        calm_permille: permille(calms),
        gale_permille: permille(gales),
        ..RoseMonth::default()
    };
    for direction in 0..DIRECTIONS {
        if counts[direction] > 0 {
            let mean = speeds[direction] / f64::from(counts[direction]);
            month.speeds_dm_s[direction] = (mean * 10.0).round() as u16;
        }
    }
    month
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::current::tests::lattice;
    use tessera_grid::Resolution;

    fn north_wind() -> Rose {
        Rose {
            share_permille: [600, 100, 0, 0, 0, 0, 0, 200],
            speed_knots: [12, 8, 0, 0, 0, 0, 0, 10],
            calm_percent: 4,
            gale_percent: 1,
        }
    }

    fn fields(rose: impl Fn(usize) -> Option<Rose>) -> Vec<RoseField> {
        let roses: Vec<_> = (0..400).map(|cell| rose(cell % 20)).collect();
        (0..12).map(|_| RoseField { lattice: lattice(0.5, 20), roses: roses.clone() }).collect()
    }

    fn zone(longitude: f64) -> Vec<Zone> {
        vec![Zone::at(Position::new(42.0, longitude).unwrap(), Resolution::FIVE)]
    }

    const OURS: Provenances = Provenances { read: ProvenanceId(1), filled: ProvenanceId(2) };

    #[test]
    fn a_rose_that_is_read_is_made_whole_with_its_calms() {
        let roses = stage(&zone(14.0), &fields(|_| Some(north_wind())), &[None], |_| true, OURS);
        let (_, rose) = roses[0];
        assert_eq!(rose.provenance, ProvenanceId(1));
        let july = rose.months[6];
        assert_eq!(july.shares_permille, [640, 106, 0, 0, 0, 0, 0, 213]);
        assert_eq!((july.calm_permille, july.gale_permille), (40, 10));
        assert_eq!(july.speeds_dm_s, [62, 41, 0, 0, 0, 0, 0, 51]);
    }

    #[test]
    fn a_gap_beside_the_coast_is_filled_from_the_mean_wind_and_says_so() {
        let gap = fields(|column| (column > 6).then(north_wind));
        let etesian = FlowVector { u_cm_s: 0, v_cm_s: -500 };
        let wind = Wind { months: [etesian; 12], provenance: ProvenanceId(9) };
        let roses = stage(&zone(12.4), &gap, &[Some(wind)], |_| true, OURS);
        let (_, rose) = roses[0];
        assert_eq!(rose.provenance, ProvenanceId(2));
        let july = rose.months[6];
        let sum: u16 = july.shares_permille.iter().sum::<u16>() + july.calm_permille;
        assert!((985..=1000).contains(&sum), "{july:?}");
        assert_eq!(july.shares_permille.iter().max(), Some(&july.shares_permille[0]));
        assert!(july.shares_permille[4] < 50, "{july:?}");
        // Without a wind there is nothing to fill from; on land nothing is asked.
        assert!(stage(&zone(12.4), &gap, &[None], |_| true, OURS).is_empty());
        assert!(stage(&zone(14.0), &gap, &[Some(wind)], |_| false, OURS).is_empty());
    }

    #[test]
    fn scatter_is_none_where_one_wind_always_blows() {
        let trade = Rose {
            share_permille: [0, 0, 1000, 0, 0, 0, 0, 0],
            speed_knots: [0, 0, 10, 0, 0, 0, 0, 0],
            calm_percent: 0,
            gale_percent: 0,
        };
        assert!(scatter(&trade).unwrap() < 1e-6);
        let shifting = Rose {
            share_permille: [0, 0, 500, 0, 0, 0, 500, 0],
            speed_knots: [0, 0, 10, 0, 0, 0, 10, 0],
            ..trade
        };
        assert!((scatter(&shifting).unwrap() - 5.144_44 / 2.0_f64.sqrt()).abs() < 1e-3);
    }
}
