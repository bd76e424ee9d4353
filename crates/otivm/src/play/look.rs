//! Looking round: the world's own page, and what a market asks of this player.

use super::{PlayError, rfc3339, view, world_date};
use crate::{app::App, players::Desk, world::Scene};
use otivm_api::{
    ClockView, DerivedView, Good, Market, Parameter, Quote as QuoteView, Reason, ReleaseView,
    ShipKind, WindowView, World,
};
use otivm_rules::{At, GoodId, PlaceId, goods, market::Quote, registry, ships};
use serde::Serialize;

/// A world whose currency nobody confirmed for so long is called stale: sixty missed answers.
const STALE_AFTER_SECONDS: i64 = 300;

pub(crate) fn world(app: &App) -> Result<World, PlayError> {
    let scene = app.world.scene().ok_or(PlayError::NoWorld)?;
    let (now, clock) = (app.now(), app.house.clock());
    let window = clock.window(now);
    let confirmed = app.world.confirmed().filter(|confirmed| confirmed.release == scene.release.id);
    let seconds_since =
        |then: jiff::Timestamp| app.clock.now().duration_since(then).as_secs().max(0);
    let age = confirmed.map(|confirmed| seconds_since(confirmed.at));
    // Never confirmed: as old as the world's own clock.
    let age_seconds = age.unwrap_or_else(|| seconds_since(view::timestamp(clock.start)));
    Ok(World {
        release: ReleaseView {
            id: scene.release.id.to_string(),
            title: scene.release.info.title.clone(),
            age_seconds,
            stale: age.is_none_or(|age| age > STALE_AFTER_SECONDS),
        },
        epoch: scene.release.info.epoch,
        clock: ClockView {
            now: rfc3339(now),
            world_date: world_date(clock.world_time(now)),
            rate: clock.rate,
        },
        window: WindowView { number: window.0, closes_at: rfc3339(clock.window_end(window)) },
        derived: DerivedView {
            window: scene.derived.map(|derived| derived.window),
            age_seconds: scene.derived.map(|derived| seconds_since(derived.closed_at)),
        },
        goods: goods::GOODS.iter().map(good_view).collect(),
        ships: ships::HULLS.iter().map(ship_kind).collect(),
        attributions: scene.release.attributions.clone(),
        passkeys: app.passkeys.is_some(),
    })
}

fn good_view(good: &goods::Good) -> Good {
    Good {
        id: good.id.as_str().to_owned(),
        latin: good.latin.to_owned(),
        english: good.english.to_owned(),
        italian: good.italian.to_owned(),
        unit_latin: good.unit_latin.to_owned(),
        unit_en: good.unit_english.to_owned(),
        unit_grams: good.unit_grams,
    }
}

fn ship_kind(hull: &ships::Hull) -> ShipKind {
    ShipKind {
        id: hull.ship.as_str().to_owned(),
        latin: hull.latin.to_owned(),
        english: hull.english.to_owned(),
        capacity_grams: hull.capacity_grams,
        crew: hull.crew,
        price_asses: hull.price_asses,
    }
}

/// The registry of numbers, as the rules have it.
pub(crate) fn parameters() -> Vec<Parameter> {
    let figure = |figure| match figure {
        registry::Figure::Whole(value) => otivm_api::Figure::Whole(value),
        registry::Figure::Fraction(value) => otivm_api::Figure::Fraction(value),
    };
    let view = |row: registry::Row| Parameter {
        part: row.part.as_str().to_owned(),
        id: row.id,
        kind: row.default.kind().to_owned(),
        unit: row.unit.to_owned(),
        least: figure(row.least),
        most: figure(row.most),
        default: figure(row.default),
        meaning: row.meaning,
        source: row.source.to_owned(),
        recorded: row.part.is_recorded(),
    };
    registry::rows().into_iter().map(view).collect()
}

pub(crate) fn market(
    desk: &mut Desk,
    scene: &Scene,
    now: At,
    place: &PlaceId,
) -> Result<Market, PlayError> {
    let at = desk.present(now)?;
    let unknown = || PlayError::PlaceUnknown(place.to_string());
    let town = scene.rules.town(place).ok_or_else(unknown)?;
    let state = desk.life()?.state();
    let quotes = GoodId::ALL
        .into_iter()
        .filter_map(|good| Quote::of(state, &scene.rules, town, good, at))
        .map(|quote| quote_view(&quote))
        .collect();
    Ok(Market { place: place.to_string(), at: rfc3339(at), quotes })
}

fn quote_view(quote: &Quote) -> QuoteView {
    let (buy, sell) = (quote.buy(1), quote.sell(1));
    QuoteView {
        good: quote.good.as_str().to_owned(),
        buy_asses: buy.total_asses.saturating_add(buy.toll_asses),
        sell_asses: sell.total_asses.saturating_sub(sell.toll_asses),
        base_asses: quote.base_milliasses / 1000,
        multiplier_permille: quote.multiplier_permille,
        available: quote.available_buy,
        wanted: quote.available_sell,
        depth_units: quote.depth_units,
        reasons: quote.reasons().iter().filter_map(reason_view).collect(),
    }
}

/// From the rules' tagged reasons: the code, and every number beside it.
pub(super) fn reason_view(reason: &impl Serialize) -> Option<Reason> {
    let serde_json::Value::Object(mut fields) = serde_json::to_value(reason).ok()? else {
        return None;
    };
    let code = fields.remove("code")?.as_str()?.to_owned();
    let figures = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_f64()?)));
    Some(Reason { code, figures: figures.collect() })
}
