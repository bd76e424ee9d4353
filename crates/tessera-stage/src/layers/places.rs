//! Places: rows of the table on their zones, and the water that ships of a sea harbour lie in.

use crate::dense::Dense;
use crate::reading::places::{PlaceRecord, PlaceTable};
use std::collections::HashMap;
use tessera_grid::{BBox, Resolution, Zone};
use tessera_world::{Harbour, Place, ProvenanceId, Surface, SurfaceKind};

pub const METHOD: &str = "Authored from the cited gazetteer; a sea harbour's ships lie in the nearest \
     zone with sea, its own if that has any.";

/// A sea harbour further from any sea is a mistake: silted gulfs put some towns 25 km inland today.
pub const HARBOUR_REACH_KM: f64 = 40.0;
/// Two rows closer than this under one name are one place.
const SAME_PLACE_KM: f64 = 2.0;

pub struct Placed {
    pub places: Vec<Place>,
    /// Rows left out: row, rule, reason.
    pub bad: Vec<(u64, &'static str, String)>,
}

pub fn stage(
    table: PlaceTable,
    bbox: BBox,
    resolution: Resolution,
    zones: &[Zone],
    surface: &Dense<Surface>,
    provenance: ProvenanceId,
) -> Placed {
    let mut placed = Placed { places: Vec::new(), bad: table.bad };
    let mut rows_of: HashMap<String, u64> = HashMap::new();
    for record in table.records {
        let row = record.row;
        let zone = Zone::at(record.position, resolution);
        if !bbox.contains(record.position) || zones.binary_search(&zone).is_err() {
            placed.bad.push((
                row,
                "place_outside",
                format!("{} lies outside the world's box", record.id),
            ));
        } else if let Some(first) = rows_of.get(&record.id) {
            placed.bad.push((
                row,
                "place_duplicate",
                format!("{} stands in row {first} too", record.id),
            ));
        } else if let Some(other) = twin(&placed.places, &record) {
            placed.bad.push((
                row,
                "place_duplicate",
                format!("{} is {other} again: one name, one spot", record.id),
            ));
        } else {
            let water_zone = match record.harbour {
                Harbour::Sea => water(zones, surface, &record, zone),
                Harbour::River | Harbour::None => None,
            };
            if record.harbour == Harbour::Sea && water_zone.is_none() {
                let reason = format!(
                    "{} is a sea harbour, and no sea lies within {HARBOUR_REACH_KM} km",
                    record.id
                );
                placed.bad.push((row, "place_port_inland", reason));
                continue;
            }
            rows_of.insert(record.id.clone(), row);
            placed.places.push(place(record, zone, water_zone, provenance));
        }
    }
    placed.places.sort_by(|a, b| a.id.cmp(&b.id));
    placed
}

fn twin<'a>(places: &'a [Place], record: &PlaceRecord) -> Option<&'a str> {
    places
        .iter()
        .find(|place| {
            place.latin == record.latin
                && place.position.distance_km(record.position) < SAME_PLACE_KM
        })
        .map(|place| place.id.as_str())
}

/// The nearest zone a ship may be in: the place's own if it has sea, else by distance to its centre.
fn water(
    zones: &[Zone],
    surface: &Dense<Surface>,
    record: &PlaceRecord,
    zone: Zone,
) -> Option<Zone> {
    let wet = |zone: Zone| {
        zones
            .binary_search(&zone)
            .ok()
            .and_then(|index| surface.get(index))
            .is_some_and(|surface| surface.kind != SurfaceKind::Land)
    };
    if wet(zone) {
        return Some(zone);
    }
    let reach = (HARBOUR_REACH_KM / zone.resolution().spacing_km()).ceil() as u32 + 1;
    zone.disk(reach)
        .into_iter()
        .filter(|&other| wet(other))
        .map(|other| (other.centre().distance_km(record.position), other))
        .filter(|(km, _)| *km <= HARBOUR_REACH_KM)
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, other)| other)
}

fn place(
    record: PlaceRecord,
    zone: Zone,
    water_zone: Option<Zone>,
    provenance: ProvenanceId,
) -> Place {
    Place {
        id: record.id,
        latin: record.latin,
        modern: record.modern,
        position: record.position,
        zone,
        water_zone,
        province: record.province,
        harbour: record.harbour,
        rank: record.rank,
        population: record.population,
        certainty: record.certainty,
        citation: record.citation,
        valid_from: record.valid_from,
        valid_to: record.valid_to,
        note: record.note,
        provenance,
    }
}
