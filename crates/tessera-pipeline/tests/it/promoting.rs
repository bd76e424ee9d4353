//! Promotion as a job, rollback, calling off: what a store that is away, refuses or comes back does to them.

use crate::service::{
    Kept, NOWHERE, code, ended, promote, promotion_over, run_default, start, store, store_at,
};
use crate::small::Small;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tessera_pipeline_api::{
    PipelineClient, Promotion, PromotionState, RolledBack, Run, RunState, StartRun, StepState,
};
use theron_mesh::names;
use theron_testkit::TestMesh;

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_waits_for_a_store_that_is_away_and_ends_when_it_is_back() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("https://127.0.0.1:{free}/api/v1");
    let (running, client) = start(&mesh, &small, &url).await;
    let run = run_default(&client).await;
    let pipeline = PipelineClient::new(client.clone());
    let asked = pipeline.promote(&run.id).await.unwrap();
    assert_eq!((asked.state, asked.attempts), (PromotionState::Waiting, 0));
    let waiting = loop {
        let promotion = pipeline.promotion(&run.id).await.unwrap();
        if promotion.attempts > 0 && promotion.state == PromotionState::Waiting {
            break promotion;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(waiting.problem.unwrap().ends_with("does not answer"));
    assert!(waiting.next_attempt_at.is_some());

    // The service stops and starts again; nobody asks twice, and the promotion goes on.
    running.drain().await;
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store_at(&mesh, Arc::clone(&kept), free).await;
    let (running, client) = start(&mesh, &small, &url).await;
    let run = promotion_over(&client, &run.id).await;
    assert_eq!(run.promotion.unwrap().state, PromotionState::Done);
    assert!(run.promoted_at.is_some());
    assert_eq!(kept.lock().unwrap().promoted, [run.release.unwrap().id]);
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn promotions_asked_for_at_once_end_in_one_that_is_live() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let first = run_default(&client).await;
    small.edit("sources.toml", "title = \"A small world\"", "title = \"Another small world\"");
    let second = run_default(&client).await;
    let pipeline = PipelineClient::new(client.clone());
    let asks = (0..8).map(|n| {
        let (pipeline, id) = (pipeline.clone(), if n < 7 { &first.id } else { &second.id });
        async move { pipeline.promote(id).await.unwrap() }
    });
    futures::future::join_all(asks).await;
    let first = promotion_over(&client, &first.id).await;
    let second = promotion_over(&client, &second.id).await;
    let (first, second) = (first.release.unwrap().id, second.release.unwrap().id);
    let promoted = kept.lock().unwrap().promoted.clone();
    assert!(promoted.contains(&first) && promoted.contains(&second), "{promoted:?}");
    assert_eq!(kept.lock().unwrap().uploads.len(), 2);

    // Back to the first: it is held, and nothing is sent again.
    let back: RolledBack = pipeline.roll_back(&first).await.unwrap();
    assert_eq!((back.from.as_ref(), &back.to), (promoted.last(), &first));
    assert_eq!(kept.lock().unwrap().promoted.last(), Some(&first));
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assay_says_what_is_live_when_the_store_can_be_asked_and_why_not_when_it_cannot() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let url = format!("https://{}/api/v1", store.mesh_address);
    let (running, client) = start(&mesh, &small, &url).await;
    let comparison = |id: &str| {
        let path = mesh.folder().join("data").join(names::PIPELINE).join("runs").join(id);
        let assay = std::fs::read(path.join("assay.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&assay).unwrap()["comparison"].clone()
    };
    let first = run_default(&client).await;
    assert_eq!(comparison(&first.id), "first");
    promote(&client, &first.id).await;
    small.edit("places.csv", "Oppidum,Town", "Oppidulum,Town");
    let second = run_default(&client).await;
    let change = comparison(&second.id)["compared"].clone();
    assert_eq!((&change["title"], &change["new"]), (&"A small world".into(), &0.into()));
    store.drain().await;
    let third = run_default(&client).await;
    let why = comparison(&third.id)["unknown"].as_str().unwrap().to_owned();
    assert!(why.starts_with("1102 gave no answer: ") && third.release.is_some(), "{why}");
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_changed_on_the_disk_is_not_sent() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let run = run_default(&client).await;
    let path = mesh.folder().join("data").join(names::PIPELINE).join("runs").join(&run.id);
    let path = path.join("world.sqlite3");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[50_000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let promotion = promote(&client, &run.id).await.promotion.unwrap();
    assert_eq!(
        (promotion.state, promotion.problem),
        (
            PromotionState::Failed,
            Some(
                "the release of run-000001 is no longer what the run made; run it again".to_owned()
            )
        )
    );
    assert_eq!(kept.lock().unwrap().promoted, Vec::<String>::new());
    running.drain().await;
    store.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_rolled_back_to_is_refused_with_a_code() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let store = store(&mesh, Arc::clone(&kept)).await;
    let (running, client) =
        start(&mesh, &small, &format!("https://{}/api/v1", store.mesh_address)).await;
    let uploaded = "ab".repeat(16);
    kept.lock().unwrap().uploads.insert(uploaded.clone(), 1);
    let pipeline = PipelineClient::new(client);
    for (release, refusal) in [
        ("the-old-one", (400, "not_a_release_id")),
        (&"cd".repeat(16), (404, "release_unknown")),
        (&uploaded, (409, "never_current")),
    ] {
        let refused = code(pipeline.roll_back(release).await);
        assert_eq!((refused.0, refused.1.as_str()), refusal, "{release}");
    }
    running.drain().await;
    store.drain().await;

    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let refused = code(PipelineClient::new(client).roll_back(&uploaded).await);
    assert_eq!(refused, (503, "store_unreachable".to_owned()));
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_called_off_makes_no_release_and_the_next_one_goes_on() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let pipeline = PipelineClient::new(client.clone());
    let first = pipeline.start(&StartRun::of_world("default")).await.unwrap();
    let second = pipeline.start(&StartRun::of_world("default")).await.unwrap();
    let third = pipeline.start(&StartRun::of_world("default")).await.unwrap();
    let cancelled = pipeline.cancel(&second.id).await.unwrap();
    assert_eq!((cancelled.state, cancelled.release), (RunState::Cancelled, None));
    pipeline.cancel(&first.id).await.unwrap();
    let third = ended(&client, &third.id).await;
    assert_eq!((third.state, third.promotable), (RunState::Finished, true));
    assert!(third.steps.iter().all(|step| step.state == StepState::Done), "{:?}", third.steps);
    for id in [&first.id, &second.id] {
        assert_eq!(pipeline.run(id).await.unwrap().state, RunState::Cancelled);
        assert_eq!(code(pipeline.cancel(id).await), (409, "run_over".to_owned()));
        let refused = client.post::<Promotion>(&format!("/runs/{id}/promote"), &()).await;
        assert_eq!(code(refused), (409, "run_not_promotable".to_owned()));
    }
    let list = client.get::<tessera_pipeline_api::RunList>("/runs?limit=2").await.unwrap();
    let ids: Vec<&str> = list.runs.iter().map(|run: &Run| run.id.as_str()).collect();
    assert_eq!((ids, list.next.as_deref()), (vec!["run-000003", "run-000002"], Some("run-000002")));
    assert_eq!(pipeline.runs(list.next.as_deref()).await.unwrap().runs.len(), 1);
    running.drain().await;
}
