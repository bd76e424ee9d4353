//! Listening: the mesh over mutual TLS, the public routes over HTTP, and a drain at the end.

use crate::{
    Admitted, Base, Bounds, Claim, ReadySignal, Shortcut, Tasks, admit,
    connections::Losses,
    layers::{surround_mesh, surround_public},
    metrics, open_files, ops,
};
use axum::Router;
use axum_server::{
    Handle,
    accept::{TcpConfigAcceptor, TcpKeepaliveConfig, TcpSocketConfig},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use std::{io, net::SocketAddr, time::Duration};
use theron_mesh::{TlsError, server_config};
use tokio::signal::unix::{SignalKind, signal};
use utoipa::openapi::OpenApi;

/// Calls in hand at a stop get this long to finish.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// A peer that is gone without a word is asked after when it was silent so long, and let go some probes later.
const SILENCE: Duration = Duration::from_secs(60);
const PROBE_EVERY: Duration = Duration::from_secs(15);
const PROBES: u32 = 4;

/// The routes of one listener and the document that describes them.
pub struct Routes {
    pub router: Router,
    pub api: OpenApi,
}

impl From<(Router, OpenApi)> for Routes {
    fn from((router, api): (Router, OpenApi)) -> Self {
        Self { router, api }
    }
}

/// Answers that a listener knows without its routes.
#[derive(Default)]
pub struct Shortcuts {
    pub mesh: Option<Shortcut>,
    pub public: Option<Shortcut>,
}

/// A service about to listen. Routes carry their full paths, `/api/v1/...`.
pub struct Server {
    /// The data directory, held until the end of the drain.
    pub claim: Claim,
    pub ready: ReadySignal,
    pub tasks: Tasks,
    pub mesh: Routes,
    /// Used where the configuration names a public address.
    pub public: Option<Routes>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(
        "cannot listen on {address}; another process may have it: stop that one or choose another port"
    )]
    Bind {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
}

/// A listening service.
pub struct Running {
    pub mesh_address: SocketAddr,
    pub public_address: Option<SocketAddr>,
    handles: Vec<Handle<SocketAddr>>,
    tasks: Tasks,
    _claim: Claim,
}

impl Server {
    /// Binds both listeners and answers from then on.
    pub async fn start(self, base: &Base) -> Result<Running, ServeError> {
        self.start_with(base, Shortcuts::default()).await
    }

    /// The same, where some answers are known without a route.
    pub async fn start_with(
        self,
        base: &Base,
        shortcuts: Shortcuts,
    ) -> Result<Running, ServeError> {
        self.start_within(base, shortcuts, Bounds::default()).await
    }

    /// The same, with bounds that a test can wait for.
    #[expect(
        clippy::unused_async,
        reason = "starting belongs to the runtime whose listeners it makes"
    )]
    pub async fn start_within(
        self,
        base: &Base,
        shortcuts: Shortcuts,
        bounds: Bounds,
    ) -> Result<Running, ServeError> {
        let bounds = bounds.within_files(open_files::raise());
        theron_mesh::install_tls_provider();
        metrics::install();
        self.tasks.spawn_until_stop(metrics::keep_up());
        let config = RustlsConfig::from_config(server_config(&base.tls)?);
        let mut handles = Vec::new();

        let ops =
            ops::routes(self.ready.clone(), &self.mesh.api).route_layer(admit(&[Admitted::Anyone]));
        let mesh = surround_mesh(self.mesh.router.merge(ops), shortcuts.mesh, &bounds, &self.tasks);
        let listener = bind(base.listen.mesh)?;
        let mesh_address = local(&listener, base.listen.mesh)?;
        let handle = Handle::new();
        let server = bounded("mesh", listener, mesh_address, &bounds)?
            .acceptor(RustlsAcceptor::new(config).acceptor(sockets()))
            .handle(handle.clone())
            .serve(mesh);
        handles.push(handle);
        self.tasks.spawn(log_end("mesh", server));

        let mut public_address = None;
        if let (Some(address), Some(routes)) = (base.listen.public, self.public) {
            let ops = ops::routes(self.ready.clone(), &routes.api);
            let public =
                surround_public(routes.router.merge(ops), shortcuts.public, &bounds, &self.tasks);
            let listener = bind(address)?;
            public_address = Some(local(&listener, address)?);
            let handle = Handle::new();
            let server = bounded("public", listener, address, &bounds)?
                .acceptor(sockets())
                .handle(handle.clone())
                .serve(public);
            handles.push(handle);
            self.tasks.spawn(log_end("public", server));
        }
        tracing::info!(service = base.name, %mesh_address, ?public_address, "listening");
        // Outside systemd there is nobody to notify, which is no failure.
        drop(sd_notify::notify(&[sd_notify::NotifyState::Ready]));
        Ok(Running { mesh_address, public_address, handles, tasks: self.tasks, _claim: self.claim })
    }
}

impl Running {
    /// Takes no new calls, lets those in hand finish, stops the background tasks.
    pub async fn drain(self) {
        tracing::info!("draining");
        for handle in &self.handles {
            handle.graceful_shutdown(Some(DRAIN_TIMEOUT));
        }
        self.tasks.finish().await;
        tracing::info!("stopped");
    }
}

/// Resolves at SIGTERM or SIGINT; under `theron up` also when that process is gone.
pub async fn until_signal() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = supervisor_gone() => tracing::warn!("the supervisor is gone"),
    }
    Ok(())
}

/// A supervisor holds our standard input open and says nothing on it; without one this never resolves.
async fn supervisor_gone() {
    if std::env::var_os("THERON_SUPERVISED").is_none() {
        return std::future::pending().await;
    }
    let (gone, is_gone) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own: a blocked read in the runtime's pool would hold up the end of the process.
    std::thread::spawn(move || {
        drop(io::copy(&mut io::stdin().lock(), &mut io::sink()));
        drop(gone);
    });
    drop(is_gone.await);
}

/// A server that waits for its callers as long as the bounds say, and complains of those it lost.
fn bounded(
    name: &'static str,
    listener: std::net::TcpListener,
    address: SocketAddr,
    bounds: &Bounds,
) -> Result<axum_server::Server<SocketAddr>, ServeError> {
    let mut server = axum_server::from_tcp(listener)
        .map_err(|source| ServeError::Bind { address, source })?
        .first_request_timeout(bounds.first_request);
    let http = server.http_builder();
    // Runs from one answer's end to the next head's, and not while an answer streams.
    http.http1().header_read_timeout(bounds.idle).max_buf_size(bounds.head_bytes);
    http.http2().keep_alive_interval(bounds.ping_every).keep_alive_timeout(bounds.ping);
    let losses = Losses::of(name);
    Ok(server.accept_error_handler(move |peer, error| losses.count(peer, error)))
}

/// What is written goes out at once: an event must not wait for the acknowledgement of the one before it.
fn sockets() -> TcpConfigAcceptor {
    let keepalive = TcpKeepaliveConfig::new().time(SILENCE).interval(PROBE_EVERY).retries(PROBES);
    TcpConfigAcceptor::new(TcpSocketConfig::new().nodelay(true).keepalive(keepalive))
}

fn bind(address: SocketAddr) -> Result<std::net::TcpListener, ServeError> {
    std::net::TcpListener::bind(address).map_err(|source| ServeError::Bind { address, source })
}

fn local(listener: &std::net::TcpListener, address: SocketAddr) -> Result<SocketAddr, ServeError> {
    listener.local_addr().map_err(|source| ServeError::Bind { address, source })
}

async fn log_end(listener: &'static str, server: impl Future<Output = io::Result<()>>) {
    if let Err(error) = server.await {
        tracing::error!(%error, listener, "a listener ended");
    }
}
