//! What the two API documents have beyond their routes.

use crate::play::PlayError;
use theron_service::{Left, Policy, Refusal};
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
            grams, shares in thousandths; `at` is microseconds since 1970, UTC. Every call that changes \
            something carries an `Idempotency-Key`: the same key gets the same answer, and leads to the same \
            moments, however often it is sent. Every refusal is an RFC 9457 problem with a stable `code`."
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

/// Every code that a player can meet, by what to do about it. The judge of the tests looks here for each it meets.
const CODES: &str = "

Problem codes, by status:

| status | codes |
|---|---|
| 400 | `idempotency_key_missing`, `idempotency_key_not_valid`, `event_id_not_valid`, `body_not_understood`, `body_broke_off`, `query_not_understood`, `path_not_understood` |
| 401 | `session_missing`, `session_expired`, `recovery_phrase_unknown`, `passkey_unknown`, `passkey_copied` |
| 403 | `foreign_origin` |
| 404, 405 | `unknown_place`, `no_such_release`, `no_such_tile`, `no_such_route`, `no_such_method`, `passkeys_off`, `passkey_not_found` |
| 409 | the rules refuse for now: `at_sea`, `in_otium`, `not_in_otium`, `too_poor`, `no_room`, `not_aboard`, `not_stored`, `warehouse_full`, `market_exhausted`, `good_not_dealt`, `already_there`, `no_route`, `not_enrolled`, `plan_empty`, `plan_from_elsewhere`, `plan_for_another_ship`, `no_ship`, `has_ship`, `not_your_ship`, `no_such_ship_here`, `cargo_too_large`, `hold_not_empty`, `no_such_wear`, `no_lender`, `loan_size`, `in_debt`, `no_debt`, `loan_binds`, `loan_unsecured`, `asked_lately`, `not_in_need`, `nothing_lost`, `has_villa`, `villas_most`, `no_villa`, `library_not_empty`, `library_full`, `not_shelved`; and `idempotency_key_in_flight`, `idempotency_answer_gone`, `life_not_yet_here`, `life_lives_here`, `life_went_further`, `seat_taken`, `too_many_passkeys`, `passkey_challenge_over` |
| 412, 428 | `changed_meanwhile`, `condition_missing` |
| 408, 413, 415 | `too_slow`, `body_too_large`, `not_json` |
| 422 | `good_unknown`, `ship_unknown`, `ship_name`, `units_out_of_bounds`, `guests_out_of_bounds`, `journal_length`, `no_harbour`, `month_out_of_bounds`, `amount_out_of_bounds`, `idempotency_key_reused`, `body_not_understood`, `life_not_whole`, `passkey_name`, `passkey_not_valid` |
| 429 | `too_fast`, `too_many_arrivals`, `too_many_calls`, `too_many_imports`, `too_many_listeners`, `too_many_waiting` |
| 500, 503, 504 | `internal`, `house_full` (with `alternatives`), `no_world`, `life_damaged`, `not_written`, `too_busy`, `too_slow` |

Budgets are said in `RateLimit-Policy` and `RateLimit` of every answer: `reads`, `commands` and `exports` of a player, \
`arrivals` and `address` of an address. Reads have a strong `ETag`; commands may carry it back as `If-Match`.";

pub(crate) fn player_document() -> utoipa::openapi::OpenApi {
    let mut document = PlayerDoc::openapi();
    let description = document.info.description.get_or_insert_default();
    description.push_str(CODES);
    let cookie = ApiKeyValue::with_description(
        SESSION_COOKIE,
        "Set by `POST /players`, `POST /sessions` and `POST /sessions/passkey`; HttpOnly, SameSite=Strict.",
    );
    if let Some(components) = &mut document.components {
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
    document
}

pub(crate) fn internal_document() -> utoipa::openapi::OpenApi {
    InternalDoc::openapi()
}

/// Every operation may be refused, and every refusal looks the same; those that follow from what an
/// operation asks of its caller are said one by one, each with an example.
pub(crate) fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let refusals = refusals_of(operation);
            let responses = &mut operation.responses.responses;
            for (status, says, example) in refusals {
                let refused = || RefOr::T(refused(says, example));
                responses.entry(status.to_owned()).or_insert_with(refused);
            }
        }
    }
    document
}

type Refused = (&'static str, &'static str, Option<theron_wire::Problem>);

fn refusals_of(operation: &Operation) -> Vec<Refused> {
    let header = |name: &str| {
        operation.parameters.iter().flatten().find_map(|parameter| match parameter {
            RefOr::T(parameter) if parameter.name == name => Some(parameter),
            _ => None,
        })
    };
    let mut refusals: Vec<Refused> =
        vec![("default", "Refused: the problem says why, and what to do about it.", None)];
    let mut with = |status, says, problem| refusals.push((status, says, Some(problem)));
    if operation.security.is_some() {
        with("401", "No session, or one whose time is over", example(PlayError::NoSession));
    }
    if header("Idempotency-Key").is_some() {
        with("400", "The key is missing, or something cannot be read", key_missing());
        let says = "The key is in hand, or the rules refuse for now";
        with("409", says, example(PlayError::KeyInFlight));
        let says = "The key belongs to another payload, or the order makes no sense";
        with("422", says, example(PlayError::KeyReused));
    }
    if let Some(condition) = header("If-Match") {
        let says = "The life has moved on since it was seen";
        with("412", says, example(PlayError::ChangedMeanwhile));
        if condition.required == Required::True {
            let says = "This must not be done on an old view";
            with("428", says, example(PlayError::ConditionMissing));
        }
    }
    with("429", "Too many calls; `Retry-After` says when to come again", example(too_fast()));
    refusals
}

fn example(error: PlayError) -> theron_wire::Problem {
    *Refusal::from(error).0
}

fn key_missing() -> theron_wire::Problem {
    *super::session::key_missing().0
}

fn too_fast() -> PlayError {
    let policy = Policy { name: "commands", calls_max: 300, window_s: 3 };
    PlayError::TooFast(Left { policy, calls: 0, seconds: 2, over: true })
}

fn refused(says: &str, example: Option<theron_wire::Problem>) -> Response {
    let mut refused = Response::new(says);
    let mut problem = Content::new(Some(Ref::from_schema_name("Problem")));
    problem.example = example.and_then(|example| serde_json::to_value(example).ok());
    refused.content.insert(theron_wire::PROBLEM_JSON.to_owned(), problem.into());
    refused
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, .. } = item;
    [get, put, post, delete].into_iter().flatten()
}

/// The headers of a command.
pub(crate) struct IdempotencyKeyHeader;

/// The header of a call that opens or closes a door.
pub(crate) struct DoorKeyHeader;

/// The same header where nobody is known yet.
pub(crate) struct EnrolKeyHeader;

/// The same header where nobody is known yet and nothing is taken.
pub(crate) struct ChallengeKeyHeader;

/// The headers of a call that must not be made on an old view.
pub(crate) struct PhraseHeaders;

const KEY: &str = "1 to 64 of `A-Z a-z 0-9 _ -`, new for every intention and the same for every attempt at it. \
    The same key with the same payload gets the same answer again, marked `Idempotent-Replayed: true`: for as \
    long as the life is kept, and for a day where the answer opens a session or holds a phrase.";

impl IntoParams for IdempotencyKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![key_header(KEY, 1), condition_header(Required::False)]
    }
}

impl IntoParams for DoorKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![key_header(KEY, 1)]
    }
}

impl IntoParams for PhraseHeaders {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![key_header(KEY, 1), condition_header(Required::True)]
    }
}

impl IntoParams for EnrolKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "16 to 64 of `A-Z a-z 0-9 _ -`, drawn at random (a UUID): whoever sends it again \
            within a day is given the same seat, phrase and session, never a second seat.";
        vec![key_header(description, 16)]
    }
}

impl IntoParams for ChallengeKeyHeader {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "16 to 64 of `A-Z a-z 0-9 _ -`, drawn at random (a UUID): whoever sends it again is given \
            the same challenge until it has been answered.";
        vec![key_header(description, 16)]
    }
}

fn condition_header(required: Required) -> Parameter {
    let description = "ETag of `/me` or `/session` as they were seen: 412 where the life has had a moment \
        since, by another tab or an arrival.";
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
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
