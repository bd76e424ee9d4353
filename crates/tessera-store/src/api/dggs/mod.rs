//! OGC API DGGS: the world as zones of H3, of the whole dataset and of each collection of zones.

mod describe;
mod format;
mod query;
mod subset;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod zone;
mod zones;

use super::{
    answer::{JSON, not_found},
    collections::find,
    landing::link,
};
use crate::{
    app::App,
    collections::Layer,
    quantities::{self, QUANTITIES, Quantity},
    releases::OpenRelease,
};
use std::sync::Arc;
use tessera_store_api::Link;
use theron_service::Refusal;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Each is proved by the tests that `tests/it/conformance.rs` puts beside it.
pub(crate) const CONFORMS_TO: &[&str] = &[
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/core",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/data-retrieval",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/data-custom-depths",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/zone-query",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/root-dggs",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/collection-dggs",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/data-json",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/data-geojson",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/zone-json",
    "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/zone-geojson",
];

/// The one reference system that is served.
const H3: &str = "H3";
const TITLE: &str = "H3: hexagons on an icosahedron, sixteen levels";
/// What DGGS-JSON calls it.
const H3_URI: &str = "https://h3geo.org/";

/// Relations of links, as OGC registers them.
mod rel {
    pub(super) const LIST: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-list";
    pub(super) const DGGRS: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs";
    pub(super) const DEFINITION: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-definition";
    pub(super) const ZONES: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-zone-query";
    pub(super) const ZONE: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-zone-info";
    pub(super) const DATA: &str = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-zone-data";
    pub(super) const DATASET: &str = "http://www.opengis.net/def/rel/ogc/1.0/dataset";
    pub(super) const GEODATA: &str = "http://www.opengis.net/def/rel/ogc/1.0/geodata";
}

pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(describe::list))
        .routes(routes!(describe::one))
        .routes(routes!(describe::definition))
        .routes(routes!(zones::zones))
        .routes(routes!(zone::zone))
        .routes(routes!(zone::data))
        .routes(routes!(describe::list_of_collection))
        .routes(routes!(describe::one_of_collection))
        .routes(routes!(zones::zones_of_collection))
        .routes(routes!(zone::zone_of_collection))
        .routes(routes!(zone::data_of_collection))
}

/// Where a landing page or a collection of zones says that it is here.
pub(crate) fn links(here: &str, collection: Option<&str>) -> Vec<Link> {
    if collection.is_some_and(|id| quantities::of_collection(id).is_empty()) {
        return Vec::new();
    }
    vec![link(rel::LIST, JSON, format!("{here}/dggs"), "As zones of H3")]
}

/// What a request is about: everything, or the quantities of one collection.
struct Subject {
    /// Below the base: empty, or `/collections/cells`.
    path: String,
    /// Of what they are, where it is not everything.
    layer: Option<&'static Layer>,
    quantities: Vec<&'static Quantity>,
}

impl Subject {
    fn of(release: &OpenRelease, collection: Option<&str>) -> Result<Self, Refusal> {
        let Some(name) = collection else {
            let quantities = QUANTITIES.iter().collect();
            return Ok(Self { path: String::new(), layer: None, quantities });
        };
        let found = find(release, name)?;
        let quantities = quantities::of_collection(&found.id);
        if quantities.is_empty() {
            let detail = format!("collection {name} has no zones; ask for its items");
            return Err(not_found("no_such_grid", detail));
        }
        Ok(Self { path: format!("/collections/{}", found.id), layer: found.layer(), quantities })
    }

    /// To what the zones are of: the dataset's landing page, or the collection.
    fn origin(&self, base: &str) -> Link {
        let (rel, title) = match self.path.as_str() {
            "" => (rel::DATASET, "The dataset"),
            _ => (rel::GEODATA, "The collection"),
        };
        link(rel, JSON, format!("{base}{}", self.path), title)
    }

    /// To the reference system.
    fn dggrs(&self, base: &str) -> Link {
        link(rel::DGGRS, JSON, format!("{base}{}/dggs/{H3}", self.path), TITLE)
    }
}

/// To what the reference system is.
fn definition(base: &str) -> Link {
    link(rel::DEFINITION, JSON, format!("{base}/dggs/{H3}/definition"), "Definition")
}

/// Refuses another reference system than ours.
fn expect_h3(name: &str) -> Result<(), Refusal> {
    if name == H3 {
        return Ok(());
    }
    Err(not_found("no_such_grid", format!("there is no grid {name:?}; there is {H3}")))
}
