//! What a dataset is for, what its file is, and which of its columns mean what.

use serde::Deserialize;
use std::{collections::BTreeMap, fmt};
use tessera_formats::{GridFormat, GridOptions, RecordFormat, TableFormat};
use tessera_stage::layers::features::Fields;

/// The layer a dataset is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    Elevation,
    Land,
    OpenWater,
    Rivers,
    Drainage,
    Lakes,
    Climate,
    LandCover,
    Rain,
    Temperature,
    Wind,
    WindRoses,
    Currents,
    Crust,
    Orogens,
    Places,
    Cities,
    Settlements,
    Ports,
    Roads,
    Mines,
    Monuments,
    Shipwrecks,
    Provinces,
    Canals,
    Aqueducts,
    PlateBoundaries,
}

/// Whether a dataset's facts enter the world, or only question those of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    #[default]
    Base,
    Check,
}

/// What reads the first file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "toml::Table")]
pub enum Format {
    Grid(GridFormat, GridOptions),
    Records(RecordFormat),
    Table(TableFormat),
    /// The monthly files of OpenCPN, January first, each a file of the dataset.
    Climatology,
}

/// What a layer may be told beyond its format.
struct Needs {
    layer: Layer,
    formats: &'static [Kind],
    /// Roles that the document must give.
    must: &'static [&'static str],
    /// Roles that it may give; those of features have their own list.
    may: &'static [&'static str],
    check: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Grid,
    Records,
    Table,
    Climatology,
}

const FEATURE_FORMATS: &[Kind] = &[Kind::Records, Kind::Table];
/// Roles that features know; `keep.NAME` copies a column as it stands.
const FEATURE_ROLES: &[&str] = &[
    "accuracy",
    "area",
    "built",
    "capacity",
    "cargo",
    "certain",
    "class",
    "created",
    "doubt",
    "from",
    "id",
    "kind",
    "last",
    "latin",
    "latitude",
    "longitude",
    "modern",
    "name",
    "names",
    "greek",
    "namespace",
    "parts",
    "period",
    "pleiades",
    "population",
    "position_doubt",
    "date_doubt",
    "last_use",
    "status",
    "year",
    "precision",
    "rank",
    "same",
    "same_namespace",
    "title",
    "to",
    "type",
    "wkt",
];

const fn features(layer: Layer) -> Needs {
    Needs { layer, formats: FEATURE_FORMATS, must: &[], may: FEATURE_ROLES, check: false }
}

const fn grid(layer: Layer, must: &'static [&'static str], check: bool) -> Needs {
    Needs { layer, formats: &[Kind::Grid], must, may: &[], check }
}

const NEEDS: [Needs; 27] = [
    grid(Layer::Elevation, &[], true),
    Needs {
        layer: Layer::Land,
        formats: &[Kind::Records, Kind::Grid],
        must: &[],
        may: &["sea"],
        check: true,
    },
    features(Layer::OpenWater),
    Needs {
        layer: Layer::Rivers,
        formats: &[Kind::Records],
        must: &[],
        may: &["name", "rank", "class", "latin", "modern"],
        check: false,
    },
    Needs {
        layer: Layer::Drainage,
        formats: &[Kind::Records],
        must: &["upstream_km2"],
        may: &[],
        check: false,
    },
    features(Layer::Lakes),
    Needs {
        layer: Layer::Climate,
        formats: &[Kind::Grid],
        must: &["class", "number", "sea"],
        may: &[],
        check: false,
    },
    grid(Layer::LandCover, &[], false),
    grid(Layer::Rain, &[], false),
    grid(Layer::Temperature, &[], false),
    grid(Layer::Wind, &["eastward", "northward"], false),
    Needs {
        layer: Layer::WindRoses,
        formats: &[Kind::Climatology],
        must: &[],
        may: &[],
        check: false,
    },
    Needs {
        layer: Layer::Currents,
        formats: &[Kind::Climatology],
        must: &[],
        may: &[],
        check: false,
    },
    grid(Layer::Crust, &["class", "number"], false),
    Needs {
        layer: Layer::Orogens,
        formats: &[Kind::Records],
        must: &["name"],
        may: &[],
        check: false,
    },
    Needs { layer: Layer::Places, formats: &[Kind::Table], must: &[], may: &[], check: false },
    features(Layer::Cities),
    features(Layer::Settlements),
    features(Layer::Ports),
    features(Layer::Roads),
    features(Layer::Mines),
    features(Layer::Monuments),
    features(Layer::Shipwrecks),
    features(Layer::Provinces),
    features(Layer::Canals),
    features(Layer::Aqueducts),
    Needs {
        layer: Layer::PlateBoundaries,
        formats: &[Kind::Records],
        must: &["name"],
        may: FEATURE_ROLES,
        check: false,
    },
];

impl Layer {
    /// What a whole world is made of; a world without one of them says so.
    pub const WHOLE: [Self; 6] =
        [Self::Elevation, Self::Wind, Self::Land, Self::Rivers, Self::Climate, Self::Places];

    /// As the document writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Elevation => "elevation",
            Self::Land => "land",
            Self::OpenWater => "open_water",
            Self::Rivers => "rivers",
            Self::Drainage => "drainage",
            Self::Lakes => "lakes",
            Self::Climate => "climate",
            Self::LandCover => "land_cover",
            Self::Rain => "rain",
            Self::Temperature => "temperature",
            Self::Wind => "wind",
            Self::WindRoses => "wind_roses",
            Self::Currents => "currents",
            Self::Crust => "crust",
            Self::Orogens => "orogens",
            Self::Places => "places",
            Self::Cities => "cities",
            Self::Settlements => "settlements",
            Self::Ports => "ports",
            Self::Roads => "roads",
            Self::Mines => "mines",
            Self::Monuments => "monuments",
            Self::Shipwrecks => "shipwrecks",
            Self::Provinces => "provinces",
            Self::Canals => "canals",
            Self::Aqueducts => "aqueducts",
            Self::PlateBoundaries => "plate_boundaries",
        }
    }

    /// Whether several datasets may be the base: they add to each other, as rivers and an atlas that names them.
    pub const fn adds_up(self) -> bool {
        !matches!(
            self,
            Self::Elevation
                | Self::Land
                | Self::Drainage
                | Self::Climate
                | Self::LandCover
                | Self::Rain
                | Self::Temperature
                | Self::WindRoses
                | Self::Currents
                | Self::Crust
                | Self::Places
        )
    }

    /// Why a dataset cannot be read for this layer, with what to write instead.
    pub(super) fn refuses(
        self,
        usage: Use,
        format: &Format,
        fields: &BTreeMap<String, String>,
    ) -> Option<String> {
        let needs = NEEDS.iter().find(|needs| needs.layer == self)?;
        if !needs.formats.contains(&format.kind()) {
            return Some(format!("the layer {self} is not read from {format}"));
        }
        if usage == Use::Check && !needs.check {
            return Some(format!(
                "the layer {self} has no check; write use = \"check\" for elevation or land only"
            ));
        }
        if self == Self::Land
            && let Some(reason) = refused_land(usage, format, fields.get("sea").map(String::as_str))
        {
            return Some(reason);
        }
        if let Some(role) = needs.must.iter().find(|role| !fields.contains_key(**role)) {
            return Some(format!("fields needs {role:?}: the column or property that says it"));
        }
        if matches!(format, Format::Grid(GridFormat::NetCdf { variable }, _) if variable.is_empty())
            && self != Self::Wind
        {
            return Some("format needs variable = \"…\": the netCDF variable to read".to_owned());
        }
        let line = ["name", "rank", "class"];
        if self == Self::Rivers
            && !fields.contains_key("latin")
            && let Some(role) = line.iter().find(|role| !fields.contains_key(**role))
        {
            return Some(format!(
                "fields needs {role:?}; of an atlas that only names rivers, \"latin\""
            ));
        }
        let roles: Fields = fields.iter().map(|(role, it)| (role.clone(), it.clone())).collect();
        if let Some((role, wanted)) = roles.unreadable() {
            return Some(format!("fields.{role} is {:?}; it must be {wanted}", fields[role]));
        }
        let known = |role: &str| {
            needs.must.contains(&role)
                || needs.may.contains(&role)
                || (needs.may == FEATURE_ROLES && role.starts_with("keep."))
        };
        let unknown = fields.keys().find(|role| !known(role))?;
        let may: Vec<&str> = needs.must.iter().chain(needs.may).copied().collect();
        Some(match may.as_slice() {
            [] => format!(
                "fields has {unknown:?}, and the layer {self} takes no fields; leave it out"
            ),
            may => format!("fields has {unknown:?}; write one of {}", may.join(", ")),
        })
    }
}

/// Polygons are the base of the land; a raster only questions them, and says which number is its sea.
fn refused_land(usage: Use, format: &Format, sea: Option<&str>) -> Option<String> {
    let mask = format.kind() == Kind::Grid;
    match (mask, usage) {
        (false, Use::Check) => Some(
            "only a raster questions the land; polygons are its base, without use = \"check\""
                .to_owned(),
        ),
        (true, Use::Base) => Some(
            "a raster only questions the land, with use = \"check\"; its base are polygons"
                .to_owned(),
        ),
        (true, Use::Check) if sea.and_then(sea_number).is_none() => Some(format!(
            "fields.sea is {:?}; it must be the number that is sea in the raster, as \"=1\"",
            sea.unwrap_or_default()
        )),
        (false, Use::Base) if sea.is_some() => {
            Some("fields has \"sea\", and polygons of land have none; leave it out".to_owned())
        }
        _ => None,
    }
}

/// The number that a mask has where there is sea: `=1`.
pub(crate) fn sea_number(literal: &str) -> Option<u8> {
    literal.strip_prefix('=')?.parse().ok()
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Format {
    const fn kind(&self) -> Kind {
        match self {
            Self::Grid(..) => Kind::Grid,
            Self::Records(_) => Kind::Records,
            Self::Table(_) => Kind::Table,
            Self::Climatology => Kind::Climatology,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind() {
            Kind::Grid => "a raster (netcdf, hdf5, geotiff, npz, png)",
            Kind::Records => "features (shapefile, geojson, ndjson)",
            Kind::Table => "a table (csv, xlsx, json)",
            Kind::Climatology => "a climatology",
        })
    }
}

impl TryFrom<toml::Table> for Format {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        const OPTIONS: [&str; 4] = ["georeference", "nodata", "scale", "offset"];
        let kind = table.get("kind").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let read = |error: toml::de::Error| format!("format: {}", error.message());
        match kind.as_str() {
            "netcdf" | "hdf5" | "geotiff" | "npz" | "png" => {
                let mut options = toml::Table::new();
                for key in OPTIONS {
                    if let Some(value) = table.remove(key) {
                        options.insert(key.to_owned(), value);
                    }
                }
                if kind == "netcdf" {
                    table.entry("variable").or_insert_with(|| String::new().into());
                }
                Ok(Self::Grid(table.try_into().map_err(read)?, options.try_into().map_err(read)?))
            }
            "geojson" | "ndjson" | "shapefile" => {
                Ok(Self::Records(table.try_into().map_err(read)?))
            }
            "csv" | "xlsx" | "json" => Ok(Self::Table(table.try_into().map_err(read)?)),
            "climatology" if table.len() == 1 => Ok(Self::Climatology),
            other => Err(format!(
                "format kind {other:?} is none; write netcdf, hdf5, geotiff, npz, png, shapefile, \
                 geojson, ndjson, csv, xlsx, json or climatology"
            )),
        }
    }
}
