//! How many calls one client of the public listener has in a while: told beforehand, and refused with 429
//! before the machine is overloaded by one of them.

use super::origin::{client, note_proxy};
use crate::{app::App, config::Public};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::IpAddr, sync::Arc};
use theron_service::{Budget, Policy, Refusal, one_household, say_budgets};

/// By household.
pub(crate) type Budgets = Budget<IpAddr>;

pub(crate) fn budgets(public: &Public) -> Budgets {
    let Public { calls_max, window_s, .. } = *public;
    Budget::new(Policy { name: "client", calls_max, window_s })
}

pub(crate) async fn within_budget(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    note_proxy(app.behind_proxy, request.extensions());
    let Some(client) = client(request.headers(), request.extensions()) else {
        return next.run(request).await;
    };
    let left = app.budget.take(one_household(client), app.clock.now());
    let mut response = if left.over {
        let detail = format!(
            "this address has used its {} calls; the next are taken in {} s. Ask for more features at \
             a time (limit=10000), or download the release as one file",
            left.policy.calls_max, left.seconds
        );
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_calls", detail);
        let mut response = refusal.into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(left.seconds));
        response
    } else {
        next.run(request).await
    };
    say_budgets(&[left], response.headers_mut());
    response
}
