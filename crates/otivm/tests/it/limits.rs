//! Budgets: said before they bite, each player's and each address's own, and nobody uses another's. Whoever keeps a
//! body back pays as if it had come, and keeps nobody else out.

use crate::scene::{House, Player, cookie_of, many, refusal, until};
use futures::{
    StreamExt,
    future::{join_all, select_all},
    stream::FuturesUnordered,
};
use reqwest::{Method, Response};
use serde_json::json;
use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Calls that one address may have in hand, and connections that one peer may have open.
const IN_HAND_MAX: usize = 512;
const CONNECTIONS_MAX: usize = 1_024;

fn said(response: &Response) -> (u16, String, String) {
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    (response.status().as_u16(), header("ratelimit-policy"), header("ratelimit"))
}

fn as_said(status: u16, policy: &str, limit: &str) -> (u16, String, String) {
    (status, policy.to_owned(), limit.to_owned())
}

async fn get(player: &Player, path: &str) -> Response {
    player.request(Method::GET, path).send().await.unwrap()
}

#[tokio::test]
async fn every_budget_is_said_before_it_bites() {
    let house = House::open_with(|config| {
        config.limits.reads_per_second = NonZeroU32::MIN;
        config.limits.commands_per_second = NonZeroU32::new(2).unwrap();
        config.limits.calls_per_minute = NonZeroU32::new(9).unwrap();
        config.limits.arrivals_per_minute = NonZeroU32::new(5).unwrap();
    })
    .await;
    let visitor = house.visitor();
    let arrival = visitor.command(Method::POST, "/players", &json!({})).send().await.unwrap();
    assert_eq!(said(&arrival), as_said(201, r#""arrivals";q=5;w=60"#, r#""arrivals";r=4;t=60"#));
    let player = Player { cookie: Some(cookie_of(&arrival)), ..visitor.clone() };
    let world = get(&visitor, "/world").await;
    assert_eq!(said(&world), as_said(200, r#""address";q=9;w=60"#, r#""address";r=8;t=60"#));
    let order =
        player.command(Method::POST, "/journal", &json!({"text": "a"})).send().await.unwrap();
    assert_eq!(said(&order), as_said(201, r#""commands";q=6;w=3"#, r#""commands";r=5;t=3"#));
    for left in [2, 1, 0] {
        let me = get(&player, "/me").await;
        let limit = format!(r#""reads";r={left};t=3"#);
        assert_eq!(said(&me), as_said(200, r#""reads";q=3;w=3"#, &limit));
    }
    house.advance(1);
    let over = get(&player, "/me").await;
    assert_eq!(over.headers()["retry-after"], "2");
    assert_eq!(said(&over), as_said(429, r#""reads";q=3;w=3"#, r#""reads";r=0;t=2"#));
    let problem: theron_wire::Problem = over.json().await.unwrap();
    assert_eq!(
        (problem.code.as_str(), problem.detail.as_str()),
        ("too_fast", "this player's calls come too fast; wait 2 s")
    );
    house.advance(2);
    assert_eq!(get(&player, "/me").await.status(), 200);
    house.running.drain().await;
}

#[tokio::test]
async fn nobody_uses_the_budget_of_another() {
    let house = House::open_with(|config| {
        config.limits.reads_per_second = NonZeroU32::MIN;
        config.limits.calls_per_minute = NonZeroU32::new(4).unwrap();
    })
    .await;
    let (player, other) = (house.enrol().await, house.enrol().await);
    let forged = format!("otivm_session={}.{}", player.token, "0".repeat(64));
    let stranger = Player { cookie: Some(forged), ..house.visitor() };
    for _ in 0..3 {
        assert_eq!(refusal(stranger.request(Method::GET, "/me")).await.0, 401);
        assert_eq!(get(&other, "/me").await.status(), 200);
    }
    assert_eq!(refusal(other.request(Method::GET, "/me")).await, (429, "too_fast".to_owned()));
    assert_eq!(get(&player, "/me").await.status(), 200);
    // Who comes with nothing that opens anything uses up what the address has.
    let visitor = house.visitor();
    assert_eq!(refusal(visitor.request(Method::GET, "/me")).await.0, 401);
    let over = (429, "too_many_calls".to_owned());
    assert_eq!(refusal(visitor.request(Method::GET, "/me")).await, over);
    assert_eq!(refusal(visitor.request(Method::GET, "/world")).await, over);
    assert_eq!(get(&player, "/me").await.status(), 200, "a player of that address plays on");
    house.running.drain().await;
}

#[tokio::test]
async fn wrong_words_are_tried_so_often_and_no_oftener() {
    let house = House::open_with(|config| {
        config.limits.arrivals_per_minute = NonZeroU32::new(3).unwrap();
    })
    .await;
    let player = house.enrol().await;
    let visitor = house.visitor();
    let knock = |words: &str| {
        visitor.command(Method::POST, "/sessions", &json!({ "recovery_phrase": words }))
    };
    for words in ["arma virumque cano", &["abacus"; 12].join(" ")] {
        let refused = refusal(knock(words)).await;
        assert_eq!(refused, (401, "recovery_phrase_unknown".to_owned()));
    }
    assert_eq!(refusal(knock(&player.phrase)).await, (429, "too_many_arrivals".to_owned()));
    house.advance(60);
    assert_eq!(knock(&player.phrase).send().await.unwrap().status(), 200);
    house.running.drain().await;
}

#[tokio::test]
async fn a_proxy_s_word_counts_only_where_there_is_a_proxy() {
    let forwarded = "for=192.0.2.7;proto=https";
    for behind_proxy in [true, false] {
        let house = House::open_with(|config| {
            config.behind_proxy = behind_proxy.into();
            config.limits.calls_per_minute = NonZeroU32::MIN;
            config.limits.reads_per_second = many();
        })
        .await;
        let visitor = house.visitor();
        let enrolled = visitor
            .command(Method::POST, "/players", &json!({}))
            .header("forwarded", forwarded)
            .send()
            .await
            .unwrap();
        let cookie = enrolled.headers()["set-cookie"].to_str().unwrap();
        assert_eq!(cookie.contains("; Secure"), behind_proxy, "{cookie}");
        let from = async |address: &str| {
            let named = format!("for={address};proto=https");
            let request = visitor.request(Method::GET, "/world").header("forwarded", named);
            request.send().await.unwrap().status().as_u16()
        };
        let second = if behind_proxy { 200 } else { 429 };
        assert_eq!([from("192.0.2.7").await, from("192.0.2.8").await], [200, second]);
        house.running.drain().await;
    }
}

/// A call on a connection of its own.
async fn call(house: &House, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(house.running.public_address.unwrap()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// An order whose body is said to be coming.
async fn order_without_its_body(house: &House, cookie: &str) -> TcpStream {
    let head = format!(
        "POST /api/v1/trades HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nidempotency-key: a-key\r\n\
        content-type: application/json\r\ncontent-length: 50\r\n\r\n"
    );
    call(house, &head).await
}

/// It was sent and never came to its end, and meanwhile nobody else's was taken.
#[tokio::test]
async fn a_life_that_comes_slowly_keeps_only_its_own_address_waiting() {
    let house = House::open_with(|config| config.behind_proxy = true.into()).await;
    let head = "POST /api/v1/imports HTTP/1.1\r\nhost: a\r\nforwarded: for=192.0.2.7\r\n\
        idempotency-key: the-key-of-one-who-waits\r\nexpect: 100-continue\r\ncontent-length: 50\r\n\r\n";
    let mut slow = call(&house, head).await;
    let asked_for = heard(&mut slow).await;
    assert!(asked_for.starts_with("HTTP/1.1 100"), "{asked_for}");
    let from = |address: &str| {
        let request = house.visitor().keyed(Method::POST, "/imports");
        request.header("forwarded", format!("for={address}")).body("{")
    };
    assert_eq!(refusal(from("192.0.2.7")).await, (429, "too_many_imports".to_owned()));
    assert_eq!(refusal(from("192.0.2.8")).await, (422, "life_not_whole".to_owned()));
    drop(slow);
    house.running.drain().await;
}

/// The beginning of the answer.
async fn heard(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 2048];
    let read = stream.read(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

#[tokio::test]
async fn a_session_that_opens_nothing_is_refused_without_waiting_for_its_body() {
    let house = House::open_with(|config| {
        config.limits.calls_per_minute = NonZeroU32::MIN;
    })
    .await;
    let false_cookie = format!("otivm_session={}.{}", "a".repeat(26), "0".repeat(64));
    let first = heard(&mut order_without_its_body(&house, &false_cookie).await).await;
    assert!(first.starts_with("HTTP/1.1 401"), "{first}");
    assert!(first.contains("ratelimit: \"address\";r=0;t=60"), "{first}");
    let second = heard(&mut order_without_its_body(&house, &false_cookie).await).await;
    assert!(second.starts_with("HTTP/1.1 429") && second.contains("too_many_calls"), "{second}");
    house.running.drain().await;
}

#[tokio::test]
async fn an_order_takes_its_budget_before_its_body_is_read() {
    let house =
        House::open_with(|config| config.limits.commands_per_second = NonZeroU32::MIN).await;
    let player = house.enrol().await;
    let cookie = player.cookie.as_ref().unwrap();
    let mut orders = join_all((0..4).map(|_| order_without_its_body(&house, cookie))).await;
    let answers = orders.iter_mut().map(|order| Box::pin(heard(order)));
    let (first, _, waiting) = select_all(answers).await;
    assert!(first.starts_with("HTTP/1.1 429") && first.contains("too_fast"), "{first}");
    drop(waiting);
    drop(orders);
    house.running.drain().await;
}

#[tokio::test]
async fn an_address_with_its_hands_full_keeps_nobody_else_out() {
    let house = House::open().await;
    let player = house.enrol().await;
    let cookie = player.cookie.as_ref().unwrap();
    let orders = (0..IN_HAND_MAX + 8).map(|_| order_without_its_body(&house, cookie));
    let mut orders = join_all(orders).await;
    let mut answers: FuturesUnordered<_> = orders.iter_mut().map(heard).collect();
    for _ in 0..8 {
        let answer = answers.next().await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
        assert!(answer.contains("too_many_calls") && answer.contains("retry-after: 1"), "{answer}");
    }
    assert_eq!(get(&player, "/world").await.status(), 429);
    let alive = reqwest::get(format!("{}/livez", house.root())).await.unwrap();
    let elsewhere = IpAddr::from(Ipv4Addr::new(127, 0, 0, 2));
    let http = reqwest::Client::builder().local_address(elsewhere).build().unwrap();
    let neighbour = Player { http, ..player.clone() };
    let statuses = [alive, get(&neighbour, "/world").await, get(&neighbour, "/me").await];
    assert_eq!(statuses.map(|response| response.status()), [200, 200, 200]);
    drop(answers);
    drop(orders);
    let free = async || (get(&player, "/world").await.status() == 200).then_some(());
    until("the places are free again", free).await;
    house.running.drain().await;
}

#[tokio::test]
async fn a_proxy_opens_as_many_connections_as_its_clients_need() {
    let house = House::open_with(|config| config.behind_proxy = true.into()).await;
    let mut open = Vec::new();
    for _ in 0..=CONNECTIONS_MAX {
        let head = "GET /api/v1/world HTTP/1.1\r\nhost: a\r\nforwarded: for=192.0.2.7\r\n\r\n";
        let mut connection = call(&house, head).await;
        let answer = heard(&mut connection).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{}: {answer}", open.len());
        open.push(connection);
    }
    drop(open);
    house.running.drain().await;
}
