//! A life from another server goes on in a free seat of this one.

use super::{
    Key, PlayError,
    doors::{Entered, phrase_again, secret_again},
    enrol::{FRONT_DOOR, Reserved},
    world_date,
};
use crate::{
    app::App,
    import::{IMPORT_BYTES_MAX, ImportError, prove},
    players::{
        AdoptError, Desk, DeskError, NotAgain, Phrase, Proven, Purpose, Secret, Token, born,
    },
};
use axum::body::Body;
use futures::StreamExt;
use otivm_api::{Imported, Player};
use otivm_rules::{
    At, Fact, Moment,
    fact::{Import, RecoverySet, SessionOpened},
};
use std::{io, path::PathBuf, sync::Arc, time::Duration};
use tokio::{fs::File, io::AsyncWriteExt};

/// A file may take so long to arrive: the largest over two megabits a second.
const ARRIVES_WITHIN: Duration = Duration::from_secs(150);

pub(crate) async fn import(
    app: &Arc<App>,
    key: Key,
    body: Body,
) -> Result<Entered<Imported>, PlayError> {
    let flight = app.flights.begin(FRONT_DOOR, &key)?;
    let _one_an_address = app.budgets.import().ok_or(PlayError::TooManyImports)?;
    let _on_the_disk =
        app.transit.arriving.try_acquire().map_err(|_taken| PlayError::TooManyImports)?;
    let folder = app.transit.folder().map_err(PlayError::Transit)?;
    let path = folder.path().join("life");
    tokio::time::timeout(ARRIVES_WITHIN, receive(body, path.clone()))
        .await
        .map_err(|_late| PlayError::BodyBrokeOff)??;
    // Nobody closes it; those before are seven at most, and quick.
    let _in_memory = app.transit.proving.acquire().await;
    let now = app.now();
    let proving = tokio::task::spawn_blocking(move || {
        prove(&path, now).map_err(|error| PlayError::Import(Box::new(error), path))
    });
    let proven = proving.await.map_err(|gone| PlayError::Transit(io::Error::other(gone)))??;
    drop(folder);
    if let Some(seat) = app.house.enrolled_with(&key.hash()) {
        let (app, token) = (Arc::clone(app), seat.token().clone());
        let again = move |desk: &mut Desk| {
            let _in_hand = flight;
            imported_before(&app, desk, &token, &key, &proven.import())
        };
        return seat.at_desk_patiently(again).await?;
    }
    let not_again = |why: NotAgain| PlayError::Import(Box::new(why.into()), PathBuf::new());
    app.house.may_come(&proven).map_err(not_again)?;
    let reserved = Reserved::any(app)?;
    let (app, seat) = (Arc::clone(app), Arc::clone(&reserved.seat));
    let sit = move |desk: &mut Desk| {
        let _in_hand = flight;
        sit_down(&app, desk, reserved, &key, proven)
    };
    seat.at_desk_patiently(sit).await?
}

async fn receive(body: Body, path: PathBuf) -> Result<(), PlayError> {
    let mut file = File::create_new(&path).await.map_err(PlayError::Transit)?;
    let (mut chunks, mut bytes) = (body.into_data_stream(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_cut| PlayError::BodyBrokeOff)?;
        bytes += chunk.len() as u64;
        if bytes > IMPORT_BYTES_MAX {
            return Err(PlayError::Import(Box::new(ImportError::TooLarge { bytes }), path));
        }
        file.write_all(&chunk).await.map_err(PlayError::Transit)?;
    }
    file.flush().await.map_err(PlayError::Transit)
}

fn sit_down(
    app: &App,
    desk: &mut Desk,
    mut reserved: Reserved,
    key: &Key,
    mut proven: Proven,
) -> Result<Entered<Imported>, PlayError> {
    let token = reserved.seat.token().clone();
    desk.commit()?;
    if desk.life()?.state().merchant.is_some() {
        // A seat that was thought free: an earlier enrolment was written, and its answer failed.
        reserved.taken = true;
        return Err(PlayError::SeatTaken);
    }
    let (now, name) = (app.now(), key.hash());
    let import = proven.import();
    let adopting = |error| PlayError::Import(Box::new(ImportError::Adopt(error)), PathBuf::new());
    proven.settle_in(desk, &name, now).map_err(adopting)?;
    let draw = |purpose| app.keeper.draw(purpose, &token, key.as_str());
    let secret = Secret::of(proven.life.state().next_at(now), draw(Purpose::Import));
    let phrase = Phrase::of(draw(Purpose::ImportPhrase));
    let doors = [
        Fact::SessionOpened(SessionOpened { hash: secret.hash() }),
        Fact::RecoverySet(RecoverySet { hash: phrase.hash() }),
    ];
    proven.record(&doors, &name, now).map_err(adopting)?;
    let unfinished = proven.write_beside(desk).map_err(|error| not_written(app, &error))?;
    // From here on the seat may be somebody's, whatever the disk says.
    reserved.taken = true;
    unfinished.move_in(desk).map_err(adopting)?;
    app.house.remember(&phrase, &token);
    app.house.remember_enrolment(name, &token);
    app.house.remember_life(born(&proven.history), &token);
    let answer = imported(desk, &token, &phrase, import)?;
    Ok(Entered { answer, cookie: secret.cookie(&token), replayed: false })
}

/// Nothing was done, and the seat is as free as it was: when there is room on the disk again the same call succeeds.
fn not_written(app: &App, error: &AdoptError) -> PlayError {
    app.house.disk().doubt();
    tracing::error!(error = error as &dyn std::error::Error, "a life could not be taken in");
    PlayError::Desk(DeskError::NotWritten)
}

/// The answer of then, for a caller who lost it.
fn imported_before(
    app: &App,
    desk: &mut Desk,
    token: &Token,
    key: &Key,
    import: &Import,
) -> Result<Entered<Imported>, PlayError> {
    let now = app.now();
    let earlier = key.of_door(desk)?;
    let as_then = |moment: &Moment| match moment.fact() {
        Ok(Fact::Import(then)) => then == *import,
        _ => false,
    };
    if !earlier.iter().any(as_then) {
        return Err(PlayError::KeyReused);
    }
    let keeper = &app.keeper;
    let secret = secret_again(keeper, desk, (Purpose::Import, token, key.as_str()), &earlier, now)?;
    let phrase = phrase_again(keeper, desk, (Purpose::ImportPhrase, token, key), &earlier, now)?;
    let answer = imported(desk, token, &phrase, import.clone())?;
    Ok(Entered { answer, cookie: secret.cookie(token), replayed: true })
}

fn imported(
    desk: &mut Desk,
    token: &Token,
    phrase: &Phrase,
    import: Import,
) -> Result<Imported, PlayError> {
    let state = desk.life()?.state();
    Ok(Imported {
        player: Player { token: token.to_string() },
        recovery_phrase: phrase.as_str().to_owned(),
        world_time: world_date(state.world_time(state.last_at.unwrap_or(At(0)))),
        moments: import.moments,
        head: import.head,
        state: import.state,
    })
}
