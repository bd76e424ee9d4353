//! The command line against a service on its socket: what an operator types, prints and saves.

use crate::service::{Kept, NOWHERE, start, store};
use crate::small::{PLACES, Small};
use std::{
    path::Path,
    process::{Command, Output},
    sync::{Arc, Mutex},
};
use tessera_pipeline_api::{Promotion, PromotionState, Run, RunState};
use theron_mesh::names;
use theron_testkit::TestMesh;

/// Writes the client's settings, and answers how the command is called with them.
fn settings(mesh: &TestMesh, base_url: &str) -> std::path::PathBuf {
    let credentials = mesh.credentials(names::OPERATOR).unwrap();
    let path = mesh.folder().join("client.toml");
    let text = format!(
        "base_url = {base_url:?}\nca = \"{}\"\ncert = \"{}\"\nkey = \"{}\"\n",
        credentials.ca.display(),
        credentials.cert.display(),
        credentials.key.display()
    );
    std::fs::write(&path, text).unwrap();
    path
}

async fn call(config: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tessera-pipeline"));
    command.args(words).arg("--config").arg(config).current_dir(config.parent().unwrap());
    command.env("RUST_BACKTRACE", "1");
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_runs_a_document_of_his_own_reads_its_assay_and_promotes() {
    let (mesh, known, own) = (TestMesh::new().unwrap(), Small::new(), Small::new());
    own.edit("sources.toml", "title = \"A small world\"", "title = \"A world of my own\"");
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, _client) =
        start(&mesh, &known, &format!("https://{}/api/v1", store.mesh_address)).await;
    let config = settings(&mesh, &format!("https://{}/api/v1", running.mesh_address));

    // One that the service has is named, one that it has not is sent.
    let answer = call(&config, &["run", &known.document().display().to_string(), "--json"]).await;
    let run: Run = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!((run.state, run.sent, run.world.as_str()), (RunState::Finished, false, "default"));
    let answer = call(&config, &["run", &own.document().display().to_string()]).await;
    assert!(answer.status.success(), "{}", text(&answer));
    let said = text(&answer);
    assert!(said.contains("sending heights.cdf"), "{said}");
    assert!(said.contains("run-000002 finished A world of my own; 0 errors"), "{said}");

    let answer = call(&config, &["assay", "run-000002", "--save", "mine.html"]).await;
    assert!(text(&answer).contains("the assay is in mine.html"), "{}", text(&answer));
    let page = std::fs::read_to_string(mesh.folder().join("mine.html")).unwrap();
    assert!(page.contains("A world of my own"));

    let answer = call(&config, &["promote", "run-000002", "--json"]).await;
    let promotion: Promotion = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(promotion.state, PromotionState::Done);
    assert_eq!(text(&call(&config, &["promote", "run-000001"]).await), "run-000001 is live\n");
    let first = kept.lock().unwrap().promoted[0].clone();
    let answer = call(&config, &["rollback", &first]).await;
    assert!(text(&answer).starts_with(&format!("{first} is live again")), "{}", text(&answer));
    let answer = call(&config, &["rollback", &first]).await;
    assert!(text(&answer).starts_with(&format!("{first} is live already")), "{}", text(&answer));
    assert_eq!(text(&call(&config, &["runs"]).await).lines().count(), 2);
    let said = text(&call(&config, &["datasets"]).await);
    assert!(
        said.contains("default: A small world") && said.contains("last read by run-000001"),
        "{said}"
    );

    let answer = call(&config, &["promote", "run-000009"]).await;
    assert!(!answer.status.success());
    let said = text(&answer);
    assert!(said.starts_with("tessera-pipeline: ") && said.contains("no run is called"), "{said}");
    assert!(said.contains("`tessera-pipeline runs` lists those that are"), "{said}");
    assert_eq!(said.lines().count(), 1, "without a backtrace: {said}");
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_errors_of_a_run_are_said_after_its_warnings() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    // The one place there is has no position, which is a warning; a world without places is an error.
    let (head, _rows) = PLACES.split_once('\n').unwrap();
    let nowhere = "nusquam,Nusquam,,0,0,Achaia,none,4,,certain,x:1,,,";
    std::fs::write(small.path("places.csv"), format!("{head}\n{nowhere}\n")).unwrap();
    let (running, _client) = start(&mesh, &small, NOWHERE).await;
    let config = settings(&mesh, &format!("https://{}/api/v1", running.mesh_address));
    let answer = call(&config, &["run", "default"]).await;
    assert!(!answer.status.success(), "{}", text(&answer));
    let said = String::from_utf8(answer.stdout).unwrap();
    let mut severities: Vec<&str> =
        said.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(severities.pop().unwrap().starts_with("run-"), "the verdict ends it: {said}");
    severities.dedup();
    assert_eq!(severities, ["warning", "error"], "{said}");
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_service_the_command_says_so_and_how_to_do_without() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let config = settings(&mesh, NOWHERE);
    let document = small.document().display().to_string();
    let answer = call(&config, &["run", &document]).await;
    let said = text(&answer);
    assert!(!answer.status.success());
    assert!(
        said.contains("does not answer: start it with `theron up`") && said.contains("--local"),
        "{said}"
    );

    let (from, into) =
        (small.path("").display().to_string(), small.path("out").display().to_string());
    let answer =
        call(&config, &["run", &document, "--local", "--from", &from, "--into", &into]).await;
    assert!(answer.status.success(), "{}", text(&answer));
    assert!(small.path("out/world.sqlite3").is_file());
}
