//! `GET /windows`, `GET /windows/{window}`: what was derived.

use super::App;
use crate::{rounds::Span, storage::Kept};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use std::sync::Arc;
use tessera_dev_api::{PriceMoved, RouteMoved, WindowDetail, WindowList, WindowSummary};
use tessera_store_api::DerivedWindow;
use theron_service::{Json, Path, Query, Refusal};

/// A page of windows with their nodes stays far below a MiB.
const LIMIT_MAX: u32 = 100;
const LIMIT_DEFAULT: u32 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    before: Option<i64>,
    limit: Option<u32>,
}

/// Derived windows, newest first; those of the last 8,640 are kept here, all of them at 1102.
#[utoipa::path(
    get, path = "/windows", operation_id = "window_list",
    params(
        ("before" = Option<i64>, Query, description = "Only windows with a smaller number"),
        ("limit" = Option<u32>, Query, description = "20 unless said", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, body = WindowList),
        (status = 400, body = theron_wire::Problem, description = "`limit_not_valid`, `query_not_understood`"),
        (status = 403, body = theron_wire::Problem, description = "`not_admitted`"),
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(page): Query<Page>,
) -> Result<Json<WindowList>, Refusal> {
    let limit = page.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let detail = format!("limit is {limit}; ask for 1 to {LIMIT_MAX} windows");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "limit_not_valid", detail));
    }
    let before = page.before.unwrap_or(i64::MAX);
    let mut kept = app.storage.call(move |db| db.windows_before(before, limit + 1)).await?;
    let has_more = kept.len() > limit as usize;
    kept.truncate(limit as usize);
    let next = if has_more { kept.last().map(|last| last.window) } else { None };
    let windows = kept
        .into_iter()
        .map(|kept| Ok(detail_of(kept, app.span)?.window))
        .collect::<Result<_, Refusal>>()?;
    Ok(Json(WindowList { windows, next }))
}

/// One derived window: what came out, from which nodes, and whether 1102 has it.
#[utoipa::path(
    get, path = "/windows/{window}", operation_id = "window_get",
    params(("window" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = WindowDetail),
        (status = 403, body = theron_wire::Problem, description = "`not_admitted`"),
        (status = 404, body = theron_wire::Problem, description = "`window_unknown`"),
    ),
)]
pub(super) async fn detail(
    State(app): State<Arc<App>>,
    Path(window): Path<i64>,
) -> Result<Json<WindowDetail>, Refusal> {
    let Some(kept) = app.storage.call(move |db| db.window(window)).await? else {
        let detail = format!(
            "window {window} is not derived yet, or no longer kept; GET /windows lists those that are"
        );
        return Err(Refusal::new(StatusCode::NOT_FOUND, "window_unknown", detail));
    };
    Ok(Json(detail_of(kept, app.span)?))
}

fn detail_of(kept: Kept, span: Span) -> Result<WindowDetail, Refusal> {
    let body: DerivedWindow =
        serde_json::from_str(&kept.body).map_err(|error| Refusal::internal(&error))?;
    // 65,536 at most.
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let window = WindowSummary {
        window: kept.window,
        from: span.from(kept.window),
        to: span.to(kept.window),
        state: kept.state,
        release: body.release.to_string(),
        nodes: kept.record.nodes,
        prices: count(body.prices.len()),
        routes: count(body.routes.len()),
        sha256: kept.sha256,
    };
    let prices = body.prices.into_iter().map(|price| PriceMoved {
        place: price.place,
        good: price.good,
        multiplier_permille: price.multiplier_permille,
    });
    let routes = body.routes.into_iter().map(|route| RouteMoved {
        from: route.from,
        to: route.to,
        saturation_permille: route.saturation_permille,
    });
    Ok(WindowDetail {
        window,
        prices: prices.collect(),
        routes: routes.collect(),
        rejected_rows: kept.record.rejected_rows,
    })
}
