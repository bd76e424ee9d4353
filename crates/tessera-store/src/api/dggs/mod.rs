//! OGC API DGGS: the world as zones of H3, of the whole dataset and of each collection of zones.

mod describe;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod zone;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod zones;

use super::{answer::not_found, collections::find};
use crate::{
    app::App,
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
/// What DGGS-JSON calls it.
const H3_URI: &str = "https://h3geo.org/";

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
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/dggrs-list";
    vec![super::landing::link(rel, super::answer::JSON, format!("{here}/dggs"), "As zones of H3")]
}

/// What a request is about: everything, or the quantities of one collection.
struct Subject {
    /// Below the base: empty, or `/collections/cells`.
    path: String,
    quantities: Vec<&'static Quantity>,
}

impl Subject {
    fn of(release: &OpenRelease, collection: Option<&str>) -> Result<Self, Refusal> {
        let Some(name) = collection else {
            return Ok(Self { path: String::new(), quantities: QUANTITIES.iter().collect() });
        };
        let found = find(release, name)?;
        let quantities = quantities::of_collection(&found.id);
        if quantities.is_empty() {
            let detail = format!("collection {name} has no zones; ask for its items");
            return Err(not_found("no_such_grid", detail));
        }
        Ok(Self { path: format!("/collections/{}", found.id), quantities })
    }
}

/// Refuses another reference system than ours.
fn expect_h3(name: &str) -> Result<(), Refusal> {
    if name == H3 {
        return Ok(());
    }
    Err(not_found("no_such_grid", format!("there is no grid {name:?}; there is {H3}")))
}
