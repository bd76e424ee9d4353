//! From rows to the words of the world. A value that a finished release cannot hold is a damaged file.

use tessera_grid::{Position, Zone};
use tessera_world::{
    Cell, Certainty, Climate, Harbour, Place, Provenance, ProvenanceId, River, Source, Surface,
    SurfaceKind, Terrain, Wind, WindVector,
};
use theron_sqlite::rusqlite::{Error, Row, types::Type};

/// The columns that [`cell`] reads, in its order.
pub(crate) const CELL_SELECT: &str = "SELECT s.zone,
  t.elevation_mean_m, t.elevation_min_m, t.elevation_max_m, t.slope_permille, t.ruggedness_m, t.provenance,
  s.kind, s.land_permille, s.provenance,
  r.zone, r.name, r.upstream_km2, r.navigable, r.downstream, r.provenance,
  c.koppen, c.provenance,
  w.u01, w.v01, w.u02, w.v02, w.u03, w.v03, w.u04, w.v04, w.u05, w.v05, w.u06, w.v06,
  w.u07, w.v07, w.u08, w.v08, w.u09, w.v09, w.u10, w.v10, w.u11, w.v11, w.u12, w.v12, w.provenance
  FROM surface s
  LEFT JOIN terrain t ON t.zone = s.zone LEFT JOIN river r ON r.zone = s.zone
  LEFT JOIN climate c ON c.zone = s.zone LEFT JOIN wind w ON w.zone = s.zone";

pub(crate) fn cell(row: &Row<'_>) -> Result<Cell, Error> {
    Ok(Cell {
        zone: zone(row, 0)?,
        terrain: terrain(row)?,
        surface: Some(Surface {
            kind: surface_kind(row, 7)?,
            land_permille: row.get(8)?,
            provenance: ProvenanceId(row.get(9)?),
        }),
        river: river(row)?,
        climate: climate(row)?,
        wind: wind(row)?,
    })
}

fn terrain(row: &Row<'_>) -> Result<Option<Terrain>, Error> {
    let Some(provenance) = row.get(6)? else { return Ok(None) };
    Ok(Some(Terrain {
        elevation_mean_m: row.get(1)?,
        elevation_min_m: row.get(2)?,
        elevation_max_m: row.get(3)?,
        slope_permille: row.get(4)?,
        ruggedness_m: row.get(5)?,
        provenance: ProvenanceId(provenance),
    }))
}

fn river(row: &Row<'_>) -> Result<Option<River>, Error> {
    if row.get::<_, Option<i64>>(10)?.is_none() {
        return Ok(None);
    }
    let downstream = match row.get::<_, Option<i64>>(14)? {
        Some(_) => Some(zone(row, 14)?),
        None => None,
    };
    Ok(Some(River {
        name: row.get(11)?,
        upstream_km2: row.get(12)?,
        navigable: row.get(13)?,
        downstream,
        provenance: ProvenanceId(row.get(15)?),
    }))
}

fn climate(row: &Row<'_>) -> Result<Option<Climate>, Error> {
    let Some(provenance) = row.get(17)? else { return Ok(None) };
    Ok(Some(Climate { koppen: row.get(16)?, provenance: ProvenanceId(provenance) }))
}

fn wind(row: &Row<'_>) -> Result<Option<Wind>, Error> {
    let Some(provenance) = row.get(42)? else { return Ok(None) };
    let mut months = [WindVector::default(); 12];
    for (month, wind) in months.iter_mut().enumerate() {
        let column = 18 + 2 * month;
        *wind = WindVector { u_cm_s: row.get(column)?, v_cm_s: row.get(column + 1)? };
    }
    Ok(Some(Wind { months, provenance: ProvenanceId(provenance) }))
}

pub(crate) fn place(row: &Row<'_>) -> Result<Place, Error> {
    let position = Position::new(row.get("latitude")?, row.get("longitude")?)
        .map_err(|refusal| Error::FromSqlConversionFailure(3, Type::Real, refusal.into()))?;
    let water_zone: Option<i64> = row.get("water_zone")?;
    let harbour: String = row.get("harbour")?;
    Ok(Place {
        id: row.get("id")?,
        latin: row.get("latin")?,
        modern: row.get("modern")?,
        position,
        zone: zone(row, 5)?,
        water_zone: water_zone.map(|_| zone(row, 6)).transpose()?,
        province: row.get("province")?,
        harbour: match harbour.as_str() {
            "sea" => Harbour::Sea,
            "river" => Harbour::River,
            "none" => Harbour::None,
            other => return Err(unknown(8, other)),
        },
        rank: row.get("rank")?,
        population: row.get("population")?,
        certainty: certainty(row, 11)?,
        citation: row.get("citation")?,
        valid_from: row.get("valid_from")?,
        valid_to: row.get("valid_to")?,
        note: row.get("note")?,
        provenance: ProvenanceId(row.get("provenance")?),
    })
}

pub(crate) fn source(row: &Row<'_>) -> Result<Source, Error> {
    Ok(Source {
        id: row.get(0)?,
        title: row.get(1)?,
        publisher: row.get(2)?,
        licence: row.get(3)?,
        attribution: row.get(4)?,
        edition: row.get(5)?,
        sha256: row.get(6)?,
    })
}

pub(crate) fn provenance(row: &Row<'_>) -> Result<Provenance, Error> {
    Ok(Provenance {
        id: ProvenanceId(row.get(0)?),
        layer: row.get(1)?,
        source: row.get(2)?,
        licence: row.get(3)?,
        certainty: certainty(row, 4)?,
        method: row.get(5)?,
        valid_from: row.get(6)?,
        valid_to: row.get(7)?,
    })
}

fn zone(row: &Row<'_>, column: usize) -> Result<Zone, Error> {
    Zone::try_from(row.get::<_, i64>(column)?)
        .map_err(|refusal| Error::FromSqlConversionFailure(column, Type::Integer, refusal.into()))
}

fn surface_kind(row: &Row<'_>, column: usize) -> Result<SurfaceKind, Error> {
    match row.get::<_, String>(column)?.as_str() {
        "sea" => Ok(SurfaceKind::Sea),
        "coast" => Ok(SurfaceKind::Coast),
        "land" => Ok(SurfaceKind::Land),
        other => Err(unknown(column, other)),
    }
}

fn certainty(row: &Row<'_>, column: usize) -> Result<Certainty, Error> {
    match row.get::<_, String>(column)?.as_str() {
        "certain" => Ok(Certainty::Certain),
        "conjectured" => Ok(Certainty::Conjectured),
        "hypothetical" => Ok(Certainty::Hypothetical),
        other => Err(unknown(column, other)),
    }
}

fn unknown(column: usize, value: &str) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, format!("unknown word {value:?}").into())
}
