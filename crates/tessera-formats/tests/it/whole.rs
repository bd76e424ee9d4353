//! What the small files say, read back: the same raster out of every format, the same rows out of every table.

use crate::small::{self, Tiles};
use geo_types::{Geometry, LineString, Point};
use netcdf_writer::NcWriteFormat;
use std::path::PathBuf;
use tempfile::TempDir;
use tessera_formats::{
    Bounds, Code, FirstRow, Georeference, Grid, GridFormat, GridOptions, NoPoint, RecordFormat,
    Registration, TableFormat, TimeAxis, point_of, read_currents, read_wind_roses, records, table,
};

pub(crate) fn write(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

pub(crate) fn place() -> GridOptions {
    GridOptions {
        georeference: Some(Georeference {
            bounds: Bounds { west: 10.0, south: 40.0, east: 18.0, north: 46.0 },
            registration: Registration::Cell,
            first_row: FirstRow::North,
        }),
        ..GridOptions::default()
    }
}

pub(crate) fn netcdf() -> GridFormat {
    GridFormat::NetCdf { variable: "height".to_owned() }
}

pub(crate) fn npz() -> GridFormat {
    GridFormat::Npz { array: "mask".to_owned() }
}

/// All of a band, row by row, and again as one window.
fn all(mut grid: Grid, band: usize) -> Vec<f32> {
    let lattice = *grid.lattice();
    let mut values = vec![0.0; lattice.columns * lattice.rows];
    grid.rows::<f32>(band, 0..lattice.rows, &mut values).unwrap();
    let window = grid.window::<f32>(band, Bounds::WORLD, 0).unwrap().unwrap();
    let same =
        |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()));
    assert!(same(&window.values, &values));
    let mut walked = vec![0.0; values.len()];
    grid.for_each_row::<f32>(band, 0..lattice.rows, |row, line| {
        walked[row * lattice.columns..][..lattice.columns].copy_from_slice(line);
    })
    .unwrap();
    assert!(same(&walked, &values));
    values
}

#[test]
fn every_raster_format_gives_the_same_raster() {
    let plain = GridOptions::default();
    for (name, bytes, format, options) in [
        (
            "strips.tif",
            small::tiff(Tiles::Strips(1), false, small::geographic()),
            GridFormat::GeoTiff,
            plain.clone(),
        ),
        (
            "packed.tif",
            small::tiff(Tiles::Strips(4), true, small::geographic()),
            GridFormat::GeoTiff,
            plain.clone(),
        ),
        (
            "tiles.tif",
            small::tiff(Tiles::Tiles, true, small::geographic()),
            GridFormat::GeoTiff,
            plain.clone(),
        ),
        ("placed.tif", small::tiff(Tiles::Tiles, false, Vec::new()), GridFormat::GeoTiff, place()),
        ("a.png", small::png(), GridFormat::Png, place()),
        ("a.npz", small::npz(), npz(), plain),
    ] {
        let (_folder, path) = write(name, &bytes);
        let grid = Grid::open(&path, &format, &options).unwrap();
        let lattice = *grid.lattice();
        assert_eq!((lattice.west, lattice.north), (10.5, 45.5), "{name}");
        assert_eq!((lattice.columns, lattice.rows), (8, 6), "{name}");
        let unknown = |value: f32| {
            if matches!(format, GridFormat::GeoTiff) && value == 7.0 { f32::NAN } else { value }
        };
        let expected: Vec<f32> = small::values().into_iter().map(f32::from).map(unknown).collect();
        let found = all(grid, 0);
        assert!(
            found.iter().zip(&expected).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn packed_values_are_scaled_filled_and_turned_north_up() {
    for format in [NcWriteFormat::Classic, NcWriteFormat::Nc4] {
        let (_folder, path) = write("a.nc", &small::netcdf(format));
        let grid = Grid::open(&path, &netcdf(), &GridOptions::default()).unwrap();
        let time = TimeAxis {
            units: "months".to_owned(),
            calendar: "360_day".to_owned(),
            values: vec![1.0, 2.0],
        };
        assert_eq!((grid.bands(), grid.time()), (2, Some(&time)));
        assert_eq!((grid.lattice().north, grid.nodata().to_vec()), (45.5, vec![-999.0]));
        let second = all(grid, 1);
        assert!(
            (second[11] - 13.1).abs() < 1e-4,
            "row 1, column 3 of the second month: {}",
            second[11]
        );
        let first = all(Grid::open(&path, &netcdf(), &GridOptions::default()).unwrap(), 0);
        assert!(first[5 * 8].is_nan(), "the south-western value is the fill value");
    }
}

#[test]
fn a_projected_raster_comes_out_on_longitude_and_latitude() {
    let (_folder, path) = write(
        "utm.tif",
        &small::tiff(Tiles::Tiles, true, small::utm(500_000.0, 4_700_000.0, 10_000.0)),
    );
    let mut grid = Grid::open(&path, &GridFormat::GeoTiff, &GridOptions::default()).unwrap();
    assert_eq!(grid.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["reprojected"]);
    let window = grid.window::<u8>(0, Bounds::WORLD, 0).unwrap().unwrap();
    // The middle of pixel (2, 3): x 535 km, y 4675 km of zone 33.
    let crs = tessera_formats::Crs::from_epsg(32_633).unwrap();
    let mut at = [(535_000.0, 4_675_000.0)];
    crs.to_wgs84(&mut at);
    assert_eq!(window.at(at[0].0, at[0].1), Some(small::value(2, 3)));
}

#[test]
fn a_window_takes_what_is_asked_and_a_margin() {
    let (_folder, path) = write("a.tif", &small::tiff(Tiles::Strips(2), true, small::geographic()));
    let mut grid = Grid::open(&path, &GridFormat::GeoTiff, &GridOptions::default()).unwrap();
    let bounds = Bounds { west: 12.5, south: 42.5, east: 13.5, north: 43.5 };
    let exact = grid.window::<u8>(0, bounds, 0).unwrap().unwrap();
    assert_eq!((exact.lattice.west, exact.lattice.north), (12.5, 43.5));
    assert_eq!(exact.values, [22, 23, 32, 33]);
    let wide = grid.window::<u8>(0, bounds, 1).unwrap().unwrap();
    assert_eq!((wide.lattice.columns, wide.lattice.rows, wide.values[0]), (4, 4, 11));
    let beyond = Bounds { west: -20.0, south: 0.0, east: -10.0, north: 10.0 };
    assert_eq!(grid.window::<u8>(0, beyond, 1).unwrap(), None);
    assert_eq!(grid.window::<i16>(0, bounds, 0).unwrap_err().code, Code::Schema);
    assert_eq!(grid.window::<u8>(3, bounds, 0).unwrap_err().code, Code::Schema);
}

#[test]
fn a_rose_and_a_current_come_out_where_they_blow() {
    let (_folder, path) = write("wind07.gz", &small::wind());
    let field = read_wind_roses(&path).unwrap();
    let rose = field.at(22.5, -67.5).unwrap();
    assert_eq!((rose.share_permille[7], rose.speed_knots[7], rose.calm_percent), (680, 12, 5));
    assert_eq!(field.roses.iter().flatten().count(), 1);
    let (_folder, path) = write("current07.gz", &small::current());
    let field = read_currents(&path).unwrap();
    assert_eq!(field.at(0.0, 80.0), None);
    assert_eq!(field.at(45.0, 80.0), Some((0.5, -0.5)));
}

#[test]
fn features_of_three_formats_are_read_with_their_properties() {
    let (_folder, path) = write("a.geojson", small::GEOJSON.as_bytes());
    let batch = records(&path, RecordFormat::GeoJson).unwrap();
    assert_eq!((batch.items.len(), batch.bad.len()), (3, 0));
    assert_eq!(batch.items[0].id.as_deref(), Some("7"));
    assert_eq!(batch.items[0].geometry, Geometry::Point(Point::new(12.5, 41.9)));
    let (_folder, path) = write("a.ndjson.gz", &small::gzip(small::ndjson().as_bytes()));
    assert_eq!(records(&path, RecordFormat::NdJson).unwrap().items.len(), 4);
    let (shp, dbf) = small::shapefile();
    let (folder, path) = write("a.shp", &shp);
    std::fs::write(folder.path().join("a.dbf"), dbf).unwrap();
    let batch = records(&path, RecordFormat::Shapefile).unwrap();
    assert_eq!((batch.items.len(), batch.notes[0].code), (2, "prj_missing"));
    let line = LineString::from(vec![(10.0, 40.0), (11.0, 41.0), (12.0, 42.0)]);
    assert_eq!(batch.items[0].geometry, Geometry::LineString(line));
    assert_eq!(batch.items[0].properties["KM"], 195);
    assert_eq!(batch.items[1].properties["KM"], "1e2x", "a number that is none stays what it is");
}

#[test]
fn a_bad_feature_is_quarantined_and_the_next_is_read() {
    let text = small::ndjson()
        + "{\"type\":\n"
        + r#"{"type":"Feature","geometry":null,"properties":{}}"#
        + "\n"
        + r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[200,0]}}"#
        + "\n"
        + r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,1]]}}"#
        + "\n"
        + r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[5,5]]]}}"#
        + "\n"
        + &small::ndjson();
    let (_folder, path) = write("a.ndjson", text.as_bytes());
    let batch = records(&path, RecordFormat::NdJson).unwrap();
    let bad: Vec<(u64, &str)> = batch.bad.iter().map(|row| (row.row, row.reason_code)).collect();
    assert_eq!(
        bad,
        [
            (5, "json_broken"),
            (6, "geometry_missing"),
            (7, "position_range"),
            (8, "geometry_broken"),
            (9, "geometry_broken")
        ]
    );
    assert_eq!(batch.items.len(), 8);
}

#[test]
fn tables_of_three_formats_are_read_and_their_quirks_told() {
    let csv = |text: &str| {
        let (_folder, path) = write("a.csv", text.as_bytes());
        table(&path, &TableFormat::Csv { delimiter: None }).unwrap()
    };
    let plain = csv(small::CSV);
    assert_eq!(plain.items.len(), 4);
    for other in [
        small::CSV.replace('\n', "\r"),
        small::CSV.replace('\n', "\r\n"),
        format!("\u{feff}{}", small::CSV),
    ] {
        assert_eq!(csv(&other), plain);
    }
    let reason = |row: usize| point_of(&plain.items[row].cells, "lat", "lon");
    assert_eq!(reason(2), Err(NoPoint::NullIsland));
    assert_eq!(reason(3).unwrap_err().reason_code(), "not_a_number");
    let unnamed = csv("a,,a\n1,2,3\n1,2\n");
    assert_eq!(unnamed.items[0].cells.keys().collect::<Vec<_>>(), ["a", "a 3", "column 2"]);
    assert_eq!((unnamed.bad[0].row, unnamed.bad[0].reason_code), (2, "row_shape"));
    let (_folder, path) = write("a.xlsx", &small::xlsx(small::SHEET));
    let sheet = table(&path, &TableFormat::Xlsx { sheet: None }).unwrap();
    assert_eq!(sheet.items[0].cells["LAT"], 41.75);
    assert_eq!((sheet.bad[0].row, sheet.bad[0].reason_code), (2, "cell_error"));
    let (_folder, path) = write("a.json", small::JSON.as_bytes());
    assert_eq!(table(&path, &TableFormat::Json).unwrap().items.len(), 2);
}

#[test]
fn a_quote_that_is_never_closed_is_an_error_that_names_its_row() {
    let csv = TableFormat::Csv { delimiter: None };
    let read = |text: &str| {
        let (_folder, path) = write("ports.csv", text.as_bytes());
        table(&path, &csv).map(|batch| batch.items.len())
    };
    let open = "id,note\n1,ok\n2,\"harbour mole, 3 m\n3,ok\n4,ok\n";
    let error = read(open).unwrap_err();
    assert_eq!(
        (error.code, error.row, error.reason.as_str()),
        (Code::FileDamaged, Some(2), "the quote that opens in row 2 is never closed")
    );
    // Closed at the end of the file, doubled within, or where no cell begins.
    for whole in [
        "id,note\n1,ok\n2,\"a mole, 3 m\"",
        "id,note\n1,ok\n2,\"a \"\"mole\"\"\"\n",
        "id,note\n1,ok\n2,3 m 6\"\n",
        "id,note\n\n1,\"ok\"\r\n2,\"two\nlines\"\r\n",
    ] {
        assert_eq!(read(whole), Ok(2), "{whole:?}");
    }
}

#[test]
fn a_variable_whose_rows_are_longitudes_is_refused() {
    let open = |units: [&str; 2]| {
        let (_folder, path) = write("t.nc", &small::netcdf_by_longitude(units));
        let opened = Grid::open(&path, &netcdf(), &GridOptions::default());
        opened.map(drop).map_err(|error| (error.code, error.reason))
    };
    assert_eq!(
        open(["degrees_east", "degrees_north"]),
        Err((
            Code::Schema,
            "the dimensions of height are x, y; (time,) latitude, longitude are needed in that order"
                .to_owned()
        ))
    );
    assert_eq!(open(["degrees_north", "degrees_east"]), Ok(()));
}
