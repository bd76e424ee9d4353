//! Small seas made for a test.

use otivm_travel::{Chart, Navigator};
use std::sync::Arc;
use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_world::{Cell, FlowVector, ProvenanceId, River, Surface, SurfaceKind, Terrain, Wind};

const PROVENANCE: ProvenanceId = ProvenanceId(1);

/// A rectangle of zones, 4 by 3 degrees in the middle of nowhere.
pub(crate) fn zones() -> Vec<Zone> {
    zones_in(BBox::new(17.0, 33.0, 21.0, 36.0).unwrap(), Resolution::FIVE)
}

pub(crate) fn cell(zone: Zone, kind: SurfaceKind, months: [FlowVector; 12]) -> Cell {
    let land_permille = match kind {
        SurfaceKind::Sea => 0,
        SurfaceKind::Coast => 500,
        SurfaceKind::Land => 1000,
    };
    Cell {
        terrain: Some(Terrain {
            elevation_mean_m: 10,
            elevation_min_m: 0,
            elevation_max_m: 20,
            slope_permille: 5,
            ruggedness_m: 3,
            provenance: PROVENANCE,
        }),
        surface: Some(Surface { kind, land_permille, provenance: PROVENANCE }),
        wind: Some(Wind { months, provenance: PROVENANCE }),
        ..Cell::bare(zone)
    }
}

/// One wind all over it and all year, cm/s to the east and to the north.
pub(crate) fn open_sea(u_cm_s: i16, v_cm_s: i16) -> Navigator {
    sea(|_| SurfaceKind::Sea, u_cm_s, v_cm_s)
}

pub(crate) fn sea(kind: impl Fn(Zone) -> SurfaceKind, u_cm_s: i16, v_cm_s: i16) -> Navigator {
    let months = [FlowVector { u_cm_s, v_cm_s }; 12];
    let cells = zones().into_iter().map(|zone| cell(zone, kind(zone), months));
    Navigator::new(Arc::new(Chart::new(cells)))
}

pub(crate) fn at(latitude: f64, longitude: f64) -> Zone {
    Zone::at(Position::new(latitude, longitude).unwrap(), Resolution::FIVE)
}

pub(crate) fn river(downstream: Option<Zone>) -> River {
    River {
        latin: Some("Flumen".to_owned()),
        modern: None,
        strahler: None,
        upstream_km2: Some(50_000),
        navigable: true,
        downstream,
        provenance: PROVENANCE,
    }
}
