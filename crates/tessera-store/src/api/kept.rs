//! Answers that were given before are given again without a route: whatever is said of a release stays true.
//! Only what depends on the address and the encoding alone is kept; it says so by [`Keep`].

use crate::{
    app::App,
    releases::{Head, Kept, OpenRelease},
};
use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{cell::RefCell, sync::Arc};
use theron_service::{Caller, Refusal, Shortcut, client_address, one_household, say_budgets};

/// The largest tile is a quarter of it; what is larger than that is not small beside the making of it.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Longer than any encoding that a client names; who sends more is answered without it.
const ENCODINGS_CHARS_MAX: usize = 64;

/// On an answer: it is about this release, and may be given to whoever asks the same.
#[derive(Clone)]
pub(crate) struct Keep(pub(crate) Arc<OpenRelease>);

/// Runs with what an answer depends on: its address, and the encodings that the caller takes.
fn with_question<T>(parts: &Parts, with: impl FnOnce(&str) -> T) -> Option<T> {
    thread_local!(static QUESTION: RefCell<String> = const { RefCell::new(String::new()) });
    let mut encodings = parts.headers.get_all(header::ACCEPT_ENCODING).iter();
    let (encoding, more) = (encodings.next(), encodings.next());
    let encoding = encoding.map_or(Ok(""), HeaderValue::to_str).ok()?;
    if more.is_some() || encoding.len() > ENCODINGS_CHARS_MAX {
        return None;
    }
    let address = parts.uri.path_and_query()?.as_str();
    QUESTION.with_borrow_mut(|question| {
        question.clear();
        question.push_str(encoding);
        question.push(' ');
        question.push_str(address);
        Some(with(question))
    })
}

/// Around routes: keeps the answers that ask for it.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let route = parts.extensions.get::<MatchedPath>().map(|path| Arc::from(path.as_str()));
    let question = with_question(&parts, str::to_owned).filter(|_| parts.method == Method::GET);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let asks = response.extensions_mut().remove::<Keep>();
    let (Some(Keep(release)), Some(question), Some(route)) = (asks, question, route) else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, ANSWER_BYTES_MAX).await {
        Ok(body) => body,
        Err(error) => return Refusal::internal(&error).into_response(),
    };
    let (status, headers) = (parts.status, parts.headers.clone());
    release.answers().keep(&question, Head { route, status, headers }, &body);
    Response::from_parts(parts, Body::from(body))
}

/// Who may read it is asked here as it is by the routes: on the mesh whoever has a name, on the public listener
/// whose budget is not used up.
pub(crate) fn shortcut(app: &Arc<App>, public: bool) -> Shortcut {
    let app = Arc::clone(app);
    Arc::new(move |parts, caller| {
        if parts.method != Method::GET {
            return None;
        }
        let current = app.library.current()?;
        let kept = with_question(parts, |question| current.answers().get(question))??;
        let mut response = answer(&parts.headers, &kept)?;
        if public {
            super::origin::note_proxy(app.behind_proxy, &parts.extensions);
            pay(&app, parts, caller, response.headers_mut())?;
            super::pages::readable_by_any(response.headers_mut());
        } else {
            caller.identity.as_ref()?;
        }
        Some((Arc::clone(&kept.head.route), response))
    })
}

/// The kept answer, or 304 to who has it; `None` where the routes know better.
fn answer(asked: &HeaderMap, kept: &Kept) -> Option<Response> {
    let mut response = Response::new(Body::empty());
    if asked.contains_key(header::IF_NONE_MATCH) {
        let etag = kept.etag.as_ref()?.to_str().ok()?;
        if !super::answer::has(asked, etag) {
            return None;
        }
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        for name in [header::CACHE_CONTROL, header::VARY] {
            for value in kept.head.headers.get_all(&name) {
                response.headers_mut().append(&name, value.clone());
            }
        }
    } else {
        *response.status_mut() = kept.head.status;
        *response.headers_mut() = kept.head.headers.clone();
        *response.body_mut() = Body::from(kept.body.clone());
    }
    if let Some(etag) = &kept.etag {
        response.headers_mut().insert(header::ETAG, etag.clone());
    }
    Some(response)
}

/// Takes a call of the caller's budget and says what is left; `None` where nothing was.
fn pay(app: &App, parts: &Parts, caller: &Caller, headers: &mut HeaderMap) -> Option<()> {
    let client = client_address(&parts.headers, Some(caller.peer), app.behind_proxy)?;
    let left = app.budget.take(one_household(client), app.clock.now());
    say_budgets(&[left], headers);
    (!left.over).then_some(())
}
