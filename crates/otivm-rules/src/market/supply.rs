//! What the land around a place yields, from the physical facts of its zones.
//!
//! A zone feeds the nearest place within [`HINTERLAND_RINGS`]; what is grown farther off is eaten where
//! it grows. Yields are what comes to market in an ordinary year where the price is `cost`, tonnes a
//! square kilometre. They are orders of magnitude: the map decides where, the equilibrium how dear.

use crate::goods::GoodId;
use std::collections::BTreeMap;
use tessera_grid::Zone;
use tessera_world::{Cell, Place, SurfaceKind};

/// Rings around a place that it lives on: some 100 km, four days of a cart.
pub const HINTERLAND_RINGS: u32 = 6;
/// Less reaches the market from each ring farther out.
const LOST_PER_RING: f64 = 0.1;
/// A zone at resolution 5, km².
const ZONE_KM2: f64 = 253.0;
/// A drainage area from which on a river in dry country carries fields, km².
const IRRIGATING_KM2: u32 = 50_000;

/// Wheat of a flooded plain costs half the work: ten- to fifteenfold seed against four (Columella
/// 3.3.4; Rathbone 1991, 242-244).
const WATERED_COST_SHARE: f64 = 0.5;

/// Tin that was worked under the empire: latitude, longitude, tonnes a year at `cost`.
/// Penhallurick 1986 (Cornwall); Meredith 1998 (Gallaecia and Lusitania); Giot 1998 (Armorica).
const TIN: [(f64, f64, f64); 5] = [
    (50.2, -5.2, 60.0),
    (42.3, -7.2, 120.0),
    (41.6, -7.8, 90.0),
    (40.4, -7.0, 70.0),
    (47.6, -2.2, 25.0),
];

/// Which place a zone feeds, and how much of its yield gets there.
pub struct Hinterland(BTreeMap<Zone, (u32, i64, usize)>);

impl Hinterland {
    pub fn of(places: &[Place]) -> Self {
        let mut nearest: BTreeMap<Zone, (u32, i64, usize)> = BTreeMap::new();
        for (index, place) in places.iter().enumerate() {
            let mut inner = Vec::new();
            for ring in 0..=HINTERLAND_RINGS {
                let disk = place.zone.disk(ring);
                for zone in disk.iter().filter(|zone| !inner.contains(*zone)) {
                    // As many rings from two places: the nearer one has it, to the metre.
                    let metres = zone.centre().distance_km(place.position) * 1000.0;
                    let claim = (ring, metres.round() as i64, index);
                    let held = nearest.entry(*zone).or_insert(claim);
                    *held = (*held).min(claim);
                }
                inner = disk;
            }
        }
        Self(nearest)
    }

    /// The place, and the share of the yield that reaches it.
    pub fn fed_by(&self, zone: Zone) -> Option<(usize, f64)> {
        let (ring, _, place) = self.0.get(&zone)?;
        Some((*place, 1.0 - f64::from(*ring) * LOST_PER_RING))
    }
}

/// What one place brings to market of one good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Units a year where the price is what it costs.
    pub units: f64,
    /// Of the good's `cost`: 1 ordinarily, less where the land gives more for the work.
    pub cost_share: f64,
}

/// What each place's hinterland brings to market, good by good.
pub fn supply<'a>(
    places: &[Place],
    cells: impl IntoIterator<Item = &'a Cell>,
) -> Vec<[Supply; GoodId::COUNT]> {
    let hinterland = Hinterland::of(places);
    let mut tonnes = vec![[0.0; GoodId::COUNT]; places.len()];
    // Wheat of watered plains, which costs less.
    let mut watered = vec![0.0; places.len()];
    for cell in cells {
        let Some((place, share)) = hinterland.fed_by(cell.zone) else {
            continue;
        };
        let yielded = yields(cell);
        for (sum, yielded) in tonnes[place].iter_mut().zip(yielded) {
            *sum += yielded * share;
        }
        if is_irrigated(cell) {
            watered[place] += yielded[GoodId::Wheat.index()] * share;
        }
    }
    for (latitude, longitude, a_year) in TIN {
        if let Some(place) = nearest(places, latitude, longitude) {
            tonnes[place][GoodId::Tin.index()] += a_year;
        }
    }
    let of_good = |place: usize, good: GoodId| {
        let brought = tonnes[place][good.index()];
        let easy =
            if good == GoodId::Wheat && brought > 0.0 { watered[place] / brought } else { 0.0 };
        Supply {
            units: brought * 1e6 / good.good().unit_grams as f64,
            cost_share: 1.0 - easy * (1.0 - WATERED_COST_SHARE),
        }
    };
    (0..places.len()).map(|place| GoodId::ALL.map(|good| of_good(place, good))).collect()
}

/// The place to which a mine sends its ingots, if the world reaches so far.
fn nearest(places: &[Place], latitude: f64, longitude: f64) -> Option<usize> {
    const HAUL_KM: f64 = 300.0;
    let mine = tessera_grid::Position::new(latitude, longitude).ok()?;
    let away = |place: &Place| place.position.distance_km(mine);
    let (index, place) =
        places.iter().enumerate().min_by(|(_, a), (_, b)| away(a).total_cmp(&away(b)))?;
    (away(place) <= HAUL_KM).then_some(index)
}

fn is_irrigated(cell: &Cell) -> bool {
    Land::of(cell).is_some_and(|land| land.irrigated())
}

/// What grows, grazes or is caught in a zone, tonnes a year.
pub fn yields(cell: &Cell) -> [f64; GoodId::COUNT] {
    let mut tonnes = [0.0; GoodId::COUNT];
    let Some(land) = Land::of(cell) else {
        return tonnes;
    };
    let mut put = |good: GoodId, per_km2: f64| tonnes[good.index()] = per_km2 * land.km2;
    put(GoodId::Wheat, land.wheat());
    put(GoodId::Wine, land.wine());
    put(GoodId::Oil, land.oil());
    put(GoodId::Wool, land.wool());
    put(GoodId::Pottery, land.pottery());
    put(GoodId::Papyrus, land.papyrus());
    put(GoodId::Pepper, land.pepper());
    put(GoodId::Incense, land.incense());
    tonnes[GoodId::Garum.index()] = land.garum_tonnes();
    tonnes
}

/// The facts of a zone that a farmer would ask for.
struct Land<'a> {
    km2: f64,
    koppen: &'a str,
    coast: bool,
    elevation_m: i32,
    slope_permille: u32,
    /// A river that carries boats, or drains a wide country.
    great_river: bool,
    river: bool,
    latitude: f64,
    longitude: f64,
}

impl<'a> Land<'a> {
    fn of(cell: &'a Cell) -> Option<Self> {
        let surface = cell.surface?;
        let koppen = cell.climate.as_ref()?.koppen.as_str();
        let centre = cell.zone.centre();
        let (elevation_m, slope_permille) = cell
            .terrain
            .map_or((0, 0), |terrain| (terrain.elevation_mean_m, terrain.slope_permille));
        let great_river = cell.river.as_ref().is_some_and(|river| {
            river.navigable || river.upstream_km2.is_some_and(|km2| km2 >= IRRIGATING_KM2)
        });
        (surface.land_permille > 0).then(|| Self {
            km2: ZONE_KM2 * f64::from(surface.land_permille) / 1000.0,
            koppen,
            coast: surface.kind == SurfaceKind::Coast,
            elevation_m,
            slope_permille,
            great_river,
            river: cell.river.is_some(),
            latitude: centre.latitude(),
            longitude: centre.longitude(),
        })
    }

    fn is(&self, classes: &[&str]) -> bool {
        classes.contains(&self.koppen)
    }

    fn dry(&self) -> bool {
        self.is(&["BWh", "BSh", "BWk", "BSk"])
    }

    /// A plain that a great river waters: the Nile and its delta, Euphrates and Tigris, Indus.
    fn irrigated(&self) -> bool {
        self.is(&["BWh", "BSh"]) && self.great_river && self.slope_permille < 60
    }

    /// 0 in the mountains, 1 on the plain.
    fn arable(&self) -> f64 {
        let level = 1.0 - f64::from(self.slope_permille) / 120.0;
        let low = 1.0 - f64::from(self.elevation_m.max(0)) / 1600.0;
        level.max(0.0) * low.clamp(0.0, 1.0)
    }

    fn wheat(&self) -> f64 {
        if self.irrigated() {
            return 16.0;
        }
        let climate = match self.koppen {
            "Csa" | "Csb" => 0.6,
            "Cfa" | "Cfb" | "Dsa" | "Dsb" => 0.5,
            "BSk" | "BSh" => 0.35,
            "Dfa" | "Dfb" => 0.15,
            _ => 0.0,
        };
        climate * self.arable()
    }

    fn wine(&self) -> f64 {
        let climate = match self.koppen {
            "Csa" | "Csb" => 1.4,
            "Cfa" => 0.9,
            "Cfb" if self.latitude < 49.5 => 0.5,
            "BSk" | "BSh" if (30.0..43.0).contains(&self.latitude) => 0.3,
            _ => 0.0,
        };
        // Vines want a slope, not a cliff: most at 40 thousandths.
        let slope = f64::from(self.slope_permille);
        let lie = (1.0 - (slope - 40.0).abs() / 120.0).max(0.0);
        let low = (1.0 - f64::from(self.elevation_m.max(0)) / 1000.0).max(0.0);
        climate * lie * low
    }

    fn oil(&self) -> f64 {
        let climate = match self.koppen {
            "Csa" => 0.32,
            "BSh" if (29.0..38.0).contains(&self.latitude) => 0.22,
            "BSk" if (30.0..40.0).contains(&self.latitude) => 0.12,
            "Csb" if self.latitude < 42.0 => 0.08,
            _ => 0.0,
        };
        // Frost keeps the olive below some 600 m.
        let mild = (1.0 - f64::from(self.elevation_m.max(0)) / 700.0).max(0.0);
        climate * mild
    }

    fn wool(&self) -> f64 {
        let pasture = match self.koppen {
            "BSk" | "Csb" | "Cfb" => 0.012,
            "Csa" | "Cfa" | "BSh" | "Dsb" => 0.007,
            "Dfb" | "Dsa" => 0.005,
            _ => 0.0,
        };
        // Sheep take what the plough leaves.
        pasture * (1.0 - 0.6 * self.arable())
    }

    /// Clay from a river's banks, wood to fire it.
    fn pottery(&self) -> f64 {
        let wood = match self.koppen {
            "Cfa" | "Cfb" => 0.016,
            "Csa" | "Csb" | "Dfb" => 0.01,
            _ => 0.0,
        };
        if self.river { wood } else { wood * 0.15 }
    }

    /// Cyperus papyrus: standing fresh water of the Nile (Pliny NH 13.71).
    fn papyrus(&self) -> f64 {
        let nile = (29.0..34.0).contains(&self.longitude) && self.latitude < 31.8;
        if nile && self.irrigated() && self.elevation_m < 60 { 0.05 } else { 0.0 }
    }

    /// Piper nigrum: wet hills of Malabar, its only home then (Periplus 56).
    fn pepper(&self) -> f64 {
        let malabar = self.longitude > 73.0 && self.latitude < 15.5;
        if malabar && self.is(&["Am", "Af", "As", "Aw"]) && self.longitude < 77.6 {
            0.008
        } else {
            0.0
        }
    }

    /// Boswellia: dry hills of south Arabia and the Horn (Periplus 27-32).
    fn incense(&self) -> f64 {
        let home = (42.0..58.0).contains(&self.longitude) && (9.5..18.5).contains(&self.latitude);
        if home && self.dry() && self.slope_permille > 8 { 0.005 } else { 0.0 }
    }

    /// Fish of a shore where the sun makes salt.
    fn garum_tonnes(&self) -> f64 {
        let sun = match self.koppen {
            "Csa" | "BSh" | "BWh" => 30.0,
            "BSk" | "Csb" => 20.0,
            "Cfa" => 6.0,
            _ => 0.0,
        };
        if self.coast && self.latitude > 27.0 { sun } else { 0.0 }
    }
}
