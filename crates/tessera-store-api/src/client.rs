//! The store as its neighbours call it.

use crate::{DerivedWindow, PlaceList, PlaceView, ReleaseList, ReleaseSummary, transfer};
use reqwest::{Method, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use tessera_world::ReleaseId;
use theron_mesh::{CallError, MeshClient};
use theron_wire::Problem;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Call(Box<CallError>),
    #[error("{path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{0:?} is not a SHA-256: 64 lower-case hexadecimal digits are")]
    NotAChecksum(String),
    #[error("the release {id} stopped arriving")]
    Cut {
        id: ReleaseId,
        #[source]
        source: reqwest::Error,
    },
    #[error("the release {id} has checksum {expected} and arrived with {found}; fetch it again")]
    Checksum { id: ReleaseId, expected: String, found: String },
    #[error("the store answered with something that is not understood: {0}")]
    Unreadable(String),
}

impl From<CallError> for StoreError {
    fn from(error: CallError) -> Self {
        Self::Call(Box::new(error))
    }
}

impl StoreError {
    /// Whether the store decided, as opposed to being away or broken.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Call(error) => error.problem(),
            _ => None,
        }
    }
}

/// The newest derived window, against the one a reader has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Another one than the reader has; `etag` goes into the next call.
    Modified {
        etag: String,
        window: Box<DerivedWindow>,
    },
    NotModified,
    /// No window has been written yet.
    Nothing,
}

#[derive(Clone, Debug)]
pub struct StoreClient {
    mesh: MeshClient,
}

impl StoreClient {
    pub fn new(mesh: MeshClient) -> Self {
        Self { mesh }
    }

    pub fn mesh(&self) -> &MeshClient {
        &self.mesh
    }

    /// The promoted release; `None` before the first promotion.
    pub async fn current_release(&self) -> Result<Option<ReleaseSummary>, StoreError> {
        let answer = self.mesh.get("/releases/current").await;
        unless_refused(answer, "no_release_promoted")
    }

    /// `None` for a release that the store does not hold.
    pub async fn release(&self, id: &ReleaseId) -> Result<Option<ReleaseSummary>, StoreError> {
        let answer = self.mesh.get(&format!("/releases/{id}")).await;
        unless_refused(answer, "no_such_release")
    }

    pub async fn releases(&self) -> Result<ReleaseList, StoreError> {
        Ok(self.mesh.get("/releases").await?)
    }

    /// Writes the release file to `into`, which is complete and verified or not there at all.
    pub async fn download_release(
        &self,
        id: &ReleaseId,
        into: &Path,
    ) -> Result<ReleaseSummary, StoreError> {
        transfer::download(&self.mesh, id, into).await
    }

    /// Sends the release file; the store verifies it. Sending one again that it holds is harmless.
    pub async fn upload_release(
        &self,
        path: &Path,
        sha256: &str,
    ) -> Result<ReleaseSummary, StoreError> {
        transfer::upload(&self.mesh, path, sha256, |_bytes| {}).await
    }

    /// The same, and `sent` hears how many bytes have gone out.
    pub async fn upload_release_watched(
        &self,
        path: &Path,
        sha256: &str,
        sent: impl Fn(u64) + Send + 'static,
    ) -> Result<ReleaseSummary, StoreError> {
        transfer::upload(&self.mesh, path, sha256, sent).await
    }

    /// Makes a release that the store holds the current one; an older one rolls back.
    pub async fn promote(&self, id: &ReleaseId) -> Result<ReleaseSummary, StoreError> {
        let request = self.mesh.request(Method::POST, &format!("/releases/{id}/promote"));
        read(self.mesh.send(request).await?).await
    }

    /// Every place of a release.
    pub async fn places(&self, id: &ReleaseId) -> Result<Vec<PlaceView>, StoreError> {
        let list: PlaceList = self.mesh.get(&format!("/releases/{id}/places")).await?;
        Ok(list.places)
    }

    /// Writes a window once; again with the same content is harmless, with other content refused.
    pub async fn put_derived(&self, window: &DerivedWindow) -> Result<DerivedWindow, StoreError> {
        Ok(self.mesh.put(&format!("/derived/windows/{}", window.window), window).await?)
    }

    /// The newest window, unless it is the one whose `etag` the caller has.
    pub async fn get_derived_current(&self, etag: Option<&str>) -> Result<Derived, StoreError> {
        let mut request = self.mesh.request(Method::GET, "/derived/current");
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let answer = self.mesh.send(request).await;
        let Some(response) = unless_refused(answer, "no_window_written")? else {
            return Ok(Derived::Nothing);
        };
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Derived::NotModified);
        }
        let etag = response
            .headers()
            .get(header::ETAG)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| StoreError::Unreadable("a window without an ETag".to_owned()))?
            .to_owned();
        Ok(Derived::Modified { etag, window: Box::new(read(response).await?) })
    }

    /// `None` for a window that was never written, or is no longer kept.
    pub async fn derived_window(&self, window: u64) -> Result<Option<DerivedWindow>, StoreError> {
        let answer = self.mesh.get(&format!("/derived/windows/{window}")).await;
        unless_refused(answer, "no_such_window")
    }
}

/// A refusal with this code is an answer too: there is none.
fn unless_refused<T>(answer: Result<T, CallError>, code: &str) -> Result<Option<T>, StoreError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.problem().is_some_and(|problem| problem.code == code) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Answers read here are small or bounded by the store's own limits.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, StoreError> {
    response.json().await.map_err(|error| StoreError::Unreadable(error.to_string()))
}
