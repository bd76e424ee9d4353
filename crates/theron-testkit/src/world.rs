//! A small world for tests: Latium, with something of every layer, in as few facts as that takes.
//!
//! Every field is open, so that a test can change what it is about and leave the rest. Facts follow from
//! the zone's place in the order, so that they differ from zone to zone and are equal from run to run.

use serde_json::json;
use std::path::Path;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_release::{ReleaseFile, ReleaseWriter, TileAddress, Tileset};
use tessera_world::{
    Bathymetry, Cell, Certainty, Climate, Coarse, Conflict, Current, Feature, FlowVector, Geology,
    Harbour, Lake, LandCover, Place, Provenance, ProvenanceId, Rain, Region, ReleaseInfo, River,
    RoseMonth, STANDARD_EPOCHS, Source, Surface, SurfaceInterval, SurfaceKind, Temperature,
    Terrain, Weather, Wind, WindRose,
};

/// Of every fact but the disputed ones.
pub const MADE: ProvenanceId = ProvenanceId(1);

/// What its world tile holds: gzip of nothing.
pub const WORLD_TILE: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// What its relief tile holds: the beginning of a picture.
pub const RELIEF_TILE: &[u8] = b"\x89PNG";

/// Everything a release is made of, each kind in the order the writer asks for.
#[derive(Clone, Debug)]
pub struct SmallWorld {
    pub info: ReleaseInfo,
    pub sources: Vec<Source>,
    pub provenances: Vec<Provenance>,
    /// As a reader gives them in the epoch, the coarse layers included.
    pub cells: Vec<Cell>,
    pub coarse: Vec<Coarse>,
    pub intervals: Vec<SurfaceInterval>,
    pub places: Vec<Place>,
    pub features: Vec<Feature>,
    pub tiles: Vec<(Tileset, TileAddress, Vec<u8>)>,
}

impl SmallWorld {
    /// Some 200 zones of resolution 5 around Rome and Naples.
    pub fn latium() -> Self {
        Self::latium_at(Resolution::FIVE)
    }

    /// The same land in finer or coarser zones: each step finer has seven times as many.
    pub fn latium_at(resolution: Resolution) -> Self {
        let bbox = BBox::new(11.5, 40.5, 14.5, 42.5).expect("a box");
        let zones = zones_in(bbox, resolution);
        let coarse_resolution = ReleaseInfo::coarse_resolution_of(resolution);
        let mut above: Vec<Zone> =
            zones.iter().filter_map(|zone| zone.ancestor(coarse_resolution)).collect();
        above.dedup();
        let coarse: Vec<Coarse> = above.into_iter().enumerate().map(coarse).collect();
        let mut cells: Vec<Cell> = zones.into_iter().enumerate().map(cell).collect();
        for cell in &mut cells {
            let at = cell.zone.ancestor(coarse_resolution);
            if let Some(coarse) = coarse.iter().find(|coarse| Some(coarse.zone) == at) {
                cell.wind = coarse.wind;
                cell.current = coarse.current;
                cell.weather = coarse.weather;
                cell.geology.clone_from(&coarse.geology);
            }
        }
        let places = places(resolution);
        Self {
            info: ReleaseInfo {
                title: "Latium".to_owned(),
                epoch: 150,
                epochs: STANDARD_EPOCHS.to_vec(),
                resolution,
                coarse_resolution,
                bbox,
                zones: cells.len() as u64,
                places: places.len() as u64,
            },
            sources: vec![source("made"), source("other")],
            provenances: vec![provenance(MADE, "made"), provenance(ProvenanceId(2), "other")],
            intervals: intervals(&cells),
            cells,
            coarse,
            places,
            features: features(resolution),
            tiles: vec![
                (Tileset::Relief, TileAddress { z: 0, row: 0, col: 0 }, RELIEF_TILE.to_vec()),
                (Tileset::World, TileAddress { z: 1, row: 0, col: 1 }, WORLD_TILE.to_vec()),
            ],
        }
    }

    /// Another title gives another release.
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.info.title);
        self
    }

    /// Writes it to a new file.
    pub fn write(&self, path: &Path) -> Result<ReleaseFile, tessera_release::Error> {
        let mut writer = ReleaseWriter::create(path, &self.info)?;
        self.sources.iter().try_for_each(|source| writer.source(source))?;
        self.provenances.iter().try_for_each(|provenance| writer.provenance(provenance))?;
        self.cells.iter().try_for_each(|cell| writer.cell(cell))?;
        self.intervals.iter().try_for_each(|interval| writer.surface_interval(interval))?;
        self.coarse.iter().try_for_each(|coarse| writer.coarse(coarse))?;
        self.places.iter().try_for_each(|place| writer.place(place))?;
        self.features.iter().try_for_each(|feature| writer.feature(feature))?;
        self.tiles.iter().try_for_each(|(set, at, data)| writer.tile(*set, *at, data))?;
        writer.finish()
    }
}

fn cell((i, zone): (usize, Zone)) -> Cell {
    let provenance = MADE;
    Cell {
        terrain: Some(Terrain {
            elevation_mean_m: i as i32 - 3,
            elevation_min_m: -10,
            elevation_max_m: 900,
            slope_permille: 12,
            ruggedness_m: 30,
            provenance,
        }),
        surface: Some(Surface { kind: SurfaceKind::Coast, land_permille: 400, provenance }),
        bathymetry: (i % 4 == 1).then_some(Bathymetry {
            depth_mean_m: 40,
            depth_max_m: 100 + i as u32,
            provenance,
        }),
        river: (i % 2 == 0).then(|| River {
            latin: (i % 4 == 0).then(|| "Tiberis".to_owned()),
            modern: (i % 4 == 0).then(|| "Tevere".to_owned()),
            upstream_km2: Some(17_000),
            strahler: Some(5),
            navigable: true,
            downstream: zone.neighbours().next(),
            provenance,
        }),
        lake: (i == 8).then(|| Lake {
            latin: Some("Lacus Albanus".to_owned()),
            modern: Some("Lago Albano".to_owned()),
            water_permille: 20,
            provenance,
        }),
        climate: (i % 3 == 0)
            .then(|| Climate { koppen: "Csa".parse().expect("a class"), provenance }),
        land_cover: (i % 3 == 0)
            .then(|| LandCover { igbp: 12.try_into().expect("a class"), provenance }),
        conflicts: if i == 5 { vec![conflict()] } else { Vec::new() },
        ..Cell::bare(zone)
    }
}

fn conflict() -> Conflict {
    Conflict {
        layer: "elevation".to_owned(),
        rule: "nearest_to_median".to_owned(),
        chosen: "made".to_owned(),
        chosen_value: 2.0,
        other: "other".to_owned(),
        other_value: 812.5,
    }
}

fn coarse((i, zone): (usize, Zone)) -> Coarse {
    let provenance = MADE;
    let blown = i.is_multiple_of(5);
    let month = |month: usize| RoseMonth {
        shares_permille: [100, 50, 50, 100, 200, 200, 150, 100],
        speeds_dm_s: [60, 40, 35, 45, 50, 55, 70, 65],
        calm_permille: 50,
        gale_permille: month as u16,
    };
    Coarse {
        wind: blown
            .then_some(Wind { months: [FlowVector { u_cm_s: 120, v_cm_s: -340 }; 12], provenance }),
        current: blown.then_some(Current {
            months: [FlowVector { u_cm_s: -10, v_cm_s: 15 }; 12],
            provenance,
        }),
        weather: (i % 2 == 0).then(|| Weather {
            rain: Some(Rain {
                months_mm: [80, 75, 70, 65, 50, 30, 18, 25, 70, 110, 115, 95],
                provenance,
            }),
            temperature: (i % 4 == 0).then_some(Temperature {
                months_tenths_c: [75, 82, 105, 134, 180, 220, 245, 247, 211, 165, 117, -5],
                provenance,
            }),
        }),
        wind_rose: blown.then(|| WindRose { months: std::array::from_fn(month), provenance }),
        geology: (i == 0).then(|| Geology {
            crust: Some(Region { name: "orogen, 46 km".to_owned(), provenance }),
            orogen: None,
        }),
        ..Coarse::bare(zone)
    }
}

/// The second cell was sea until 51 BC and a coast of mud until AD 14.
fn intervals(cells: &[Cell]) -> Vec<SurfaceInterval> {
    let Some(zone) = cells.get(1).map(|cell| cell.zone) else { return Vec::new() };
    let surface =
        |kind, land_permille| Surface { kind, land_permille, provenance: ProvenanceId(2) };
    let (sea, mud) = (surface(SurfaceKind::Sea, 0), surface(SurfaceKind::Coast, 150));
    vec![
        SurfaceInterval { zone, valid_from: -500, valid_to: -51, surface: sea },
        SurfaceInterval { zone, valid_from: -50, valid_to: 14, surface: mud },
    ]
}

fn places(resolution: Resolution) -> Vec<Place> {
    let place = |(id, latitude, longitude, valid_from): (&str, f64, f64, i32)| {
        let position = Position::new(latitude, longitude).expect("on the globe");
        let zone = Zone::at(position, resolution);
        Place {
            id: id.to_owned(),
            latin: format!("{id} <&> \"Latina\""),
            modern: "Ostia Antica".to_owned(),
            position,
            zone,
            water_zone: Some(zone),
            province: "Italia".to_owned(),
            harbour: Harbour::Sea,
            rank: 2,
            population: Some(50_000),
            certainty: Certainty::Certain,
            citation: "pleiades:422995".to_owned(),
            valid_from: Some(valid_from),
            valid_to: None,
            note: String::new(),
            provenance: MADE,
        }
    };
    [
        ("antium", 41.4500, 12.6200, -500),
        ("ostia", 41.7556, 12.2917, -400),
        ("portus", 41.7797, 12.2667, 64),
        ("puteoli", 40.8253, 14.1236, -194),
        ("terracina", 41.2890, 13.2480, -406),
    ]
    .map(place)
    .into()
}

/// Ascending by collection and id: four points, two lines of two kinds, two areas.
fn features(resolution: Resolution) -> Vec<Feature> {
    let bare = |collection: &str, id: &str, geometry: geo_types::Geometry<f64>| Feature {
        title: id.replace('-', " "),
        ..Feature::new(collection, id.to_owned(), geometry, MADE)
    };
    let point = |collection, id, longitude: f64, latitude: f64, years: [Option<i32>; 2]| {
        let position = Position::new(latitude, longitude).expect("on the globe");
        Feature {
            zone: Some(Zone::at(position, resolution)),
            valid_from: years[0],
            valid_to: years[1],
            ..bare(collection, id, geo_types::Point::new(longitude, latitude).into())
        }
    };
    let line = |points: &[(f64, f64)]| geo_types::LineString::from(points.to_vec());
    let area = |ring: &[(f64, f64)]| geo_types::Polygon::new(line(ring), Vec::new());
    let pomptine = [(12.9, 41.3), (13.2, 41.3), (13.1, 41.5), (12.9, 41.3)];
    let latium = [(12.0, 41.9), (12.4, 41.2), (13.8, 41.2), (13.2, 42.1), (12.0, 41.9)];
    let mut via_appia =
        bare("roads", "via-appia", line(&[(12.49, 41.89), (13.25, 41.29), (14.25, 41.08)]).into());
    via_appia.latin = Some("Via Appia".to_owned());
    via_appia.valid_from = Some(-312);
    "pleiades:356966999".clone_into(&mut via_appia.citation);
    let properties =
        [("paved", json!(true)), ("length_km", json!(212.5)), ("kind", json!("major"))];
    via_appia.properties =
        properties.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
    let tiber = vec![line(&[(12.5, 42.4), (12.47, 41.9)]), line(&[(12.47, 41.9), (12.23, 41.74)])];
    vec![
        Feature {
            valid_to: Some(-50),
            ..bare(
                "open_water",
                "pomptine-lagoon",
                geo_types::MultiPolygon(vec![area(&pomptine)]).into(),
            )
        },
        Feature {
            valid_from: Some(-27),
            valid_to: Some(290),
            ..bare("provinces", "latium", area(&latium).into())
        },
        bare("rivers", "tiber", geo_types::MultiLineString(tiber).into()),
        via_appia,
        point("settlements", "alba-longa", 12.653, 41.747, [Some(-1000), Some(-650)]),
        point("settlements", "ostia", 12.2917, 41.7556, [Some(-400), Some(600)]),
        point("settlements", "portus", 12.2667, 41.7797, [Some(64), None]),
        Feature {
            certainty: Certainty::Conjectured,
            ..point("shipwrecks", "ladispoli-a", 12.05, 41.94, [Some(1), Some(15)])
        },
    ]
}

fn source(id: &str) -> Source {
    Source {
        id: id.to_owned(),
        title: "Made for this test".to_owned(),
        publisher: "us".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: "none".to_owned(),
        edition: "1".to_owned(),
        sha256: "0".repeat(64),
        url: String::new(),
    }
}

fn provenance(id: ProvenanceId, source: &str) -> Provenance {
    Provenance {
        id,
        layer: "terrain".to_owned(),
        source: source.to_owned(),
        licence: "CC0-1.0".to_owned(),
        certainty: Certainty::Conjectured,
        method: "counted".to_owned(),
        valid_from: None,
        valid_to: Some(2000),
    }
}
