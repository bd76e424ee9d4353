//! What is done with a villa must have been possible too, and leisure in one what it could be.

use crate::{
    proof::forged_from,
    villa::{PRICE, day, owner, rest, shelve, villa, with_purse},
    world::{Story, place},
};
use otivm_rules::{
    Command, Fact, Moment,
    fact::{Loss, Relief, Removal, Shelving, VillaPurchase, VillaSale, Way, Why},
    hash::Hash,
    parameters::ParameterId,
    proof::prove,
};

fn told(history: &[Moment], why: &str) {
    let refused = prove(history).unwrap_err().to_string();
    assert!(refused.ends_with(why), "{refused}, and not: {why}");
}

#[test]
fn what_is_done_with_a_villa_proves_itself() {
    assert_eq!(prove(&villa().moments).unwrap(), villa().life);
}

#[test]
fn no_import_brings_a_villa_that_could_not_be_had_or_leisure_that_it_did_not_offer() {
    let changed = |name: &str, old: &str, new: &str| {
        forged_from(villa(), |moments: &mut Vec<Moment>| {
            let moment = moments.iter_mut().find(|moment| moment.name == name).unwrap();
            assert!(moment.value.contains(old), "{}", moment.value);
            moment.value = moment.value.replacen(old, new, 1);
        })
    };
    let bare = |name: &str, from: &str, to: &str| {
        forged_from(villa(), |moments: &mut Vec<Moment>| {
            let moment = moments.iter_mut().find(|moment| moment.name == name).unwrap();
            let start = moment.value.find(from).unwrap();
            let end = start + moment.value.get(start..).unwrap().find(to).unwrap() + to.len();
            moment.value.replace_range(start..end, "");
        })
    };
    for (name, old, new, why) in [
        ("buy_villa", "asses\":360000", "asses\":59999", "nowhere is a villa so cheap"),
        ("buy_villa", "asses\":360000", "asses\":2360000", "the purse did not hold that much"),
        ("buy_villa", "ostia", "gades", "the merchant was not in that harbour"),
        ("shelve", "units\":18", "units\":21", "so much of that good was not aboard"),
        ("shelve", "units\":18", "units\":51", "the library did not hold so many books"),
        ("shelve", "units\":18", "units\":0", "nobody moves that many units"),
        ("shelve", "moved_ppm\":360", "moved_ppm\":401", "more went along than had begun to spoil"),
        ("begin_otium", "guests\":3", "guests\":9", "the table seats not so many guests"),
        ("begin_otium", "guests\":3", "guests\":4", "that was not what the merchant kept there"),
        (
            "begin_otium",
            "library_permille\":54",
            "library_permille\":55",
            "that was not what the merchant kept there",
        ),
        (
            "begin_otium",
            "place_permille\":800",
            "place_permille\":801",
            "that was not the sum of its parts",
        ),
        (
            "begin_otium",
            "place_permille\":800",
            "place_permille\":1001",
            "no place is so good for leisure",
        ),
        (
            "begin_otium",
            "quality_permille\":1114",
            "quality_permille\":1115",
            "that was not the sum of its parts",
        ),
        // 14 for the day, 9 for the villa, 7 for each guest.
        ("begin_otium", "day_asses\":152", "day_asses\":43", "nowhere is a day of otium so cheap"),
        (
            "begin_otium",
            "day_asses\":152",
            "day_asses\":44",
            "that was not what the purse was good for",
        ),
        ("sell_villa", "asses\":288000", "asses\":288001", "that was not what a villa is sold for"),
        ("sell_villa", "{", "{\"books\":1,", "that was not what the library held"),
        ("sell_villa", "ostia", "gades", "the merchant had no villa there"),
    ] {
        told(&changed(name, old, new), why);
    }
    told(
        &bare("begin_otium", ",\"villa\":{", "}"),
        "the merchant had a villa there, and was not in it",
    );
    let missing = |name: &'static str| {
        forged_from(villa(), move |moments: &mut Vec<Moment>| {
            let index = moments.iter().position(|moment| moment.name == name).unwrap();
            moments.remove(index);
        })
    };
    told(&missing("buy_villa"), "the merchant had no villa there");
    told(&missing("shelve"), "that was not what the merchant kept there");
}

#[test]
fn no_import_brings_more_than_one_villa_to_a_place_or_empties_what_is_empty() {
    let added = |story: Story, fact: Fact| {
        forged_from(story, move |moments: &mut Vec<Moment>| {
            let at = moments.last().unwrap().at.plus(1);
            moments.push(Moment::seal(Hash::ZERO, at, &fact, None).unwrap());
        })
    };
    let purchase = VillaPurchase { place: place("ostia"), price_asses: PRICE };
    told(&added(owner(0), Fact::VillaPurchase(purchase.clone())), "the merchant had a villa there");
    let mut full = with_purse(2_000_000);
    full.happen(&[Fact::Parameter(ParameterId::VillasMost, 0)], day(1));
    told(&added(full, Fact::VillaPurchase(purchase)), "nobody has so many villas");
    let taken = Shelving {
        way: Way::Out,
        units: 1,
        place: place("ostia"),
        moved_ppm: 0,
        aboard: Some(otivm_rules::fact::Aged::default()),
    };
    told(&added(owner(0), Fact::Shelving(taken)), "so many books were not in the library");
    let mut shelved = owner(1);
    shelved.act(&shelve(Way::In, 1), day(1)).unwrap();
    let cost = shelved.life.state().villas[&place("ostia")].books.cost_asses;
    let sale = VillaSale {
        place: place("ostia"),
        price_asses: PRICE * 8 / 10,
        books: 1,
        books_asses: cost * 8 / 10,
    };
    told(&added(shelved, Fact::VillaSale(sale)), "who is there takes his books first");
    let mut resting = owner(0);
    resting.act(&rest(0), day(2)).unwrap();
    let sale = Fact::VillaSale(VillaSale {
        place: place("ostia"),
        price_asses: PRICE * 8 / 10,
        books: 0,
        books_asses: 0,
    });
    told(&added(resting, sale), "one sells from a harbour, and not in otium");
    let mut needy = with_purse(PRICE);
    needy.act(&Command::BuyVilla, day(1)).unwrap();
    let relief =
        Relief { place: place("ostia"), given_asses: 8_000, gravitas_milli: 0, ceded: Vec::new() };
    told(&added(needy, Fact::Relief(relief)), "friends do not make rich");
}

#[test]
fn no_import_moves_on_with_a_villa_that_was_none() {
    let refused = |villa_asses, books, moved| {
        let mut story = owner(0);
        let removal = Removal {
            from: place("ostia"),
            to: place("carthago"),
            reason: Why::PlaceLost,
            moved,
            villa_asses,
            books,
        };
        story.happen(&[Fact::Removal(removal)], day(2));
        told(&story.moments, "that was not what the villa there had cost and held");
    };
    let nothing: fn() -> Vec<Loss> = Vec::new;
    refused(PRICE + 1, 0, nothing());
    refused(0, 0, nothing());
    refused(PRICE, 1, nothing());
}
