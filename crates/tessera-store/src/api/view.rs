//! The words of the world as the wire writes them.

use crate::releases::{Provenances, ReadError};
use tessera_grid::Position;
use tessera_store_api::{
    CellView, ClimateView, PlaceView, Point, RiverView, SurfaceView, TerrainView, WindMonth,
    WindView,
};
use tessera_world::{Cell, Place};

pub(crate) fn point(position: Position) -> Point {
    Point { latitude: position.latitude(), longitude: position.longitude() }
}

pub(crate) fn cell(cell: Cell, provenances: &Provenances) -> Result<CellView, ReadError> {
    let said_by = |id| provenances.get(id).cloned();
    let terrain = cell.terrain.map(|t| {
        Ok::<_, ReadError>(TerrainView {
            elevation_mean_m: t.elevation_mean_m,
            elevation_min_m: t.elevation_min_m,
            elevation_max_m: t.elevation_max_m,
            slope_permille: t.slope_permille,
            ruggedness_m: t.ruggedness_m,
            provenance: said_by(t.provenance)?,
        })
    });
    let surface = cell.surface.map(|s| {
        let provenance = said_by(s.provenance)?;
        Ok::<_, ReadError>(SurfaceView { kind: s.kind, land_permille: s.land_permille, provenance })
    });
    let river = cell.river.map(|r| {
        Ok::<_, ReadError>(RiverView {
            name: r.latin.or(r.modern),
            upstream_km2: r.upstream_km2,
            navigable: r.navigable,
            downstream: r.downstream,
            provenance: said_by(r.provenance)?,
        })
    });
    let climate = cell.climate.map(|c| {
        Ok::<_, ReadError>(ClimateView {
            koppen: c.koppen.to_string(),
            provenance: said_by(c.provenance)?,
        })
    });
    let wind = cell.wind.map(|w| {
        let months = w.months.map(|m| WindMonth { u_cm_s: m.u_cm_s, v_cm_s: m.v_cm_s }).to_vec();
        Ok::<_, ReadError>(WindView { months, provenance: said_by(w.provenance)? })
    });
    Ok(CellView {
        zone: cell.zone,
        centre: point(cell.zone.centre()),
        terrain: terrain.transpose()?,
        surface: surface.transpose()?,
        river: river.transpose()?,
        climate: climate.transpose()?,
        wind: wind.transpose()?,
    })
}

pub(crate) fn place(place: Place, provenances: &Provenances) -> Result<PlaceView, ReadError> {
    Ok(PlaceView {
        id: place.id,
        latin: place.latin,
        modern: place.modern,
        position: point(place.position),
        zone: place.zone,
        water_zone: place.water_zone,
        province: place.province,
        harbour: place.harbour,
        rank: place.rank,
        population: place.population,
        certainty: place.certainty,
        citation: place.citation,
        valid_from: place.valid_from,
        valid_to: place.valid_to,
        note: place.note,
        provenance: provenances.get(place.provenance)?.clone(),
    })
}
