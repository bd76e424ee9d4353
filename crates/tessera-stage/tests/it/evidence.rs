//! Gazetteers, cities, ports, roads, wrecks and borders as their publishers ship them.

use crate::support::{left_out, map, of_records, of_rows, roles, rows, world};
use std::collections::{BTreeMap, BTreeSet};
use tessera_formats::{RecordFormat, TableFormat};
use tessera_stage::layers::evidence;
use tessera_stage::layers::features::{
    Fields, Gazetteer, Setting, city, monument, pleiades, port, province, settlement, shape, water,
    wreck,
};
use tessera_world::{Certainty, CollectionKind, Feature, ProvenanceId, Shapes};

const ID: ProvenanceId = ProvenanceId(1);
const DARE: &str = "namespace = =dare; id = id; latin = latin; modern = modern; greek = greek; \
     type = type; accuracy = accuracy; from = startyear; to = endyear";
const PLEIADES: &str = "namespace = =pleiades; id = id; title = title; names = names; \
     parts = features; precision = location_precision";

fn counted(features: &[Feature]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for feature in features {
        *counts.entry(feature.collection.as_str()).or_insert(0) += 1;
    }
    counts
}

fn in_box(features: &[Feature], collection: &str, [west, south, east, north]: [f64; 4]) -> usize {
    let inside = |feature: &&Feature| {
        feature.collection == collection
            && tessera_stage::layers::areas::bounds(&feature.geometry)
                .is_some_and(|b| b[0] >= west && b[1] >= south && b[2] <= east && b[3] <= north)
    };
    features.iter().filter(inside).count()
}

fn setting<'a>(fields: &'a Fields, gazetteer: &'a Gazetteer) -> Setting<'a> {
    Setting { fields, world: world(), gazetteer, provenance: ID }
}

#[test]
fn published_places_become_towns_mines_and_monuments_that_cite_each_other() {
    let dare = map("dare-klokantech/places_high.geojson", RecordFormat::GeoJson);
    let low = map("dare-klokantech/places_low.geojson", RecordFormat::GeoJson);
    let stars = map("pleiades-geojson/pleiades_places_medbox.ndjson.gz", RecordFormat::NdJson);
    let (dare_roles, pleiades_roles) = (roles(DARE), roles(PLEIADES));
    let mut gazetteer = Gazetteer::default();
    settlement::enlist(&mut gazetteer, of_records(&dare), &dare_roles);
    settlement::enlist(&mut gazetteer, of_records(&low), &dare_roles);
    pleiades::enlist(&mut gazetteer, of_records(&stars), &pleiades_roles);

    let high = settlement::features(of_records(&dare), setting(&dare_roles, &gazetteer));
    let counts = counted(&high.features);
    assert_eq!(counts.get("mines"), Some(&653));
    assert_eq!(high.features.len() + high.left_out.len(), dare.len());
    assert!(in_box(&high.features, "mines", [21.0, 44.5, 26.0, 47.5]) > 40, "Dacia");
    assert!(in_box(&high.features, "mines", [-7.5, 36.0, -2.0, 39.0]) > 40, "Baetica");

    let low = settlement::features(of_records(&low), setting(&dare_roles, &gazetteer));
    let trier = low.features.iter().find(|place| place.id == "dare-2").unwrap();
    assert_eq!(trier.latin.as_deref(), Some("Augusta Treverorum"));
    assert_eq!((trier.valid_from, trier.valid_to), (Some(-29), Some(640)));
    assert!(trier.citation.contains("pleiades:108894"), "{}", trier.citation);
    let linked = low.features.iter().filter(|f| f.citation.contains("pleiades:")).count();
    assert!(linked * 2 > low.features.len(), "{linked} of {}", low.features.len());

    let places = pleiades::features(of_records(&stars), setting(&pleiades_roles, &gazetteer));
    assert_eq!(places.features.len() + places.left_out.len(), stars.len());
    let rules: BTreeSet<_> = left_out(&places).into_iter().map(|(rule, _)| rule).collect();
    assert!(
        rules.is_superset(&BTreeSet::from(["feature_extent", "feature_kind", "feature_unlocated"])),
        "{rules:?}"
    );
    let rough = places.features.iter().filter(|f| f.certainty == Certainty::Conjectured);
    let rough = rough.filter(|place| !matches!(place.geometry, geo_types::Geometry::Point(_)));
    assert!(rough.clone().count() > 500);
    assert!(rough.into_iter().all(|place| place.zone.is_none()), "a rectangle has no zone");
}

#[test]
fn published_cities_have_ranks_populations_and_what_they_rest_on() {
    let cities =
        rows("roman-cities-hanson/roman_cities_pop.csv", &TableFormat::Csv { delimiter: None });
    let fields = roles(
        "namespace = =hanson; id = Primary Key; latin = Ancient Toponym; modern = Modern Toponym; \
         wkt = geometry; from = Start Date; to = End Date; rank = Barrington Atlas Rank; \
         population = pop_est; area = Area; status = Civic Status; keep.province = Province",
    );
    let taken = city::features(of_rows(&cities), setting(&fields, &Gazetteer::default()));
    assert_eq!((taken.features.len(), left_out(&taken)), (1388, vec![]));
    let roma = taken.features.iter().find(|city| city.id == "hanson-hanson2016-992").unwrap();
    assert_eq!(roma.title, "Roma");
    assert_eq!(roma.valid_from, Some(-699));
    assert_eq!(roma.properties.get("population"), Some(&923_313.into()));
    assert_eq!(roma.properties.get("rank"), Some(&1.into()));
    let four = taken
        .features
        .iter()
        .filter(|c| c.properties.get("rank_as_written") == Some(&"4 or 5".into()));
    assert_eq!(four.clone().count(), 377);
    assert!(four.into_iter().all(|city| city.properties.get("rank") == Some(&4.into())));
}

#[test]
fn published_ports_are_conjectured_where_the_catalogue_asks() {
    let ports =
        rows("ancient-ports-degraauw/AncientPorts_Europe.xlsx", &TableFormat::Xlsx { sheet: None });
    let fields = roles(
        "namespace = =degraauw; name = NAME; modern = NAME_MOD; latitude = LATITUDE; \
         longitude = LONGITUDE; keep.country = COUNTRY",
    );
    let taken = port::features(of_rows(&ports), setting(&fields, &Gazetteer::default()));
    let rules = left_out(&taken);
    assert!(taken.features.len() > 3300, "{} {rules:?}", taken.features.len());
    assert!(rules.contains(&("feature_position_missing", 1)), "Salamis: {rules:?}");
    let doubted = taken.features.iter().filter(|p| p.certainty == Certainty::Conjectured).count();
    assert!((500..2500).contains(&doubted), "{doubted}");
}

#[test]
fn published_wrecks_at_null_island_are_rejected_and_two_catalogues_count_once() {
    let csv = TableFormat::Csv { delimiter: None };
    let merged = rows("shipwrecks-oxrep-darmc/geodatabase_shipwrecks.csv", &csv);
    let fields = roles(
        "namespace = =geodatabase; name = NAME; latitude = Latitude; longitude = Longitude; \
         from = Start_Date; to = End_Date; position_doubt = Geo_Q; date_doubt = Date_Q; \
         cargo = Cargo_1; same = OXREP_Wreck_ID; same_namespace = =oxrep",
    );
    let first = wreck::features(of_rows(&merged), &fields, world(), &BTreeSet::new(), ID);
    let rules: BTreeMap<_, _> = left_out(&first).into_iter().collect();
    assert!(rules.get("feature_number").is_some_and(|count| *count >= 1), "7.867799.: {rules:?}");
    assert!(first.features.len() > 1500, "{} {rules:?}", first.features.len());

    let strauss = rows("shipwrecks-oxrep-darmc/StraussShipwrecks.csv", &csv);
    let fields = roles(
        "namespace = =oxrep; id = Wreck ID; name = Name; latitude = Latitude; \
         longitude = Longitude; from = Earliest date; to = Latest date; \
         keep.origin = Place of origin; keep.destination = Place of destination",
    );
    let known = wreck::cited(&first.features);
    let second = wreck::features(of_rows(&strauss), &fields, world(), &known, ID);
    let rules: BTreeMap<_, _> = left_out(&second).into_iter().collect();
    assert_eq!(rules.get("feature_position_unknown"), Some(&1242));
    assert!(rules.get("feature_duplicate").is_some_and(|count| *count > 100), "{rules:?}");
}

#[test]
fn published_things_stand_in_collections_of_one_kind_of_shape() {
    let none = Gazetteer::default();
    let fields = roles("namespace = =test");
    let stars = map("pleiades-geojson/pleiades_places_medbox.ndjson.gz", RecordFormat::NdJson);
    let mut all = pleiades::features(of_records(&stars), setting(&roles(PLEIADES), &none)).features;
    for (layer, file) in [
        ("settlements", "awmc-geodata/urban_areas.geojson"),
        ("canals", "awmc-geodata/canals.geojson"),
        ("aqueducts", "awmc-geodata/aqueducts.geojson"),
    ] {
        let items = map(file, RecordFormat::GeoJson);
        all.extend(shape::features(layer, of_records(&items), setting(&fields, &none)).features);
    }
    for file in
        ["roman_empire_bce_60", "roman_empire_ce_117_extent", "roman_empire_ce_200_provinces"]
    {
        let items = map(&format!("awmc-geodata/{file}.geojson"), RecordFormat::GeoJson);
        all.extend(province::features(of_records(&items), &fields, world(), ID).features);
    }
    for feature in &all {
        let kind = CollectionKind::of(&feature.collection).unwrap();
        assert_eq!(Shapes::of(&feature.geometry), Some(kind.shapes), "{:?}", feature.key());
    }
    let counts = counted(&all);
    assert_eq!((counts["urban_areas"], counts["borders"]), (95, 80));
    assert!(counts["settlement_extents"] > 1_000 && counts["settlements"] > 10_000, "{counts:?}");
}

#[test]
fn published_roads_borders_and_arenas_are_drawn_where_they_lay() {
    let none = Gazetteer::default();
    let roads = map("dare-klokantech/roads_low.geojson", RecordFormat::GeoJson);
    let fields = roles(
        "namespace = =dare; name = Name; certain = Known_or_a; class = Major_or_M; from = =-311",
    );
    let taken = shape::features("roads", of_records(&roads), setting(&fields, &none));
    assert_eq!((taken.features.len(), left_out(&taken)), (roads.len(), vec![]));
    assert!(roads.len() > 3100);
    let via_appia = taken.features.iter().filter(|road| road.title == "Via Appia").count();
    assert!(via_appia >= 1);
    let certain = taken.features.iter().filter(|r| r.certainty == Certainty::Certain).count();
    assert!((1000..2500).contains(&certain), "{certain}");

    let borders = map("dare-klokantech/provinces.geojson", RecordFormat::GeoJson);
    let fields = roles("namespace = =dare; name = name; from = =106; to = =193");
    let taken = province::features(of_records(&borders), &fields, world(), ID);
    assert_eq!(taken.features.len(), 53);
    assert!(taken.features.iter().any(|p| p.title == "Italia, regio VII (Etruria)"));

    let arenas = map("amphitheaters-heath/roman-amphitheaters.geojson", RecordFormat::GeoJson);
    let fields = roles(
        "namespace = =heath; name = title; latin = latintoponym; built = chronogroup; \
         created = created; last_use = lastuse; capacity = capacity; doubt = certainty; \
         pleiades = pleiades; kind = =amphitheatre",
    );
    let taken = monument::features(of_records(&arenas), setting(&fields, &none));
    assert_eq!((taken.features.len(), left_out(&taken)), (276, vec![]));
    assert!(taken.features.iter().all(|arena| arena.valid_from.is_some()));

    let pipes = map("awmc-geodata/aqueducts.geojson", RecordFormat::GeoJson);
    let fields = roles("namespace = =awmc; name = Name; period = timeperiod");
    let taken = shape::features("aqueducts", of_records(&pipes), setting(&fields, &none));
    assert!(taken.features.len() > 300, "{:?}", left_out(&taken));
}

/// What the tables of two files mark as deleted would be one gulf twice and another three times.
#[test]
fn published_open_water_is_there_once_in_every_year() {
    let periods = ["archaic", "classical", "hellenistic", "roman", "late"];
    let records = periods.map(|period| {
        let file = format!("awmc-geodata/{period}_open_water/{period}_open_water.shp");
        map(&file, RecordFormat::Shapefile)
    });
    let fields = periods.map(|it| roles(&format!("namespace = =awmc-{it}; period = ={it}")));
    let datasets: Vec<evidence::Dataset<'_>> = records
        .iter()
        .zip(&fields)
        .map(|(records, fields)| evidence::Dataset {
            layer: "open_water",
            fields,
            items: of_records(records).collect(),
            provenance: ID,
        })
        .collect();
    let all = evidence::gather(&datasets, world());
    let kept = all.iter().map(|taken| taken.features.len());
    assert_eq!(kept.collect::<Vec<_>>(), [2, 4, 3, 2, 3]);
    let waters: Vec<&Feature> = all.iter().flat_map(|taken| &taken.features).collect();
    assert!(waters.iter().all(|water| water.certainty == Certainty::Certain));
    for (at, first) in waters.iter().enumerate() {
        assert!(waters[at + 1..].iter().all(|second| water::overlap(first, second).is_none()));
    }
}
