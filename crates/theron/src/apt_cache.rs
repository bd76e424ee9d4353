//! Container 1104: Debian packages over the mesh, from a cache where there is one.
//!
//! Where `apt-cacher-ng` is installed it is run here, on an address of this machine only, and every
//! package request goes through it. Where it is not, or while it is down, requests go to the mirror itself
//! and readiness says so: packages come all the same, only slower. Nothing but the configured package hosts
//! is reachable: a path stays below its host, and a mirror that sends elsewhere is not followed.

mod cacher;

use anyhow::Context;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use cacher::Cacher;
use reqwest::{Url, redirect};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use theron_service::{
    Admitted, Base, Claim, Json, Path as UrlPath, ReadySignal, Refusal, Server, Tasks, admit,
    chain, ended, load_config, start_logging, until_signal,
};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// A mirror that does not begin to answer by then is down.
const UPSTREAM_TIMEOUT: Duration = Duration::from_secs(30);

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
    /// Whether the cache can be asked now.
    cached: Arc<AtomicBool>,
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
    /// Whether requests go through a cache on this machine now.
    cached: bool,
    /// The package hosts that may be asked for.
    hosts: Vec<String>,
}

pub(crate) async fn run(config: &Path) -> ExitCode {
    start_logging();
    ended(serve(config).await)
}

async fn serve(config: &Path) -> anyhow::Result<()> {
    let Config { service, cache, hosts } = load_config(config)?;
    let ready = ReadySignal::waiting("apt-cache", env!("CARGO_PKG_VERSION"), "its listener");
    let tasks = Tasks::default();
    let cached = Arc::new(AtomicBool::new(false));
    let front = Front { http: client()?, cache, cached: Arc::clone(&cached), hosts };
    let server = Server {
        claim: Claim::take(&service.data_dir)?,
        ready: ready.clone(),
        tasks: tasks.clone(),
        mesh: routes(front).into(),
        public: None,
    };
    let running = server.start(&service).await?;
    if let Some(program) = which("apt-cacher-ng") {
        ready.set(
            true,
            "apt-cacher-ng starts: packages come straight from the mirror until it runs",
        );
        let arguments = cacher::prepare(&service.data_dir, cache)?;
        let folder = service.data_dir;
        let cacher = Cacher { program, arguments, folder, address: cache, listens: cached, ready };
        let tasks_of_cacher = tasks.clone();
        tasks.spawn(async move { cacher.keep(&tasks_of_cacher).await });
    } else {
        let detail = "apt-cacher-ng is not installed here: packages come straight from the mirror \
                      (apt-get install apt-cacher-ng, then start again)";
        ready.set(true, detail);
    }
    until_signal().await?;
    running.drain().await;
    Ok(())
}

fn client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .read_timeout(UPSTREAM_TIMEOUT)
        .connect_timeout(UPSTREAM_TIMEOUT)
        .redirect(redirect::Policy::none())
        .build()
        .context("making the client for the mirror")
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
    Json(Cache {
        cached: front.cached.load(Ordering::Relaxed),
        hosts: front.hosts.iter().cloned().collect(),
    })
}

/// One file of a Debian mirror: `/packages/MIRROR/debian/dists/bookworm/InRelease`
#[utoipa::path(
    get, path = "/packages/{host}/{*path}",
    params(("host" = String, Path), ("path" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, description = "a path that could leave its host"), (status = 403, description = "not one of the package hosts"),
        (status = 502, description = "the mirror does not answer, or sends elsewhere"))
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
    let cache = front.cached.load(Ordering::Relaxed).then_some(front.cache);
    let url = address(cache, &host, &path)?;
    let mut request = front.http.get(url.clone());
    for name in [header::IF_MODIFIED_SINCE, header::RANGE, header::IF_RANGE] {
        if let Some(value) = headers.get(&name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.map_err(|error| {
        tracing::warn!(error = chain(&error), %url, "no answer to a package request");
        match cache {
            Some(_) => bad_gateway("cache_down", "apt-cacher-ng does not answer; try again later"),
            None => bad_gateway("mirror_down", &format!("{host} does not answer; try again later")),
        }
    })?;
    if let Some(location) = answer.headers().get(header::LOCATION) {
        let location = String::from_utf8_lossy(location.as_bytes());
        let detail =
            format!("{host} sends this request to {location}; name that host to apt instead");
        return Err(bad_gateway("mirror_moved", &detail));
    }
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

fn bad_gateway(code: &'static str, detail: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_GATEWAY, code, detail)
}

/// Where a file of a host is asked for. A path that could lead out of the host is refused, however it is written:
/// whoever reads an address takes `%2e` for a dot and leaves control characters out.
fn address(cache: Option<SocketAddr>, host: &str, path: &str) -> Result<Url, Refusal> {
    let refused = || {
        let detail = "a package's path has no `.` or `..` in it and no control characters";
        Refusal::new(StatusCode::BAD_REQUEST, "path_not_plain", detail)
    };
    let is_plain = |segment: &str| {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        dots != "." && dots != ".." && !segment.contains(char::is_control)
    };
    if !path.split(['/', '\\']).all(is_plain) {
        return Err(refused());
    }
    let root = cache.map_or_else(|| host.to_owned(), |cache| cache.to_string());
    let mut url = Url::parse(&format!("http://{root}/")).map_err(|_source| refused())?;
    url.path_segments_mut()
        .map_err(|()| refused())?
        .pop_if_empty()
        .extend(cache.map(|_| host))
        .extend(path.split('/'));
    Ok(url)
}

/// Debian puts it into /usr/sbin, which is not on everybody's path.
fn which(program: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
        .into_iter()
        .map(|folder| Path::new(folder).join(program))
        .find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, http::Uri};

    /// A server that says its name and what it was asked for, or sends elsewhere.
    async fn serve(name: &'static str, tasks: &Tasks) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = move |uri: Uri| async move {
            match uri.path() {
                "/moved" => {
                    (StatusCode::FOUND, [(header::LOCATION, "http://10.0.0.1/")]).into_response()
                }
                path => format!("{name} {path}").into_response(),
            }
        };
        tasks.spawn_until_stop(async move {
            axum::serve(listener, Router::new().fallback(answer)).await.unwrap();
        });
        address
    }

    async fn ask(front: &Arc<Front>, host: &str, path: &str) -> Result<String, (u16, String)> {
        let path = UrlPath((host.to_owned(), path.to_owned()));
        let answer = package(State(Arc::clone(front)), path, HeaderMap::new()).await;
        let answer = answer.map_err(|refusal| (refusal.0.status, refusal.0.code.clone()))?;
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_cache_is_asked_while_it_runs_and_the_mirror_itself_otherwise() {
        theron_mesh::install_tls_provider();
        let tasks = Tasks::default();
        let mirror = serve("mirror", &tasks).await.to_string();
        let cache = serve("cache", &tasks).await;
        let cached = Arc::new(AtomicBool::new(true));
        let nobody = "127.0.0.1:1";
        let hosts = [mirror.clone(), nobody.to_owned()].into();
        let http = client().unwrap();
        let front = Arc::new(Front { http, cache, cached: Arc::clone(&cached), hosts });
        let through = Ok(format!("cache /{mirror}/debian/a+b~1_all.deb"));
        assert_eq!(ask(&front, &mirror, "debian/a+b~1_all.deb").await, through);
        cached.store(false, Ordering::Relaxed);
        let straight = Ok("mirror /debian/a+b~1_all.deb".to_owned());
        assert_eq!(ask(&front, &mirror, "debian/a+b~1_all.deb").await, straight);
        let moved = Err((502, "mirror_moved".to_owned()));
        assert_eq!(ask(&front, &mirror, "moved").await, moved);
        let down = Err((502, "mirror_down".to_owned()));
        assert_eq!(ask(&front, nobody, "debian/x").await, down);
        tasks.finish().await;
    }

    #[test]
    fn no_path_leads_out_of_its_host() {
        let cache = Some(SocketAddr::from(([127, 110, 0, 17], 13142)));
        let out =
            ["..", "a/../b", "./a", "%2e%2e/a", ".%2E/a", "a/%2e", "a\\..\\b", ".\t./a", "a/.\n."];
        for path in out {
            for cache in [None, cache] {
                let refusal = address(cache, "mirror.example", path).unwrap_err();
                assert_eq!(
                    (refusal.0.status, refusal.0.code.as_str()),
                    (400, "path_not_plain"),
                    "{path}"
                );
            }
        }
        let stays = ["debian/a..b/...", "debian/dists/", "debian/a?b#c", "a\\b", "%2f"];
        let addresses =
            stays.map(|path| address(cache, "mirror.example", path).unwrap().to_string());
        let root = "http://127.110.0.17:13142/mirror.example";
        let expected = ["debian/a..b/...", "debian/dists/", "debian/a%3Fb%23c", "a%5Cb", "%252f"];
        assert_eq!(addresses, expected.map(|path| format!("{root}/{path}")));
    }
}
