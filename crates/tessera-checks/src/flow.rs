//! Winds and currents: plausible everywhere, and right where history knows them.

use crate::found::{Count, Found, Heaviest, Spot};
use tessera_grid::{Position, Zone};
use tessera_stage::staged::Staged;
use tessera_world::{FlowVector, SurfaceKind, WindRose};

/// The monthly mean of the windiest sea on Earth is about 15 m/s.
const MEAN_WIND_MAX_M_S: f64 = 25.0;
/// The mean of all vectors of a world, m/s; knots read as metres a second would be twice what it is.
const WORLD_WIND_M_S: std::ops::RangeInclusive<f64> = 0.5..=7.5;
/// The Somali Current in August is the fastest of all, cm/s.
const CURRENT_MAX_CM_S: f64 = 350.0;
/// The mean of all currents that flow, cm/s.
const WORLD_CURRENT_CM_S: std::ops::RangeInclusive<f64> = 2.0..=100.0;
/// Shares of a rose are rounded, and its publisher drops the least of them.
const ROSE_SUM: std::ops::RangeInclusive<u32> = 700..=1_100;
/// Tenths of a metre a second: no direction's mean is a hurricane.
const ROSE_SPEED_MAX: u16 = 400;
/// Zones whose rose blows against their mean wind, at most.
const ROSE_AGAINST_SHARE_MAX: f64 = 0.5;
const JANUARY: usize = 0;
const JULY: usize = 6;

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    winds(staged, found);
    known(staged, found);
    currents(staged, found);
    roses(staged, found);
}

fn winds(staged: &Staged, found: &mut Found) {
    let (mut storms, mut calm) = (Heaviest::default(), Count::default());
    let (mut sum, mut months) = (0.0, 0_u64);
    for (at, (&zone, wind)) in staged.coarse_zones.iter().zip(&staged.wind).enumerate() {
        let Some(wind) = wind else { continue };
        let speeds = wind.months.iter().map(|month| month.speed_m_s());
        let fastest = speeds.clone().fold(0.0, f64::max);
        sum += speeds.sum::<f64>();
        months += 12;
        if fastest > MEAN_WIND_MAX_M_S {
            storms.put(at, fastest, || {
                Spot::zone(zone, fastest, format!("a monthly mean wind of {fastest:.1} m/s"))
            });
        }
        calm.add_if(wind.months == [FlowVector::default(); 12], zone);
    }
    found.heaviest("wind_speed", storms);
    found.zones("wind_calm", calm, "is calm in all twelve months");
    let mean = sum / months.max(1) as f64;
    if months > 0 && !WORLD_WIND_M_S.contains(&mean) {
        found.say("wind_mean", format!("the winds of the world blow {mean:.1} m/s on average"));
    }
}

/// A wind that sailors have known for two thousand years.
struct KnownWind {
    rule: &'static str,
    name: &'static str,
    latitude: f64,
    longitude: f64,
    month: usize,
    /// Where it comes from, degrees clockwise from north, and how far it may stray.
    from: f64,
    within: f64,
}

const KNOWN_WINDS: [KnownWind; 3] = [
    KnownWind {
        rule: "wind_etesian",
        name: "the July wind between the Cyclades",
        latitude: 37.5,
        longitude: 25.5,
        month: JULY,
        from: 0.0,
        within: 90.0,
    },
    KnownWind {
        rule: "wind_monsoon",
        name: "the July monsoon on the Arabian Sea",
        latitude: 14.0,
        longitude: 62.0,
        month: JULY,
        from: 225.0,
        within: 60.0,
    },
    KnownWind {
        rule: "wind_monsoon",
        name: "the January monsoon on the Arabian Sea",
        latitude: 14.0,
        longitude: 62.0,
        month: JANUARY,
        from: 45.0,
        within: 60.0,
    },
];

fn known(staged: &Staged, found: &mut Found) {
    for known in &KNOWN_WINDS {
        let wind = Position::new(known.latitude, known.longitude)
            .ok()
            .map(|position| Zone::at(position, staged.coarse_resolution))
            .and_then(|zone| Some((zone, staged.wind[staged.coarse_index_of(zone)?]?)));
        let Some((zone, wind)) = wind else { continue };
        let month = wind.months[known.month];
        let off = apart(month.from_degrees(), known.from);
        if off > known.within || month.speed_m_s() < 1.0 {
            let message = format!(
                "{} is {:.1} m/s from {:.0} degrees, and came from {:.0} ever since it was described",
                known.name,
                month.speed_m_s(),
                month.from_degrees(),
                known.from
            );
            found.spots(known.rule, vec![Spot::zone(zone, off, message)]);
        }
    }
}

/// Between two directions, degrees, 0..180.
fn apart(a: f64, b: f64) -> f64 {
    let turn = (a - b).rem_euclid(360.0);
    turn.min(360.0 - turn)
}

fn currents(staged: &Staged, found: &mut Found) {
    let (mut fast, mut dry) = (Heaviest::default(), Count::default());
    let (mut sum, mut flowing, mut asked) = (0.0, 0_u64, 0_u64);
    for (at, (&zone, current)) in staged.coarse_zones.iter().zip(&staged.current).enumerate() {
        let Some(current) = current else { continue };
        asked += 1;
        let speeds = current.months.iter().map(|month| 100.0 * month.speed_m_s());
        let fastest = speeds.clone().fold(0.0, f64::max);
        for speed in speeds.filter(|speed| *speed > 0.0) {
            sum += speed;
            flowing += 1;
        }
        if fastest > CURRENT_MAX_CM_S {
            fast.put(at, fastest, || {
                Spot::zone(zone, fastest, format!("a monthly mean current of {fastest:.0} cm/s"))
            });
        }
        dry.add_if(fastest > 0.0 && all_land(staged, zone), zone);
    }
    found.heaviest("current_speed", fast);
    found.zones("current_on_land", dry, "a current where there is no water");
    let mean = sum / flowing.max(1) as f64;
    if asked > 0 && !WORLD_CURRENT_CM_S.contains(&mean) {
        found.say("current_mean", format!("where currents flow, it is {mean:.1} cm/s on average"));
    }
}

/// Whether a coarse zone has no zone with sea in it; asked of few, as currents are on the sea.
fn all_land(staged: &Staged, coarse: Zone) -> bool {
    let mut inside = coarse.descendants(staged.resolution).filter_map(|zone| staged.index_of(zone));
    inside.all(|index| {
        staged.surface.get(index).is_some_and(|surface| surface.kind == SurfaceKind::Land)
    })
}

fn roses(staged: &Staged, found: &mut Found) {
    let (mut sums, mut speeds) = (Count::default(), Count::default());
    let (mut asked, mut against) = (0_u64, 0_u64);
    for (at, rose) in staged.wind_rose.iter() {
        let Some(&zone) = staged.coarse_zones.get(at) else { continue };
        sums.add_if(
            !rose.months.iter().all(|month| {
                let sum: u32 = month.shares_permille.iter().map(|share| u32::from(*share)).sum();
                ROSE_SUM.contains(&(sum + u32::from(month.calm_permille)))
                    && month.gale_permille <= 1000
            }),
            zone,
        );
        let fast = |month: &tessera_world::RoseMonth| {
            month.speeds_dm_s.iter().any(|speed| *speed > ROSE_SPEED_MAX)
        };
        speeds.add_if(rose.months.iter().any(fast), zone);
        let Some(wind) = staged.wind.get(at).copied().flatten() else { continue };
        let (here, mean) = (resultant(rose, JULY), wind.months[JULY]);
        if here.speed_m_s() >= 2.0 && mean.speed_m_s() >= 2.0 {
            asked += 1;
            against += u64::from(apart(here.from_degrees(), mean.from_degrees()) > 90.0);
        }
    }
    found.zones("wind_rose_sum", sums, "the shares of its rose do not make a whole");
    found.zones("wind_rose_speed", speeds, "its rose has a mean above 40 m/s");
    if against as f64 > ROSE_AGAINST_SHARE_MAX * asked as f64 {
        let message =
            format!("in {against} of {asked} zones the rose of July blows against the mean wind");
        found.say("wind_rose_turned", message);
    }
}

/// Where the wind of a month goes to on the whole.
fn resultant(rose: &WindRose, month: usize) -> FlowVector {
    let month = rose.months[month];
    let (mut u, mut v) = (0.0, 0.0);
    for (direction, from) in (0_u32..8).map(|k| f64::from(45 * k).to_radians()).enumerate() {
        let run = f64::from(month.shares_permille[direction]) / 1000.0
            * f64::from(month.speeds_dm_s[direction])
            * 10.0;
        u -= run * from.sin();
        v -= run * from.cos();
    }
    FlowVector { u_cm_s: u as i16, v_cm_s: v as i16 }
}
