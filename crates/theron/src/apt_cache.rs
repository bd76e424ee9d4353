//! Container 1104: Debian packages over the mesh, from a cache where there is one.
//!
//! Where `apt-cacher-ng` is installed it is run here, on an address of this machine only, and every
//! package request goes through it. Where it is not, requests go to the mirror itself and readiness
//! says so: packages come all the same, only slower. Nothing but the configured package hosts is reachable.

use anyhow::Context;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};
use theron_service::{
    Admitted, Base, Json, Path as UrlPath, ReadySignal, Refusal, Server, Tasks, admit, load_config,
    start_logging, until_signal,
};
use tokio::process::{Child, Command};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// A mirror that does not begin to answer by then is down.
const UPSTREAM_TIMEOUT: Duration = Duration::from_secs(30);
/// After `apt-cacher-ng` ends it is started again, at most this often.
const RESTART_PAUSE: Duration = Duration::from_secs(5);
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) service: Base,
    /// Where `apt-cacher-ng` listens, on this machine only.
    pub(crate) cache: SocketAddr,
    /// The package hosts that may be asked for, and nothing else on anybody's network.
    hosts: BTreeSet<String>,
}

struct Front {
    http: reqwest::Client,
    cache: SocketAddr,
    cached: bool,
    hosts: BTreeSet<String>,
}

#[derive(OpenApi)]
#[openapi(info(
    title = "apt-cache",
    version = "1.0.0",
    description = "Debian packages for the mesh (container 1104)."
))]
struct Document;

/// What answers package requests.
#[derive(Serialize, ToSchema)]
struct Cache {
    /// Whether requests go through a cache on this machine.
    cached: bool,
    /// The package hosts that may be asked for.
    hosts: Vec<String>,
}

pub(crate) async fn run(config: &Path) -> anyhow::Result<()> {
    start_logging();
    let config: Config = load_config(config)?;
    let program = which("apt-cacher-ng");
    let ready = ReadySignal::waiting("apt-cache", env!("CARGO_PKG_VERSION"), "its listener");
    let tasks = Tasks::default();
    if let Some(program) = &program {
        let (arguments, folder) = prepare_cache(&config)?;
        let program = program.clone();
        let tasks_of_cache = tasks.clone();
        tasks
            .spawn(async move { keep_cache(&program, &arguments, &folder, &tasks_of_cache).await });
    }
    let http = reqwest::Client::builder()
        .read_timeout(UPSTREAM_TIMEOUT)
        .connect_timeout(UPSTREAM_TIMEOUT)
        .build()
        .context("making the client for the mirror")?;
    let front = Front { http, cache: config.cache, cached: program.is_some(), hosts: config.hosts };
    let server = Server { ready: ready.clone(), tasks, mesh: routes(front).into(), public: None };
    let running = server.start(&config.service).await?;
    ready.set(
        true,
        match program {
            Some(_) => "packages come through apt-cacher-ng",
            None => {
                "apt-cacher-ng is not installed here: packages come straight from the mirror \
                 (apt-get install apt-cacher-ng, then start again)"
            }
        },
    );
    until_signal().await?;
    running.drain().await;
    Ok(())
}

fn routes(front: Front) -> (axum::Router, utoipa::openapi::OpenApi) {
    let (router, api) = OpenApiRouter::with_openapi(Document::openapi())
        .nest("/api/v1", OpenApiRouter::new().routes(routes!(cache)).routes(routes!(package)))
        .split_for_parts();
    (router.route_layer(admit(&[Admitted::Anyone])).with_state(Arc::new(front)), api)
}

/// What answers package requests here
#[utoipa::path(get, path = "/cache", responses((status = 200, body = Cache)))]
async fn cache(State(front): State<Arc<Front>>) -> Json<Cache> {
    Json(Cache { cached: front.cached, hosts: front.hosts.iter().cloned().collect() })
}

/// One file of a Debian mirror: `/packages/MIRROR/debian/dists/bookworm/InRelease`
#[utoipa::path(
    get, path = "/packages/{host}/{*path}",
    params(("host" = String, Path), ("path" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 403, description = "not one of the package hosts"), (status = 502, description = "the mirror does not answer"))
)]
async fn package(
    State(front): State<Arc<Front>>,
    UrlPath((host, path)): UrlPath<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if !front.hosts.contains(&host) {
        let detail =
            format!("{host} is not among this front's package hosts; GET /api/v1/cache lists them");
        return Err(Refusal::new(StatusCode::FORBIDDEN, "not_a_package_host", detail));
    }
    let url = if front.cached {
        format!("http://{}/{host}/{path}", front.cache)
    } else {
        format!("http://{host}/{path}")
    };
    let mut request = front.http.get(&url);
    for name in [header::IF_MODIFIED_SINCE, header::RANGE, header::IF_RANGE] {
        if let Some(value) = headers.get(&name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.map_err(|error| {
        tracing::warn!(%error, url, "the mirror does not answer");
        Refusal::new(
            StatusCode::BAD_GATEWAY,
            "mirror_down",
            format!("{host} does not answer; try again later"),
        )
    })?;
    let mut response = (answer.status(), ()).into_response();
    for name in
        [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::LAST_MODIFIED, header::CONTENT_RANGE]
    {
        if let Some(value) = answer.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    Ok(response)
}

/// Makes the folders that `apt-cacher-ng` wants, and gives its arguments.
fn prepare_cache(config: &Config) -> anyhow::Result<(Vec<String>, PathBuf)> {
    let folder = config.service.data_dir.clone();
    for name in ["cache", "log"] {
        std::fs::create_dir_all(folder.join(name)).with_context(|| format!("making {name}/"))?;
    }
    let arguments = vec![
        "ForeGround=1".to_owned(),
        format!("CacheDir={}", folder.join("cache").display()),
        format!("LogDir={}", folder.join("log").display()),
        format!("Port={}", config.cache.port()),
        format!("BindAddress={}", config.cache.ip()),
        "SocketPath=".to_owned(),
    ];
    Ok((arguments, folder))
}

/// Keeps one `apt-cacher-ng` running until the service stops.
async fn keep_cache(program: &Path, arguments: &[String], folder: &Path, tasks: &Tasks) {
    while !tasks.is_stopping() {
        match spawn_cache(program, arguments, folder) {
            Ok(mut child) => {
                tokio::select! {
                    ended = child.wait() => tracing::warn!(?ended, "apt-cacher-ng ended"),
                    () = tasks.stopping() => {
                        if let Err(error) = child.kill().await {
                            tracing::warn!(%error, "apt-cacher-ng could not be stopped");
                        }
                        return;
                    }
                }
            }
            Err(error) => tracing::error!(%error, "apt-cacher-ng does not start"),
        }
        tokio::select! {
            () = tokio::time::sleep(RESTART_PAUSE) => {}
            () = tasks.stopping() => return,
        }
    }
}

fn spawn_cache(program: &Path, arguments: &[String], folder: &Path) -> std::io::Result<Child> {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
}

/// Debian puts it into /usr/sbin, which is not on everybody's path.
fn which(program: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .into_iter()
        .map(|folder| Path::new(folder).join(program))
        .find(|path| path.exists())
}
