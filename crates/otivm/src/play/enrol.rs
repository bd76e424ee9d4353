//! A life begins in a free seat. No seat is ever made here.

use super::{
    Key, PlayError,
    doors::{Entered, phrase_again, secret_again},
    world_date,
};
use crate::{
    app::App,
    players::{Desk, House, Phrase, Purpose, Seat, Secret, Token, seat_text},
    world::Scene,
};
use otivm_api::{Enrolled, Language, Player};
use otivm_rules::{
    At, Command, Enrol, Fact, Moment,
    fact::{RecoverySet, SessionOpened},
    refusal::Refusal,
    ships,
};
use std::sync::Arc;

/// A seat that nobody else gets; given back unless somebody sits down.
pub(super) struct Reserved {
    house: Arc<House>,
    pub(super) seat: Arc<Seat>,
    pub(super) taken: bool,
}

impl Reserved {
    pub(super) fn any(app: &App) -> Result<Self, PlayError> {
        let house = Arc::clone(&app.house);
        let seat = house.assign().ok_or_else(|| PlayError::HouseFull {
            seats: house.len(),
            others: app.config.other_servers.clone(),
        })?;
        Ok(Self { house, seat, taken: false })
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.taken {
            self.house.release(self.seat.token());
        }
    }
}

/// The front door, whose keys belong to nobody yet.
pub(super) const FRONT_DOOR: &str = "players";

pub(crate) async fn enrol(
    app: &Arc<App>,
    key: Key,
    language: Language,
) -> Result<Entered<Enrolled>, PlayError> {
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    let flight = app.flights.begin(FRONT_DOOR, &key)?;
    loop {
        let (app, key) = (Arc::clone(app), key.clone());
        let in_hand = Arc::clone(&flight);
        if let Some(seat) = app.house.enrolled_with(&key.hash()) {
            let token = seat.token().clone();
            let again = move |desk: &mut Desk| {
                let _in_hand = in_hand;
                enrolled_before(&app, desk, &token, &key, language)
            };
            return seat.at_desk_patiently(again).await?;
        }
        let reserved = Reserved::any(&app)?;
        let seat = Arc::clone(&reserved.seat);
        let scene = Arc::clone(&scene);
        let sit = move |desk: &mut Desk| {
            let _in_hand = in_hand;
            sit_down(&app, desk, &scene, reserved, &key, language)
        };
        match seat.at_desk_patiently(sit).await? {
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
    key: &Key,
    language: Language,
) -> Result<Entered<Enrolled>, PlayError> {
    let token = reserved.seat.token().clone();
    let chance = app.dice.draw()?;
    let ship_name = ships::NAMES[usize::from(chance.seed[0]) % ships::NAMES.len()];
    let command = Command::Enrol(Enrol {
        home: scene.home().ok_or(PlayError::NoWorld)?,
        ship_name: ship_name.to_owned(),
        language: language.as_str().to_owned(),
    });
    let now = app.now();
    let mut draft = desk.life()?.clone();
    let decided = draft.decide(&command, Some(&key.hash()), &scene.rules, now, chance);
    if let Err(otivm_rules::life::DecideError::Refused(Refusal::AlreadyEnrolled)) = &decided {
        reserved.taken = true;
        for moment in desk.db().seat_moments()? {
            moment.key.into_iter().for_each(|key| app.house.remember_enrolment(key, &token));
        }
        app.house.remember_life(Some(seat_text(&token)), &token);
    }
    let mut moments = decided?;
    draft.commit(&moments).map_err(|source| desk.broken(source))?;
    let draw = |purpose| app.keeper.draw(purpose, &token, key.as_str());
    let secret = Secret::of(draft.state().next_at(now), draw(Purpose::Enrol));
    let phrase = Phrase::of(draw(Purpose::FirstPhrase));
    let doors = [
        Fact::SessionOpened(SessionOpened { hash: secret.hash() }),
        Fact::RecoverySet(RecoverySet { hash: phrase.hash() }),
    ];
    moments.extend(draft.record(&doors, Some(&key.hash()), now)?);
    desk.append(&moments)?;
    desk.commit()?;
    reserved.taken = true;
    reserved.house.remember(&phrase, &token);
    reserved.house.remember_enrolment(key.hash(), &token);
    reserved.house.remember_life(Some(seat_text(&token)), &token);
    let answer = enrolled(desk, &token, &phrase, &moments)?;
    Ok(Entered { answer, cookie: secret.cookie(&token), replayed: false })
}

/// The answer of then, for a caller who lost it.
fn enrolled_before(
    app: &App,
    desk: &mut Desk,
    token: &Token,
    key: &Key,
    language: Language,
) -> Result<Entered<Enrolled>, PlayError> {
    let now = app.now();
    let earlier = key.of_door(desk)?;
    let as_then = |moment: &Moment| match moment.fact() {
        Ok(Fact::Enrolment(then)) => then.language == language.as_str(),
        _ => false,
    };
    if !earlier.iter().any(as_then) {
        return Err(PlayError::KeyReused);
    }
    let keeper = &app.keeper;
    let secret = secret_again(keeper, desk, (Purpose::Enrol, token, key.as_str()), &earlier, now)?;
    let phrase = phrase_again(keeper, desk, (Purpose::FirstPhrase, token, key), &earlier, now)?;
    let answer = enrolled(desk, token, &phrase, &earlier)?;
    Ok(Entered { answer, cookie: secret.cookie(token), replayed: true })
}

fn enrolled(
    desk: &mut Desk,
    token: &Token,
    phrase: &Phrase,
    moments: &[Moment],
) -> Result<Enrolled, PlayError> {
    let at = moments.first().map_or(At(0), |moment| moment.at);
    Ok(Enrolled {
        player: Player { token: token.to_string() },
        recovery_phrase: phrase.as_str().to_owned(),
        world_time: world_date(desk.life()?.state().world_time(at)),
    })
}
