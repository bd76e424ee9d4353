//! What a life amounts to so far: everything here is derived from the moments and from nothing else.

mod hash;
mod loan;

use crate::{
    chapters::Deeds,
    fact::{Peril, TextId, VillaStay},
    goods::GoodId,
    ids::PlaceId,
    ledger::{Account, Commodity, Ledger},
    parameters::{ParameterId, Parameters},
    time::{At, Window, WorldClock, WorldTime},
};
pub(crate) use loan::MONTH_DAYS;
pub use loan::{Arrears, Course, Loan};
use otivm_travel::ShipType;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub parameters: Parameters,
    /// Parameters younger than the first lives that this history has set: only these are part of what
    /// the history says, so that a life told before they were thought of keeps its hash.
    pub later: BTreeSet<ParameterId>,
    pub texts: BTreeMap<TextId, String>,
    pub last_at: Option<At>,
    pub moments: u64,
    pub merchant: Option<Merchant>,
    /// Hashes of the open sessions' secrets, and when each was opened.
    pub sessions: BTreeMap<String, At>,
    /// Hash of the recovery phrase.
    pub recovery: Option<String>,
    /// By the id of their credential.
    pub passkeys: BTreeMap<String, Passkey>,
    pub ship: Option<Ship>,
    pub loan: Option<Loan>,
    /// When friends last helped.
    pub relieved_at: Option<At>,
    pub location: Location,
    pub otium: Option<Otium>,
    /// Leisure that no voyage has made up for, world time: what tires of it.
    pub tired_us: i64,
    pub gravitas_milli: i64,
    pub ledger: Ledger,
    /// What each good aboard has cost.
    pub cargo: BTreeMap<GoodId, Lot>,
    /// Since when goods aboard age. What a life has aboard from before they did has no date until it is touched.
    pub aging: BTreeMap<GoodId, Aging>,
    /// What lies in warehouses.
    pub stores: BTreeMap<(PlaceId, GoodId), Stock>,
    /// By place, one at most in each.
    pub villas: BTreeMap<PlaceId, Villa>,
    /// Where the ends of voyages lie, longitude and latitude in thousandths of a degree: all that a life knows of a
    /// place that its world has lost.
    pub charted: BTreeMap<PlaceId, [i32; 2]>,
    pub dealings: Dealings,
    pub journal_entries: u64,
    /// How often support took this life back.
    pub rewinds: u64,
    /// How often this life came from another server. Where it did, what came with it is proven in itself only.
    pub imports: u64,
    /// The player has left for good.
    pub left: bool,
    /// From 1, which begins with the life; 13 when all are told; 0 before.
    pub chapter: i64,
    /// Since the chapter began.
    pub deeds: Deeds,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    pub since: At,
    pub home: PlaceId,
    pub language: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub name: String,
    /// As it was set last.
    pub credential: String,
    /// When it was set first.
    pub since: At,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ship {
    pub ship: ShipType,
    pub name: String,
    /// Millionths; 1,000,000 is a hulk.
    pub wear_ppm: i64,
    /// Another's: hired by the voyage, and never worse for it.
    pub chartered: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Location {
    /// Not enrolled yet.
    #[default]
    Nowhere,
    Ashore {
        place: PlaceId,
        since: At,
    },
    AtSea(Voyage),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voyage {
    pub from: PlaceId,
    pub to: PlaceId,
    pub departed_at: At,
    /// When she lies off the harbour: there may be no berth yet.
    pub anchors_at: At,
    pub arrives_at: At,
    /// World time under way.
    pub duration_us: i64,
    pub distance_m: i64,
    pub risk_permille: i64,
    /// Longitude and latitude in thousandths of a degree.
    pub path: Vec<[i32; 2]>,
    /// That have not happened yet, in order.
    pub perils: Vec<Peril>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otium {
    pub place: PlaceId,
    pub since: At,
    pub quality_permille: i64,
    /// As it was agreed on.
    pub day_asses: Option<i64>,
    /// What [`State::tired_us`] was when it began; nothing is told of it by an older build.
    pub tired_us: Option<i64>,
    /// Where it is spent in a villa of one's own.
    pub villa: Option<VillaStay>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Villa {
    /// What it had cost.
    pub paid_asses: i64,
    pub books: Lot,
    /// Of a unit that had begun to spoil when the books were shelved, millionths: it does not go on here.
    pub carried_ppm: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    pub units: i64,
    /// Paid for them, tolls included.
    pub cost_asses: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aging {
    /// When it was last reckoned up.
    pub since: At,
    /// Of a unit that has begun to spoil, millionths.
    pub carried_ppm: i64,
}

/// One good in the warehouse of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    pub lot: Lot,
    /// When it was last reckoned up.
    pub since: At,
    /// Of a unit that has begun to spoil, millionths.
    pub carried_ppm: i64,
}

/// The player's own trade in the current window: what slippage is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dealings {
    pub window: Window,
    /// Units bought less units sold.
    pub net_units: BTreeMap<(PlaceId, GoodId), i64>,
}

/// The last parameter of the table that the first lives were played with.
const LAST_OF_THE_FIRST: ParameterId = ParameterId::ContributionDepartures;

impl State {
    /// Notes that the history itself sets this parameter.
    pub(crate) fn was_set(&mut self, id: ParameterId) {
        if id > LAST_OF_THE_FIRST {
            self.later.insert(id);
        }
    }

    fn says(&self, id: ParameterId) -> bool {
        id <= LAST_OF_THE_FIRST || self.later.contains(&id)
    }

    /// Asses.
    pub fn purse(&self) -> i64 {
        narrowed(self.ledger.balance(&Account::Purse, Commodity::Coin))
    }

    /// What of the purse is not lent, asses.
    pub fn own_asses(&self) -> i64 {
        let lent = self.loan.as_ref().map_or(0, |loan| match loan.course {
            Course::Overdue(Arrears { owed_asses, .. }) => owed_asses,
            _ => loan.principal_asses,
        });
        self.purse().saturating_sub(lent)
    }

    pub fn units_aboard(&self, good: GoodId) -> i64 {
        narrowed(self.ledger.balance(&Account::Hold, Commodity::Good(good)))
    }

    pub fn cargo_grams(&self) -> i64 {
        GoodId::ALL.into_iter().fold(0, |sum: i64, good| {
            sum.saturating_add(self.units_aboard(good).saturating_mul(good.good().unit_grams))
        })
    }

    pub fn place(&self) -> Option<&PlaceId> {
        match &self.location {
            Location::Ashore { place, .. } => Some(place),
            Location::Nowhere | Location::AtSea(_) => None,
        }
    }

    pub fn voyage(&self) -> Option<&Voyage> {
        match &self.location {
            Location::AtSea(voyage) => Some(voyage),
            Location::Nowhere | Location::Ashore { .. } => None,
        }
    }

    /// Units bought less sold by this player in the window that holds `at`.
    pub fn net_units(&self, place: &PlaceId, good: GoodId, at: At) -> i64 {
        if self.dealings.window == self.parameters.clock().window(at) {
            self.dealings.net_units.get(&(place.clone(), good)).copied().unwrap_or(0)
        } else {
            0
        }
    }

    /// When a moment that happens `now` is written: never before what is already written.
    pub fn next_at(&self, now: At) -> At {
        self.last_at.map_or(now, |last| now.max(last.plus(1)))
    }

    pub fn world_time(&self, at: At) -> WorldTime {
        self.parameters.clock().world_time(at)
    }
}

impl Voyage {
    /// When the peril will have happened: in its hour, and never after she has come to anchor.
    pub(crate) fn due(&self, peril: &Peril, clock: WorldClock) -> At {
        self.departed_at.plus(clock.real_duration(peril.after_us)).min(self.anchors_at)
    }

    /// As anybody aboard knows it: no peril that has not happened yet, and none of the days that it will cost.
    pub fn as_known(&self, clock: WorldClock) -> Self {
        let to_come = |sum: i64, peril: &Peril| sum.saturating_add(peril.delay_us);
        let to_come_us = self.perils.iter().fold(0, to_come);
        let known = |sealed: At| {
            let known = sealed.plus(-clock.real_duration(to_come_us));
            known.max(self.departed_at.plus(1)).min(sealed)
        };
        Self {
            anchors_at: known(self.anchors_at),
            arrives_at: known(self.arrives_at),
            duration_us: self.duration_us.saturating_sub(to_come_us),
            perils: Vec::new(),
            ..self.clone()
        }
    }

    /// How far along, thousandths of the way.
    pub fn progress_permille(&self, now: At) -> i64 {
        let whole = i128::from(self.anchors_at.0) - i128::from(self.departed_at.0);
        let past = i128::from(now.0) - i128::from(self.departed_at.0);
        if whole <= 0 {
            return 1000;
        }
        narrowed((past * 1000 / whole).clamp(0, 1000))
    }

    /// Longitude and latitude in degrees: along the path by distance.
    pub fn position(&self, now: At) -> Option<(f64, f64)> {
        let degrees = |[lon, lat]: [i32; 2]| (f64::from(lon) / 1000.0, f64::from(lat) / 1000.0);
        let length = |a: [i32; 2], b: [i32; 2]| {
            let ((lon_a, lat_a), (lon_b, lat_b)) = (degrees(a), degrees(b));
            let shrink = f64::midpoint(lat_a, lat_b).to_radians().cos();
            ((lon_b - lon_a) * shrink).hypot(lat_b - lat_a)
        };
        let whole: f64 = self.path.windows(2).map(|pair| length(pair[0], pair[1])).sum();
        let mut left = whole * self.progress_permille(now) as f64 / 1000.0;
        for pair in self.path.windows(2) {
            let step = length(pair[0], pair[1]);
            if step > 0.0 && left <= step {
                let ((lon_a, lat_a), (lon_b, lat_b)) = (degrees(pair[0]), degrees(pair[1]));
                let share = left / step;
                return Some((lon_a + (lon_b - lon_a) * share, lat_a + (lat_b - lat_a) * share));
            }
            left -= step;
        }
        self.path.last().copied().map(degrees)
    }
}

/// A history whose amounts were parsed would need nine thousand trades of ten thousand imperial
/// revenues to leave 64 bits; then the figure stops there, the ledger goes on.
fn narrowed(balance: i128) -> i64 {
    i64::try_from(balance).unwrap_or(if balance < 0 { i64::MIN } else { i64::MAX })
}
