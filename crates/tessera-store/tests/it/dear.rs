//! Much that is dear at once: what is cheap does not wait for it.

use crate::scene::Store;
use futures::{StreamExt, stream::FuturesUnordered};
use tessera_grid::Resolution;
use theron_testkit::world::SmallWorld;

/// Dear calls in hand at once: many times what is worked on, which is what is left of them when who waits behind them
/// all is answered.
pub(crate) const DEAR: usize = 40;
/// So many are left at least when who does not wait for them is answered.
pub(crate) const LEFT_MIN: usize = 12;

/// A store of some 50,000 zones, and what is dear of it: each takes many times as long as a tile.
pub(crate) async fn scene() -> (Store, [String; 3], tempfile::TempDir) {
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let eight = Resolution::try_from(8).unwrap();
    let world = SmallWorld::latium_at(eight);
    store.publish(&world.write(&folder.path().join("world.sqlite3")).unwrap()).await;
    let middle = world.cells[world.cells.len() / 2].zone;
    let wide = middle.ancestor(Resolution::try_from(4).unwrap()).unwrap();
    let dear = [
        format!("/dggs/H3/zones/{wide}/data?properties=elevation_mean_m"),
        "/dggs/H3/zones?zone-level=8&limit=3000&compact-zones=false&f=geojson".to_owned(),
        "/releases/current/zones?limit=2000".to_owned(),
    ];
    (store, dear, folder)
}

/// Asks for what is dear many times, and for what is cheap once the first of it is answered; gives how much of the dear
/// is still waited for when all that is cheap is answered.
pub(crate) async fn left_when_answered(
    store: &Store,
    cheap: &[String],
    dear: &str,
    status: u16,
) -> usize {
    // One that is connected already: to connect takes longer than a tile.
    let (client, base) = (reqwest::Client::new(), store.public_url());
    let get = async |path: &str| client.get(format!("{base}{path}")).send().await.unwrap();
    for path in cheap {
        assert_eq!(get(path).await.status(), 200, "{path}");
    }
    let mut calls: FuturesUnordered<_> = (0..DEAR).map(|_| get(dear)).collect();
    assert_eq!(calls.next().await.unwrap().status(), status, "{dear}");
    let mut quick: FuturesUnordered<_> = cheap.iter().map(|path| get(path)).collect();
    let mut left = cheap.len();
    while left > 0 {
        tokio::select! {
            Some(answer) = quick.next() => {
                assert_eq!(answer.status(), 200, "{}", answer.url());
                left -= 1;
            }
            Some(answer) = calls.next() => assert_eq!(answer.status(), status, "{dear}"),
        }
    }
    calls.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cheap_is_answered_while_dear_calls_of_the_grid_wait_for_their_turn() {
    let (mut store, dear, _folder) = scene().await;
    let zones = store.json("/releases/current/zones?limit=1").await;
    let zone = zones["cells"][0]["zone"].as_str().unwrap();
    let cheap = [
        "/releases/current/tiles/world/1/0/1".to_owned(),
        format!("/releases/current/zones/{zone}"),
        "/collections/places/items/ostia".to_owned(),
        format!("/dggs/H3/zones/{zone}/data"),
    ];
    for dear in &dear {
        let left = left_when_answered(&store, &cheap, dear, 200).await;
        assert!(left >= LEFT_MIN, "only {left} of {dear} are left");
    }
    store.stop().await;
}
