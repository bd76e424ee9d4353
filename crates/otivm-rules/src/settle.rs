//! What fell due while nobody looked, each at its own moment.
//!
//! Looking twice, late or never gives the same timeline: what is due and when depends on the state
//! alone, `now` only says how much of it has come.

use crate::{
    chapters,
    fact::{Arrival, Fact, Loss, Mishap, Peril, PerilKind, Repayment, ceil_div, narrow},
    goods::GoodId,
    hold,
    parameters::ParameterId,
    ships,
    state::{Course, Location, Ship, State, Voyage},
    time::{At, DAY_US},
};

/// The next thing that is due at `now` or before, with the moment it happens.
pub fn settle(state: &State, now: At) -> Option<(At, Fact)> {
    // What the last moment brought about comes before anything that is still to happen.
    let advance = chapters::due(state).map(|fact| (state.next_at(At(i64::MIN)), fact));
    advance.or_else(|| at_sea(state)).or_else(|| loan_due(state)).filter(|(at, _)| *at <= now)
}

/// What befalls the voyage next, and at last its end.
fn at_sea(state: &State) -> Option<(At, Fact)> {
    let Location::AtSea(voyage) = &state.location else {
        return None;
    };
    let peril = voyage.perils.first();
    let clock = state.parameters.clock();
    let due = peril.map_or(voyage.arrives_at, |peril| voyage.due(peril, clock));
    let fact = match peril {
        Some(peril) => Fact::Mishap(mishap(state, voyage, due, peril)),
        None => Fact::Arrival(arrival(state, voyage, state.next_at(due))),
    };
    Some((state.next_at(due), fact))
}

/// A lender comes to the harbour where the merchant is, takes what the purse holds, and of what is left
/// whatever comes into it after that.
pub(crate) fn loan_due(state: &State) -> Option<(At, Fact)> {
    let (loan, Location::Ashore { .. }) = (state.loan.as_ref()?, &state.location) else {
        return None;
    };
    let held = state.purse().max(0);
    let at = match loan.course {
        Course::AtSea => return None,
        Course::Overdue(_) if held == 0 => return None,
        Course::Overdue(_) => state.next_at(At(i64::MIN)),
        Course::Lent { due_at, .. } | Course::Due { due_at } => state.next_at(due_at),
    };
    let owed_asses = loan.owed_asses(at, &state.parameters);
    let paid_asses = owed_asses.min(held);
    let left_asses = owed_asses - paid_asses;
    let lender = loan.lender.clone();
    Some((at, Fact::Collection(Repayment { lender, paid_asses, left_asses })))
}

fn arrival(state: &State, voyage: &Voyage, at: At) -> Arrival {
    let wear_ppm = own_ship(state).map_or(0, |ship| {
        let per_day = ships::hull(ship.ship).wear_ppm_per_day;
        voyage.duration_us.max(0) / (DAY_US / per_day.max(1))
    });
    let (spoiled, carried) = hold::reckoned(state, at, voyage.departed_at);
    Arrival { place: voyage.to.clone(), wear_ppm, spoiled, carried }
}

fn mishap(state: &State, voyage: &Voyage, at: At, peril: &Peril) -> Mishap {
    let Peril { kind, cause, delay_us, severity_permille, after_us: _ } = *peril;
    let get = |id| state.parameters.get(id);
    // Millionths: the most that it may be, by how bad it is.
    let share = |most: i64| i128::from(most) * i128::from(severity_permille.clamp(0, 1000));
    // What is thrown or taken is whole units, and never nothing where there is something.
    let part =
        |most: i64| losses(state, |_, units| ceil_div(i128::from(units) * share(most), 1_000_000));
    let lost = match kind {
        PerilKind::Jettison => part(get(ParameterId::JettisonMost)),
        PerilKind::Piracy => part(get(ParameterId::PiracyCargo)),
        PerilKind::Wreck => losses(state, |_, units| i128::from(units)),
        PerilKind::Delay | PerilKind::Storm => Vec::new(),
    };
    let of_the_purse = |most: i64| i128::from(state.purse().max(0)) * share(most) / 1_000_000;
    let taken = match kind {
        PerilKind::Piracy => of_the_purse(get(ParameterId::PiracyPurse)),
        PerilKind::Wreck => of_the_purse(get(ParameterId::WreckPurse)),
        _ => 0,
    };
    let wear_ppm = match kind {
        PerilKind::Storm if own_ship(state).is_some() => {
            get(ParameterId::StormWear) * severity_permille.clamp(0, 1000) / 1000
        }
        _ => 0,
    };
    Mishap {
        kind,
        cause,
        near: near(voyage, at),
        delay_us,
        wear_ppm,
        lost,
        taken_asses: narrow(taken),
    }
}

/// The wear of a chartered ship is her owner's.
fn own_ship(state: &State) -> Option<&Ship> {
    state.ship.as_ref().filter(|ship| !ship.chartered)
}

/// Of each good aboard what `part` says, where that is anything.
fn losses(state: &State, part: impl Fn(GoodId, i64) -> i128) -> Vec<Loss> {
    let loss = |good: GoodId| {
        let held = state.units_aboard(good).max(0);
        let units = narrow(part(good, held)).min(held);
        (units > 0).then_some(Loss { good, units })
    };
    GoodId::ALL.into_iter().filter_map(loss).collect()
}

fn near(voyage: &Voyage, at: At) -> Option<[i32; 2]> {
    let last = voyage.path.len().checked_sub(1)?;
    let done = usize::try_from(voyage.progress_permille(at)).unwrap_or(0);
    voyage.path.get(last * done / 1000).copied()
}
