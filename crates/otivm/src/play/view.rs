//! A life and its surroundings in the words of the API.

use super::{leisure, refuge::refuges};
use crate::world::Scene;
use jiff::Timestamp;
use otivm_api::{
    CargoLine, ChapterView, Debt, LoanView, LostPlace, Me, Place, Position, Progress, ShipView,
    StoreLine, VoyageView, WorldDate,
};
use otivm_rules::{
    At, GoodId, PlaceId, State,
    calendar::Date,
    chapters::{self, CHAPTERS, Chapter, Task, Words},
    decide::{otium_day_asses, reckoned},
    hold,
    parameters::Parameters,
    ships,
    state::{Course, Loan, Lot, Ship, Stock, Voyage},
    time::{DAY_US, WorldTime},
};

/// Beyond what a timestamp holds (the year 9999) the last one is shown.
pub(crate) fn timestamp(at: At) -> Timestamp {
    Timestamp::from_microsecond(at.0).unwrap_or(if at.0 < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

pub(crate) fn rfc3339(at: At) -> String {
    format!("{:.6}", timestamp(at))
}

pub(crate) fn world_date(time: WorldTime) -> WorldDate {
    let date = Date::of(time);
    WorldDate { plain: date.to_string(), roman: date.roman(), year_auc: date.year_of_the_city() }
}

/// Days, to the hundredth.
pub(crate) fn days(world_us: i64) -> f64 {
    (world_us as f64 / DAY_US as f64 * 100.0).round() / 100.0
}

pub(crate) fn degrees(path: &[[i32; 2]]) -> Vec<[f64; 2]> {
    path.iter().map(|point| point.map(|part| f64::from(part) / 1000.0)).collect()
}

pub(crate) fn place_view(place: &tessera_world::Place) -> Place {
    Place {
        id: place.id.clone(),
        latin: place.latin.clone(),
        modern: place.modern.clone(),
        latitude: place.position.latitude(),
        longitude: place.position.longitude(),
        province: place.province.clone(),
        harbour: place.harbour.as_str().to_owned(),
        rank: place.rank,
        certainty: place.certainty.as_str().to_owned(),
        citation: place.citation.clone(),
    }
}

/// The life at a moment; everything that fell due before it has been settled.
pub(crate) fn me(state: &State, scene: &Scene, at: At) -> Me {
    Me {
        purse_asses: state.purse(),
        place: state.place().map(ToString::to_string),
        position: position(state, scene, at),
        ship: state.ship.as_ref().map(ship_view),
        cargo: cargo(state, at),
        stores: stores(state, scene, at),
        villas: leisure::villas(state),
        lost: lost(state, scene),
        loan: state.loan.as_ref().map(|loan| loan_view(loan, &state.parameters, at)),
        voyage: known_voyage(state).map(|voyage| voyage_view(&voyage, at)),
        otium: state.otium.as_ref().map(|otium| leisure::otium(state, otium)),
        otium_offer: leisure::offer(state, scene),
        otium_day_asses: otium_day_asses(state, &scene.rules),
        gravitas: state.gravitas_milli / 1000,
        chapter: chapter(state),
        world_date: world_date(state.world_time(at)),
        revision: state.last_at.map_or(0, |last| last.0),
    }
}

fn chapter(state: &State) -> Option<ChapterView> {
    let (number, Chapter { negotium, otium, .. }) = chapters::current(state)?;
    let progress = |task: &Task| {
        let progress = task.condition.progress(state);
        Progress { done: progress.done, needed: progress.needed, met: progress.is_met() }
    };
    Some(ChapterView { number, negotium: progress(negotium), otium: progress(otium) })
}

/// All twelve, with their words.
pub(crate) fn chapter_pages() -> Vec<otivm_api::Chapter> {
    let words = |words: Words| otivm_api::Words {
        en: words.en.to_owned(),
        la: words.la.to_owned(),
        it: words.it.to_owned(),
    };
    let page = |(number, chapter): (i64, &Chapter)| otivm_api::Chapter {
        number,
        title: words(chapter.story.title),
        text: words(chapter.story.text),
        negotium: words(chapter.negotium.asks),
        otium: words(chapter.otium.asks),
    };
    (1..).zip(&CHAPTERS).map(page).collect()
}

/// The voyage under way without the delays that have yet to befall it.
fn known_voyage(state: &State) -> Option<Voyage> {
    state.voyage().map(|voyage| voyage.as_known(state.parameters.clock()))
}

fn position(state: &State, scene: &Scene, at: At) -> Option<Position> {
    if let Some(voyage) = known_voyage(state) {
        return voyage.position(at).map(|(lon, lat)| Position { lat, lon });
    }
    let place = scene.place(state.place()?)?;
    Some(Position { lat: place.position.latitude(), lon: place.position.longitude() })
}

fn ship_view(ship: &Ship) -> ShipView {
    ShipView {
        kind: ship.ship.as_str().to_owned(),
        name: ship.name.clone(),
        capacity_grams: ships::hull(ship.ship).capacity_grams,
        wear_permille: ship.wear_ppm / 1000,
        chartered: ship.chartered,
    }
}

fn loan_view(loan: &Loan, parameters: &Parameters, at: At) -> LoanView {
    LoanView {
        lender: loan.lender.to_string(),
        to: loan.to.to_string(),
        principal_asses: loan.principal_asses,
        premium_asses: loan.premium_asses,
        owed_asses: loan.owed_asses(at, parameters),
        state: match loan.course {
            Course::Lent { .. } => Debt::Lent,
            Course::AtSea => Debt::AtSea,
            Course::Due { .. } => Debt::Due,
            Course::Overdue(_) => Debt::Overdue,
        },
        due_at: loan.due_at().map(rfc3339),
    }
}

fn cargo(state: &State, at: At) -> Vec<CargoLine> {
    let line = |(good, Lot { units, cost_asses }): (GoodId, Lot)| CargoLine {
        good: good.as_str().to_owned(),
        units,
        cost_asses,
        spoiled_units: hold::aged(state, good, at).spoiled_units,
    };
    hold::lots(state, at).into_iter().map(line).collect()
}

fn lost(state: &State, scene: &Scene) -> Vec<LostPlace> {
    let line = |(place, to): (PlaceId, Option<PlaceId>)| LostPlace {
        place: place.to_string(),
        to: to.map(|to| to.to_string()),
    };
    refuges(state, scene).into_iter().map(line).collect()
}

fn stores(state: &State, scene: &Scene, at: At) -> Vec<StoreLine> {
    let line = |((place, good), stock): (&(PlaceId, GoodId), &Stock)| {
        let due = reckoned(state, scene.rules.town(place), place, *good, at);
        StoreLine {
            place: place.to_string(),
            good: good.as_str().to_owned(),
            units: due.units,
            cost_asses: stock.lot.cost_asses,
            rent_due_asses: due.rent_asses,
            spoiled_units: due.spoiled_units,
        }
    };
    state.stores.iter().map(line).collect()
}

/// As far as anybody aboard can know.
fn voyage_view(voyage: &Voyage, at: At) -> VoyageView {
    VoyageView {
        from: voyage.from.to_string(),
        to: voyage.to.to_string(),
        departed_at: rfc3339(voyage.departed_at),
        anchors_at: rfc3339(voyage.anchors_at),
        arrives_at: rfc3339(voyage.arrives_at),
        days: days(voyage.duration_us),
        path: degrees(&voyage.path),
        progress: voyage.progress_permille(at) as f64 / 1000.0,
    }
}
