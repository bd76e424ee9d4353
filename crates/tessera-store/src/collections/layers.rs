//! What is said of a zone, layer by layer and column by column: the one table that features, queryables
//! and filters are made from.

use crate::{
    cql::{
        Kind::{self, Boolean, Integer, Nested, Text},
        Value,
    },
    releases::ReadError,
};
use tessera_grid::Zone;
use tessera_release::{FactKind, Part, Release};
use tessera_world::{Cell, FlowVector, ProvenanceId};

/// Facts of a zone that stand on one provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Surface,
    Terrain,
    Bathymetry,
    Climate,
    LandCover,
    River,
    Lake,
    Wind,
    Current,
    Rain,
    Temperature,
    Crust,
    Orogen,
    Conflicts,
}

/// A collection of the zones that one layer speaks of, or several that belong together.
pub(crate) struct Layer {
    /// As its collection and its quantities name it.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) groups: &'static [Group],
}

pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        id: "surface",
        title: "Land and sea",
        description: "Land, sea or coast, and the share of each zone that is land.",
        groups: &[Group::Surface],
    },
    Layer {
        id: "terrain",
        title: "Terrain",
        description: "Height, slope and ruggedness of each zone.",
        groups: &[Group::Terrain],
    },
    Layer {
        id: "bathymetry",
        title: "Depth of the water",
        description: "Mean and greatest depth where there is water.",
        groups: &[Group::Bathymetry],
    },
    Layer {
        id: "climate",
        title: "Climate",
        description: "Köppen-Geiger class of each zone.",
        groups: &[Group::Climate],
    },
    Layer {
        id: "weather",
        title: "Rain and temperature",
        description: "Monthly rain and mean temperature.",
        groups: &[Group::Rain, Group::Temperature],
    },
    Layer {
        id: "land_cover",
        title: "Land cover",
        description: "What covers most of each zone today, by the IGBP legend.",
        groups: &[Group::LandCover],
    },
    Layer {
        id: "river",
        title: "Rivers by zone",
        description: "The river that runs through each zone, and where its water goes.",
        groups: &[Group::River],
    },
    Layer {
        id: "lake",
        title: "Lakes by zone",
        description: "The lake that each zone touches, and how much of the zone it fills.",
        groups: &[Group::Lake],
    },
    Layer {
        id: "wind",
        title: "Winds",
        description: "Mean wind of each month.",
        groups: &[Group::Wind],
    },
    Layer {
        id: "current",
        title: "Currents",
        description: "Mean current of the sea's surface in each month.",
        groups: &[Group::Current],
    },
    Layer {
        id: "geology",
        title: "Geology",
        description: "Kind of the crust, and the belt of mountain building.",
        groups: &[Group::Crust, Group::Orogen],
    },
];

/// One column of a zone.
pub(crate) struct Fact {
    pub(crate) group: Group,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) what: &'static str,
    pub(crate) get: for<'a> fn(&'a Cell) -> Value<'a>,
}

const fn fact(
    group: Group,
    name: &'static str,
    kind: Kind,
    what: &'static str,
    get: for<'a> fn(&'a Cell) -> Value<'a>,
) -> Fact {
    Fact { group, name, kind, what, get }
}

pub(crate) const FACTS: &[Fact] = &[
    fact(Group::Surface, "surface_kind", Text, "`sea`, `coast` (both) or `land`", |c| {
        c.surface.map(|s| s.kind.as_str()).into()
    }),
    fact(Group::Surface, "land_permille", Integer, "Share that is land, thousandths", |c| {
        c.surface.map(|s| s.land_permille).into()
    }),
    fact(Group::Terrain, "elevation_mean_m", Integer, "Mean height, metres", |c| {
        c.terrain.map(|t| t.elevation_mean_m).into()
    }),
    fact(Group::Terrain, "elevation_min_m", Integer, "Least height, metres", |c| {
        c.terrain.map(|t| t.elevation_min_m).into()
    }),
    fact(Group::Terrain, "elevation_max_m", Integer, "Greatest height, metres", |c| {
        c.terrain.map(|t| t.elevation_max_m).into()
    }),
    fact(Group::Terrain, "slope_permille", Integer, "Mean rise over run, thousandths", |c| {
        c.terrain.map(|t| t.slope_permille).into()
    }),
    fact(Group::Terrain, "ruggedness_m", Integer, "Standard deviation of heights, metres", |c| {
        c.terrain.map(|t| t.ruggedness_m).into()
    }),
    fact(Group::Bathymetry, "depth_mean_m", Integer, "Mean depth of the water, metres", |c| {
        c.bathymetry.map(|b| b.depth_mean_m).into()
    }),
    fact(Group::Bathymetry, "depth_max_m", Integer, "Greatest depth of the water, metres", |c| {
        c.bathymetry.map(|b| b.depth_max_m).into()
    }),
    fact(Group::Climate, "koppen", Text, "Köppen-Geiger class, such as `Csa`", |c| {
        c.climate.map(|climate| climate.koppen.as_str()).into()
    }),
    fact(Group::LandCover, "igbp", Integer, "Class of the IGBP legend, 0 to 16", |c| {
        c.land_cover.map(|l| u8::from(l.igbp)).into()
    }),
    fact(Group::LandCover, "land_cover", Text, "Name of that class", |c| {
        c.land_cover.map(|l| l.igbp.name()).into()
    }),
    fact(Group::River, "river_latin", Text, "Its Latin name", |c| {
        c.river.as_ref().and_then(|r| r.latin.as_deref()).into()
    }),
    fact(Group::River, "river_modern", Text, "Its modern name", |c| {
        c.river.as_ref().and_then(|r| r.modern.as_deref()).into()
    }),
    fact(Group::River, "river_upstream_km2", Integer, "Area drained through the zone, km²", |c| {
        c.river.as_ref().and_then(|r| r.upstream_km2).into()
    }),
    fact(Group::River, "river_strahler", Integer, "Strahler's order, 1 at a spring", |c| {
        c.river.as_ref().and_then(|r| r.strahler).into()
    }),
    fact(Group::River, "river_navigable", Boolean, "Whether boats go on it", |c| {
        c.river.as_ref().map(|r| r.navigable).into()
    }),
    fact(Group::River, "river_downstream", Text, "The zone its water goes to", |c| {
        c.river.as_ref().and_then(|r| r.downstream).map(|zone| zone.to_string()).into()
    }),
    fact(Group::Lake, "lake_latin", Text, "Its Latin name", |c| {
        c.lake.as_ref().and_then(|l| l.latin.as_deref()).into()
    }),
    fact(Group::Lake, "lake_modern", Text, "Its modern name", |c| {
        c.lake.as_ref().and_then(|l| l.modern.as_deref()).into()
    }),
    fact(
        Group::Lake,
        "lake_water_permille",
        Integer,
        "Share that is its water, thousandths",
        |c| c.lake.as_ref().map(|l| l.water_permille).into(),
    ),
    fact(Group::Wind, "wind_u_cm_s", Nested, "To the east, cm/s, January first", |c| {
        c.wind.map_or(Value::Null, |wind| months(wind.months, |m| m.u_cm_s))
    }),
    fact(Group::Wind, "wind_v_cm_s", Nested, "To the north, cm/s, January first", |c| {
        c.wind.map_or(Value::Null, |wind| months(wind.months, |m| m.v_cm_s))
    }),
    fact(Group::Current, "current_u_cm_s", Nested, "To the east, cm/s, January first", |c| {
        c.current.map_or(Value::Null, |current| months(current.months, |m| m.u_cm_s))
    }),
    fact(Group::Current, "current_v_cm_s", Nested, "To the north, cm/s, January first", |c| {
        c.current.map_or(Value::Null, |current| months(current.months, |m| m.v_cm_s))
    }),
    fact(Group::Rain, "rain_mm", Nested, "Rain of each month, mm, January first", |c| {
        let rain = c.weather.and_then(|weather| weather.rain);
        rain.map_or(Value::Null, |rain| Value::Months(rain.months_mm.map(i32::from).to_vec()))
    }),
    fact(
        Group::Temperature,
        "temperature_tenths_c",
        Nested,
        "Mean, tenths of °C, January first",
        |c| {
            let air = c.weather.and_then(|weather| weather.temperature);
            air.map_or(Value::Null, |air| {
                Value::Months(air.months_tenths_c.map(i32::from).to_vec())
            })
        },
    ),
    fact(Group::Crust, "crust", Text, "Kind of the crust", |c| {
        let crust = c.geology.as_ref().and_then(|geology| geology.crust.as_ref());
        crust.map(|crust| crust.name.as_str()).into()
    }),
    fact(Group::Orogen, "orogen", Text, "The belt of mountain building", |c| {
        let orogen = c.geology.as_ref().and_then(|geology| geology.orogen.as_ref());
        orogen.map(|orogen| orogen.name.as_str()).into()
    }),
    fact(
        Group::Conflicts,
        "conflicts",
        Integer,
        "Facts of the zone that sources disagree about",
        |c| Value::Integer(c.conflicts.len() as i64),
    ),
];

fn months(all: [FlowVector; 12], part: impl Fn(FlowVector) -> i16) -> Value<'static> {
    Value::Months(all.map(|month| part(month).into()).to_vec())
}

impl Group {
    pub(crate) const ALL: [Self; 14] = [
        Self::Surface,
        Self::Terrain,
        Self::Bathymetry,
        Self::Climate,
        Self::LandCover,
        Self::River,
        Self::Lake,
        Self::Wind,
        Self::Current,
        Self::Rain,
        Self::Temperature,
        Self::Crust,
        Self::Orogen,
        Self::Conflicts,
    ];

    /// The release's layer of these facts. It begins the names of the columns that say who says so; `None` where each
    /// conflict names its own.
    pub(crate) const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Surface => "surface",
            Self::Terrain => "terrain",
            Self::Bathymetry => "bathymetry",
            Self::Climate => "climate",
            Self::LandCover => "land_cover",
            Self::River => "river",
            Self::Lake => "lake",
            Self::Wind => "wind",
            Self::Current => "current",
            Self::Rain => "rain",
            Self::Temperature => "temperature",
            Self::Crust => "crust",
            Self::Orogen => "orogen",
            Self::Conflicts => return None,
        })
    }

    /// The part of a zone's rows that holds its facts.
    pub(crate) const fn part(self) -> Part {
        match self {
            Self::Surface => Part::Surface,
            Self::Terrain => Part::Terrain,
            Self::Bathymetry => Part::Bathymetry,
            Self::Climate => Part::Climate,
            Self::LandCover => Part::LandCover,
            Self::River => Part::River,
            Self::Lake => Part::Lake,
            Self::Wind
            | Self::Current
            | Self::Rain
            | Self::Temperature
            | Self::Crust
            | Self::Orogen => Part::Ground,
            Self::Conflicts => Part::Conflicts,
        }
    }

    /// What they are in the file; `None` where they lie beside the facts.
    const fn kind(self) -> Option<FactKind> {
        Some(match self {
            Self::Surface => FactKind::Surface,
            Self::Terrain => FactKind::Terrain,
            Self::Bathymetry => FactKind::Bathymetry,
            Self::Climate => FactKind::Climate,
            Self::LandCover => FactKind::LandCover,
            Self::River => FactKind::River,
            Self::Lake => FactKind::Lake,
            Self::Wind => FactKind::Wind,
            Self::Current => FactKind::Current,
            Self::Rain => FactKind::Rain,
            Self::Temperature => FactKind::Temperature,
            Self::Crust => FactKind::Crust,
            Self::Orogen => FactKind::Orogen,
            Self::Conflicts => return None,
        })
    }

    /// What its facts on this zone stand on; `None` where it says nothing.
    pub(crate) fn provenance(self, cell: &Cell) -> Option<ProvenanceId> {
        let geology = cell.geology.as_ref();
        match self {
            Self::Surface => cell.surface.map(|s| s.provenance),
            Self::Terrain => cell.terrain.map(|t| t.provenance),
            Self::Bathymetry => cell.bathymetry.map(|b| b.provenance),
            Self::Climate => cell.climate.map(|c| c.provenance),
            Self::LandCover => cell.land_cover.map(|l| l.provenance),
            Self::River => cell.river.as_ref().map(|r| r.provenance),
            Self::Lake => cell.lake.as_ref().map(|l| l.provenance),
            Self::Wind => cell.wind.map(|w| w.provenance),
            Self::Current => cell.current.map(|c| c.provenance),
            Self::Rain => cell.weather.and_then(|w| w.rain).map(|r| r.provenance),
            Self::Temperature => cell.weather.and_then(|w| w.temperature).map(|t| t.provenance),
            Self::Crust => geology.and_then(|g| g.crust.as_ref()).map(|c| c.provenance),
            Self::Orogen => geology.and_then(|g| g.orogen.as_ref()).map(|o| o.provenance),
            Self::Conflicts => None,
        }
    }
}

impl Layer {
    /// The release's layers that it is made of.
    pub(crate) fn made_of(&self) -> impl Iterator<Item = &'static str> {
        self.groups.iter().filter_map(|group| group.name())
    }

    pub(crate) fn speaks_of(&self, cell: &Cell) -> bool {
        self.groups.iter().any(|group| group.provenance(cell).is_some())
    }

    /// The first cell from one to another, both among them, that it speaks of in a year.
    pub(crate) fn first_zone(
        &self,
        file: &Release,
        year: i32,
        (first, last): (Zone, Zone),
    ) -> Result<Option<Zone>, ReadError> {
        let mut found = None;
        for kind in self.groups.iter().filter_map(|group| group.kind()) {
            let end = found.unwrap_or(last);
            found = file.first_zone_with(kind, year, first, end)?.or(found);
        }
        Ok(found)
    }
}
