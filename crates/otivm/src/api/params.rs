//! What the routes take in path and query.

use serde::Deserialize;
use tessera_release::Tileset;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowsQuery {
    /// The last window that is known; from the oldest that is kept where it is not given.
    pub(super) after: Option<i64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanQuery {
    /// Id of a place with a sea harbour.
    pub(super) to: String,
    /// 1 to 12; the world's month where it is not given.
    pub(super) month: Option<u8>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MomentsQuery {
    /// `at` of the last moment that is known.
    pub(super) after: Option<i64>,
    /// 1 to 1,000; 200 where it is not given.
    pub(super) limit: Option<u16>,
    /// Only moments of this name: `depart`.
    pub(super) name: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TimelineQuery {
    /// Only labels of this kind: `voyage`, `sojourn`, `otium`, `journal`, `season`, `chapter`, `ship`, `loan`, `villa`.
    pub(super) label: Option<String>,
    /// `earlier` of the page before.
    pub(super) before: Option<String>,
    /// 1 to 500; 200 where it is not given.
    pub(super) limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsQuery {
    /// `revision` of `/me`: begin after it rather than in the present.
    pub(super) after: Option<i64>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "says in the document what the handler reads from the headers")]
pub(super) struct EventsHeaders {
    /// Id of the last event that came. Counts before `after`.
    #[param(rename = "Last-Event-ID", example = "1790000000000000.5932811.0f3c")]
    last_event_id: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct TilePath {
    /// `world` (vector tiles, gzip) or `relief` (PNG, terrarium encoding).
    #[param(value_type = String)]
    pub(super) tileset: Tileset,
    pub(super) z: u8,
    /// From the north.
    pub(super) row: u32,
    pub(super) col: u32,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ReleaseTilePath {
    /// Of the release that is played.
    pub(super) id: String,
    /// `world` (vector tiles, gzip) or `relief` (PNG, terrarium encoding).
    #[param(value_type = String)]
    pub(super) tileset: Tileset,
    pub(super) z: u8,
    /// From the north.
    pub(super) row: u32,
    pub(super) col: u32,
}
