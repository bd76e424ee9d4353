//! What nobody should send: two thousand requests and two hundred broken files. Nothing of it ends the service,
//! every refusal is a sentence with a code, and the release that was live stays live.

use crate::service::{Kept, ended, promote, run_default, start, store};
use crate::small::Small;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::{Arc, Mutex},
};
use tessera_pipeline_api::{FindingPage, Run, RunState, Severity, StartRun};
use theron_mesh::{CallError, MeshClient, names};
use theron_testkit::{Dice, TestMesh};
use theron_wire::Problem;

const REQUESTS: usize = 2_000;
const FILES: usize = 200;
/// Ends of a connection that one request may meet.
const AGAIN: usize = 4;

/// What stands where an address wants an id; the last two are filled in with ids that are.
const IDS: &[&str] = &[
    "run-000404",
    "run-1",
    "RUN-000001",
    "run-99999999999999999999",
    "0",
    "-1",
    "..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc",
    "%00",
    "%ff%fe",
    "%0d%0aset-cookie:x",
    "a%20b",
    "%F0%9F%8F%9B",
    "00000000000000000000000000000000",
    "ABCDEF00000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "'%3B--",
    "{run}",
    "RUN",
    "RUN",
    "RUN",
    "RELEASE",
];
const QUERIES: &[&str] = &[
    "",
    "",
    "",
    "limit=1",
    "limit=0",
    "limit=-1",
    "limit=99999999999999999999",
    "limit=a",
    "after=0",
    "after=18446744073709551615",
    "after=18446744073709551616",
    "before=run-000002",
    "before=%00",
    "severity=error",
    "severity=grave",
    "f=json",
    "f=html",
    "f=pdf",
    "f=",
    "f=json&f=html",
    "nothing=1",
    "&&&=",
    "%ff=%ff",
];
const KINDS: &[Option<&str>] = &[
    Some("application/json"),
    Some("application/json"),
    Some("application/json; charset=utf-8"),
    Some("text/plain"),
    Some("application/x-www-form-urlencoded"),
    Some(",;="),
    None,
];

/// Bodies that are JSON, and some that are not.
fn body(dice: &mut Dice, release: &[u8]) -> Vec<u8> {
    let odd = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!("é".repeat(5_000)),
    ];
    let value = odd[dice.below(odd.len())].clone();
    let text = match dice.below(16) {
        0 => json!({ "world": "default" }),
        1 => json!({ "world": value }),
        2 => json!({ "document": value }),
        3 => json!({ "document": "0".repeat(64) }),
        4 => json!({ "world": "default", "document": "0".repeat(64) }),
        5 => json!({ "world": "../../etc", "more": value }),
        6 => json!({ "document": "[world]\ntitle = 1", "beside": [] }),
        7 => json!({ "document": "[world", "beside": value }),
        8 => json!({ "document": value, "beside": [{ "file": "../x", "sha256": "zz" }] }),
        9 => {
            json!({ "document": "", "beside": vec![json!({ "file": "a", "sha256": "a".repeat(64) }); 100] })
        }
        10 => value,
        11 => return "[".repeat(20_000).into_bytes(),
        12 => return b"{\"world\": \"default\"".to_vec(),
        13 => return (0..dice.below(3_000)).map(|_| dice.roll() as u8).collect(),
        14 => return release[..dice.below(release.len().min(16_384))].to_vec(),
        _ => return Vec::new(),
    };
    serde_json::to_vec(&text).unwrap()
}

/// Every route of the service's own document, with its verbs.
fn routes() -> Vec<(String, Method)> {
    let document = serde_json::to_value(tessera_pipeline::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let verbs = paths.iter().flat_map(|(path, verbs)| {
        let verb = |verb: &String| Method::from_bytes(verb.to_uppercase().as_bytes()).ok();
        verbs.as_object().unwrap().keys().filter_map(verb).map(|verb| (path.clone(), verb))
    });
    verbs.collect()
}

struct Sender {
    clients: Vec<MeshClient>,
    routes: Vec<(String, Method)>,
    release: Vec<u8>,
    release_id: String,
}

impl Sender {
    /// What the request was, and how it was answered. A refusal that comes before its body was read ends the
    /// connection, and the next request may be on its way there already: that one is sent again.
    async fn send(&self, number: usize) -> (String, Result<reqwest::Response, CallError>) {
        for _ in 0..AGAIN {
            let answer = self.send_once(number).await;
            if !matches!(answer.1, Err(CallError::Unreachable { .. })) {
                return answer;
            }
        }
        self.send_once(number).await
    }

    async fn send_once(&self, number: usize) -> (String, Result<reqwest::Response, CallError>) {
        let mut dice = Dice::new(number as u64);
        // Every route in its turn; now and then another verb than its own.
        let (path, verb) = &self.routes[number % self.routes.len()];
        let others = [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];
        let verb = if dice.below(8) == 0 {
            others[dice.below(others.len())].clone()
        } else {
            verb.clone()
        };
        let mut address = path.clone();
        while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
            let id = match dice.pick(IDS) {
                "RUN" => format!("run-{:06}", 1 + dice.below(12)),
                "RELEASE" => self.release_id.clone(),
                "{run}" => "%7Brun%7D".to_owned(),
                other => other.to_owned(),
            };
            address.replace_range(from..=to, &id);
        }
        if dice.below(20) == 0 {
            address.push_str(dice.pick(&["/", "/..", "//", "/more", "%00"]));
        }
        address = format!("{address}?{}", dice.pick(QUERIES));
        // Three of four are admitted.
        let client = self.clients.get(dice.below(12).saturating_sub(8)).unwrap();
        let mut request = client.request(verb.clone(), &address);
        if let Some(kind) = dice.pick(KINDS) {
            request = request.header("content-type", kind);
        }
        if verb != Method::GET {
            request = request.body(body(&mut dice, &self.release));
        }
        (format!("{verb} {address}"), client.send(request).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_odd_requests_are_answered_and_change_no_release() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let first = run_default(&client).await;
    promote(&client, &first.id).await;
    let path = mesh.folder().join("data").join(names::PIPELINE).join("runs").join(&first.id);
    let release_id = first.release.unwrap().id;
    let names = [names::OPERATOR, names::PIPELINE, names::GAME, names::STORE];
    let sender = Sender {
        clients: names.map(|name| mesh.client(name, running.mesh_address).unwrap()).to_vec(),
        routes: routes(),
        release: fs::read(path.join("world.sqlite3")).unwrap(),
        release_id: release_id.clone(),
    };
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    let mut answered = BTreeSet::new();
    for number in 0..REQUESTS {
        let (said, answer) = sender.send(number).await;
        let problem: Problem = match answer {
            Ok(answer) => {
                answered.insert(answer.status().as_u16());
                continue;
            }
            Err(CallError::Refused { problem, .. }) => *problem,
            Err(other) => panic!("{said}: {other:?}"),
        };
        assert!((400..500).contains(&problem.status), "{said}: {problem}");
        assert!(problem.detail.split(' ').count() >= 3, "{said}: {problem}");
        codes.insert(problem.code.clone(), problem.to_string());
    }
    assert_eq!(answered, BTreeSet::from([200, 202]));
    let expected = [
        "body_not_understood",
        "document_unknown",
        "document_wrong",
        "limit_out_of_range",
        "no_such_method",
        "no_such_route",
        "not_a_release",
        "not_a_release_id",
        "not_admitted",
        "not_json",
        "path_not_understood",
        "query_not_understood",
        "release_unknown",
        "run_unknown",
        "world_unknown",
    ];
    let missed: Vec<&str> =
        expected.into_iter().filter(|code| !codes.contains_key(*code)).collect();
    assert_eq!(missed, Vec::<&str>::new(), "{codes:#?}");

    // It works as before: the runs come to their ends, and nothing else became live.
    let list: tessera_pipeline_api::RunList = client.get("/runs").await.unwrap();
    for run in list.runs {
        let run = ended(&client, &run.id).await;
        assert_ne!(run.state, RunState::Failed, "{:?}", run.problem);
    }
    let promoted: BTreeSet<String> = kept.lock().unwrap().promoted.iter().cloned().collect();
    assert_eq!(promoted, BTreeSet::from([release_id]));
    running.drain().await;
    store.drain().await;
}

const SOURCES: &[&str] = &[
    "heights.cdf",
    "winds.cdf",
    "land.shp",
    "land.prj",
    "rivers.shp",
    "rivers.dbf",
    "rivers.prj",
    "drainage.shp",
    "drainage.dbf",
    "drainage.prj",
    "climate.png",
    "legend.csv",
    "places.csv",
    "sources.toml",
];

/// Breaks a file: cut, flipped, blotted, doubled, another's, emptied, turned around.
fn broken(dice: &mut Dice, whole: &[u8], other: &[u8]) -> (&'static str, Vec<u8>) {
    let mut bytes = whole.to_vec();
    let at = dice.below(bytes.len());
    match dice.below(8) {
        0 => {
            bytes.truncate(at);
            ("cut", bytes)
        }
        1 => {
            for _ in 0..=dice.below(8) {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
            ("flipped", bytes)
        }
        2 => {
            // The head of a file is where its lengths and counts stand.
            let at = dice.below(bytes.len().min(120));
            let to = (at + 4).min(bytes.len());
            bytes[at..to].fill(dice.pick(&[0, 0xff, 0x7f, 0x80]));
            ("lying", bytes)
        }
        3 => {
            let to = (at + 1 + dice.below(400)).min(bytes.len());
            bytes[at..to].fill(0);
            ("blotted", bytes)
        }
        4 => {
            bytes.extend_from_slice(whole);
            ("doubled", bytes)
        }
        5 => ("another's", other.to_vec()),
        6 => {
            bytes.drain(at..(at + 1 + dice.below(40)).min(whole.len()));
            ("shifted", bytes)
        }
        _ => {
            bytes.reverse();
            ("turned around", bytes)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_broken_files_each_end_a_run_with_a_sentence_and_no_release_changes() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    // A low box: most of a small world's run is the drawing of its assay, which is as high as the box.
    small.edit("sources.toml", "bbox = [24, 36.5, 27, 39]", "bbox = [24, 37, 27, 37.6]");
    small.edit("places.csv", "Town,38.2", "Town,37.3");
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let good = run_default(&client).await;
    promote(&client, &good.id).await;
    let live = good.release.unwrap().id;
    let mut stopped = 0;
    for number in 0..FILES {
        let mut dice = Dice::new(number as u64);
        let name = SOURCES[number % SOURCES.len()];
        let whole = fs::read(small.path(name)).unwrap();
        let other = fs::read(small.path(dice.pick(SOURCES))).unwrap();
        let (deed, bytes) = broken(&mut dice, &whole, &other);
        fs::write(small.path(name), bytes).unwrap();
        let said = format!("{number}: {name} {deed}");

        let run: Run = client.post("/runs", &StartRun::of_world("default")).await.unwrap();
        let run = ended(&client, &run.id).await;
        fs::write(small.path(name), whole).unwrap();
        if run.promotable {
            // The harm is within what a file may say; the assay compares it with what is live.
            assert_eq!(run.state, RunState::Finished, "{said}");
            continue;
        }
        stopped += 1;
        assert_eq!(run.release, None, "{said}");
        let problem = run.problem.unwrap();
        if run.state == RunState::Failed {
            assert!(
                name == "sources.toml" && !problem.contains("nobody foresaw"),
                "{said}: {problem}"
            );
            continue;
        }
        assert_eq!(run.state, RunState::Finished, "{said}");
        let page: FindingPage =
            client.get(&format!("/runs/{}/findings?severity=error", run.id)).await.unwrap();
        for finding in &page.findings {
            assert_eq!(finding.severity, Severity::Error, "{said}");
            assert!(tessera_checks::rule(&finding.rule).is_some(), "{said}: {}", finding.rule);
            assert!(finding.message.split(' ').count() >= 3, "{said}: {}", finding.message);
        }
        assert!(problem.contains(&page.findings[0].rule), "{said}: {problem}");
        let asked = client.post::<Value>(&format!("/runs/{}/promote", run.id), &()).await;
        let refusal = asked.unwrap_err().problem().unwrap().clone();
        assert_eq!(refusal.code, "run_not_promotable", "{said}");
    }
    assert!(stopped > FILES / 2, "{stopped} of {FILES} were noticed");
    assert_eq!(kept.lock().unwrap().promoted, [live]);
    // Whole again, it runs as before.
    assert!(run_default(&client).await.promotable);
    running.drain().await;
    store.drain().await;
}
