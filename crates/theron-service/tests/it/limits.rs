//! What callers who hold on to us get: not our places, not our sockets, and not the time of the others.

use axum::{
    Extension, Router,
    response::{Sse, sse},
    routing::{get, post},
};
use futures::{Stream, stream};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use theron_mesh::names;
use theron_service::{Bounds, Claim, Connection, ReadySignal, Running, Server, Shortcuts, Tasks};
use theron_testkit::TestMesh;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::Notify,
    time::timeout,
};
use utoipa::openapi::OpenApi;

/// Longer than any bound of these tests; what did not happen by now does not happen.
const PATIENCE: Duration = Duration::from_secs(20);
const EVENTS: u32 = 4;

async fn start(bounds: Bounds) -> (TestMesh, Running, Arc<Notify>) {
    let mesh = TestMesh::new().unwrap();
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let held = move || async move { opened.notified().await };
    let by_proxy = |Extension(connection): Extension<Connection>| async move {
        connection.is_a_proxy_s();
    };
    let public = Router::new()
        .route("/api/v1/hello", get(|| async { "hello" }))
        .route("/api/v1/held", get(held))
        .route("/api/v1/proxy", get(by_proxy))
        .route("/api/v1/body", post(|body: String| async move { body }))
        .route("/api/v1/events", get(move || async move { Sse::new(events(bounds.idle * 2)) }));
    let base = mesh.base(names::STORE).unwrap();
    let server = Server {
        claim: Claim::take(&base.data_dir).unwrap(),
        ready: ReadySignal::waiting("tessera-store", "1.2.3", ""),
        tasks: Tasks::default(),
        mesh: (Router::new(), OpenApi::default()).into(),
        public: Some((public, OpenApi::default()).into()),
    };
    let running = server.start_within(&base, Shortcuts::default(), bounds).await.unwrap();
    (mesh, running, gate)
}

/// Each after a silence.
fn events(silence: Duration) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    stream::unfold(0, move |sent| async move {
        tokio::time::sleep(silence).await;
        (sent < EVENTS).then_some((Ok(sse::Event::default().data("here")), sent + 1))
    })
}

fn public(running: &Running) -> SocketAddr {
    running.public_address.unwrap()
}

async fn connect_from(host: u8, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, host], 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// The first bytes of what comes back; nothing where the connection was closed.
async fn heard(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 1024];
    let read = timeout(PATIENCE, stream.read(&mut bytes)).await.unwrap().unwrap_or(0);
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

async fn ask(stream: &mut TcpStream, path: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    // One who was turned away may find out here or at the answer.
    drop(stream.write_all(head.as_bytes()).await);
    heard(stream).await
}

async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

async fn status(running: &Running, path: &str) -> u16 {
    let url = format!("http://{}{path}", public(running));
    reqwest::get(url).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408_and_frees_its_place() {
    let bounds = Bounds { body: Duration::from_millis(200), calls: 1, ..Bounds::DEFAULT };
    let (_mesh, running, _gate) = start(bounds).await;
    let mut slow = connect_from(1, public(&running)).await;
    let head = "POST /api/v1/body HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\nhalf";
    slow.write_all(head.as_bytes()).await.unwrap();
    let answer = heard(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
    assert!(is_closed(&mut slow).await, "the rest of the body is not waited for");
    assert_eq!(status(&running, "/api/v1/hello").await, 200);
    running.drain().await;
}

#[tokio::test]
async fn supervision_is_answered_while_every_place_is_taken() {
    let (_mesh, running, gate) = start(Bounds { calls: 1, ..Bounds::DEFAULT }).await;
    let mut holder = connect_from(1, public(&running)).await;
    holder.write_all(b"GET /api/v1/held HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let all_taken = async { while status(&running, "/api/v1/hello").await != 503 {} };
    timeout(PATIENCE, all_taken).await.unwrap();
    let paths = ["/livez", "/readyz", "/metrics", "/api/v1/hello"];
    let asked = futures::future::join_all(paths.map(|path| status(&running, path))).await;
    assert_eq!(asked, [200, 503, 200, 503], "not ready, and it says so itself");
    let not_ready = reqwest::get(format!("http://{}/readyz", public(&running))).await.unwrap();
    assert!(!not_ready.headers().contains_key("retry-after"));
    gate.notify_one();
    assert!(heard(&mut holder).await.starts_with("HTTP/1.1 200"));
    running.drain().await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_between_calls_is_let_go() {
    let bounds = Bounds { idle: Duration::from_millis(300), ..Bounds::DEFAULT };
    let (_mesh, running, _gate) = start(bounds).await;
    for half_a_head in ["", "GET /api/v1/hello HTTP/1.1\r\nhost:"] {
        let mut silent = connect_from(1, public(&running)).await;
        let first = ask(&mut silent, "/api/v1/hello").await;
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        silent.write_all(half_a_head.as_bytes()).await.unwrap();
        assert!(is_closed(&mut silent).await, "after {half_a_head:?}");
    }
    running.drain().await;
}

#[tokio::test]
async fn an_answer_that_streams_outlives_every_bound() {
    let bounds = Bounds {
        idle: Duration::from_millis(300),
        body: Duration::from_millis(300),
        answer: Duration::from_millis(600),
        ping_every: Duration::from_millis(100),
        ping: Duration::from_secs(5),
        ..Bounds::DEFAULT
    };
    let (_mesh, running, _gate) = start(bounds).await;
    let url = format!("http://{}/api/v1/events", public(&running));
    let [first, second] = [false, true].map(|http2| {
        let client = reqwest::Client::builder();
        let client = if http2 { client.http2_prior_knowledge() } else { client };
        let asked = client.build().unwrap().get(&url).send();
        async move { asked.await.unwrap().text().await.unwrap() }
    });
    let all = "data: here\n\n".repeat(EVENTS as usize);
    let streamed = async { tokio::join!(first, second) };
    assert_eq!(timeout(PATIENCE, streamed).await.unwrap(), (all.clone(), all));
    running.drain().await;
}

#[tokio::test]
async fn a_peer_of_http_2_that_does_not_answer_a_ping_is_let_go() {
    let [ping_every, ping] = [Duration::from_millis(200); 2];
    let (_mesh, running, _gate) = start(Bounds { ping_every, ping, ..Bounds::DEFAULT }).await;
    let mut mute = connect_from(1, public(&running)).await;
    // No settings of its own; then GET / of the host "a", whole, in one frame of headers.
    let settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    let get = b"\x00\x00\x06\x01\x05\x00\x00\x00\x01\x82\x86\x84\x41\x01a";
    mute.write_all(&[settings.as_slice(), get].concat()).await.unwrap();
    assert!(is_closed(&mut mute).await);
    running.drain().await;
}

#[tokio::test]
async fn one_address_that_has_its_connections_leaves_room_for_the_next() {
    let bounds = Bounds { connections: 4, connections_of_one: 2, ..Bounds::DEFAULT };
    let (mesh, running, _gate) = start(bounds).await;
    let at = public(&running);
    let mut held = [connect_from(1, at).await, connect_from(1, at).await];
    for stream in &mut held {
        assert!(ask(stream, "/api/v1/hello").await.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(ask(&mut connect_from(1, at).await, "/api/v1/hello").await, "", "closed at once");
    let mut other = connect_from(2, at).await;
    assert!(ask(&mut other, "/api/v1/hello").await.starts_with("HTTP/1.1 200"));
    let metrics = reqwest::Client::builder()
        .local_address(std::net::IpAddr::from([127, 0, 0, 3]))
        .build()
        .unwrap()
        .get(format!("http://{at}/metrics"));
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains(r#"connections_lost_total{listener="public"} 1"#), "{metrics}");
    // Who goes makes room; and the mesh's peers are few, and counted by nobody.
    let [first, _second] = held;
    drop(first);
    let again =
        async { while ask(&mut connect_from(1, at).await, "/api/v1/hello").await.is_empty() {} };
    timeout(PATIENCE, again).await.unwrap();
    for _ in 0..3 {
        let member = mesh.client("otivm-dev", running.mesh_address).unwrap();
        let document: serde_json::Value = member.get("/openapi.json").await.unwrap();
        assert_eq!(document["openapi"], "3.1.0");
    }
    running.drain().await;
}

#[tokio::test]
async fn a_proxy_has_as_many_connections_as_its_clients_need() {
    let bounds = Bounds { connections: 8, connections_of_one: 1, ..Bounds::DEFAULT };
    let (_mesh, running, _gate) = start(bounds).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut connection = connect_from(1, public(&running)).await;
        let answer = ask(&mut connection, "/api/v1/proxy").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        held.push(connection);
    }
    running.drain().await;
}

/// A call whose body is larger than any route of the test takes.
fn too_large(bytes: usize) -> Vec<u8> {
    let head = format!("POST /api/v1/body HTTP/1.1\r\nhost: a\r\ncontent-length: {bytes}\r\n\r\n");
    [head.into_bytes(), vec![b'x'; bytes]].concat()
}

#[tokio::test]
async fn who_writes_all_of_a_body_that_is_too_large_reads_the_refusal_and_may_go_on() {
    let (_mesh, running, _gate) = start(Bounds::DEFAULT).await;
    let mut writer = connect_from(1, public(&running)).await;
    // More than the buffers of both ends hold, and not a byte is read before the last is written.
    timeout(PATIENCE, writer.write_all(&too_large(32 << 20))).await.unwrap().unwrap();
    let answer = heard(&mut writer).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(ask(&mut writer, "/api/v1/hello").await.starts_with("HTTP/1.1 200"));
    running.drain().await;
}

#[tokio::test]
async fn the_rest_of_a_refused_body_is_read_up_to_a_limit_and_a_time() {
    let bounds = Bounds { rest: Duration::from_millis(300), ..Bounds::DEFAULT };
    let (_mesh, running, _gate) = start(bounds).await;
    let mut stuck = connect_from(1, public(&running)).await;
    let body = too_large(1 << 20);
    stuck.write_all(&body[..body.len() - 1]).await.unwrap();
    assert!(heard(&mut stuck).await.starts_with("HTTP/1.1 413"));
    assert!(is_closed(&mut stuck).await, "the last byte is not waited for");
    running.drain().await;

    let bounds = Bounds { rest_bytes: 1 << 20, ..Bounds::DEFAULT };
    let (_mesh, running, _gate) = start(bounds).await;
    let mut endless = connect_from(1, public(&running)).await;
    let written = timeout(PATIENCE, endless.write_all(&too_large(256 << 20))).await.unwrap();
    assert!(written.is_err(), "256 MiB were read");
    running.drain().await;
}

#[tokio::test]
async fn a_body_that_its_sender_keeps_back_until_it_is_asked_for_is_not_waited_for() {
    let (_mesh, running, _gate) = start(Bounds::DEFAULT).await;
    let mut polite = connect_from(1, public(&running)).await;
    let head = "POST /api/v1/nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\nexpect: 100-continue\r\n\r\n";
    polite.write_all(head.as_bytes()).await.unwrap();
    let answer = heard(&mut polite).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let closed = timeout(Bounds::DEFAULT.rest / 2, is_closed(&mut polite)).await;
    assert_eq!(closed, Ok(true));
    running.drain().await;
}
