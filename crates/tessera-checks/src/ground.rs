//! What a zone's own facts say of each other: heights, the coast, depths, what covers the ground.

use crate::found::{Count, Found, Heaviest};
use crate::walk::{Look, View};
use tessera_grid::Zone;
use tessera_stage::layers::surface::kind;
use tessera_stage::staged::Staged;
use tessera_world::{Bathymetry, Climate, LandCover, Surface, SurfaceKind, Terrain};

/// Heights beyond these are not on this planet, metres.
const HEIGHT_RANGE_M: std::ops::RangeInclusive<i32> = -11_100..=8_900;
/// Land lower than this has a name: the Caspian shore, the Dead Sea, Qattara. Metres.
const LOW_LAND_M: i32 = -20;
/// Zones whose sign disagrees with the coast, at most.
const SIGN_SHARE_MAX: f64 = 0.1;
/// The mean slope of the steepest zone of 5 km² in the Himalaya is about 1.2.
const SLOPE_MAX_PERMILLE: u32 = 2_000;
/// A world of fewer zones may well be all sea.
const ZONES_OF_A_LARGE_WORLD: u64 = 10_000;
/// Share of land that a large world has at least, and that it leaves to the sea.
const LAND_SHARE: std::ops::RangeInclusive<f64> = 0.1..=0.9;
/// The deepest trench, metres.
const DEPTH_MAX_M: u32 = 11_100;
/// Depth and height of one zone from two sources agree within this on a slope, metres.
const DEPTH_GAP_M: i32 = 1_000;
/// Zones whose cover is on the other side of the coast, at most: a coarser source blurs the coast.
const COVER_SHARE_MAX: f64 = 0.15;
/// IGBP's classes that matter here.
const WATER: u8 = 0;
const RAIN_FOREST: u8 = 2;
const URBAN: u8 = 13;
const ICE: u8 = 15;

/// Everything that this file's rules have seen.
#[derive(Default)]
pub(crate) struct Ground {
    range: Heaviest,
    sign: Heaviest,
    sign_asked: u64,
    slope: Heaviest,
    kind: Count,
    land_permille: u64,
    surfaces: u64,
    depth_range: Heaviest,
    depth_land: Heaviest,
    depth_terrain: Heaviest,
    urban: Count,
    reservoir: Heaviest,
    cover_climate: Heaviest,
    cover_asked: u64,
    cover_wrong: u64,
}

impl Look for Ground {
    fn look(&mut self, view: &View) {
        if let Some(terrain) = view.terrain {
            self.terrain(view, terrain);
        }
        if let Some(surface) = view.surface {
            self.surface(view.zone, surface);
        }
        if let Some(depth) = view.bathymetry {
            self.bathymetry(view, depth);
        }
        if let Some(cover) = view.land_cover {
            self.land_cover(view, cover, view.climate);
        }
    }

    fn join(&mut self, later: Self) {
        self.range.join(later.range);
        self.sign.join(later.sign);
        self.sign_asked += later.sign_asked;
        self.slope.join(later.slope);
        self.kind.join(later.kind);
        self.land_permille += later.land_permille;
        self.surfaces += later.surfaces;
        self.depth_range.join(later.depth_range);
        self.depth_land.join(later.depth_land);
        self.depth_terrain.join(later.depth_terrain);
        self.urban.join(later.urban);
        self.reservoir.join(later.reservoir);
        self.cover_climate.join(later.cover_climate);
        self.cover_asked += later.cover_asked;
        self.cover_wrong += later.cover_wrong;
    }
}

impl Ground {
    fn terrain(&mut self, view: &View, terrain: Terrain) {
        let (low, mean, high) =
            (terrain.elevation_min_m, terrain.elevation_mean_m, terrain.elevation_max_m);
        let on_earth = HEIGHT_RANGE_M.contains(&low) && HEIGHT_RANGE_M.contains(&high);
        if !on_earth || low > mean || mean > high {
            let weight = f64::from((high - low).abs());
            self.range.zone(view.index, view.zone, weight, || {
                format!("heights {low}, {mean}, {high} m (lowest, mean, highest)")
            });
        }
        if terrain.slope_permille > SLOPE_MAX_PERMILLE {
            let slope = terrain.slope_permille;
            self.slope.zone(view.index, view.zone, f64::from(slope), || {
                format!("the ground rises {slope} m in a kilometre on average")
            });
        }
        let (wrong, side) = match view.kind() {
            Some(SurfaceKind::Sea) => (mean > 0, "sea"),
            Some(SurfaceKind::Land) => (mean < LOW_LAND_M, "land"),
            Some(SurfaceKind::Coast) | None => return,
        };
        self.sign_asked += 1;
        if wrong {
            self.sign.zone(view.index, view.zone, f64::from(mean.abs()), || {
                format!("{side} by the coast's source, {mean} m by the height's")
            });
        }
    }

    fn surface(&mut self, zone: Zone, surface: Surface) {
        let wrong = surface.land_permille > 1000 || surface.kind != kind(surface.land_permille);
        self.kind.add_if(wrong, zone);
        self.land_permille += u64::from(surface.land_permille);
        self.surfaces += 1;
    }

    fn bathymetry(&mut self, view: &View, depth: Bathymetry) {
        let (mean, max) = (depth.depth_mean_m, depth.depth_max_m);
        if max > DEPTH_MAX_M || mean > max {
            self.depth_range.zone(view.index, view.zone, f64::from(max), || {
                format!("depths {mean} and {max} m (mean, deepest)")
            });
        }
        let Some(kind) = view.kind() else { return };
        // A lake counts as land and may be deep; only what no lake reaches is odd.
        if kind == SurfaceKind::Land && max > 2_000 {
            self.depth_land.zone(view.index, view.zone, f64::from(max), || {
                format!("land by the coast's source, {max} m deep by the depth's")
            });
        }
        let Some(terrain) = view.terrain.filter(|_| kind == SurfaceKind::Sea) else { return };
        let gap = (terrain.elevation_mean_m + mean as i32).abs();
        if gap > DEPTH_GAP_M {
            self.depth_terrain.zone(view.index, view.zone, f64::from(gap), || {
                format!("{mean} m deep, the ground at {} m", terrain.elevation_mean_m)
            });
        }
    }

    fn land_cover(&mut self, view: &View, cover: LandCover, climate: Option<Climate>) {
        let class = u8::from(cover.igbp);
        self.urban.add_if(class == URBAN, view.zone);
        match view.kind() {
            Some(SurfaceKind::Sea) => {
                self.cover_asked += 1;
                self.cover_wrong += u64::from(class != WATER);
            }
            Some(SurfaceKind::Land) => {
                self.cover_asked += 1;
                self.cover_wrong += u64::from(class == WATER);
                if class == WATER {
                    let weight = view.terrain.map_or(0, |terrain| terrain.elevation_mean_m);
                    self.reservoir.zone(view.index, view.zone, f64::from(weight), || {
                        format!("land, {weight} m high, under water today")
                    });
                }
            }
            Some(SurfaceKind::Coast) | None => {}
        }
        let Some(koppen) = climate.map(|climate| climate.koppen.as_str()) else { return };
        let odd = match class {
            RAIN_FOREST => koppen.starts_with("BW"),
            ICE => koppen.starts_with(['A', 'B']),
            _ => false,
        };
        if odd {
            self.cover_climate.zone(view.index, view.zone, 1.0, || {
                format!("{} in the climate {koppen}", cover.igbp.name())
            });
        }
    }

    pub(crate) fn say(self, staged: &Staged, found: &mut Found) {
        found.heaviest("terrain_range", self.range);
        found.heaviest("terrain_slope", self.slope);
        if self.sign.count as f64 > SIGN_SHARE_MAX * self.sign_asked as f64 {
            let message = format!(
                "{} of {} zones are on the wrong side of the sea's level",
                self.sign.count, self.sign_asked
            );
            found.say("terrain_sign_share", message);
        }
        found.heaviest("terrain_sign", self.sign);
        found.zones("surface_kind", self.kind, "its kind does not follow from its share of land");
        let share = self.land_permille as f64 / (1000.0 * self.surfaces.max(1) as f64);
        if self.surfaces >= ZONES_OF_A_LARGE_WORLD && !LAND_SHARE.contains(&share) {
            found.say("surface_share", format!("{:.1} % of the world is land", 100.0 * share));
        }
        found.heaviest("bathymetry_range", self.depth_range);
        found.heaviest("bathymetry_land", self.depth_land);
        found.heaviest("bathymetry_terrain", self.depth_terrain);
        if self.cover_wrong as f64 > COVER_SHARE_MAX * self.cover_asked as f64 {
            let message = format!(
                "{} of {} zones are covered as if they lay on the other side of the coast",
                self.cover_wrong, self.cover_asked
            );
            found.say("land_cover_share", message);
        }
        found.zones("land_cover_urban", self.urban, "a town of today covers most of it");
        found.heaviest("land_cover_reservoir", self.reservoir);
        found.heaviest("land_cover_climate", self.cover_climate);
        eras(staged, found);
    }
}

/// Surfaces that held for some years.
fn eras(staged: &Staged, found: &mut Found) {
    let (mut order, mut overlap, mut same, mut kinds) =
        (Heaviest::default(), Heaviest::default(), Count::default(), Count::default());
    let mut before: Option<(usize, i32)> = None;
    for (index, era) in staged.surface_intervals.iter() {
        let Some(&zone) = staged.zones.get(index) else { continue };
        let (from, to) = (era.valid_from, era.valid_to);
        if from > to {
            order.zone(index, zone, f64::from(from - to), || {
                format!("a surface that holds from {from} to {to}")
            });
        }
        if let Some((_, last)) = before.filter(|&(other, last)| other == index && last >= from) {
            overlap.zone(index, zone, f64::from(last - from), || {
                format!("two surfaces hold from {from} to {}", last.min(to))
            });
        }
        before = Some((index, to));
        let surface = era.surface;
        kinds.add_if(surface.kind != kind(surface.land_permille), zone);
        let base = staged.surface.get(index);
        same.add_if(base.is_some_and(|base| base.land_permille == surface.land_permille), zone);
    }
    found.heaviest("surface_interval_order", order);
    found.heaviest("surface_interval_overlap", overlap);
    found.zones("surface_kind", kinds, "an interval's kind does not follow from its share of land");
    found.zones("surface_interval_same", same, "its interval says what its base says");
}
