//! POST /imports: a life from another server

use super::{openapi::EnrolKeyHeader, respond::Refused, session::Arrival, sessions::let_in};
use crate::{
    app::App,
    budgets::InHand,
    play::{self, Key, PlayError},
};
use axum::{Extension, body::Body, extract::State, http::StatusCode, response::Response};
use otivm_api::Imported;
use std::sync::Arc;

/// Go on here with a life from another server: the body is the file of `/life.sqlite3` or `/life.jsonl`, at most
/// 32 MiB.
///
/// The file is proven first: its chain, its ledger, and every act where the rules let it be done. The life moves
/// into a free seat with the state that it had, then one `import` moment says where it came from. Sessions and the
/// phrase of the other server open nothing here. The file is told by its first byte, whatever `Content-Type` says.
#[utoipa::path(post, path = "/imports", tag = "session", params(EnrolKeyHeader),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "The file"),
    responses((status = 201, description = "Moved in; the cookie is set", body = Imported)))]
pub(super) async fn import(
    State(app): State<Arc<App>>,
    Extension(call): Extension<InHand>,
    _arrival: Arrival,
    key: Key,
    body: Body,
) -> Result<Response, Refused> {
    if !key.may_begin_a_life() {
        return Err(PlayError::KeyTooShort.into());
    }
    let entered = play::import(&app, key, body).await?;
    Ok(let_in(&call, StatusCode::CREATED, entered))
}
