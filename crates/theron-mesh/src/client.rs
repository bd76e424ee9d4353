//! Calling a neighbour: JSON over mutual TLS, with time limits and problems understood.

use crate::{Credentials, TlsError, client_config, trace};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::StatusCode;
use reqwest::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use std::{pin::pin, time::Duration};
use theron_wire::{PROBLEM_JSON, Problem};

/// A neighbour that does not answer the handshake in this time is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Up to the answer, and between two reads of it. A service gives up on a call after 60 s and says so:
/// whoever waits less never hears it. A whole release may take minutes; a silent peer may not.
const READ_TIMEOUT: Duration = Duration::from_secs(75);
/// A file that is sent may take hours, but the neighbour may not take this long for its next bytes.
const SEND_TIMEOUT: Duration = Duration::from_secs(75);
/// After a whole file was sent: checking some gigabytes takes a slow disk minutes.
const FILE_ANSWER_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// A JSON answer of a neighbour: the largest, the derived window of a busy world, is a few MiB.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("{url} does not answer")]
    Unreachable {
        url: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("{url} took nothing and said nothing for {} s", waited.as_secs_f32())]
    Silent { url: String, waited: Duration },
    #[error("{url} refused: {problem}")]
    Refused { url: String, problem: Box<Problem> },
    #[error("{url} answered {status} without saying why")]
    Unexplained { url: String, status: StatusCode },
    #[error("{url} answered with something that is not understood: {what}")]
    Unreadable { url: String, what: String },
}

impl CallError {
    /// Whether the neighbour decided, as opposed to being away or broken.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => Some(problem),
            _ => None,
        }
    }
}

/// How long a client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Up to an answer, and between two reads of it.
    pub read: Duration,
    /// Until the neighbour takes the next bytes of a file.
    pub send: Duration,
    /// For the answer to a file, after its last byte.
    pub file_answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { read: READ_TIMEOUT, send: SEND_TIMEOUT, file_answer: FILE_ANSWER_TIMEOUT }
    }
}

/// One neighbour, by its base address.
#[derive(Clone, Debug)]
pub struct MeshClient {
    http: reqwest::Client,
    /// For files: their waiting is watched in [`MeshClient::send_file`].
    files: reqwest::Client,
    base_url: String,
    patience: Patience,
}

impl MeshClient {
    /// `base_url` ends in `/api/v1`.
    pub fn new(base_url: &str, credentials: &Credentials) -> Result<Self, TlsError> {
        Self::with_patience(base_url, credentials, Patience::default())
    }

    pub fn with_patience(
        base_url: &str,
        credentials: &Credentials,
        patience: Patience,
    ) -> Result<Self, TlsError> {
        let config = client_config(credentials)?;
        let client = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(config.clone())
                .connect_timeout(CONNECT_TIMEOUT)
        };
        let built = "the TLS configuration was built above and nothing else can fail";
        let http = client().read_timeout(patience.read).build().expect(built);
        let files = client().build().expect(built);
        Ok(Self { http, files, base_url: base_url.trim_end_matches('/').to_owned(), patience })
    }

    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A request to `{base_url}{path}`, for what the methods below do not cover.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base_url))
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CallError> {
        read_json(self.send(self.request(Method::GET, path)).await?).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, CallError> {
        read_json(self.send(self.request(Method::POST, path).json(body)).await?).await
    }

    pub async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, CallError> {
        read_json(self.send(self.request(Method::PUT, path).json(body)).await?).await
    }

    /// Sends, and turns every answer that is neither a success nor `304` into an error.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, CallError> {
        let request = match trace::current() {
            Some(trace) => request.header("traceparent", trace.to_string()),
            None => request,
        };
        let request = request
            .build()
            .map_err(|source| CallError::Unreachable { url: self.base_url.clone(), source })?;
        let url = request.url().to_string();
        let response = self
            .http
            .execute(request)
            .await
            .map_err(|source| CallError::Unreachable { url: url.clone(), source })?;
        understood(response, url).await
    }

    /// Sends a file with a request that was made by [`MeshClient::request`]. The whole may take as long as
    /// it moves: what is limited is the wait for the neighbour to take more, and for its answer at the end.
    pub async fn send_file(
        &self,
        request: RequestBuilder,
        file: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    ) -> Result<Response, CallError> {
        let request = match trace::current() {
            Some(trace) => request.header("traceparent", trace.to_string()),
            None => request,
        };
        let (moved, mut moves) = tokio::sync::watch::channel(());
        let watched = file.inspect(move |_chunk| moved.send_replace(()));
        let request = request
            .body(reqwest::Body::wrap_stream(watched))
            .build()
            .map_err(|source| CallError::Unreachable { url: self.base_url.clone(), source })?;
        let url = request.url().to_string();
        let mut answer = pin!(self.files.execute(request));
        let (mut sent, mut wait) = (false, self.patience.send);
        let response = loop {
            tokio::select! {
                answer = &mut answer => break answer,
                // The sender is dropped with the body, when the last of it was taken.
                more = moves.changed(), if !sent => {
                    if more.is_err() {
                        (sent, wait) = (true, self.patience.file_answer);
                    }
                }
                () = tokio::time::sleep(wait) => {
                    return Err(CallError::Silent { url, waited: wait });
                }
            }
        };
        let response =
            response.map_err(|source| CallError::Unreachable { url: url.clone(), source })?;
        understood(response, url).await
    }
}

/// Every answer that is neither a success nor `304` is an error.
async fn understood(response: Response, url: String) -> Result<Response, CallError> {
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    let is_problem = response
        .headers()
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(PROBLEM_JSON.as_bytes()));
    if is_problem {
        let problem = read_json(response).await?;
        return Err(CallError::Refused { url, problem });
    }
    Err(CallError::Unexplained { url, status })
}

/// Reads a JSON body, up to a limit.
pub(crate) async fn read_json<T: DeserializeOwned>(mut response: Response) -> Result<T, CallError> {
    let url = response.url().to_string();
    let mut body = Vec::new();
    loop {
        let chunk = response
            .chunk()
            .await
            .map_err(|source| CallError::Unreachable { url: url.clone(), source })?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            let what = format!("more than {ANSWER_BYTES_MAX} bytes");
            return Err(CallError::Unreadable { url, what });
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body)
        .map_err(|error| CallError::Unreadable { url, what: error.to_string() })
}
