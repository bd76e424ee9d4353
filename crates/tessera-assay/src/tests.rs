//! The page as a reader gets it, and the JSON beside it.

use super::*;
use geo_types::polygon;
use serde_json::json;
use tessera_checks::difference::{Change, CollectionChange, LayerChange};
use tessera_checks::finding::{Finding, Quarantined, Severity};
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_stage::staged::Clash;
use tessera_world::{
    Certainty, Current, Feature, FlowVector, Harbour, Lake, Place, ProvenanceId, Rain, ReleaseInfo,
    Source, Surface, SurfaceKind, Terrain, Weather, Wind,
};

const HOSTILE: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";

fn html(staged: &Staged, report: &Report, release: Option<&ReleaseSummary>) -> String {
    Assay { staged, report, comparison: &Comparison::First, release }.html()
}

fn json(staged: &Staged, report: &Report) -> serde_json::Value {
    Assay { staged, report, comparison: &Comparison::First, release: None }.json()
}

/// Half land (east of 12 E), half sea; one place; the wind blows to the south-east.
fn world() -> Staged {
    let bbox = BBox::new(11.0, 41.0, 13.0, 43.0).unwrap();
    let resolution = Resolution::FIVE;
    let info = ReleaseInfo {
        title: "Latium".to_owned(),
        epoch: 150,
        epochs: vec![150],
        resolution,
        coarse_resolution: ReleaseInfo::coarse_resolution_of(resolution),
        bbox,
        zones: 0,
        places: 0,
    };
    let mut staged = Staged::empty(&info, zones_in(bbox, resolution));
    let provenance = ProvenanceId(1);
    for (index, zone) in staged.zones.clone().into_iter().enumerate() {
        let land = zone.centre().longitude() > 12.0;
        let metres = if land { 300 } else { -50 };
        let kind = if land { SurfaceKind::Land } else { SurfaceKind::Sea };
        let land_permille = if land { 1000 } else { 0 };
        staged.surface.set(index, Some(Surface { kind, land_permille, provenance }));
        let terrain = Terrain {
            elevation_mean_m: metres,
            elevation_min_m: metres - 10,
            elevation_max_m: metres + 10,
            slope_permille: 3,
            ruggedness_m: 5,
            provenance,
        };
        staged.terrain.set(index, Some(terrain));
        staged.wind[index] =
            Some(Wind { months: [FlowVector { u_cm_s: 300, v_cm_s: -300 }; 12], provenance });
    }
    staged.land = vec![
        polygon![(x: 12.0, y: 40.0), (x: 14.0, y: 40.0), (x: 14.0, y: 44.0), (x: 12.0, y: 44.0)],
    ];
    staged.places = vec![place("roma", "Roma")];
    staged
}

fn place(id: &str, latin: &str) -> Place {
    let position = Position::new(41.8925, 12.4853).unwrap();
    Place {
        id: id.to_owned(),
        latin: latin.to_owned(),
        modern: latin.to_owned(),
        position,
        zone: Zone::at(position, Resolution::FIVE),
        water_zone: None,
        province: latin.to_owned(),
        harbour: Harbour::River,
        rank: 1,
        population: None,
        certainty: Certainty::Certain,
        citation: latin.to_owned(),
        valid_from: None,
        valid_to: None,
        note: latin.to_owned(),
        provenance: ProvenanceId(1),
    }
}

fn broken(code: &str, message: &str) -> Finding {
    let position = Position::new(42.0, 12.0).ok();
    Finding { position, ..tessera_checks::finding(code, message.to_owned()) }
}

fn code_of(severity: Severity) -> &'static str {
    tessera_checks::TABLE.iter().find(|rule| rule.severity == severity).unwrap().code
}

fn release() -> ReleaseSummary {
    let sha256 = "0123456789abcdef".repeat(4);
    ReleaseSummary {
        id: "0123456789abcdef".repeat(2),
        sha256,
        bytes: 12_345_678,
        zones: 1,
        places: 1,
    }
}

#[test]
fn a_name_with_markup_in_it_is_inert_wherever_it_stands() {
    let mut staged = world();
    staged.title = HOSTILE.to_owned();
    staged.places.push(place("evil", HOSTILE));
    staged.sources.push(Source {
        id: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        publisher: HOSTILE.to_owned(),
        licence: HOSTILE.to_owned(),
        attribution: HOSTILE.to_owned(),
        edition: HOSTILE.to_owned(),
        sha256: HOSTILE.to_owned(),
        url: HOSTILE.to_owned(),
    });
    let mut report = Report::default();
    report.findings.push(Finding {
        rule: HOSTILE.to_owned(),
        layer: HOSTILE.to_owned(),
        ..broken(code_of(Severity::Error), HOSTILE)
    });
    report.quarantine.push(Quarantined {
        dataset: HOSTILE.to_owned(),
        file: HOSTILE.to_owned(),
        row: 1,
        rule: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
    });
    let page = html(&staged, &report, Some(&release()));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains(HOSTILE));
    assert!(page.matches("&lt;script&gt;alert(1)").count() >= 15);
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let page = html(&world(), &Report::default(), Some(&release()));
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
    let addresses: Vec<&str> =
        page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(addresses.len() > 15);
    assert!(
        addresses.iter().all(
            |address| address.starts_with('#') || address.starts_with("data:image/png;base64,")
        )
    );
}

#[test]
fn a_world_without_errors_is_promotable_and_says_how_much_is_left_to_judge() {
    let mut report = Report::default();
    report.findings.push(broken(code_of(Severity::Warning), "steep"));
    let page = html(&world(), &report, Some(&release()));
    assert!(page.contains("<strong>Promotable</strong> <span>no rule at error level is broken; 1 warning for a person to judge."));
    assert!(page.contains("<code>0123456789abcdef0123456789abcdef</code>, 12,345,678 bytes"));
}

#[test]
fn a_world_with_an_error_is_not_promotable_and_says_which_comes_first() {
    let mut report = Report::default();
    let code = code_of(Severity::Error);
    report.findings.push(broken(code, "ports on a mountain"));
    let said = json(&world(), &report);
    assert_eq!(said["promotable"], json!(false));
    assert_eq!(
        said["verdict"],
        json!(format!(
            "Not promotable: 1 error must be mended first, beginning with {code}: ports on a mountain"
        ))
    );
    assert_eq!(said["release"], json!(null));
    let first = &said["findings"]["rules"][0];
    assert_eq!(
        (&first["code"], &first["findings"][0]["message"]),
        (&json!(code), &json!("ports on a mountain"))
    );
    assert!(html(&world(), &report, None).contains("none was written"));
}

#[test]
fn the_json_counts_what_the_layers_hold() {
    let staged = world();
    let said = json(&staged, &Report::default());
    let zones = staged.zones.len();
    let land = staged.zones.iter().filter(|zone| zone.centre().longitude() > 12.0).count();
    assert_eq!(said["world"]["zones"], json!(zones));
    assert_eq!(said["world"]["land_zones"], json!(land));
    assert_eq!(
        said["coverage"][1],
        json!({"layer": "surface", "zones": zones, "land_zones": land, "meant": "Every zone."})
    );
    assert_eq!(said["coverage"][3]["zones"], json!(0));
    let elevation = &said["distributions"][0];
    assert_eq!((&elevation["minimum"], &elevation["maximum"]), (&json!(300.0), &json!(300.0)));
    assert_eq!(elevation["counts"][3], json!(land)); // 250 to 500 m
}

#[test]
fn rules_that_hold_are_listed_as_kept() {
    let said = json(&world(), &Report::default());
    assert_eq!(said["findings"]["rules"].as_array().unwrap().len(), tessera_checks::TABLE.len());
    let page = html(&world(), &Report::default(), None);
    assert_eq!(page.matches("<td class=\"number\">kept</td>").count(), tessera_checks::TABLE.len());
}

#[test]
fn a_long_quarantine_is_cut_and_its_length_is_said() {
    let row = |row| Quarantined {
        dataset: "places".to_owned(),
        file: "places.csv".to_owned(),
        row,
        rule: "place_row".to_owned(),
        reason: "no name".to_owned(),
    };
    let mut report = Report { quarantine: (1..=201).map(row).collect(), ..Report::default() };
    let page = html(&world(), &report, None);
    assert!(
        page.contains("201 rows left out of the world.</p>") && page.contains("200 shown here")
    );
    // Once more where they are counted.
    assert_eq!(page.matches("<td>no name</td>").count(), 200 + 1);
    let counted =
        "<th scope=\"row\">places</th><td class=\"number\">201</td><td><code>place_row</code></td>";
    assert!(page.contains(counted));
    // Of a file with more of them the last are counted and not kept.
    report.only_counted = 2_000;
    let page = html(&world(), &report, None);
    let said = "2,201 rows left out of the world. The quarantine keeps 201 of them, the first of each dataset.</p>";
    assert!(page.contains(said) && page.contains("<b>2,201</b> rows in quarantine"));
    assert_eq!(json(&world(), &report)["rows_left_out"], 2_201);
}

#[test]
fn what_weighs_most_and_whose_licence_binds_stands_in_the_head() {
    let mut staged = world();
    let source = |id: &str, licence: &str| Source {
        id: id.to_owned(),
        title: id.to_owned(),
        publisher: String::new(),
        licence: licence.to_owned(),
        attribution: String::new(),
        url: String::new(),
        edition: String::new(),
        sha256: String::new(),
    };
    staged.sources = vec![source("a", "CC0-1.0"), source("b", "Ask the keeper")];
    let mut report = Report::default();
    report.findings.extend((0..3).map(|_| broken("river_uphill", "the Tiber climbs 300 m")));
    report.findings.push(broken("terrain_sign", "a sea lies high"));
    let page = html(&staged, &report, None);
    let (head, _) = page.split_once("<main>").unwrap();
    let (_, first) = head.split_once("Look at first").unwrap();
    let at = |text: &str| first.find(text).unwrap_or_else(|| panic!("{text} is not in {first}"));
    assert!(at("3 findings: the Tiber climbs 300 m") < at("1 finding: a sea lies high"));
    assert!(
        first.contains("href=\"#rule-river_uphill\"") && page.contains("id=\"rule-river_uphill\"")
    );
    report.findings.extend((0..60).map(|_| broken("terrain_tile_edge", "all rows drop")));
    assert!(html(&staged, &report, None).contains("more than 50 findings: all rows drop"));
    assert!(head.contains("2 datasets; not free, accepted by name: Ask the keeper"));
    assert!(!html(&world(), &Report::default(), None).contains("Look at first"));
}

#[test]
fn a_page_does_not_grow_with_what_a_collection_holds() {
    let mut staged = world();
    let road = Feature::new("roads", "1".to_owned(), wriggle().into(), ProvenanceId(1));
    let bare = html(&staged, &Report::default(), None).len();
    staged.features = vec![road; 20_000];
    let page = html(&staged, &Report::default(), None);
    assert!(page.len() - bare < 310_000, "{} bytes", page.len() - bare);
    assert!(page.contains("20,000 features") && page.contains(" of them are drawn."));
}

/// A line with more corners than a map shows.
fn wriggle() -> geo_types::LineString {
    (0..60).map(|i| (11.0 + f64::from(i) / 40.0, 41.5 + f64::from(i % 2))).collect()
}

#[test]
fn equal_worlds_give_equal_pages() {
    let page = || html(&world(), &Report::default(), Some(&release()));
    assert!(page() == page());
}

#[test]
fn an_empty_world_has_a_page_too() {
    let mut staged = world();
    let info = staged.info();
    staged = Staged::empty(&info, Vec::new());
    let page = html(&staged, &Report::default(), None);
    assert!(page.contains("No zone has an elevation.") && page.contains("No zone has a climate."));
}

#[test]
fn a_layer_has_a_map_and_a_line_of_coverage_as_soon_as_it_says_something() {
    let bare = html(&world(), &Report::default(), None);
    for id in ["map-lakes", "map-rain", "map-currents-july", "map-conflicts", "map-of-mines"] {
        assert!(!bare.contains(id), "{id} without a fact");
    }
    let mut staged = world();
    let provenance = ProvenanceId(1);
    let months_mm = [80; 12];
    staged.lake.set(
        3,
        Some(Lake {
            latin: Some("Albanus".to_owned()),
            modern: None,
            water_permille: 400,
            provenance,
        }),
    );
    staged.weather[0] =
        Some(Weather { rain: Some(Rain { months_mm, provenance }), temperature: None });
    staged.current[0] =
        Some(Current { months: [FlowVector { u_cm_s: 30, v_cm_s: 0 }; 12], provenance });
    staged.conflicts.set(
        5,
        Some(Clash {
            layer: "terrain".into(),
            rule: "median".into(),
            chosen: "b".into(),
            chosen_value: 900.0,
            other: "a".into(),
            other_value: 20.0,
        }),
    );
    staged.features = vec![Feature {
        collection: "mines".to_owned(),
        id: "1".to_owned(),
        title: HOSTILE.to_owned(),
        latin: None,
        geometry: geo_types::Point::new(12.5, 41.9).into(),
        zone: None,
        properties: serde_json::Map::new(),
        certainty: Certainty::Certain,
        citation: "test".to_owned(),
        valid_from: Some(-50),
        valid_to: None,
        provenance,
    }];
    let page = html(&staged, &Report::default(), None);
    assert!(page.contains("Lake water in 1 zone, 1 of them with a Latin name."));
    assert!(page.contains("From 960 to 960 mm."), "twelve months of 80 mm");
    for id in ["map-lakes", "map-rain", "map-currents-july", "map-conflicts", "map-of-mines"] {
        assert!(page.contains(id), "{id} is missing");
    }
    assert!(page.contains("1 feature, 1 of them with years."));
    assert!(!page.contains(HOSTILE), "a title came through unescaped");
    let coverage = json(&staged, &Report::default())["coverage"].clone();
    let of = |layer: &str| {
        let rows = coverage.as_array().unwrap();
        rows.iter().find(|row| row["layer"] == layer).unwrap()["zones"].as_u64().unwrap()
    };
    assert_eq!((of("lake"), of("conflict"), of("coast that moved")), (1, 1, 0));
}

#[test]
fn what_would_change_is_told_by_layer_with_its_greatest_changes_and_places() {
    let (staged, report) = (world(), Report::default());
    let zone = staged.zones[0];
    let change = Change {
        title: HOSTILE.to_owned(),
        shared: 200,
        new: 3,
        gone: 1,
        layers: vec![LayerChange {
            layer: "land_cover".to_owned(),
            shared: 200,
            changed: 50,
            largest: vec![(zone, "IGBP 4 → IGBP 13".to_owned())],
        }],
        places_new: vec!["portus".to_owned()],
        places_gone: vec![],
        collections: vec![CollectionChange {
            collection: "roads".to_owned(),
            live: 7,
            here: 1_200,
            new: 1_195,
            gone: 2,
            changed: 3,
        }],
    };
    let comparison = Comparison::Compared(change);
    let assay = Assay { staged: &staged, report: &report, comparison: &comparison, release: None };
    let page = assay.html();
    for said in [
        "zones that change: land cover 25.0 %",
        "200 zones in both, 3 new, 1 gone",
        "IGBP 4 → IGBP 13",
        "Places that are new: portus.",
        "<th scope=\"row\">roads</th><td class=\"number\">7</td><td class=\"number\">1,200</td>\
         <td class=\"number\">1,195</td><td class=\"number\">2</td><td class=\"number\">3</td>",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("Places that are gone") && !page.contains(HOSTILE));
    assert_eq!(assay.json()["comparison"]["compared"]["places_new"], json!(["portus"]));
}

#[test]
fn a_province_is_told_with_the_share_of_its_land_that_each_layer_reaches() {
    let mut staged = world();
    let latium = polygon![
        (x: 12.2, y: 41.2), (x: 12.8, y: 41.2), (x: 12.8, y: 42.2), (x: 12.2, y: 42.2)
    ];
    let shape = geo_types::Geometry::Polygon(latium);
    let province = Feature::new("provinces", "latium".to_owned(), shape, ProvenanceId(1));
    staged.features = vec![Feature { title: "Latium".to_owned(), ..province }];
    let page = html(&staged, &Report::default(), None);
    let row = "<tr><th scope=\"row\">Latium</th><td class=\"number\">100.0 %</td><td class=\"number\">100.0 %</td><td class=\"number\">1</td></tr>";
    assert!(page.contains(row), "{}", page.split("Province by province").nth(1).unwrap());
    assert!(html(&world(), &Report::default(), None).contains("No province of this epoch"));
}

#[test]
fn a_rule_weighs_what_its_gravest_finding_weighs() {
    let left_out = Finding {
        severity: Severity::Note,
        ..tessera_checks::finding("licence_refused", "left out".to_owned())
    };
    let report = Report { findings: vec![left_out], ..Report::default() };
    let said = json(&world(), &report);
    let rule = &said["findings"]["rules"][0];
    assert_eq!((&rule["code"], &rule["severity"]), (&json!("licence_refused"), &json!("note")));
}
