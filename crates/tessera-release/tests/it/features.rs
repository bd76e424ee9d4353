//! Features: by collection, box and years.

use std::path::Path;
use tessera_grid::BBox;
use tessera_release::{Error, FeatureQuery, Release, ReleaseWriter};
use tessera_world::{CollectionInfo, Feature};
use theron_testkit::world::{MADE, SmallWorld};

fn release(folder: &Path, world: &SmallWorld) -> Release {
    Release::open(&world.write(&folder.join("a.sqlite3")).unwrap().path).unwrap()
}

fn bbox(west: f64, south: f64, east: f64, north: f64) -> BBox {
    BBox::new(west, south, east, north).unwrap()
}

#[test]
fn every_feature_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let release = release(folder.path(), &world);
    let collections = release.collections().unwrap();
    let mut all: Vec<Feature> = Vec::new();
    for collection in &collections {
        let query = FeatureQuery::of(&collection.id);
        let found = release.features(&query, None, usize::MAX).unwrap();
        assert_eq!(found.len() as u64, collection.features);
        assert_eq!(release.count_features(&query).unwrap(), collection.features);
        all.extend(found);
    }
    assert_eq!(all, world.features);
    for feature in &world.features {
        let found = release.feature(&feature.collection, &feature.id).unwrap();
        assert_eq!(found.as_ref(), Some(feature));
    }
    assert_eq!(release.feature("roads", "ostia").unwrap(), None);
    let nothing = FeatureQuery::of("mines");
    assert_eq!(release.features(&nothing, None, 9).unwrap(), []);
    assert_eq!(release.count_features(&nothing).unwrap(), 0);
}

#[test]
fn a_release_says_what_its_collections_hold() {
    let folder = tempfile::tempdir().unwrap();
    let release = release(folder.path(), &SmallWorld::latium());
    let collections = release.collections().unwrap();
    let ids: Vec<&str> = collections.iter().map(|collection| collection.id.as_str()).collect();
    assert_eq!(ids, ["open_water", "provinces", "rivers", "roads", "settlements", "shipwrecks"]);
    let settlements = CollectionInfo {
        id: "settlements".to_owned(),
        features: 3,
        bbox: BBox::new(12.2667, 41.747, 12.653, 41.7797).unwrap(),
        years: Some((-1000, 600)),
    };
    assert_eq!(collections[4], settlements);
    // Of one point, and still a box around it.
    assert!(collections[5].bbox.contains(tessera_grid::Position::new(41.94, 12.05).unwrap()));
    assert_eq!(collections[2].years, None);
}

#[test]
fn a_cursor_gives_every_feature_once_also_from_an_id_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let release = release(folder.path(), &SmallWorld::latium());
    let settlements = FeatureQuery::of("settlements");
    let ids = |after: Option<&str>, limit| -> Vec<String> {
        let found = release.features(&settlements, after, limit).unwrap();
        found.into_iter().map(|feature| feature.id).collect()
    };
    assert_eq!(ids(None, 2), ["alba-longa", "ostia"]);
    assert_eq!(ids(Some("ostia"), 2), ["portus"]);
    assert_eq!(ids(Some("cosa"), 2), ["ostia", "portus"]);
    assert_eq!(ids(Some("portus"), 2), [""; 0]);
    assert_eq!(ids(None, 0), [""; 0]);
}

#[test]
fn a_year_gives_the_features_that_held_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let release = release(folder.path(), &SmallWorld::latium());
    let ids = |query: FeatureQuery<'_>| -> Vec<String> {
        let found = release.features(&query, None, 9).unwrap();
        assert_eq!(release.count_features(&query).unwrap(), found.len() as u64);
        found.into_iter().map(|feature| feature.id).collect()
    };
    let settlements = FeatureQuery::of("settlements");
    assert_eq!(ids(settlements.in_year(-700)), ["alba-longa"]);
    assert_eq!(ids(settlements.in_year(-500)), [""; 0]);
    assert_eq!(ids(settlements.in_year(100)), ["ostia", "portus"]);
    assert_eq!(ids(FeatureQuery { from: Some(-650), to: Some(-400), ..settlements }).len(), 2);
    assert_eq!(ids(FeatureQuery { from: Some(601), ..settlements }), ["portus"]);
    assert_eq!(ids(FeatureQuery { to: Some(-401), ..settlements }), ["alba-longa"]);
}

/// The box of the Appian Way holds more than the way: only what the line itself touches is found.
#[test]
fn a_box_gives_the_features_whose_shape_touches_it() {
    let folder = tempfile::tempdir().unwrap();
    let release = release(folder.path(), &SmallWorld::latium());
    let found = |collection: &str, bbox| {
        let query = FeatureQuery { bbox: Some(bbox), ..FeatureQuery::of(collection) };
        let found = release.features(&query, None, 9).unwrap().len();
        assert_eq!(release.count_features(&query).unwrap(), found as u64);
        found
    };
    assert_eq!(found("roads", bbox(13.2, 41.25, 13.3, 41.35)), 1); // at Terracina
    assert_eq!(found("roads", bbox(13.9, 41.7, 14.2, 41.85)), 0); // in its box, off its line
    assert_eq!(found("roads", bbox(10.0, 40.0, 15.0, 43.0)), 1);
    assert_eq!(found("provinces", bbox(13.0, 41.6, 13.01, 41.61)), 1); // wholly inside the area
    assert_eq!(found("settlements", bbox(12.26, 41.75, 12.27, 41.78)), 1);
    assert_eq!(found("settlements", bbox(12.2667, 41.7, 12.3, 41.7797)), 2); // edges belong to it
    let query = FeatureQuery {
        bbox: Some(bbox(12.0, 41.0, 13.0, 42.0)),
        ..FeatureQuery::of("settlements")
    };
    assert_eq!(release.count_features(&query.in_year(100)).unwrap(), 2);
}

#[test]
fn a_collection_of_two_kinds_of_shapes_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let line: geo_types::LineString = vec![(12.0, 41.0), (13.0, 41.0)].into();
    let ring: geo_types::LineString = vec![(12.0, 41.0), (13.0, 41.0), (12.5, 42.0)].into();
    let area = geo_types::Polygon::new(ring, Vec::new());
    let point = geo_types::Point::new(12.0, 41.0);
    let shapes: [[geo_types::Geometry<f64>; 2]; 3] = [
        [point.into(), geo_types::MultiPoint(vec![point]).into()],
        [line.clone().into(), geo_types::MultiLineString(vec![line]).into()],
        [area.clone().into(), geo_types::MultiPolygon(vec![area]).into()],
    ];
    for (first, [one, _]) in shapes.iter().enumerate() {
        for (second, two) in shapes.iter().flatten().enumerate() {
            let path = folder.path().join(format!("{first}-{second}.sqlite3"));
            let mut writer = ReleaseWriter::create(&path, &world.info).unwrap();
            world.sources.iter().for_each(|source| writer.source(source).unwrap());
            world.provenances.iter().for_each(|row| writer.provenance(row).unwrap());
            let feature = |id: &str, shape: &geo_types::Geometry<f64>| {
                Feature::new("things", id.to_owned(), shape.clone(), MADE)
            };
            writer.feature(&feature("a", one)).unwrap();
            let written = writer.feature(&feature("b", two));
            // Several points as one are a kind of their own.
            let alike = second / 2 == first && second != 1;
            assert_eq!(written.is_ok(), alike, "{one:?} and {two:?}");
            assert!(alike || matches!(written, Err(Error::Feature { .. })));
        }
    }
}

#[test]
fn features_out_of_order_or_off_the_globe_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let mut writer = ReleaseWriter::create(&folder.path().join("a"), &world.info).unwrap();
    let mut feature = world.features[4].clone();
    for geometry in [
        geo_types::Point::new(181.0, 0.0).into(),
        geo_types::Point::new(f64::NAN, 0.0).into(),
        geo_types::MultiPoint::<f64>(Vec::new()).into(),
    ] {
        feature.geometry = geometry;
        assert!(matches!(writer.feature(&feature), Err(Error::Feature { .. })));
    }
    writer.feature(&world.features[4]).unwrap();
    let again = writer.feature(&world.features[4]);
    assert!(matches!(again, Err(Error::FeatureOrder { .. })));
    let earlier = writer.feature(&world.features[3]);
    assert!(matches!(earlier, Err(Error::FeatureOrder { .. })));
    writer.feature(&world.features[5]).unwrap();
}
