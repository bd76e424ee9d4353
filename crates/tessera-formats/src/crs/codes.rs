//! The EPSG codes met in publishers' files of the old world. A code not here is refused by its number.

/// Datums by their geographic system's code, as PROJ parameters. Shifts are EPSG's for the datum as a whole.
pub(crate) fn datum_of_epsg(code: u32) -> Option<&'static str> {
    Some(match code {
        // WGS 84, and what agrees with it within a metre: ETRS89, NAD83, RGF93, GDA94.
        4326 | 4979 => "+datum=WGS84",
        4258 | 4171 | 4283 => "+ellps=GRS80 +towgs84=0,0,0",
        4269 => "+datum=NAD83",
        4267 => "+ellps=clrk66 +towgs84=-8,160,176",
        // ED50, mean for western Europe (EPSG:1133).
        4230 => "+ellps=intl +towgs84=-87,-98,-121",
        4277 => "+ellps=airy +towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894",
        4314 => "+ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7",
        4265 => "+ellps=intl +towgs84=-104.1,-49.1,-9.9,0.971,-2.917,0.714,-11.68",
        4284 => "+ellps=krass +towgs84=23.92,-141.27,-80.9,0,0.35,0.82,-0.12",
        4322 => "+ellps=WGS72 +towgs84=0,0,4.5,0,0,0.554,0.2263",
        _ => return None,
    })
}

pub(super) fn proj_of_epsg(code: u32) -> Option<String> {
    if matches!(code, 4326 | 4979 | 84) {
        return Some(super::WGS84.to_owned());
    }
    if let Some(datum) = datum_of_epsg(code) {
        return Some(format!("+proj=longlat {datum} +no_defs"));
    }
    let utm = |zone: u32, south: bool, datum: &str| {
        let south = if south { " +south" } else { "" };
        Some(format!("+proj=utm +zone={zone}{south} {datum} +units=m +no_defs"))
    };
    match code {
        32_601..=32_660 => utm(code - 32_600, false, "+datum=WGS84"),
        32_701..=32_760 => utm(code - 32_700, true, "+datum=WGS84"),
        25_828..=25_838 => utm(code - 25_800, false, "+ellps=GRS80 +towgs84=0,0,0"),
        23_028..=23_038 => utm(code - 23_000, false, "+ellps=intl +towgs84=-87,-98,-121"),
        3857 | 900_913 => Some(
            "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m \
             +nadgrids=@null +no_defs"
                .to_owned(),
        ),
        3395 => Some("+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs".to_owned()),
        3035 => Some(
            "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +towgs84=0,0,0 \
             +units=m +no_defs"
                .to_owned(),
        ),
        3034 => Some(
            "+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 +ellps=GRS80 \
             +towgs84=0,0,0 +units=m +no_defs"
                .to_owned(),
        ),
        102_014 => Some(
            "+proj=lcc +lat_0=30 +lon_0=10 +lat_1=43 +lat_2=62 +x_0=0 +y_0=0 +ellps=intl \
             +towgs84=-87,-98,-121 +units=m +no_defs"
                .to_owned(),
        ),
        6933 => Some(
            "+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs".to_owned(),
        ),
        27_700 => Some(
            "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy \
             +towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894 +units=m +no_defs"
                .to_owned(),
        ),
        2154 => Some(
            "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 \
             +towgs84=0,0,0 +units=m +no_defs"
                .to_owned(),
        ),
        _ => None,
    }
}
