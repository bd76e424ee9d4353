//! Which zones there are facts of a kind on, found without reading them: one column of one table says so.

use crate::{Error, Release, rows};
use tessera_grid::Zone;
use theron_sqlite::rusqlite::{Row, params};

/// Facts of a zone that stand on one provenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
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
}

/// Of the surface, which some zones may have in some years only.
const OR_IN_THE_YEAR: &str = "OR EXISTS (SELECT 1 FROM surface_interval i
  WHERE i.zone = t.zone AND i.valid_from <= ?3 AND i.valid_to >= ?3)";

impl FactKind {
    /// Its table, and the column that is NULL where it is missing.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Surface => ("cell", "surface_provenance"),
            Self::Terrain => ("cell", "terrain_provenance"),
            Self::Bathymetry => ("cell", "bathymetry_provenance"),
            Self::Climate => ("cell", "climate_provenance"),
            Self::LandCover => ("cell", "land_cover_provenance"),
            Self::River => ("river", "provenance"),
            Self::Lake => ("lake", "provenance"),
            Self::Wind => ("wind", "provenance"),
            Self::Current => ("current", "provenance"),
            Self::Rain => ("weather", "rain_provenance"),
            Self::Temperature => ("weather", "temperature_provenance"),
            Self::Crust => ("geology", "crust_provenance"),
            Self::Orogen => ("geology", "orogen_provenance"),
        }
    }

    /// Whether it lies on zones of the coarse resolution.
    const fn is_coarse(self) -> bool {
        match self {
            Self::Surface
            | Self::Terrain
            | Self::Bathymetry
            | Self::Climate
            | Self::LandCover
            | Self::River
            | Self::Lake => false,
            Self::Wind
            | Self::Current
            | Self::Rain
            | Self::Temperature
            | Self::Crust
            | Self::Orogen => true,
        }
    }
}

impl Release {
    /// The first cell from one to another, both among them, that there is a fact of the kind on in a year. It may look
    /// at every cell between: who may hang up asks for some at a time.
    pub fn first_zone_with(
        &self,
        kind: FactKind,
        year: i32,
        first: Zone,
        last: Zone,
    ) -> Result<Option<Zone>, Error> {
        if !kind.is_coarse() {
            return self.first_row(kind, year, (first.to_i64(), last.to_i64()));
        }
        let (resolution, coarse) = (self.info().resolution, self.info().coarse_resolution);
        let ends = first.ancestor(coarse).zip(last.ancestor(coarse));
        let Some((mut from, to)) = ends.map(|(from, to)| (from.to_i64(), to.to_i64())) else {
            return Ok(None);
        };
        while let Some(at) = self.first_row(kind, year, (from, to))? {
            let (low, high) = at.descendant_ends(resolution);
            let cell = self.first_zone(first.max(low), last.min(high))?;
            if cell.is_some() {
                return Ok(cell);
            }
            from = at.to_i64() + 1;
        }
        Ok(None)
    }

    /// The first zone of a kind's table that has a fact of it.
    fn first_row(
        &self,
        kind: FactKind,
        year: i32,
        (first, last): (i64, i64),
    ) -> Result<Option<Zone>, Error> {
        let (table, said_by) = kind.place();
        let in_the_year = if kind == FactKind::Surface { OR_IN_THE_YEAR } else { "" };
        let sql = format!(
            "SELECT zone FROM {table} t WHERE zone BETWEEN ?1 AND ?2 AND ({said_by} IS NOT NULL {in_the_year})
             ORDER BY zone LIMIT 1"
        );
        let read = |row: &Row<'_>| rows::zone(row, 0);
        let found = if kind == FactKind::Surface {
            self.all(&sql, params![first, last, year], read)
        } else {
            self.all(&sql, params![first, last], read)
        };
        Ok(found?.pop())
    }
}
