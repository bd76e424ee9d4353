//! Thousands of generated commands: the ledger stays balanced and the replay stays the life.

use crate::{
    world::{PLACES, START, Story, parameters, place, plan},
    wrecks::goes_on,
};
use otivm_rules::{
    Command, GoodId, Life, State,
    fact::{Side, Way},
    ledger::{Account, Commodity},
    parameters::ParameterId,
    proof,
    time::{At, DAY_US, SECOND_US},
};
use otivm_travel::ShipType;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

/// What a player, or a clock gone mad, may do.
#[derive(Clone, Debug)]
enum Op {
    Command(Command),
    /// Real microseconds, either way.
    Wait(i64),
}

fn command() -> impl Strategy<Value = Command> {
    let good = (0..GoodId::COUNT).prop_map(|index| GoodId::ALL[index]);
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let units = prop_oneof![4 => 1..200_i64, 1 => -5..5_i64, 1 => 0..i64::MAX];
    let way = prop_oneof![Just(Way::In), Just(Way::Out)];
    let shelved = prop_oneof![Just(Way::In), Just(Way::Out)];
    let stored = (0..GoodId::COUNT).prop_map(|index| GoodId::ALL[index]);
    let text = "[a-zūē ]{0,30}";
    prop_oneof![
        6 => (side, good, units).prop_map(|(side, good, units)| Command::Trade { side, good, units }),
        3 => (0..3_usize, 0..3_usize, 0..40_i64)
            .prop_map(|(from, to, days)| Command::Depart(plan(PLACES[from], PLACES[to], days))),
        3 => (way, stored, 1..150_i64).prop_map(|(way, good, units)| Command::Store { way, good, units }),
        2 => (-1..10_i64).prop_map(|guests| Command::BeginOtium { guests: guests.max(-1) }),
        1 => Just(Command::BuyVilla),
        1 => (0..3_usize).prop_map(|index| Command::SellVilla { place: place(PLACES[index]) }),
        1 => (shelved, 0..60_i64).prop_map(|(way, units)| Command::Shelve { way, units }),
        1 => Just(Command::EndOtium),
        1 => text.prop_map(|text| Command::WriteJournal { text }),
        1 => Just(crate::world::enrol()),
        1 => (0..4_usize, "[a-z]{0,3}")
            .prop_map(|(kind, name)| Command::BuyShip { ship: ShipType::ALL[kind], name }),
        1 => Just(Command::SellShip),
        1 => (0..4_usize).prop_map(|kind| Command::Charter { ship: ShipType::ALL[kind] }),
        1 => Just(Command::AskFriends),
        2 => (1..60_000_i64, 0..3_usize, 0..3_usize).prop_map(|(principal_asses, from, to)| {
            Command::Borrow { principal_asses, plan: plan(PLACES[from], PLACES[to], 5) }
        }),
        1 => Just(Command::Repay),
        1 => (-1..30_i64).prop_map(|wear_permille| Command::Repair { wear_permille }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let wait = prop_oneof![
        6 => 0..2 * 3600 * SECOND_US,
        1 => -3600 * SECOND_US..0,
        1 => -3650 * DAY_US..3650 * DAY_US,
    ];
    prop_oneof![3 => command().prop_map(Op::Command), 2 => wait.prop_map(Op::Wait)]
}

/// The balance of every account of the merchant's own is never below nothing.
fn sound(state: &State) -> Result<(), TestCaseError> {
    prop_assert!(state.ledger.is_balanced());
    prop_assert!(state.purse() >= 0);
    prop_assert!(state.gravitas_milli >= 0);
    for good in GoodId::ALL {
        let aboard = state.units_aboard(good);
        let lot = state.cargo.get(&good).copied().unwrap_or_default();
        prop_assert!(aboard >= 0);
        prop_assert_eq!(lot.units, aboard);
        prop_assert!(lot.cost_asses >= 0);
        prop_assert_eq!(state.ledger.residual(Commodity::Good(good)), 0);
    }
    for ((place, good), stock) in &state.stores {
        let warehouse = Account::Horreum(place.clone());
        let held = state.ledger.balance(&warehouse, Commodity::Good(*good));
        prop_assert!(stock.lot.units > 0 && stock.lot.cost_asses >= 0);
        prop_assert_eq!(i128::from(stock.lot.units), held);
    }
    for (place, villa) in &state.villas {
        let library = Account::Villa(place.clone());
        let held = state.ledger.balance(&library, Commodity::Good(GoodId::Books));
        prop_assert!(villa.books.units >= 0 && villa.books.cost_asses >= 0);
        prop_assert_eq!(i128::from(villa.books.units), held);
        let paid = state.ledger.balance(&library, Commodity::Coin);
        prop_assert!(i128::from(villa.paid_asses) <= paid);
    }
    Ok(())
}

/// Where a villa is within everybody's reach.
fn begun() -> Story {
    let mut story = Story::begun();
    let price = otivm_rules::Fact::Parameter(ParameterId::VillaPrice, 1_000);
    story.happen(&[price], START.plus(SECOND_US));
    story
}

/// Commands that are generated for the long lives.
const COMMANDS: usize = 100_000;

#[test]
fn after_a_hundred_thousand_generated_commands_every_ledger_is_balanced() {
    let mut runner = TestRunner::deterministic();
    let lives = prop::collection::vec(op(), 400);
    let (mut commands, mut done, mut shelved) = (0, 0, 0);
    while commands < COMMANDS {
        let mut story = begun();
        let mut now = START.plus(2 * SECOND_US);
        for op in lives.new_tree(&mut runner).unwrap().current() {
            match op {
                Op::Wait(microseconds) => now = now.plus(microseconds),
                Op::Command(command) => {
                    commands += 1;
                    done += usize::from(story.act(&command, now).is_ok());
                    sound(story.life.state()).unwrap();
                }
            }
        }
        shelved += story.moments.iter().filter(|moment| moment.name == "shelve").count();
        assert_eq!(proof::prove(&story.moments).unwrap(), story.life);
    }
    assert!(shelved > 0, "no library was ever filled");
    assert!(done > COMMANDS / 10, "of {commands} only {done} were not refused");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_life_balances_and_replays_to_itself(ops in prop::collection::vec(op(), 1..80)) {
        let mut story = begun();
        let mut now = START.plus(2 * SECOND_US);
        for op in ops {
            match op {
                Op::Wait(microseconds) => now = now.plus(microseconds),
                Op::Command(command) => {
                    let before = story.life.clone();
                    if story.act(&command, now).is_err() {
                        // Refused: nothing changed but what had fallen due.
                        let mut settled = before;
                        let due = settled.settle(now).unwrap();
                        settled.commit(&due).unwrap();
                        prop_assert_eq!(&settled, &story.life);
                    }
                    sound(story.life.state())?;
                }
            }
        }
        let replayed = Life::replay(&story.moments).unwrap();
        prop_assert_eq!(replayed.state().hash(), story.life.state().hash());
        prop_assert_eq!(&replayed, &story.life);
        prop_assert_eq!(&proof::prove(&story.moments).unwrap(), &story.life);
        prop_assert!(story.moments.is_sorted_by(|a, b| a.at < b.at));
        // Whatever was done: there is a way to sea again, once friends may be asked.
        goes_on(&mut story, now.plus(200 * 300 * SECOND_US));
    }

    /// However a round trip is cut into trades within one window, it costs coin.
    #[test]
    fn buying_and_selling_in_one_place_never_profits(
        good in (0..GoodId::COUNT).prop_map(|index| GoodId::ALL[index]),
        pieces in prop::collection::vec((any::<bool>(), 1..60_i64), 1..40),
    ) {
        let mut story = Story::begun();
        let before = story.life.state().purse();
        let mut now = START.plus(2 * SECOND_US);
        let mut trade = |story: &mut Story, side, units| {
            now = now.plus(1);
            story.act(&Command::Trade { side, good, units }, now)
        };
        let mut traded = false;
        for (buying, units) in pieces {
            let side = if buying { Side::Buy } else { Side::Sell };
            traded |= trade(&mut story, side, units).is_ok();
        }
        let left = story.life.state().units_aboard(good);
        if left > 0 {
            trade(&mut story, Side::Sell, left).unwrap();
        }
        let after = story.life.state().purse();
        prop_assert!(if traded { after < before } else { after == before }, "{before} {after}");
    }

    /// Waiting for the next window does not turn the player's own slippage into a gain.
    #[test]
    fn pushing_a_price_and_waiting_never_profits(units in 1..400_i64, good in 0..GoodId::COUNT) {
        let good = GoodId::ALL[good];
        let mut story = Story::begun();
        // Season moves prices between windows; it is taken out to look at slippage alone.
        let season = otivm_rules::Fact::Parameter(ParameterId::Season, 0);
        let quiet = story.life.record(&[season], None, START.plus(2 * SECOND_US)).unwrap();
        story.life.commit(&quiet).unwrap();
        let before = story.life.state().purse();
        let now = START.plus(3 * SECOND_US);
        if story.act(&Command::Trade { side: Side::Buy, good, units }, now).is_ok() {
            let window = parameters().get(ParameterId::Window);
            story.act(&Command::Trade { side: Side::Sell, good, units }, now.plus(window)).unwrap();
            prop_assert!(story.life.state().purse() < before);
        }
    }
}

#[test]
fn an_unknown_time_pays_nothing_twice_when_the_clock_goes_back() {
    let mut story = Story::begun();
    let now = START.plus(10 * SECOND_US);
    story.act(&Command::BeginOtium { guests: 0 }, now).unwrap();
    story.act(&Command::EndOtium, now.plus(-3650 * DAY_US)).unwrap();
    assert_eq!(story.life.state().gravitas_milli, 0);
    let last = story.life.state().last_at.unwrap();
    assert_eq!(last, At(now.0 + 1));
}
