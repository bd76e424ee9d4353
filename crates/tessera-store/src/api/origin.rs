//! The address under which the caller reached us, for links: OGC clients follow absolute ones only.

use super::answer::bad_request;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts, uri::Authority},
};
use theron_service::Refusal;

/// Of the listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheme(pub(crate) &'static str);

/// `https://10.110.0.15:8443/api/v1`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let scheme = parts.extensions.get::<Scheme>().map_or("http", |scheme| scheme.0);
        let host = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let authority = match parts.uri.authority() {
            Some(authority) => Some(authority.clone()),
            None => host.and_then(|host| host.parse::<Authority>().ok()),
        };
        let authority = authority.ok_or_else(|| {
            bad_request("host_not_understood", "send a Host header with the address you called")
        })?;
        Ok(Self(format!("{scheme}://{authority}/api/v1")))
    }
}
