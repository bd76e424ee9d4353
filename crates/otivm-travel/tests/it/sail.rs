//! By ship.

use crate::sea::{at, cell, open_sea, sea, zones};
use otivm_travel::{
    Chart, Gait, Mode, Month, Navigator, NoRoute, Passage, Query, Reason, Route, ShipType, Way,
};
use proptest::prelude::*;
use std::{ops::Range, sync::Arc};
use tessera_grid::Zone;
use tessera_world::{Cell, Current, FlowVector, ProvenanceId, SurfaceKind};

fn passage(from: Zone, to: Zone) -> Passage {
    Passage { from, to, ship: ShipType::CorbitaMaior, month: Month::JULY }
}

fn days(navigator: &mut Navigator, from: Zone, to: Zone) -> f64 {
    navigator.sail(passage(from, to)).unwrap().days
}

fn west() -> Zone {
    at(34.5, 17.5)
}

fn east() -> Zone {
    at(34.5, 20.5)
}

#[test]
fn a_calm_sea_is_as_wide_one_way_as_the_other() {
    let mut sea = open_sea(0, 0);
    let (there, back) = (days(&mut sea, west(), east()), days(&mut sea, east(), west()));
    assert!((there / back - 1.0).abs() < 0.005, "{there} {back}");
}

#[test]
fn upwind_is_slower_than_across_and_across_slower_than_downwind() {
    let (west, east) = (west(), east());
    let downwind = days(&mut open_sea(600, 0), west, east);
    let across = days(&mut open_sea(0, 600), west, east);
    let upwind = days(&mut open_sea(-600, 0), west, east);
    assert!(downwind < across && across < upwind, "{downwind} {across} {upwind}");
    assert!(upwind > 1.5 * downwind, "{downwind} {upwind}");
}

fn current(months: [FlowVector; 12]) -> Current {
    Current { months, provenance: ProvenanceId(1) }
}

/// A sea with a west wind, and one current in some latitudes, cm/s to the east and to the north.
fn stream(wind_cm_s: i16, [u_cm_s, v_cm_s]: [i16; 2], latitudes: Range<f64>) -> Navigator {
    let months = [FlowVector { u_cm_s, v_cm_s }; 12];
    let wind = [FlowVector { u_cm_s: wind_cm_s, v_cm_s: 0 }; 12];
    let cells = zones().into_iter().map(|zone| Cell {
        current: latitudes.contains(&zone.centre().latitude()).then(|| current(months)),
        ..cell(zone, SurfaceKind::Sea, wind)
    });
    Navigator::new(Arc::new(Chart::new(cells)))
}

const EVERYWHERE: Range<f64> = 0.0..90.0;

#[test]
fn a_current_is_gained_with_it_and_lost_against_it() {
    let slack = days(&mut open_sea(0, 0), west(), east());
    let mut sea = stream(0, [40, 0], EVERYWHERE);
    let (there, back) = (passage(west(), east()), passage(east(), west()));
    let (there, back) = (sea.sail(there).unwrap(), sea.sail(back).unwrap());
    let following = [&there, &back].map(|route| {
        let current = route.reasons.iter().find_map(|reason| match reason {
            Reason::Current { following_m_s } => Some(*following_m_s),
            _ => None,
        });
        (current.unwrap() * 10.0).round() as i32
    });
    assert_eq!(following, [4, -4], "tenths of a metre a second");
    let (with, against) = (there.days, back.days);
    // Whatever she makes good herself, w: w + 0.4 one way and w - 0.4 the other.
    let mean = f64::midpoint(1.0 / with, 1.0 / against) * slack;
    assert!(
        with < slack && slack < against && (mean - 1.0).abs() < 0.01,
        "{with} {slack} {against}"
    );
}

#[test]
fn a_current_across_slows_a_ship_both_ways_alike() {
    let slack = days(&mut open_sea(0, 0), west(), east());
    let mut sea = stream(0, [0, 60], EVERYWHERE);
    let (there, back) = (days(&mut sea, west(), east()), days(&mut sea, east(), west()));
    assert!((there / back - 1.0).abs() < 0.03 && there > 1.03 * slack, "{there} {back} {slack}");
}

#[test]
fn a_ship_goes_round_a_current_against_her_and_out_of_her_way_for_one_with_her() {
    let in_it = 34.2..34.8;
    let share = |route: &Route| {
        let inside = |zone: &&Zone| in_it.contains(&zone.centre().latitude());
        route.zones.iter().filter(inside).count() as f64 / route.zones.len() as f64
    };
    let against = stream(0, [120, 0], in_it.clone()).sail(passage(east(), west())).unwrap();
    assert!(share(&against) < 0.5, "{}", share(&against));
    let (from, to) = (at(35.2, 17.3), at(35.2, 20.7));
    let mut sea = stream(900, [250, 0], in_it.clone());
    let with = sea.sail(passage(from, to)).unwrap();
    assert!(share(&with) > 0.5, "{}", share(&with));
    // However much is known of where she is bound for, the way is the quickest.
    let blind = sea.days_to(from, &[to], ShipType::CorbitaMaior, Month::JULY).unwrap();
    assert!((with.days - blind[0].unwrap()).abs() < 0.001, "{} {blind:?}", with.days);
}

#[test]
fn the_way_over_open_water_is_hardly_longer_than_the_great_circle() {
    let mut sea = open_sea(0, 0);
    let (from, to) = (at(33.4, 17.3), at(35.7, 20.4));
    let route = sea.sail(passage(from, to)).unwrap();
    let straight = from.centre().distance_km(to.centre());
    assert!(route.km < straight * 1.06, "{} {straight}", route.km);
    assert_eq!((route.zones.first(), route.zones.last()), (Some(&from), Some(&to)));
    assert_eq!(route.legs.len(), 1);
}

/// A wall of land along 19 degrees east, with a gap in the north.
fn walled(zone: Zone) -> SurfaceKind {
    let centre = zone.centre();
    let wall = (18.7..19.3).contains(&centre.longitude());
    if wall && centre.latitude() < 35.2 { SurfaceKind::Land } else { SurfaceKind::Sea }
}

#[test]
fn no_ship_sails_over_land() {
    let mut sea = sea(walled, 0, 0);
    let route = sea.sail(passage(west(), east())).unwrap();
    assert!(route.zones.iter().all(|zone| walled(*zone) == SurfaceKind::Sea));
    assert!(route.km > 1.1 * west().centre().distance_km(east().centre()));
    assert!(route.zones.iter().any(|zone| zone.centre().latitude() > 35.2));
}

#[test]
fn no_ship_ends_on_land() {
    let mut sea = sea(walled, 0, 0);
    let shore: Vec<Zone> = zones()
        .into_iter()
        .filter(|zone| walled(*zone) == SurfaceKind::Land)
        .filter(|zone| zone.neighbours().any(|near| walled(near) == SurfaceKind::Sea))
        .collect();
    let days = sea.days_to(west(), &shore, ShipType::CorbitaMaior, Month::JULY).unwrap();
    assert!(!shore.is_empty() && days.iter().all(Option::is_none), "{days:?}");
}

#[test]
fn a_wall_one_zone_thick_holds() {
    let (south, north) = (at(32.9, 18.6), at(36.1, 19.4));
    let mut wall = vec![south];
    while wall.last() != Some(&north) {
        let here = wall[wall.len() - 1];
        let next = here.neighbours().min_by(|a, b| {
            let away = |zone: &Zone| zone.centre().distance_km(north.centre());
            away(a).total_cmp(&away(b))
        });
        wall.push(next.unwrap());
    }
    let thin = |zone| if wall.contains(&zone) { SurfaceKind::Land } else { SurfaceKind::Sea };
    let refused = sea(thin, 0, 0).sail(passage(west(), east())).unwrap_err();
    assert_eq!(refused, NoRoute::NoWater { from: west(), to: east() });
}

#[test]
fn a_closed_wall_is_no_way_at_all() {
    let closed = |zone: Zone| {
        let longitude = zone.centre().longitude();
        if (18.5..19.5).contains(&longitude) { SurfaceKind::Land } else { SurfaceKind::Sea }
    };
    let mut sea = sea(closed, 0, 0);
    let refused = sea.sail(passage(west(), east())).unwrap_err();
    assert_eq!(refused, NoRoute::NoWater { from: west(), to: east() });
    let inland = at(34.5, 19.0);
    assert_eq!(sea.sail(passage(west(), inland)).unwrap_err(), NoRoute::Dry(inland));
    let elsewhere = at(0.0, 0.0);
    assert_eq!(sea.sail(passage(elsewhere, west())).unwrap_err(), NoRoute::OffChart(elsewhere));
}

#[test]
fn the_monsoon_makes_the_same_passage_another_one_in_another_month() {
    let mut months = [FlowVector { u_cm_s: 800, v_cm_s: 0 }; 12];
    for wind in &mut months[6..] {
        wind.u_cm_s = -800;
    }
    let cells = zones().into_iter().map(|zone| cell(zone, SurfaceKind::Sea, months));
    let mut sea = Navigator::new(Arc::new(Chart::new(cells)));
    let routes = sea.months(west(), east(), ShipType::CorbitaMaior).unwrap();
    let months: Vec<u8> = routes.iter().map(|route| route.month.into()).collect();
    assert_eq!(months, (1..=12).collect::<Vec<u8>>());
    assert!(routes[9].days > 1.5 * routes[3].days, "{} {}", routes[9].days, routes[3].days);
}

/// Coast along the north, sea south of it.
fn shore(zone: Zone) -> SurfaceKind {
    if zone.centre().latitude() > 35.0 { SurfaceKind::Coast } else { SurfaceKind::Sea }
}

#[test]
fn a_coaster_keeps_to_the_shore_and_lies_at_anchor_by_night() {
    let mut sea = sea(shore, 0, 0);
    let (from, to) = (at(35.5, 17.5), at(35.5, 20.5));
    let sail = |sea: &mut Navigator, ship| sea.sail(Passage { ship, ..passage(from, to) }).unwrap();
    let coaster: Route = sail(&mut sea, ShipType::CorbitaMinor);
    let merchantman = sail(&mut sea, ShipType::CorbitaMaior);
    assert!(coaster.legs.iter().all(|leg| leg.way == Way::Coast), "{:?}", coaster.legs);
    let nights = coaster.reasons.iter().any(|reason| matches!(reason, Reason::NightStops { .. }));
    assert!(nights && coaster.days > 1.3 * merchantman.days);
}

#[test]
fn winter_is_riskier_than_summer_and_says_why() {
    let mut sea = open_sea(200, 0);
    let sail = |sea: &mut Navigator, month| {
        sea.sail(Passage { month, ..passage(west(), east()) }).unwrap()
    };
    let (summer, winter) = (sail(&mut sea, Month::JULY), sail(&mut sea, Month::JANUARY));
    assert!(winter.risk_permille > 3.0 * summer.risk_permille);
    let closed = |route: &Route| {
        route.reasons.iter().any(|reason| matches!(reason, Reason::ClosedSea { .. }))
    };
    assert!(closed(&winter) && !closed(&summer));
}

#[test]
fn one_to_all_agrees_with_one_to_one() {
    let mut sea = sea(walled, 300, -200);
    let targets = [east(), at(33.5, 18.0), at(34.5, 19.0)];
    let all = sea.days_to(west(), &targets, ShipType::CorbitaMaior, Month::JULY).unwrap();
    for (target, days) in targets.into_iter().zip(all) {
        let one = sea.sail(passage(west(), target)).map(|route| route.days).ok();
        assert!(
            match (one, days) {
                (Some(one), Some(days)) => (one - days).abs() < 1e-3 + one * 0.002,
                (None, None) => true,
                _ => false,
            },
            "{one:?} {days:?}"
        );
    }
}

#[test]
fn the_order_of_the_cells_does_not_matter() {
    let months = [FlowVector { u_cm_s: 400, v_cm_s: 100 }; 12];
    let cells: Vec<_> = zones().into_iter().map(|zone| cell(zone, walled(zone), months)).collect();
    let mut shuffled = cells.clone();
    shuffled.reverse();
    shuffled.rotate_left(37);
    let sail = |cells| {
        Navigator::new(Arc::new(Chart::new::<Cell>(cells))).sail(passage(west(), east())).unwrap()
    };
    assert_eq!(sail(cells), sail(shuffled));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// By way of a third place is never quicker, beyond what rounding and the hexagons allow.
    #[test]
    fn a_detour_is_no_short_cut(
        u in -800_i16..800, v in -800_i16..800,
        lat in 33.3_f64..35.7, lon in 17.3_f64..20.7,
    ) {
        let mut sea = open_sea(u, v);
        let via = at(lat, lon);
        let direct = days(&mut sea, west(), east());
        let detour = days(&mut sea, west(), via) + days(&mut sea, via, east());
        prop_assert!(direct <= detour * 1.001 + 0.001, "{direct} {detour}");
    }

    /// Landmarks make a search shorter and never another: in winds and currents that turn from place to place and from
    /// month to month, among islands, for ships that keep to the coast and ships that do not.
    #[test]
    fn a_survey_changes_no_answer(
        turn in 1_i16..90, gust in 200_i16..900, islands in 7_usize..40, month in 1_u8..=12,
        from in 0_usize..900, to in 0_usize..900, which in 0_usize..4, flow in 0_i16..150,
    ) {
        let ship = ShipType::ALL[which];
        let turning = |most_cm_s: i16, index: usize| std::array::from_fn(|month| {
            let phase = f64::from(turn) * (index % 53) as f64 / 40.0 + month as f64;
            FlowVector {
                u_cm_s: (f64::from(most_cm_s) * phase.sin()) as i16,
                v_cm_s: (f64::from(most_cm_s) * phase.cos()) as i16,
            }
        });
        let kind = |index: usize| match index % islands {
            0 => SurfaceKind::Land,
            1 => SurfaceKind::Coast,
            _ => SurfaceKind::Sea,
        };
        let zones = zones();
        let cells = zones.iter().enumerate();
        let cells = cells.map(|(index, zone)| Cell {
            current: (index % 3 > 0).then(|| current(turning(flow, index * 7))),
            ..cell(*zone, kind(index), turning(gust, index))
        });
        let chart = Arc::new(Chart::new(cells));
        let mut sea = Navigator::new(Arc::clone(&chart));
        let month = Month::try_from(month).unwrap();
        let water: Vec<Zone> =
            zones.iter().copied().filter(|zone| chart.is_water(*zone)).collect();
        let (from, to) = (water[from % water.len()], water[to % water.len()]);
        let mut days = || sea.sail(Passage { from, to, ship, month }).map(|route| route.days);
        let before = days();
        chart.survey(Mode::Sea, ship, Gait::Foot, month);
        prop_assert_eq!(days(), before);
        let [from, to] = [from, to].map(Zone::centre);
        for mode in [Mode::Coast, Mode::Road, Mode::Any] {
            let query = Query { from, to, mode, ship, gait: Gait::Mule, month };
            let before = sea.journey(&query).map(|route| route.days);
            chart.survey(mode, ship, query.gait, month);
            prop_assert_eq!(sea.journey(&query).map(|route| route.days), before, "{:?}", mode);
        }
    }
}
