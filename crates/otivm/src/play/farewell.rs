//! A player leaves for good, and says what becomes of the life.
//!
//! The answer is given once the note of it is on the disk: from then on nobody comes in. What is asked again under
//! the same key is answered alike until the server starts anew; after that the session opens nothing (401).

use super::{Call, Key, PlayError, Session, as_known, doors::admit, view::timestamp};
use crate::{
    app::App,
    players::{Desk, Keeping, Leaving},
};
use otivm_api::Left;
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub(crate) async fn farewell(
    app: &Arc<App>,
    session: Session,
    key: Key,
    keep: Keeping,
) -> Result<(Left, bool), PlayError> {
    let flight = app.flights.begin(session.token.as_str(), &key)?;
    let name = name(&session, &key, keep);
    if let Some(answer) = app.house.farewell(&name) {
        return Ok((answer, true));
    }
    let seat = super::seat(app, &session, Call::Command)?;
    let game = Arc::clone(app);
    let worked = seat.at_desk(move |desk| {
        let _in_hand = flight;
        let now = game.now();
        admit(desk, &session, now)?;
        desk.settle(now)?;
        if !key.of_door(desk)?.is_empty() {
            return Err(PlayError::KeyReused);
        }
        key.expected().must_be_said()?;
        key.expected().check(desk)?;
        let date = timestamp(now).strftime("%F").to_string();
        desk.commit()?;
        let answer = answer(desk, keep, &date)?;
        game.house.let_go(&session.token, desk, &Leaving { keep, date }, now)?;
        game.house.forget(&session.token, name, answer.clone());
        game.bells.ring(&session.token);
        Ok((answer, false))
    });
    as_known(app, worked.await?)
}

fn answer(desk: &mut Desk, keep: Keeping, date: &str) -> Result<Left, PlayError> {
    let life = desk.life()?;
    Ok(Left {
        kept: match keep {
            Keeping::Archive => otivm_api::Keep::Archive,
            Keeping::Erase => otivm_api::Keep::Erase,
        },
        date: date.to_owned(),
        moments: i64::try_from(life.state().moments).unwrap_or(i64::MAX),
        head: life.head().hash.to_string(),
        state: life.state().hash().to_string(),
    })
}

/// Of what was asked: nobody without the session's secret can name it.
fn name(session: &Session, key: &Key, keep: Keeping) -> String {
    let mut digest = Sha256::new();
    digest.update(b"otivm farewell 1\0");
    digest.update(session.secret.hash());
    digest.update(key.hash());
    digest.update([u8::from(keep == Keeping::Archive)]);
    hex::encode(digest.finalize())
}
