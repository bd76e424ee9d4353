//! Whatever is asked of zones, the pages of a walk are full but for the last, and together they hold what a
//! look at every whole zone selects.

use super::{
    Collection, Selection,
    layers::LAYERS,
    record::{Record, Seen},
    select::Page,
};
use crate::{
    cql,
    intersect::touches,
    releases::{OpenRelease, Wanted},
    years::Years,
};
use proptest::prelude::*;
use std::rc::Rc;
use tessera_grid::{BBox, Resolution};
use tessera_release::Release;
use theron_testkit::world::SmallWorld;

struct Scene {
    open: OpenRelease,
    file: Release,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn of(world: &SmallWorld) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = world.write(&folder.path().join("world.sqlite3")).unwrap();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let open = OpenRelease::open(made.id, made.sha256, now, &made.path).unwrap();
        Self { file: Release::open(&made.path).unwrap(), open, _folder: folder }
    }

    fn collection(&self, id: &str) -> &Collection {
        self.open.collections().iter().find(|collection| collection.id == id).unwrap()
    }

    /// Every page of a walk.
    fn walk(&self, id: &str, asked: &Asked) -> Vec<Page> {
        let collection = self.collection(id);
        let columns = collection.columns(&self.file).unwrap();
        let (mut pages, mut after) = (Vec::new(), None::<String>);
        loop {
            let selection = Selection {
                boxes: asked.boxes.clone(),
                years: asked.years,
                filter: asked.filter(collection, &self.file),
                after: after.clone(),
                limit: asked.limit,
                wanted: Wanted::always(),
            };
            let page = collection.page(&self.open, &self.file, &columns, &selection).unwrap();
            after.clone_from(&page.next);
            pages.push(page);
            if after.is_none() {
                return pages;
            }
        }
    }

    /// What is selected of all zones, each read whole.
    fn select(&self, id: &str, asked: &Asked) -> Vec<Record> {
        let collection = self.collection(id);
        let columns = collection.columns(&self.file).unwrap();
        let filter = asked.filter(collection, &self.file);
        let layer = LAYERS.iter().find(|layer| id == format!("cells-{}", layer.id));
        let epoch = self.open.info().epoch;
        let year = asked.years.map_or(epoch, |years| years.shown(epoch));
        let mut found = Vec::new();
        let here =
            |zone| asked.boxes.is_empty() || asked.boxes.iter().any(|part| touches(zone, *part));
        self.file
            .for_each_cell_in(year, |cell| {
                let spoken = layer.is_none_or(|layer| layer.speaks_of(&cell)) && here(cell.zone);
                let record = Record::Cell(Box::new(cell));
                let provenances = self.open.provenances();
                let seen = Seen { record: &record, columns: &columns, provenances };
                let selected = filter.as_ref().is_none_or(|filter| filter.selects(&seen));
                if spoken && selected {
                    found.push(record);
                }
            })
            .unwrap();
        found
    }
}

#[derive(Clone, Debug)]
struct Asked {
    filter: Option<String>,
    boxes: Vec<BBox>,
    years: Option<Years>,
    limit: usize,
}

impl Asked {
    fn filter(&self, collection: &Collection, file: &Release) -> Option<cql::Filter> {
        let columns = collection.columns(file).unwrap();
        self.filter.as_ref().map(|text| cql::parse(text, columns.list()).unwrap())
    }
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        (-3..220_i32).prop_map(|metres| format!("elevation_mean_m > {metres}")),
        (100..310_u32).prop_map(|metres| format!("depth_max_m BETWEEN 90 AND {metres}")),
        prop::sample::select(vec![
            "koppen = 'Csa'",
            "koppen IS NULL",
            "land_cover LIKE '%crop%'",
            "land_permille <= 200",
            "surface_source = 'other'",
            "terrain_certainty = 'conjectured'",
            "river_latin = 'Tiberis'",
            "river_latin IS NULL",
            "river_modern IN ('Tevere', 'Arno')",
            "river_navigable = FALSE",
            "lake_water_permille >= 10",
            "CASEI(lake_latin) LIKE CASEI('lacus%')",
            "wind_u_cm_s IS NOT NULL",
            "rain_source = 'made'",
            "crust IS NOT NULL",
            "conflicts > 0",
            "S_INTERSECTS(geometry, BBOX(12, 41, 13.2, 42))",
        ])
        .prop_map(str::to_owned),
    ]
}

fn filter() -> impl Strategy<Value = String> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(|parts| format!("({})", parts.join(") AND ("))),
            several().prop_map(|parts| format!("({})", parts.join(") OR ("))),
            inner.clone().prop_map(|part| format!("NOT ({part})")),
        ]
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let corner = (11.0..14.0_f64, 40.0..42.0_f64, 0.1..2.0_f64);
    let part = corner
        .prop_map(|(west, south, wide)| BBox::new(west, south, west + wide, south + wide).unwrap());
    let years = prop::option::of(prop::sample::select(vec!["-0300-01-01", "0001-01-01"]));
    (prop::option::of(filter()), prop::collection::vec(part, 0..3), years, 1..30_usize).prop_map(
        |(filter, boxes, years, limit)| {
            let years = years.map(|text| Years::try_from(text.to_owned()).unwrap());
            Asked { filter, boxes, years, limit }
        },
    )
}

/// Made once for each thread of the tests.
fn latium() -> Rc<Scene> {
    thread_local!(static LATIUM: Rc<Scene> = Rc::new(Scene::of(&SmallWorld::latium())));
    LATIUM.with(Rc::clone)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_of_zones_are_full_but_for_the_last_and_hold_what_the_filter_selects(asked in asked()) {
        let pages = latium().walk("cells", &asked);
        let (last, full) = pages.split_last().unwrap();
        prop_assert!(full.iter().all(|page| page.records.len() == asked.limit));
        prop_assert!(full.is_empty() || !last.records.is_empty(), "the last page is empty");
        let expected = latium().select("cells", &asked);
        prop_assert!(pages.iter().all(|page| page.matched == Some(expected.len() as u64)));
        let found: Vec<Record> = pages.into_iter().flat_map(|page| page.records).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn pages_of_a_layer_s_zones_are_full_as_well(
        (mut asked, layer) in (asked(), prop::sample::select(vec!["river", "lake", "wind"])),
    ) {
        let filter = asked.filter.map(|_| format!("{layer}_source = 'made'"));
        asked.filter = filter;
        let id = format!("cells-{layer}");
        let pages = latium().walk(&id, &asked);
        let (_, full) = pages.split_last().unwrap();
        prop_assert!(full.iter().all(|page| page.records.len() == asked.limit));
        let found: Vec<Record> = pages.into_iter().flat_map(|page| page.records).collect();
        prop_assert_eq!(found, latium().select(&id, &asked));
    }
}

#[test]
fn what_several_layers_of_a_release_say_together_is_a_collection() {
    let scene = latium();
    let asked = Asked { filter: None, boxes: Vec::new(), years: None, limit: 1000 };
    let held = scene.file.layers().unwrap();
    let ids = |id| held.iter().any(|held| held.id == id);
    assert!(ids("rain") && ids("temperature") && ids("crust") && !ids("orogen"));
    for (id, count) in [("cells-weather", None), ("cells-geology", Some(1))] {
        assert_eq!(scene.collection(id).count, count, "{id}");
        let [page] = scene.walk(id, &asked).try_into().ok().unwrap();
        assert!(!page.records.is_empty(), "{id}");
        assert_eq!(page.records, scene.select(id, &asked), "{id}");
    }
}

#[test]
fn the_few_zones_that_a_filter_selects_are_found_however_many_lie_between_them() {
    let mut world = SmallWorld::latium_at(Resolution::try_from(9).unwrap());
    let apart = world.cells.len() - 1;
    assert!(apart > 400_000, "{apart}");
    for (index, cell) in world.cells.iter_mut().enumerate() {
        (cell.climate, cell.river) = (None, None);
        let height = if index % apart == 0 { 4000 } else { 100 };
        cell.terrain.as_mut().unwrap().elevation_mean_m = height;
    }
    let scene = Scene::of(&world);
    let filter = Some("elevation_mean_m > 3000".to_owned());
    let asked = Asked { filter, boxes: Vec::new(), years: None, limit: 2 };
    let pages = scene.walk("cells", &asked);
    let ids: Vec<Vec<String>> =
        pages.iter().map(|page| page.records.iter().map(Record::id).collect()).collect();
    let ends = [0, apart].map(|index| world.cells[index].zone.to_string());
    assert_eq!(ids, [ends.to_vec()], "one page, and it is the last");
}
