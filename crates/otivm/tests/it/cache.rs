//! With a store, without one, and with one that changes its mind.

use crate::{
    scene::{FairWeather, House, NOBODY, cache_world, config, until},
    store::FakeStore,
    world,
};
use otivm_api::{Market, Plan, World};
use std::{fs, sync::Arc};
use tessera_store_api::DerivedWindow;
use theron_testkit::TestMesh;

async fn seen(house: &House) -> World {
    house.visitor().get("/world").await
}

#[tokio::test]
async fn the_world_is_fetched_from_the_store_and_outlives_it() {
    let (house, store) = House::open_with_store("Mare").await;
    until("the store confirms the release", async || {
        (!seen(&house).await.release.stale).then_some(())
    })
    .await;
    let fetched = seen(&house).await.release;
    assert_eq!(fetched.age_seconds, 0);
    let player = house.enrol().await;
    store.stop().await;
    house.advance(100_000);
    player.write("sine horreo").await;
    let house = house.restart(|_| ()).await;
    let cached = seen(&house).await.release;
    assert_eq!((cached.id, cached.age_seconds, cached.stale), (fetched.id, 100_000, true));
    let mut again = house.visitor();
    again.cookie = player.cookie;
    again.write("adhuc ludo").await;
    // A way may be asked for before the chart is drawn: the answer waits for it.
    let plan: Plan = again.get("/voyages/plan?to=caralis").await;
    assert_eq!((plan.to.as_str(), plan.months.len()), ("caralis", 12));
    let said = until("the store's absence is noted", async || {
        let detail = house.readiness().await.detail;
        detail.contains("1102 has not answered").then_some(detail)
    })
    .await;
    assert_eq!(said, "the world comes from the cache: 1102 has not answered");
    house.running.drain().await;
}

#[tokio::test]
async fn a_release_whose_zones_are_too_fine_is_left_alone_and_readiness_says_so() {
    let (house, store) = House::open_with_store("Mare").await;
    let old = seen(&house).await.release.id;
    let finer = world::write(&house.mesh.folder().join("finer.sqlite3"), "Mare subtile");
    {
        let mut shelf = store.shelf.lock().unwrap();
        (shelf.release, shelf.is_fine) = (Some(finer.clone()), true);
    }
    let said = until("the release is refused", async || {
        let detail = house.readiness().await.detail;
        detail.contains("cannot be played").then_some(detail)
    })
    .await;
    let cannot = "what 1102 has promoted cannot be played; the log says why";
    assert_eq!(said, format!("the world comes from the cache: {cannot}"));
    assert_eq!(seen(&house).await.release.id, old);
    let file = house.config.service.data_dir.join(format!("world/{}.sqlite3", finer.id));
    assert!(!file.exists(), "it was not even fetched");
    house.running.drain().await;
}

#[tokio::test]
async fn a_new_release_is_played_as_soon_as_it_is_promoted() {
    let (house, store) = House::open_with_store("Mare").await;
    let player = house.enrol().await;
    let old = seen(&house).await.release.id;
    let newer = world::write(&house.mesh.folder().join("newer.sqlite3"), "Mare novum");
    store.shelf.lock().unwrap().release = Some(newer.clone());
    until("the new release is played", async || {
        (seen(&house).await.release.title == "Mare novum").then_some(())
    })
    .await;
    assert_eq!(player.me().await.place.as_deref(), Some("ostia"));
    let folder = house.config.service.data_dir.join("world");
    assert!(!folder.join(format!("{old}.sqlite3")).exists());
    assert!(folder.join(format!("{}.sqlite3", newer.id)).exists());
    house.running.drain().await;
    store.stop().await;
}

#[tokio::test]
async fn what_everyone_did_changes_a_quote_and_is_remembered() {
    let (house, store) = House::open_with_store("Mare").await;
    let player = house.enrol().await;
    let quote = async |player: &crate::scene::Player| {
        let market: Market = player.get("/places/ostia/market").await;
        market.quotes.into_iter().find(|quote| quote.good == "wine").unwrap()
    };
    let before = quote(&player).await;
    assert_eq!(before.multiplier_permille, 1000);
    let value = serde_json::json!({
        "window": 7, "nodes": ["otivm-dev"], "from": "2026-09-21T14:05:00Z", "to": "2026-09-21T14:10:00Z",
        "prices": [{"place": "ostia", "good": "wine", "multiplier_permille": 800},
            {"place": "nusquam", "good": "nihil", "multiplier_permille": 5}],
        "routes": [{"from": "ostia", "to": "caralis", "saturation_permille": 2000}],
        "release": seen(&house).await.release.id,
    });
    let window: DerivedWindow = serde_json::from_value(value).unwrap();
    store.shelf.lock().unwrap().derived = Some(window);
    until("prices follow", async || (seen(&house).await.derived.window == Some(7)).then_some(()))
        .await;
    let after = quote(&player).await;
    assert_eq!(after.multiplier_permille, 800);
    assert!(after.sell_asses < before.sell_asses && after.buy_asses < before.buy_asses);
    assert_eq!(after.base_asses, before.base_asses);
    store.stop().await;
    let house = house.restart(|_| ()).await;
    let mut again = house.visitor();
    again.cookie = player.cookie;
    assert_eq!(quote(&again).await.multiplier_permille, 800);
    let derived = seen(&house).await.derived;
    assert_eq!((derived.window, derived.age_seconds), (Some(7), Some(200)));
    house.running.drain().await;
}

#[tokio::test]
async fn a_broken_release_in_the_cache_is_passed_over() {
    let mesh = Arc::new(TestMesh::new().unwrap());
    let config = config(&mesh);
    let whole = cache_world(&config, "Mare");
    let folder = config.service.data_dir.join("world");
    let torn = cache_world(&config, "Lacerum");
    let torn = folder.join(format!("{torn}.sqlite3"));
    let bytes = fs::read(&torn).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let house = House::start(Arc::clone(&mesh), Arc::new(theron_testkit::clock()), config).await;
    assert_eq!(seen(&house).await.release.id, whole.to_string());
    house.running.drain().await;
}

#[tokio::test]
async fn without_store_and_cache_it_says_what_it_waits_for() {
    let mesh = Arc::new(TestMesh::new().unwrap());
    let mut config = config(&mesh);
    config.neighbours.store.base_url = NOBODY.to_owned();
    let running =
        otivm::start(config.clone(), Arc::new(theron_testkit::clock()), Arc::new(FairWeather))
            .await
            .unwrap();
    let root = format!("http://{}", running.public_address.unwrap());
    let detail = until("it waits for the store", async || {
        let answer = reqwest::get(format!("{root}/readyz")).await.unwrap();
        assert_eq!(answer.status(), 503);
        let readiness: theron_wire::Readiness = answer.json().await.unwrap();
        readiness.detail.contains("not answered").then_some(readiness.detail)
    })
    .await;
    assert_eq!(detail, "no world yet: 1102 has not answered");
    let world = reqwest::get(format!("{root}/api/v1/world")).await.unwrap();
    assert_eq!(
        (world.status().as_u16(), &world.headers()["retry-after"]),
        (503, &"10".parse().unwrap())
    );
    // The store comes up, empty at first.
    running.drain().await;
    let store = FakeStore::start(&mesh, None).await;
    config.neighbours.store.base_url = store.base_url.clone();
    let running = otivm::start(config, Arc::new(theron_testkit::clock()), Arc::new(FairWeather))
        .await
        .unwrap();
    let root = format!("http://{}", running.public_address.unwrap());
    let ready = async || {
        let answer = reqwest::get(format!("{root}/readyz")).await.unwrap();
        answer.json::<theron_wire::Readiness>().await.unwrap()
    };
    until("it waits for a promotion", async || {
        (ready().await.detail == "no world yet: 1102 has promoted no release yet").then_some(())
    })
    .await;
    store.shelf.lock().unwrap().release =
        Some(world::write(&mesh.folder().join("late.sqlite3"), "Sero"));
    until("the world comes", async || ready().await.ready.then_some(())).await;
    running.drain().await;
    store.stop().await;
}

#[tokio::test]
async fn the_browser_game_is_served_beside_the_api() {
    let mesh = TestMesh::new().unwrap();
    let web = mesh.folder().join("web");
    fs::create_dir_all(web.join("assets")).unwrap();
    fs::write(web.join("index.html"), "<!doctype html>OTIVM").unwrap();
    fs::write(web.join("assets/index-abc.js"), "play()").unwrap();
    let mut config = config(&mesh);
    cache_world(&config, "Mare");
    config.web_dir = Some(web);
    let house = House::start(Arc::new(mesh), Arc::new(theron_testkit::clock()), config).await;
    let get = async |path: &str| reqwest::get(format!("{}{path}", house.root())).await.unwrap();
    for page in ["/", "/timeline"] {
        let answer = get(page).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"no-cache".parse().unwrap())
        );
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("worker-src 'self' blob:"), "{policy}");
        assert_eq!(answer.text().await.unwrap(), "<!doctype html>OTIVM");
    }
    let hashed = get("/assets/index-abc.js").await;
    assert_eq!(hashed.headers()["cache-control"], "public, max-age=31536000, immutable");
    let statuses = [
        get("/assets/gone.js").await.status(),
        get("/api/v1/gone").await.status(),
        get("/../otivm.toml").await.status(),
    ];
    assert_eq!(statuses.map(|status| status.as_u16()), [404, 404, 404]);
    assert_eq!(get("/livez").await.text().await.unwrap(), "alive\n");
    house.running.drain().await;
}
