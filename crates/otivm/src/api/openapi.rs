//! What the two API documents have beyond their routes.

use utoipa::{
    IntoParams, OpenApi,
    openapi::{
        Content, RefOr, Required, Response,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{ObjectBuilder, Ref, Type},
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

/// The cookie that carries a session: `TOKEN.SECRET`.
pub(crate) const SESSION_COOKIE: &str = "otivm_session";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "OTIVM player API",
        version = "1.0.0",
        description = "The life of a merchant between business and leisure. Money is in asses, mass in \
            grams, shares in thousandths; `at` is microseconds since 1970, UTC. Every command carries an \
            `Idempotency-Key`: the same key gets the same answer, and leads to the same moments, however \
            often it is sent. Every refusal is an RFC 9457 problem with a stable `code`."
    ),
    servers((url = "/api/v1")),
    components(schemas(
        theron_wire::Problem,
        otivm_api::Here,
        otivm_api::WindowClosed,
        otivm_api::Notice
    ))
)]
struct PlayerDoc;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "OTIVM internal API",
        version = "1.0.0",
        description = "Closed windows of one game node, for the aggregation: what players did together, \
            with nothing in it that tells them apart."
    ),
    servers((url = "/api/v1")),
    components(schemas(theron_wire::Problem))
)]
struct InternalDoc;

pub(crate) fn player_document() -> utoipa::openapi::OpenApi {
    let mut document = PlayerDoc::openapi();
    let cookie = ApiKeyValue::with_description(
        SESSION_COOKIE,
        "Set by `POST /players` and `POST /sessions`; HttpOnly, SameSite=Strict.",
    );
    if let Some(components) = &mut document.components {
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
    document
}

pub(crate) fn internal_document() -> utoipa::openapi::OpenApi {
    InternalDoc::openapi()
}

/// Every operation may be refused, and every refusal looks the same.
pub(crate) fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let mut refused = Response::new("Refused: the problem says why, and what to do about it.");
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    refused.content.insert(theron_wire::PROBLEM_JSON.to_owned(), problem.into());
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::T(refused.clone()));
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, .. } = item;
    [get, put, post, delete].into_iter().flatten()
}

/// The header of every call that changes something.
pub(crate) struct IdempotencyKeyHeader;

/// The same header where nobody is known yet.
pub(crate) struct EnrolKeyHeader;

impl IntoParams for IdempotencyKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "1 to 64 of `A-Z a-z 0-9 _ -`, new for every intention and the same for every \
            attempt at it. The same key with the same payload gets the same answer again, marked \
            `Idempotent-Replayed: true`: for as long as the life is kept, and for a day where the answer \
            opens a session or holds a phrase.";
        vec![key_header(description, 1)]
    }
}

impl IntoParams for EnrolKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "16 to 64 of `A-Z a-z 0-9 _ -`, drawn at random (a UUID): whoever sends it again \
            within a day is given the same seat, phrase and session, never a second seat.";
        vec![key_header(description, 16)]
    }
}

fn key_header(description: &'static str, length_min: usize) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_-]+$"))
        .min_length(Some(length_min))
        .max_length(Some(64));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some("0b7e6a5e-4f0d-4c58-9d3c-2f1d9f6a7c31".into()))
        .build()
}
