//! Every rule is broken once, on purpose, and must be the one that says so.

use crate::small::{self, Axes, PLACES, Small, height};
use std::collections::BTreeSet;
use std::fs;
use tessera_checks::finding::{Finding, Quarantined, Report};
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_stage::staged::Staged;
use tessera_world::{FlowVector, Harbour, ProvenanceId, ReleaseInfo, River, Surface, SurfaceKind};

/// A rule, and what breaks it in the files.
type FileFault = (&'static str, fn(&Small));

const FILE_FAULTS: &[FileFault] = &[
    ("file_missing", |small| fs::remove_file(small.path("land.prj")).unwrap()),
    ("checksum", |small| {
        let sum = "ab".repeat(32);
        small.edit(
            "sources.toml",
            "{ file = \"winds.cdf\" } }",
            &format!("{{ file = \"winds.cdf\" }}, sha256 = \"{sum}\" }}"),
        );
    }),
    ("file_truncated", |small| small.truncate("heights.cdf", 30_000)),
    ("file_truncated", |small| small.truncate("land.shp", 150)),
    ("row_broken", |small| small.truncate("drainage.dbf", 200)),
    ("file_unreadable", |small| fs::write(small.path("heights.cdf"), "no netCDF at all").unwrap()),
    ("file_unreadable", |small| fs::write(small.path("climate.png"), "no PNG at all").unwrap()),
    ("schema", |small| small.edit("sources.toml", "\"ROSE\"", "\"TULIP\"")),
    ("schema", |small| small.edit("places.csv", "lat,lon", "lon,lat")),
    ("schema", |small| small.edit("sources.toml", "\"upArea\"", "\"area\"")),
    ("schema", |small| small.edit("legend.csv", "Ocean", "Water")),
    ("projection", |small| {
        fs::write(small.path("rivers.prj"), "PROJCS[\"ETRS89 / LAEA Europe\",GEOGCS[\"ETRS89\"]]")
            .unwrap();
    }),
    ("axis_irregular", |small| {
        let mut axes = Axes::default();
        axes.latitudes[40] += 0.05;
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("axis_drift", |small| {
        let mut axes = Axes::default();
        for (index, longitude) in axes.longitudes.iter_mut().enumerate() {
            *longitude += 0.004 * f64::from(u32::from(index > 60));
        }
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("time_axis", |small| {
        small::winds(&small.path("winds.cdf"), "hour since 1980-04-14 14:00:00", 12);
    }),
    ("time_axis", |small| {
        small::winds(&small.path("winds.cdf"), "hour since 1980-01-14 14:00:00", 13);
    }),
    ("picture_shape", |small| small::picture(&small.path("climate.png"), 720, 300, |_| 12)),
    ("coverage_source", |small| {
        let axes =
            Axes { latitudes: (0..60).map(|i| f64::from(i) / 12.0).collect(), ..Axes::default() };
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("dataset_missing", |small| {
        let text = fs::read_to_string(small.document()).unwrap();
        let (before, land) = text.split_once("\n[[dataset]]\nid = \"land\"").unwrap();
        let (_, after) = land.split_once("\n[[dataset]]").unwrap();
        fs::write(small.document(), format!("{before}\n[[dataset]]{after}")).unwrap();
    }),
    ("licence_missing", |small| {
        small.edit(
            "sources.toml",
            "title = \"Small winds\"\npublisher = \"Tests\"\nlicence = \"CC0-1.0\"",
            "title = \"Small winds\"\npublisher = \"Tests\"",
        );
    }),
    ("quarantine_share", |small| small.add_place("Nemo,,,,,,,,,,,,,")),
    ("geometry", |small| {
        // The first of two records loses its shape: type 0 where a polygon's 5 stood.
        let ring = || small::outer(&small::west_of_the_coast());
        small::land(&small.path("land.shp"), vec![ring(), ring()]);
        let mut bytes = fs::read(small.path("land.shp")).unwrap();
        bytes[108] = 0;
        fs::write(small.path("land.shp"), bytes).unwrap();
    }),
    ("position_range", |small| {
        small::rivers(
            &small.path("rivers.shp"),
            &[small::river("Far", &[(24.5, 37.0), (300.0, 37.0)])],
        );
    }),
    ("value_unknown", |small| {
        let mut links = small::links();
        links.push(((24.5, 37.5), (24.6, 37.5), None));
        small::drainage(&small.path("drainage.shp"), &links);
    }),
    ("terrain_unknown", |small| {
        small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, y| {
            if (x - 26.0).abs() < 0.01 && (y - 38.0).abs() < 0.01 { -1e34 } else { height(x, y) }
        });
    }),
    ("river_name_lost", |small| {
        small::rivers(&small.path("rivers.shp"), &[small::river("Flu?ius", &small::RIVER)]);
    }),
    ("river_turned", |small| {
        let mut line = small::RIVER;
        line.reverse();
        small::rivers(&small.path("rivers.shp"), &[small::river("Fluvius", &line)]);
    }),
    ("river_loop_cut", |small| {
        let there = [(24.2, 38.0), (24.3, 37.6), (24.4, 38.0)];
        let back = [(24.4, 38.05), (24.3, 38.4), (24.2, 38.05)];
        small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, _| {
            if x < small::COAST { 50.0 } else { -50.0 }
        });
        small::rivers(
            &small.path("rivers.shp"),
            &[small::river("There", &there), small::river("Back", &back)],
        );
    }),
    ("koppen_unknown", |small| {
        small::picture(
            &small.path("climate.png"),
            720,
            360,
            |column| if column < 411 { 99 } else { 32 },
        );
    }),
    ("crust_class", |small| {
        small::picture(
            &small.path("crust.png"),
            360,
            180,
            |column| if column < 205 { 7 } else { 8 },
        );
        fs::write(small.path("crusts.csv"), "class,number\nPlatform,7\n").unwrap();
        small.add_dataset("crust", CRUST, &["crust.png", "crusts.csv"]);
    }),
    ("lake_duplicate", |small| {
        for id in ["atlas", "map"] {
            let file = format!("{id}.json");
            fs::write(small.path(&file), a_lake(id, "")).unwrap();
            small.add_dataset(id, LAKES, &[&file]);
        }
    }),
    ("source_note", |small| {
        let elsewhere = r#""crs":{"type":"name","properties":{"name":"EPSG:4230"}},"#;
        fs::write(small.path("lakes.json"), a_lake("Lacus", elsewhere)).unwrap();
        small.add_dataset("lakes", LAKES, &["lakes.json"]);
    }),
];

const CRUST: &str = "layer = \"crust\"\nformat = { kind = \"png\", georeference = { bounds = { west = -180, south = -90, east = 180, north = 90 }, registration = \"cell\", first_row = \"north\" } }\nfields = { class = \"class\", number = \"number\" }";

/// A file of one lake, with a member of the collection before its features.
fn a_lake(name: &str, member: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection",{member}"features":[{{"type":"Feature","properties":{{"name":"{name}","class":"Lake","year":-99}},"geometry":{{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,38.1],[24.4,37.9]]]}}}}]}}"#
    )
}

/// A rule, and a row of the table of places that breaks it.
const PLACE_FAULTS: &[(&str, &str)] = &[
    ("place_row", "Ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,"),
    ("place_row", "ostia,,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,9,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,lake,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,perhaps,x:1,,,"),
    ("place_number", "ostia,Ostia,,7.867799.,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,NaN,Achaia,none,4,,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,24.5,Achaia,none,4,many,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,I BC,,"),
    ("place_position_unknown", "ostia,Ostia,,0,0,Achaia,none,4,,certain,x:1,,,"),
    ("position_range", "ostia,Ostia,,95.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_outside", "ostia,Ostia,,24.5,37.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_duplicate", "portus,Another,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_duplicate", "again,Oppidum,,38.201,24.401,Achaia,none,4,,certain,x:1,,,"),
    ("place_years", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,200,100,"),
    ("place_year_future", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,,2150,"),
    ("place_port_inland", "ostia,Ostia,,38.5,24.05,Achaia,sea,4,,certain,x:1,,,"),
];

const MINES: &str = "layer = \"mines\"\nformat = { kind = \"csv\" }\nfields = { namespace = \"=m\", id = \"id\", name = \"name\", latitude = \"lat\", longitude = \"lon\", from = \"from\", to = \"to\" }";
const LAKES: &str = "layer = \"lakes\"\nformat = { kind = \"geojson\" }\nfields = { modern = \"name\", class = \"class\", year = \"year\" }";
const PLEIADES: &str = "layer = \"settlements\"\nformat = { kind = \"ndjson\" }\nfields = { namespace = \"=pleiades\", id = \"id\", title = \"title\", names = \"names\", parts = \"features\", precision = \"location_precision\" }";

/// A rule, how a dataset of evidence is read, and its rows, the last of which breaks the rule.
type EvidenceFault = (&'static str, &'static str, &'static [&'static str]);

const HEAD: &str = "id,name,lat,lon,from,to";
const GOOD: &str = "1,Aurifodina,38.0,24.5,-50,300";

const EVIDENCE_FAULTS: &[EvidenceFault] = &[
    ("feature_number", MINES, &[HEAD, GOOD, "2,Metallum,7.867799.,24.5,,"]),
    ("feature_position_missing", MINES, &[HEAD, GOOD, "2,Metallum,,,,"]),
    ("feature_position_unknown", MINES, &[HEAD, GOOD, "2,Metallum,0,0,,"]),
    ("feature_range", MINES, &[HEAD, GOOD, "2,Metallum,95.5,24.5,,"]),
    ("feature_outside", MINES, &[HEAD, GOOD, "2,Metallum,24.5,38.0,,"]),
    ("feature_years", MINES, &[HEAD, GOOD, "2,Metallum,38.0,24.5,300,200"]),
    ("feature_year_future", MINES, &[HEAD, GOOD, "2,Metallum,38.0,24.5,100,2150"]),
    ("feature_duplicate", MINES, &[HEAD, GOOD, "1,Metallum,38.1,24.6,,"]),
    (
        "lake_anachronism",
        LAKES,
        &[
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Dam","class":"Reservoir","year":1963},"geometry":{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,37.9]]]}}]}"#,
        ],
    ),
    (
        "feature_extent",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Regio","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[18.0,36.0],[30.0,36.0],[30.0,40.0],[18.0,40.0],[18.0,36.0]]]},"properties":{"location_precision":"rough"}}]}"#,
        ],
    ),
    (
        "feature_kind",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Via","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":{"type":"LineString","coordinates":[[24.4,38.0],[24.6,38.0]]},"properties":{"location_precision":"precise"}}]}"#,
        ],
    ),
    (
        "feature_unlocated",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Ubi","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":null,"properties":{"location_precision":"unlocated"}}]}"#,
        ],
    ),
    ("row_broken", PLEIADES, &[r#"{"id":"7","title":"Nusquam","names":[],"features":[]}"#]),
];

/// A rule, and what breaks it in the staged world.
type WorldFault = (&'static str, fn(&mut Staged));

const WORLD_FAULTS: &[WorldFault] = &[
    ("coverage_hole", |staged| remove(staged, 100)),
    ("coverage_hole", |staged| staged.wind[7] = None),
    ("coverage_hole", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.climate.set(inland, None);
    }),
    ("coverage_duplicate", |staged| staged.zones[11] = staged.zones[10]),
    ("coverage_outside", |staged| {
        let last = staged.zones.len() - 1;
        staged.zones[last] = Zone::at(Position::new(-10.0, 10.0).unwrap(), Resolution::FIVE);
    }),
    ("provenance_missing", |staged| {
        staged.surface.change(3, |surface| surface.provenance = ProvenanceId(99));
    }),
    ("provenance_missing", |staged| staged.provenances[0].licence.clear()),
    ("provenance_missing", |staged| staged.sources.clear()),
    ("terrain_range", |staged| {
        staged.terrain.change(5, |terrain| terrain.elevation_max_m = 29_029);
    }),
    ("terrain_range", |staged| staged.terrain.change(5, |terrain| terrain.elevation_min_m = 8_000)),
    ("terrain_sign_share", |staged| {
        staged.terrain.change_all(|_, terrain| terrain.elevation_mean_m *= -1);
    }),
    ("terrain_sign", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        staged.terrain.change(sea, |terrain| terrain.elevation_mean_m = 12);
    }),
    ("terrain_sign_nodes", |staged| staged.elevation.west += 0.25),
    ("terrain_tile_edge", |staged| {
        let columns = staged.elevation.columns;
        for row in 15..30 {
            for column in 20..columns {
                staged.elevation.values[row * columns + column] -= 700.0;
            }
        }
    }),
    ("terrain_spike", |staged| staged.elevation.values[500] += 4_000.0),
    ("terrain_orientation", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values.chunks_mut(columns).for_each(<[f32]>::reverse);
    }),
    ("terrain_shift", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values.chunks_mut(columns).for_each(|row| row.rotate_right(2));
    }),
    ("terrain_row_shift", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values[20 * columns..21 * columns].rotate_right(4);
    }),
    ("terrain_benchmark", |staged| {
        // Delos goes under, as in ETOPO5.
        for value in &mut staged.elevation.values {
            *value = value.min(-21.0);
        }
    }),
    ("surface_kind", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.surface.change(inland, |surface| surface.kind = SurfaceKind::Sea);
    }),
    ("river_downstream", |staged| {
        let far = staged.zones[0];
        let river = staged
            .river
            .iter_mut()
            .map(|(_, river)| river)
            .find(|river| river.downstream.is_some_and(|zone| zone != far));
        river.unwrap().downstream =
            Some(Zone::at(Position::new(10.0, 10.0).unwrap(), Resolution::FIVE));
    }),
    ("river_loop", |staged| {
        let (index, next) = link(staged);
        let back = staged.zones[index];
        let below = staged.index_of(next).unwrap();
        let river = staged.river.get(below).cloned().unwrap();
        staged.river.set(below, Some(River { downstream: Some(back), ..river }));
    }),
    ("river_uphill", |staged| {
        let (_, next) = link(staged);
        let below = staged.index_of(next).unwrap();
        staged.terrain.change(below, |terrain| terrain.elevation_min_m += 1_000);
    }),
    ("river_uphill_share", |staged| {
        let Staged { zones, terrain, .. } = staged;
        terrain.change_all(|index, terrain| {
            let east = (zones[index].centre().longitude() - 24.0) * 2_000.0;
            terrain.elevation_min_m = east as i32;
        });
    }),
    ("wind_speed", |staged| staged.wind[9].as_mut().unwrap().months[3].u_cm_s = 5_000),
    ("wind_calm", |staged| staged.wind[9].as_mut().unwrap().months = [FlowVector::default(); 12]),
    ("wind_etesian", |staged| {
        for wind in staged.wind.iter_mut().flatten() {
            wind.months[6].v_cm_s = 400;
        }
    }),
    ("climate_latitude", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.climate.change(inland, |climate| climate.koppen = "Af".parse().unwrap());
        north_of_the_tropics(staged);
    }),
    ("climate_latitude_share", |staged| {
        staged.climate.change_all(|_, climate| climate.koppen = "Am".parse().unwrap());
        north_of_the_tropics(staged);
    }),
    ("place_in_sea", |staged| {
        let sea = staged.zones[first(staged, SurfaceKind::Sea)];
        let place = staged.places.iter_mut().find(|place| place.harbour == Harbour::None).unwrap();
        (place.zone, place.position) = (sea, sea.centre());
    }),
    ("place_link", |staged| staged.places[1].water_zone = None),
    ("place_link", |staged| {
        let inland = staged.zones[first(staged, SurfaceKind::Land)];
        staged.places[1].water_zone = Some(inland);
    }),
    ("place_link", |staged| staged.places[0].zone = staged.zones[0]),
    ("place_none", |staged| staged.places.clear()),
    ("surface_share", |staged| {
        let bbox = BBox::new(0.0, 20.0, 20.0, 40.0).unwrap();
        let info = ReleaseInfo { bbox, ..staged.info() };
        *staged = Staged::empty(&info, zones_in(bbox, Resolution::FIVE));
        let land =
            Surface { kind: SurfaceKind::Land, land_permille: 1000, provenance: ProvenanceId(1) };
        staged.surface = staged.zones.iter().map(|_| Some(land)).collect();
    }),
];

fn first(staged: &Staged, kind: SurfaceKind) -> usize {
    staged.surface.iter().position(|surface| surface.unwrap().kind == kind).unwrap()
}

fn link(staged: &Staged) -> (usize, Zone) {
    staged.river.iter().find_map(|(index, river)| Some((index, river.downstream?))).unwrap()
}

fn remove(staged: &mut Staged, index: usize) {
    staged.zones.remove(index);
    staged.terrain.remove(index);
    staged.surface.remove(index);
    staged.river.remove(index);
    staged.climate.remove(index);
}

/// The same facts ten degrees further north, where their climate is impossible.
fn north_of_the_tropics(staged: &mut Staged) {
    for zone in &mut staged.zones {
        let centre = zone.centre();
        let north = Position::new(centre.latitude() + 10.0, centre.longitude()).unwrap();
        *zone = Zone::at(north, Resolution::FIVE);
    }
}

fn judge(small: &Small) -> Report {
    let mut outcome = small.stage();
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    outcome.report
}

fn says(findings: &[Finding], rule: &str) -> bool {
    findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn every_fault_in_a_file_is_found_by_its_rule() {
    for (number, (rule, plant)) in FILE_FAULTS.iter().enumerate() {
        let small = Small::new();
        plant(&small);
        let report = judge(&small);
        assert!(says(&report.findings, rule), "fault {number} for {rule}: {:#?}", report.findings);
    }
}

#[test]
fn every_bad_row_goes_to_quarantine_with_its_row_and_rule() {
    for (rule, row) in PLACE_FAULTS {
        let small = Small::new();
        small.add_place(row);
        let report = judge(&small);
        let expected = Quarantined {
            dataset: "places".to_owned(),
            file: "places.csv".to_owned(),
            row: 4,
            rule: (*rule).to_owned(),
            reason: report.quarantine.first().map_or_else(String::new, |row| row.reason.clone()),
        };
        assert_eq!(report.quarantine, [expected], "{row}");
        assert!(says(&report.findings, rule), "{row}");
    }
}

#[test]
fn every_bad_row_of_evidence_is_left_out_by_its_rule() {
    for (rule, reads, rows) in EVIDENCE_FAULTS {
        let small = Small::new();
        fs::write(small.path("evidence.txt"), rows.join("\n")).unwrap();
        small.add_dataset("evidence", reads, &["evidence.txt"]);
        let report = judge(&small);
        let found = report.findings.iter().find(|finding| finding.rule == *rule);
        let Some(found) = found else { panic!("{rule}: {:#?}", report.findings) };
        assert_eq!(found.dataset.as_deref(), Some("evidence"), "{rule}");
        assert!(found.row.is_some(), "{rule}");
        assert!(report.quarantine.iter().any(|row| row.rule == *rule), "{rule}");
    }
}

#[test]
fn every_fault_in_the_world_is_found_by_its_rule() {
    let good = Small::new().stage();
    for (number, (rule, plant)) in WORLD_FAULTS.iter().enumerate() {
        let mut staged = good.staged.clone();
        plant(&mut staged);
        let mut report = Report::default();
        tessera_checks::check(&staged, &mut report);
        assert!(says(&report.findings, rule), "fault {number} for {rule}: {:#?}", report.findings);
    }
}

#[test]
fn every_rule_of_the_table_has_a_fault_that_breaks_it() {
    let planted: BTreeSet<&str> = FILE_FAULTS
        .iter()
        .map(|(rule, _)| *rule)
        .chain(PLACE_FAULTS.iter().map(|(rule, _)| *rule))
        .chain(WORLD_FAULTS.iter().map(|(rule, _)| *rule))
        .chain(EVIDENCE_FAULTS.iter().map(|(rule, ..)| *rule))
        .collect();
    // The faults in layers that only a wide world has are planted beside the rules.
    let wide = include_str!("../../../tessera-checks/tests/it/wide_faults.rs");
    let missing: Vec<&str> = tessera_checks::TABLE
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !planted.contains(code) && !wide.contains(&format!("\"{code}\"")))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let unknown: Vec<&&str> =
        planted.iter().filter(|code| tessera_checks::rule(code).is_none()).collect();
    assert_eq!(unknown, Vec::<&&str>::new());
}

#[test]
fn the_row_that_is_shifted_is_named() {
    let mut staged = Small::new().stage().staged;
    let columns = staged.elevation.columns;
    staged.elevation.values[20 * columns..21 * columns].rotate_right(4);
    let mut report = Report::default();
    tessera_checks::check(&staged, &mut report);
    let rows: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.rule == "terrain_row_shift").collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let latitude = staged.elevation.north - 20.0 * staged.elevation.step_latitude;
    let begins = format!(
        "row 20, at {latitude:.3} degrees north, fits the rows beside it when it is moved -4 columns east"
    );
    assert!(rows[0].message.starts_with(&begins), "{}", rows[0].message);
}

#[test]
fn a_dataset_that_stops_leaves_the_others_alone() {
    let small = Small::new();
    small.truncate("heights.cdf", 30_000);
    let staged = small.stage().staged;
    assert_eq!(staged.terrain.count(), 0);
    assert!(staged.wind.iter().all(Option::is_some));
    assert_eq!(staged.places.len(), PLACES.lines().count() - 1);
    assert!(staged.sources.iter().all(|source| source.id != "heights"));
}

#[test]
fn no_length_of_a_file_makes_the_pipeline_fall() {
    let whole = Small::new();
    for name in [
        "heights.cdf",
        "winds.cdf",
        "land.shp",
        "rivers.shp",
        "rivers.dbf",
        "climate.png",
        "legend.csv",
        "places.csv",
    ] {
        let length = fs::read(whole.path(name)).unwrap().len();
        for part in [0, 1, 7, 33, 99, length / 3, length / 2, length - 1] {
            let small = Small::new();
            small.truncate(name, part.min(length - 1));
            judge(&small);
        }
    }
}
