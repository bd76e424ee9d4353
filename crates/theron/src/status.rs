//! `theron status`: who is up, who is ready, and what the others wait for.

use crate::layout::Layout;
use anyhow::Context;
use futures::future::join_all;
use serde::Serialize;
use std::path::{Path, PathBuf};
use theron_mesh::{Credentials, Mesh, MeshClient, Node};
use theron_wire::Readiness;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The stack's folder, as given to `theron up`
    #[arg(long, default_value = "var")]
    data_dir: PathBuf,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Status {
    services: Vec<ServiceStatus>,
    client: Credentials,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ServiceStatus {
    pub(crate) name: String,
    pub(crate) base_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_url: Option<String>,
    /// `None` while it does not answer.
    pub(crate) version: Option<String>,
    pub(crate) ready: bool,
    pub(crate) detail: String,
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let status = ask(&options.data_dir).await?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&status)?);
        return Ok(());
    }
    for service in &status.services {
        let mark = if service.ready { "ready" } else { "waits" };
        let version = service.version.as_deref().unwrap_or("-");
        println!("{mark}  {:<17} {version:<8} {}", service.name, service.base_url);
        if let Some(url) = &service.public_url {
            println!("       {:<26} {url}", "");
        }
        if !service.detail.is_empty() {
            println!("       {}", service.detail);
        }
    }
    Ok(())
}

/// Asks every service of a mesh at once.
pub(crate) async fn services(mesh: &Mesh) -> Vec<ServiceStatus> {
    join_all(mesh.services.iter().map(|node| ask_one(node, &mesh.operator))).await
}

async fn ask(data_dir: &Path) -> anyhow::Result<Status> {
    let mesh = Mesh::load(&Layout::mesh_file(data_dir))?;
    let services = services(&mesh).await;
    let absolute = |path: &Path| {
        std::path::absolute(path).with_context(|| format!("finding {}", path.display()))
    };
    let client = Credentials {
        ca: absolute(&mesh.operator.ca)?,
        cert: absolute(&mesh.operator.cert)?,
        key: absolute(&mesh.operator.key)?,
    };
    Ok(Status { services, client })
}

async fn ask_one(node: &Node, operator: &Credentials) -> ServiceStatus {
    let unknown = |detail: String| ServiceStatus {
        name: node.name.clone(),
        base_url: node.base_url.clone(),
        public_url: node.public_url.clone(),
        version: None,
        ready: false,
        detail,
    };
    let client = match MeshClient::new(node.root_url(), operator) {
        Ok(client) => client,
        Err(error) => return unknown(format!("{:#}", anyhow::Error::new(error))),
    };
    match client.request(reqwest::Method::GET, "/readyz").send().await {
        // A service that is not ready answers 503 with the same body.
        Ok(answer) => match answer.json::<Readiness>().await {
            Ok(Readiness { version, ready, detail, .. }) => {
                ServiceStatus { version: Some(version), ready, detail, ..unknown(String::new()) }
            }
            Err(_source) => {
                unknown("it answers, but not as a service of this mesh does".to_owned())
            }
        },
        Err(_source) => unknown("it does not answer".to_owned()),
    }
}
