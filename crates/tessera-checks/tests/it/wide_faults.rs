//! Faults in the layers of a wide world: a rule, and what breaks it.

use crate::wide::{at, by, each_rain, each_temperature, feature};
use geo_types::{Geometry, LineString, MultiPoint, Point, polygon};
use tessera_stage::raster::Raster;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::{Clash, Era, Staged};
use tessera_world::{Certainty, Feature, Igbp, ProvenanceId, River, SurfaceKind};

/// A rule, and what breaks it.
pub(crate) type Fault = (&'static str, fn(&mut Staged));

fn first(staged: &Staged, kind: SurfaceKind) -> usize {
    staged.surface.iter().position(|surface| surface.unwrap().kind == kind).unwrap()
}

pub(crate) fn index(staged: &Staged, latitude: f64, longitude: f64) -> usize {
    staged.index_of(at(latitude, longitude)).unwrap()
}

fn change_river(staged: &mut Staged, number: usize, change: impl FnOnce(&mut River)) {
    change(staged.river.iter_mut().nth(number).unwrap().1);
}

pub(crate) fn drop_zone(staged: &mut Staged, index: usize) {
    staged.zones.remove(index);
    staged.terrain.remove(index);
    staged.surface.remove(index);
    staged.bathymetry.remove(index);
    staged.climate.remove(index);
    staged.land_cover.remove(index);
    staged.river.remove(index);
    staged.lake.remove(index);
    staged.surface_intervals.remove(index);
}

fn plant(staged: &mut Staged, planted: Feature) {
    staged.features.push(planted);
    staged.features.sort_by(|a, b| a.key().cmp(&b.key()));
}

fn point(latitude: f64, longitude: f64) -> Geometry<f64> {
    Geometry::Point(Point::new(longitude, latitude))
}

pub(crate) fn clash(other_value: f64) -> Clash {
    Clash {
        layer: "elevation".into(),
        rule: "nearest_to_median".into(),
        chosen: "formulas".into(),
        chosen_value: 3_274.0,
        other: "etopo5".into(),
        other_value,
    }
}

pub(crate) const GROUND: &[Fault] = &[
    ("coverage_pentagon", |staged| {
        let pentagon = staged.zones.iter().position(|zone| zone.is_pentagon()).unwrap();
        drop_zone(staged, pentagon);
    }),
    ("coverage_layer", |staged| {
        for weather in staged.weather.iter_mut().step_by(3) {
            *weather = None;
        }
    }),
    ("coverage_layer", |staged| {
        for index in (0..staged.zones.len()).step_by(4) {
            staged.bathymetry.set(index, None);
        }
    }),
    ("coverage_province", |staged| {
        for (zone, weather) in staged.coarse_zones.iter().zip(&mut staged.weather) {
            let centre = zone.centre();
            if (34.0..51.0).contains(&centre.latitude())
                && (4.0..21.0).contains(&centre.longitude())
            {
                *weather = None;
            }
        }
    }),
    ("coverage_province", |staged| staged.places.retain(|place| place.id != "oppidum")),
    ("terrain_units", |staged| {
        // Every node three times the height of Mont Blanc, where five of the known summits are.
        let (columns, rows) = (60 * 4, 30 * 4);
        staged.elevation = Raster {
            west: 0.0,
            north: 50.0,
            step_longitude: 0.25,
            step_latitude: 0.25,
            columns,
            rows,
            values: vec![15_777.0; columns * rows],
        };
    }),
    ("terrain_slope", |staged| staged.terrain.change(9, |terrain| terrain.slope_permille = 4_000)),
    ("surface_interval_order", |staged| {
        let (_, era) = staged.surface_intervals.iter_mut().next().unwrap();
        (era.valid_from, era.valid_to) = (era.valid_to, era.valid_from);
    }),
    ("surface_interval_overlap", |staged| {
        staged.surface_intervals.iter_mut().nth(1).unwrap().1.valid_from = -300;
    }),
    ("surface_interval_same", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        let surface = staged.surface.get(sea).unwrap();
        staged.surface_intervals.add(vec![(sea, Era { valid_from: 1, valid_to: 9, surface })]);
    }),
    ("surface_kind", |staged| {
        staged.surface_intervals.iter_mut().next().unwrap().1.surface.land_permille = 700;
    }),
    ("bathymetry_range", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        staged.bathymetry.change(sea, |depth| depth.depth_max_m = 20_000);
    }),
    ("bathymetry_land", |staged| {
        let (sea, land) = (first(staged, SurfaceKind::Sea), first(staged, SurfaceKind::Land));
        staged.bathymetry.set(land, staged.bathymetry.get(sea));
    }),
    ("bathymetry_terrain", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        staged.bathymetry.change(sea, |depth| depth.depth_mean_m = 200);
    }),
    ("land_cover_share", |staged| {
        // The raster upside down: forests at sea, water on land.
        staged.land_cover.change_all(|_, cover| {
            let wet = u8::from(cover.igbp) == 0;
            cover.igbp = Igbp::try_from(if wet { 4 } else { 0 }).unwrap();
        });
    }),
    ("land_cover_urban", |staged| {
        let rome = index(staged, 41.9, 12.5);
        staged.land_cover.change(rome, |cover| cover.igbp = Igbp::try_from(13).unwrap());
    }),
    ("land_cover_reservoir", |staged| {
        let nasser = index(staged, 23.0, 32.8);
        staged.land_cover.change(nasser, |cover| cover.igbp = Igbp::try_from(0).unwrap());
    }),
    ("land_cover_climate", |staged| {
        let sahara = index(staged, 24.0, 10.0);
        staged.land_cover.change(sahara, |cover| cover.igbp = Igbp::try_from(2).unwrap());
    }),
    ("land_cover_ancient", |staged| {
        let id = by("land_cover");
        let provenance = staged.provenances.iter_mut().find(|p| p.id == id).unwrap();
        provenance.certainty = Certainty::Certain;
    }),
];

pub(crate) const WATER_AND_AIR: &[Fault] = &[
    ("river_shrinks", |staged| change_river(staged, 5, |river| river.upstream_km2 = Some(900_000))),
    ("river_size", |staged| {
        for (_, river) in staged.river.iter_mut() {
            river.upstream_km2 = Some(1);
        }
    }),
    ("river_order", |staged| change_river(staged, 2, |river| river.strahler = Some(40))),
    ("river_order_falls", |staged| {
        let spring = index(staged, 30.0, 45.0);
        let river = River { strahler: Some(9), ..staged.river.get(spring).cloned().unwrap() };
        staged.river.set(spring, Some(river));
    }),
    ("river_ends_inland", |staged| {
        // The last ten zones are missing.
        let mut left: Vec<(usize, River)> =
            staged.river.iter().map(|(index, river)| (index, river.clone())).collect();
        left.sort_by_key(|(_, river)| river.upstream_km2);
        left.truncate(left.len() - 10);
        left.last_mut().unwrap().1.downstream = None;
        staged.river = Sparse::from_unsorted(left);
    }),
    ("river_at_sea", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        let river = staged.river.iter().next().unwrap().1.clone();
        staged.river.set(sea, Some(River { downstream: None, ..river }));
    }),
    ("lake_share", |staged| staged.lake.iter_mut().next().unwrap().1.water_permille = 1_700),
    ("lake_at_sea", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        let lake = staged.lake.iter().next().unwrap().1.clone();
        staged.lake.set(sea, Some(lake));
    }),
    ("lake_tilted", |staged| {
        let (lake, _) = staged.lake.iter().next().unwrap();
        staged.terrain.change(lake, |terrain| terrain.elevation_max_m += 4_000);
    }),
    ("wind_mean", |staged| {
        // Knots read as metres per second.
        for month in staged.wind.iter_mut().flatten().flat_map(|wind| &mut wind.months) {
            month.u_cm_s *= 2;
            month.v_cm_s *= 2;
        }
    }),
    ("wind_monsoon", |staged| {
        for wind in staged.wind.iter_mut().flatten() {
            wind.months.rotate_left(6);
        }
    }),
    ("wind_rose_sum", |staged| {
        for month in &mut staged.wind_rose.iter_mut().next().unwrap().1.months {
            month.shares_permille = month.shares_permille.map(|share| share / 20);
        }
    }),
    ("wind_rose_speed", |staged| {
        staged.wind_rose.iter_mut().next().unwrap().1.months[2].speeds_dm_s[1] = 900;
    }),
    ("wind_rose_turned", |staged| {
        // Where it blows to, in place of where it comes from.
        for month in staged.wind_rose.iter_mut().flat_map(|(_, rose)| &mut rose.months) {
            month.shares_permille.rotate_left(4);
            month.speeds_dm_s.rotate_left(4);
        }
    }),
    ("current_speed", |staged| {
        let current = staged.current.iter_mut().flatten().next().unwrap();
        current.months[7].u_cm_s = 900;
    }),
    ("current_mean", |staged| {
        for month in staged.current.iter_mut().flatten().flat_map(|current| &mut current.months) {
            month.u_cm_s /= 30;
        }
    }),
    ("current_on_land", |staged| {
        let current = staged.current.iter().flatten().next().copied();
        let land = index(staged, 45.0, 20.0);
        staged.current[land] = current;
    }),
    ("climate_weather", |staged| {
        let sahara = index(staged, 24.0, 10.0);
        let rain = staged.weather[sahara].as_mut().unwrap().rain.as_mut().unwrap();
        rain.months_mm = [400; 12];
    }),
    ("climate_weather_share", |staged| each_rain(staged, |months, _| *months = [200; 12])),
    ("rain_range", |staged| {
        staged.weather[3].as_mut().unwrap().rain.as_mut().unwrap().months_mm[4] = u16::MAX;
    }),
    ("rain_mean", |staged| {
        // Metres in place of millimetres.
        each_rain(staged, |months, _| *months = months.map(|mm| mm / 1_000));
    }),
    ("rain_season", |staged| each_rain(staged, |months, _| months.rotate_left(6))),
    ("temperature_range", |staged| {
        // Kelvins.
        each_temperature(staged, |months, _| *months = months.map(|tenths| tenths + 2_731));
    }),
    ("temperature_season", |staged| each_temperature(staged, |months, _| months.rotate_left(6))),
    ("temperature_latitude", |staged| {
        // Rows read from the wrong end.
        let zones = staged.coarse_zones.clone();
        each_temperature(staged, |months, index| {
            let off = (zones[index].centre().latitude() - 32.0) * 6.0;
            *months = months.map(|tenths| tenths + off as i16);
        });
    }),
    ("temperature_lapse", |staged| {
        let heights: Vec<i32> =
            staged.terrain.iter().map(|terrain| terrain.unwrap().elevation_mean_m).collect();
        each_temperature(staged, |months, index| {
            *months = months.map(|tenths| tenths + (heights[index] / 5) as i16);
        });
    }),
];

pub(crate) const FEATURES: &[Fault] = &[
    ("place_population", |staged| staged.places[0].population = Some(2_000_000)),
    ("place_river_missing", |staged| {
        let place = staged.places.iter_mut().find(|place| place.id == "vadum").unwrap();
        place.zone = at(50.0, 60.0);
        place.position = place.zone.centre();
    }),
    ("text_garbled", |staged| "MÃ©rida".clone_into(&mut staged.places[0].modern)),
    ("text_garbled", |staged| "Augusta Emerita\u{fffd}".clone_into(&mut staged.features[0].title)),
    ("feature_order", |staged| {
        let twin = staged.features[0].clone();
        staged.features.insert(0, twin);
    }),
    ("feature_collection", |staged| plant(staged, feature("temples", "a", point(40.0, 20.0)))),
    ("feature_shapes", |staged| plant(staged, feature("borders", "stone", point(40.0, 20.0)))),
    ("feature_shapes", |staged| {
        let several = MultiPoint::from(vec![(20.0, 40.0), (21.0, 40.0)]);
        plant(staged, feature("mines", "field", several.into()));
    }),
    ("feature_geometry", |staged| {
        let bow = polygon![
            (x: 20.0, y: 40.0), (x: 22.0, y: 42.0), (x: 22.0, y: 40.0), (x: 20.0, y: 42.0)
        ];
        plant(staged, feature("open_water", "bow", bow.into()));
    }),
    ("open_water_overlap", |staged| {
        for (id, west) in [("first", 20.0), ("second", 20.5)] {
            let gulf = polygon![
                (x: west, y: 40.0), (x: west + 1.0, y: 40.0), (x: west + 1.0, y: 41.0), (x: west, y: 41.0)
            ];
            plant(staged, feature("open_water", id, gulf.into()));
        }
    }),
    ("feature_geometry", |staged| {
        plant(staged, feature("roads", "nowhere", LineString::new(Vec::new()).into()));
    }),
    ("feature_geometry", |staged| {
        let line = LineString::from(vec![(20.0, 40.0), (f64::NAN, 41.0)]);
        plant(staged, feature("roads", "no-number", line.into()));
    }),
    ("feature_range", |staged| {
        let metres = LineString::from(vec![(2_500_000.0, 4_100_000.0), (20.0, 40.0)]);
        plant(staged, feature("roads", "metres", metres.into()));
    }),
    // The rectangle around it meets the world's box.
    ("feature_outside", |staged| {
        let around = LineString::from(vec![(70.0, 70.0), (100.0, 50.0)]);
        plant(staged, feature("roads", "around", around.into()));
    }),
    ("feature_outside", |staged| {
        let mut far = feature("mines", "potosi", point(-19.6, -65.75));
        far.zone = None;
        plant(staged, far);
    }),
    ("feature_position_unknown", |staged| {
        let line = LineString::from(vec![(0.0, 0.0), (20.0, 40.0)]);
        plant(staged, feature("aqueducts", "null-island", line.into()));
    }),
    ("feature_zone", |staged| staged.features[0].zone = Some(at(50.0, 50.0))),
    ("feature_title", |staged| staged.features[0].title.clear()),
    ("feature_years", |staged| {
        (staged.features[0].valid_from, staged.features[0].valid_to) = (Some(400), Some(-100));
    }),
    ("feature_year_future", |staged| staged.features[0].valid_to = Some(2_150)),
    ("feature_population", |staged| {
        staged.features[0].properties.insert("population".to_owned(), 45_000_000.into());
    }),
    ("feature_crosses_sea", |staged| {
        let line = LineString::from(vec![(50.0, 15.0), (60.0, 15.0)]);
        plant(staged, feature("roads", "on-water", line.into()));
    }),
    ("mine_at_sea", |staged| plant(staged, feature("mines", "wet", point(12.0, 60.0)))),
    ("settlement_at_sea", |staged| plant(staged, feature("settlements", "wet", point(12.0, 60.0)))),
    ("port_inland", |staged| plant(staged, feature("ports", "dry", point(50.0, 60.0)))),
    ("wreck_inland", |staged| plant(staged, feature("shipwrecks", "museum", point(50.0, 60.0)))),
];

pub(crate) const RECORD: &[Fault] = &[
    ("provenance_unused", |staged| {
        let mut unused = staged.provenances[0].clone();
        (unused.id, unused.layer) = (ProvenanceId(77), "roads".to_owned());
        staged.provenances.push(unused);
    }),
    ("provenance_missing", |staged| staged.features[0].provenance = ProvenanceId(300)),
    ("provenance_missing", |staged| {
        staged.wind[8].as_mut().unwrap().provenance = ProvenanceId(300);
    }),
    ("provenance_method", |staged| staged.provenances[2].method.clear()),
    ("provenance_years", |staged| {
        (staged.provenances[2].valid_from, staged.provenances[2].valid_to) = (Some(300), Some(200));
    }),
    ("source_unused", |staged| {
        let mut unused = staged.sources[0].clone();
        "nobody".clone_into(&mut unused.id);
        staged.sources.push(unused);
    }),
    ("source_attribution", |staged| staged.sources[0].attribution.clear()),
    ("source_checksum", |staged| staged.sources[0].sha256.clear()),
    ("epoch_order", |staged| staged.epochs.reverse()),
    ("epoch_order", |staged| staged.epoch = 151),
    ("epoch_standard", |staged| staged.epochs.retain(|year| *year != 14)),
    ("epoch_empty", |staged| {
        for place in &mut staged.places {
            place.valid_from = Some(-300);
        }
    }),
    ("conflict", |staged| {
        let etna = index(staged, 37.75, 15.0);
        staged.conflicts = Sparse::from_unsorted(vec![(etna, clash(1_050.0))]);
    }),
    ("conflict_rule", |staged| {
        let clash = Clash { rule: "".into(), ..clash(1_050.0) };
        staged.conflicts = Sparse::from_unsorted(vec![(7, clash)]);
    }),
    ("conflict_share", |staged| {
        let all = (0..staged.zones.len()).step_by(2).map(|index| (index, clash(-9.0)));
        staged.conflicts = Sparse::from_unsorted(all.collect());
    }),
];

/// Rules that look at more than a staged world.
pub(crate) const ELSEWHERE: [&str; 5] = [
    "licence_refused",
    "tile_missing",
    "difference_large",
    "difference_zones",
    "difference_places",
];

pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    [GROUND, WATER_AND_AIR, FEATURES, RECORD].into_iter().flatten()
}
