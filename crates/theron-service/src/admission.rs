//! Who calls, by certificate, and which routes let them in.

use crate::Refusal;
use axum::{
    extract::{FromRequestParts, Request},
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_server::tls::TlsInfo;
use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc};
use theron_mesh::names;
use x509_parser::extensions::GeneralName;

/// The caller's name: the first DNS name of its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity(pub Arc<str>);

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Whoever has a certificate of this mesh.
    Anyone,
    /// One service, or the operator.
    Named(&'static str),
    /// Every game node: `otivm-…`.
    Games,
}

impl Admitted {
    fn admits(self, identity: &Identity) -> bool {
        match self {
            Self::Anyone => true,
            Self::Named(name) => &*identity.0 == name,
            Self::Games => identity.0.starts_with(names::GAME_PREFIX),
        }
    }
}

impl Identity {
    fn of_certificate(der: &[u8]) -> Option<Self> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
        let names = certificate.subject_alternative_name().ok().flatten()?;
        names.value.general_names.iter().find_map(|name| match name {
            GeneralName::DNSName(name) => Some(Self((*name).into())),
            _ => None,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or_else(no_identity)
    }
}

/// The identity that a connection came with, read from its certificate.
pub(crate) fn of_connection(extensions: &http::Extensions) -> Option<Identity> {
    let tls = extensions.get::<Arc<TlsInfo>>()?;
    Identity::of_certificate(tls.peer_certificates.first()?)
}

fn no_identity() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "no_identity",
        "this route needs a client certificate of the mesh with a DNS name in it",
    )
}

type Admission = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// A layer for routes: lets in whom the list names, refuses the rest with 403.
pub fn admit(
    list: &'static [Admitted],
) -> axum::middleware::FromFnLayer<
    impl Fn(Request, Next) -> Admission + Clone + Send + Sync + 'static,
    (),
    (Request,),
> {
    axum::middleware::from_fn(move |request: Request, next: Next| -> Admission {
        Box::pin(async move {
            let Some(caller) = request.extensions().get::<Identity>() else {
                return Ok(no_identity().into_response());
            };
            if list.iter().any(|admitted| admitted.admits(caller)) {
                return Ok(next.run(request).await);
            }
            let detail = format!("{} may not call this route", caller.0);
            Ok(Refusal::new(StatusCode::FORBIDDEN, "not_admitted", detail).into_response())
        })
    })
}
