//! Three towns, and a life that begins in one of them.

use otivm_rules::{
    At, Chance, Command, Enrol, Fact, GoodId, Life, Moment, PlaceId, VoyagePlan, World,
    fact::{OtiumEnd, TextId},
    life::head_facts,
    parameters::{ParameterId, Parameters},
    time::{DAY_US, SECOND_US},
    world::{Stall, Town},
};
use otivm_travel::{Month, ShipType};

/// 2026-11-23, when the server was set up.
pub(crate) const START: At = At(1_795_392_000 * SECOND_US);
pub(crate) const PLACES: [&str; 3] = ["ostia", "carthago", "alexandria"];
pub(crate) const CHANCE: Chance = Chance { seed: [3; 16] };

pub(crate) fn place(id: &str) -> PlaceId {
    id.parse().unwrap()
}

pub(crate) fn world() -> World {
    World::new(PLACES.iter().enumerate().map(|(index, id)| {
        let dearer = 3 - index as i64;
        Town {
            id: place(id),
            rank: 1 + index as u8,
            sea_harbour: true,
            otium_quality_permille: 800,
            stalls: GoodId::ALL.map(|good| Stall {
                base_milliasses: good.good().cost_asses * 500 * dearer,
                daily_milliunits: 40_000,
                local_permille: 300 * (index as i64 + 1),
                harvest_day: (good == GoodId::Wheat).then_some(175),
            }),
        }
    }))
}

pub(crate) fn parameters() -> Parameters {
    Parameters::default().with(ParameterId::Start, START.0).unwrap()
}

/// A seat as it is provisioned.
pub(crate) fn provisioned() -> (Life, Vec<Moment>) {
    let mut life = Life::default();
    let facts = head_facts(&parameters(), &[(TextId::Seat, "c0ffee".to_owned())]);
    let moments = life.record(&facts, None, START).unwrap();
    life.commit(&moments).unwrap();
    (life, moments)
}

pub(crate) fn enrol() -> Command {
    Command::Enrol(Enrol {
        home: place("ostia"),
        ship_name: "Europa".to_owned(),
        language: "la".to_owned(),
    })
}

pub(crate) fn plan(from: &str, to: &str, days: i64) -> VoyagePlan {
    VoyagePlan {
        from: place(from),
        to: place(to),
        ship: ShipType::CorbitaMinor,
        month: Month::JULY,
        duration_us: days * DAY_US,
        distance_m: days * 140_000,
        risk_permille: 4,
        path: vec![[12_290, 41_760], [11_000, 38_000], [10_320, 36_850]],
    }
}

/// A history that grows as its commands are decided.
pub(crate) struct Story {
    pub(crate) life: Life,
    pub(crate) moments: Vec<Moment>,
    pub(crate) world: World,
}

impl Story {
    pub(crate) fn begun() -> Self {
        let (life, moments) = provisioned();
        let mut story = Self { life, moments, world: world() };
        story.act(&enrol(), START.plus(SECOND_US)).unwrap();
        story
    }

    /// Settles what is due and then decides, as a server does.
    pub(crate) fn act(&mut self, command: &Command, now: At) -> Result<(), &'static str> {
        self.look(now);
        let decided = self.life.decide(command, Some("key"), &self.world, now, CHANCE);
        let moments = match decided {
            Ok(moments) => moments,
            Err(otivm_rules::life::DecideError::Refused(refusal)) => return Err(refusal.code()),
            Err(otivm_rules::life::DecideError::Canonical(error)) => unreachable!("{error}"),
        };
        self.take(moments);
        Ok(())
    }

    pub(crate) fn look(&mut self, now: At) {
        let due = self.life.settle(now).unwrap();
        self.take(due);
    }

    /// Writes facts down as they are.
    pub(crate) fn happen(&mut self, facts: &[Fact], now: At) {
        let moments = self.life.record(facts, None, now).unwrap();
        self.take(moments);
    }

    /// All coin but this much is spent on a feast where the merchant is.
    pub(crate) fn spend(&mut self, left_asses: i64, now: At) {
        let state = self.life.state();
        let feast = OtiumEnd {
            place: state.place().unwrap().clone(),
            days_us: 0,
            cost_asses: state.purse() - left_asses,
            gravitas_milli: 0,
            paid_us: None,
        };
        self.happen(&[Fact::OtiumEnd(feast)], now);
    }

    fn take(&mut self, moments: Vec<Moment>) {
        self.life.commit(&moments).unwrap();
        self.moments.extend(moments);
    }
}
