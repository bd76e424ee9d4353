//! Prices of the default world, as the map makes them: nothing here is in a table.

use otivm_rules::{
    GoodId,
    market::{self, Transport, equilibrium::RISK_A_DAY},
    world::Town,
};
use otivm_travel::Chart;
use std::{
    fmt::Write,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};
use tessera_release::Release;
use tessera_world::Place;

/// The empire without the lands beyond it: where the prices of wheat that we know come from.
const EMPIRE: [f64; 4] = [28.0, 55.5, -10.0, 41.0];

struct Default {
    places: Vec<Place>,
    towns: Vec<Town>,
    transport: Transport,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Default {
    fn made() -> Self {
        let named = std::env::var_os("OTIVM_RELEASE").unwrap();
        Self::of(&Release::open(Path::new(&named)).unwrap())
    }

    fn of(release: &Release) -> Self {
        let mut cells = Vec::new();
        release.for_each_cell(|cell| cells.push(cell)).unwrap();
        let places = release.places().unwrap();
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let drawn = |collection: &str| release.lines(collection);
        let chart = Arc::new(Chart::new(&cells).with_lines(drawn).unwrap());
        let transport = Transport::over(&chart, &places, threads).unwrap();
        let towns = market::towns(&places, &cells, &transport, threads).unwrap();
        Self { places, towns, transport }
    }

    fn index(&self, id: &str) -> usize {
        self.places.iter().position(|place| place.id == id).unwrap()
    }

    /// Asses a unit.
    fn price(&self, place: usize, good: GoodId) -> f64 {
        self.towns[place].stalls[good.index()].base_milliasses as f64 / 1000.0
    }

    fn at(&self, id: &str, good: GoodId) -> f64 {
        self.price(self.index(id), good)
    }

    /// The mean of a good over the places of a box (south, north, west, east).
    fn mean(&self, good: GoodId, [south, north, west, east]: [f64; 4]) -> f64 {
        let inside = |place: &Place| {
            (south..north).contains(&place.position.latitude())
                && (west..east).contains(&place.position.longitude())
        };
        let found: Vec<f64> = (0..self.places.len())
            .filter(|index| inside(&self.places[*index]))
            .map(|index| self.price(index, good))
            .collect();
        found.iter().sum::<f64>() / found.len() as f64
    }

    /// What a unit costs that is brought from one place to another.
    fn landed(&self, from: usize, to: usize, good: GoodId) -> Option<f64> {
        let carriage = self.transport.carriage(from, to)?;
        let tonnes = good.good().unit_grams as f64 / 1e6;
        let markup = 1.0 + RISK_A_DAY * f64::from(carriage.hours) / 24.0;
        let freight = f64::from(carriage.milliasses_tonne) / 1000.0 * tonnes;
        Some(self.price(from, good) * markup + freight)
    }
}

/// Least squares: constant, slope, R².
fn regression(points: &[(f64, f64)]) -> (f64, f64, f64) {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        points.iter().map(|(x, y)| of(x - mean_x, y - mean_y)).sum::<f64>()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    (mean_y - xy / xx * mean_x, xy / xx, xy * xy / (xx * yy))
}

/// Distance from Rome in kilometres, and how much less a modius of wheat costs than there, sesterces.
fn discounts(world: &Default) -> Vec<(f64, f64)> {
    const MODII: f64 = 6.0;
    const ASSES: f64 = 4.0;
    let rome = world.index("roma");
    let [south, north, west, east] = EMPIRE;
    let inside = |place: &Place| {
        (south..north).contains(&place.position.latitude())
            && (west..east).contains(&place.position.longitude())
            && place.harbour == tessera_world::Harbour::Sea
    };
    let sesterces = |index| world.price(index, GoodId::Wheat) / MODII / ASSES;
    (0..world.places.len())
        .filter(|index| *index != rome && inside(&world.places[*index]))
        .map(|index| {
            let km = world.places[index].position.distance_km(world.places[rome].position);
            (km, sesterces(index) - sesterces(rome))
        })
        .collect()
}

#[test]
#[ignore = "reads the release of the default world that OTIVM_RELEASE names"]
fn default_world_prices_lean_the_way_that_history_tells() {
    let world = Default::made();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(root().join("docs/architecture/economy.md"), page(&world)).unwrap();
    }
    let wheat = |id| world.at(id, GoodId::Wheat);
    let egypt = world.mean(GoodId::Wheat, [24.0, 31.6, 29.0, 33.5]);
    // Italy, Africa, Baetica, southern Gaul, Greece, western Asia.
    let elsewhere = [
        [40.0, 43.0, 11.0, 16.0],
        [33.0, 37.5, 7.0, 12.0],
        [36.0, 38.5, -7.0, -2.0],
        [42.5, 45.0, 2.0, 7.0],
        [36.5, 40.0, 21.0, 24.5],
        [36.5, 40.5, 26.0, 29.0],
    ];
    let means = elsewhere.map(|land| world.mean(GoodId::Wheat, land));
    assert!(means.iter().all(|mean| egypt < *mean), "{egypt} {means:?}");
    // Inland towns that no ship reaches may pay more than Rome; no harbour of the empire does.
    let [south, north, west, east] = EMPIRE;
    for (index, place) in world.places.iter().enumerate() {
        let inside = (south..north).contains(&place.position.latitude())
            && (west..east).contains(&place.position.longitude());
        if inside && place.harbour == tessera_world::Harbour::Sea {
            let price = world.price(index, GoodId::Wheat);
            assert!(price < wheat("roma"), "{} {price} {}", place.id, wheat("roma"));
        }
    }
    let great = ["roma", "carthago", "ephesus", "antiochia-orontes"];
    assert!(great.iter().all(|id| wheat("alexandria") < wheat(id)));
    let (constant, slope, fit) = regression(&discounts(&world));
    assert!(slope < 0.0 && constant < 0.5, "{constant} {slope} {fit}");

    let [east, west] = [[29.0, 38.0, 30.0, 37.0], [36.0, 52.0, -10.0, 0.0]];
    let ratio = |good| world.mean(good, east) / world.mean(good, west);
    assert!(ratio(GoodId::Tin) > 1.05, "tin {}", ratio(GoodId::Tin));
    assert!(ratio(GoodId::Papyrus) < 0.97, "papyrus {}", ratio(GoodId::Papyrus));
    for good in [GoodId::Pepper, GoodId::Incense, GoodId::Silk] {
        let source = (0..world.places.len())
            .map(|index| world.price(index, good))
            .fold(f64::INFINITY, f64::min);
        assert!(world.at("roma", good) > 1.15 * source, "{good:?} {source}");
    }
}

#[test]
#[ignore = "reads the release of the default world that OTIVM_RELEASE names"]
fn default_world_nothing_costs_more_than_it_costs_elsewhere_with_its_carriage() {
    let world = Default::made();
    // The relaxation stops at a few thousandths of the worth, and sooner where carriage is next to nothing.
    for good in GoodId::ALL {
        let slack = good.good().worth_asses as f64 * 0.02 + 0.01;
        for to in 0..world.places.len() {
            if world.towns[to].stalls[good.index()].local_permille > 0 {
                continue;
            }
            let cheapest = (0..world.places.len())
                .filter(|from| *from != to)
                .filter_map(|from| world.landed(from, to, good))
                .fold(f64::INFINITY, f64::min);
            let price = world.price(to, good);
            assert!(
                price <= cheapest + slack,
                "{good:?} in {} {price} {cheapest}",
                world.places[to].id
            );
        }
    }
}

/// Written anew by `BLESS=1 OTIVM_RELEASE=FILE cargo nextest run -p otivm-rules --run-ignored all default_world`.
fn page(world: &Default) -> String {
    let mut text = String::from(
        "# The economy of the default world\n\n\
         Written by `BLESS=1 OTIVM_RELEASE=FILE cargo nextest run -p otivm-rules --run-ignored all default_world`, from the publishers' files. Supply is\n\
         what the land around a place yields (`market/land.rs`) and what is worked there (`market/works.rs`);\n\
         demand follows population and rank; prices are the spatial equilibrium with the cost of carriage.\n\n\
         ## Wheat and the distance from Rome\n\n\
         Sesterces a modius less than in Rome, against the distance as the crow flies, at the sea\n\
         harbours of the empire:\n\n",
    );
    let points = discounts(world);
    let (constant, slope, fit) = regression(&points);
    write!(
        text,
        "| | constant | per 1,000 km | R² | places |\n|---|--:|--:|--:|--:|\n\
         | this world | {constant:.2} | {:.2} | {fit:.2} | {} |\n\n\
         ## Prices\n\nAsses a unit, without players.\n\n\
         | good | unit | kg | cost | worth | Roma | Alexandria | Gades | Muziris | source |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|---|\n",
        slope * 1000.0,
        points.len()
    )
    .unwrap();
    for good in GoodId::ALL {
        let row = good.good();
        let price = |id: &str| world.at(id, good);
        writeln!(
            text,
            "| {} | {} | {:.1} | {} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {} |",
            row.english,
            row.unit_english,
            row.unit_grams as f64 / 1000.0,
            row.cost_asses,
            row.worth_asses,
            price("roma"),
            price("alexandria"),
            price("gades"),
            price("muziris"),
            row.source
        )
        .unwrap();
    }
    text
}
