//! What grows, grazes or is caught in a zone, from its physical facts.
//!
//! Yields are what comes to market in an ordinary year where the price is `cost`, tonnes a square
//! kilometre. They are orders of magnitude: the map decides where, the equilibrium how dear.

use crate::goods::GoodId;
use tessera_world::{Cell, SurfaceKind};

/// A zone at resolution 5, km².
const ZONE_KM2: f64 = 253.0;
/// A drainage area from which on a river in dry country carries fields, km².
const IRRIGATING_KM2: u32 = 50_000;

/// In its lower course a river of dry country lies on its own plain and floods it; above it runs in a valley that it
/// has cut, and waters a strip. The first cataract of the Nile is at 90 m, Hit on the Euphrates at 60 m, Sukkur on the Indus at 60 m.
const OWN_PLAIN_BELOW_M: i32 = 150;

pub(super) fn is_irrigated(cell: &Cell) -> bool {
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
    put(GoodId::Barley, land.barley());
    put(GoodId::WineOld, land.wine_old());
    put(GoodId::WineNoble, land.wine_noble());
    put(GoodId::Honey, land.honey());
    put(GoodId::Figs, land.figs());
    put(GoodId::Linen, land.linen());
    put(GoodId::Hides, land.hides());
    put(GoodId::Timber, land.timber());
    put(GoodId::Amphorae, land.amphorae());
    tonnes[GoodId::Garum.index()] = land.garum_tonnes();
    tonnes[GoodId::Salt.index()] = land.salt_tonnes();
    tonnes[GoodId::SaltFish.index()] = land.salt_fish_tonnes();
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
        let plain = self.slope_permille < 60 && self.elevation_m < OWN_PLAIN_BELOW_M;
        self.is(&["BWh", "BSh"]) && self.great_river && plain
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

    /// Where wheat is less sure: dry steppe and the north.
    fn barley(&self) -> f64 {
        if self.irrigated() {
            return 1.6;
        }
        let climate = match self.koppen {
            "BSk" | "BSh" => 0.12,
            "Csa" | "Csb" | "Cfb" | "Dfb" => 0.09,
            "Cfa" | "Dsa" | "Dsb" | "Dfa" => 0.07,
            _ => 0.0,
        };
        climate * self.arable()
    }

    /// Of the vintage, what is kept for years: where summers are sure.
    fn wine_old(&self) -> f64 {
        if self.is(&["Csa", "Csb"]) { self.wine() * 0.08 } else { 0.0 }
    }

    /// Hills over a warm coast (Pliny NH 14.59-76: Falernus, Massicus, Chios, Lesbos).
    fn wine_noble(&self) -> f64 {
        let hills = self.slope_permille > 30 && self.elevation_m < 500;
        if self.koppen == "Csa" && self.coast && hills { self.wine() * 0.05 } else { 0.0 }
    }

    /// Hillsides in flower.
    fn honey(&self) -> f64 {
        let bloom = match self.koppen {
            "Csa" | "Csb" => 0.008,
            "Cfa" | "Cfb" | "BSk" => 0.003,
            _ => 0.0,
        };
        bloom * (1.0 - 0.5 * self.arable())
    }

    fn figs(&self) -> f64 {
        let sun = match self.koppen {
            "Csa" => 0.06,
            "BSh" => 0.05,
            _ if self.irrigated() => 0.05,
            _ => 0.0,
        };
        let mild = (1.0 - f64::from(self.elevation_m.max(0)) / 700.0).max(0.0);
        sun * mild
    }

    /// Flax wants wet ground: the Nile above all, then river meadows (Pliny NH 19.7-15).
    fn linen(&self) -> f64 {
        if self.irrigated() {
            return 0.04;
        }
        let wet = match self.koppen {
            "Csa" | "Cfb" | "Cfa" => 0.006,
            "BSk" | "Csb" => 0.004,
            _ => 0.0,
        };
        if self.river { wet } else { wet * 0.2 }
    }

    /// Cattle of the wet north and of the steppe.
    fn hides(&self) -> f64 {
        match self.koppen {
            "Cfb" | "Dfb" => 0.03,
            "Cfa" | "BSk" | "Dfa" => 0.022,
            "Csa" | "Csb" => 0.01,
            "Aw" | "BSh" => 0.012,
            _ => 0.0,
        }
    }

    /// Forest where the plough does not go.
    fn timber(&self) -> f64 {
        let wood = match self.koppen {
            "Cfa" | "Cfb" | "Dfb" | "Csb" => 0.35,
            "Csa" | "Dsb" | "Dsa" => 0.15,
            "Aw" | "Am" => 0.2,
            _ => 0.0,
        };
        wood * (1.0 - 0.8 * self.arable())
    }

    /// Potters of jars sit by clay and vineyards.
    fn amphorae(&self) -> f64 {
        let kilns = self.wine().min(1.0) * 0.25 + self.oil() * 0.2;
        if self.river { kilns } else { kilns * 0.4 }
    }

    fn salt_tonnes(&self) -> f64 {
        let sun = match self.koppen {
            "Csa" | "BSh" | "BWh" | "BSk" | "BWk" => 60.0,
            "Csb" | "Cfa" => 25.0,
            "Cfb" | "Aw" => 10.0,
            _ => 0.0,
        };
        if self.coast { sun } else { 0.0 }
    }

    /// Tunny runs and salt pans: the straits, the Black Sea, the Ocean (Strabo 3.1.8, 7.6.2).
    fn salt_fish_tonnes(&self) -> f64 {
        let catch = match self.koppen {
            "Csa" | "BSh" => 12.0,
            "Cfa" | "Cfb" | "Csb" | "BSk" | "Dfa" => 18.0,
            "BWh" => 6.0,
            _ => 0.0,
        };
        if self.coast { catch } else { 0.0 }
    }
}
