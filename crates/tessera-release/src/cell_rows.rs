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

/// The columns that [`cell`] reads, in its order; `?1` is the year that is asked for.
pub(crate) const CELL_SELECT: &str = "SELECT c.zone,
  c.kind, c.land_permille, c.surface_provenance,
  c.elevation_mean_m, c.elevation_min_m, c.elevation_max_m, c.slope_permille, c.ruggedness_m,
  c.terrain_provenance,
  c.depth_mean_m, c.depth_max_m, c.bathymetry_provenance,
  c.koppen, c.climate_provenance,
  c.igbp, c.land_cover_provenance,
  r.latin, r.modern, r.upstream_km2, r.strahler, r.navigable, r.downstream, r.provenance,
  l.latin, l.modern, l.water_permille, l.provenance,
  i.kind, i.land_permille, i.provenance
  FROM cell c
  LEFT JOIN river r ON r.zone = c.zone
  LEFT JOIN lake l ON l.zone = c.zone
  LEFT JOIN surface_interval i ON i.zone = c.zone AND i.valid_from <= ?1 AND i.valid_to >= ?1";

/// The columns that [`Ground::read`] reads, in its order.
pub(crate) const GROUND_SELECT: &str = "SELECT w.*, k.*, t.*, g.* FROM (SELECT ?1 AS zone) z
  LEFT JOIN wind w ON w.zone = z.zone
  LEFT JOIN current k ON k.zone = z.zone
  LEFT JOIN weather t ON t.zone = z.zone
  LEFT JOIN geology g ON g.zone = z.zone";

pub(crate) const CONFLICT_SELECT: &str =
    "SELECT zone, layer, rule, chosen, chosen_value, other, other_value FROM conflict
  WHERE zone BETWEEN ?1 AND ?2 ORDER BY zone, layer, other";

/// The cell without its coarse layers and its conflicts.
pub(crate) fn cell(row: &Row<'_>) -> Result<Cell, Error> {
    let base = surface(row, 1)?;
    Ok(Cell {
        surface: surface(row, 28)?.or(base),
        terrain: terrain(row)?,
        bathymetry: bathymetry(row)?,
        climate: climate(row)?,
        land_cover: land_cover(row)?,
        river: river(row)?,
        lake: lake(row)?,
        ..Cell::bare(zone(row, 0)?)
    })
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

fn terrain(row: &Row<'_>) -> Result<Option<Terrain>, Error> {
    let Some(provenance) = said_by(row, 9)? else { return Ok(None) };
    Ok(Some(Terrain {
        elevation_mean_m: row.get(4)?,
        elevation_min_m: row.get(5)?,
        elevation_max_m: row.get(6)?,
        slope_permille: row.get(7)?,
        ruggedness_m: row.get(8)?,
        provenance,
    }))
}

fn bathymetry(row: &Row<'_>) -> Result<Option<Bathymetry>, Error> {
    let Some(provenance) = said_by(row, 12)? else { return Ok(None) };
    Ok(Some(Bathymetry { depth_mean_m: row.get(10)?, depth_max_m: row.get(11)?, provenance }))
}

fn climate(row: &Row<'_>) -> Result<Option<Climate>, Error> {
    let Some(provenance) = said_by(row, 14)? else { return Ok(None) };
    let koppen: Koppen =
        row.get_ref(13)?.as_str()?.parse().map_err(|refusal: KoppenError| wrong(13, refusal))?;
    Ok(Some(Climate { koppen, provenance }))
}

fn land_cover(row: &Row<'_>) -> Result<Option<LandCover>, Error> {
    let Some(provenance) = said_by(row, 16)? else { return Ok(None) };
    let igbp = Igbp::try_from(row.get::<_, u8>(15)?).map_err(|refusal| wrong(15, refusal))?;
    Ok(Some(LandCover { igbp, provenance }))
}

fn river(row: &Row<'_>) -> Result<Option<River>, Error> {
    let Some(provenance) = said_by(row, 23)? else { return Ok(None) };
    let downstream = row.get::<_, Option<i64>>(22)?.map(|_| zone(row, 22)).transpose()?;
    Ok(Some(River {
        latin: row.get(17)?,
        modern: row.get(18)?,
        upstream_km2: row.get(19)?,
        strahler: row.get(20)?,
        navigable: row.get(21)?,
        downstream,
        provenance,
    }))
}

fn lake(row: &Row<'_>) -> Result<Option<Lake>, Error> {
    let Some(provenance) = said_by(row, 27)? else { return Ok(None) };
    let (latin, modern) = (row.get(24)?, row.get(25)?);
    Ok(Some(Lake { latin, modern, water_permille: row.get(26)?, provenance }))
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
