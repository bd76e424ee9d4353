//! Several datasets of one layer: what each draws is in the world, under its own name and licence.

use crate::small::{PRJ, RIVER, Small, river, rivers};
use std::collections::BTreeMap;
use std::fs;
use tessera_checks::finding::Severity;
use tessera_stage::staged::Staged;

const RIVERS: &str = "layer = \"rivers\"\nformat = { kind = \"shapefile\" }\nfields = { name = \"name\", rank = \"scalerank\", class = \"featurecla\" }";
const WATER: &str = "layer = \"open_water\"\nformat = { kind = \"geojson\" }\nfields = { namespace = \"=water\", id = \"id\", period = \"=roman\" }";
const LAKES: &str = "layer = \"lakes\"\nformat = { kind = \"geojson\" }\nfields = { modern = \"name\", class = \"class\" }";
const OROGENS: &str =
    "layer = \"orogens\"\nformat = { kind = \"geojson\" }\nfields = { name = \"name\" }";

fn source_of(staged: &Staged, id: tessera_world::ProvenanceId) -> &str {
    &staged.provenances.iter().find(|it| it.id == id).unwrap().source
}

/// A square of half a degree as a collection of one.
fn square(id: &str, west: f64, south: f64) -> String {
    let (east, north) = (west + 0.5, south + 0.5);
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"id":"{id}","name":"{id}","class":"Lake"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}]}}"#
    )
}

/// The atlas asks for its own name and for sharing alike.
fn share_alike(small: &Small) {
    small.edit(
        "sources.toml",
        "title = \"Small atlas\"\npublisher = \"Tests\"\nlicence = \"CC0-1.0\"",
        "title = \"Small atlas\"\npublisher = \"Tests\"\nlicence = \"CC-BY-SA-3.0\"",
    );
}

/// The features of a collection, each with the dataset that vouches for it.
fn drawn<'a>(staged: &'a Staged, collection: &str) -> Vec<(&'a str, &'a str)> {
    let of = staged.features.iter().filter(|feature| feature.collection == collection);
    of.map(|feature| (feature.id.as_str(), source_of(staged, feature.provenance))).collect()
}

#[test]
fn a_second_map_of_rivers_adds_its_lines_and_takes_none_away() {
    let small = Small::new();
    let south = [(24.1, 36.7), (24.8, 36.8), (25.32, 36.9)];
    rivers(&small.path("more.shp"), &[river("Alter", &south)]);
    fs::write(small.path("more.prj"), PRJ).unwrap();
    small.add_dataset("more", RIVERS, &["more.shp", "more.dbf", "more.prj"]);
    let staged = small.stage().staged;
    assert_eq!(drawn(&staged, "rivers"), [("more-00000", "more"), ("rivers-00000", "rivers")]);
    let names: BTreeMap<&str, &str> = staged
        .river
        .iter()
        .map(|(_, river)| (river.modern.as_deref().unwrap(), source_of(&staged, river.provenance)))
        .collect();
    // The second has no links beside it, so its size is unknown and its facts are its map's.
    assert_eq!(names, BTreeMap::from([("Alter", "more"), ("Fluvius", "drainage")]));
}

/// Whose a provenance is, its licence, and who gave the names.
fn vouched(staged: &Staged, id: tessera_world::ProvenanceId) -> (&str, &str, Vec<&str>) {
    let it = staged.provenances.iter().find(|it| it.id == id).unwrap();
    (it.source.as_str(), it.licence.as_str(), it.namers().collect())
}

/// The map draws a river and calls it Fluvius, and one of its own; the atlas knows the first one's Latin name.
#[test]
fn a_river_that_an_atlas_names_bears_the_licences_of_both() {
    let small = Small::new();
    let south = [(24.1, 36.7), (24.8, 36.8), (25.32, 36.9)];
    rivers(&small.path("rivers.shp"), &[river("Fluvius", &RIVER), river("Alter", &south)]);
    let line: Vec<String> = RIVER.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    let line = line.join(",");
    fs::write(
        small.path("atlas"),
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"latin":"Amnis"}},"geometry":{{"type":"LineString","coordinates":[{line}]}}}}]}}"#
        ),
    )
    .unwrap();
    let reads =
        "layer = \"rivers\"\nformat = { kind = \"geojson\" }\nfields = { latin = \"latin\" }";
    small.add_dataset("atlas", reads, &["atlas"]);
    share_alike(&small);
    let mut outcome = small.stage();
    let staged = &outcome.staged;
    let of_zones: BTreeMap<Option<&str>, _> = staged
        .river
        .iter()
        .map(|(_, river)| (river.latin.as_deref(), vouched(staged, river.provenance)))
        .collect();
    let both = "CC0-1.0 AND CC-BY-SA-3.0";
    let named = ("drainage", both, vec!["atlas"]);
    let alone = ("rivers", "CC0-1.0", vec![]);
    assert_eq!(of_zones, BTreeMap::from([(None, alone.clone()), (Some("Amnis"), named)]));
    let lines = staged.features.iter().filter(|feature| feature.collection == "rivers");
    let drawn: Vec<_> =
        lines.map(|line| (line.title.as_str(), vouched(staged, line.provenance))).collect();
    assert_eq!(drawn, [("Amnis", ("rivers", both, vec!["atlas"])), ("Alter", alone)]);
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    let rules: Vec<&str> = outcome.report.findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(rules, ["river_at_sea"], "the other river is drawn where the small world has sea");
}

#[test]
fn two_datasets_of_one_period_s_open_water_are_no_overlap_of_eras() {
    let small = Small::new();
    for (id, west) in [("first", 24.6), ("second", 24.9)] {
        fs::write(small.path(id), square(id, west, 37.4)).unwrap();
        small.add_dataset(id, WATER, &[id]);
    }
    let mut outcome = small.stage();
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    let errors = outcome.report.findings.iter().filter(|f| f.severity == Severity::Error);
    assert_eq!(errors.map(|f| (&f.rule, &f.message)).collect::<Vec<_>>(), []);
    let eras = outcome.staged.surface_intervals.iter();
    let by: BTreeMap<&str, usize> = eras.fold(BTreeMap::new(), |mut by, (_, era)| {
        *by.entry(source_of(&outcome.staged, era.surface.provenance)).or_default() += 1;
        by
    });
    assert_eq!(by.keys().copied().collect::<Vec<_>>(), ["first", "second"]);
}

#[test]
fn a_lake_that_only_the_second_dataset_has_bears_the_second_s_licence() {
    let small = Small::new();
    for (id, south) in [("map", 37.4), ("atlas", 38.3)] {
        fs::write(small.path(id), square(id, 24.2, south)).unwrap();
        small.add_dataset(id, LAKES, &[id]);
    }
    let staged = small.stage().staged;
    assert_eq!(drawn(&staged, "lakes"), [("atlas-1-1", "atlas"), ("map-1-0", "map")]);
    let facts: BTreeMap<&str, &str> = staged
        .lake
        .iter()
        .map(|(_, lake)| (lake.modern.as_deref().unwrap(), source_of(&staged, lake.provenance)))
        .collect();
    assert_eq!(facts, BTreeMap::from([("atlas", "atlas"), ("map", "map")]));
}

#[test]
fn the_belts_of_two_datasets_are_each_their_own() {
    let small = Small::new();
    for (id, west, south) in [("east", 26.3, 37.0), ("west", 24.3, 38.2)] {
        fs::write(small.path(id), square(id, west, south)).unwrap();
        small.add_dataset(id, OROGENS, &[id]);
    }
    let staged = small.stage().staged;
    let belts: BTreeMap<&str, &str> = staged
        .geology
        .iter()
        .flatten()
        .filter_map(|geology| geology.orogen.as_ref())
        .map(|orogen| (orogen.name.as_str(), source_of(&staged, orogen.provenance)))
        .collect();
    assert_eq!(belts, BTreeMap::from([("east", "east"), ("west", "west")]));
}

#[test]
fn a_name_that_a_second_atlas_gives_brings_its_source_and_its_licence_along() {
    let small = Small::new();
    // One lake drawn twice, the Latin name in the atlas alone; and one of the map's own.
    let named = square("Lacus", 24.2, 37.4).replace("\"name\"", "\"latin\"");
    fs::write(small.path("atlas"), named).unwrap();
    let own = square("own", 24.2, 38.3);
    let both = square("map", 24.2, 37.4);
    let (head, _) = both.split_once("]}").map(|_| both.rsplit_once("]}").unwrap()).unwrap();
    let (_, tail) = own.split_once("\"features\":[").unwrap();
    fs::write(small.path("map"), format!("{head},{tail}")).unwrap();
    small.add_dataset("map", LAKES, &["map"]);
    let latin = "fields = { latin = \"latin\", class = \"class\" }";
    let reads = format!("{}\n{latin}", LAKES.rsplit_once('\n').unwrap().0);
    small.add_dataset("atlas", &reads, &["atlas"]);
    share_alike(&small);
    let mut outcome = small.stage();
    let staged = &outcome.staged;
    let of_zones: BTreeMap<Option<&str>, _> = staged
        .lake
        .iter()
        .map(|(_, lake)| (lake.latin.as_deref(), vouched(staged, lake.provenance)))
        .collect();
    let alone = ("map", "CC0-1.0", vec![]);
    let together = ("map", "CC0-1.0 AND CC-BY-SA-3.0", vec!["atlas"]);
    let expected = [(None, alone.clone()), (Some("Lacus"), together.clone())];
    assert_eq!(of_zones, BTreeMap::from(expected));
    let lakes = staged.features.iter().filter(|feature| feature.collection == "lakes");
    let drawn: Vec<_> =
        lakes.map(|lake| (lake.title.as_str(), vouched(staged, lake.provenance))).collect();
    assert_eq!(drawn, [("Lacus", together), ("own", alone)]);
    tessera_checks::check(&outcome.staged, &mut outcome.report);
    let rules: Vec<&str> = outcome.report.findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(rules, ["lake_duplicate"]);
}
