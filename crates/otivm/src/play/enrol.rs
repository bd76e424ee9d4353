//! A life begins in a free seat. No seat is ever made here.

use super::{PlayError, act, world_date};
use crate::{
    app::App,
    players::{Desk, House, Phrase, Seat, Secret},
    world::Scene,
};
use otivm_api::{Enrolled, Language, Player};
use otivm_rules::{
    Command, Enrol, Fact,
    fact::{RecoverySet, SessionOpened},
    refusal::Refusal,
};
use std::sync::Arc;

/// Ships of the fleets of Misenum and Ravenna, from their crews' gravestones (CIL X 3340 ff., XI 40 ff.).
const SHIP_NAMES: [&str; 12] = [
    "Isis",
    "Fides",
    "Concordia",
    "Fortuna",
    "Minerva",
    "Venus",
    "Salus",
    "Victoria",
    "Diana",
    "Ceres",
    "Apollo",
    "Neptunus",
];

/// A seat that nobody else gets; given back unless somebody sits down.
struct Reserved {
    house: Arc<House>,
    seat: Arc<Seat>,
    taken: bool,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.taken {
            self.house.release(self.seat.token());
        }
    }
}

pub(crate) async fn enrol(
    app: &Arc<App>,
    language: Language,
) -> Result<(Enrolled, String), PlayError> {
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    loop {
        let seat = app.house.assign().ok_or_else(|| PlayError::HouseFull {
            seats: app.house.len(),
            others: app.config.other_servers.clone(),
        })?;
        let reserved =
            Reserved { house: Arc::clone(&app.house), seat: Arc::clone(&seat), taken: false };
        let (app, scene) = (Arc::clone(app), Arc::clone(&scene));
        let outcome = seat
            .at_desk_patiently(move |desk| sit_down(&app, desk, &scene, reserved, language))
            .await?;
        match outcome {
            // A seat that was thought free: an earlier enrolment was written, and its answer failed.
            Err(PlayError::Refused(Refusal::AlreadyEnrolled)) => {}
            outcome => return outcome,
        }
    }
}

fn sit_down(
    app: &App,
    desk: &mut Desk,
    scene: &Scene,
    mut reserved: Reserved,
    language: Language,
) -> Result<(Enrolled, String), PlayError> {
    let (phrase, secret, chance) = (Phrase::random()?, Secret::random()?, act::draw()?);
    let ship_name = SHIP_NAMES[usize::from(chance.seed[0]) % SHIP_NAMES.len()];
    let command = Command::Enrol(Enrol {
        home: scene.home().ok_or(PlayError::NoWorld)?,
        ship_name: ship_name.to_owned(),
        language: language.as_str().to_owned(),
    });
    let now = app.now();
    let mut draft = desk.life()?.clone();
    let decided = draft.decide(&command, None, &scene.rules, now, chance);
    if let Err(otivm_rules::life::DecideError::Refused(Refusal::AlreadyEnrolled)) = &decided {
        reserved.taken = true;
    }
    let mut moments = decided?;
    draft.commit(&moments).map_err(|source| desk.broken(source))?;
    let doors = [
        Fact::RecoverySet(RecoverySet { hash: phrase.hash() }),
        Fact::SessionOpened(SessionOpened { hash: secret.hash() }),
    ];
    moments.extend(draft.record(&doors, None, now)?);
    desk.append(&moments)?;
    reserved.taken = true;
    let token = reserved.seat.token();
    reserved.house.remember(&phrase, token);
    let enrolled = Enrolled {
        player: Player { token: token.to_string() },
        recovery_phrase: phrase.as_str().to_owned(),
        world_time: world_date(desk.life()?.state().world_time(now)),
    };
    Ok((enrolled, secret.cookie(token)))
}
