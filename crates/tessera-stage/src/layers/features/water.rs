//! Open water of antiquity: one water once in every year.
//!
//! An atlas draws a gulf for a period, and may draw it twice; a second one draws it for several periods as one. Who
//! asks for a year gets a water once: what another drawing has in all its years already is left out. Where drawings of
//! different waters share ground, neither shore is sure, and both are conjectured (decision 0007).

use super::{Taken, owned, weaker};
use crate::layers::areas;
use tessera_world::{Certainty, Feature};

const COLLECTION: &str = "open_water";

/// Of the smaller of two drawings, the part from which on they are of one water.
const SAME_SHARE: f64 = 0.5;
/// Less shared ground is how two hands draw one shore.
const SHARED_LEAST: f64 = 0.01;

/// What two drawings of open water are to each other in a year that both hold in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Of one water.
    Same,
    /// Of two, which share ground.
    Partly,
}

/// `None` where no place lies in both in any year.
pub fn overlap(a: &Feature, b: &Feature) -> Option<Overlap> {
    let ([a_from, a_to], [b_from, b_to]) = (years(a), years(b));
    if a_from > b_to || b_from > a_to {
        return None;
    }
    let shared = areas::shared(areas::polygons(&a.geometry), areas::polygons(&b.geometry));
    if shared > SAME_SHARE {
        Some(Overlap::Same)
    } else {
        (shared > SHARED_LEAST).then_some(Overlap::Partly)
    }
}

const fn years(feature: &Feature) -> [i32; 2] {
    let from = match feature.valid_from {
        Some(year) => year,
        None => i32::MIN,
    };
    match feature.valid_to {
        Some(year) => [from, year],
        None => [from, i32::MAX],
    }
}

fn lasts_within(inner: &Feature, outer: &Feature) -> bool {
    let ([inner_from, inner_to], [outer_from, outer_to]) = (years(inner), years(outer));
    outer_from <= inner_from && inner_to <= outer_to
}

/// Leaves out drawings of a water that an earlier drawing has in all their years, and marks those that overlap.
pub(in crate::layers) fn once(all: &mut [Taken]) {
    let mut kept: Vec<Feature> = Vec::new();
    let mut doubtful: Vec<String> = Vec::new();
    for taken in all.iter_mut() {
        let Taken { features, rows, left_out } = taken;
        features.retain(|feature| {
            if feature.collection != COLLECTION {
                return true;
            }
            for earlier in &kept {
                let Some(overlap) = overlap(earlier, feature) else { continue };
                if overlap == Overlap::Same && lasts_within(feature, earlier) {
                    let row = rows.get(&owned(feature.key())).copied().unwrap_or_default();
                    let reason = format!("its water is drawn already as {}", earlier.id);
                    left_out.push((row, "open_water_duplicate", reason));
                    return false;
                }
                doubtful.extend([earlier.id.clone(), feature.id.clone()]);
            }
            kept.push(feature.clone());
            true
        });
    }
    let waters = all.iter_mut().flat_map(|taken| &mut taken.features);
    for water in waters.filter(|it| it.collection == COLLECTION && doubtful.contains(&it.id)) {
        water.certainty = weaker(water.certainty, Certainty::Conjectured);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use tessera_world::ProvenanceId;

    const ROMAN: (i32, i32) = (-29, 299);

    /// A gulf from 27 degrees east on.
    fn gulf(id: &str, width: f64, (from, to): (i32, i32)) -> Feature {
        let area = polygon![
            (x: 27.0, y: 37.0), (x: 27.0 + width, y: 37.0), (x: 27.0 + width, y: 38.0), (x: 27.0, y: 38.0)
        ];
        let feature = Feature::new(COLLECTION, id.to_owned(), area.into(), ProvenanceId(1));
        Feature { valid_from: Some(from), valid_to: Some(to), ..feature }
    }

    fn moved(mut water: Feature, east: f64) -> Feature {
        if let geo_types::Geometry::Polygon(area) = &mut water.geometry {
            area.exterior_mut(|ring| ring.0.iter_mut().for_each(|at| at.x += east));
        }
        water
    }

    /// A dataset each, their rows numbered from 1.
    fn read(datasets: Vec<Vec<Feature>>) -> Vec<Taken> {
        let taken = |features: Vec<Feature>| {
            let rows = features.iter().zip(1..).map(|(water, row)| (owned(water.key()), row));
            Taken { rows: rows.collect(), left_out: Vec::new(), features }
        };
        let mut all = datasets.into_iter().map(taken).collect::<Vec<_>>();
        once(&mut all);
        all
    }

    fn kept(all: &[Taken]) -> Vec<(&str, Certainty)> {
        let features = all.iter().flat_map(|taken| &taken.features);
        features.map(|water| (water.id.as_str(), water.certainty)).collect()
    }

    #[test]
    fn a_water_drawn_twice_in_the_same_years_stands_once() {
        let all = read(vec![vec![gulf("a", 0.5, ROMAN), gulf("b", 0.49, ROMAN)]]);
        assert_eq!(kept(&all), [("a", Certainty::Certain)]);
        let reason = "its water is drawn already as a".to_owned();
        assert_eq!(all[0].left_out, [(2, "open_water_duplicate", reason)]);
    }

    #[test]
    fn a_period_of_a_water_that_another_dataset_draws_for_several_is_left_out() {
        let several = gulf("hrl", 0.5, (-329, 640));
        let all =
            read(vec![vec![several], vec![gulf("h", 0.5, (-329, -30)), gulf("r", 0.5, ROMAN)]]);
        assert_eq!(kept(&all), [("hrl", Certainty::Certain)]);
        assert_eq!(all[1].left_out.len(), 2);
    }

    #[test]
    fn the_same_water_of_another_period_and_another_water_of_the_same_stay() {
        let waters = vec![
            gulf("late", 0.5, (300, 640)),
            gulf("roman", 0.5, ROMAN),
            moved(gulf("beside", 0.5, ROMAN), 0.5),
        ];
        assert_eq!(kept(&read(vec![waters])).len(), 3);
    }

    #[test]
    fn waters_that_share_ground_are_conjectured() {
        let waters = vec![
            gulf("a", 0.5, ROMAN),
            moved(gulf("b", 0.5, ROMAN), 0.4),
            moved(gulf("c", 0.5, ROMAN), 1.0),
        ];
        let (certain, guess) = (Certainty::Certain, Certainty::Conjectured);
        assert_eq!(kept(&read(vec![waters])), [("a", guess), ("b", guess), ("c", certain)]);
        // It lasts on after the first one, so neither can be left out.
        let all = read(vec![vec![gulf("r", 0.5, ROMAN)], vec![gulf("rl", 0.5, (-29, 640))]]);
        assert_eq!(kept(&all), [("r", guess), ("rl", guess)]);
    }
}
