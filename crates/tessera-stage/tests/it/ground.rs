//! Lakes, coasts, rivers, weather and geology as their publishers ship them.

use crate::support::{left_out, map, of_records, path, roles, rows, world};
use std::collections::BTreeMap;
use tessera_formats::{
    GridFormat, GridOptions, RecordFormat, TableFormat, read_currents, read_wind_roses,
};
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_stage::layers::features::{Gazetteer, Setting, plate};
use tessera_stage::layers::{coast_change, current, lake, river_name, surface, wind_rose};
use tessera_stage::scan::Rows;
use tessera_world::{ProvenanceId, SurfaceKind};

const ID: ProvenanceId = ProvenanceId(1);
const FIVE: Resolution = Resolution::FIVE;

fn at(latitude: f64, longitude: f64) -> Zone {
    Zone::at(Position::new(latitude, longitude).expect("on the globe"), FIVE)
}

#[test]
fn published_lakes_bear_latin_names_and_no_reservoir_is_among_them() {
    let by = |dataset| lake::Drawer { dataset, provenance: ID };
    let modern = map("natural-earth-geojson/ne_10m_lakes_crop.geojson", RecordFormat::GeoJson);
    let fields = roles("modern = name; class = featurecla; year = year");
    let (mut lakes, left_out) = lake::shapes(of_records(&modern), &fields, world(), by("ne"));
    let reservoirs = left_out.iter().filter(|l| l.1 == "lake_anachronism").count();
    assert!(reservoirs >= 30, "{reservoirs}");
    assert!(left_out.iter().any(|l| l.2.contains("Lake Nasser")));
    let atlas = map("dare-klokantech/10m_lakes.geojson", RecordFormat::GeoJson);
    let fields = roles("latin = latin; modern = modern; class = FeatureCla");
    let (ancient, _) = lake::shapes(of_records(&atlas), &fields, world(), by("dare"));
    lake::join(&mut lakes, ancient);
    let named: BTreeMap<_, _> = lakes
        .iter()
        .filter_map(|lake| Some((lake.modern.as_deref()?, lake.latin.as_deref()?)))
        .collect();
    assert_eq!(named.get("Lago di Garda"), Some(&"Benacus"));
    assert_eq!(named.get("Lake Van"), Some(&"Thospitis Limne"));
    assert_eq!(named.get("Lake Balaton"), Some(&"Pelso"));

    let zones = zones_in(BBox::new(5.0, 43.0, 13.0, 48.0).unwrap(), FIVE);
    let facts = lake::stage(&zones, FIVE, Rows::for_resolution(FIVE), &lakes);
    let garda: f64 = facts
        .iter()
        .filter(|(_, lake)| lake.latin.as_deref() == Some("Benacus"))
        .map(|(index, lake)| f64::from(lake.water_permille) / 1000.0 * zones[*index].area_km2())
        .sum();
    assert!((300.0..450.0).contains(&garda), "{garda} km2, 370 in the books");
}

#[test]
fn published_open_water_brings_the_sea_back_to_ephesus_and_miletus() {
    let bbox = BBox::new(26.0, 37.0, 28.5, 38.5).unwrap();
    let zones = zones_in(bbox, FIVE);
    let rows = Rows::for_resolution(FIVE);
    let shapes = map("natural-earth-magics/ne_10m_land.shp", RecordFormat::Shapefile);
    let land: Vec<_> = shapes
        .iter()
        .flat_map(|record| tessera_stage::layers::areas::polygons(&record.geometry).to_vec())
        .collect();
    let land = surface::LandRows::cut(&land, rows, bbox);
    let in_period = |period: &str| {
        let name = format!("awmc-geodata/{period}_open_water/{period}_open_water.shp");
        let records = map(&name, RecordFormat::Shapefile);
        let fields = roles(&format!("period = ={period}"));
        let (waters, left_out) = coast_change::waters(of_records(&records), &fields, ID);
        assert!(left_out.is_empty(), "{left_out:?}");
        coast_change::stage(&zones, FIVE, rows, &land, &waters)
    };
    let hellenistic = in_period("hellenistic");
    let (ephesus, miletus) = (at(37.95, 27.33), at(37.55, 27.31));
    for (name, place) in [("Ephesus", ephesus), ("Miletus", miletus)] {
        let index = zones.binary_search(&place).unwrap();
        let era = hellenistic.iter().find(|(other, _)| *other == index);
        let (_, era) = era.unwrap_or_else(|| panic!("{name} has no older coast"));
        assert_ne!(era.surface.kind, SurfaceKind::Land, "{name}");
        assert_eq!((era.valid_from, era.valid_to), (-329, -30));
    }
    let wet = |eras: &[(usize, tessera_stage::staged::Era)]| -> f64 {
        eras.iter()
            .map(|(index, era)| {
                zones[*index].area_km2() * (1.0 - f64::from(era.surface.land_permille) / 1000.0)
            })
            .sum()
    };
    // The gulfs silted up: what was water shrinks from period to period.
    assert!(wet(&in_period("archaic")) > 0.0);
    assert!(wet(&hellenistic) > wet(&in_period("roman")));
    assert!(in_period("late").is_empty());
}

#[test]
fn published_rivers_take_their_latin_names_from_the_ancient_atlas() {
    let atlas = map("dare-klokantech/10m_rivers_lake_centerlines.geojson", RecordFormat::GeoJson);
    let (named, _) =
        river_name::named(of_records(&atlas), &roles("latin = latin; modern = modern"), "atlas");
    let modern =
        map("natural-earth-magics/ne_10m_rivers_lake_centerlines.shp", RecordFormat::Shapefile);
    let mut lines = Vec::new();
    for record in &modern {
        let name = record.properties.get("name").and_then(|name| name.as_str());
        match &record.geometry {
            geo_types::Geometry::LineString(line) => lines.push((name, line)),
            geo_types::Geometry::MultiLineString(parts) => {
                lines.extend(parts.iter().map(|line| (name, line)));
            }
            other => panic!("{other:?}"),
        }
    }
    let names = river_name::named_as(&lines, &named);
    let latin_of = |modern: &str| -> Vec<&str> {
        let mut all: Vec<&str> = lines
            .iter()
            .zip(&names)
            .filter(|((name, _), _)| *name == Some(modern))
            .filter_map(|(_, river)| river.map(|river| river.latin.as_str()))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    assert_eq!(latin_of("Ebro"), ["Hiberus"]);
    assert_eq!(latin_of("Nile"), ["Nilus"]);
    assert_eq!(latin_of("Po"), ["Padus"]);
    let count = names.iter().flatten().count();
    assert!(count > 90, "{count}");
}

#[test]
fn published_currents_and_roses_show_the_agulhas_and_the_etesians() {
    let months: Vec<_> = (1..=12)
        .map(|month| {
            read_currents(&path(&format!("opencpn-climatology/current{month:02}.gz"))).unwrap()
        })
        .collect();
    let zones = {
        let mut zones = vec![at(-34.0, 28.0), at(33.0, 28.0), at(37.2, 25.9), at(31.9, 29.4)];
        zones.sort_unstable();
        zones
    };
    let index = |zone: Zone| zones.binary_search(&zone).unwrap();
    let currents = current::stage(&zones, &months, |_| true, ID);
    // Off South Africa the Agulhas runs to the west and south; the source does not know the Mediterranean.
    let agulhas = currents[index(at(-34.0, 28.0))].unwrap().months[6];
    assert!(agulhas.u_cm_s < -30 && agulhas.v_cm_s < 0, "{agulhas:?}");
    assert_eq!(currents[index(at(33.0, 28.0))], None);

    let months: Vec<_> = (1..=12)
        .map(|month| {
            read_wind_roses(&path(&format!("opencpn-climatology/wind{month:02}.gz"))).unwrap()
        })
        .collect();
    let ours = wind_rose::Provenances { read: ID, filled: ProvenanceId(2) };
    let roses = wind_rose::stage(&zones, &months, &vec![None; zones.len()], |_| true, ours);
    let (_, alexandria) = roses.iter().find(|(at_, _)| *at_ == index(at(31.9, 29.4))).unwrap();
    let july = alexandria.months[6];
    let most = july.shares_permille.iter().max().copied();
    assert_eq!(most, Some(july.shares_permille[7]), "NW: {july:?}");
    // Without another wind there is nothing to fill the Aegean's gap from.
    assert!(roses.iter().all(|(_, rose)| rose.provenance == ID));
}

#[test]
fn published_crust_names_the_black_sea_where_it_is() {
    let table =
        rows("geology-crust1-plates/crust1_type_legend.csv", &TableFormat::Csv { delimiter: None });
    assert_eq!(table.len(), 36);
    let options = GridOptions {
        georeference: Some(tessera_formats::Georeference::WORLD),
        ..GridOptions::default()
    };
    let format = GridFormat::Npz { array: "latlonDescriptor".to_owned() };
    let crust = path("geology-crust1-plates/Crust1pt0-regionalisation.npz");
    let mut grid = tessera_formats::Grid::open(&crust, &format, &options).unwrap();
    let window = grid.window::<f32>(0, tessera_formats::Bounds::WORLD, 0).unwrap().unwrap();
    assert_eq!(window.at(34.0, 43.0), Some(34.0), "Black Sea");
    assert_eq!(window.at(10.0, 46.5), Some(16.0), "Alps");
}

#[test]
fn published_boundaries_of_plates_bear_both_names_and_a_stroke_where_one_goes_under() {
    let lines = map("geology-crust1-plates/PB2002_boundaries.json", RecordFormat::GeoJson);
    let fields = roles(
        "namespace = =pb2002; name = Name; class = Type; keep.plate_a = PlateA; \
         keep.plate_b = PlateB; keep.drawn_after = Source",
    );
    let gazetteer = &Gazetteer::default();
    let setting = Setting { fields: &fields, world: world(), gazetteer, provenance: ID };
    let taken = plate::features(of_records(&lines), setting);
    assert_eq!((lines.len(), taken.features.len()), (241, 26));
    assert_eq!(left_out(&taken), [("feature_outside", 215)]);
    // The rectangle around this one meets the world, and its line stays outside.
    let row_16 = (16, "feature_outside", "it lies outside the world's box".to_owned());
    assert!(taken.left_out.contains(&row_16));
    for boundary in &taken.features {
        let text = |key: &str| boundary.properties.get(key).and_then(|value| value.as_str());
        let (a, b) = (text("plate_a").unwrap(), text("plate_b").unwrap());
        let mark = boundary.title.strip_prefix(a).and_then(|rest| rest.strip_suffix(b)).unwrap();
        match text("class") {
            Some("subduction") => assert!(["/", "\\"].contains(&mark), "{}", boundary.title),
            class => assert_eq!((class, mark), (None, "-"), "{}", boundary.title),
        }
    }
    // South of Crete Africa goes under the Aegean.
    let arc = taken.features.iter().find(|boundary| boundary.title == "AS/AF").unwrap();
    let [west, south, east, north] = tessera_stage::layers::areas::bounds(&arc.geometry).unwrap();
    assert!(west < 24.0 && east > 26.0 && south > 33.0 && north < 39.0, "{arc:?}");
}
