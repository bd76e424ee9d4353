//! HTTP only: the route tables of the two listeners, and what every route has in common.

mod commands;
mod door;
mod events;
mod export;
mod harbour;
mod import;
mod internal;
mod life;
mod openapi;
mod params;
mod passkeys;
mod respond;
mod session;
mod sessions;
mod tiles;
mod villa;
mod web;
mod world;

use crate::app::App;
use axum::{Router, middleware};
use std::sync::Arc;
use theron_mesh::names;
use theron_service::{Admitted, Routes, admit, unhurried};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Where both APIs stand; the documents' paths are relative to it.
const BASE: &str = "/api/v1";

/// For browsers: the player API and the game itself.
pub(crate) fn public(app: &Arc<App>) -> Routes {
    let (router, document) = player_routes().split_for_parts();
    let api = router
        .route_layer(middleware::from_fn_with_state(Arc::clone(app), door::same_origin))
        .route_layer(middleware::from_fn_with_state(Arc::clone(app), session::in_hand))
        .with_state(Arc::clone(app));
    let router = Router::new().nest(BASE, api).merge(web::routes(app.config.web_dir.as_deref()));
    (router, openapi::finish(document)).into()
}

/// For the aggregation: closed windows.
pub(crate) fn mesh(app: &Arc<App>) -> Routes {
    let (router, document) = internal_routes().split_for_parts();
    let api = router
        .route_layer(admit(&[Admitted::Named(names::AGGREGATION)]))
        .with_state(Arc::clone(app));
    (Router::new().nest(BASE, api), openapi::finish(document)).into()
}

/// Both documents, without a server behind them.
pub(crate) fn documents() -> [OpenApi; 2] {
    [player_routes(), internal_routes()].map(|routes| openapi::finish(routes.into_openapi()))
}

fn player_routes() -> OpenApiRouter<Arc<App>> {
    let files = OpenApiRouter::new().routes(routes!(import::import)).route_layer(unhurried());
    OpenApiRouter::with_openapi(openapi::player_document())
        .routes(routes!(sessions::enrol))
        .routes(routes!(sessions::open_session, sessions::close_sessions))
        .routes(routes!(sessions::session, sessions::renew_session, sessions::close_session))
        .routes(routes!(sessions::new_phrase))
        .routes(routes!(passkeys::ask_for_any_passkey))
        .routes(routes!(passkeys::open_session_by_passkey))
        .routes(routes!(passkeys::passkeys, passkeys::add_passkey))
        .routes(routes!(passkeys::ask_for_new_passkey))
        .routes(routes!(passkeys::remove_passkey))
        .routes(routes!(sessions::farewell))
        .routes(routes!(world::world))
        .routes(routes!(world::chapters))
        .routes(routes!(world::parameters))
        .routes(routes!(world::places))
        .routes(routes!(world::place))
        .routes(routes!(world::market))
        .routes(routes!(tiles::tile))
        .routes(routes!(tiles::release_tile))
        .routes(routes!(life::me))
        .routes(routes!(life::plan))
        .routes(routes!(life::timeline))
        .routes(routes!(life::ledger))
        .routes(routes!(life::moments))
        .routes(routes!(export::sqlite))
        .routes(routes!(export::lines))
        .routes(routes!(events::events))
        .routes(routes!(commands::trade))
        .routes(routes!(commands::store))
        .routes(routes!(commands::depart))
        .routes(routes!(commands::begin_otium, commands::end_otium))
        .routes(routes!(commands::write_journal))
        .routes(routes!(harbour::harbour))
        .routes(routes!(harbour::repair))
        .routes(routes!(harbour::buy_ship, harbour::sell_ship))
        .routes(routes!(harbour::charter))
        .routes(routes!(harbour::borrow))
        .routes(routes!(harbour::repay))
        .routes(routes!(harbour::ask_friends))
        .routes(routes!(harbour::move_on))
        .routes(routes!(villa::buy_villa))
        .routes(routes!(villa::sell_villa))
        .routes(routes!(villa::shelve))
        .merge(files)
}

fn internal_routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(openapi::internal_document())
        .routes(routes!(internal::windows))
        .routes(routes!(internal::snapshot))
}
