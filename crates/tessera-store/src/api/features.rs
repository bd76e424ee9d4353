//! Features as the wire writes them. Properties are flat and always all there, `null` where nothing is
//! known, so that a client that takes its columns from the first page has them all.

use crate::{collections::Seen, cql::Row, geojson::GeoJson};
use geo_types::Geometry;
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::borrow::Cow;
use tessera_store_api::Link;
use tessera_world::ReleaseId;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeatureCollection<'a> {
    #[serde(rename = "type")]
    #[schema(example = "FeatureCollection")]
    kind: &'static str,
    /// When the state that is shown came to be: when its release was taken in.
    #[schema(value_type = String, format = DateTime)]
    time_stamp: Timestamp,
    /// The one release that this page is made from.
    #[schema(value_type = String)]
    release: &'a ReleaseId,
    /// Features that the whole query selects; absent where counting them would take too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number_matched: Option<u64>,
    /// Features on this page.
    pub(crate) number_returned: u64,
    pub(crate) links: Vec<Link>,
    pub(crate) features: Vec<Feature<'a>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Feature<'a> {
    #[serde(rename = "type")]
    #[schema(example = "Feature")]
    kind: &'static str,
    pub(crate) id: String,
    /// GeoJSON, longitude first.
    #[serde(serialize_with = "geometry")]
    #[schema(value_type = Object, example = json!({"type": "Point", "coordinates": [12.2917, 41.7556]}))]
    geometry: Seen<'a>,
    /// As the collection's `queryables` list them.
    #[serde(serialize_with = "properties")]
    #[schema(value_type = Object)]
    properties: Seen<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) links: Vec<Link>,
}

impl<'a> FeatureCollection<'a> {
    pub(crate) fn new(
        (release, time_stamp): (&'a ReleaseId, Timestamp),
        number_matched: Option<u64>,
        features: Vec<Feature<'a>>,
        links: Vec<Link>,
    ) -> Self {
        let number_returned = features.len() as u64;
        let kind = "FeatureCollection";
        Self { kind, time_stamp, release, number_matched, number_returned, links, features }
    }
}

impl<'a> Feature<'a> {
    pub(crate) fn new(seen: Seen<'a>, links: Vec<Link>) -> Self {
        let id = seen.record.id();
        Self { kind: "Feature", id, geometry: seen, properties: seen, links }
    }

    pub(crate) fn seen(&self) -> Seen<'a> {
        self.properties
    }

    pub(crate) fn shape(&self) -> Cow<'_, Geometry<f64>> {
        self.geometry.geometry()
    }
}

fn geometry<S: Serializer>(seen: &Seen<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    GeoJson(&seen.geometry()).serialize(serializer)
}

fn properties<S: Serializer>(seen: &Seen<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let columns = seen.columns.list();
    let mut map = serializer.serialize_map(Some(columns.len()))?;
    for (index, column) in columns.iter().enumerate() {
        map.serialize_entry(&column.name, &seen.value(index))?;
    }
    map.end()
}
