//! The grid itself: no hole, no zone twice, none outside; and every layer where it belongs.
//!
//! The zones that must be there are walked side by side with those that are: no set of all zones is built.

use crate::found::{Count, Found};
use crate::walk::{Look, View};
use tessera_grid::{Resolution, Zone, ZoneRange, zone_ranges_in};
use tessera_stage::staged::Staged;
use tessera_world::{STANDARD_EPOCHS, SurfaceKind};

/// The box's edge is followed by zones so many steps coarser than the world's.
const EDGE_STEPS: u8 = 2;
/// A layer that speaks of a smaller share of the zones it could speak of is patchy.
const LAYER_SHARE_MIN: f64 = 0.9;
/// A world of fewer zones may be a sample of one year.
const ZONES_OF_A_LARGE_WORLD: usize = 10_000;
/// Missing zones that are asked whether a pentagon is near; there are twelve pentagons.
const PENTAGON_ASKED_MAX: u64 = 100_000;

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    zones(staged, found);
    coarse(staged, found);
    world(staged, found);
}

fn zones(staged: &Staged, found: &mut Found) {
    let (mut twice, mut outside, mut hole, mut pentagon) =
        (Count::default(), Count::default(), Count::default(), Count::default());
    let mut there = staged.zones.iter().copied().peekable();
    let mut last = None;
    // Takes zones that nobody expects, up to the next that somebody does.
    let mut unexpected = |zone: Zone, last: Option<Zone>| {
        if last.is_some_and(|last| last >= zone) { twice.add(zone) } else { outside.add(zone) }
    };
    for zone in expected(staged) {
        while let Some(stranger) = there.next_if(|there| *there < zone) {
            unexpected(stranger, last);
            last = Some(stranger).max(last);
        }
        if there.next_if_eq(&zone).is_some() {
            last = Some(zone);
            continue;
        }
        hole.add(zone);
        if hole.count < PENTAGON_ASKED_MAX {
            let near = zone.is_pentagon() || zone.neighbours().any(Zone::is_pentagon);
            pentagon.add_if(near, zone);
        }
    }
    for stranger in there {
        unexpected(stranger, last);
        last = Some(stranger).max(last);
    }
    found.zones("coverage_duplicate", twice, "stands twice or out of order");
    found.zones("coverage_outside", outside, "is not centred in the box, or of another resolution");
    found.zones("coverage_hole", hole, "is missing from the grid");
    found.zones("coverage_pentagon", pentagon, "is missing at one of the grid's twelve pentagons");
}

/// Every zone centred in the box, ascending.
fn expected(staged: &Staged) -> impl Iterator<Item = Zone> {
    let (bbox, resolution) = (staged.bbox, staged.resolution);
    let coarse = u8::from(resolution).saturating_sub(EDGE_STEPS);
    let coarse = Resolution::try_from(coarse).unwrap_or(resolution);
    let zones = move |range: ZoneRange| {
        root_of(range).descendants(resolution).map(move |zone| (zone, range.inside))
    };
    zone_ranges_in(bbox, coarse, resolution)
        .into_iter()
        .flat_map(zones)
        .filter(move |&(zone, inside)| inside || bbox.contains(zone.centre()))
        .map(|(zone, _)| zone)
}

/// The zone whose descendants a range is.
fn root_of(range: ZoneRange) -> Zone {
    let finest = u8::from(range.first.resolution());
    (0..=finest)
        .rev()
        .filter_map(|number| range.first.ancestor(Resolution::try_from(number).ok()?))
        .find(|root| range.last.ancestor(root.resolution()) == Some(*root))
        .unwrap_or(range.first)
}

/// Layers on coarse zones.
fn coarse(staged: &Staged, found: &mut Found) {
    let mut windless = Count::default();
    for (&zone, wind) in staged.coarse_zones.iter().zip(&staged.wind) {
        windless.add_if(wind.is_none(), zone);
    }
    found.zones("coverage_hole", windless, "has no wind");
    let zones = staged.coarse_zones.len();
    let mut patchy = |layer: &str, facts: usize| {
        if facts > 0 && (facts as f64) < LAYER_SHARE_MIN * zones as f64 {
            let share = 100.0 * facts as f64 / zones as f64;
            found.say(
                "coverage_layer",
                format!("{layer} speaks of {share:.1} % of {zones} coarse zones"),
            );
        }
    };
    let weather = || staged.weather.iter().flatten();
    patchy("rain", weather().filter(|weather| weather.rain.is_some()).count());
    patchy("temperature", weather().filter(|weather| weather.temperature.is_some()).count());
    patchy("geology", staged.geology.iter().flatten().count());
}

/// What holds of the world as a whole.
fn world(staged: &Staged, found: &mut Found) {
    let epochs = &staged.epochs;
    if !epochs.is_sorted_by(|a, b| a < b) || !epochs.contains(&staged.epoch) {
        found.say(
            "epoch_order",
            format!("the epochs are {epochs:?}, played by default is {}", staged.epoch),
        );
    }
    let missing: Vec<i32> =
        STANDARD_EPOCHS.into_iter().filter(|year| !epochs.contains(year)).collect();
    if !missing.is_empty() && staged.zones.len() >= ZONES_OF_A_LARGE_WORLD {
        found.say("epoch_standard", format!("the epochs leave out {missing:?}"));
    }
    for year in epochs {
        if !staged.places.is_empty() && !staged.places.iter().any(|place| place.held_in(*year)) {
            found.say("epoch_empty", format!("no place is inhabited in the year {year}"));
        }
    }
}

/// Dense layers: whether they speak of every zone they must.
#[derive(Default)]
pub(crate) struct Layers {
    terrain: Count,
    surface: Count,
    climate: Count,
    /// Zones with land, and those of them with a land cover.
    land: u64,
    covered: u64,
    /// Zones with sea, and those of them with a depth.
    sea: u64,
    deep: u64,
}

impl Look for Layers {
    fn look(&mut self, view: &View) {
        self.terrain.add_if(view.terrain.is_none(), view.zone);
        self.surface.add_if(view.surface.is_none(), view.zone);
        match view.kind() {
            Some(SurfaceKind::Land) => {
                self.climate.add_if(view.climate.is_none(), view.zone);
                self.land += 1;
                self.covered += u64::from(view.land_cover.is_some());
            }
            Some(SurfaceKind::Sea) => {
                self.sea += 1;
                self.deep += u64::from(view.bathymetry.is_some());
            }
            Some(SurfaceKind::Coast) | None => {}
        }
    }

    fn join(&mut self, later: Self) {
        self.terrain.join(later.terrain);
        self.surface.join(later.surface);
        self.climate.join(later.climate);
        self.land += later.land;
        self.covered += later.covered;
        self.sea += later.sea;
        self.deep += later.deep;
    }
}

impl Layers {
    pub(crate) fn say(self, found: &mut Found) {
        found.zones("coverage_hole", self.terrain, "has no terrain");
        found.zones("coverage_hole", self.surface, "has no surface");
        found.zones("coverage_hole", self.climate, "is land without a climate");
        for (layer, of, have) in
            [("land_cover", self.land, self.covered), ("bathymetry", self.sea, self.deep)]
        {
            if have > 0 && (have as f64) < LAYER_SHARE_MIN * of as f64 {
                let share = 100.0 * have as f64 / of as f64;
                found.say(
                    "coverage_layer",
                    format!("{layer} speaks of {share:.1} % of the {of} zones it could"),
                );
            }
        }
    }
}
