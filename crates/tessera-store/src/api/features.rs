//! GeoJSON (RFC 7946). Properties are flat and always all there, `null` where a layer says nothing, so
//! that a client that takes its columns from the first page has them all.

use crate::releases::{Provenances, ReadError};
use serde::Serialize;
use tessera_grid::{Position, Zone};
use tessera_store_api::Link;
use tessera_world::{Cell, Certainty, Harbour, Place, SurfaceKind};
use utoipa::ToSchema;

/// A ten-millionth of a degree is a centimetre; more digits only make answers longer.
const DEGREES_DENOMINATOR: f64 = 1e7;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeatureCollection {
    #[serde(rename = "type")]
    #[schema(example = "FeatureCollection")]
    kind: &'static str,
    /// Features that the whole query selects.
    pub(crate) number_matched: u64,
    /// Features on this page.
    pub(crate) number_returned: u64,
    pub(crate) links: Vec<Link>,
    pub(crate) features: Vec<Feature>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Feature {
    #[serde(rename = "type")]
    #[schema(example = "Feature")]
    kind: &'static str,
    pub(crate) id: String,
    pub(crate) geometry: Geometry,
    pub(crate) properties: Properties,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) links: Vec<Link>,
}

/// Longitude first.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", content = "coordinates")]
pub(crate) enum Geometry {
    Point([f64; 2]),
    Polygon(Vec<Vec<[f64; 2]>>),
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Properties {
    Place(Box<PlaceProperties>),
    Cell(Box<CellProperties>),
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceProperties {
    latin: String,
    modern: String,
    province: String,
    #[schema(value_type = String)]
    harbour: Harbour,
    rank: u8,
    population: Option<u32>,
    #[schema(value_type = String)]
    certainty: Certainty,
    citation: String,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
    note: String,
    #[schema(value_type = String)]
    zone: Zone,
    #[schema(value_type = Option<String>)]
    water_zone: Option<Zone>,
    source: String,
    licence: String,
    method: String,
}

#[derive(Default, Serialize, ToSchema)]
pub(crate) struct CellProperties {
    #[schema(value_type = Option<String>)]
    surface_kind: Option<SurfaceKind>,
    land_permille: Option<u16>,
    elevation_mean_m: Option<i32>,
    elevation_min_m: Option<i32>,
    elevation_max_m: Option<i32>,
    slope_permille: Option<u32>,
    ruggedness_m: Option<u32>,
    river_name: Option<String>,
    river_upstream_km2: Option<u32>,
    river_navigable: Option<bool>,
    #[schema(value_type = Option<String>)]
    river_downstream: Option<Zone>,
    koppen: Option<String>,
    /// Monthly means, January first: to the east.
    #[schema(value_type = Option<Vec<i16>>)]
    wind_u_cm_s: Option<[i16; 12]>,
    /// To the north.
    #[schema(value_type = Option<Vec<i16>>)]
    wind_v_cm_s: Option<[i16; 12]>,
    surface_source: Option<String>,
    surface_licence: Option<String>,
    #[schema(value_type = Option<String>)]
    surface_certainty: Option<Certainty>,
    surface_method: Option<String>,
    terrain_source: Option<String>,
    terrain_licence: Option<String>,
    #[schema(value_type = Option<String>)]
    terrain_certainty: Option<Certainty>,
    terrain_method: Option<String>,
    river_source: Option<String>,
    river_licence: Option<String>,
    #[schema(value_type = Option<String>)]
    river_certainty: Option<Certainty>,
    river_method: Option<String>,
    climate_source: Option<String>,
    climate_licence: Option<String>,
    #[schema(value_type = Option<String>)]
    climate_certainty: Option<Certainty>,
    climate_method: Option<String>,
    wind_source: Option<String>,
    wind_licence: Option<String>,
    #[schema(value_type = Option<String>)]
    wind_certainty: Option<Certainty>,
    wind_method: Option<String>,
}

impl FeatureCollection {
    pub(crate) fn new(number_matched: u64, features: Vec<Feature>, links: Vec<Link>) -> Self {
        let number_returned = features.len() as u64;
        Self { kind: "FeatureCollection", number_matched, number_returned, links, features }
    }
}

impl Feature {
    pub(crate) fn of_place(place: Place, provenances: &Provenances) -> Result<Self, ReadError> {
        let said = provenances.get(place.provenance)?;
        let properties = PlaceProperties {
            latin: place.latin,
            modern: place.modern,
            province: place.province,
            harbour: place.harbour,
            rank: place.rank,
            population: place.population,
            certainty: place.certainty,
            citation: place.citation,
            valid_from: place.valid_from,
            valid_to: place.valid_to,
            note: place.note,
            zone: place.zone,
            water_zone: place.water_zone,
            source: said.source.clone(),
            licence: said.licence.clone(),
            method: said.method.clone(),
        };
        Ok(Self {
            kind: "Feature",
            id: place.id,
            geometry: Geometry::Point(coordinates(place.position)),
            properties: Properties::Place(Box::new(properties)),
            links: Vec::new(),
        })
    }

    pub(crate) fn of_cell(cell: Cell, provenances: &Provenances) -> Result<Self, ReadError> {
        let mut ring: Vec<[f64; 2]> = cell.zone.boundary().into_iter().map(coordinates).collect();
        ring.extend(ring.first().copied());
        Ok(Self {
            kind: "Feature",
            id: cell.zone.to_string(),
            geometry: Geometry::Polygon(vec![ring]),
            properties: Properties::Cell(Box::new(cell_properties(cell, provenances)?)),
            links: Vec::new(),
        })
    }
}

fn coordinates(position: Position) -> [f64; 2] {
    [position.longitude(), position.latitude()]
        .map(|degrees| (degrees * DEGREES_DENOMINATOR).round() / DEGREES_DENOMINATOR)
}

fn cell_properties(cell: Cell, provenances: &Provenances) -> Result<CellProperties, ReadError> {
    let mut all = CellProperties::default();
    if let Some(surface) = cell.surface {
        all.surface_kind = Some(surface.kind);
        all.land_permille = Some(surface.land_permille);
        let said = provenances.get(surface.provenance)?;
        all.surface_source = Some(said.source.clone());
        all.surface_licence = Some(said.licence.clone());
        all.surface_certainty = Some(said.certainty);
        all.surface_method = Some(said.method.clone());
    }
    if let Some(terrain) = cell.terrain {
        all.elevation_mean_m = Some(terrain.elevation_mean_m);
        all.elevation_min_m = Some(terrain.elevation_min_m);
        all.elevation_max_m = Some(terrain.elevation_max_m);
        all.slope_permille = Some(terrain.slope_permille);
        all.ruggedness_m = Some(terrain.ruggedness_m);
        let said = provenances.get(terrain.provenance)?;
        all.terrain_source = Some(said.source.clone());
        all.terrain_licence = Some(said.licence.clone());
        all.terrain_certainty = Some(said.certainty);
        all.terrain_method = Some(said.method.clone());
    }
    if let Some(river) = cell.river {
        all.river_name = river.latin.or(river.modern);
        all.river_upstream_km2 = river.upstream_km2;
        all.river_navigable = Some(river.navigable);
        all.river_downstream = river.downstream;
        let said = provenances.get(river.provenance)?;
        all.river_source = Some(said.source.clone());
        all.river_licence = Some(said.licence.clone());
        all.river_certainty = Some(said.certainty);
        all.river_method = Some(said.method.clone());
    }
    if let Some(climate) = cell.climate {
        all.koppen = Some(climate.koppen.to_string());
        let said = provenances.get(climate.provenance)?;
        all.climate_source = Some(said.source.clone());
        all.climate_licence = Some(said.licence.clone());
        all.climate_certainty = Some(said.certainty);
        all.climate_method = Some(said.method.clone());
    }
    if let Some(wind) = cell.wind {
        all.wind_u_cm_s = Some(wind.months.map(|month| month.u_cm_s));
        all.wind_v_cm_s = Some(wind.months.map(|month| month.v_cm_s));
        let said = provenances.get(wind.provenance)?;
        all.wind_source = Some(said.source.clone());
        all.wind_licence = Some(said.licence.clone());
        all.wind_certainty = Some(said.certainty);
        all.wind_method = Some(said.method.clone());
    }
    Ok(all)
}
