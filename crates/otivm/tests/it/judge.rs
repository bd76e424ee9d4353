//! The field's own judge of APIs, schemathesis, with some ten thousand generated calls: nothing that the
//! document does not promise, nothing that is the server's fault, and every refusal in words.

use crate::scene::{House, Player};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path, process::Command};
use theron_wire::{PROBLEM_JSON, Problem};

/// The judges' own environment; `cargo xtask test` installs it.
fn schemathesis() -> Command {
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/judges/bin/schemathesis");
    assert!(program.exists(), "no {}; run `cargo xtask test`", program.display());
    Command::new(program)
}

struct Judged {
    calls: usize,
    /// Codes of the refusals, with one of their sentences.
    refusals: BTreeMap<String, String>,
}

/// Calls every operation but those excluded, as this caller.
async fn judge(house: &House, caller: &Player, exclude: &str, examples: u32) -> Judged {
    let folder = house.mesh.folder().join("judged");
    std::fs::create_dir_all(&folder).unwrap();
    let report = folder.join("calls.har");
    let root = house.root();
    let mut run = schemathesis();
    run.args(["--no-color", "run"]).arg(format!("{root}/api/v1/openapi.json"));
    run.arg("--url").arg(format!("{root}/api/v1"));
    run.args(["--seed", "1105", "--max-examples"]).arg(examples.to_string());
    run.args(["--phases", "examples,coverage,fuzzing", "--generation-database", "none"]);
    run.args(["--warnings", "off", "--continue-on-failure", "--workers", "2"]);
    run.args(["--exclude-path-regex", exclude, "--report-har-path"]).arg(&report);
    run.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
    ]);
    if let Some(cookie) = &caller.cookie {
        run.arg("--header").arg(format!("Cookie: {cookie}"));
    }
    run.current_dir(&folder);
    let output = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let judged = read(&serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    judged
}

fn read(report: &Value) -> Judged {
    let entries = report["log"]["entries"].as_array().unwrap();
    let mut refusals = BTreeMap::new();
    for entry in entries {
        let (request, response) = (&entry["request"], &entry["response"]);
        let status = response["status"].as_u64().unwrap();
        if status < 400 {
            continue;
        }
        let call = format!("{} {}: {status}", request["method"], request["url"]);
        let content = &response["content"];
        if content["size"] == 0 || request["method"] == "HEAD" {
            continue;
        }
        assert_eq!(content["mimeType"], PROBLEM_JSON, "{call}");
        let problem: Problem = serde_json::from_str(content["text"].as_str().unwrap()).unwrap();
        assert_eq!(u64::from(problem.status), status, "{call}");
        assert!(problem.detail.split(' ').count() >= 4, "{call} in too few words: {problem}");
        assert!(!problem.detail.contains("::"), "{call} speaks of its insides: {problem}");
        refusals.insert(problem.code, problem.detail);
    }
    Judged { calls: entries.len(), refusals }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_generated_calls_meet_no_fault_and_every_refusal_is_in_words() {
    let house = House::open_with(|config| config.seats = 700).await;
    let player = house.enrol().await;
    // A stream has no end, and who ends or renews its session in the middle is a stranger from then on.
    let others = "^/(events|session|sessions|recovery-phrase|players|farewell)$";
    let playing = judge(&house, &player, others, 400).await;
    let knocking = judge(&house, &house.visitor(), "^/(events|tiles|releases|places)", 80).await;
    let (calls, strange) = (playing.calls, knocking.calls);
    assert!(calls + strange >= 10_000, "{calls} + {strange}");
    for code in ["idempotency_key_not_valid", "body_not_understood"] {
        assert!(playing.refusals.contains_key(code), "{code}: {:?}", playing.refusals);
    }
    for code in ["session_missing", "recovery_phrase_unknown"] {
        assert!(knocking.refusals.contains_key(code), "{code}: {:?}", knocking.refusals);
    }
    let document = otivm::openapi()[0].info.description.clone().unwrap();
    for (code, sentence) in playing.refusals.iter().chain(&knocking.refusals) {
        assert!(
            document.contains(&format!("`{code}`")),
            "{code} ({sentence}) is not in the document"
        );
    }
    let moments: otivm_api::Moments = player.get("/moments?limit=1000").await;
    assert!(moments.moments.len() > 10, "what was in order was done");
    let database = house.database(&player.token);
    house.running.drain().await;
    otivm::verify(&database).unwrap();
}
