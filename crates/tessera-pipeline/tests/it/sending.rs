//! Documents that are sent: an operator's own `sources.toml`, run on the service's machine.

use crate::service::{NOWHERE, code, ended, start};
use crate::small::{PLACES, Small};
use tessera_pipeline_api::{
    BesideFile, FileState, PipelineClient, RunState, SendDocument, StartRun, WorldDatasets,
};
use theron_testkit::TestMesh;

/// Every file of the small world lies beside its document.
fn document(small: &Small) -> SendDocument {
    let names = [
        "heights.cdf",
        "winds.cdf",
        "land.shp",
        "land.shx",
        "land.dbf",
        "land.prj",
        "rivers.shp",
        "rivers.shx",
        "rivers.dbf",
        "rivers.prj",
        "drainage.shp",
        "drainage.shx",
        "drainage.dbf",
        "drainage.prj",
        "climate.png",
        "legend.csv",
        "places.csv",
    ];
    let document = std::fs::read_to_string(small.document()).unwrap();
    let beside = names.iter().filter(|name| document.contains(&format!("file = \"{name}\"")));
    let beside = beside.map(|name| BesideFile {
        file: (*name).to_owned(),
        sha256: tessera_release::checksum(&small.path(name)).unwrap().0,
    });
    SendDocument { beside: beside.collect(), document }
}

async fn send(pipeline: &PipelineClient, id: &str, sha256: &str, bytes: Vec<u8>) -> WorldDatasets {
    try_send(pipeline, id, sha256, bytes).await.unwrap()
}

async fn try_send(
    pipeline: &PipelineClient,
    id: &str,
    sha256: &str,
    bytes: Vec<u8>,
) -> Result<WorldDatasets, theron_mesh::CallError> {
    let length = bytes.len() as u64;
    let body = futures::stream::iter([Ok(bytes::Bytes::from(bytes))]);
    pipeline.send_beside(id, sha256, length, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_sent_with_what_lies_beside_it_and_run() {
    let (mesh, known, own) = (TestMesh::new().unwrap(), Small::new(), Small::new());
    own.edit("sources.toml", "title = \"A small world\"", "title = \"A world of my own\"");
    own.add_place("nova,Nova,New,38.1,24.5,Achaia,none,5,,certain,x:1,,,");
    let (running, client) = start(&mesh, &known, NOWHERE).await;
    let pipeline = PipelineClient::new(client.clone());
    let sent = document(&own);
    let view = pipeline.send_document(&sent).await.unwrap();
    let id = view.document.clone().unwrap();
    assert_eq!((view.title.as_str(), view.complete), ("A world of my own", false));

    let early = pipeline.start(&StartRun::Document { document: id.clone() }).await;
    assert_eq!(code(early), (409, "files_missing".to_owned()));
    for beside in &sent.beside {
        let bytes = std::fs::read(own.path(&beside.file)).unwrap();
        send(&pipeline, &id, &beside.sha256, bytes).await;
    }
    let view = pipeline.send_document(&sent).await.unwrap();
    assert!(view.complete, "{view:?}");
    let run = pipeline.start(&StartRun::Document { document: id.clone() }).await.unwrap();
    let run = ended(&client, &run.id).await;
    assert_eq!(
        (run.state, run.promotable, run.world.as_str()),
        (RunState::Finished, true, "A world of my own")
    );
    assert_eq!(run.release.unwrap().places, 4);

    let list = pipeline.datasets().await.unwrap().worlds;
    assert_eq!(
        (list[0].world.as_deref(), list[1].document.as_deref()),
        (Some("default"), Some(id.as_str()))
    );
    assert_eq!(list[1].datasets[0].last_read.as_ref().unwrap().run, run.id);
    assert_eq!(list[0].datasets[0].last_read, None);
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dataset_says_which_of_its_files_are_here() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let sum = "ab".repeat(32);
    small.edit(
        "sources.toml",
        "{ file = \"winds.cdf\" } }",
        &format!("{{ file = \"winds.cdf\" }}, sha256 = \"{sum}\" }}"),
    );
    std::fs::remove_file(small.path("climate.png")).unwrap();
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let world = PipelineClient::new(client).datasets().await.unwrap().worlds.remove(0);
    assert!(!world.complete);
    let state = |name: &str| {
        let mut files = world.datasets.iter().flat_map(|dataset| &dataset.files);
        files.find(|file| file.name == name).unwrap().state
    };
    assert_eq!(state("winds.cdf"), FileState::Changed);
    assert_eq!(state("climate.png"), FileState::Missing);
    assert_eq!(state("places.csv"), FileState::Here);
    running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_or_a_file_that_is_wrong_is_refused_and_leaves_nothing() {
    let (mesh, small) = (TestMesh::new().unwrap(), Small::new());
    let (running, client) = start(&mesh, &small, NOWHERE).await;
    let pipeline = PipelineClient::new(client);
    let good = document(&small);
    let broken = [
        SendDocument { document: "[world".to_owned(), beside: Vec::new() },
        SendDocument { beside: Vec::new(), ..good.clone() },
        SendDocument {
            document: good.document.replace("file = \"places.csv\"", "file = \"../places.csv\""),
            ..good.clone()
        },
        SendDocument {
            document: good.document.replace("file = \"places.csv\"", "file = \"/etc/passwd\""),
            ..good.clone()
        },
    ];
    for document in broken {
        assert_eq!(
            code(pipeline.send_document(&document).await),
            (422, "document_wrong".to_owned())
        );
    }
    assert_eq!(pipeline.datasets().await.unwrap().worlds.len(), 1);

    let id = pipeline.send_document(&good).await.unwrap().document.unwrap();
    let places = good.beside.iter().find(|beside| beside.file == "places.csv").unwrap();
    let other =
        try_send(&pipeline, &id, &places.sha256, PLACES.replace("Ford", "Lake").into()).await;
    assert_eq!(code(other), (422, "checksum_differs".to_owned()));
    let unlisted = try_send(&pipeline, &id, &"00".repeat(32), Vec::new()).await;
    assert_eq!(code(unlisted), (404, "file_not_listed".to_owned()));
    let unknown = try_send(&pipeline, "..%2F..", &places.sha256, Vec::new()).await;
    assert_eq!(code(unknown), (404, "document_unknown".to_owned()));
    let unknown = pipeline.start(&StartRun::Document { document: "0".repeat(64) }).await;
    assert_eq!(code(unknown), (404, "document_unknown".to_owned()));
    running.drain().await;
}
