//! Extractors and answers that speak problem documents.

use axum::{
    body::{Body, Bytes},
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequest, Request,
        path::ErrorKind,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use theron_wire::{PROBLEM_JSON, Problem};

/// A refused request. Each service turns its own errors into one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub Box<Problem>);

impl Refusal {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(status, code, detail).into()
    }

    /// Of an address where nothing is.
    pub fn no_such_route() -> Self {
        let detail = "nothing is here; /api/v1/openapi.json lists what there is";
        Self::new(StatusCode::NOT_FOUND, "no_such_route", detail)
    }

    /// Of an address that is called otherwise.
    pub fn no_such_method() -> Self {
        let detail =
            "this route does not take that method; /api/v1/openapi.json lists what there is";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "no_such_method", detail)
    }

    /// Of the query of an address that takes none, unless it is empty.
    pub fn unless_empty(query: Option<&str>) -> Result<(), Self> {
        let first = query.unwrap_or_default().split('&').find(|pair| !pair.is_empty());
        let Some(first) = first else { return Ok(()) };
        let name = first.split('=').next().unwrap_or_default();
        let detail = format!("this address takes no parameters, and {name:?} is one; leave it out");
        Err(Self::new(StatusCode::BAD_REQUEST, "query_not_understood", detail))
    }

    /// Logs the error with its causes and answers 500 without them.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let traceparent = theron_mesh::trace::current().map(|trace| trace.to_string());
        tracing::error!(error = chain(error), traceparent, "a call failed");
        Problem::internal().into()
    }
}

/// An error and its causes, outermost first, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&*self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}

/// `axum::Json` whose refusals are problem documents.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Refusal))]
pub struct Json<T>(pub T);

/// None of an empty body, whatever its type: one that may be left out.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Refusal> {
        let (parts, body) = request.into_parts();
        let sent = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(sent, state).await.map_err(JsonRejection::from)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let whole = Request::from_parts(parts, Body::from(bytes));
        <Self as FromRequest<S>>::from_request(whole, state).await.map(Some)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// `axum::extract::Path` whose refusals are problem documents.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Refusal))]
pub struct Path<T>(pub T);

/// `axum::extract::Query` whose refusals are problem documents.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Refusal))]
pub struct Query<T>(pub T);

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "not_json",
            _ => "body_not_understood",
        };
        Self::new(
            rejection.status(),
            code,
            format!("send a JSON body as the API document says: {}", rejection.body_text()),
        )
    }
}

impl From<PathRejection> for Refusal {
    fn from(rejection: PathRejection) -> Self {
        let detail = match rejection {
            PathRejection::FailedToDeserializePathParams(wrong) => {
                wrong_in_path(wrong.kind()).unwrap_or_else(|| wrong.body_text())
            }
            other => other.body_text(),
        };
        Self::new(StatusCode::BAD_REQUEST, "path_not_understood", detail)
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        let text = rejection.body_text();
        let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
        Self::new(StatusCode::BAD_REQUEST, "query_not_understood", wrong_in_query(text))
    }
}

/// What is wrong with a part of an address, for a person; nothing of what only we can have done wrong.
fn wrong_in_path(kind: &ErrorKind) -> Option<String> {
    let number = |value: &str, kind: &str| {
        let wanted = match kind {
            "u8" => "a number from 0 to 255",
            "u16" => "a number from 0 to 65535",
            "u32" => "a number from 0 to 4294967295",
            _ => "a number",
        };
        format!("the address has {value:?} where {wanted} belongs")
    };
    match kind {
        ErrorKind::ParseErrorAtKey { value, expected_type, .. }
        | ErrorKind::ParseErrorAtIndex { value, expected_type, .. }
        | ErrorKind::ParseError { value, expected_type } => Some(number(value, expected_type)),
        ErrorKind::DeserializeError { key, value, message } => {
            Some(format!("the address has {value:?} as its {key}: {message}"))
        }
        ErrorKind::InvalidUtf8InPathParam { key } => {
            Some(format!("the {key} of the address is not UTF-8; escape it as %XX of its UTF-8"))
        }
        ErrorKind::Message(message) => Some(message.clone()),
        _ => None,
    }
}

/// What is wrong with a query, for a person. The parser writes `NAME: ` before each of its words.
fn wrong_in_query(text: &str) -> String {
    let (name, what) = text.split_once(": ").unwrap_or(("", text));
    if let Some(unknown) = what.strip_prefix("unknown field ") {
        let (field, known) = unknown.split_once(", expected ").unwrap_or((unknown, ""));
        let known = known.trim_start_matches("one of ").replace(" or ", ", ");
        return format!("there is no parameter {field}; there are {known}");
    }
    if let Some(field) = what.strip_prefix("duplicate field ") {
        return format!("the parameter {field} stands twice; say it once");
    }
    if let Some(field) = what.strip_prefix("missing field ") {
        return format!("the parameter {field} is missing; this address needs it");
    }
    // Our own words name it themselves.
    if what.starts_with(name) { what.to_owned() } else { format!("the parameter `{name}`: {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        http::Request,
        routing::{get, post},
    };
    use serde::Deserialize;
    use tower::ServiceExt;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only refusals are looked at")]
    struct Asked {
        to: String,
        level: Option<u8>,
        kind: Option<Kind>,
        limit: Option<Limit>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Json,
        Html,
    }

    #[derive(Deserialize)]
    #[serde(try_from = "String")]
    struct Limit;

    impl TryFrom<String> for Limit {
        type Error = String;
        fn try_from(text: String) -> Result<Self, String> {
            Err(format!("limit {text:?} is not a number from 1 to 9"))
        }
    }

    async fn refusal(address: &str) -> String {
        let routes = Router::new()
            .route("/query", get(async |_: Query<Asked>| ()))
            .route("/{kind}/{row}", get(async |_: Path<(Kind, u32)>| ()));
        let request = Request::get(address).body(Body::empty()).unwrap();
        let answer = routes.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{address}");
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice::<Problem>(&body).unwrap().detail
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_query_is_said_to_a_person() {
        for (query, said) in [
            (
                "colour=red",
                "there is no parameter `colour`; there are `to`, `level`, `kind`, `limit`",
            ),
            ("level=1", "the parameter `to` is missing; this address needs it"),
            ("level=1&level=2", "the parameter `level` stands twice; say it once"),
            ("limit=0", "limit \"0\" is not a number from 1 to 9"),
            ("level=x", "the parameter `level`: invalid digit found in string"),
            ("kind=xml", "the parameter `kind`: unknown variant `xml`, expected `json` or `html`"),
        ] {
            assert_eq!(refusal(&format!("/query?{query}")).await, said);
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_an_address_is_said_to_a_person() {
        let row = refusal("/json/x").await;
        assert_eq!(row, "the address has \"x\" where a number from 0 to 4294967295 belongs");
        let kind = refusal("/xml/1").await;
        assert!(kind.contains("unknown variant `xml`, expected `json` or `html`"), "{kind}");
        let odd = refusal("/%ff/1").await;
        assert_eq!(odd, "the kind of the address is not UTF-8; escape it as %XX of its UTF-8");
    }

    #[tokio::test]
    async fn a_body_that_may_be_left_out_is_empty_or_json() {
        let routes = Router::new().route(
            "/",
            post(async |body: Option<Json<u8>>| match body {
                Some(Json(number)) => number.to_string(),
                None => "none".to_owned(),
            }),
        );
        let answer = async |kind: Option<&str>, body: &'static str| {
            let request = Request::post("/").body(Body::from(body)).unwrap();
            let (mut parts, body) = request.into_parts();
            let kind = kind.map(|kind| HeaderValue::from_str(kind).unwrap());
            parts.headers.extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
            let request = Request::from_parts(parts, body);
            let answer = routes.clone().oneshot(request).await.unwrap();
            let status = answer.status().as_u16();
            let said = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8(said.to_vec()).unwrap())
        };
        let json = Some("application/json");
        for kind in [None, json, Some("text/plain")] {
            assert_eq!(answer(kind, "").await, (200, "none".to_owned()), "{kind:?}");
        }
        assert_eq!(answer(json, "7").await, (200, "7".to_owned()));
        assert_eq!(answer(None, "7").await.0, 415);
        assert_eq!(answer(json, "x").await.0, 400);
    }

    #[test]
    fn an_address_that_takes_no_parameters_takes_an_empty_query() {
        let refusal = |query| Refusal::unless_empty(query).err().map(|refusal| refusal.0.detail);
        assert_eq!([refusal(None), refusal(Some("")), refusal(Some("&"))], [const { None }; 3]);
        assert_eq!(
            refusal(Some("a=1")).unwrap(),
            "this address takes no parameters, and \"a\" is one; leave it out"
        );
    }
}
