//! HTTP only: the route table, and the use cases' errors as problems.

mod datasets;
mod imports;
mod promotions;
mod runs;

use crate::config::World;
use crate::datasets::Checksums;
use crate::documents::{DocumentError, Documents};
use crate::runs::{InHand, IntakeError, PromoteError, Promoter, RollBackError, Shelf, ShelfError};
use axum::{extract::DefaultBodyLimit, http::StatusCode};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use theron_mesh::{CallError, names};
use theron_service::{Admitted, Clock, Refusal, Routes, admit, unhurried};
use tokio::sync::Notify;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the handlers need.
pub(crate) struct App {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) worlds: BTreeMap<String, World>,
    pub(crate) documents: Arc<Documents>,
    pub(crate) checksums: Arc<Checksums>,
    pub(crate) data_dir: PathBuf,
    pub(crate) promoter: Arc<Promoter>,
    pub(crate) in_hand: Arc<InHand>,
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
    // Files are limited by those who take them in, who count what they write; they may take as long as they move.
    let intake = OpenApiRouter::new()
        .routes(routes!(imports::start))
        .routes(routes!(datasets::send_file))
        .layer(DefaultBodyLimit::disable())
        .layer(unhurried());
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(datasets::list, datasets::send))
        .routes(routes!(runs::list, runs::start))
        .routes(routes!(runs::detail, runs::cancel))
        .routes(routes!(runs::assay))
        .routes(routes!(runs::finding_page))
        .routes(routes!(runs::quarantine_page))
        .routes(routes!(promotions::promote))
        .routes(routes!(promotions::promotion))
        .routes(routes!(promotions::roll_back))
        .merge(intake)
}

impl From<ShelfError> for Refusal {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::QueueFull => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", error.to_string())
            }
            ShelfError::Io { .. } | ShelfError::State { .. } | ShelfError::Claim(_) => {
                Self::internal(&error)
            }
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

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        let text = error.to_string();
        let (status, code) = match error {
            DocumentError::Sources(_)
            | DocumentError::Outside(_)
            | DocumentError::NoChecksum(_)
            | DocumentError::Beside => (StatusCode::UNPROCESSABLE_ENTITY, "document_wrong"),
            DocumentError::Unknown(_) => (StatusCode::NOT_FOUND, "document_unknown"),
            DocumentError::NotListed { .. } => (StatusCode::NOT_FOUND, "file_not_listed"),
            DocumentError::Checksum { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "checksum_differs")
            }
            DocumentError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            DocumentError::BrokeOff(_) => (StatusCode::BAD_REQUEST, "body_broke_off"),
            DocumentError::Shelf(error) => return error.into(),
        };
        Self::new(status, code, text)
    }
}

impl From<PromoteError> for Refusal {
    fn from(error: PromoteError) -> Self {
        let text = error.to_string();
        let (status, code) = match error {
            PromoteError::Unknown { .. } => (StatusCode::NOT_FOUND, "run_unknown"),
            PromoteError::NotFinished { .. } => (StatusCode::CONFLICT, "run_not_finished"),
            PromoteError::NotPromotable { .. } => (StatusCode::CONFLICT, "run_not_promotable"),
            PromoteError::Shelf(error) => return error.into(),
        };
        Self::new(status, code, text)
    }
}

impl From<RollBackError> for Refusal {
    fn from(error: RollBackError) -> Self {
        let text = error.to_string();
        let (status, code) = match error {
            RollBackError::NotAnId(_) => (StatusCode::BAD_REQUEST, "not_a_release_id"),
            RollBackError::Unknown { .. } => (StatusCode::NOT_FOUND, "release_unknown"),
            RollBackError::NeverCurrent(_) => (StatusCode::CONFLICT, "never_current"),
            RollBackError::Promoting(_) => (StatusCode::CONFLICT, "promotion_in_hand"),
            RollBackError::Store(error) => return store_refusal(&error, text),
        };
        Self::new(status, code, text)
    }
}

/// 1102 away is 503 and worth a retry; 1102 refusing is 502 and worth reading.
fn store_refusal(error: &tessera_store_api::StoreError, text: String) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "1102 did not roll back");
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
