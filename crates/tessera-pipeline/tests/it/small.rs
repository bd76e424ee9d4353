//! A small world in the publishers' own formats: three degrees of the Aegean, land in the west, sea in the
//! east, one river, three places. Every rule holds in it; a test breaks what it is about.

use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing, Polyline};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tessera_pipeline::{
    sources::Sources,
    stage::{Outcome, stage},
};

/// East of this meridian is sea.
pub(crate) const COAST: f64 = 25.3;

pub(crate) const PRJ: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#;

pub(crate) const PLACES: &str = "id,latin,modern,lat,lon,province,harbour,rank,population,certainty,source,valid_from,valid_to,note\n\
    portus,Portus Parvus,Little Port,37.5,25.28,Achaia,sea,4,3000,certain,pleiades:1,-200,2000,\n\
    oppidum,Oppidum,Town,38.2,24.4,Achaia,none,5,,conjectured,pleiades:2,-100,400,\"inland, on a hill\"\n\
    vadum,Vadum,Ford,37.2,24.9,Achaia,river,5,500,hypothetical,pliny:3,,,\n";

pub(crate) struct Small {
    folder: TempDir,
}

impl Small {
    pub(crate) fn new() -> Self {
        let small = Self { folder: tempfile::tempdir().unwrap() };
        small.write_all();
        small
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn document(&self) -> PathBuf {
        self.path("sources.toml")
    }

    pub(crate) fn sources(&self) -> Sources {
        Sources::load(&self.document()).unwrap()
    }

    pub(crate) fn stage(&self) -> Outcome {
        stage(&self.sources(), self.folder.path(), &|_, _| {})
    }

    /// Replaces a piece of a text file.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} does not hold {from:?}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }

    /// Keeps the first part of a file.
    pub(crate) fn truncate(&self, name: &str, bytes: usize) {
        let whole = fs::read(self.path(name)).unwrap();
        assert!(whole.len() > bytes);
        fs::write(self.path(name), &whole[..bytes]).unwrap();
    }

    pub(crate) fn add_place(&self, row: &str) {
        let text = fs::read_to_string(self.path("places.csv")).unwrap();
        fs::write(self.path("places.csv"), format!("{text}{row}\n")).unwrap();
    }

    /// One more dataset of files that lie in the folder.
    pub(crate) fn add_dataset(&self, id: &str, reads: &str, files: &[&str]) {
        let text = fs::read_to_string(self.document()).unwrap();
        fs::write(self.document(), text + &dataset(id, reads, files)).unwrap();
    }

    fn write_all(&self) {
        fs::write(self.document(), document()).unwrap();
        fs::write(self.path("places.csv"), PLACES).unwrap();
        fs::write(self.path("legend.csv"), ",kg_zone,zoneNum\n1,Csa,12\n2,Ocean,32\n").unwrap();
        elevation(&self.path("heights.cdf"), &Axes::default(), height);
        winds(&self.path("winds.cdf"), "hour since 1980-01-14 14:00:00", 12);
        picture(&self.path("climate.png"), 720, 360, |column| if column < 411 { 12 } else { 32 });
        land(&self.path("land.shp"), vec![outer(&west_of_the_coast())]);
        rivers(&self.path("rivers.shp"), &[river("Fluvius", &RIVER)]);
        drainage(&self.path("drainage.shp"), &links());
        for name in ["land.prj", "rivers.prj", "drainage.prj"] {
            fs::write(self.path(name), PRJ).unwrap();
        }
    }
}

/// From the hills to the sea, downstream.
pub(crate) const RIVER: [(f64, f64); 3] = [(24.1, 38.3), (24.7, 37.6), (25.32, 37.15)];

/// Metres: a plain that rises to the west, a sea that deepens to the east.
pub(crate) fn height(longitude: f64, _latitude: f64) -> f32 {
    let from_coast = (COAST - longitude) * 500.0;
    (from_coast + 5.0_f64.copysign(from_coast)) as f32
}

pub(crate) fn dataset(id: &str, reads: &str, files: &[&str]) -> String {
    let files: Vec<String> = files
        .iter()
        .map(|name| format!("{{ name = \"{name}\", recipe = {{ file = \"{name}\" }} }}"))
        .collect();
    format!(
        "\n[[dataset]]\nid = \"{id}\"\ntitle = \"Small {id}\"\npublisher = \"Tests\"\nlicence = \"CC0-1.0\"\n\
         attribution = \"Nobody\"\nedition = \"1\"\n{reads}\nfile = [{}]\n",
        files.join(", ")
    )
}

fn document() -> String {
    let head = "[world]\ntitle = \"A small world\"\nepoch = 150\nbbox = [24, 36.5, 27, 39]\nresolution = 5\n";
    [
        head.to_owned(),
        dataset("heights", "layer = \"elevation\"\nformat = { kind = \"netcdf\", variable = \"ROSE\" }", &["heights.cdf"]),
        dataset("winds", "layer = \"wind\"\nformat = { kind = \"netcdf\" }\nfields = { eastward = \"UWND\", northward = \"VWND\" }", &["winds.cdf"]),
        dataset("land", "layer = \"land\"\nformat = { kind = \"shapefile\" }", &["land.shp", "land.prj"]),
        dataset(
            "rivers",
            "layer = \"rivers\"\nformat = { kind = \"shapefile\" }\nfields = { name = \"name\", rank = \"scalerank\", class = \"featurecla\" }",
            &["rivers.shp", "rivers.dbf", "rivers.prj"],
        ),
        dataset("drainage", "layer = \"drainage\"\nformat = { kind = \"shapefile\" }\nfields = { upstream_km2 = \"upArea\" }", &["drainage.shp", "drainage.dbf", "drainage.prj"]),
        dataset(
            "climate",
            "layer = \"climate\"\nformat = { kind = \"png\", georeference = { bounds = { west = -180, south = -90, east = 180, north = 90 }, registration = \"cell\", first_row = \"north\" } }\nfields = { class = \"kg_zone\", number = \"zoneNum\", sea = \"Ocean\" }",
            &["climate.png", "legend.csv"],
        ),
        dataset("places", "layer = \"places\"\nformat = { kind = \"csv\" }", &["places.csv"]),
    ]
    .concat()
}

/// The axes of a regional raster of heights.
pub(crate) struct Axes {
    pub(crate) latitudes: Vec<f64>,
    pub(crate) longitudes: Vec<f64>,
}

impl Default for Axes {
    fn default() -> Self {
        let axis = |from: f64, degrees: u32| {
            (0..=degrees * 12).map(|i| from + f64::from(i) / 12.0).collect()
        };
        Self { latitudes: axis(33.0, 9), longitudes: axis(20.0, 10) }
    }
}

pub(crate) fn elevation(path: &Path, axes: &Axes, height: impl Fn(f64, f64) -> f32) {
    let mut set = netcdf3::DataSet::new();
    set.add_fixed_dim("Y", axes.latitudes.len()).unwrap();
    set.add_fixed_dim("X", axes.longitudes.len()).unwrap();
    set.add_var_f64("Y", &["Y"]).unwrap();
    set.add_var_f64("X", &["X"]).unwrap();
    set.add_var_f32("ROSE", &["Y", "X"]).unwrap();
    set.add_var_attr_f32("ROSE", "_FillValue", vec![-1e34]).unwrap();
    let values: Vec<f32> = axes
        .latitudes
        .iter()
        .flat_map(|&y| axes.longitudes.iter().map(move |&x| (x, y)))
        .map(|(x, y)| height(x, y))
        .collect();
    drop(fs::remove_file(path));
    let mut writer = netcdf3::FileWriter::create_new(path).unwrap();
    writer.set_def(&set, netcdf3::Version::Classic, 0).unwrap();
    writer.write_var_f64("Y", &axes.latitudes).unwrap();
    writer.write_var_f64("X", &axes.longitudes).unwrap();
    writer.write_var_f32("ROSE", &values).unwrap();
    writer.close().unwrap();
}

/// A steady breeze from the north over the whole globe.
pub(crate) fn winds(path: &Path, units: &str, months: usize) {
    let latitudes: Vec<f64> = (-3..=3).map(|i| f64::from(i) * 30.0).collect();
    let longitudes: Vec<f64> = (0..12).map(|i| 20.0 + f64::from(i) * 30.0).collect();
    let mut set = netcdf3::DataSet::new();
    for (name, size) in [("TIME", months), ("Y", latitudes.len()), ("X", longitudes.len())] {
        set.add_fixed_dim(name, size).unwrap();
        set.add_var_f64(name, &[name]).unwrap();
    }
    set.add_var_attr_string("TIME", "units", units).unwrap();
    let values = months * latitudes.len() * longitudes.len();
    for name in ["UWND", "VWND"] {
        set.add_var_f32(name, &["TIME", "Y", "X"]).unwrap();
        set.add_var_attr_f32(name, "_FillValue", vec![-99.9]).unwrap();
    }
    drop(fs::remove_file(path));
    let mut writer = netcdf3::FileWriter::create_new(path).unwrap();
    writer.set_def(&set, netcdf3::Version::Classic, 0).unwrap();
    let hours: Vec<f64> = (0..months).map(|i| i as f64 * 730.5).collect();
    writer.write_var_f64("TIME", &hours).unwrap();
    writer.write_var_f64("Y", &latitudes).unwrap();
    writer.write_var_f64("X", &longitudes).unwrap();
    writer.write_var_f32("UWND", &vec![1.0; values]).unwrap();
    writer.write_var_f32("VWND", &vec![-4.0; values]).unwrap();
    writer.close().unwrap();
}

/// Rain over the whole globe, a step for each time; without units the axis has none.
pub(crate) fn rain(path: &Path, units: Option<&str>, times: &[f64]) {
    rain_in(path, units, None, times);
}

/// The same, with times in the years of a calendar.
pub(crate) fn rain_in(path: &Path, units: Option<&str>, calendar: Option<&str>, times: &[f64]) {
    let latitudes: Vec<f64> = (-3..=3).map(|i| f64::from(i) * 30.0).collect();
    let longitudes: Vec<f64> = (0..12).map(|i| f64::from(i) * 30.0).collect();
    let mut set = netcdf3::DataSet::new();
    for (name, size) in [("TIME", times.len()), ("Y", latitudes.len()), ("X", longitudes.len())] {
        set.add_fixed_dim(name, size).unwrap();
        set.add_var_f64(name, &[name]).unwrap();
    }
    for (name, says) in [("units", units), ("calendar", calendar)] {
        if let Some(says) = says {
            set.add_var_attr_string("TIME", name, says).unwrap();
        }
    }
    set.add_var_f32("RAIN", &["TIME", "Y", "X"]).unwrap();
    drop(fs::remove_file(path));
    let mut writer = netcdf3::FileWriter::create_new(path).unwrap();
    writer.set_def(&set, netcdf3::Version::Classic, 0).unwrap();
    writer.write_var_f64("TIME", times).unwrap();
    writer.write_var_f64("Y", &latitudes).unwrap();
    writer.write_var_f64("X", &longitudes).unwrap();
    let values = times.len() * latitudes.len() * longitudes.len();
    writer.write_var_f32("RAIN", &vec![40.0; values]).unwrap();
    writer.close().unwrap();
}

pub(crate) fn picture(path: &Path, width: u32, height: u32, class: impl Fn(u32) -> u8) {
    let file = fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let row: Vec<u8> = (0..width).map(class).collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&row.repeat(height as usize)).unwrap();
}

pub(crate) fn west_of_the_coast() -> Vec<(f64, f64)> {
    vec![(15.0, 30.0), (15.0, 45.0), (COAST, 45.0), (COAST, 30.0), (15.0, 30.0)]
}

/// Clockwise: land inside.
pub(crate) fn outer(corners: &[(f64, f64)]) -> PolygonRing<Point> {
    PolygonRing::Outer(corners.iter().map(|&(x, y)| Point::new(x, y)).collect())
}

pub(crate) fn land(path: &Path, rings: Vec<PolygonRing<Point>>) {
    let table = TableWriterBuilder::new().add_character_field("featurecla".try_into().unwrap(), 10);
    let mut writer = shapefile::Writer::from_path(path, table).unwrap();
    for ring in rings {
        let mut record = Record::default();
        record.insert("featurecla".to_owned(), FieldValue::Character(Some("Land".to_owned())));
        writer.write_shape_and_record(&Polygon::with_rings(vec![ring]), &record).unwrap();
    }
}

pub(crate) struct River {
    name: String,
    line: Vec<(f64, f64)>,
}

pub(crate) fn river(name: &str, line: &[(f64, f64)]) -> River {
    River { name: name.to_owned(), line: line.to_vec() }
}

pub(crate) fn rivers(path: &Path, rivers: &[River]) {
    let table = TableWriterBuilder::new()
        .add_character_field("name".try_into().unwrap(), 40)
        .add_numeric_field("scalerank".try_into().unwrap(), 19, 9)
        .add_character_field("featurecla".try_into().unwrap(), 20);
    let mut writer = shapefile::Writer::from_path(path, table).unwrap();
    for river in rivers {
        let mut record = Record::default();
        record.insert("name".to_owned(), FieldValue::Character(Some(river.name.clone())));
        record.insert("scalerank".to_owned(), FieldValue::Numeric(Some(5.0)));
        record.insert("featurecla".to_owned(), FieldValue::Character(Some("River".to_owned())));
        let line = Polyline::new(river.line.iter().map(|&(x, y)| Point::new(x, y)).collect());
        writer.write_shape_and_record(&line, &record).unwrap();
    }
}

/// A link from, a link to, what it drains.
pub(crate) type Link = ((f64, f64), (f64, f64), Option<f64>);

/// The river's links, 2,000 km² more with each of them, and two that make the network reach around it.
pub(crate) fn links() -> Vec<Link> {
    let mut links = vec![
        ((23.1, 35.6), (23.15, 35.6), Some(150.0)),
        ((27.85, 39.9), (27.9, 39.9), Some(150.0)),
    ];
    let pieces =
        RIVER.windows(2).flat_map(|pair| (0..10).map(move |step| (pair[0], pair[1], step)));
    for (step, ((x, y), (to_x, to_y), part)) in pieces.enumerate() {
        let at = |part: i32| {
            let share = f64::from(part) / 10.0;
            (x + share * (to_x - x), y + share * (to_y - y))
        };
        links.push((at(part), at(part + 1), Some(1000.0 + 2000.0 * step as f64)));
    }
    links
}

pub(crate) fn drainage(path: &Path, links: &[Link]) {
    let table = TableWriterBuilder::new().add_numeric_field("upArea".try_into().unwrap(), 19, 3);
    let mut writer = shapefile::Writer::from_path(path, table).unwrap();
    for &((x, y), (to_x, to_y), area) in links {
        let mut record = Record::default();
        record.insert("upArea".to_owned(), FieldValue::Numeric(area));
        let line = Polyline::new(vec![Point::new(x, y), Point::new(to_x, to_y)]);
        writer.write_shape_and_record(&line, &record).unwrap();
    }
}
