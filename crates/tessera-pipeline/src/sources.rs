//! `sources.toml`: the world to build and the datasets it is built from.
//!
//! Read once at the door: after [`Sources::load`] every fetched file has a checksum, every layer one base
//! unless its datasets add up, and every dataset the format and the fields its layer needs.

mod layer;

use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use tessera_grid::{BBox, BBoxError, Resolution};
use tessera_stage::scan::KM_PER_DEGREE;

pub(crate) use layer::sea_number;
pub use layer::{Format, Layer, Use};

/// The scan walks parallels of latitude and cannot walk around a pole; no source has a fact there.
const LATITUDE_MAX: f64 = 85.0;
/// Zones of a world at most. The default box has 10 million at resolution 7, which take some gigabytes to stage.
const ZONES_MAX: f64 = 20_000_000.0;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    pub world: World,
    pub dataset: Vec<Dataset>,
    /// Where the document lies; files written as `{ file = … }` lie beside it.
    #[serde(skip)]
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub title: String,
    /// The year that is played by default, astronomical.
    pub epoch: i32,
    /// The years it is made for; the standard ones where the document names none.
    #[serde(default)]
    pub epochs: Vec<i32>,
    pub bbox: BBox,
    pub resolution: Resolution,
    /// Licences that are not free and are accepted, word for word as their datasets have them.
    #[serde(default)]
    pub accept_licences: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    pub id: String,
    pub title: String,
    pub publisher: String,
    #[serde(default)]
    pub licence: String,
    pub attribution: String,
    pub edition: String,
    /// Where a person finds it.
    #[serde(default)]
    pub url: String,
    pub layer: Layer,
    #[serde(default, rename = "use")]
    pub usage: Use,
    pub format: Format,
    /// Which column or property plays which role.
    #[serde(default, deserialize_with = "flat")]
    pub fields: BTreeMap<String, String>,
    /// The first file is the one that is opened.
    pub file: Vec<SourceFile>,
}

/// `keep = { cargo = "Cargo_1" }` is the same as `"keep.cargo" = "Cargo_1"`.
fn flat<'de, D: serde::Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let mut flat = BTreeMap::new();
    for (role, value) in toml::Table::deserialize(from)? {
        match value {
            toml::Value::String(column) => _ = flat.insert(role, column),
            toml::Value::Table(inner) => {
                for (name, value) in inner {
                    let column = value.as_str().ok_or_else(|| {
                        serde::de::Error::custom(format!("fields.{role}.{name} is no text"))
                    })?;
                    flat.insert(format!("{role}.{name}"), column.to_owned());
                }
            }
            other => {
                return Err(serde::de::Error::custom(format!(
                    "fields.{role} is {other}; write the name of a column, or \"=…\" for one value"
                )));
            }
        }
    }
    Ok(flat)
}

/// One file as the publisher ships it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Name in the folder the sources are fetched into.
    pub name: String,
    pub recipe: Recipe,
    /// Lower-case hexadecimal; a file beside the document may leave it out.
    pub sha256: Option<String>,
}

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Recipe {
    /// A member of a Debian package.
    Deb { deb: String, version: String, member: String },
    /// A member of a wheel on the Python package index.
    Pypi { pypi: String, version: String, member: String },
    /// A file of a public repository, at a commit.
    Github { github: String, commit: String, path: String },
    /// A file beside the document.
    File { file: String },
}

#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    #[error("reading {path}: {cause}")]
    Read { path: PathBuf, cause: std::io::Error },
    #[error("{path} is not a sources document: {cause}")]
    Parse { path: PathBuf, cause: Box<toml::de::Error> },
    #[error("the world's bbox: {0}")]
    BBox(#[from] BBoxError),
    #[error("the world's bbox reaches {0} degrees; this release works between 85 S and 85 N")]
    Pole(f64),
    #[error("dataset {0:?} stands twice in the document; give each its own id")]
    DatasetTwice(String),
    #[error("dataset {dataset:?}: {reason}")]
    Dataset { dataset: String, reason: String },
    #[error(
        "datasets {0:?} and {1:?} are both the base of the layer {2}; write use = \"check\" for one"
    )]
    BaseTwice(String, String, Layer),
    #[error(
        "the world's box holds about {zones:.0} zones of resolution {resolution}, and a world has at most \
         {ZONES_MAX:.0}; take a smaller box or a coarser resolution"
    )]
    Zones { zones: f64, resolution: u8 },
    #[error("the epochs must ascend and hold the epoch {0}")]
    Epochs(i32),
    #[error("the url of dataset {0:?} is no https address")]
    Url(String),
}

impl Sources {
    pub fn load(path: &Path) -> Result<Self, SourcesError> {
        let text = fs::read_to_string(path)
            .map_err(|cause| SourcesError::Read { path: path.to_owned(), cause })?;
        let mut sources: Self = toml::from_str(&text).map_err(|cause| SourcesError::Parse {
            path: path.to_owned(),
            cause: Box::new(cause),
        })?;
        path.parent().unwrap_or(Path::new(".")).clone_into(&mut sources.folder);
        sources.check()?;
        Ok(sources)
    }

    fn check(&self) -> Result<(), SourcesError> {
        let bbox = self.world.bbox;
        for latitude in [bbox.south(), bbox.north()] {
            if latitude.abs() > LATITUDE_MAX {
                return Err(SourcesError::Pole(latitude));
            }
        }
        let zones = self.world.zones_about();
        if zones > ZONES_MAX {
            let resolution = self.world.resolution.into();
            return Err(SourcesError::Zones { zones, resolution });
        }
        let mut ids = BTreeSet::new();
        for dataset in &self.dataset {
            if !ids.insert(&dataset.id) {
                return Err(SourcesError::DatasetTwice(dataset.id.clone()));
            }
            dataset.check()?;
        }
        let epochs = self.world.epochs();
        if !epochs.is_sorted_by(|a, b| a < b) || !epochs.contains(&self.world.epoch) {
            return Err(SourcesError::Epochs(self.world.epoch));
        }
        let bases = self.dataset.iter().filter(|dataset| dataset.usage == Use::Base);
        let mut first: BTreeMap<Layer, &Dataset> = BTreeMap::new();
        for dataset in bases.filter(|dataset| !dataset.layer.adds_up()) {
            if let Some(other) = first.insert(dataset.layer, dataset) {
                let (one, two) = (other.id.clone(), dataset.id.clone());
                return Err(SourcesError::BaseTwice(one, two, dataset.layer));
            }
        }
        Ok(())
    }
}

impl World {
    /// About how many zones its box holds: its area in hexagons.
    fn zones_about(&self) -> f64 {
        let (bbox, spacing) = (self.bbox, self.resolution.spacing_km());
        let sines = bbox.north().to_radians().sin() - bbox.south().to_radians().sin();
        let area = KM_PER_DEGREE.powi(2) * (bbox.east() - bbox.west()) * sines.to_degrees();
        area / (spacing.powi(2) * 3_f64.sqrt() / 2.0)
    }

    /// The years the world is made for, ascending.
    pub fn epochs(&self) -> Vec<i32> {
        if !self.epochs.is_empty() {
            return self.epochs.clone();
        }
        let mut epochs = tessera_world::STANDARD_EPOCHS.to_vec();
        epochs.push(self.epoch);
        epochs.sort_unstable();
        epochs.dedup();
        epochs
    }
}

impl Dataset {
    fn check(&self) -> Result<(), SourcesError> {
        let refuse =
            |reason: String| Err(SourcesError::Dataset { dataset: self.id.clone(), reason });
        if self.id.is_empty()
            || !self.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return refuse("an id is lower-case letters, digits and hyphens".to_owned());
        }
        if self.file.is_empty() {
            return refuse("it lists no file".to_owned());
        }
        if !self.url.is_empty() && !self.url.starts_with("https://") {
            return Err(SourcesError::Url(self.id.clone()));
        }
        if let Some(reason) = self.layer.refuses(self.usage, &self.format, &self.fields) {
            return refuse(reason);
        }
        for file in &self.file {
            if file.name.is_empty() || file.name.contains(['/', '\\']) || file.name.starts_with('.')
            {
                return refuse(format!("{:?} is not a plain file name", file.name));
            }
            match (&file.sha256, &file.recipe) {
                (Some(sum), _) if !is_sha256(sum) => {
                    return refuse(format!(
                        "the sha256 of {:?} is not 64 hexadecimal digits",
                        file.name
                    ));
                }
                (None, Recipe::Deb { .. } | Recipe::Pypi { .. } | Recipe::Github { .. }) => {
                    return refuse(format!("{:?} is fetched and needs its sha256", file.name));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where a file of the dataset lies once fetched: beside the document, or in `into`.
    pub fn path(&self, file: &SourceFile, folder: &Path, into: &Path) -> PathBuf {
        match &file.recipe {
            Recipe::File { file } => folder.join(file),
            Recipe::Deb { .. } | Recipe::Pypi { .. } | Recipe::Github { .. } => {
                into.join(&self.id).join(&file.name)
            }
        }
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tessera_grid::zones_in;

    const WORLD: &str = r#"
[world]
title = "A world"
epoch = 150
bbox = [10, 40, 12, 42]
resolution = 5
"#;

    fn load(text: &str) -> Result<Sources, SourcesError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sources.toml");
        fs::write(&path, text).unwrap();
        Sources::load(&path)
    }

    fn dataset(id: &str, file: &str) -> String {
        format!(
            "[[dataset]]\nid = {id:?}\ntitle = \"T\"\npublisher = \"P\"\nlicence = \"CC0-1.0\"\n\
             attribution = \"A\"\nedition = \"1\"\nlayer = \"places\"\nformat = {{ kind = \"csv\" }}\nfile = [{file}]\n"
        )
    }

    #[test]
    fn the_default_world_s_document_is_complete() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/default/sources.toml");
        let sources = Sources::load(&path).unwrap();
        assert_eq!(sources.world.bbox, BBox::new(-12.0, 4.0, 82.0, 60.0).unwrap());
        assert_eq!(sources.world.resolution, Resolution::FIVE);
        assert!(sources.dataset.iter().all(|dataset| !dataset.licence.is_empty()));
    }

    #[test]
    fn a_key_nobody_knows_is_refused() {
        let refusal = load(&format!("{WORLD}colour = \"red\"\n")).unwrap_err();
        assert!(refusal.to_string().contains("is not a sources document"), "{refusal}");
    }

    #[test]
    fn a_fetched_file_without_a_checksum_is_refused() {
        let file =
            "{ name = \"a.cdf\", recipe = { deb = \"p\", version = \"1\", member = \"m\" } }";
        let refusal = load(&format!("{WORLD}{}", dataset("a", file))).unwrap_err();
        assert_eq!(refusal.to_string(), "dataset \"a\": \"a.cdf\" is fetched and needs its sha256");
    }

    #[test]
    fn a_file_name_that_leaves_the_folder_is_refused() {
        let file = "{ name = \"../a.csv\", recipe = { file = \"a.csv\" } }";
        let refusal = load(&format!("{WORLD}{}", dataset("a", file))).unwrap_err();
        assert_eq!(refusal.to_string(), "dataset \"a\": \"../a.csv\" is not a plain file name");
    }

    #[test]
    fn two_datasets_of_one_id_are_refused() {
        let one = dataset("a", "{ name = \"a.csv\", recipe = { file = \"a.csv\" } }");
        let refusal = load(&format!("{WORLD}{one}{one}")).unwrap_err();
        assert!(matches!(refusal, SourcesError::DatasetTwice(id) if id == "a"));
    }

    #[test]
    fn a_world_at_the_pole_is_refused() {
        let refusal = load(&format!("{}dataset = []\n", "dataset = []\n[world]\ntitle = \"N\"\nepoch = 1\nbbox = [0, 80, 10, 90]\nresolution = 3\n#")).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the world's bbox reaches 90 degrees; this release works between 85 S and 85 N"
        );
    }

    #[test]
    fn a_field_or_a_format_that_a_layer_does_not_take_is_refused_with_what_to_write() {
        let file = "{ name = \"a.csv\", recipe = { file = \"a.csv\" } }";
        let refusal = |from: &str, to: &str| {
            let text = dataset("a", file).replace(from, to);
            load(&format!("{WORLD}{text}")).unwrap_err().to_string()
        };
        let places = "layer = \"places\"\nformat = { kind = \"csv\" }";
        assert_eq!(
            refusal(places, &format!("{places}\nfields = {{ colour = \"red\" }}")),
            "dataset \"a\": fields has \"colour\", and the layer places takes no fields; leave it out"
        );
        assert_eq!(
            refusal(places, "layer = \"elevation\"\nformat = { kind = \"netcdf\" }"),
            "dataset \"a\": format needs variable = \"…\": the netCDF variable to read"
        );
        assert_eq!(
            refusal(places, "layer = \"elevation\"\nformat = { kind = \"csv\" }"),
            "dataset \"a\": the layer elevation is not read from a table (csv, xlsx, json)"
        );
        assert!(
            refusal(places, "layer = \"places\"\nformat = { kind = \"doc\" }")
                .contains("format kind \"doc\" is none; write netcdf")
        );
        assert!(refusal(places, "adapter = { kind = \"place_csv\" }").contains("adapter"));
    }

    #[test]
    fn a_layer_has_one_base_and_any_number_of_checks() {
        let one = |id: &str, usage: &str| {
            dataset(id, "{ name = \"a.tif\", recipe = { file = \"a.tif\" } }").replace(
                "layer = \"places\"\nformat = { kind = \"csv\" }",
                &format!("layer = \"elevation\"\n{usage}format = {{ kind = \"geotiff\" }}"),
            )
        };
        let check = "use = \"check\"\n";
        assert!(
            load(&format!("{WORLD}{}{}{}", one("a", ""), one("b", check), one("c", check))).is_ok()
        );
        let refusal = load(&format!("{WORLD}{}{}", one("a", ""), one("b", ""))).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "datasets \"a\" and \"b\" are both the base of the layer elevation; write use = \"check\" for one"
        );
    }

    #[test]
    fn polygons_that_would_only_question_the_land_are_refused() {
        let coast = dataset("coast", "{ name = \"a.shp\", recipe = { file = \"a.shp\" } }")
            .replace(
                "layer = \"places\"\nformat = { kind = \"csv\" }",
                "layer = \"land\"\nuse = \"check\"\nformat = { kind = \"shapefile\" }",
            );
        assert_eq!(
            load(&format!("{WORLD}{coast}")).unwrap_err().to_string(),
            "dataset \"coast\": only a raster questions the land; polygons are its base, without \
             use = \"check\""
        );
    }

    #[test]
    fn a_literal_that_cannot_be_read_is_refused_at_the_door() {
        let towns = dataset("towns", "{ name = \"a.csv\", recipe = { file = \"a.csv\" } }").replace(
            "layer = \"places\"\nformat = { kind = \"csv\" }",
            "layer = \"settlements\"\nformat = { kind = \"csv\" }\nfields = { from = \"=c. 100\" }",
        );
        assert_eq!(
            load(&format!("{WORLD}{towns}")).unwrap_err().to_string(),
            "dataset \"towns\": fields.from is \"=c. 100\"; it must be a whole year, as \"=-311\""
        );
    }

    #[test]
    fn a_world_of_more_zones_than_fit_is_refused_before_they_are_counted() {
        let of = |resolution: u8| {
            let world = WORLD
                .replace("[10, 40, 12, 42]", "[-12, 4, 82, 60]")
                .replace("resolution = 5", &format!("resolution = {resolution}"));
            load(&format!("dataset = []\n{world}"))
        };
        assert!(of(7).is_ok());
        let refusal = of(9).unwrap_err();
        let SourcesError::Zones { zones, resolution: 9 } = refusal else { panic!("{refusal}") };
        // H3's mean zone of this resolution has 0.105 km2.
        let box_km2 = 2.0
            * std::f64::consts::PI
            * 6371.0_f64.powi(2)
            * (94.0 / 360.0)
            * (60_f64.to_radians().sin() - 4_f64.to_radians().sin());
        assert!((zones / (box_km2 / 0.105_333) - 1.0).abs() < 0.05, "{zones}");
        let exact = zones_in(BBox::new(10.0, 40.0, 12.0, 42.0).unwrap(), Resolution::FIVE).len();
        let small = load(&format!("dataset = []\n{WORLD}")).unwrap().world.zones_about();
        assert!((small / exact as f64 - 1.0).abs() < 0.2, "{small} for {exact}");
    }

    #[test]
    fn a_mask_of_the_land_says_which_number_is_sea() {
        let refusal = |usage: &str, fields: &str| {
            let mask = dataset("mask", "{ name = \"a.tif\", recipe = { file = \"a.tif\" } }")
                .replace(
                    "layer = \"places\"\nformat = { kind = \"csv\" }",
                    &format!(
                        "layer = \"land\"\n{usage}format = {{ kind = \"geotiff\" }}\n{fields}"
                    ),
                );
            load(&format!("{WORLD}{mask}")).map(drop).map_err(|refusal| refusal.to_string())
        };
        let check = "use = \"check\"\n";
        let sea = |said: &str| {
            Err(format!(
                "dataset \"mask\": fields.sea is {said:?}; it must be the number that is sea in the \
                 raster, as \"=1\""
            ))
        };
        assert_eq!(refusal(check, "fields = { sea = \"=1\" }"), Ok(()));
        assert_eq!(refusal(check, "fields = { sea = \"ocean\" }"), sea("ocean"));
        assert_eq!(refusal(check, ""), sea(""));
        assert_eq!(
            refusal(check, "fields = { sea = \"=1\", land = \"=0\" }"),
            Err("dataset \"mask\": fields has \"land\"; write one of sea".to_owned())
        );
        assert_eq!(
            refusal("", "fields = { sea = \"=1\" }"),
            Err("dataset \"mask\": a raster only questions the land, with use = \"check\"; its base \
                 are polygons"
                .to_owned())
        );
    }
}
