//! What breaks the staged world, after its files were read.

use tessera_grid::{BBox, Position, Resolution, Zone, zones_in};
use tessera_stage::staged::Staged;
use tessera_world::{FlowVector, Harbour, ProvenanceId, ReleaseInfo, River, Surface, SurfaceKind};

/// A rule, and what breaks it in the staged world.
pub(super) type WorldFault = (&'static str, fn(&mut Staged));

pub(super) const WORLD_FAULTS: &[WorldFault] = &[
    ("coverage_hole", |staged| remove(staged, 100)),
    ("coverage_hole", |staged| staged.wind[7] = None),
    ("coverage_hole", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.climate.set(inland, None);
    }),
    ("coverage_duplicate", |staged| staged.zones[11] = staged.zones[10]),
    ("coverage_outside", |staged| {
        let last = staged.zones.len() - 1;
        staged.zones[last] = Zone::at(Position::new(-10.0, 10.0).unwrap(), Resolution::FIVE);
    }),
    ("provenance_missing", |staged| {
        staged.surface.change(3, |surface| surface.provenance = ProvenanceId(99));
    }),
    ("provenance_missing", |staged| staged.provenances[0].licence.clear()),
    ("provenance_missing", |staged| staged.sources.clear()),
    ("terrain_range", |staged| {
        staged.terrain.change(5, |terrain| terrain.elevation_max_m = 29_029);
    }),
    ("terrain_range", |staged| staged.terrain.change(5, |terrain| terrain.elevation_min_m = 8_000)),
    ("terrain_sign_share", |staged| {
        staged.terrain.change_all(|_, terrain| terrain.elevation_mean_m *= -1);
    }),
    ("terrain_sign", |staged| {
        let sea = first(staged, SurfaceKind::Sea);
        staged.terrain.change(sea, |terrain| terrain.elevation_mean_m = 12);
    }),
    ("terrain_sign_nodes", |staged| staged.elevation.west += 0.25),
    ("terrain_tile_edge", |staged| {
        let columns = staged.elevation.columns;
        for row in 15..30 {
            for column in 20..columns {
                staged.elevation.values[row * columns + column] -= 700.0;
            }
        }
    }),
    ("terrain_spike", |staged| staged.elevation.values[500] += 4_000.0),
    ("terrain_orientation", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values.chunks_mut(columns).for_each(<[f32]>::reverse);
    }),
    ("terrain_shift", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values.chunks_mut(columns).for_each(|row| row.rotate_right(2));
    }),
    ("terrain_row_shift", |staged| {
        let columns = staged.elevation.columns;
        staged.elevation.values[20 * columns..21 * columns].rotate_right(4);
    }),
    ("terrain_benchmark", |staged| {
        // Delos goes under, as in ETOPO5.
        for value in &mut staged.elevation.values {
            *value = value.min(-21.0);
        }
    }),
    ("surface_kind", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.surface.change(inland, |surface| surface.kind = SurfaceKind::Sea);
    }),
    ("river_downstream", |staged| {
        let far = staged.zones[0];
        let river = staged
            .river
            .iter_mut()
            .map(|(_, river)| river)
            .find(|river| river.downstream.is_some_and(|zone| zone != far));
        river.unwrap().downstream =
            Some(Zone::at(Position::new(10.0, 10.0).unwrap(), Resolution::FIVE));
    }),
    ("river_loop", |staged| {
        let (index, next) = link(staged);
        let back = staged.zones[index];
        let below = staged.index_of(next).unwrap();
        let river = staged.river.get(below).cloned().unwrap();
        staged.river.set(below, Some(River { downstream: Some(back), ..river }));
    }),
    ("river_uphill", |staged| {
        let (_, next) = link(staged);
        let below = staged.index_of(next).unwrap();
        staged.terrain.change(below, |terrain| terrain.elevation_min_m += 1_000);
    }),
    ("river_uphill_share", |staged| {
        let Staged { zones, terrain, .. } = staged;
        terrain.change_all(|index, terrain| {
            let east = (zones[index].centre().longitude() - 24.0) * 2_000.0;
            terrain.elevation_min_m = east as i32;
        });
    }),
    ("wind_speed", |staged| staged.wind[9].as_mut().unwrap().months[3].u_cm_s = 5_000),
    ("wind_calm", |staged| staged.wind[9].as_mut().unwrap().months = [FlowVector::default(); 12]),
    ("wind_etesian", |staged| {
        for wind in staged.wind.iter_mut().flatten() {
            wind.months[6].v_cm_s = 400;
        }
    }),
    ("climate_latitude", |staged| {
        let inland = first(staged, SurfaceKind::Land);
        staged.climate.change(inland, |climate| climate.koppen = "Af".parse().unwrap());
        north_of_the_tropics(staged);
    }),
    ("climate_latitude_share", |staged| {
        staged.climate.change_all(|_, climate| climate.koppen = "Am".parse().unwrap());
        north_of_the_tropics(staged);
    }),
    ("place_in_sea", |staged| {
        let sea = staged.zones[first(staged, SurfaceKind::Sea)];
        let place = staged.places.iter_mut().find(|place| place.harbour == Harbour::None).unwrap();
        (place.zone, place.position) = (sea, sea.centre());
    }),
    ("place_link", |staged| staged.places[1].water_zone = None),
    ("place_link", |staged| {
        let inland = staged.zones[first(staged, SurfaceKind::Land)];
        staged.places[1].water_zone = Some(inland);
    }),
    ("place_link", |staged| staged.places[0].zone = staged.zones[0]),
    ("place_none", |staged| staged.places.clear()),
    ("surface_share", |staged| {
        let bbox = BBox::new(0.0, 20.0, 20.0, 40.0).unwrap();
        let info = ReleaseInfo { bbox, ..staged.info() };
        *staged = Staged::empty(&info, zones_in(bbox, Resolution::FIVE));
        let land =
            Surface { kind: SurfaceKind::Land, land_permille: 1000, provenance: ProvenanceId(1) };
        staged.surface = staged.zones.iter().map(|_| Some(land)).collect();
    }),
];

fn first(staged: &Staged, kind: SurfaceKind) -> usize {
    staged.surface.iter().position(|surface| surface.unwrap().kind == kind).unwrap()
}

fn link(staged: &Staged) -> (usize, Zone) {
    staged.river.iter().find_map(|(index, river)| Some((index, river.downstream?))).unwrap()
}

fn remove(staged: &mut Staged, index: usize) {
    staged.zones.remove(index);
    staged.terrain.remove(index);
    staged.surface.remove(index);
    staged.river.remove(index);
    staged.climate.remove(index);
}

/// The same facts ten degrees further north, where their climate is impossible.
fn north_of_the_tropics(staged: &mut Staged) {
    for zone in &mut staged.zones {
        let centre = zone.centre();
        let north = Position::new(centre.latitude() + 10.0, centre.longitude()).unwrap();
        *zone = Zone::at(north, Resolution::FIVE);
    }
}
