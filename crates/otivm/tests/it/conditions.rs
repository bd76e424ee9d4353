//! Two tabs do not collide, and what has not changed is not sent again.

use crate::scene::{House, Player, refusal};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

async fn etag(player: &Player, path: &str) -> String {
    let answer = player.request(Method::GET, path).send().await.unwrap();
    answer.headers()["etag"].to_str().unwrap().to_owned()
}

fn buy(player: &Player, tag: &str) -> RequestBuilder {
    let one = json!({"side": "buy", "good": "wool", "units": 1});
    player.command(Method::POST, "/trades", &one).header("if-match", tag)
}

#[tokio::test]
async fn an_order_of_a_tab_that_has_not_seen_the_other_s_is_refused() {
    let house = House::open().await;
    let player = house.enrol().await;
    let seen = etag(&player, "/me").await;
    let changed = (412, "changed_meanwhile".to_owned());
    let first = buy(&player, &seen).header("x-tab", "1").send().await.unwrap();
    assert_eq!(first.status(), 201);
    assert_eq!(refusal(buy(&player, &seen)).await, changed);
    assert_eq!(refusal(buy(&player, "\"0-0\"")).await, changed);
    assert_eq!(refusal(buy(&player, &format!("W/{seen}"))).await, changed);
    let now = etag(&player, "/me").await;
    let either = format!("{seen}, {now}");
    assert_eq!(buy(&player, &either).send().await.unwrap().status(), 201);
    assert_eq!(buy(&player, "*").send().await.unwrap().status(), 201);
    assert_eq!(player.me().await.cargo[0].units, 3);

    // An answer that was lost is given again, though the life has moved on by that very order.
    let seen = etag(&player, "/me").await;
    let text = json!({"text": "semel"});
    let write =
        || player.command_with("once", Method::POST, "/journal", &text).header("if-match", &seen);
    let first = write().send().await.unwrap();
    let again = write().send().await.unwrap();
    assert_eq!((first.status().as_u16(), again.status().as_u16()), (201, 201));
    assert_eq!(again.headers()["idempotent-replayed"], "true");

    // Time alone does not change a life; an arrival does.
    player.act(Method::POST, "/voyages", json!({"to": "puteoli"})).await;
    let at_sea = etag(&player, "/me").await;
    house.advance(1);
    let write = |tag: &str| {
        player.command(Method::POST, "/journal", &json!({"text": "a"})).header("if-match", tag)
    };
    assert_eq!(write(&at_sea).send().await.unwrap().status(), 201);
    let at_sea = etag(&player, "/me").await;
    house.advance(86_400);
    assert_eq!(refusal(write(&at_sea)).await, changed);
    house.running.drain().await;
}

#[tokio::test]
async fn new_words_are_given_to_one_tab_only() {
    let house = House::open().await;
    let player = house.enrol().await;
    let ask = || player.keyed(Method::PUT, "/recovery-phrase");
    assert_eq!(refusal(ask()).await, (428, "condition_missing".to_owned()));
    let seen = etag(&player, "/session").await;
    let first = ask().header("if-match", &seen).send().await.unwrap();
    assert_eq!(
        (first.status().as_u16(), &first.headers()["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    let second = refusal(ask().header("if-match", &seen)).await;
    assert_eq!(second, (412, "changed_meanwhile".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn every_read_has_a_strong_tag_and_is_not_sent_again_under_it() {
    let house = House::open().await;
    let player = house.enrol().await;
    for path in [
        "/me",
        "/session",
        "/timeline",
        "/ledger",
        "/moments",
        "/voyages/plan?to=puteoli",
        "/places/ostia/market",
        "/world",
        "/parameters",
        "/places",
        "/places/ostia",
        "/tiles/world/0/0/0",
    ] {
        let tag = etag(&player, path).await;
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 8, "{path}: {tag}");
        for known in [tag.clone(), format!("\"x\", {tag}"), "*".to_owned()] {
            let request = player.request(Method::GET, path).header("if-none-match", &known);
            let again = request.send().await.unwrap();
            assert_eq!(
                (again.status().as_u16(), &again.headers()["etag"]),
                (304, &tag.parse().unwrap()),
                "{path}"
            );
            assert!(again.bytes().await.unwrap().is_empty());
        }
        let other = player.request(Method::GET, path).header("if-none-match", "\"x\"");
        assert_eq!(other.send().await.unwrap().status(), 200, "{path}");
    }
    house.running.drain().await;
}
