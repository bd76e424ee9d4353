//! Winds and climates: plausible everywhere, and right where history knows them.

use super::{Found, Spot};
use tessera_grid::{Position, Zone};
use tessera_stage::staged::Staged;
use tessera_world::FlowVector;

/// The monthly mean of the windiest sea on Earth is about 15 m/s.
const MEAN_WIND_MAX_M_S: f64 = 25.0;
/// North of it nothing tropical grows.
const TROPICS_END: f64 = 40.0;
/// South of it only high mountains are polar.
const POLAR_BEGIN: f64 = 20.0;
const POLAR_FROM_M: i32 = 3_000;
/// Zones against their latitude, at most.
const ODD_SHARE_MAX: f64 = 0.01;
/// Between the Cyclades, where Homer and the monthly charts agree on the Etesian wind.
const AEGEAN: (f64, f64) = (37.5, 25.5);
const JULY: usize = 6;

pub(super) fn check(staged: &Staged, found: &mut Found) {
    wind(staged, found);
    etesian(staged, found);
    climate(staged, found);
}

fn wind(staged: &Staged, found: &mut Found) {
    let mut storms = Vec::new();
    let mut calm: Vec<Zone> = Vec::new();
    for (&zone, wind) in staged.zones.iter().zip(&staged.wind) {
        let Some(wind) = wind else { continue };
        let fastest = wind.months.iter().map(|month| month.speed_m_s()).fold(0.0, f64::max);
        if fastest > MEAN_WIND_MAX_M_S {
            storms.push(Spot::zone(
                zone,
                fastest,
                format!("a monthly mean wind of {fastest:.1} m/s"),
            ));
        }
        if wind.months == [FlowVector::default(); 12] {
            calm.push(zone);
        }
    }
    found.spots("wind_speed", storms);
    found.zones("wind_calm", &calm, "is calm in all twelve months");
}

fn etesian(staged: &Staged, found: &mut Found) {
    let wind = Position::new(AEGEAN.0, AEGEAN.1)
        .ok()
        .map(|position| Zone::at(position, staged.resolution))
        .and_then(|zone| staged.wind[staged.index_of(zone)?].map(|wind| (zone, wind.months[JULY])));
    let Some((zone, july)) = wind else { return };
    let from = july.from_degrees();
    if (90.0..=270.0).contains(&from) || july.speed_m_s() < 1.0 {
        let message = format!(
            "the July wind between the Cyclades is {:.1} m/s from {from:.0} degrees",
            july.speed_m_s()
        );
        found.spots("wind_etesian", vec![Spot::zone(zone, 1.0, message)]);
    }
}

fn climate(staged: &Staged, found: &mut Found) {
    let mut odd = Vec::new();
    for (index, &zone) in staged.zones.iter().enumerate() {
        let Some(climate) = &staged.climate[index] else { continue };
        let latitude = zone.centre().latitude().abs();
        let high =
            staged.terrain[index].is_some_and(|terrain| terrain.elevation_max_m >= POLAR_FROM_M);
        let tropical = climate.koppen.as_str().starts_with('A') && latitude > TROPICS_END;
        let polar = climate.koppen.as_str().starts_with('E') && latitude < POLAR_BEGIN && !high;
        if tropical || polar {
            odd.push(Spot::zone(
                zone,
                latitude,
                format!("climate {} at {latitude:.1} degrees", climate.koppen),
            ));
        }
    }
    let asked = staged.climate.iter().flatten().count();
    if odd.len() as f64 > ODD_SHARE_MAX * asked as f64 {
        let message =
            format!("{} of {asked} zones have a climate that their latitude forbids", odd.len());
        found.say("climate_latitude_share", message);
    }
    found.spots("climate_latitude", odd);
}
