//! The command line as a client of the service: it shows what the service does and decides nothing itself.

mod run;
mod show;

pub use run::{Started, start_run};
pub use show::Output;

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tessera_pipeline_api::{PipelineClient, Promotion, PromotionState, Run, RunState, Severity};
use theron_mesh::{CallError, Credentials, Mesh, MeshClient, names};

/// Where `theron up` writes who is where, relative to where it was started.
const MESH_FILE: &str = "var/mesh.toml";
/// A bar that a person watches; the service answers in a millisecond.
const POLL: Duration = Duration::from_millis(250);
/// A service that is being restarted is back within this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the service is found, and with which identity it is called.
#[derive(Args, Clone, Debug, Default)]
pub struct Connection {
    /// A file with `base_url`, `ca`, `cert` and `key`; paths in it are relative to it.
    #[arg(long, global = true, value_name = "CLIENT.TOML")]
    config: Option<PathBuf>,
    /// The `mesh.toml` that `theron up` wrote, where no --config is given.
    #[arg(long, global = true, value_name = "MESH.TOML")]
    mesh: Option<PathBuf>,
    /// Print JSON for programs; without bars.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    base_url: String,
    ca: PathBuf,
    cert: PathBuf,
    key: PathBuf,
}

impl Connection {
    /// A client of the service, which may not be there.
    pub fn client(&self) -> anyhow::Result<PipelineClient> {
        theron_mesh::install_tls_provider();
        let (base_url, credentials) = self.find()?;
        Ok(PipelineClient::new(MeshClient::new(&base_url, &credentials)?))
    }

    fn find(&self) -> anyhow::Result<(String, Credentials)> {
        if let Some(path) = &self.config {
            let settings: Settings = theron_service::load_config(path)?;
            let Settings { base_url, ca, cert, key } = settings;
            let folder = path.parent().unwrap_or(Path::new("."));
            return Ok((base_url, Credentials { ca, cert, key }.relative_to(folder)));
        }
        let found = Some(PathBuf::from(MESH_FILE)).filter(|path| path.is_file());
        let Some(path) = self.mesh.clone().or(found) else {
            bail!(
                "no service is known: name one with --config client.toml (base_url, ca, cert, key), or start one \
                 with `theron up` and run this where it was started; `run … --local` does the work here, without a service"
            );
        };
        let mesh = Mesh::load(&path)?;
        Ok((mesh.node(names::PIPELINE)?.base_url.clone(), mesh.operator.clone()))
    }
}

/// Says what to do where nobody answers.
pub fn explain(error: CallError) -> anyhow::Error {
    let away = matches!(error, CallError::Unreachable { .. });
    let error = anyhow::Error::new(error);
    if away {
        return error.context(
            "the pipeline's service does not answer: start it with `theron up` or `tessera-pipeline serve`, \
             or do the work here with `tessera-pipeline run SOURCES --local --from DIR --into DIR`",
        );
    }
    error
}

/// Asks again while the service is being restarted: what it does goes on where it was.
async fn patiently<T>(ask: impl AsyncFn() -> Result<T, CallError>) -> anyhow::Result<T> {
    let mut waited = Duration::ZERO;
    loop {
        match ask().await {
            Err(CallError::Unreachable { .. }) if waited < PATIENCE => {
                tokio::time::sleep(POLL).await;
                waited += POLL;
            }
            answer => return answer.map_err(explain),
        }
    }
}

/// Shows a run until it is over.
pub async fn follow(pipeline: &PipelineClient, id: &str, output: &Output) -> anyhow::Result<Run> {
    let bar = output.bar();
    loop {
        let run = patiently(async || pipeline.run(id).await).await?;
        if run.state.is_over() {
            bar.finish_and_clear();
            return Ok(run);
        }
        bar.set_position(run.progress_permille.into());
        let what = match run.state {
            RunState::Queued => "waits for its turn",
            _ => run.step.as_str(),
        };
        bar.set_message(format!("{id}: {what}"));
        tokio::time::sleep(POLL).await;
    }
}

/// Prints what a run came to; answers whether it may be promoted.
pub async fn verdict(
    pipeline: &PipelineClient,
    run: &Run,
    output: &Output,
) -> anyhow::Result<bool> {
    if output.json {
        output.value(run)?;
        return Ok(run.promotable);
    }
    if run.state == RunState::Finished {
        // Errors last: they stand where a person looks first.
        for severity in [Severity::Warning, Severity::Error] {
            let page = pipeline.findings(&run.id, Some(severity), 0).await.map_err(explain)?;
            for finding in &page.findings {
                output.say(&show::finding(finding))?;
            }
            if page.next.is_some() {
                let shown = page.findings.len() as u64;
                let rest = page.total - shown;
                output.say(&format!("and {rest} more of severity {}", severity.as_str()))?;
            }
        }
    }
    output.say(&show::run(run))?;
    Ok(run.promotable)
}

/// Saves the assay's page where a browser finds it.
pub async fn save_assay(
    pipeline: &PipelineClient,
    id: &str,
    into: &Path,
    output: &Output,
) -> anyhow::Result<()> {
    let page = pipeline.assay_page(id).await.map_err(explain)?;
    tokio::fs::write(into, &page).await.with_context(|| format!("writing {}", into.display()))?;
    if !output.json {
        output.say(&format!("the assay is in {}; open it in a browser", into.display()))?;
    }
    Ok(())
}

/// Asks for a promotion and shows it until it is over; answers whether the release is live.
pub async fn promote(pipeline: &PipelineClient, id: &str, output: &Output) -> anyhow::Result<bool> {
    let mut promotion: Promotion = pipeline.promote(id).await.map_err(explain)?;
    let bar = output.bar();
    while !promotion.state.is_over() {
        bar.set_position(promotion.bytes_sent * 1000 / promotion.bytes.max(1));
        let what = promotion.problem.as_deref().unwrap_or("on its way to the store");
        bar.set_message(format!("{id}: {what}"));
        tokio::time::sleep(POLL).await;
        promotion = patiently(async || pipeline.promotion(id).await).await?;
    }
    bar.finish_and_clear();
    if output.json {
        output.value(&promotion)?;
    } else if promotion.state == PromotionState::Done {
        output.say(&format!("{id} is live"))?;
    } else {
        let why = promotion.problem.as_deref().unwrap_or_default();
        output.say(&format!("{id} was not promoted: {why}; what was live is live still"))?;
    }
    Ok(promotion.state == PromotionState::Done)
}

pub async fn roll_back(
    pipeline: &PipelineClient,
    release: &str,
    output: &Output,
) -> anyhow::Result<()> {
    let back = pipeline.roll_back(release).await.map_err(explain)?;
    if output.json {
        return output.value(&back);
    }
    if back.from.as_ref() == Some(&back.to) {
        return output.say(&format!("{} is live already ({})", back.to, back.title));
    }
    let from = back.from.as_deref().unwrap_or("nothing");
    output.say(&format!("{} is live again ({}); it was {from}", back.to, back.title))
}

pub async fn cancel(pipeline: &PipelineClient, id: &str, output: &Output) -> anyhow::Result<()> {
    let run = pipeline.cancel(id).await.map_err(explain)?;
    if output.json { output.value(&run) } else { output.say(&show::run(&run)) }
}

pub async fn runs(pipeline: &PipelineClient, output: &Output) -> anyhow::Result<()> {
    let list = pipeline.runs(None).await.map_err(explain)?;
    if output.json {
        return output.value(&list);
    }
    list.runs.iter().try_for_each(|run| output.say(&show::run(run)))
}

pub async fn datasets(pipeline: &PipelineClient, output: &Output) -> anyhow::Result<()> {
    let list = pipeline.datasets().await.map_err(explain)?;
    if output.json {
        return output.value(&list);
    }
    list.worlds.iter().flat_map(show::world).try_for_each(|line| output.say(&line))
}
