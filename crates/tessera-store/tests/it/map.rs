//! A page of another origin draws a live store's tiles with MapLibre, and its picture is looked at.

use crate::scene::Store;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tessera_release::{ReleaseFile, checksum};
use tessera_world::ReleaseId;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "reads the release of the default world that OTIVM_RELEASE names"]
async fn default_world_is_a_map_of_land_sea_lakes_and_rivers() {
    let path = PathBuf::from(std::env::var_os("OTIVM_RELEASE").unwrap());
    let (sha256, bytes) = checksum(&path).unwrap();
    let id = ReleaseId::from_sha256(&sha256).unwrap();
    let mut store = Store::start().await;
    store.publish(&ReleaseFile { path, id, sha256, bytes }).await;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let keep = root.join("target/map-judge");
    std::fs::create_dir_all(&keep).unwrap();
    let judge = Command::new("node")
        .args(["--test", "e2e/tiles.spec.mjs"])
        .current_dir(root.join("web"))
        .env("BASE_URL", store.public_url().replace("/api/v1", ""))
        .env("KEEP_DIR", &keep)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&judge.stdout);
    let errors = String::from_utf8_lossy(&judge.stderr);
    assert!(judge.status.success(), "look at {}:\n{said}\n{errors}", keep.display());
    store.stop().await;
}
