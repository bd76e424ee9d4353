//! What a player may ask for.

use crate::{
    fact::{Aged, Fact, Side, Way},
    goods::GoodId,
    ids::{PlaceId, PlaceIdError},
    time::DAY_US,
};
use otivm_travel::{Month, Route, ShipType, simplified};
use tessera_world::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Enrol(Enrol),
    Trade {
        side: Side,
        good: GoodId,
        units: i64,
    },
    Depart(VoyagePlan),
    /// In a villa of one's own there may be guests.
    BeginOtium {
        guests: i64,
    },
    EndOtium,
    WriteJournal {
        text: String,
    },
    /// Between the hold and the warehouse of the place.
    Store {
        way: Way,
        good: GoodId,
        units: i64,
    },
    /// Puts so much of the ship's wear right, thousandths of the ship.
    Repair {
        wear_permille: i64,
    },
    /// In exchange for the old ship, where there is one.
    BuyShip {
        ship: ShipType,
        name: String,
    },
    SellShip,
    /// Another's ship, hired by the voyage.
    Charter {
        ship: ShipType,
    },
    /// Against the voyage of this plan.
    Borrow {
        principal_asses: i64,
        plan: VoyagePlan,
    },
    /// All that is owed.
    Repay,
    /// For a little coin, when all is lost.
    AskFriends,
    /// Out of places that the world has lost, each to its neighbour.
    MoveOn {
        refuges: Vec<Refuge>,
    },
    /// Where the merchant is.
    BuyVilla,
    /// By letter, where he is elsewhere.
    SellVilla {
        place: PlaceId,
    },
    /// Books between the hold and the library of the villa in the place.
    Shelve {
        way: Way,
        units: i64,
    },
}

/// The nearest harbour to a place that is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuge {
    pub from: PlaceId,
    pub to: PlaceId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrol {
    pub home: PlaceId,
    pub ship_name: String,
    /// `en`, `la` or `it`.
    pub language: String,
}

/// A route from the travel engine, in whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoyagePlan {
    pub from: PlaceId,
    pub to: PlaceId,
    pub ship: ShipType,
    pub month: Month,
    /// World time under way.
    pub duration_us: i64,
    pub distance_m: i64,
    pub risk_permille: i64,
    /// Longitude and latitude in thousandths of a degree.
    pub path: Vec<[i32; 2]>,
}

/// What a plotted path may leave the sailed one by, degrees: two pixels of the closest map.
const PATH_TOLERANCE_DEGREES: f64 = 0.02;

/// To warp out of one harbour and be let into the next, world time: so that two harbours of one zone
/// are not in the same place.
pub(crate) const HARBOURS_US: i64 = DAY_US / 4;

impl VoyagePlan {
    /// From harbour to harbour along a route, with the time that the harbours take.
    pub fn from_route(
        from: &Place,
        to: &Place,
        ship: ShipType,
        route: &Route,
    ) -> Result<Self, PlaceIdError> {
        let mut line = vec![from.position];
        line.extend(route.line());
        line.push(to.position);
        let km = route.km.max(from.position.distance_km(to.position));
        let millidegrees = |degrees: f64| (degrees * 1000.0).round() as i32;
        let path = simplified(&line, PATH_TOLERANCE_DEGREES)
            .into_iter()
            .map(|point| [millidegrees(point.longitude()), millidegrees(point.latitude())]);
        Ok(Self {
            from: from.id.parse()?,
            to: to.id.parse()?,
            ship,
            month: route.month,
            duration_us: duration_us(route),
            distance_m: (km * 1000.0).round() as i64,
            risk_permille: risk_permille(route),
            path: path.collect(),
        })
    }
}

/// World time from harbour to harbour, with what the harbours take.
pub fn duration_us(route: &Route) -> i64 {
    HARBOURS_US + (route.days * DAY_US as f64).round() as i64
}

/// Thousandths, rounded up: no way is so short that nothing can befall a ship on it.
pub fn risk_permille(route: &Route) -> i64 {
    route.risk_permille.ceil() as i64
}

/// Whether so many moved where so many were asked for: all, or all that had not spoiled.
fn sound(asked: i64, moved: i64, aged: Option<Aged>) -> bool {
    let spoiled = aged.unwrap_or_default().spoiled_units;
    (moved..=moved.saturating_add(spoiled)).contains(&asked)
}

impl Command {
    /// Whether a fact is what this command led to: for a key that is used again, the difference
    /// between the same request and another.
    pub fn led_to(&self, fact: &Fact) -> bool {
        match (self, fact) {
            (Self::Enrol(enrol), Fact::Enrolment(done)) => {
                enrol.home == done.home && enrol.language == done.language
            }
            (Self::Trade { side, good, units }, Fact::Trade(done)) => {
                let spoiled = if done.side == Side::Sell { done.aboard } else { None };
                (*side, *good) == (done.side, done.good) && sound(*units, done.units, spoiled)
            }
            (Self::Depart(plan), Fact::Departure(done)) => plan.to == done.to,
            (Self::WriteJournal { text }, Fact::Journal(done)) => text.trim() == done.text,
            (Self::Store { way, good, units }, Fact::Storage(done)) => {
                let spoiled = if done.way == Way::In { done.aboard } else { None };
                (*way, *good) == (done.way, done.good) && sound(*units, done.units, spoiled)
            }
            (Self::Repair { wear_permille }, Fact::Repair(done)) => {
                wear_permille.checked_mul(1000) == Some(done.wear_ppm)
            }
            (Self::BuyShip { ship, name }, Fact::ShipPurchase(done)) => {
                *ship == done.ship && name.trim() == done.ship_name
            }
            (Self::BeginOtium { guests }, Fact::OtiumBegin(done)) => {
                *guests == done.villa.map_or(0, |villa| villa.guests)
            }
            (Self::SellVilla { place }, Fact::VillaSale(done)) => *place == done.place,
            (Self::Shelve { way, units }, Fact::Shelving(done)) => {
                let spoiled = if done.way == Way::In { done.aboard } else { None };
                *way == done.way && sound(*units, done.units, spoiled)
            }
            (Self::EndOtium, Fact::OtiumEnd(_))
            | (Self::SellShip, Fact::ShipSale(_))
            | (Self::Repay, Fact::Repayment(_))
            | (Self::AskFriends, Fact::Relief(_))
            | (Self::BuyVilla, Fact::VillaPurchase(_))
            | (Self::MoveOn { .. }, Fact::Removal(_)) => true,
            (Self::Charter { ship }, Fact::Charter(done)) => *ship == done.ship,
            (Self::Borrow { principal_asses, plan }, Fact::SeaLoan(done)) => {
                *principal_asses == done.principal_asses && plan.to == done.to
            }
            _ => false,
        }
    }
}
