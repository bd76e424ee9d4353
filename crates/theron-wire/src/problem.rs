//! RFC 9457 problem documents: a sentence for a person and a stable code for a program.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

pub const PROBLEM_JSON: &str = "application/problem+json";

/// Every refused request answers with one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:theron:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, the same for every occurrence of the code.
    pub title: String,
    pub status: u16,
    /// Stable for ever; programs decide by it.
    pub code: String,
    /// What went wrong this time, and what to do about it.
    pub detail: String,
    /// Other addresses that can serve the request, where the service knows any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

impl Problem {
    pub fn new(status: http::StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:theron:problem:{code}"),
            title: code.replace('_', " "),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            alternatives: Vec::new(),
        }
    }

    pub fn with_alternatives(mut self, alternatives: Vec<String>) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// For what is our fault: the cause stays in the log, the caller learns that a retry may help.
    pub fn internal() -> Self {
        Self::new(
            http::StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong here; it is logged with this call's traceparent; try again later",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.status, self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_rfc_9457_asks() {
        let problem = Problem::new(
            http::StatusCode::SERVICE_UNAVAILABLE,
            "house_full",
            "all seats are taken",
        );
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            serde_json::json!({
                "type": "urn:theron:problem:house_full", "title": "house full", "status": 503,
                "code": "house_full", "detail": "all seats are taken",
            })
        );
    }
}
