//! What is done in harbours must have been possible too: ships, loans, friends, wrecks.

use crate::{
    perils::wrecked,
    proof::{forged_from, named},
    storage::stored,
    world::{START, Story, place, plan},
};
use otivm_rules::{
    Command, Fact, Moment, VoyagePlan,
    fact::{Charter, OtiumBegin, Relief, Repayment, SeaLoan, ShipPurchase, ShipSale},
    hash::Hash,
    proof::prove,
    time::{DAY_US, SECOND_US},
};
use otivm_travel::ShipType;

/// Everything that can be done in a harbour, but to be ruined.
pub(crate) fn harbours() -> Story {
    let mut story = Story::begun();
    story.act(&Command::Depart(plan("ostia", "carthago", 40)), START.plus(2 * SECOND_US)).unwrap();
    let arrival = story.life.state().voyage().unwrap().arrives_at;
    let home = VoyagePlan { ship: ShipType::Actuaria, ..plan("carthago", "ostia", 4) };
    let buy = Command::BuyShip { ship: ShipType::Actuaria, name: "Isis".to_owned() };
    for (second, command) in (1..).zip([
        Command::Repair { wear_permille: 10 },
        buy,
        Command::Borrow { principal_asses: 1_000, plan: home.clone() },
        Command::Repay,
        Command::SellShip,
        Command::Charter { ship: ShipType::Actuaria },
        Command::Depart(home),
    ]) {
        story.act(&command, arrival.plus(second * SECOND_US)).unwrap();
    }
    story.look(story.life.state().voyage().unwrap().arrives_at);
    story
}

/// A loan that fell due and was collected, and a page written after that.
pub(crate) fn indebted() -> Story {
    let mut story = Story::begun();
    let voyage = plan("ostia", "carthago", 4);
    let borrow = Command::Borrow { principal_asses: 10_000, plan: voyage.clone() };
    story.act(&borrow, START.plus(2 * SECOND_US)).unwrap();
    story.act(&Command::Depart(voyage), START.plus(3 * SECOND_US)).unwrap();
    let write = Command::WriteJournal { text: "Solvi.".to_owned() };
    story.act(&write, START.plus(60 * 300 * SECOND_US)).unwrap();
    story
}

/// Spends the rest of the coin on leisure, and asks friends.
fn relieved() -> Story {
    let mut story = wrecked();
    let now = story.moments.last().unwrap().at.plus(SECOND_US);
    story.act(&Command::BeginOtium { guests: 0 }, now).unwrap();
    story.act(&Command::EndOtium, now.plus(10 * DAY_US)).unwrap();
    story.act(&Command::AskFriends, now.plus(11 * DAY_US)).unwrap();
    story
}

fn told(history: &[Moment], why: &str) {
    let refused = prove(history).unwrap_err().to_string();
    assert!(refused.ends_with(why), "{refused}, and not: {why}");
}

fn changed(story: Story, name: &'static str, old: &str, new: &str) -> Vec<Moment> {
    forged_from(story, |moments| {
        let moment = named(moments, name);
        assert!(moment.value.contains(old), "{}", moment.value);
        moment.value = moment.value.replacen(old, new, 1);
    })
}

/// With this done at the end.
fn added(story: Story, fact: &Fact) -> Vec<Moment> {
    forged_from(story, |moments| {
        let at = moments.last().unwrap().at.plus(1);
        moments.push(Moment::seal(Hash::ZERO, at, fact, None).unwrap());
    })
}

#[test]
fn what_was_done_in_harbours_proves_itself() {
    for story in [harbours(), indebted(), wrecked(), relieved(), stored()] {
        assert_eq!(prove(&story.moments).unwrap(), story.life);
    }
}

#[test]
fn goods_go_into_and_out_of_warehouses_only_where_they_lay() {
    let forged = |old, new| changed(stored(), "storage", old, new);
    told(&forged("ostia", "gades"), "the merchant was not in that harbour");
    told(&forged("\"units\":60", "\"units\":101"), "so much of that good was not aboard");
    let more = "more went along than had begun to spoil";
    told(&forged("\"moved_ppm\":60", "\"moved_ppm\":101"), more);
    told(&forged("\"way\":\"in\"", "\"way\":\"out\""), more);
    let fetched = changed(stored(), "storage", "\"moved_ppm\":60,", "");
    let fetched = forged_from(Story { moments: fetched, ..stored() }, |moments| {
        let storage = named(moments, "storage");
        storage.value = storage.value.replacen("\"way\":\"in\"", "\"way\":\"out\"", 1);
    });
    told(&fetched, "so much of that good did not lie there");
    told(&forged("\"units\":60", "\"units\":0"), "nobody moves that many units");
}

#[test]
fn ships_change_hands_only_where_they_could() {
    let sale = Fact::ShipSale(ShipSale { place: place("ostia"), price_asses: 1 });
    let purchase = |place_id: &str, ship, traded_in_asses| {
        Fact::ShipPurchase(ShipPurchase {
            place: place(place_id),
            ship,
            ship_name: "Isis".to_owned(),
            price_asses: 1,
            traded_in_asses,
        })
    };
    let charter = Fact::Charter(Charter {
        place: place("ostia"),
        ship: ShipType::Actuaria,
        ship_name: "Isis".to_owned(),
    });
    let worn = |new| changed(harbours(), "repair", "\"wear_ppm\":10000", new);
    told(&worn("\"wear_ppm\":100000"), "the ship was not worn that much");
    let elsewhere = "the merchant was not in that harbour";
    told(&changed(harbours(), "repair", "carthago", "ostia"), elsewhere);
    told(&added(harbours(), &purchase("gades", ShipType::Actuaria, 0)), elsewhere);
    told(&added(harbours(), &sale), "the merchant had no ship to sell");
    let none = "the merchant had no ship to trade in";
    told(&added(harbours(), &purchase("ostia", ShipType::Actuaria, 5)), none);
    told(&added(Story::begun(), &charter), "the merchant had a ship of his own");
    let mut laden = Story::begun();
    let buy = Command::Trade {
        side: otivm_rules::fact::Side::Buy,
        good: otivm_rules::GoodId::Wheat,
        units: 500,
    };
    laden.act(&buy, START.plus(2 * SECOND_US)).unwrap();
    let small = purchase("ostia", ShipType::Actuaria, 5);
    told(&added(laden, &small), "the cargo did not go into that ship");
    let mut laden = Story::begun();
    laden.act(&buy, START.plus(2 * SECOND_US)).unwrap();
    told(&added(laden, &sale), "there was cargo aboard");
    let hire = forged_from(harbours(), |moments| {
        let depart = moments.iter_mut().rfind(|moment| moment.name == "depart").unwrap();
        let (before, after) = depart.value.split_once("\"hire_asses\":").unwrap();
        let (_hire, after) = after.split_once(',').unwrap();
        depart.value = format!("{before}{after}");
    });
    told(&hire, "the hire was not that of the ship");
    let mut resting = Story::begun();
    let begin = OtiumBegin {
        place: place("ostia"),
        quality_permille: 1,
        day_asses: None,
        tired_us: None,
        villa: None,
    };
    resting.happen(&[Fact::OtiumBegin(begin)], START.plus(2 * SECOND_US));
    told(&added(resting, &sale), "one does no business in otium");
}

#[test]
fn what_was_lent_is_paid_back_in_full_and_on_its_day() {
    let loan = Fact::SeaLoan(SeaLoan {
        place: place("ostia"),
        to: place("carthago"),
        principal_asses: 1,
        premium_asses: 1,
    });
    let paid = |paid_asses| {
        let lender = place("ostia");
        Fact::Repayment(Repayment { lender, paid_asses, left_asses: 0 })
    };
    told(&added(Story::begun(), &paid(1)), "nothing was owed");
    let mut lent = Story::begun();
    let borrow = Command::Borrow { principal_asses: 10, plan: plan("ostia", "carthago", 4) };
    lent.act(&borrow, START.plus(2 * SECOND_US)).unwrap();
    told(&added(lent, &loan), "a loan was owed already");
    let owed = "that was not what was owed";
    told(&changed(harbours(), "repay", "\"paid_asses\":1", "\"paid_asses\":2"), owed);
    told(&changed(indebted(), "collect", "\"paid_asses\":1", "\"paid_asses\":2"), owed);
    let bound = "the lender had lent for another voyage";
    told(&changed(indebted(), "depart", "carthago", "gades"), bound);
    let forgotten = forged_from(indebted(), |moments| moments.retain(|m| m.name != "collect"));
    told(&forgotten, "a loan had been due, and was not collected");
    for late in [-1, 1] {
        let moved = forged_from(indebted(), |moments| {
            let collect = named(moments, "collect");
            collect.at = collect.at.plus(late);
        });
        told(&moved, "the loan was not due then");
    }
    let mut sold = Story::begun();
    sold.act(&Command::SellShip, START.plus(2 * SECOND_US)).unwrap();
    told(&added(sold, &loan), "nobody lends on no ship");
}

#[test]
fn friends_are_not_feigned_and_no_wreck_spares_the_cargo() {
    let relief = |given_asses, gravitas_milli| {
        let (place, ceded) = (place("carthago"), Vec::new());
        Fact::Relief(Relief { place, given_asses, gravitas_milli, ceded })
    };
    let rich = "friends do not make rich";
    told(&changed(relieved(), "relief", "\"given_asses\":", "\"given_asses\":9"), rich);
    let feigned = "{\"ceded\":[{\"good\":\"wheat\",\"place\":\"gades\",\"units\":1}],";
    told(&changed(relieved(), "relief", "{", feigned), "so much of that good did not lie there");
    told(&added(relieved(), &relief(0, 0)), "friends had helped shortly before");
    let mut rested = wrecked();
    let now = rested.moments.last().unwrap().at.plus(SECOND_US);
    rested.act(&Command::BeginOtium { guests: 0 }, now).unwrap();
    rested.act(&Command::EndOtium, now.plus(10 * DAY_US)).unwrap();
    told(&added(rested, &relief(1, 0)), "friends are not had for less");
    let wreck = |moment: &Moment| moment.name == "mishap" && moment.value.contains("\"wreck\"");
    let spared = forged_from(wrecked(), |moments| {
        let mishap = moments.iter_mut().find(|moment| wreck(moment)).unwrap();
        let from = mishap.value.find("\"lost\":[").unwrap() + 8;
        let to = mishap.value.find(']').unwrap();
        mishap.value.replace_range(from..to, "");
    });
    told(&spared, "no cargo is spared in a wreck");
}
