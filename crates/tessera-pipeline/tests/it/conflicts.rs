//! Sources that disagree, in publishers' own files: the heights of Sicily.

use crate::small::dataset;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tessera_grid::{Position, Zone};
use tessera_pipeline::{sources::Sources, stage::stage};
use tessera_stage::raster::Raster;
use tessera_world::{Certainty, Conflict};

const FILES: [(&str, &str); 8] = [
    ("etopo5-ferret-datasets", "etopo5_lat20-60.cdf"),
    ("etopo2-gmtserver", "FR+IT.nc"),
    ("pvlib-altitude", "Altitude.h5"),
    ("itu-r-p1511-itur", "itu_r_p1511-2_topo_crop.nc"),
    ("natural-earth-magics", "ne_10m_land.shp"),
    ("natural-earth-magics", "ne_10m_land.shx"),
    ("natural-earth-magics", "ne_10m_land.dbf"),
    ("natural-earth-magics", "ne_10m_land.prj"),
];

/// Sicily at resolution 6, its heights by ETOPO5 and questioned by ETOPO2, pvlib and ITU.
fn sicily(folder: &Path) -> Sources {
    let published = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    for (from, name) in FILES {
        fs::copy(published.join(from).join(name), folder.join(name)).unwrap();
    }
    let check = "layer = \"elevation\"\nuse = \"check\"\n";
    let document = [
        "[world]\ntitle = \"Sicily\"\nepoch = 150\nbbox = [13.5, 36.5, 16.5, 39]\nresolution = 6\n".to_owned(),
        dataset("etopo5", "layer = \"elevation\"\nformat = { kind = \"netcdf\", variable = \"ROSE\" }", &["etopo5_lat20-60.cdf"]),
        dataset("etopo2", &format!("{check}format = {{ kind = \"netcdf\", variable = \"z\" }}"), &["FR+IT.nc"]),
        dataset(
            "pvlib",
            &format!("{check}format = {{ kind = \"hdf5\", dataset = \"Altitude\", nodata = 255, scale = 28, offset = -450, georeference = {{ bounds = {{ west = -180, south = -90, east = 180, north = 90 }}, registration = \"cell\", first_row = \"north\" }} }}"),
            &["Altitude.h5"],
        ),
        dataset("itu", &format!("{check}format = {{ kind = \"netcdf\", variable = \"topo\" }}"), &["itu_r_p1511-2_topo_crop.nc"]),
        dataset("land", "layer = \"land\"\nformat = { kind = \"shapefile\" }", &["ne_10m_land.shp", "ne_10m_land.shx", "ne_10m_land.dbf", "ne_10m_land.prj"]),
    ]
    .concat();
    fs::write(folder.join("sources.toml"), document).unwrap();
    Sources::load(&folder.join("sources.toml")).unwrap()
}

#[test]
fn published_heights_that_lost_etna_give_way_to_the_three_that_have_it_and_the_cell_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let staged = stage(&sicily(folder.path()), folder.path(), &|_, _| {}).staged;
    let etna = Zone::at(Position::new(37.76, 15.0).unwrap(), staged.resolution);
    let cell = staged.cell(staged.index_of(etna).unwrap());
    let terrain = cell.terrain.unwrap();
    let by = |conflict: &Conflict| {
        (conflict.layer.clone(), conflict.rule.clone(), conflict.other.clone())
    };
    let said = |text: &str| text.to_owned();
    let expected = (said("elevation"), said("base_squeezed_checks_rise"), said("etopo5"));
    assert_eq!(cell.conflicts.iter().map(by).collect::<Vec<_>>(), [expected], "{cell:#?}");
    let conflict = &cell.conflicts[0];
    assert_eq!(conflict.chosen_value as i32, terrain.elevation_mean_m);
    assert!(conflict.chosen_value - conflict.other_value > 400.0, "{conflict:?}");
    let provenance = staged.provenances.iter().find(|it| it.id == terrain.provenance).unwrap();
    assert_eq!(
        (&provenance.source, provenance.certainty),
        (&conflict.chosen, Certainty::Conjectured)
    );
    // The picture is made of the same heights, and the source's own stay for the checks of it.
    let node = |raster: &Raster| raster.nearest(15.0, 37.76).unwrap();
    assert!(node(&staged.elevation) < 100.0, "{}", node(&staged.elevation));
    assert!(node(&staged.heights) > 1_500.0, "{}", node(&staged.heights));
    // Inland, where no squeezed block lies, two that agree are asked for.
    let rules: BTreeSet<String> =
        staged.conflicts.iter().map(|(_, clash)| clash.to_conflict().rule).collect();
    assert!(rules.contains("checks_agree_nearest_to_median"), "{rules:?}");
}
