//! What breaks a file of the small world.

use super::rows::LAKES;
use crate::small::{self, Axes, Small, height};
use std::fs;

/// A rule, and what breaks it in the files.
pub(super) type FileFault = (&'static str, fn(&Small));

pub(super) const FILE_FAULTS: &[FileFault] = &[
    ("file_missing", |small| fs::remove_file(small.path("land.prj")).unwrap()),
    ("checksum", |small| {
        let sum = "ab".repeat(32);
        small.edit(
            "sources.toml",
            "{ file = \"winds.cdf\" } }",
            &format!("{{ file = \"winds.cdf\" }}, sha256 = \"{sum}\" }}"),
        );
    }),
    ("file_truncated", |small| small.truncate("heights.cdf", 30_000)),
    ("file_truncated", |small| small.truncate("land.shp", 150)),
    ("row_broken", |small| small.truncate("drainage.dbf", 200)),
    ("file_unreadable", |small| fs::write(small.path("heights.cdf"), "no netCDF at all").unwrap()),
    ("file_unreadable", |small| fs::write(small.path("climate.png"), "no PNG at all").unwrap()),
    ("schema", |small| small.edit("sources.toml", "\"ROSE\"", "\"TULIP\"")),
    ("schema", |small| small.edit("places.csv", "lat,lon", "lon,lat")),
    ("schema", |small| small.edit("sources.toml", "\"upArea\"", "\"area\"")),
    ("schema", |small| small.edit("legend.csv", "Ocean", "Water")),
    ("schema", |small| {
        fs::write(small.path("lakes.json"), a_lake("Lacus", "")).unwrap();
        small.add_dataset("lakes", &LAKES.replace("\"year\"", "\"made\""), &["lakes.json"]);
    }),
    ("file_unreadable", |small| {
        small.add_place("ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,,,\"an open remark");
        small.add_place("capua,Capua,,37.6,24.4,Achaia,none,4,,certain,x:1,,,");
    }),
    ("projection", |small| {
        fs::write(small.path("rivers.prj"), "PROJCS[\"ETRS89 / LAEA Europe\",GEOGCS[\"ETRS89\"]]")
            .unwrap();
    }),
    ("axis_irregular", |small| {
        let mut axes = Axes::default();
        axes.latitudes[40] += 0.05;
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("axis_drift", |small| {
        let mut axes = Axes::default();
        for (index, longitude) in axes.longitudes.iter_mut().enumerate() {
            *longitude += 0.004 * f64::from(u32::from(index > 60));
        }
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("time_axis", |small| {
        small::winds(&small.path("winds.cdf"), "hour since 1980-04-14 14:00:00", 12);
    }),
    ("time_axis", |small| {
        small::winds(&small.path("winds.cdf"), "hour since 1980-01-14 14:00:00", 13);
    }),
    ("time_axis", |small| {
        let half = |first: u32| (first..first + 6).map(f64::from).collect::<Vec<_>>();
        small::rain(&small.path("first.nc"), Some("month"), &half(1));
        small::rain(&small.path("second.nc"), Some("month"), &half(6));
        small.add_dataset("rain", RAIN, &["first.nc", "second.nc"]);
    }),
    ("picture_shape", |small| small::picture(&small.path("climate.png"), 720, 300, |_| 12)),
    ("coverage_source", |small| {
        let axes =
            Axes { latitudes: (0..60).map(|i| f64::from(i) / 12.0).collect(), ..Axes::default() };
        small::elevation(&small.path("heights.cdf"), &axes, height);
    }),
    ("dataset_missing", |small| {
        let text = fs::read_to_string(small.document()).unwrap();
        let (before, land) = text.split_once("\n[[dataset]]\nid = \"land\"").unwrap();
        let (_, after) = land.split_once("\n[[dataset]]").unwrap();
        fs::write(small.document(), format!("{before}\n[[dataset]]{after}")).unwrap();
    }),
    ("licence_missing", |small| {
        small.edit(
            "sources.toml",
            "title = \"Small winds\"\npublisher = \"Tests\"\nlicence = \"CC0-1.0\"",
            "title = \"Small winds\"\npublisher = \"Tests\"",
        );
    }),
    ("quarantine_share", |small| small.add_place("Nemo,,,,,,,,,,,,,")),
    ("quarantine_cut", |small| {
        let rows = "Nemo,,,,,,,,,,,,,\n".repeat(5_001);
        small.add_place(rows.trim_end());
    }),
    ("geometry", |small| {
        // The first of two records loses its shape: type 0 where a polygon's 5 stood.
        let ring = || small::outer(&small::west_of_the_coast());
        small::land(&small.path("land.shp"), vec![ring(), ring()]);
        let mut bytes = fs::read(small.path("land.shp")).unwrap();
        bytes[108] = 0;
        fs::write(small.path("land.shp"), bytes).unwrap();
    }),
    ("position_range", |small| {
        small::rivers(
            &small.path("rivers.shp"),
            &[small::river("Far", &[(24.5, 37.0), (300.0, 37.0)])],
        );
    }),
    ("value_unknown", |small| {
        let mut links = small::links();
        links.push(((24.5, 37.5), (24.6, 37.5), None));
        small::drainage(&small.path("drainage.shp"), &links);
    }),
    ("river_size", |small| {
        // Shares of the largest, as a normalised raster has them.
        let share = |(from, to, area): small::Link| (from, to, area.map(|km2| km2 / 50_000.0));
        let links: Vec<_> = small::links().into_iter().map(share).collect();
        small::drainage(&small.path("drainage.shp"), &links);
    }),
    ("land_cover_unknown", |small| {
        small::picture(&small.path("cover.png"), 720, 360, |column| (column % 2) as u8 * 40);
        let cover = format!("layer = \"land_cover\"\nformat = {GLOBE}");
        small.add_dataset("cover", &cover, &["cover.png"]);
    }),
    ("terrain_unknown", |small| {
        small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, y| {
            if (x - 26.0).abs() < 0.01 && (y - 38.0).abs() < 0.01 { -1e34 } else { height(x, y) }
        });
    }),
    ("river_name_lost", |small| {
        small::rivers(&small.path("rivers.shp"), &[small::river("Flu?ius", &small::RIVER)]);
    }),
    ("river_turned", |small| {
        let mut line = small::RIVER;
        line.reverse();
        small::rivers(&small.path("rivers.shp"), &[small::river("Fluvius", &line)]);
    }),
    ("river_loop_cut", |small| {
        let there = [(24.2, 38.0), (24.3, 37.6), (24.4, 38.0)];
        let back = [(24.4, 38.05), (24.3, 38.4), (24.2, 38.05)];
        small::elevation(&small.path("heights.cdf"), &Axes::default(), |x, _| {
            if x < small::COAST { 50.0 } else { -50.0 }
        });
        small::rivers(
            &small.path("rivers.shp"),
            &[small::river("There", &there), small::river("Back", &back)],
        );
    }),
    ("koppen_unknown", |small| {
        small::picture(
            &small.path("climate.png"),
            720,
            360,
            |column| if column < 411 { 99 } else { 32 },
        );
    }),
    ("crust_class", |small| {
        small::picture(
            &small.path("crust.png"),
            360,
            180,
            |column| if column < 205 { 7 } else { 8 },
        );
        fs::write(small.path("crusts.csv"), "class,number\nPlatform,7\n").unwrap();
        small.add_dataset("crust", CRUST, &["crust.png", "crusts.csv"]);
    }),
    ("lake_duplicate", |small| {
        for id in ["atlas", "map"] {
            let file = format!("{id}.json");
            fs::write(small.path(&file), a_lake(id, "")).unwrap();
            small.add_dataset(id, LAKES, &[&file]);
        }
    }),
    ("source_note", |small| {
        let elsewhere = r#""crs":{"type":"name","properties":{"name":"EPSG:4230"}},"#;
        fs::write(small.path("lakes.json"), a_lake("Lacus", elsewhere)).unwrap();
        small.add_dataset("lakes", LAKES, &["lakes.json"]);
    }),
];

pub(super) const RAIN: &str =
    "layer = \"rain\"\nformat = { kind = \"netcdf\", variable = \"RAIN\" }";
/// A picture of the whole globe.
pub(super) const GLOBE: &str = "{ kind = \"png\", georeference = { bounds = { west = -180, south = -90, east = 180, north = 90 }, registration = \"cell\", first_row = \"north\" } }";
const CRUST: &str = "layer = \"crust\"\nformat = { kind = \"png\", georeference = { bounds = { west = -180, south = -90, east = 180, north = 90 }, registration = \"cell\", first_row = \"north\" } }\nfields = { class = \"class\", number = \"number\" }";

/// A file of one lake, with a member of the collection before its features.
fn a_lake(name: &str, member: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection",{member}"features":[{{"type":"Feature","properties":{{"name":"{name}","class":"Lake","year":-99}},"geometry":{{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,38.1],[24.4,37.9]]]}}}}]}}"#
    )
}
