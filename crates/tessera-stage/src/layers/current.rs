//! Currents: the monthly mean of the sea's surface, from the source's node nearest to the zone.

use crate::scan::of_each;
use tessera_formats::CurrentField;
use tessera_grid::{Position, Zone};
use tessera_world::{Current, FlowVector, ProvenanceId};

pub const METHOD: &str = "Monthly mean surface current of 1992 to 2012 at the source's node nearest to the zone's \
     centre, at most 60 km away; its publisher set currents below 0.2 knots to none.";

const MONTHS: usize = 12;
const CM_S_PER_KNOT: f32 = 51.444;
/// How far a coast zone may look for open water: two nodes of a third of a degree.
const REACH_KM: f64 = 60.0;
/// Degrees within which such a node lies, also at 60 degrees north.
const REACH_STEPS: i32 = 3;

/// By index of the coarse zones; only where `wet` says that there is sea. `months` must be twelve.
pub fn stage(
    coarse_zones: &[Zone],
    months: &[CurrentField],
    wet: impl Fn(Zone) -> bool + Sync,
    provenance: ProvenanceId,
) -> Vec<Option<Current>> {
    let fields: Option<&[CurrentField; MONTHS]> = months.try_into().ok();
    of_each(coarse_zones, |zone| {
        let fields = fields?;
        if !wet(zone) {
            return None;
        }
        let mut vectors = [FlowVector::default(); MONTHS];
        for (vector, field) in vectors.iter_mut().zip(fields) {
            let (east, north) = nearest(field, zone.centre())?;
            *vector = FlowVector { u_cm_s: cm_s(east), v_cm_s: cm_s(north) };
        }
        Some(Current { months: vectors, provenance })
    })
}

fn nearest(field: &CurrentField, centre: Position) -> Option<(f32, f32)> {
    if let Some(found) = field.at(centre.longitude(), centre.latitude()) {
        return Some(found);
    }
    let step = (field.lattice.step_longitude, field.lattice.step_latitude);
    let mut best: Option<(f64, (f32, f32))> = None;
    for row in -REACH_STEPS..=REACH_STEPS {
        for column in -REACH_STEPS..=REACH_STEPS {
            let longitude = centre.longitude() + f64::from(column) * step.0;
            let latitude = centre.latitude() + f64::from(row) * step.1;
            let Some(flow) = field.at(longitude, latitude) else { continue };
            let Ok(position) = Position::new(latitude, longitude.clamp(-180.0, 180.0)) else {
                continue;
            };
            let km = centre.distance_km(position);
            if km <= REACH_KM && best.is_none_or(|(least, _)| km < least) {
                best = Some((km, flow));
            }
        }
    }
    best.map(|(_, flow)| flow)
}

fn cm_s(knots: f32) -> i16 {
    (knots * CM_S_PER_KNOT).round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use tessera_formats::{Lattice, Registration};
    use tessera_grid::Resolution;

    pub(in crate::layers) fn lattice(step: f64, side: usize) -> Lattice {
        Lattice {
            west: 10.0,
            north: 45.0,
            step_longitude: step,
            step_latitude: step,
            columns: side,
            rows: side,
            registration: Registration::Node,
        }
    }

    fn field(knots: impl Fn(usize) -> f32) -> CurrentField {
        let east: Vec<f32> = (0..400).map(|node| knots(node % 20)).collect();
        let north = east.iter().map(|east| -east / 2.0).collect();
        CurrentField { lattice: lattice(1.0 / 3.0, 20), east_knots: east, north_knots: north }
    }

    fn at(longitude: f64) -> Vec<Zone> {
        vec![Zone::at(Position::new(42.0, longitude).unwrap(), Resolution::FIVE)]
    }

    #[test]
    fn knots_become_centimetres_a_second_and_a_coast_takes_the_nearest_water() {
        let months: Vec<CurrentField> =
            (0..12).map(|_| field(|column| if column < 6 { f32::NAN } else { 1.0 })).collect();
        let vectors = |longitude| {
            stage(&at(longitude), &months, |_| true, ProvenanceId(3))[0]
                .map(|current| current.months[6])
        };
        let expected = Some(FlowVector { u_cm_s: 51, v_cm_s: -26 });
        assert_eq!(vectors(13.0), expected);
        assert_eq!(vectors(11.7), expected); // 25 km from the first node that knows
        assert_eq!(vectors(10.2), None);
        assert_eq!(stage(&at(13.0), &months, |_| false, ProvenanceId(3)), [None]);
        assert_eq!(stage(&at(13.0), &months[..11], |_| true, ProvenanceId(3)), [None]);
    }
}
