//! A small but honest world: because of the map, grain is dear in Rome and cheap in Egypt.

use otivm_rules::{
    GoodId, VoyagePlan,
    command::risk_permille,
    market::{Transport, towns},
    world::Town,
};
use otivm_travel::{Chart, Month, Navigator, Passage, Route, ShipType};
use std::{num::NonZeroUsize, sync::Arc};
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_world::{
    Cell, Certainty, Climate, FlowVector, Harbour, Place, ProvenanceId, River, Surface,
    SurfaceKind, Terrain, Wind,
};

const PROVENANCE: ProvenanceId = ProvenanceId(1);
const DAY_US: f64 = 86_400e6;

/// Italy as a strip of hills, Egypt as a plain with a river, a sea with a north-wester between.
pub(crate) fn cells() -> Vec<Cell> {
    let zones = zones_in(BBox::new(10.0, 28.0, 33.0, 44.0).unwrap(), Resolution::FIVE);
    zones.into_iter().map(cell).collect()
}

fn italy(at: Position) -> bool {
    (11.5..14.5).contains(&at.longitude()) && at.latitude() > 41.0
}

fn egypt(at: Position) -> bool {
    at.latitude() < 31.1 && at.longitude() > 27.0
}

/// The Nile, a few zones wide as its valley is.
fn nile(at: Position) -> bool {
    egypt(at) && (30.8..31.4).contains(&at.longitude())
}

fn cell(zone: Zone) -> Cell {
    let at = zone.centre();
    let land = |at: Position| italy(at) || egypt(at);
    let near_water = zone.neighbours().any(|near| !land(near.centre()));
    let kind = match (land(at), near_water) {
        (false, _) => SurfaceKind::Sea,
        (true, true) => SurfaceKind::Coast,
        (true, false) => SurfaceKind::Land,
    };
    let land_permille = match kind {
        SurfaceKind::Sea => 0,
        SurfaceKind::Coast => 600,
        SurfaceKind::Land => 1000,
    };
    let slope_permille = if italy(at) { 60 } else { 4 };
    // Down the plain to the north, where the neighbour nearest the mouth is.
    let mouth = Position::new(31.4, 31.1).unwrap();
    let downstream = zone.neighbours().min_by(|a, b| {
        let away = |zone: &Zone| zone.centre().distance_km(mouth);
        away(a).total_cmp(&away(b))
    });
    Cell {
        terrain: Some(Terrain {
            elevation_mean_m: if italy(at) { 250 } else { 20 },
            elevation_min_m: 0,
            elevation_max_m: 500,
            slope_permille,
            ruggedness_m: 30,
            provenance: PROVENANCE,
        }),
        surface: Some(Surface { kind, land_permille, provenance: PROVENANCE }),
        river: nile(at).then(|| River {
            latin: Some("Nilus".to_owned()),
            modern: None,
            strahler: None,
            upstream_km2: Some(3_000_000),
            navigable: true,
            downstream,
            provenance: PROVENANCE,
        }),
        climate: land(at).then(|| Climate {
            koppen: if italy(at) { "Csa" } else { "BWh" }.parse().unwrap(),
            provenance: PROVENANCE,
        }),
        wind: Some(Wind {
            months: [FlowVector { u_cm_s: 200, v_cm_s: -250 }; 12],
            provenance: PROVENANCE,
        }),
        ..Cell::bare(zone)
    }
}

pub(crate) fn place(id: &str, latitude: f64, longitude: f64, rank: u8, population: u32) -> Place {
    let position = Position::new(latitude, longitude).unwrap();
    let zone = Zone::at(position, Resolution::FIVE);
    Place {
        id: id.to_owned(),
        latin: id.to_owned(),
        modern: id.to_owned(),
        position,
        zone,
        water_zone: Some(zone),
        province: "nowhere".to_owned(),
        harbour: Harbour::Sea,
        rank,
        population: Some(population),
        certainty: Certainty::Certain,
        citation: "test".to_owned(),
        valid_from: None,
        valid_to: None,
        note: String::new(),
        provenance: PROVENANCE,
    }
}

fn places() -> Vec<Place> {
    vec![
        place("roma", 41.9, 12.5, 1, 1_000_000),
        place("neapolis", 41.1, 14.3, 3, 30_000),
        place("alexandria", 31.05, 30.0, 1, 400_000),
        place("memphis", 29.85, 31.2, 2, 50_000),
    ]
}

fn built(transport_places: &[Place]) -> (Vec<Town>, Transport) {
    let cells = cells();
    let chart = Arc::new(Chart::new(&cells));
    let two = NonZeroUsize::new(2).unwrap();
    let transport = Transport::over(&chart, transport_places, two).unwrap();
    (towns(transport_places, &cells, &transport, two).unwrap(), transport)
}

fn price(towns: &[Town], id: &str, good: GoodId) -> i64 {
    let town = towns.iter().find(|town| town.id.as_str() == id).unwrap();
    town.stalls[good.index()].base_milliasses
}

#[test]
fn grain_is_dear_in_rome_and_cheap_in_egypt_because_of_the_map() {
    let (towns, transport) = built(&places());
    let wheat = |id| price(&towns, id, GoodId::Wheat);
    assert!(wheat("memphis") < wheat("alexandria"), "{} {}", wheat("memphis"), wheat("alexandria"));
    assert!(wheat("alexandria") < wheat("roma"));
    assert!(wheat("roma") > wheat("memphis") * 3 / 2, "{} {}", wheat("memphis"), wheat("roma"));
    let wine = |id| price(&towns, id, GoodId::Wine);
    assert!(wine("roma") < wine("alexandria"), "Italy has the vines");
    let papyrus = |id| price(&towns, id, GoodId::Papyrus);
    assert!(papyrus("memphis") < papyrus("roma"));
    // Nobody gains by carrying wheat from Alexandria to Rome: the gap is at most the carriage.
    let carriage = transport.carriage(2, 0).unwrap();
    let freight = f64::from(carriage.milliasses_tonne) * 0.0403;
    let risk = wheat("alexandria") as f64 * 0.003 * f64::from(carriage.hours) / 24.0;
    let gap = (wheat("roma") - wheat("alexandria")) as f64;
    assert!(gap <= (freight + risk) * 1.02, "{gap} {freight} {risk}");
}

#[test]
fn another_order_of_the_places_finds_the_same_prices() {
    let mut turned = places();
    turned.reverse();
    let ((forward, _), (backward, _)) = (built(&places()), built(&turned));
    for good in GoodId::ALL {
        for place in places() {
            let both = [&forward, &backward].map(|towns| price(towns, &place.id, good) as f64);
            assert!((both[0] / both[1] - 1.0).abs() < 0.01, "{good:?} {} {both:?}", place.id);
        }
    }
}

#[test]
fn a_city_by_the_sea_under_hills_is_better_leisure_than_a_desert_river() {
    let (towns, _) = built(&places());
    let quality =
        |id: &str| towns.iter().find(|town| town.id.as_str() == id).unwrap().otium_quality_permille;
    assert!(quality("neapolis") > quality("memphis"));
}

#[test]
fn a_plan_has_the_route_in_whole_numbers_and_the_time_that_harbours_take() {
    let chart = Arc::new(Chart::new(cells()));
    let (naples, alexandria) = (&places()[1], &places()[2]);
    let mut neighbour = naples.clone();
    neighbour.id = "puteoli".to_owned();
    let sail = |to: &Place| {
        let (from, to_zone) = (naples.water_zone.unwrap(), to.water_zone.unwrap());
        let ship = ShipType::CorbitaMinor;
        let passage = Passage { from, to: to_zone, ship, month: Month::JULY };
        let route = Navigator::new(Arc::clone(&chart)).sail(passage).unwrap();
        (VoyagePlan::from_route(naples, to, ship, &route).unwrap(), route)
    };
    let (plan, route) = sail(alexandria);
    assert!((plan.duration_us as f64 / DAY_US - route.days - 0.25).abs() < 1e-6);
    assert_eq!(plan.path.first(), Some(&[14_300, 41_100]));
    assert_eq!(plan.path.last(), Some(&[30_000, 31_050]));
    assert!(plan.path.len() <= route.zones.len() + 2);
    let (next_door, _) = sail(&neighbour);
    assert_eq!(next_door.duration_us, 21_600_000_000);
    // However near: something may befall her.
    let risk = |permille| risk_permille(&Route { risk_permille: permille, ..route.clone() });
    assert_eq!([0.0, 0.29, 1.0, 1.2].map(risk), [0, 1, 1, 2]);
}
