//! The words of the world as the wire writes them.

use crate::releases::{Provenances, ReadError};
use tessera_grid::Position;
use tessera_store_api::{
    BathymetryView, CellView, ClimateView, ConflictView, FlowMonth, FlowView, LakeView,
    LandCoverView, PlaceView, Point, ProvenanceView, RainView, RegionView, RiverView, SurfaceView,
    TemperatureView, TerrainView,
};
use tessera_world::{
    Cell, Conflict, FlowVector, Lake, Place, ProvenanceId, Region, River, Terrain,
};

pub(crate) fn point(position: Position) -> Point {
    Point { latitude: position.latitude(), longitude: position.longitude() }
}

pub(crate) fn cell(cell: Cell, provenances: &Provenances) -> Result<CellView, ReadError> {
    let by = By(provenances);
    let weather = cell.weather;
    let (rain, air) = weather.map_or((None, None), |weather| (weather.rain, weather.temperature));
    let (crust, orogen) = cell.geology.map_or((None, None), |ground| (ground.crust, ground.orogen));
    Ok(CellView {
        zone: cell.zone,
        centre: point(cell.zone.centre()),
        surface: by.said(
            cell.surface,
            |s| s.provenance,
            |s, provenance| SurfaceView {
                kind: s.kind,
                land_permille: s.land_permille,
                provenance,
            },
        )?,
        terrain: by.said(cell.terrain, |t| t.provenance, terrain)?,
        bathymetry: by.said(
            cell.bathymetry,
            |b| b.provenance,
            |b, provenance| BathymetryView {
                depth_mean_m: b.depth_mean_m,
                depth_max_m: b.depth_max_m,
                provenance,
            },
        )?,
        climate: by.said(
            cell.climate,
            |c| c.provenance,
            |c, provenance| ClimateView { koppen: c.koppen.to_string(), provenance },
        )?,
        land_cover: by.said(
            cell.land_cover,
            |l| l.provenance,
            |l, provenance| LandCoverView {
                igbp: l.igbp.into(),
                name: l.igbp.name().to_owned(),
                provenance,
            },
        )?,
        river: by.said(cell.river, |r| r.provenance, river)?,
        lake: by.said(cell.lake, |l| l.provenance, lake)?,
        wind: by.said(cell.wind, |w| w.provenance, |w, provenance| flow(w.months, provenance))?,
        current: by.said(
            cell.current,
            |c| c.provenance,
            |c, provenance| flow(c.months, provenance),
        )?,
        rain: by.said(
            rain,
            |r| r.provenance,
            |r, provenance| RainView { months_mm: r.months_mm.to_vec(), provenance },
        )?,
        temperature: by.said(
            air,
            |t| t.provenance,
            |t, provenance| TemperatureView {
                months_tenths_c: t.months_tenths_c.to_vec(),
                provenance,
            },
        )?,
        crust: by.said(crust, |c| c.provenance, region)?,
        orogen: by.said(orogen, |o| o.provenance, region)?,
        conflicts: cell.conflicts.into_iter().map(conflict).collect(),
    })
}

struct By<'a>(&'a Provenances);

impl By<'_> {
    /// A fact with who says so spelled out.
    fn said<T, V>(
        &self,
        fact: Option<T>,
        by: impl FnOnce(&T) -> ProvenanceId,
        view: impl FnOnce(T, ProvenanceView) -> V,
    ) -> Result<Option<V>, ReadError> {
        let Some(fact) = fact else { return Ok(None) };
        let provenance = self.0.get(by(&fact))?.clone();
        Ok(Some(view(fact, provenance)))
    }
}

fn terrain(t: Terrain, provenance: ProvenanceView) -> TerrainView {
    TerrainView {
        elevation_mean_m: t.elevation_mean_m,
        elevation_min_m: t.elevation_min_m,
        elevation_max_m: t.elevation_max_m,
        slope_permille: t.slope_permille,
        ruggedness_m: t.ruggedness_m,
        provenance,
    }
}

fn river(r: River, provenance: ProvenanceView) -> RiverView {
    RiverView {
        latin: r.latin,
        modern: r.modern,
        upstream_km2: r.upstream_km2,
        strahler: r.strahler,
        navigable: r.navigable,
        downstream: r.downstream,
        provenance,
    }
}

fn region(r: Region, provenance: ProvenanceView) -> RegionView {
    RegionView { name: r.name, provenance }
}

fn lake(l: Lake, provenance: ProvenanceView) -> LakeView {
    LakeView { latin: l.latin, modern: l.modern, water_permille: l.water_permille, provenance }
}

fn flow(months: [FlowVector; 12], provenance: ProvenanceView) -> FlowView {
    let months = months.map(|m| FlowMonth { u_cm_s: m.u_cm_s, v_cm_s: m.v_cm_s }).to_vec();
    FlowView { months, provenance }
}

fn conflict(c: Conflict) -> ConflictView {
    ConflictView {
        layer: c.layer,
        rule: c.rule,
        chosen: c.chosen,
        chosen_value: c.chosen_value,
        other: c.other,
        other_value: c.other_value,
    }
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
