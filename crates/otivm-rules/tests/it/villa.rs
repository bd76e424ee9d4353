//! What a merchant keeps for his leisure: a villa, its library, guests; and that nobody grows rich by it.

use crate::{
    removal::{move_on, without},
    world::{START, Story, place, plan, provisioned, world},
};
use otivm_rules::{
    At, Command, Fact, GoodId, World,
    decide::{
        OtiumOffer, lost_places, otium_day_asses, otium_offer, relief_asses, villa_price_asses,
    },
    fact::{Removal, Shelving, Side, VillaPurchase, VillaSale, VillaStay, Way, Why},
    labels::{self, LabelKind},
    ledger::{Account, Commodity},
    parameters::ParameterId,
    proof::prove,
    time::{DAY_US, SECOND_US},
    world::Town,
};

const BOOKS: GoodId = GoodId::Books;
/// In Ostia, a city of rank 1 where leisure is of quality 800: 100,000 x 2 x 1.8.
pub(crate) const PRICE: i64 = 360_000;

pub(crate) fn day(days: i64) -> At {
    START.plus(2 * SECOND_US + days * DAY_US / 288)
}

/// A merchant in Ostia who began with so many asses.
pub(crate) fn with_purse(purse_asses: i64) -> Story {
    let (life, moments) = provisioned();
    let mut story = Story { life, moments, world: world() };
    let purse = Fact::Parameter(ParameterId::PurseAtEnrolment, purse_asses);
    story.happen(&[purse], START.plus(SECOND_US));
    story.act(&crate::world::enrol(), day(0)).unwrap();
    story
}

pub(crate) fn shelve(way: Way, units: i64) -> Command {
    Command::Shelve { way, units }
}

fn sell(id: &str) -> Command {
    Command::SellVilla { place: place(id) }
}

fn books(side: Side, units: i64) -> Command {
    Command::Trade { side, good: BOOKS, units }
}

pub(crate) fn rest(guests: i64) -> Command {
    Command::BeginOtium { guests }
}

/// A villa in Ostia, and so many cases of books aboard.
pub(crate) fn owner(cases: i64) -> Story {
    let mut story = with_purse(2_000_000);
    story.act(&Command::BuyVilla, day(1)).unwrap();
    if cases > 0 {
        story.act(&books(Side::Buy, cases), day(1)).unwrap();
    }
    story
}

/// Bought, its library filled, lived in with guests, emptied and sold.
pub(crate) fn villa() -> Story {
    let mut story = owner(20);
    for (command, on) in [
        (shelve(Way::In, 18), 2),
        (rest(3), 3),
        (Command::EndOtium, 33),
        (shelve(Way::Out, 8), 34),
        (rest(0), 35),
        (Command::EndOtium, 36),
        (shelve(Way::Out, 10), 37),
        (sell("ostia"), 38),
    ] {
        story.act(&command, day(on)).unwrap();
    }
    story
}

/// What leisure would be to a beginner in such a town.
fn offered(town: &Town) -> OtiumOffer {
    otium_offer(Story::begun().life.state(), &World::new([town.clone()])).unwrap()
}

fn last(story: &Story) -> Fact {
    story.moments.last().unwrap().fact().unwrap()
}

#[test]
fn a_villa_is_dearer_in_a_greater_town_and_where_leisure_is_good() {
    let (towns, numbers) = (world(), crate::world::parameters());
    let ostia = towns.town(&place("ostia")).unwrap().clone();
    assert_eq!(villa_price_asses(&numbers, &ostia), PRICE);
    let mut village = ostia.clone();
    village.rank = 5;
    assert_eq!(villa_price_asses(&numbers, &village), 108_000);
    village.otium_quality_permille = 0;
    assert_eq!(villa_price_asses(&numbers, &village), 60_000);
}

#[test]
fn a_villa_is_bought_once_in_a_place_by_whoever_can_pay_and_three_at_most() {
    let mut poor = with_purse(PRICE - 1);
    assert_eq!(poor.act(&Command::BuyVilla, day(1)), Err("too_poor"));
    let mut story = owner(0);
    let state = story.life.state();
    assert_eq!(state.purse(), 2_000_000 - PRICE);
    let villa = Account::Villa(place("ostia"));
    assert_eq!(state.ledger.balance(&villa, Commodity::Coin), i128::from(PRICE));
    assert_eq!(state.villas[&place("ostia")].paid_asses, PRICE);
    let purchase = VillaPurchase { place: place("ostia"), price_asses: PRICE };
    assert_eq!(last(&story), Fact::VillaPurchase(purchase));
    assert_eq!(story.act(&Command::BuyVilla, day(2)), Err("has_villa"));
    story.happen(&[Fact::Parameter(ParameterId::VillasMost, 1)], day(2));
    story.act(&Command::Depart(plan("ostia", "carthago", 3)), day(2)).unwrap();
    assert_eq!(story.act(&Command::BuyVilla, day(3)), Err("at_sea"));
    assert_eq!(story.act(&Command::BuyVilla, day(9)), Err("villas_most"));
    story.act(&rest(0), day(9)).unwrap();
    assert_eq!(story.act(&Command::BuyVilla, day(9)), Err("in_otium"));
    assert_eq!(story.act(&sell("ostia"), day(9)), Err("in_otium"));
}

#[test]
fn a_villa_is_sold_for_a_share_of_what_it_cost_and_the_rest_is_lost() {
    let mut story = owner(0);
    let before = story.life.state().purse();
    story.act(&sell("ostia"), day(2)).unwrap();
    let state = story.life.state();
    assert_eq!(state.purse() - before, PRICE * 8 / 10);
    assert!(state.villas.is_empty() && state.ledger.is_balanced());
    assert_eq!(story.act(&sell("ostia"), day(3)), Err("no_villa"));
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn books_go_onto_the_shelves_and_back_with_what_they_cost_and_do_not_spoil_there() {
    let mut story = owner(20);
    let cost_asses = story.life.state().cargo[&BOOKS].cost_asses;
    story.act(&shelve(Way::In, 20), day(1)).unwrap();
    let state = story.life.state();
    assert_eq!(state.units_aboard(BOOKS), 0);
    let library = Account::Villa(place("ostia"));
    assert_eq!(state.ledger.balance(&library, Commodity::Good(BOOKS)), 20);
    let shelved = state.villas[&place("ostia")].books;
    assert_eq!((shelved.units, shelved.cost_asses), (20, cost_asses));
    // Ten years later.
    story.act(&shelve(Way::Out, 20), day(3_650)).unwrap();
    let state = story.life.state();
    assert_eq!((state.units_aboard(BOOKS), state.cargo[&BOOKS].cost_asses), (20, cost_asses));
    assert_eq!(state.villas[&place("ostia")].books.units, 0);
    assert!(state.ledger.is_balanced());
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn what_has_begun_to_spoil_of_books_goes_onto_the_shelves_with_them() {
    let mut story = owner(20);
    // 20 cases lose 400 millionths a day.
    story.act(&shelve(Way::In, 5), day(11)).unwrap();
    let Fact::Shelving(Shelving { moved_ppm, aboard, .. }) = last(&story) else { unreachable!() };
    assert_eq!((moved_ppm, aboard.unwrap().carried_ppm), (1_000, 4_000));
    let carried = |story: &Story| story.life.state().villas[&place("ostia")].carried_ppm;
    let aboard = |story: &Story| story.life.state().aging[&BOOKS].carried_ppm;
    assert_eq!((carried(&story), aboard(&story)), (1_000, 3_000));
    story.act(&shelve(Way::Out, 5), day(11)).unwrap();
    assert_eq!((carried(&story), aboard(&story)), (0, 4_001));
}

#[test]
fn a_library_holds_what_it_has_room_for_and_gives_what_it_holds() {
    let mut story = owner(60);
    assert_eq!(story.act(&shelve(Way::In, 51), day(2)), Err("library_full"));
    assert_eq!(story.act(&shelve(Way::In, 61), day(2)), Err("not_aboard"));
    assert_eq!(story.act(&shelve(Way::In, 0), day(2)), Err("units_out_of_bounds"));
    story.act(&shelve(Way::In, 50), day(2)).unwrap();
    assert_eq!(story.act(&shelve(Way::In, 1), day(2)), Err("library_full"));
    assert_eq!(story.act(&shelve(Way::Out, 51), day(2)), Err("not_shelved"));
    assert_eq!(story.act(&sell("ostia"), day(2)), Err("library_not_empty"));
    let mut homeless = with_purse(48_000);
    assert_eq!(homeless.act(&shelve(Way::Out, 1), day(2)), Err("no_villa"));
}

#[test]
fn a_villa_sold_by_letter_goes_with_the_books_that_are_left_in_it() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 20), day(2)).unwrap();
    let cost = story.life.state().villas[&place("ostia")].books.cost_asses;
    story.act(&Command::Depart(plan("ostia", "carthago", 3)), day(2)).unwrap();
    assert_eq!(story.act(&sell("ostia"), day(3)), Err("at_sea"));
    story.act(&sell("ostia"), day(9)).unwrap();
    let sale = VillaSale {
        place: place("ostia"),
        price_asses: PRICE * 8 / 10,
        books: 20,
        books_asses: cost * 8 / 10,
    };
    assert_eq!(last(&story), Fact::VillaSale(sale));
    let state = story.life.state();
    let library = Account::Villa(place("ostia"));
    assert_eq!(state.ledger.balance(&library, Commodity::Good(BOOKS)), 0);
    assert!(state.villas.is_empty() && state.ledger.is_balanced());
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn the_quality_of_otium_is_the_sum_of_place_villa_library_and_guests() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 20), day(2)).unwrap();
    let offer = otium_offer(story.life.state(), &story.world).unwrap();
    story.act(&rest(4), day(3)).unwrap();
    let Fact::OtiumBegin(begin) = last(&story) else { unreachable!() };
    let stay = VillaStay {
        place_permille: 800,
        villa_permille: 200,
        library_permille: 60,
        guests: 4,
        guests_permille: 80,
    };
    assert_eq!((begin.villa, begin.quality_permille), (Some(stay), 1_140));
    // In Rome's own harbour all is twice as dear: 48, 32 for the villa, 24 for each guest.
    assert_eq!(begin.day_asses, Some(48 + 32 + 4 * 24));
    let offered = (offer.quality_permille(4), offer.day_asses(4));
    assert_eq!(offered, (1_140, 176));
    assert_eq!(otium_day_asses(story.life.state(), &story.world), Some(176));
    let before = story.life.state().purse();
    story.act(&Command::EndOtium, day(13)).unwrap();
    assert_eq!(before - story.life.state().purse(), 1_760);
    assert_eq!(story.life.state().gravitas_milli, 11_400);
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn all_of_it_together_is_worth_no_more_than_the_most() {
    let mut story = owner(50);
    story.act(&shelve(Way::In, 50), day(2)).unwrap();
    story.happen(&[Fact::Parameter(ParameterId::OtiumMost, 1_200)], day(2));
    story.act(&rest(8), day(3)).unwrap();
    let Fact::OtiumBegin(begin) = last(&story) else { unreachable!() };
    assert_eq!(begin.villa.unwrap().sum_permille(), 800 + 200 + 150 + 160);
    assert_eq!(begin.quality_permille, 1_200);
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn guests_come_to_a_villa_and_no_more_of_them_than_the_table_seats() {
    let mut homeless = with_purse(48_000);
    assert_eq!(homeless.act(&rest(1), day(1)), Err("no_villa"));
    homeless.act(&rest(0), day(1)).unwrap();
    let Fact::OtiumBegin(begin) = last(&homeless) else { unreachable!() };
    assert_eq!((begin.villa, begin.quality_permille, begin.day_asses), (None, 800, Some(48)));
    let mut story = owner(0);
    assert_eq!(story.act(&rest(9), day(2)), Err("guests_out_of_bounds"));
    assert_eq!(story.act(&rest(-1), day(2)), Err("guests_out_of_bounds"));
    story.act(&rest(8), day(2)).unwrap();
}

/// To whom coin is short, what a villa loses by its sale would buy more leisure than it adds in years (decision 82).
#[test]
fn a_beginner_rests_longer_for_what_a_villa_loses_than_the_villa_makes_up_for() {
    let numbers = crate::world::parameters();
    let get = |id| numbers.get(id);
    let towns = world();
    let ostia = towns.town(&place("ostia")).unwrap();
    let days_until_it_pays = |rank, otium_quality_permille| {
        let town = Town { rank, otium_quality_permille, ..ostia.clone() };
        let price = villa_price_asses(&numbers, &town);
        let lost = price * (1_000 - get(ParameterId::VillaResale)) / 1_000;
        let alone = offered(&town);
        let gravitas_milli = lost / alone.day_asses * alone.place_permille;
        gravitas_milli / get(ParameterId::VillaQuality)
    };
    assert_eq!(days_until_it_pays(3, 700), 4_956);
    for rank in 1..=5 {
        for quality in [200, 500, 1_000] {
            let days = days_until_it_pays(rank, quality);
            assert!(days > 900, "rank {rank}, quality {quality}: {days} days");
        }
    }
}

#[test]
fn who_owns_a_villa_anywhere_is_not_in_need() {
    let mut story = owner(0);
    story.act(&Command::SellShip, day(2)).unwrap();
    story.spend(0, day(2));
    assert_eq!(story.act(&Command::AskFriends, day(2)), Err("not_in_need"));
    story.act(&sell("ostia"), day(3)).unwrap();
    assert_eq!(story.life.state().purse(), PRICE * 8 / 10);
    story.spend(0, day(3));
    assert_eq!(relief_asses(story.life.state(), &story.world, day(4)), 8_000);
    // Nor when it stands elsewhere, where it is sold by letter.
    let mut away = owner(0);
    away.act(&Command::Depart(plan("ostia", "carthago", 3)), day(2)).unwrap();
    away.look(day(9));
    away.spend(0, day(9));
    away.act(&Command::SellShip, day(9)).unwrap();
    away.spend(0, day(9));
    assert_eq!(away.act(&Command::AskFriends, day(10)), Err("not_in_need"));
}

/// With coin for nothing else a merchant sells what he has far away, and goes on.
#[test]
fn a_merchant_without_ship_and_coin_sells_his_villa_from_where_he_is() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 20), day(2)).unwrap();
    story.act(&Command::Depart(plan("ostia", "carthago", 3)), day(2)).unwrap();
    story.look(day(9));
    story.act(&Command::SellShip, day(9)).unwrap();
    story.spend(0, day(9));
    crate::wrecks::goes_on(&mut story, day(10));
    assert!(story.life.state().voyage().is_some());
}

#[test]
fn a_key_of_an_otium_of_a_sale_and_of_shelving_is_not_one_of_another() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 18), day(2)).unwrap();
    let led = |command: &Command, fact: &Fact| command.led_to(fact);
    let done = last(&story);
    let asked = [shelve(Way::In, 18), shelve(Way::In, 17), shelve(Way::Out, 18)];
    assert_eq!(asked.map(|command| led(&command, &done)), [true, false, false]);
    story.act(&rest(3), day(3)).unwrap();
    let done = last(&story);
    assert_eq!([3, 2, 0].map(|guests| led(&rest(guests), &done)), [true, false, false]);
    story.act(&Command::EndOtium, day(4)).unwrap();
    story.act(&shelve(Way::Out, 18), day(4)).unwrap();
    story.act(&sell("ostia"), day(5)).unwrap();
    let done = last(&story);
    assert_eq!(["ostia", "carthago"].map(|id| led(&sell(id), &done)), [true, false]);
    assert!(!led(&Command::BuyVilla, &done));
}

#[test]
fn a_villa_in_a_lost_place_is_paid_back_and_its_books_come_to_the_neighbour() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 20), day(2)).unwrap();
    let shelved = story.life.state().villas[&place("ostia")].books;
    story.act(&Command::Depart(plan("ostia", "carthago", 3)), day(2)).unwrap();
    story.look(day(9));
    story.world = without(&["ostia"]);
    let lost: Vec<_> = lost_places(story.life.state(), &story.world).into_iter().collect();
    assert_eq!(lost, [place("ostia")]);
    let before = story.life.state().purse();
    story.act(&move_on(&[("ostia", "alexandria")]), day(10)).unwrap();
    let removal = Removal {
        from: place("ostia"),
        to: place("alexandria"),
        reason: Why::PlaceLost,
        moved: Vec::new(),
        villa_asses: PRICE,
        books: 20,
    };
    assert_eq!(last(&story), Fact::Removal(removal));
    let state = story.life.state();
    assert_eq!(state.purse() - before, PRICE);
    assert!(state.villas.is_empty() && state.ledger.is_balanced());
    assert_eq!(state.stores[&(place("alexandria"), BOOKS)].lot, shelved);
    let stored =
        state.ledger.balance(&Account::Horreum(place("alexandria")), Commodity::Good(BOOKS));
    assert_eq!(stored, 20);
    assert_eq!(prove(&story.moments).unwrap(), story.life);
}

#[test]
fn the_hash_knows_villa_library_and_guests() {
    let mut story = owner(20);
    story.act(&shelve(Way::In, 20), day(11)).unwrap();
    story.act(&rest(4), day(12)).unwrap();
    let state = story.life.state();
    let changed = |change: fn(&mut otivm_rules::State)| {
        let mut other = state.clone();
        change(&mut other);
        assert_ne!(other.hash(), state.hash());
    };
    changed(|state| state.villas.clear());
    changed(|state| state.villas.get_mut(&place("ostia")).unwrap().paid_asses += 1);
    changed(|state| state.villas.get_mut(&place("ostia")).unwrap().books.units += 1);
    changed(|state| state.villas.get_mut(&place("ostia")).unwrap().books.cost_asses += 1);
    changed(|state| state.villas.get_mut(&place("ostia")).unwrap().carried_ppm += 1);
    changed(|state| state.otium.as_mut().unwrap().villa = None);
    changed(|state| state.otium.as_mut().unwrap().villa.as_mut().unwrap().guests += 1);
    changed(|state| state.otium.as_mut().unwrap().villa.as_mut().unwrap().guests_permille += 1);
    changed(|state| state.otium.as_mut().unwrap().villa.as_mut().unwrap().library_permille += 1);
    changed(|state| state.otium.as_mut().unwrap().villa.as_mut().unwrap().villa_permille += 1);
    changed(|state| state.otium.as_mut().unwrap().villa.as_mut().unwrap().place_permille += 1);
}

#[test]
fn a_villa_is_one_interval_from_the_day_it_is_had_to_the_day_it_is_not() {
    let story = villa();
    let told = labels::of_moments(&story.moments, day(99));
    let villas: Vec<_> = told.iter().filter(|label| label.label == LabelKind::Villa).collect();
    let [villa] = villas[..] else { unreachable!("{villas:?}") };
    assert_eq!(
        (villa.title.as_str(), villa.from, villa.to),
        ("Villa in ostia", day(1), Some(day(38)))
    );
    assert_eq!(villa.evidence, [day(1), day(3), day(35), day(38)]);
    assert_eq!((&villa.detail["stays"], &villa.detail["sold_asses"]), (&2.into(), &288_000.into()));
    let otium = told.iter().find(|label| label.label == LabelKind::Otium).unwrap();
    assert_eq!(otium.detail["villa"]["guests"], 3);
    let kept = labels::of_moments(&owner(0).moments, day(9));
    let lasting = kept.iter().find(|label| label.label == LabelKind::Villa).unwrap();
    assert_eq!(lasting.to, None);
}
