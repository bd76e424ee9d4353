//! A villa, its library and guests, over the API: what they offer is said before they are paid for.

use crate::scene::{House, Player, refusal};
use otivm_api::{Me, Moments, OtiumOffer, VillaStay};
use reqwest::Method;
use serde_json::json;

/// A merchant who sold his ship and sailed another's to Olbia, a small town; with four cases of books aboard.
pub(crate) async fn in_olbia(house: &House) -> Player {
    let player = house.enrol().await;
    player.act(Method::DELETE, "/ships", json!({})).await;
    player.act(Method::POST, "/charters", json!({"type": "actuaria"})).await;
    player.act(Method::POST, "/trades", json!({"side": "buy", "good": "books", "units": 4})).await;
    player.act(Method::POST, "/voyages", json!({"to": "olbia"})).await;
    house.advance(100_000);
    assert_eq!(player.me().await.place.as_deref(), Some("olbia"));
    player
}

fn offer(me: &Me) -> &OtiumOffer {
    me.otium_offer.as_ref().unwrap()
}

#[tokio::test]
async fn a_merchant_buys_a_villa_shelves_books_has_guests_and_sells_it() {
    let house = House::open().await;
    let player = in_olbia(&house).await;
    let before = player.me().await;
    let alone = offer(&before).clone();
    assert_eq!((alone.villa_permille, alone.guests_most, alone.most_permille), (0, 0, 1000));
    let guests = player.command(Method::POST, "/otium", &json!({"guests": 1}));
    assert_eq!(refusal(guests).await, (409, "no_villa".to_owned()));

    let bought = player.act(Method::POST, "/villas", json!({})).await;
    assert_eq!(bought.moments[0].name, "buy_villa");
    let price = alone.villa_asses.unwrap();
    assert_eq!(alone.villa_resale_asses, Some(price * 8 / 10));
    assert_eq!(before.purse_asses - bought.me.purse_asses, price);
    let villa = &bought.me.villas[0];
    assert_eq!((villa.place.as_str(), villa.paid_asses), ("olbia", price));
    assert_eq!((villa.resale_asses, villa.books, villa.books_most), (price * 8 / 10, 0, 50));
    let twice = player.command(Method::POST, "/villas", &json!({}));
    assert_eq!(refusal(twice).await, (409, "has_villa".to_owned()));

    let shelved = player.act(Method::POST, "/library", json!({"way": "in", "units": 3})).await.me;
    assert_eq!((shelved.villas[0].books, shelved.cargo[0].units), (3, 1));
    let with = offer(&shelved).clone();
    let kept = (with.place_permille, with.villa_permille, with.library_permille, with.villa_asses);
    assert_eq!(kept, (alone.place_permille, 200, 9, None));
    // 19 asses for the table, 12 for the villa, 9 for each guest.
    assert_eq!((with.day_asses, with.guest_day_asses, with.guests_most), (31, 9, 8));
    let full = player.command(Method::DELETE, "/villas/olbia", &json!({}));
    assert_eq!(refusal(full).await, (409, "library_not_empty".to_owned()));

    let many = player.command(Method::POST, "/otium", &json!({"guests": 9}));
    assert_eq!(refusal(many).await, (422, "guests_out_of_bounds".to_owned()));
    let resting = player.act(Method::POST, "/otium", json!({"guests": 2})).await.me;
    let otium = resting.otium.unwrap();
    let place_permille = alone.place_permille;
    let stay = VillaStay {
        place_permille,
        villa_permille: 200,
        library_permille: 9,
        guests: 2,
        guests_permille: 40,
    };
    assert_eq!((otium.quality, otium.most_permille), (place_permille + 249, 1500));
    assert_eq!(otium.villa, Some(stay));
    assert_eq!((resting.otium_day_asses, resting.otium_offer), (Some(49), None));
    player.act(Method::DELETE, "/otium", json!({})).await;

    player.act(Method::POST, "/library", json!({"way": "out", "units": 3})).await;
    let sold = player.act(Method::DELETE, "/villas/olbia", json!({})).await.me;
    assert!(sold.villas.is_empty() && offer(&sold).villa_asses == Some(price), "{sold:?}");
    let labels: otivm_api::Timeline = player.get("/timeline?label=villa").await;
    assert_eq!(labels.labels[0].detail["place"], "olbia");
    house.running.drain().await;
}

#[tokio::test]
async fn each_verb_of_a_villa_sent_again_under_its_key_is_done_once_and_not_for_another_wish() {
    let house = House::open().await;
    let player = in_olbia(&house).await;
    let verbs = [
        (Method::POST, "/villas", json!({}), None),
        (
            Method::POST,
            "/library",
            json!({"way": "in", "units": 3}),
            Some(json!({"way": "in", "units": 2})),
        ),
        (Method::POST, "/otium", json!({"guests": 2}), Some(json!({"guests": 3}))),
        (Method::DELETE, "/otium", json!({}), None),
        (
            Method::POST,
            "/library",
            json!({"way": "out", "units": 3}),
            Some(json!({"way": "in", "units": 3})),
        ),
        (Method::DELETE, "/villas/olbia", json!({}), None),
    ];
    for (index, (method, path, body, other)) in verbs.iter().enumerate() {
        let key = format!("villa-{index}");
        let send = |body| player.command_with(&key, method.clone(), path, body);
        let first = send(body).send().await.unwrap();
        assert_eq!(first.status(), 201, "{path}");
        let first = first.text().await.unwrap();
        house.advance(7);
        let again = send(body).send().await.unwrap();
        assert_eq!(again.headers()["idempotent-replayed"], "true", "{path}");
        assert_eq!(again.text().await.unwrap(), first, "{path}");
        if let Some(other) = other {
            let reused = (422, "idempotency_key_reused".to_owned());
            assert_eq!(refusal(send(other)).await, reused, "{path}");
        }
    }
    let elsewhere = player.command_with("villa-5", Method::DELETE, "/villas/ostia", &json!({}));
    assert_eq!(refusal(elsewhere).await, (422, "idempotency_key_reused".to_owned()));
    let moments: Moments = player.get("/moments?limit=1000").await;
    let names: Vec<&str> = moments.moments.iter().map(|moment| moment.name.as_str()).collect();
    let count = |name| names.iter().filter(|found| **found == name).count();
    let counted = ["buy_villa", "shelve", "begin_otium", "sell_villa"].map(count);
    assert_eq!(counted, [1, 2, 1, 1]);
    house.running.drain().await;
}

#[tokio::test]
async fn otium_begins_without_a_body_and_a_body_that_is_none_is_said_so() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut odd = player.keyed(Method::POST, "/otium");
    odd = odd.header("content-type", "application/json").body("{\"guests\":\"all\"}");
    assert_eq!(refusal(odd).await, (422, "body_not_understood".to_owned()));
    let plain = player.keyed(Method::POST, "/otium").send().await.unwrap();
    assert_eq!(plain.status(), 201);
    player.act(Method::DELETE, "/otium", json!({})).await;
    player.act(Method::POST, "/otium", json!(null)).await;
    house.running.drain().await;
}
