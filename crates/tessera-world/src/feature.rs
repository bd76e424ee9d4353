//! A thing with a shape and a name that no zone owns: a road, a mine, a wreck, a province.

use crate::{Certainty, ProvenanceId};
use geo_types::Geometry;
use serde_json::{Map, Value};
use tessera_grid::{BBox, Zone};

/// One record of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// `roads`, `mines`, …: lower-case ASCII and underscores.
    pub collection: String,
    /// Unique within the collection.
    pub id: String,
    pub title: String,
    /// As the Romans wrote it.
    pub latin: Option<String>,
    /// WGS 84, degrees, longitude first.
    pub geometry: Geometry<f64>,
    /// The zone of the world that holds it, where it is a point.
    pub zone: Option<Zone>,
    /// Whatever else its source says, flat.
    pub properties: Map<String, Value>,
    pub certainty: Certainty,
    /// Where it is argued: `pleiades:422995`; empty where the source gives none.
    pub citation: String,
    /// Astronomical years; `None`: no known bound.
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
    pub provenance: ProvenanceId,
}

impl Feature {
    /// A certain thing of all time, without a title or a zone: the rest is its source's to say.
    pub fn new(
        collection: &str,
        id: String,
        geometry: Geometry<f64>,
        provenance: ProvenanceId,
    ) -> Self {
        Self {
            collection: collection.to_owned(),
            id,
            title: String::new(),
            latin: None,
            geometry,
            zone: None,
            properties: Map::new(),
            certainty: Certainty::Certain,
            citation: String::new(),
            valid_from: None,
            valid_to: None,
            provenance,
        }
    }

    /// What no two features of a release share, and what they are ordered by: collection and id.
    pub fn key(&self) -> (&str, &str) {
        (&self.collection, &self.id)
    }
}

/// What a release says of one of its collections.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionInfo {
    pub id: String,
    pub features: u64,
    /// Around all of them.
    pub bbox: BBox,
    /// The first and the last year that a feature's bounds name; `None` where none names one.
    pub years: Option<(i32, i32)>,
}

/// What a release says of one of its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// `terrain`, `wind_rose`, …
    pub id: String,
    /// Zones that have a fact of it.
    pub zones: u64,
    pub resolution: tessera_grid::Resolution,
}
