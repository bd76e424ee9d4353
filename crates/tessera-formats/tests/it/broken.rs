//! Broken files, made of the small whole ones by rule: cut, flipped, lying, swapped. Whatever is read, nothing
//! panics, nothing runs away, and what is wrong is said in a sentence.

use crate::memory::peak_mib;
use crate::small::{self, Tiles};
use crate::whole::{netcdf, npz, place, write};
use netcdf_writer::NcWriteFormat;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tessera_formats::{
    Bounds, FormatError, Grid, GridFormat, GridOptions, RecordFormat, TableFormat, read_currents,
    read_wind_roses, records, table,
};

/// What no broken file may make this process need, the test's own corpus included.
const PEAK_MIB_MAX: u64 = 700;
/// What no broken file may take.
const EACH_MAX: Duration = Duration::from_secs(20);

/// Bad rows, or why the file is broken.
type Read = fn(&Path) -> Result<usize, FormatError>;

fn grid(path: &Path, format: &GridFormat, options: &GridOptions) -> Result<usize, FormatError> {
    let mut grid = Grid::open(path, format, options)?;
    let (rows, columns) = (grid.lattice().rows, grid.lattice().columns);
    let mut line = vec![0.0_f32; columns];
    for row in 0..rows.min(50) {
        grid.rows::<f32>(0, row..row + 1, &mut line)?;
    }
    grid.for_each_row::<f32>(grid.bands() - 1, 0..rows.min(2_000), |_, _| ())?;
    let bounds = Bounds { west: 11.0, south: 41.0, east: 13.0, north: 43.0 };
    grid.window::<f32>(0, bounds, 1).map(|_| 0)
}

/// A whole file of each format and how it is read.
fn corpus() -> Vec<(&'static str, Vec<u8>, Read)> {
    let strips = small::tiff(Tiles::Strips(2), true, small::geographic());
    let tiles = small::tiff(Tiles::Tiles, false, small::geographic());
    let utm = small::tiff(Tiles::Tiles, true, small::utm(500_000.0, 4_700_000.0, 10_000.0));
    let read_tiff: Read = |path| grid(path, &GridFormat::GeoTiff, &GridOptions::default());
    let read_netcdf: Read = |path| grid(path, &netcdf(), &GridOptions::default());
    let read_npz: Read = |path| grid(path, &npz(), &GridOptions::default());
    let read_csv: Read =
        |path| table(path, &TableFormat::Csv { delimiter: None }).map(|all| all.bad.len());
    let read_xlsx: Read =
        |path| table(path, &TableFormat::Xlsx { sheet: None }).map(|all| all.bad.len());
    vec![
        ("strips.tif", strips, read_tiff),
        ("tiles.tif", tiles, read_tiff),
        ("utm.tif", utm, read_tiff),
        ("classic.nc", small::netcdf(NcWriteFormat::Classic), read_netcdf),
        ("four.nc", small::netcdf(NcWriteFormat::Nc4), read_netcdf),
        ("picture.png", small::png(), |path| grid(path, &GridFormat::Png, &place())),
        ("mask.npz", small::npz(), read_npz),
        ("wind.gz", small::wind(), |path| read_wind_roses(path).map(|_| 0)),
        ("current.gz", small::current(), |path| read_currents(path).map(|_| 0)),
        ("a.geojson", small::GEOJSON.as_bytes().to_vec(), |path| {
            records(path, RecordFormat::GeoJson).map(|all| all.bad.len())
        }),
        ("a.ndjson.gz", small::gzip(small::ndjson().as_bytes()), |path| {
            records(path, RecordFormat::NdJson).map(|all| all.bad.len())
        }),
        ("a.shp", small::shapefile().0, |path| {
            records(path, RecordFormat::Shapefile).map(|all| all.bad.len())
        }),
        ("a.csv", small::CSV.as_bytes().to_vec(), read_csv),
        ("a.json", small::JSON.as_bytes().to_vec(), |path| {
            table(path, &TableFormat::Json).map(|all| all.bad.len())
        }),
        ("a.xlsx", small::xlsx(small::SHEET), read_xlsx),
    ]
}

/// Everything that is done to a file: name of the deed, bytes, and whether the file is surely broken by it.
fn deeds(whole: &[u8]) -> Vec<(String, Vec<u8>, bool)> {
    let length = whole.len();
    let mut all = Vec::new();
    for part in 0..16 {
        let end = length * part / 16;
        all.push((format!("cut at {end}"), whole[..end].to_vec(), false));
    }
    for at in 0..length.min(64) {
        for byte in [whole[at] ^ 0x80, 0xFF] {
            let mut bytes = whole.to_vec();
            bytes[at] = byte;
            all.push((format!("byte {at} is {byte}"), bytes, false));
        }
    }
    for index in 0..40 {
        let at = index * length / 40;
        let mut bytes = whole.to_vec();
        bytes[at] ^= 1 << (index % 8);
        all.push((format!("bit {} of byte {at} flipped", index % 8), bytes, false));
    }
    for index in 0..40 {
        let at = index * length.saturating_sub(8) / 40;
        for fill in [0x00, 0x7F, 0xFF] {
            let mut bytes = whole.to_vec();
            bytes.iter_mut().skip(at).take(8).for_each(|byte| *byte = fill);
            all.push((format!("8 bytes of {fill:#x} at {at}"), bytes, false));
        }
    }
    all.push((
        "another's magic".to_owned(),
        [b"%PDF-1.7\n", &whole[9.min(length)..]].concat(),
        true,
    ));
    all.push(("nothing".to_owned(), Vec::new(), true));
    all.push(("zeros".to_owned(), vec![0; length], true));
    all.push(("noise".to_owned(), (0..length).map(|at| (at * 7919 % 251) as u8).collect(), true));
    all
}

/// What came of it: `true` where something was found wrong.
fn read(name: &str, deed: &str, path: PathBuf, read: Read) -> bool {
    let begun = Instant::now();
    let outcome = catch_unwind(move || read(&path));
    assert!(begun.elapsed() < EACH_MAX, "{name}, {deed}: took {:?}", begun.elapsed());
    match outcome {
        Err(panic) => panic!("{name}, {deed}: panicked: {:?}", panic.downcast_ref::<String>()),
        Ok(Ok(bad)) => bad > 0,
        Ok(Err(error)) => {
            let sentence = error.to_string();
            assert!(sentence.starts_with(name) && sentence.ends_with('.'), "{sentence}");
            assert!(error.reason.len() > 8, "{sentence}");
            true
        }
    }
}

#[test]
fn thousands_of_broken_files_are_said_to_be_broken_and_do_no_harm() {
    let (mut made, mut told) = (0, 0);
    for (name, whole, how) in corpus() {
        let mut told_of_this = 0;
        for (deed, bytes, surely) in deeds(&whole) {
            let (_folder, path) = write(name, &bytes);
            let wrong = read(name, &deed, path, how);
            assert!(wrong || !surely, "{name}, {deed}: nothing was found wrong");
            made += 1;
            told_of_this += usize::from(wrong);
        }
        assert!(told_of_this >= 15, "{name}: only {told_of_this} were told");
        told += told_of_this;
    }
    println!("{made} files, {told} told, peak {} MiB", peak_mib());
    assert!(made >= 200 && told >= 200, "{told} of {made}");
    assert!(peak_mib() < PEAK_MIB_MAX, "{} MiB", peak_mib());
}

#[test]
fn a_file_cut_anywhere_in_its_head_is_refused() {
    for (name, whole, how) in corpus() {
        for end in 0..whole.len().min(40) {
            let (_folder, path) = write(name, &whole[..end]);
            let wrong = read(name, "cut", path, how);
            assert!(wrong || name == "a.csv", "{name} cut at {end}");
        }
    }
}
