//! Files made to do harm: bombs, headers that promise worlds, nesting without end, axes of nothing.

use crate::memory::peak_mib;
use crate::small::{self, TiffEntry, Tiles};
use crate::whole::{netcdf, npz, place, write};
use netcdf_writer::{NcFileBuilder, NcWriteFormat, NcWriteOptions};
use std::path::Path;
use tessera_formats::{
    Bounds, Code, FormatError, Grid, GridFormat, GridOptions, RecordFormat, TableFormat,
    read_wind_roses, records, table,
};

/// Far below what any of these files claims or unpacks to.
const PEAK_MIB_MAX: u64 = 450;

fn walk(path: &Path, format: &GridFormat, options: &GridOptions) -> Result<(), FormatError> {
    let mut grid = Grid::open(path, format, options)?;
    let rows = grid.lattice().rows;
    grid.for_each_row::<f32>(0, 0..rows, |_, _| ())
}

fn code(result: Result<(), FormatError>) -> Code {
    let error = result.unwrap_err();
    assert!(error.to_string().ends_with('.'), "{error}");
    error.code
}

fn tiff(path_name: &str, bytes: &[u8]) -> Code {
    let (_folder, path) = write(path_name, bytes);
    let code = code(walk(&path, &GridFormat::GeoTiff, &GridOptions::default()));
    assert!(peak_mib() < PEAK_MIB_MAX, "{} MiB", peak_mib());
    code
}

/// Overwrites the value of a directory entry.
fn with_tag(bytes: &[u8], tag: u16, value: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let entry = (0..count)
        .map(|index| at + 2 + index * 12)
        .find(|&entry| bytes[entry..entry + 2] == tag.to_le_bytes());
    bytes[entry.unwrap() + 8..entry.unwrap() + 12].copy_from_slice(&value.to_le_bytes());
    bytes
}

/// Which of the two depends on what is looked at first.
fn refused(code: Code) {
    assert!(matches!(code, Code::OverLimit | Code::FileDamaged), "{code}");
}

#[test]
fn a_tiff_that_promises_a_world_is_refused_before_memory_is_taken() {
    let whole = small::tiff(Tiles::Strips(6), true, small::geographic());
    refused(tiff("wide.tif", &with_tag(&whole, 256, u32::MAX)));
    refused(tiff("high.tif", &with_tag(&whole, 257, u32::MAX)));
    // 130,000 by 130,000 pixels in one strip.
    let large = with_tag(&with_tag(&with_tag(&whole, 256, 129_999), 257, 129_999), 278, 129_999);
    refused(tiff("strip.tif", &large));
    let rows = with_tag(&with_tag(&whole, 257, 100_000), 278, 1);
    assert_eq!(tiff("rows.tif", &rows), Code::FileDamaged);
    let tiles = small::tiff(Tiles::Tiles, true, small::geographic());
    // Whatever is found first, it is an error with a sentence and no memory.
    tiff("tile.tif", &with_tag(&tiles, 322, 1 << 30));
    tiff("none.tif", &with_tag(&tiles, 322, 0));
}

#[test]
fn a_tiff_that_lies_nowhere_or_askew_is_refused() {
    let of = |geo: Vec<TiffEntry>| tiff("geo.tif", &small::tiff(Tiles::Tiles, false, geo));
    assert_eq!(of(Vec::new()), Code::Schema);
    let with = |index: usize, entry: TiffEntry| {
        let mut geo = small::geographic();
        geo[index] = entry;
        of(geo)
    };
    assert_eq!(with(0, small::doubles(33550, &[f64::NAN, 1.0, 0.0])), Code::AxisIrregular);
    assert_eq!(with(0, small::doubles(33550, &[0.0, 1.0, 0.0])), Code::AxisIrregular);
    assert_eq!(with(0, small::doubles(33550, &[1e300, 1.0, 0.0])), Code::AxisIrregular);
    assert_eq!(
        with(1, small::doubles(33922, &[0.0, 0.0, 0.0, 10.0, 460.0, 0.0])),
        Code::AxisIrregular
    );
    let mut keys = small::geographic();
    keys[2].2 = [1_u16, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 9999]
        .iter()
        .flat_map(|key| key.to_le_bytes())
        .collect();
    assert_eq!(of(keys), Code::CrsUnknown);
    assert!(matches!(
        of(small::utm(1e12, 1e12, 1e9)),
        Code::CrsUnknown | Code::AxisIrregular | Code::OverLimit
    ));
}

#[test]
fn a_packed_strip_that_unpacks_to_a_gigabyte_stops_at_its_size() {
    let mut geo = small::geographic();
    geo.push(small::doubles(65000, &[0.0]));
    let bomb = small::deflate(&vec![0; 256 << 20]);
    let mut file = small::tiff(Tiles::Strips(6), true, geo);
    let at = file.len() as u32;
    file.extend(&bomb);
    let lying = with_tag(&with_tag(&file, 273, at), 279, bomb.len() as u32);
    let (_folder, path) = write("bomb.tif", &lying);
    // Its first 48 bytes are a raster; the rest is never unpacked.
    drop(walk(&path, &GridFormat::GeoTiff, &GridOptions::default()));
    assert!(peak_mib() < PEAK_MIB_MAX, "{} MiB", peak_mib());
}

#[test]
fn an_array_that_promises_a_world_is_refused_or_ends_early() {
    let of = |descr: &str, shape: &str, data: &[u8]| {
        let (_folder, path) =
            write("a.npz", &small::zip(&[("mask.npy", small::npy(descr, shape, data))]));
        code(walk(&path, &npz(), &place()))
    };
    assert_eq!(of("|u1", "4000000000, 4000000000", &[0; 9]), Code::Schema);
    assert_eq!(of("|u1", "100000, 100000", &[0; 9]), Code::FileTruncated);
    assert_eq!(of("|u1", "99999999999999999999999999, 2", &[]), Code::FileFormat);
    assert_eq!(of("|u1", "18446744073709551615, 6, 8", &[0; 9]), Code::Schema);
    assert_eq!(of("|O", "6, 8", &[0; 48]), Code::FileFormat);
    assert_eq!(of("|u1", "48,", &[0; 48]), Code::Schema);
    assert_eq!(of("|u1", "0, 0", &[]), Code::Schema);
    assert!(peak_mib() < PEAK_MIB_MAX, "{} MiB", peak_mib());
}

#[test]
fn axes_of_nothing_are_refused() {
    let of = |latitudes: [f64; 3], longitudes: [f64; 3]| {
        let mut builder = NcFileBuilder::new();
        let lat = builder.add_dimension("lat", 3).unwrap();
        let lon = builder.add_dimension("lon", 3).unwrap();
        for (name, dimension, values) in [("lat", lat, latitudes), ("lon", lon, longitudes)] {
            let axis = builder.add_variable::<f64>(name, &[dimension]).unwrap();
            builder.write_variable(axis, &values).unwrap();
        }
        let height = builder.add_variable::<f32>("height", &[lat, lon]).unwrap();
        builder.write_variable(height, &[1.0_f32; 9]).unwrap();
        let options = NcWriteOptions { format: NcWriteFormat::Classic };
        let (_folder, path) = write("a.nc", &builder.to_vec(options).unwrap().1);
        walk(&path, &netcdf(), &GridOptions::default())
    };
    let (good, nan) = ([10.0, 11.0, 12.0], f64::NAN);
    assert_eq!(of(good, good), Ok(()));
    for broken in [
        [nan, 11.0, 12.0],
        [10.0, nan, 12.0],
        [10.0, f64::INFINITY, 12.0],
        [10.0, 10.0, 10.0],
        [10.0, 11.9, 12.0],
        [89.0, 95.0, 101.0],
        [1e308, -1e308, 1e308],
    ] {
        assert_eq!(code(of(broken, good)), Code::AxisIrregular, "{broken:?}");
    }
    for broken in
        [[12.0, 11.0, 10.0], [nan, nan, nan], [0.0, 300.0, 600.0], [1e9, 1e9 + 1.0, 1e9 + 2.0]]
    {
        assert_eq!(code(of(good, broken)), Code::AxisIrregular, "{broken:?}");
    }
}

#[test]
fn what_is_not_in_a_file_is_named_with_what_is() {
    let (_folder, path) = write("a.nc", &small::netcdf(NcWriteFormat::Classic));
    let format = GridFormat::NetCdf { variable: "depth".to_owned() };
    let error = Grid::open(&path, &format, &GridOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::Schema);
    assert!(error.reason.contains("height"), "{error}");
    let missing = Path::new("no/such/file.tif");
    let error = Grid::open(missing, &GridFormat::GeoTiff, &GridOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::FileMissing);
    let folder = tempfile::tempdir().unwrap();
    assert!(table(folder.path(), &TableFormat::Json).is_err());
}

#[test]
fn gzip_and_spreadsheets_that_blow_up_are_stopped() {
    let bomb = small::gzip(&vec![b' '; 300 << 20]);
    let (_folder, path) = write("a.ndjson", &bomb);
    assert_eq!(records(&path, RecordFormat::NdJson).unwrap_err().code, Code::OverLimit);
    let (_folder, path) = write("wind01.gz", &bomb);
    assert_eq!(read_wind_roses(&path).unwrap_err().code, Code::OverLimit);
    let (_folder, path) = write("a.csv", &bomb);
    assert_eq!(
        table(&path, &TableFormat::Csv { delimiter: None }).unwrap_err().code,
        Code::OverLimit
    );
    let sheet = small::xlsx(&" ".repeat(300 << 20));
    let (_folder, path) = write("a.xlsx", &sheet);
    assert_eq!(table(&path, &TableFormat::Xlsx { sheet: None }).unwrap_err().code, Code::OverLimit);
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_takes_no_room_for_those_before_it() {
    let far = format!("{}<row r=\"1048576\"><c r=\"B1048576\"><v>1</v></c></row>", small::SHEET);
    let (_folder, path) = write("a.xlsx", &small::xlsx(&far));
    let batch = table(&path, &TableFormat::Xlsx { sheet: None }).unwrap();
    assert_eq!((batch.items.len(), batch.items[1].row), (2, 1_048_575));
    let beyond = format!("{}<row r=\"9\"><c r=\"XFD9\"><v>1</v></c></row>", small::SHEET);
    let (_folder, path) = write("a.xlsx", &small::xlsx(&beyond));
    let batch = table(&path, &TableFormat::Xlsx { sheet: None }).unwrap();
    assert_eq!(batch.bad.last().unwrap().reason_code, "row_shape");
    assert!(peak_mib() < 100, "{} MiB", peak_mib());
}

#[test]
fn json_nested_without_end_is_refused() {
    let deep = "[".repeat(1 << 20);
    for text in [
        deep.clone(),
        format!("{{\"type\":\"FeatureCollection\",\"features\":{deep}"),
        format!("{{\"a\":{}", "{\"a\":".repeat(100_000)),
    ] {
        let (_folder, path) = write("a.json", text.as_bytes());
        records(&path, RecordFormat::GeoJson).unwrap_err();
        records(&path, RecordFormat::NdJson).unwrap_err();
        table(&path, &TableFormat::Json).unwrap_err();
    }
    let mut nested = r#"{"type":"Point","coordinates":[1,1]}"#.to_owned();
    for _ in 0..20 {
        nested = format!(r#"{{"type":"GeometryCollection","geometries":[{nested}]}}"#);
    }
    let (_folder, path) = write("a.json", nested.as_bytes());
    let batch = records(&path, RecordFormat::GeoJson).unwrap();
    assert_eq!(batch.bad[0].reason_code, "geometry_broken");
}

#[test]
fn shapes_that_claim_more_than_their_record_are_bad_rows() {
    let (shp, _) = small::shapefile();
    let counts = 100 + 8 + 36;
    for (at, value) in
        [(counts, u32::MAX), (counts + 4, u32::MAX), (counts + 4, 0x0FFF_FFFF), (counts + 8, 99)]
    {
        let mut bytes = shp.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        let (_folder, path) = write("a.shp", &bytes);
        let batch = records(&path, RecordFormat::Shapefile).unwrap();
        assert_eq!((batch.items.len(), batch.bad[0].reason_code), (1, "geometry_broken"), "{at}");
    }
    let mut bytes = shp;
    bytes[104..108].copy_from_slice(&u32::MAX.to_be_bytes());
    let (_folder, path) = write("a.shp", &bytes);
    assert_eq!(records(&path, RecordFormat::Shapefile).unwrap_err().code, Code::FileTruncated);
}

#[test]
fn a_window_larger_than_memory_is_refused() {
    let (_folder, path) = write("a.png", &small::png());
    let mut grid = Grid::open(&path, &GridFormat::Png, &place()).unwrap();
    let upside_down = Bounds { west: 5.0, south: 9.0, east: 4.0, north: 8.0 };
    assert_eq!(grid.window::<f32>(0, upside_down, 0), Ok(None));
    let nan = Bounds { west: f64::NAN, ..Bounds::WORLD };
    assert_eq!(grid.window::<f32>(0, nan, 0), Ok(None));
    let all = grid.window::<f32>(0, Bounds::WORLD, usize::MAX >> 12).unwrap().unwrap();
    assert_eq!(all.values.len(), small::ROWS * small::COLUMNS);
}
