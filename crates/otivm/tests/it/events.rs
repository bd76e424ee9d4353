//! Server-sent events: heard as they happen, and across a cut connection all of them, once.

use crate::scene::{House, Player, refusal};
use otivm_api::{Moments, Notice, Plan, WindowClosed};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// Nothing of this test takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, PartialEq)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

/// A client of the stream, as `EventSource` is one.
struct Ears {
    player: Player,
    response: Option<Response>,
    received: String,
    last: Option<String>,
}

impl Ears {
    fn of(player: &Player) -> Self {
        Self { player: player.clone(), response: None, received: String::new(), last: None }
    }

    async fn connect(&mut self, path: &str) {
        let mut request = self.player.request(Method::GET, path);
        if let Some(last) = &self.last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        self.response = Some(response);
    }

    /// Some more text; `None` at the end of the stream.
    async fn hear(&mut self) -> Option<()> {
        let chunk = self.response.as_mut().unwrap().chunk();
        let chunk = tokio::time::timeout(PATIENCE, chunk).await.unwrap().unwrap()?;
        self.received.push_str(str::from_utf8(&chunk).unwrap());
        Some(())
    }

    /// The next whole event; what comes in between (comments) is passed over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.received.find("\n\n") {
                let block: String = self.received.drain(..end + 2).collect();
                let field = |name: &str| {
                    block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)
                };
                let event = field("id: ").map(|id| Event {
                    id,
                    name: field("event: ").unwrap(),
                    data: serde_json::from_str(&field("data: ").unwrap()).unwrap(),
                });
                if let Some(event) = event {
                    self.last = Some(event.id.clone());
                    return Some(event);
                }
            }
            self.hear().await?;
        }
    }

    /// The connection is cut; of what has come but was not read yet, nothing arrives.
    fn cut(&mut self) {
        self.response = None;
        self.received.clear();
    }
}

#[tokio::test]
async fn cut_in_the_middle_again_and_again_every_moment_is_heard_once() {
    const ENTRIES: usize = 150;
    let house = House::open().await;
    let player = house.enrol().await;
    let mut ears = Ears::of(&player);
    ears.connect("/events").await;
    assert_eq!(ears.next().await.unwrap().name, "here");
    let writing = async {
        for index in 0..ENTRIES {
            player.write(&format!("entry {index}")).await;
        }
    };
    let hearing = async {
        let mut heard = Vec::new();
        let mut connections = 1;
        while heard.len() < ENTRIES {
            // After 1 to 7 events the socket is closed in the middle of what comes next.
            for _ in 0..=heard.len() % 7 {
                if heard.len() < ENTRIES {
                    heard.push(ears.next().await.unwrap());
                }
            }
            if heard.len() < ENTRIES {
                ears.hear().await.unwrap();
            }
            ears.cut();
            ears.connect("/events").await;
            connections += 1;
        }
        (heard, connections)
    };
    let ((), (heard, connections)) = futures::join!(writing, hearing);
    assert!(connections > 20, "{connections}");
    let texts: Vec<String> = heard
        .iter()
        .map(|event| event.data["value"]["text"].as_str().unwrap().to_owned())
        .collect();
    let written: Vec<String> = (0..ENTRIES).map(|index| format!("entry {index}")).collect();
    assert_eq!(texts, written);
    drop(ears);
    house.running.drain().await;
}

#[tokio::test]
async fn what_was_written_while_nobody_listened_also_across_a_restart_is_told_first() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut ears = Ears::of(&player);
    ears.connect("/events").await;
    ears.next().await.unwrap();
    player.write("heard").await;
    assert_eq!(ears.next().await.unwrap().data["value"]["text"], "heard");
    ears.cut();
    player.write("missed").await;
    let house = house.restart(|_| ()).await;
    ears.player.root = house.root();
    ears.connect("/events").await;
    let told = ears.next().await.unwrap();
    assert_eq!((told.name.as_str(), &told.data["value"]["text"]), ("moment", &json!("missed")));

    // A page that has just read its life begins behind what it has read.
    let mut page = Ears::of(&ears.player);
    let revision = page.player.me().await.revision;
    page.player.write("between").await;
    page.connect(&format!("/events?after={revision}")).await;
    assert_eq!(page.next().await.unwrap().data["value"]["text"], "between");
    // The last made a server tell of every window there ever was until it had no memory left.
    for wrong in ["", "x", "1.2", "1.2.../", "0.-9223372036854775808.x"] {
        let request = page.player.request(Method::GET, "/events").header("last-event-id", wrong);
        assert_eq!(refusal(request).await, (400, "event_id_not_valid".to_owned()), "{wrong}");
    }
    drop((ears, page));
    house.running.drain().await;
}

#[tokio::test]
async fn an_arrival_and_a_closed_window_are_told_though_nobody_asks() {
    let house = House::open().await;
    let player = house.enrol().await;
    let plan: Plan = player.get("/voyages/plan?to=puteoli").await;
    player.act(Method::POST, "/voyages", json!({"to": "puteoli"})).await;
    let mut ears = Ears::of(&player);
    ears.connect("/events").await;
    let here = ears.next().await.unwrap();
    house.advance((plan.days * 1.5 * 300.0) as i64 + 300);
    let arrival = ears.next().await.unwrap();
    assert_eq!((arrival.name.as_str(), &arrival.data["name"]), ("moment", &json!("arrive")));
    let closed = ears.next().await.unwrap();
    assert_eq!(closed.name, "window");
    let window: WindowClosed = serde_json::from_value(closed.data).unwrap();
    assert_eq!(json!(window.number), here.data["window"]);
    // Away for half a year: the windows are told together and then one by one.
    ears.cut();
    house.advance(170 * 86_400);
    ears.connect("/events").await;
    let mut names = Vec::new();
    while names.last() != Some(&"notice".to_owned()) {
        names.push(ears.next().await.unwrap().name);
    }
    let window = ears.next().await.unwrap();
    assert_eq!(window.name, "window");
    drop(ears);
    house.running.drain().await;
}

#[tokio::test]
async fn a_connection_says_that_it_is_there_and_four_are_enough() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut tabs = Vec::new();
    for _ in 0..4 {
        let mut ears = Ears::of(&player);
        ears.connect("/events").await;
        ears.next().await.unwrap();
        tabs.push(ears);
    }
    let fifth = player.request(Method::GET, "/events");
    assert_eq!(refusal(fifth).await, (429, "too_many_listeners".to_owned()));
    let quiet = tabs.last_mut().unwrap();
    quiet.hear().await.unwrap();
    assert_eq!(quiet.received, ": still here\n\n");
    tabs.pop();
    crate::scene::until("a place is free again", async || {
        let answer = player.request(Method::GET, "/events").send().await.unwrap();
        (answer.status() == 200).then_some(())
    })
    .await;
    // With connections open the house stops at once.
    let before = std::time::Instant::now();
    house.running.drain().await;
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    drop(tabs);
}

#[tokio::test]
async fn who_leaves_hears_nothing_more() {
    let house = House::open().await;
    let player = house.enrol().await;
    let mut ears = Ears::of(&player);
    ears.connect("/events").await;
    ears.next().await.unwrap();
    player.command(Method::DELETE, "/sessions", &json!({})).send().await.unwrap();
    let last = ears.next().await.unwrap();
    let notice: Notice = serde_json::from_value(last.data).unwrap();
    assert_eq!((last.name.as_str(), notice.code.as_str()), ("notice", "session_missing"));
    assert_eq!(ears.next().await, None);
    house.running.drain().await;
}

#[tokio::test]
async fn every_moment_of_a_life_is_an_event_of_it() {
    let house = House::open().await;
    let player = house.enrol().await;
    for index in 0..230 {
        player.write(&format!("{index}")).await;
    }
    let all: Moments = player.get("/moments?limit=1000").await;
    let mut ears = Ears::of(&player);
    ears.connect("/events?after=0").await;
    for moment in all.moments {
        let told: otivm_api::Moment =
            serde_json::from_value(ears.next().await.unwrap().data).unwrap();
        assert_eq!(told, moment);
    }
    drop(ears);
    house.running.drain().await;
}
