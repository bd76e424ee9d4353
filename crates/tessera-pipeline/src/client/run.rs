//! Starting a run from a name or a document: a world the service knows is named, another one is sent.

use super::{Output, explain};
use crate::datasets::document_sum;
use crate::documents::beside;
use crate::sources::Sources;
use anyhow::{Context, bail};
use std::{collections::BTreeMap, path::Path};
use tessera_pipeline_api::{
    BesideFile, FileState, PipelineClient, Run, SendDocument, StartRun, WorldDatasets,
};
use tokio_util::io::ReaderStream;

/// A run that was accepted, and how it was asked for.
pub struct Started {
    pub run: Run,
    /// The document went over the wire.
    pub sent: bool,
}

/// Starts a run of a world's name, or of a `sources.toml` here.
pub async fn start_run(
    pipeline: &PipelineClient,
    what: &Path,
    output: &Output,
) -> anyhow::Result<Started> {
    if !what.is_file() {
        let name = what.to_string_lossy();
        let run = pipeline.start(&StartRun::of_world(name.clone())).await.map_err(explain);
        let run =
            run.with_context(|| format!("{name} is neither a file here nor a world there"))?;
        return Ok(Started { run, sent: false });
    }
    let sources = Sources::load(what)?;
    let text =
        std::fs::read_to_string(what).with_context(|| format!("reading {}", what.display()))?;
    let mut sums = BTreeMap::new();
    for file in beside(&sources)? {
        let path = sources.folder.join(&file);
        let (sum, _bytes) = tessera_release::checksum(&path).with_context(|| {
            format!("reading {}, which lies beside the document", path.display())
        })?;
        sums.insert(file, sum);
    }
    let known = pipeline.datasets().await.map_err(explain)?;
    let sum = document_sum(text.as_bytes());
    if let Some(world) = known.worlds.iter().find(|world| is_it(world, &sum, &sums)) {
        let name = world.world.clone().unwrap_or_default();
        let run = pipeline.start(&StartRun::of_world(name)).await.map_err(explain)?;
        return Ok(Started { run, sent: false });
    }
    let document = send(pipeline, text, &sums, &sources, output).await?;
    let run = pipeline.start(&StartRun::Document { document }).await.map_err(explain)?;
    Ok(Started { run, sent: true })
}

/// Whether a world of the service's configuration is this document, with the same files beside it.
fn is_it(world: &WorldDatasets, sum: &str, beside: &BTreeMap<String, String>) -> bool {
    let files = || world.datasets.iter().flat_map(|dataset| &dataset.files).filter(|f| f.beside);
    world.world.is_some()
        && world.document.as_deref() == Some(sum)
        && beside.values().all(|sum| files().any(|file| file.found.as_ref() == Some(sum)))
}

async fn send(
    pipeline: &PipelineClient,
    document: String,
    sums: &BTreeMap<String, String>,
    sources: &Sources,
    output: &Output,
) -> anyhow::Result<String> {
    let listed =
        sums.iter().map(|(file, sha256)| BesideFile { file: file.clone(), sha256: sha256.clone() });
    let sent = SendDocument { document, beside: listed.collect() };
    let view = pipeline.send_document(&sent).await.map_err(explain)?;
    let Some(id) = view.document.clone() else { bail!("the service kept no document") };
    let there = |sum: &str| {
        let mut files = view.datasets.iter().flat_map(|dataset| &dataset.files);
        files.any(|file| file.found.as_deref() == Some(sum) && file.state == FileState::Here)
    };
    for (file, sum) in sums.iter().filter(|(_, sum)| !there(sum)) {
        if !output.json {
            output.say(&format!("sending {file}"))?;
        }
        let path = sources.folder.join(file);
        let body = tokio::fs::File::open(&path)
            .await
            .with_context(|| format!("opening {}", path.display()))?;
        let bytes = body.metadata().await?.len();
        pipeline.send_beside(&id, sum, bytes, ReaderStream::new(body)).await.map_err(explain)?;
    }
    Ok(id)
}
