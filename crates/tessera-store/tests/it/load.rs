//! Everything that is dear at once: numbers of zones, samples along shapes, searches, whole exports. Each answer is
//! the one that a calm store gives, none fails, and the process stays within its memory.

use crate::kill::{Process, Scene};
use bytes::Bytes;
use futures::{StreamExt, stream};
use std::{collections::BTreeMap, time::Duration};
use tessera_grid::{Resolution, Zone};
use theron_mesh::MeshClient;
use theron_testkit::{Dice, world::SmallWorld};

/// Calls in hand at once: more than there are readers, searches and exports together, and fewer than wait in line.
const TOGETHER: usize = 24;
const CALLS: usize = 600;
/// The whole process, with the pages of its file (issue 3).
const MEMORY_MIB_MAX: f64 = 300.0;
/// An answer of this small world, on a machine that does much else.
const ANSWERED_WITHIN: Duration = Duration::from_secs(50);

fn questions(world: &SmallWorld, release: &str) -> Vec<String> {
    let four = Resolution::try_from(4).unwrap();
    let mut parents: Vec<Zone> =
        world.cells.iter().filter_map(|cell| cell.zone.ancestor(four)).collect();
    parents.dedup();
    let filters = [
        "elevation_mean_m%20%3E%20900",
        "river_latin%20=%20'Tiberis'%20AND%20koppen%20=%20'Csa'",
        "koppen%20=%20'BWh'",
        "lake_latin%20LIKE%20'Lacus%25'",
        "S_INTERSECTS(geometry,%20POLYGON((12%2041,13%2041,12.5%2042,12%2041)))",
    ];
    let mut all: Vec<String> = parents
        .iter()
        .flat_map(|zone| {
            ["", "?zone-depth=0-2", "?f=geojson"]
                .map(|more| format!("/dggs/H3/zones/{zone}/data{more}"))
        })
        .collect();
    for level in 3..8 {
        all.push(format!("/dggs/H3/zones?zone-level={level}&limit=5000&f=geojson"));
    }
    for filter in filters {
        all.push(format!("/collections/cells/items?limit=200&filter={filter}"));
        all.push(format!("/collections/cells/items?bbox=12,41,13,42&filter={filter}"));
    }
    for shape in [
        "area?coords=POLYGON((12%2041,13%2041,13%2042,12%2042,12%2041))",
        "radius?coords=POINT(12.5%2041.9)&within=40&within-units=km",
        "trajectory?coords=LINESTRING(12.2%2041.7,13.0%2041.2,14.0%2040.8)",
        "position?coords=MULTIPOINT((12.29%2041.75),(13%2041))",
    ] {
        for more in ["", "&datetime=0150-07", "&f=GeoJSON"] {
            all.push(format!(
                "/collections/cells/{shape}&parameter-name=elevation_mean_m,rain_mm{more}"
            ));
        }
    }
    for collection in ["cells", "cells-river", "places", "roads"] {
        all.push(format!("/releases/{release}/export/{collection}.parquet"));
    }
    all
}

async fn ask(mesh: &MeshClient, question: &str) -> (u16, Bytes) {
    let request = mesh.request(reqwest::Method::GET, question);
    let answer = tokio::time::timeout(ANSWERED_WITHIN, mesh.send(request)).await;
    let answer = answer.unwrap_or_else(|_| panic!("{question} takes too long"));
    let answer = answer.unwrap_or_else(|error| panic!("{question}: {error}"));
    let status = answer.status().as_u16();
    (status, answer.bytes().await.unwrap_or_else(|error| panic!("{question}: {error}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn much_that_is_dear_at_once_is_answered_as_in_a_calm_hour_and_within_memory() {
    let folder = tempfile::tempdir().unwrap();
    let world = SmallWorld::latium_at(Resolution::try_from(7).unwrap());
    let made = world.write(&folder.path().join("world.sqlite3")).unwrap();
    let scene = Scene::new();
    let process = Process::start(&scene, None).await;
    let store = process.client(&scene);
    store.upload_release(&made.path, &made.sha256).await.unwrap();
    store.promote(&made.id).await.unwrap();
    let mesh = process.mesh(&scene, "otivm-dev");

    let questions = questions(&world, made.id.as_str());
    let mut calm = BTreeMap::new();
    for question in &questions {
        let answer = ask(&mesh, question).await;
        assert_eq!(answer.0, 200, "{question}: {}", String::from_utf8_lossy(&answer.1));
        calm.insert(question.as_str(), answer);
    }
    let mut dice = Dice::new(1102);
    let order: Vec<&str> =
        (0..CALLS).map(|_| questions[dice.below(questions.len())].as_str()).collect();
    let mut answers = stream::iter(order)
        .map(|question: &str| {
            let mesh = &mesh;
            async move { (question, ask(mesh, question).await) }
        })
        .buffer_unordered(TOGETHER);
    while let Some((question, answer)) = answers.next().await {
        assert_eq!(answer.0, 200, "{question}: {}", String::from_utf8_lossy(&answer.1));
        assert!(
            calm.get(question) == Some(&answer),
            "{question} is answered otherwise than before"
        );
    }
    let peak = process.peak_mib();
    assert!(peak < MEMORY_MIB_MAX, "{peak} MiB");
    process.end();
}
