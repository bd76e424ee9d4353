//! A life from its first day: buy, sail, sell, rest, write, remember.

use crate::scene::{House, refusal};
use otivm_api::{
    Chapter, ChapterView, Debt, Figure, Harbour, Ledger, LedgerLine, Market, Moments, Parameter,
    Place, Plan, Progress, Timeline, World,
};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_merchant_buys_sails_arrives_sells_rests_and_remembers() {
    let house = House::open().await;
    let player = house.enrol().await;
    let me = player.me().await;
    assert_eq!((me.place.as_deref(), me.purse_asses), (Some("ostia"), 48_000));

    let market: Market = player.get("/places/ostia/market").await;
    let quote = market.quotes.iter().find(|quote| quote.good == "pottery").unwrap();
    assert!(0 < quote.sell_asses && quote.sell_asses < quote.buy_asses, "{quote:?}");
    let bought = player
        .act(Method::POST, "/trades", json!({"side": "buy", "good": "pottery", "units": 3}))
        .await;
    assert_eq!(bought.moments[0].name, "trade");
    assert_eq!(bought.me.cargo[0].units, 3);
    assert!(bought.me.purse_asses < me.purse_asses);

    let plan: Plan = player.get("/voyages/plan?to=caralis&month=7").await;
    assert_eq!((plan.month, plan.months.len()), (7, 12));
    assert!(plan.days > 0.5 && plan.km > 200.0 && plan.total_asses > 0, "{plan:?}");

    let departed = player.act(Method::POST, "/voyages", json!({"to": "caralis"})).await;
    let voyage = departed.me.voyage.unwrap();
    assert_eq!((departed.me.place, voyage.to.as_str(), voyage.progress), (None, "caralis", 0.0));
    let at_sea = refusal(player.command(Method::POST, "/otium", &json!({}))).await;
    assert_eq!(at_sea, (409, "at_sea".to_owned()));

    // Five real minutes are a world day.
    house.advance((plan.days * 1.5 * 300.0) as i64 + 300);
    let arrived = player.me().await;
    assert_eq!(arrived.place.as_deref(), Some("caralis"));
    let moments: Moments = player.get("/moments?limit=1000").await;
    let arrival = moments.moments.last().unwrap();
    assert_eq!((arrival.kind.as_str(), arrival.name.as_str()), ("event", "arrive"));
    assert!(arrival.at < house_now(&house), "it arrived when it was due, not when somebody looked");

    let sold = player
        .act(Method::POST, "/trades", json!({"side": "sell", "good": "pottery", "units": 3}))
        .await;
    assert!(sold.me.cargo.is_empty());
    player.act(Method::POST, "/otium", json!({})).await;
    house.advance(3000);
    let rested = player.act(Method::DELETE, "/otium", json!({})).await;
    assert!(rested.me.otium.is_none() && rested.me.gravitas > 0, "{:?}", rested.me);
    player.write("Vidi mare.").await;

    let timeline: Timeline = player.get("/timeline").await;
    let labels: Vec<&str> = timeline.labels.iter().map(|label| label.label.as_str()).collect();
    for label in ["voyage", "otium", "journal"] {
        assert!(labels.contains(&label), "{label} of {labels:?}");
    }
    house.running.drain().await;
}

#[tokio::test]
async fn a_merchant_borrows_against_a_voyage_pays_back_sells_the_ship_and_charters_another() {
    let house = House::open().await;
    let player = house.enrol().await;
    let harbour: Harbour = player.get("/harbour").await;
    assert_eq!((harbour.place.as_str(), harbour.lenders), ("ostia", true));
    assert_eq!((harbour.repair_asses, harbour.resale_asses, harbour.relief_asses), (0, 96_000, 0));
    let plan: Plan = player.get("/voyages/plan?to=caralis").await;
    assert_eq!(plan.loan.unwrap().most_asses, 48_000);

    let order = json!({"to": "caralis", "principal_asses": 1000});
    let lent = player.act(Method::POST, "/loans", order).await.me;
    let loan = lent.loan.unwrap();
    assert_eq!((loan.state, loan.to.as_str(), lent.purse_asses), (Debt::Lent, "caralis", 49_000));
    let bound = player.command(Method::POST, "/voyages", &json!({"to": "puteoli"}));
    assert_eq!(refusal(bound).await, (409, "loan_binds".to_owned()));
    let repaid = player.act(Method::POST, "/repayments", json!({})).await.me;
    assert_eq!((repaid.loan, repaid.purse_asses), (None, 47_990));

    let whole = player.command(Method::POST, "/repairs", &json!({"wear_permille": 1}));
    assert_eq!(refusal(whole).await, (409, "no_such_wear".to_owned()));
    let sold = player.act(Method::DELETE, "/ships", json!({})).await.me;
    assert_eq!((sold.ship, sold.purse_asses), (None, 47_990 + 96_000));
    let raft = player.command(Method::POST, "/charters", &json!({"type": "raft"}));
    assert_eq!(refusal(raft).await, (422, "ship_unknown".to_owned()));
    let hired = player.act(Method::POST, "/charters", json!({"type": "actuaria"})).await.me;
    assert!(hired.ship.unwrap().chartered);
    let bought = json!({"type": "actuaria", "name": "Isis"});
    let bought = player.act(Method::POST, "/ships", bought).await.me;
    assert_eq!((bought.ship.unwrap().name.as_str(), bought.purse_asses), ("Isis", 47_990));
    let rich = player.command(Method::POST, "/relief", &json!({}));
    assert_eq!(refusal(rich).await, (409, "not_in_need".to_owned()));
    house.running.drain().await;
}

fn house_now(house: &House) -> i64 {
    theron_service::Clock::now(&*house.clock).as_microsecond()
}

#[tokio::test]
async fn the_world_says_what_it_is_and_how_old() {
    let house = House::open().await;
    let visitor = house.visitor();
    let world: World = visitor.get("/world").await;
    assert_eq!((world.release.title.as_str(), world.epoch, world.goods.len()), ("Mare", 150, 31));
    assert!(world.release.stale, "no store ever said that it is current");
    assert_eq!(world.clock.world_date.plain, "0150-03-01");
    assert_eq!(world.clock.world_date.roman, "Kal. Mart.");
    assert_eq!(world.attributions, ["Nobody's sea"]);
    let places: Vec<Place> = visitor.get("/places").await;
    let ids: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(ids, ["caralis", "olbia", "ostia", "puteoli"]);
    house.advance(600);
    let later: World = visitor.get("/world").await;
    assert_eq!(later.clock.world_date.plain, "0150-03-03");
    assert_eq!(later.window.number, world.window.number + 2);
    house.running.drain().await;
}

#[tokio::test]
async fn looking_twice_late_or_never_gives_the_same_timeline() {
    let house = House::open().await;
    let (curious, patient) = (house.enrol().await, house.enrol().await);
    for player in [&curious, &patient] {
        player.act(Method::POST, "/voyages", json!({"to": "puteoli"})).await;
    }
    for _ in 0..20 {
        house.advance(300);
        curious.me().await;
    }
    assert_eq!(curious.me().await.place, patient.me().await.place);
    for player in [&curious, &patient] {
        let moments: Moments = player.get("/moments?limit=1000").await;
        let voyage = moments.moments.iter().find(|moment| moment.name == "depart").unwrap();
        let arrivals: Vec<i64> =
            moments.moments.iter().filter(|m| m.name == "arrive").map(|m| m.at).collect();
        assert_eq!(arrivals, [voyage.value["arrives_at"].as_i64().unwrap()]);
    }
    house.running.drain().await;
}

#[tokio::test]
async fn a_clock_that_steps_back_loses_nothing_and_breaks_nothing() {
    let house = House::open().await;
    let player = house.enrol().await;
    let before = player.write("before").await;
    house.advance(-365 * 86_400 * 10);
    let after = player.write("after").await;
    assert!(after.moments[0].at > before.moments[0].at);
    player.act(Method::POST, "/voyages", json!({"to": "puteoli"})).await;
    house.advance(365 * 86_400 * 10 + 86_400);
    assert_eq!(player.me().await.place.as_deref(), Some("puteoli"));
    house.running.drain().await;
    otivm::verify(
        &house.config.service.data_dir.join(format!("data/players/{}.sqlite3", player.token)),
    )
    .unwrap();
}

#[tokio::test]
async fn tiles_come_out_of_the_release_as_they_are() {
    let house = House::open().await;
    let visitor = house.visitor();
    let world: World = visitor.get("/world").await;
    let get = async |path: String| visitor.request(Method::GET, &path).send().await.unwrap();
    let tile = get("/tiles/world/0/0/0".to_owned()).await;
    assert_eq!(tile.headers()["content-encoding"], "gzip");
    assert_eq!(tile.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    let relief = get(format!("/releases/{}/tiles/relief/0/0/0", world.release.id)).await;
    assert_eq!(relief.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(relief.bytes().await.unwrap().as_ref(), b"\x89PNG");
    assert_eq!(get("/tiles/world/5/3/3".to_owned()).await.status(), 204);
    let unknown = visitor.request(Method::GET, "/tiles/relief/5/3/3");
    assert_eq!(refusal(unknown).await, (404, "no_such_tile".to_owned()));
    let other = visitor
        .request(Method::GET, "/releases/00000000000000000000000000000000/tiles/world/0/0/0");
    assert_eq!(refusal(other).await, (404, "no_such_release".to_owned()));
    house.running.drain().await;
}

#[tokio::test]
async fn the_first_chapter_ends_when_business_and_leisure_have_had_their_due() {
    let house = House::open().await;
    let player = house.enrol().await;
    let pages: Vec<Chapter> = player.get("/chapters").await;
    assert_eq!((pages.len(), pages[0].title.la.as_str()), (12, "Portus"));
    let chapter = player.me().await.chapter.unwrap();
    let open = |needed| Progress { done: 0, needed, met: false };
    assert_eq!(chapter, ChapterView { number: 1, negotium: open(25), otium: open(1) });
    player.write("Coepi.").await;
    assert!(player.me().await.chapter.unwrap().otium.met);
    // Sardinia has the woods, Ostia the builders.
    let trade = async |side: &str| {
        let mut at = 0;
        for (good, units) in [("timber", 35), ("amphorae", 80)] {
            let order = json!({"side": side, "good": good, "units": units});
            at = player.act(Method::POST, "/trades", order).await.moments[0].at;
        }
        at
    };
    let sail = async |to: &str| {
        player.act(Method::POST, "/voyages", json!({ "to": to })).await;
        house.advance(100_000);
    };
    sail("olbia").await;
    trade("buy").await;
    sail("ostia").await;
    let at = trade("sell").await;
    let chapter = player.me().await.chapter.unwrap();
    let moments: Moments = player.get(&format!("/moments?after={at}")).await;
    let after: Vec<(&str, &str, i64)> =
        moments.moments.iter().map(|m| (m.kind.as_str(), m.name.as_str(), m.at)).collect();
    assert_eq!(after, [("event", "advance", at + 1)]);
    assert_eq!((chapter.number, chapter.negotium.done, chapter.otium.done), (2, 0, 0));
    let timeline: Timeline = player.get("/timeline").await;
    let told: Vec<(&str, bool)> = timeline
        .labels
        .iter()
        .filter(|label| label.label == "chapter")
        .map(|label| (label.title.as_str(), label.to.is_some()))
        .collect();
    assert_eq!(told, [("II. The First Wind", false), ("I. The Harbour", true)]);
    house.running.drain().await;
}

#[tokio::test]
async fn every_number_of_the_game_is_served_and_a_life_records_those_of_the_rules() {
    let house = House::open().await;
    let player = house.enrol().await;
    let served: Vec<Parameter> = house.visitor().get("/parameters").await;
    let moments: Moments = player.get("/moments?limit=1000").await;
    let recorded: Vec<(String, i64)> = moments
        .moments
        .into_iter()
        .filter(|moment| moment.kind == "parameter")
        .filter_map(|moment| Some((moment.name, moment.value["value"].as_i64()?)))
        .collect();
    let of_the_rules: Vec<&Parameter> = served.iter().filter(|row| row.recorded).collect();
    assert_eq!(recorded.len(), of_the_rules.len());
    for ((name, value), row) in recorded.iter().zip(of_the_rules) {
        assert_eq!((name, row.part.as_str(), row.kind.as_str()), (&row.id, "rules", "integer"));
        let (Figure::Whole(least), Figure::Whole(most)) = (row.least, row.most) else {
            panic!("{row:?}")
        };
        assert!((least..=most).contains(value), "{row:?}: {value}");
    }
    let row = |id: &str| served.iter().find(|row| row.id == id).cloned().unwrap();
    let windward = row("travel.windward");
    assert_eq!((windward.kind.as_str(), windward.recorded), ("number", false));
    assert!(matches!(windward.least, Figure::Fraction(least) if least < 1.0), "{windward:?}");
    let price = row("ships.corbita_minor.price");
    assert_eq!((price.least, price.default), (Figure::Whole(160_000), Figure::Whole(160_000)));
    house.running.drain().await;
}

#[tokio::test]
async fn the_timeline_comes_in_pages_whose_past_never_moves() {
    let house = House::open().await;
    let player = house.enrol().await;
    for entry in 0..7 {
        player.write(&format!("entry {entry}")).await;
        house.advance(10);
    }
    let page = async |query: &str| player.get::<Timeline>(&format!("/timeline?{query}")).await;
    let whole = page("limit=500").await;
    assert_eq!((whole.labels.len(), whole.earlier.as_deref()), (11, None));
    // What lasts comes first.
    let lasts: Vec<bool> = whole.labels.iter().map(|label| label.to.is_none()).collect();
    assert_eq!(lasts, [[true; 4].as_slice(), &[false; 7]].concat());

    let first = page("limit=5").await;
    let mut seen = first.labels.clone();
    let mut earlier = first.earlier;
    let behind = earlier.clone().unwrap();
    let fixed = page(&format!("limit=3&before={behind}")).await;
    // The life goes on between two pages, and nothing behind the first is moved or doubled.
    player.write("meanwhile").await;
    house.advance(10);
    assert_eq!(page(&format!("limit=3&before={behind}")).await, fixed);
    while let Some(before) = earlier {
        let next = page(&format!("limit=3&before={before}")).await;
        assert!(next.labels.len() <= 3);
        seen.extend(next.labels);
        earlier = next.earlier;
    }
    assert_eq!(seen[4..], whole.labels[4..]);

    // One at a time: every kind of label stands in a place once, and is asked for by its name.
    let mut one_by_one = Vec::new();
    let mut query = "limit=1".to_owned();
    loop {
        let next = page(&query).await;
        one_by_one.extend(next.labels);
        let Some(before) = next.earlier else { break };
        query = format!("limit=1&before={before}");
    }
    assert_eq!(one_by_one, page("limit=500").await.labels);
    for label in one_by_one {
        let found = page(&format!("label={}&limit=500", label.label)).await;
        assert!(found.labels.contains(&label), "{label:?}");
    }

    let journal = page("label=journal&limit=2").await;
    let texts: Vec<&str> =
        journal.labels.iter().map(|label| label.detail["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["meanwhile", "entry 6"]);
    for wrong in ["label=war", "before=", "before=1.2", "limit=x", "page=2"] {
        let refused = refusal(player.request(Method::GET, &format!("/timeline?{wrong}"))).await;
        assert_eq!(refused, (400, "query_not_understood".to_owned()), "{wrong}");
    }
    house.running.drain().await;
}

#[tokio::test]
async fn the_ledger_says_where_the_money_went_and_adds_up_to_nothing() {
    let house = House::open().await;
    let player = house.enrol().await;
    let bought = player
        .act(Method::POST, "/trades", json!({"side": "buy", "good": "pottery", "units": 3}))
        .await;
    let ledger: Ledger = player.get("/ledger").await;
    let trade = &bought.moments[0].value;
    let line = |account: &str, place: Option<&str>, good: Option<&str>, balance: i64| LedgerLine {
        account: account.to_owned(),
        place: place.map(str::to_owned),
        good: good.map(str::to_owned),
        balance,
    };
    let (total, toll) =
        (trade["total_asses"].as_i64().unwrap(), trade["toll_asses"].as_i64().unwrap());
    let mut lines = ledger.lines;
    lines.sort_by_key(|line| (line.good.clone(), line.account.clone()));
    assert_eq!(
        lines,
        [
            line("fisc", None, None, toll),
            line("market", Some("ostia"), None, total),
            line("patrimony", None, None, -48_000),
            line("purse", None, None, 48_000 - total - toll),
            line("hold", None, Some("pottery"), 3),
            line("market", Some("ostia"), Some("pottery"), -3),
        ]
    );
    // Every account that places have says of which.
    let stored = json!({"way": "in", "good": "pottery", "units": 2});
    player.act(Method::POST, "/storage", stored).await;
    let ledger: Ledger = player.get("/ledger").await;
    let horreum = line("horreum", Some("ostia"), Some("pottery"), 2);
    assert!(ledger.lines.contains(&horreum), "{:?}", ledger.lines);
    house.running.drain().await;
}
