//! From rows to the words of the world. A value that a finished release cannot hold is a damaged file.

use tessera_grid::{Position, Zone};
use tessera_world::{Certainty, Harbour, Place, Provenance, ProvenanceId, Source, SurfaceKind};
use theron_sqlite::rusqlite::{Error, Row, types::Type};

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
        url: row.get(7)?,
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

pub(crate) fn zone(row: &Row<'_>, column: usize) -> Result<Zone, Error> {
    Zone::try_from(row.get::<_, i64>(column)?).map_err(|refusal| wrong(column, refusal))
}

pub(crate) fn surface_kind(row: &Row<'_>, column: usize) -> Result<SurfaceKind, Error> {
    match row.get_ref(column)?.as_str()? {
        "sea" => Ok(SurfaceKind::Sea),
        "coast" => Ok(SurfaceKind::Coast),
        "land" => Ok(SurfaceKind::Land),
        other => Err(unknown(column, other)),
    }
}

pub(crate) fn certainty(row: &Row<'_>, column: usize) -> Result<Certainty, Error> {
    match row.get_ref(column)?.as_str()? {
        "certain" => Ok(Certainty::Certain),
        "conjectured" => Ok(Certainty::Conjectured),
        "hypothetical" => Ok(Certainty::Hypothetical),
        other => Err(unknown(column, other)),
    }
}

/// A value of the right kind that means nothing here.
pub(crate) fn wrong(
    column: usize,
    refusal: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::FromSqlConversionFailure(column, Type::Blob, refusal.into())
}

fn unknown(column: usize, value: &str) -> Error {
    wrong(column, format!("unknown word {value:?}"))
}
