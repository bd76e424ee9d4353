//! The colours of the maps. Every colour that carries meaning stands in a legend beside its map.

use super::canvas::Colour;
use super::text::whole;
use tessera_world::SurfaceKind;

pub(super) const NOTHING: Colour = [236, 233, 226];
pub(super) const SEA: Colour = [206, 222, 232];
pub(super) const COAST: Colour = [206, 138, 52];
pub(super) const LAND: Colour = [240, 234, 218];
// As in the style sheet.
pub(super) const ERROR: Colour = [163, 25, 43];
pub(super) const WARNING: Colour = [209, 139, 15];
pub(super) const NOTE: Colour = [61, 90, 128];
pub(super) const RIVER: Colour = [118, 160, 190];
pub(super) const NAVIGABLE: Colour = [24, 84, 140];

/// Metres and colour, ascending.
const GROUND: [(f64, Colour); 8] = [
    (-400.0, [134, 176, 138]),
    (0.0, [172, 203, 156]),
    (200.0, [211, 219, 170]),
    (500.0, [236, 225, 178]),
    (1000.0, [222, 196, 142]),
    (2000.0, [193, 155, 110]),
    (3500.0, [168, 134, 112]),
    (5500.0, [246, 243, 240]),
];
const SEA_FLOOR: [(f64, Colour); 5] = [
    (-6000.0, [58, 98, 142]),
    (-4000.0, [86, 132, 174]),
    (-2000.0, [124, 168, 202]),
    (-200.0, [176, 208, 226]),
    (0.0, [208, 229, 238]),
];

/// Millimetres in a year.
pub(super) const RAIN: [(f64, Colour); 6] = [
    (0.0, [246, 232, 195]),
    (200.0, [223, 214, 160]),
    (400.0, [178, 210, 168]),
    (800.0, [98, 172, 170]),
    (1500.0, [44, 110, 154]),
    (3000.0, [42, 50, 110]),
];
/// Degrees Celsius.
pub(super) const WARMTH: [(f64, Colour); 7] = [
    (-20.0, [70, 60, 130]),
    (-10.0, [84, 118, 180]),
    (0.0, [176, 210, 228]),
    (10.0, [238, 236, 190]),
    (20.0, [244, 184, 106]),
    (30.0, [212, 86, 58]),
    (40.0, [122, 22, 40]),
];
/// Classes of the IGBP in their order, 0 to 16; after the legend of MCD12C1, made quieter.
const LAND_COVER: [Colour; 17] = [
    [180, 206, 222],
    [44, 96, 58],
    [40, 128, 60],
    [96, 144, 84],
    [112, 164, 88],
    [84, 134, 92],
    [172, 146, 108],
    [208, 186, 148],
    [160, 168, 92],
    [206, 196, 116],
    [214, 214, 130],
    [92, 152, 160],
    [232, 214, 128],
    [176, 58, 58],
    [204, 190, 120],
    [242, 246, 250],
    [226, 214, 192],
];
/// Colours that are told apart side by side (after Okabe and Ito 2008, and darker ones of them).
const WHEEL: [Colour; 8] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [120, 94, 20],
    [86, 60, 150],
    [160, 30, 60],
    [50, 90, 90],
];

pub(super) fn land_cover(class: u8) -> Colour {
    LAND_COVER.get(usize::from(class)).copied().unwrap_or(NOTHING)
}

pub(super) fn wheel(index: usize) -> Colour {
    WHEEL[index % WHEEL.len()]
}

/// Elevation of ground or, under water, of the sea floor.
pub(super) fn elevation(metres: f64, sea: bool) -> Colour {
    if sea { ramp(&SEA_FLOOR, metres) } else { ramp(&GROUND, metres) }
}

/// The colours of the elevation map, highest first, for its legend.
pub(super) fn elevation_legend() -> Vec<(Colour, String)> {
    let step = |prefix: &'static str| {
        move |&(metres, colour): &(f64, Colour)| (colour, format!("{prefix}{} m", whole(metres)))
    };
    let ground = GROUND.iter().rev().map(step("land "));
    ground.chain(SEA_FLOOR.iter().rev().skip(1).map(step("sea "))).collect()
}

pub(super) fn surface(kind: SurfaceKind) -> Colour {
    match kind {
        SurfaceKind::Sea => SEA,
        SurfaceKind::Coast => COAST,
        SurfaceKind::Land => LAND,
    }
}

/// Köppen–Geiger: class, colour, name. Colours after Peel, Finlayson and McMahon (2007), made lighter.
pub(super) const KOPPEN: [(&str, Colour, &str); 31] = [
    ("Af", [64, 64, 255], "tropical, rain all year"),
    ("Am", [64, 154, 255], "tropical monsoon"),
    ("As", [116, 192, 251], "tropical, dry summer"),
    ("Aw", [116, 192, 251], "tropical savanna"),
    ("BWh", [236, 98, 84], "hot desert"),
    ("BWk", [247, 172, 166], "cold desert"),
    ("BSh", [244, 178, 66], "hot steppe"),
    ("BSk", [251, 222, 138], "cold steppe"),
    ("Csa", [240, 238, 80], "Mediterranean, hot summer"),
    ("Csb", [206, 206, 60], "Mediterranean, warm summer"),
    ("Csc", [166, 166, 60], "Mediterranean, cool summer"),
    ("Cwa", [170, 246, 170], "temperate, dry winter, hot summer"),
    ("Cwb", [124, 208, 124], "temperate, dry winter, warm summer"),
    ("Cwc", [88, 168, 88], "temperate, dry winter, cool summer"),
    ("Cfa", [206, 246, 118], "temperate, hot summer"),
    ("Cfb", [136, 228, 96], "temperate, warm summer"),
    ("Cfc", [88, 196, 64], "temperate, cool summer"),
    ("Dsa", [250, 100, 250], "continental, dry hot summer"),
    ("Dsb", [212, 92, 212], "continental, dry warm summer"),
    ("Dsc", [170, 86, 170], "continental, dry cool summer"),
    ("Dsd", [160, 120, 170], "continental, dry summer, severe winter"),
    ("Dwa", [186, 194, 250], "continental, dry winter, hot summer"),
    ("Dwb", [136, 160, 226], "continental, dry winter, warm summer"),
    ("Dwc", [114, 124, 190], "continental, dry winter, cool summer"),
    ("Dwd", [92, 66, 160], "continental, dry and severe winter"),
    ("Dfa", [84, 246, 246], "continental, hot summer"),
    ("Dfb", [106, 212, 246], "continental, warm summer"),
    ("Dfc", [64, 158, 166], "continental, cool summer"),
    ("Dfd", [52, 122, 144], "continental, severe winter"),
    ("ET", [188, 188, 188], "tundra"),
    ("EF", [128, 128, 128], "ice"),
];

/// A class this table does not know is dark, so that it is seen.
pub(super) fn koppen(class: &str) -> Colour {
    KOPPEN
        .iter()
        .find(|(known, _, _)| *known == class)
        .map_or([60, 50, 60], |(_, colour, _)| *colour)
}

pub(super) fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Lighter or darker by a factor.
pub(super) fn shaded(colour: Colour, light: f64) -> Colour {
    colour.map(|part| (f64::from(part) * light).round().clamp(0.0, 255.0) as u8)
}

/// Between two colours, 0 the first and 1 the second.
pub(super) fn between(from: Colour, to: Colour, share: f64) -> Colour {
    let part = |index: usize| {
        let (from, to) = (f64::from(from[index]), f64::from(to[index]));
        (from + (to - from) * share.clamp(0.0, 1.0)).round() as u8
    };
    [part(0), part(1), part(2)]
}

/// The colour of a value between stops that ascend.
pub(super) fn ramp(stops: &[(f64, Colour)], value: f64) -> Colour {
    let above = stops.partition_point(|(stop, _)| *stop <= value);
    match (above.checked_sub(1).and_then(|index| stops.get(index)), stops.get(above)) {
        (Some(low), Some(high)) => between(low.1, high.1, (value - low.0) / (high.0 - low.0)),
        (Some(end), None) | (None, Some(end)) => end.1,
        (None, None) => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_height_between_two_stops_has_a_colour_between_theirs() {
        assert_eq!(elevation(200.0, false), [211, 219, 170]);
        assert_eq!(elevation(350.0, false), [224, 222, 174]);
        assert_eq!(
            (elevation(-9000.0, true), elevation(9000.0, false)),
            (SEA_FLOOR[0].1, GROUND[7].1)
        );
    }
}
