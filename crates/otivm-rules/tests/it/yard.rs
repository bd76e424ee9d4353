//! What a yard does for coin: repairs, and ships sold and bought.

use crate::world::{START, Story, place, plan};
use otivm_rules::{
    Command, Fact, GoodId,
    fact::{Arrival, Repair, ShipPurchase, ShipSale, Side},
    ledger::{Account, Commodity},
    ships,
    time::SECOND_US,
};
use otivm_travel::ShipType;

/// A merchant in Ostia whose ship has this wear.
fn worn(wear_ppm: i64) -> Story {
    let mut story = Story::begun();
    let arrival =
        Arrival { place: place("ostia"), wear_ppm, spoiled: Vec::new(), carried: Vec::new() };
    story.happen(&[Fact::Arrival(arrival)], START.plus(SECOND_US + 2));
    story
}

fn wear_ppm(story: &Story) -> i64 {
    story.life.state().ship.as_ref().unwrap().wear_ppm
}

#[test]
fn a_yard_puts_right_what_it_is_paid_for() {
    let mut story = worn(50_500);
    let before = story.life.state().purse();
    let now = START.plus(2 * SECOND_US);
    story.act(&Command::Repair { wear_permille: 40 }, now).unwrap();
    // 40 thousandths of a ship of 160,000 asses, at six tenths of her price.
    let repair = Repair { place: place("ostia"), wear_ppm: 40_000, cost_asses: 3_840 };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::Repair(repair));
    let state = story.life.state();
    assert_eq!((state.purse(), wear_ppm(&story)), (before - 3_840, 10_500));
    assert_eq!(state.ledger.balance(&Account::Yard, Commodity::Coin), 3_840);
}

#[test]
fn no_yard_mends_what_is_whole_or_what_is_not_paid_for() {
    let now = START.plus(2 * SECOND_US);
    let repair = |wear_permille| Command::Repair { wear_permille };
    for (wear_ppm, wear_permille, code) in [
        (0, 1, "no_such_wear"),
        (999, 1, "no_such_wear"),
        (50_000, 51, "no_such_wear"),
        (50_000, 0, "no_such_wear"),
        (50_000, -1, "no_such_wear"),
        (50_000, i64::MAX, "no_such_wear"),
        // 96,000 asses for a hulk, and a purse of 48,000.
        (1_000_000, 1000, "too_poor"),
    ] {
        assert_eq!(worn(wear_ppm).act(&repair(wear_permille), now), Err(code), "{wear_ppm}");
    }
    let mut resting = worn(50_000);
    resting.act(&Command::BeginOtium { guests: 0 }, now).unwrap();
    assert_eq!(resting.act(&repair(1), now.plus(1)), Err("in_otium"));
    let mut sailing = worn(50_000);
    sailing.act(&Command::Depart(plan("ostia", "carthago", 4)), now).unwrap();
    assert_eq!(sailing.act(&repair(1), now.plus(1)), Err("at_sea"));
}

#[test]
fn a_key_that_repaired_so_much_is_not_one_that_repaired_more() {
    let mut story = worn(50_000);
    story.act(&Command::Repair { wear_permille: 40 }, START.plus(2 * SECOND_US)).unwrap();
    let fact = story.moments.last().unwrap().fact().unwrap();
    assert!(Command::Repair { wear_permille: 40 }.led_to(&fact));
    assert!(!Command::Repair { wear_permille: 41 }.led_to(&fact));
}

fn buy(ship: ShipType, name: &str) -> Command {
    Command::BuyShip { ship, name: name.to_owned() }
}

/// Without a ship, and with more coin than any costs.
fn rich() -> Story {
    let mut story = Story::begun();
    let sale = ShipSale { place: place("ostia"), price_asses: 5_000_000 };
    story.happen(&[Fact::ShipSale(sale)], START.plus(SECOND_US + 2));
    story
}

#[test]
fn a_worn_ship_goes_in_part_payment_for_less() {
    let mut story = worn(250_000);
    let before = story.life.state().purse();
    story.act(&buy(ShipType::Actuaria, " Isis "), START.plus(2 * SECOND_US)).unwrap();
    let purchase = ShipPurchase {
        place: place("ostia"),
        ship: ShipType::Actuaria,
        ship_name: "Isis".to_owned(),
        price_asses: 96_000,
        // 160,000 asses, six tenths of them, and three quarters of those.
        traded_in_asses: 72_000,
    };
    assert_eq!(story.moments.last().unwrap().fact().unwrap(), Fact::ShipPurchase(purchase));
    let state = story.life.state();
    assert_eq!((state.purse(), wear_ppm(&story)), (before - 24_000, 0));
    assert_eq!(state.ledger.balance(&Account::Yard, Commodity::Coin), 24_000);
    assert_eq!(state.ship.as_ref().unwrap().name, "Isis");
}

#[test]
fn who_sells_the_ship_has_none_until_the_next() {
    let mut story = worn(250_000);
    let before = story.life.state().purse();
    let now = START.plus(2 * SECOND_US);
    story.act(&Command::SellShip, now).unwrap();
    assert_eq!(story.life.state().purse(), before + 72_000);
    let trade = Command::Trade { side: Side::Buy, good: GoodId::Wheat, units: 1 };
    let sail = Command::Depart(plan("ostia", "carthago", 4));
    for command in [trade, sail, Command::SellShip] {
        assert_eq!(story.act(&command, now.plus(1)), Err("no_ship"), "{command:?}");
    }
    story.act(&buy(ShipType::Actuaria, "Fides"), now.plus(2)).unwrap();
    assert_eq!(story.life.state().ship.as_ref().unwrap().ship, ShipType::Actuaria);
}

#[test]
fn great_ships_lie_in_great_harbours() {
    for rank in 1..=5 {
        for kind in ShipType::ALL {
            let mut story = rich();
            let mut towns: Vec<_> = story.world.towns().cloned().collect();
            for town in &mut towns {
                town.rank = rank;
            }
            story.world = otivm_rules::World::new(towns);
            let bought = story.act(&buy(kind, "Ceres"), START.plus(2 * SECOND_US));
            let lies_here = rank <= ships::hull(kind).harbour_rank;
            assert_eq!(bought, if lies_here { Ok(()) } else { Err("no_such_ship_here") });
        }
    }
}

#[test]
fn what_is_aboard_must_go_into_the_new_ship_and_bars_a_sale() {
    let mut story = Story::begun();
    let now = START.plus(2 * SECOND_US);
    let trade = |side, units| Command::Trade { side, good: GoodId::Wheat, units };
    // 20.15 t of wheat; an actuaria takes 20.
    story.act(&trade(Side::Buy, 500), now).unwrap();
    assert_eq!(story.act(&Command::SellShip, now.plus(1)), Err("hold_not_empty"));
    let smaller = buy(ShipType::Actuaria, "Fides");
    assert_eq!(story.act(&smaller, now.plus(2)), Err("cargo_too_large"));
    story.act(&trade(Side::Sell, 10), now.plus(3)).unwrap();
    story.act(&smaller, now.plus(4)).unwrap();
    assert_eq!(story.life.state().units_aboard(GoodId::Wheat), 490);
}

#[test]
fn a_ship_is_not_had_for_nothing_nor_without_a_name() {
    let mut story = worn(1_000_000);
    let now = START.plus(2 * SECOND_US);
    assert_eq!(story.act(&buy(ShipType::Actuaria, "Fides"), now), Err("too_poor"));
    assert_eq!(story.act(&buy(ShipType::Actuaria, "  "), now), Err("ship_name"));
    assert_eq!(story.act(&buy(ShipType::Actuaria, &"a".repeat(41)), now), Err("ship_name"));
}
