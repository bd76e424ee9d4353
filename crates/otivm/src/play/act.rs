//! A command: once, however often it is sent.

use super::{Key, PlayError, plan::Prospect, refuge, view};
use crate::{dice::Dice, players::Desk, world::Scene};
use otivm_api::{Done, Moment as MomentView};
use otivm_rules::{At, Command, Fact, Life, Moment, PlaceId, State};

/// What the player wants, as it came in.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    /// What can be decided as it stands.
    Order(Command),
    /// What needs a way over the sea.
    Sail {
        to: PlaceId,
    },
    Borrow {
        to: PlaceId,
        principal_asses: i64,
    },
    /// What needs the places of the world.
    MoveOn,
}

pub(crate) struct Acted {
    pub(crate) done: Done,
    /// The command had been done before; this is the answer of then.
    pub(crate) replayed: bool,
}

pub(crate) fn act(
    desk: &mut Desk,
    scene: &Scene,
    dice: &dyn Dice,
    now: At,
    key: &Key,
    request: &Request,
) -> Result<Acted, PlayError> {
    let earlier = key.of_command(desk)?;
    if let Some(first) = earlier.first() {
        if !request.led_to(first) {
            return Err(PlayError::KeyReused);
        }
        let then = earlier.last().unwrap_or(first).at;
        let life = desk.replayed(&desk.db().history_to(then)?)?;
        return Ok(Acted { done: done(&life, scene, &earlier), replayed: true });
    }
    key.expected().check(desk)?;
    let command = command(desk, scene, now, request)?;
    let chance = dice.draw()?;
    let moments = desk.life()?.decide(&command, Some(key.as_str()), &scene.rules, now, chance)?;
    desk.append(&moments)?;
    Ok(Acted { done: done(desk.life()?, scene, &moments), replayed: false })
}

fn command(
    desk: &mut Desk,
    scene: &Scene,
    now: At,
    request: &Request,
) -> Result<Command, PlayError> {
    let voyage = |desk: &mut Desk, to: &PlaceId| {
        let at = desk.present(now)?;
        Prospect::of(desk.life()?.state(), scene, at, to)?.voyage(scene)
    };
    Ok(match request {
        Request::Order(command) => command.clone(),
        Request::MoveOn => Command::MoveOn { refuges: refuge::known(desk.life()?.state(), scene) },
        Request::Sail { to } => Command::Depart(voyage(desk, to)?),
        Request::Borrow { to, principal_asses } => {
            Command::Borrow { principal_asses: *principal_asses, plan: voyage(desk, to)? }
        }
    })
}

/// The answer: the moments, and the life right after the last of them.
fn done(life: &Life, scene: &Scene, moments: &[Moment]) -> Done {
    let at = moments.last().map_or(At(0), |moment| moment.at);
    Done {
        moments: moments.iter().map(|moment| moment_view(moment, life.state())).collect(),
        me: view::me(life.state(), scene, at),
    }
}

/// What of a departure tells the future, while she is under way (decision 59).
const SEALED: [&str; 3] = ["perils", "seed", "arrives_at"];

/// A moment as a player of this life may read it.
pub(super) fn moment_view(moment: &Moment, state: &State) -> MomentView {
    let sealed = state.voyage().is_some_and(|voyage| voyage.departed_at == moment.at);
    // Canonical JSON by construction; what a broken file held would have failed its hash.
    let mut value: serde_json::Value = serde_json::from_str(&moment.value).unwrap_or_default();
    if let Some(fields) = value.as_object_mut().filter(|_| sealed) {
        fields.retain(|name, _| !SEALED.contains(&name.as_str()));
    }
    MomentView {
        at: moment.at.0,
        kind: moment.kind.as_str().to_owned(),
        name: moment.name.clone(),
        value,
        sealed,
    }
}

impl Request {
    /// Whether the moment is what this very request led to.
    fn led_to(&self, moment: &Moment) -> bool {
        let Ok(fact) = moment.fact() else { return false };
        match (self, &fact) {
            (Self::Order(command), _) => command.led_to(&fact),
            (Self::Sail { to }, Fact::Departure(departure)) => departure.to == *to,
            (Self::Borrow { to, principal_asses }, Fact::SeaLoan(loan)) => {
                (&loan.to, loan.principal_asses) == (to, *principal_asses)
            }
            (Self::MoveOn, fact) => matches!(fact, Fact::Removal(_)),
            (Self::Sail { .. } | Self::Borrow { .. }, _) => false,
        }
    }
}
