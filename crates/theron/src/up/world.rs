//! Seeing to it that the store has a world: asked for, made from the sources, judged, promoted.
//!
//! The operator does here over the mesh what anybody with the operator's certificate can do by hand.

use super::{Stack, program_of};
use anyhow::{Context, bail};
use std::{path::Path, time::Duration};
use tessera_pipeline_api::{
    PipelineClient, Promotion, PromotionState, Run, StartRun, rows_in_quarantine,
};
use theron_mesh::{CallError, MeshClient, names};
use tokio::{
    process::Command,
    time::{Instant, sleep},
};
use tokio_util::io::ReaderStream;

/// A service that was just started listens within this time.
const LISTENS_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(200);

/// Returns when the store has a current release.
pub(crate) async fn ensure(stack: &Stack<'_>, release: Option<&Path>) -> anyhow::Result<()> {
    let client = |name: &str| -> anyhow::Result<MeshClient> {
        Ok(MeshClient::new(&stack.mesh.node(name)?.base_url, &stack.mesh.operator)?)
    };
    let (store, pipeline) = (client(names::STORE)?, client(names::PIPELINE)?);
    let current = current_release(&store).await?;
    match (release, current) {
        (Some(file), current) => import(stack, &pipeline, file, current.as_deref()).await,
        (None, Some(id)) => {
            stack.voice.say(&format!("the world is release {id}"));
            Ok(())
        }
        (None, None) => make_default(stack, &pipeline).await,
    }
}

/// The id of the store's current release, once the store listens.
async fn current_release(store: &MeshClient) -> anyhow::Result<Option<String>> {
    let started = Instant::now();
    loop {
        match store.get::<serde_json::Value>("/releases/current").await {
            Ok(release) => {
                return Ok(release.get("id").and_then(|id| id.as_str()).map(str::to_owned));
            }
            Err(CallError::Refused { problem, .. }) if problem.status == 404 => return Ok(None),
            Err(CallError::Unreachable { .. }) if started.elapsed() < LISTENS_WITHIN => {
                sleep(POLL).await;
            }
            Err(error) => return Err(error).context("asking the store for its world"),
        }
    }
}

async fn make_default(stack: &Stack<'_>, pipeline: &MeshClient) -> anyhow::Result<()> {
    stack.voice.say("the store has no world yet: fetching the sources of the default one");
    let status = Command::new(stack.programs.join(program_of(names::PIPELINE)))
        .arg("fetch")
        .arg("--sources")
        .arg(stack.settings.world_dir.join("sources.toml"))
        .arg("--into")
        .arg(&stack.settings.sources_dir)
        .status()
        .await
        .context("starting tessera-pipeline fetch")?;
    if !status.success() {
        bail!("the sources could not be fetched; the lines above say why");
    }
    let run = pipeline
        .post("/runs", &StartRun::of_world("default"))
        .await
        .context("starting the pipeline's run")?;
    promote(stack, pipeline, run).await
}

async fn import(
    stack: &Stack<'_>,
    pipeline: &MeshClient,
    file: &Path,
    current: Option<&str>,
) -> anyhow::Result<()> {
    let (sha256, bytes) =
        checksum(file).await.with_context(|| format!("reading {}", file.display()))?;
    if current.is_some_and(|id| sha256.starts_with(id)) {
        stack.voice.say(&format!("the world is release {}", current.unwrap_or_default()));
        return Ok(());
    }
    stack.voice.say(&format!("bringing in {} ({} MB)", file.display(), bytes / 1_000_000));
    let body =
        tokio::fs::File::open(file).await.with_context(|| format!("opening {}", file.display()))?;
    let run = PipelineClient::new(pipeline.clone())
        .import(bytes, ReaderStream::new(body))
        .await
        .context("handing the release to the pipeline")?;
    promote(stack, pipeline, run).await
}

/// Follows a run to its end and promotes what it made.
async fn promote(stack: &Stack<'_>, pipeline: &MeshClient, mut run: Run) -> anyhow::Result<()> {
    let bar = stack.voice.bar("the pipeline");
    let path = format!("/runs/{}", run.id);
    while !run.state.is_over() {
        bar.set(&format!("the pipeline: {}", run.step.as_str()));
        bar.set_permille(run.progress_permille);
        sleep(POLL).await;
        run = match pipeline.get(&path).await {
            // A pipeline that died is started again, and takes its run up where it was.
            Err(CallError::Unreachable { .. }) => continue,
            answer => answer.context("asking how the run goes")?,
        };
    }
    drop(bar);
    if !run.promotable {
        let why = run.problem.unwrap_or_else(|| {
            format!("{} findings are errors: see the assay of {}", run.findings.error, run.id)
        });
        bail!("the world cannot be promoted: {why}");
    }
    stack.voice.say(&format!(
        "the assay of {}: {} warnings, {} notes, {}",
        run.id,
        run.findings.warning,
        run.findings.note,
        rows_in_quarantine(run.quarantined, run.quarantine_kept)
    ));
    let mut promotion: Promotion =
        pipeline.post(&format!("{path}/promote"), &()).await.context("promoting the world")?;
    let bar = stack.voice.bar("the store");
    while !promotion.state.is_over() {
        bar.set("the store: taking the world in");
        bar.set_permille((promotion.bytes_sent * 1000 / promotion.bytes.max(1)) as u16);
        sleep(POLL).await;
        promotion = match pipeline.get(&format!("{path}/promotion")).await {
            Err(CallError::Unreachable { .. }) => continue,
            answer => answer.context("asking how the promotion goes")?,
        };
    }
    drop(bar);
    if promotion.state != PromotionState::Done {
        bail!("the world was not promoted: {}", promotion.problem.unwrap_or_default());
    }
    let id = run.release.map(|release| release.id).unwrap_or_default();
    stack.voice.say(&format!("the world is release {id}"));
    Ok(())
}

async fn checksum(file: &Path) -> anyhow::Result<(String, u64)> {
    let file = file.to_owned();
    Ok(tokio::task::spawn_blocking(move || tessera_release::checksum(&file)).await??)
}
