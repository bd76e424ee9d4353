//! HTTP only: the route table, and the use cases' errors as problems.

mod imports;
mod runs;

use crate::config::World;
use crate::runs::{IntakeError, PromoteError, Shelf, ShelfError};
use axum::{extract::DefaultBodyLimit, http::StatusCode};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use tessera_store_api::StoreClient;
use theron_mesh::{CallError, names};
use theron_service::{Admitted, Clock, Refusal, Routes, admit};
use tokio::sync::Notify;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the handlers need.
pub(crate) struct App {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) worlds: BTreeMap<String, World>,
    pub(crate) data_dir: PathBuf,
    pub(crate) store: StoreClient,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wake: Arc<Notify>,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "tessera-pipeline (1101)",
        description = "Runs that make the physical world from its sources, their assays, and the promotion \
                       of what passed. Over the mesh, with a client certificate. Refusals are RFC 9457 problems.",
        license(name = "MIT OR Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    components(schemas(theron_wire::Problem)),
)]
struct Document;

/// Who may start and promote: the operator, and this service's own scripts.
const OPERATORS: &[Admitted] =
    &[Admitted::Named(names::OPERATOR), Admitted::Named(names::PIPELINE)];

pub(crate) fn routes(app: Arc<App>) -> Routes {
    let (router, api) = router().split_for_parts();
    let router =
        axum::Router::new().nest("/api/v1", router.route_layer(admit(OPERATORS)).with_state(app));
    Routes { router, api }
}

/// The API document, as it is checked in.
pub fn openapi() -> utoipa::openapi::OpenApi {
    router().split_for_parts().1
}

fn router() -> OpenApiRouter<Arc<App>> {
    // A release file is limited by the intake itself, which counts what it writes.
    let intake =
        OpenApiRouter::new().routes(routes!(imports::start)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(runs::list, runs::start))
        .routes(routes!(runs::detail))
        .routes(routes!(runs::assay))
        .routes(routes!(runs::quarantine))
        .routes(routes!(runs::promote_run))
        .merge(intake)
}

impl From<ShelfError> for Refusal {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::QueueFull => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "queue_full", error.to_string())
            }
            ShelfError::Io { .. } | ShelfError::State { .. } => Self::internal(&error),
        }
    }
}

impl From<IntakeError> for Refusal {
    fn from(error: IntakeError) -> Self {
        let text = error.to_string();
        match error {
            IntakeError::NotARelease => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not_a_release", text)
            }
            IntakeError::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", text)
            }
            IntakeError::BrokeOff(_) => Self::new(StatusCode::BAD_REQUEST, "body_broke_off", text),
            IntakeError::Shelf(error) => error.into(),
        }
    }
}

impl From<PromoteError> for Refusal {
    fn from(error: PromoteError) -> Self {
        let text = error.to_string();
        match error {
            PromoteError::NotFinished { .. } => {
                Self::new(StatusCode::CONFLICT, "run_not_finished", text)
            }
            PromoteError::NotPromotable { .. } => {
                Self::new(StatusCode::CONFLICT, "run_not_promotable", text)
            }
            PromoteError::Changed { .. } => {
                Self::new(StatusCode::CONFLICT, "release_changed", text)
            }
            PromoteError::Store(error) => store_refusal(&error, text),
            PromoteError::Shelf(error) => error.into(),
        }
    }
}

/// 1102 away is 503 and worth a retry; 1102 refusing is 502 and worth reading.
fn store_refusal(error: &tessera_store_api::StoreError, text: String) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "the store did not take a release");
    match error {
        tessera_store_api::StoreError::Call(call) => match &**call {
            CallError::Refused { problem, .. } if problem.status < 500 => {
                Refusal::new(StatusCode::BAD_GATEWAY, "store_refused", text)
            }
            _ => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "store_unreachable", text),
        },
        _ => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "store_unreachable", text),
    }
}
