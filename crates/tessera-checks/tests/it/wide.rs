//! A wide world with every layer, made of formulas: land in the north, the Arabian Sea in the south, one river
//! between them, a pentagon of the grid in the sea. Every rule holds in it; a test breaks what it is about.

use geo_types::{Geometry, LineString, Point, polygon};
use std::collections::BTreeSet;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_stage::layers::surface::kind;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Era, Staged};
use tessera_world::{
    Bathymetry, Certainty, Climate, Current, Feature, FlowVector, Geology, Harbour, Igbp, Lake,
    LandCover, Place, Provenance, ProvenanceId, Rain, Region, ReleaseInfo, River, RoseMonth,
    STANDARD_EPOCHS, Source, Surface, SurfaceKind, Temperature, Terrain, Weather, Wind, WindRose,
};

/// South of it is sea, degrees north.
pub(crate) const COAST: f64 = 20.0;
/// The river's zones begin here.
const SPRING: (f64, f64) = (30.0, 45.0);

pub(crate) const LAYERS: [&str; 13] = [
    "terrain",
    "surface",
    "bathymetry",
    "climate",
    "land_cover",
    "river",
    "lake",
    "wind",
    "current",
    "weather",
    "geology",
    "wind_rose",
    "place",
];

/// The provenance of a layer.
pub(crate) fn by(layer: &str) -> ProvenanceId {
    let at = LAYERS.iter().position(|known| *known == layer).unwrap();
    ProvenanceId(at as u32 + 1)
}

pub(crate) fn at(latitude: f64, longitude: f64) -> Zone {
    Zone::at(Position::new(latitude, longitude).unwrap(), Resolution::try_from(4).unwrap())
}

pub(crate) fn wide() -> Staged {
    let resolution = Resolution::try_from(4).unwrap();
    let bbox = BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap();
    let info = ReleaseInfo {
        title: "A wide world".to_owned(),
        epoch: 150,
        epochs: STANDARD_EPOCHS.to_vec(),
        resolution,
        coarse_resolution: resolution,
        bbox,
        zones: 0,
        places: 0,
    };
    let mut staged = Staged::empty(&info, zones_in(bbox, resolution));
    record(&mut staged);
    let mut roses = Vec::new();
    for (index, zone) in staged.zones.clone().into_iter().enumerate() {
        ground(&mut staged, index, zone);
        air(&mut staged, &mut roses, index, zone);
    }
    staged.wind_rose = Sparse::from_unsorted(roses);
    waters(&mut staged);
    places(&mut staged);
    features(&mut staged);
    staged
}

fn record(staged: &mut Staged) {
    staged.sources = vec![Source {
        id: "formulas".to_owned(),
        title: "Formulas".to_owned(),
        publisher: "Tests".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: "Nobody".to_owned(),
        edition: "1".to_owned(),
        sha256: "ab".repeat(32),
        url: String::new(),
    }];
    staged.provenances = LAYERS
        .iter()
        .map(|layer| Provenance {
            id: by(layer),
            layer: (*layer).to_owned(),
            source: "formulas".to_owned(),
            licence: "CC0-1.0".to_owned(),
            certainty: if *layer == "land_cover" {
                Certainty::Hypothetical
            } else {
                Certainty::Certain
            },
            method: "By a formula.".to_owned(),
            valid_from: None,
            valid_to: None,
        })
        .collect();
}

fn land_permille(zone: Zone) -> u16 {
    let north = zone.centre().latitude() - COAST;
    if north > 0.3 {
        1000
    } else if north < -0.3 {
        0
    } else {
        500
    }
}

fn height(zone: Zone) -> i32 {
    let (latitude, longitude) = (zone.centre().latitude(), zone.centre().longitude());
    let uplands = 900.0 * (longitude * 0.2).sin().abs();
    match land_permille(zone) {
        0 => -2_000,
        500 => 5,
        _ => (40.0 * (latitude - COAST) + uplands) as i32 + 10,
    }
}

fn ground(staged: &mut Staged, index: usize, zone: Zone) {
    let (land, mean) = (land_permille(zone), height(zone));
    let terrain = Terrain {
        elevation_mean_m: mean,
        elevation_min_m: mean - 10,
        elevation_max_m: mean + 10,
        slope_permille: 5,
        ruggedness_m: 5,
        provenance: by("terrain"),
    };
    staged.terrain.set(index, Some(terrain));
    let surface = Surface { kind: kind(land), land_permille: land, provenance: by("surface") };
    staged.surface.set(index, Some(surface));
    let desert = zone.centre().latitude() < 28.0;
    if land > 0 {
        let koppen = if desert { "BWh" } else { "Csa" }.parse().unwrap();
        staged.climate.set(index, Some(Climate { koppen, provenance: by("climate") }));
    } else {
        let depth =
            Bathymetry { depth_mean_m: 2_000, depth_max_m: 2_100, provenance: by("bathymetry") };
        staged.bathymetry.set(index, Some(depth));
    }
    let igbp = Igbp::try_from(if land == 0 {
        0
    } else if desert {
        16
    } else {
        8
    })
    .unwrap();
    staged.land_cover.set(index, Some(LandCover { igbp, provenance: by("land_cover") }));
}

/// Wind or water that comes from somewhere, m/s.
pub(crate) fn from(degrees: f64, speed: f64) -> FlowVector {
    let (sin, cos) = degrees.to_radians().sin_cos();
    FlowVector { u_cm_s: (-100.0 * speed * sin) as i16, v_cm_s: (-100.0 * speed * cos) as i16 }
}

fn air(staged: &mut Staged, roses: &mut Vec<(usize, WindRose)>, index: usize, zone: Zone) {
    let latitude = zone.centre().latitude();
    let sea = land_permille(zone) == 0;
    let mut months = [from(0.0, 4.0); 12];
    if sea {
        for (month, wind) in months.iter_mut().enumerate() {
            *wind = if (4..9).contains(&month) { from(225.0, 6.0) } else { from(45.0, 4.0) };
        }
        let rose = |month: usize| {
            let mut rose = RoseMonth { calm_permille: 50, ..RoseMonth::default() };
            let direction = if (4..9).contains(&month) { 5 } else { 1 };
            (rose.shares_permille[direction], rose.speeds_dm_s[direction]) = (950, 60);
            rose
        };
        let rose = WindRose { months: std::array::from_fn(rose), provenance: by("wind_rose") };
        roses.push((index, rose));
        let current = Current { months: [from(270.0, 0.3); 12], provenance: by("current") };
        staged.current[index] = Some(current);
    }
    staged.wind[index] = Some(Wind { months, provenance: by("wind") });
    let winter_rain = latitude > 25.0;
    let rain = std::array::from_fn(|month| match (winter_rain, (4..9).contains(&month)) {
        (true, true) => 10,
        (true, false) => 80,
        (false, true) => 150,
        (false, false) => 5,
    });
    let above = f64::from(height(zone).max(0));
    let mean = 28.0 - 0.3 * latitude - 6.5 * above / 1000.0;
    let temperature = std::array::from_fn(|month| {
        let season = -9.0 * (std::f64::consts::TAU * (month as f64 - 0.5) / 12.0).cos();
        (10.0 * (mean + if latitude > 24.0 { season } else { 0.2 * season })) as i16
    });
    staged.weather[index] = Some(Weather {
        rain: Some(Rain { months_mm: rain, provenance: by("weather") }),
        temperature: Some(Temperature { months_tenths_c: temperature, provenance: by("weather") }),
    });
    let crust = Region { name: "Platform".to_owned(), provenance: by("geology") };
    staged.geology[index] = Some(Geology { crust: Some(crust), orogen: None });
}

/// One river from its spring to the coast, one lake, one gulf that was open in antiquity.
fn waters(staged: &mut Staged) {
    let mut course = vec![at(SPRING.0, SPRING.1)];
    while let Some(&here) = course.last().filter(|here| land_permille(**here) == 1000) {
        let south = |zone: &Zone| zone.centre().latitude();
        course.push(here.neighbours().min_by(|a, b| south(a).total_cmp(&south(b))).unwrap());
    }
    let river = |(step, zone): (usize, &Zone)| {
        let river = River {
            latin: Some("Fluvius".to_owned()),
            modern: None,
            upstream_km2: Some(10_000 + 1_000 * step as u32),
            strahler: Some(4),
            navigable: true,
            downstream: course.get(step + 1).copied(),
            provenance: by("river"),
        };
        (staged.index_of(*zone).unwrap(), river)
    };
    let rivers = course.iter().enumerate().map(river).collect();
    staged.river = Sparse::from_unsorted(rivers);
    let lake = Lake {
        latin: Some("Lacus".to_owned()),
        modern: None,
        water_permille: 400,
        provenance: by("lake"),
    };
    let there = staged.index_of(at(45.0, 20.0)).unwrap();
    staged.lake = Sparse::from_unsorted(vec![(there, lake)]);
    let gulf = staged.surface.iter().position(|s| s.unwrap().kind == SurfaceKind::Coast).unwrap();
    let surface = Surface { kind: SurfaceKind::Sea, land_permille: 0, provenance: by("surface") };
    let era = |valid_from, valid_to| Era { valid_from, valid_to, surface };
    staged.surface_intervals =
        Sparse::from_unsorted(vec![(gulf, era(-1000, -201)), (gulf, era(-200, 100))]);
}

fn places(staged: &mut Staged) {
    let first = |staged: &Staged, wanted: SurfaceKind| {
        staged.zones[staged.surface.iter().position(|s| s.unwrap().kind == wanted).unwrap()]
    };
    let coast = first(staged, SurfaceKind::Coast);
    let place = |id: &str, zone: Zone, harbour: Harbour, rank: u8, population: u32| Place {
        id: id.to_owned(),
        latin: id.to_uppercase(),
        modern: String::new(),
        position: zone.centre(),
        zone,
        water_zone: (harbour == Harbour::Sea).then_some(zone),
        province: "Provincia".to_owned(),
        harbour,
        rank,
        population: Some(population),
        certainty: Certainty::Certain,
        citation: "tests:1".to_owned(),
        valid_from: None,
        valid_to: None,
        note: String::new(),
        provenance: by("place"),
    };
    staged.places = vec![
        place("oppidum", at(42.0, 12.0), Harbour::None, 4, 3_000),
        place("portus", coast, Harbour::Sea, 1, 200_000),
        place("vadum", at(SPRING.0, SPRING.1), Harbour::River, 5, 900),
    ];
}

pub(crate) fn feature(collection: &str, id: &str, geometry: Geometry<f64>) -> Feature {
    let zone = match &geometry {
        Geometry::Point(point) => Some(at(point.y(), point.x())),
        _ => None,
    };
    Feature {
        title: format!("The {id}"),
        zone,
        valid_from: Some(-100),
        valid_to: Some(400),
        ..Feature::new(collection, id.to_owned(), geometry, by("place"))
    }
}

fn features(staged: &mut Staged) {
    let point = |latitude: f64, longitude: f64| Geometry::Point(Point::new(longitude, latitude));
    let province = polygon![
        (x: 5.0, y: 35.0), (x: 20.0, y: 35.0), (x: 20.0, y: 50.0), (x: 5.0, y: 50.0)
    ];
    let road = LineString::from(vec![(10.0, 40.0), (14.0, 42.0), (18.0, 41.0)]);
    staged.features = vec![
        feature("cities", "city", point(42.0, 12.0)),
        feature("mines", "mine", point(40.0, 30.0)),
        feature("ports", "port", point(30.0, 45.0)),
        feature("provinces", "province", province.into()),
        feature("roads", "road", road.into()),
        feature("settlements", "village", point(44.0, 22.0)),
        feature("shipwrecks", "wreck", point(14.0, 62.0)),
    ];
    let ids: BTreeSet<&str> = staged.features.iter().map(|feature| feature.id.as_str()).collect();
    assert_eq!(ids.len(), staged.features.len());
}

/// Changes the months of rain of every zone, given its latitude.
pub(crate) fn each_rain(staged: &mut Staged, change: impl Fn(&mut [u16; 12], f64)) {
    for (zone, weather) in staged.coarse_zones.iter().zip(&mut staged.weather) {
        if let Some(rain) = weather.as_mut().and_then(|weather| weather.rain.as_mut()) {
            change(&mut rain.months_mm, zone.centre().latitude());
        }
    }
}

/// Changes the months of temperature of every zone, given its number.
pub(crate) fn each_temperature(staged: &mut Staged, change: impl Fn(&mut [i16; 12], usize)) {
    for (index, weather) in staged.weather.iter_mut().enumerate() {
        if let Some(temperature) = weather.as_mut().and_then(|w| w.temperature.as_mut()) {
            change(&mut temperature.months_tenths_c, index);
        }
    }
}
