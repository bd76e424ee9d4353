//! Derived windows: once each, in order, and kept over a restart.

use crate::scene::Store;
use jiff::Timestamp;
use reqwest::Method;
use tessera_store_api::{Derived, DerivedWindow, PriceMultiplier, RouteSaturation, StoreError};
use theron_mesh::names;

fn window(number: u64, multiplier_permille: u32) -> DerivedWindow {
    let price = |place: &str| PriceMultiplier {
        place: place.to_owned(),
        good: "wine".to_owned(),
        multiplier_permille,
    };
    DerivedWindow {
        window: number,
        nodes: vec!["otivm-dev".to_owned()],
        from: Timestamp::from_second(300).unwrap(),
        to: Timestamp::from_second(600).unwrap(),
        prices: vec![price("puteoli"), price("ostia")],
        routes: vec![RouteSaturation {
            from: "ostia".to_owned(),
            to: "puteoli".to_owned(),
            saturation_permille: 1500,
        }],
        release: "0123456789abcdef0123456789abcdef".parse().unwrap(),
    }
}

fn refusal(error: &StoreError) -> (u16, &str) {
    let problem = error.problem().unwrap();
    (problem.status, &problem.code)
}

#[tokio::test]
async fn a_window_is_written_once_and_never_changed() {
    let mut store = Store::start().await;
    let writer = store.client(names::AGGREGATION);
    let kept = window(7, 900).canonical().unwrap();
    assert_eq!(writer.put_derived(&window(7, 900)).await.unwrap(), kept);
    assert_eq!(writer.put_derived(&kept).await.unwrap(), kept, "the same content in another order");
    let other = writer.put_derived(&window(7, 901)).await.unwrap_err();
    assert_eq!(refusal(&other), (409, "window_already_written"));
    writer.put_derived(&window(9, 800)).await.unwrap();
    let late = writer.put_derived(&window(8, 800)).await.unwrap_err();
    assert_eq!(refusal(&late), (409, "window_out_of_order"));

    store.restart().await;
    let writer = store.client(names::AGGREGATION);
    assert_eq!(writer.derived_window(7).await.unwrap(), Some(kept.clone()));
    assert_eq!(writer.derived_window(8).await.unwrap(), None);
    assert_eq!(writer.put_derived(&window(7, 900)).await.unwrap(), kept);
    store.stop().await;
}

#[tokio::test]
async fn a_reader_gets_the_newest_window_only_when_it_is_new() {
    let mut store = Store::start().await;
    let (writer, game) = (store.client(names::AGGREGATION), store.client("otivm-dev"));
    assert_eq!(game.get_derived_current(None).await.unwrap(), Derived::Nothing);
    let first = writer.put_derived(&window(1, 900)).await.unwrap();
    let Derived::Modified { etag, window: found } = game.get_derived_current(None).await.unwrap()
    else {
        panic!("there is a window");
    };
    assert_eq!(*found, first);
    assert_eq!(game.get_derived_current(Some(&etag)).await.unwrap(), Derived::NotModified);
    let second = writer.put_derived(&window(2, 900)).await.unwrap();
    let answer = game.get_derived_current(Some(&etag)).await.unwrap();
    assert!(matches!(answer, Derived::Modified { window, .. } if *window == second));
    store.stop().await;
}

#[tokio::test]
async fn what_is_no_window_is_refused_with_what_is_wrong() {
    let mut store = Store::start().await;
    let writer = store.client(names::AGGREGATION);
    let mut twice = window(1, 900);
    twice.prices = vec![twice.prices[0].clone(); 2];
    let error = writer.put_derived(&twice).await.unwrap_err();
    assert_eq!(refusal(&error), (400, "window_not_valid"));
    assert!(error.to_string().contains("puteoli wine is listed twice"), "{error}");
    let mesh = writer.mesh();
    let elsewhere =
        mesh.put::<DerivedWindow>("/derived/windows/2", &window(1, 900)).await.unwrap_err();
    assert_eq!(refusal(&elsewhere.into()), (400, "window_not_valid"));
    let request =
        mesh.request(Method::PUT, "/derived/windows/1").json(&serde_json::json!({"window": 1}));
    assert_eq!(
        refusal(&mesh.send(request).await.unwrap_err().into()),
        (422, "body_not_understood")
    );
    store.stop().await;
}

#[tokio::test]
async fn a_window_at_its_limits_is_taken() {
    let mut store = Store::start().await;
    let writer = store.client(names::AGGREGATION);
    let mut full = window(1, 900);
    full.prices = (0..tessera_store_api::PRICES_MAX)
        .map(|i| PriceMultiplier {
            place: format!("{i:064}"),
            good: "0".repeat(64),
            multiplier_permille: 1_000_000,
        })
        .collect();
    assert_eq!(writer.put_derived(&full).await.unwrap(), full);
    store.stop().await;
}
