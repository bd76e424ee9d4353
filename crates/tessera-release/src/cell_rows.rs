//! From rows to a cell: its own row, and the one of its ancestor in the coarse layers.

use crate::{
    rose,
    rows::{surface_kind, wrong, zone},
};
use tessera_grid::Zone;
use tessera_world::{
    Bathymetry, Cell, Climate, Conflict, Current, FlowVector, Geology, Igbp, Koppen, KoppenError,
    Lake, LandCover, ProvenanceId, Rain, Region, River, Surface, Temperature, Terrain, Weather,
    Wind, WindRose,
};
use theron_sqlite::rusqlite::{Error, Row};

/// A part of what is known of a zone, which a walk may read or leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Surface,
    Terrain,
    Bathymetry,
    Climate,
    LandCover,
    River,
    Lake,
    /// Winds, currents, weather and geology, which are those of a coarser zone.
    Ground,
    Conflicts,
}

impl Part {
    pub const ALL: [Self; 9] = [
        Self::Surface,
        Self::Terrain,
        Self::Bathymetry,
        Self::Climate,
        Self::LandCover,
        Self::River,
        Self::Lake,
        Self::Ground,
        Self::Conflicts,
    ];

    /// Its columns, in the order that [`cell`] reads them.
    const fn columns(self) -> &'static str {
        match self {
            Self::Surface => {
                "c.kind, c.land_permille, c.surface_provenance, i.kind, i.land_permille, i.provenance"
            }
            Self::Terrain => {
                "c.elevation_mean_m, c.elevation_min_m, c.elevation_max_m, c.slope_permille, \
                 c.ruggedness_m, c.terrain_provenance"
            }
            Self::Bathymetry => "c.depth_mean_m, c.depth_max_m, c.bathymetry_provenance",
            Self::Climate => "c.koppen, c.climate_provenance",
            Self::LandCover => "c.igbp, c.land_cover_provenance",
            Self::River => {
                "r.latin, r.modern, r.upstream_km2, r.strahler, r.navigable, r.downstream, r.provenance"
            }
            Self::Lake => "l.latin, l.modern, l.water_permille, l.provenance",
            Self::Ground | Self::Conflicts => "",
        }
    }

    /// The table of few zones that holds it, where it has one.
    const fn table(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::River => Some(("river", "r")),
            Self::Lake => Some(("lake", "l")),
            _ => None,
        }
    }
}

/// The statement that reads some parts of the zones from `?2` to `?3` in the year `?1`, ascending; where the
/// zones of one part alone are wanted, those of its table.
pub(crate) fn select(parts: &[Part], only: Option<Part>) -> String {
    let columns = parts.iter().map(|part| part.columns()).filter(|columns| !columns.is_empty());
    let columns = std::iter::once("c.zone").chain(columns).collect::<Vec<_>>().join(", ");
    let only = only.and_then(Part::table);
    let mut from = match only {
        // A cross join is read in the order it is written: the few first.
        Some((table, short)) => {
            format!("{table} {short} CROSS JOIN cell c ON c.zone = {short}.zone")
        }
        None => "cell c".to_owned(),
    };
    let others = parts.iter().filter_map(|part| part.table()).filter(|table| Some(*table) != only);
    for (table, short) in others {
        from.extend([" LEFT JOIN ", table, " ", short, " ON ", short, ".zone = c.zone"]);
    }
    if parts.contains(&Part::Surface) {
        from += " LEFT JOIN surface_interval i ON i.zone = c.zone AND i.valid_from <= ?1 AND i.valid_to >= ?1";
    }
    let key = only.map_or("c", |(_, short)| short);
    format!("SELECT {columns} FROM {from} WHERE {key}.zone BETWEEN ?2 AND ?3 ORDER BY {key}.zone")
}

/// The columns that [`Ground::read`] reads, in its order.
pub(crate) const GROUND_SELECT: &str = "SELECT w.*, k.*, t.*, g.* FROM (SELECT ?1 AS zone) z
  LEFT JOIN wind w ON w.zone = z.zone
  LEFT JOIN current k ON k.zone = z.zone
  LEFT JOIN weather t ON t.zone = z.zone
  LEFT JOIN geology g ON g.zone = z.zone";

pub(crate) const CONFLICT_SELECT: &str =
    "SELECT zone, layer, rule, chosen, chosen_value, other, other_value FROM conflict
  WHERE zone BETWEEN ?1 AND ?2 ORDER BY zone, layer, other";

/// The parts of a cell that its own rows hold, as [`select`] reads them; the others are left empty.
pub(crate) fn cell(row: &Row<'_>, parts: &[Part]) -> Result<Cell, Error> {
    let mut cell = Cell::bare(zone(row, 0)?);
    let mut first = 1;
    for part in parts {
        first += match part {
            Part::Surface => {
                cell.surface = surface(row, first + 3)?.or(surface(row, first)?);
                6
            }
            Part::Terrain => {
                cell.terrain = terrain(row, first)?;
                6
            }
            Part::Bathymetry => {
                cell.bathymetry = bathymetry(row, first)?;
                3
            }
            Part::Climate => {
                cell.climate = climate(row, first)?;
                2
            }
            Part::LandCover => {
                cell.land_cover = land_cover(row, first)?;
                2
            }
            Part::River => {
                cell.river = river(row, first)?;
                7
            }
            Part::Lake => {
                cell.lake = lake(row, first)?;
                4
            }
            Part::Ground | Part::Conflicts => 0,
        };
    }
    Ok(cell)
}

/// The provenance in a column; `None` where its group is missing.
fn said_by(row: &Row<'_>, column: usize) -> Result<Option<ProvenanceId>, Error> {
    Ok(row.get::<_, Option<u32>>(column)?.map(ProvenanceId))
}

fn surface(row: &Row<'_>, first: usize) -> Result<Option<Surface>, Error> {
    let Some(provenance) = said_by(row, first + 2)? else { return Ok(None) };
    let kind = surface_kind(row, first)?;
    Ok(Some(Surface { kind, land_permille: row.get(first + 1)?, provenance }))
}

fn terrain(row: &Row<'_>, first: usize) -> Result<Option<Terrain>, Error> {
    let Some(provenance) = said_by(row, first + 5)? else { return Ok(None) };
    Ok(Some(Terrain {
        elevation_mean_m: row.get(first)?,
        elevation_min_m: row.get(first + 1)?,
        elevation_max_m: row.get(first + 2)?,
        slope_permille: row.get(first + 3)?,
        ruggedness_m: row.get(first + 4)?,
        provenance,
    }))
}

fn bathymetry(row: &Row<'_>, first: usize) -> Result<Option<Bathymetry>, Error> {
    let Some(provenance) = said_by(row, first + 2)? else { return Ok(None) };
    let (depth_mean_m, depth_max_m) = (row.get(first)?, row.get(first + 1)?);
    Ok(Some(Bathymetry { depth_mean_m, depth_max_m, provenance }))
}

fn climate(row: &Row<'_>, first: usize) -> Result<Option<Climate>, Error> {
    let Some(provenance) = said_by(row, first + 1)? else { return Ok(None) };
    let koppen = row.get_ref(first)?.as_str()?;
    let koppen: Koppen = koppen.parse().map_err(|refusal: KoppenError| wrong(first, refusal))?;
    Ok(Some(Climate { koppen, provenance }))
}

fn land_cover(row: &Row<'_>, first: usize) -> Result<Option<LandCover>, Error> {
    let Some(provenance) = said_by(row, first + 1)? else { return Ok(None) };
    let class = row.get::<_, u8>(first)?;
    let igbp = Igbp::try_from(class).map_err(|refusal| wrong(first, refusal))?;
    Ok(Some(LandCover { igbp, provenance }))
}

fn river(row: &Row<'_>, first: usize) -> Result<Option<River>, Error> {
    let Some(provenance) = said_by(row, first + 6)? else { return Ok(None) };
    let at = first + 5;
    let downstream = row.get::<_, Option<i64>>(at)?.map(|_| zone(row, at)).transpose()?;
    Ok(Some(River {
        latin: row.get(first)?,
        modern: row.get(first + 1)?,
        upstream_km2: row.get(first + 2)?,
        strahler: row.get(first + 3)?,
        navigable: row.get(first + 4)?,
        downstream,
        provenance,
    }))
}

fn lake(row: &Row<'_>, first: usize) -> Result<Option<Lake>, Error> {
    let Some(provenance) = said_by(row, first + 3)? else { return Ok(None) };
    let (latin, modern) = (row.get(first)?, row.get(first + 1)?);
    Ok(Some(Lake { latin, modern, water_permille: row.get(first + 2)?, provenance }))
}

pub(crate) fn conflict(row: &Row<'_>) -> Result<(Zone, Conflict), Error> {
    let conflict = Conflict {
        layer: row.get(1)?,
        rule: row.get(2)?,
        chosen: row.get(3)?,
        chosen_value: row.get(4)?,
        other: row.get(5)?,
        other_value: row.get(6)?,
    };
    Ok((zone(row, 0)?, conflict))
}

pub(crate) fn wind_rose(row: &Row<'_>) -> Result<WindRose, Error> {
    let months = rose::from_bytes(row.get_ref(0)?.as_blob()?)
        .ok_or_else(|| wrong(0, "a wind rose of another length"))?;
    Ok(WindRose { months, provenance: ProvenanceId(row.get(1)?) })
}

/// What the coarse layers say of one zone of theirs, kept while the cells in it go by.
pub(crate) struct Ground {
    wind: Option<Wind>,
    current: Option<Current>,
    weather: Option<Weather>,
    geology: Option<Geology>,
}

impl Ground {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, Error> {
        // Of each table its own zone comes first, then its columns.
        let wind = flow(row, 1)?.map(|(months, provenance)| Wind { months, provenance });
        let current = flow(row, 27)?.map(|(months, provenance)| Current { months, provenance });
        Ok(Self { wind, current, weather: weather(row, 53)?, geology: geology(row, 80)? })
    }

    pub(crate) fn put_on(&self, cell: &mut Cell) {
        cell.wind = self.wind;
        cell.current = self.current;
        cell.weather = self.weather;
        cell.geology.clone_from(&self.geology);
    }
}

type Flow = ([FlowVector; 12], ProvenanceId);

fn flow(row: &Row<'_>, first: usize) -> Result<Option<Flow>, Error> {
    let Some(provenance) = said_by(row, first + 24)? else { return Ok(None) };
    let mut months = [FlowVector::default(); 12];
    for (month, flow) in months.iter_mut().enumerate() {
        let column = first + 2 * month;
        *flow = FlowVector { u_cm_s: row.get(column)?, v_cm_s: row.get(column + 1)? };
    }
    Ok(Some((months, provenance)))
}

fn weather(row: &Row<'_>, first: usize) -> Result<Option<Weather>, Error> {
    let rain = match said_by(row, first + 12)? {
        Some(provenance) => Some(Rain { months_mm: months(row, first)?, provenance }),
        None => None,
    };
    let temperature = match said_by(row, first + 25)? {
        Some(provenance) => {
            Some(Temperature { months_tenths_c: months(row, first + 13)?, provenance })
        }
        None => None,
    };
    Ok((rain.is_some() || temperature.is_some()).then_some(Weather { rain, temperature }))
}

fn months<T: Copy + Default + theron_sqlite::rusqlite::types::FromSql>(
    row: &Row<'_>,
    first: usize,
) -> Result<[T; 12], Error> {
    let mut months = [T::default(); 12];
    for (month, value) in months.iter_mut().enumerate() {
        *value = row.get(first + month)?;
    }
    Ok(months)
}

fn geology(row: &Row<'_>, first: usize) -> Result<Option<Geology>, Error> {
    let region = |column: usize| -> Result<Option<Region>, Error> {
        let Some(provenance) = said_by(row, column + 1)? else { return Ok(None) };
        Ok(Some(Region { name: row.get(column)?, provenance }))
    };
    let (crust, orogen) = (region(first)?, region(first + 2)?);
    Ok((crust.is_some() || orogen.is_some()).then_some(Geology { crust, orogen }))
}
