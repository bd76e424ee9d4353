//! Closed windows: anonymous, bounded, sorted, and the same for ever.

use crate::scene::House;
use otivm_api::{ClosedWindows, Contribution, Market, World};
use reqwest::Method;
use serde_json::json;

async fn open_window(house: &House) -> i64 {
    house.visitor().get::<World>("/world").await.window.number
}

#[tokio::test]
async fn a_closed_window_holds_what_everyone_did_and_nothing_of_who() {
    let house = House::open().await;
    let (a, b) = (house.enrol().await, house.enrol().await);
    let window = open_window(&house).await;
    for player in [&a, &b] {
        player
            .act(Method::POST, "/trades", json!({"side": "buy", "good": "wheat", "units": 40}))
            .await;
        player.write("secretum").await;
    }
    a.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    let node = house.node();
    let open = node.snapshot(window).await.unwrap_err();
    assert_eq!(open.problem().unwrap().code, "window_open");
    house.advance(300);
    let snapshot = node.snapshot(window).await.unwrap();
    assert_eq!((snapshot.window, snapshot.to - snapshot.from), (window, 300_000_000));
    assert_eq!(snapshot.from, window * 300_000_000);
    // 40 medimni are 1.6 t; counted in halves of a ton.
    let market: Market = a.get("/places/ostia/market").await;
    let wheat = market.quotes.iter().find(|good| good.good == "wheat").unwrap();
    let depth_grams = wheat.depth_units * 40_300;
    let bought = || Contribution::Trade {
        place: "ostia".to_owned(),
        good: "wheat".to_owned(),
        net_grams: 1_500_000,
        depth_grams,
    };
    let left = Contribution::Departure { from: "ostia".to_owned(), to: "caralis".to_owned() };
    assert_eq!(snapshot.contributions, [left, bought(), bought()]);
    let text = serde_json::to_string(&snapshot).unwrap();
    for private in ["secretum", &a.token, &b.token] {
        assert!(!text.contains(private), "{private}");
    }
    house.running.drain().await;
}

#[tokio::test]
async fn a_snapshot_never_changes_whatever_happens_after() {
    let house = House::open().await;
    let (player, late) = (house.enrol().await, house.enrol().await);
    let window = open_window(&house).await;
    let wine = |side| json!({"side": side, "good": "wine", "units": 50});
    player.act(Method::POST, "/trades", wine("buy")).await;
    house.advance(300);
    let before = house.node().snapshot(window).await.unwrap();
    player.act(Method::POST, "/trades", wine("sell")).await;
    // The clock steps back into the closed window, and somebody trades there.
    house.advance(-300);
    late.act(Method::POST, "/trades", wine("buy")).await;
    house.advance(300);
    assert_eq!(house.node().snapshot(window).await.unwrap(), before);
    let house = house.restart(|_| ()).await;
    assert_eq!(house.node().snapshot(window).await.unwrap(), before);
    let client =
        house.mesh.client(theron_mesh::names::AGGREGATION, house.running.mesh_address).unwrap();
    let path = format!("/windows/{window}");
    let first = client.send(client.request(Method::GET, &path)).await.unwrap();
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again = client
        .send(client.request(Method::GET, &path).header("if-none-match", &etag))
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    house.running.drain().await;
}

#[tokio::test]
async fn windows_are_listed_from_the_house_s_first_to_the_last_that_closed() {
    let house = House::open().await;
    let first = open_window(&house).await;
    let node = house.node();
    let list = |windows: Vec<i64>, open| ClosedWindows { windows, open, window_us: 300_000_000 };
    assert_eq!(node.windows(None).await.unwrap(), list(vec![], first));
    house.advance(900);
    assert_eq!(
        node.windows(None).await.unwrap(),
        list(vec![first, first + 1, first + 2], first + 3)
    );
    assert_eq!(node.windows(Some(first + 1)).await.unwrap(), list(vec![first + 2], first + 3));
    assert_eq!(node.snapshot(first + 1).await.unwrap().contributions, []);
    for unknown in [first - 1, 0, -7] {
        let refused = node.snapshot(unknown).await.unwrap_err();
        assert_eq!(refused.problem().unwrap().code, "window_unknown");
    }
    house.advance(300 * 5000);
    let late = node.windows(None).await.unwrap();
    assert_eq!((late.windows.len(), late.windows[0]), (1000, first + 3 + 5000 - 4096));
    let too_old = node.snapshot(first).await.unwrap_err();
    assert_eq!(too_old.problem().unwrap().code, "window_unknown");
    house.running.drain().await;
}
