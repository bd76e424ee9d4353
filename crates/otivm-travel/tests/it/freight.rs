//! Goods on the cheapest way.

use crate::sea::{at, cell, river, zones};
use otivm_travel::{Carriage, Chart, Freight, Porter, Stop};
use std::{convert::Infallible, sync::Arc};
use tessera_grid::{Position, Zone};
use tessera_world::{Cell, FlowVector, SurfaceKind};

const CALM: [FlowVector; 12] = [FlowVector { u_cm_s: 0, v_cm_s: 0 }; 12];

fn freight(kind: impl Fn(Zone) -> SurfaceKind, change: impl Fn(&mut Cell)) -> Freight {
    let cells = zones().into_iter().map(|zone| {
        let mut cell = cell(zone, kind(zone), CALM);
        change(&mut cell);
        cell
    });
    Freight::new(Arc::new(Chart::new(cells)))
}

fn carriage(freight: &Freight, from: Zone, to: Zone) -> Option<Carriage> {
    let inland = |town| Stop { town, harbour: None };
    between(freight, inland(from), inland(to))
}

fn between(freight: &Freight, from: Stop, to: Stop) -> Option<Carriage> {
    freight.row(&mut Porter::default(), from, &[to]).unwrap()[0]
}

/// Two coasts with the sea between them; land behind the western one.
fn bay(zone: Zone) -> SurfaceKind {
    match zone.centre().longitude() {
        ..18.0 => SurfaceKind::Land,
        18.0..18.3 | 20.0.. => SurfaceKind::Coast,
        _ => SurfaceKind::Sea,
    }
}

#[test]
fn the_sea_is_a_fortieth_of_the_road_for_the_same_way() {
    let (west, east) = (at(34.5, 18.15), at(34.5, 20.2));
    let by_sea = carriage(&freight(bay, |_| ()), west, east).unwrap();
    let by_land = carriage(&freight(|_| SurfaceKind::Land, |_| ()), west, east).unwrap();
    // Without the handling at both ends.
    let afloat = by_sea.milliasses_tonne - 60_000;
    let ratio = f64::from(by_land.milliasses_tonne) / f64::from(afloat);
    assert!((30.0..90.0).contains(&ratio), "{ratio}");
}

/// The sea harbours of fourteen towns were a wagon's way from their towns: Ephesus paid for it in both directions.
#[test]
fn a_town_pays_no_wagon_to_its_own_harbour_in_the_next_zone() {
    let freight = freight(bay, |_| ());
    let (west, east) = (at(34.5, 18.15), at(34.5, 20.2));
    let behind = west.neighbours().find(|zone| bay(*zone) == SurfaceKind::Land).unwrap();
    let at_the_shore = Stop { town: west, harbour: Some(west) };
    let inland = Stop { town: behind, harbour: Some(west) };
    let over = Stop { town: east, harbour: Some(east) };
    let shore = between(&freight, at_the_shore, over).unwrap();
    assert_eq!(between(&freight, inland, over), Some(shore));
    assert_eq!(between(&freight, over, inland), between(&freight, over, at_the_shore));
    let without = between(&freight, Stop { harbour: None, ..inland }, over).unwrap();
    assert!(without.milliasses_tonne > shore.milliasses_tonne + 90_000, "{without:?} {shore:?}");
}

#[test]
fn nothing_crosses_water_without_a_coast_to_load_at() {
    let lagoon = |zone: Zone| {
        let longitude = zone.centre().longitude();
        if (18.5..19.5).contains(&longitude) { SurfaceKind::Sea } else { SurfaceKind::Land }
    };
    let freight = freight(lagoon, |_| ());
    assert_eq!(carriage(&freight, at(34.5, 17.5), at(34.5, 20.5)), None);
}

#[test]
fn a_river_is_cheaper_than_the_road_and_cheaper_down_than_up() {
    let land = |_| SurfaceKind::Land;
    let (upper, lower) = (at(34.5, 17.5), at(34.5, 20.5));
    // A river along the chain of zones towards the east.
    let mut course = vec![upper];
    while course.last() != Some(&lower) {
        let here = course[course.len() - 1];
        let next = here.neighbours().min_by(|a, b| {
            let away = |zone: &Zone| zone.centre().distance_km(lower.centre());
            away(a).total_cmp(&away(b))
        });
        course.push(next.unwrap());
    }
    let freight_by_river = freight(land, |cell| {
        let place = course.iter().position(|zone| *zone == cell.zone);
        cell.river = place.map(|index| river(course.get(index + 1).copied()));
    });
    let road = carriage(&freight(land, |_| ()), upper, lower).unwrap();
    let down = carriage(&freight_by_river, upper, lower).unwrap();
    let up = carriage(&freight_by_river, lower, upper).unwrap();
    assert!(down.milliasses_tonne < up.milliasses_tonne, "{down:?} {up:?}");
    assert!(up.milliasses_tonne < road.milliasses_tonne / 2, "{up:?} {road:?}");
    assert!(down.hours < up.hours);
}

#[test]
fn a_wagon_costs_half_as_much_again_where_roads_are_known_and_there_is_none() {
    let road = [(34.0, 17.5), (34.0, 20.5)].map(|(lat, lon)| Position::new(lat, lon).unwrap());
    let country =
        || Chart::new(zones().into_iter().map(|zone| cell(zone, SurfaceKind::Land, CALM)));
    let drawn = |collection: &str| {
        let lines = if collection == "roads" { vec![road.to_vec()] } else { Vec::new() };
        Ok::<_, Infallible>(lines)
    };
    let known = Freight::new(Arc::new(country().with_lines(drawn).unwrap()));
    let unknown = Freight::new(Arc::new(country()));
    let dearer = |from, to| {
        let milliasses = |freight| carriage(freight, from, to).unwrap().milliasses_tonne;
        f64::from(milliasses(&known)) / f64::from(milliasses(&unknown))
    };
    assert!((1.0..1.05).contains(&dearer(at(34.0, 17.6), at(34.0, 20.4))));
    assert!((1.45..=1.5).contains(&dearer(at(35.6, 17.6), at(35.6, 20.4))));
}

/// The chart has ways out of a zone to the six that lie at its corners, for ships; no water joins them on land.
#[test]
fn a_barge_does_not_leap_from_a_river_to_one_at_the_corner_of_its_zone() {
    let near: Vec<Zone> = at(34.5, 18.5).neighbours().collect();
    let here = at(34.5, 18.5);
    let beside =
        |zone: Zone| near.iter().filter(|near| near.neighbours().any(|z| z == zone)).count();
    let corner = near
        .iter()
        .flat_map(|zone| zone.neighbours())
        .find(|zone| *zone != here && !near.contains(zone) && beside(*zone) == 2)
        .unwrap();
    let land = |_| SurfaceKind::Land;
    let between_them = near.iter().find(|zone| zone.neighbours().any(|z| z == corner)).unwrap();
    let with = |rivers: &[(Zone, Option<Zone>)]| {
        let by_river = freight(land, |cell| {
            let found = rivers.iter().find(|(zone, _)| *zone == cell.zone);
            cell.river = found.map(|(_, downstream)| river(*downstream));
        });
        carriage(&by_river, here, corner).unwrap()
    };
    let road = carriage(&freight(land, |_| ()), here, corner).unwrap();
    assert_eq!(with(&[(here, None), (corner, None)]), road);
    let joined = [(here, Some(*between_them)), (*between_them, Some(corner)), (corner, None)];
    assert!(with(&joined).milliasses_tonne < road.milliasses_tonne / 2);
}
