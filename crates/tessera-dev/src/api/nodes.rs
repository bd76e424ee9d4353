//! `GET /nodes`: who is asked, and how it went.

use super::App;
use axum::extract::State;
use std::sync::Arc;
use tessera_dev_api::{NodeList, NodeState, NodeStatus, ShareOutcome};
use theron_service::{Json, Refusal};

/// The configured game nodes.
#[utoipa::path(
    get, path = "/nodes", operation_id = "node_list",
    responses((status = 200, body = NodeList), (status = 403, body = theron_wire::Problem, description = "`not_admitted`")),
)]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<NodeList>, Refusal> {
    let names: Vec<String> = app.games.iter().map(|game| game.name.clone()).collect();
    let (next_window, last) = app
        .storage
        .call(move |db| {
            let last =
                names.iter().map(|name| db.last_share(name)).collect::<Result<Vec<_>, _>>()?;
            Ok((db.next_window()?, last))
        })
        .await?;
    let nodes = app
        .games
        .iter()
        .zip(last)
        .map(|(game, (outcome, last_window))| {
            let problem = app.failures.reason(&game.name);
            NodeStatus {
                name: game.name.clone(),
                base_url: game.base_url.clone(),
                state: state(outcome, problem.is_some()),
                last_window,
                problem,
            }
        })
        .collect();
    let (window_us, patience_windows) = (app.span.window_us, app.patience_windows);
    Ok(Json(NodeList { window_us, next_window, patience_windows, nodes }))
}

fn state(last: Option<ShareOutcome>, failed: bool) -> NodeState {
    match (last, failed) {
        (Some(ShareOutcome::LeftOut), _) => NodeState::LeftOut,
        (_, true) => NodeState::Awaited,
        (None, false) => NodeState::New,
        (Some(ShareOutcome::Counted | ShareOutcome::NoSuchWindow), false) => NodeState::Answers,
    }
}
