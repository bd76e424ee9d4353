//! Small valid files of each format, written byte by byte so that nothing about them is left to chance.
//!
//! Every raster is the same one: 8 columns from 10.5 E, 6 rows from 45.5 N, one degree apart, value
//! `10 · row + column` counted from the north-west.

use netcdf_writer::{NcAttrValue, NcFileBuilder, NcWriteFormat, NcWriteOptions};
use std::io::Write;

pub(crate) const COLUMNS: usize = 8;
pub(crate) const ROWS: usize = 6;

/// The value at a row and column counted from the north-west.
pub(crate) const fn value(row: usize, column: usize) -> u8 {
    (10 * row + column) as u8
}

pub(crate) fn values() -> Vec<u8> {
    (0..ROWS * COLUMNS).map(|index| value(index / COLUMNS, index % COLUMNS)).collect()
}

/// South first, two months, packed: stored = value · 10 + month, measured = stored · 0.1.
pub(crate) fn netcdf(format: NcWriteFormat) -> Vec<u8> {
    let mut builder = NcFileBuilder::new();
    let time = builder.add_dimension("time", 2).unwrap();
    let lat = builder.add_dimension("lat", ROWS as u64).unwrap();
    let lon = builder.add_dimension("lon", COLUMNS as u64).unwrap();
    let times = builder.add_variable::<f64>("time", &[time]).unwrap();
    for (name, says) in [("units", "months"), ("calendar", "360_day")] {
        builder.add_variable_attribute(times, name, NcAttrValue::Chars(says.into())).unwrap();
    }
    builder.write_variable(times, &[1.0, 2.0]).unwrap();
    let latitudes = builder.add_variable::<f64>("lat", &[lat]).unwrap();
    let south: Vec<f64> = (0..ROWS).map(|row| 40.5 + row as f64).collect();
    builder.write_variable(latitudes, &south).unwrap();
    let longitudes = builder.add_variable::<f64>("lon", &[lon]).unwrap();
    let east: Vec<f64> = (0..COLUMNS).map(|column| 10.5 + column as f64).collect();
    builder.write_variable(longitudes, &east).unwrap();
    let height = builder.add_variable::<i16>("height", &[time, lat, lon]).unwrap();
    builder.add_variable_attribute(height, "_FillValue", NcAttrValue::Shorts(vec![-999])).unwrap();
    builder
        .add_variable_attribute(height, "scale_factor", NcAttrValue::Doubles(vec![0.1]))
        .unwrap();
    if matches!(format, NcWriteFormat::Nc4) {
        builder.set_variable_chunking(height, [1, 2, 4]).unwrap();
        builder.set_variable_deflate(height, Some(6), false).unwrap();
    }
    let mut packed = Vec::new();
    for month in 0..2 {
        for row in (0..ROWS).rev() {
            packed.extend((0..COLUMNS).map(|column| i16::from(value(row, column)) * 10 + month));
        }
    }
    packed[0] = -999;
    builder.write_variable(height, &packed).unwrap();
    builder.to_vec(NcWriteOptions { format }).unwrap().1
}

/// A variable whose columns are latitudes: from west to east, then from south to north.
pub(crate) fn netcdf_by_longitude(units: [&str; 2]) -> Vec<u8> {
    let mut builder = NcFileBuilder::new();
    let sides = [("x", 10.5, COLUMNS), ("y", 40.5, ROWS)];
    let mut dimensions = Vec::new();
    for ((name, from, length), units) in sides.into_iter().zip(units) {
        let dimension = builder.add_dimension(name, length as u64).unwrap();
        let axis = builder.add_variable::<f64>(name, &[dimension]).unwrap();
        builder.add_variable_attribute(axis, "units", NcAttrValue::Chars(units.into())).unwrap();
        let degrees: Vec<f64> = (0..length).map(|step| from + step as f64).collect();
        builder.write_variable(axis, &degrees).unwrap();
        dimensions.push(dimension);
    }
    let height = builder.add_variable::<i16>("height", &dimensions).unwrap();
    builder.write_variable(height, &[7_i16; ROWS * COLUMNS]).unwrap();
    let format = NcWriteFormat::Classic;
    builder.to_vec(NcWriteOptions { format }).unwrap().1
}

/// How a TIFF's pixels are laid out.
#[derive(Clone, Copy)]
pub(crate) enum Tiles {
    /// Rows of one strip.
    Strips(usize),
    /// Tiles of 16 by 16.
    Tiles,
}

/// One directory entry: tag, type, values as bytes.
pub(crate) type TiffEntry = (u16, u16, Vec<u8>);

fn shorts(tag: u16, values: &[u16]) -> TiffEntry {
    (tag, 3, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

fn longs(tag: u16, values: &[u32]) -> TiffEntry {
    (tag, 4, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

pub(crate) fn doubles(tag: u16, values: &[f64]) -> TiffEntry {
    (tag, 12, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

pub(crate) fn geographic() -> Vec<TiffEntry> {
    vec![
        doubles(33550, &[1.0, 1.0, 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, 10.0, 46.0, 0.0]),
        shorts(34735, &[1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]),
    ]
}

/// Metres of UTM zone 33, EPSG:32633.
pub(crate) fn utm(x: f64, y: f64, step: f64) -> Vec<TiffEntry> {
    vec![
        doubles(33550, &[step, step, 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, x, y, 0.0]),
        shorts(34735, &[1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32633]),
    ]
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn tiff(tiles: Tiles, packed: bool, geo: Vec<TiffEntry>) -> Vec<u8> {
    let mut chunks = Vec::new();
    match tiles {
        Tiles::Strips(rows) => {
            values().chunks(rows * COLUMNS).for_each(|strip| chunks.push(strip.to_vec()));
        }
        Tiles::Tiles => {
            let mut tile = vec![0; 256];
            for row in 0..ROWS {
                for column in 0..COLUMNS {
                    tile[row * 16 + column] = value(row, column);
                }
            }
            chunks.push(tile);
        }
    }
    let mut file = b"II\x2a\0\0\0\0\0".to_vec();
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let chunk = if packed { deflate(&chunk) } else { chunk };
        offsets.push(file.len() as u32);
        lengths.push(chunk.len() as u32);
        file.extend(chunk);
    }
    let mut entries = vec![
        longs(256, &[COLUMNS as u32]),
        longs(257, &[ROWS as u32]),
        shorts(258, &[8]),
        shorts(259, &[if packed { 8 } else { 1 }]),
        shorts(262, &[1]),
        shorts(277, &[1]),
        (42113, 2, b"7\0".to_vec()),
    ];
    match tiles {
        Tiles::Strips(rows) => {
            entries.extend([
                longs(273, &offsets),
                longs(278, &[rows as u32]),
                longs(279, &lengths),
            ]);
        }
        Tiles::Tiles => {
            entries.extend([
                longs(322, &[16]),
                longs(323, &[16]),
                longs(324, &offsets),
                longs(325, &lengths),
            ]);
        }
    }
    entries.extend(geo);
    directory(file, entries)
}

fn directory(mut file: Vec<u8>, mut entries: Vec<TiffEntry>) -> Vec<u8> {
    entries.sort_by_key(|entry| entry.0);
    let mut heads = Vec::new();
    for (tag, kind, bytes) in &entries {
        let size = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][usize::from(*kind)];
        let mut at = bytes.clone();
        if bytes.len() > 4 {
            file.resize(file.len().next_multiple_of(8), 0);
            at = (file.len() as u32).to_le_bytes().to_vec();
            file.extend(bytes);
        }
        at.resize(4, 0);
        heads.extend(tag.to_le_bytes());
        heads.extend(kind.to_le_bytes());
        heads.extend(((bytes.len() / size) as u32).to_le_bytes());
        heads.extend(at);
    }
    file.resize(file.len().next_multiple_of(8), 0);
    let at = (file.len() as u32).to_le_bytes();
    file[4..8].copy_from_slice(&at);
    file.extend((entries.len() as u16).to_le_bytes());
    file.extend(heads);
    file.extend([0; 4]);
    file
}

pub(crate) fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, COLUMNS as u32, ROWS as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&values()).unwrap();
    file
}

/// A NumPy array as a file.
pub(crate) fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

pub(crate) fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn doubles_of(values: impl Iterator<Item = f64>) -> Vec<u8> {
    values.flat_map(f64::to_le_bytes).collect()
}

pub(crate) fn npz() -> Vec<u8> {
    let lat = doubles_of((0..ROWS).map(|row| 45.5 - row as f64));
    let lon = doubles_of((0..COLUMNS).map(|column| 10.5 + column as f64));
    zip(&[
        ("mask.npy", npy("|u1", "6, 8", &values())),
        ("lat.npy", npy("<f8", "6,", &lat)),
        ("lon.npy", npy("<f8", "8,", &lon)),
    ])
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Four rows of eight columns; the first cell, in the south-west, has a rose of one wind.
pub(crate) fn wind() -> Vec<u8> {
    let mut file: Vec<u8> =
        [0xFEFE_u16, 4, 8, 8, 50, 1, 1].iter().flat_map(|n| n.to_le_bytes()).collect();
    let mut storm = vec![255; 32];
    storm[0] = 5;
    file.extend(storm);
    file.extend([0, 0, 0, 0, 0, 0, 0, 34]);
    file.push(12);
    gzip(&file)
}

pub(crate) fn current() -> Vec<u8> {
    let mut file: Vec<u8> = [5_u16, 8, 20].iter().flat_map(|n| n.to_le_bytes()).collect();
    file.extend((0..40).map(|cell| if cell == 0 { 128 } else { 10 }));
    file.extend((0..40).map(|cell| if cell == 0 { 128 } else { 246 }));
    gzip(&file)
}

pub(crate) const GEOJSON: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[12.5,41.9]},"properties":{"name":"Roma","year":"-753"}},
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[12.5,41.9],[13.0,41.5]]},"properties":null},
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},"properties":{"name":"ager"}}]}"#;

pub(crate) fn ndjson() -> String {
    let line = |index: usize| {
        format!(
            "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{index},40]}},\"properties\":{{\"n\":{index}}}}}\n"
        )
    };
    (0..4).map(line).collect::<Vec<_>>().concat()
}

/// Two lines and a table of names.
pub(crate) fn shapefile() -> (Vec<u8>, Vec<u8>) {
    let mut records = Vec::new();
    for row in 0..2_u32 {
        let mut content = 3_u32.to_le_bytes().to_vec();
        content.extend(doubles_of([10.0, 40.0, 12.0, 42.0].into_iter()));
        content.extend([1_u32, 3, 0].iter().flat_map(|number| number.to_le_bytes()));
        content.extend(doubles_of([10.0, 40.0, 11.0, 41.0, 12.0, 42.0].into_iter()));
        records.extend((row + 1).to_be_bytes());
        records.extend((content.len() as u32 / 2).to_be_bytes());
        records.extend(content);
    }
    let mut shp = 9994_u32.to_be_bytes().to_vec();
    shp.extend([0; 20]);
    shp.extend(((100 + records.len()) as u32 / 2).to_be_bytes());
    shp.extend(1000_u32.to_le_bytes());
    shp.extend(3_u32.to_le_bytes());
    shp.extend([0; 64]);
    shp.extend(records);
    (shp, dbf())
}

fn dbf() -> Vec<u8> {
    let mut file = vec![3, 126, 1, 1];
    file.extend(2_u32.to_le_bytes());
    file.extend(97_u16.to_le_bytes());
    file.extend(15_u16.to_le_bytes());
    file.extend([0; 20]);
    for (name, kind, width) in [("NAME", b'C', 8), ("KM", b'N', 6)] {
        let mut field = [0_u8; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        field[11] = kind;
        field[16] = width;
        file.extend(field);
    }
    file.push(0x0d);
    file.extend(b" Appia      195");
    file.extend(b" Flaminia  1e2x");
    file.push(0x1a);
    file
}

pub(crate) const CSV: &str = "id,name,lat,lon\n1,Roma,41.9,12.5\n2,\"Ostia, port\",41.75,12.3\n3,nowhere,0,0\n4,odd,7.867799.,9\n";

pub(crate) const JSON: &str =
    r#"[{"name":"Roma","lat":41.9,"lon":12.5},{"name":"Ostia","lat":41.75,"lon":12.3}]"#;

pub(crate) fn xlsx(rows: &str) -> Vec<u8> {
    let text = |text: &str| text.as_bytes().to_vec();
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    zip(&[
        (
            "[Content_Types].xml",
            text(&format!(
                r#"{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#
            )),
        ),
        (
            "_rels/.rels",
            text(&format!(
                r#"{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            )),
        ),
        (
            "xl/workbook.xml",
            text(&format!(
                r#"{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="ports" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            )),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            text(&format!(
                r#"{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            )),
        ),
        (
            "xl/worksheets/sheet1.xml",
            text(&format!(
                r#"{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            )),
        ),
    ])
}

pub(crate) const SHEET: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>NAME</t></is></c><c r="B1" t="inlineStr"><is><t>LAT</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Ostia</t></is></c><c r="B2"><v>41.75</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Portus</t></is></c><c r="B3" t="e"><v>#REF!</v></c></row>"#;
