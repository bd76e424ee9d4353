//! A passkey stands in for the recovery phrase: over real HTTP, with real signatures.

use crate::{
    authenticator::{Authenticator, encoded},
    carry::carried,
    scene::{House, ORIGIN, Player, cookie_of, many, refusal},
};
use futures::future::join_all;
use otivm::{replay, rewind, verify};
use otivm_api::{Passkey, PasskeyChallenge, Passkeys, SessionView, World};
use otivm_rules::At;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::fs;
use theron_service::Clock;

fn device() -> Authenticator {
    Authenticator::at(ORIGIN)
}

async fn challenge(player: &Player, path: &str) -> PasskeyChallenge {
    let response = player.keyed(Method::POST, path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json().await.unwrap()
}

async fn asked_for_new(player: &Player) -> PasskeyChallenge {
    challenge(player, "/passkeys/challenges").await
}

async fn asked_for_any(player: &Player) -> PasskeyChallenge {
    challenge(player, "/sessions/challenges").await
}

fn new_passkey(asked: &PasskeyChallenge, name: &str, device: &mut Authenticator) -> Value {
    let credential = device.create(&asked.options);
    json!({ "ceremony": asked.ceremony, "name": name, "credential": credential })
}

fn answer(asked: &PasskeyChallenge, device: &Authenticator) -> Value {
    json!({ "ceremony": asked.ceremony, "credential": device.get(&asked.options) })
}

fn adding(player: &Player, body: &Value) -> RequestBuilder {
    player.command(Method::POST, "/passkeys", body)
}

fn returning(visitor: &Player, body: &Value) -> RequestBuilder {
    visitor.command(Method::POST, "/sessions/passkey", body)
}

async fn add(player: &Player, name: &str, device: &mut Authenticator) -> Passkey {
    let body = new_passkey(&asked_for_new(player).await, name, device);
    let response = adding(player, &body).send().await.unwrap();
    assert_eq!(response.status(), 201, "{}", response.text().await.unwrap());
    response.json().await.unwrap()
}

async fn list(player: &Player) -> Vec<Passkey> {
    player.get::<Passkeys>("/passkeys").await.passkeys
}

fn come_in(house: &House, response: &Response) -> Player {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    Player { cookie: Some(cookie_of(response)), ..house.visitor() }
}

async fn come_back(house: &House, device: &Authenticator) -> Player {
    let visitor = house.visitor();
    let body = answer(&asked_for_any(&visitor).await, device);
    come_in(house, &returning(&visitor, &body).send().await.unwrap())
}

/// What a device is told that comes to the door.
async fn turned_away(house: &House, device: &Authenticator) -> (u16, String) {
    let visitor = house.visitor();
    let body = answer(&asked_for_any(&visitor).await, device);
    refusal(returning(&visitor, &body)).await
}

async fn sessions_open(player: &Player) -> usize {
    player.get::<SessionView>("/session").await.sessions_open
}

fn unknown() -> (u16, String) {
    (401, "passkey_unknown".to_owned())
}

fn over() -> (u16, String) {
    (409, "passkey_challenge_over".to_owned())
}

fn not_valid() -> (u16, String) {
    (422, "passkey_not_valid".to_owned())
}

#[tokio::test]
async fn a_passkey_brings_its_player_back_beside_the_sessions_that_are_open() {
    let house = House::open().await;
    let player = house.enrol().await;
    assert!(player.get::<World>("/world").await.passkeys);
    assert_eq!(list(&player).await, []);
    let (mut phone, mut ring) = (device(), device());
    let first = add(&player, "  Telephone ", &mut phone).await;
    assert_eq!((first.name.as_str(), &first.id), ("Telephone", &encoded(&phone.keys[0].id)));
    house.advance(60);
    let asked = asked_for_new(&player).await;
    assert_eq!(asked.options["excludeCredentials"][0]["id"], json!(first.id));
    assert_eq!(asked.options["rp"], json!({ "id": "otivm.example.org", "name": "OTIVM" }));
    let second = add(&player, "Key ring", &mut ring).await;
    assert_eq!(list(&player).await, [first, second]);
    let listed = player.request(Method::GET, "/passkeys").send().await.unwrap();
    let tag = listed.headers()["etag"].clone();
    let again = player.request(Method::GET, "/passkeys").header("if-none-match", tag);
    assert_eq!(again.send().await.unwrap().status(), 304);
    player.write("Hic fui.").await;
    for device in [&phone, &ring] {
        let back = come_back(&house, device).await;
        let text = back.request(Method::GET, "/moments?name=journal").send().await.unwrap();
        assert!(text.text().await.unwrap().contains("Hic fui."));
    }
    assert_eq!(sessions_open(&player).await, 3, "none was ended");
    house.running.drain().await;
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_and_is_removed_once() {
    let house = House::open().await;
    let player = house.enrol().await;
    let (mut phone, mut ring) = (device(), device());
    let lost = add(&player, "Telephone", &mut phone).await;
    let kept = add(&player, "Key ring", &mut ring).await;
    let inside = come_back(&house, &phone).await;
    let path = format!("/passkeys/{}", lost.id);
    let remove = || player.request(Method::DELETE, &path).header("idempotency-key", "away");
    let removed = remove().send().await.unwrap();
    assert_eq!(
        (removed.status().as_u16(), removed.headers().get("idempotent-replayed")),
        (204, None)
    );
    assert_eq!(remove().send().await.unwrap().headers()["idempotent-replayed"], "true");
    let other = player.request(Method::DELETE, &format!("/passkeys/{}", kept.id));
    let reused = refusal(other.header("idempotency-key", "away")).await;
    assert_eq!(reused, (422, "idempotency_key_reused".to_owned()));
    let anew = refusal(player.keyed(Method::DELETE, &path)).await;
    assert_eq!(anew, (404, "passkey_not_found".to_owned()));
    assert_eq!(list(&player).await, [kept]);
    assert_eq!(turned_away(&house, &phone).await, unknown());
    inside.me().await;
    come_back(&house, &ring).await;
    house.running.drain().await;
}

#[tokio::test]
async fn an_answer_from_another_address_of_another_key_or_without_a_finger_is_refused() {
    let house = House::open().await;
    let (player, other) = (house.enrol().await, house.enrol().await);
    let refused = async |mut device: Authenticator| {
        let body = new_passkey(&asked_for_new(&player).await, "x", &mut device);
        refusal(adding(&player, &body)).await
    };
    let elsewhere = "https://otivm.example.org.evil.example";
    assert_eq!(refused(Authenticator::at(elsewhere)).await, not_valid());
    assert_eq!(refused(Authenticator { verifies: false, ..device() }).await, not_valid());
    let asked = asked_for_new(&player).await;
    let nothing = json!({ "ceremony": asked.ceremony, "name": "x", "credential": {} });
    assert_eq!(refusal(adding(&player, &nothing)).await, not_valid());
    for name in ["", "  ", &"n".repeat(41)] {
        let nameless = json!({ "ceremony": asked.ceremony, "name": name, "credential": {} });
        assert_eq!(refusal(adding(&player, &nameless)).await, (422, "passkey_name".to_owned()));
    }
    assert_eq!(list(&player).await, []);

    let (mut own, mut theirs) = (device(), device());
    add(&player, "own", &mut own).await;
    add(&other, "theirs", &mut theirs).await;
    own.origin = elsewhere.to_owned();
    assert_eq!(turned_away(&house, &own).await, unknown());
    let own = Authenticator { origin: ORIGIN.to_owned(), verifies: false, keys: own.keys };
    assert_eq!(turned_away(&house, &own).await, unknown());
    let mut own = Authenticator { verifies: true, ..own };
    // One's own key, in the name of another's seat; another's id, signed by one's own key; a seat of nobody.
    let (user, id) = (own.keys[0].user.clone(), own.keys[0].id.clone());
    own.keys[0].user.clone_from(&theirs.keys[0].user);
    assert_eq!(turned_away(&house, &own).await, unknown());
    own.keys[0].id.clone_from(&theirs.keys[0].id);
    assert_eq!(turned_away(&house, &own).await, unknown());
    own.keys[0].user = vec![7; 16];
    assert_eq!(turned_away(&house, &own).await, unknown());
    (own.keys[0].user, own.keys[0].id) = (user, id);
    come_back(&house, &own).await;
    house.running.drain().await;
}

#[tokio::test]
async fn a_challenge_is_good_once_for_its_own_life_and_for_five_minutes() {
    let house = House::open().await;
    let (player, other) = (house.enrol().await, house.enrol().await);
    let mut phone = device();
    let asked = asked_for_new(&player).await;
    let body = new_passkey(&asked, "x", &mut phone);
    assert_eq!(refusal(adding(&other, &body)).await, over(), "it was another's");
    assert_eq!(list(&other).await, []);
    assert_eq!(adding(&player, &body).send().await.unwrap().status(), 201);
    assert_eq!(refusal(adding(&player, &body)).await, over(), "it was used");
    let late = asked_for_new(&player).await;
    let late = new_passkey(&late, "late", &mut device());
    house.advance(300);
    assert_eq!(refusal(adding(&player, &late)).await, over(), "it was too old");
    let first = new_passkey(&asked_for_new(&player).await, "first", &mut device());
    let second = new_passkey(&asked_for_new(&player).await, "second", &mut device());
    assert_eq!(refusal(adding(&player, &first)).await, over(), "another was asked for");
    assert_eq!(adding(&player, &second).send().await.unwrap().status(), 201);

    let visitor = house.visitor();
    let body = answer(&asked_for_any(&visitor).await, &phone);
    come_in(&house, &returning(&visitor, &body).send().await.unwrap());
    assert_eq!(refusal(returning(&visitor, &body)).await, over(), "it was used");
    let other = asked_for_any(&visitor).await;
    let swapped = json!({ "ceremony": other.ceremony, "credential": body["credential"] });
    assert_eq!(refusal(returning(&visitor, &swapped)).await, unknown(), "it answers another");
    let right = answer(&other, &phone);
    assert_eq!(refusal(returning(&visitor, &right)).await, over(), "a wrong answer was one too");
    let late = answer(&asked_for_any(&visitor).await, &phone);
    house.advance(300);
    assert_eq!(refusal(returning(&visitor, &late)).await, over(), "it was too old");
    house.running.drain().await;
}

#[tokio::test]
async fn what_was_answered_is_answered_again_under_its_key_and_to_nobody_else() {
    let house = House::open().await;
    let (player, visitor) = (house.enrol().await, house.visitor());
    let ask = async |caller: &Player, path: &str| {
        let request = caller.request(Method::POST, path);
        let key = "a-key-that-nobody-could-guess";
        let response = request.header("idempotency-key", key).send().await.unwrap();
        let replayed = response.headers().contains_key("idempotent-replayed");
        (response.json::<PasskeyChallenge>().await.unwrap(), replayed)
    };
    let (asked, _) = ask(&player, "/passkeys/challenges").await;
    assert_eq!(ask(&player, "/passkeys/challenges").await, (asked.clone(), true));
    let mut phone = device();
    let body = new_passkey(&asked, "Telephone", &mut phone);
    let add = |body: &Value| player.command_with("add", Method::POST, "/passkeys", body);
    let added: Passkey = add(&body).send().await.unwrap().json().await.unwrap();
    house.advance(1000);
    let again = add(&body).send().await.unwrap();
    assert_eq!(
        (again.status().as_u16(), &again.headers()["idempotent-replayed"]),
        (201, &"true".parse().unwrap())
    );
    assert_eq!(again.json::<Passkey>().await.unwrap(), added);
    let mut other_name = body.clone();
    other_name["name"] = json!("Computer");
    let reused = (422, "idempotency_key_reused".to_owned());
    assert_eq!(refusal(add(&other_name)).await, reused);

    let (asked, _) = ask(&visitor, "/sessions/challenges").await;
    assert_eq!(ask(&visitor, "/sessions/challenges").await, (asked.clone(), true));
    let short = visitor.request(Method::POST, "/sessions/challenges");
    let short = refusal(short.header("idempotency-key", "short")).await;
    assert_eq!(short, (400, "idempotency_key_not_valid".to_owned()));
    let body = answer(&asked, &phone);
    let enter = |house: &House, body: &Value| {
        house.visitor().command_with("enter", Method::POST, "/sessions/passkey", body)
    };
    let mut cookies = Vec::new();
    for response in join_all((0..5).map(|_| enter(&house, &body).send())).await {
        let response = response.unwrap();
        match response.status().as_u16() {
            200 => cookies.push(cookie_of(&response)),
            _ => assert_eq!(response.status(), 409, "the first is in hand"),
        }
    }
    cookies.dedup();
    assert_eq!(cookies.len(), 1, "it was done once");
    let house = house.restart(|_| ()).await;
    let again = enter(&house, &body).send().await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!([cookie_of(&again)], cookies[..]);
    // Who has seen the key alone is given nothing, whatever else comes with it.
    let mut forged = body.clone();
    forged["credential"]["response"]["signature"] = json!(encoded(&[0; 70]));
    assert_eq!(refusal(enter(&house, &forged)).await, reused);
    let fresh = answer(&asked_for_any(&house.visitor()).await, &phone);
    assert_eq!(refusal(enter(&house, &fresh)).await, reused);
    house.advance(86_400);
    let gone = refusal(enter(&house, &body)).await;
    assert_eq!(gone, (409, "idempotency_answer_gone".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn passkeys_outlive_a_restart_and_challenges_do_not() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut phone = device();
    let added = add(&player, "Telephone", &mut phone).await;
    let new = new_passkey(&asked_for_new(&player).await, "x", &mut device());
    let body = answer(&asked_for_any(&house.visitor()).await, &phone);
    let house = house.restart(|_| ()).await;
    let player = Player { root: house.root(), ..player };
    assert_eq!(list(&player).await, [added]);
    assert_eq!(refusal(adding(&player, &new)).await, over());
    assert_eq!(refusal(returning(&house.visitor(), &body)).await, over());
    come_back(&house, &phone).await;
    let database = house.database(&player.token);
    house.running.drain().await;
    verify(&database).unwrap();
}

#[tokio::test]
async fn a_passkey_that_counts_is_kept_up_with_and_a_copy_of_it_is_noticed() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut ring = device();
    let added = add(&player, "Key ring", &mut ring).await;
    ring.keys[0].count = 5;
    come_back(&house, &ring).await;
    assert_eq!(list(&player).await, [added], "it is the same passkey, added then");
    for count in [5, 4] {
        ring.keys[0].count = count;
        assert_eq!(turned_away(&house, &ring).await, (401, "passkey_copied".to_owned()));
    }
    ring.keys[0].count = 6;
    let house = house.restart(|_| ()).await;
    come_back(&house, &ring).await;
    house.running.drain().await;
}

#[tokio::test]
async fn a_life_has_eight_passkeys_and_sixteen_open_sessions_at_most() {
    let house = House::open_with(|config| config.limits.arrivals_per_minute = many()).await;
    let player = house.enrol().await;
    let mut phone = device();
    add(&player, "Telephone", &mut phone).await;
    for number in 2..=8 {
        add(&player, &number.to_string(), &mut device()).await;
    }
    let ninth = refusal(player.keyed(Method::POST, "/passkeys/challenges")).await;
    assert_eq!(ninth, (409, "too_many_passkeys".to_owned()));
    let mut inside = Vec::new();
    for _ in 0..16 {
        house.advance(1);
        inside.push(come_back(&house, &phone).await);
    }
    assert_eq!(sessions_open(&inside[15]).await, 16);
    let oldest = refusal(player.request(Method::GET, "/me")).await;
    assert_eq!(oldest, (401, "session_missing".to_owned()));
    inside[0].me().await;
    come_back(&house, &phone).await;
    let oldest = refusal(inside[0].request(Method::GET, "/me")).await;
    assert_eq!(oldest, (401, "session_missing".to_owned()));
    inside[1].me().await;
    house.running.drain().await;
}

#[tokio::test]
async fn a_life_that_moves_leaves_its_passkeys_behind() {
    let home = House::open().await;
    let player = home.enrol().await;
    let mut phone = device();
    add(&player, "Telephone", &mut phone).await;
    home.advance(60);
    let folder = tempfile::tempdir().unwrap();
    let file = carried(&player, "jsonl", folder.path()).await;
    assert!(fs::read_to_string(&file).unwrap().contains("\"passkey_set\""));
    let away = House::open().await;
    away.advance(120);
    let bring = away.visitor().keyed(Method::POST, "/imports").body(fs::read(&file).unwrap());
    let response = bring.send().await.unwrap();
    assert_eq!(response.status(), 201);
    let mut moved = Player { cookie: Some(cookie_of(&response)), ..away.visitor() };
    moved.token = response.json::<otivm_api::Imported>().await.unwrap().player.token;
    assert_eq!(list(&moved).await, []);
    assert_eq!(
        come_back(&home, &phone).await.get::<SessionView>("/session").await.player.token,
        player.token
    );
    let mut new = device();
    add(&moved, "Telephone", &mut new).await;
    assert_eq!(
        come_back(&away, &new).await.get::<SessionView>("/session").await.player.token,
        moved.token
    );
    let database = away.database(&moved.token);
    home.running.drain().await;
    away.running.drain().await;
    verify(&database).unwrap();
}

#[tokio::test]
async fn a_life_that_is_taken_back_keeps_its_doors_as_they_are_today() {
    let house = House::open().await;
    let player = house.enrol().await;
    let (mut lost, mut phone) = (device(), device());
    let stolen = add(&player, "Lost", &mut lost).await;
    let thief = come_back(&house, &lost).await;
    let then = At(house.clock.now().as_microsecond() + 1000);
    house.advance(60);
    player.keyed(Method::DELETE, &format!("/passkeys/{}", stolen.id)).send().await.unwrap();
    thief.keyed(Method::DELETE, "/session").send().await.unwrap();
    let kept = add(&player, "Telephone", &mut phone).await;
    let inside = come_back(&house, &phone).await;
    let session = player.request(Method::GET, "/session").send().await.unwrap();
    let tag = session.headers()["etag"].clone();
    let words = player.keyed(Method::PUT, "/recovery-phrase").header("if-match", tag);
    let words: otivm_api::NewPhrase = words.send().await.unwrap().json().await.unwrap();
    house.advance(60);
    let now = At(house.clock.now().as_microsecond());
    let House { mesh, clock, running, config } = house;
    running.drain().await;
    let database =
        config.service.data_dir.join("data/players").join(format!("{}.sqlite3", player.token));
    let branch = database.with_extension("branch");
    let rewound =
        rewind(&database, then, "The harbour was closed by our mistake.", &branch, now).unwrap();
    assert_eq!(replay(&branch, None).unwrap().state, rewound.state);
    fs::rename(&branch, &database).unwrap();
    let house = House::start(mesh, clock, config).await;
    let at_home = |player: &Player| Player { root: house.root(), ..player.clone() };
    let listed = list(&at_home(&player)).await;
    assert_eq!(listed.iter().map(|key| &key.id).collect::<Vec<_>>(), [&kept.id]);
    at_home(&inside).me().await;
    let refused = refusal(at_home(&thief).request(Method::GET, "/me")).await;
    assert_eq!(refused, (401, "session_missing".to_owned()));
    assert_eq!(turned_away(&house, &lost).await, unknown());
    come_back(&house, &phone).await;
    let back = |phrase: &str| {
        house.visitor().command(Method::POST, "/sessions", &json!({ "recovery_phrase": phrase }))
    };
    let old = refusal(back(&player.phrase)).await;
    assert_eq!(old, (401, "recovery_phrase_unknown".to_owned()));
    assert_eq!(back(&words.recovery_phrase).send().await.unwrap().status(), 200);
    house.running.drain().await;
}

#[tokio::test]
async fn a_life_that_was_left_opens_to_no_passkey_and_nothing_tells_it_from_one_that_never_was() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut phone = device();
    add(&player, "Telephone", &mut phone).await;
    let asked = asked_for_any(&house.visitor()).await;
    let leave = player.command(Method::POST, "/farewell", &json!({ "keep": "erase" }));
    let left = leave.header("if-match", "*").send().await.unwrap();
    assert_eq!(left.status(), 200);
    let sentence = async |body: &Value| {
        let response = returning(&house.visitor(), body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let of_the_left = sentence(&answer(&asked, &phone)).await;
    phone.keys[0].user = vec![9; 16];
    let never_was = sentence(&answer(&asked_for_any(&house.visitor()).await, &phone)).await;
    assert_eq!(of_the_left, never_was);
    assert_eq!(of_the_left.0, 401);
    house.running.drain().await;
}

#[tokio::test]
async fn a_house_that_names_no_address_takes_no_passkeys_and_says_so() {
    let house = House::open_with(|config| config.passkeys = None).await;
    let player = house.enrol().await;
    assert!(!player.get::<World>("/world").await.passkeys);
    let new = json!({ "ceremony": "c", "name": "n", "credential": {} });
    let back = json!({ "ceremony": "c", "credential": {} });
    for request in [
        player.request(Method::GET, "/passkeys"),
        player.keyed(Method::POST, "/passkeys/challenges"),
        adding(&player, &new),
        player.keyed(Method::DELETE, "/passkeys/none"),
        player.keyed(Method::POST, "/sessions/challenges"),
        returning(&player, &back),
    ] {
        assert_eq!(refusal(request).await, (404, "passkeys_off".to_owned()));
    }
    let House { clock, running, mut config, mesh: _mesh } = house;
    running.drain().await;
    config.passkeys = Some(otivm::Passkeys { origin: "otivm.example.org".to_owned(), rp_id: None });
    let weather = std::sync::Arc::new(crate::scene::FairWeather);
    let refused = otivm::start(config, clock, weather).await.err().unwrap().to_string();
    assert!(refused.starts_with("passkeys.origin is \"otivm.example.org\"; write"), "{refused}");
}
