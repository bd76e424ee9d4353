//! HTTP only. The route table: who may read, who may write, and what the public listener carries.

mod answer;
mod budget;
mod collections;
mod cursor;
mod derived;
mod dggs;
mod edr;
mod export;
mod features;
mod html;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod items;
mod kept;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod landing;
mod origin;
mod pages;
mod params;
mod pinned;
mod queryables;
mod releases;
mod tiles;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod tilesets;
mod variants;
mod view;
#[expect(unused_qualifications, reason = "the macro that describes query parameters writes them")]
mod world;

pub(crate) use budget::{Budgets, budgets};
pub(crate) use export::EXPORTS;

use crate::app::App;
use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, get},
};
use origin::Listener;
use std::sync::Arc;
use theron_mesh::names;
use theron_service::{Admitted, Proxy, Refusal, Routes, Shortcuts, admit, unhurried};
use utoipa::{OpenApi, openapi::OpenApi as Document};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every list of a derived window at its limit is 14 MB of JSON.
const DERIVED_BYTES_MAX: usize = 16 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(info(
    title = "tessera-store",
    description = "Releases of the physical world of antiquity, as files, zones, places, tiles and OGC API \
                   features; and what was derived from everyone's play.",
    license(name = "MIT OR Apache-2.0")
))]
struct About;

/// The routes of the mesh listener and of the public one.
pub(crate) fn routes(app: &Arc<App>) -> (Routes, Routes) {
    let (mesh, mesh_document) = mesh().with_state(Arc::clone(app)).split_for_parts();
    let (public, public_document) = public().with_state(Arc::clone(app)).split_for_parts();
    let mesh = variants::compressed(mesh)
        .layer(middleware::from_fn(kept::keep))
        .layer(Extension(Listener { scheme: "https", behind_proxy: Proxy::None }));
    let public = variants::compressed(with_refusals(public))
        .layer(middleware::from_fn(kept::keep))
        .layer(middleware::from_fn_with_state(Arc::clone(app), budget::within_budget))
        .layer(middleware::from_fn(pages::open_to_any))
        .layer(Extension(Listener { scheme: "http", behind_proxy: app.behind_proxy }));
    ((mesh, mesh_document).into(), (public, public_document).into())
}

/// What each listener knows without its routes.
pub(crate) fn shortcuts(app: &Arc<App>) -> Shortcuts {
    let [mesh, public] = [false, true].map(|public| Some(kept::shortcut(app, public)));
    Shortcuts { mesh, public }
}

/// What every listener refuses, where the layers of the routes reach it: a page reads it, and it is counted.
fn with_refusals(routes: Router) -> Router {
    let nothing = || any(async || Refusal::no_such_route());
    routes
        .route("/", nothing())
        .route("/{*elsewhere}", nothing())
        .method_not_allowed_fallback(async || Refusal::no_such_method())
}

/// The OpenAPI documents of the mesh listener and of the public one.
pub fn documents() -> (Document, Document) {
    (mesh().into_openapi(), public().into_openapi())
}

fn mesh() -> OpenApiRouter<Arc<App>> {
    let anyone = world_reads()
        .routes(routes!(derived::current))
        .routes(routes!(derived::window))
        .route_layer(admit(&[Admitted::Anyone]));
    let intake = OpenApiRouter::new()
        .routes(routes!(releases::upload))
        .layer(DefaultBodyLimit::disable())
        .layer(unhurried())
        .routes(routes!(releases::promote))
        .route_layer(admit(&[Admitted::Named(names::PIPELINE)]));
    let emergency = OpenApiRouter::new()
        .routes(routes!(releases::roll_back))
        .routes(routes!(releases::remove))
        .route_layer(admit(&[Admitted::Named(names::PIPELINE), Admitted::Named(names::OPERATOR)]));
    let aggregation = OpenApiRouter::new()
        .routes(routes!(derived::put))
        .layer(DefaultBodyLimit::max(DERIVED_BYTES_MAX))
        .route_layer(admit(&[Admitted::Named(names::AGGREGATION)]));
    OpenApiRouter::with_openapi(About::openapi())
        .merge(anyone)
        .merge(intake)
        .merge(emergency)
        .merge(aggregation)
}

fn public() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(About::openapi()).merge(world_reads())
}

fn world_reads() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(landing::landing))
        .route("/api/v1/", get(landing::landing))
        .routes(routes!(landing::conformance))
        .routes(routes!(collections::collections))
        .routes(routes!(collections::collection))
        .routes(routes!(queryables::queryables))
        .routes(routes!(items::items))
        .routes(routes!(items::item))
        .routes(routes!(world::zones))
        .routes(routes!(world::zone))
        .merge(without_parameters())
        .merge(dggs::routes())
        .merge(edr::routes())
        .merge(tilesets::routes())
}

fn without_parameters() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(releases::list))
        .routes(routes!(releases::one))
        .routes(routes!(releases::file))
        .routes(routes!(releases::sources))
        .routes(routes!(world::places))
        .routes(routes!(tiles::tile))
        .routes(routes!(export::parquet))
        .merge(tilesets::routes_without_parameters())
        .route_layer(middleware::from_fn(params::none))
}
