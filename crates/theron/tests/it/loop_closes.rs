//! The point of it all: raw files become a world, a world becomes a price, a sale becomes everyone's price.

use crate::{
    player::Player,
    stack::{Stack, wait_for},
};
use serde_json::json;
use std::time::Duration;

/// A world day in five seconds: windows close as fast as they can.
const RATE: &str = "--rate=17280";
/// A window of five seconds, a round of the aggregation, and a poll of the game.
const DERIVED_WITHIN: Duration = Duration::from_secs(60);

#[test]
fn wine_that_floods_puteoli_is_cheaper_for_everyone_after_the_window() {
    let stack = Stack::start(3610, &[RATE]);
    let (merchant, bystander) = (Player::enrol(&stack), Player::enrol(&stack));

    let before = bystander.quote("puteoli", "wine");
    assert_eq!(before["multiplier_permille"], 1000);
    let home = merchant.get("/me")["place"].as_str().unwrap().to_owned();
    let source = if home == "puteoli" { "neapolis" } else { &home };
    if home == "puteoli" {
        merchant.sail("neapolis");
    }
    let units = merchant.quote(source, "wine")["available"].as_i64().unwrap().min(400);
    merchant.command("/trades", &json!({"side": "buy", "good": "wine", "units": units}));
    merchant.sail("puteoli");
    merchant.command("/trades", &json!({"side": "sell", "good": "wine", "units": units}));

    let after = wait_for("a lower price at Puteoli", DERIVED_WITHIN, || {
        let quote = bystander.quote("puteoli", "wine");
        (quote["multiplier_permille"].as_i64() < Some(1000)).then_some(quote)
    });
    assert_eq!(after["base_asses"], before["base_asses"]);
    assert!(after["sell_asses"].as_i64() <= before["sell_asses"].as_i64(), "{before} then {after}");

    // The store has it exactly once: the same number read twice is the same document.
    let store = stack.operator("tessera-store");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let window = runtime.block_on(store.get::<serde_json::Value>("/derived/current")).unwrap();
    let number = window["window"].as_u64().unwrap();
    let again = runtime
        .block_on(store.get::<serde_json::Value>(&format!("/derived/windows/{number}")))
        .unwrap();
    assert_eq!(window, again);
    assert_eq!(window["nodes"], json!(["otivm-dev"]));
}
