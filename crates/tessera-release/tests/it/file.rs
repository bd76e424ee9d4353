//! The file as a whole: its bytes, its name, its damage.

use tessera_grid::Resolution;
use tessera_release::{Error, Release, ReleaseWriter, TileAddress, Tileset, checksum};
use tessera_world::{LayerInfo, STANDARD_EPOCHS};
use theron_testkit::world::{SmallWorld, WORLD_TILE};

#[test]
fn what_was_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let file = world.write(&folder.path().join("a.sqlite3")).unwrap();
    let release = Release::open(&file.path).unwrap();
    release.check().unwrap();
    assert_eq!(release.info(), &world.info);
    assert_eq!(release.info().epochs, STANDARD_EPOCHS);
    assert_eq!(release.places().unwrap(), world.places);
    assert_eq!(release.place("ostia").unwrap().as_ref(), world.places.get(1));
    assert_eq!(release.place("roma").unwrap(), None);
    assert_eq!(release.sources().unwrap(), world.sources);
    assert_eq!(release.provenances().unwrap(), world.provenances);
    let tile = |col| release.tile(Tileset::World, TileAddress { z: 1, row: 0, col }).unwrap();
    assert_eq!((tile(1), tile(0)), (Some(WORLD_TILE.to_vec()), None));
    assert_eq!(release.finest_tiles(Tileset::World).unwrap(), Some(1));
    assert_eq!((file.sha256, file.bytes), checksum(&file.path).unwrap());
}

#[test]
fn a_release_says_how_much_each_layer_covers_and_how_finely() {
    let folder = tempfile::tempdir().unwrap();
    let six = Resolution::FIVE.finer().unwrap();
    let world = SmallWorld::latium_at(six);
    let release = Release::open(&world.write(&folder.path().join("a")).unwrap().path).unwrap();
    let layers = release.layers().unwrap();
    let ids: Vec<&str> = layers.iter().map(|layer| layer.id.as_str()).collect();
    let all = [
        "bathymetry",
        "climate",
        "crust",
        "current",
        "lake",
        "land_cover",
        "rain",
        "river",
        "surface",
        "temperature",
        "terrain",
        "wind",
        "wind_rose",
    ];
    assert_eq!(ids, all);
    let rivers = world.cells.iter().filter(|cell| cell.river.is_some()).count() as u64;
    assert_eq!(layers[7], LayerInfo { id: "river".to_owned(), zones: rivers, resolution: six });
    let winds = world.coarse.iter().filter(|coarse| coarse.wind.is_some()).count() as u64;
    let wind = LayerInfo { id: "wind".to_owned(), zones: winds, resolution: Resolution::FIVE };
    assert_eq!(layers[11], wind);
}

#[test]
fn equal_content_has_equal_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium();
    let [a, b] = ["a", "b"].map(|name| world.write(&folder.path().join(name)).unwrap());
    assert_eq!((&a.id, &a.sha256, a.bytes), (&b.id, &b.sha256, b.bytes));
    assert_eq!(std::fs::read(&a.path).unwrap(), std::fs::read(&b.path).unwrap());
    world.features[3].properties.insert("paved".to_owned(), false.into());
    let c = world.write(&folder.path().join("c")).unwrap();
    assert_ne!(a.id, c.id);
}

/// The index of boxes splits its pages as it grows: that, too, goes by the content alone.
#[test]
fn many_features_in_one_order_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium();
    let wreck = world.features.pop().unwrap();
    world.features = (0..5_000_u32)
        .map(|number| {
            let mut feature = wreck.clone();
            feature.id = format!("wreck-{number:05}");
            // Golden steps: spread over the box, in no order.
            let spread = |step: f64| (f64::from(number) * step).fract();
            let at = (11.5 + 3.0 * spread(0.618_034), 40.5 + 2.0 * spread(0.754_878));
            feature.geometry = geo_types::Point::from(at).into();
            feature
        })
        .collect();
    let [a, b] = ["a", "b"].map(|name| world.write(&folder.path().join(name)).unwrap());
    assert_eq!(a.sha256, b.sha256);
    Release::open(&a.path).unwrap().check().unwrap();
}

#[test]
fn an_unfinished_or_damaged_release_is_named_and_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium();
    let path = folder.path().join("half.sqlite3");
    drop(ReleaseWriter::create(&path, &world.info).unwrap());
    assert!(Release::open(&path).is_err());

    let whole = world.write(&folder.path().join("a.sqlite3")).unwrap().path;
    let bytes = std::fs::read(&whole).unwrap();
    let cut = folder.path().join("cut.sqlite3");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let refusal = Release::open(&cut).and_then(|release| release.check()).unwrap_err();
    assert!(format!("{refusal}").contains("cut.sqlite3"), "{refusal}");
}

#[test]
fn a_file_that_holds_less_than_it_says_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = SmallWorld::latium();
    world.info.zones += 1;
    let file = world.write(&folder.path().join("a.sqlite3")).unwrap();
    let refusal = Release::open(&file.path).unwrap().check().unwrap_err();
    assert!(matches!(&refusal, Error::Broken { what, .. } if what.contains("zones")), "{refusal}");
}
