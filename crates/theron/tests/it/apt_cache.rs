//! Container 1104's front: documented, guarded, and honest about whether there is a cache.

use std::{fs, process::Command, time::Duration};
use theron_mesh::{MeshClient, names};
use theron_testkit::TestMesh;
use theron_wire::Readiness;

/// A process on a busy machine.
const LISTENS_WITHIN: Duration = Duration::from_secs(20);

struct Front(std::process::Child);

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The front as a process, on a port that was free a moment ago.
fn start(mesh: &TestMesh) -> (Front, String) {
    let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut base = mesh.base(names::APT_CACHE).unwrap();
    base.listen.mesh = free();
    base.listen.public = None;
    let config = mesh.folder().join("apt-cache.toml");
    let own = format!(
        "cache = '{}'\nhosts = ['mirror.example']\n[service]\n{}",
        free(),
        toml::to_string(&base).unwrap()
    );
    fs::write(
        &config,
        own.replace("[listen]", "[service.listen]").replace("[tls]", "[service.tls]"),
    )
    .unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_theron"))
        .args(["apt-cache", "--config"])
        .arg(config)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    (Front(child), format!("https://{}", base.listen.mesh))
}

#[test]
fn the_front_says_what_it_is_and_reaches_its_package_hosts_only() {
    let mesh = TestMesh::new().unwrap();
    let (_front, root) = start(&mesh);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = MeshClient::new(&root, &mesh.credentials("otivm-dev").unwrap()).unwrap();
    let ask = |path: &str| runtime.block_on(client.get::<serde_json::Value>(path));

    // It changes when a cache comes up.
    let cache = crate::stack::wait_for("readiness and the list agree", LISTENS_WITHIN, || {
        let readiness = runtime.block_on(client.get::<Readiness>("/readyz")).ok()?;
        let cache = ask("/api/v1/cache").ok()?;
        let is_straight = readiness.detail.contains("straight from the mirror");
        (readiness.ready && cache["cached"] == !is_straight).then_some(cache)
    });
    assert_eq!(cache["hosts"], serde_json::json!(["mirror.example"]));

    let refusal = ask("/api/v1/packages/10.0.0.1/secret").unwrap_err();
    assert_eq!(refusal.problem().unwrap().code, "not_a_package_host");
    let refusal = ask("/api/v1/packages/mirror.example/%252e%252e/10.0.0.1/secret").unwrap_err();
    let problem = refusal.problem().unwrap();
    assert_eq!((problem.status, problem.code.as_str()), (400, "path_not_plain"));
}

#[test]
fn the_openapi_document_that_is_served_is_the_one_that_is_checked_in() {
    let mesh = TestMesh::new().unwrap();
    let (_front, root) = start(&mesh);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = MeshClient::new(&root, &mesh.credentials(names::OPERATOR).unwrap()).unwrap();
    let served = async || {
        let request = client.request(reqwest::Method::GET, "/api/v1/openapi.json");
        request.send().await.ok()?.text().await.ok()
    };
    let document =
        crate::stack::wait_for("the front listens", LISTENS_WITHIN, || runtime.block_on(served()));
    let checked_in = crate::stack::root().join("openapi/apt-cache.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&checked_in, &document).unwrap();
    }
    assert_eq!(fs::read_to_string(checked_in).unwrap(), document, "run `cargo xtask openapi`");
}
