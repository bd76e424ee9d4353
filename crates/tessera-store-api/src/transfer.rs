//! Release files on the wire: streamed, and verified before they bear their name.

use crate::{ReleaseSummary, StoreError, client::read, content_digest};
use futures::StreamExt;
use reqwest::{Method, Response, header};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tessera_world::ReleaseId;
use theron_mesh::MeshClient;
use tokio::{fs::File, io::AsyncWriteExt};
use tokio_util::io::ReaderStream;

/// Bytes read from a file at a time.
const CHUNK_BYTES: usize = 128 * 1024;

pub(crate) async fn download(
    mesh: &MeshClient,
    id: &ReleaseId,
    into: &Path,
) -> Result<ReleaseSummary, StoreError> {
    let release: ReleaseSummary = mesh.get(&format!("/releases/{id}")).await?;
    let request = mesh.request(Method::GET, &format!("/releases/{id}/file"));
    let response = mesh.send(request).await?;
    let partial = beside(into, ".part");
    let written = write_verified(response, &partial, &release).await;
    if let Err(error) = written {
        // The file may not be there yet, and a leftover is written over by the next attempt.
        drop(tokio::fs::remove_file(&partial).await);
        return Err(error);
    }
    let file = |source| StoreError::File { path: into.to_owned(), source };
    tokio::fs::rename(&partial, into).await.map_err(file)?;
    let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new("."))).await.map_err(file)?;
    folder.sync_all().await.map_err(file)?;
    Ok(release)
}

async fn write_verified(
    mut response: Response,
    partial: &Path,
    release: &ReleaseSummary,
) -> Result<(), StoreError> {
    let file = |source| StoreError::File { path: partial.to_owned(), source };
    let cut = |source| StoreError::Cut { id: release.id.clone(), source };
    let mut out = File::create(partial).await.map_err(file)?;
    let mut hasher = Sha256::new();
    while let Some(chunk) = response.chunk().await.map_err(cut)? {
        hasher.update(&chunk);
        out.write_all(&chunk).await.map_err(file)?;
    }
    let found = hex::encode(hasher.finalize());
    if found != release.sha256 {
        let (id, expected) = (release.id.clone(), release.sha256.clone());
        return Err(StoreError::Checksum { id, expected, found });
    }
    out.flush().await.map_err(file)?;
    out.sync_all().await.map_err(file)
}

pub(crate) async fn upload(
    mesh: &MeshClient,
    path: &Path,
    sha256: &str,
    sent: impl Fn(u64) + Send + 'static,
) -> Result<ReleaseSummary, StoreError> {
    let not_one = || StoreError::NotAChecksum(sha256.to_owned());
    let id = ReleaseId::from_sha256(sha256).map_err(|_digits| not_one())?;
    let digest = content_digest(sha256).ok_or_else(not_one)?;
    let within = |source| StoreError::File { path: path.to_owned(), source };
    let file = File::open(path).await.map_err(within)?;
    let bytes = file.metadata().await.map_err(within)?.len();
    let request = mesh
        .request(Method::PUT, &format!("/releases/{id}"))
        .header("content-digest", digest)
        .header(header::CONTENT_LENGTH, bytes)
        .header(header::CONTENT_TYPE, "application/vnd.sqlite3");
    let mut taken = 0;
    let chunks = ReaderStream::with_capacity(file, CHUNK_BYTES).inspect(move |chunk| {
        taken += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        sent(taken);
    });
    read(mesh.send_file(request, chunks).await?).await
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
