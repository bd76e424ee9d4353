//! What the mesh may read here. Nothing is written through this API.

mod nodes;
mod windows;

use crate::{
    config::GameNode,
    rounds::{Failures, Span},
    storage::{Storage, StorageError},
};
use std::sync::Arc;
use theron_mesh::names;
use theron_service::{Admitted, Refusal, Routes, admit};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the handlers need.
pub(crate) struct App {
    pub(crate) storage: Storage,
    pub(crate) games: Vec<GameNode>,
    pub(crate) span: Span,
    pub(crate) patience_windows: u32,
    pub(crate) failures: Failures,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "tessera-dev (1103)",
        description = "What was derived from everyone's play, from whom, and what is waited for. \
                       Over the mesh, with a client certificate. Refusals are RFC 9457 problems.",
    ),
    servers((url = "/api/v1")),
    components(schemas(theron_wire::Problem)),
)]
struct Document;

/// Who reads: the operator, and the game nodes whose play it is.
const READERS: &[Admitted] = &[Admitted::Named(names::OPERATOR), Admitted::Games];

pub(crate) fn routes(app: Arc<App>) -> Routes {
    let (router, api) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(windows::list))
        .routes(routes!(windows::detail))
        .routes(routes!(nodes::list))
        .split_for_parts();
    let router =
        axum::Router::new().nest("/api/v1", router.route_layer(admit(READERS)).with_state(app));
    Routes { router, api }
}

/// The API document, as it is checked in.
pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<Arc<App>>::with_openapi(Document::openapi())
        .routes(routes!(windows::list))
        .routes(routes!(windows::detail))
        .routes(routes!(nodes::list))
        .split_for_parts()
        .1
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::internal(&error)
    }
}
