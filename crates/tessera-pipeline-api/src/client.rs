//! The pipeline as an operator's programs call it.

use crate::{
    DatasetList, FindingPage, Promotion, RolledBack, Run, RunList, SendDocument, Severity,
    StartRun, WorldDatasets,
};
use bytes::Bytes;
use futures::Stream;
use reqwest::Method;
use serde::de::DeserializeOwned;
use theron_mesh::{CallError, MeshClient};

#[derive(Clone, Debug)]
pub struct PipelineClient {
    mesh: MeshClient,
}

impl PipelineClient {
    pub fn new(mesh: MeshClient) -> Self {
        Self { mesh }
    }

    pub fn mesh(&self) -> &MeshClient {
        &self.mesh
    }

    /// The newest page; `before` is the `next` of the page before.
    pub async fn runs(&self, before: Option<&str>) -> Result<RunList, CallError> {
        let before = before.map(|run| format!("?before={run}")).unwrap_or_default();
        self.mesh.get(&format!("/runs{before}")).await
    }

    pub async fn start(&self, what: &StartRun) -> Result<Run, CallError> {
        self.mesh.post("/runs", what).await
    }

    pub async fn run(&self, id: &str) -> Result<Run, CallError> {
        self.mesh.get(&format!("/runs/{id}")).await
    }

    pub async fn cancel(&self, id: &str) -> Result<Run, CallError> {
        self.read(self.mesh.request(Method::DELETE, &format!("/runs/{id}"))).await
    }

    /// Findings of one severity, or of all; `after` is the `next` of the page before.
    pub async fn findings(
        &self,
        id: &str,
        severity: Option<Severity>,
        after: u64,
    ) -> Result<FindingPage, CallError> {
        let severity =
            severity.map(|severity| format!("&severity={}", severity.as_str())).unwrap_or_default();
        self.mesh.get(&format!("/runs/{id}/findings?after={after}{severity}")).await
    }

    /// The assay as a page for people.
    pub async fn assay_page(&self, id: &str) -> Result<Bytes, CallError> {
        let request = self.mesh.request(Method::GET, &format!("/runs/{id}/assay?f=html"));
        let response = self.mesh.send(request).await?;
        let url = response.url().to_string();
        response.bytes().await.map_err(|source| CallError::Unreachable { url, source })
    }

    /// Asks for the promotion; [`PipelineClient::promotion`] says how it goes.
    pub async fn promote(&self, id: &str) -> Result<Promotion, CallError> {
        self.read(self.mesh.request(Method::POST, &format!("/runs/{id}/promote"))).await
    }

    pub async fn promotion(&self, id: &str) -> Result<Promotion, CallError> {
        self.mesh.get(&format!("/runs/{id}/promotion")).await
    }

    pub async fn roll_back(&self, release: &str) -> Result<RolledBack, CallError> {
        self.read(self.mesh.request(Method::POST, &format!("/releases/{release}/rollback"))).await
    }

    pub async fn datasets(&self) -> Result<DatasetList, CallError> {
        self.mesh.get("/datasets").await
    }

    pub async fn send_document(&self, document: &SendDocument) -> Result<WorldDatasets, CallError> {
        self.mesh.post("/datasets", document).await
    }

    /// Sends a file that lies beside a document which was sent.
    pub async fn send_beside(
        &self,
        document: &str,
        sha256: &str,
        bytes: u64,
        file: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    ) -> Result<WorldDatasets, CallError> {
        let request = self
            .mesh
            .request(Method::PUT, &format!("/datasets/{document}/files/{sha256}"))
            .header(http::header::CONTENT_LENGTH, bytes);
        self.understood(self.mesh.send_file(request, file).await?).await
    }

    /// Hands over a release file that was prepared elsewhere; the run that judges it answers.
    pub async fn import(
        &self,
        bytes: u64,
        file: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    ) -> Result<Run, CallError> {
        let request =
            self.mesh.request(Method::POST, "/imports").header(http::header::CONTENT_LENGTH, bytes);
        self.understood(self.mesh.send_file(request, file).await?).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, CallError> {
        self.understood(self.mesh.send(request).await?).await
    }

    async fn understood<T: DeserializeOwned>(
        &self,
        response: reqwest::Response,
    ) -> Result<T, CallError> {
        let url = response.url().to_string();
        response
            .json()
            .await
            .map_err(|error| CallError::Unreadable { url, what: error.to_string() })
    }
}
