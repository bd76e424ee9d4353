//! Leisure, what it yields, and how it tires.

use crate::{
    fact::{OtiumBegin, OtiumEnd},
    parameters::ParameterId,
    state::{Otium, State},
    time::{At, DAY_US},
};

pub(super) fn begins(state: &mut State, at: At, begin: &OtiumBegin) {
    let OtiumBegin { place, quality_permille, day_asses, tired_us, villa } = begin.clone();
    state.otium = Some(Otium { place, since: at, quality_permille, day_asses, tired_us, villa });
}

/// Those of an older build tire nobody.
pub(super) fn ends(state: &mut State, end: &OtiumEnd) {
    let tires = state.otium.take().is_some_and(|otium| otium.tired_us.is_some());
    state.gravitas_milli = state.gravitas_milli.saturating_add(end.gravitas_milli);
    if tires {
        let most_us = state.parameters.get(ParameterId::OtiumSatiety).saturating_mul(DAY_US);
        let tired_us = state.tired_us.saturating_add(end.paid_us.unwrap_or(end.days_us));
        state.tired_us = tired_us.min(most_us);
    }
}

/// By the days under way, while the voyage is still known.
pub(super) fn is_made_up_for(state: &mut State) {
    let under_way_us = state.voyage().map_or(0, |voyage| voyage.duration_us.max(0));
    let recovery = state.parameters.get(ParameterId::OtiumRecovery);
    let left_us = state.tired_us.saturating_sub(under_way_us.saturating_mul(recovery));
    state.tired_us = left_us.max(0);
}
